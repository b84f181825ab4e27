/* range_int.h - the terms of an index that is written to a file, by ranges of keys: what does not depend on the terms before
 * them is made for each range by itself, so that several threads can. */
#ifndef CAU_INDEX_RANGE_INT_H
#define CAU_INDEX_RANGE_INT_H

#include "index/dictionary_int.h"
#include "index/later_int.h"
#include "language/skeleton.h"

#define RANGES_MAX    24
#define RANGE_NO_SLOT UINT32_MAX /* of a document that is gone */

/* A term that stands in a living document, or a sound. */
struct range_term {
    uint64_t bag; /* where it has one: cell < BAG_CELLS (bag_int.h) */
    size_t key_at;
    uint32_t key_len, cell;
    uint32_t said_len; /* of a sound: bytes of its form's skeleton */
    uint32_t list_len; /* bytes in lists */
    unsigned groups;   /* in whose texts it stands (bits); of a sound: 0, its form's */
};

/* The terms of [from, end) in key order. */
struct range {
    struct term_key from, end; /* empty: the first, none */
    struct buf term;           /* struct range_term */
    struct buf keys;           /* each key */
    struct buf
        said; /* what the file says of each: as in the dictionary (segment_int.h), of a sound its
                                * form's skeleton */
    struct buf lists;
    struct buf postings; /* struct posting: those of the list at hand */
    struct buf number;   /* uint32_t for each term and part: 1 + its number there, or 0 */
    bool failed,
        odd; /* odd: two parts in memory say different things of a term (fresh_agrees) */
};

struct ranges {
    const struct index *ix;
    const uint32_t *slot[LATER_PARTS_MAX]; /* by old slot: the new one, or RANGE_NO_SLOT */
    size_t parts;                          /* later_parts(ix) */
    struct range range[RANGES_MAX];
    size_t n;
};

/* Cuts the keys of ix into ranges, empty so far. slot has as many as ix has parts; they stay where they are. */
void ranges_open(struct ranges *r, const struct index *ix, const uint32_t *const slot[]);
void ranges_close(struct ranges *r);
void ranges_fill(void *ranges, size_t i); /* for sync_share: range i */

/* As LEB128. */
void range_number(struct buf *b, uint64_t value);

#endif
