#include "index/gather_block_int.h"

#include "base/number.h"

static inline void add_posting(struct sums *s, uint32_t y, uint32_t rel, uint32_t weight)
{
    uint32_t slot = rel >> POSTING_GROUP_BITS;
    s->found[slot / 64] |= UINT64_C(1) << slot % 64;
    uint64_t sum = s->mass[rel] + (uint64_t)y * weight;
    s->mass[rel] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
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
    for (gather_seek(c, low); c->at.id < high;) {
        size_t n = gather_run(c, high, run);
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
    for (gather_seek(c, low); c->at.id < high;) {
        size_t n = gather_run(c, high, run);
        for (size_t i = 0; i < n; i++) {
            uint32_t rel = run[i].id - low;
            if (is_candidate(g, rel >> POSTING_GROUP_BITS) && (c->groups >> (rel & 3) & 1) != 0)
                add_posting(s, c->y, rel, run[i].weight);
        }
    }
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
                g->score[slot] += gather_score(u, s->mass + (size_t)slot * TOKEN_GROUPS,
                                               gather_lengths(g, slot));
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
        unsigned state = gather_decide(g, g->base + slot);
        g->state[slot] = (uint8_t)state;
        if (state == FACET_MISSES)
            g->candidate[w] &= ~(UINT64_C(1) << slot % 64);
    }
}

static void take_hits(struct gathering *g)
{
    for (uint32_t w = 0; w < WORDS; w++)
        for (uint64_t bits = g->candidate[w]; bits != 0; bits &= bits - 1) {
            uint32_t slot = w * 64 + number_lowest_bit(bits);
            if (gather_is_hit(g, slot, g->open ? (unsigned)FACET_PASSES : g->state[slot]))
                gather_take(g, slot, g->score[slot]);
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
void gather_block(struct gathering *g)
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
        unsigned state = g->open ? (unsigned)FACET_PASSES : gather_decide(g, slot);
        if (state == FACET_MISSES)
            continue;
        if (g->count != NULL)
            gather_count(g, g->part->shape[slot], state);
        if (state == FACET_PASSES)
            top_add(&g->top, g->part->updated_ms[slot], 0, g->part->doc[slot], slot,
                    g->part_number);
    }
}
