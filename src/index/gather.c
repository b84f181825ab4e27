#include "index/gather_int.h"

#include "base/number.h"
#include "index/top_int.h"

#include <string.h>

/* Slots are taken block by block: for each, every unit's postings are added up in mass, then turned into
 * the score, so that nothing grows with the collection and each posting is read once. A unit is scored when the next
 * one has thinned the candidates out; the only one of a query where it can bring a slot among the best. */
enum { BLOCK = 2048, WORDS = BLOCK / 64, BATCH = 64 };
enum { KNOWN = 128, SEEN = 64, DECISION = 7 }; /* of a shape's verdict */

struct cursor {
    struct posting_cursor at; /* id is NO_ID when it has ended */
    uint32_t y;
    uint32_t in_block; /* postings in a block, on average */
    uint8_t groups;
};
#define NO_ID UINT32_MAX
enum { SEEK_COSTS = 48 }; /* about as much as so many postings */

struct unit_cursors {
    const struct unit *unit;
    struct cursor *cursor;
    size_t n;
    int64_t most;                /* it can add to a score */
    int64_t rest;                /* it and those behind it can, together */
    uint32_t *mass;              /* where all must be found: of the chosen, by rank */
    uint32_t peak[TOKEN_GROUPS]; /* the greatest mass of one of the chosen so far */
};

/* What one unit's postings say of the block. */
struct sums {
    uint64_t found[WORDS];
    uint32_t mass[BLOCK * TOKEN_GROUPS]; /* all 0 between units */
};

struct gathering {
    const struct index *ix;
    const struct index_query *query;
    const struct plan *plan;
    struct facet_filter filter;
    struct top top;
    bool by_time;     /* hits are ordered by time, not by score */
    bool by_shape;    /* hits are counted by shape (many are expected), else by value */
    bool counted;     /* any at all */
    bool open;        /* all living documents of the part are seen and pass */
    bool prunes;      /* only the best are wanted: what cannot be among them is passed over */
    uint32_t *count;  /* by shape or value; NULL without facets */
    uint8_t *verdict; /* by shape; 0: not yet known */
    uint32_t *mass;   /* of all units, where all must be found */
    /* The part at hand. */
    int part_number;
    const struct part *part;
    struct unit_cursors unit[INDEX_QUERY_TERMS_MAX]; /* the rarest first */
    size_t units;
    /* The block at hand. */
    uint32_t base;
    uint32_t least
        [TOKEN_GROUPS]; /* share a text needs to be among the best, when there is one unit */
    int64_t least_of;   /* the score it was worked out for; 0: none */
    uint32_t enough[256][TOKEN_GROUPS]; /* by part_brief, see learn_enough */
    uint64_t enough_known[256 / 64];
    bool behind; /* of equal scores those of the block lose to the worst of the best */
    uint64_t candidate[WORDS];
    /* The slots that the only unit was found in, or, where all must be found, the rarest, and where they are among these. */
    uint16_t chosen[BLOCK + 1], rank[BLOCK];
    size_t chosen_n;
    uint32_t
        longest; /* a text among the best has at most so many words; for the score longest_of */
    int64_t longest_of;
    uint8_t state[BLOCK]; /* of candidates: FACET_PASSES, or the column that fails */
    int64_t score[BLOCK];
    struct sums sums;
};

static unsigned learn_verdict(struct gathering *g, uint32_t shape)
{
    unsigned decision = facet_filter_decide(&g->filter, shape);
    if (decision < FACET_MISSES && !g->query->facets)
        decision = FACET_MISSES;
    bool seen = (g->query->reader.audiences >> facets_audience(&g->ix->facets, shape) & 1) != 0;
    g->verdict[shape] = (uint8_t)(KNOWN | (seen ? SEEN : 0) | decision);
    return g->verdict[shape];
}

/* FACET_PASSES, a column, or FACET_MISSES: dead, hidden from the reader, or filtered away. */
static inline unsigned decide(struct gathering *g, uint32_t slot)
{
    const struct part *p = g->part;
    unsigned verdict = g->verdict[p->shape[slot]];
    if (verdict == 0)
        verdict = learn_verdict(g, p->shape[slot]);
    if (part_is_dead(p, slot) ||
        ((verdict & SEEN) == 0 &&
         (g->query->reader.owner == 0 || p->owner[slot] != g->query->reader.owner)))
        return FACET_MISSES;
    return verdict & DECISION;
}

static inline void advance(struct cursor *c)
{
    if (!posting_next(&c->at))
        c->at.id = NO_ID;
}

