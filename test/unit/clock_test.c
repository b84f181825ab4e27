#include "base/clock.h"
#include "test.h"

#include <string.h>

static void reads_dates_as_precise_as_known(void **state)
{
    (void)state;
    struct clock_date d = {0};
    check(clock_read_date(STR("1959-03-07"), &d) == CAU_OK && d.day == 7);
    check(clock_read_date(STR("2014-11"), &d) == CAU_OK && d.month == 11 && d.day == 0);
    check(clock_read_date(STR("2019"), &d) == CAU_OK && d.month == 0);
    check(clock_read_date(STR("2023-02-29"), &d) == CAU_ERR_RANGE);
    check(clock_read_date(STR("2024-02-29"), &d) == CAU_OK);
    check(clock_read_date(STR("2019-13"), &d) == CAU_ERR_RANGE);
    check(clock_read_date(STR("2019-1-1"), &d) == CAU_ERR_SYNTAX);
    check(clock_read_date(STR("0970"), &d) == CAU_OK && d.year == 970);
    check(clock_read_date(STR("0000"), &d) == CAU_ERR_RANGE);
}

static void days_go_round(void **state)
{
    (void)state;
    for (int64_t day = -719162; day < 60000; day += 13) {
        struct clock_date d = clock_date_of(day * 86400000 + 5), back;
        char text[CLOCK_DATE_CHARS];
        check(clock_ms_of(d) == day * 86400000);
        size_t n = clock_write_date(d, text);
        check(clock_read_date((struct str){text, n}, &back) == CAU_OK && back.day == d.day);
    }
    struct clock_date d = clock_add_months((struct clock_date){2024, 2, 29}, 12);
    check(d.year == 2025 && d.month == 2 && d.day == 28);
    char when[20];
    clock_write_time(1795219200000, when);
    check(memcmp(when, "2026-11-21T00:00:00Z", 20) == 0);
    clock_set_ms(42);
    check(clock_now_ms() == 42);
    clock_set_ms(0);
    check(clock_now_ms() > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_dates_as_precise_as_known),
                                       cmocka_unit_test(days_go_round)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
