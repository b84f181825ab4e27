/* A record as cells of a table, in the targets of form.h: what the import reads back. */
#include "exchange/export/export_int.h"
#include "exchange/file/csv.h"
#include "exchange/form/form_words.h"
#include "record/json.h"

#include <stdio.h>
#include <string.h>

/* The fields of one record on their way out. */
struct flat {
    const struct export_cells *c;
    struct str field;
    struct buf space; /* of a text or target being made */
    enum cau_err err;
};

static void put(struct flat *f, struct str part, struct str text)
{
    struct str to = f->field, kept = text;
    if (f->err != CAU_OK || text.len == 0)
        return;
    if (part.len > 0) {
        char *p = arena_take(f->c->a, f->field.len + 1 + part.len);
        if (p == NULL) {
            f->err = CAU_ERR_MEMORY;
            return;
        }
        memcpy(p, f->field.p, f->field.len);
        p[f->field.len] = '.';
        memcpy(p + f->field.len + 1, part.p, part.len);
        to = (struct str){p, f->field.len + 1 + part.len};
    }
    f->err = f->c->cell(f->c->ctx, to, kept);
}

static void put_json(struct flat *f, struct str part, const struct value *v)
{
    buf_reset(&f->space);
    json_write(&f->space, v);
    put(f, part, buf_str(&f->space));
}

/* A text that reading gives back as it is: it does not begin like JSON, nor with what is trimmed. */
static bool is_plain(struct str text)
{
    struct str trimmed = form_trim(csv_unguard(text));
    return text.len > 0 && text.p[0] != '[' && text.p[0] != '{' && trimmed.len == text.len;
}

static bool is_plain_in_list(struct str text)
{
    bool plain = is_plain(text);
    for (size_t i = 0; i < text.len; i++)
        plain = plain && text.p[i] != ';' && text.p[i] != '|' && text.p[i] != '\n';
    return plain;
}

/* The label of a code when reading finds the code by it; else the code. */
static struct str code_text(struct flat *f, const struct kind_list *list, struct str code)
{
    struct str label = kind_code_label(list, code, f->c->lang), found;
    if (list == NULL || f->err != CAU_OK || !is_plain_in_list(label))
        return code;
    f->err = form_find_code(f->c->form, f->c->a, list, label, &found);
    return f->err == CAU_OK && str_equal(found, code) ? label : code;
}

static struct str simple_text(struct flat *f, const struct kind_field *field,
                              const struct value *v, char space[32])
{
    if (v->type == VALUE_TRUE)
        return STR("true");
    if (v->type == VALUE_INTEGER) {
        int n = snprintf(space, 32, "%lld", (long long)v->integer);
        return (struct str){space, (size_t)n};
    }
    if (v->type != VALUE_STRING)
        return (struct str){NULL, 0};
    return field->type == KIND_CHOICE ? code_text(f, field->list, v->string) : v->string;
}

/* Values with "; " between, or as JSON when one of them would be cut or changed by that. */
static void put_list(struct flat *f, const struct kind_field *field, struct str part,
                     const struct value *list)
{
    bool plain = true;
    for (uint32_t i = 0; i < list->n; i++)
        plain = plain && list->item[i].type == VALUE_STRING &&
                is_plain_in_list(list->item[i].string);
    if (!plain) {
        put_json(f, part, list);
        return;
    }
    struct buf joined = buf_new(CELL_BYTES_MAX);
    for (uint32_t i = 0; i < list->n; i++) {
        char space[32];
        buf_add(&joined, i > 0 ? STR("; ") : STR(""));
        buf_add(&joined, simple_text(f, field, &list->item[i], space));
    }
    if (joined.failed)
        f->err = f->err == CAU_OK ? CAU_ERR_MEMORY : f->err;
    put(f, part, buf_str(&joined));
    buf_free(&joined);
}

/* Languages with a column of their own; a table with one for each of the world's would be for nobody. */
static bool has_column(struct str lang)
{
    enum lang ignored;
    return lang_read(lang, &ignored) || str_is(lang, "und");
}

/* Texts by language; the other languages, and what a cell cannot say (where a text comes from), stand as JSON in the
 * column without language. */
static void put_texts(struct flat *f, const struct kind_field *field,
                      const struct value *by_lang)
{
    struct value rest = value_object();
    for (uint32_t i = 0; i < by_lang->n && f->err == CAU_OK; i++) {
        struct str lang = by_lang->member[i].key;
        const struct value *v = &by_lang->member[i].value;
        if (v->type == VALUE_ARRAY && has_column(lang))
            put_list(f, field, lang, v);
        else if (v->type == VALUE_STRING && is_plain(v->string) && has_column(lang))
            put(f, lang, v->string);
        else
            f->err = value_set(f->c->a, &rest, lang, *v);
    }
    if (rest.n > 0)
        put_json(f, STR(""), &rest);
}

static void put_members(struct flat *f, const struct value *object)
{
    for (uint32_t i = 0; i < object->n; i++)
        if (object->member[i].value.type == VALUE_STRING)
            put(f, object->member[i].key, object->member[i].value.string);
}

static void put_field(struct flat *f, const struct kind_field *field, const struct value *v)
{
    char space[32];
    f->field = field->name;
    switch (field->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
        put_texts(f, field, v);
        return;
    case KIND_MONEY:
    case KIND_PLACE:
    case KIND_IDENTIFIERS:
        put_members(f, v);
        return;
    case KIND_SOURCES:
    case KIND_RELATIONS:
    case KIND_ROWS:
        put_json(f, STR(""), v);
        return;
    default:
        if (v->type == VALUE_ARRAY)
            put_list(f, field, STR(""), v);
        else
            put(f, STR(""), simple_text(f, field, v, space));
    }
}

enum cau_err export_flatten(const struct export_cells *c, const struct view_record *r)
{
    struct flat f = {.c = c, .space = buf_new(2 * RECORD_BYTES_MAX)};
    f.field = STR("external_id");
    put(&f, STR(""), export_name(r));
    f.field = STR("visibility");
    if (r->audience != RECORD_PUBLIC)
        put(&f, STR(""), record_audience_name(r->audience));
    for (uint32_t i = 0; i < r->payload.n && f.err == CAU_OK; i++) {
        const struct kind_field *field = kind_find_field(r->kind, r->payload.member[i].key);
        if (field != NULL && !str_is(field->name, "external_id"))
            put_field(&f, field, &r->payload.member[i].value);
    }
    buf_free(&f.space);
    return f.err;
}
