#include "language/guess.h"

#include "test.h"

static enum lang guess(const char *text)
{
    return guess_lang(str_of(text), LANG_EN);
}

static void guesses(void **state)
{
    (void)state;
    check(guess("điện gió ngoài khơi") == LANG_VI);
    check(guess("dien gio ngoai khoi") == LANG_VI);
    check(guess("nghien cuu") == LANG_VI);
    check(guess("nghien") == LANG_VI);
    check(guess("tường") == LANG_VI);
    check(guess("gió") == LANG_VI && guess("bơm") == LANG_VI && guess("sóng") == LANG_VI);
    check(guess("café") == LANG_EN && guess("Bôman") == LANG_EN && guess("gio") == LANG_EN);
    check(guess("mong noi tuabin gio chiu bao") ==
          LANG_VI); /* a borrowed word among syllables */
    check(guess("nha may xi mang XYZ") == LANG_VI);
    check(guess("tuabin gio polyme") == LANG_EN && guess("thin film on a top gate") == LANG_EN);
    check(guess("Ngoc Linh ginseng") == LANG_EN);
    check(guess("плавучие фундаменты") == LANG_RU);
    check(guess("Росатом energy") == LANG_RU);
    check(guess("offshore wind") == LANG_EN);
    check(guess("technology") == LANG_EN);
    check(guess("solar") == LANG_EN);
    check(guess("university of Hanoi") == LANG_EN);
    check(guess_lang(STR("2020"), LANG_VI) == LANG_VI);
    check(guess_lang(STR(""), LANG_RU) == LANG_RU);
    check(guess_is_syllable(STR("nghieng")) && guess_is_syllable(STR("an")));
    check(!guess_is_syllable(STR("wind")) && !guess_is_syllable(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(guesses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
