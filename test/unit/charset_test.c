#include "base/charset.h"
#include "test.h"

static void check_text(enum charset c, struct str bytes, const char *expected)
{
    struct buf space = buf_new(1 << 20);
    struct str out = STR("unchanged");
    size_t at = 99;
    check(charset_to_utf8(&space, c, bytes, &out, &at) == CAU_OK);
    assert_int_equal(out.len, str_of(expected).len);
    assert_memory_equal(out.p, expected, out.len);
    check(at == 99);
    buf_free(&space);
}

static void check_broken(enum charset c, struct str bytes, size_t expected)
{
    struct buf space = buf_new(1 << 20);
    struct str out = STR("unchanged");
    size_t at = 99;
    check(charset_to_utf8(&space, c, bytes, &out, &at) == CAU_ERR_SYNTAX);
    assert_int_equal(at, expected);
    check(str_is(out, "unchanged"));
    buf_free(&space);
}

static void marks_of_byte_order_are_obeyed(void **state)
{
    (void)state;
    check_text(CHARSET_GUESS, STR("\xEF\xBB\xBFm\xC3\xB3ng"), "móng");
    check_text(CHARSET_UTF8, STR("\xEF\xBB\xBFm"), "m");
    check_text(CHARSET_GUESS, STR("\xFF\xFEm\0\xF3\0"), "mó");
    check_text(CHARSET_UTF16, STR("\xFE\xFF\0m\0\xF3"), "mó");
    check_text(CHARSET_UTF16, STR("\xFE\xFF\xD8\x3D\xDE\x00"), "\xF0\x9F\x98\x80");
    check_text(CHARSET_GUESS, STR(""), "");
    check_text(CHARSET_GUESS, STR("\xFF\xFE"), "");
}

static void old_code_pages_are_read_on_request(void **state)
{
    (void)state;
    check_text(CHARSET_1251, STR("\xCC\xC3\xD3 \xB8"), "МГУ ё");
    /* windows-1258 writes ế as ê and a combining acute: it comes out composed. */
    check_text(CHARSET_1258, STR("ti\xEA\xECng Vi\xEA\xF2t, \xF0"), "tiếng Việt, đ");
}

static void long_text_is_converted_in_pieces(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct buf from = buf_new(1 << 20), expected = buf_new(1 << 20), space = buf_new(1 << 20);
    for (size_t i = 0; i < N; i++) {
        buf_add(&from, i % 7 == 6 ? STR(" ") : STR("\xEA\xEC"));
        buf_add(&expected, i % 7 == 6 ? STR(" ") : STR("ế"));
    }
    struct str out;
    size_t at;
    check(charset_to_utf8(&space, CHARSET_1258, buf_str(&from), &out, &at) == CAU_OK);
    check(str_equal(out, buf_str(&expected)));
    buf_free(&space);
    space = buf_new(expected.len - 1); /* one byte too few */
    check(charset_to_utf8(&space, CHARSET_1258, buf_str(&from), &out, &at) == CAU_ERR_RANGE);
    buf_free(&space);
    buf_free(&from);
    buf_free(&expected);
}

static void broken_bytes_are_placed(void **state)
{
    (void)state;
    check_broken(CHARSET_GUESS, STR("ab\xFF"), 2);
    check_broken(CHARSET_UTF8, STR("\xEF\xBB\xBF\xC2\x85\x01\xEF\xBF\xBF\xC3"), 9);
    check_broken(CHARSET_UTF16, STR("ab"), 0);                  /* no mark */
    check_broken(CHARSET_UTF16, STR("\xFF\xFEm\0\xF3"), 4);     /* half a unit */
    check_broken(CHARSET_GUESS, STR("\xFF\xFEm\0\x00\xDC"), 4); /* half a pair */
}

static void names_go_both_ways(void **state)
{
    (void)state;
    for (unsigned i = 0; i < CHARSETS; i++) {
        enum charset c = CHARSETS;
        check(charset_read(str_of(charset_name((enum charset)i)), &c) && c == (enum charset)i);
    }
    enum charset c = CHARSET_1251;
    check(!charset_read(STR("latin1"), &c) && c == CHARSET_1251);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_of_byte_order_are_obeyed),
        cmocka_unit_test(old_code_pages_are_read_on_request),
        cmocka_unit_test(long_text_is_converted_in_pieces),
        cmocka_unit_test(broken_bytes_are_placed),
        cmocka_unit_test(names_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
