#include "view/writer_int.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

/* ---- appending ---- */

enum cau_err batch_append(struct writer *w, enum record_audience audience, struct leaf *leaf,
                          const struct key_pair *key, uint64_t *seq, struct digest *hash)
{
    struct writer_log *log = &w->log[audience];
    int64_t now = clock_now_ms();
    must(log->n < WRITER_FRESH_MAX);
    leaf->node = w->n->config.name;
    leaf->aud = record_audience_name(audience);
    leaf->t = now > w->last_t ? now : w->last_t + 1;
    buf_reset(&w->leaf);
    enum cau_err err = leaf_sign(leaf, key, &w->leaf);
    if (err != CAU_OK)
        return err;
    uint64_t place = log->size + log->n;
    err = entries_add(w->db, log->id, place, buf_str(&w->leaf));
    if (err != CAU_OK)
        return err;
    *seq = place;
    *hash = leaf_hash(buf_str(&w->leaf));
    log->fresh[log->n++] = *hash;
    w->last_t = leaf->t;
    return CAU_OK;
}

/* ---- one change: first everything that may refuse it, then everything that writes ---- */

/* A record keeps its kind; its major may rise. */
static enum cau_err check_kind(struct writer *w, const struct kind *kind, int64_t stored)
{
    unsigned char space[128];
    struct arena a = {space, sizeof space, 0};
    struct str name = {NULL, 0};
    enum cau_err err = apply_kind_name(w->db, &a, stored, &name);
    if (err != CAU_OK)
        return err == CAU_ERR_MEMORY ? CAU_ERR_CORRUPT : err;
    return str_equal(str_next(&name, '/'), kind->name) ? CAU_OK : CAU_ERR_REFUSED;
}

static enum cau_err check_after(const struct ready *x)
{
    const struct digest *after = x->change->after;
    int newest = apply_newest(&x->record);
    if (after == NULL)
        return CAU_OK;
    return newest >= 0 && digest_equal(after, &x->record.head[newest].leaf) ? CAU_OK
                                                                            : CAU_ERR_STALE;
}

static enum cau_err check_known(struct writer *w, struct ready *x)
{
    const struct writer_change *c = x->change;
    enum cau_err err = apply_find(&w->apply, &x->rid, &x->record);
    if (err == CAU_OK && x->record.doc == 0)
        err = CAU_ERR_UNKNOWN;
    if (err == CAU_OK)
        err = check_after(x);
    if (err != CAU_OK)
        return err;
    if (c->op == WRITER_PUT)
        return check_kind(w, c->kind, x->record.kind);
    const struct apply_head *h = &x->record.head[c->audience];
    if (h->n == 0)
        return CAU_ERR_UNKNOWN;
    return h->state == APPLY_REDACTED ? CAU_ERR_REFUSED : CAU_OK;
}

static enum cau_err check_change(struct writer *w, struct ready *x)
{
    uint32_t doc = 0;
    if (w->forget && x->change->op == WRITER_PUT && x->change->kind->personal)
        return CAU_ERR_BUSY; /* a key is about to be forgotten: it must not be used again */
    enum cau_err err = x->fresh ? CAU_OK : check_known(w, x);
    if (err == CAU_OK && x->facts.external.len > 0)
        err = apply_doc_of_external(w->db, x->facts.external, &doc);
    if (err == CAU_OK && doc != 0 && doc != x->record.doc)
        err = CAU_ERR_REFUSED;
    if (err != CAU_OK || leaf_id_equal(&x->org, &w->n->organization))
        return err;
    err = apply_doc_of_rid(w->db, &x->org, &doc);
    return err == CAU_OK && doc == 0 ? CAU_ERR_UNKNOWN : err;
}

