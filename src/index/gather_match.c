#include "index/gather_block_int.h"

#include <stdlib.h>

enum {
    SEEK_COSTS = 24, /* about as much as so many postings */
    ROOM_FIRST = 4096,
};

/* What a score needs to be among the best from the block on. */
static int64_t needed(const struct gathering *g)
{
    if (g->top.cap == 0)
        return INT64_MAX;
    const struct gathered *worst = &g->top.heap[0];
    bool behind = g->part->docs_rise &&
                  (worst->part == g->part_number ? g->base > worst->slot
                                                 : g->part->doc[g->base] > worst->doc);
    return g->top.heap[0].key + behind; /* of equal scores those behind lose */
}

/* ---- what may be among the best: one unit ---- */

/* What the best so far demand of a text, as a share of the only unit. */
static void raise_least(struct gathering *g)
{
    int64_t need = needed(g);
    if (need == g->least_of)
        return;
    const struct unit *u = g->unit[0].unit;
    for (unsigned k = 0; k < TOKEN_GROUPS; k++)
        g->least[k] = g->top.cap == 0
                          ? UINT32_MAX
                          : likelihood_least_share(need, u->rarity[k], u->times, u->factor);
    g->least_of = need;
    memset(g->enough, 0, sizeof g->enough);
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
}

/* ---- the same: several units ---- */

/* What the units can add to the score of a text of that length in which each has its usual mass. */
static int64_t most_of_length(const struct gathering *g, uint32_t length)
{
    int64_t most = 0;
    for (size_t i = 0; i < g->units; i++) {
        const struct unit *u = g->unit[i].unit;
        uint32_t best = 0;
        for (unsigned k = 0; k < TOKEN_OTHER; k++) {
            uint32_t mass = g->unit[i].usual[k];
            uint32_t one =
                mass == 0 ? 0 : likelihood_score(likelihood_share(mass, length), u->rarity[k]);
            best = one > best ? one : best;
        }
        most += likelihood_weighed(best, u->times, u->factor);
    }
    return most;
}

/* How long a text among the best may be. */
static void raise_longest(struct gathering *g)
{
    int64_t need = needed(g);
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

/* What n slots weigh in texts of a group usually: the most of those that are not much over the average. */
static uint32_t usual_mass(const uint32_t *mass, size_t n, unsigned group)
{
    uint64_t sum = 0, times = 0;
    uint32_t most = 0;
    for (size_t i = 0; i < n; i++) {
        sum += mass[i * TOKEN_GROUPS + group];
        times += mass[i * TOKEN_GROUPS + group] > 0;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t one = mass[i * TOKEN_GROUPS + group];
        most = one > most && one * times * 4 <= sum * 5 ? one : most;
    }
    return most;
}

/* Learns from the n slots that were weighed, when they are more than those it was learnt from, how heavy a unit usually is.
 * Texts of no language are always weighed: no byte knows how long they are. */
static void learn_usual(struct gathering *g, size_t n)
{
    if (n <= g->learnt)
        return;
    g->learnt = n;
    for (size_t i = 0; i < g->units; i++)
        for (unsigned k = 0; k < TOKEN_OTHER; k++)
            g->unit[i].usual[k] = usual_mass(g->match.mass + i * n * TOKEN_GROUPS, n, k);
    g->longest = PART_LENGTH_MAX + 1;
    g->longest_of = 0;
}

/* ---- where the units stand ---- */

static bool is_one(const struct gathering *g)
{
    return g->units == 1 && g->unit[0].unit->required;
}

/* Room for a run of postings behind those of the block; NULL when memory ends. */
static struct posting *room(struct gathering *g)
{
    struct match_block *m = &g->match;
    if (m->posting_cap - m->postings >= POSTING_BLOCK)
        return m->posting + m->postings;
    size_t cap = m->posting_cap == 0 ? ROOM_FIRST : m->posting_cap * 2;
    struct posting *wide = arena_take(g->arena, cap * sizeof *wide);
    if (wide == NULL)
        return NULL;
    if (m->postings > 0)
        memcpy(wide, m->posting, m->postings * sizeof *wide);
    m->posting = wide;
    m->posting_cap = cap;
    return wide + m->postings;
}

/* Without the postings in texts that do not count. Returns how many are left. */
static size_t keep_counted(const struct cursor *c, struct posting *run, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        run[kept] = run[i];
        kept += c->groups >> (run[i].id & 3) & 1;
    }
    return kept;
}

/* Without the postings in slots that cannot match: the stamp is of those in which all units so far that must be found
 * were; in some the unit at hand was too. */
