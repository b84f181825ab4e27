#include "record/record_value_int.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"
#include "record/kind_int.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Every check_ function returns what record_value_check does. */
static const struct value nothing = {.type = VALUE_NULL};

/* What was there, for the reader of a problem. */
static struct str shown(struct record_checking *c, const struct value *v)
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

struct value record_value_problem(struct record_checking *c, const struct record_place *at,
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

void *record_value_list(struct record_checking *c, size_t n, size_t size)
{
    void *list = arena_take(c->a, value_room(n) * size);
    c->full = c->full || list == NULL;
    return list;
}

uint32_t record_value_most(const struct kind_field *f)
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
static bool drop_returns(struct record_checking *c, struct str *text)
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
static bool take_characters(struct record_checking *c, const struct record_place *at,
                            const struct value *in, struct str *text)
{
    enum utf8_fault fault = utf8_check(*text, NULL);
    if (fault == UTF8_NOT_NFC && c->rules.compose) {
        enum cau_err err = utf8_nfc(c->a, *text, text);
        if (err == CAU_ERR_RANGE)
            record_value_problem(c, at, RECORD_TOO_BIG, in, RECORD_BYTES_MAX);
        c->full = c->full || err == CAU_ERR_MEMORY;
        return err == CAU_OK;
    }
    if (fault != UTF8_GOOD)
        record_value_problem(c, at, fault == UTF8_NOT_NFC ? RECORD_NOT_NFC : RECORD_BAD_TEXT,
                             in, 0);
    return fault == UTF8_GOOD;
}

/* A string of the lines and code points allowed. */
static struct value check_string(struct record_checking *c, const struct record_place *at,
                                 const struct value *in, bool lines, uint32_t points)
{
    if (in->type != VALUE_STRING)
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct str text = str_trim(in->string);
    if (text.len == 0 || !take_characters(c, at, in, &text))
        return nothing;
    text = record_trim(text);
    if (text.len == 0)
        return nothing;
    if (lines ? !drop_returns(c, &text) : record_breaks_line(text))
        return lines ? nothing : record_value_problem(c, at, RECORD_BAD_TEXT, in, 0);
    if (text.len > points && utf8_count(text) > points)
        return record_value_problem(c, at, RECORD_TOO_LONG, in, points);
    return value_string(text);
}

/* A tag of the list `language`; without that list any tag of two or three letters. */
static bool knows_language(const struct record_checking *c, struct str tag)
{
    if (c->kinds->languages != NULL)
        return kind_find_code(c->kinds->languages, tag) != NULL;
    for (size_t i = 0; i < tag.len; i++)
        if (tag.p[i] < 'a' || tag.p[i] > 'z')
            return false;
    return tag.len == 2 || tag.len == 3;
}

/* {"text","origin","from"} */
static struct value check_tagged(struct record_checking *c, const struct kind_field *f,
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
            record_value_problem(c, &here, RECORD_UNKNOWN_FIELD, &m->value, 0);
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
        return has_from || has_origin ? record_value_problem(c, &text, RECORD_EMPTY, NULL, 0)
                                      : nothing;
    if (!has_from && !has_origin)
        return part[2];
    if (!has_origin)
        return record_value_problem(c, &origin, RECORD_REQUIRED, NULL, 0);
    bool original = str_is(part[1].string, "original");
    if (!original && !str_is(part[1].string, "human") && !str_is(part[1].string, "machine"))
        return record_value_problem(c, &origin, RECORD_UNKNOWN_CODE, &part[1], 0);
    if (has_from && original) /* an original is not translated from anything */
        return record_value_problem(c, &from, RECORD_UNKNOWN_FIELD, &part[0], 0);
    if (has_from && !knows_language(c, part[0].string))
        return record_value_problem(c, &from, RECORD_UNKNOWN_LANGUAGE, &part[0], 0);

    struct value out = value_object();
    out.member = record_value_list(c, 3, sizeof *out.member);
    if (out.member == NULL)
        return nothing;
    for (unsigned k = 0; k < 3; k++)
        if (part[k].type == VALUE_STRING)
            out.member[out.n++] = (struct value_member){key[k], part[k]};
    return out;
}

/* The names of one language: a string or a list of them; always a list afterwards. */
static struct value check_names(struct record_checking *c, const struct kind_field *f,
                                const struct record_place *at, const struct value *in)
{
    uint32_t n = in->type == VALUE_ARRAY ? in->n : 1;
    struct value out = value_array();
    out.item = record_value_list(c, n, sizeof *out.item);
    for (uint32_t i = 0; out.item != NULL && i < n; i++) {
        struct record_place here = {at, {NULL, 0}, i};
        const struct value *item = in->type == VALUE_ARRAY ? &in->item[i] : in;
        struct value name = item->type == VALUE_NULL
                                ? nothing
                                : check_string(c, in->type == VALUE_ARRAY ? &here : at, item,
                                               false, points_of(f));
        if (name.type == VALUE_STRING && out.n == record_value_most(f))
            return record_value_problem(c, at, RECORD_TOO_MANY, NULL, record_value_most(f));
        if (name.type == VALUE_STRING)
            out.item[out.n++] = name;
    }
    return out.n > 0 ? out : nothing;
}

/* An object language -> text. */
static struct value check_text(struct record_checking *c, const struct kind_field *f,
                               const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_OBJECT)
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct value out = value_object();
    out.member = record_value_list(c, in->n, sizeof *out.member);
    for (uint32_t i = 0; out.member != NULL && i < in->n; i++) {
        const struct value_member *m = &in->member[i];
        struct record_place here = {at, m->key, 0};
        struct value text = nothing;
        if (!knows_language(c, m->key))
            record_value_problem(c, &here, RECORD_UNKNOWN_LANGUAGE, &m->value, 0);
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

static struct value check_address(struct record_checking *c, const struct kind_field *f,
                                  const struct record_place *at, const struct value *in)
{
    struct value v = check_string(c, at, in, false, RECORD_URL_BYTES_MAX);
    if (v.type == VALUE_STRING &&
        !(f->type == KIND_URL ? record_is_url(v.string) : record_is_email(v.string)))
        return record_value_problem(c, at, RECORD_BAD_ADDRESS, in, 0);
    return v;
}

static struct value check_date(struct record_checking *c, const struct record_place *at,
                               const struct value *in)
{
    struct clock_date date;
    struct value v = check_string(c, at, in, false, RECORD_TEXT_POINTS_MAX);
    if (v.type != VALUE_STRING)
        return v;
    enum cau_err err = clock_read_date(v.string, &date);
    if (err != CAU_OK)
        return record_value_problem(
            c, at, err == CAU_ERR_RANGE ? RECORD_NO_SUCH_DATE : RECORD_BAD_DATE, in, 0);
    return v;
}

static struct value check_integer(struct record_checking *c, const struct kind_field *f,
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
        return record_value_problem(
            c, at, in->type == VALUE_REAL ? RECORD_BAD_NUMBER : RECORD_WRONG_TYPE, in, 0);
    }
    if (err == CAU_ERR_SYNTAX)
        return record_value_problem(c, at, RECORD_BAD_NUMBER, in, 0);
    if (err != CAU_OK || number > most || number < -most)
        return record_value_problem(c, at, RECORD_TOO_BIG, in, most);
    return value_integer(number);
}

/* An integer with places digits after the point, as text: 2102850 and 5 are "21.02850". */
static struct value fixed_text(struct record_checking *c, int64_t number, unsigned places)
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

static struct value check_decimal(struct record_checking *c, const struct record_place *at,
                                  const struct value *in)
{
    if (in->type == VALUE_INTEGER)
        return fixed_text(c, in->integer, 0);
    if (in->type != VALUE_STRING)
        return record_value_problem(
            c, at, in->type == VALUE_REAL ? RECORD_BAD_NUMBER : RECORD_WRONG_TYPE, in, 0);
    struct str text = str_trim(in->string);
    if (text.len == 0)
        return nothing;
    if (!number_is_decimal(text))
        return record_value_problem(c, at, RECORD_BAD_NUMBER, in, 0);
    return value_string(text);
}

enum { PLACE_DIGITS = 5, PLACE_DIGITS_CHECKED = 9 };

/* Degrees within +-most: a number, or a decimal string that is kept as it is. */
static struct value check_degrees(struct record_checking *c, const struct record_place *at,
                                  const struct value *in, int most)
{
    if (in->type == VALUE_INTEGER || in->type == VALUE_REAL) {
        double number = in->type == VALUE_REAL ? in->real : (double)in->integer;
        if (!(fabs(number) <= most)) /* also when it is not a number */
            return record_value_problem(c, at, RECORD_BAD_PLACE, in, most);
        return fixed_text(c, llround(number * 100000), PLACE_DIGITS);
    }
    if (in->type != VALUE_STRING)
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct str text = str_trim(in->string);
    int64_t fixed = 0, bound = (int64_t)most * 1000000000;
    if (text.len == 0)
        return nothing;
    if (number_read_fixed(text, PLACE_DIGITS_CHECKED, &fixed) != CAU_OK || fixed > bound ||
        fixed < -bound)
        return record_value_problem(c, at, RECORD_BAD_PLACE, in, most);
    return value_string(text);
}

/* {"latitude","longitude"} or "latitude,longitude". A list is refused: GeoJSON has the longitude
 * first, others the latitude, and nobody can see which was meant. */
static struct value check_place(struct record_checking *c, const struct record_place *at,
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
            return record_value_problem(c, at, RECORD_BAD_PLACE, in, 0);
        pair[0] = value_string(latitude);
        pair[1] = value_string(longitude);
    } else if (in->type != VALUE_OBJECT) {
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    }
    for (uint32_t i = 0; in->type == VALUE_OBJECT && i < in->n; i++) {
        unsigned k = str_equal(in->member[i].key, key[0])   ? 0
                     : str_equal(in->member[i].key, key[1]) ? 1
                                                            : 2;
        struct record_place here = {at, in->member[i].key, 0};
        if (k == 2)
            record_value_problem(c, &here, RECORD_UNKNOWN_FIELD, &in->member[i].value, 0);
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
            return record_value_problem(c, &here, RECORD_REQUIRED, NULL, 0);
    }
    struct value out = {.type = VALUE_OBJECT, .n = 2};
    out.member = record_value_list(c, 2, sizeof *out.member);
    if (out.member == NULL)
        return nothing;
    for (unsigned k = 0; k < 2; k++)
        out.member[k] = (struct value_member){key[k], part[k]};
    return out;
}

