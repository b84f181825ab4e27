/* rebuild_int.h - the tables of the views from the ledger alone: for rebuild.c and check.c. */
#ifndef CAU_VIEW_REBUILD_INT_H
#define CAU_VIEW_REBUILD_INT_H

#include "view/apply_int.h"

/* Fills the empty tables of views from the ledger in main. Errors: CORRUPT (a leaf or payload that cannot be
 * read; *log and *seq say which), IO, FULL. */
struct rebuild_place {
    uint32_t log;
    uint64_t seq;
};
enum cau_err rebuild_views(const struct node *n, struct store *views, struct store *main,
                           struct store *keys, const struct node_progress *progress,
                           struct rebuild_place *at);

#endif
