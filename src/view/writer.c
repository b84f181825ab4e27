#include "view/writer_int.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "ledger/note.h"
#include "record/json.h"

/* ---- on the caller's thread ---- */

static struct arena take_arena(struct writer *w)
{
    struct arena a = {NULL, 0, 0};
    sync_lock(&w->spare_lock);
    if (w->spares > 0)
        a = w->spare[--w->spares];
    sync_unlock(&w->spare_lock);
    return a.base != NULL ? a : arena_new(WRITER_ARENA_BYTES);
}

static void give_arena(struct writer *w, struct arena *a)
{
    arena_reset(a);
    sync_lock(&w->spare_lock);
    bool keep = w->spares < WRITER_SPARE_MAX;
    if (keep)
        w->spare[w->spares++] = *a;
    sync_unlock(&w->spare_lock);
    if (!keep)
        arena_free(a);
}

static enum cau_err ready_put(struct arena *a, struct ready *x)
{
    const struct writer_change *c = x->change;
    struct value payload;
    if (c->kind == NULL)
        return CAU_ERR_UNKNOWN;
    enum cau_err err = json_read_canonical(a, c->payload, RECORD_BYTES_MAX, &payload, NULL);
    if (err == CAU_OK && payload.type != VALUE_OBJECT)
        err = CAU_ERR_SYNTAX;
    if (err == CAU_OK)
        err = facts_of(a, c->kind, &payload, true, &x->facts);
    if (err != CAU_OK)
        return err;
    digest_random(x->r.b, sizeof x->r.b);
    x->commit = leaf_commit(&x->r, c->payload);
    return CAU_OK;
}

static enum cau_err make_ready(struct node *n, struct arena *a, const struct writer_change *c,
                               struct ready *x)
{
    must(c->audience < RECORD_AUDIENCES && c->op <= WRITER_REDACT);
    *x = (struct ready){.change = c, .org = n->organization};
    if (c->organization.len > 0 && leaf_read_rid(c->organization, &x->org) != CAU_OK)
        return CAU_ERR_UNKNOWN;
    if (c->id.len > 0) {
        if (leaf_read_rid(c->id, &x->rid) != CAU_OK)
            return CAU_ERR_UNKNOWN;
    } else if (c->op != WRITER_PUT) {
        return CAU_ERR_UNKNOWN;
    } else if (c->after != NULL) {
        return CAU_ERR_STALE;
    } else {
        x->fresh = true;
        x->rid = leaf_id_make();
    }
    if (c->op == WRITER_PUT)
        return ready_put(a, x);
    struct leaf leaf = {.op = LEAF_REDACT, /* the rules for `why` are the leaf's */
                        .node = n->config.name,
                        .aud = STR("public"),
                        .t = 1,
                        .upto = 1,
                        .why = c->why};
    return leaf_check(&leaf);
}

/* What is in the queue belongs to the writer's thread until its door is open. */
static enum cau_err put_into_queue(struct writer *w, struct request *r)
{
    sync_door_init(&r->done);
    enum cau_err err = sync_queue_put(&w->queue, r, w->queue_wait_ms);
    if (err != CAU_OK)
        sync_door_end(&r->done);
    return err == CAU_ERR_REFUSED ? CAU_ERR_BUSY : err; /* refused: closed */
}

static enum cau_err wait_for(struct request *r)
{
    sync_door_wait(&r->done);
    sync_door_end(&r->done);
    return r->err;
}

struct writer_ticket {
    struct arena a; /* holds everything of the request, this too */
    struct request r;
};

