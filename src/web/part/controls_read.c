#include "web/part/controls.h"

#include "base/number.h"
#include "base/table.h"

#include <stdarg.h>
#include <stdio.h>

/* One form being read. Every read_ function answers VALUE_NULL when nothing was filled in. */
struct reading {
    struct ask *q;
    const struct http_fields *sent;
    struct table first; /* name -> its first place in sent */
    struct record_link *known;
    size_t known_count;
    struct record_problems *problems;
    bool full; /* the arena */
};

static const struct value nothing = {.type = VALUE_NULL};

/* A place of the form, as text. */
struct path {
    char p[CONTROLS_PATH_BYTES_MAX];
    size_t len;
};

static struct str path_str(const struct path *p)
{
    return (struct str){p->p, p->len};
}

static struct path path_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static struct path path_of(const char *format, ...)
{
    struct path path = {.len = 0};
    va_list list;
    va_start(list, format);
    int n = vsnprintf(path.p, sizeof path.p, format, list);
    va_end(list);
    must(n >= 0 && (size_t)n < sizeof path.p); /* names of kinds are short, rows are counted */
    path.len = (size_t)n;
    return path;
}

static struct str sent(struct reading *r, struct str name)
{
    uint32_t i = table_get(&r->first, name, UINT32_MAX);
    return i == UINT32_MAX ? (struct str){NULL, 0} : str_trim(r->sent->v[i].value);
}

static struct str sent_part(struct reading *r, struct str path, const char *part)
{
    struct path name = path_of("%.*s.%s", STR_ARG(path), part);
    return sent(r, path_str(&name));
}

static void set(struct reading *r, struct value *object, struct str key, struct value v)
{
    if (v.type != VALUE_NULL)
        r->full = value_set(r->q->arena, object, key, v) != CAU_OK || r->full;
}

static void push(struct reading *r, struct value *array, struct value v)
{
    if (v.type != VALUE_NULL)
        r->full = value_push(r->q->arena, array, v) != CAU_OK || r->full;
}

static struct value some(struct value list) /* an empty list or object is nothing */
{
    return list.n == 0 ? nothing : list;
}

static struct value text_of(struct str text)
{
    return text.len == 0 ? nothing : value_string(text);
}

/* Reads the hidden count of a list of rows. */
static size_t count_rows(struct reading *r, struct str path)
{
    uint64_t n = 0;
    if (number_read(sent_part(r, path, "count"), CONTROLS_ROWS_SHOWN_MAX, &n) != CAU_OK)
        return 0;
    return (size_t)n;
}

/* A list's lines, without the empty ones. */
static struct value read_lines(struct reading *r, struct str text)
{
    struct value list = value_array();
    while (text.len > 0)
        push(r, &list, text_of(str_trim(str_next(&text, '\n'))));
    return some(list);
}

/* "12,5" and "1 234,5" as a person writes them: spaces go, the last comma or point is the decimal one. */
static struct str plain_decimal(struct reading *r, struct str text)
{
    char *p = arena_take(r->q->arena, text.len + 1);
    size_t n = 0, last = text.len;
    if (p == NULL) {
        r->full = true;
        return text;
    }
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] == ',' || text.p[i] == '.')
            last = i;
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == ' ')
            continue;
        if (text.p[i] == '\xC2' && i + 1 < text.len && text.p[i + 1] == '\xA0') {
            i++;
            continue;
        }
        if (text.p[i] == ',' || text.p[i] == '.') {
            if (i == last)
                p[n++] = '.';
            continue;
        }
        p[n++] = text.p[i];
    }
    return (struct str){p, n};
}

/* ---- texts ---- */

static struct value read_language(struct reading *r, struct str path, enum kind_type type)
{
    struct str text = sent(r, path);
    if (type == KIND_NAMES)
        return read_lines(r, text);
    struct str from = sent_part(r, path, "origin"), origin = str_next(&from, ':');
    if (text.len == 0 || origin.len == 0)
        return text_of(text);
    struct value v = value_object();
    set(r, &v, STR("text"), value_string(text));
    set(r, &v, STR("origin"), value_string(origin));
    set(r, &v, STR("from"), text_of(from));
    return v;
}

