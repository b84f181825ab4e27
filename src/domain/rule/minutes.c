#include "domain/rule/minutes.h"

#include "base/clock.h"
#include "domain/rule/register_int.h"

#include <string.h>

/* ---- which records, which files ---- */

struct str minutes_field(const struct kind *kind)
{
    return str_is(kind->name, "session")     ? STR("minutes")
           : str_is(kind->name, "agreement") ? STR("texts")
                                             : (struct str){NULL, 0};
}

/* Sessions keep the text, agreements only the hash. */
static bool keeps_text(const struct kind *kind)
{
    return str_is(kind->name, "session");
}

static const struct {
    const char *type, *suffix;
} media_list[MINUTES_MEDIA] = {
    [MINUTES_TYPED] = {"text/plain; charset=utf-8", "txt"},
    [MINUTES_DOCX] = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                      "docx"},
    [MINUTES_PDF] = {"application/pdf", "pdf"},
};

struct str minutes_media_type(enum minutes_media media)
{
    must((unsigned)media < MINUTES_MEDIA);
    return str_of(media_list[media].type);
}

const char *minutes_suffix(enum minutes_media media)
{
    must((unsigned)media < MINUTES_MEDIA);
    return media_list[media].suffix;
}

bool minutes_read_media(struct str type, enum minutes_media *out)
{
    for (unsigned i = 0; i < MINUTES_MEDIA; i++)
        if (str_is(type, media_list[i].type)) {
            *out = (enum minutes_media)i;
            return true;
        }
    return false;
}

bool minutes_refers(const struct kind *kind, const struct value *payload,
                    const struct digest *hash)
{
    struct str field = minutes_field(kind);
    const struct value *rows = field.len == 0 ? NULL : value_find(payload, field);
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        struct digest d;
        if (digest_from_hex(value_get_str(&rows->item[i], "hash"), d.b, sizeof d.b) == CAU_OK &&
            digest_equal(&d, hash))
            return true;
    }
    return false;
}

/* ---- erasing ---- */

static enum cau_err add_files(struct arena *a, const struct value *rows,
                              struct minutes_files *out)
{
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        struct digest d;
        bool had =
            digest_from_hex(value_get_str(&rows->item[i], "hash"), d.b, sizeof d.b) != CAU_OK;
        for (size_t k = 0; k < out->n && !had; k++)
            had = digest_equal(&out->hash[k], &d);
        if (had)
            continue;
        struct digest *more = arena_take(a, (out->n + 1) * sizeof *more);
        if (more == NULL)
            return CAU_ERR_MEMORY;
        if (out->n > 0)
            memcpy(more, out->hash, out->n * sizeof *more);
        more[out->n++] = d;
        out->hash = more;
    }
    return CAU_OK;
}

enum cau_err minutes_files_of(struct view *v, struct arena *a, struct index_reader reader,
                              const struct view_record *r, const struct view_version *version,
                              size_t count, struct minutes_files *out)
{
    struct str field = minutes_field(r->kind);
    *out = (struct minutes_files){NULL, 0};
    for (size_t i = 0; field.len > 0 && i < count; i++) {
        struct view_record then;
        if (version[i].redacted)
            continue;
        enum cau_err err =
            view_get_version(v, a, reader, r->doc, version[i].audience, version[i].n, &then);
        if (err == CAU_ERR_UNKNOWN)
            continue;
        if (err == CAU_OK)
            err = add_files(a, value_find(&then.payload, field), out);
        if (err != CAU_OK)
            return err;
    }
    return CAU_OK;
}

static enum cau_err erase(struct store *s, void *arg)
{
    const struct minutes_files *files = arg;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < files->n && err == CAU_OK; i++)
        err = attachment_erase(s, &files->hash[i]);
    return err;
}

enum cau_err minutes_erase(struct node *n, struct minutes_files files)
{
    return files.n == 0 ? CAU_OK : writer_run(n, erase, &files);
}

struct str minutes_paragraph(struct str text, uint32_t n)
{
    for (uint32_t i = 0; text.len > 0;) {
        struct str line = str_trim(str_next(&text, '\n'));
        if (line.len > 0 && ++i == n)
            return line;
    }
    return (struct str){NULL, 0};
}

/* ---- putting ---- */

struct keeping {
    struct str media, bytes;
    struct digest hash;
};

static enum cau_err keep(struct store *s, void *arg)
{
    struct keeping *k = arg;
    return attachment_put(s, k->media, k->bytes, clock_now_ms());
}

static enum cau_err let_go(struct store *s, void *arg)
{
    struct keeping *k = arg;
    return attachment_drop(s, &k->hash);
}