enum cau_err writer_put_start(struct node *n, const struct writer_change *change, size_t count,
                              struct writer_ticket **out)
{
    struct writer *w = n->writer;
    must(w != NULL);
    if (count == 0 || count > WRITER_GROUP_MAX)
        return CAU_ERR_RANGE;
    struct arena a = take_arena(w);
    struct writer_ticket *t = arena_take(&a, sizeof *t);
    must(t != NULL); /* the arena is empty, and larger */
    t->r = (struct request){.count = count};
    t->r.change = arena_take(&a, count * sizeof *t->r.change);
    t->r.result = arena_take(&a, count * sizeof *t->r.result);
    enum cau_err err = t->r.change == NULL || t->r.result == NULL ? CAU_ERR_MEMORY : CAU_OK;
    for (size_t i = 0; i < count && err == CAU_OK; i++)
        err = make_ready(n, &a, &change[i], &t->r.change[i]);
    t->a = a;
    if (err == CAU_OK)
        err = put_into_queue(w, &t->r);
    if (err == CAU_OK)
        *out = t;
    else
        give_arena(w, &a);
    return err;
}

enum cau_err writer_put_end(struct node *n, struct writer_ticket *ticket,
                            struct writer_result *result)
{
    enum cau_err err = wait_for(&ticket->r);
    if (err == CAU_OK)
        memcpy(result, ticket->r.result, ticket->r.count * sizeof *result);
    struct arena a = ticket->a;
    give_arena(n->writer, &a);
    return err;
}

enum cau_err writer_put(struct node *n, const struct writer_change *change, size_t count,
                        struct writer_result *result)
{
    struct writer_ticket *ticket;
    if (count == 0)
        return CAU_OK;
    enum cau_err err = writer_put_start(n, change, count, &ticket);
    return err == CAU_OK ? writer_put_end(n, ticket, result) : err;
}

enum cau_err writer_run(struct node *n, enum cau_err (*step)(struct store *s, void *arg),
                        void *arg)
{
    must(n->writer != NULL);
    struct request r = {.step = step, .arg = arg};
    enum cau_err err = put_into_queue(n->writer, &r);
    return err == CAU_OK ? wait_for(&r) : err;
}

uint64_t writer_count(const struct node *n)
{
    must(n->writer != NULL);
    return atomic_load(&n->writer->done);
}

enum cau_err writer_settle(struct node *n, unsigned wait_ms)
{
    struct writer *w = n->writer;
    must(w != NULL);
    uint64_t want = atomic_load(&w->done);
    int64_t until = clock_monotonic_us() + (int64_t)wait_ms * 1000;
    const struct timespec pause = {0, 2 * 1000 * 1000};
    while (atomic_load(&w->settled) < want) {
        if (clock_monotonic_us() >= until)
            return CAU_ERR_BUSY;
        nanosleep(&pause, NULL);
    }
    return CAU_OK;
}

/* ---- on the writer's thread ---- */

static const char *const state_name[] = {
    [NODE_NORMAL] = "normal",
    [NODE_ROLLED_BACK] = "shorter than ckpt.db says, or ckpt.db is new: reads only",
    [NODE_DAMAGED] = "damaged, a hash does not hold: reads only",
    [NODE_FULL] = "the disk is full: reads only",
};

void writer_set_state(struct writer *w, enum node_state state)
{
    if (atomic_exchange(&w->n->state, (int)state) != (int)state)
        log_line(state == NODE_NORMAL ? LOG_INFO : LOG_ERROR, "node: %s", state_name[state]);
}

static void save_index(struct writer *w)
{
    enum cau_err err = index_save(w->n->index, (uint64_t)w->feed.position);
    if (err != CAU_OK)
        log_line(LOG_WARN, "index: not saved: %s", cau_err_name(err));
    w->index_changes = 0;
    if (err != CAU_OK || !w->feed_rows || store_begin(w->db) != CAU_OK)
        return;
    err =
        sql_do(w->db, "DELETE FROM feed WHERE t <= ?", SQL_ARGS(sql_of_int(w->feed.position)));
    if (err == CAU_OK)
        err = store_commit(w->db);
    else
        store_undo(w->db);
    w->feed_rows = err != CAU_OK;
}