static struct value read_texts(struct reading *r, struct str path, enum kind_type type)
{
    struct value v = value_object();
    struct str langs = sent_part(r, path, "langs");
    for (size_t i = 0; langs.len > 0 && i < 200; i++) {
        struct str lang = str_next(&langs, ' ');
        if (lang.len == 0 || lang.len > 16)
            continue;
        struct path name = path_of("%.*s.%.*s", STR_ARG(path), STR_ARG(lang));
        set(r, &v, lang, read_language(r, path_str(&name), type));
    }
    return some(v);
}

/* ---- links ---- */

static struct value read_link(struct reading *r, struct str path)
{
    struct str to = sent_part(r, path, "pick");
    return text_of(to.len > 0 ? to : sent(r, path));
}

/* ---- single values ---- */

static struct str padded(struct reading *r, struct str digits)
{
    return digits.len == 1 ? ask_print(r->q, "0%c", digits.p[0]) : digits;
}

/* As precise as it was filled in; what makes no date is kept as it is, to be refused with its place. */
static struct value read_date(struct reading *r, struct str path)
{
    struct str year = sent_part(r, path, "year"),
               month = padded(r, sent_part(r, path, "month")),
               day = padded(r, sent_part(r, path, "day"));
    if (year.len == 0 && month.len == 0 && day.len == 0)
        return nothing;
    if (day.len > 0)
        return value_string(
            ask_print(r->q, "%.*s-%.*s-%.*s", STR_ARG(year), STR_ARG(month), STR_ARG(day)));
    if (month.len > 0)
        return value_string(ask_print(r->q, "%.*s-%.*s", STR_ARG(year), STR_ARG(month)));
    return value_string(year);
}

static struct value read_pair(struct reading *r, struct str path, const char *first,
                              const char *second, bool both_numbers)
{
    struct value v = value_object();
    struct str x = sent_part(r, path, first), y = sent_part(r, path, second);
    if (x.len == 0 && (both_numbers ? y.len == 0 : true))
        return nothing; /* a currency alone is no sum */
    set(r, &v, str_of(first), text_of(plain_decimal(r, x)));
    set(r, &v, str_of(second), text_of(both_numbers ? plain_decimal(r, y) : y));
    return some(v);
}

static struct value read_scalar(struct reading *r, struct str path, const struct kind_field *f)
{
    switch (f->type) {
    case KIND_DATE:
        return read_date(r, path);
    case KIND_MONEY:
        return read_pair(r, path, "amount", "currency", false);
    case KIND_PLACE:
        return read_pair(r, path, "latitude", "longitude", true);
    case KIND_LINK:
        return read_link(r, path);
    case KIND_FLAG:
        return sent(r, path).len > 0 ? value_true() : nothing;
    case KIND_DECIMAL:
    case KIND_INTEGER:
        return text_of(plain_decimal(r, sent(r, path)));
    default:
        return text_of(sent(r, path));
    }
}

/* ---- many values ---- */

/* Every value sent under the name. */
static struct value read_all(struct reading *r, struct str path)
{
    struct value list = value_array();
    for (size_t i = 0; i < r->sent->n && list.n < CONTROLS_VALUES_MAX; i++)
        if (str_equal(r->sent->v[i].name, path))
            push(r, &list, text_of(str_trim(r->sent->v[i].value)));
    return some(list);
}

static bool has_string(const struct value *list, struct str text)
{
    for (uint32_t i = 0; list->type == VALUE_ARRAY && i < list->n; i++)
        if (str_equal(list->item[i].string, text))
            return true;
    return false;
}

/* The values of boxes in the order the record had them; new ones behind. */
static struct value in_order(struct reading *r, struct str path, struct value list)
{
    struct value ordered = value_array();
    struct str was = sent_part(r, path, "was");
    while (was.len > 0) {
        struct str one = str_next(&was, ' ');
        if (has_string(&list, one) && !has_string(&ordered, one))
            push(r, &ordered, value_string(one));
    }
    for (uint32_t i = 0; list.type == VALUE_ARRAY && i < list.n; i++)
        if (!has_string(&ordered, list.item[i].string))
            push(r, &ordered, list.item[i]);
    return some(ordered);
}

