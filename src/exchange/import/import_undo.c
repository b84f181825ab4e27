/* Taking an import back: every record has a new version with what it was before. */
#include "base/clock.h"
#include "domain/rule/register.h"
#include "exchange/import/import_int.h"

#include <string.h>

struct undo {
    struct node *n;
    struct arena *a; /* of the caller */
    struct arena life, row;
    const struct actor *actor;
    const struct import_progress *progress;
    struct import_outcome *out;
    struct import_report report;
    struct import_writer *writer;
    struct str name; /* "import-0007" */
    struct buf payload;
    enum cau_err err;
    bool stopped;
};

static void collect(void *ctx, const struct import_group *g)
{
    struct undo *u = ctx;
    u->out->changed += (uint32_t)(g->count[IMPORT_CHANGED] + g->count[IMPORT_ADDED]);
    u->out->skipped += (uint32_t)g->refused_n;
}

static void skip(struct undo *u, const struct view_record *r, const char *code)
{
    u->out->skipped++;
    import_report_begin(&u->report, "skipped", 0);
    import_report_str(&u->report, "id", r->id);
    import_report_str(&u->report, "title",
                      record_title(r->kind, &r->payload, node_config(u->n)->lang).text);
    import_report_str(&u->report, "code", str_of(code));
    import_report_end(&u->report);
}

static bool put(struct undo *u, const struct view_record *now, const struct value *payload,
                enum record_audience audience)
{
    struct record_form form = {.kind = now->kind, .audience = audience, .payload = *payload};
    buf_reset(&u->payload);
    u->err = register_payload(&u->row, u->actor, &form, STR(""), &u->payload);
    if (u->err != CAU_OK)
        return false;
    struct import_group *g = import_writer_group(u->writer, u->payload.len, collect, u);
    if (g == NULL) {
        u->err = import_writer_error(u->writer);
        return false;
    }
    bool narrower = audience > now->audience;
    g->item[g->items++] =
        (struct import_item){u->out->rows, IMPORT_CHANGED, g->n, narrower ? 2 : 1};
    if (narrower)
        import_group_add(g, &(struct writer_change){.op = WRITER_REDACT,
                                                    .id = now->id,
                                                    .audience = now->audience,
                                                    .after = &now->leaf,
                                                    .why = STR("narrowed")});
    import_group_add(g, &(struct writer_change){.op = WRITER_PUT,
                                                .kind = now->kind,
                                                .audience = audience,
                                                .id = now->id,
                                                .after = narrower ? NULL : &now->leaf,
                                                .payload = buf_str(&u->payload),
                                                .organization = u->actor->organization});
    return true;
}

/* The last version before the import's; NULL when the import made the record. */
static const struct view_version *version_before(const struct undo *u,
                                                 const struct view_version *v, size_t n)
{
    size_t i = 0;
    while (i < n && str_equal(v[i].import, u->name))
        i++;
    return i < n ? &v[i] : NULL;
}

static bool take_back(struct undo *u, struct view *v, uint32_t doc)
{
    struct view_record now, old;
    struct view_version *version;
    size_t n = 0;
    struct index_reader reader = actor_reader(u->actor);
    u->err = view_get(v, &u->row, reader, doc, &now);
    if (u->err == CAU_OK)
        u->err = view_history(v, &u->row, reader, doc, &version, &n);
    if (u->err != CAU_OK)
        return false;
    if (now.redacted) {
        skip(u, &now, "erased");
        return true;
    }
    const struct view_version *before = version_before(u, version, n);
    if (before != NULL && before->redacted) {
        skip(u, &now, "old_erased");
        return true;
    }
    if (before == NULL) {
        u->err = value_set(&u->row, &now.payload, STR("withdrawn"),
                           value_string(STR("import_undone")));
        return u->err == CAU_OK && put(u, &now, &now.payload, now.audience);
    }
    u->err = view_get_version(v, &u->row, reader, doc, before->audience, before->n, &old);
    return u->err == CAU_OK && put(u, &now, &old.payload, old.audience);
}

static bool show(struct undo *u, uint64_t done, uint64_t all)
{
    if (u->progress != NULL && u->progress->step != NULL &&
        !u->progress->step(u->progress->ctx, done, all, u->out))
        u->stopped = true;
    return !u->stopped;
}

