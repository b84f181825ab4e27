#include "record/record.h"

#include "record/json.h"
#include "record/record_value_int.h"

static const struct value nothing = {.type = VALUE_NULL};

static struct value check_members(struct record_checking *c, const struct kind_field *field,
                                  size_t n, const struct record_place *at,
                                  const struct value *in);

static struct value check_money(struct record_checking *c, const struct kind_field *f,
                                const struct record_place *at, const struct value *in)
{
    const struct kind_field part[] = {
        {.name = STR("amount"), .type = KIND_DECIMAL, .required = true},
        {.name = STR("currency"), .type = KIND_CHOICE, .required = true, .list = f->list},
    };
    return check_members(c, part, countof(part), at, in);
}

/* A row, source or relation. */
static struct value check_row(struct record_checking *c, const struct kind_field *f,
                              const struct record_place *at, const struct value *in)
{
    size_t before = c->problems->n;
    struct value row = check_members(c, f->column, f->column_count, at, in);
    if (row.type == VALUE_NULL || f->type == KIND_ROWS || c->problems->n > before)
        return row;
    struct record_place first = {at, f->type == KIND_SOURCES ? STR("title") : STR("to"), 0};
    const char *second = f->type == KIND_SOURCES ? "url" : "label";
    if (value_find(&row, first.name) == NULL && value_get(&row, second) == NULL)
        return record_value_problem(c, &first, RECORD_REQUIRED, NULL, 0);
    return row;
}

/* One value of a field. */
static struct value check_one(struct record_checking *c, const struct kind_field *f,
                              const struct record_place *at, const struct value *in)
{
    if (in->type == VALUE_NULL)
        return nothing;
    if (f->type == KIND_MONEY)
        return check_money(c, f, at, in);
    if (f->type == KIND_SOURCES || f->type == KIND_RELATIONS || f->type == KIND_ROWS)
        return check_row(c, f, at, in);
    return record_value_check(c, f, at, in);
}

/* Choices, links and codes: one value says it all, a second time it is a mistake. */
static bool is_set(enum kind_type type)
{
    return type == KIND_CHOICE || type == KIND_LINK || type == KIND_CODES;
}

static bool has_item(const struct value *list, struct str text)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (str_equal(list->item[i].string, text))
            return true;
    return false;
}

static struct value check_list(struct record_checking *c, const struct kind_field *f,
                               const struct record_place *at, const struct value *in)
{
    uint32_t n = in->type == VALUE_ARRAY ? in->n : 1;
    struct value out = value_array();
    out.item = record_value_list(c, n, sizeof *out.item);
    for (uint32_t i = 0; out.item != NULL && i < n; i++) {
        struct record_place here = {at, {NULL, 0}, i};
        const struct value *item = in->type == VALUE_ARRAY ? &in->item[i] : in;
        struct value v = check_one(c, f, in->type == VALUE_ARRAY ? &here : at, item);
        if (v.type == VALUE_NULL)
            continue;
        if (out.n == record_value_most(f))
            return record_value_problem(c, at, RECORD_TOO_MANY, NULL, record_value_most(f));
        if (is_set(f->type) && has_item(&out, v.string))
            record_value_problem(c, &here, RECORD_TWICE, item, 0);
        else
            out.item[out.n++] = v;
    }
    return out.n > 0 ? out : nothing;
}

static bool is_list(const struct kind_field *f)
{
    return f->many || f->type == KIND_CODES || f->type == KIND_SOURCES ||
           f->type == KIND_RELATIONS || f->type == KIND_ROWS;
}

/* The members of a form that are no fields. */
static bool is_frame(struct str key)
{
    return str_is(key, "kind") || str_is(key, "visibility");
}