static void add_problem(struct register_outcome *out, const char *place, enum record_code code,
                        struct str value, int64_t limit)
{
    out->problems.v[out->problems.n++] =
        (struct record_problem){str_of(place), code, value, limit};
}

static void check_given(const struct kinds *kinds, const struct kind *kind,
                        const struct minutes_given *given, struct register_outcome *out)
{
    struct clock_date date;
    const struct kind_list *languages = kinds_find_list(kinds, STR("language"));
    if (given->lang.len == 0)
        add_problem(out, "language", RECORD_REQUIRED, given->lang, 0);
    else if (kind_find_code(languages, given->lang) == NULL)
        add_problem(out, "language", RECORD_UNKNOWN_CODE, given->lang, 0);
    if (given->file.len == 0 && (given->text.len == 0 || !keeps_text(kind)))
        add_problem(out, "file", RECORD_REQUIRED, (struct str){NULL, 0}, 0);
    if (given->file.len > ATTACHMENT_BYTES_MAX)
        add_problem(out, "file", RECORD_TOO_BIG, (struct str){NULL, 0}, ATTACHMENT_BYTES_MAX);
    if (given->signed_on.len > 0 && clock_read_date(given->signed_on, &date) != CAU_OK)
        add_problem(out, "signed", RECORD_BAD_DATE, given->signed_on, 0);
}

static enum cau_err set(struct arena *a, struct value *row, const char *key, struct value v)
{
    return value_set(a, row, str_of(key), v);
}

/* The row of the language with what is new; what was said of it before (its address) stays. */
static enum cau_err fill_row(struct arena *a, const struct kind *kind,
                             const struct minutes_given *given, const struct keeping *k,
                             struct value *row)
{
    char *hex = arena_take(a, DIGEST_HEX(32));
    struct value text = value_object();
    if (hex == NULL)
        return CAU_ERR_MEMORY;
    digest_to_hex(k->hash.b, sizeof k->hash.b, hex);
    enum cau_err err = set(a, row, "language", value_string(given->lang));
    if (err == CAU_OK)
        err = set(a, row, "hash", value_string((struct str){hex, DIGEST_HEX(32)}));
    if (err == CAU_OK && given->signed_on.len > 0)
        err = set(a, row, "signed", value_string(given->signed_on));
    if (err != CAU_OK || !keeps_text(kind))
        return err;
    if (given->text.len == 0) /* of another file than the one that is put in now */
        return set(a, row, "text", (struct value){.type = VALUE_NULL});
    err = value_set(a, &text, given->lang, value_string(given->text));
    return err == CAU_OK ? set(a, row, "text", text) : err;
}

/* The record's form with the row. */
static enum cau_err make_form(struct arena *a, const struct view_record *r,
                              const struct minutes_given *given, const struct keeping *k,
                              struct value *form)
{
    struct str field = minutes_field(r->kind);
    struct value rows = value_array(), row = value_object();
    enum cau_err err = register_form(a, r, form);
    const struct value *was = value_find(&r->payload, field);
    for (uint32_t i = 0; err == CAU_OK && was != NULL && i < was->n; i++) {
        if (str_equal(value_get_str(&was->item[i], "language"), given->lang))
            err = value_copy(a, &was->item[i], &row);
        else
            err = value_push(a, &rows, was->item[i]);
    }
    if (err == CAU_OK)
        err = fill_row(a, r->kind, given, k, &row);
    if (err == CAU_OK)
        err = value_push(a, &rows, row);
    return err == CAU_OK ? value_set(a, form, field, rows) : err;
}

enum register_why minutes_put(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct minutes_given *given,
                              struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    struct value form;
    enum register_why why = register_allowed(n, a, actor, id, MAY_EDIT, &r);
    if (why != REGISTER_DONE)
        return why;
    if (minutes_field(r.kind).len == 0 || r.withdrawn)
        return REGISTER_GONE;
    check_given(node_kinds(n), r.kind, given, out);
    if (out->problems.n > 0)
        return REGISTER_PROBLEMS;
    bool typed = given->file.len == 0;
    struct keeping k = {.media = minutes_media_type(typed ? MINUTES_TYPED : given->media),
                        .bytes = typed ? given->text : given->file};
    k.hash = digest_sha256(&k.bytes, 1);
    enum cau_err err = make_form(a, &r, given, &k, &form);
    if (err == CAU_OK)
        err = writer_run(n, keep, &k); /* first: a record never names what was not kept here */
    if (err != CAU_OK)
        return register_why_of(err);
    why = register_save(n, a, actor, &form, r.id, given->after, out);
    if (why != REGISTER_DONE && writer_run(n, let_go, &k) != CAU_OK)
        return REGISTER_FAILED;
    return why;
}
