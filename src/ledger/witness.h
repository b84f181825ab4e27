/* witness.h - what a witness answers to add-checkpoint (C2SP tlog-witness), as a pure decision. */
#ifndef CAU_LEDGER_WITNESS_H
#define CAU_LEDGER_WITNESS_H

#include "base/base.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tree.h"

#define WITNESS_BODY_MAX (NOTE_BYTES_MAX + 4096) /* bytes of a request */

struct witness_request {
    uint64_t old_size;
    struct tree_proof proof;
    struct str bytes; /* the checkpoint's note, as sent */
    struct note note;
    struct checkpoint checkpoint;
};

/* Reads a request body; views are of body. Any error means status 400: SYNTAX; RANGE (over
 * WITNESS_BODY_MAX, TREE_PROOF_MAX lines or a limit of note.h). */
enum cau_err witness_read(struct str body, struct witness_request *out);
/* Writes a request for a note. */
void witness_write(uint64_t old_size, const struct tree_proof *proof, struct str note,
                   struct buf *out);

/* What is stored about one origin that the witness serves. */
struct witness_log {
    const struct note_key *key; /* trusted for this origin */
    size_t keys;
    uint64_t size; /* last cosigned; 0 when never */
    struct digest root;
};

enum witness_status {
    WITNESS_COSIGN = 200, /* store size and root durably, then answer with cosignature lines */
    WITNESS_MALFORMED = 400,
    WITNESS_UNTRUSTED = 403,
    WITNESS_UNKNOWN = 404,
    WITNESS_CONFLICT = 409, /* answer the stored size, a newline, as text/x.tlog.size */
    WITNESS_REFUSED = 422   /* keep the request: it may be proof of misbehaviour */
};

/* log is NULL when the origin is not served. The caller holds one transaction around reading the
 * state, this decision, and storing the new one. */
enum witness_status witness_decide(const struct witness_request *r,
                                   const struct witness_log *log);

#endif
