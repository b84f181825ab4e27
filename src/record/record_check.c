#include "record/record.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"
#include "record/json.h"
#include "record/kind_int.h"
#include "record/record_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* One record being checked. Every check_ function returns the normalised value; VALUE_NULL when there
 * is nothing to keep: the input held nothing, or was refused and the problem is noted, or full. */
struct checking {
    struct arena *a;
    const struct kinds *kinds;
    struct record_rules rules;
    struct record_problems *problems;
    bool full; /* the arena */
};

static const struct value nothing = {.type = VALUE_NULL};

/* What was there, for the reader of a problem. */
static struct str shown(struct checking *c, const struct value *v)
{
    if (v != NULL && v->type == VALUE_STRING && utf8_valid(v->string))
        return utf8_clip(v->string, RECORD_CLIP_POINTS);
    if (v == NULL || v->type != VALUE_INTEGER)
        return (struct str){NULL, 0};
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%lld", (long long)v->integer);
    must(n > 0 && (size_t)n < sizeof digits);
    struct str text = {NULL, 0};
    c->full = arena_copy(c->a, (struct str){digits, (size_t)n}, &text) != CAU_OK || c->full;
    return text;
}

static struct value problem(struct checking *c, const struct record_place *at,
                            enum record_code code, const struct value *v, int64_t limit)
{
    struct record_problems *p = c->problems;
    if (p->n == RECORD_PROBLEMS_MAX)
        return nothing;
    struct str place = at == NULL ? (struct str){"", 0} : record_place_str(c->a, at);
    c->full = c->full || place.p == NULL;
    p->v[p->n++] = (struct record_problem){place, code, shown(c, v), limit};
    return nothing;
}

/* Memory for n items or members; NULL, and full, when there is none. */
static void *take_list(struct checking *c, size_t n, size_t size)
{
    void *list = arena_take(c->a, value_room(n) * size);
    c->full = c->full || list == NULL;
    return list;
}

static uint32_t most_of(const struct kind_field *f)
{
    return f->most != 0 ? f->most : RECORD_VALUES_MAX;
}

static uint32_t points_of(const struct kind_field *f)
{
    return f->limit != 0           ? f->limit
           : f->type == KIND_PROSE ? RECORD_PROSE_POINTS_MAX
                                   : RECORD_TEXT_POINTS_MAX;
}

/* A form over HTTP has a carriage return before each line feed. */
static bool drop_returns(struct checking *c, struct str *text)
{
    if (memchr(text->p, '\r', text->len) == NULL)
        return true;
    char *to = arena_take(c->a, text->len);
    if (to == NULL) {
        c->full = true;
        return false;
    }
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++) {
        char ch = text->p[i];
        if (ch == '\r' && i + 1 < text->len && text->p[i + 1] == '\n')
            continue;
        to[n++] = ch == '\r' ? '\n' : ch;
    }
    *text = (struct str){to, n};
    return true;
}

/* Valid UTF-8 in NFC without controls; false when it is not (noted) or the arena is full. */
static bool take_characters(struct checking *c, const struct record_place *at,
                            const struct value *in, struct str *text)
{
    enum utf8_fault fault = utf8_check(*text, NULL);
    if (fault == UTF8_NOT_NFC && c->rules.compose) {
        enum cau_err err = utf8_nfc(c->a, *text, text);
        if (err == CAU_ERR_RANGE)
            problem(c, at, RECORD_TOO_BIG, in, RECORD_BYTES_MAX);
        c->full = c->full || err == CAU_ERR_MEMORY;
        return err == CAU_OK;
    }
    if (fault != UTF8_GOOD)
        problem(c, at, fault == UTF8_NOT_NFC ? RECORD_NOT_NFC : RECORD_BAD_TEXT, in, 0);
    return fault == UTF8_GOOD;
}

/* A string of the lines and code points allowed. */
static struct value check_string(struct checking *c, const struct record_place *at,
                                 const struct value *in, bool lines, uint32_t points)
{
    if (in->type != VALUE_STRING)
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct str text = str_trim(in->string);
    if (text.len == 0 || !take_characters(c, at, in, &text))
        return nothing;
    text = record_trim(text);
    if (text.len == 0)
        return nothing;
    if (lines ? !drop_returns(c, &text) : record_breaks_line(text))
        return lines ? nothing : problem(c, at, RECORD_BAD_TEXT, in, 0);
    if (text.len > points && utf8_count(text) > points)
        return problem(c, at, RECORD_TOO_LONG, in, points);
    return value_string(text);
}

