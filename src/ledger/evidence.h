/* evidence.h - two signed checkpoints of one log that cannot both be true: anybody can check it. */
#ifndef CAU_LEDGER_EVIDENCE_H
#define CAU_LEDGER_EVIDENCE_H

#include "base/base.h"
#include "base/buf.h"
#include "ledger/note.h"
#include "ledger/tree.h"

#define EVIDENCE_HASHES_MAX (TREE_PROOF_MAX + 1)
#define EVIDENCE_BYTES_MAX  (2 * DIGEST_BASE64(NOTE_BYTES_MAX) + 64 + EVIDENCE_HASHES_MAX * 45)

/* Form: "cau/evidence/v1", reason, base64 of note A, of note B, and for a prefix one base64 hash a
 * line; each line ends in newline. */
enum evidence_reason {
    EVIDENCE_ROOT,  /* one origin, one size, two roots */
    EVIDENCE_PREFIX /* the tree of B does not begin with the tree of A */
};

struct evidence {
    enum evidence_reason reason;
    struct str a, b; /* notes, verbatim */
    /* Prefix: a consistency proof from A's size to B's that leads to B's root. It begins with a
     * hash that is in both trees' range: the root of B's first leaves when A's size is a power
     * of two (tree_implied_roots). */
    struct digest hash[EVIDENCE_HASHES_MAX];
    size_t n;
};

/* Notes are decoded into arena. Errors: RANGE (over EVIDENCE_BYTES_MAX, EVIDENCE_HASHES_MAX,
 * NOTE_BYTES_MAX), SYNTAX, MEMORY; *out unchanged. */
enum cau_err evidence_read(struct arena *arena, struct str bytes, struct evidence *out);
void evidence_write(const struct evidence *e, struct buf *out);

/* CAU_OK: proven. CORRUPT: a note, signature or hash does not hold; SYNTAX: a note is no checkpoint;
 * REFUSED: no known key signed one of them, or they do not contradict each other. */
enum cau_err evidence_verify(const struct evidence *e, const struct note_key *key, size_t n);

/* The hashes for a prefix, from B's tiles. Errors: RANGE (sizes), the reader's. */
enum cau_err evidence_hashes(const struct tree_reader *in, uint64_t a_size, uint64_t b_size,
                             struct evidence *out);

#endif
