#include "language/fold.h"

#include "base/utf8.h"
#include "test.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>

static struct arena room;

static const char *fold(const char *text)
{
    struct str out;
    check(fold_text(&room, str_of(text), &out) == CAU_OK);
    struct str ended;
    check(arena_copy(&room, out, &ended) == CAU_OK);
    return ended.p;
}

static const char *bare(const char *text)
{
    struct str out, ended;
    check(fold_bare(&room, str_of(fold(text)), &out) == CAU_OK);
    check(arena_copy(&room, out, &ended) == CAU_OK);
    return ended.p;
}

static void folds_case_and_spelling(void **state)
{
    (void)state;
    assert_string_equal(fold("Viện HÀN LÂM"), "viện hàn lâm");
    assert_string_equal(fold("Ещё ЁЖ, край"), "еще еж, край");
    assert_string_equal(fold("за\u0301мок"), "замок"); /* stress mark after Cyrillic */
    assert_string_equal(fold("soft\u00ADhyphen \uFEFFa\u200Bb"), "softhyphen ab");
    assert_string_equal(fold("x\u00A0 \t y"), "x y");
    assert_string_equal(fold("“a” «b» ‘c’ d’e f–g"), "a b 'c' d'e f-g");
    assert_string_equal(fold("m² CO₂ ＡＢ１"), "m2 co2 ab1");
    assert_string_equal(fold("№ ½"), "№ ½");
    assert_string_equal(fold("  a  "), "a");
    assert_string_equal(fold(""), "");
    assert_string_equal(fold("Ðà Đà đà Ɖà"), "đà đà đà đà");
    assert_string_equal(fold("сталь стал"), "сталь стал");
}

static void places_tone_marks(void **state)
{
    (void)state;
    assert_string_equal(fold("hoà khoẻ thuý"), "hòa khỏe thúy");
    assert_string_equal(fold("hòa khỏe thúy"), "hòa khỏe thúy");
    assert_string_equal(fold("hoàn huýt quyển"), "hoàn huýt quyển");
    assert_string_equal(fold("quý quí"), "quí quí");
    assert_string_equal(fold("kỹ kĩ lý mỹ sỹ tỷ hy"), "kĩ kĩ lí mĩ sĩ tỉ hi");
    assert_string_equal(fold("mây thuyền ý"), "mây thuyền ý");
}

static void takes_one_script(void **state)
{
    (void)state;
    assert_string_equal(fold("\u0421arbon"), "carbon"); /* Cyrillic С */
    assert_string_equal(fold("мaтерия"), "материя");    /* Latin a */
    assert_string_equal(fold("wд"), "wд");              /* no twin: as it is */
    uint32_t word[] = {0x441, 'a', 'r', 'b', 'o', 'n'};
    check(fold_word(word, countof(word)) && word[0] == 'c');
    check(!fold_word(word, countof(word)));
}

static void bare_form_is_for_latin(void **state)
{
    (void)state;
    assert_string_equal(bare("Đổi mới sáng tạo"), "doi moi sang tao");
    assert_string_equal(bare("Điện gió, ưu"), "dien gio, uu");
    assert_string_equal(bare("Łódź Ørsted São"), "lodz orsted sao");
    assert_string_equal(bare("край ещё"), "край еще");
}

static void limits_and_errors(void **state)
{
    (void)state;
    static char much[FOLD_TEXT_BYTES_MAX + 1];
    struct str out = {"x", 1};
    memset(much, 'a', sizeof much);
    check(fold_text(&room, (struct str){much, sizeof much}, &out) == CAU_ERR_RANGE);
    check(fold_text(&room, (struct str){much, sizeof much - 1}, &out) == CAU_OK);
    check(out.len == sizeof much - 1);
    struct arena none = {NULL, 0, 0};
    check(fold_text(&none, STR("a"), &out) == CAU_ERR_MEMORY);
    check(fold_bare(&none, STR("a"), &out) == CAU_ERR_MEMORY);
}