static enum cau_err subject_key(struct writer *w, struct str subject,
                                unsigned char key[KEY_BYTES])
{
    enum cau_err err = keys_get_subject(w->keys, &w->n->key, subject, key);
    if (err != CAU_ERR_UNKNOWN)
        return err;
    if (!w->keys_written) {
        err = store_begin(w->keys);
        if (err != CAU_OK)
            return err;
        w->keys_written = true;
    }
    digest_random(key, KEY_BYTES);
    return keys_add_subject(w->keys, &w->n->key, subject, key);
}

/* r and payload in one sealed body, so that with the person's key both are gone from every copy. */
static enum cau_err add_sealed(struct writer *w, const struct ready *x, int64_t place)
{
    unsigned char key[KEY_BYTES];
    struct str subject = {(const char *)x->rid.b, sizeof x->rid.b};
    enum cau_err err = subject_key(w, subject, key);
    if (err != CAU_OK)
        return err;
    struct buf plain = buf_new(sizeof x->r + RECORD_BYTES_MAX);
    struct buf sealed = buf_new(sizeof x->r + RECORD_BYTES_MAX + KEY_SEAL_BYTES);
    buf_add(&plain, digest_str(&x->r));
    buf_add(&plain, x->change->payload);
    key_seal(&sealed, key, digest_str(&x->commit), buf_str(&plain));
    explicit_bzero(key, sizeof key);
    struct entries_payload p = {.state = ENTRIES_PRESENT,
                                .commitment = x->commit,
                                .subject = subject,
                                .body = buf_str(&sealed)};
    err =
        plain.failed || sealed.failed ? CAU_ERR_MEMORY : entries_add_payload(w->db, place, &p);
    if (plain.p != NULL)
        explicit_bzero(plain.p, plain.len);
    buf_free(&plain);
    buf_free(&sealed);
    return err;
}

static enum cau_err add_payload(struct writer *w, const struct ready *x, int64_t place)
{
    if (x->change->kind->personal)
        return add_sealed(w, x, place);
    struct entries_payload p = {.state = ENTRIES_PRESENT,
                                .commitment = x->commit,
                                .r = digest_str(&x->r),
                                .body = x->change->payload};
    return entries_add_payload(w->db, place, &p);
}

static enum cau_err write_put(struct writer *w, struct ready *x, struct writer_result *out)
{
    const struct writer_change *c = x->change;
    const struct apply_head *h = &x->record.head[c->audience];
    struct leaf leaf = {.op = LEAF_PUT,
                        .org = x->org,
                        .rid = x->rid,
                        .kind = c->kind->name_major,
                        .n = h->n + 1,
                        .prev = h->leaf,
                        .has_commit = true,
                        .commit = x->commit,
                        .plen = c->audience == RECORD_PUBLIC ? c->payload.len : 0};
    struct apply_entry e = {
        .leaf = &leaf, .audience = c->audience, .kind = c->kind, .facts = &x->facts};
    enum cau_err err =
        batch_append(w, c->audience, &leaf, &w->organization_key, &e.seq, &e.hash);
    if (err == CAU_OK)
        err = add_payload(w, x, entries_place(node_log(c->audience), e.seq));
    if (err == CAU_OK)
        err = apply_put(&w->apply, &e, &x->record);
    if (err != CAU_OK)
        return err;
    x->direct = apply_indexed(&x->record) == (int)c->audience;
    leaf_write_rid(&x->rid, out->id);
    out->doc = x->record.doc;
    out->n = (uint32_t)leaf.n;
    out->seq = e.seq;
    out->leaf = e.hash;
    return CAU_OK;
}

static enum cau_err erase_at(void *with, int64_t place)
{
    return entries_erase_payload(with, place);
}

