#include "ledger/evidence.h"

#include <string.h>

#include "ledger/checkpoint.h"
#include "ledger/line_int.h"

#define HEAD "cau/evidence/v1"

static const char *const reason_word[] = {"root", "prefix"};

static enum cau_err read_note_line(struct arena *arena, struct str *rest, struct str *out)
{
    struct str line = str_next(rest, '\n');
    if (rest->p == NULL || line.len == 0)
        return CAU_ERR_SYNTAX;
    return line_read_base64(arena, line, NOTE_BYTES_MAX, out);
}

static enum cau_err read_parts(struct arena *arena, struct str bytes, struct evidence *out)
{
    struct evidence e = {.n = 0};
    struct str rest = bytes;
    if (!str_is(str_next(&rest, '\n'), HEAD))
        return CAU_ERR_SYNTAX;
    struct str reason = str_next(&rest, '\n');
    e.reason = str_is(reason, "prefix") ? EVIDENCE_PREFIX : EVIDENCE_ROOT;
    if (!str_is(reason, reason_word[e.reason]))
        return CAU_ERR_SYNTAX;
    enum cau_err err = read_note_line(arena, &rest, &e.a);
    if (err == CAU_OK)
        err = read_note_line(arena, &rest, &e.b);
    if (err != CAU_OK)
        return err;
    while (rest.len > 0) {
        struct str line = str_next(&rest, '\n');
        if (rest.p == NULL || e.reason != EVIDENCE_PREFIX)
            return CAU_ERR_SYNTAX;
        if (e.n == EVIDENCE_HASHES_MAX)
            return CAU_ERR_RANGE;
        if (line_read_hash(line, &e.hash[e.n++]) != CAU_OK)
            return CAU_ERR_SYNTAX;
    }
    *out = e;
    return CAU_OK;
}

enum cau_err evidence_read(struct arena *arena, struct str bytes, struct evidence *out)
{
    if (bytes.len > EVIDENCE_BYTES_MAX)
        return CAU_ERR_RANGE;
    size_t before = arena->used;
    enum cau_err err = read_parts(arena, bytes, out);
    if (err != CAU_OK)
        arena->used = before;
    return err;
}

void evidence_write(const struct evidence *e, struct buf *out)
{
    must(e->n <= EVIDENCE_HASHES_MAX && (e->n == 0 || e->reason == EVIDENCE_PREFIX));
    must(e->a.len <= NOTE_BYTES_MAX && e->b.len <= NOTE_BYTES_MAX);
    buf_add_word(out, HEAD "\n");
    buf_add_word(out, reason_word[e->reason]);
    buf_add_char(out, '\n');
    line_add_base64(e->a, out);
    buf_add_char(out, '\n');
    line_add_base64(e->b, out);
    buf_add_char(out, '\n');
    for (size_t i = 0; i < e->n; i++)
        line_add_hash(&e->hash[i], out);
}

static enum cau_err open_note(struct str bytes, const struct note_key *key, size_t n,
                              struct checkpoint *out)
{
    struct note note;
    struct note_seal seal[NOTE_KEYS_MAX];
    if (note_read(bytes, &note) != CAU_OK || checkpoint_read(note.text, out) != CAU_OK)
        return CAU_ERR_SYNTAX;
    return note_verify(&note, key, n, seal);
}

enum cau_err evidence_verify(const struct evidence *e, const struct note_key *key, size_t n)
{
    struct checkpoint a, b;
    enum cau_err err = open_note(e->a, key, n, &a);
    if (err == CAU_OK)
        err = open_note(e->b, key, n, &b);
    if (err != CAU_OK)
        return err;
    if (!str_equal(a.origin, b.origin))
        return CAU_ERR_REFUSED;
    if (e->reason == EVIDENCE_ROOT)
        return a.size == b.size && !digest_equal(&a.root, &b.root) ? CAU_OK : CAU_ERR_REFUSED;
    struct digest before, after;
    if (tree_implied_roots(a.size, b.size, e->hash, e->n, &before, &after) != CAU_OK ||
        !digest_equal(&after, &b.root))
        return CAU_ERR_CORRUPT;
    return digest_equal(&before, &a.root) ? CAU_ERR_REFUSED : CAU_OK;
}

enum cau_err evidence_hashes(const struct tree_reader *in, uint64_t a_size, uint64_t b_size,
                             struct evidence *out)
{
    struct tree_proof p;
    struct digest seed = {{0}};
    if (a_size >= b_size)
        return CAU_ERR_RANGE;
    enum cau_err err = tree_consistency(in, a_size, b_size, &p);
    bool seeded = (a_size & (a_size - 1)) == 0;
    if (err == CAU_OK && seeded)
        err = tree_root_again(in, a_size, a_size, &seed);
    if (err != CAU_OK)
        return err;
    out->reason = EVIDENCE_PREFIX;
    out->n = p.n + seeded;
    out->hash[0] = seed;
    memcpy(out->hash + seeded, p.hash, p.n * sizeof p.hash[0]);
    return CAU_OK;
}
