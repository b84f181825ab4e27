#include "index/gather_int.h"

#include "base/number.h"
#include "index/top_int.h"

#include <string.h>

/* Slots are taken block by block: for each, every unit's postings are added up in mass, then turned into
 * the score, so that nothing grows with the collection and each posting is read once. */
enum { BLOCK = 4096, WORDS = BLOCK / 64, REJECTED = FACET_MISSES };

struct cursor {
    struct posting_cursor at; /* id is NO_ID when it has ended */
    uint32_t y;
    uint8_t groups;
};
#define NO_ID UINT32_MAX

struct unit_cursors {
    const struct unit *unit;
    struct cursor *cursor;
    size_t n;
};

struct gathering {
    const struct index *ix;
    const struct index_query *query;
    const struct plan *plan;
    struct facet_filter filter;
    struct top top;
    /* Counting: shapes when many hits are expected, else values. */
    bool by_shape;
    uint32_t *count;  /* by shape or value */
    uint8_t *decided; /* by shape: 1 + decision, 0 not yet */
    /* The part at hand. */
    int part_number;
    const struct part *part;
    struct unit_cursors unit[INDEX_QUERY_TERMS_MAX]; /* the rarest first */
    size_t units;
    /* The block at hand. */
    uint32_t base;
    uint64_t candidate[WORDS], found[WORDS], any[WORDS];
    uint8_t state[BLOCK]; /* of candidates: FACET_PASSES, a failing column, or REJECTED */
    int64_t score[BLOCK];
    uint32_t mass[BLOCK * TOKEN_GROUPS]; /* all 0 between units */
};

/* Visible, and what the filters say. */
static unsigned decide(struct gathering *g, uint32_t slot)
{
    if (!index_may_see(g->ix, g->part, slot, g->query->reader))
        return REJECTED;
    if (g->filter.columns == 0)
        return FACET_PASSES;
    uint32_t shape = g->part->shape[slot];
    if (g->decided[shape] == 0)
        g->decided[shape] = (uint8_t)(1 + (facet_filter_decide(&g->filter, shape) & 7));
    unsigned decision = g->decided[shape] - 1u;
    /* PASSES and MISSES keep their last three bits, which no column has */
    return decision == (FACET_PASSES & 7)   ? (unsigned)FACET_PASSES
           : decision == (FACET_MISSES & 7) ? (unsigned)REJECTED
           : g->query->facets               ? decision
                                            : (unsigned)REJECTED;
}

static void advance(struct cursor *c)
{
    if (!posting_next(&c->at))
        c->at.id = NO_ID;
}

/* Adds the postings of one cursor in the block; when only, only those of candidates. */
static void add_cursor(struct gathering *g, struct cursor *c, bool only)
{
    uint32_t low = g->base << POSTING_GROUP_BITS;
    uint32_t end = g->part->n - g->base < BLOCK ? g->part->n : g->base + BLOCK;
    uint32_t high = end << POSTING_GROUP_BITS;
    if (c->at.id < low && !posting_seek(&c->at, low))
        c->at.id = NO_ID;
    for (; c->at.id < high; advance(c)) {
        uint32_t rel = c->at.id - low, slot = rel >> POSTING_GROUP_BITS;
        uint64_t bit = UINT64_C(1) << slot % 64;
        if ((c->groups >> (rel & 3) & 1) == 0 || (only && (g->candidate[slot / 64] & bit) == 0))
            continue;
        g->found[slot / 64] |= bit;
        uint64_t sum = g->mass[rel] + (uint64_t)c->y * c->at.weight;
        g->mass[rel] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
    }
}

/* Adds the unit's contribution to the slot's score: the best of its languages counts. */
static void add_score(struct gathering *g, const struct unit *u, uint32_t slot)
{
    const uint16_t *length = g->part->length + (size_t)(g->base + slot) * TOKEN_GROUPS;
    uint32_t *mass = g->mass + (size_t)slot * TOKEN_GROUPS, best = 0;
    for (unsigned k = 0; k < TOKEN_GROUPS; k++) {
        if (mass[k] == 0)
            continue;
        uint32_t one = likelihood_score(mass[k], length[k] == 0 ? 1 : length[k], u->rarity[k]);
        best = one > best ? one : best;
    }
    g->score[slot] += likelihood_weighed(best, u->times, u->factor);
}

static void clear_mass(struct gathering *g, uint32_t slot)
{
    memset(g->mass + (size_t)slot * TOKEN_GROUPS, 0, TOKEN_GROUPS * sizeof *g->mass);
}