/* The key of a person of whom nothing can be read any more is to be forgotten too. */
static enum cau_err note_forget(struct writer *w, const struct ready *x)
{
    unsigned char space[128];
    struct arena a = {space, sizeof space, 0};
    struct str name;
    if (apply_indexed(&x->record) >= 0)
        return CAU_OK;
    enum cau_err err = apply_kind_name(w->db, &a, x->record.kind, &name);
    if (err != CAU_OK)
        return err;
    const struct kind *kind = kinds_find(&w->n->kinds, name);
    if (kind == NULL || !kind->personal)
        return CAU_OK;
    w->forget = true;
    return sql_do(w->db, "INSERT OR IGNORE INTO erase_todo VALUES(?)",
                  SQL_ARGS(sql_of_blob((struct str){(const char *)x->rid.b, sizeof x->rid.b})));
}

static enum cau_err write_redact(struct writer *w, struct ready *x, struct writer_result *out)
{
    const struct writer_change *c = x->change;
    const struct apply_head *h = &x->record.head[c->audience];
    struct leaf leaf = {
        .op = LEAF_REDACT, .org = x->org, .rid = x->rid, .upto = h->n, .why = c->why};
    struct apply_entry e = {.leaf = &leaf, .audience = c->audience};
    uint32_t log = node_log(c->audience);
    enum cau_err err =
        batch_append(w, c->audience, &leaf, &w->organization_key, &e.seq, &e.hash);
    if (err == CAU_OK)
        err = apply_places(w->db, x->record.doc, log, erase_at, w->db);
    if (err == CAU_OK)
        err = apply_redact(&w->apply, &e, &x->record);
    if (err == CAU_OK)
        err = note_forget(w, x);
    if (err != CAU_OK)
        return err;
    w->scrub = true;
    leaf_write_rid(&x->rid, out->id);
    out->doc = x->record.doc;
    out->n = (uint32_t)leaf.upto;
    out->seq = e.seq;
    out->leaf = e.hash;
    return CAU_OK;
}

/* ---- requests ---- */

struct mark {
    size_t n[NODE_LOGS];
    int64_t last_t;
};

static struct mark mark_of(const struct writer *w)
{
    struct mark m = {.last_t = w->last_t};
    for (int i = 0; i < NODE_LOGS; i++)
        m.n[i] = w->log[i].n;
    return m;
}

static void back_to(struct writer *w, const struct mark *m)
{
    for (int i = 0; i < NODE_LOGS; i++)
        w->log[i].n = m->n[i];
    w->last_t = m->last_t;
    apply_forget(&w->apply);
}

/* What a check may say of one request; anything else is of the database and ends the transaction. */
static bool is_refusal(enum cau_err err)
{
    return err == CAU_ERR_STALE || err == CAU_ERR_REFUSED || err == CAU_ERR_UNKNOWN ||
           err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE || err == CAU_ERR_BUSY;
}

static enum cau_err do_changes(struct writer *w, struct request *r)
{
    for (size_t i = 0; i < r->count; i++) {
        struct ready *x = &r->change[i];
        enum cau_err err = check_change(w, x);
        if (err != CAU_OK) {
            if (!is_refusal(err))
                w->fatal = err;
            return err;
        }
        err = x->change->op == WRITER_PUT ? write_put(w, x, &r->result[i])
                                          : write_redact(w, x, &r->result[i]);
        if (err != CAU_OK)
            return w->fatal = err;
    }
    return CAU_OK;
}

/* A single change is checked before it writes, so only groups and steps need a mark to go back to. */
static void do_request(struct writer *w, struct request *r)
{
    bool marked = r->step != NULL || r->count > 1;
    struct mark before = mark_of(w);
    if (marked)
        w->fatal = store_mark(w->db);
    if (w->fatal != CAU_OK)
        return;
    r->err = r->step != NULL ? r->step(w->db, r->arg) : do_changes(w, r);
    if (w->fatal != CAU_OK || !marked)
        return;
    if (r->err == CAU_OK) {
        w->fatal = store_keep_mark(w->db);
    } else {
        w->fatal = store_undo_mark(w->db);
        back_to(w, &before);
    }
}

/* ---- the transaction ---- */

