/* The JSON interface: /api/v1/. What a reader may not see is not there, as on the pages. */
#include "web/api/api.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "exchange/export/export.h"
#include "index/missed.h"
#include "record/json.h"
#include "view/found.h"
#include "web/part/present.h"
#include "web/part/reasons.h"
#include "web/search/matrix.h"
#include "web/search/results.h"
#include "web/serve/answer.h"

enum { LIMIT_MAX = 100, OFFSET_MAX = INDEX_HITS_MAX - LIMIT_MAX };

static struct str time_text(struct ask *q, int64_t ms)
{
    char text[20];
    struct str out = {NULL, 0};
    clock_write_time(ms, text);
    if (arena_copy(q->arena, (struct str){text, sizeof text}, &out) != CAU_OK)
        q->model.failed = true;
    return out;
}

static bool read_number(const struct ask *q, const char *name, uint64_t most, uint64_t none,
                        uint64_t *out)
{
    struct str text = ask_query(q, name);
    *out = none;
    return text.len == 0 || number_read(text, most, out) == CAU_OK;
}

/* ---- search ---- */

static struct value reasons_of(struct ask *q, const struct index_hit *hit)
{
    struct value list = value_array();
    for (size_t i = 0; i < hit->reason_count; i++) {
        struct value v = value_object();
        answer_known(q, &v, "query_word", hit->reason[i].query_word);
        answer_known(q, &v, "text_word", hit->reason[i].text_word);
        answer_number(q, &v, "share_permille", hit->reason[i].share_permille);
        answer_known(q, &v, "channel", index_channel_name(hit->reason[i].channel));
        if (hit->reason[i].text_lang.len > 0)
            answer_known(q, &v, "text_lang", hit->reason[i].text_lang);
        if (hit->reason[i].sources.len > 0)
            answer_known(q, &v, "sources", hit->reason[i].sources);
        answer_push(q, &list, v);
    }
    return list;
}

/* What of the query met nothing. */
static struct value missed_of(struct ask *q, struct str text, const struct index_hit *hit)
{
    struct str run[RESULTS_MISSED];
    struct value list = value_array();
    size_t n = missed_find(q->arena, text, hit->reason, hit->reason_count, reasons_little, run,
                           RESULTS_MISSED);
    for (size_t i = 0; i < n; i++)
        answer_push(q, &list, value_string(run[i]));
    return list;
}

static void add_hit(struct ask *q, struct value *list, struct str text,
                    const struct index_hit *hit)
{
    struct view_record r;
    if (view_get(q->view, q->arena, q->reader, hit->doc, &r) != CAU_OK)
        return;
    struct value v = value_object();
    struct record_text title = record_title(r.kind, &r.payload, q->lang);
    answer_known(q, &v, "id", r.id);
    answer_known(q, &v, "external_id", r.external_id);
    answer_known(q, &v, "kind", r.kind->name);
    answer_known(q, &v, "title", title.text);
    answer_known(q, &v, "title_lang", title.lang);
    answer_known(q, &v, "country", value_get_str(&r.payload, "country"));
    answer_known(q, &v, "time", time_text(q, r.time_ms));
    if (value_get(&r.payload, "example") != NULL)
        answer_set(q, &v, STR("example"), value_true());
    if (hit->score != 0)
        answer_number(q, &v, "score", hit->score);
    if (hit->reason_count > 0)
        answer_set(q, &v, STR("reasons"), reasons_of(q, hit));
    struct value missed = missed_of(q, text, hit);
    if (missed.n > 0)
        answer_set(q, &v, STR("missed"), missed);
    answer_push(q, list, v);
}

static struct value facets_of(struct ask *q, const struct index_result *found)
{
    struct value all = value_object();
    for (unsigned c = 0; c < INDEX_COLUMNS; c++) {
        struct value list = value_array();
        for (size_t i = 0; i < found->facet_count[c]; i++) {
            struct value v = value_object();
            answer_known(q, &v, "value", found->facet[c][i].value);
            answer_known(
                q, &v, "label",
                results_value_label(q, (enum index_column)c, found->facet[c][i].value));
            answer_number(q, &v, "n", found->facet[c][i].n);
            answer_push(q, &list, v);
        }
        answer_set(q, &all, str_of(results_column_name((enum index_column)c)), list);
    }
    return all;
}