/* Scores what was found of one unit; with keep, only candidates, which lose those not found. */
static bool end_unit(struct gathering *g, const struct unit *u, bool keep)
{
    uint64_t left = 0;
    for (uint32_t w = 0; w < WORDS; w++) {
        if (keep)
            g->candidate[w] &= g->found[w];
        left |= g->candidate[w];
        for (uint64_t bits = g->found[w]; bits != 0; bits &= bits - 1) {
            uint32_t slot = w * 64 + number_lowest_bit(bits);
            if ((g->candidate[w] >> slot % 64 & 1) != 0)
                add_score(g, u, slot);
            clear_mass(g, slot);
        }
    }
    return left != 0;
}

/* Fresh candidates: their state is decided, their score is 0, those that cannot count go. */
static bool admit(struct gathering *g)
{
    uint64_t left = 0;
    for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t bits = g->candidate[w]; bits != 0; bits &= bits - 1) {
            uint32_t slot = w * 64 + number_lowest_bit(bits);
            unsigned state = decide(g, g->base + slot);
            g->state[slot] = (uint8_t)state;
            g->score[slot] = 0;
            if (state == REJECTED)
                g->candidate[w] &= ~(UINT64_C(1) << slot % 64);
            else
                left |= 1;
        }
    return left != 0;
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

static void take_hit(struct gathering *g, uint32_t slot)
{
    uint32_t at = g->base + slot;
    for (size_t i = 0; i < g->plan->phrases; i++)
        if (!has_phrase(g->part, at, &g->plan->phrase[i]))
            return;
    if (g->query->facets)
        count_shape(g, g->part->shape[at], g->state[slot]);
    if (g->state[slot] != FACET_PASSES)
        return;
    bool by_time = g->query->order == INDEX_NEWEST || g->plan->n == 0;
    int64_t key = by_time ? g->part->updated_ms[at] : g->score[slot];
    top_add(&g->top,
            &(struct gathered){key, g->score[slot], g->part->doc[at], at, g->part_number});
}

static void take_hits(struct gathering *g)
{
    for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t bits = g->candidate[w]; bits != 0; bits &= bits - 1)
            take_hit(g, w * 64 + number_lowest_bit(bits));
}

static void run_unit(struct gathering *g, struct unit_cursors *u, bool only)
{
    memset(g->found, 0, sizeof g->found);
    for (size_t i = 0; i < u->n; i++)
        add_cursor(g, &u->cursor[i], only);
}

/* All required units must be found: the rarest gives the candidates, the others thin them out. */
static void block_of_all(struct gathering *g)
{
    run_unit(g, &g->unit[0], false);
    memcpy(g->candidate, g->found, sizeof g->candidate);
    bool left = admit(g);
    left = end_unit(g, g->unit[0].unit, true) && left;
    for (size_t i = 1; i < g->units && left; i++) {
        run_unit(g, &g->unit[i], true);
        left = end_unit(g, g->unit[i].unit, g->unit[i].unit->required);
    }
    if (left)
        take_hits(g);
}

/* Any required unit will do. */
static void block_of_any(struct gathering *g)
{
    uint32_t left = g->part->n - g->base;
    memset(g->candidate, 0, sizeof g->candidate);
    for (uint32_t i = 0; i < BLOCK && i < left; i++)
        g->candidate[i / 64] |= UINT64_C(1) << i % 64;
    memset(g->any, 0, sizeof g->any);
    if (!admit(g))
        return;
    for (size_t i = 0; i < g->units; i++) {
        run_unit(g, &g->unit[i], true);
        for (uint32_t w = 0; w < WORDS && g->unit[i].unit->required; w++)
            g->any[w] |= g->found[w];
        end_unit(g, g->unit[i].unit, false);
    }
    for (uint32_t w = 0; w < WORDS; w++)
        g->candidate[w] &= g->any[w];
    take_hits(g);
}

static void block_of_everything(struct gathering *g)
{
    uint32_t left = g->part->n - g->base;
    for (uint32_t slot = 0; slot < BLOCK && slot < left; slot++) {
        unsigned state = decide(g, g->base + slot);
        g->state[slot] = (uint8_t)state;
        g->score[slot] = 0;
        if (state != REJECTED)
            take_hit(g, slot);
    }
}

