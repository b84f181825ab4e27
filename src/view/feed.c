#include "view/feed_int.h"

#include "base/log.h"
#include "record/json.h"

enum { TOGETHER = 16384 };                /* documents put into the index at once */
#define DOC_BYTES      ((size_t)32 << 20) /* one document: 256 KiB of JSON and what is made of it */
#define TOGETHER_BYTES ((size_t)128 << 20) /* then no further one is read before they are put */

void feed_begin(struct feed *f, struct node *n, struct store *s, struct store *keys)
{
    *f =
        (struct feed){.n = n, .s = s, .keys = keys, .a = arena_new(TOGETHER_BYTES + DOC_BYTES)};
    apply_begin(&f->look, n, s, s, keys);
    f->position = (int64_t)index_position(n->index);
}

void feed_end(struct feed *f)
{
    arena_free(&f->a);
}

/* A version of the public log whose publication is not `published` is for its owner alone. */
static unsigned audience_of(int version, const struct facts *f)
{
    bool held = f->publication.len > 0 && !str_is(f->publication, "published");
    return held ? RECORD_PRIVATE : (unsigned)version;
}

static struct index_doc doc_of(const struct apply_record *record, int version,
                               const struct facts *facts)
{
    return (struct index_doc){.doc = record->doc,
                              .audience = audience_of(version, facts),
                              .owner = record->owner,
                              .updated_ms = record->head[version].t,
                              .text = facts->text,
                              .text_count = facts->text_count,
                              .value = facts->value,
                              .value_count = facts->value_count};
}

/* What is in memory goes into the file before it is too much; a node that only reads leaves the file alone. */
static enum cau_err make_room(struct feed *f)
{
    struct index *ix = f->n->index;
    return f->n->mode == NODE_WRITE && index_wants_save(ix) ? index_save(ix, index_position(ix))
                                                            : CAU_OK;
}

/* A version that is not taken does not leave the one before it to be found: that may have been for more readers. */
static enum cau_err put(struct feed *f, const struct index_doc *doc)
{
    enum cau_err err = index_put(f->n->index, doc);
    if (err == CAU_OK)
        return make_room(f);
    index_remove(f->n->index, doc->doc);
    f->full = f->full || err == CAU_ERR_MEMORY;
    return err;
}

enum cau_err feed_put(struct feed *f, const struct apply_record *record, int version,
                      const struct facts *facts)
{
    if (facts->withdrawn) {
        index_remove(f->n->index, record->doc);
        return CAU_OK;
    }
    struct index_doc doc = doc_of(record, version, facts);
    return put(f, &doc);
}

static enum cau_err read_facts(struct feed *f, const struct apply_record *record, int version,
                               struct facts *out, bool *readable)
{
    struct str name;
    struct node_payload payload;
    struct value value;
    *readable = false;
    enum cau_err err = apply_kind_name(f->s, &f->a, record->kind, &name);
    if (err != CAU_OK)
        return err;
    const struct kind *kind = kinds_find(&f->n->kinds, name);
    err = node_payload_at(
        f->s, f->keys, &f->n->key, &f->a,
        entries_place(node_log((enum record_audience)version), record->head[version].seq),
        &payload);
    if (err != CAU_OK || payload.redacted || kind == NULL)
        return err;
    err = json_read_stored(&f->a, payload.body, &value);
    if (err == CAU_OK)
        err = facts_of(&f->a, kind, &value, true, out);
    *readable = err == CAU_OK;
    return err;
}

/* What the index is to know of a document; *there is false when that is nothing. Lives in f->a. */
static enum cau_err read_doc(struct feed *f, uint32_t doc, struct index_doc *out, bool *there)
{
    struct apply_record record;
    struct facts facts;
    *there = false;
    enum cau_err err = apply_find_doc(&f->look, doc, &record);
    int version = err == CAU_OK ? apply_indexed(&record) : -1;
    if (version >= 0)
        err = read_facts(f, &record, version, &facts, there);
    *there = *there && !facts.withdrawn;
    if (*there)
        *out = doc_of(&record, version, &facts);
    return err;
}

enum cau_err feed_doc(struct feed *f, uint32_t doc)
{
    struct index_doc known;
    bool there;
    arena_reset(&f->a);
    enum cau_err err = read_doc(f, doc, &known, &there);
    if (there)
        return put(f, &known);
    index_remove(f->n->index, doc);
    return err;
}

/* One bad document must not keep the others out; an index that takes no more is no matter of one document. */
static enum cau_err or_log(const struct feed *f, uint32_t doc, enum cau_err err)
{
    if (err == CAU_OK || err == CAU_ERR_IO || err == CAU_ERR_FULL || err == CAU_ERR_BUSY ||
        f->full)
        return err;
    log_line(LOG_ERROR, "index: document %u not taken: %s", doc, cau_err_name(err));
    return CAU_OK;
}

static enum cau_err feed_or_log(void *with, uint32_t doc)
{
    return or_log(with, doc, feed_doc(with, doc));
}

static enum cau_err each_owned(struct store *s, int64_t t,
                               enum cau_err (*each)(void *with, uint32_t doc), void *with)
{
    struct sql q = sql_start(s, "SELECT doc FROM feed WHERE t > ?", SQL_ARGS(sql_of_int(t)));
    while (q.err == CAU_OK && sql_next(&q))
        q.err = each(with, (uint32_t)sql_int(&q, 0));
    return sql_end(&q);
}

