#include "record/json_int.h"

#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/utf8.h"

struct reader {
    struct arena *a;
    struct str rest;
    int depth;
};

static enum cau_err read_any(struct reader *r, struct value *out);

static bool take(struct reader *r, char c)
{
    if (r->rest.len == 0 || r->rest.p[0] != c)
        return false;
    r->rest = str_from(r->rest, 1);
    return true;
}

static bool take_word(struct reader *r, struct str word)
{
    if (!str_starts(r->rest, word))
        return false;
    r->rest = str_from(r->rest, word.len);
    return true;
}

/* The byte that an escape stands for; other control characters are never written. */
static bool read_escape(struct reader *r, char *out)
{
    static const char from[] = "\"\\nrt", to[] = "\"\\\n\r\t";
    if (r->rest.len < 2)
        return false;
    const char *at = memchr(from, r->rest.p[1], sizeof from - 1);
    if (at == NULL)
        return false;
    *out = to[at - from];
    r->rest = str_from(r->rest, 2);
    return true;
}

/* A text with escapes, of which rest begins with the first: made again, shorter than it stands there. */
static enum cau_err read_escaped(struct reader *r, struct str plain, struct str *out)
{
    char *p = arena_take(r->a, plain.len + r->rest.len);
    size_t n = plain.len;
    if (p == NULL)
        return CAU_ERR_MEMORY;
    memcpy(p, plain.p, n);
    while (r->rest.len > 0 && r->rest.p[0] != '"') {
        if (r->rest.p[0] != '\\') {
            p[n++] = r->rest.p[0];
            r->rest = str_from(r->rest, 1);
        } else if (!read_escape(r, &p[n++])) {
            return CAU_ERR_SYNTAX;
        }
    }
    *out = (struct str){p, n};
    return take(r, '"') ? CAU_OK : CAU_ERR_SYNTAX;
}

static enum cau_err read_text(struct reader *r, struct str *out)
{
    if (!take(r, '"'))
        return CAU_ERR_SYNTAX;
    const char *end = r->rest.len == 0 ? NULL : memchr(r->rest.p, '"', r->rest.len);
    if (end == NULL)
        return CAU_ERR_SYNTAX;
    struct str plain = str_to(r->rest, (size_t)(end - r->rest.p));
    const char *escape = plain.len == 0 ? NULL : memchr(plain.p, '\\', plain.len);
    if (escape != NULL) {
        plain.len = (size_t)(escape - plain.p);
        r->rest = str_from(r->rest, plain.len);
        return read_escaped(r, plain, out);
    }
    r->rest = str_from(r->rest, plain.len + 1);
    *out = plain;
    return CAU_OK;
}

static enum cau_err read_number(struct reader *r, struct value *out)
{
    size_t n = 0;
    while (n < r->rest.len &&
           (r->rest.p[n] == '-' || (r->rest.p[n] >= '0' && r->rest.p[n] <= '9')))
        n++;
    int64_t number;
    if (number_read_int(str_to(r->rest, n), &number) != CAU_OK)
        return CAU_ERR_SYNTAX;
    r->rest = str_from(r->rest, n);
    *out = value_integer(number);
    return CAU_OK;
}

static enum cau_err read_array(struct reader *r, struct value *out)
{
    *out = value_array();
    if (take(r, ']'))
        return CAU_OK;
    do {
        struct value item;
        enum cau_err err = read_any(r, &item);
        if (err == CAU_OK)
            err = value_push(r->a, out, item);
        if (err != CAU_OK)
            return err;
    } while (take(r, ','));
    return take(r, ']') ? CAU_OK : CAU_ERR_SYNTAX;
}

/* Members stand in the order of their keys. */
static bool is_behind(const struct value *object, struct str key)
{
    return object->n == 0 || value_key_cmp(object->member[object->n - 1].key, key) < 0;
}

static enum cau_err read_object(struct reader *r, struct value *out)
{
    *out = value_object();
    if (take(r, '}'))
        return CAU_OK;
    do {
        struct value_member m;
        enum cau_err err = read_text(r, &m.key);
        if (err == CAU_OK &&
            (!take(r, ':') || !is_behind(out, m.key) || !json_key_is_ours(m.key)))
            err = CAU_ERR_SYNTAX;
        if (err == CAU_OK)
            err = read_any(r, &m.value);
        if (err == CAU_OK)
            err = value_add_last(r->a, out, m.key, m.value);
        if (err != CAU_OK)
            return err;
    } while (take(r, ','));
    return take(r, '}') ? CAU_OK : CAU_ERR_SYNTAX;
}

static enum cau_err read_list(struct reader *r, struct value *out)
{
    char open = r->rest.p[0];
    if (++r->depth > JSON_DEPTH_MAX)
        return CAU_ERR_RANGE;
    r->rest = str_from(r->rest, 1);
    enum cau_err err = open == '{' ? read_object(r, out) : read_array(r, out);
    r->depth--;
    return err;
}

static enum cau_err read_any(struct reader *r, struct value *out)
{
    struct str text;
    enum cau_err err;
    switch (r->rest.len == 0 ? '\0' : r->rest.p[0]) {
    case '{':
    case '[':
        return read_list(r, out);
    case '"':
        if ((err = read_text(r, &text)) == CAU_OK)
            *out = value_string(text);
        return err;
    case 't':
        *out = value_true();
        return take_word(r, STR("true")) ? CAU_OK : CAU_ERR_SYNTAX;
    case 'f':
        *out = (struct value){.type = VALUE_FALSE};
        return take_word(r, STR("false")) ? CAU_OK : CAU_ERR_SYNTAX;
    case 'n':
        *out = (struct value){.type = VALUE_NULL};
        return take_word(r, STR("null")) ? CAU_OK : CAU_ERR_SYNTAX;
    default:
        return read_number(r, out);
    }
}

enum cau_err json_read_stored(struct arena *a, struct str text, struct value *out)
{
    struct reader r = {.a = a, .rest = text};
    struct value value;
    enum cau_err err = read_any(&r, &value);
    if (err == CAU_OK && r.rest.len > 0)
        err = CAU_ERR_SYNTAX;
    if (err == CAU_OK)
        *out = value;
    return err;
}

bool json_read_plain(struct arena *a, struct str text, struct value *out)
{
    struct str copy;
    struct value value;
    if (text.len == 0 || (text.p[0] != '{' && text.p[0] != '[') ||
        utf8_check(text, NULL) != UTF8_GOOD || arena_copy(a, text, &copy) != CAU_OK ||
        json_read_stored(a, copy, &value) != CAU_OK)
        return false;
    struct buf again = buf_new(text.len);
    json_write(&again, &value);
    bool same = !again.failed && str_equal(buf_str(&again), text);
    buf_free(&again);
    if (same)
        *out = value;
    return same;
}