static enum cau_err grow_tree(struct writer *w, struct writer_log *log)
{
    struct entries_sink with = {.store = w->db, .log = log->id};
    struct tree_sink sink = entries_tree_sink(&with);
    enum cau_err err = tree_append(log->tree, log->fresh, log->n, &sink);
    if (err == CAU_OK && with.tiles)
        err = entries_save_edge(w->db, log->id, log->tree);
    if (err != CAU_OK)
        return err;
    log->root = tree_root(log->tree);
    return entries_set_head(w->db, log->id, log->tree->size, &log->root);
}

/* Takes what was written out of the database again and tests it as a stranger would. */
static enum cau_err read_back(struct writer *w, const struct writer_log *log)
{
    struct leaf leaf;
    size_t i = 0;
    struct sql q =
        sql_start(w->db,
                  "SELECT e.place, e.leaf, p.commitment, p.r, p.body FROM entry e"
                  " LEFT JOIN payload p ON p.place = e.place WHERE e.place >= ? AND e.place < ?"
                  " ORDER BY e.place",
                  SQL_ARGS(sql_of_int(entries_place(log->id, log->size)),
                           sql_of_int(entries_place(log->id, log->size + log->n))));
    while (i < log->n && sql_next(&q)) {
        struct digest hash = leaf_hash(entries_leaf(&q)), commit, r;
        bool good = entries_seq(&q) == log->size + i && digest_equal(&hash, &log->fresh[i]) &&
                    leaf_read(entries_leaf(&q), &leaf) == CAU_OK;
        if (good && leaf.op == LEAF_PUT) {
            good = sql_digest(&q, 2, &commit) == CAU_OK && digest_equal(&commit, &leaf.commit);
            if (good && !sql_is_null(&q, 3)) { /* not sealed */
                good = sql_digest(&q, 3, &r) == CAU_OK;
                commit = leaf_commit(&r, sql_bytes(&q, 4));
                good = good && digest_equal(&commit, &leaf.commit);
            }
        }
        if (!good) {
            q.err = CAU_ERR_CORRUPT;
            break;
        }
        i++;
    }
    enum cau_err err = sql_end(&q);
    return err == CAU_OK && i < log->n ? CAU_ERR_CORRUPT : err;
}

enum cau_err batch_commit(struct writer *w)
{
    enum cau_err err = CAU_OK;
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++) {
        if (w->log[i].n == 0)
            continue;
        err = grow_tree(w, &w->log[i]);
        if (err == CAU_OK)
            err = read_back(w, &w->log[i]);
    }
    if (err == CAU_OK && w->keys_written) /* first: a key without a record harms nobody */
        err = store_commit(w->keys);
    if (err == CAU_OK)
        err = store_commit(w->db);
    if (err != CAU_OK)
        return err;
    w->keys_written = false;
    for (int i = 0; i < NODE_LOGS; i++) {
        w->log[i].size = w->log[i].tree->size;
        w->log[i].n = 0;
    }
    return CAU_OK;
}

static enum cau_err load_log(struct writer *w, struct arena *a, struct writer_log *log)
{
    struct entries_log stored;
    enum cau_err err = entries_get_log(w->db, a, log->id, &stored);
    if (err == CAU_OK)
        err = entries_load_tree(w->db, &stored, log->tree);
    if (err != CAU_OK)
        return err;
    log->size = stored.size;
    log->root = stored.root;
    log->n = 0;
    return CAU_OK;
}

enum cau_err batch_load(struct writer *w)
{
    struct arena a = arena_new(1 << 20);
    enum cau_err err = CAU_OK;
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        err = load_log(w, &a, &w->log[i]);
    if (err == CAU_OK)
        err = feed_newest(w->db, &w->last_t);
    apply_forget(&w->apply);
    arena_free(&a);
    return err;
}