/* What the table should hold, from ICU and the rules. */
static uint32_t lower_of(uint32_t c)
{
    switch (c) {
    case 0xF0:
    case 0xD0:
    case 0x189:
    case 0x256:
        return 0x111;
    case 0x403:
    case 0x453:
        return 0x433;
    case 0x40C:
    case 0x45C:
        return 0x43A;
    case 0x401:
    case 0x451:
    case 0x400:
    case 0x450:
        return 0x435;
    case 0x40D:
    case 0x45D:
        return 0x438;
    case 0x3C2:
        return 0x3C3;
    case 0xB2:
    case 0xB3:
        return c - 0xB2 + '2';
    case 0xB9:
        return '1';
    default:
        return (uint32_t)u_tolower((UChar32)c);
    }
}

static uint32_t bare_of(uint32_t c)
{
    static const struct {
        uint16_t from;
        char to;
    } plain[] = {{0x111, 'd'}, {0x142, 'l'}, {0xF8, 'o'},  {0x127, 'h'},
                 {0x167, 't'}, {0x131, 'i'}, {0x180, 'b'}, {0x23C, 'c'},
                 {0x247, 'e'}, {0x249, 'j'}, {0x24D, 'r'}, {0x24F, 'y'}};
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfd = unorm2_getNFDInstance(&status);
    UChar text[16];
    if (uscript_getScript((UChar32)c, &status) == USCRIPT_LATIN &&
        unorm2_getDecomposition(nfd, (UChar32)c, text, countof(text), &status) > 0)
        c = text[0];
    for (size_t i = 0; i < countof(plain); i++)
        if (plain[i].from == c)
            return (uint32_t)plain[i].to;
    return c;
}

static void check_point(uint32_t c)
{
    UErrorCode status = U_ZERO_ERROR;
    UScriptCode script = uscript_getScript((UChar32)c, &status);
    enum fold_class class = fold_class(c);
    bool letter = u_isalpha((UChar32)c);
    check(u_charType((UChar32)c) == U_UNASSIGNED || fold_point(c) == lower_of(c));
    check(fold_bare_point(fold_point(c)) == bare_of(lower_of(c)));
    check(fold_point(fold_point(c)) == fold_point(c)); /* folding twice changes nothing */
    check(class != FOLD_LATIN || (letter && script == USCRIPT_LATIN) || u_isalpha((UChar32)c));
    check(class != FOLD_CYRILLIC || (letter && script == USCRIPT_CYRILLIC));
    if (letter && script == USCRIPT_CYRILLIC)
        check(class == FOLD_CYRILLIC);
    if (letter && script == USCRIPT_LATIN && u_charType((UChar32)c) != U_MODIFIER_LETTER)
        check(class == FOLD_LATIN);
    if (u_isdigit((UChar32)c))
        check(class == FOLD_DIGIT);
    if (u_isspace((UChar32)c) && c != 0x1C && c != 0x1D && c != 0x1E && c != 0x1F)
        check(class == FOLD_SPACE);
}

static void tables_agree_with_icu(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x530; c++)
        check_point(c);
    for (uint32_t c = 0x1E00; c < 0x1F00; c++)
        check_point(c);
    check(fold_class(0x4E2D) == FOLD_IDEOGRAPH && fold_class(0x2014) == FOLD_DASH);
    check(fold_class(0x2019) == FOLD_APOSTROPHE && fold_class(0x201C) == FOLD_QUOTE);
    check(fold_class(0x10FFFF) == FOLD_BREAK && fold_class(0x05D0) == FOLD_LETTER);
    check(fold_class(0x202E) == FOLD_BREAK); /* right-to-left override */
    check(fold_point(0x0663) == '3' && fold_class(0x0663) == FOLD_DIGIT);
}

static void the_same_point_by_point(void **state)
{
    (void)state;
    check(fold_same(STR("ЁЛКА"), STR("елка")) && fold_same(STR("Đà Nẵng"), STR("đà nẵng")));
    check(!fold_same(STR("Đà"), STR("da")) && !fold_same(STR("a"), STR("ab")));
    check(fold_same(STR(""), STR("")) && !fold_same(STR("a"), STR("")));
}

int main(void)
{
    room = arena_new((size_t)64 << 20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_case_and_spelling), cmocka_unit_test(places_tone_marks),
        cmocka_unit_test(takes_one_script),        cmocka_unit_test(bare_form_is_for_latin),
        cmocka_unit_test(the_same_point_by_point), cmocka_unit_test(limits_and_errors),
        cmocka_unit_test(tables_agree_with_icu)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
