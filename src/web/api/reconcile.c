/* The Reconciliation Service API 0.2 under /api/v1/reconcile: OpenRefine matches a spreadsheet with the register.
 *
 * Open to pages of other origins, and for that reason always an anonymous reader: cookies are not looked at. */
#include "base/clock.h"
#include "language/fold.h"
#include "web/api/reconcile_int.h"
#include "web/part/present.h"
#include "web/serve/alike_sets.h"
#include "web/serve/answer.h"

#include <string.h>

enum {
    PREVIEW_WIDTH = 420,
    PREVIEW_HEIGHT = 220,
    SCORE_MIDDLE = 50,   /* of 0..100: as likely one as not */
    SCORE_BITS = 20,     /* hundredths of a bit for one point */
    MARGIN = 300,        /* hundredths of a bit to the second, for a match without more */
    SHOWN_LEAST = -1200, /* candidates under it are not shown */
    NAMES_SHOWN_MAX = 50
};

struct value reconcile_named(struct ask *q, struct str id, struct str name)
{
    struct value v = value_object();
    answer_text(q, &v, "id", id);
    answer_text(q, &v, "name", name.len > 0 ? name : id);
    return v;
}

void reconcile_answer(struct ask *q, struct value list)
{
    struct value v = value_object();
    answer_set(q, &v, STR("result"), list);
    answer_send(q, &v);
}

void reconcile_refuse(struct ask *q, enum cau_err err)
{
    ask_error(q, err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE ? 400 : 503);
}

/* The language of the path, when it names one, before that of the reader. */
void reconcile_language(struct ask *q)
{
    (void)lang_read(q->part[0], &q->lang);
}

/* ---- types ---- */

/* "organization", or with one of its types "organization/university". */
const struct kind *reconcile_kind(struct ask *q, struct str type, struct str *code)
{
    struct str rest = type, name = str_next(&rest, '/');
    const struct kind *kind = kinds_find(q->site->kinds, name);
    *code = rest;
    return kind != NULL && alike_is(kind) && str_equal(kind->name, name) ? kind : NULL;
}

const struct kind_list *reconcile_types_of(const struct kind *kind)
{
    const struct kind_field *f = kind_find_field(kind, STR("types"));
    return f == NULL ? NULL : f->list;
}

struct str reconcile_type_id(struct ask *q, const struct kind *kind, struct str code)
{
    return ask_print(q, "%.*s/%.*s", STR_ARG(kind->name), STR_ARG(code));
}

struct value reconcile_types(struct ask *q, const struct view_record *r)
{
    struct value list = value_array();
    const struct value *types = value_get(&r->payload, "types");
    answer_push(q, &list, reconcile_named(q, r->kind->name, present_label(q, r->kind->label)));
    for (uint32_t i = 0; types != NULL && types->type == VALUE_ARRAY && i < types->n; i++)
        if (types->item[i].type == VALUE_STRING)
            answer_push(q, &list,
                        reconcile_named(q, reconcile_type_id(q, r->kind, types->item[i].string),
                                        kind_code_label(reconcile_types_of(r->kind),
                                                        types->item[i].string, q->lang)));
    return list;
}

static bool wants_type(const struct reconcile_query *query, const struct view_record *r)
{
    const struct value *types = value_get(&r->payload, "types");
    for (size_t i = 0; i < query->types; i++) {
        struct str code = query->type[i], name = str_next(&code, '/');
        if (!str_equal(name, r->kind->name))
            continue;
        if (code.len == 0)
            return true;
        for (uint32_t k = 0; types != NULL && types->type == VALUE_ARRAY && k < types->n; k++)
            if (types->item[k].type == VALUE_STRING && str_equal(types->item[k].string, code))
                return true;
    }
    return query->types == 0;
}

/* ---- what a query says of the record it looks for ---- */

