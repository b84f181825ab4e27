#include <string.h>

#include "ledger/proof.h"
#include "ledger/tile.h"
#include "view/view_int.h"

enum cau_err view_log(struct view *v, struct arena *a, enum record_audience audience,
                      struct view_log *out)
{
    struct entries_log log;
    struct entries_checkpoint c = {0};
    must(audience < RECORD_AUDIENCES);
    enum cau_err err = entries_get_log(v->s, a, node_log(audience), &log);
    if (err == CAU_OK)
        err = entries_last_checkpoint(v->s, a, node_log(audience), &c);
    struct str key;
    if (err == CAU_OK || err == CAU_ERR_UNKNOWN) /* nothing signed yet */
        err = arena_copy(a, v->n->verifier_key[audience], &key);
    if (err != CAU_OK)
        return err;
    *out = (struct view_log){.origin = log.origin,
                             .size = log.size,
                             .signed_size = c.size,
                             .checkpoint = c.note,
                             .verifier_key = key,
                             .signed_ms = c.signed_ms};
    return CAU_OK;
}

/* True when a published checkpoint has had this tile with this width. */
static enum cau_err tile_was_published(struct view *v, uint32_t log, unsigned level,
                                       uint64_t index, unsigned width, bool *out)
{
    unsigned shift = 8 * level;
    uint64_t hashes = index * TREE_TILE_HASHES + width;
    *out = false;
    if (index > TILE_INDEX_MAX || shift >= 40 || hashes > ENTRIES_SIZE_MAX >> shift)
        return CAU_OK; /* larger than any log */
    uint64_t least = hashes << shift;
    uint64_t over = width == TREE_TILE_HASHES ? ENTRIES_SIZE_MAX : (hashes + 1) << shift;
    return entries_had_checkpoint(v->s, log, least, over, out);
}

static enum cau_err read_tile(struct view *v, struct arena *a, uint32_t log, unsigned level,
                              uint64_t index, unsigned width, struct str *out)
{
    struct entries_reader with = {.store = v->s, .log = log};
    struct tree_reader reader = entries_tree_reader(&with);
    struct digest *hash = arena_take(a, TREE_TILE_BYTES);
    if (hash == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = reader.tile(reader.with, level, index, width, hash);
    if (err == CAU_OK)
        *out = (struct str){(const char *)hash, width * sizeof *hash};
    return err;
}

static enum cau_err read_bundle(struct view *v, struct arena *a, uint32_t log, uint64_t index,
                                unsigned width, struct str *out)
{
    struct buf b = buf_new(TREE_TILE_HASHES * (2 + LEAF_BYTES_MAX));
    uint64_t from = index * TREE_TILE_HASHES;
    unsigned n = 0;
    struct sql q = entries_range(v->s, log, from, from + width);
    while (q.err == CAU_OK && sql_next(&q) && entries_seq(&q) == from + n) {
        q.err = tile_add_entry(entries_leaf(&q), &b);
        n++;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK && (n < width || b.failed))
        err = CAU_ERR_CORRUPT;
    if (err == CAU_OK)
        err = arena_copy(a, buf_str(&b), out);
    buf_free(&b);
    return err;
}

enum cau_err view_tile(struct view *v, struct arena *a, enum record_audience audience,
                       int level, uint64_t index, unsigned width, struct str *out)
{
    bool published = false;
    uint32_t log = node_log(audience);
    must(audience < RECORD_AUDIENCES);
    if (width == 0)
        width = TREE_TILE_HASHES;
    if (level < -1 || level >= TREE_LEVELS_MAX || width > TREE_TILE_HASHES)
        return CAU_ERR_UNKNOWN;
    enum cau_err err =
        tile_was_published(v, log, level < 0 ? 0 : (unsigned)level, index, width, &published);
    if (err == CAU_OK && !published)
        err = CAU_ERR_UNKNOWN;
    if (err != CAU_OK)
        return err;
    return level < 0 ? read_bundle(v, a, log, index, width, out)
                     : read_tile(v, a, log, (unsigned)level, index, width, out);
}

/* Salt and payload stand in extra unless they were erased. */
static enum cau_err make_extra(struct view *v, struct arena *a, uint32_t log, uint64_t seq,
                               struct buf *out)
{
    struct proof_extra x = {0};
    struct node_payload payload;
    enum cau_err err = entries_get(v->s, a, log, seq, &x.leaf);
    if (err == CAU_OK)
        err = view_payload_at(v, a, entries_place(log, seq), &payload);
    if (err != CAU_OK)
        return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
    x.has_payload = !payload.redacted;
    x.r = payload.r;
    x.payload = payload.body;
    proof_write_extra(&x, out);
    return out->failed ? CAU_ERR_MEMORY : CAU_OK;
}

static enum cau_err make_proof(struct view *v, struct arena *a, uint32_t log, uint64_t seq,
                               struct str *out)
{
    struct entries_reader with = {.store = v->s, .log = log};
    struct tree_reader reader = entries_tree_reader(&with);
    struct entries_checkpoint c;
    struct proof p = {.has_extra = true, .index = seq};
    enum cau_err err = entries_last_checkpoint(v->s, a, log, &c);
    if (err == CAU_ERR_UNKNOWN || (err == CAU_OK && c.size <= seq))
        err = CAU_ERR_BUSY;
    if (err == CAU_OK)
        err = tree_inclusion(&reader, seq, c.size, &p.path);
    if (err != CAU_OK)
        return err;
    struct buf extra = buf_new(PROOF_EXTRA_MAX), text = buf_new(PROOF_BYTES_MAX);
    err = make_extra(v, a, log, seq, &extra);
    if (err == CAU_OK) {
        p.extra = buf_str(&extra);
        p.note = c.note;
        proof_write(&p, &text);
        err = text.failed ? CAU_ERR_MEMORY : arena_copy(a, buf_str(&text), out);
    }
    buf_free(&extra);
    buf_free(&text);
    return err;
}

enum cau_err view_proof(struct view *v, struct arena *a, struct index_reader reader,
                        uint32_t doc, enum record_audience audience, uint32_t n,
                        struct str *out)
{
    struct apply_record r;
    uint64_t seq = 0;
    if (audience >= RECORD_AUDIENCES)
        return CAU_ERR_UNKNOWN;
    enum cau_err err = view_seen(v, reader, doc, &r);
    if (err == CAU_OK)
        err = view_seq(v, &r, audience, n, &seq);
    return err == CAU_OK ? make_proof(v, a, node_log(audience), seq, out) : err;
}

enum cau_err view_payload(struct view *v, struct arena *a, enum record_audience audience,
                          const struct digest *commitment, struct str *out)
{
    struct node_payload p;
    int64_t place = 0;
    uint32_t log = node_log(audience);
    must(audience < RECORD_AUDIENCES);
    enum cau_err err = entries_find_payload(v->s, commitment, entries_place(log, 0),
                                            entries_place(log, ENTRIES_SIZE_MAX) - 1, &place);
    if (err == CAU_OK)
        err = view_payload_at(v, a, place, &p);
    if (err == CAU_OK && p.redacted)
        err = CAU_ERR_REFUSED;
    if (err != CAU_OK)
        return err;
    char *bytes = arena_take(a, sizeof p.r + p.body.len);
    if (bytes == NULL)
        return CAU_ERR_MEMORY;
    memcpy(bytes, p.r.b, sizeof p.r);
    memcpy(bytes + sizeof p.r, p.body.p, p.body.len);
    *out = (struct str){bytes, sizeof p.r + p.body.len};
    return CAU_OK;
}