static void take_all(struct undo *u, const uint32_t *doc, size_t n)
{
    struct view *v = NULL;
    for (size_t i = 0; i < n && u->err == CAU_OK && !u->stopped; i++) {
        if (i % IMPORT_STEP_ROWS == 0) {
            view_give(u->n, v);
            v = view_take(u->n);
            u->err = v == NULL ? CAU_ERR_IO : CAU_OK;
            if (v == NULL || !show(u, i, n))
                break;
        }
        u->row.used = 0;
        u->out->rows++;
        if (!take_back(u, v, doc[i]))
            break;
    }
    view_give(u->n, v);
    (void)show(u, n, n);
}

/* Records with a version of the import that somebody has changed since: they are told, and stay. */
struct changed_since {
    struct undo *u;
    struct view *v;
    int64_t made_ms;
};

static bool tell_changed(void *ctx, const struct view_record *r)
{
    struct changed_since *c = ctx;
    struct undo *u = c->u;
    struct view_version *version;
    size_t n = 0;
    struct str by = value_get_str(value_get(&r->payload, "audit"), "import");
    if (str_equal(by, u->name) || r->time_ms < c->made_ms)
        return true;
    u->row.used = 0;
    u->err = view_history(c->v, &u->row, actor_reader(u->actor), r->doc, &version, &n);
    for (size_t i = 0; u->err == CAU_OK && i < n; i++)
        if (str_equal(version[i].import, u->name)) {
            skip(u, r, "changed_since");
            break;
        }
    return u->err == CAU_OK;
}

static void find_changed(struct undo *u, struct view *v, const struct local_import *import)
{
    struct arena records = arena_new(IMPORT_ROW_BYTES);
    struct changed_since c = {u, v, import->made_ms};
    enum cau_err err = view_each(v, &records, actor_reader(u->actor), NULL, tell_changed, &c);
    if (u->err == CAU_OK)
        u->err = err;
    arena_free(&records);
}

static enum import_why undo_all(struct undo *u, struct local_import *import)
{
    uint32_t *doc = NULL;
    size_t n = 0;
    struct view *v = view_take(u->n);
    u->err = v == NULL ? CAU_ERR_IO : view_import_docs(v, &u->life, import->id, &doc, &n);
    /* A finished import says how many there were; of another one nobody knows. */
    bool all = import->state == LOCAL_IMPORT_DONE && import->added + import->changed == n;
    if (u->err == CAU_OK && !all)
        find_changed(u, v, import);
    view_give(u->n, v);
    if (u->err == CAU_OK)
        u->err = import_writer_start(u->n, &u->life, NULL, &u->writer);
    if (u->err != CAU_OK)
        return import_why_of(u->err);
    take_all(u, doc, n);
    import_writer_end(u->writer, collect, u);
    if (u->err == CAU_OK)
        u->err = import_writer_error(u->writer);
    if (u->err != CAU_OK)
        return import_why_of(u->err);
    return u->stopped ? IMPORT_STOPPED : IMPORT_OK;
}

enum import_why import_undo(struct node *n, struct arena *a, const struct actor *actor,
                            uint32_t id, const struct import_progress *progress,
                            struct import_outcome *out)
{
    *out = (struct import_outcome){.id = id};
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    struct local_import import;
    char name[IMPORT_NAME_CHARS];
    enum cau_err err = import_get(n, a, id, &import);
    if (err != CAU_OK)
        return import_why_of(err);
    if (import.state != LOCAL_IMPORT_DONE && import.state != LOCAL_IMPORT_FAILED &&
        import.state != LOCAL_IMPORT_RUNNING)
        return IMPORT_STATE;
    import_name(id, name);
    struct undo u = {.n = n,
                     .actor = actor,
                     .progress = progress,
                     .out = out,
                     .name = str_of(name),
                     .life = arena_new(IMPORT_LIFE_BYTES),
                     .row = arena_new(IMPORT_ROW_BYTES),
                     .report = import_report_new(),
                     .payload = buf_new(RECORD_BYTES_MAX + 1)};
    enum import_why why = undo_all(&u, &import);
    err = import_report_close(&u.report, a, &out->report);
    if (why == IMPORT_OK && err == CAU_OK) {
        import.state = LOCAL_IMPORT_UNDONE;
        import.ended_ms = clock_now_ms();
        err = import_set(n, &import);
    }
    import_report_free(&u.report);
    buf_free(&u.payload);
    arena_free(&u.row);
    arena_free(&u.life);
    return why == IMPORT_OK ? import_why_of(err) : why;
}