/* An object with these fields (at most 64); at the top (at is NULL) it is the form itself. */
static struct value check_members(struct record_checking *c, const struct kind_field *field,
                                  size_t n, const struct record_place *at,
                                  const struct value *in)
{
    if (in->type != VALUE_OBJECT)
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    must(n <= KIND_FIELDS_MAX);
    struct value out = value_object();
    uint64_t met = 0; /* fields that have a value or a problem */
    out.member = record_value_list(c, in->n, sizeof *out.member);
    for (uint32_t i = 0; out.member != NULL && i < in->n; i++) {
        const struct value_member *m = &in->member[i];
        struct record_place here = {at, m->key, 0};
        size_t k = 0, before = c->problems->n;
        if (at == NULL && is_frame(m->key))
            continue;
        while (k < n && !str_equal(field[k].name, m->key))
            k++;
        if (k == n) {
            bool audit = at == NULL && str_is(m->key, "audit");
            record_value_problem(c, &here, audit ? RECORD_BY_RULE : RECORD_UNKNOWN_FIELD,
                                 &m->value, 0);
            continue;
        }
        if (m->value.type == VALUE_NULL)
            continue;
        if (field[k].rule && !c->rules.all_fields) {
            record_value_problem(c, &here, RECORD_BY_RULE, &m->value, 0);
            continue;
        }
        struct value v = is_list(&field[k]) ? check_list(c, &field[k], &here, &m->value)
                                            : check_one(c, &field[k], &here, &m->value);
        if (v.type != VALUE_NULL)
            out.member[out.n++] = (struct value_member){m->key, v};
        if (v.type != VALUE_NULL || c->problems->n > before)
            met |= (uint64_t)1 << k;
    }
    if (at != NULL && met == 0) /* a row without anything in it vanishes */
        return nothing;
    for (size_t k = 0; k < n; k++) {
        struct record_place here = {at, field[k].name, 0};
        if (field[k].required && !field[k].rule && (met >> k & 1) == 0)
            record_value_problem(c, &here, RECORD_REQUIRED, NULL, 0);
    }
    return out;
}

/* At least the bytes of the canonical form: text has no controls but \t and \n, so it at most doubles. */
static size_t bytes_at_most(const struct value *v)
{
    size_t n = 32; /* words, numbers, brackets, a comma and a colon */
    if (v->type == VALUE_STRING)
        n += v->string.len * 2;
    for (uint32_t i = 0; v->type == VALUE_ARRAY && i < v->n; i++)
        n += bytes_at_most(&v->item[i]);
    for (uint32_t i = 0; v->type == VALUE_OBJECT && i < v->n; i++)
        n += v->member[i].key.len + 2 + bytes_at_most(&v->member[i].value);
    return n;
}

static void check_size(struct record_checking *c, const struct value *payload)
{
    if (bytes_at_most(payload) <= RECORD_BYTES_MAX)
        return;
    struct buf b = buf_new(RECORD_BYTES_MAX);
    json_write(&b, payload);
    if (b.failed)
        record_value_problem(c, NULL, RECORD_TOO_BIG, NULL, RECORD_BYTES_MAX);
    buf_free(&b);
}

/* "kind" and "visibility" of the form. */
static void check_frame(struct record_checking *c, const struct value *form,
                        struct record_form *out)
{
    struct record_place kind = {NULL, STR("kind"), 0},
                        visibility = {NULL, STR("visibility"), 0};
    const struct value *v = value_find(form, kind.name);
    if (v == NULL || v->type == VALUE_NULL)
        record_value_problem(c, &kind, RECORD_REQUIRED, NULL, 0);
    else if (v->type != VALUE_STRING)
        record_value_problem(c, &kind, RECORD_WRONG_TYPE, v, 0);
    else if ((out->kind = kinds_find(c->kinds, v->string)) == NULL)
        record_value_problem(c, &kind, RECORD_UNKNOWN_KIND, v, 0);
    v = value_find(form, visibility.name);
    if (v == NULL || v->type == VALUE_NULL)
        return;
    if (v->type != VALUE_STRING)
        record_value_problem(c, &visibility, RECORD_WRONG_TYPE, v, 0);
    else if (!record_read_audience(v->string, &out->audience))
        record_value_problem(c, &visibility, RECORD_UNKNOWN_CODE, v, 0);
    out->audience_given = true;
}

enum cau_err record_check(struct arena *a, const struct kinds *kinds, const struct value *form,
                          struct record_rules rules, struct record_form *out,
                          struct record_problems *problems)
{
    struct record_checking c = {.a = a, .kinds = kinds, .rules = rules, .problems = problems};
    struct record_form made = {.audience = RECORD_PUBLIC};
    problems->n = 0;
    if (form->type != VALUE_OBJECT)
        record_value_problem(&c, NULL, RECORD_WRONG_TYPE, form, 0);
    else
        check_frame(&c, form, &made);
    if (made.kind != NULL) {
        made.payload = check_members(&c, made.kind->field, made.kind->n, NULL, form);
        if (problems->n == 0 && !c.full)
            check_size(&c, &made.payload);
    }
    if (c.full) { /* what is missing for want of room is no mistake of the form */
        problems->n = 0;
        return CAU_ERR_MEMORY;
    }
    if (problems->n > 0)
        return CAU_ERR_SYNTAX;
    *out = made;
    return CAU_OK;
}
