/* entries.h - the ledger in the database: logs, leaves, tiles, payloads, published checkpoints.
 *
 * Writing functions run inside the caller's transaction on the writing connection. */
#ifndef CAU_STORE_ENTRIES_H
#define CAU_STORE_ENTRIES_H

#include "ledger/tree.h"
#include "store/sql.h"

#define ENTRIES_LOG_MAX  ((uint32_t)1 << 20) /* number of a log; from 1 */
#define ENTRIES_SIZE_MAX ((uint64_t)1 << 40) /* leaves of one log */

enum entries_state { ENTRIES_ACTIVE, ENTRIES_FROZEN, ENTRIES_ROLLED_BACK, ENTRIES_DAMAGED };

struct entries_log {
    uint32_t id;
    struct str origin;
    struct str node, audience;
    uint64_t size;
    struct digest root;
    enum entries_state state;
};

/* The key of a leaf and of its payload: logs one after the other, each in order. */
int64_t entries_place(uint32_t log, uint64_t seq);

/* A new empty log of our own; its size, root and state are not looked at. */
enum cau_err entries_make_log(struct store *s, const struct entries_log *log);
/* Errors: UNKNOWN, CORRUPT, MEMORY. */
enum cau_err entries_get_log(struct store *s, struct arena *a, uint32_t id,
                             struct entries_log *out);
enum cau_err entries_set_head(struct store *s, uint32_t log, uint64_t size,
                              const struct digest *root);
enum cau_err entries_set_state(struct store *s, uint32_t log, enum entries_state state);

enum cau_err entries_add(struct store *s, uint32_t log, uint64_t seq, struct str leaf);
/* One leaf's bytes. Errors: UNKNOWN, MEMORY. */
enum cau_err entries_get(struct store *s, struct arena *a, uint32_t log, uint64_t seq,
                         struct str *out);
/* Leaves from..to-1 in order: each row is (seq, leaf). Of sql.h: sql_next, sql_end. */
struct sql entries_range(struct store *s, uint32_t log, uint64_t from, uint64_t to);
uint64_t entries_seq(const struct sql *range);
struct str entries_leaf(const struct sql *range);
/* How many leaves there are, and the number after the last one: equal when nothing is missing. */
enum cau_err entries_count(struct store *s, uint32_t log, uint64_t *count, uint64_t *after);

/* Takes full tiles as tree_append makes them; after it, entries_save_edge. */
struct entries_sink {
    struct store *store;
    uint32_t log;
    bool tiles; /* one was written: the upper partial tiles have moved */
};
struct tree_sink entries_tree_sink(struct entries_sink *with);
enum cau_err entries_save_edge(struct store *s, uint32_t log, const struct tree *t);
/* The tree of a log as it stands. Errors: CORRUPT (its root is not the log's), IO, MEMORY. */
enum cau_err entries_load_tree(struct store *s, const struct entries_log *log, struct tree *t);

/* Reads tiles for proofs and roots. fresh: hashes of level 0 are made from the leaves, and a stored tile of
 * level 0 must be the same (CORRUPT). */
struct entries_reader {
    struct store *store;
    uint32_t log;
    bool fresh;
};
struct tree_reader entries_tree_reader(struct entries_reader *with);

/* Payloads. A body of a personal kind is sealed (r and payload together) for its subject. */
enum entries_payload_state { ENTRIES_PRESENT = 1, ENTRIES_REDACTED };
struct entries_payload {
    enum entries_payload_state state;
    struct digest commitment;
    struct str r;       /* 32 bytes; empty when redacted or sealed */
    struct str subject; /* 16 bytes; empty when not sealed */
    struct str body;
};
enum cau_err entries_add_payload(struct store *s, int64_t place,
                                 const struct entries_payload *payload);
/* Errors: UNKNOWN, CORRUPT (impossible columns), MEMORY. */
enum cau_err entries_get_payload(struct store *s, struct arena *a, int64_t place,
                                 struct entries_payload *out);
enum cau_err entries_find_payload(struct store *s, const struct digest *commitment,
                                  int64_t first_place, int64_t last_place, int64_t *place);
enum cau_err entries_erase_payload(struct store *s, int64_t place);

/* Published checkpoints. */
struct entries_checkpoint {
    uint64_t size;
    struct digest root;
    struct str note;
    int64_t signed_ms;
};
enum cau_err entries_add_checkpoint(struct store *s, uint32_t log,
                                    const struct entries_checkpoint *c);
/* The newest. Errors: UNKNOWN (never one), MEMORY. */
enum cau_err entries_last_checkpoint(struct store *s, struct arena *a, uint32_t log,
                                     struct entries_checkpoint *out);
/* True in *out when there was one with least <= size < over. */
enum cau_err entries_had_checkpoint(struct store *s, uint32_t log, uint64_t least,
                                    uint64_t over, bool *out);

#endif
