#include "web/present.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/words.h"
#include "record/json.h"
#include "web/indicator_section.h"
#include "web/pages_int.h"

#include <stdio.h>

struct str present_label(const struct ask *q, const struct str label[LANG_COUNT])
{
    return label[q->lang];
}

struct str present_day(struct ask *q, int32_t day)
{
    char iso[CLOCK_DATE_CHARS];
    size_t len = clock_write_date(clock_date_of(day * INT64_C(86400000)), iso);
    return ask_date(q, ask_print(q, "%.*s", (int)len, iso));
}

struct str present_address(struct ask *q, struct str id)
{
    struct str lang = lang_code(q->lang);
    return ask_print(q, "/%.*s/%.*s", STR_ARG(lang), STR_ARG(id));
}

struct str present_language(struct ask *q, struct str code)
{
    return present_listed(q, "language", code);
}

struct str present_listed(struct ask *q, const char *list, struct str code)
{
    return kind_code_label(kinds_find_list(q->site->kinds, str_of(list)), code, q->lang);
}

struct str present_country(struct ask *q, struct str code)
{
    return present_listed(q, "country", code);
}

struct str present_side_code(struct ask *q, uint16_t country)
{
    char space[2];
    struct str code = desk_country(country, space);
    return ask_print(q, "%.*s", STR_ARG(code));
}

struct str present_side(struct ask *q, uint16_t country)
{
    return present_country(q, present_side_code(q, country));
}

struct str present_days(struct ask *q, struct desk_days days)
{
    char iso[CLOCK_DATE_CHARS];
    if (!desk_known(days))
        return (struct str){NULL, 0};
    struct clock_date date = desk_date(days.first);
    if (days.last - days.first > 31)
        date.month = date.day = 0;
    else if (days.last > days.first)
        date.day = 0;
    size_t n = clock_write_date(date, iso);
    return ask_date(q, ask_print(q, "%.*s", (int)n, iso));
}

struct str present_code(struct ask *q, const char *list, unsigned place)
{
    const struct kind_list *l = kinds_find_list(q->site->kinds, str_of(list));
    return l == NULL || place >= l->n ? (struct str){NULL, 0} : l->code[place].label[q->lang];
}

struct str present_field_code(struct ask *q, struct str code)
{
    char name[32];
    struct str rest = code, scheme = str_next(&rest, ':');
    if (scheme.len >= sizeof name || rest.p == NULL)
        return code;
    for (size_t i = 0; i < scheme.len; i++)
        name[i] =
            scheme.p[i] >= 'A' && scheme.p[i] <= 'Z' ? (char)(scheme.p[i] + 32) : scheme.p[i];
    const struct kind_list *list =
        kinds_find_list(q->site->kinds, (struct str){name, scheme.len});
    const struct kind_code *found = list == NULL ? NULL : kind_find_code(list, rest);
    return found == NULL ? code : found->label[q->lang];
}

struct str present_status(struct ask *q, struct str code)
{
    const struct kinds *k = q->site->kinds;
    for (size_t i = 0; i < k->n; i++)
        for (size_t j = 0; j < k->kind[i].n; j++) {
            const struct kind_field *f = &k->kind[i].field[j];
            if (f->facet != KIND_FACET_STATUS || f->list == NULL)
                continue;
            const struct kind_code *found = kind_find_code(f->list, code);
            if (found != NULL)
                return found->label[q->lang];
        }
    return code;
}

/* Says which language a text is in, when it is not the reader's. */
static void mark_language(struct ask *q, struct html_map *m, const char *lang_key,
                          const char *name_key, struct str lang)
{
    if (lang.len == 0 || str_equal(lang, lang_code(q->lang)))
        return;
    if (!str_is(lang, "und"))
        html_text(m, lang_key, lang);
    html_text(m, name_key, present_language(q, lang));
}

void present_title(struct ask *q, struct html_map *m, const struct kind *kind,
                   const struct value *payload)
{
    struct record_text title = record_title(kind, payload, q->lang);
    html_text(m, "title", title.text.len > 0 ? title.text : ask_say(q, "record.untitled"));
    if (title.text.len > 0)
        mark_language(q, m, "title_lang", "title_language", title.lang);
}

