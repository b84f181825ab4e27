#include "web/part/controls.h"

#include "index/index.h"
#include "web/part/present.h"

#include <string.h>

struct writing {
    struct ask *q;
    const struct controls *form;
    struct html_map *page; /* where "errors" goes */
    bool shown[RECORD_PROBLEMS_MAX];
};

/* How far below a control its problems may lie. */
enum reach { EXACT, BELOW };

struct str controls_problem(struct ask *q, const struct record_problem *p)
{
    char id[64] = "problem.";
    const char *name = record_code_name(p->code);
    must(strlen(name) < sizeof id - 8);
    memcpy(id + 8, name, strlen(name) + 1);
    const struct str slot[] = {p->value, ask_number(q, p->limit)};
    return ask_fill(q, id, slot, countof(slot));
}

static bool lies_at(struct str place, struct str path, enum reach reach)
{
    if (!str_starts(place, path))
        return false;
    if (place.len == path.len)
        return true;
    return reach == BELOW && (place.p[path.len] == '.' || place.p[path.len] == '[');
}

static struct str id_of(struct ask *q, struct str path)
{
    return ask_print(q, "f-%.*s", STR_ARG(path));
}

/* Puts the problems of a place beside its control, and into the summary. */
static void add_error(struct writing *w, struct html_map *control, struct str path,
                      struct str label, enum reach reach)
{
    const struct record_problems *problems = w->form->problems;
    for (size_t i = 0; problems != NULL && i < problems->n; i++) {
        if (w->shown[i] || !lies_at(problems->v[i].place, path, reach))
            continue;
        struct str text = controls_problem(w->q, &problems->v[i]);
        html_text(html_item(control, "errors"), "text", text);
        struct html_map *m = html_item(w->page, "errors");
        html_text(m, "id", id_of(w->q, path));
        html_text(m, "label", label);
        html_text(m, "text", text);
        html_flag(control, "wrong", true);
        w->shown[i] = true;
    }
}

/* A control with what all have. */
static struct html_map *add_control(struct writing *w, struct html_map *parent, struct str path,
                                    struct str label, enum reach reach)
{
    struct html_map *m = html_item(parent, "controls");
    html_text(m, "id", id_of(w->q, path));
    html_text(m, "name", path);
    html_text(m, "label", label);
    add_error(w, m, path, label, reach);
    return m;
}

/* A fieldset around other controls. */
static struct html_map *add_group(struct writing *w, struct html_map *parent, struct str path,
                                  struct str label, enum reach reach)
{
    struct html_map *m = add_control(w, parent, path, label, reach);
    html_flag(m, "group", true);
    return m;
}

static void describe(struct writing *w, struct html_map *m, const struct kind_field *f)
{
    html_text(m, "hint", present_label(w->q, f->help));
    html_flag(m, "required", f->required);
}

static struct str string_of(const struct value *v)
{
    return v != NULL && v->type == VALUE_STRING ? v->string : (struct str){NULL, 0};
}

/* The text of a scalar as it stands in an input. */
static struct str input_text(struct writing *w, const struct value *v)
{
    if (v != NULL && v->type == VALUE_INTEGER)
        return ask_print(w->q, "%lld", (long long)v->integer);
    return string_of(v);
}

static void add_option(struct html_map *select, struct str value, struct str label, bool chosen)
{
    struct html_map *m = html_item(select, "options");
    html_text(m, "value", value);
    html_text(m, "label", label);
    html_flag(m, "chosen", chosen);
}

static void add_list_options(struct writing *w, struct html_map *select,
                             const struct kind_list *list, struct str chosen)
{
    bool known = chosen.len == 0;
    add_option(select, STR(""), ask_say(w->q, "form.choose"), chosen.len == 0);
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        bool is = str_equal(list->code[i].code, chosen);
        known |= is;
        add_option(select, list->code[i].code, list->code[i].label[w->q->lang], is);
    }
    if (!known)
        add_option(select, chosen, chosen, true);
}

static struct html_map *add_input(struct writing *w, struct html_map *parent, struct str path,
                                  struct str label, struct str value)
{
    struct html_map *m = add_control(w, parent, path, label, BELOW);
    html_flag(m, "input", true);
    html_text(m, "value", value);
    return m;
}