static inline void add_posting(struct sums *s, uint32_t y, uint32_t rel, uint32_t weight)
{
    uint32_t slot = rel >> POSTING_GROUP_BITS;
    s->found[slot / 64] |= UINT64_C(1) << slot % 64;
    uint64_t sum = s->mass[rel] + (uint64_t)y * weight;
    s->mass[rel] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

/* The next postings below high. */
static inline size_t take_run(struct cursor *c, uint32_t high,
                              struct posting run[POSTING_BLOCK])
{
    bool more;
    size_t n = posting_run(&c->at, high, run, &more);
    if (!more)
        c->at.id = NO_ID;
    return n;
}

static void seek(struct cursor *c, uint32_t id)
{
    if (c->at.id < id && !posting_seek(&c->at, id))
        c->at.id = NO_ID;
}

/* The first id behind the block. */
static uint32_t block_end(const struct gathering *g)
{
    uint32_t end = g->part->n - g->base < BLOCK ? g->part->n : g->base + BLOCK;
    return end << POSTING_GROUP_BITS;
}

/* Adds the postings of one cursor in the block. */
static void add_cursor(const struct gathering *g, struct sums *s, struct cursor *c)
{
    uint32_t low = g->base << POSTING_GROUP_BITS, high = block_end(g);
    struct posting run[POSTING_BLOCK];
    for (seek(c, low); c->at.id < high;) {
        size_t n = take_run(c, high, run);
        for (size_t i = 0; i < n; i++)
            if ((c->groups >> (run[i].id & 3) & 1) != 0)
                add_posting(s, c->y, run[i].id - low, run[i].weight);
    }
}

static inline bool is_candidate(const struct gathering *g, uint32_t slot)
{
    return (g->candidate[slot / 64] >> slot % 64 & 1) != 0;
}

/* The same, only those of candidates. */
static void add_candidates(const struct gathering *g, struct sums *s, struct cursor *c)
{
    uint32_t low = g->base << POSTING_GROUP_BITS, high = block_end(g);
    struct posting run[POSTING_BLOCK];
    for (seek(c, low); c->at.id < high;) {
        size_t n = take_run(c, high, run);
        for (size_t i = 0; i < n; i++) {
            uint32_t rel = run[i].id - low;
            if (is_candidate(g, rel >> POSTING_GROUP_BITS) && (c->groups >> (rel & 3) & 1) != 0)
                add_posting(s, c->y, rel, run[i].weight);
        }
    }
}

static inline const uint16_t *lengths_of(const struct gathering *g, uint32_t slot)
{
    return g->part->length + (size_t)(g->base + slot) * TOKEN_GROUPS;
}

/* What a mass must be at least for a text among the best, where the shortest is as long as the byte says; of the texts of
 * no language, whose lengths it does not know, any. */
static void learn_enough(struct gathering *g, uint8_t brief)
{
    for (unsigned k = 0; k < TOKEN_GROUPS; k++) {
        uint64_t length = k < TOKEN_OTHER ? part_brief_length(brief) : 0;
        uint64_t enough = (g->least[k] * length + 255) >> 8;
        g->enough[brief][k] = enough == 0           ? 1
                              : enough < UINT32_MAX ? (uint32_t)enough
                                                    : UINT32_MAX;
    }
    g->enough_known[brief / 64] |= UINT64_C(1) << brief % 64;
}

/* Could a text of the slot be among the best by this unit alone? Without branches: nothing foretells them. */
static inline bool may_enter(struct gathering *g, const uint32_t *mass, uint32_t slot)
{
    uint8_t brief = g->part->brief[g->base + slot];
    if ((g->enough_known[brief / 64] >> brief % 64 & 1) == 0)
        learn_enough(g, brief);
    const uint32_t *enough = g->enough[brief];
    _Static_assert(TOKEN_GROUPS == 4, "each group is compared");
    bool may = (mass[0] >= enough[0]) | (mass[1] >= enough[1]) | (mass[2] >= enough[2]) |
               (mass[3] >= enough[3]);
    if (mass[TOKEN_OTHER] == 0 || !may)
        return may;
    const uint16_t *exact = lengths_of(g, slot);
    for (unsigned k = 0; k < TOKEN_GROUPS; k++)
        if ((uint64_t)mass[k] << 8 >= (uint64_t)g->least[k] * exact[k] && mass[k] != 0)
            return true;
    return false;
}

/* The unit's contribution to the score of a slot with these lengths: the best of its languages counts. */
static inline int64_t score_of(const struct unit *u, const uint32_t *mass,
                               const uint16_t *length)
{
    uint32_t best = 0;
    for (unsigned k = 0; k < TOKEN_GROUPS; k++) {
        if (mass[k] == 0)
            continue;
        uint32_t share = likelihood_share(mass[k], length[k] == 0 ? 1 : length[k]);
        uint32_t one = likelihood_score(share, u->rarity[k]);
        best = one > best ? one : best;
    }
    return likelihood_weighed(best, u->times, u->factor);
}

/* What a score needs to be among the best from the slot on. */
static int64_t needed(const struct gathering *g, uint32_t slot)
{
    if (g->top.cap == 0)
        return INT64_MAX;
    bool behind = g->part->docs_rise && g->part->doc[g->base + slot] > g->top.heap[0].doc;
    return g->top.heap[0].key + behind; /* of equal scores those behind lose */
}

/* What the best so far demand of a text, as a share of the only unit. */
static void raise_least(struct gathering *g)
{
    if (g->units != 1 || g->by_time || g->top.n < g->top.cap)
        return;
    int64_t worst = needed(g, 0);
    if (worst == g->least_of)
        return;
    const struct unit *u = g->unit[0].unit;
    for (unsigned k = 0; k < TOKEN_GROUPS; k++)
        g->least[k] = g->top.cap == 0
                          ? UINT32_MAX
                          : likelihood_least_share(worst, u->rarity[k], u->times, u->factor);
    g->least_of = worst;
    memset(g->enough_known, 0, sizeof g->enough_known);
}

static void clear(struct sums *s, uint32_t slot)
{
    memset(s->mass + (size_t)slot * TOKEN_GROUPS, 0, TOKEN_GROUPS * sizeof *s->mass);
}

/* Adds what a unit's sums bring to the candidates' scores. */
static void add_scores(struct gathering *g, struct sums *s, const struct unit *u)
{
    for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t bits = s->found[w]; bits != 0; bits &= bits - 1) {
            uint32_t slot = w * 64 + number_lowest_bit(bits);
            if ((g->candidate[w] >> slot % 64 & 1) != 0)
                g->score[slot] +=
                    score_of(u, s->mass + (size_t)slot * TOKEN_GROUPS, lengths_of(g, slot));
            clear(s, slot);
        }
}