/* A tag of the list `language`; without that list any tag of two or three letters. */
static bool knows_language(const struct checking *c, struct str tag)
{
    if (c->kinds->languages != NULL)
        return kind_find_code(c->kinds->languages, tag) != NULL;
    for (size_t i = 0; i < tag.len; i++)
        if (tag.p[i] < 'a' || tag.p[i] > 'z')
            return false;
    return tag.len == 2 || tag.len == 3;
}

/* {"text","origin","from"} */
static struct value check_tagged(struct checking *c, const struct kind_field *f,
                                 const struct record_place *at, const struct value *in)
{
    struct value part[3] = {nothing, nothing, nothing}; /* in the order of their keys */
    static const struct str key[3] = {{"from", 4}, {"origin", 6}, {"text", 4}};
    size_t before = c->problems->n;
    for (uint32_t i = 0; i < in->n; i++) {
        const struct value_member *m = &in->member[i];
        struct record_place here = {at, m->key, 0};
        unsigned k = 0;
        while (k < 3 && !str_equal(m->key, key[k]))
            k++;
        if (k == 3)
            problem(c, &here, RECORD_UNKNOWN_FIELD, &m->value, 0);
        else if (m->value.type != VALUE_NULL)
            part[k] = check_string(c, &here, &m->value, k == 2 && f->type == KIND_PROSE,
                                   k == 2 ? points_of(f) : RECORD_TEXT_POINTS_MAX);
    }
    if (c->problems->n > before)
        return nothing;
    bool has_from = part[0].type == VALUE_STRING, has_origin = part[1].type == VALUE_STRING;
    struct record_place from = {at, key[0], 0}, origin = {at, key[1], 0},
                        text = {at, key[2], 0};
    if (part[2].type != VALUE_STRING)
        return has_from || has_origin ? problem(c, &text, RECORD_EMPTY, NULL, 0) : nothing;
    if (!has_from && !has_origin)
        return part[2];
    if (!has_origin)
        return problem(c, &origin, RECORD_REQUIRED, NULL, 0);
    bool original = str_is(part[1].string, "original");
    if (!original && !str_is(part[1].string, "human") && !str_is(part[1].string, "machine"))
        return problem(c, &origin, RECORD_UNKNOWN_CODE, &part[1], 0);
    if (has_from && original) /* an original is not translated from anything */
        return problem(c, &from, RECORD_UNKNOWN_FIELD, &part[0], 0);
    if (has_from && !knows_language(c, part[0].string))
        return problem(c, &from, RECORD_UNKNOWN_LANGUAGE, &part[0], 0);

    struct value out = value_object();
    out.member = take_list(c, 3, sizeof *out.member);
    if (out.member == NULL)
        return nothing;
    for (unsigned k = 0; k < 3; k++)
        if (part[k].type == VALUE_STRING)
            out.member[out.n++] = (struct value_member){key[k], part[k]};
    return out;
}

/* The names of one language: a string or a list of them; always a list afterwards. */
static struct value check_names(struct checking *c, const struct kind_field *f,
                                const struct record_place *at, const struct value *in)
{
    uint32_t n = in->type == VALUE_ARRAY ? in->n : 1;
    struct value out = value_array();
    out.item = take_list(c, n, sizeof *out.item);
    for (uint32_t i = 0; out.item != NULL && i < n; i++) {
        struct record_place here = {at, {NULL, 0}, i};
        const struct value *item = in->type == VALUE_ARRAY ? &in->item[i] : in;
        struct value name = item->type == VALUE_NULL
                                ? nothing
                                : check_string(c, in->type == VALUE_ARRAY ? &here : at, item,
                                               false, points_of(f));
        if (name.type == VALUE_STRING && out.n == most_of(f))
            return problem(c, at, RECORD_TOO_MANY, NULL, most_of(f));
        if (name.type == VALUE_STRING)
            out.item[out.n++] = name;
    }
    return out.n > 0 ? out : nothing;
}