void present_text(struct ask *q, struct html_map *m, const char *key, const struct value *value)
{
    struct record_text t = record_pick(value, q->lang);
    struct str lang = ask_print(q, "%s_lang", key), name = ask_print(q, "%s_language", key);
    html_text(m, key, t.text);
    if (t.text.len > 0 && lang.p != NULL && name.p != NULL)
        mark_language(q, m, lang.p, name.p, t.lang);
}

bool present_link(struct ask *q, struct html_map *m, uint32_t doc)
{
    struct view_record r;
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, &r) != CAU_OK)
        return false;
    present_title(q, m, r.kind, &r.payload);
    html_text(m, "address", present_address(q, r.id));
    html_text(m, "kind", present_label(q, r.kind->label));
    return true;
}

void present_found(struct ask *q, struct html_map *m, struct str kind, struct str text)
{
    const struct index_filter filter[] = {{INDEX_KIND, kind}};
    struct index_query query = {.text = text,
                                .reader = q->reader,
                                .filter = filter,
                                .filter_count = 1,
                                .limit = PRESENT_FOUND_MAX};
    struct index_result found;
    html_flag(m, "searched", true);
    if (index_search(node_index(q->site->node), q->arena, &query, &found) != CAU_OK)
        return;
    for (size_t i = 0; i < found.hit_count; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, q->reader, found.hit[i].doc, &r) != CAU_OK)
            continue;
        struct html_map *item = html_item(m, "found");
        present_title(q, item, r.kind, &r.payload);
        html_text(item, "value", r.id);
        html_number(item, "n", (int64_t)i + 1);
    }
}

struct str present_author(struct ask *q, uint32_t user, struct str role)
{
    struct local_user who;
    if (user != 0 && q->signed_in &&
        local_user_get(view_store(q->view), q->arena, user, &who) == CAU_OK)
        return who.display.len > 0 ? who.display : who.name;
    return role.len == 0 ? ask_say(q, "role.unknown") : ask_label(q, "role.", role);
}

/* ---- values ---- */

/* Adds one piece of text to a cell. */
static struct html_map *add_part(struct html_map *cell, struct str text)
{
    struct html_map *part = html_item(cell, "parts");
    html_text(part, "text", text);
    return part;
}

static void add_choice(struct ask *q, struct html_map *cell, const struct kind_field *field,
                       struct str code)
{
    add_part(cell, kind_code_label(field->list, code, q->lang));
}

static void add_address(struct html_map *cell, struct str address)
{
    struct str shown = address;
    if (str_starts(shown, STR("https://")))
        shown = str_from(shown, 8);
    if (str_ends(shown, STR("/")))
        shown = str_to(shown, shown.len - 1);
    struct html_map *part = add_part(cell, shown);
    html_text(part, "href", address);
    html_flag(part, "outside", true);
}

static void add_money(struct ask *q, struct html_map *cell, const struct value *v)
{
    struct str amount = ask_decimal(q, value_get_str(v, "amount"));
    struct str currency = value_get_str(v, "currency");
    add_part(cell, ask_print(q, "%.*s\xC2\xA0%.*s", STR_ARG(amount), STR_ARG(currency)));
}

static void add_place(struct ask *q, struct html_map *cell, const struct value *v)
{
    const struct str slot[] = {ask_decimal(q, value_get_str(v, "latitude")),
                               ask_decimal(q, value_get_str(v, "longitude"))};
    add_part(cell, ask_fill(q, "record.place", slot, countof(slot)));
}

static void add_link(struct ask *q, struct html_map *cell, struct str to)
{
    uint32_t doc = view_find(q->view, q->reader, to);
    struct view_record r;
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, &r) != CAU_OK) {
        add_part(cell, record_id_valid(to) ? ask_say(q, "record.link_hidden") : to);
        return;
    }
    struct record_text title = record_title(r.kind, &r.payload, q->lang);
    struct html_map *part = add_part(cell, title.text);
    html_text(part, "href", present_address(q, r.id));
    mark_language(q, part, "lang", "language", title.lang);
}

