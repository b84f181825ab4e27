#include "language/abbreviation.h"

#include "test.h"

static void knows_one(void **state)
{
    (void)state;
    static const char *const good[] = {"MGU", "МГУ", "VN", "ЦАГИ", "ĐHQG", "МГИМО", "ABCDEF"};
    static const char *const bad[] = {"",    "M",   "МГУм", "MGu",  "Mgu", "ABCDEFG", "МГTU",
                                      "R&D", "CO2", "2G",   "東大", "MG.", "İß"};
    for (size_t i = 0; i < countof(good); i++)
        check(abbreviation_is(str_of(good[i])));
    for (size_t i = 0; i < countof(bad); i++)
        check(!abbreviation_is(str_of(bad[i])));
}

/* The usual spelling first, and others that must be among them. */
static void expect(const char *form, const char *usual, const char *other)
{
    struct abbreviation_spellings s;
    bool found = *other == '\0';
    abbreviation_spell(str_of(form), &s);
    check(s.n > 0 && s.n <= ABBREVIATION_SPELLINGS_MAX && str_is(s.v[0], usual));
    for (size_t i = 0; i < s.n; i++) {
        found = found || str_is(s.v[i], other);
        for (size_t k = 0; k < i; k++)
            check(!str_equal(s.v[i], s.v[k]));
    }
    check(found);
}

static void spells_both_ways(void **state)
{
    (void)state;
    expect("mgu", "мгу", "мгю");
    expect("мгу", "mgu", "mhu");
    expect("vnu", "вну", "");
    expect("вну", "vnu", "wnu");
    expect("nitu", "ниту", "");
    expect("цаги", "tsagi", "cagi");
    expect("tsagi", "цаги", "тсаги");
    expect("вшэ", "vshe", "");
    expect("vshe", "вше", "вшэ");
    expect("юургу", "yuurgu", "iuurgu");
    expect("đhqg", "дхкг", "дгкг");
    expect("щщщщщщ", "shchshchshchshchshchshch", "");
}

static void gives_nothing_for_the_rest(void **state)
{
    (void)state;
    struct abbreviation_spellings s;
    static const char *const bad[] = {"", "ҷқ", "m1", "abcdefgh", "ьъ", "東"};
    for (size_t i = 0; i < countof(bad); i++) {
        abbreviation_spell(str_of(bad[i]), &s);
        check(s.n == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_one),
        cmocka_unit_test(spells_both_ways),
        cmocka_unit_test(gives_nothing_for_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
