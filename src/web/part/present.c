#include "web/part/present.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "base/words.h"
#include "record/json.h"
#include "web/serve/site.h"

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

void present_mark(struct ask *q, struct html_map *m, const char *lang_key, const char *name_key,
                  struct str lang)
{
    if (lang.len == 0 || str_equal(lang, lang_code(q->lang)))
        return;
    if (!str_is(lang, "und"))
        html_text(m, lang_key, lang);
    html_text(m, name_key, present_language(q, lang));
}

bool present_is_text(enum kind_type type)
{
    return type == KIND_TEXT || type == KIND_PROSE || type == KIND_NAMES;
}

void present_title(struct ask *q, struct html_map *m, const struct kind *kind,
                   const struct value *payload)
{
    struct record_text title = record_title(kind, payload, q->lang);
    html_text(m, "title", title.text.len > 0 ? title.text : ask_say(q, "record.untitled"));
    if (title.text.len > 0)
        present_mark(q, m, "title_lang", "title_language", title.lang);
}

void present_text(struct ask *q, struct html_map *m, const char *key, const struct value *value)
{
    struct record_text t = record_pick(value, q->lang);
    struct str lang = ask_print(q, "%s_lang", key), name = ask_print(q, "%s_language", key);
    html_text(m, key, t.text);
    if (t.text.len > 0 && lang.p != NULL && name.p != NULL)
        present_mark(q, m, lang.p, name.p, t.lang);
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
    bool some = html_count(m, "sources") > 0, example = value_get(payload, "example") != NULL;
    html_flag(m, "no_sources", !some && !example);
    html_flag(m, "tells_sources", some || !example);
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
    if (present_is_text(f->type)) {
        struct record_text t = record_pick(v, q->lang);
        struct html_map *fact = html_item(facts->row, "facts");
        html_text(fact, "text", t.text);
        present_mark(q, fact, "lang", "language", t.lang);
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
        struct str label =
            column == NULL ? (struct str){NULL, 0} : present_label(q, column->label);
        if (label.len > 0) {
            buf_add(&b, label);
            f = column;
        } else if (f != NULL && present_is_text(f->type)) {
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
