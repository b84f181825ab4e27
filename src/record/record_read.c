#include "record/record.h"

#include <string.h>

static const struct record_text no_text = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};

/* One member of a text, prose or names value. */
static struct record_text text_of(const struct value_member *m)
{
    struct record_text t = {.lang = m->key, .origin = STR("original")};
    const struct value *v = &m->value;
    if (v->type == VALUE_ARRAY)
        v = v->n > 0 ? &v->item[0] : NULL;
    if (v == NULL)
        return no_text;
    if (v->type == VALUE_OBJECT) {
        t.text = value_get_str(v, "text");
        t.origin = value_get_str(v, "origin");
        t.from = value_get_str(v, "from");
        if (t.origin.p == NULL)
            t.origin = STR("original");
    } else if (v->type == VALUE_STRING) {
        t.text = v->string;
    }
    return t.text.p == NULL ? no_text : t;
}

/* 0: marked as the original, 1: not marked as a translation, 2: a translation. */
static unsigned distance(const struct value_member *m)
{
    struct str origin = value_get_str(&m->value, "origin");
    if (origin.p == NULL)
        return 1;
    return str_is(origin, "original") ? 0 : 2;
}

/* 0 for ru, 1 for en, 2 for vi, 3 for the others. */
static unsigned preference(struct str lang)
{
    return str_is(lang, "ru") ? 0 : str_is(lang, "en") ? 1 : str_is(lang, "vi") ? 2 : 3;
}

struct record_text record_pick(const struct value *value, enum lang lang)
{
    if (value == NULL || value->type != VALUE_OBJECT)
        return no_text;
    const struct value_member *best = NULL;
    unsigned best_rank = 0;
    for (uint32_t i = 0; i < value->n; i++) {
        const struct value_member *m = &value->member[i];
        if (text_of(m).text.p == NULL)
            continue;
        if (str_equal(m->key, lang_code(lang)))
            return text_of(m);
        unsigned rank = distance(m) * 4 + preference(m->key);
        if (best == NULL || rank < best_rank) {
            best = m;
            best_rank = rank;
        }
    }
    return best == NULL ? no_text : text_of(best);
}

struct record_text record_text_at(const struct value *value, size_t i)
{
    if (value == NULL || value->type != VALUE_OBJECT)
        return no_text;
    for (unsigned l = 0; l < LANG_COUNT; l++)
        for (uint32_t j = 0; j < value->n; j++)
            if (str_equal(value->member[j].key, lang_code((enum lang)l)) && i-- == 0)
                return text_of(&value->member[j]);
    for (uint32_t j = 0; j < value->n; j++) {
        enum lang known;
        if (!lang_read(value->member[j].key, &known) && i-- == 0)
            return text_of(&value->member[j]);
    }
    return no_text;
}

struct record_text record_title(const struct kind *kind, const struct value *payload,
                                enum lang lang)
{
    must(kind->title < kind->n);
    return record_pick(value_find(payload, kind->field[kind->title].name), lang);
}

static void walk_one_text(const struct record_sink *sink, struct str lang, unsigned weight,
                          const struct value *v)
{
    if (v->type == VALUE_OBJECT)
        v = value_get(v, "text");
    if (v != NULL && v->type == VALUE_STRING)
        sink->text(sink->ctx, lang, weight, v->string);
}

/* A line has no language; one in Cyrillic letters (names of people) is searched as Russian texts are. */
static struct str line_language(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.p[i] == 0xD0 || (unsigned char)text.p[i] == 0xD1)
            return STR("ru");
    return STR("und");
}

/* A text or names value, identifiers, or plain strings. */
static void walk_text(const struct record_sink *sink, const struct kind_field *f,
                      const struct value *v)
{
    bool tagged = f->type == KIND_TEXT || f->type == KIND_PROSE || f->type == KIND_NAMES;
    if (v->type != VALUE_OBJECT) {
        bool line = f->type == KIND_LINE && v->type == VALUE_STRING;
        walk_one_text(sink, line ? line_language(v->string) : STR("und"), f->search, v);
        return;
    }
    for (uint32_t i = 0; i < v->n; i++) {
        const struct value_member *m = &v->member[i];
        struct str lang = tagged ? m->key : STR("und");
        if (m->value.type != VALUE_ARRAY)
            walk_one_text(sink, lang, f->search, &m->value);
        for (uint32_t j = 0; m->value.type == VALUE_ARRAY && j < m->value.n; j++)
            walk_one_text(sink, lang, f->search, &m->value.item[j]);
    }
}

