/* proof.h - a file that proves, without a network, that a leaf is in a log (C2SP tlog-proof). */
#ifndef CAU_LEDGER_PROOF_H
#define CAU_LEDGER_PROOF_H

#include "base/base.h"
#include "base/buf.h"
#include "ledger/checkpoint.h"
#include "ledger/leaf.h"
#include "ledger/note.h"
#include "ledger/tree.h"

#define PROOF_HASHES_MAX TREE_PROOF_MAX
#define PROOF_BYTES_MAX  524288
#define PROOF_EXTRA_MAX  (2 + LEAF_BYTES_MAX + 32 + PAYLOAD_BYTES_MAX)

struct proof {
    bool has_extra;
    struct str extra; /* any bytes; not vouched for by the proof itself */
    uint64_t index;
    struct tree_proof path;
    struct str note; /* the checkpoint, verbatim */
};

/* Views are of bytes, extra is decoded into a. The note is not looked at. Errors: RANGE (over
 * PROOF_BYTES_MAX, PROOF_EXTRA_MAX, PROOF_HASHES_MAX), SYNTAX, MEMORY; *out unchanged. */
enum cau_err proof_read(struct arena *a, struct str bytes, struct proof *out);
void proof_write(const struct proof *p, struct buf *out);

/* What our proofs carry as extra: uint16 length and leaf; then r and payload, or nothing. */
struct proof_extra {
    struct str leaf;
    bool has_payload;
    struct digest r;
    struct str payload;
};
enum cau_err proof_read_extra(struct str extra, struct proof_extra *out); /* SYNTAX, RANGE */
void proof_write_extra(const struct proof_extra *x, struct buf *out);

/* The first thing that does not hold, in the order of testing. */
enum proof_fault {
    PROOF_GOOD,
    PROOF_EXTRA,  /* no leaf in it, or not of our form */
    PROOF_LEAF,   /* the leaf is not canonical */
    PROOF_NOTE,   /* the checkpoint is not a note of the documented form */
    PROOF_SEAL,   /* a known key's line does not verify */
    PROOF_LOG,    /* no line by a known key of this log (its name is the origin) */
    PROOF_ORIGIN, /* the leaf belongs to another log */
    PROOF_PATH,   /* the hashes do not lead from the leaf to the root */
    PROOF_PAYLOAD /* the payload does not open the leaf's commitment */
};

struct proof_result { /* all views are of the proof */
    struct proof_extra extra;
    struct leaf leaf;
    struct digest leaf_hash;
    struct note note;
    struct checkpoint checkpoint;
};

/* Verifies everything but the leaf's own signature (leaf_verify, with the organisation's key).
 * seal[0..n) says which known keys stand under the checkpoint; n <= NOTE_KEYS_MAX. *out is filled
 * as far as the tests got. */
enum proof_fault proof_verify(const struct proof *p, const struct note_key *key, size_t n,
                              struct note_seal *seal, struct proof_result *out);

#endif
