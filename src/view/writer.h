/* writer.h - the one way to change a node: a queue, one thread, one transaction for many requests.
 *
 * ../shared/design/ledger.md section 10: what is acknowledged is durable, signed, in the views and in the index. */
#ifndef CAU_VIEW_WRITER_H
#define CAU_VIEW_WRITER_H

#include "view/node.h"

#define WRITER_QUEUE_ENTRIES_MAX 4096
#define WRITER_BATCH_ENTRIES_MAX                                                               \
    4096 /* of one transaction: the more, the fewer pages are written twice */
#define WRITER_BATCH_WAIT_MS   5
#define WRITER_GROUP_MAX       4096 /* changes in one call of writer_put */
#define CHECKPOINT_WAIT_MS_MAX 1000

enum writer_op {
    WRITER_PUT,
    WRITER_REDACT, /* all versions of the record in the log of `audience`: payloads are destroyed */
};

struct writer_change {
    enum writer_op op;
    struct str id;                 /* the record; empty: a new one */
    const struct kind *kind;       /* of a PUT */
    enum record_audience audience; /* the log it goes to */
    struct str payload;            /* of a PUT: canonical bytes */
    const struct digest
        *after; /* the entry id of the newest version the caller knows; NULL: not compared.
                                      For a new record NULL. Another newest version gives STALE. */
    struct str organization; /* record id it is signed for; empty: the node's operator */
    struct str why;          /* of a REDACT: a code */
};

struct writer_result {
    char id[RECORD_ID_CHARS];
    uint32_t doc;
    uint32_t n;   /* version in its log */
    uint64_t seq; /* place in its log */
    struct digest leaf;
};

/* Does all changes, in order, or none of them; returns when they are durable and in views and index. result has
 * count elements, valid on success. external_id of a payload must be unique on the node (REFUSED).
 * Errors: RANGE (over WRITER_GROUP_MAX), STALE, REFUSED, UNKNOWN (no such record), BUSY (queue full for 5 s),
 * FULL, CORRUPT (the node does not write in its state), IO. */
enum cau_err writer_put(struct node *n, const struct writer_change *change, size_t count,
                        struct writer_result *result);

/* The same in two steps, so that a caller makes the next group ready while this one is written. change and what it
 * points to must live until the end; the end must be called once, on any thread. Errors of the start: RANGE (also for
 * count 0), MEMORY, BUSY, and what making ready finds; nothing is done then. Errors of the end: the others. */
struct writer_ticket;
enum cau_err writer_put_start(struct node *n, const struct writer_change *change, size_t count,
                              struct writer_ticket **out);
enum cau_err writer_put_end(struct node *n, struct writer_ticket *ticket,
                            struct writer_result *result);

/* Runs step(store, arg) on the writer thread inside its transaction, for the writing functions of
 * store/local.h; returns when it is durable. step's error undoes what it wrote and is returned. */
struct store;
enum cau_err writer_run(struct node *n, enum cau_err (*step)(struct store *s, void *arg),
                        void *arg);

/* How many changes and steps are done: it grows after they are in views and index, before their callers hear of it.
 * What was read while it stood still is still so. */
uint64_t writer_count(const struct node *n);

/* Waits until the published checkpoint covers everything acknowledged so far (at most wait_ms). BUSY: not yet. */
enum cau_err writer_settle(struct node *n, unsigned wait_ms);

#endif
