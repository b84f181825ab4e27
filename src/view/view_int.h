/* view_int.h - a view from inside: for view_pool.c, view.c and view_log.c. */
#ifndef CAU_VIEW_VIEW_INT_H
#define CAU_VIEW_VIEW_INT_H

#include "view/apply_int.h"

struct view {
    struct node *n;
    struct store *s;
    struct store *keys; /* opened when the first sealed payload is read */
    struct apply look;  /* for its finding functions */
    const struct kind *kind[KIND_COUNT_MAX + 1]; /* by number in the database */
    struct view *next;                           /* among the idle ones */
};

/* True when the reader may see versions in the log of this audience of a record with this owner. */
bool view_may(struct index_reader reader, enum record_audience audience, uint32_t owner);
/* What he sees of a record: heads he may not see are gone. UNKNOWN when nothing is left. */
enum cau_err view_seen(struct view *v, struct index_reader reader, uint32_t doc,
                       struct apply_record *out);
/* A payload by place; opens keys.db when it has to. */
enum cau_err view_payload_at(struct view *v, struct arena *a, int64_t place,
                             struct node_payload *out);
/* The place in its log of a version in the log of an audience. UNKNOWN when there is none. */
enum cau_err view_seq(struct view *v, const struct apply_record *r,
                      enum record_audience audience, uint32_t n, uint64_t *seq);

#endif
