#include "match/inflect.h"

#include "test.h"

static const char names[] = "part word\n"
                            "- | lâm | лес | forest\n"
                            "- | kỹ thuật | технический | technical\n"
                            "- | cơ học | механика | mechanics\n"
                            "- | kim cương | алмаз | diamond\n"
                            "part place\n"
                            "- | tomsk | томск | tomsk\n"
                            "- | kazan | казань | kazan\n"
                            "part type\n"
                            "- | viện | институт | institute\n";

static struct vocabulary *v;
static struct stem *stem;

static int open_all(void **state)
{
    (void)state;
    size_t line;
    check(vocabulary_read(str_of(names), str_of(""), &v, &line) == CAU_OK);
    check(stem_open(&stem) == CAU_OK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    stem_close(stem);
    vocabulary_close(v);
    return 0;
}

static size_t meanings(const char *form, enum token_script script,
                       struct vocabulary_meaning out[INFLECT_MEANINGS_MAX])
{
    struct str word = str_of(form);
    return inflect_meanings(v, word, stem_of(stem, word, script, true), script, out);
}

static uint16_t known(const char *word)
{
    struct str s = stem_of(stem, str_of(word), TOKEN_CYRILLIC, true);
    struct vocabulary_word one = vocabulary_word_of(v, s, s);
    struct vocabulary_meaning m;
    check(vocabulary_match(v, &one, 1, &m) == 1);
    return m.id;
}

static void adjectives(void **state)
{
    (void)state;
    struct vocabulary_meaning m[INFLECT_MEANINGS_MAX];
    check(meanings("лесной", TOKEN_CYRILLIC, m) == 1 && m[0].id == known("лес"));
    check(meanings("механический", TOKEN_CYRILLIC, m) == 1 && m[0].id == known("механика"));
    check(meanings("алмазный", TOKEN_CYRILLIC, m) == 1 && m[0].id == known("алмаз"));
    check(meanings("алмазова", TOKEN_CYRILLIC, m) == 0); /* a name */
    check(meanings("казанский", TOKEN_CYRILLIC, m) == 1 && m[0].id == known("казань"));
    check(meanings("tomskaya", TOKEN_LATIN, m) == 1 && m[0].id == known("томск"));
    check(meanings("tomsk", TOKEN_LATIN, m) == 0 && meanings("2020", TOKEN_DIGITS, m) == 0);
    check(meanings("", TOKEN_CYRILLIC, m) == 0 && meanings("ый", TOKEN_CYRILLIC, m) == 0);
}

static void compounds(void **state)
{
    (void)state;
    struct vocabulary_meaning m[INFLECT_MEANINGS_MAX];
    check(meanings("лесотехнический", TOKEN_CYRILLIC, m) == 2);
    check(m[0].id == known("лес") && m[1].id == known("технический"));
    check(meanings("лесомеханическая", TOKEN_CYRILLIC, m) == 2 && m[1].id == known("механика"));
    check(meanings("лесоткацкий", TOKEN_CYRILLIC, m) == 0); /* half of it is not known */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(adjectives),
                                       cmocka_unit_test(compounds)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