/* The keys of persons who were erased: first out of keys.db, then out of the list. */
static enum cau_err forget_persons(struct writer *w)
{
    enum cau_err err = store_begin(w->keys);
    if (err != CAU_OK)
        return err;
    struct sql q = sql_start(w->db, "SELECT subject FROM erase_todo", SQL_NO_ARGS);
    while (q.err == CAU_OK && sql_next(&q))
        q.err = keys_erase_subject(w->keys, sql_bytes(&q, 0));
    err = sql_end(&q);
    if (err == CAU_OK)
        err = store_commit(w->keys);
    else
        store_undo(w->keys);
    if (err == CAU_OK)
        err = store_checkpoint(w->keys, true);
    if (err == CAU_OK)
        err = sql_do(w->db, "DELETE FROM erase_todo", SQL_NO_ARGS);
    w->forget = err != CAU_OK;
    return err;
}

/* After an erasure: no file may hold what was erased. A reader in the way is waited for. */
static void scrub(struct writer *w)
{
    save_index(w);
    if (store_checkpoint(w->db, true) == CAU_OK && w->index_changes == 0)
        w->scrub = false;
    w->wal_done = 0;
}

static void move_wal(struct writer *w)
{
    unsigned pages = store_wal_pages(w->db);
    if (pages < w->wal_done)
        w->wal_done = 0; /* it began anew */
    if (pages < w->wal_done + WRITER_WAL_PAGES)
        return;
    enum cau_err err = store_checkpoint(w->db, false);
    if (err != CAU_OK && err != CAU_ERR_BUSY)
        log_line(LOG_WARN, "writer: log not moved: %s", cau_err_name(err));
    w->wal_done = pages;
}

static int64_t ms_since(int64_t us)
{
    return (clock_monotonic_us() - us) / 1000;
}

static bool publish_now(const struct writer *w)
{
    return publish_due(w) && ms_since(w->signed_us) >= w->checkpoint_ms;
}

static bool writable(const struct writer *w)
{
    int state = atomic_load(&w->n->state);
    return state == NODE_NORMAL || state == NODE_FULL;
}

static void chores(struct writer *w)
{
    if (!writable(w))
        return;
    move_wal(w);
    if (w->forget)
        forget_persons(w);
    if (w->scrub)
        scrub(w);
    if (publish_now(w)) {
        publish(w);
        w->signed_us = clock_monotonic_us();
    }
    if (w->index_changes >= WRITER_INDEX_CHANGES ||
        (w->index_changes > 0 && ms_since(w->wrote_us) >= WRITER_INDEX_IDLE_MS))
        save_index(w);
    if (!w->scrub && !w->forget && !publish_due(w))
        atomic_store(&w->settled, atomic_load(&w->done));
}

/* How long the queue may be waited at before a chore is due; -1: for ever. */
static int rest_ms(const struct writer *w)
{
    if (!writable(w))
        return -1;
    if (w->scrub || w->forget)
        return 50;
    if (publish_due(w)) {
        int64_t left = (int64_t)w->checkpoint_ms - ms_since(w->signed_us);
        return left <= 0 ? 0 : (int)left;
    }
    return w->index_changes > 0 ? WRITER_INDEX_IDLE_MS : -1;
}

static void *run(void *arg)
{
    struct writer *w = arg;
    for (;;) {
        struct request *r = sync_queue_take(&w->queue, rest_ms(w));
        if (r != NULL)
            batch_run(w, r);
        else if (atomic_load(&w->closing))
            break; /* closed, and nothing is left in it */
        chores(w);
    }
    return NULL;
}

/* ---- starting and stopping ---- */

static enum cau_err append_key(struct writer *w, const struct key_pair *identity,
                               enum leaf_use use, const struct key_public *key)
{
    uint64_t seq;
    struct digest hash;
    struct leaf leaf = {
        .op = LEAF_KEY, .org = w->n->organization, .act = LEAF_ADD, .use = use, .key = *key};
    return batch_append(w, RECORD_PUBLIC, &leaf, identity, &seq, &hash);
}