static bool same_word(struct ask *q, struct str x, struct str y)
{
    struct str a, b;
    if (fold_text(q->arena, x, &a) != CAU_OK || fold_text(q->arena, y, &b) != CAU_OK)
        return false;
    return str_equal(a, b);
}

/* The code of a word that is a code of the list or its label in one of the languages; else the word itself. */
static struct str code_of(struct ask *q, const struct kind_list *list, struct str word)
{
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        const struct kind_code *c = &list->code[i];
        if (same_word(q, c->code, word))
            return c->code;
        for (int lang = 0; lang < LANG_COUNT; lang++)
            if (same_word(q, c->label[lang], word))
                return c->code;
    }
    return word;
}

static void add(struct str *list, size_t *n, size_t max, struct str x)
{
    if (*n < max)
        list[(*n)++] = x;
}

static void add_property(struct ask *q, const struct kind *kind, struct str pid,
                         struct str text, struct identity_facts *f)
{
    const struct kind_field *field = kind_find_field(kind, pid);
    const struct kind_field *ids = kind_find_field(kind, STR("identifiers"));
    if (str_is(pid, "country"))
        f->country = code_of(q, field == NULL ? NULL : field->list, text);
    else if (str_is(pid, "city"))
        add(f->city, &f->cities, IDENTITY_VALUES_MAX, text);
    else if (str_is(pid, "name"))
        add(f->name, &f->names, IDENTITY_NAMES_MAX, text);
    else if (str_is(pid, "types"))
        add(f->type, &f->types, IDENTITY_VALUES_MAX,
            code_of(q, reconcile_types_of(kind), text));
    else if (str_is(pid, "domains") || str_is(pid, "websites"))
        add(f->domain, &f->domains, IDENTITY_VALUES_MAX, identity_host_of(text));
    else if (str_is(pid, "established"))
        f->year = identity_year_of(text);
    else if (ids != NULL && kind_find_code(ids->list, pid) != NULL &&
             f->identifiers < IDENTITY_VALUES_MAX) {
        f->scheme[f->identifiers] = pid;
        f->identifier[f->identifiers++] = text;
    }
}

static void facts_of(struct ask *q, const struct kind *kind,
                     const struct reconcile_query *query, struct identity_facts *f)
{
    memset(f, 0, sizeof *f);
    if (str_trim(query->text).len > 0)
        add(f->name, &f->names, IDENTITY_NAMES_MAX, query->text);
    for (size_t i = 0; i < query->properties; i++)
        for (size_t k = 0; k < query->property[i].values; k++)
            add_property(q, kind, query->property[i].pid, query->property[i].value[k], f);
}

/* ---- candidates ---- */

struct candidate {
    struct identity_hit hit;
    struct view_record record;
    bool named; /* one of its names is what was asked for, letter by letter */
    bool exact; /* and nothing asked speaks against it; of a person, more speaks for it */
};

static bool is_named(struct ask *q, const struct view_record *record, struct str name)
{
    struct identity_facts *f = arena_take(q->arena, sizeof *f);
    if (f == NULL)
        return false;
    identity_facts_of(record->kind, record->doc, &record->payload, f);
    for (size_t i = 0; i < f->names; i++)
        if (fold_same(f->name[i], str_trim(name)))
            return true;
    return false;
}

static bool comes_before(const struct candidate *x, const struct candidate *y)
{
    if (x->exact != y->exact)
        return x->exact;
    if (x->hit.score.score != y->hit.score.score)
        return x->hit.score.score > y->hit.score.score;
    if (x->named != y->named)
        return x->named;
    return x->hit.doc < y->hit.doc;
}

static void keep(struct candidate *list, size_t *n, size_t max, struct candidate c)
{
    if (*n == max && !comes_before(&c, &list[max - 1]))
        return;
    size_t at = *n < max ? (*n)++ : max - 1;
    while (at > 0 && comes_before(&c, &list[at - 1])) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = c;
}