static struct html_map *add_select(struct writing *w, struct html_map *parent, struct str path,
                                   struct str label, const struct kind_list *list,
                                   struct str chosen)
{
    struct html_map *m = add_control(w, parent, path, label, BELOW);
    html_flag(m, "select", true);
    add_list_options(w, m, list, chosen);
    return m;
}

/* ---- texts in several languages ---- */

/* The strings of a list, or the one string, a line each. */
static struct str lines_of(struct writing *w, const struct value *v)
{
    if (v == NULL || v->type != VALUE_ARRAY)
        return input_text(w, v);
    struct buf b = buf_new(1 << 20);
    for (uint32_t i = 0; i < v->n; i++) {
        if (i > 0)
            buf_add_char(&b, '\n');
        buf_add(&b, input_text(w, &v->item[i]));
    }
    struct str out = ask_keep(w->q, &b);
    buf_free(&b);
    return out;
}

static struct str origin_label(struct writing *w, struct str origin, struct str from)
{
    if (from.len == 0)
        return ask_label(w->q, "origin.", origin);
    struct str language = present_language(w->q, from);
    return ask_fill(w->q, str_is(origin, "human") ? "origin.human.from" : "origin.machine.from",
                    &language, 1);
}

static void add_origin(struct writing *w, struct html_map *control, struct str path,
                       struct str lang, const struct value *text)
{
    static const struct str origin[] = {{"human", 5}, {"machine", 7}};
    struct str has = value_get_str(text, "origin"), has_from = value_get_str(text, "from");
    bool known = has.len == 0 || (str_is(has, "original") && has_from.len == 0);
    struct html_map *m = html_item(control, "origin");
    html_text(m, "id", ask_print(w->q, "f-%.*s.origin", STR_ARG(path)));
    html_text(m, "name", ask_print(w->q, "%.*s.origin", STR_ARG(path)));
    html_text(m, "language", present_language(w->q, lang));
    add_option(m, STR(""), ask_say(w->q, "origin.unknown"), has.len == 0);
    add_option(m, STR("original"), ask_say(w->q, "origin.original"), known && has.len > 0);
    for (size_t o = 0; o < countof(origin); o++)
        for (unsigned l = 0; l < LANG_COUNT; l++) {
            struct str from = lang_code((enum lang)l);
            if (str_equal(from, lang))
                continue;
            bool is = str_equal(has, origin[o]) && str_equal(has_from, from);
            known |= is;
            add_option(m, ask_print(w->q, "%.*s:%.*s", STR_ARG(origin[o]), STR_ARG(from)),
                       origin_label(w, origin[o], from), is);
        }
    if (!known)
        add_option(m, ask_print(w->q, "%.*s:%.*s", STR_ARG(has), STR_ARG(has_from)),
                   origin_label(w, has, has_from), true);
}

/* True when the language has a text, or a problem: then it must be seen. */
static bool add_language(struct writing *w, struct html_map *group, struct str path,
                         const struct kind_field *f, const struct value *value, struct str lang)
{
    const struct value *text = value_find(value, lang);
    struct str name = ask_print(w->q, "%.*s.%.*s", STR_ARG(path), STR_ARG(lang));
    struct html_map *m = add_control(w, group, name, present_language(w->q, lang), BELOW);
    struct str shown = text != NULL && text->type == VALUE_OBJECT ? value_get_str(text, "text")
                                                                  : lines_of(w, text);
    html_text(m, "value", shown);
    if (!str_is(lang, "und"))
        html_text(m, "lang", lang);
    html_flag(m, f->type == KIND_TEXT ? "input" : "area", true);
    html_flag(m, "wide", true);
    html_number(m, "rows", f->type == KIND_PROSE ? 5 : 3);
    if (f->type != KIND_NAMES)
        add_origin(w, m, name, lang, text);
    return shown.len > 0 || html_count(m, "errors") > 0;
}

/* The reader's language in the open; the other two, and what else the record has, behind it. */
static void add_texts(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *value)
{
    struct html_map *group = add_group(w, parent, path, present_label(w->q, f->label), EXACT);
    struct buf langs = buf_new(4096);
    bool filled = false;
    describe(w, group, f);
    html_flag(group, "text", true);
    html_flag(group, "lines", f->type == KIND_NAMES);
    add_language(w, group, path, f, value, lang_code(w->q->lang));
    struct html_map *others = html_item(group, "languages");
    buf_add(&langs, lang_code(w->q->lang));
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        if (lang == (unsigned)w->q->lang)
            continue;
        filled |= add_language(w, others, path, f, value, lang_code((enum lang)lang));
        buf_add_char(&langs, ' ');
        buf_add(&langs, lang_code((enum lang)lang));
    }
    for (uint32_t i = 0; value != NULL && value->type == VALUE_OBJECT && i < value->n; i++) {
        enum lang lang;
        if (lang_read(value->member[i].key, &lang))
            continue;
        filled |= add_language(w, others, path, f, value, value->member[i].key);
        buf_add_char(&langs, ' ');
        buf_add(&langs, value->member[i].key);
    }
    html_flag(others, "filled", filled);
    html_text(group, "langs", ask_keep(w->q, &langs));
    buf_free(&langs);
}

