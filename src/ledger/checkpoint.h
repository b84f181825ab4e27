/* checkpoint.h - the text of a note that states a log's size and root (C2SP tlog-checkpoint). */
#ifndef CAU_LEDGER_CHECKPOINT_H
#define CAU_LEDGER_CHECKPOINT_H

#include "base/base.h"
#include "base/buf.h"
#include "base/digest.h"

#define CHECKPOINT_SIZE_MAX ((uint64_t)INT64_MAX)

struct checkpoint {
    struct str origin; /* not empty, one line */
    uint64_t size;
    struct digest root;
    struct str extension; /* further lines, each with its newline; ours have none */
};

/* Reads the text of a note; views are of text. Errors: SYNTAX; RANGE (size over
 * CHECKPOINT_SIZE_MAX); *out unchanged. */
enum cau_err checkpoint_read(struct str text, struct checkpoint *out);
/* Adds the text: three lines and the extension. The origin must be valid for a line. */
void checkpoint_write(const struct checkpoint *c, struct buf *out);

/* Lower-case hex of SHA-256(origin): names a log in witness and mirror addresses. */
#define CHECKPOINT_HASH_CHARS 64
void checkpoint_origin_hash(struct str origin, char out[CHECKPOINT_HASH_CHARS]);

#endif