/* An object language -> text. */
static struct value check_text(struct checking *c, const struct kind_field *f,
                               const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_OBJECT)
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct value out = value_object();
    out.member = take_list(c, in->n, sizeof *out.member);
    for (uint32_t i = 0; out.member != NULL && i < in->n; i++) {
        const struct value_member *m = &in->member[i];
        struct record_place here = {at, m->key, 0};
        struct value text = nothing;
        if (!knows_language(c, m->key))
            problem(c, &here, RECORD_UNKNOWN_LANGUAGE, &m->value, 0);
        else if (m->value.type == VALUE_NULL)
            continue;
        else if (f->type == KIND_NAMES)
            text = check_names(c, f, &here, &m->value);
        else if (m->value.type == VALUE_OBJECT)
            text = check_tagged(c, f, &here, &m->value);
        else
            text = check_string(c, &here, &m->value, f->type == KIND_PROSE, points_of(f));
        if (text.type != VALUE_NULL)
            out.member[out.n++] = (struct value_member){m->key, text};
    }
    return out.n > 0 ? out : nothing;
}

static struct value check_address(struct checking *c, const struct kind_field *f,
                                  const struct record_place *at, const struct value *in)
{
    struct value v = check_string(c, at, in, false, RECORD_URL_BYTES_MAX);
    if (v.type == VALUE_STRING &&
        !(f->type == KIND_URL ? record_is_url(v.string) : record_is_email(v.string)))
        return problem(c, at, RECORD_BAD_ADDRESS, in, 0);
    return v;
}

static struct value check_date(struct checking *c, const struct record_place *at,
                               const struct value *in)
{
    struct clock_date date;
    struct value v = check_string(c, at, in, false, RECORD_TEXT_POINTS_MAX);
    if (v.type != VALUE_STRING)
        return v;
    enum cau_err err = clock_read_date(v.string, &date);
    if (err != CAU_OK)
        return problem(c, at, err == CAU_ERR_RANGE ? RECORD_NO_SUCH_DATE : RECORD_BAD_DATE, in,
                       0);
    return v;
}

static struct value check_integer(struct checking *c, const struct kind_field *f,
                                  const struct record_place *at, const struct value *in)
{
    int64_t most = f->limit != 0 ? (int64_t)f->limit : NUMBER_INTEGER_MAX;
    int64_t number = in->type == VALUE_INTEGER ? in->integer : 0;
    enum cau_err err = CAU_OK;
    if (in->type == VALUE_STRING) {
        struct str text = str_trim(in->string);
        if (text.len == 0)
            return nothing;
        err = number_read_int(text, &number);
    } else if (in->type != VALUE_INTEGER) {
        return problem(c, at, in->type == VALUE_REAL ? RECORD_BAD_NUMBER : RECORD_WRONG_TYPE,
                       in, 0);
    }
    if (err == CAU_ERR_SYNTAX)
        return problem(c, at, RECORD_BAD_NUMBER, in, 0);
    if (err != CAU_OK || number > most || number < -most)
        return problem(c, at, RECORD_TOO_BIG, in, most);
    return value_integer(number);
}

/* An integer with places digits after the point, as text: 2102850 and 5 are "21.02850". */
static struct value fixed_text(struct checking *c, int64_t number, unsigned places)
{
    char text[32];
    int64_t scale = 1;
    for (unsigned i = 0; i < places; i++)
        scale *= 10;
    uint64_t size = number < 0 ? -(uint64_t)number : (uint64_t)number;
    uint64_t whole = size / (uint64_t)scale, rest = size % (uint64_t)scale;
    int n = places == 0
                ? snprintf(text, sizeof text, "%s%llu", number < 0 ? "-" : "",
                           (unsigned long long)whole)
                : snprintf(text, sizeof text, "%s%llu.%0*llu", number < 0 ? "-" : "",
                           (unsigned long long)whole, (int)places, (unsigned long long)rest);
    must(n > 0 && (size_t)n < sizeof text);
    struct str copy;
    if (arena_copy(c->a, (struct str){text, (size_t)n}, &copy) != CAU_OK) {
        c->full = true;
        return nothing;
    }
    return value_string(copy);
}