static enum cau_err find_kind(struct ask *q, const struct kind *kind,
                              const struct reconcile_query *query, struct candidate *list,
                              size_t *n)
{
    struct identity_facts *f = arena_take(q->arena, sizeof *f);
    struct identity_hit *hit = arena_take(q->arena, IDENTITY_HITS_MAX * sizeof *hit);
    const struct identity *all;
    size_t hits = 0;
    if (f == NULL || hit == NULL)
        return CAU_ERR_MEMORY;
    facts_of(q, kind, query, f);
    enum cau_err err =
        alike_sets_take(q->site->alike, q->view, ALIKE_PUBLIC, kind, &all, NULL, NULL);
    if (err != CAU_OK)
        return err;
    err = identity_find(all, f, SHOWN_LEAST, hit, IDENTITY_HITS_MAX, &hits);
    alike_sets_give(q->site->alike);
    for (size_t i = 0; err == CAU_OK && i < hits; i++) {
        struct candidate c = {.hit = hit[i]};
        /* One more than asked for, to know whether the first stands alone; and who may have the very name. */
        const struct identity_score *score = &hit[i].score;
        bool near = *n <= query->limit || score->score > list[*n - 1].hit.score.score ||
                    score->share_permille == 1000 || score->levels.level[WEIGH_ACRONYM] == 1;
        if (!near || view_get(q->view, q->arena, q->reader, hit[i].doc, &c.record) != CAU_OK ||
            c.record.withdrawn || !wants_type(query, &c.record))
            continue;
        c.named = is_named(q, &c.record, query->text);
        c.exact = c.named && !identity_contradicts(score) &&
                  (!kind->personal || identity_has_second(score));
        keep(list, n, query->limit + 1, c);
    }
    return err;
}

/* Only who has the very name, and is not contradicted, gets all points: clients order by them. */
static int64_t points_of(const struct candidate *c)
{
    int64_t points = SCORE_MIDDLE + c->hit.score.score / SCORE_BITS;
    return c->exact ? 100 : points < 0 ? 0 : points > 99 ? 99 : points;
}

static bool has_identifier(const struct candidate *c)
{
    return c->hit.score.levels.level[WEIGH_IDENTIFIER] == 1;
}

/* The very name, when the next has neither it nor the identifier that was asked for; else sure, or the same name with no
 * other near; and in both cases alone. Clients take what is a match unseen: a name is none where the query itself says
 * something else. */
static bool is_match(const struct candidate *list, size_t n)
{
    if (list[0].exact)
        return n < 2 ||
               (!list[1].exact && (has_identifier(&list[0]) || !has_identifier(&list[1])));
    const struct identity_score *first = &list[0].hit.score;
    bool alone = n < 2 || list[1].hit.score.score <= first->score - MARGIN;
    bool same_name = first->levels.level[WEIGH_NAME] == 1 &&
                     first->band != IDENTITY_DIFFERENT && !identity_contradicts(first);
    return alone && (first->band == IDENTITY_SAME || same_name);
}

static struct value feature(struct ask *q, const char *id, int64_t n)
{
    struct value v = value_object();
    answer_text(q, &v, "id", str_of(id));
    answer_set(q, &v, STR("value"), value_integer(n));
    return v;
}

static struct value candidate_value(struct ask *q, const struct candidate *c, bool match)
{
    struct value v, features = value_array();
    const struct identity_score *s = &c->hit.score;
    v = reconcile_named(q, c->record.id,
                        record_title(c->record.kind, &c->record.payload, q->lang).text);
    answer_push(q, &features, feature(q, "score_hundredths_of_a_bit", s->score));
    answer_push(q, &features, feature(q, "name_share_permille", s->share_permille));
    for (int i = 0; i < WEIGH_FIELDS; i++)
        if (s->levels.level[i] != 0)
            answer_push(q, &features,
                        feature(q, weigh_field_name((enum weigh_field)i), s->weight[i]));
    answer_set(q, &v, STR("features"), features);
    answer_set(q, &v, STR("match"), match ? value_true() : (struct value){.type = VALUE_FALSE});
    answer_set(q, &v, STR("score"), value_integer(points_of(c)));
    answer_set(q, &v, STR("type"), reconcile_types(q, &c->record));
    return v;
}

