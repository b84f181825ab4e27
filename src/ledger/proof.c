#include "ledger/proof.h"

#include <string.h>

#include "base/number.h"
#include "ledger/line_int.h"

#define HEAD "c2sp.org/tlog-proof@v1"

static enum cau_err read_path(struct str *rest, struct tree_proof *path)
{
    for (path->n = 0;; path->n++) {
        struct str line = str_next(rest, '\n');
        if (rest->p == NULL)
            return CAU_ERR_SYNTAX;
        if (line.len == 0)
            return CAU_OK;
        if (path->n == PROOF_HASHES_MAX)
            return CAU_ERR_RANGE;
        if (line_read_hash(line, &path->hash[path->n]) != CAU_OK)
            return CAU_ERR_SYNTAX;
    }
}

static enum cau_err read_parts(struct arena *a, struct str bytes, struct proof *out)
{
    struct proof p = {0};
    struct str rest = bytes;
    enum cau_err err;
    if (!str_is(str_next(&rest, '\n'), HEAD))
        return CAU_ERR_SYNTAX;
    struct str line = str_next(&rest, '\n');
    if (str_starts(line, STR("extra "))) {
        p.has_extra = true;
        err = line_read_base64(a, str_from(line, 6), PROOF_EXTRA_MAX, &p.extra);
        if (err != CAU_OK)
            return err;
        line = str_next(&rest, '\n');
    }
    if (!str_starts(line, STR("index ")) ||
        number_read(str_from(line, 6), CHECKPOINT_SIZE_MAX, &p.index) != CAU_OK)
        return CAU_ERR_SYNTAX;
    err = read_path(&rest, &p.path);
    if (err != CAU_OK)
        return err;
    p.note = rest;
    *out = p;
    return CAU_OK;
}

enum cau_err proof_read(struct arena *a, struct str bytes, struct proof *out)
{
    if (bytes.len > PROOF_BYTES_MAX)
        return CAU_ERR_RANGE;
    size_t before = a->used;
    enum cau_err err = read_parts(a, bytes, out);
    if (err != CAU_OK)
        a->used = before;
    return err;
}

void proof_write(const struct proof *p, struct buf *out)
{
    must(p->path.n <= PROOF_HASHES_MAX);
    buf_add_word(out, HEAD "\n");
    if (p->has_extra) {
        buf_add_word(out, "extra ");
        line_add_base64(p->extra, out);
        buf_add_char(out, '\n');
    }
    buf_add_word(out, "index ");
    buf_add_u64(out, p->index);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < p->path.n; i++)
        line_add_hash(&p->path.hash[i], out);
    buf_add_char(out, '\n');
    buf_add(out, p->note);
}

enum cau_err proof_read_extra(struct str extra, struct proof_extra *out)
{
    struct proof_extra x = {.has_payload = false};
    if (extra.len < 2)
        return CAU_ERR_SYNTAX;
    size_t len = (size_t)(unsigned char)extra.p[0] << 8 | (unsigned char)extra.p[1];
    struct str rest = str_from(extra, 2);
    if (rest.len < len)
        return CAU_ERR_SYNTAX;
    x.leaf = str_to(rest, len);
    rest = str_from(rest, len);
    x.has_payload = rest.len > 0;
    if (x.has_payload) {
        if (rest.len <= sizeof x.r.b) /* an empty payload is none */
            return CAU_ERR_SYNTAX;
        memcpy(x.r.b, rest.p, sizeof x.r.b);
        x.payload = str_from(rest, sizeof x.r.b);
    }
    if (x.leaf.len > LEAF_BYTES_MAX || x.payload.len > PAYLOAD_BYTES_MAX)
        return CAU_ERR_RANGE;
    *out = x;
    return CAU_OK;
}

void proof_write_extra(const struct proof_extra *x, struct buf *out)
{
    must(x->leaf.len <= LEAF_BYTES_MAX && x->payload.len <= PAYLOAD_BYTES_MAX);
    buf_add_char(out, (char)(x->leaf.len >> 8));
    buf_add_char(out, (char)(x->leaf.len & 255));
    buf_add(out, x->leaf);
    if (x->has_payload) {
        must(x->payload.len > 0);
        buf_add(out, digest_str(&x->r));
        buf_add(out, x->payload);
    }
}

/* True when one of the keys that signed is the log's own: its name is the origin. */
static bool log_signed(struct str origin, const struct note_key *key, size_t n,
                       const struct note_seal *seal)
{
    for (size_t i = 0; i < n; i++)
        if (seal[i].present && key[i].type == NOTE_SIGNATURE && str_equal(key[i].name, origin))
            return true;
    return false;
}

static enum proof_fault verify_note(const struct proof *p, const struct note_key *key, size_t n,
                                    struct note_seal *seal, struct proof_result *out)
{
    if (note_read(p->note, &out->note) != CAU_OK ||
        checkpoint_read(out->note.text, &out->checkpoint) != CAU_OK)
        return PROOF_NOTE;
    enum cau_err err = note_verify(&out->note, key, n, seal);
    if (err == CAU_ERR_CORRUPT)
        return PROOF_SEAL;
    if (err != CAU_OK || !log_signed(out->checkpoint.origin, key, n, seal))
        return PROOF_LOG;
    return PROOF_GOOD;
}

static bool from_this_log(const struct proof_result *r)
{
    struct str node, aud;
    return leaf_read_origin(r->checkpoint.origin, &node, &aud) == CAU_OK &&
           str_equal(node, r->leaf.node) && str_equal(aud, r->leaf.aud);
}

enum proof_fault proof_verify(const struct proof *p, const struct note_key *key, size_t n,
                              struct note_seal *seal, struct proof_result *out)
{
    *out = (struct proof_result){0};
    if (!p->has_extra || proof_read_extra(p->extra, &out->extra) != CAU_OK)
        return PROOF_EXTRA;
    out->leaf_hash = leaf_hash(out->extra.leaf);
    if (leaf_read(out->extra.leaf, &out->leaf) != CAU_OK)
        return PROOF_LEAF;
    enum proof_fault fault = verify_note(p, key, n, seal, out);
    if (fault != PROOF_GOOD)
        return fault;
    if (!from_this_log(out))
        return PROOF_ORIGIN;
    if (tree_check_inclusion(&out->leaf_hash, p->index, out->checkpoint.size, p->path.hash,
                             p->path.n, &out->checkpoint.root) != CAU_OK)
        return PROOF_PATH;
    if (out->extra.has_payload) {
        struct digest opened = leaf_commit(&out->extra.r, out->extra.payload);
        if (!out->leaf.has_commit || !digest_equal(&opened, &out->leaf.commit))
            return PROOF_PAYLOAD;
    }
    return PROOF_GOOD;
}