/* ---- links ---- */

static void add_found(struct writing *w, struct html_map *m, const struct kind_field *f,
                      struct str text)
{
    struct index_filter filter[KIND_TARGETS_MAX];
    size_t filters = f == NULL ? 0 : f->target_count;
    for (size_t i = 0; i < filters; i++)
        filter[i] = (struct index_filter){INDEX_KIND, f->target[i]};
    struct index_query query = {.text = text,
                                .reader = w->q->reader,
                                .filter = filter,
                                .filter_count = filters,
                                .limit = CONTROLS_FOUND_MAX};
    struct index_result found;
    html_flag(m, "searched", true);
    if (index_search(node_index(w->q->site->node), w->q->arena, &query, &found) != CAU_OK)
        return;
    for (size_t i = 0; i < found.hit_count; i++) {
        struct view_record r;
        if (view_get(w->q->view, w->q->arena, w->q->reader, found.hit[i].doc, &r) != CAU_OK)
            continue;
        struct html_map *item = html_item(m, "found");
        present_title(w->q, item, r.kind, &r.payload);
        html_text(item, "kind", present_label(w->q, r.kind->label));
        html_text(item, "value", r.id);
        html_number(item, "n", (int64_t)i + 1);
    }
}

static void add_link(struct writing *w, struct html_map *parent, struct str path,
                     struct str label, const struct kind_field *f, struct str to)
{
    struct html_map *m = add_input(w, parent, path, label, to);
    uint32_t doc = to.len == 0 ? 0 : view_find(w->q->view, w->q->reader, to);
    html_flag(m, "link", true);
    if (f != NULL && !f->many) /* of many the group says it */
        describe(w, m, f);
    if (doc != 0)
        present_link(w->q, html_item(m, "now"), doc);
    if (str_equal(w->form->find, path) || (to.len > 0 && doc == 0 && !record_id_valid(to)))
        add_found(w, m, f, to);
}

/* ---- single values ---- */

static void add_date(struct writing *w, struct html_map *parent, struct str path,
                     const struct kind_field *f, const struct value *v)
{
    struct str rest = string_of(v);
    struct html_map *m = add_group(w, parent, path, present_label(w->q, f->label), BELOW);
    describe(w, m, f);
    html_flag(m, "date", true);
    html_text(m, "year", str_next(&rest, '-'));
    html_text(m, "month", str_next(&rest, '-'));
    html_text(m, "day", rest);
}

static void add_money(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *v)
{
    struct ask *q = w->q;
    struct html_map *group = add_group(w, parent, path, present_label(q, f->label), EXACT);
    describe(w, group, f);
    html_flag(group, "pair", true);
    add_input(w, group, ask_print(q, "%.*s.amount", STR_ARG(path)), ask_say(q, "part.amount"),
              value_get_str(v, "amount"));
    add_select(w, group, ask_print(q, "%.*s.currency", STR_ARG(path)),
               ask_say(q, "part.currency"), kinds_find_list(q->site->kinds, STR("currency")),
               value_get_str(v, "currency"));
}

static void add_place(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *v)
{
    struct ask *q = w->q;
    struct html_map *group = add_group(w, parent, path, present_label(q, f->label), EXACT);
    describe(w, group, f);
    html_flag(group, "pair", true);
    add_input(w, group, ask_print(q, "%.*s.latitude", STR_ARG(path)),
              ask_say(q, "part.latitude"), value_get_str(v, "latitude"));
    add_input(w, group, ask_print(q, "%.*s.longitude", STR_ARG(path)),
              ask_say(q, "part.longitude"), value_get_str(v, "longitude"));
}