static size_t keep_matching(const struct gathering *g, uint32_t stamp, struct posting *run,
                            size_t n)
{
    const uint8_t *state = g->match.state;
    uint32_t low = g->base << POSTING_GROUP_BITS;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct posting p = run[i];
        uint32_t found = state[(p.id - low) >> POSTING_GROUP_BITS] & MATCH_STAMP_MAX;
        run[kept] = p;
        kept += found - stamp <= 1;
    }
    return kept;
}

/* Postings of a cursor become slot << 2 | group and a mass. */
static void weigh(const struct gathering *g, const struct cursor *c, struct posting *run,
                  size_t n)
{
    uint32_t low = g->base << POSTING_GROUP_BITS, y = c->y;
    for (size_t i = 0; i < n; i++)
        run[i] = (struct posting){run[i].id - low, y * run[i].weight};
}

/* What postings say of their slots goes into state: the first unit lists the slots; one that is found twice in a slot, or
 * heavier than usual, has it weighed. Without branches: nothing foretells them. */
static void mark_first(struct match_block *m, const uint32_t *usual, const struct posting *run,
                       size_t n)
{
    uint32_t stamp = m->stamp + 1u;
    size_t listed = m->matches;
    for (size_t i = 0; i < n; i++) {
        uint32_t rel = run[i].id, slot = rel >> POSTING_GROUP_BITS;
        uint32_t was = (m->state[slot] & MATCH_STAMP_MAX) == stamp;
        uint32_t heavy = run[i].weight > usual[rel & 3];
        m->state[slot] = (uint8_t)(stamp | (was | heavy) << 7);
        m->slot[listed] = (uint16_t)slot;
        listed += !was;
    }
    m->matches = listed;
}

/* A posting of the only unit in a slot in which it was found before: their masses together count. Returns how many slots
 * it adds to those chosen so far. */
static size_t mark_again(struct gathering *g, uint32_t rel, uint32_t mass, size_t chosen)
{
    struct match_block *m = &g->match;
    uint32_t slot = rel >> POSTING_GROUP_BITS, sum = m->sum[slot] + mass;
    const uint32_t *enough = g->enough[g->part->brief[g->base + slot]];
    m->sum[slot] = sum;
    if ((m->state[slot] & MATCH_WEIGHED) != 0 || (sum >= mass && sum < enough[rel & 3]))
        return 0; /* what goes over is weighed */
    m->state[slot] |= MATCH_WEIGHED;
    m->chosen[chosen] = (uint16_t)slot;
    return 1;
}

/* The same of the only unit: what is too light for the length of the text, by all masses of the slot so far, is not
 * weighed. What must be is chosen at once. Few slots are found twice. */
static void mark_only(struct gathering *g, const struct posting *run, size_t n)
{
    struct match_block *m = &g->match;
    const uint8_t *brief = g->part->brief + g->base;
    uint32_t stamp = m->stamp + 1u;
    size_t listed = m->matches, chosen = m->choices;
    for (size_t i = 0; i < n; i++) {
        uint32_t rel = run[i].id, slot = rel >> POSTING_GROUP_BITS, mass = run[i].weight;
        if ((m->state[slot] & MATCH_STAMP_MAX) == stamp) {
            chosen += mark_again(g, rel, mass, chosen);
            continue;
        }
        const uint32_t *enough = g->enough[brief[slot]];
        if (enough[0] == 0)
            learn_enough(g, brief[slot]);
        uint32_t heavy = mass >= enough[rel & 3];
        m->sum[slot] = mass;
        m->state[slot] = (uint8_t)(stamp | heavy << 7);
        m->slot[listed++] = m->chosen[chosen] = (uint16_t)slot;
        chosen += heavy;
    }
    m->matches = listed;
    m->choices = chosen;
}

/* The same of a further unit that must be found; stamp: of slots in which all before it were. */
static void mark_further(struct match_block *m, const uint32_t *usual, uint32_t stamp,
                         const struct posting *run, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t rel = run[i].id, slot = rel >> POSTING_GROUP_BITS;
        uint32_t was = m->state[slot], found = was & MATCH_STAMP_MAX;
        uint32_t heavy = run[i].weight > usual[rel & 3];
        m->state[slot] =
            (uint8_t)((was + (found == stamp)) | ((found == stamp + 1) | heavy) << 7);
    }
}

/* The same of a unit that only adds to the score. */
static void mark_added(struct match_block *m, const uint32_t *usual, uint8_t stamp,
                       const struct posting *run, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t rel = run[i].id, slot = rel >> POSTING_GROUP_BITS;
        uint32_t twice = m->last[slot] == stamp, heavy = run[i].weight > usual[rel & 3];
        m->last[slot] = stamp;
        m->state[slot] |= (uint8_t)((twice | heavy) << 7);
    }
}

