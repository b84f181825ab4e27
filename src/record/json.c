#include "record/json_int.h"

#include "base/number.h"
#include "base/utf8.h"

#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The library's tree lives for one reading, in a block of the thread's own that is forgotten whole: nothing is
 * freed piece by piece, and no lock of the allocator is touched. */
#define SCRATCH_BYTES ((size_t)1 << 30) /* of address space */

static _Thread_local struct arena scratch;
static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;

static void *scratch_take(size_t size)
{
    return arena_take(&scratch, size);
}

static void scratch_keep(void *part)
{
    (void)part; /* goes with all the others */
}

static void scratch_drop(void *arena)
{
    arena_free(arena);
}

static void scratch_start(void)
{
    must(pthread_key_create(&scratch_key, scratch_drop) == 0);
    json_set_alloc_funcs(scratch_take, scratch_keep);
}

static void scratch_begin(void)
{
    must(pthread_once(&scratch_once, scratch_start) == 0);
    if (scratch.base == NULL) {
        scratch = arena_new(SCRATCH_BYTES);
        must(pthread_setspecific(scratch_key, &scratch) == 0);
    }
    must(scratch.used == 0);
}

/* Depth by brackets outside strings, so that no limit depends on the library. */
static bool too_deep(struct str text, size_t most)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{') && ++depth > most)
            return true;
        else if (!quoted && (c == ']' || c == '}') && depth > 0)
            depth--;
    }
    return false;
}