void batch_undo(struct writer *w)
{
    store_undo(w->db);
    if (w->keys_written)
        store_undo(w->keys);
    w->keys_written = false;
    if (batch_load(w) != CAU_OK)
        writer_set_state(w, NODE_DAMAGED);
}

/* ---- the whole turn ---- */

static enum cau_err may_write(struct writer *w)
{
    int state = atomic_load(&w->n->state);
    if (state == NODE_ROLLED_BACK || state == NODE_DAMAGED)
        return CAU_ERR_CORRUPT;
    uint64_t left = 0, all = 0;
    enum cau_err err = w->n->hook.room != NULL ? w->n->hook.room(w->n->dir, &left, &all)
                                               : file_room(w->n->dir, &left, &all);
    if (err != CAU_OK)
        return err;
    uint64_t least = all / 20 < WRITER_ROOM_MAX ? all / 20 : WRITER_ROOM_MAX;
    bool full = left < WRITER_ROOM_BYTES || left < least;
    if (full != (state == NODE_FULL))
        writer_set_state(w, full ? NODE_FULL : NODE_NORMAL);
    return full ? CAU_ERR_FULL : CAU_OK;
}

static void index_change(struct writer *w, struct ready *x)
{
    int version = (int)x->change->audience;
    enum cau_err err = x->direct ? feed_put(&w->feed, &x->record, version, &x->facts)
                                 : feed_doc(&w->feed, x->record.doc);
    w->index_changes++;
    if (err != CAU_OK)
        log_line(LOG_ERROR, "index: document %u not taken: %s", x->record.doc,
                 cau_err_name(err));
}

static void index_batch(struct writer *w, int64_t before_t)
{
    for (size_t i = 0; i < w->batched; i++)
        for (size_t j = 0; w->batch[i]->err == CAU_OK && j < w->batch[i]->count; j++)
            index_change(w, &w->batch[i]->change[j]);
    if (w->apply.fed) {
        feed_owners(&w->feed, before_t);
        w->apply.fed = false;
        w->feed_rows = true;
    }
    w->feed.position = w->last_t;
}

static void answer(struct writer *w, enum cau_err err)
{
    if (err == CAU_OK)
        atomic_fetch_add(&w->done, w->entries);
    for (size_t i = 0; i < w->batched; i++) {
        if (w->batch[i]->err == CAU_OK)
            w->batch[i]->err = err;
        sync_door_open(&w->batch[i]->done);
    }
}

static void collect(struct writer *w, struct request *first)
{
    int64_t until = clock_monotonic_us() + WRITER_BATCH_WAIT_MS * 1000;
    for (struct request *r = first; r != NULL;) {
        w->batch[w->batched++] = r;
        w->entries += r->step != NULL ? 1 : r->count;
        do_request(w, r);
        if (w->fatal != CAU_OK || w->batched == WRITER_BATCH_ENTRIES_MAX ||
            w->entries >= WRITER_BATCH_ENTRIES_MAX || clock_monotonic_us() >= until)
            break;
        r = sync_queue_take(&w->queue, 0);
    }
}

void batch_run(struct writer *w, struct request *first)
{
    int64_t before_t = w->last_t;
    w->batched = w->entries = 0;
    w->fatal = CAU_OK;
    enum cau_err err = may_write(w);
    if (err == CAU_OK)
        err = store_begin(w->db);
    if (err != CAU_OK) {
        w->batch[w->batched++] = first;
        answer(w, err);
        return;
    }
    key_hold(&w->organization_key);
    collect(w, first);
    key_hide(&w->organization_key);
    err = w->fatal;
    if (err == CAU_OK)
        err = batch_commit(w);
    if (err == CAU_OK) {
        index_batch(w, before_t);
        w->wrote_us = clock_monotonic_us();
    } else {
        log_line(LOG_ERROR, "writer: %zu requests undone: %s", w->batched, cau_err_name(err));
        batch_undo(w);
    }
    answer(w, err);
}