static void mark(struct gathering *g, size_t number, const struct cursor *c,
                 struct posting *run, size_t n)
{
    struct match_block *m = &g->match;
    const struct unit_cursors *u = &g->unit[number];
    if (number > 0)
        n = keep_matching(g, m->stamp + (uint32_t)(number < m->required ? number : m->required),
                          run, n);
    if (!c->whole)
        n = keep_counted(c, run, n);
    weigh(g, c, run, n);
    m->postings += n;
    if (is_one(g))
        mark_only(g, run, n);
    else if (number == 0)
        mark_first(m, u->usual, run, n);
    else if (u->unit->required)
        mark_further(m, u->usual, m->stamp + (uint32_t)number, run, n);
    else
        mark_added(m, u->usual, (uint8_t)(m->stamp + number), run, n);
}

static enum cau_err mark_cursor(struct gathering *g, size_t number, struct cursor *c)
{
    uint32_t low = g->base << POSTING_GROUP_BITS;
    uint32_t high = (g->base + g->match.slots) << POSTING_GROUP_BITS;
    for (gather_seek(c, low); c->at.id < high;) {
        struct posting *run = room(g);
        if (run == NULL)
            return CAU_ERR_MEMORY;
        mark(g, number, c, run, gather_run(c, high, run));
    }
    return CAU_OK;
}

static int compare_slots(const void *x, const void *y)
{
    return (int)*(const uint16_t *)x - (int)*(const uint16_t *)y;
}

/* The same where matches, in rising order, are few: each is looked for. */
static enum cau_err seek_matches(struct gathering *g, size_t number, struct cursor *c)
{
    struct match_block *m = &g->match;
    uint32_t low = g->base << POSTING_GROUP_BITS;
    for (size_t i = 0; i < m->matches; i++) {
        uint32_t slot = m->slot[i];
        gather_seek(c, low + (slot << POSTING_GROUP_BITS));
        for (; c->at.id != NO_ID && (c->at.id - low) >> POSTING_GROUP_BITS == slot;
             gather_advance(c)) {
            struct posting *run = room(g);
            if (run == NULL)
                return CAU_ERR_MEMORY;
            *run = (struct posting){c->at.id, c->at.weight};
            mark(g, number, c, run, 1);
        }
    }
    return CAU_OK;
}

/* The slots in which a further unit was found too stay. */
static void thin_out(struct match_block *m, uint32_t stamp)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->matches; i++) {
        uint16_t slot = m->slot[i];
        m->slot[kept] = slot;
        kept += (m->state[slot] & MATCH_STAMP_MAX) == stamp;
    }
    m->matches = kept;
}

/* Finds a unit in the block: the first brings the matches, the others thin them out. */
static enum cau_err find_unit(struct gathering *g, size_t number)
{
    struct match_block *m = &g->match;
    struct unit_cursors *u = &g->unit[number];
    bool sorted = false;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < u->n && err == CAU_OK; i++) {
        struct cursor *c = &u->cursor[i];
        bool rare = number > 0 &&
                    m->matches * SEEK_COSTS < (uint64_t)c->density * m->slots / LIKELIHOOD_ONE;
        if (rare && !sorted)
            qsort(m->slot, m->matches, sizeof *m->slot, compare_slots);
        sorted = sorted || rare;
        err = rare ? seek_matches(g, number, c) : mark_cursor(g, number, c);
    }
    if (number > 0 && u->unit->required)
        thin_out(m, m->stamp + (uint32_t)number + 1);
    m->end[number] = m->postings;
    return err;
}

/* ---- the best of them ---- */

/* Is every match a hit that is only counted? */
static bool is_simple(const struct gathering *g)
{
    return g->open && g->count == NULL && g->plan->phrases == 0;
}

/* Matches that are dead, hidden or filtered away, or have not the phrases, go; facets are counted. */
static void keep_hits(struct gathering *g)
{
    struct match_block *m = &g->match;
    size_t kept = 0;
    if (is_simple(g))
        return;
    for (size_t i = 0; i < m->matches; i++)
        base_fetch(&g->part->shape[g->base + m->slot[i]]);
    for (size_t i = 0; i < m->matches && !g->open; i++)
        facets_fetch(&g->ix->facets, g->part->shape[g->base + m->slot[i]]);
    for (size_t i = 0; i < m->matches; i++) {
        uint16_t slot = m->slot[i];
        unsigned state = g->open ? (unsigned)FACET_PASSES : gather_decide(g, g->base + slot);
        m->slot[kept] = slot;
        kept += state != FACET_MISSES && gather_is_hit(g, slot, state);
    }
    m->matches = kept;
}