static enum cau_err add_result(struct ask *q, const struct reconcile_query *query,
                               struct value *out)
{
    struct candidate *list = arena_take(q->arena, (RECONCILE_LIMIT_MAX + 1) * sizeof *list);
    const struct kind *done[RECONCILE_TYPES_MAX + 1];
    size_t n = 0, kinds = 0;
    enum cau_err err = list == NULL ? CAU_ERR_MEMORY : CAU_OK;
    for (size_t i = 0; i < query->types && err == CAU_OK; i++) {
        struct str code;
        const struct kind *kind = reconcile_kind(q, query->type[i], &code);
        bool again = kind == NULL;
        for (size_t k = 0; k < kinds; k++)
            again |= done[k] == kind;
        if (again)
            continue;
        done[kinds++] = kind;
        err = find_kind(q, kind, query, list, &n);
    }
    if (query->types == 0 && err == CAU_OK)
        err = find_kind(q, kinds_find(q->site->kinds, STR("organization")), query, list, &n);
    if (err != CAU_OK)
        return err;
    struct value result = value_array(), v = value_object();
    for (size_t i = 0; i < n && i < query->limit; i++)
        answer_push(q, &result, candidate_value(q, &list[i], i == 0 && is_match(list, n)));
    answer_set(q, &v, STR("result"), result);
    answer_set(q, out, query->key, v);
    return CAU_OK;
}

static void answer_queries(struct ask *q, struct str json)
{
    struct reconcile_batch batch;
    struct value v = value_object();
    enum cau_err err = reconcile_read_queries(q->arena, json, &batch);
    for (size_t i = 0; err == CAU_OK && i < batch.n; i++)
        err = add_result(q, &batch.query[i], &v);
    if (err == CAU_OK)
        answer_send(q, &v);
    else
        reconcile_refuse(q, err);
}

/* ---- data extension ---- */

static struct value text_cell(struct ask *q, struct str text)
{
    struct value v = value_object();
    answer_text(q, &v, "str", text);
    return v;
}

static struct value link_cell(struct ask *q, struct str target)
{
    struct view_record r;
    uint32_t doc = view_find(q->view, q->reader, target);
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, &r) != CAU_OK)
        return text_cell(q, target);
    return reconcile_named(q, r.id, record_title(r.kind, &r.payload, q->lang).text);
}

/* A day as the specification's date; a year or a month is none, and stands as it is written in the record. */
static struct value date_cell(struct ask *q, struct str date)
{
    struct value v = value_object();
    if (date.len != CLOCK_DATE_CHARS)
        return text_cell(q, date);
    answer_text(q, &v, "date", ask_print(q, "%.*sT00:00:00+00:00", STR_ARG(date)));
    return v;
}

/* Two members of an object as one text; empty when it lacks one of them. */
static struct str joined(struct ask *q, const struct value *v, const char *one,
                         const char *between, const char *other)
{
    struct str x = value_get_str(v, one), y = value_get_str(v, other);
    if (x.len == 0 || y.len == 0)
        return (struct str){NULL, 0};
    return ask_print(q, "%.*s%s%.*s", STR_ARG(x), between, STR_ARG(y));
}

/* Cells are compared and computed with: numbers and dates stand as the record has them, whatever the reader's language.
 * Our JSON has no fractions, so a decimal is a text with a point. Other objects fit no cell. */
static struct str cell_text(struct ask *q, const struct kind_field *f, const struct value *v)
{
    if (v->type == VALUE_OBJECT)
        return f->type == KIND_PLACE   ? joined(q, v, "latitude", ",", "longitude")
               : f->type == KIND_MONEY ? joined(q, v, "amount", " ", "currency")
                                       : (struct str){NULL, 0};
    return v->type == VALUE_STRING && f->type == KIND_DECIMAL ? v->string
                                                              : present_plain(q, f, v);
}