/* New candidates: their state is decided, their score is 0, those that cannot count go. */
static void admit(struct gathering *g, uint32_t w, uint64_t bits)
{
    g->candidate[w] |= bits;
    for (; bits != 0; bits &= bits - 1) {
        uint32_t slot = w * 64 + number_lowest_bit(bits);
        g->score[slot] = 0;
        if (g->open)
            continue;
        unsigned state = decide(g, g->base + slot);
        g->state[slot] = (uint8_t)state;
        if (state == FACET_MISSES)
            g->candidate[w] &= ~(UINT64_C(1) << slot % 64);
    }
}

static bool token_is(uint32_t token, const struct phrase_word *w)
{
    uint32_t stem = token >> 16, bare = token & 0xFFFF;
    return token != 0 &&
           (stem == w->form || stem == w->stem || (w->bare != 0 && bare == w->bare));
}

static bool has_phrase(const struct part *p, uint32_t slot, const struct phrase *phrase)
{
    size_t n;
    const uint32_t *token = part_tokens(p, slot, &n);
    for (size_t i = 0; i + phrase->n <= n; i++) {
        size_t k = 0;
        while (k < phrase->n && token_is(token[i + k], &phrase->word[k]))
            k++;
        if (k == phrase->n)
            return true;
    }
    return false;
}

static void count_shape(struct gathering *g, uint32_t shape, unsigned state)
{
    g->counted = true;
    if (g->by_shape) {
        g->count[shape]++;
        return;
    }
    size_t n;
    const uint16_t *value = facets_of_shape(&g->ix->facets, shape, &n);
    for (size_t i = 0; i < n; i++)
        if (state == FACET_PASSES || facets_column(&g->ix->facets, value[i]) == state)
            g->count[value[i]]++;
}

static bool has_phrases(const struct gathering *g, uint32_t at)
{
    for (size_t i = 0; i < g->plan->phrases; i++)
        if (!has_phrase(g->part, at, &g->plan->phrase[i]))
            return false;
    return true;
}

/* Phrases and facets of a slot whose state is not FACET_MISSES; true when it is a hit. */
static inline bool is_hit(struct gathering *g, uint32_t slot, unsigned state)
{
    uint32_t at = g->base + slot;
    if (g->plan->phrases > 0 && !has_phrases(g, at))
        return false;
    if (g->count != NULL)
        count_shape(g, g->part->shape[at], state);
    return state == FACET_PASSES;
}

/* The same of one whose state is not yet known. */
static inline bool is_new_hit(struct gathering *g, uint32_t slot)
{
    unsigned state = g->open ? (unsigned)FACET_PASSES : decide(g, g->base + slot);
    return state != FACET_MISSES && is_hit(g, slot, state);
}

static inline void take_hit(struct gathering *g, uint32_t slot, int64_t score)
{
    uint32_t at = g->base + slot;
    top_add(&g->top, g->by_time ? g->part->updated_ms[at] : score, score, g->part->doc[at], at,
            g->part_number);
}

