#include "record/json.h"
#include "test.h"

#include <string.h>

static struct arena a;

static enum cau_err read(const char *text, enum json_rules rules, struct json_fault *fault)
{
    struct value v;
    a.used = 0;
    return json_read(&a, str_of(text), 4096, rules, &v, fault);
}

static void refuses_with_its_reason(void **state)
{
    (void)state;
    struct json_fault f = {0};
    check(read("{\"a\":1,\"a\":2}", JSON_OURS, &f) == CAU_ERR_SYNTAX &&
          f.why == JSON_WHY_SYNTAX);
    check(read("{\"a\":1.5}", JSON_OURS, &f) == CAU_ERR_SYNTAX && f.why == JSON_WHY_NUMBER);
    check(read("{\"a\":9007199254740992}", JSON_OURS, &f) == CAU_ERR_SYNTAX &&
          f.why == JSON_WHY_NUMBER);
    check(read("{\"A\":1}", JSON_OURS, &f) == CAU_ERR_SYNTAX && f.why == JSON_WHY_KEY);
    check(read("{\"a\":\"e\xCC\x81\"}", JSON_OURS, &f) == CAU_ERR_SYNTAX &&
          f.why == JSON_WHY_TEXT);
    check(read("{\"a\":\"e\xCC\x81\"}", JSON_FORM, &f) == CAU_OK);
    check(read("{\"a\":\"\\u0007\"}", JSON_FORM, &f) == CAU_ERR_SYNTAX &&
          f.why == JSON_WHY_TEXT);
    check(read("{\"a\":\n  x}", JSON_OURS, &f) == CAU_ERR_SYNTAX && f.line == 2);
    check(read("[[[[[[[[1]]]]]]]]", JSON_OURS, &f) == CAU_OK); /* depth 8 */
    check(read("[[[[[[[[[1]]]]]]]]]", JSON_OURS, &f) == CAU_ERR_RANGE &&
          f.why == JSON_WHY_DEPTH);
    check(read("[[[[[[[[[1.5]]]]]]]]]", JSON_OUTSIDE, &f) == CAU_OK);
    struct value v = value_integer(5);
    check(json_read(&a, STR("[1,2]"), 4, JSON_OURS, &v, &f) == CAU_ERR_RANGE &&
          f.why == JSON_WHY_SIZE);
    check(json_read(&a, (struct str){"{}\0", 3}, 9, JSON_OURS, &v, &f) == CAU_ERR_SYNTAX);
    check(v.integer == 5); /* failures touch nothing */
}

static void canonical_or_refused(void **state)
{
    (void)state;
    struct value v;
    struct json_fault f;
    struct str good = STR("{\"a\":[1,-2,true,null],\"b\":{\"c\":\"\\\"\\\\\\n\\u001fđ\"}}");
    a.used = 0;
    check(json_read_canonical(&a, STR("{\"b\":1,\"a\":2}"), 99, &v, &f) == CAU_ERR_SYNTAX &&
          f.why == JSON_WHY_CANONICAL);
    check(json_read_canonical(&a, STR("{\"a\": 2}"), 99, &v, &f) == CAU_ERR_SYNTAX);
    check(json_read_canonical(&a, STR("{\"a\":-0}"), 99, &v, &f) == CAU_ERR_SYNTAX);
    check(read("{\"a\":\"\\u001f\"}", JSON_OUTSIDE, &f) == CAU_OK);
    struct str plain = STR("{\"a\":[1,-2,true,null],\"b\":{\"c\":\"\\\"\\\\\\nđ\"}}");
    check(json_read_canonical(&a, plain, 99, &v, &f) == CAU_OK);
    check(json_read_canonical(&a, good, 99, &v, &f) == CAU_ERR_SYNTAX &&
          f.why == JSON_WHY_TEXT);
}

static void members_are_kept_in_order(void **state)
{
    (void)state;
    a.used = 0;
    struct value o = value_object(), list = value_array(), copy;
    for (int i = 0; i < 20; i++) {
        struct str key = str_to(STR("tsrqponmlkjihgfedcba"), 20);
        check(value_set(&a, &o, (struct str){key.p + i, 1}, value_integer(i)) == CAU_OK);
        check(value_push(&a, &list, value_integer(i)) == CAU_OK);
    }
    check(o.n == 20 && list.n == 20 && value_get_int(&o, "a", -1) == 19 &&
          list.item[19].integer == 19);
    for (uint32_t i = 1; i < o.n; i++)
        check(value_key_cmp(o.member[i - 1].key, o.member[i].key) < 0);
    check(value_set(&a, &o, STR("a"), list) == CAU_OK && o.n == 20);
    check(value_copy(&a, &o, &copy) == CAU_OK && value_equal(&o, &copy));
    value_remove(&copy, "b");
    check(copy.n == 19 && !value_equal(&o, &copy) && value_get(&copy, "b") == NULL);
    check(value_set(&a, &copy, STR("b"), value_true()) == CAU_OK && copy.n == 20);
    check(value_get_str(&o, "b").p == NULL && value_get(NULL, "b") == NULL);
    check(value_key_cmp(STR("\xF0\x90\x80\x80"), STR("\xEF\xBF\xBD")) < 0); /* as UTF-16 */
}

static int open_arena(void **state)
{
    (void)state;
    a = arena_new(1 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

static void what_was_read_can_grow(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 10; n++) {
        a.used = 0;
        struct value v, w;
        struct value list = value_array();
        struct buf b = buf_new(99);
        for (uint32_t i = 0; i < n; i++)
            check(value_push(&a, &list, value_integer(i)) == CAU_OK);
        json_write(&b, &list);
        check(json_read(&a, buf_str(&b), 99, JSON_OURS, &v, NULL) == CAU_OK && v.n == n);
        check(json_read(&a, buf_str(&b), 99, JSON_OURS, &w, NULL) == CAU_OK);
        check(value_push(&a, &v, value_integer(7)) == CAU_OK && v.item[n].integer == 7);
        check(value_equal(&w, &list));
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_with_its_reason), cmocka_unit_test(canonical_or_refused),
        cmocka_unit_test(members_are_kept_in_order), cmocka_unit_test(what_was_read_can_grow)};
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