/* One language's text with what is known of its origin. */
static void add_text_block(struct ask *q, struct html_map *block, const struct value *value,
                           const struct record_text *t)
{
    bool stated = value_get(value_find(value, t->lang), "origin") != NULL;
    html_text(block, "text", t->text);
    if (!str_is(t->lang, "und"))
        html_text(block, "lang", t->lang);
    html_text(block, "language", present_language(q, t->lang));
    if (!stated) /* a plain text says nothing of its origin, and so do we */
        return;
    bool translated = t->from.len > 0;
    struct str slot = translated ? present_language(q, t->from) : (struct str){NULL, 0};
    if (str_is(t->origin, "human"))
        html_text(block, "origin",
                  translated ? ask_fill(q, "origin.human.from", &slot, 1)
                             : ask_say(q, "origin.human"));
    else if (str_is(t->origin, "machine"))
        html_text(block, "origin",
                  translated ? ask_fill(q, "origin.machine.from", &slot, 1)
                             : ask_say(q, "origin.machine"));
    else if (str_is(t->origin, "original"))
        html_text(block, "origin", ask_say(q, "origin.original"));
}

/* The names of one language after the first. */
static void add_other_names(struct html_map *block, const struct value *value, struct str lang)
{
    const struct value *names = value_find(value, lang);
    for (uint32_t i = 1; names != NULL && names->type == VALUE_ARRAY && i < names->n; i++)
        if (names->item[i].type == VALUE_STRING)
            html_text(html_item(block, "names"), "text", names->item[i].string);
}

/* All languages of a text: the reader's (or the one he gets instead) first, then the others. */
static void add_texts(struct ask *q, struct html_map *m, const struct value *value)
{
    struct record_text mine = record_pick(value, q->lang);
    if (mine.text.len == 0)
        return;
    struct html_map *block = html_item(m, "texts");
    add_text_block(q, block, value, &mine);
    add_other_names(block, value, mine.lang);
    int64_t others = 0;
    for (size_t i = 0;; i++) {
        struct record_text t = record_text_at(value, i);
        if (t.text.p == NULL)
            break;
        if (str_equal(t.lang, mine.lang))
            continue;
        block = html_item(m, "others");
        add_text_block(q, block, value, &t);
        add_other_names(block, value, t.lang);
        others++;
    }
    html_number(m, "other_count", others);
}

static void add_scalar(struct ask *q, struct html_map *cell, const struct kind_field *field,
                       const struct value *v)
{
    struct str s = v->type == VALUE_STRING ? v->string : (struct str){NULL, 0};
    switch (field->type) {
    case KIND_CHOICE:
        add_choice(q, cell, field, s);
        break;
    case KIND_URL:
        add_address(cell, s);
        break;
    case KIND_EMAIL:
        html_text(add_part(cell, s), "href", ask_print(q, "mailto:%.*s", STR_ARG(s)));
        break;
    case KIND_DATE:
        add_part(cell, ask_date(q, s));
        break;
    case KIND_INTEGER:
        if (v->type == VALUE_INTEGER)
            add_part(cell, ask_number(q, v->integer));
        break;
    case KIND_DECIMAL:
        html_flag(add_part(cell, ask_decimal(q, s)), "number", true);
        break;
    case KIND_FLAG:
        add_part(cell, ask_say(q, "value.yes"));
        break;
    case KIND_LINK:
        add_link(q, cell, s);
        break;
    case KIND_MONEY:
        add_money(q, cell, v);
        break;
    case KIND_PLACE:
        add_place(q, cell, v);
        break;
    default:
        add_part(cell, s);
    }
}

static bool is_text(enum kind_type type)
{
    return type == KIND_TEXT || type == KIND_PROSE || type == KIND_NAMES;
}

/* One value or the values of a `many` field as parts of a cell. */
static void fill_cell(struct ask *q, struct html_map *cell, const struct kind_field *field,
                      const struct value *v)
{
    if (v == NULL)
        return;
    if (is_text(field->type)) {
        add_texts(q, cell, v);
    } else if (field->many && v->type == VALUE_ARRAY) {
        for (uint32_t i = 0; i < v->n; i++)
            add_scalar(q, cell, field, &v->item[i]);
    } else {
        add_scalar(q, cell, field, v);
    }
}

static bool column_used(const struct value *rows, struct str name)
{
    for (uint32_t i = 0; i < rows->n; i++)
        if (value_find(&rows->item[i], name) != NULL)
            return true;
    return false;
}