static struct value check_choice(struct record_checking *c, const struct kind_field *f,
                                 const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_STRING)
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct str code = str_trim(in->string);
    if (code.len > 0 && kind_find_code(f->list, code) == NULL)
        return record_value_problem(c, at, RECORD_UNKNOWN_CODE, in, 0);
    return code.len > 0 ? value_string(code) : nothing;
}

static struct value check_link(struct record_checking *c, const struct record_place *at,
                               const struct value *in)
{
    struct value v = check_string(c, at, in, false, RECORD_LINK_POINTS_MAX);
    if (v.type == VALUE_STRING && str_starts(v.string, STR("r:")) && !record_id_valid(v.string))
        return record_value_problem(c, at, RECORD_BAD_LINK, in, 0);
    return v;
}

/* "SCHEME:code"; the code is checked when there is a list of the scheme's name in lower case. */
static struct value check_code(struct record_checking *c, const struct kind_field *f,
                               const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_STRING)
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
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
    return known ? value_string(text) : record_value_problem(c, at, RECORD_UNKNOWN_CODE, in, 0);
}

/* An object scheme -> string. */
static struct value check_identifiers(struct record_checking *c, const struct kind_field *f,
                                      const struct record_place *at, const struct value *in)
{
    if (in->type != VALUE_OBJECT)
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    struct value out = value_object();
    out.member = record_value_list(c, in->n, sizeof *out.member);
    for (uint32_t i = 0; out.member != NULL && i < in->n; i++) {
        const struct value_member *m = &in->member[i];
        struct record_place here = {at, m->key, 0};
        struct value text = nothing;
        if (kind_find_code(f->list, m->key) == NULL)
            record_value_problem(c, &here, RECORD_UNKNOWN_CODE, &m->value, 0);
        else if (m->value.type != VALUE_NULL)
            text = check_string(c, &here, &m->value, false, RECORD_ID_POINTS_MAX);
        if (text.type != VALUE_NULL && out.n == record_value_most(f))
            return record_value_problem(c, at, RECORD_TOO_MANY, NULL, record_value_most(f));
        if (text.type != VALUE_NULL)
            out.member[out.n++] = (struct value_member){m->key, text};
    }
    return out.n > 0 ? out : nothing;
}

struct value record_value_check(struct record_checking *c, const struct kind_field *f,
                                const struct record_place *at, const struct value *in)
{
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
        return record_value_problem(c, at, RECORD_WRONG_TYPE, in, 0);
    case KIND_CHOICE:
        return check_choice(c, f, at, in);
    case KIND_LINK:
        return check_link(c, at, in);
    case KIND_PLACE:
        return check_place(c, at, in);
    case KIND_CODES:
        return check_code(c, f, at, in);
    case KIND_IDENTIFIERS:
        return check_identifiers(c, f, at, in);
    case KIND_MONEY:
    case KIND_SOURCES:
    case KIND_RELATIONS:
    case KIND_ROWS:
        break;
    }
    must(false);
}
