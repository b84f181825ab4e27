#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/table.h"
#include "language/analysis.h"
#include "language/lexicon.h"
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "store/attachment.h"
#include "store/ckpt.h"
#include "view/rebuild_int.h"

#define FAULTS_MAX 1000 /* told of one kind of test; a broken file has no end of them */

/* ---- one check ---- */

struct check {
    struct node *n;
    struct store *main, *keys, *ckpt;
    const struct node_check *out;
    uint64_t faults, done, all;
    struct key_public identity;
    struct arena a; /* of the entry in work */
};

static void fault(struct check *c, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void fault(struct check *c, const char *what, const char *format, ...)
{
    char where[200];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(where, sizeof where, format, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof where ? (size_t)n : sizeof where - 1;
    if (c->faults++ < FAULTS_MAX)
        c->out->fault(c->out->ctx, what, (struct str){where, len});
}

static const char *log_name(uint32_t log)
{
    return record_audience_name((enum record_audience)(log - 1)).p;
}

/* ---- the file itself ---- */

static void check_file(struct check *c)
{
    struct sql q = sql_start(c->main, "PRAGMA integrity_check(100)", SQL_NO_ARGS);
    while (sql_next(&q)) {
        struct str line = sql_bytes(&q, 0);
        if (!str_is(line, "ok"))
            fault(c, "database", "%.*s", STR_ARG(line));
    }
    enum cau_err err = sql_end(&q);
    if (err != CAU_OK)
        fault(c, "database", "integrity_check %s", cau_err_name(err));
}

/* The settings that outlive a connection: they are what durability and erasure rest on. */
static void check_settings(struct check *c)
{
    struct str mode = {NULL, 0};
    int64_t vacuum = 0;
    arena_reset(&c->a);
    if (sql_get_bytes(c->main, &c->a, "PRAGMA journal_mode", SQL_NO_ARGS, &mode) != CAU_OK ||
        !str_is(mode, "wal"))
        fault(c, "sqlite", "journal_mode %.*s", STR_ARG(mode));
    if (sql_get_int(c->main, "PRAGMA auto_vacuum", SQL_NO_ARGS, &vacuum) != CAU_OK ||
        vacuum != 2)
        fault(c, "sqlite", "auto_vacuum %d", (int)vacuum);
}

/* ---- leaves, chains, redactions ---- */

/* What is known of one record in one log. */
struct chain {
    uint64_t n, upto; /* versions so far; those up to upto are redacted */
    struct digest last;
};

struct log_check {
    struct check *c;
    uint32_t log;
    struct entries_log head;
    struct table index; /* record id -> place in chain */
    struct buf chain;   /* of struct chain */
    struct tree tree;
    struct sql points; /* sizes and roots of checkpoints, ascending */
    bool more_points;
    struct ckpt_last last;
    bool has_last;
    int64_t t;
    uint64_t tiles;
};

static struct chain *chain_of(struct log_check *l, const struct leaf_id *rid)
{
    uint32_t at = 0, fresh = (uint32_t)(l->chain.len / sizeof(struct chain));
    bool added = false;
    struct str key = {(const char *)rid->b, sizeof rid->b};
    if (table_intern(&l->index, key, fresh, &at, &added) != CAU_OK)
        return NULL;
    if (added) {
        struct chain none = {0};
        buf_add(&l->chain, (struct str){(const char *)&none, sizeof none});
    }
    return l->chain.failed ? NULL : (struct chain *)(void *)l->chain.p + at;
}

/* I6: n rises by one and prev names the version before. */
static void check_chain(struct log_check *l, uint64_t seq, const struct leaf *leaf,
                        const struct digest *hash)
{
    struct chain *k = chain_of(l, &leaf->rid);
    if (k == NULL) {
        fault(l->c, "chain", "%s/%llu not tested: memory", log_name(l->log),
              (unsigned long long)seq);
        return;
    }
    if (leaf->op == LEAF_REDACT) {
        if (leaf->upto > k->n)
            fault(l->c, "chain", "%s/%llu upto", log_name(l->log), (unsigned long long)seq);
        k->upto = leaf->upto > k->upto ? leaf->upto : k->upto;
        return;
    }
    if (leaf->n != k->n + 1 || (leaf->n > 1 && !digest_equal(&leaf->prev, &k->last)))
        fault(l->c, "chain", "%s/%llu", log_name(l->log), (unsigned long long)seq);
    k->n = leaf->n;
    k->last = *hash;
}

static bool leaf_holds(struct log_check *l, struct str bytes, struct leaf *leaf)
{
    const struct node *n = l->c->n;
    if (leaf_read(bytes, leaf) != CAU_OK || leaf->t <= l->t ||
        !str_equal(leaf->node, n->config.name) ||
        !str_equal(leaf->aud, record_audience_name((enum record_audience)(l->log - 1))))
        return false;
    const struct key_public *key =
        leaf->op == LEAF_KEY ? &l->c->identity : &n->organization_key;
    return leaf_verify(leaf, key) == CAU_OK;
}

/* I4: a published checkpoint states the root of the leaves so far; I5: so does ckpt.db. */
static void check_points(struct log_check *l)
{
    struct digest root = tree_root(&l->tree), stated;
    uint64_t size = l->tree.size;
    while (l->more_points && (uint64_t)sql_int(&l->points, 0) <= size) {
        if ((uint64_t)sql_int(&l->points, 0) < size ||
            sql_digest(&l->points, 1, &stated) != CAU_OK || !digest_equal(&stated, &root))
            fault(l->c, "checkpoint", "%s/%llu root", log_name(l->log),
                  (unsigned long long)sql_int(&l->points, 0));
        l->more_points = sql_next(&l->points);
    }
    if (l->has_last && l->last.size == size && !digest_equal(&l->last.root, &root))
        fault(l->c, "checkpoint", "%s/%llu ckpt.db", log_name(l->log),
              (unsigned long long)size);
}

static enum cau_err check_tile(void *with, unsigned level, uint64_t n,
                               const struct digest hash[TREE_TILE_HASHES])
{
    struct log_check *l = with;
    struct sql q =
        sql_start(l->c->main, "SELECT hashes FROM tile WHERE log = ? AND level = ? AND n = ?",
                  SQL_ARGS(sql_of_int(l->log), sql_of_int(level), sql_of_int((int64_t)n)));
    bool good = sql_next(&q) &&
                str_equal(sql_bytes(&q, 0), (struct str){(const char *)hash, TREE_TILE_BYTES});
    if (sql_end(&q) != CAU_OK || !good)
        fault(l->c, "tile", "%s/%u/%llu", log_name(l->log), level, (unsigned long long)n);
    l->tiles++;
    return CAU_OK;
}

static void check_leaf(struct log_check *l, uint64_t seq, struct str bytes)
{
    struct leaf leaf;
    struct tree_sink sink = {check_tile, l};
    struct digest hash = leaf_hash(bytes);
    if (leaf_holds(l, bytes, &leaf)) {
        l->t = leaf.t;
        if (leaf.op == LEAF_PUT || leaf.op == LEAF_REDACT)
            check_chain(l, seq, &leaf, &hash);
    } else {
        fault(l->c, "leaf", "%s/%llu", log_name(l->log), (unsigned long long)seq);
    }
    must(tree_append(&l->tree, &hash, 1, &sink) == CAU_OK);
    check_points(l);
}

static void step(struct check *c)
{
    const struct node_progress *p = &c->out->progress;
    c->done++;
    if (p->step != NULL && (c->done % 256 == 0 || c->done == c->all))
        p->step(p->ctx, c->done, c->all);
}

/* I2 and I3: no gap, and the root of all leaves. */
static void check_leaves(struct log_check *l)
{
    uint64_t seq = 0;
    check_points(l); /* of the empty tree */
    struct sql q = entries_range(l->c->main, l->log, 0, ENTRIES_SIZE_MAX);
    for (; sql_next(&q); seq++) {
        if (entries_seq(&q) != seq) {
            fault(l->c, "leaf", "%s/%llu missing", log_name(l->log), (unsigned long long)seq);
            break; /* what follows would only repeat it */
        }
        check_leaf(l, seq, entries_leaf(&q));
        step(l->c);
    }
    if (sql_end(&q) != CAU_OK)
        fault(l->c, "database", "%s/%llu cannot be read", log_name(l->log),
              (unsigned long long)seq);
    struct digest root = tree_root(&l->tree);
    if (seq != l->head.size)
        fault(l->c, "leaf", "%s has %llu of %llu", log_name(l->log), (unsigned long long)seq,
              (unsigned long long)l->head.size);
    if (!digest_equal(&root, &l->head.root))
        fault(l->c, "root", "%s/%llu", log_name(l->log), (unsigned long long)l->head.size);
}

/* The stored right edge, and that there is no tile too many. */
static void check_edge(struct log_check *l)
{
    int64_t tiles = 0;
    for (unsigned level = 1; level < TREE_LEVELS_MAX && l->tree.size >> 8 * level > 0;
         level++) {
        struct sql q =
            sql_start(l->c->main, "SELECT hashes FROM frontier WHERE log = ? AND level = ?",
                      SQL_ARGS(sql_of_int(l->log), sql_of_int(level)));
        bool good = sql_next(&q) && str_equal(sql_bytes(&q, 0), tree_edge(&l->tree, level));
        if (sql_end(&q) != CAU_OK || !good)
            fault(l->c, "tile", "%s/%u edge", log_name(l->log), level);
    }
    if (sql_get_int(l->c->main, "SELECT count(*) FROM tile WHERE log = ?",
                    SQL_ARGS(sql_of_int(l->log)), &tiles) != CAU_OK ||
        (uint64_t)tiles != l->tiles)
        fault(l->c, "tile", "%s has %llu of %llu", log_name(l->log), (unsigned long long)tiles,
              (unsigned long long)l->tiles);
}

/* ---- payloads ---- */

static bool payload_opens(struct log_check *l, uint64_t seq, const struct leaf *leaf,
                          bool redacted)
{
    struct node_payload p;
    enum cau_err err = node_payload_at(l->c->main, l->c->keys, &l->c->n->key, &l->c->a,
                                       entries_place(l->log, seq), &p);
    if (err == CAU_ERR_IO && l->c->keys == NULL)
        return true; /* sealed, and this machine has no key to look */
    return err == CAU_OK && p.redacted == redacted &&
           digest_equal(&p.commitment, &leaf->commit) &&
           (redacted || l->log != node_log(RECORD_PUBLIC) || p.body.len == leaf->plen);
}

/* I7: each version opens its commitment or a redaction covers it; and no payload is without a leaf. */
static void check_payloads(struct log_check *l)
{
    struct leaf leaf;
    int64_t rows = 0, puts = 0;
    struct sql q = entries_range(l->c->main, l->log, 0, ENTRIES_SIZE_MAX);
    while (sql_next(&q)) {
        uint64_t seq = entries_seq(&q);
        if (leaf_read(entries_leaf(&q), &leaf) != CAU_OK || leaf.op != LEAF_PUT)
            continue;
        struct chain *k = chain_of(l, &leaf.rid);
        arena_reset(&l->c->a);
        puts++;
        if (k == NULL || !payload_opens(l, seq, &leaf, leaf.n <= k->upto))
            fault(l->c, "payload", "%s/%llu", log_name(l->log), (unsigned long long)seq);
    }
    sql_end(&q);
    if (sql_get_int(l->c->main, "SELECT count(*) FROM payload WHERE place >= ? AND place < ?",
                    SQL_ARGS(sql_of_int(entries_place(l->log, 0)),
                             sql_of_int(entries_place(l->log, ENTRIES_SIZE_MAX))),
                    &rows) != CAU_OK ||
        rows != puts)
        fault(l->c, "payload", "%s has %lld of %lld", log_name(l->log), (long long)rows,
              (long long)puts);
}

/* ---- checkpoints ---- */

static bool note_holds(struct log_check *l, uint64_t size, const struct digest *root,
                       struct str bytes)
{
    struct note note;
    struct note_key key;
    struct note_seal seal;
    struct checkpoint c;
    struct str origin = l->c->n->origin[l->log - 1];
    return note_key_of(origin, NOTE_SIGNATURE, &l->c->n->log_key, &key) == CAU_OK &&
           note_read(bytes, &note) == CAU_OK && note_verify(&note, &key, 1, &seal) == CAU_OK &&
           seal.present && checkpoint_read(note.text, &c) == CAU_OK &&
           str_equal(c.origin, origin) && c.size == size && digest_equal(&c.root, root);
}

static void check_notes(struct log_check *l)
{
    uint64_t largest = 0;
    struct sql q = sql_start(
        l->c->main, "SELECT size, root, note FROM checkpoint WHERE log = ? ORDER BY size",
        SQL_ARGS(sql_of_int(l->log)));
    while (sql_next(&q)) {
        struct digest root;
        largest = (uint64_t)sql_int(&q, 0);
        if (sql_digest(&q, 1, &root) != CAU_OK)
            break;
        if (!note_holds(l, largest, &root, sql_bytes(&q, 2)))
            fault(l->c, "checkpoint", "%s/%llu note", log_name(l->log),
                  (unsigned long long)largest);
    }
    if (sql_end(&q) != CAU_OK)
        fault(l->c, "checkpoint", "%s cannot be read", log_name(l->log));
    if (largest > l->head.size)
        fault(l->c, "checkpoint", "%s/%llu over the log", log_name(l->log),
              (unsigned long long)largest);
    if (!l->has_last)
        fault(l->c, "checkpoint", "%s not in ckpt.db", log_name(l->log));
    else if (l->last.size < largest || l->last.size > l->head.size)
        fault(l->c, "checkpoint", "%s/%llu in ckpt.db", log_name(l->log),
              (unsigned long long)l->last.size);
}

static void check_log(struct check *c, const struct ckpt_last *last, bool has_last,
                      uint32_t log)
{
    struct arena space = arena_new(sizeof(struct log_check) + (1 << 16));
    struct log_check *l = arena_zero(&space, sizeof *l);
    must(l != NULL);
    l->c = c;
    l->log = log;
    l->last = *last;
    l->has_last = has_last;
    l->index = table_new();
    l->chain = buf_new((size_t)8 << 30);
    tree_clear(&l->tree);
    if (entries_get_log(c->main, &space, log, &l->head) != CAU_OK) {
        fault(c, "database", "no log %s", log_name(log));
    } else {
        l->points =
            sql_start(c->main, "SELECT size, root FROM checkpoint WHERE log = ? ORDER BY size",
                      SQL_ARGS(sql_of_int(log)));
        l->more_points = sql_next(&l->points);
        check_leaves(l);
        sql_end(&l->points);
        check_edge(l);
        check_payloads(l);
        check_notes(l);
    }
    buf_free(&l->chain);
    table_free(&l->index);
    arena_free(&space);
}

/* ---- views ---- */

/* Compares the rows of one statement on both connections, value by value. */
static void compare(struct check *c, struct store *made, const char *name, const char *text,
                    int columns)
{
    struct sql x = sql_start(c->main, text, SQL_NO_ARGS);
    struct sql y = sql_start(made, text, SQL_NO_ARGS);
    uint64_t row = 0;
    bool same = true;
    for (;; row++) {
        bool more = sql_next(&x);
        same = sql_next(&y) == more;
        if (!more || !same)
            break;
        for (int i = 0; i < columns && same; i++)
            same = sql_is_null(&x, i) == sql_is_null(&y, i) &&
                   str_equal(sql_bytes(&x, i), sql_bytes(&y, i));
        if (!same)
            break;
    }
    enum cau_err err_x = sql_end(&x), err_y = sql_end(&y);
    if (!same || err_x != CAU_OK || err_y != CAU_OK)
        fault(c, "view", "%s row %llu", name, (unsigned long long)row);
}

static void check_views(struct check *c)
{
    struct store *made = NULL;
    struct rebuild_place at = {0};
    enum cau_err err = store_open("", STORE_VIEWS, STORE_MAKE, &made);
    if (err == CAU_OK)
        err = store_begin(made);
    if (err == CAU_OK)
        err = rebuild_views(c->n, made, c->main, c->keys, NULL, &at);
    if (err != CAU_OK) {
        fault(c, "view", "cannot be made again: %s/%llu %s",
              at.log == 0 ? "" : log_name(at.log), (unsigned long long)at.seq,
              cau_err_name(err));
    } else {
        compare(c, made, "kind", "SELECT id, name FROM kind ORDER BY id", 2);
        compare(c, made, "record",
                "SELECT doc, rid, kind, owner, belongs FROM record ORDER BY doc", 5);
        compare(c, made, "head", "SELECT * FROM head ORDER BY doc, log", 11);
        compare(c, made, "older", "SELECT * FROM older ORDER BY doc, log, n", 4);
        compare(c, made, "link", "SELECT * FROM link ORDER BY doc, log, i", 6);
    }
    store_close(made);
}

/* ---- files kept beside the log ---- */

static void changed_file(void *ctx, const struct digest *hash)
{
    char text[DIGEST_HEX(32)];
    digest_to_hex(hash->b, sizeof hash->b, text);
    fault(ctx, "attachment", "%.*s", (int)sizeof text, text);
}

static void check_attachments(struct check *c)
{
    int64_t tables =
        0; /* a node that an earlier program made has them when it is next served */
    enum cau_err err =
        sql_get_int(c->main, "SELECT count(*) FROM sqlite_master WHERE name = 'attachment'",
                    SQL_NO_ARGS, &tables);
    if (err == CAU_OK && tables > 0)
        err = attachment_check(c->main, changed_file, c);
    if (err != CAU_OK)
        fault(c, "database", "files cannot be read");
}

/* ---- the lexicon ---- */

/* Every byte of it, as whoever translates with it reads it. */
static void check_lexicon(struct check *c)
{
    struct arena own = arena_new(NODE_LEXICON_ROOM);
    struct lexicon *lexicon = NULL;
    struct compound_list *compounds;
    enum cau_err err = compound_open_own(&compounds);
    if (err == CAU_OK) {
        err = node_read_lexicon(c->n, analysis_version(compounds), &own, &lexicon);
        compound_close(compounds);
    }
    if (err != CAU_OK)
        fault(c, "lexicon", "%s: %s", c->n->lexicon_path, cau_err_name(err));
    lexicon_close(lexicon);
    arena_free(&own);
}

/* ---- all of it ---- */

static enum cau_err open_stores(struct check *c)
{
    unsigned char space[256];
    struct arena a = {space, sizeof space, 0};
    struct str key;
    enum cau_err err = store_open(c->n->ckpt_path, STORE_CKPT, STORE_READ, &c->ckpt);
    if (err != CAU_OK)
        c->ckpt = NULL;
    if (c->n->has_key &&
        store_open(c->n->keys_path, STORE_KEYS, STORE_READ, &c->keys) != CAU_OK)
        c->keys = NULL;
    err = store_open(c->n->main_path, STORE_MAIN, STORE_READ, &c->main);
    if (err == CAU_OK)
        err = local_setting_get(c->main, &a, STR("node.identity_key"), &key);
    if (err == CAU_OK)
        err = digest_from_hex(key, c->identity.b, sizeof c->identity.b);
    return err;
}

static void check_all(struct check *c)
{
    struct ckpt_last last[NODE_LOGS] = {0};
    bool has_last[NODE_LOGS];
    for (int i = 0; i < NODE_LOGS; i++) /* before the log, which may be growing */
        has_last[i] = c->ckpt != NULL && ckpt_get(c->ckpt, c->n->origin[i], &last[i]) == CAU_OK;
    if (store_begin_read(c->main) != CAU_OK) {
        fault(c, "database", "cannot be read");
        return;
    }
    int64_t all = 0;
    if (sql_get_int(c->main, "SELECT sum(size) FROM log WHERE own = 1", SQL_NO_ARGS, &all) ==
        CAU_OK)
        c->all = (uint64_t)all;
    check_file(c);
    check_settings(c);
    for (int i = 0; i < NODE_LOGS; i++)
        check_log(c, &last[i], has_last[i], node_log((enum record_audience)i));
    check_views(c);
    check_attachments(c);
    check_lexicon(c);
    store_undo(c->main);
}

enum cau_err node_check(const char *dir, const struct node_check *out)
{
    struct check c = {.out = out, .a = arena_new((size_t)4 << 20)};
    enum cau_err err = node_prepare(dir, NODE_READ, &c.n);
    if (err == CAU_OK)
        err = open_stores(&c);
    if (err == CAU_OK)
        check_all(&c);
    else if (err != CAU_ERR_UNKNOWN)
        fault(&c, "database", "cannot be opened: %s", cau_err_name(err));
    store_close(c.main);
    store_close(c.keys);
    store_close(c.ckpt);
    if (c.n != NULL)
        node_release(c.n);
    arena_free(&c.a);
    return err == CAU_OK && c.faults > 0 ? CAU_ERR_CORRUPT : err;
}