/* A table of those columns that have a value somewhere. */
static void add_rows(struct ask *q, struct html_map *m, const struct kind_field *field,
                     const struct value *rows)
{
    struct html_map *table = html_item(m, "table");
    html_text(table, "caption", present_label(q, field->label));
    for (size_t c = 0; c < field->column_count; c++)
        if (column_used(rows, field->column[c].name))
            html_text(html_item(table, "heads"), "label",
                      present_label(q, field->column[c].label));
    for (uint32_t i = 0; i < rows->n; i++) {
        struct html_map *row = html_item(table, "rows");
        for (size_t c = 0; c < field->column_count; c++) {
            const struct kind_field *column = &field->column[c];
            if (!column_used(rows, column->name))
                continue;
            struct html_map *cell = html_item(row, "cells");
            html_flag(cell, "number",
                      column->type == KIND_DECIMAL || column->type == KIND_INTEGER);
            html_text(cell, "head", present_label(q, column->label));
            fill_cell(q, cell, column, value_find(&rows->item[i], column->name));
        }
    }
}

static void add_codes(struct ask *q, struct html_map *m, const struct value *v)
{
    for (uint32_t i = 0; i < v->n; i++) {
        struct str code = v->item[i].string, label = present_field_code(q, code);
        struct html_map *part = add_part(m, label);
        if (!str_equal(code, label))
            html_text(part, "note", code);
        struct str lang = lang_code(q->lang);
        struct buf b = buf_new(1024);
        http_escape(&b, code);
        html_text(part, "href",
                  ask_print(q, "/%.*s/search?field=%.*s", STR_ARG(lang), STR_ARG(buf_str(&b))));
        buf_free(&b);
    }
}

/* Where an identifier can be looked up; {NULL, 0} when nowhere. */
static struct str identifier_address(struct ask *q, struct str scheme, struct str id)
{
    if (str_starts(id, STR("https://")))
        return id;
    if (str_is(scheme, "ror"))
        return ask_print(q, "https://ror.org/%.*s", STR_ARG(id));
    if (str_is(scheme, "wikidata"))
        return ask_print(q, "https://www.wikidata.org/wiki/%.*s", STR_ARG(id));
    if (str_is(scheme, "orcid"))
        return ask_print(q, "https://orcid.org/%.*s", STR_ARG(id));
    if (str_is(scheme, "doi"))
        return ask_print(q, "https://doi.org/%.*s", STR_ARG(id));
    return (struct str){NULL, 0};
}

static void add_identifiers(struct ask *q, struct html_map *m, const struct value *v)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("identifier"));
    for (uint32_t i = 0; i < v->n; i++) {
        struct str scheme = v->member[i].key, id = v->member[i].value.string;
        struct html_map *part = add_part(m, id);
        struct str label = kind_code_label(list, scheme, q->lang);
        html_text(part, "before", label);
        html_text(part, "href", identifier_address(q, scheme, id));
        html_flag(part, "outside", true);
    }
}

/* Shown in a place of their own on the page, or not at all. */
static bool shown_elsewhere(const struct kind *kind, const struct kind_field *f)
{
    return indicator_section_has(kind, f->name) || f->type == KIND_SOURCES ||
           f->type == KIND_RELATIONS || str_is(f->name, "example") ||
           str_is(f->name, "withdrawn") || str_is(f->name, "external_id") ||
           (str_is(f->name, "history") && str_is(kind->name, "interest")) ||
           (f->rule && (str_is(f->name, "statuses") || str_is(f->name, "confirmations"))) ||
           project_shows(kind, f) || agreement_shows(kind, f) || session_page_shows(kind, f) ||
           mechanism_page_shows(kind, f) ||
           (f == &kind->field[kind->title] && f->type == KIND_TEXT);
}

static void add_field(struct ask *q, struct html_map *m, const struct kind_field *f,
                      const struct value *v)
{
    struct html_map *field = html_item(m, "fields");
    html_text(field, "label", present_label(q, f->label));
    html_flag(field, "open", f->type == KIND_TEXT || f->type == KIND_NAMES);
    if (f->type == KIND_ROWS && v->type == VALUE_ARRAY)
        add_rows(q, field, f, v);
    else if (f->type == KIND_CODES && v->type == VALUE_ARRAY)
        add_codes(q, field, v);
    else if (f->type == KIND_IDENTIFIERS && v->type == VALUE_OBJECT)
        add_identifiers(q, field, v);
    else
        fill_cell(q, field, f, v);
}