static struct value check_decimal(struct checking *c, const struct record_place *at,
                                  const struct value *in)
{
    if (in->type == VALUE_INTEGER)
        return fixed_text(c, in->integer, 0);
    if (in->type != VALUE_STRING)
        return problem(c, at, in->type == VALUE_REAL ? RECORD_BAD_NUMBER : RECORD_WRONG_TYPE,
                       in, 0);
    struct str text = str_trim(in->string);
    if (text.len == 0)
        return nothing;
    if (!number_is_decimal(text))
        return problem(c, at, RECORD_BAD_NUMBER, in, 0);
    return value_string(text);
}

enum { PLACE_DIGITS = 5, PLACE_DIGITS_CHECKED = 9 };

/* Degrees within +-most: a number, or a decimal string that is kept as it is. */
static struct value check_degrees(struct checking *c, const struct record_place *at,
                                  const struct value *in, int most)
{
    if (in->type == VALUE_INTEGER || in->type == VALUE_REAL) {
        double number = in->type == VALUE_REAL ? in->real : (double)in->integer;
        if (!(fabs(number) <= most)) /* also when it is not a number */
            return problem(c, at, RECORD_BAD_PLACE, in, most);
        return fixed_text(c, llround(number * 100000), PLACE_DIGITS);
    }
    if (in->type != VALUE_STRING)
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct str text = str_trim(in->string);
    int64_t fixed = 0, bound = (int64_t)most * 1000000000;
    if (text.len == 0)
        return nothing;
    if (number_read_fixed(text, PLACE_DIGITS_CHECKED, &fixed) != CAU_OK || fixed > bound ||
        fixed < -bound)
        return problem(c, at, RECORD_BAD_PLACE, in, most);
    return value_string(text);
}

/* {"latitude","longitude"} or "latitude,longitude". A list is refused: GeoJSON has the longitude
 * first, others the latitude, and nobody can see which was meant. */
static struct value check_place(struct checking *c, const struct record_place *at,
                                const struct value *in)
{
    static const struct str key[2] = {{"latitude", 8}, {"longitude", 9}};
    static const int most[2] = {90, 180};
    struct value pair[2] = {nothing, nothing}, part[2] = {nothing, nothing};
    size_t before = c->problems->n;
    if (in->type == VALUE_STRING) {
        struct str longitude = in->string, latitude = str_next(&longitude, ',');
        if (str_trim(in->string).len == 0)
            return nothing;
        if (longitude.p == NULL)
            return problem(c, at, RECORD_BAD_PLACE, in, 0);
        pair[0] = value_string(latitude);
        pair[1] = value_string(longitude);
    } else if (in->type != VALUE_OBJECT) {
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    }
    for (uint32_t i = 0; in->type == VALUE_OBJECT && i < in->n; i++) {
        unsigned k = str_equal(in->member[i].key, key[0])   ? 0
                     : str_equal(in->member[i].key, key[1]) ? 1
                                                            : 2;
        struct record_place here = {at, in->member[i].key, 0};
        if (k == 2)
            problem(c, &here, RECORD_UNKNOWN_FIELD, &in->member[i].value, 0);
        else
            pair[k] = in->member[i].value;
    }
    for (unsigned k = 0; k < 2; k++) {
        struct record_place here = {at, key[k], 0};
        if (pair[k].type != VALUE_NULL)
            part[k] = check_degrees(c, &here, &pair[k], most[k]);
    }
    if (c->problems->n > before || (part[0].type == VALUE_NULL && part[1].type == VALUE_NULL))
        return nothing;
    for (unsigned k = 0; k < 2; k++) {
        struct record_place here = {at, key[k], 0};
        if (part[k].type == VALUE_NULL)
            return problem(c, &here, RECORD_REQUIRED, NULL, 0);
    }
    struct value out = {.type = VALUE_OBJECT, .n = 2};
    out.member = take_list(c, 2, sizeof *out.member);
    if (out.member == NULL)
        return nothing;
    for (unsigned k = 0; k < 2; k++)
        out.member[k] = (struct value_member){key[k], part[k]};
    return out;
}