static void take_hits(struct gathering *g)
{
    for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t bits = g->candidate[w]; bits != 0; bits &= bits - 1) {
            uint32_t slot = w * 64 + number_lowest_bit(bits);
            if (is_hit(g, slot, g->open ? (unsigned)FACET_PASSES : g->state[slot]))
                take_hit(g, slot, g->score[slot]);
        }
}

static void run_unit(const struct gathering *g, struct sums *s, struct unit_cursors *u)
{
    memset(s->found, 0, sizeof s->found);
    for (size_t i = 0; i < u->n; i++)
        add_cursor(g, s, &u->cursor[i]);
}

/* The same, only for candidates. */
static void run_candidates(const struct gathering *g, struct sums *s, struct unit_cursors *u)
{
    memset(s->found, 0, sizeof s->found);
    for (size_t i = 0; i < u->n; i++)
        add_candidates(g, s, &u->cursor[i]);
}

/* A slot that the only unit was found in: what surely is not among the best is counted, not scored. */
static inline void take_found(struct gathering *g, const struct sums *s, uint32_t slot)
{
    const uint32_t *mass = s->mass + (size_t)slot * TOKEN_GROUPS;
    if (may_enter(g, mass, slot))
        take_hit(g, slot, score_of(g->unit[0].unit, mass, lengths_of(g, slot)));
    else
        g->top.seen++;
}

/* Adds the postings of one cursor in the block and lists the slots that were not found before: n of them so far, which it
 * returns. Without branches that nothing foretells. */
static size_t list_cursor(struct gathering *g, struct cursor *c, size_t n)
{
    struct sums *s = &g->sums;
    uint32_t low = g->base << POSTING_GROUP_BITS, high = block_end(g);
    struct posting run[POSTING_BLOCK];
    for (seek(c, low); c->at.id < high;) {
        size_t many = take_run(c, high, run);
        for (size_t i = 0; i < many; i++) {
            uint32_t rel = run[i].id - low, slot = rel >> POSTING_GROUP_BITS;
            uint64_t counts = c->groups >> (rel & 3) & 1, was = s->found[slot / 64];
            uint64_t sum = s->mass[rel] + (uint64_t)c->y * run[i].weight * counts;
            g->chosen[n] = (uint16_t)slot;
            n += counts & ~(was >> slot % 64);
            s->found[slot / 64] = was | counts << slot % 64;
            s->mass[rel] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
        }
    }
    return n;
}

static void block_of_one(struct gathering *g)
{
    struct sums *s = &g->sums;
    bool all_hit = g->open && g->count == NULL && g->plan->phrases == 0;
    size_t n = 0;
    memset(s->found, 0, sizeof s->found);
    for (size_t i = 0; i < g->unit[0].n; i++)
        n = list_cursor(g, &g->unit[0].cursor[i], n);
    for (size_t i = 0; i < n; i++) {
        uint32_t slot = g->chosen[i];
        if (all_hit || is_new_hit(g, slot))
            take_found(g, s, slot);
        clear(s, slot);
    }
}

static inline void add_to_chosen(const struct gathering *g, struct unit_cursors *u, uint32_t y,
                                 uint64_t found[WORDS], struct posting p)
{
    uint32_t rel = p.id - (g->base << POSTING_GROUP_BITS), slot = rel >> POSTING_GROUP_BITS;
    uint32_t *mass = u->mass + (size_t)g->rank[slot] * TOKEN_GROUPS + (rel & 3);
    uint64_t sum = *mass + (uint64_t)y * p.weight;
    *mass = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
    found[slot / 64] |= UINT64_C(1) << slot % 64;
}

/* Adds the postings of one cursor in candidates. */
static void add_chosen(const struct gathering *g, struct unit_cursors *u, struct cursor *c,
                       uint64_t found[WORDS])
{
    uint32_t low = g->base << POSTING_GROUP_BITS, high = block_end(g);
    struct posting run[POSTING_BLOCK];
    for (seek(c, low); c->at.id < high;) {
        size_t n = take_run(c, high, run);
        for (size_t i = 0; i < n; i++)
            if (is_candidate(g, (run[i].id - low) >> POSTING_GROUP_BITS) &&
                (c->groups >> (run[i].id & 3) & 1) != 0)
                add_to_chosen(g, u, c->y, found, run[i]);
    }
}

/* The same where they are few: each is looked for. */
static void add_sought(const struct gathering *g, struct unit_cursors *u, struct cursor *c,
                       uint64_t found[WORDS])
{
    uint32_t low = g->base << POSTING_GROUP_BITS;
    for (size_t i = 0; i < g->chosen_n; i++) {
        uint32_t slot = g->chosen[i];
        if (!is_candidate(g, slot))
            continue;
        seek(c, low + (slot << POSTING_GROUP_BITS));
        for (; c->at.id != NO_ID && (c->at.id - low) >> POSTING_GROUP_BITS == slot; advance(c))
            if ((c->groups >> (c->at.id & 3) & 1) != 0)
                add_to_chosen(g, u, c->y, found, (struct posting){c->at.id, c->at.weight});
    }
}

