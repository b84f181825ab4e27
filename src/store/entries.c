#include "store/entries.h"

#include <string.h>

#include "base/number.h"

int64_t entries_place(uint32_t log, uint64_t seq)
{
    must(log < ENTRIES_LOG_MAX && seq <= ENTRIES_SIZE_MAX);
    return (int64_t)((uint64_t)log * ENTRIES_SIZE_MAX + seq);
}

/* ---- logs ---- */

enum cau_err entries_make_log(struct store *s, const struct entries_log *log)
{
    struct digest root = tree_empty_root();
    return sql_do(s, "INSERT INTO log VALUES(?,?,?,?,1,1,0,?,0)",
                  SQL_ARGS(sql_of_int(log->id), sql_of_text(log->origin),
                           sql_of_text(log->node), sql_of_text(log->audience),
                           sql_of_digest(&root)));
}

enum cau_err entries_get_log(struct store *s, struct arena *a, uint32_t id,
                             struct entries_log *out)
{
    struct entries_log log = {.id = id};
    struct sql q =
        sql_start(s, "SELECT size, root, state, origin, node, audience FROM log WHERE id = ?",
                  SQL_ARGS(sql_of_int(id)));
    if (sql_next(&q)) {
        int64_t size = sql_int(&q, 0), state = sql_int(&q, 2);
        if (size < 0 || (uint64_t)size > ENTRIES_SIZE_MAX || state < 0 ||
            state > ENTRIES_DAMAGED)
            q.err = CAU_ERR_CORRUPT;
        log.size = (uint64_t)size;
        log.state = (enum entries_state)state;
        sql_digest(&q, 1, &log.root);
        if (q.err == CAU_OK)
            q.err = arena_copy(a, sql_bytes(&q, 3), &log.origin);
        if (q.err == CAU_OK)
            q.err = arena_copy(a, sql_bytes(&q, 4), &log.node);
        if (q.err == CAU_OK)
            q.err = arena_copy(a, sql_bytes(&q, 5), &log.audience);
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = log;
    return err;
}

enum cau_err entries_set_head(struct store *s, uint32_t log, uint64_t size,
                              const struct digest *root)
{
    return sql_do(s, "UPDATE log SET size = ?, root = ? WHERE id = ?",
                  SQL_ARGS(sql_of_int((int64_t)size), sql_of_digest(root), sql_of_int(log)));
}

enum cau_err entries_set_state(struct store *s, uint32_t log, enum entries_state state)
{
    return sql_do(s, "UPDATE log SET state = ? WHERE id = ?",
                  SQL_ARGS(sql_of_int(state), sql_of_int(log)));
}

/* ---- leaves ---- */

enum cau_err entries_add(struct store *s, uint32_t log, uint64_t seq, struct str leaf)
{
    return sql_do(s, "INSERT INTO entry VALUES(?,?)",
                  SQL_ARGS(sql_of_int(entries_place(log, seq)), sql_of_blob(leaf)));
}

enum cau_err entries_get(struct store *s, struct arena *a, uint32_t log, uint64_t seq,
                         struct str *out)
{
    return sql_get_bytes(s, a, "SELECT leaf FROM entry WHERE place = ?",
                         SQL_ARGS(sql_of_int(entries_place(log, seq))), out);
}

struct sql entries_range(struct store *s, uint32_t log, uint64_t from, uint64_t to)
{
    return sql_start(
        s, "SELECT place, leaf FROM entry WHERE place >= ? AND place < ? ORDER BY place",
        SQL_ARGS(sql_of_int(entries_place(log, from)), sql_of_int(entries_place(log, to))));
}

uint64_t entries_seq(const struct sql *range)
{
    return (uint64_t)sql_int(range, 0) % ENTRIES_SIZE_MAX;
}

struct str entries_leaf(const struct sql *range)
{
    return sql_bytes(range, 1);
}

enum cau_err entries_count(struct store *s, uint32_t log, uint64_t *count, uint64_t *after)
{
    struct sql q =
        sql_start(s, "SELECT count(*), max(place) FROM entry WHERE place >= ? AND place < ?",
                  SQL_ARGS(sql_of_int(entries_place(log, 0)),
                           sql_of_int(entries_place(log, ENTRIES_SIZE_MAX))));
    if (sql_next(&q)) {
        *count = (uint64_t)sql_int(&q, 0);
        *after = sql_is_null(&q, 1) ? 0 : (uint64_t)sql_int(&q, 1) % ENTRIES_SIZE_MAX + 1;
    }
    return sql_end(&q);
}

/* ---- tiles ---- */

static enum cau_err take_tile(void *with, unsigned level, uint64_t n,
                              const struct digest hash[TREE_TILE_HASHES])
{
    struct entries_sink *k = with;
    k->tiles = true;
    return sql_do(k->store, "INSERT INTO tile VALUES(?,?,?,?)",
                  SQL_ARGS(sql_of_int(k->log), sql_of_int(level), sql_of_int((int64_t)n),
                           sql_of_blob((struct str){(const char *)hash, TREE_TILE_BYTES})));
}

struct tree_sink entries_tree_sink(struct entries_sink *with)
{
    return (struct tree_sink){take_tile, with};
}

enum cau_err entries_save_edge(struct store *s, uint32_t log, const struct tree *t)
{
    enum cau_err err = CAU_OK;
    for (unsigned level = 1; level < TREE_LEVELS_MAX && err == CAU_OK; level++) {
        if (t->size >> (8 * level) == 0)
            break; /* nothing there or above */
        err = sql_do(
            s, "INSERT OR REPLACE INTO frontier VALUES(?,?,?)",
            SQL_ARGS(sql_of_int(log), sql_of_int(level), sql_of_blob(tree_edge(t, level))));
    }
    return err;
}

/* The hashes of leaves from..from+n-1, made from their bytes. CORRUPT when one is missing. */
static enum cau_err hash_leaves(struct store *s, uint32_t log, uint64_t from, size_t n,
                                struct digest *out)
{
    struct sql q = entries_range(s, log, from, from + n);
    size_t i = 0;
    while (i < n && sql_next(&q)) {
        if (entries_seq(&q) != from + i)
            break;
        out[i++] = tree_leaf_hash(entries_leaf(&q));
    }
    if (i < n && q.err == CAU_OK)
        q.err = CAU_ERR_CORRUPT;
    return sql_end(&q);
}

static enum cau_err load_edge(struct store *s, struct arena *a, uint32_t log, unsigned level,
                              struct str *out)
{
    enum cau_err err =
        sql_get_bytes(s, a, "SELECT hashes FROM frontier WHERE log = ? AND level = ?",
                      SQL_ARGS(sql_of_int(log), sql_of_int(level)), out);
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
}

enum cau_err entries_load_tree(struct store *s, const struct entries_log *log, struct tree *t)
{
    struct arena a = arena_new((TREE_LEVELS_MAX + 1) * (size_t)(TREE_TILE_BYTES + 64));
    struct str edge[TREE_LEVELS_MAX] = {{NULL, 0}};
    size_t n = log->size % TREE_TILE_HASHES;
    enum cau_err err = CAU_OK;
    if (n > 0) {
        struct digest *hash = arena_take(&a, n * sizeof *hash);
        must(hash != NULL);
        err = hash_leaves(s, log->id, log->size - n, n, hash);
        edge[0] = (struct str){(const char *)hash, n * sizeof *hash};
    }
    for (unsigned level = 1; level < TREE_LEVELS_MAX && err == CAU_OK; level++)
        err = load_edge(s, &a, log->id, level, &edge[level]);
    if (err == CAU_ERR_MEMORY)
        err = CAU_ERR_CORRUPT; /* longer than any tile */
    if (err == CAU_OK)
        err = tree_load(t, log->size, edge);
    if (err == CAU_OK) {
        struct digest root = tree_root(t);
        if (!digest_equal(&root, &log->root))
            err = CAU_ERR_CORRUPT;
    }
    arena_free(&a);
    return err;
}

/* Whole tiles stand in tile; the partial one of an upper level in frontier. */
static enum cau_err stored_tile(struct entries_reader *r, unsigned level, uint64_t n,
                                unsigned width, struct digest *hash)
{
    struct sql q =
        sql_start(r->store, "SELECT hashes FROM tile WHERE log = ? AND level = ? AND n = ?",
                  SQL_ARGS(sql_of_int(r->log), sql_of_int(level), sql_of_int((int64_t)n)));
    bool found = sql_next(&q);
    if (!found && q.err == CAU_OK && level > 0) {
        sql_end(&q);
        q = sql_start(r->store, "SELECT hashes FROM frontier WHERE log = ? AND level = ?",
                      SQL_ARGS(sql_of_int(r->log), sql_of_int(level)));
        found = sql_next(&q);
    }
    if (found) {
        struct str b = sql_bytes(&q, 0);
        if (b.len < width * sizeof *hash)
            q.err = CAU_ERR_CORRUPT;
        else
            memcpy(hash, b.p, width * sizeof *hash);
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    return sql_end(&q);
}

static enum cau_err fresh_tile(struct entries_reader *r, uint64_t n, unsigned width,
                               struct digest *hash)
{
    enum cau_err err = hash_leaves(r->store, r->log, n * TREE_TILE_HASHES, width, hash);
    if (err != CAU_OK)
        return err;
    struct digest stored[TREE_TILE_HASHES];
    err = stored_tile(r, 0, n, width, stored);
    if (err == CAU_OK && memcmp(stored, hash, width * sizeof *hash) != 0)
        err = CAU_ERR_CORRUPT;
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
}

static enum cau_err give_tile(void *with, unsigned level, uint64_t n, unsigned width,
                              struct digest hash[TREE_TILE_HASHES])
{
    struct entries_reader *r = with;
    if (level == 0 && r->fresh)
        return fresh_tile(r, n, width, hash);
    enum cau_err err = stored_tile(r, level, n, width, hash);
    if (err == CAU_ERR_UNKNOWN)
        err = level == 0 ? hash_leaves(r->store, r->log, n * TREE_TILE_HASHES, width, hash)
                         : CAU_ERR_CORRUPT;
    return err;
}

struct tree_reader entries_tree_reader(struct entries_reader *with)
{
    return (struct tree_reader){give_tile, with};
}

/* ---- payloads ---- */

/* The index holds only the beginning of a commitment, which is a third of the pages. */
static struct sql_arg short_of(const struct digest *commitment)
{
    return sql_of_int((int64_t)number_be64(commitment->b));
}

enum cau_err entries_add_payload(struct store *s, int64_t place,
                                 const struct entries_payload *p)
{
    return sql_do(s, "INSERT INTO payload VALUES(?,?,?,?,?,?,?)",
                  SQL_ARGS(sql_of_int(place), sql_of_int(p->state),
                           sql_of_digest(&p->commitment), short_of(&p->commitment),
                           sql_or_null(sql_of_blob(p->r)), sql_or_null(sql_of_blob(p->subject)),
                           sql_or_null(sql_of_blob(p->body))));
}

/* Present: r or subject, and a body. Redacted: nothing at all. */
static bool payload_possible(const struct entries_payload *p)
{
    if (p->state == ENTRIES_REDACTED)
        return p->r.len == 0 && p->subject.len == 0 && p->body.len == 0;
    return p->state == ENTRIES_PRESENT && p->body.len > 0 &&
           (p->subject.len == 0 ? p->r.len == 32 : p->subject.len == 16 && p->r.len == 0);
}

enum cau_err entries_get_payload(struct store *s, struct arena *a, int64_t place,
                                 struct entries_payload *out)
{
    struct entries_payload p = {0};
    struct sql q =
        sql_start(s, "SELECT state, commitment, r, subject, body FROM payload WHERE place = ?",
                  SQL_ARGS(sql_of_int(place)));
    if (sql_next(&q)) {
        p.state = (enum entries_payload_state)sql_int(&q, 0);
        sql_digest(&q, 1, &p.commitment);
        struct str *part[] = {&p.r, &p.subject, &p.body};
        for (int i = 0; i < 3 && q.err == CAU_OK; i++)
            if (!sql_is_null(&q, 2 + i))
                q.err = arena_copy(a, sql_bytes(&q, 2 + i), part[i]);
        if (q.err == CAU_OK && !payload_possible(&p))
            q.err = CAU_ERR_CORRUPT;
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = p;
    return err;
}

enum cau_err entries_find_payload(struct store *s, const struct digest *commitment,
                                  int64_t first_place, int64_t last_place, int64_t *place)
{
    return sql_get_int(s,
                       "SELECT place FROM payload WHERE short = ? AND commitment = ? AND place "
                       "BETWEEN ? AND ?",
                       SQL_ARGS(short_of(commitment), sql_of_digest(commitment),
                                sql_of_int(first_place), sql_of_int(last_place)),
                       place);
}

enum cau_err entries_erase_payload(struct store *s, int64_t place)
{
    return sql_do(s,
                  "UPDATE payload SET state = ?, r = NULL, subject = NULL, body = NULL"
                  " WHERE place = ?",
                  SQL_ARGS(sql_of_int(ENTRIES_REDACTED), sql_of_int(place)));
}

/* ---- checkpoints ---- */

enum cau_err entries_add_checkpoint(struct store *s, uint32_t log,
                                    const struct entries_checkpoint *c)
{
    return sql_do(s, "INSERT OR REPLACE INTO checkpoint VALUES(?,?,?,?,?)",
                  SQL_ARGS(sql_of_int(log), sql_of_int((int64_t)c->size),
                           sql_of_digest(&c->root), sql_of_blob(c->note),
                           sql_of_int(c->signed_ms)));
}

enum cau_err entries_last_checkpoint(struct store *s, struct arena *a, uint32_t log,
                                     struct entries_checkpoint *out)
{
    struct entries_checkpoint c = {0};
    struct sql q = sql_start(s,
                             "SELECT size, root, note, signed_ms FROM checkpoint"
                             " WHERE log = ? ORDER BY size DESC LIMIT 1",
                             SQL_ARGS(sql_of_int(log)));
    if (sql_next(&q)) {
        c.size = (uint64_t)sql_int(&q, 0);
        c.signed_ms = sql_int(&q, 3);
        if (sql_digest(&q, 1, &c.root) == CAU_OK)
            q.err = arena_copy(a, sql_bytes(&q, 2), &c.note);
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = c;
    return err;
}

enum cau_err entries_had_checkpoint(struct store *s, uint32_t log, uint64_t least,
                                    uint64_t over, bool *out)
{
    int64_t found = 0;
    enum cau_err err = sql_get_int(
        s, "SELECT count(*) FROM checkpoint WHERE log = ? AND size >= ? AND size < ?",
        SQL_ARGS(sql_of_int(log), sql_of_int((int64_t)least), sql_of_int((int64_t)over)),
        &found);
    if (err == CAU_OK)
        *out = found > 0;
    return err;
}