static struct value check_choice(struct checking *c, const struct kind_field *f,
                                 const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_STRING)
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct str code = str_trim(in->string);
    if (code.len > 0 && kind_find_code(f->list, code) == NULL)
        return problem(c, at, RECORD_UNKNOWN_CODE, in, 0);
    return code.len > 0 ? value_string(code) : nothing;
}

static struct value check_link(struct checking *c, const struct record_place *at,
                               const struct value *in)
{
    struct value v = check_string(c, at, in, false, RECORD_LINK_POINTS_MAX);
    if (v.type == VALUE_STRING && str_starts(v.string, STR("r:")) && !record_id_valid(v.string))
        return problem(c, at, RECORD_BAD_LINK, in, 0);
    return v;
}

/* "SCHEME:code"; the code is checked when there is a list of the scheme's name in lower case. */
static struct value check_code(struct checking *c, const struct kind_field *f,
                               const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_STRING)
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct str text = str_trim(in->string), code = text, scheme = str_next(&code, ':');
    char lower[32];
    if (text.len == 0)
        return nothing;
    bool known = kind_find_code(f->list, scheme) != NULL && scheme.len <= sizeof lower;
    for (size_t i = 0; known && i < scheme.len; i++) {
        char ch = scheme.p[i];
        lower[i] = (char)(ch >= 'A' && ch <= 'Z' ? ch - 'A' + 'a' : ch);
    }
    const struct kind_list *list =
        known ? kinds_find_list(c->kinds, (struct str){lower, scheme.len}) : NULL;
    known = known && (list != NULL ? kind_find_code(list, code) != NULL : kind_is_code(code));
    return known ? value_string(text) : problem(c, at, RECORD_UNKNOWN_CODE, in, 0);
}

/* An object scheme -> string. */
static struct value check_identifiers(struct checking *c, const struct kind_field *f,
                                      const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_OBJECT)
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct value out = value_object();
    out.member = take_list(c, in->n, sizeof *out.member);
    for (uint32_t i = 0; out.member != NULL && i < in->n; i++) {
        const struct value_member *m = &in->member[i];
        struct record_place here = {at, m->key, 0};
        struct value text = nothing;
        if (kind_find_code(f->list, m->key) == NULL)
            problem(c, &here, RECORD_UNKNOWN_CODE, &m->value, 0);
        else if (m->value.type != VALUE_NULL)
            text = check_string(c, &here, &m->value, false, RECORD_ID_POINTS_MAX);
        if (text.type != VALUE_NULL && out.n == most_of(f))
            return problem(c, at, RECORD_TOO_MANY, NULL, most_of(f));
        if (text.type != VALUE_NULL)
            out.member[out.n++] = (struct value_member){m->key, text};
    }
    return out.n > 0 ? out : nothing;
}

static struct value check_members(struct checking *c, const struct kind_field *field, size_t n,
                                  const struct record_place *at, const struct value *in);

static struct value check_money(struct checking *c, const struct kind_field *f,
                                const struct record_place *at, const struct value *in)
{
    const struct kind_field part[] = {
        {.name = STR("amount"), .type = KIND_DECIMAL, .required = true},
        {.name = STR("currency"), .type = KIND_CHOICE, .required = true, .list = f->list},
    };
    return check_members(c, part, countof(part), at, in);
}

/* A row, source or relation. */
static struct value check_row(struct checking *c, const struct kind_field *f,
                              const struct record_place *at, const struct value *in)
{
    size_t before = c->problems->n;
    struct value row = check_members(c, f->column, f->column_count, at, in);
    if (row.type == VALUE_NULL || f->type == KIND_ROWS || c->problems->n > before)
        return row;
    struct record_place first = {at, f->type == KIND_SOURCES ? STR("title") : STR("to"), 0};
    const char *second = f->type == KIND_SOURCES ? "url" : "label";
    if (value_find(&row, first.name) == NULL && value_get(&row, second) == NULL)
        return problem(c, &first, RECORD_REQUIRED, NULL, 0);
    return row;
}

