#include "index/gather_block_int.h"

#include "base/number.h"

#include <string.h>

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

void gather_block_of_everything(struct gathering *g)
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

void gather_block(struct gathering *g)
{
    raise_least(g);
    if (g->units == 1 && g->unit[0].unit->required)
        block_of_one(g);
    else if (g->plan->all)
        block_of_all(g);
    else
        block_of_any(g);
}