/* The rarest unit's slots become the chosen, all of them candidates. */
static void choose(struct gathering *g)
{
    struct sums *s = &g->sums;
    uint32_t *mass = g->unit[0].mass;
    size_t n = 0;
    run_unit(g, s, &g->unit[0]);
    for (uint32_t w = 0; w < WORDS; w++) {
        g->candidate[w] = s->found[w];
        for (uint64_t bits = s->found[w]; bits != 0; bits &= bits - 1) {
            uint32_t slot = w * 64 + number_lowest_bit(bits);
            g->chosen[n] = (uint16_t)slot;
            g->rank[slot] = (uint16_t)n;
            memcpy(mass + n++ * TOKEN_GROUPS, s->mass + (size_t)slot * TOKEN_GROUPS,
                   TOKEN_GROUPS * sizeof *mass);
            clear(s, slot);
        }
    }
    g->chosen_n = n;
}

/* Adds up a unit in the candidates; those it is not found in go when it is required. Returns how many are left. */
static size_t run_chosen(struct gathering *g, struct unit_cursors *u, size_t candidates)
{
    uint64_t found[WORDS] = {0};
    size_t left = 0;
    memset(u->mass, 0, g->chosen_n * TOKEN_GROUPS * sizeof *u->mass);
    for (size_t i = 0; i < u->n; i++)
        if (candidates * SEEK_COSTS < u->cursor[i].in_block)
            add_sought(g, u, &u->cursor[i], found);
        else
            add_chosen(g, u, &u->cursor[i], found);
    if (!u->unit->required)
        return candidates;
    for (uint32_t w = 0; w < WORDS; w++)
        g->candidate[w] &= found[w];
    for (size_t i = 0; i < g->chosen_n; i++)
        left += g->candidate[g->chosen[i] / 64] >> g->chosen[i] % 64 & 1;
    return left;
}

/* What the units can add to the score of a text of that length, by the greatest masses so far. */
static int64_t most_of_length(const struct gathering *g, uint32_t length)
{
    int64_t most = 0;
    for (size_t i = 0; i < g->units; i++) {
        const struct unit *u = g->unit[i].unit;
        uint32_t best = 0;
        for (unsigned k = 0; k < TOKEN_GROUPS; k++) {
            uint32_t peak = g->unit[i].peak[k];
            uint32_t one =
                peak == 0 ? 0 : likelihood_score(likelihood_share(peak, length), u->rarity[k]);
            best = one > best ? one : best;
        }
        most += likelihood_weighed(best, u->times, u->factor);
    }
    return most;
}

/* How long a text among the best may be, from the slot on. */
static void raise_longest(struct gathering *g, uint32_t slot)
{
    if (g->by_time || g->top.n < g->top.cap)
        return;
    int64_t need = needed(g, slot);
    if (need == g->longest_of)
        return;
    g->longest_of = need;
    if (g->longest > 0 && most_of_length(g, g->longest) >= need)
        return;
    uint32_t low = 0, high = g->longest; /* the shortest that is too long */
    while (low + 1 < high) {
        uint32_t mid = low + (high - low) / 2;
        if (most_of_length(g, mid) >= need)
            low = mid;
        else
            high = mid;
    }
    g->longest = low;
}

/* Learns the greatest masses of the chosen; greater ones let longer texts in again. */
static void raise_peaks(struct gathering *g)
{
    bool higher = false;
    for (size_t i = 0; i < g->units; i++) {
        const uint32_t *mass = g->unit[i].mass;
        uint32_t peak[TOKEN_GROUPS];
        memcpy(peak, g->unit[i].peak, sizeof peak);
        for (size_t n = 0; n < g->chosen_n; n++, mass += TOKEN_GROUPS)
            for (unsigned k = 0; k < TOKEN_GROUPS; k++)
                peak[k] = mass[k] > peak[k] ? mass[k] : peak[k];
        higher = higher || memcmp(peak, g->unit[i].peak, sizeof peak) != 0;
        memcpy(g->unit[i].peak, peak, sizeof peak);
    }
    if (higher) {
        g->longest = PART_LENGTH_MAX + 1;
        g->longest_of = 0;
    }
}

/* Is a text of the slot in which a unit was found short enough to be among the best? */
static inline bool is_short(const struct gathering *g, uint32_t slot, size_t rank)
{
    if (part_brief_length(g->part->brief[g->base + slot]) <= g->longest)
        return true;
    for (size_t i = 0; i < g->units; i++)
        if (g->unit[i].mass[rank * TOKEN_GROUPS + TOKEN_OTHER] != 0)
            return true;
    return false;
}