/* The hash of each kind's file that the log does not have yet. */
static enum cau_err append_schema(struct writer *w, struct arena *a, const struct kind *kind)
{
    char hex[DIGEST_HEX(32)];
    struct buf name = buf_new(64);
    struct str known = {NULL, 0};
    digest_to_hex(kind->hash.b, sizeof kind->hash.b, hex);
    buf_add_word(&name, "schema.");
    buf_add(&name, kind->name_major);
    enum cau_err err = local_setting_get(w->db, a, buf_str(&name), &known);
    struct str text = {hex, sizeof hex};
    if (err == CAU_ERR_UNKNOWN || (err == CAU_OK && !str_equal(known, text))) {
        uint64_t seq;
        struct digest hash;
        struct leaf leaf = {.op = LEAF_SCHEMA, .org = w->n->organization, .hash = kind->hash};
        err = batch_append(w, RECORD_PUBLIC, &leaf, &w->organization_key, &seq, &hash);
        if (err == CAU_OK)
            err = local_setting_set(w->db, buf_str(&name), text);
    }
    buf_free(&name);
    return err;
}

/* What the node says about itself: its keys once, its kinds whenever they change. */
static enum cau_err introduce(struct writer *w, const struct key_pair *identity)
{
    struct arena a = arena_new(1 << 20);
    enum cau_err err = store_begin(w->db);
    if (err == CAU_OK && w->log[RECORD_PUBLIC].size == 0) {
        must(identity != NULL);
        err = append_key(w, identity, LEAF_USE_LOG, &w->log_key.public_key);
        if (err == CAU_OK)
            err = append_key(w, identity, LEAF_USE_ORG, &w->organization_key.public_key);
    }
    for (size_t i = 0; i < w->n->kinds.n && err == CAU_OK; i++)
        err = append_schema(w, &a, &w->n->kinds.kind[i]);
    if (err == CAU_OK)
        err = batch_commit(w);
    if (err != CAU_OK)
        batch_undo(w);
    arena_free(&a);
    return err;
}

static enum cau_err load_signed(struct writer *w, struct writer_log *log)
{
    struct arena a = arena_new((size_t)2 * NOTE_BYTES_MAX);
    struct ckpt_last last;
    struct entries_checkpoint published = {0};
    enum cau_err err = ckpt_get(w->ckpt, w->n->origin[log->id - 1], &last);
    if (err == CAU_OK) {
        log->signed_size = last.size;
        log->signed_root = last.root;
        err = entries_last_checkpoint(w->db, &a, log->id, &published);
        log->published = published.size;
    }
    arena_free(&a);
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
}

static enum cau_err open_files(struct writer *w)
{
    const struct node *n = w->n;
    enum cau_err err = store_open(n->main_path, STORE_MAIN, STORE_WRITE, &w->db);
    if (err == CAU_OK && n->hook.weak_sync)
        err = sql_do(w->db, "PRAGMA synchronous=NORMAL", SQL_NO_ARGS);
    if (err == CAU_OK)
        err = store_open(n->ckpt_path, STORE_CKPT,
                         file_exists(n->ckpt_path) ? STORE_WRITE : STORE_MAKE, &w->ckpt);
    if (err == CAU_OK)
        err = store_open(n->keys_path, STORE_KEYS, STORE_WRITE, &w->keys);
    if (err == CAU_OK)
        err = keys_get(w->keys, &n->key, STR("log"), &w->log_key);
    if (err == CAU_OK)
        err = keys_get(w->keys, &n->key, STR("org"), &w->organization_key);
    return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
}

