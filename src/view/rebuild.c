#include "view/rebuild_int.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "record/json.h"
#include "view/feed_int.h"

/* ---- entries of all own logs in the order of their time ---- */

struct cursor {
    struct arena a; /* the bytes of its entry */
    uint32_t log;
    uint64_t seq, size;
    struct str bytes;
    struct leaf leaf;
};

struct merge {
    const struct node *n;
    struct store *main, *keys;
    struct cursor cursor[NODE_LOGS];
    struct arena a; /* of the payload in work */
    uint64_t done, all;
};

static enum cau_err load(struct merge *m, struct cursor *c)
{
    arena_reset(&c->a);
    if (c->seq == c->size)
        return CAU_OK;
    enum cau_err err = entries_get(m->main, &c->a, c->log, c->seq, &c->bytes);
    if (err == CAU_ERR_UNKNOWN || (err == CAU_OK && leaf_read(c->bytes, &c->leaf) != CAU_OK))
        err = CAU_ERR_CORRUPT;
    return err;
}

static enum cau_err begin(struct merge *m, struct rebuild_place *at)
{
    enum cau_err err = CAU_OK;
    m->a = arena_new((size_t)32 << 20);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++) {
        struct cursor *c = &m->cursor[i];
        struct entries_log log;
        c->a = arena_new(1 << 16);
        c->log = node_log((enum record_audience)i);
        *at = (struct rebuild_place){c->log, 0};
        err = entries_get_log(m->main, &c->a, c->log, &log);
        if (err != CAU_OK)
            break;
        c->size = log.size;
        m->all += log.size;
        err = load(m, c);
    }
    return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
}

static void end(struct merge *m)
{
    for (int i = 0; i < NODE_LOGS; i++)
        arena_free(&m->cursor[i].a);
    arena_free(&m->a);
}

static struct cursor *earliest(struct merge *m)
{
    struct cursor *best = NULL;
    for (int i = 0; i < NODE_LOGS; i++) {
        struct cursor *c = &m->cursor[i];
        if (c->seq < c->size && (best == NULL || c->leaf.t < best->leaf.t))
            best = c;
    }
    return best;
}

/* ---- one entry ---- */

/* *facts is NULL when the payload was redacted or the kind is not known. */
static enum cau_err read_facts(struct merge *m, const struct cursor *c, const struct kind *kind,
                               struct facts *space, const struct facts **facts)
{
    struct node_payload payload;
    struct value value;
    *facts = NULL;
    enum cau_err err = node_payload_at(m->main, m->keys, &m->n->key, &m->a,
                                       entries_place(c->log, c->seq), &payload);
    if (err == CAU_ERR_UNKNOWN)
        err = CAU_ERR_CORRUPT;
    if (err != CAU_OK || payload.redacted || kind == NULL)
        return err;
    err = json_read_stored(&m->a, payload.body, &value);
    if (err == CAU_OK)
        err = facts_of(&m->a, kind, &value, false, space);
    if (err == CAU_OK)
        *facts = space;
    return err == CAU_ERR_MEMORY ? err : err == CAU_OK ? CAU_OK : CAU_ERR_CORRUPT;
}

static enum cau_err take_entry(struct merge *m, struct apply *apply, const struct cursor *c)
{
    struct facts space;
    struct apply_record record;
    struct apply_entry e = {.leaf = &c->leaf,
                            .hash = leaf_hash(c->bytes),
                            .audience = (enum record_audience)(c->log - 1),
                            .seq = c->seq};
    if (c->leaf.op != LEAF_PUT && c->leaf.op != LEAF_REDACT)
        return CAU_OK;
    arena_reset(&m->a);
    enum cau_err err = apply_find(apply, &c->leaf.rid, &record);
    if (err != CAU_OK)
        return err;
    if (c->leaf.op == LEAF_REDACT)
        return record.doc == 0 ? CAU_ERR_CORRUPT : apply_redact(apply, &e, &record);
    e.kind = kinds_find(&m->n->kinds, c->leaf.kind);
    err = read_facts(m, c, e.kind, &space, &e.facts);
    return err == CAU_OK ? apply_put(apply, &e, &record) : err;
}

static void report(const struct node_progress *progress, const struct merge *m)
{
    if (progress != NULL && progress->step != NULL && (m->done % 256 == 0 || m->done == m->all))
        progress->step(progress->ctx, m->done, m->all);
}

enum cau_err rebuild_views(const struct node *n, struct store *views, struct store *main,
                           struct store *keys, const struct node_progress *progress,
                           struct rebuild_place *at)
{
    struct merge m = {.n = n, .main = main, .keys = keys};
    struct apply apply;
    apply_begin(&apply, n, views, main, keys);
    enum cau_err err = begin(&m, at);
    struct cursor *c;
    while (err == CAU_OK && (c = earliest(&m)) != NULL) {
        *at = (struct rebuild_place){c->log, c->seq};
        err = take_entry(&m, &apply, c);
        if (err != CAU_OK)
            break;
        c->seq++;
        m.done++;
        report(progress, &m);
        err = load(&m, c);
    }
    end(&m);
    return err;
}

/* ---- the command ---- */

static enum cau_err empty_tables(struct store *s)
{
    static const char *const text[] = {"DELETE FROM kind", "DELETE FROM record",
                                       "DELETE FROM head", "DELETE FROM older",
                                       "DELETE FROM link", "DELETE FROM feed"};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < countof(text) && err == CAU_OK; i++)
        err = sql_do(s, text[i], SQL_NO_ARGS);
    return err;
}

/* The index is files that anyone may delete. */
static void empty_folder(struct node *n)
{
    DIR *d = opendir(n->index_path);
    if (d == NULL)
        return;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        const char *path;
        if (e->d_name[0] != '.' &&
            file_path(&n->life, n->index_path, e->d_name, &path) == CAU_OK)
            unlink(path);
    }
    closedir(d);
}

static enum cau_err fill_index(struct node *n, struct store *s, struct store *keys,
                               const struct node_progress *progress)
{
    struct feed feed;
    bool rebuilt;
    empty_folder(n);
    enum cau_err err = index_open(n->index_path, &n->index, &rebuilt);
    if (err != CAU_OK)
        return err;
    feed_begin(&feed, n, s, keys);
    err = feed_follow(&feed, progress);
    if (err == CAU_OK)
        err = index_save(n->index, (uint64_t)feed.position);
    feed_end(&feed);
    return err;
}

static enum cau_err fill_tables(struct node *n, struct store *s, struct store *keys,
                                const struct node_progress *progress)
{
    struct rebuild_place at;
    enum cau_err err = store_begin(s);
    if (err == CAU_OK)
        err = empty_tables(s);
    if (err == CAU_OK)
        err = rebuild_views(n, s, s, keys, progress, &at);
    if (err == CAU_OK)
        return store_commit(s);
    store_undo(s);
    return err;
}

enum cau_err node_rebuild(const char *dir, const struct node_progress *progress)
{
    struct node *n = NULL;
    struct store *s = NULL, *keys = NULL;
    enum cau_err err = node_prepare(dir, NODE_WRITE, &n);
    if (err != CAU_OK)
        return err;
    err = store_open(n->main_path, STORE_MAIN, STORE_WRITE, &s);
    if (err == CAU_OK)
        err = store_open(n->keys_path, STORE_KEYS, STORE_READ, &keys);
    if (err == CAU_OK)
        err = fill_tables(n, s, keys, progress);
    if (err == CAU_OK)
        err = fill_index(n, s, keys, progress);
    store_close(keys);
    store_close(s);
    node_release(n);
    return err;
}