/* Hits that can be among the best, scored together: so the lengths are fetched at the same time. */
struct batch {
    uint16_t slot[BATCH], rank[BATCH], length[BATCH * TOKEN_GROUPS];
    int64_t score[BATCH];
    size_t n;
};

static void score_batch(struct gathering *g, struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        memcpy(b->length + i * TOKEN_GROUPS, lengths_of(g, b->slot[i]),
               TOKEN_GROUPS * sizeof *b->length);
        b->score[i] = 0;
    }
    for (size_t i = 0; i < g->units; i++) {
        const uint32_t *mass = g->unit[i].mass;
        for (size_t k = 0; k < b->n; k++)
            b->score[k] += score_of(g->unit[i].unit, mass + (size_t)b->rank[k] * TOKEN_GROUPS,
                                    b->length + k * TOKEN_GROUPS);
    }
    for (size_t i = 0; i < b->n; i++)
        take_hit(g, b->slot[i], b->score[i]);
    if (b->n > 0)
        raise_longest(g, b->slot[b->n - 1]);
    b->n = 0;
}

/* All required units must be found: the rarest gives the candidates, the others thin them out. */
static void block_of_all(struct gathering *g)
{
    struct batch batch;
    choose(g);
    size_t left = g->chosen_n;
    for (size_t i = 1; i < g->units && left > 0; i++)
        left = run_chosen(g, &g->unit[i], left);
    if (left == 0)
        return;
    raise_peaks(g);
    raise_longest(g, 0);
    batch.n = 0;
    for (size_t i = 0; i < g->chosen_n; i++) {
        uint32_t slot = g->chosen[i];
        if (!is_candidate(g, slot) || !is_new_hit(g, slot))
            continue;
        if (!is_short(g, slot, i)) {
            g->top.seen++;
            continue;
        }
        batch.slot[batch.n] = (uint16_t)slot;
        batch.rank[batch.n++] = (uint16_t)i;
        if (batch.n == BATCH)
            score_batch(g, &batch);
    }
    score_batch(g, &batch);
}

/* Drops the candidates that with all that is left to come stay below the worst of the best. */
static void drop_hopeless(struct gathering *g, int64_t rest)
{
    int64_t least = g->top.heap[0].key - rest;
    for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t bits = g->candidate[w]; bits != 0; bits &= bits - 1) {
            unsigned bit = number_lowest_bit(bits);
            if (g->score[w * 64 + bit] < least)
                g->candidate[w] &= ~(UINT64_C(1) << bit);
        }
}

/* Any required unit will do: each brings the candidates that no unit before it had. When only the best are wanted, units
 * that cannot bring one among them by themselves only add to the candidates there are. */
static void block_of_any(struct gathering *g)
{
    struct sums *s = &g->sums;
    uint64_t any[WORDS] = {0};
    bool full = g->prunes && g->top.cap > 0 && g->top.n == g->top.cap;
    memset(g->candidate, 0, sizeof g->candidate);
    for (size_t i = 0; i < g->units; i++) {
        const struct unit *u = g->unit[i].unit;
        bool only = full && g->unit[i].rest < g->top.heap[0].key;
        if (only) {
            drop_hopeless(g, g->unit[i].rest);
            run_candidates(g, s, &g->unit[i]);
        } else {
            run_unit(g, s, &g->unit[i]);
        }
        for (uint32_t w = 0; w < WORDS && u->required && !only; w++) {
            admit(g, w, s->found[w] & ~any[w]);
            any[w] |= s->found[w];
        }
        add_scores(g, s, u);
    }
    take_hits(g);
}

static void block_of_everything(struct gathering *g)
{
    uint32_t end = g->part->n - g->base < BLOCK ? g->part->n : g->base + BLOCK;
    for (uint32_t slot = g->base; slot < end; slot++) {
        unsigned state = g->open ? (unsigned)FACET_PASSES : decide(g, slot);
        if (state == FACET_MISSES)
            continue;
        if (g->count != NULL)
            count_shape(g, g->part->shape[slot], state);
        if (state == FACET_PASSES)
            top_add(&g->top, g->part->updated_ms[slot], 0, g->part->doc[slot], slot,
                    g->part_number);
    }
}

/* The first slot at or behind `from` that can be of interest; part->n when there is none. */
static uint32_t next_slot(const struct gathering *g, uint32_t from)
{
    uint32_t next = g->part->n;
    size_t units = g->plan->all ? 1 : g->units;
    for (size_t i = 0; i < units; i++)
        for (size_t k = 0; k < g->unit[i].n; k++) {
            uint32_t slot = g->unit[i].cursor[k].at.id >> POSTING_GROUP_BITS;
            next = slot < next ? slot : next;
        }
    return next < from ? from : next;
}