/* Chooses the matches that may be among the best. */
static void choose(struct gathering *g)
{
    struct match_block *m = &g->match;
    const uint8_t *brief = g->part->brief + g->base;
    unsigned long_from = is_one(g)                      ? 0
                         : g->longest > PART_LENGTH_MAX ? 256
                                                        : part_brief_code(g->longest) + 1u;
    size_t n = 0;
    for (size_t i = 0; i < m->matches; i++) {
        uint16_t slot = m->slot[i];
        m->chosen[n] = slot;
        n += (unsigned)m->state[slot] >> 7 | (brief[slot] < long_from);
    }
    m->choices = n;
}

/* Numbers the chosen, whose columns are needed soon. */
static void rank(struct gathering *g)
{
    struct match_block *m = &g->match;
    for (size_t i = 0; i < m->choices; i++) {
        uint16_t slot = m->chosen[i];
        m->rank[slot] = (uint16_t)(i + 1);
        base_fetch(gather_lengths(g, slot));
        base_fetch(&g->part->doc[g->base + slot]);
    }
}

/* Adds up the masses of the n chosen, unit by unit. */
static enum cau_err add_masses(struct gathering *g, size_t n)
{
    struct match_block *m = &g->match;
    size_t need = n * g->units * TOKEN_GROUPS;
    if (need > m->mass_cap) {
        m->mass = arena_take(g->arena, need * 2 * sizeof *m->mass);
        m->mass_cap = m->mass == NULL ? 0 : need * 2;
    }
    if (m->mass == NULL)
        return CAU_ERR_MEMORY;
    memset(m->mass, 0, need * sizeof *m->mass);
    for (size_t u = 0, from = 0; u < g->units; from = m->end[u++]) {
        uint32_t *mass = m->mass + u * n * TOKEN_GROUPS;
        size_t kept = from;
        for (size_t i = from; i < m->end[u]; i++) { /* without branches, as few are chosen */
            m->posting[kept] = m->posting[i];
            kept += m->rank[m->posting[i].id >> POSTING_GROUP_BITS] != 0;
        }
        for (size_t i = from; i < kept; i++) {
            struct posting p = m->posting[i];
            size_t rank = m->rank[p.id >> POSTING_GROUP_BITS] - 1u;
            uint32_t *one = &mass[rank * TOKEN_GROUPS + (p.id & 3)];
            *one = p.weight < UINT32_MAX - *one ? *one + p.weight : UINT32_MAX;
        }
    }
    return CAU_OK;
}

static enum cau_err take_best(struct gathering *g)
{
    struct match_block *m = &g->match;
    if (!is_one(g) || !is_simple(g)) /* else they are chosen already */
        choose(g);
    rank(g);
    size_t n = m->choices;
    g->top.seen += (uint32_t)(m->matches - n); /* those that are taken are counted by it */
    if (n == 0)
        return CAU_OK;
    for (size_t i = 0; i < n; i++)
        memcpy(m->length[i], gather_lengths(g, m->chosen[i]), sizeof m->length[i]);
    enum cau_err err = add_masses(g, n);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        const uint16_t *length = m->length[i];
        int64_t score = 0;
        for (size_t u = 0; u < g->units; u++)
            score +=
                gather_score(g->unit[u].unit, m->mass + (u * n + i) * TOKEN_GROUPS, length);
        gather_take(g, m->chosen[i], score);
        m->rank[m->chosen[i]] = 0;
    }
    if (err == CAU_OK && !is_one(g))
        learn_usual(g, n);
    return err;
}

/* A stamp that no slot has. */
static void next_stamp(struct match_block *m, size_t units)
{
    if (m->stamp + 2 * units + 2 > MATCH_STAMP_MAX) {
        memset(m->state, 0, sizeof m->state);
        memset(m->last, 0, sizeof m->last);
        m->stamp = 0;
    } else {
        m->stamp = (uint8_t)(m->stamp + units + 1);
    }
}

void gather_match_open(struct match_block *m)
{
    m->posting = NULL;
    m->mass = NULL;
    m->posting_cap = m->mass_cap = 0;
    m->stamp = MATCH_STAMP_MAX;
    memset(m->rank, 0, sizeof m->rank);
}

enum cau_err gather_match(struct gathering *g, uint32_t slots)
{
    struct match_block *m = &g->match;
    must(slots <= MATCH_BLOCK);
    next_stamp(m, g->units);
    m->slots = slots;
    m->postings = m->matches = m->choices = 0;
    for (m->required = 1; m->required < g->units; m->required++)
        if (!g->unit[m->required].unit->required)
            break; /* those that must be found come first */
    if (!g->by_time && g->top.n == g->top.cap) {
        if (is_one(g))
            raise_least(g);
        else
            raise_longest(g);
    }
    for (size_t i = 0; i < g->units; i++) {
        enum cau_err err = find_unit(g, i);
        if (err != CAU_OK || m->matches == 0)
            return err;
    }
    keep_hits(g);
    return take_best(g);
}
