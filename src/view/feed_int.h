/* feed_int.h - keeping the index up to the log: directly from what was written, or by following. */
#ifndef CAU_VIEW_FEED_INT_H
#define CAU_VIEW_FEED_INT_H

#include "view/apply_int.h"

struct feed {
    struct node *n;
    struct store *s;    /* the ledger and the views, any connection */
    struct store *keys; /* or NULL */
    struct apply look;  /* only for its finding functions */
    struct arena a;     /* reset for every document */
    int64_t position;   /* time of the last entry the index knows */
    bool full;          /* memory ended in the index: it takes no more, and is not saved */
};

/* The index is at the position it was saved at. */
void feed_begin(struct feed *f, struct node *n, struct store *s, struct store *keys);
void feed_end(struct feed *f);

/* Sets what the index says about a document whose texts are in facts; version is the log they are from. */
enum cau_err feed_put(struct feed *f, const struct apply_record *record, int version,
                      const struct facts *facts);
/* The same, everything read from the database. */
enum cau_err feed_doc(struct feed *f, uint32_t doc);
/* Calls each with the documents that entries later than time t have changed, a document as often as it was, then with
 * those that table feed names after t. */
enum cau_err feed_changed(struct store *s, int64_t t,
                          enum cau_err (*each)(void *with, uint32_t doc), void *with);
/* The documents that table feed names after time t. */
enum cau_err feed_owners(struct feed *f, int64_t t);
/* Everything since position; from 0 every document. progress may be NULL. A document that cannot be read or taken is
 * logged, and not found. Errors: as of the database; MEMORY and FULL of the index; position is then as it was. */
enum cau_err feed_follow(struct feed *f, const struct node_progress *progress);
/* Time of the newest entry of all own logs; 0 when they are empty. */
enum cau_err feed_newest(struct store *s, int64_t *t);

#endif