/* The first slot at or behind `from` that can be of interest; part->n when there is none. */
static uint32_t next_slot(const struct gathering *g, uint32_t from)
{
    if (g->units == 0)
        return from;
    uint32_t next = g->part->n;
    size_t units = g->plan->all ? 1 : g->units;
    for (size_t i = 0; i < units; i++)
        for (size_t k = 0; k < g->unit[i].n; k++) {
            uint32_t slot = g->unit[i].cursor[k].at.id >> POSTING_GROUP_BITS;
            next = slot < next ? slot : next;
        }
    return next < from ? from : next;
}

/* Required units first, then by rising work. */
static bool comes_before(const struct unit *x, const struct unit *y)
{
    return x->required != y->required ? x->required : x->work < y->work;
}

static enum cau_err open_part(struct gathering *g, struct arena *a, int part)
{
    g->part_number = part;
    g->part = index_part(g->ix, part);
    g->units = 0;
    for (size_t i = 0; i < g->plan->n; i++) {
        const struct unit *u = &g->plan->unit[i];
        struct unit_cursors c = {.unit = u,
                                 .cursor = arena_take(a, u->n * sizeof(struct cursor))};
        if (c.cursor == NULL)
            return CAU_ERR_MEMORY;
        for (size_t k = 0; k < u->n; k++) {
            const struct posting_list *l = &u->term[k].term.in[part].list;
            struct cursor *at = &c.cursor[c.n];
            if (l->count == 0)
                continue;
            posting_open(&at->at, l);
            at->y = u->term[k].y;
            at->groups = (uint8_t)u->term[k].groups;
            advance(at);
            c.n++;
        }
        size_t place = g->units++;
        for (; place > 0 && comes_before(u, g->unit[place - 1].unit); place--)
            g->unit[place] = g->unit[place - 1];
        g->unit[place] = c;
    }
    return CAU_OK;
}

static void run_part(struct gathering *g)
{
    for (g->base = 0; g->base < g->part->n;) {
        uint32_t next = next_slot(g, g->base);
        if (next >= g->part->n)
            return;
        g->base = next - next % BLOCK;
        if (g->plan->n == 0)
            block_of_everything(g);
        else if (g->plan->all)
            block_of_all(g);
        else
            block_of_any(g);
        g->base += BLOCK;
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
    enum cau_err err = g->by_shape ? count_values(g, a) : CAU_OK;
    for (int column = 0; column < INDEX_COLUMNS && err == CAU_OK; column++) {
        size_t n = 0;
        for (uint32_t v = 0; v < facets_values(f); v++)
            n += g->count[v] > 0 && (int)facets_column(f, v) == column;
        struct index_facet *list = arena_take(a, n * sizeof *list);
        if (list == NULL)
            return CAU_ERR_MEMORY;
        n = 0;
        for (uint32_t v = 0; v < facets_values(f); v++)
            if (g->count[v] > 0 && (int)facets_column(f, v) == column)
                list[n++] = (struct index_facet){facets_value(f, v), g->count[v]};
        top_sort_facets(list, n);
        out->facet_count[column] = n < INDEX_FACET_VALUES_MAX ? n : INDEX_FACET_VALUES_MAX;
        for (size_t i = 0; i < out->facet_count[column] && err == CAU_OK; i++)
            err = arena_copy(a, list[i].value, &list[i].value);
        out->facet[column] = list;
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
    memset(g->mass, 0, sizeof g->mass);
    g->ix = ix;
    g->query = query;
    g->plan = plan;
    uint32_t shapes = facets_shapes(&ix->facets), values = facets_values(&ix->facets);
    uint64_t most = most_hits(plan, (uint64_t)ix->segment.part.n + ix->fresh.part.n);
    g->by_shape = most > shapes;
    enum cau_err err =
        facet_filter_open(&ix->facets, a, query->filter, query->filter_count, &g->filter);
    if (err == CAU_OK)
        err = top_open(&g->top, a, query->offset, query->limit, most);
    if (err != CAU_OK)
        return err;
    g->decided = g->filter.columns == 0 ? NULL : arena_zero(a, shapes + 1);
    g->count = query->facets
                   ? arena_zero(a, ((g->by_shape ? shapes : values) + 1) * sizeof *g->count)
                   : NULL;
    if ((g->decided == NULL && g->filter.columns != 0) || (g->count == NULL && query->facets))
        return CAU_ERR_MEMORY;
    for (int part = 0; part < INDEX_PARTS; part++) {
        err = open_part(g, a, part);
        if (err != CAU_OK)
            return err;
        run_part(g);
    }
    *out = (struct gather_result){.total = g->top.seen};
    top_end(&g->top, &out->hit, &out->hits);
    return query->facets ? write_facets(g, a, out) : CAU_OK;
}
