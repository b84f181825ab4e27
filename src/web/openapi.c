/* The description of the JSON interface, OpenAPI 3.1, made from the route table and the kinds. */
#include "base/words.h"
#include "web/routes.h"
#include "web/serve/answer.h"

#include <string.h>

static struct value typed(struct ask *q, const char *type)
{
    struct value v = value_object();
    answer_text(q, &v, "type", str_of(type));
    return v;
}

static struct value reference(struct ask *q, struct str kind)
{
    struct value v = value_object();
    answer_text(q, &v, "$ref", ask_print(q, "#/components/schemas/%.*s", STR_ARG(kind)));
    return v;
}

/* ---- schemas of the kinds ---- */

static struct value list_schema(struct ask *q, const struct kind_list *list)
{
    struct value v = typed(q, "string"), codes = value_array();
    for (size_t i = 0; i < list->n; i++)
        answer_push(q, &codes, value_string(list->code[i].code));
    answer_set(q, &v, STR("enum"), codes);
    return v;
}

static struct value array_of(struct ask *q, struct value items)
{
    struct value v = typed(q, "array");
    answer_set(q, &v, STR("items"), items);
    return v;
}

static struct value field_schema(struct ask *q, const struct kind_field *f);

static struct value row_schema(struct ask *q, const struct kind_field *f)
{
    struct value v = typed(q, "object"), properties = value_object();
    for (size_t i = 0; i < f->column_count; i++)
        answer_set(q, &properties, f->column[i].name, field_schema(q, &f->column[i]));
    answer_set(q, &v, STR("properties"), properties);
    return v;
}

static struct value one_schema(struct ask *q, const struct kind_field *f)
{
    struct value v;
    switch (f->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
    case KIND_MONEY:
    case KIND_PLACE:
    case KIND_IDENTIFIERS:
        return typed(q, "object");
    case KIND_INTEGER:
        return typed(q, "integer");
    case KIND_FLAG:
        return typed(q, "boolean");
    case KIND_CHOICE:
        return list_schema(q, f->list);
    case KIND_CODES:
        return array_of(q, typed(q, "string"));
    case KIND_SOURCES:
    case KIND_RELATIONS:
        return array_of(q, typed(q, "object"));
    case KIND_ROWS:
        return array_of(q, row_schema(q, f));
    case KIND_URL:
        v = typed(q, "string");
        answer_text(q, &v, "format", STR("uri"));
        return v;
    default:
        return typed(q, "string");
    }
}

static struct value field_schema(struct ask *q, const struct kind_field *f)
{
    struct value v = one_schema(q, f);
    if (f->many)
        v = array_of(q, v);
    answer_text(q, &v, "description", f->label[q->lang]);
    return v;
}

static struct value kind_schema(struct ask *q, const struct kind *kind)
{
    struct value v = typed(q, "object"), properties = value_object(), required = value_array();
    for (size_t i = 0; i < kind->n; i++) {
        answer_set(q, &properties, kind->field[i].name, field_schema(q, &kind->field[i]));
        if (kind->field[i].required)
            answer_push(q, &required, value_string(kind->field[i].name));
    }
    answer_text(q, &v, "title", kind->label[q->lang]);
    answer_text(q, &v, "description", kind->help[q->lang]);
    answer_set(q, &v, STR("properties"), properties);
    answer_set(q, &v, STR("required"), required);
    return v;
}

/* ---- paths of the routes ---- */

static const struct parameter {
    const char *route, *name, *type;
} parameter[] = {
    {"api-search", "q", "string"},
    {"api-search", "query_lang", "string"},
    {"api-search", "kind", "string"},
    {"api-search", "country", "string"},
    {"api-search", "field", "string"},
    {"api-search", "year", "string"},
    {"api-search", "status", "string"},
    {"api-search", "language", "string"},
    {"api-search", "order", "string"},
    {"api-search", "limit", "integer"},
    {"api-search", "offset", "integer"},
    {"api-search", "lang", "string"},
    {"api-match", "id", "string"},
    {"api-match", "text", "string"},
    {"api-match", "query_lang", "string"},
    {"api-match", "kind", "string"},
    {"api-match", "country", "string"},
    {"api-match", "limit", "integer"},
    {"api-match", "lang", "string"},
    {"api-export", "kind", "string"},
    {"api-export", "country", "string"},
    {"api-export", "format", "string"},
    {"api-export", "lang", "string"},
    {"api-matrix", "a", "string"},
    {"api-matrix", "b", "string"},
    {"api-matrix", "lang", "string"},
    {"reconcile", "queries", "string"},
    {"reconcile", "extend", "string"},
    {"reconcile", "lang", "string"},
    {"reconcile-in", "queries", "string"},
    {"reconcile-in", "extend", "string"},
    {"suggest-entity", "prefix", "string"},
    {"suggest-entity", "cursor", "integer"},
    {"suggest-type", "prefix", "string"},
    {"suggest-property", "prefix", "string"},
    {"properties", "type", "string"},
    {"properties", "limit", "integer"},
};

