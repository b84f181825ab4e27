#include "exchange/import/import.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "exchange/import/import_int.h"

#include <stdio.h>
#include <string.h>

const char *import_why_name(enum import_why why)
{
    static const char *const name[IMPORT_WHYS] = {
        "ok",    "not_allowed", "bad_file", "bad_options", "gone",
        "state", "stopped",     "busy",     "full",        "failed"};
    must((unsigned)why < IMPORT_WHYS);
    return name[why];
}

void import_name(uint32_t id, char out[IMPORT_NAME_CHARS])
{
    int n = snprintf(out, IMPORT_NAME_CHARS, "import-%04u", id);
    must(n > 0 && n < IMPORT_NAME_CHARS);
}

uint32_t import_read_name(struct str name)
{
    uint64_t id = 0;
    if (str_starts(name, STR("import-")))
        name = str_from(name, strlen("import-"));
    while (name.len > 1 && name.p[0] == '0')
        name = str_from(name, 1);
    return number_read(name, UINT32_MAX, &id) == CAU_OK ? (uint32_t)id : 0;
}

enum import_why import_why_of(enum cau_err err)
{
    switch (err) {
    case CAU_OK:
        return IMPORT_OK;
    case CAU_ERR_UNKNOWN:
        return IMPORT_GONE;
    case CAU_ERR_BUSY:
        return IMPORT_BUSY;
    case CAU_ERR_FULL:
    case CAU_ERR_CORRUPT: /* the node's state allows no writing */
        return IMPORT_FULL;
    default:
        log_line(LOG_ERROR, "import: %s", cau_err_name(err));
        return IMPORT_FAILED;
    }
}