enum cau_err feed_owners(struct feed *f, int64_t t)
{
    return each_owned(f->s, t, feed_or_log, f);
}

static enum cau_err leaf_time(struct str bytes, struct leaf *leaf)
{
    return leaf_read(bytes, leaf) == CAU_OK ? CAU_OK : CAU_ERR_CORRUPT;
}

static enum cau_err log_newest(struct store *s, uint32_t log, int64_t *t)
{
    struct leaf leaf;
    struct sql q = sql_start(s,
                             "SELECT leaf FROM entry WHERE place >= ? AND place < ?"
                             " ORDER BY place DESC LIMIT 1",
                             SQL_ARGS(sql_of_int(entries_place(log, 0)),
                                      sql_of_int(entries_place(log, ENTRIES_SIZE_MAX))));
    if (sql_next(&q)) {
        q.err = leaf_time(sql_bytes(&q, 0), &leaf);
        if (q.err == CAU_OK && leaf.t > *t)
            *t = leaf.t;
    }
    return sql_end(&q);
}

enum cau_err feed_newest(struct store *s, int64_t *t)
{
    int64_t newest = 0;
    enum cau_err err = CAU_OK;
    for (uint32_t log = 1; log <= NODE_LOGS && err == CAU_OK; log++)
        err = log_newest(s, log, &newest);
    if (err == CAU_OK)
        *t = newest;
    return err;
}

/* Entries stand in order of time, so those after t are at the end. */
static enum cau_err each_in_log(struct store *s, uint32_t log, int64_t t,
                                enum cau_err (*each)(void *with, uint32_t doc), void *with)
{
    struct leaf leaf;
    struct sql q = sql_start(s,
                             "SELECT leaf FROM entry WHERE place >= ? AND place < ?"
                             " ORDER BY place DESC",
                             SQL_ARGS(sql_of_int(entries_place(log, 0)),
                                      sql_of_int(entries_place(log, ENTRIES_SIZE_MAX))));
    while (q.err == CAU_OK && sql_next(&q)) {
        uint32_t doc = 0;
        q.err = leaf_time(sql_bytes(&q, 0), &leaf);
        if (q.err != CAU_OK || leaf.t <= t)
            break;
        if (leaf.op != LEAF_PUT && leaf.op != LEAF_REDACT)
            continue;
        q.err = apply_doc_of_rid(s, &leaf.rid, &doc);
        if (q.err == CAU_OK && doc > 0)
            q.err = each(with, doc);
    }
    return sql_end(&q);
}

enum cau_err feed_changed(struct store *s, int64_t t,
                          enum cau_err (*each)(void *with, uint32_t doc), void *with)
{
    enum cau_err err = CAU_OK;
    for (uint32_t log = 1; log <= NODE_LOGS && err == CAU_OK; log++)
        err = each_in_log(s, log, t, each, with);
    return err == CAU_OK ? each_owned(s, t, each, with) : err;
}

/* Documents read one after the other and put together, on all processors; those not taken so come one by one. */
struct together {
    struct feed *f;
    struct index_doc doc[TOGETHER];
    size_t n;
};

static enum cau_err put_together(struct together *t)
{
    struct index *ix = t->f->n->index;
    enum cau_err err = CAU_OK;
    if (index_put_all(ix, t->doc, t->n) != CAU_OK)
        for (size_t i = 0; i < t->n && err == CAU_OK; i++)
            err = or_log(t->f, t->doc[i].doc, put(t->f, &t->doc[i]));
    t->n = 0;
    arena_reset(&t->f->a);
    return err == CAU_OK ? make_room(t->f) : err;
}

static enum cau_err gather(struct together *t, uint32_t doc)
{
    bool there;
    enum cau_err err = or_log(t->f, doc, read_doc(t->f, doc, &t->doc[t->n], &there));
    if (!there) /* it may be there from a time that was cut short */
        index_remove(t->f->n->index, doc);
    t->n += there;
    return err == CAU_OK && (t->n == TOGETHER || t->f->a.used > TOGETHER_BYTES)
               ? put_together(t)
               : err;
}

static enum cau_err follow_all(struct feed *f, const struct node_progress *progress)
{
    int64_t docs = 0;
    struct arena a = arena_new(sizeof(struct together));
    struct together *t = arena_zero(&a, sizeof *t);
    enum cau_err err =
        sql_get_int(f->s, "SELECT ifnull(max(doc), 0) FROM record", SQL_NO_ARGS, &docs);
    if (t == NULL)
        err = CAU_ERR_MEMORY;
    else
        t->f = f;
    if (docs > 0)
        log_line(LOG_INFO, "index: made again from %lld documents", (long long)docs);
    arena_reset(&f->a);
    for (int64_t doc = 1; doc <= docs && err == CAU_OK; doc++) {
        err = gather(t, (uint32_t)doc);
        if (progress != NULL && progress->step != NULL && (doc % 256 == 0 || doc == docs))
            progress->step(progress->ctx, (uint64_t)doc, (uint64_t)docs);
    }
    if (err == CAU_OK)
        err = put_together(t);
    arena_free(&a);
    return err;
}

enum cau_err feed_follow(struct feed *f, const struct node_progress *progress)
{
    int64_t newest = 0;
    enum cau_err err = feed_newest(f->s, &newest);
    if (err != CAU_OK || newest <= f->position)
        return err;
    if (f->position == 0)
        err = follow_all(f, progress);
    else
        err = feed_changed(f->s, f->position, feed_or_log, f);
    if (err == CAU_OK)
        f->position = newest;
    return err;
}
