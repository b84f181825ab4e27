/* JSON: a value that was read is written, read again the same, and then written the same. */
#include "base/utf8.h"
#include "record/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define BYTES_MAX 262144

static struct arena arena;

static bool writable(const struct value *v) /* no real number in it */
{
    if (v->type == VALUE_REAL)
        return false;
    for (uint32_t i = 0; i < v->n && v->type == VALUE_ARRAY; i++)
        if (!writable(&v->item[i]))
            return false;
    for (uint32_t i = 0; i < v->n && v->type == VALUE_OBJECT; i++)
        if (!writable(&v->member[i].value))
            return false;
    return true;
}

static void check_rules(struct str text, enum json_rules rules)
{
    struct value v, again;
    struct json_fault fault;
    arena_reset(&arena);
    if (json_read(&arena, text, BYTES_MAX, rules, &v, &fault) != CAU_OK) {
        must(arena.used == 0 && fault.why <= JSON_WHY_CANONICAL);
        return;
    }
    if (!writable(&v)) {
        must(rules != JSON_OURS);
        return;
    }
    struct buf b = buf_new(8 * BYTES_MAX), c = buf_new(8 * BYTES_MAX);
    json_write(&b, &v);
    must(!b.failed && utf8_valid(buf_str(&b)));
    must(json_read(&arena, buf_str(&b), 8 * BYTES_MAX, rules, &again, NULL) == CAU_OK);
    must(value_equal(&v, &again));
    json_write(&c, &again);
    must(str_equal(buf_str(&b), buf_str(&c)));
    enum cau_err err = json_read_canonical(&arena, text, BYTES_MAX, &again, NULL);
    if (rules == JSON_OURS)
        must((err == CAU_OK) == str_equal(buf_str(&b), text));
    buf_free(&b);
    buf_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    if (arena.base == NULL)
        arena = arena_new((size_t)256 << 20);
    check_rules(text, JSON_OURS);
    check_rules(text, JSON_FORM);
    check_rules(text, JSON_OUTSIDE);
    return 0;
}