/* At least what the unit can add to the score of a text of the part. */
static int64_t most_of(const struct unit *u, int part)
{
    uint32_t best = 0;
    for (unsigned k = 0; k < TOKEN_GROUPS; k++) {
        uint64_t share = 0;
        for (size_t i = 0; i < u->n; i++) {
            const struct part_term *t = &u->term[i].term.in[part];
            if (t->list.count > 0 && (u->term[i].groups & t->groups & 1u << k) != 0)
                share += (uint64_t)u->term[i].y * (t->share < 1u << 24 ? t->share : 1u << 24) /
                             LIKELIHOOD_ONE +
                         1;
        }
        share = share < 1u << 24 ? share : 1u << 24;
        uint32_t one = share == 0 ? 0 : likelihood_score((uint32_t)share, u->rarity[k]);
        best = one > best ? one : best;
    }
    return likelihood_weighed(best, u->times, u->factor);
}

/* Required units first; then by rising work, or by what they can add, greatest first. */
static bool comes_before(const struct gathering *g, const struct unit_cursors *x,
                         const struct unit_cursors *y)
{
    if (x->unit->required != y->unit->required)
        return x->unit->required;
    return g->prunes ? x->most > y->most : x->unit->work < y->unit->work;
}

/* Does every document pass, as far as its shape says? */
static bool all_pass(const struct gathering *g)
{
    return g->filter.columns == 0 &&
           (g->ix->facets.audiences & ~g->query->reader.audiences) == 0;
}

static enum cau_err open_part(struct gathering *g, struct arena *a, int part)
{
    g->part_number = part;
    g->part = index_part(g->ix, part);
    g->longest = PART_LENGTH_MAX + 1;
    g->longest_of = 0;
    g->open = all_pass(g) && g->part->dead_words == 0;
    g->units = 0;
    for (size_t i = 0; i < g->plan->n; i++) {
        const struct unit *u = &g->plan->unit[i];
        struct unit_cursors c = {.unit = u,
                                 .cursor = arena_take(a, u->n * sizeof(struct cursor)),
                                 .mass =
                                     g->mass + (g->plan->all ? i * BLOCK * TOKEN_GROUPS : 0)};
        if (c.cursor == NULL)
            return CAU_ERR_MEMORY;
        for (size_t k = 0; k < u->n; k++) {
            const struct part_term *t = &u->term[k].term.in[part];
            const struct posting_list *l = &t->list;
            struct cursor *at = &c.cursor[c.n];
            if (l->count == 0 || (t->groups & u->term[k].groups) == 0)
                continue;
            posting_open(&at->at, l);
            at->y = u->term[k].y;
            at->groups = (uint8_t)u->term[k].groups;
            at->in_block = (uint32_t)((uint64_t)l->count * BLOCK / (g->part->n + 1));
            advance(at);
            c.n++;
        }
        c.most = g->prunes ? most_of(u, part) : 0;
        size_t place = g->units++;
        for (; place > 0 && comes_before(g, &c, &g->unit[place - 1]); place--)
            g->unit[place] = g->unit[place - 1];
        g->unit[place] = c;
    }
    int64_t rest = 0;
    for (size_t i = g->units; i-- > 0;)
        g->unit[i].rest = rest += g->unit[i].most;
    return CAU_OK;
}

static void run_part(struct gathering *g)
{
    for (g->base = 0; g->base < g->part->n; g->base += BLOCK) {
        uint32_t next = next_slot(g, g->base);
        if (next >= g->part->n)
            return;
        g->base = next - next % BLOCK;
        raise_least(g);
        if (g->units == 1 && g->unit[0].unit->required)
            block_of_one(g);
        else if (g->plan->all)
            block_of_all(g);
        else
            block_of_any(g);
    }
}

/* The newest are mostly in the last blocks: seen first, they keep the others out. */
static void run_everything(struct gathering *g)
{
    for (uint32_t block = (g->part->n + BLOCK - 1) / BLOCK; block > 0; block--) {
        g->base = (block - 1) * BLOCK;
        block_of_everything(g);
    }
}

/* Turns counts by shape into counts by value. */
static enum cau_err count_values(struct gathering *g, struct arena *a)
{
    const struct facets *f = &g->ix->facets;
    uint32_t *count = g->count;
    g->count = arena_zero(a, (facets_values(f) + 1) * sizeof *g->count);
    if (g->count == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t shape = 0; shape < facets_shapes(f); shape++) {
        if (count[shape] == 0)
            continue;
        unsigned state = facet_filter_decide(&g->filter, shape);
        size_t n;
        const uint16_t *value = facets_of_shape(f, shape, &n);
        for (size_t i = 0; i < n; i++)
            if (state == FACET_PASSES || facets_column(f, value[i]) == state)
                g->count[value[i]] += count[shape];
    }
    return CAU_OK;
}

