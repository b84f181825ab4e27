#include "match/fit.h"

#include "test.h"

static struct fit_facts facts(const char *field, const char *form, const char *country,
                              unsigned readiness)
{
    struct fit_facts f = {.country = str_of(country), .readiness = readiness};
    if (field != NULL)
        f.field[f.fields++] = str_of(field);
    if (form != NULL)
        f.form[f.forms++] = str_of(form);
    return f;
}

static int32_t sum(const struct fit_facts *x, const struct fit_facts *y)
{
    struct fit_reason reason[FIT_REASONS_MAX];
    size_t n;
    int32_t points = 0;
    check(fit_of(x, y, STR("2026-11-22"), reason, &n));
    for (size_t i = 0; i < n; i++)
        points += reason[i].points;
    return points;
}

static void counts_what_both_say(void **state)
{
    (void)state;
    struct fit_facts need = facts("FORD:2.7", "licence", "VN", 6);
    struct fit_facts same = facts("FORD:2.7", "licence", "RU", 7);
    struct fit_facts near = facts("FORD:2.3", NULL, "VN", 5);
    struct fit_facts far = facts("FORD:5.2", "training", "VN", 0), none = {0};
    check(sum(&need, &same) == 1000 + 200 + 200 + 100);
    check(sum(&need, &near) == 300);
    check(sum(&need, &far) == 0);
    check(sum(&need, &none) == 0 && sum(&none, &need) == 0);
}

static void several_shared_codes_say_no_more_than_one(void **state)
{
    (void)state;
    struct fit_facts x = facts("FORD:2.7", NULL, "VN", 0), y = x;
    x.field[x.fields++] = y.field[y.fields++] = STR("FORD:1.5");
    check(sum(&x, &y) == 1000);
}

static void what_is_over_is_ruled_out(void **state)
{
    (void)state;
    struct fit_reason reason[FIT_REASONS_MAX];
    size_t n;
    struct fit_facts x = {0}, y = {.last_date = STR("2026-11-21")};
    check(!fit_of(&x, &y, STR("2026-11-22"), reason, &n) && n == 0);
    check(!fit_of(&y, &x, STR("2026-11-22"), reason, &n));
    check(fit_of(&x, &y, STR("2026-11-21"), reason, &n));
    y.last_date = STR("2026"); /* known to the year: not over before it is */
    check(fit_of(&x, &y, STR("2026-11-22"), reason, &n));
    y.last_date = STR("2025");
    check(!fit_of(&x, &y, STR("2026-11-22"), reason, &n));
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (int k = 0; k < FIT_KINDS; k++)
        check(fit_kind_name((enum fit_kind)k).len > 0);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(counts_what_both_say),
        cmocka_unit_test(several_shared_codes_say_no_more_than_one),
        cmocka_unit_test(what_is_over_is_ruled_out),
        cmocka_unit_test(every_kind_has_a_name),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
