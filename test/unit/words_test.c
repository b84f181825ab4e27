#include "base/clock.h"
#include "base/words.h"
#include "test.h"

static struct str filled(struct buf *b, enum lang lang, const char *date)
{
    struct clock_date d;
    check(clock_read_date(str_of(date), &d) == CAU_OK);
    buf_reset(b);
    words_date(b, lang, d);
    return buf_str(b);
}

static void dates_in_three_languages(void **state)
{
    (void)state;
    struct buf b = buf_new(200);
    check(str_is(filled(&b, LANG_VI, "1959-03-07"), "7 tháng 3 năm 1959"));
    check(str_is(filled(&b, LANG_RU, "1959-03-07"), "7 марта 1959 г."));
    check(str_is(filled(&b, LANG_RU, "2014-11"), "ноябрь 2014 г."));
    check(str_is(filled(&b, LANG_EN, "2014-11"), "November 2014"));
    check(str_is(filled(&b, LANG_EN, "2019"), "2019"));
    buf_free(&b);
}

static void numbers_in_three_languages(void **state)
{
    (void)state;
    struct buf b = buf_new(200);
    words_number(&b, LANG_VI, 51414);
    words_number(&b, LANG_RU, 51414);
    words_number(&b, LANG_EN, -51414);
    words_decimal(&b, LANG_RU, STR("1234.50"));
    check(str_is(buf_str(&b), "51.41451\u00A0414\u221251,4141234,50"));
    buf_reset(&b);
    const struct str slot[] = {STR("a"), STR("b")};
    words_fill(&b, STR("{1} {0} {2} {x"), slot, 2);
    check(str_is(buf_str(&b), "b a {2} {x"));
    buf_free(&b);
    check(str_is(words(LANG_EN, "no.such.id"), "no.such.id"));
    check(words_find(LANG_EN, STR("no.such.id")).p == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dates_in_three_languages),
                                       cmocka_unit_test(numbers_in_three_languages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