void api_search(struct ask *q)
{
    struct results r;
    struct index_result found;
    struct index_filter filter[INDEX_FILTERS_MAX];
    uint64_t limit, offset;
    results_read(q, NULL, &r);
    if (!read_number(q, "limit", LIMIT_MAX, 20, &limit) ||
        !read_number(q, "offset", OFFSET_MAX, 0, &offset)) {
        ask_error(q, 400);
        return;
    }
    struct index_query query = {.text = r.text,
                                .lang = r.lang,
                                .reader = q->reader,
                                .filter = filter,
                                .filter_count = results_filters(q, &r, filter),
                                .order = r.order,
                                .offset = (size_t)offset,
                                .limit = (size_t)limit,
                                .facets = true,
                                .explain = r.text.len > 0};
    enum cau_err err = index_search(node_index(q->site->node), q->arena, &query, &found);
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_RANGE ? 400 : 503);
        return;
    }
    struct value v = value_object(), hits = value_array();
    for (size_t i = 0; i < found.hit_count; i++)
        add_hit(q, &hits, r.text, &found.hit[i]);
    answer_number(q, &v, "total", found.total);
    answer_known(q, &v, "query_lang", found.lang);
    if (found.cut)
        answer_set(q, &v, STR("cut"), value_true());
    answer_set(q, &v, STR("hits"), hits);
    answer_set(q, &v, STR("facets"), facets_of(q, &found));
    answer_send(q, &v);
}

/* ---- match ---- */

/* What the address asks for: one record by its id, or a text. False: answered already. */
static bool read_match(struct ask *q, struct match_query *out)
{
    struct str id = ask_query(q, "id"), kind = ask_query(q, "kind");
    struct view_record r;
    enum lang lang;
    uint64_t limit = 0;
    const struct kind *wanted = kind.len == 0 ? NULL : kinds_find(q->site->kinds, kind);
    *out = (struct match_query){.text = str_trim(ask_query(q, "text")),
                                .lang = ask_query(q, "query_lang"),
                                .kind = wanted == NULL ? kind : wanted->name,
                                .country = ask_query(q, "country"),
                                .reader = q->reader,
                                .explain = true};
    if ((id.len > 0) == (out->text.len > 0) || (kind.len > 0 && wanted == NULL) ||
        (out->lang.len > 0 && !lang_read(out->lang, &lang)) ||
        !read_number(q, "limit", LIMIT_MAX, 20, &limit)) {
        ask_error(q, 400);
        return false;
    }
    out->limit = (size_t)limit;
    if (id.len == 0)
        return true;
    if (!ask_record(q, id, &r))
        return false;
    out->doc = r.doc;
    if (r.withdrawn || r.redacted) /* nothing is sought for it any more */
        out->limit = 0;
    return true;
}

void api_match(struct ask *q)
{
    struct match_query query;
    struct match_hit *hit = NULL;
    size_t n = 0;
    if (!read_match(q, &query))
        return;
    enum cau_err err =
        query.limit == 0 ? CAU_OK : view_match(q->view, q->arena, &query, &hit, &n);
    struct value v = value_object(), hits = value_array();
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        struct value one;
        err = found_match(q->arena, &hit[i], q->lang, true, &one);
        if (err == CAU_OK)
            err = value_push(q->arena, &hits, one);
    }
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_UNKNOWN ? 404 : err == CAU_ERR_SYNTAX ? 400 : 503);
        return;
    }
    answer_set(q, &v, STR("hits"), hits);
    answer_send(q, &v);
}

/* ---- strengths and needs ---- */