static enum cau_err write_facets(struct gathering *g, struct arena *a,
                                 struct gather_result *out)
{
    const struct facets *f = &g->ix->facets;
    struct index_facet *list[INDEX_COLUMNS];
    size_t n[INDEX_COLUMNS] = {0};
    if (!g->counted)
        return CAU_OK;
    enum cau_err err = g->by_shape ? count_values(g, a) : CAU_OK;
    if (err != CAU_OK)
        return err;
    for (uint32_t v = 0; v < facets_values(f); v++)
        n[facets_column(f, v)] += g->count[v] > 0;
    for (size_t c = 0; c < INDEX_COLUMNS; c++)
        if ((list[c] = arena_take(a, n[c] * sizeof *list[c])) == NULL)
            return CAU_ERR_MEMORY;
    memset(n, 0, sizeof n);
    for (uint32_t v = 0; v < facets_values(f); v++)
        if (g->count[v] > 0) {
            size_t c = facets_column(f, v);
            list[c][n[c]++] = (struct index_facet){facets_value(f, v), g->count[v]};
        }
    for (size_t c = 0; c < INDEX_COLUMNS && err == CAU_OK; c++) {
        top_sort_facets(list[c], n[c]);
        out->facet[c] = list[c];
        out->facet_count[c] = n[c] < INDEX_FACET_VALUES_MAX ? n[c] : INDEX_FACET_VALUES_MAX;
        for (size_t i = 0; i < out->facet_count[c] && err == CAU_OK; i++)
            err = arena_copy(a, list[c][i].value, &list[c][i].value);
    }
    return err;
}

/* How many documents may be hits, at most. */
static uint64_t most_hits(const struct plan *plan, uint64_t all)
{
    uint64_t work = plan->all ? all : 0;
    for (size_t i = 0; i < plan->n; i++) {
        const struct unit *u = &plan->unit[i];
        if (u->required)
            work = plan->all ? (u->work < work ? u->work : work) : work + u->work;
    }
    return work < all ? work : all;
}

enum cau_err gather(const struct index *ix, struct arena *a, const struct index_query *query,
                    const struct plan *plan, struct gather_result *out)
{
    struct gathering *g = arena_take(a, sizeof *g);
    if (g == NULL)
        return CAU_ERR_MEMORY;
    g->mass = arena_take(a, plan->all ? plan->n * BLOCK * TOKEN_GROUPS * sizeof *g->mass : 0);
    if (g->mass == NULL)
        return CAU_ERR_MEMORY;
    memset(g->sums.mass, 0, sizeof g->sums.mass);
    g->ix = ix;
    g->query = query;
    g->plan = plan;
    g->by_time = query->order == INDEX_NEWEST || plan->n == 0;
    g->prunes = query->uncounted && !plan->all && !g->by_time && plan->phrases == 0;
    g->counted = false;
    memset(g->least, 0, sizeof g->least);
    g->least_of = 0;
    memset(g->enough_known, 0, sizeof g->enough_known);
    uint32_t shapes = facets_shapes(&ix->facets), values = facets_values(&ix->facets);
    uint64_t most = most_hits(plan, (uint64_t)ix->segment.part.n + ix->fresh.part.n);
    g->by_shape = most / 2 > shapes; /* most counts a document once for each form of a word */
    enum cau_err err =
        facet_filter_open(&ix->facets, a, query->filter, query->filter_count, &g->filter);
    if (err == CAU_OK)
        err = top_open(&g->top, a, query->offset, query->limit, most);
    if (err != CAU_OK)
        return err;
    *out = (struct gather_result){0};
    bool counts_facets = query->facets && !query->uncounted;
    if (g->filter.known != g->filter.columns && !counts_facets)
        return CAU_OK; /* no document has what a filter asks for */
    bool decides = !all_pass(g) || ix->segment.part.dead_words + ix->fresh.part.dead_words > 0;
    g->verdict = arena_zero(a, decides ? shapes + (size_t)1 : 0);
    size_t counts = counts_facets ? (g->by_shape ? shapes : values) + (size_t)1 : 0;
    g->count = counts == 0 ? NULL : arena_zero(a, counts * sizeof *g->count);
    if (g->verdict == NULL || (g->count == NULL && counts > 0))
        return CAU_ERR_MEMORY;
    for (int part = INDEX_PARTS; part-- > 0;) {
        err = open_part(g, a, part);
        if (err != CAU_OK)
            return err;
        if (plan->n == 0)
            run_everything(g);
        else
            run_part(g);
    }
    *out = (struct gather_result){.total = g->top.seen};
    top_end(&g->top, &out->hit, &out->hits);
    return g->count != NULL ? write_facets(g, a, out) : CAU_OK;
}