/* A title in several languages, or a translated one, is worth a line of its own. */
static bool title_has_more(const struct value *v)
{
    struct record_text first = record_text_at(v, 0), second = record_text_at(v, 1);
    return second.text.p != NULL || value_get(value_find(v, first.lang), "origin") != NULL;
}

void present_fields(struct ask *q, struct html_map *m, const struct view_record *record)
{
    const struct kind *kind = record->kind;
    const struct kind_field *title = &kind->field[kind->title];
    const struct value *name = value_find(&record->payload, title->name);
    if (name != NULL && title->type == KIND_TEXT && title_has_more(name))
        add_field(q, m, title, name);
    for (size_t i = 0; i < kind->n; i++) {
        const struct value *v = value_find(&record->payload, kind->field[i].name);
        if (v != NULL && !shown_elsewhere(kind, &kind->field[i]))
            add_field(q, m, &kind->field[i], v);
    }
}

void present_sources(struct ask *q, struct html_map *m, const struct value *payload)
{
    const struct value *sources = value_get(payload, "sources");
    for (uint32_t i = 0; sources != NULL && sources->type == VALUE_ARRAY && i < sources->n;
         i++) {
        const struct value *s = &sources->item[i];
        struct html_map *item = html_item(m, "sources");
        struct str title = value_get_str(s, "title"), url = value_get_str(s, "url");
        html_text(item, "text", title.len > 0 ? title : url);
        html_text(item, "href", url);
        html_text(item, "publisher", value_get_str(s, "publisher"));
        if (value_get(s, "date") != NULL)
            html_text(item, "date", ask_date(q, value_get_str(s, "date")));
        html_text(item, "note", value_get_str(s, "note"));
    }
    html_flag(m, "no_sources",
              html_count(m, "sources") == 0 && value_get(payload, "example") == NULL);
}

/* ---- relations ---- */

struct group {
    struct str key; /* what makes links one group: label and direction */
    struct html_map *map;
    size_t n;
};

#define GROUPS_MAX 64

struct groups {
    struct html_map *page;
    struct group v[GROUPS_MAX];
    size_t n;
};

static struct group *find_group(struct groups *g, struct str label)
{
    for (size_t i = 0; i < g->n; i++)
        if (str_equal(g->v[i].key, label))
            return &g->v[i];
    if (g->n == GROUPS_MAX)
        return NULL;
    struct group *fresh = &g->v[g->n++];
    *fresh = (struct group){label, html_item(g->page, "groups"), 0};
    html_text(fresh->map, "label", label);
    return fresh;
}

static const struct kind_field *link_field(const struct kind *kind, struct str name)
{
    for (size_t i = 0; i < kind->n; i++) {
        const struct kind_field *f = &kind->field[i];
        if (f->type == KIND_LINK && str_equal(f->name, name))
            return f;
        for (size_t c = 0; c < f->column_count; c++)
            if (f->column[c].type == KIND_LINK && str_equal(f->column[c].name, name))
                return f; /* rows are called by their own name */
    }
    return NULL;
}

static void add_relation(struct ask *q, struct groups *g, struct str label,
                         const struct view_link *link)
{
    struct group *group = find_group(g, label);
    if (group == NULL || group->n++ >= PRESENT_GROUP_MAX)
        return;
    struct html_map *item = html_item(group->map, "links");
    if (!present_link(q, item, link->doc))
        html_text(item, "title",
                  link->label.len > 0  ? link->label
                  : link->text.len > 0 ? link->text
                                       : ask_say(q, "record.link_hidden"));
}

/* What this record says of others: relations only, link fields stand among its fields. */
static void add_outgoing(struct ask *q, struct groups *g, const struct view_record *r)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("relation"));
    struct view_link *link;
    size_t n = 0;
    if (view_links_from(q->view, q->arena, q->reader, r->doc, &link, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct kind_code *code = list == NULL ? NULL : kind_find_code(list, link[i].rel);
        if (code != NULL && link_field(r->kind, link[i].rel) == NULL)
            add_relation(q, g, code->label[q->lang], &link[i]);
    }
}

