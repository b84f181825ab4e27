/* gather_block_int.h - the walk of a query through one part, block by block: what gather.c sets up and gather_block.c (any
 * word will do, or there is none) and gather_match.c (one word, or all must be found) work through. */
#ifndef CAU_INDEX_GATHER_BLOCK_INT_H
#define CAU_INDEX_GATHER_BLOCK_INT_H

#include "index/gather_int.h"
#include "index/top_int.h"

#include <string.h>

/* Where any word will do: slots are taken block by block; for each, every unit's postings are added up in mass, then turned
 * into the score, so that nothing grows with the collection and each posting is read once. */
enum { BLOCK = 2048, WORDS = BLOCK / 64 };
/* Where all must be found blocks are longer once it is known what a text among the best needs. */
enum { MATCH_LEAST = 256, MATCH_BLOCK = 4096 };
enum { KNOWN = 128, SEEN = 64, DECISION = 7 }; /* of a shape's verdict */

struct cursor {
    struct posting_cursor at; /* id is NO_ID when it has ended */
    uint32_t y;
    uint32_t density; /* postings a slot, 16 fractional bits */
    uint8_t groups;   /* of texts in which it counts */
    bool whole;       /* it stands in no others */
};
#define NO_ID UINT32_MAX

struct unit_cursors {
    const struct unit *unit;
    struct cursor *cursor;
    size_t n;
    int64_t most; /* it can add to a score */
    int64_t rest; /* it and those behind it can, together */
    uint32_t
        usual[TOKEN_GROUPS]; /* mass of a text of the group: one with more is always weighed */
};

/* What one unit's postings say of the block. */
struct sums {
    uint64_t found[WORDS];
    uint32_t mass[BLOCK * TOKEN_GROUPS]; /* all 0 between units */
};

/* What the units' postings say of a block where all must be found: first only which slots they are in; masses are
 * added up for those that may be among the best.
 *
 * state of a slot: how many of the required units were found in it, counted from `stamp` on, which rises from block to block,
 * so that what blocks before left there means nothing; and MATCH_WEIGHED. */
enum { MATCH_WEIGHED = 128, MATCH_STAMP_MAX = 127 };
struct match_block {
    uint8_t state[MATCH_BLOCK];
    uint8_t last[MATCH_BLOCK]; /* stamp of the unit that need not be found and was found last */
    uint8_t stamp;
    size_t required;           /* units that must be found, at least the first */
    uint32_t sum[MATCH_BLOCK]; /* of the masses of the only unit, whatever their groups */
    uint16_t
        slot[MATCH_BLOCK + 1]; /* in which the first unit was found; later those that match */
    size_t matches;
    size_t choices;
    uint16_t chosen[MATCH_BLOCK + 1];           /* the slots that are weighed */
    uint16_t length[MATCH_BLOCK][TOKEN_GROUPS]; /* of these */
    uint16_t rank
        [MATCH_BLOCK]; /* 1 + where a slot is among these; 0: nowhere, of all slots between blocks */
    struct posting *posting; /* of all units in turn: slot << 2 | group, and its mass */
    size_t postings, posting_cap;
    size_t end[INDEX_QUERY_TERMS_MAX]; /* of each unit's */
    uint32_t *mass;                    /* TOKEN_GROUPS for each unit and slot that is weighed */
    size_t mass_cap;
    uint32_t slots; /* in the block */
};

struct gathering {
    const struct index *ix;
    const struct index_query *query;
    const struct plan *plan;
    struct arena *arena;
    struct facet_filter filter;
    struct top top;
    bool by_time;     /* hits are ordered by time, not by score */
    bool by_shape;    /* hits are counted by shape (many are expected), else by value */
    bool counted;     /* any at all */
    bool open;        /* all living documents of the part are seen and pass */
    bool prunes;      /* only the best are wanted: what cannot be among them is passed over */
    uint32_t *count;  /* by shape or value; NULL without facets */
    uint8_t *verdict; /* by shape; 0: not yet known */
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
    uint32_t enough[256][TOKEN_GROUPS]; /* by part_brief, see learn_enough; 0: not yet known */
    uint32_t
        longest; /* a text among the best has at most so many words; for the score longest_of */
    int64_t longest_of;
    size_t learnt; /* from so many slots the units' usual masses */
    struct match_block match;
    uint64_t candidate[WORDS];
    uint8_t state[BLOCK]; /* of candidates: FACET_PASSES, or the column that fails */
    int64_t score[BLOCK];
    struct sums sums;
};

static inline void gather_advance(struct cursor *c)
{
    if (!posting_next(&c->at))
        c->at.id = NO_ID;
}

static inline void gather_seek(struct cursor *c, uint32_t id)
{
    if (c->at.id < id && !posting_seek(&c->at, id))
        c->at.id = NO_ID;
}

/* The next postings below high. */
static inline size_t gather_run(struct cursor *c, uint32_t high,
                                struct posting run[POSTING_BLOCK])
{
    bool more;
    size_t n = posting_run(&c->at, high, run, &more);
    if (!more)
        c->at.id = NO_ID;
    return n;
}

static inline const uint16_t *gather_lengths(const struct gathering *g, uint32_t slot)
{
    return g->part->length + (size_t)(g->base + slot) * TOKEN_GROUPS;
}

/* The unit's contribution to the score of a slot with these lengths: the best of its languages counts. */
static inline int64_t gather_score(const struct unit *u, const uint32_t *mass,
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

/* What filters and permission say of a shape: KNOWN, SEEN, and FACET_PASSES, a column, or FACET_MISSES. */
unsigned gather_verdict(struct gathering *g, uint32_t shape);

/* FACET_PASSES, a column, or FACET_MISSES: dead, hidden from the reader, or filtered away. */
static inline unsigned gather_decide(struct gathering *g, uint32_t slot)
{
    const struct part *p = g->part;
    unsigned verdict = g->verdict[p->shape[slot]];
    if (verdict == 0)
        verdict = gather_verdict(g, p->shape[slot]);
    if (part_is_dead(p, slot) ||
        ((verdict & SEEN) == 0 &&
         (g->query->reader.owner == 0 || p->owner[slot] != g->query->reader.owner)))
        return FACET_MISSES;
    return verdict & DECISION;
}

/* Counts a document of a shape in the facets. */
void gather_count(struct gathering *g, uint32_t shape, unsigned state);
/* Phrases and facets of a slot (of the block) whose state is not FACET_MISSES; true when it is a hit. */
bool gather_is_hit(struct gathering *g, uint32_t slot, unsigned state);

static inline void gather_take(struct gathering *g, uint32_t slot, int64_t score)
{
    uint32_t at = g->base + slot;
    top_add(&g->top, g->by_time ? g->part->updated_ms[at] : score, score, g->part->doc[at], at,
            g->part_number);
}

/* Takes in what the block at g->base holds: hits with their scores into g->top, counts into g->count. */
void gather_block(struct gathering *g);
/* The same without words: every document that passes, by time. */
void gather_block_of_everything(struct gathering *g);
/* The same of the block of so many slots, at most MATCH_BLOCK, where there is one unit or all must be found. Errors: MEMORY. */
enum cau_err gather_match(struct gathering *g, uint32_t slots);
void gather_match_open(struct match_block *m);

#endif