static void add_scalar(struct writing *w, struct html_map *parent, struct str path,
                       const struct kind_field *f, const struct value *v)
{
    struct str label = present_label(w->q, f->label);
    struct html_map *m;
    switch (f->type) {
    case KIND_DATE:
        add_date(w, parent, path, f, v);
        return;
    case KIND_MONEY:
        add_money(w, parent, path, f, v);
        return;
    case KIND_PLACE:
        add_place(w, parent, path, f, v);
        return;
    case KIND_LINK:
        add_link(w, parent, path, label, f, string_of(v));
        return;
    case KIND_CHOICE:
        m = add_select(w, parent, path, label, f->list, string_of(v));
        break;
    case KIND_FLAG:
        m = add_control(w, parent, path, label, BELOW);
        html_flag(m, "flag", true);
        html_flag(m, "chosen", v != NULL && v->type == VALUE_TRUE);
        break;
    default:
        m = add_input(w, parent, path, label, input_text(w, v));
        html_flag(m, "short", f->type == KIND_INTEGER || f->type == KIND_DECIMAL);
        html_flag(m, "wide", f->type == KIND_LINE || f->type == KIND_URL);
    }
    describe(w, m, f);
}

/* ---- many values ---- */

static bool has_string(const struct value *list, struct str text)
{
    for (uint32_t i = 0; list != NULL && list->type == VALUE_ARRAY && i < list->n; i++)
        if (list->item[i].type == VALUE_STRING && str_equal(list->item[i].string, text))
            return true;
    return false;
}

static size_t count_of(const struct value *list)
{
    return list != NULL && list->type == VALUE_ARRAY ? list->n : 0;
}

static const struct value *item_of(const struct value *list, size_t i)
{
    return i < count_of(list) ? &list->item[i] : NULL;
}

/* Boxes stand in the order of their list: the order the record has goes along. */
static void add_order(struct writing *w, struct html_map *m, const struct value *v)
{
    struct buf b = buf_new(1 << 16);
    for (size_t i = 0; i < count_of(v); i++) {
        buf_add(&b, string_of(item_of(v, i)));
        buf_add_char(&b, ' ');
    }
    html_text(m, "was", ask_keep(w->q, &b));
    buf_free(&b);
}

static void add_choices(struct writing *w, struct html_map *parent, struct str path,
                        const struct kind_field *f, const struct value *v)
{
    struct html_map *m = add_group(w, parent, path, present_label(w->q, f->label), BELOW);
    describe(w, m, f);
    if (f->list->n <= CONTROLS_BOXES_MAX) {
        html_flag(m, "boxes", true);
        add_order(w, m, v);
        for (size_t i = 0; i < f->list->n; i++)
            add_option(m, f->list->code[i].code, f->list->code[i].label[w->q->lang],
                       has_string(v, f->list->code[i].code));
        return;
    }
    for (size_t i = 0; i < count_of(v) + 2; i++) {
        struct html_map *select = html_item(m, "controls");
        struct str number = ask_print(w->q, "%zu", i + 1);
        html_flag(select, "select", true);
        html_flag(select, "tight", true);
        html_text(select, "id", ask_print(w->q, "f-%.*s-%zu", STR_ARG(path), i + 1));
        html_text(select, "name", path);
        html_text(select, "label", number);
        add_list_options(w, select, f->list, string_of(item_of(v, i)));
    }
}

/* Rows shown: what is there, and one empty; another one when asked for. */
static size_t rows_shown(struct writing *w, struct str path, const struct value *v)
{
    size_t n = count_of(v) + 1 + str_equal(w->form->more, path);
    return n > CONTROLS_ROWS_SHOWN_MAX ? CONTROLS_ROWS_SHOWN_MAX : n;
}

/* A list that has something to show is open: values, problems, or a button of it was pressed. */
static bool is_filled(const struct writing *w, struct str path, const struct value *v)
{
    const struct record_problems *problems = w->form->problems;
    bool filled = v != NULL && (v->type == VALUE_ARRAY || v->type == VALUE_OBJECT) && v->n > 0;
    for (size_t i = 0; problems != NULL && i < problems->n; i++)
        filled |= lies_at(problems->v[i].place, path, BELOW);
    return filled || lies_at(w->form->more, path, BELOW) || lies_at(w->form->find, path, BELOW);
}