/* What others say of this record. */
static void add_incoming(struct ask *q, struct groups *g, const struct view_record *r)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("relation_inverse"));
    struct view_link *link;
    size_t n = 0;
    if (view_links_to(q->view, q->arena, q->reader, r->doc, &link, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct kind *kind =
            link[i].doc == 0 ? NULL : view_kind(q->view, q->arena, link[i].doc);
        if (kind == NULL || str_is(kind->name, "interest")) /* in a place of their own */
            continue;
        const struct kind_field *f = link_field(kind, link[i].rel);
        if (f == NULL) {
            add_relation(q, g, kind_code_label(list, link[i].rel, q->lang), &link[i]);
            continue;
        }
        const struct str slot[] = {present_label(q, kind->many), present_label(q, f->label)};
        add_relation(q, g, ask_fill(q, "record.incoming", slot, countof(slot)), &link[i]);
    }
}

void present_relations(struct ask *q, struct html_map *m, const struct view_record *record)
{
    struct groups g = {.page = m};
    add_outgoing(q, &g, record);
    add_incoming(q, &g, record);
    for (size_t i = 0; i < g.n; i++)
        if (g.v[i].n > PRESENT_GROUP_MAX)
            html_number(g.v[i].map, "left_off", (int64_t)(g.v[i].n - PRESENT_GROUP_MAX));
}

/* ---- rows of lists ---- */

/* The facts of a row: each said once, though a country may stand in two fields. */
struct facts {
    struct html_map *row;
    struct str said[12];
    size_t n;
};

static void add_fact(struct facts *facts, struct str text)
{
    for (size_t i = 0; i < facts->n; i++)
        if (str_equal(facts->said[i], text))
            return;
    if (facts->n == countof(facts->said))
        return;
    facts->said[facts->n++] = text;
    html_text(html_item(facts->row, "facts"), "text", text);
}

static void add_card(struct ask *q, struct facts *facts, const struct kind_field *f,
                     const struct value *v)
{
    if (is_text(f->type)) {
        struct record_text t = record_pick(v, q->lang);
        struct html_map *fact = html_item(facts->row, "facts");
        html_text(fact, "text", t.text);
        mark_language(q, fact, "lang", "language", t.lang);
        return;
    }
    uint32_t n = f->many && v->type == VALUE_ARRAY ? v->n : 1;
    for (uint32_t i = 0; i < n && i < 3; i++) {
        const struct value *one = f->many && v->type == VALUE_ARRAY ? &v->item[i] : v;
        if (f->type == KIND_LINK || f->type == KIND_FLAG)
            continue; /* a name would cost a look-up in every row */
        add_fact(facts, present_plain(q, f, one));
    }
}

static void add_snippet(struct ask *q, struct html_map *m, const struct view_record *r)
{
    for (size_t i = 0; i < r->kind->n; i++) {
        const struct kind_field *f = &r->kind->field[i];
        if (f->type != KIND_PROSE || f->search == 0)
            continue;
        struct record_text t = record_pick(value_find(&r->payload, f->name), q->lang);
        if (t.text.len == 0)
            continue;
        struct str clip = utf8_clip(t.text, PRESENT_SNIPPET_POINTS);
        size_t end = clip.len; /* at a word's end */
        while (clip.len < t.text.len && end > clip.len / 2 && clip.p[end - 1] != ' ')
            end--;
        if (clip.len < t.text.len && clip.p[end - 1] == ' ')
            clip.len = end - 1;
        html_text(m, "snippet", clip);
        html_flag(m, "snippet_cut", clip.len < t.text.len);
        if (!str_equal(t.lang, lang_code(q->lang)) && !str_is(t.lang, "und"))
            html_text(m, "snippet_lang", t.lang);
        return;
    }
}

static bool is_usual(struct str status) /* not worth a word in a list */
{
    return str_is(status, "published") || str_is(status, "active");
}