static struct value read_codes(struct reading *r, struct str path)
{
    struct value list = read_all(r, path);
    struct value other = read_lines(r, sent_part(r, path, "other"));
    if (list.type == VALUE_NULL)
        list = value_array();
    for (uint32_t i = 0; other.type == VALUE_ARRAY && i < other.n; i++)
        push(r, &list, other.item[i]);
    return in_order(r, path, list);
}

static struct value read_identifiers(struct reading *r, struct str path)
{
    struct value v = value_object();
    size_t rows = count_rows(r, path);
    for (size_t i = 0; i < rows; i++) {
        struct path at = path_of("%.*s[%zu]", STR_ARG(path), i);
        struct str scheme = sent_part(r, path_str(&at), "scheme");
        if (scheme.len > 0)
            set(r, &v, scheme, text_of(sent_part(r, path_str(&at), "id")));
    }
    return some(v);
}

static struct value read_parts(struct reading *r, struct str at, const char *const *part,
                               size_t n)
{
    struct value row = value_object();
    for (size_t i = 0; i < n; i++)
        set(r, &row, str_of(part[i]), text_of(sent_part(r, at, part[i])));
    return some(row);
}

static struct value read_source(struct reading *r, struct str at)
{
    static const char *const part[] = {"publisher", "title", "date", "url", "note"};
    return read_parts(r, at, part, countof(part));
}

static struct value read_relation(struct reading *r, struct str at)
{
    static const char *const part[] = {"rel", "label"};
    struct value row = read_parts(r, at, part, countof(part));
    struct path to = path_of("%.*s.to", STR_ARG(at));
    if (row.type == VALUE_NULL)
        row = value_object();
    set(r, &row, STR("to"), read_link(r, path_str(&to)));
    return some(row);
}

static struct value read_field(struct reading *r, struct str path, const struct kind_field *f);

static struct value read_row(struct reading *r, struct str at, const struct kind_field *f)
{
    struct value row = value_object();
    for (size_t c = 0; c < f->column_count; c++) {
        struct path name = path_of("%.*s.%.*s", STR_ARG(at), STR_ARG(f->column[c].name));
        set(r, &row, f->column[c].name, read_field(r, path_str(&name), &f->column[c]));
    }
    return some(row);
}

static struct value read_rows(struct reading *r, struct str path, const struct kind_field *f)
{
    struct value list = value_array();
    size_t rows = count_rows(r, path);
    for (size_t i = 0; i < rows; i++) {
        struct path at = path_of("%.*s[%zu]", STR_ARG(path), i);
        push(r, &list,
             f->type == KIND_SOURCES     ? read_source(r, path_str(&at))
             : f->type == KIND_RELATIONS ? read_relation(r, path_str(&at))
             : f->type == KIND_LINK      ? read_link(r, path_str(&at))
                                         : read_row(r, path_str(&at), f));
    }
    return some(list);
}

static struct value read_field(struct reading *r, struct str path, const struct kind_field *f)
{
    switch (f->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
        return read_texts(r, path, f->type);
    case KIND_CODES:
        return read_codes(r, path);
    case KIND_IDENTIFIERS:
        return read_identifiers(r, path);
    case KIND_SOURCES:
    case KIND_RELATIONS:
    case KIND_ROWS:
        return read_rows(r, path, f);
    case KIND_CHOICE:
        return f->many ? in_order(r, path, read_all(r, path)) : read_scalar(r, path, f);
    case KIND_LINK:
        return f->many ? read_rows(r, path, f) : read_scalar(r, path, f);
    default:
        return f->many ? read_lines(r, sent(r, path)) : read_scalar(r, path, f);
    }
}

/* ---- links that lead nowhere ---- */

