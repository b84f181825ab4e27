#include "ledger/witness.h"

#include "base/number.h"
#include "ledger/line_int.h"

enum cau_err witness_read(struct str body, struct witness_request *out)
{
    if (body.len > WITNESS_BODY_MAX)
        return CAU_ERR_RANGE;
    struct witness_request r = {.old_size = 0};
    struct str rest = body, first = str_next(&rest, '\n');
    if (!str_starts(first, STR("old ")) ||
        number_read(str_from(first, 4), CHECKPOINT_SIZE_MAX, &r.old_size) != CAU_OK)
        return CAU_ERR_SYNTAX;
    for (;;) {
        struct str line = str_next(&rest, '\n');
        if (rest.p == NULL)
            return CAU_ERR_SYNTAX;
        if (line.len == 0)
            break;
        if (r.proof.n == TREE_PROOF_MAX)
            return CAU_ERR_RANGE;
        if (line_read_hash(line, &r.proof.hash[r.proof.n++]) != CAU_OK)
            return CAU_ERR_SYNTAX;
    }
    r.bytes = rest;
    enum cau_err err = note_read(rest, &r.note);
    if (err == CAU_OK)
        err = checkpoint_read(r.note.text, &r.checkpoint);
    if (err == CAU_OK)
        *out = r;
    return err;
}

void witness_write(uint64_t old_size, const struct tree_proof *proof, struct str note,
                   struct buf *out)
{
    must(proof->n <= TREE_PROOF_MAX);
    buf_add_word(out, "old ");
    buf_add_u64(out, old_size);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < proof->n; i++)
        line_add_hash(&proof->hash[i], out);
    buf_add_char(out, '\n');
    buf_add(out, note);
}

static bool proves(const struct witness_request *r, const struct witness_log *log)
{
    const struct checkpoint *c = &r->checkpoint;
    struct digest empty = tree_empty_root();
    if (c->size == 0 && !digest_equal(&c->root, &empty))
        return false;
    if (r->old_size == 0) /* any tree continues the empty one: there is nothing to prove */
        return r->proof.n == 0;
    return tree_check_consistency(r->old_size, &log->root, c->size, &c->root, r->proof.hash,
                                  r->proof.n) == CAU_OK;
}

enum witness_status witness_decide(const struct witness_request *r,
                                   const struct witness_log *log)
{
    struct note_seal seal[NOTE_KEYS_MAX];
    if (log == NULL)
        return WITNESS_UNKNOWN;
    if (note_verify(&r->note, log->key, log->keys, seal) != CAU_OK)
        return WITNESS_UNTRUSTED;
    if (r->old_size > r->checkpoint.size)
        return WITNESS_MALFORMED;
    if (r->old_size != log->size)
        return WITNESS_CONFLICT;
    return proves(r, log) ? WITNESS_COSIGN : WITNESS_REFUSED;
}
