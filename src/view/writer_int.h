/* writer_int.h - what the files of the writer share. Only the writer's thread touches it, but for the queue
 * and the atomic counts. */
#ifndef CAU_VIEW_WRITER_INT_H
#define CAU_VIEW_WRITER_INT_H

#include "base/sync.h"
#include "store/ckpt.h"
#include "view/feed_int.h"
#include "view/writer.h"

#define WRITER_ARENA_BYTES                                                                     \
    ((size_t)512 << 20)        /* of one request: 512 payloads and what is made of them */
#define WRITER_SPARE_MAX     4 /* arenas kept for the next requests */
#define WRITER_QUEUE_WAIT_MS 5000
#define WRITER_ROOM_BYTES                                                                      \
    ((uint64_t)64 << 20) /* free space under which nothing is written ... */
#define WRITER_ROOM_MAX                                                                        \
    ((uint64_t)1 << 30)            /* ... or under 5 % of the disk, but at most this much */
#define WRITER_WAL_PAGES     8192  /* after so many new ones the log is moved into the file */
#define WRITER_INDEX_CHANGES 20000 /* after so many documents the index is saved */
#define WRITER_INDEX_IDLE_MS 30000 /* or when nothing was written for so long */

/* A change made ready on its caller's thread: all that needs no order. */
struct ready {
    const struct writer_change *change;
    struct leaf_id rid;
    bool fresh;         /* a new record */
    struct leaf_id org; /* signed for it */
    struct digest r, commit;
    struct facts facts;
    /* The writer's: */
    struct apply_record record;
    bool direct; /* the index takes facts; else it reads the database */
};

struct request {
    struct ready *change; /* count of them; or step */
    size_t count;
    struct writer_result *result;
    enum cau_err (*step)(struct store *s, void *arg);
    void *arg;
    enum cau_err err;
    struct sync_door done;
};

#define WRITER_FRESH_MAX (WRITER_BATCH_ENTRIES_MAX + WRITER_GROUP_MAX + 64)

struct writer_log {
    uint32_t id;
    struct tree *tree;
    uint64_t size; /* durable */
    struct digest root;
    uint64_t signed_size; /* as in ckpt.db: at least what was ever signed */
    struct digest signed_root;
    uint64_t published;   /* size of the newest published checkpoint */
    struct digest *fresh; /* WRITER_FRESH_MAX: appended in this transaction */
    size_t n;
};

struct writer {
    struct node *n;
    struct store *db, *ckpt, *keys;
    struct key_pair log_key, organization_key;
    struct writer_log log[NODE_LOGS];
    int64_t last_t;
    struct apply apply;
    struct feed feed;
    struct buf leaf;
    struct request **batch;      /* WRITER_BATCH_ENTRIES_MAX */
    size_t batched, entries;     /* requests and changes of this transaction */
    enum cau_err fatal;          /* it cannot go on: everything in it is undone */
    enum cau_err unpublished;    /* why the last attempt to publish failed */
    bool keys_written;           /* keys.db has an open transaction */
    bool scrub;                  /* erased bytes may still be in a file */
    bool forget;                 /* erase_todo has rows */
    size_t index_changes;        /* since index_save */
    bool feed_rows;              /* the table feed has rows */
    unsigned wal_done;           /* pages when the write-ahead log was last moved */
    int64_t signed_us, wrote_us; /* clock_monotonic_us of the last time */
    unsigned checkpoint_ms, queue_wait_ms;

    struct sync_mutex spare_lock;
    struct arena spare[WRITER_SPARE_MAX];
    size_t spares;

    struct sync_queue queue;
    struct sync_thread thread;
    atomic_bool closing;
    atomic_uint_least64_t done,
        settled; /* entries acknowledged; published, and erased bytes gone */
};

enum cau_err writer_start(struct node *n, const struct key_pair *identity);
void writer_stop(struct node *n);

/* batch.c: one transaction for first and what else waits. */
void batch_run(struct writer *w, struct request *first);
/* Signs and appends one leaf to the log of an audience. */
enum cau_err batch_append(struct writer *w, enum record_audience audience, struct leaf *leaf,
                          const struct key_pair *key, uint64_t *seq, struct digest *hash);
/* Trees, heads, read back, commit; or everything undone. */
enum cau_err batch_commit(struct writer *w);
void batch_undo(struct writer *w);
enum cau_err batch_load(struct writer *w); /* trees and counters from the database */

/* publish.c: recompute, compare-and-swap, sign, publish what is durable. */
enum cau_err publish(struct writer *w);
bool publish_due(const struct writer *w);

void writer_set_state(struct writer *w, enum node_state state);

#endif