static const char *const matrix_name[MATRIX_COLUMNS] = {
    "needs_a",         "offers_b",        "needs_b",   "offers_a",
    "organizations_a", "organizations_b", "experts_a", "experts_b"};

static struct value matrix_row_of(struct ask *q, const struct matrix *m,
                                  const struct matrix_row *row)
{
    struct value v = value_object();
    if (row->field != NULL) {
        answer_known(q, &v, "field", ask_print(q, "FORD:%.*s", STR_ARG(row->field->code)));
        answer_known(q, &v, "label", row->field->label[q->lang]);
        answer_number(q, &v, "level", row->broad ? 1 : 2);
    }
    for (unsigned c = 0; c < MATRIX_COLUMNS; c++) {
        struct value cell = value_object();
        struct str page = matrix_address(q, m, row, (enum matrix_column)c);
        answer_number(q, &cell, "n", row->n[c]);
        answer_known(q, &cell, "page", page);
        if (matrix_is_gap(row, (enum matrix_column)c))
            answer_set(q, &cell, STR("gap"), value_true());
        answer_set(q, &v, str_of(matrix_name[c]), cell);
    }
    return v;
}

void api_matrix(struct ask *q)
{
    struct str country[2];
    struct matrix m;
    if (!matrix_read(q, country)) {
        ask_error(q, 400);
        return;
    }
    if (matrix_count(q, country, &m) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    struct value v = value_object(), rows = value_array();
    for (size_t i = 0; i < m.rows; i++)
        answer_push(q, &rows, matrix_row_of(q, &m, &m.row[i]));
    answer_known(q, &v, "a", m.country[0]);
    answer_known(q, &v, "b", m.country[1]);
    answer_set(q, &v, STR("rows"), rows);
    answer_send(q, &v);
}

/* ---- one record ---- */

static bool read_version(struct ask *q, enum record_audience *audience, uint32_t *n)
{
    uint64_t number;
    if (record_read_audience(q->part[1], audience) &&
        number_read(q->part[2], UINT32_MAX, &number) == CAU_OK) {
        *n = (uint32_t)number;
        return true;
    }
    ask_error(q, 404);
    return false;
}

static void answer_record(struct ask *q, const struct view_record *r)
{
    struct value v = value_object(), form;
    if (ask_unchanged(q, ask_hex(q, &r->leaf)))
        return;
    answer_known(q, &v, "id", r->id);
    answer_known(q, &v, "kind", r->kind->name);
    answer_known(q, &v, "audience", record_audience_name(r->audience));
    answer_number(q, &v, "n", r->n);
    answer_number(q, &v, "entry", (int64_t)r->seq);
    answer_known(q, &v, "leaf", ask_hex(q, &r->leaf));
    answer_known(q, &v, "time", time_text(q, r->time_ms));
    if (r->withdrawn)
        answer_set(q, &v, STR("withdrawn"), value_true());
    if (r->redacted)
        answer_set(q, &v, STR("redacted"), value_true());
    else if (record_to_form(q->arena, r->kind, r->audience, &r->payload, &form) == CAU_OK)
        answer_set(q, &v, STR("record"), form);
    else
        q->model.failed = true;
    answer_send(q, &v);
}

static void answer_jsonld(struct ask *q, const struct view_record *r)
{
    struct str base = ask_print(q, "https://%.*s", STR_ARG(node_config(q->site->node)->name));
    struct buf b = buf_new(HTTP_ANSWER_BYTES_MAX);
    if (export_jsonld(q->arena, r, q->lang, base, &b) != CAU_OK || b.failed)
        ask_error(q, 503);
    else
        ask_bytes(q, export_media_type(EXPORT_JSONLD), buf_str(&b));
    buf_free(&b);
}

void api_record(struct ask *q)
{
    struct view_record r;
    if (!ask_record(q, q->part[0], &r))
        return;
    if (str_is(ask_query(q, "format"), "jsonld"))
        answer_jsonld(q, &r);
    else
        answer_record(q, &r);
}

void api_version(struct ask *q)
{
    enum record_audience audience;
    uint32_t n;
    struct view_record now, then;
    if (!ask_record(q, q->part[0], &now) || !read_version(q, &audience, &n))
        return;
    if (view_get_version(q->view, q->arena, q->record_reader, now.doc, audience, n, &then) !=
        CAU_OK)
        ask_error(q, 404);
    else
        answer_record(q, &then);
}

void api_history(struct ask *q)
{
    struct view_record r;
    struct view_version *list;
    size_t n = 0;
    if (!ask_record(q, q->part[0], &r))
        return;
    if (view_history(q->view, q->arena, q->record_reader, r.doc, &list, &n) != CAU_OK) {
        ask_error(q, 500);
        return;
    }
    struct value all = value_array();
    for (size_t i = 0; i < n; i++) {
        struct value v = value_object();
        answer_known(q, &v, "audience", record_audience_name(list[i].audience));
        answer_number(q, &v, "n", list[i].n);
        answer_number(q, &v, "entry", (int64_t)list[i].seq);
        answer_known(q, &v, "leaf", ask_hex(q, &list[i].leaf));
        answer_known(q, &v, "time", time_text(q, list[i].time_ms));
        answer_known(q, &v, "role", list[i].role);
        answer_known(q, &v, "import", list[i].import);
        if (list[i].redacted)
            answer_set(q, &v, STR("redacted"), value_true());
        answer_push(q, &all, v);
    }
    struct value v = value_object();
    answer_known(q, &v, "id", r.id);
    answer_set(q, &v, STR("versions"), all);
    answer_send(q, &v);
}

void api_proof(struct ask *q)
{
    enum record_audience audience;
    uint32_t n;
    struct view_record r;
    struct str proof;
    if (!ask_record(q, q->part[0], &r) || !read_version(q, &audience, &n))
        return;
    enum cau_err err =
        view_proof(q->view, q->arena, q->record_reader, r.doc, audience, n, &proof);
    if (err == CAU_OK)
        ask_bytes(q, "text/plain; charset=utf-8", proof);
    else
        ask_error(q, err == CAU_ERR_BUSY ? 503 : err == CAU_ERR_UNKNOWN ? 404 : 500);
}

/* ---- kinds ---- */

static const char *type_name(enum kind_type type)
{
    static const char *const name[] = {
        "text",    "prose",       "names",   "line",      "url",  "email", "date",
        "integer", "decimal",     "flag",    "choice",    "link", "money", "place",
        "codes",   "identifiers", "sources", "relations", "rows"};
    must((unsigned)type < countof(name));
    return name[type];
}

static struct value labels_of(struct ask *q, const struct str label[LANG_COUNT])
{
    struct value v = value_object();
    answer_known(q, &v, "vi", label[LANG_VI]);
    answer_known(q, &v, "ru", label[LANG_RU]);
    answer_known(q, &v, "en", label[LANG_EN]);
    return v;
}

static struct value field_of(struct ask *q, const struct kind_field *f)
{
    struct value v = value_object();
    answer_known(q, &v, "name", f->name);
    answer_known(q, &v, "type", str_of(type_name(f->type)));
    answer_set(q, &v, STR("label"), labels_of(q, f->label));
    if (f->required)
        answer_set(q, &v, STR("required"), value_true());
    if (f->many)
        answer_set(q, &v, STR("many"), value_true());
    if (f->rule)
        answer_set(q, &v, STR("rule"), value_true());
    if (f->list != NULL)
        answer_known(q, &v, "list", f->list->name);
    struct value targets = value_array(), columns = value_array();
    for (size_t i = 0; i < f->target_count; i++)
        answer_push(q, &targets, value_string(f->target[i]));
    for (size_t i = 0; i < f->column_count; i++)
        answer_push(q, &columns, field_of(q, &f->column[i])); /* columns have no columns */
    if (f->target_count > 0)
        answer_set(q, &v, STR("targets"), targets);
    if (f->column_count > 0)
        answer_set(q, &v, STR("columns"), columns);
    return v;
}

static struct value list_of(struct ask *q, const struct kind_list *list)
{
    struct value v = value_object(), codes = value_array();
    for (size_t i = 0; i < list->n; i++) {
        struct value code = value_object();
        answer_known(q, &code, "code", list->code[i].code);
        answer_set(q, &code, STR("label"), labels_of(q, list->code[i].label));
        answer_push(q, &codes, code);
    }
    answer_known(q, &v, "name", list->name);
    answer_set(q, &v, STR("label"), labels_of(q, list->label));
    answer_set(q, &v, STR("codes"), codes);
    return v;
}

void api_kinds(struct ask *q)
{
    const struct kinds *k = q->site->kinds;
    struct value v = value_object(), kinds = value_array(), lists = value_array();
    if (ask_unchanged(q, str_of(q->site->version)))
        return;
    for (size_t i = 0; i < k->n; i++) {
        struct value kind = value_object(), fields = value_array();
        for (size_t j = 0; j < k->kind[i].n; j++)
            answer_push(q, &fields, field_of(q, &k->kind[i].field[j]));
        answer_known(q, &kind, "name", k->kind[i].name);
        answer_number(q, &kind, "major", k->kind[i].major);
        answer_known(q, &kind, "section", k->kind[i].section);
        answer_known(q, &kind, "schema", k->kind[i].schema);
        answer_known(q, &kind, "title", k->kind[i].field[k->kind[i].title].name);
        answer_set(q, &kind, STR("label"), labels_of(q, k->kind[i].label));
        answer_set(q, &kind, STR("fields"), fields);
        answer_push(q, &kinds, kind);
    }
    for (size_t i = 0; i < k->list_count; i++)
        answer_push(q, &lists, list_of(q, &k->list[i]));
    answer_set(q, &v, STR("kinds"), kinds);
    answer_set(q, &v, STR("lists"), lists);
    answer_send(q, &v);
}

/* ---- export ---- */

struct exporting {
    int fd;
    uint64_t bytes;
};

static enum cau_err put(void *ctx, struct str bytes)
{
    struct exporting *x = ctx;
    x->bytes += bytes.len;
    return file_append(x->fd, bytes);
}

/* A whole kind as a file: written beside the node first, so that a slow reader holds no snapshot. */
void api_export(struct ask *q)
{
    struct export_options options = {.country = ask_query(q, "country"), .lang = q->lang};
    struct str format = ask_query(q, "format"), kind = ask_query(q, "kind");
    struct exporting x = {.fd = -1};
    if (!export_read_format(format.len == 0 ? STR("jsonl") : format, &options.format)) {
        ask_error(q, 400);
        return;
    }
    options.kind = kind.len == 0 ? NULL : kinds_find(q->site->kinds, kind);
    if ((kind.len > 0 && options.kind == NULL) ||
        (options.kind == NULL &&
         (options.format == EXPORT_CSV || options.format == EXPORT_XLSX))) {
        ask_error(q, 400);
        return;
    }
    struct arena own = arena_new(HTTP_REQUEST_ARENA_BYTES);
    struct export_sink sink = {&x, put};
    enum cau_err err = file_scratch(&own, node_dir(q->site->node), &x.fd);
    if (err == CAU_OK)
        err = export_write(q->site->node, &own, q->reader, &options, &sink, NULL);
    arena_free(&own);
    q->answer->file = x.fd;
    if (err != CAU_OK) {
        file_drop(x.fd);
        ask_error(q, err == CAU_ERR_RANGE ? 413 : err == CAU_ERR_REFUSED ? 400 : 503);
        return;
    }
    ask_attachment(q, ask_print(q, "%.*s.%s", STR_ARG(kind.len == 0 ? STR("cau") : kind),
                                export_ending(options.format)));
    ask_bytes(q, export_media_type(options.format), (struct str){NULL, 0});
    q->answer->file_bytes = x.bytes;
    if (x.bytes == 0)
        file_drop(x.fd);
}