static enum cau_err bring_up(struct writer *w, const struct key_pair *identity)
{
    struct node *n = w->n;
    int64_t todo = 0;
    enum cau_err err = node_health(n, w->db, w->ckpt, &n->state);
    if (err == CAU_OK && !writable(w)) {
        log_line(LOG_ERROR, "node: %s", state_name[atomic_load(&n->state)]);
        feed_begin(&w->feed, n, w->db, w->keys);
        err = feed_follow(&w->feed, NULL);
        return err == CAU_ERR_CORRUPT ? CAU_OK : err; /* the index stays as far as it came */
    }
    if (err == CAU_OK)
        err = batch_load(w);
    for (int i = 0; i < NODE_LOGS && err == CAU_OK; i++)
        err = load_signed(w, &w->log[i]);
    if (err == CAU_OK)
        err = introduce(w, identity);
    if (err == CAU_OK)
        err = sql_get_int(w->db, "SELECT count(*) FROM erase_todo", SQL_NO_ARGS, &todo);
    w->forget = w->scrub = todo > 0;
    w->feed_rows = true; /* perhaps: the first save looks */
    if (err != CAU_OK)
        return err;
    feed_begin(&w->feed, n, w->db, w->keys);
    return feed_follow(&w->feed, NULL);
}

static void release(struct writer *w)
{
    key_drop(&w->log_key);
    key_drop(&w->organization_key);
    feed_end(&w->feed);
    for (size_t i = 0; i < w->spares; i++)
        arena_free(&w->spare[i]);
    buf_free(&w->leaf);
    store_close(w->keys);
    store_close(w->ckpt);
    store_close(
        w->db); /* the only connection that may: moves what is left of the log into the file */
    sync_queue_end(&w->queue);
    w->n->writer = NULL;
}

/* The large arrays are not cleared, so that a quiet node does not pay for them. */
static enum cau_err take_space(struct writer *w, struct arena *a, void ***slot)
{
    w->batch = arena_take(a, WRITER_BATCH_ENTRIES_MAX * sizeof(struct request *));
    *slot = arena_take(a, WRITER_QUEUE_ENTRIES_MAX * sizeof(void *));
    bool full = w->batch == NULL || *slot == NULL;
    for (int i = 0; i < NODE_LOGS; i++) {
        struct writer_log *log = &w->log[i];
        log->id = node_log((enum record_audience)i);
        log->tree = arena_take(a, sizeof *log->tree);
        log->fresh = arena_take(a, WRITER_FRESH_MAX * sizeof *log->fresh);
        full = full || log->tree == NULL || log->fresh == NULL;
    }
    return full ? CAU_ERR_MEMORY : CAU_OK;
}

enum cau_err writer_start(struct node *n, const struct key_pair *identity)
{
    void **slot;
    struct writer *w = arena_zero(&n->life, sizeof *w);
    if (w == NULL || take_space(w, &n->life, &slot) != CAU_OK)
        return CAU_ERR_MEMORY;
    const struct node_hook *hook = &n->hook;
    n->writer = w;
    w->n = n;
    w->leaf = buf_new(LEAF_BYTES_MAX);
    w->spare_lock = (struct sync_mutex)SYNC_MUTEX;
    w->checkpoint_ms = hook->checkpoint_ms > 0 ? hook->checkpoint_ms : CHECKPOINT_WAIT_MS_MAX;
    w->queue_wait_ms = hook->wait_ms > 0 ? hook->wait_ms : WRITER_QUEUE_WAIT_MS;
    w->signed_us = -(int64_t)w->checkpoint_ms * 1000;
    sync_queue_init(&w->queue, slot,
                    hook->queue_requests > 0 ? hook->queue_requests : WRITER_QUEUE_ENTRIES_MAX);
    enum cau_err err = open_files(w);
    if (err == CAU_OK) {
        apply_begin(&w->apply, n, w->db, w->db, w->keys);
        err = bring_up(w, identity);
    }
    if (err == CAU_OK)
        err = sync_start(&w->thread, run, w);
    if (err != CAU_OK)
        release(w);
    return err;
}

void writer_stop(struct node *n)
{
    struct writer *w = n->writer;
    atomic_store(&w->closing, true);
    sync_queue_close(&w->queue);
    sync_join(&w->thread);
    if (writable(w)) {
        if (publish_due(w))
            publish(w);
        if (w->index_changes > 0 || w->feed.position != (int64_t)index_position(n->index))
            save_index(w);
        if (w->scrub)
            scrub(w);
    }
    release(w);
}
