#include "web/record/record_fields.h"

#include "web/part/present.h"
#include "web/record/indicator_section.h"
#include "web/record/record_int.h"

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
    present_mark(q, part, "lang", "language", title.lang);
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

/* One value or the values of a `many` field as parts of a cell. */
static void fill_cell(struct ask *q, struct html_map *cell, const struct kind_field *field,
                      const struct value *v)
{
    if (v == NULL)
        return;
    if (present_is_text(field->type)) {
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

void record_fields_add(struct ask *q, struct html_map *m, const struct view_record *record)
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
    if (group == NULL || group->n++ >= RECORD_FIELDS_GROUP_MAX)
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

void record_fields_relations(struct ask *q, struct html_map *m,
                             const struct view_record *record)
{
    struct groups g = {.page = m};
    add_outgoing(q, &g, record);
    add_incoming(q, &g, record);
    for (size_t i = 0; i < g.n; i++)
        if (g.v[i].n > RECORD_FIELDS_GROUP_MAX)
            html_number(g.v[i].map, "left_off", (int64_t)(g.v[i].n - RECORD_FIELDS_GROUP_MAX));
}
