#include "web/api/reconcile_read.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "record/json.h"

/* A string of the value in NFC. */
static enum cau_err text_of(struct arena *a, const struct value *v, struct str *out)
{
    if (v->type != VALUE_STRING)
        return CAU_ERR_SYNTAX;
    if (v->string.len > RECONCILE_TEXT_BYTES_MAX)
        return CAU_ERR_RANGE;
    return utf8_nfc(a, v->string, out);
}

/* One value of a property: text, a number, true or false, or an entity with its id. */
static enum cau_err add_value(struct arena *a, const struct value *v,
                              struct reconcile_property *p)
{
    struct str text = {NULL, 0};
    enum cau_err err = CAU_OK;
    struct buf b = buf_new(32);
    switch (v->type) {
    case VALUE_OBJECT:
        err =
            value_get(v, "id") == NULL ? CAU_ERR_SYNTAX : text_of(a, value_get(v, "id"), &text);
        break;
    case VALUE_STRING:
        err = text_of(a, v, &text);
        break;
    case VALUE_INTEGER:
        buf_add_int(&b, v->integer);
        err = arena_copy(a, buf_str(&b), &text);
        break;
    case VALUE_TRUE:
    case VALUE_FALSE:
    case VALUE_REAL: /* none of our properties is one */
        break;
    default:
        err = CAU_ERR_SYNTAX;
    }
    buf_free(&b);
    if (err == CAU_OK && p->values == RECONCILE_VALUES_MAX)
        err = CAU_ERR_RANGE;
    if (err == CAU_OK && text.len > 0)
        p->value[p->values++] = text;
    return err;
}

static enum cau_err read_property(struct arena *a, const struct value *v,
                                  struct reconcile_property *out)
{
    const struct value *pid = value_get(v, "pid"), *value = value_get(v, "v");
    if (pid == NULL || value == NULL)
        return CAU_ERR_SYNTAX;
    enum cau_err err = text_of(a, pid, &out->pid);
    if (err != CAU_OK || value->type != VALUE_ARRAY)
        return err == CAU_OK ? add_value(a, value, out) : err;
    for (uint32_t i = 0; i < value->n && err == CAU_OK; i++)
        err = add_value(a, &value->item[i], out);
    return err;
}

