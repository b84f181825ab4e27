/* What OpenRefine asks while somebody types: records, types and properties that begin so, and a small page about one. */
#include "base/number.h"
#include "language/fold.h"
#include "web/api/reconcile_int.h"
#include "web/part/present.h"
#include "web/serve/alike_sets.h"
#include "web/serve/answer.h"

enum { SUGGEST_MAX = 20 }; /* at once; the rest is asked for with a cursor */

static uint64_t cursor_of(struct ask *q)
{
    uint64_t cursor;
    return number_read(ask_query(q, "cursor"), INDEX_HITS_MAX - SUGGEST_MAX, &cursor) == CAU_OK
               ? cursor
               : 0;
}

void reconcile_suggest_entity(struct ask *q)
{
    struct index_filter filter[KIND_COUNT_MAX];
    struct index_result found;
    struct value list = value_array();
    size_t n = 0;
    reconcile_language(q);
    for (size_t i = 0; i < q->site->kinds->n; i++)
        if (alike_is(&q->site->kinds->kind[i]))
            filter[n++] = (struct index_filter){INDEX_KIND, q->site->kinds->kind[i].name};
    struct index_query query = {.text = ask_query(q, "prefix"),
                                .lang = lang_code(q->lang),
                                .reader = q->reader,
                                .filter = filter,
                                .filter_count = n,
                                .offset = (size_t)cursor_of(q),
                                .limit = SUGGEST_MAX};
    enum cau_err err =
        str_trim(query.text).len == 0 || query.text.len > RECONCILE_TEXT_BYTES_MAX
            ? CAU_ERR_SYNTAX
            : index_search(node_index(q->site->node), q->arena, &query, &found);
    if (err != CAU_OK) {
        reconcile_refuse(q, err);
        return;
    }
    for (size_t i = 0; i < found.hit_count; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, q->reader, found.hit[i].doc, &r) != CAU_OK)
            continue;
        struct value v =
            reconcile_named(q, r.id, record_title(r.kind, &r.payload, q->lang).text);
        struct str country = value_get_str(&r.payload, "country");
        const struct kind_field *f = kind_find_field(r.kind, STR("country"));
        if (country.len > 0 && f != NULL)
            answer_text(q, &v, "description", kind_code_label(f->list, country, q->lang));
        answer_set(q, &v, STR("notable"), reconcile_types(q, &r));
        answer_push(q, &list, v);
    }
    reconcile_answer(q, list);
}

/* Whether id or name begins with what was typed, or one of the name's words does. */
static bool begins(struct ask *q, struct str id, struct str name)
{
    struct str prefix, label, code;
    if (fold_text(q->arena, ask_query(q, "prefix"), &prefix) != CAU_OK ||
        fold_text(q->arena, name, &label) != CAU_OK || fold_text(q->arena, id, &code) != CAU_OK)
        return false;
    if (str_starts(code, prefix))
        return true;
    while (label.len > 0) {
        if (str_starts(label, prefix))
            return true;
        (void)str_next(&label, ' ');
    }
    return false;
}

static void suggest(struct ask *q, struct value *list, struct str id, struct str name)
{
    if (list->n < SUGGEST_MAX && begins(q, id, name))
        answer_push(q, list, reconcile_named(q, id, name));
}

void reconcile_suggest_type(struct ask *q)
{
    struct value list = value_array();
    reconcile_language(q);
    if (ask_query(q, "prefix").len > RECONCILE_TEXT_BYTES_MAX) {
        ask_error(q, 400);
        return;
    }
    for (size_t i = 0; i < q->site->kinds->n; i++) {
        const struct kind *k = &q->site->kinds->kind[i];
        if (!alike_is(k))
            continue;
        suggest(q, &list, k->name, present_label(q, k->label));
        const struct kind_list *types = reconcile_types_of(k);
        for (size_t t = 0; types != NULL && t < types->n; t++)
            suggest(q, &list, reconcile_type_id(q, k, types->code[t].code),
                    present_label(q, types->code[t].label));
    }
    reconcile_answer(q, list);
}

/* The properties of a kind that make sense in a cell, and its identifiers one by one. */
static void each_property(struct ask *q, const struct kind *kind, size_t max, bool typed,
                          struct value *list)
{
    for (size_t i = 0; i < kind->n && list->n < max; i++) {
        const struct kind_field *f = &kind->field[i];
        bool plain = f->type != KIND_ROWS && f->type != KIND_SOURCES &&
                     f->type != KIND_RELATIONS && f->type != KIND_IDENTIFIERS && !f->rule;
        struct str label = present_label(q, f->label);
        if (plain && (!typed || begins(q, f->name, label)))
            answer_push(q, list, reconcile_named(q, f->name, label));
        for (size_t k = 0;
             f->type == KIND_IDENTIFIERS && f->list != NULL && k < f->list->n && list->n < max;
             k++) {
            label = present_label(q, f->list->code[k].label);
            if (!typed || begins(q, f->list->code[k].code, label))
                answer_push(q, list, reconcile_named(q, f->list->code[k].code, label));
        }
    }
}

void reconcile_suggest_property(struct ask *q)
{
    struct value list = value_array();
    reconcile_language(q);
    if (ask_query(q, "prefix").len > RECONCILE_TEXT_BYTES_MAX)
        ask_error(q, 400);
    else {
        each_property(q, kinds_find(q->site->kinds, STR("organization")), SUGGEST_MAX, true,
                      &list);
        reconcile_answer(q, list);
    }
}

void reconcile_properties(struct ask *q)
{
    struct value list = value_array(), v = value_object();
    struct str type = ask_query(q, "type"), code;
    uint64_t limit;
    reconcile_language(q);
    const struct kind *kind =
        reconcile_kind(q, type.len > 0 ? type : STR("organization"), &code);
    if (number_read(ask_query(q, "limit"), KIND_CODES_MAX, &limit) != CAU_OK || limit == 0)
        limit = KIND_CODES_MAX;
    if (kind != NULL)
        each_property(q, kind, (size_t)limit, false, &list);
    answer_set(q, &v, STR("properties"), list);
    answer_text(q, &v, "type", kind != NULL ? kind->name : type);
    answer_send(q, &v);
}

/* ---- preview: a small page for a frame of the client's ---- */

void reconcile_preview(struct ask *q)
{
    struct view_record r;
    reconcile_language(q);
    uint32_t doc = view_find(q->view, q->reader, q->part[1]);
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, &r) != CAU_OK) {
        ask_error(q, 404);
        return;
    }
    ask_begin_page(q);
    present_row(q, q->page, &r);
    struct buf b = buf_new(HTTP_ANSWER_BYTES_MAX);
    html_text(
        q->page, "link",
        ask_print(q, "%.*s%.*s", STR_ARG(ask_origin(q)), STR_ARG(present_address(q, r.id))));
    bool good = html_write(q->site->html, "preview", q->lang, q->page, &b);
    if (!good || b.failed || q->model.failed) {
        ask_error(q, 503);
    } else {
        ask_header(q, "Content-Security-Policy",
                   STR("default-src 'none'; frame-ancestors *; base-uri 'none'"));
        ask_bytes(q, "text/html; charset=utf-8", buf_str(&b));
    }
    buf_free(&b);
}