/* One value of a field. */
static struct value check_one(struct checking *c, const struct kind_field *f,
                              const struct record_place *at, const struct value *in)
{
    if (in->type == VALUE_NULL)
        return nothing;
    switch (f->type) {
    case KIND_TEXT:
    case KIND_PROSE:
    case KIND_NAMES:
        return check_text(c, f, at, in);
    case KIND_LINE:
        return check_string(c, at, in, false, points_of(f));
    case KIND_URL:
    case KIND_EMAIL:
        return check_address(c, f, at, in);
    case KIND_DATE:
        return check_date(c, at, in);
    case KIND_INTEGER:
        return check_integer(c, f, at, in);
    case KIND_DECIMAL:
        return check_decimal(c, at, in);
    case KIND_FLAG:
        if (in->type == VALUE_TRUE || in->type == VALUE_FALSE)
            return in->type == VALUE_TRUE ? *in : nothing;
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    case KIND_CHOICE:
        return check_choice(c, f, at, in);
    case KIND_LINK:
        return check_link(c, at, in);
    case KIND_MONEY:
        return check_money(c, f, at, in);
    case KIND_PLACE:
        return check_place(c, at, in);
    case KIND_CODES:
        return check_code(c, f, at, in);
    case KIND_IDENTIFIERS:
        return check_identifiers(c, f, at, in);
    case KIND_SOURCES:
    case KIND_RELATIONS:
    case KIND_ROWS:
        return check_row(c, f, at, in);
    }
    must(false);
}

/* Choices, links and codes: one value says it all, a second time it is a mistake. */
static bool is_set(enum kind_type type)
{
    return type == KIND_CHOICE || type == KIND_LINK || type == KIND_CODES;
}

static bool has_item(const struct value *list, struct str text)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (str_equal(list->item[i].string, text))
            return true;
    return false;
}

static struct value check_list(struct checking *c, const struct kind_field *f,
                               const struct record_place *at, const struct value *in)
{
    uint32_t n = in->type == VALUE_ARRAY ? in->n : 1;
    struct value out = value_array();
    out.item = take_list(c, n, sizeof *out.item);
    for (uint32_t i = 0; out.item != NULL && i < n; i++) {
        struct record_place here = {at, {NULL, 0}, i};
        const struct value *item = in->type == VALUE_ARRAY ? &in->item[i] : in;
        struct value v = check_one(c, f, in->type == VALUE_ARRAY ? &here : at, item);
        if (v.type == VALUE_NULL)
            continue;
        if (out.n == most_of(f))
            return problem(c, at, RECORD_TOO_MANY, NULL, most_of(f));
        if (is_set(f->type) && has_item(&out, v.string))
            problem(c, &here, RECORD_TWICE, item, 0);
        else
            out.item[out.n++] = v;
    }
    return out.n > 0 ? out : nothing;
}

static bool is_list(const struct kind_field *f)
{
    return f->many || f->type == KIND_CODES || f->type == KIND_SOURCES ||
           f->type == KIND_RELATIONS || f->type == KIND_ROWS;
}

/* The members of a form that are no fields. */
static bool is_frame(struct str key)
{
    return str_is(key, "kind") || str_is(key, "visibility");
}

/* An object with these fields (at most 64); at the top (at is NULL) it is the form itself. */
static struct value check_members(struct checking *c, const struct kind_field *field, size_t n,
                                  const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_OBJECT)
        return problem(c, at, RECORD_WRONG_TYPE, in, 0);
    must(n <= KIND_FIELDS_MAX);
    struct value out = value_object();
    uint64_t met = 0; /* fields that have a value or a problem */
    out.member = take_list(c, in->n, sizeof *out.member);
    for (uint32_t i = 0; out.member != NULL && i < in->n; i++) {
        const struct value_member *m = &in->member[i];
        struct record_place here = {at, m->key, 0};
        size_t k = 0, before = c->problems->n;
        if (at == NULL && is_frame(m->key))
            continue;
        while (k < n && !str_equal(field[k].name, m->key))
            k++;
        if (k == n) {
            bool audit = at == NULL && str_is(m->key, "audit");
            problem(c, &here, audit ? RECORD_BY_RULE : RECORD_UNKNOWN_FIELD, &m->value, 0);
            continue;
        }
        if (m->value.type == VALUE_NULL)
            continue;
        if (field[k].rule && !c->rules.all_fields) {
            problem(c, &here, RECORD_BY_RULE, &m->value, 0);
            continue;
        }
        struct value v = is_list(&field[k]) ? check_list(c, &field[k], &here, &m->value)
                                            : check_one(c, &field[k], &here, &m->value);
        if (v.type != VALUE_NULL)
            out.member[out.n++] = (struct value_member){m->key, v};
        if (v.type != VALUE_NULL || c->problems->n > before)
            met |= (uint64_t)1 << k;
    }
    if (at != NULL && met == 0) /* a row without anything in it vanishes */
        return nothing;
    for (size_t k = 0; k < n; k++) {
        struct record_place here = {at, field[k].name, 0};
        if (field[k].required && !field[k].rule && (met >> k & 1) == 0)
            problem(c, &here, RECORD_REQUIRED, NULL, 0);
    }
    return out;
}