/* A group whose items are groups of their own. */
static struct html_map *add_rows_group(struct writing *w, struct html_map *parent,
                                       struct str path, const struct kind_field *f,
                                       const struct value *v, size_t rows)
{
    struct html_map *m = add_group(w, parent, path, present_label(w->q, f->label), EXACT);
    describe(w, m, f);
    html_flag(m, "list", true);
    html_flag(m, "filled", f->required || is_filled(w, path, v));
    html_text(m, "count_name", ask_print(w->q, "%.*s.count", STR_ARG(path)));
    html_text(m, "count", ask_print(w->q, "%zu", rows));
    return m;
}

static struct str row_path(struct writing *w, struct str path, size_t i)
{
    return ask_print(w->q, "%.*s[%zu]", STR_ARG(path), i);
}

static struct html_map *add_row(struct writing *w, struct html_map *group, struct str path,
                                size_t i)
{
    struct str number = ask_number(w->q, (int64_t)i + 1);
    struct html_map *row =
        add_group(w, group, path, ask_fill(w->q, "form.row", &number, 1), EXACT);
    html_flag(row, "row", true);
    return row;
}

static void add_links(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *v)
{
    size_t rows = rows_shown(w, path, v);
    struct html_map *group = add_rows_group(w, parent, path, f, v, rows);
    for (size_t i = 0; i < rows; i++) {
        struct str label =
            ask_print(w->q, "%.*s %zu", STR_ARG(present_label(w->q, f->label)), i + 1);
        add_link(w, group, row_path(w, path, i), label, f, string_of(item_of(v, i)));
    }
}

static void add_lines(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *v)
{
    struct html_map *m = add_control(w, parent, path, present_label(w->q, f->label), BELOW);
    describe(w, m, f);
    html_flag(m, "area", true);
    html_flag(m, "lines", true);
    html_number(m, "rows", 3);
    html_text(m, "value", lines_of(w, v));
}

static void add_codes(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *v)
{
    const struct kind_list *ford = kinds_find_list(w->q->site->kinds, STR("ford"));
    struct html_map *m = add_group(w, parent, path, present_label(w->q, f->label), BELOW);
    struct buf other = buf_new(1 << 16);
    describe(w, m, f);
    html_flag(m, "boxes", true);
    html_flag(m, "long", true);
    add_order(w, m, v);
    for (size_t i = 0; ford != NULL && i < ford->n; i++) {
        struct str code = ask_print(w->q, "FORD:%.*s", STR_ARG(ford->code[i].code));
        add_option(m, code, ford->code[i].label[w->q->lang], has_string(v, code));
    }
    for (size_t i = 0; i < count_of(v); i++) {
        struct str code = string_of(item_of(v, i)), rest = code;
        if (str_is(str_next(&rest, ':'), "FORD") && ford != NULL && kind_find_code(ford, rest))
            continue;
        buf_add(&other, code);
        buf_add_char(&other, '\n');
    }
    struct html_map *area = html_item(m, "controls");
    struct str name = ask_print(w->q, "%.*s.other", STR_ARG(path));
    html_text(area, "id", id_of(w->q, name));
    html_text(area, "name", name);
    html_text(area, "label", ask_say(w->q, "form.other_codes"));
    html_text(area, "hint", ask_say(w->q, "form.other_codes.hint"));
    html_flag(area, "area", true);
    html_number(area, "rows", 2);
    html_text(area, "value", ask_keep(w->q, &other));
    buf_free(&other);
}

static void add_identifiers(struct writing *w, struct html_map *parent, struct str path,
                            const struct kind_field *f, const struct value *v)
{
    struct ask *q = w->q;
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("identifier"));
    size_t has = v != NULL && v->type == VALUE_OBJECT ? v->n : 0;
    size_t rows = has + 1 + str_equal(w->form->more, path);
    struct html_map *group = add_rows_group(w, parent, path, f, v, rows);
    add_error(w, group, path, present_label(q, f->label), BELOW);
    for (size_t i = 0; i < rows; i++) {
        struct str at = row_path(w, path, i);
        struct html_map *row = add_row(w, group, at, i);
        html_flag(row, "pair", true);
        add_select(w, row, ask_print(q, "%.*s.scheme", STR_ARG(at)), ask_say(q, "part.scheme"),
                   list, i < has ? v->member[i].key : (struct str){NULL, 0});
        add_input(w, row, ask_print(q, "%.*s.id", STR_ARG(at)), ask_say(q, "part.id"),
                  i < has ? input_text(w, &v->member[i].value) : (struct str){NULL, 0});
    }
}

