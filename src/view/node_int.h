/* node_int.h - the parts of an open node, for the files of view/ and for tests. */
#ifndef CAU_VIEW_NODE_INT_H
#define CAU_VIEW_NODE_INT_H

#include <stdatomic.h>

#include "base/sync.h"
#include "language/lexicon.h"
#include "ledger/key.h"
#include "ledger/leaf.h"
#include "store/entries.h"
#include "store/keys.h"
#include "view/node.h"
#include "view/view.h"

#define NODE_LOGS RECORD_AUDIENCES /* own logs: one for each audience */

/* The number of the log of an audience in the database. */
static inline uint32_t node_log(enum record_audience audience)
{
    return (uint32_t)audience + 1;
}

/* What tests change; all zero in life. */
struct node_hook {
    bool weak_sync; /* synchronous=NORMAL: the negative control of the power loss test */
    unsigned checkpoint_ms;           /* in place of CHECKPOINT_WAIT_MS_MAX */
    unsigned queue_requests, wait_ms; /* in place of WRITER_QUEUE_ENTRIES_MAX, and of 5 s */
    /* In place of file_room. */
    enum cau_err (*room)(const char *path, uint64_t *free_bytes, uint64_t *all_bytes);
};

struct writer;
struct feed;

struct node {
    struct arena life; /* everything below that is text */
    const char *dir, *main_path, *ckpt_path, *keys_path, *node_key_path, *index_path,
        *lexicon_path;
    enum node_mode mode;
    struct node_hook hook;
    struct node_config config;
    struct kinds kinds;
    struct str origin[NODE_LOGS], verifier_key[NODE_LOGS];
    struct leaf_id organization; /* the operator's own */
    struct key_public log_key, organization_key;
    struct keys_node key; /* has_key: the file could be read */
    bool has_key;
    struct index *index;
    struct lexicon *lexicon; /* NULL: none; its bytes are in lexicon_bytes */
    struct arena
        lexicon_bytes; /* read, not mapped: whoever cuts the file short harms no search */
    enum cau_err lexicon_err;  /* why the file there is not used */
    uint64_t lexicon_stamp;    /* of the file when it was last looked at */
    bool lexicon_busy;         /* a thread looks: the four above are its own; guarded by pool */
    uint64_t lexicon_turns;    /* how often another one, or none, was taken into use; so too */
    int64_t lexicon_looked_us; /* so too */
    atomic_int state;
    int lock;

    struct writer *writer; /* NODE_WRITE */
    struct feed *feed;     /* NODE_READ: follows the log; guarded by pool */

    struct sync_mutex pool; /* guards the next four; held for moments */
    struct view *idle;
    unsigned views, waiting;
    struct sync_queue given;
    void *given_slot[NODE_VIEWS_MAX];
};

/* node_open with changes; identity is set once, when node_create opens a node to write its first leaves. */
enum cau_err node_open_with(const char *dir, enum node_mode mode, const struct node_hook *hook,
                            const struct key_pair *identity, struct node **out);

/* Takes the lexicon file of the node into use, in place of the one before; one thread at a time, pool is not held. A file
 * that cannot be used is logged, once for each reason; one that could not be read is read again at the next look.
 * Errors: MEMORY. */
enum cau_err node_open_lexicon(struct node *n);
#define NODE_LEXICON_LOOK_US 1000000 /* between two looks whether there is another file */
#define NODE_LEXICON_AGAIN   2       /* lexicon_stamp of no file: it is to be read again */
#define NODE_LEXICON_ROOM    (2 * LEXICON_BYTES_MAX) /* it doubles while it is read */
/* The lexicon in the node's file, over bytes in own; NULL when there is no file. analyser: analysis_version() of the one
 * who asks. Errors: CORRUPT (damaged, or made with another analyser), RANGE, IO, MEMORY. */
enum cau_err node_read_lexicon(const struct node *n, uint64_t analyser, struct arena *own,
                               struct lexicon **out);

/* Everything of node_open but index, writer and follower: for rebuild and check. Ended by node_release. */
enum cau_err node_prepare(const char *dir, enum node_mode mode, struct node **out);
void node_release(struct node *n);

/* Fills the paths of a node in dir. Errors: MEMORY. */
enum cau_err node_set_paths(struct node *n, const char *dir);
/* Reads settings, kinds and origins. Errors: UNKNOWN (no node), CORRUPT, MEMORY. */
enum cau_err node_load(struct node *n, struct store *s);
/* How the logs stand against ckpt.db and their own tiles. Nothing known in ckpt.db counts as rolled back. */
enum cau_err node_health(struct node *n, struct store *s, struct store *ckpt, atomic_int *out);

/* Closes every view; none may be taken. */
void view_close_all(struct node *n);
struct view *view_make(struct node *n, struct store *s); /* on a connection of its own */

/* A payload with its salt, as it was written. */
struct node_payload {
    bool redacted;
    struct digest commitment;
    struct digest r;
    struct str body;
};
/* keys may be NULL; a sealed payload needs it. Errors: UNKNOWN, MEMORY, IO (no key), CORRUPT (does not open
 * its commitment). */
enum cau_err node_payload_at(struct store *s, struct store *keys, const struct keys_node *key,
                             struct arena *a, int64_t place, struct node_payload *out);

#endif
