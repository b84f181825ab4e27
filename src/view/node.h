/* node.h - an open node: its folder, database, keys, kinds, index and writer. */
#ifndef CAU_VIEW_NODE_H
#define CAU_VIEW_NODE_H

#include "base/base.h"
#include "base/lang.h"
#include "index/index.h"
#include "record/record.h"

#define NODE_NAME_BYTES_MAX 253
#define NODE_VIEWS_MAX      64 /* readers at the same time; the next one waits */

struct node;
struct view;
struct store;

struct node_config {
    struct str name;    /* a host name such as vn.example: the origin of its logs */
    struct str country; /* ISO 3166 alpha-2 */
    enum lang lang;     /* of its operators */
};

/* Makes a new node in folder dir (made when missing, must be empty): keys, empty logs with the schema of
 * every kind, configuration. Errors: REFUSED (dir is not empty), SYNTAX (bad name or country), IO, FULL. */
enum cau_err node_create(const char *dir, const struct node_config *config);

enum node_mode {
    NODE_READ, /* any number of processes; sees what was committed before it opened, and follows */
    NODE_WRITE /* one process: starts the writer thread */
};
/* Opens it: checks the end of every log against the last signed checkpoint, brings views and index up to the
 * log. Errors: UNKNOWN (no node there), BUSY (another process writes), CORRUPT (the state does not allow even
 * reading), IO, MEMORY. */
enum cau_err node_open(const char *dir, enum node_mode mode, struct node **out);
void node_close(
    struct node *n); /* finishes what is queued, signs a last checkpoint, saves the index */

enum node_state {
    NODE_NORMAL,
    NODE_ROLLED_BACK, /* the log is shorter than the last signed checkpoint: reads only */
    NODE_DAMAGED,     /* a hash does not hold: reads only, never signs */
    NODE_FULL,        /* under 5 % of the disk or 64 MiB left: reads only until there is room */
};
enum node_state node_state(const struct node *n);

const char *node_dir(const struct node *n);
const struct node_config *node_config(const struct node *n);
const struct kinds *node_kinds(const struct node *n);
const struct index *node_index(const struct node *n);
/* There is a lexicon file, and it is damaged or of another version: it has to be built again. */
bool node_lexicon_unusable(const struct node *n);

/* Everything derived again from the ledger: views, links, index. No other process may have the node open.
 * progress may be NULL. Errors: BUSY, CORRUPT, IO, FULL. */
struct node_progress {
    void *ctx;
    void (*step)(void *ctx, uint64_t done, uint64_t all);
};
enum cau_err node_rebuild(const char *dir, const struct node_progress *progress);

/* Whole-node consistency, invariants I1 to I7 of ../shared/design/ledger.md section 11, and what lies beside the log; calls fault
 * for each thing that does not hold. what is a stable code ("leaf", "root", "tile", "chain", "payload", "checkpoint",
 * "view", "attachment", "lexicon", "database", "sqlite"), where names the place. Errors: as node_open. CORRUPT when there
 * was a fault. */
struct node_check {
    void *ctx;
    void (*fault)(void *ctx, const char *what, struct str where);
    struct node_progress progress;
};
enum cau_err node_check(const char *dir, const struct node_check *check);

/* Backup: one file with the database as of now (not ckpt.db, not keys; see docs/operate.md), taken from a
 * live node by a reader; restore makes a node folder of it, in state rolled back until the operator or a
 * witness has confirmed. keys_dir holds the keys to take over. Errors: REFUSED, IO, FULL, CORRUPT. */
enum cau_err node_backup(const char *dir, const char *file);
enum cau_err node_restore(const char *file, const char *dir, const char *keys_dir);
/* The operator's word that the log of a restored node, of which ckpt.db knows nothing, is the newest there
 * is: from then on it is written and signed. If others have seen more of it, that is a fork, and shows.
 * Errors: REFUSED (ckpt.db knows the log: nothing to vouch for), as node_open. */
enum cau_err node_confirm(const char *dir);

#endif
