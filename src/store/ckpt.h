/* ckpt.h - ckpt.db: the size and root last signed for each log. Changed only by compare-and-swap and made
 * durable before a signature exists, never part of a backup: what stops a restored node from signing again. */
#ifndef CAU_STORE_CKPT_H
#define CAU_STORE_CKPT_H

#include "ledger/tree.h"
#include "store/sql.h"

struct ckpt_last {
    struct str origin;
    uint64_t size;
    struct digest root;
};

/* Errors: UNKNOWN (nothing known of this log), CORRUPT. */
enum cau_err ckpt_get(struct store *s, struct str origin, struct ckpt_last *out);

struct ckpt_change {
    struct ckpt_last from, to; /* of one origin; sizes never fall */
};
/* All or none, durable. STALE when one is not what `from` says. */
enum cau_err ckpt_swap(struct store *s, const struct ckpt_change *change, size_t n);

/* Sets what is known of n logs, whatever was there: for a new node, and when the operator vouches for a
 * restored one. */
enum cau_err ckpt_set(struct store *s, const struct ckpt_last *last, size_t n);

#endif