static enum cau_err read_properties(struct arena *a, const struct value *list,
                                    struct reconcile_query *out)
{
    if (list->type != VALUE_ARRAY)
        return CAU_ERR_SYNTAX;
    if (list->n > RECONCILE_PROPERTIES_MAX)
        return CAU_ERR_RANGE;
    out->property = arena_zero(a, (list->n + 1) * sizeof *out->property);
    if (out->property == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (uint32_t i = 0; i < list->n && err == CAU_OK; i++)
        err = read_property(a, &list->item[i], &out->property[out->properties++]);
    return err;
}

static enum cau_err read_types(struct arena *a, const struct value *v,
                               struct reconcile_query *out)
{
    if (v->type == VALUE_STRING) {
        out->types = 1;
        return text_of(a, v, &out->type[0]);
    }
    if (v->type != VALUE_ARRAY)
        return CAU_ERR_SYNTAX;
    if (v->n > RECONCILE_TYPES_MAX)
        return CAU_ERR_RANGE;
    enum cau_err err = CAU_OK;
    for (uint32_t i = 0; i < v->n && err == CAU_OK; i++)
        err = text_of(a, &v->item[i], &out->type[out->types++]);
    return err;
}

static enum cau_err read_limit(const struct value *v, struct reconcile_query *out)
{
    if (v->type == VALUE_REAL && v->real >= 1)
        out->limit = v->real < RECONCILE_LIMIT_MAX ? (unsigned)v->real : RECONCILE_LIMIT_MAX;
    else if (v->type == VALUE_INTEGER && v->integer >= 1)
        out->limit =
            v->integer < RECONCILE_LIMIT_MAX ? (unsigned)v->integer : RECONCILE_LIMIT_MAX;
    else
        return CAU_ERR_SYNTAX;
    return CAU_OK;
}

static bool strictness_good(const struct value *v)
{
    return v->type == VALUE_STRING && (str_is(v->string, "any") ||
                                       str_is(v->string, "should") || str_is(v->string, "all"));
}

static enum cau_err read_member(struct arena *a, const struct value_member *m,
                                struct reconcile_query *out)
{
    if (str_is(m->key, "query"))
        return text_of(a, &m->value, &out->text);
    if (str_is(m->key, "type"))
        return read_types(a, &m->value, out);
    if (str_is(m->key, "limit"))
        return read_limit(&m->value, out);
    if (str_is(m->key, "properties"))
        return read_properties(a, &m->value, out);
    return str_is(m->key, "type_strict") && strictness_good(&m->value) ? CAU_OK
                                                                       : CAU_ERR_SYNTAX;
}

static enum cau_err read_query(struct arena *a, const struct value *v,
                               struct reconcile_query *out)
{
    enum cau_err err = v->type == VALUE_OBJECT ? CAU_OK : CAU_ERR_SYNTAX;
    out->limit = RECONCILE_LIMIT;
    for (uint32_t i = 0; err == CAU_OK && i < v->n; i++)
        err = read_member(a, &v->member[i], out);
    if (err == CAU_OK && value_get(v, "query") == NULL && out->properties == 0)
        err = CAU_ERR_SYNTAX; /* asks nothing */
    return err;
}

enum cau_err reconcile_read_queries(struct arena *a, struct str json,
                                    struct reconcile_batch *out)
{
    struct value v;
    enum cau_err err = json_read(a, json, RECONCILE_BYTES_MAX, JSON_OUTSIDE, &v, NULL);
    if (err == CAU_OK && v.type != VALUE_OBJECT)
        err = CAU_ERR_SYNTAX;
    if (err == CAU_OK && v.n > RECONCILE_QUERIES_MAX)
        err = CAU_ERR_RANGE;
    if (err != CAU_OK)
        return err;
    struct reconcile_query *query = arena_zero(a, (v.n + 1) * sizeof *query);
    if (query == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < v.n && err == CAU_OK; i++) {
        query[i].key = v.member[i].key;
        err = v.member[i].key.len > RECONCILE_TEXT_BYTES_MAX
                  ? CAU_ERR_RANGE
                  : read_query(a, &v.member[i].value, &query[i]);
    }
    if (err == CAU_OK)
        *out = (struct reconcile_batch){query, v.n};
    return err;
}

static enum cau_err read_ids(struct arena *a, const struct value *ids,
                             struct reconcile_extension *out)
{
    if (ids->n > RECONCILE_IDS_MAX)
        return CAU_ERR_RANGE;
    out->id = arena_take(a, (ids->n + 1) * sizeof *out->id);
    enum cau_err err = out->id == NULL ? CAU_ERR_MEMORY : CAU_OK;
    for (uint32_t i = 0; i < ids->n && err == CAU_OK; i++)
        err = text_of(a, &ids->item[i], &out->id[out->ids++]);
    return err;
}

enum cau_err reconcile_read_extension(struct arena *a, struct str json,
                                      struct reconcile_extension *out)
{
    struct value v;
    struct reconcile_extension read = {.id = NULL};
    enum cau_err err = json_read(a, json, RECONCILE_BYTES_MAX, JSON_OUTSIDE, &v, NULL);
    if (err != CAU_OK)
        return err;
    const struct value *ids = value_get(&v, "ids"), *properties = value_get(&v, "properties");
    if (ids == NULL || properties == NULL || ids->type != VALUE_ARRAY ||
        properties->type != VALUE_ARRAY)
        return CAU_ERR_SYNTAX;
    if (properties->n > RECONCILE_PROPERTIES_MAX)
        return CAU_ERR_RANGE;
    err = read_ids(a, ids, &read);
    for (uint32_t i = 0; i < properties->n && err == CAU_OK; i++) {
        const struct value *id = value_get(&properties->item[i], "id");
        err = id == NULL ? CAU_ERR_SYNTAX : text_of(a, id, &read.property[read.properties++]);
    }
    if (err == CAU_OK)
        *out = read;
    return err;
}