void present_row(struct ask *q, struct html_map *m, const struct view_record *record)
{
    const struct kind *kind = record->kind;
    struct facts facts = {.row = m};
    present_title(q, m, kind, &record->payload);
    html_text(m, "address", present_address(q, record->id));
    html_text(m, "kind", present_label(q, kind->label));
    html_flag(m, "example", value_get(&record->payload, "example") != NULL);
    if (record->audience != RECORD_PUBLIC)
        html_text(m, "audience",
                  ask_label(q, "audience.", record_audience_name(record->audience)));
    for (size_t i = 0; i < kind->n; i++) {
        const struct kind_field *f = &kind->field[i];
        if (!f->card && f->facet != KIND_FACET_STATUS)
            continue;
        const struct value *v = value_find(&record->payload, f->name);
        if (v == NULL)
            continue;
        if (f->facet != KIND_FACET_STATUS)
            add_card(q, &facts, f, v);
        else if (v->type == VALUE_STRING && !is_usual(v->string))
            html_text(m, "status", kind_code_label(f->list, v->string, q->lang));
    }
    add_snippet(q, m, record);
}

/* ---- one line of text ---- */

static struct str plain_text(struct ask *q, const struct value *value)
{
    struct buf b = buf_new(1 << 20);
    if (value->type == VALUE_STRING)
        buf_add(&b, value->string);
    else if (value->type == VALUE_INTEGER)
        words_number(&b, q->lang, value->integer);
    else if (value->type == VALUE_TRUE)
        buf_add(&b, ask_say(q, "value.yes"));
    else
        json_write(&b, value);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

struct str present_plain(struct ask *q, const struct kind_field *field,
                         const struct value *value)
{
    if (value == NULL)
        return (struct str){NULL, 0};
    if (field == NULL || value->type != VALUE_STRING)
        return plain_text(q, value);
    switch (field->type) {
    case KIND_CHOICE:
        return kind_code_label(field->list, value->string, q->lang);
    case KIND_DATE:
        return ask_date(q, value->string);
    case KIND_DECIMAL:
        return ask_decimal(q, value->string);
    case KIND_CODES:
        return present_field_code(q, value->string);
    default:
        return value->string;
    }
}

static struct str place_head(struct str *rest) /* "milestones[2].date" -> "milestones" */
{
    size_t i = 0;
    while (i < rest->len && rest->p[i] != '.' && rest->p[i] != '[')
        i++;
    struct str head = str_to(*rest, i);
    *rest = str_from(*rest, i);
    return head;
}

/* Takes "[2]" off the front; the number from 1, or 0. */
static uint64_t place_index(struct str *rest)
{
    if (rest->len == 0 || rest->p[0] != '[')
        return 0;
    *rest = str_from(*rest, 1);
    struct str digits = str_next(rest, ']');
    uint64_t n = 0;
    for (size_t i = 0; i < digits.len && i < 9; i++)
        n = n * 10 + (uint64_t)(digits.p[i] - '0');
    return n + 1;
}

static const struct kind_field *find_column(const struct kind_field *f, struct str name)
{
    for (size_t i = 0; i < f->column_count; i++)
        if (str_equal(f->column[i].name, name))
            return &f->column[i];
    return NULL;
}

const struct kind_field *present_field_of(const struct kind *kind, struct str place)
{
    struct str rest = place;
    const struct kind_field *f = kind_find_field(kind, place_head(&rest));
    if (f == NULL || f->type != KIND_ROWS)
        return f;
    place_index(&rest);
    if (rest.len > 0 && rest.p[0] == '.')
        rest = str_from(rest, 1);
    return find_column(f, place_head(&rest));
}

struct str present_place(struct ask *q, const struct kind *kind, struct str place)
{
    struct buf b = buf_new(4096);
    struct str rest = place, head = place_head(&rest);
    const struct kind_field *f = kind_find_field(kind, head);
    buf_add(&b, f == NULL ? head : present_label(q, f->label));
    while (rest.len > 0) {
        uint64_t n = place_index(&rest);
        if (n > 0) {
            buf_add_word(&b, " ");
            buf_add_u64(&b, n);
            continue;
        }
        rest = str_from(rest, 1); /* the dot */
        head = place_head(&rest);
        const struct kind_field *column = f == NULL ? NULL : find_column(f, head);
        buf_add_word(&b, " · ");
        if (column != NULL) {
            buf_add(&b, present_label(q, column->label));
            f = column;
        } else if (f != NULL && is_text(f->type)) {
            buf_add(&b, present_language(q, head));
            f = NULL;
        } else {
            buf_add(&b, ask_label(q, "part.", head));
        }
    }
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}
