/* gather_block_int.h - the walk of a query through one part, block by block: what gather.c sets up and gather_block.c works
 * through. */
#ifndef CAU_INDEX_GATHER_BLOCK_INT_H
#define CAU_INDEX_GATHER_BLOCK_INT_H

#include "index/gather_int.h"
#include "index/top_int.h"

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

static inline void advance(struct cursor *c)
{
    if (!posting_next(&c->at))
        c->at.id = NO_ID;
}

/* Takes in what the block at g->base holds: hits with their scores into g->top, counts into g->count. */
void gather_block(struct gathering *g);
/* The same without words: every document that passes, by time. */
void gather_block_of_everything(struct gathering *g);

#endif