static void add_parameter(struct ask *q, struct value *list, const char *in, struct str name,
                          const char *type)
{
    struct value v = value_object();
    answer_text(q, &v, "name", name);
    answer_text(q, &v, "in", str_of(in));
    if (strcmp(in, "path") == 0)
        answer_set(q, &v, STR("required"), value_true());
    answer_set(q, &v, STR("schema"), typed(q, type));
    answer_push(q, list, v);
}

/* "api/v1/records/:record.id" as "/api/v1/records/{id}"; the places go to list. */
static struct str path_of(struct ask *q, const struct route *route, struct value *list)
{
    struct buf b = buf_new(1024);
    for (struct str rest = str_of(route->pattern); rest.len > 0;) {
        struct str part = str_next(&rest, '/'), name = part;
        buf_add_char(&b, '/');
        if (part.p[0] != ':' && part.p[0] != '*') {
            buf_add(&b, part);
            continue;
        }
        (void)str_next(&name, '.');
        if (name.len == 0)
            name = STR("path");
        buf_printf(&b, "{%.*s}", STR_ARG(name));
        add_parameter(q, list, "path", name,
                      str_starts(part, STR(":number")) ? "integer" : "string");
    }
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

static void add_route(struct ask *q, struct value *paths, const struct route *route)
{
    struct value get = value_object(), item = value_object(), parameters = value_array(),
                 responses = value_object(), good = value_object(), absent = value_object();
    struct str path = path_of(q, route, &parameters);
    for (size_t i = 0; i < countof(parameter); i++)
        if (strcmp(parameter[i].route, route->name) == 0)
            add_parameter(q, &parameters, "query", str_of(parameter[i].name),
                          parameter[i].type);
    answer_text(q, &good, "description", words(q->lang, route->summary));
    answer_text(q, &absent, "description", words(q->lang, "error.404.text"));
    answer_set(q, &responses, STR("200"), good);
    answer_set(q, &responses, STR("404"), absent);
    answer_text(q, &get, "operationId", str_of(route->name));
    answer_text(q, &get, "summary", words(q->lang, route->summary));
    answer_set(q, &get, STR("parameters"), parameters);
    answer_set(q, &get, STR("responses"), responses);
    answer_set(q, &item, STR("get"), get);
    answer_set(q, paths, path, item);
}

void openapi_answer(struct ask *q)
{
    const struct kinds *k = q->site->kinds;
    struct value v = value_object(), info = value_object(), paths = value_object(),
                 components = value_object(), schemas = value_object(), any = value_array();
    if (ask_unchanged(q,
                      ask_print(q, "%s-%.*s", q->site->version, STR_ARG(lang_code(q->lang)))))
        return;
    answer_text(q, &info, "title",
                ask_print(q, "Cầu · %.*s", STR_ARG(node_config(q->site->node)->name)));
    answer_text(q, &info, "version", STR("1"));
    answer_text(q, &info, "description", words(q->lang, "api.description"));
    for (size_t i = 0; i < routes_count; i++)
        if (routes_list[i].summary != NULL)
            add_route(q, &paths, &routes_list[i]);
    for (size_t i = 0; i < k->n; i++) {
        answer_set(q, &schemas, k->kind[i].name, kind_schema(q, &k->kind[i]));
        answer_push(q, &any, reference(q, k->kind[i].name));
    }
    struct value record = value_object();
    answer_set(q, &record, STR("anyOf"), any);
    answer_set(q, &schemas, STR("AnyRecord"), record);
    answer_set(q, &components, STR("schemas"), schemas);
    answer_text(q, &v, "openapi", STR("3.1.0"));
    answer_set(q, &v, STR("info"), info);
    answer_set(q, &v, STR("paths"), paths);
    answer_set(q, &v, STR("components"), components);
    answer_send(q, &v);
}
