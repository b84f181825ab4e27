/* gather_int.h - from units to the best documents, their number, and the facets. */
#ifndef CAU_INDEX_GATHER_INT_H
#define CAU_INDEX_GATHER_INT_H

#include "index/expand_int.h"

struct gathered {
    int64_t key; /* what it is ordered by: score or time */
    int64_t score;
    uint32_t doc, slot;
    int part;
};

struct gather_result {
    uint32_t total;
    const struct gathered *hit; /* best first, from offset on */
    size_t hits;
    const struct index_facet *facet[INDEX_COLUMNS];
    size_t facet_count[INDEX_COLUMNS];
};

/* plan->n may be 0: all documents. Errors: MEMORY. */
enum cau_err gather(const struct index *ix, struct arena *a, const struct index_query *query,
                    const struct plan *plan, struct gather_result *out);

#endif
