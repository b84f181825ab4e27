#include "web/part/timeline.h"

#include "test.h"
#include "web_help.h"

/* Days from 1970-01-01. */
static int32_t day(int year, int month, int d)
{
    struct clock_date date = {year, month, d};
    return (int32_t)(clock_ms_of(date) / INT64_C(86400000));
}

static struct desk_days run(int32_t first, int32_t last)
{
    return (struct desk_days){first, last};
}

static const struct desk_days nothing = {DESK_NO_DAY, DESK_NO_DAY};

static void covers_what_is_known(void **state)
{
    (void)state;
    struct desk_days d = timeline_cover(nothing, run(5, 9));
    check(d.first == 5 && d.last == 9);
    d = timeline_cover(run(7, 20), d);
    check(d.first == 5 && d.last == 20);
    d = timeline_cover(d, nothing);
    check(d.first == 5 && d.last == 20);
    check(timeline_cover(nothing, nothing).first == DESK_NO_DAY);
}

static void steps_are_whole_months_or_years(void **state)
{
    (void)state;
    static const struct {
        int from_year, from_month, to_year, to_month;
        unsigned step;
        size_t steps;
    } list[] = {
        {2024, 3, 2024, 3, 1, 1},   {2024, 3, 2024, 8, 1, 6},    {2024, 3, 2024, 9, 3, 3},
        {2023, 1, 2024, 6, 3, 6},   {2023, 1, 2024, 7, 6, 4},    {2011, 11, 2016, 1, 12, 6},
        {2011, 11, 2017, 1, 24, 4}, {1950, 1, 2026, 11, 240, 5}, {1, 1, 2999, 12, 6000, 6},
        {1959, 3, 1959, 12, 3, 4},
    };
    for (size_t i = 0; i < countof(list); i++) {
        struct desk_days whole = run(day(list[i].from_year, list[i].from_month, 7),
                                     day(list[i].to_year, list[i].to_month, 20));
        struct timeline_axis axis = timeline_axis_of(whole);
        check(axis.step_months == list[i].step && axis.steps == list[i].steps);
        check(axis.steps <= TIMELINE_STEPS_MAX);
        check(axis.days.first <= whole.first && axis.days.last >= whole.last);
        check(axis.tick[0] == axis.days.first && axis.tick[axis.steps] == axis.days.last + 1);
        for (size_t k = 0; k <= axis.steps; k++) {
            struct clock_date d = clock_date_of(axis.tick[k] * INT64_C(86400000));
            check(d.year == 1 || /* there is no year 0 */
                  ((unsigned)d.year * 12 + (unsigned)d.month - 1) % axis.step_months == 0);
        }
    }
}

static void days_become_places(void **state)
{
    (void)state;
    struct timeline_axis axis = timeline_axis_of(run(day(2018, 1, 1), day(2021, 12, 31)));
    struct timeline_shape s;
    check(axis.steps == 4 && axis.step_months == 12);
    check(timeline_place(&axis, day(2018, 1, 1)) == 0);
    check(timeline_place(&axis, day(2022, 1, 1)) == TIMELINE_FULL);
    check(timeline_place(&axis, day(1959, 3, 7)) == 0); /* what lies outside is at the end */
    check(timeline_place(&axis, INT32_MAX) == TIMELINE_FULL);
    check(timeline_place(&axis, day(2020, 1, 1)) == 730 * 1000 / 1461);

    /* A day is a mark, a year the whole year, and the part of a run that is on the axis is drawn. */
    check(timeline_shape(&axis, run(day(2020, 1, 1), day(2020, 1, 1)), &s) && s.width == 0);
    check(timeline_shape(&axis, run(day(2019, 1, 1), day(2019, 12, 31)), &s));
    check(s.x == 365 * 1000 / 1461 && s.x + s.width == 730 * 1000 / 1461);
    check(timeline_shape(&axis, run(day(1990, 1, 1), day(2018, 12, 31)), &s) && s.x == 0);
    check(timeline_shape(&axis, run(day(2018, 3, 1), day(2018, 3, 2)), &s) && s.width >= 1);
    s.x = 7;
    check(!timeline_shape(&axis, nothing, &s) && s.x == 7);
    check(!timeline_shape(&axis, run(day(2022, 1, 1), day(2022, 12, 31)), &s));
    check(!timeline_shape(&axis, run(day(2017, 1, 1), day(2017, 12, 31)), &s));
}

/* Every known mark is drawn once, an unknown one not at all, and today only when it is on the axis. */
static void draws_each_mark(void **state)
{
    (void)state;
    test_web_make(&web);
    struct ask *q = test_ask(&web, LANG_VI);
    struct timeline_axis axis = timeline_axis_of(run(day(2018, 1, 1), day(2021, 12, 31)));
    const struct timeline_mark mark[] = {
        {TIMELINE_RUN, run(day(2018, 5, 1), day(2020, 5, 1))},
        {TIMELINE_PLANNED, nothing},
        {TIMELINE_LATE, run(day(2019, 1, 1), day(2019, 12, 31))}, /* a span with its mark */
        {TIMELINE_ACTUAL, run(day(2020, 7, 1), day(2020, 7, 1))},
    };
    struct timeline_strip strip = {"s-1", STR("CNST"), STR("2019"), mark, countof(mark)};
    struct html_map *row = html_item(q->page, "rows");
    timeline_add_strip(q, row, &axis, day(2020, 1, 1), &strip);
    timeline_add_axis(q, row, "axis-1", &axis, day(2026, 1, 1));
    timeline_add_legend(q, row, "legend", 1u << TIMELINE_LATE | 1u << TIMELINE_RUN,
                        day(2020, 1, 1));
    check(html_count(row, "legend") == 4); /* two looks, the span, today */
    check(!q->model.failed);
    test_answered(&web);
    test_web_end(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_what_is_known),
        cmocka_unit_test(steps_are_whole_months_or_years),
        cmocka_unit_test(days_become_places),
        cmocka_unit_test(draws_each_mark),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