bool json_key_is_ours(struct str key)
{
    if (key.len == 0 || key.len > JSON_KEY_BYTES_MAX || key.p[0] < 'a' || key.p[0] > 'z')
        return false;
    for (size_t i = 1; i < key.len; i++) {
        char c = key.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

struct reading {
    struct arena *a;
    enum json_rules rules;
    enum json_why why;
};

static enum cau_err refuse(struct reading *r, enum json_why why)
{
    r->why = why;
    return CAU_ERR_SYNTAX;
}

static enum cau_err take_string(struct reading *r, struct str text, struct str *out)
{
    if (r->rules != JSON_OUTSIDE) {
        enum utf8_fault fault = utf8_check(text, NULL);
        if (fault != UTF8_GOOD && (r->rules == JSON_OURS || fault != UTF8_NOT_NFC))
            return refuse(r, JSON_WHY_TEXT);
    }
    return arena_copy(r->a, text, out);
}

static int by_key(const void *x, const void *y)
{
    return value_key_cmp(((const struct value_member *)x)->key,
                         ((const struct value_member *)y)->key);
}

static enum cau_err take(struct reading *r, json_t *from, struct value *out);

static enum cau_err take_object(struct reading *r, json_t *from, struct value *out)
{
    size_t n = json_object_size(from), i = 0;
    struct value_member *member = arena_take(r->a, value_room(n) * sizeof *member);
    if (member == NULL)
        return CAU_ERR_MEMORY;
    bool sorted = true;
    const char *key;
    json_t *value;
    json_object_foreach(from, key, value)
    {
        struct str k = {key, strlen(key)}; /* the library refuses U+0000 in keys */
        if (r->rules == JSON_OURS && !json_key_is_ours(k))
            return refuse(r, JSON_WHY_KEY);
        enum cau_err err = take_string(r, k, &member[i].key);
        if (err == CAU_OK)
            err = take(r, value, &member[i].value);
        if (err != CAU_OK)
            return err;
        sorted = sorted && (i == 0 || value_key_cmp(member[i - 1].key, member[i].key) < 0);
        i++;
    }
    if (!sorted)
        qsort(member, n, sizeof *member, by_key);
    *out = (struct value){.type = VALUE_OBJECT, .n = (uint32_t)n, .member = member};
    return CAU_OK;
}

static enum cau_err take_array(struct reading *r, json_t *from, struct value *out)
{
    size_t n = json_array_size(from);
    struct value *item = arena_take(r->a, value_room(n) * sizeof *item);
    if (item == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        enum cau_err err = take(r, json_array_get(from, i), &item[i]);
        if (err != CAU_OK)
            return err;
    }
    *out = (struct value){.type = VALUE_ARRAY, .n = (uint32_t)n, .item = item};
    return CAU_OK;
}

static enum cau_err take_number(struct reading *r, json_t *from, struct value *out)
{
    if (json_is_real(from)) {
        *out = (struct value){.type = VALUE_REAL, .real = json_real_value(from)};
        return r->rules == JSON_OURS ? refuse(r, JSON_WHY_NUMBER) : CAU_OK;
    }
    *out = value_integer(json_integer_value(from));
    bool over = out->integer > NUMBER_INTEGER_MAX || out->integer < -NUMBER_INTEGER_MAX;
    return over ? refuse(r, JSON_WHY_NUMBER) : CAU_OK;
}

/* The recursion is bounded: too_deep has looked at the bytes. */
static enum cau_err take(struct reading *r, json_t *from, struct value *out)
{
    if (json_is_object(from))
        return take_object(r, from, out);
    if (json_is_array(from))
        return take_array(r, from, out);
    if (json_is_number(from))
        return take_number(r, from, out);
    *out = (struct value){.type = json_is_true(from)    ? VALUE_TRUE
                                  : json_is_false(from) ? VALUE_FALSE
                                  : json_is_null(from)  ? VALUE_NULL
                                                        : VALUE_STRING};
    if (out->type != VALUE_STRING)
        return CAU_OK;
    struct str text = {json_string_value(from), json_string_length(from)};
    return take_string(r, text, &out->string);
}

enum cau_err json_read(struct arena *a, struct str text, size_t max, enum json_rules rules,
                       struct value *out, struct json_fault *fault)
{
    struct json_fault none;
    if (fault == NULL)
        fault = &none;
    if (text.len > max) {
        *fault = (struct json_fault){.why = JSON_WHY_SIZE};
        return CAU_ERR_RANGE;
    }
    if (too_deep(text, rules == JSON_OUTSIDE ? JSON_DEPTH_OUTSIDE : JSON_DEPTH_MAX)) {
        *fault = (struct json_fault){.why = JSON_WHY_DEPTH};
        return CAU_ERR_RANGE;
    }
    /* The library takes a NUL after the value for its end; to us it is a broken text. */
    if (text.len == 0 || memchr(text.p, 0, text.len) != NULL) {
        *fault = (struct json_fault){.why = text.len == 0 ? JSON_WHY_SYNTAX : JSON_WHY_TEXT};
        return CAU_ERR_SYNTAX;
    }
    size_t flags = JSON_REJECT_DUPLICATES | (rules == JSON_OURS ? 0 : JSON_DECODE_ANY);
    json_error_t error;
    scratch_begin();
    json_t *tree = json_loadb(text.p, text.len, flags, &error);
    if (tree == NULL) {
        bool full = json_error_code(&error) == json_error_out_of_memory;
        arena_reset(&scratch);
        if (full)
            return CAU_ERR_MEMORY;
        *fault = (struct json_fault){JSON_WHY_SYNTAX, error.line > 0 ? (size_t)error.line : 0,
                                     error.column > 0 ? (size_t)error.column : 0};
        return CAU_ERR_SYNTAX;
    }
    struct reading r = {.a = a, .rules = rules};
    size_t before = a->used;
    struct value value;
    enum cau_err err = take(&r, tree, &value);
    arena_reset(&scratch);
    if (err != CAU_OK) {
        a->used = before;
        *fault = (struct json_fault){.why = r.why};
        return err;
    }
    *out = value;
    return CAU_OK;
}

enum cau_err json_read_canonical(struct arena *a, struct str text, size_t max,
                                 struct value *out, struct json_fault *fault)
{
    size_t before = a->used;
    struct value value;
    if (text.len <= max && json_read_plain(a, text, out))
        return CAU_OK;
    a->used = before;
    enum cau_err err = json_read(a, text, max, JSON_OURS, &value, fault);
    if (err != CAU_OK)
        return err;
    struct buf again = buf_new(text.len + 1);
    json_write(&again, &value);
    bool same = !again.failed && str_equal(buf_str(&again), text);
    buf_free(&again);
    if (!same) {
        a->used = before;
        if (fault != NULL)
            *fault = (struct json_fault){.why = JSON_WHY_CANONICAL};
        return CAU_ERR_SYNTAX;
    }
    *out = value;
    return CAU_OK;
}

void json_write_string(struct buf *b, struct str text)
{
    static const char hex[] = "0123456789abcdef";
    buf_add_char(b, '"');
    size_t plain = 0; /* start of the run not yet written */
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(b, (struct str){text.p + plain, i - plain});
        plain = i + 1;
        static const char known[] = "\"\\\b\t\n\f\r", letter[] = "\"\\btnfr";
        const char *at = c == 0 ? NULL : strchr(known, c);
        char escape[6] = {
            '\\', at != NULL ? letter[at - known] : 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        buf_add(b, (struct str){escape, at != NULL ? 2 : 6});
    }
    buf_add(b, str_from(text, plain));
    buf_add_char(b, '"');
}

void json_write(struct buf *b, const struct value *value)
{
    static const char *const word[] = {"null", "false", "true"};
    switch (value->type) {
    case VALUE_INTEGER:
        buf_add_int(b, value->integer);
        return;
    case VALUE_STRING:
        json_write_string(b, value->string);
        return;
    case VALUE_ARRAY:
        buf_add_char(b, '[');
        for (uint32_t i = 0; i < value->n; i++) {
            if (i > 0)
                buf_add_char(b, ',');
            json_write(b, &value->item[i]);
        }
        buf_add_char(b, ']');
        return;
    case VALUE_OBJECT:
        buf_add_char(b, '{');
        for (uint32_t i = 0; i < value->n; i++) {
            if (i > 0)
                buf_add_char(b, ',');
            json_write_string(b, value->member[i].key);
            buf_add_char(b, ':');
            json_write(b, &value->member[i].value);
        }
        buf_add_char(b, '}');
        return;
    default:
        must(value->type != VALUE_REAL);
        buf_add_word(b, word[value->type]);
    }
}
