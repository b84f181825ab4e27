/* top_int.h - the best of many hits, and facet values in order. */
#ifndef CAU_INDEX_TOP_INT_H
#define CAU_INDEX_TOP_INT_H

#include "index/gather_int.h"

/* A heap of the best offset + limit, the worst on top. Order: falling key, then rising doc. */
struct top {
    struct gathered *heap;
    size_t n, cap, offset;
    uint32_t seen;
};
/* most: how many can be added. Errors: MEMORY. */
enum cau_err top_open(struct top *t, struct arena *a, size_t offset, size_t limit,
                      uint64_t most);
void top_insert(struct top *t, const struct gathered *hit);

static inline void top_add(struct top *t, int64_t key, int64_t score, uint32_t doc,
                           uint32_t slot, int part)
{
    t->seen++;
    if (t->n < t->cap || (t->cap > 0 && key >= t->heap[0].key))
        top_insert(t, &(struct gathered){key, score, doc, slot, part});
}

/* The hits from offset on, best first; t is used up. */
void top_end(struct top *t, const struct gathered **hit, size_t *n);

void top_sort_facets(struct index_facet *facet, size_t n); /* falling n, then value */

#endif