static void add_cell(struct ask *q, const struct kind_field *f, const struct value *v,
                     struct value *out)
{
    struct value cell = value_object();
    if (v->type == VALUE_INTEGER) {
        answer_set(q, &cell, STR("int"), value_integer(v->integer));
        answer_push(q, out, cell);
    } else if (v->type == VALUE_TRUE) {
        answer_push(q, out, text_cell(q, STR("true")));
    } else if (v->type == VALUE_STRING && f->type == KIND_CHOICE) {
        answer_push(
            q, out,
            reconcile_named(q, v->string, kind_code_label(f->list, v->string, q->lang)));
    } else if (v->type == VALUE_STRING && f->type == KIND_LINK) {
        answer_push(q, out, link_cell(q, v->string));
    } else if (v->type == VALUE_STRING && f->type == KIND_DATE) {
        answer_push(q, out, date_cell(q, v->string));
    } else {
        struct str text = cell_text(q, f, v);
        if (text.len > 0)
            answer_push(q, out, text_cell(q, text));
    }
}

/* All names, in every language: what a spreadsheet is compared by later. */
static void add_names(struct ask *q, const struct view_record *r, struct value *out)
{
    struct identity_facts *f = arena_take(q->arena, sizeof *f);
    if (f == NULL) {
        q->model.failed = true;
        return;
    }
    identity_facts_of(r->kind, r->doc, &r->payload, f);
    for (size_t i = 0; i < f->names && i < NAMES_SHOWN_MAX; i++)
        answer_push(q, out, text_cell(q, f->name[i]));
}

static struct value cells_of(struct ask *q, const struct view_record *r, struct str property)
{
    struct value out = value_array();
    const struct kind_field *f = kind_find_field(r->kind, property);
    const struct value *v = f == NULL
                                ? value_find(value_get(&r->payload, "identifiers"), property)
                                : value_find(&r->payload, property);
    if (v == NULL)
        return out;
    if (f == NULL) {
        if (v->type == VALUE_STRING)
            answer_push(q, &out, text_cell(q, v->string));
        return out;
    }
    if (f->type == KIND_NAMES) {
        add_names(q, r, &out);
    } else if (f->type == KIND_TEXT || f->type == KIND_PROSE) {
        struct record_text t = record_pick(v, q->lang);
        if (t.text.len > 0)
            answer_push(q, &out, text_cell(q, t.text));
    } else if (v->type == VALUE_ARRAY) {
        for (uint32_t i = 0; i < v->n; i++)
            add_cell(q, f, &v->item[i], &out);
    } else {
        add_cell(q, f, v, &out);
    }
    return out;
}

static struct str property_label(struct ask *q, const struct kind *kind, struct str id)
{
    const struct kind_field *f = kind_find_field(kind, id);
    const struct kind_field *ids = kind_find_field(kind, STR("identifiers"));
    return f != NULL ? present_label(q, f->label)
                     : kind_code_label(ids == NULL ? NULL : ids->list, id, q->lang);
}

static void answer_extension(struct ask *q, struct str json)
{
    struct reconcile_extension x;
    struct value v = value_object(), rows = value_object(), meta = value_array();
    const struct kind *kind = kinds_find(q->site->kinds, STR("organization"));
    enum cau_err err = reconcile_read_extension(q->arena, json, &x);
    if (err != CAU_OK) {
        reconcile_refuse(q, err);
        return;
    }
    for (size_t i = 0; i < x.ids; i++) {
        struct view_record r;
        struct value row = value_object();
        uint32_t doc = view_find(q->view, q->reader, x.id[i]);
        bool known = doc != 0 && view_get(q->view, q->arena, q->reader, doc, &r) == CAU_OK;
        for (size_t k = 0; k < x.properties; k++)
            answer_set(q, &row, x.property[k],
                       known ? cells_of(q, &r, x.property[k]) : value_array());
        answer_set(q, &rows, x.id[i], row);
    }
    for (size_t k = 0; k < x.properties; k++)
        answer_push(q, &meta,
                    reconcile_named(q, x.property[k], property_label(q, kind, x.property[k])));
    answer_set(q, &v, STR("meta"), meta);
    answer_set(q, &v, STR("rows"), rows);
    answer_send(q, &v);
}

