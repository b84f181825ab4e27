#include "web/part/figure.h"

#include "test.h"
#include "web_help.h"

static struct decimal of(const char *text)
{
    struct decimal x;
    check(decimal_read(str_of(text), &x) == CAU_OK);
    return x;
}

static void are_written_as_the_language_does(void **state)
{
    struct decimal big = of("5980000000"), small = of("37.655"), less = of("-2.35");
    struct decimal huge = of("2021421476035.4"), million = of("999999999");
    (void)state;
    struct ask *q = test_ask(&web, LANG_VI);
    check(str_is(figure_number(q, &big), "5.980.000.000"));
    check(str_is(figure_short(q, &big), "5,98\xC2\xA0tỷ"));
    check(
        str_is(figure_said(q, INDICATOR_NEARLY, figure_short(q, &big)), "gần 5,98\xC2\xA0tỷ"));
    check(str_is(figure_said(q, INDICATOR_EXACT, STR("5")), "5"));
    test_answered(&web);
    q = test_ask(&web, LANG_RU);
    check(str_is(figure_short(q, &huge), "2,02\xC2\xA0трлн"));
    check(str_is(figure_short(q, &million), "1000\xC2\xA0млн"));
    check(str_is(figure_said(q, INDICATOR_UP_TO, STR("3")), "не более 3"));
    test_answered(&web);
    q = test_ask(&web, LANG_EN);
    check(str_is(figure_short(q, &small), "37.66")); /* half away from zero */
    check(str_is(figure_number(q, &small), "37.655"));
    check(str_is(figure_difference(q, &less), "\xE2\x88\x92"
                                              "2.35"));
    check(str_is(figure_difference(q, &small), "+37.655"));
    check(str_is(figure_said(q, INDICATOR_ABOUT, STR("200")), "about 200"));
    check(str_is(figure_said(q, INDICATOR_OVER, STR("40")), "over 40"));
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(are_written_as_the_language_does)};
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