static bool is_known(const struct reading *r, struct str to)
{
    for (size_t i = 0; i < r->known_count; i++)
        if (str_equal(r->known[i].to, to))
            return true;
    return false;
}

static void check_link(struct reading *r, const struct path *place, const struct value *to)
{
    struct record_problems *p = r->problems;
    if (to == NULL || to->type != VALUE_STRING || p->n == RECORD_PROBLEMS_MAX ||
        is_known(r, to->string) || view_find(r->q->view, r->q->reader, to->string) != 0)
        return;
    struct str copy = {NULL, 0};
    r->full = arena_copy(r->q->arena, path_str(place), &copy) != CAU_OK || r->full;
    p->v[p->n++] = (struct record_problem){copy, RECORD_BAD_LINK, to->string, 0};
}

static void check_row(struct reading *r, const struct path *at, const struct kind_field *f,
                      const struct value *row)
{
    struct path place;
    if (f->type == KIND_LINK) {
        check_link(r, at, row);
    } else if (f->type == KIND_RELATIONS) {
        place = path_of("%.*s.to", STR_ARG(path_str(at)));
        if (value_get(row, "label") == NULL) /* what is named by a label need not be here */
            check_link(r, &place, value_get(row, "to"));
    }
    for (size_t c = 0; c < f->column_count; c++) {
        if (f->column[c].type != KIND_LINK)
            continue;
        place = path_of("%.*s.%.*s", STR_ARG(path_str(at)), STR_ARG(f->column[c].name));
        check_link(r, &place, value_find(row, f->column[c].name));
    }
}

/* A name typed where a record is meant would be kept as an external id that nothing has. */
static void check_links(struct reading *r, const struct kind *kind, const struct value *form)
{
    for (size_t i = 0; i < kind->n; i++) {
        const struct kind_field *f = &kind->field[i];
        const struct value *v = value_find(form, f->name);
        struct path at = path_of("%.*s", STR_ARG(f->name));
        if (v != NULL && v->type != VALUE_ARRAY && f->type == KIND_LINK)
            check_link(r, &at, v);
        for (uint32_t k = 0; v != NULL && v->type == VALUE_ARRAY && k < v->n; k++) {
            at = path_of("%.*s[%u]", STR_ARG(f->name), k);
            check_row(r, &at, f, &v->item[k]);
        }
    }
}

static void remember_links(struct reading *r, const struct kind *kind, const struct value *old)
{
    r->known = arena_take(r->q->arena, RECORD_LINKS_MAX * sizeof *r->known);
    if (r->known == NULL)
        r->full = true;
    else if (old != NULL)
        r->known_count = record_links(kind, old, r->known, RECORD_LINKS_MAX);
}

enum cau_err controls_read_from(struct ask *q, const struct kind *kind,
                                const struct http_fields *from, const struct value *old,
                                struct value *out, struct record_problems *problems)
{
    struct reading r = {.q = q, .sent = from, .first = table_new(), .problems = problems};
    struct value form = value_object();
    uint32_t at;
    problems->n = 0;
    remember_links(&r, kind, old);
    for (size_t i = 0; i < r.sent->n && !r.full; i++)
        r.full = table_intern(&r.first, r.sent->v[i].name, (uint32_t)i, &at, NULL) != CAU_OK;
    set(&r, &form, STR("kind"), value_string(kind->name));
    set(&r, &form, STR("visibility"), text_of(sent(&r, STR("visibility"))));
    for (size_t i = 0; i < kind->n && !r.full; i++)
        if (!kind->field[i].rule)
            set(&r, &form, kind->field[i].name,
                read_field(&r, kind->field[i].name, &kind->field[i]));
    table_free(&r.first);
    check_links(&r, kind, &form);
    if (r.full || q->model.failed)
        return CAU_ERR_MEMORY;
    *out = form;
    return CAU_OK;
}

enum cau_err controls_read(struct ask *q, const struct kind *kind, const struct value *old,
                           struct value *out, struct record_problems *problems)
{
    return controls_read_from(q, kind, &q->http->form, old, out, problems);
}