static enum import_why open_source(struct import_job *j, struct str bytes)
{
    if (!may(j->actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    j->all = bytes.len;
    enum import_why why =
        import_source_open(j->n, &j->life, bytes, j->o, &j->source, &j->out->fault);
    return why;
}

/* Faults point into arenas that go: their text is copied. */
static void keep_outcome(struct import_job *j, struct arena *a, enum import_why *why)
{
    struct import_fault *f = &j->out->fault;
    if (f->code.len > 0)
        import_report_fault(&j->report, f, false, (struct str){NULL, 0});
    enum cau_err err = arena_copy(a, f->code, &f->code);
    if (err == CAU_OK)
        err = arena_copy(a, f->column, &f->column);
    if (err == CAU_OK)
        err = arena_copy(a, f->value, &f->value);
    if (err == CAU_OK)
        err = import_report_close(&j->report, a, &j->out->report);
    if (err != CAU_OK) {
        *f = (struct import_fault){.row = f->row};
        *why = *why == IMPORT_OK ? import_why_of(err) : *why;
    }
}

enum import_why import_look(struct node *n, struct arena *a, const struct actor *actor,
                            struct str bytes, const struct import_options *options,
                            const struct import_progress *progress, struct import_outcome *out)
{
    *out = (struct import_outcome){0};
    struct import_job j = {
        .n = n, .actor = actor, .o = options, .progress = progress, .out = out};
    import_job_open(&j);
    enum import_why why = open_source(&j, bytes);
    if (why == IMPORT_OK)
        why = import_job_work(&j);
    keep_outcome(&j, a, &why);
    import_job_close(&j);
    return why;
}

/* ---- local state, on the writer's thread ---- */

struct adding {
    const struct local_import *import;
    uint32_t id;
};

static enum cau_err add_import(struct store *s, void *arg)
{
    struct adding *x = arg;
    return local_import_add(s, x->import, &x->id);
}

static enum cau_err set_import(struct store *s, void *arg)
{
    return local_import_set(s, arg);
}

enum cau_err import_set(struct node *n, struct local_import *import)
{
    return writer_run(n, set_import, import);
}

struct profile {
    struct str name, json;
};

static enum cau_err set_profile(struct store *s, void *arg)
{
    const struct profile *p = arg;
    return local_profile_set(s, p->name, p->json);
}

static enum cau_err save_profile(struct import_job *j)
{
    if (j->o->save_as.len == 0 || !j->source.has_form)
        return CAU_OK;
    struct buf json = buf_new(LOCAL_PROFILE_BYTES_MAX);
    form_write_mapping(&json, &j->source.form);
    struct profile p = {j->o->save_as, buf_str(&json)};
    enum cau_err err = json.failed ? CAU_ERR_RANGE : writer_run(j->n, set_profile, &p);
    buf_free(&json);
    return err;
}

enum cau_err import_get(struct node *n, struct arena *a, uint32_t id, struct local_import *out)
{
    struct view *v = view_take(n);
    enum cau_err err = v == NULL ? CAU_ERR_IO : local_import_get(view_store(v), a, id, out);
    view_give(n, v);
    return err;
}

static enum local_import_state state_after(enum import_why why)
{
    return why == IMPORT_OK ? LOCAL_IMPORT_DONE : LOCAL_IMPORT_FAILED;
}

static void copy_counts(struct local_import *to, const struct import_outcome *from)
{
    to->rows = from->rows;
    to->added = from->added;
    to->changed = from->changed;
    to->same = from->same;
    to->refused = from->refused;
    to->alike = from->alike;
    to->report = from->report;
}

/* Runs an import that stands in local_import: its row is brought up to date whatever comes of it. */
static enum import_why run_kept(struct import_job *j, struct arena *a, struct str bytes,
                                struct local_import *import)
{
    char name[IMPORT_NAME_CHARS];
    import_name(import->id, name);
    j->name = str_of(name);
    j->out->id = import->id;
    enum import_why why = open_source(j, bytes);
    enum cau_err err = why == IMPORT_OK ? save_profile(j) : CAU_OK;
    import->state = LOCAL_IMPORT_RUNNING;
    import->added = import->changed = import->refused = 0;
    if (why == IMPORT_OK && err == CAU_OK)
        err = import_set(j->n, import);
    if (why == IMPORT_OK && err == CAU_OK)
        err = import_writer_start(j->n, &j->life, import, &j->writer);
    if (why == IMPORT_OK)
        why = err == CAU_OK ? import_job_work(j) : import_why_of(err);
    keep_outcome(j, a, &why);
    import->state = state_after(why);
    import->ended_ms = clock_now_ms();
    copy_counts(import, j->out);
    err = import_set(j->n, import);
    return why == IMPORT_OK ? import_why_of(err) : why;
}

static enum cau_err add_new(struct node *n, struct local_import *import)
{
    struct adding x = {.import = import};
    enum cau_err err = writer_run(n, add_import, &x);
    import->id = x.id;
    return err;
}

/* A new import: options are kept with it. */
static enum cau_err begin_import(struct node *n, const struct actor *actor, struct str upload,
                                 const struct import_options *o, enum local_import_state state,
                                 struct buf *options, struct local_import *out)
{
    import_options_write(options, o);
    *out = (struct local_import){.user = actor->user,
                                 .file = o->file,
                                 .upload = upload,
                                 .options = buf_str(options),
                                 .state = state,
                                 .made_ms = clock_now_ms()};
    return options->failed ? CAU_ERR_RANGE : add_new(n, out);
}

enum import_why import_run(struct node *n, struct arena *a, const struct actor *actor,
                           struct str bytes, const struct import_options *options,
                           const struct import_progress *progress, struct import_outcome *out)
{
    *out = (struct import_outcome){0};
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    struct import_job j = {
        .n = n, .actor = actor, .o = options, .progress = progress, .out = out};
    struct buf json = buf_new(IMPORT_OPTION_BYTES);
    struct local_import import;
    import_job_open(&j);
    enum cau_err err =
        begin_import(n, actor, STR(""), options, LOCAL_IMPORT_RUNNING, &json, &import);
    enum import_why why = err == CAU_OK ? run_kept(&j, a, bytes, &import) : import_why_of(err);
    import_job_close(&j);
    buf_free(&json);
    return why;
}

/* ---- in steps ---- */

/* The file with the bytes of an upload; its name is their SHA-256. */
static enum cau_err upload_path(struct node *n, struct arena *a, struct str hash,
                                const char **out)
{
    const char *folder;
    char name[DIGEST_HEX(32) + 1];
    if (hash.len != DIGEST_HEX(32))
        return CAU_ERR_UNKNOWN;
    memcpy(name, hash.p, hash.len);
    name[hash.len] = 0;
    enum cau_err err = file_path(a, node_dir(n), "upload", &folder);
    if (err == CAU_OK)
        err = file_make_folder(folder, 0700);
    return err == CAU_OK ? file_path(a, folder, name, out) : err;
}

enum cau_err import_open_upload(struct node *n, struct arena *a, struct str hash,
                                struct str *out)
{
    const char *path;
    enum cau_err err = upload_path(n, a, hash, &path);
    return err == CAU_OK ? file_map(path, out) : err;
}

enum import_why import_keep(struct node *n, struct arena *a, const struct actor *actor,
                            struct str bytes, const struct import_options *options,
                            uint32_t *id)
{
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    if (bytes.len == 0 || bytes.len > IMPORT_BYTES_MAX)
        return IMPORT_BAD_FILE;
    char hex[DIGEST_HEX(32)];
    struct digest hash = digest_of(bytes);
    digest_to_hex(hash.b, sizeof hash.b, hex);
    struct str upload = {hex, sizeof hex};
    const char *path;
    struct buf json = buf_new(IMPORT_OPTION_BYTES);
    struct local_import import;
    enum cau_err err = upload_path(n, a, upload, &path);
    if (err == CAU_OK && !file_exists(path))
        err = file_write(path, bytes, 0600);
    if (err == CAU_OK)
        err = begin_import(n, actor, upload, options, LOCAL_IMPORT_PREVIEW, &json, &import);
    buf_free(&json);
    if (err == CAU_OK)
        *id = import.id;
    return import_why_of(err);
}

/* A kept import with its file and options. */
struct kept {
    struct local_import import;
    struct import_options options;
    struct str bytes;
    struct buf json;
};

static enum import_why open_kept(struct node *n, struct arena *a, uint32_t id,
                                 const struct import_options *options, struct kept *k)
{
    *k = (struct kept){.json = buf_new(IMPORT_OPTION_BYTES)};
    enum cau_err err = import_get(n, a, id, &k->import);
    if (err != CAU_OK)
        return import_why_of(err);
    if (k->import.state != LOCAL_IMPORT_PREVIEW)
        return IMPORT_STATE;
    if (options == NULL)
        err = import_options_read(a, k->import.options, &k->options);
    else
        k->options = *options;
    k->options.file = k->import.file;
    if (err == CAU_OK)
        err = import_open_upload(n, a, k->import.upload, &k->bytes);
    if (err != CAU_OK || options == NULL)
        return import_why_of(err);
    import_options_write(&k->json, options);
    k->import.options = buf_str(&k->json);
    return k->json.failed ? IMPORT_BAD_OPTIONS : IMPORT_OK;
}

static void close_kept(struct kept *k)
{
    file_unmap(k->bytes);
    buf_free(&k->json);
}

enum import_why import_preview(struct node *n, struct arena *a, const struct actor *actor,
                               uint32_t id, const struct import_options *options,
                               const struct import_progress *progress,
                               struct import_outcome *out)
{
    struct kept k;
    *out = (struct import_outcome){.id = id};
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    enum import_why why = open_kept(n, a, id, options, &k);
    if (why == IMPORT_OK) {
        why = import_look(n, a, actor, k.bytes, &k.options, progress, out);
        out->id = id;
        copy_counts(&k.import, out);
        k.import.ended_ms = clock_now_ms();
        enum cau_err err = import_set(n, &k.import);
        why = why == IMPORT_OK ? import_why_of(err) : why;
    }
    close_kept(&k);
    return why;
}

enum import_why import_confirm(struct node *n, struct arena *a, const struct actor *actor,
                               uint32_t id, const struct import_progress *progress,
                               struct import_outcome *out)
{
    struct kept k;
    *out = (struct import_outcome){.id = id};
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    enum import_why why = open_kept(n, a, id, NULL, &k);
    if (why == IMPORT_OK) {
        struct import_job j = {
            .n = n, .actor = actor, .o = &k.options, .progress = progress, .out = out};
        import_job_open(&j);
        why = run_kept(&j, a, k.bytes, &k.import);
        import_job_close(&j);
    }
    close_kept(&k);
    return why;
}

/* Whether another import has the same bytes. */
static bool is_shared(struct node *n, struct arena *a, const struct local_import *import)
{
    struct local_import *list;
    size_t count = 0;
    struct view *v = view_take(n);
    enum cau_err err =
        v == NULL ? CAU_ERR_IO : local_import_list(view_store(v), a, SIZE_MAX, &list, &count);
    view_give(n, v);
    for (size_t i = 0; err == CAU_OK && i < count; i++)
        if (list[i].id != import->id && list[i].state != LOCAL_IMPORT_DROPPED &&
            str_equal(list[i].upload, import->upload))
            return true;
    return err != CAU_OK;
}

enum import_why import_drop(struct node *n, struct arena *a, const struct actor *actor,
                            uint32_t id)
{
    struct local_import import;
    const char *path;
    if (!may(actor, MAY_IMPORT, NULL, NULL))
        return IMPORT_NOT_ALLOWED;
    enum cau_err err = import_get(n, a, id, &import);
    if (err == CAU_OK && import.state != LOCAL_IMPORT_PREVIEW)
        return IMPORT_STATE;
    bool shared = err == CAU_OK && is_shared(n, a, &import);
    if (err == CAU_OK)
        err = upload_path(n, a, import.upload, &path);
    if (err == CAU_OK && !shared)
        file_remove(path);
    import.state = LOCAL_IMPORT_DROPPED;
    import.ended_ms = clock_now_ms();
    import.report = STR("[]"); /* it may show what was in the file */
    return import_why_of(err == CAU_OK ? import_set(n, &import) : err);
}