/* ---- the manifest, and the one address of the service ---- */

static struct value service(struct ask *q, struct str address, const char *path)
{
    struct value v = value_object();
    answer_text(q, &v, "service_url", address);
    answer_text(q, &v, "service_path", str_of(path));
    return v;
}

static void answer_manifest(struct ask *q)
{
    struct str base = ask_origin(q);
    struct str here =
        ask_print(q, "%.*s/api/v1/reconcile/%.*s", STR_ARG(base), STR_ARG(lang_code(q->lang)));
    const struct node_config *config = node_config(q->site->node);
    struct value v = value_object(), versions = value_array(), types = value_array(),
                 view = value_object(), suggest = value_object(), preview = value_object(),
                 extend = value_object();
    answer_push(q, &versions, value_string(STR("0.2")));
    for (size_t i = 0; i < q->site->kinds->n; i++) {
        const struct kind *k = &q->site->kinds->kind[i];
        if (alike_is(k))
            answer_push(q, &types, reconcile_named(q, k->name, present_label(q, k->label)));
    }
    answer_text(q, &view, "url",
                ask_print(q, "%.*s/%.*s/{{id}}", STR_ARG(base), STR_ARG(lang_code(q->lang))));
    answer_set(q, &suggest, STR("entity"), service(q, here, "/suggest/entity"));
    answer_set(q, &suggest, STR("property"), service(q, here, "/suggest/property"));
    answer_set(q, &suggest, STR("type"), service(q, here, "/suggest/type"));
    answer_set(q, &preview, STR("height"), value_integer(PREVIEW_HEIGHT));
    answer_text(q, &preview, "url", ask_print(q, "%.*s/preview/{{id}}", STR_ARG(here)));
    answer_set(q, &preview, STR("width"), value_integer(PREVIEW_WIDTH));
    answer_set(q, &extend, STR("propose_properties"), service(q, here, "/properties"));
    answer_set(q, &extend, STR("property_settings"), value_array());
    answer_set(q, &v, STR("defaultTypes"), types);
    answer_text(q, &v, "documentation",
                ask_print(q, "%.*s/api/v1/openapi.json", STR_ARG(base)));
    answer_set(q, &v, STR("extend"), extend);
    answer_text(q, &v, "identifierSpace",
                ask_print(q, "https://%.*s/id/", STR_ARG(config->name)));
    answer_text(q, &v, "name", ask_print(q, "Cầu · %.*s", STR_ARG(config->name)));
    answer_set(q, &v, STR("preview"), preview);
    answer_text(q, &v, "schemaSpace",
                ask_print(q, "https://%.*s/kinds/", STR_ARG(config->name)));
    answer_text(q, &v, "serviceVersion", STR("1"));
    answer_set(q, &v, STR("suggest"), suggest);
    answer_set(q, &v, STR("versions"), versions);
    answer_set(q, &v, STR("view"), view);
    answer_send(q, &v);
}

/* What was sent as a form, or behind the question mark. */
static struct str sent(const struct ask *q, const char *name)
{
    struct str text = ask_form(q, name);
    return text.p != NULL ? text : ask_query(q, name);
}

void reconcile_service(struct ask *q)
{
    reconcile_language(q);
    struct str queries = sent(q, "queries"), extend = sent(q, "extend");
    if (queries.p != NULL)
        answer_queries(q, queries);
    else if (extend.p != NULL)
        answer_extension(q, extend);
    else
        answer_manifest(q);
}
