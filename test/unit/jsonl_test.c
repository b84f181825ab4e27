#include "exchange/file/jsonl.h"

#include "base/buf.h"
#include "test.h"

#include <string.h>

static void check_items(const char *text, const char *expected)
{
    struct buf got = buf_new(1 << 16);
    struct jsonl r = jsonl_open(str_of(text));
    struct jsonl_item item;
    while (jsonl_next(&r, &item)) {
        buf_printf(&got, "%u", item.row);
        if (item.why == JSONL_GOOD)
            buf_printf(&got, "<%.*s>", STR_ARG(item.bytes));
        else
            buf_printf(&got, "!%s", jsonl_why_name(item.why));
    }
    buf_add_char(&got, 0);
    assert_string_equal(got.p, expected);
    assert_int_equal(r.at, strlen(text));
    check(!jsonl_next(&r, &item));
    buf_free(&got);
}

static void lines(void **state)
{
    (void)state;
    check_items("", "");
    check_items("\n\n", "");
    check_items("{}\n\n  {\"a\":1}\r\nnonsense", "1<{}>3<{\"a\":1}>4<nonsense>");
    check_items("\xEF\xBB\xBF{}", "1<{}>");
}

static void array_elements(void **state)
{
    (void)state;
    check_items("[]", "");
    check_items(" [ ] ", "");
    check_items("[{\"a\":[1,2]}, {\"b\":\"],\\\"}\"} ,3]\n",
                "1<{\"a\":[1,2]}>2<{\"b\":\"],\\\"}\"}>3<3>");
    check_items("\xEF\xBB\xBF\n[1]", "1<1>");
}

static void a_broken_array_ends(void **state)
{
    (void)state;
    check_items("[", "1!json_array");
    check_items("[{}", "1!json_array");
    check_items("[{},", "1<{}>2!json_array");
    check_items("[{},]", "1<{}>2!json_array");
    check_items("[,{}]", "1!json_array");
    check_items("[{}}]", "1!json_array");
    check_items("[{}] {},", "1<{}>2!json_array");
    check_items("[] 1", "1!json_array");
    check_items("[\"abc\\", "1!json_array");
}

static void limit_of_an_item(void **state)
{
    (void)state;
    static char text[JSONL_ITEM_BYTES_MAX + 4];
    memset(text, 'x', sizeof text);
    struct jsonl_item item;
    struct jsonl r = jsonl_open((struct str){text, JSONL_ITEM_BYTES_MAX});
    check(jsonl_next(&r, &item) && item.why == JSONL_GOOD);
    r = jsonl_open((struct str){text, JSONL_ITEM_BYTES_MAX + 1});
    check(jsonl_next(&r, &item) && item.why == JSONL_ITEM);
    text[0] = '[';
    text[JSONL_ITEM_BYTES_MAX + 2] = ']';
    r = jsonl_open((struct str){text, JSONL_ITEM_BYTES_MAX + 3});
    check(jsonl_next(&r, &item) && item.why == JSONL_ITEM && !jsonl_next(&r, &item));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(array_elements),
        cmocka_unit_test(a_broken_array_ends),
        cmocka_unit_test(limit_of_an_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
