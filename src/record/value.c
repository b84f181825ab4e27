#include "record/value.h"

#include <string.h>

int value_key_cmp(struct str x, struct str y)
{
    size_t i = 0;
    while (i < x.len && i < y.len && x.p[i] == y.p[i])
        i++;
    if (i == x.len || i == y.len)
        return (x.len > y.len) - (x.len < y.len);
    /* Bytes give the order of code points; in UTF-16 the surrogates of U+10000 and above come
     * before U+E000 to U+FFFF. */
    unsigned char c = (unsigned char)x.p[i], d = (unsigned char)y.p[i];
    if (c >= 0xEE && d >= 0xEE && (c >= 0xF0) != (d >= 0xF0))
        return c >= 0xF0 ? -1 : 1;
    return c < d ? -1 : 1;
}

bool value_equal(const struct value *x, const struct value *y)
{
    if (x->type != y->type || (x->type >= VALUE_ARRAY && x->n != y->n))
        return false;
    switch (x->type) {
    case VALUE_INTEGER:
        return x->integer == y->integer;
    case VALUE_REAL:
        return memcmp(&x->real, &y->real, sizeof x->real) == 0;
    case VALUE_STRING:
        return str_equal(x->string, y->string);
    case VALUE_ARRAY:
        for (uint32_t i = 0; i < x->n; i++)
            if (!value_equal(&x->item[i], &y->item[i]))
                return false;
        return true;
    case VALUE_OBJECT:
        for (uint32_t i = 0; i < x->n; i++)
            if (!str_equal(x->member[i].key, y->member[i].key) ||
                !value_equal(&x->member[i].value, &y->member[i].value))
                return false;
        return true;
    default:
        return true;
    }
}

const struct value *value_find(const struct value *object, struct str key)
{
    if (object == NULL || object->type != VALUE_OBJECT)
        return NULL;
    for (uint32_t i = 0; i < object->n; i++)
        if (str_equal(object->member[i].key, key))
            return &object->member[i].value;
    return NULL;
}

const struct value *value_get(const struct value *object, const char *key)
{
    return value_find(object, str_of(key));
}

struct str value_get_str(const struct value *object, const char *key)
{
    const struct value *v = value_get(object, key);
    return v != NULL && v->type == VALUE_STRING ? v->string : (struct str){NULL, 0};
}

int64_t value_get_int(const struct value *object, const char *key, int64_t none)
{
    const struct value *v = value_get(object, key);
    return v != NULL && v->type == VALUE_INTEGER ? v->integer : none;
}

struct value value_string(struct str text)
{
    return (struct value){.type = VALUE_STRING, .string = text};
}

struct value value_integer(int64_t value)
{
    return (struct value){.type = VALUE_INTEGER, .integer = value};
}

struct value value_true(void)
{
    return (struct value){.type = VALUE_TRUE};
}

struct value value_array(void)
{
    return (struct value){.type = VALUE_ARRAY};
}

struct value value_object(void)
{
    return (struct value){.type = VALUE_OBJECT};
}

size_t value_room(size_t n)
{
    size_t room = n == 0 ? 0 : 4;
    while (room < n)
        room *= 2;
    return room;
}

/* A list of n with room for one more: list itself, or its copy. NULL when the arena is full. */
static void *widened(struct arena *a, void *list, uint32_t n, size_t size)
{
    must(n < UINT32_MAX / 2);
    if (n < value_room(n))
        return list;
    void *wide = arena_take(a, value_room((size_t)n + 1) * size);
    if (wide != NULL && n > 0)
        memcpy(wide, list, n * size);
    return wide;
}

enum cau_err value_push(struct arena *a, struct value *array, struct value item)
{
    must(array->type == VALUE_ARRAY);
    struct value *wide = widened(a, array->item, array->n, sizeof *wide);
    if (wide == NULL)
        return CAU_ERR_MEMORY;
    array->item = wide;
    array->item[array->n++] = item;
    return CAU_OK;
}

enum cau_err value_set(struct arena *a, struct value *object, struct str key, struct value item)
{
    must(object->type == VALUE_OBJECT);
    uint32_t at = 0;
    while (at < object->n && value_key_cmp(object->member[at].key, key) < 0)
        at++;
    if (at < object->n && str_equal(object->member[at].key, key)) {
        object->member[at].value = item;
        return CAU_OK;
    }
    struct value_member *wide = widened(a, object->member, object->n, sizeof *wide);
    if (wide == NULL)
        return CAU_ERR_MEMORY;
    object->member = wide;
    memmove(&object->member[at + 1], &object->member[at],
            (object->n - at) * sizeof *object->member);
    object->member[at] = (struct value_member){key, item};
    object->n++;
    return CAU_OK;
}

enum cau_err value_set_str(struct arena *a, struct value *object, const char *key,
                           struct str text)
{
    return text.len == 0 ? CAU_OK : value_set(a, object, str_of(key), value_string(text));
}

enum cau_err value_add_last(struct arena *a, struct value *object, struct str key,
                            struct value item)
{
    must(object->type == VALUE_OBJECT);
    must(object->n == 0 || value_key_cmp(object->member[object->n - 1].key, key) < 0);
    struct value_member *wide = widened(a, object->member, object->n, sizeof *wide);
    if (wide == NULL)
        return CAU_ERR_MEMORY;
    object->member = wide;
    object->member[object->n++] = (struct value_member){key, item};
    return CAU_OK;
}

void value_remove(struct value *object, const char *key)
{
    must(object->type == VALUE_OBJECT);
    for (uint32_t i = 0; i < object->n; i++)
        if (str_is(object->member[i].key, key)) {
            object->n--;
            memmove(&object->member[i], &object->member[i + 1],
                    (object->n - i) * sizeof *object->member);
            return;
        }
}

enum cau_err value_copy(struct arena *a, const struct value *value, struct value *out)
{
    struct value copy = *value;
    if (value->type == VALUE_ARRAY) {
        copy.n = 0;
        for (uint32_t i = 0; i < value->n; i++) {
            struct value item;
            enum cau_err err = value_copy(a, &value->item[i], &item);
            if (err == CAU_OK)
                err = value_push(a, &copy, item);
            if (err != CAU_OK)
                return err;
        }
    } else if (value->type == VALUE_OBJECT) {
        copy.n = 0;
        for (uint32_t i = 0; i < value->n; i++) {
            struct value item;
            enum cau_err err = value_copy(a, &value->member[i].value, &item);
            if (err == CAU_OK)
                err = value_set(a, &copy, value->member[i].key, item);
            if (err != CAU_OK)
                return err;
        }
    }
    *out = copy;
    return CAU_OK;
}