/* At least the bytes of the canonical form: text has no controls but \t and \n, so it at most doubles. */
static size_t bytes_at_most(const struct value *v)
{
    size_t n = 32; /* words, numbers, brackets, a comma and a colon */
    if (v->type == VALUE_STRING)
        n += v->string.len * 2;
    for (uint32_t i = 0; v->type == VALUE_ARRAY && i < v->n; i++)
        n += bytes_at_most(&v->item[i]);
    for (uint32_t i = 0; v->type == VALUE_OBJECT && i < v->n; i++)
        n += v->member[i].key.len + 2 + bytes_at_most(&v->member[i].value);
    return n;
}

static void check_size(struct checking *c, const struct value *payload)
{
    if (bytes_at_most(payload) <= RECORD_BYTES_MAX)
        return;
    struct buf b = buf_new(RECORD_BYTES_MAX);
    json_write(&b, payload);
    if (b.failed)
        problem(c, NULL, RECORD_TOO_BIG, NULL, RECORD_BYTES_MAX);
    buf_free(&b);
}

/* "kind" and "visibility" of the form. */
static void check_frame(struct checking *c, const struct value *form, struct record_form *out)
{
    struct record_place kind = {NULL, STR("kind"), 0},
                        visibility = {NULL, STR("visibility"), 0};
    const struct value *v = value_find(form, kind.name);
    if (v == NULL || v->type == VALUE_NULL)
        problem(c, &kind, RECORD_REQUIRED, NULL, 0);
    else if (v->type != VALUE_STRING)
        problem(c, &kind, RECORD_WRONG_TYPE, v, 0);
    else if ((out->kind = kinds_find(c->kinds, v->string)) == NULL)
        problem(c, &kind, RECORD_UNKNOWN_KIND, v, 0);
    v = value_find(form, visibility.name);
    if (v == NULL || v->type == VALUE_NULL)
        return;
    if (v->type != VALUE_STRING)
        problem(c, &visibility, RECORD_WRONG_TYPE, v, 0);
    else if (!record_read_audience(v->string, &out->audience))
        problem(c, &visibility, RECORD_UNKNOWN_CODE, v, 0);
    out->audience_given = true;
}

enum cau_err record_check(struct arena *a, const struct kinds *kinds, const struct value *form,
                          struct record_rules rules, struct record_form *out,
                          struct record_problems *problems)
{
    struct checking c = {.a = a, .kinds = kinds, .rules = rules, .problems = problems};
    struct record_form made = {.audience = RECORD_PUBLIC};
    problems->n = 0;
    if (form->type != VALUE_OBJECT)
        problem(&c, NULL, RECORD_WRONG_TYPE, form, 0);
    else
        check_frame(&c, form, &made);
    if (made.kind != NULL) {
        made.payload = check_members(&c, made.kind->field, made.kind->n, NULL, form);
        if (problems->n == 0 && !c.full)
            check_size(&c, &made.payload);
    }
    if (c.full) { /* what is missing for want of room is no mistake of the form */
        problems->n = 0;
        return CAU_ERR_MEMORY;
    }
    if (problems->n > 0)
        return CAU_ERR_SYNTAX;
    *out = made;
    return CAU_OK;
}