static void walk_facet(const struct record_sink *sink, const struct kind_field *f,
                       const struct value *v)
{
    char year[4];
    struct str text = {NULL, 0};
    if (v->type == VALUE_STRING) {
        text = v->string;
        if (f->facet == KIND_FACET_YEAR)
            text = text.len < sizeof year ? (struct str){NULL, 0} : str_to(text, sizeof year);
    } else if (v->type == VALUE_INTEGER && v->integer >= 1000 && v->integer <= 9999) {
        int64_t left = v->integer;
        for (size_t i = sizeof year; i-- > 0; left /= 10)
            year[i] = (char)('0' + left % 10);
        text = (struct str){year, sizeof year};
    }
    if (text.p != NULL)
        sink->facet(sink->ctx, f->facet, text);
}

static void walk_fields(const struct record_sink *sink, const struct kind_field *field,
                        size_t n, const struct value *object);

/* One value of a field, not a list. */
static void walk_value(const struct record_sink *sink, const struct kind_field *f,
                       const struct value *v)
{
    if (f->column_count > 0) {
        walk_fields(sink, f->column, f->column_count, v);
        return;
    }
    if (f->search > 0)
        walk_text(sink, f, v);
    if (f->facet != KIND_FACET_NONE)
        walk_facet(sink, f, v);
}

/* The recursion is bounded: a column has no columns. */
static void walk_fields(const struct record_sink *sink, const struct kind_field *field,
                        size_t n, const struct value *object)
{
    for (size_t i = 0; i < n; i++) {
        const struct kind_field *f = &field[i];
        if (f->search == 0 && f->facet == KIND_FACET_NONE && f->column_count == 0)
            continue;
        const struct value *v = value_find(object, f->name);
        if (v != NULL && v->type != VALUE_ARRAY)
            walk_value(sink, f, v);
        for (uint32_t j = 0; v != NULL && v->type == VALUE_ARRAY && j < v->n; j++)
            walk_value(sink, f, &v->item[j]);
    }
}

void record_walk(const struct kind *kind, const struct value *payload,
                 const struct record_sink *sink)
{
    must(kind->title < kind->n);
    walk_fields(sink, kind->field, kind->n, payload);
    const struct value *title = value_find(payload, kind->field[kind->title].name);
    for (uint32_t i = 0; title != NULL && title->type == VALUE_OBJECT && i < title->n; i++)
        sink->language(sink->ctx, title->member[i].key);
}

/* Where links go; full when n is max. */
struct links {
    struct record_link *out;
    size_t n, max;
};

static void add_link(struct links *l, struct str rel, struct str to, struct str label)
{
    if (l->n < l->max && (to.p != NULL || label.p != NULL))
        l->out[l->n++] = (struct record_link){rel, to, label};
}

static void link_fields(struct links *l, const struct kind_field *field, size_t n,
                        const struct value *object);

static void link_value(struct links *l, const struct kind_field *f, const struct value *v)
{
    if (f->type == KIND_RELATIONS)
        add_link(l, value_get_str(v, "rel"), value_get_str(v, "to"), value_get_str(v, "label"));
    else if (f->type == KIND_ROWS)
        link_fields(l, f->column, f->column_count, v);
    else if (v->type == VALUE_STRING)
        add_link(l, f->name, v->string, (struct str){NULL, 0});
}

/* The recursion is bounded: a column has no columns. */
static void link_fields(struct links *l, const struct kind_field *field, size_t n,
                        const struct value *object)
{
    for (size_t i = 0; i < n; i++) {
        const struct kind_field *f = &field[i];
        if (f->type != KIND_LINK && f->type != KIND_RELATIONS && f->type != KIND_ROWS)
            continue;
        const struct value *v = value_find(object, f->name);
        if (v != NULL && v->type != VALUE_ARRAY)
            link_value(l, f, v);
        for (uint32_t j = 0; v != NULL && v->type == VALUE_ARRAY && j < v->n; j++)
            link_value(l, f, &v->item[j]);
    }
}

size_t record_links(const struct kind *kind, const struct value *payload,
                    struct record_link *out, size_t max)
{
    struct links l = {out, 0, max};
    link_fields(&l, kind->field, kind->n, payload);
    return l.n;
}
