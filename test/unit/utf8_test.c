#include "base/utf8.h"
#include "test.h"

#include <string.h>

static void faults_are_told_apart(void **state)
{
    (void)state;
    size_t at = 99;
    check(utf8_check(STR("Điện gió, ветер, wind\n"), &at) == UTF8_GOOD);
    check(utf8_check(STR("ab\xC0\x80"), &at) == UTF8_BROKEN && at == 2);
    check(utf8_check(STR("\xED\xA0\x80"), NULL) == UTF8_BROKEN);     /* surrogate */
    check(utf8_check(STR("\xF4\x90\x80\x80"), NULL) == UTF8_BROKEN); /* over U+10FFFF */
    check(utf8_check(STR("\xE1\xBB"), NULL) == UTF8_BROKEN);         /* cut off */
    check(utf8_check((struct str){"a\0b", 3}, &at) == UTF8_NUL && at == 1);
    check(utf8_check(STR("a\x1B"), NULL) == UTF8_CONTROL);
    check(utf8_check(STR("\xC2\x85"), NULL) == UTF8_CONTROL);
    check(utf8_check(STR("\xEF\xBF\xBF"), NULL) == UTF8_NOT_CHARACTER);
    check(utf8_check(STR("e\xCC\x81"), NULL) == UTF8_NOT_NFC);
    static char cyrillic[3000]; /* no ASCII to cut at */
    for (size_t i = 0; i < sizeof cyrillic; i += 2)
        memcpy(cyrillic + i, "\xD0\xB6", 2);
    check(utf8_check((struct str){cyrillic, sizeof cyrillic}, NULL) == UTF8_GOOD);
    memcpy(cyrillic + 2000, "\xCC\x86", 2);
    memcpy(cyrillic + 1998, "\xD0\xB8", 2); /* и + breve */
    check(utf8_check((struct str){cyrillic, sizeof cyrillic}, NULL) == UTF8_NOT_NFC);
}

static void composes(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct str out;
    check(utf8_nfc(&a, STR("e\xCC\xA3\xCC\x82"), &out) == CAU_OK && str_is(out, "ệ"));
    check(utf8_nfc(&a, STR("e\xCC\x82\xCC\xA3"), &out) == CAU_OK && str_is(out, "ệ"));
    struct str good = STR("ệ");
    check(utf8_nfc(&a, good, &out) == CAU_OK && out.p == good.p);
    a.used = a.cap;
    check(utf8_nfc(&a, STR("e\xCC\x81"), &out) == CAU_ERR_MEMORY);
    arena_free(&a);
}

/* Every code point that is taken without the tables (and some that are not) stays itself when the
 * tables are asked: a letter with an accent at the end makes utf8_nfc ask them. */
static void what_needs_no_tables_stays(void **state)
{
    (void)state;
    static const uint32_t range[][2] = {
        {0xA0, 0x2FF}, {0x400, 0x47F}, {0x1E00, 0x1EFF}, {0x2010, 0x2027}};
    struct arena a = arena_new(1 << 20);
    for (size_t r = 0; r < sizeof range / sizeof range[0]; r++)
        for (uint32_t point = range[r][0]; point <= range[r][1]; point++) {
            char text[16] = "a";
            size_t n = 1 + utf8_put(point, text + 1);
            struct str plain = {text, n}, out;
            check(utf8_check(plain, NULL) == UTF8_GOOD);
            memcpy(text + n, "e\xCC\x81", 3);
            a.used = 0;
            check(utf8_nfc(&a, (struct str){text, n + 3}, &out) == CAU_OK);
            check(out.len == n + 2 && str_equal(str_to(out, n), plain));
        }
    check(utf8_check(STR("\xE2\x80\x80"), NULL) == UTF8_NOT_NFC); /* U+2000 is U+2002 */
    check(utf8_check(STR("\xE1\xBD\xB1"), NULL) == UTF8_NOT_NFC); /* U+1F71 is U+03AC */
    arena_free(&a);
}

static void walks(void **state)
{
    (void)state;
    struct str x = STR("aжệ😀");
    check(utf8_count(x) == 4 && str_is(utf8_clip(x, 2), "aж"));
    const uint32_t want[] = {'a', 0x436, 0x1EC7, 0x1F600};
    for (size_t i = 0; i < 4; i++) {
        char back[4];
        struct str before = x;
        check(utf8_next(&x) == want[i]);
        size_t n = utf8_put(want[i], back);
        check(n == before.len - x.len && memcmp(back, before.p, n) == 0);
    }
    check(x.len == 0);
}

static void composes_compatibly(void **state)
{
    (void)state;
    unsigned char space[4000];
    struct arena a = {space, sizeof space, 0};
    struct str out, plain = STR("Cầu 東京");
    check(utf8_nfkc(&a, STR("ﾄﾞﾗｲﾌﾞ ①"), &out) == CAU_OK && str_is(out, "ドライブ 1"));
    check(utf8_nfkc(&a, plain, &out) == CAU_OK && out.p == plain.p);
    check(utf8_nfkc(&a, STR("\uFDFA\uFDFA"), &out) == CAU_ERR_RANGE); /* 18 letters each */
    a.used = a.cap;
    check(utf8_nfkc(&a, STR("①"), &out) == CAU_ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_are_told_apart), cmocka_unit_test(composes),
        cmocka_unit_test(composes_compatibly), cmocka_unit_test(what_needs_no_tables_stays),
        cmocka_unit_test(walks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