static void add_sources(struct writing *w, struct html_map *parent, struct str path,
                        const struct kind_field *f, const struct value *v)
{
    static const char *const part[] = {"publisher", "title", "date", "url", "note"};
    struct ask *q = w->q;
    size_t rows = rows_shown(w, path, v);
    struct html_map *group = add_rows_group(w, parent, path, f, v, rows);
    for (size_t i = 0; i < rows; i++) {
        struct str at = row_path(w, path, i);
        struct html_map *row = add_row(w, group, at, i);
        for (size_t p = 0; p < countof(part); p++) {
            struct html_map *m = add_input(
                w, row, ask_print(q, "%.*s.%s", STR_ARG(at), part[p]),
                ask_label(q, "part.", str_of(part[p])), value_get_str(item_of(v, i), part[p]));
            html_flag(m, "wide", p != 2);
            if (p == 2)
                html_text(m, "hint", ask_say(q, "form.iso_date"));
        }
    }
}

static void add_relations(struct writing *w, struct html_map *parent, struct str path,
                          const struct kind_field *f, const struct value *v)
{
    struct ask *q = w->q;
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("relation"));
    size_t rows = rows_shown(w, path, v);
    struct html_map *group = add_rows_group(w, parent, path, f, v, rows);
    for (size_t i = 0; i < rows; i++) {
        struct str at = row_path(w, path, i);
        struct html_map *row = add_row(w, group, at, i);
        const struct value *one = item_of(v, i);
        add_select(w, row, ask_print(q, "%.*s.rel", STR_ARG(at)), ask_say(q, "part.rel"), list,
                   value_get_str(one, "rel"));
        add_link(w, row, ask_print(q, "%.*s.to", STR_ARG(at)), ask_say(q, "part.to"), NULL,
                 value_get_str(one, "to"));
        html_flag(add_input(w, row, ask_print(q, "%.*s.label", STR_ARG(at)),
                            ask_say(q, "part.label"), value_get_str(one, "label")),
                  "wide", true);
    }
}

static void add_field(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *v);

static void add_rows(struct writing *w, struct html_map *parent, struct str path,
                     const struct kind_field *f, const struct value *v)
{
    size_t rows = rows_shown(w, path, v);
    struct html_map *group = add_rows_group(w, parent, path, f, v, rows);
    for (size_t i = 0; i < rows; i++) {
        struct str at = row_path(w, path, i);
        struct html_map *row = add_row(w, group, at, i);
        for (size_t c = 0; c < f->column_count; c++) {
            const struct kind_field *column = &f->column[c];
            add_field(w, row, ask_print(w->q, "%.*s.%.*s", STR_ARG(at), STR_ARG(column->name)),
                      column, value_find(item_of(v, i), column->name));
        }
    }
}

static void add_field(struct writing *w, struct html_map *parent, struct str path,
                      const struct kind_field *f, const struct value *v)
{
    switch (f->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
        add_texts(w, parent, path, f, v);
        break;
    case KIND_CODES:
        add_codes(w, parent, path, f, v);
        break;
    case KIND_IDENTIFIERS:
        add_identifiers(w, parent, path, f, v);
        break;
    case KIND_SOURCES:
        add_sources(w, parent, path, f, v);
        break;
    case KIND_RELATIONS:
        add_relations(w, parent, path, f, v);
        break;
    case KIND_ROWS:
        add_rows(w, parent, path, f, v);
        break;
    default:
        if (!f->many)
            add_scalar(w, parent, path, f, v);
        else if (f->type == KIND_CHOICE)
            add_choices(w, parent, path, f, v);
        else if (f->type == KIND_LINK)
            add_links(w, parent, path, f, v);
        else
            add_lines(w, parent, path, f, v);
    }
}

void controls_write(struct ask *q, struct html_map *m, const struct controls *f)
{
    struct writing w = {.q = q, .form = f, .page = m};
    for (size_t i = 0; i < f->kind->n; i++) {
        const struct kind_field *field = &f->kind->field[i];
        if (!field->rule)
            add_field(&w, m, field->name, field, value_find(f->value, field->name));
    }
    for (size_t i = 0; f->problems != NULL && i < f->problems->n; i++) {
        if (w.shown[i])
            continue;
        struct html_map *item = html_item(m, "errors");
        html_text(item, "label", present_place(q, f->kind, f->problems->v[i].place));
        html_text(item, "text", controls_problem(q, &f->problems->v[i]));
    }
}
