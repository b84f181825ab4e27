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

/* What a route reads behind the question mark. */
static const struct parameter {
    const char *route, *name, *type;
} parameter[] = {
    {"api-search", "q", "string"},          {"api-search", "query_lang", "string"},
    {"api-search", "kind", "string"},       {"api-search", "country", "string"},
    {"api-search", "field", "string"},      {"api-search", "year", "string"},
    {"api-search", "status", "string"},     {"api-search", "language", "string"},
    {"api-search", "order", "string"},      {"api-search", "limit", "integer"},
    {"api-search", "offset", "integer"},    {"api-search", "lang", "string"},
    {"api-match", "id", "string"},          {"api-match", "text", "string"},
    {"api-match", "query_lang", "string"},  {"api-match", "kind", "string"},
    {"api-match", "country", "string"},     {"api-match", "limit", "integer"},
    {"api-match", "lang", "string"},        {"api-record", "format", "string"},
    {"api-record", "lang", "string"},       {"api-export", "kind", "string"},
    {"api-export", "country", "string"},    {"api-export", "format", "string"},
    {"api-export", "lang", "string"},       {"api-matrix", "a", "string"},
    {"api-matrix", "b", "string"},          {"api-matrix", "lang", "string"},
    {"api-openapi", "lang", "string"},      {"reconcile", "queries", "string"},
    {"reconcile", "extend", "string"},      {"reconcile", "lang", "string"},
    {"reconcile-in", "queries", "string"},  {"reconcile-in", "extend", "string"},
    {"suggest-entity", "prefix", "string"}, {"suggest-entity", "cursor", "integer"},
    {"suggest-type", "prefix", "string"},   {"suggest-property", "prefix", "string"},
    {"properties", "type", "string"},       {"properties", "limit", "integer"},
};

/* What a route answers beside 200, and 503 that any may; 404 also where the path has places. */
static const struct other_answer {
    const char *route;
    unsigned status;
} other_answer[] = {
    {"api-search", 400},     {"api-match", 400},    {"api-match", 404},
    {"api-record", 304},     {"api-version", 304},  {"api-kinds", 304},
    {"api-export", 400},     {"api-export", 413},   {"api-matrix", 400},
    {"api-openapi", 304},    {"reconcile", 400},    {"reconcile-in", 400},
    {"suggest-entity", 400}, {"suggest-type", 400}, {"suggest-property", 400},
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

/* ---- answers of the routes ---- */

static struct value content_of(struct ask *q, const char *type, struct value schema)
{
    struct value v = value_object(), one = value_object();
    answer_set(q, &one, STR("schema"), schema);
    answer_set(q, &v, str_of(type), one);
    return v;
}

static void add_status(struct ask *q, struct value *responses, unsigned status)
{
    struct value v = value_object();
    struct str code = ask_print(q, "%u", status);
    if (status == 304) {
        answer_text(q, &v, "description", words(q->lang, "api.unchanged"));
    } else {
        answer_text(q, &v, "description",
                    ask_label(q, "error.", ask_print(q, "%u.text", status)));
        answer_set(q, &v, STR("content"),
                   content_of(q, "application/problem+json", typed(q, "object")));
    }
    answer_set(q, responses, code, v);
}

/* A version of a record: what is known of it, and the record as its form has it. */
static struct value version_schema(struct ask *q)
{
    static const char *const member[][2] = {
        {"id", "string"},   {"kind", "string"},       {"audience", "string"},
        {"n", "integer"},   {"leaf", "string"},       {"entry", "integer"},
        {"time", "string"}, {"withdrawn", "boolean"}, {"redacted", "boolean"}};
    struct value v = typed(q, "object"), properties = value_object();
    for (size_t i = 0; i < countof(member); i++)
        answer_set(q, &properties, str_of(member[i][0]), typed(q, member[i][1]));
    answer_set(q, &properties, STR("record"), reference(q, STR("AnyRecord")));
    answer_set(q, &v, STR("properties"), properties);
    return v;
}

static struct value responses_of(struct ask *q, const struct route *route)
{
    struct value v = value_object(), good = value_object();
    bool is_version =
        strcmp(route->name, "api-record") == 0 || strcmp(route->name, "api-version") == 0;
    answer_text(q, &good, "description", words(q->lang, route->summary));
    if (is_version)
        answer_set(q, &good, STR("content"),
                   content_of(q, "application/json", version_schema(q)));
    answer_set(q, &v, STR("200"), good);
    for (size_t i = 0; i < countof(other_answer); i++)
        if (strcmp(other_answer[i].route, route->name) == 0)
            add_status(q, &v, other_answer[i].status);
    if (strpbrk(route->pattern, ":*") != NULL)
        add_status(q, &v, 404);
    add_status(q, &v, 503);
    return v;
}

static struct value operation_of(struct ask *q, const struct route *route, const char *more,
                                 struct value parameters)
{
    struct value v = value_object();
    answer_text(q, &v, "operationId", ask_print(q, "%s%s", route->name, more));
    answer_text(q, &v, "summary", words(q->lang, route->summary));
    answer_set(q, &v, STR("parameters"), parameters);
    answer_set(q, &v, STR("responses"), responses_of(q, route));
    return v;
}

static bool reads(const struct parameter *p, const struct route *route)
{
    return strcmp(p->route, route->name) == 0;
}

/* Whether what is read behind the question mark may be sent as a form too. */
static bool takes_form(const struct route *route)
{
    for (size_t i = 0; i < routes_count; i++)
        if (routes_list[i].method == HTTP_POST && strcmp(routes_list[i].name, route->name) == 0)
            return true;
    return false;
}

static struct value form_of(struct ask *q, const struct route *route)
{
    struct value v = value_object(), schema = typed(q, "object"), properties = value_object();
    for (size_t i = 0; i < countof(parameter); i++)
        if (reads(&parameter[i], route) && strcmp(parameter[i].name, "lang") != 0)
            answer_set(q, &properties, str_of(parameter[i].name), typed(q, parameter[i].type));
    answer_set(q, &schema, STR("properties"), properties);
    answer_set(q, &v, STR("content"),
               content_of(q, "application/x-www-form-urlencoded", schema));
    return v;
}

static void add_route(struct ask *q, struct value *paths, const struct route *route)
{
    struct value item = value_object(), places = value_array(), all;
    struct str path = path_of(q, route, &places);
    if (takes_form(route)) {
        struct value post = operation_of(q, route, "-post", places);
        answer_set(q, &post, STR("requestBody"), form_of(q, route));
        answer_set(q, &item, STR("post"), post);
    }
    if (value_copy(q->arena, &places, &all) != CAU_OK)
        q->model.failed = true;
    for (size_t i = 0; i < countof(parameter) && !q->model.failed; i++)
        if (reads(&parameter[i], route))
            add_parameter(q, &all, "query", str_of(parameter[i].name), parameter[i].type);
    if (!q->model.failed)
        answer_set(q, &item, STR("get"), operation_of(q, route, "", all));
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
