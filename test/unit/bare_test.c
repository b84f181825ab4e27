#include "language/bare.h"

#include "language/lexicon_build.h"
#include "test.h"

static void all_words_of_a_bare_form(void **state)
{
    (void)state;
    struct lexicon_build_source own = {.name = STR("glossary"), .licence = STR("own")};
    struct lexicon_build *build;
    struct lexicon *lexicon;
    struct bare_words *bare;
    struct bare_word word[BARE_WORDS_MAX];
    struct str file;
    unsigned number;
    check(lexicon_build_open(NULL, &build) == CAU_OK);
    check(lexicon_build_source(build, &own, &number) == CAU_OK);
    static const char *const pair[][2] = {
        {"cá", "fish"}, {"cà", "aubergine"}, {"cà", "tomato"}, {"ca", "mug"}, {"gió", "wind"}};
    for (size_t i = 0; i < countof(pair); i++)
        check(lexicon_build_approved(build, 0, TOKEN_VI, str_of(pair[i][0]), TOKEN_EN,
                                     str_of(pair[i][1])) == CAU_OK);
    check(lexicon_build_finish(build, NULL, &file) == CAU_OK);
    check(lexicon_open(file, &lexicon) == CAU_OK);
    check(bare_words_open(lexicon, &bare) == CAU_OK);
    check(bare_words_find(bare, STR("ca"), word) == 3);
    check(str_is(word[0].term, "cà") && word[0].known >= word[1].known); /* known best */
    check(bare_words_find(bare, STR("gio"), word) == 1 && str_is(word[0].term, "gió"));
    check(bare_words_find(bare, STR("gió"), word) == 0);
    check(bare_words_find(bare, STR("bien"), word) == 0);
    check(bare_words_find(NULL, STR("ca"), word) == 0);
    bare_words_close(bare);
    bare_words_close(NULL);
    lexicon_close(lexicon);
    lexicon_build_close(build);
}

int main(void)
{
    const struct CMUnitTest test[] = {cmocka_unit_test(all_words_of_a_bare_form)};
    return cmocka_run_group_tests(test, NULL, NULL);
}
