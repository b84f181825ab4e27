#include "index/gather_block_int.h"

#include <string.h>

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
    g->learnt = 0;
    g->open = all_pass(g) && g->part->dead_words == 0;
    g->units = 0;
    for (size_t i = 0; i < g->plan->n; i++) {
        const struct unit *u = &g->plan->unit[i];
        struct unit_cursors c = {.unit = u,
                                 .cursor = arena_take(a, u->n * sizeof(struct cursor))};
        if (c.cursor == NULL)
            return CAU_ERR_MEMORY;
        for (size_t k = 0; k < u->n; k++) {
            const struct part_term *t = &u->term[k].term.in[part];
            const struct posting_list *l = &t->list;
            struct cursor *at = &c.cursor[c.n];
            if (l->count == 0 || (t->groups & u->term[k].groups) == 0)
                continue;
            posting_open(&at->at, l);
            at->y = u->term[k].y < LIKELIHOOD_ONE ? u->term[k].y : LIKELIHOOD_ONE;
            at->groups = (uint8_t)u->term[k].groups;
            at->whole = (t->groups & ~u->term[k].groups) == 0;
            at->density = (uint32_t)(((uint64_t)l->count << 16) / (g->part->n + 1));
            gather_advance(at);
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

/* So many slots as may bring what is asked for, and half as much again: none of these is passed over. */
static uint32_t first_block(const struct gathering *g)
{
    uint64_t density = 0, missing = (g->top.cap - g->top.n) * 3 / 2 + 1;
    for (size_t k = 0; k < g->unit[0].n; k++)
        density += g->unit[0].cursor[k].density;
    uint64_t slots = missing * LIKELIHOOD_ONE / (density + 1);
    return slots < MATCH_LEAST   ? MATCH_LEAST
           : slots < MATCH_BLOCK ? (uint32_t)slots
                                 : MATCH_BLOCK;
}

/* One unit, or all must be found: once as many are found as are asked for, the best of them pass most others over. */
static enum cau_err run_matches(struct gathering *g)
{
    uint32_t n = g->part->n, next;
    enum cau_err err = CAU_OK;
    for (g->base = 0; err == CAU_OK && (next = next_slot(g, g->base)) < n;) {
        g->base = next;
        uint32_t slots = g->top.n < g->top.cap ? first_block(g) : MATCH_BLOCK;
        slots = n - g->base < slots ? n - g->base : slots;
        err = gather_match(g, slots);
        g->base += slots;
    }
    return err;
}

static void run_part(struct gathering *g)
{
    for (g->base = 0; g->base < g->part->n; g->base += BLOCK) {
        uint32_t next = next_slot(g, g->base);
        if (next >= g->part->n)
            return;
        g->base = next - next % BLOCK;
        gather_block(g);
    }
}

/* The newest are mostly in the last blocks: seen first, they keep the others out. */
static void run_everything(struct gathering *g)
{
    for (uint32_t block = (g->part->n + BLOCK - 1) / BLOCK; block > 0; block--) {
        g->base = (block - 1) * BLOCK;
        gather_block_of_everything(g);
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
    bool matches = plan->all || (plan->n == 1 && plan->unit[0].required);
    if (!matches)
        memset(g->sums.mass, 0, sizeof g->sums.mass);
    else
        gather_match_open(&g->match);
    g->arena = a;
    g->ix = ix;
    g->query = query;
    g->plan = plan;
    g->by_time = query->order == INDEX_NEWEST || plan->n == 0;
    g->prunes = query->uncounted && !plan->all && !g->by_time && plan->phrases == 0;
    g->counted = false;
    memset(g->least, 0, sizeof g->least);
    g->least_of = 0;
    memset(g->enough, 0, sizeof g->enough);
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
        else if (matches)
            err = run_matches(g);
        else
            run_part(g);
        if (err != CAU_OK)
            return err;
    }
    *out = (struct gather_result){.total = g->top.seen};
    top_end(&g->top, &out->hit, &out->hits);
    return g->count != NULL ? write_facets(g, a, out) : CAU_OK;
}
