#include "web/part/chart.h"

#include "test.h"
#include "web_help.h"

static struct chart_point point(size_t series, const char *period, const char *number)
{
    struct chart_point p = {.series = series, .period = str_of(period)};
    check(decimal_read(str_of(number), &p.number) == CAU_OK);
    return p;
}

/* The drawing as markup; empty when there is none. */
static struct str drawn(struct ask *q, const struct chart_point *p, size_t n, struct buf *out)
{
    struct chart c = {.id = "c",
                      .title = STR("Trade"),
                      .text = STR("From 2022 to 2024."),
                      .unit = STR("US dollars"),
                      .series = {STR("Viet Nam"), STR("Russia & others")},
                      .series_count = 2,
                      .point = p,
                      .points = n};
    struct html *h;
    struct html_fault fault;
    struct html_map *m = html_begin(&q->model, q->arena);
    const struct asset file[] = {*asset_find(STR("pages/svg.html")),
                                 {STR("pages/x.html"), STR("{{#chart}}{{>svg}}{{/chart}}")}};
    *out = buf_new((size_t)16 << 20);
    if (!chart_add(q, m, "chart", &c))
        return STR("");
    check(html_load(q->arena, file, 2, &h, &fault) == CAU_OK);
    check(html_write(h, "x", LANG_EN, m, out));
    return buf_str(out);
}

static size_t count(struct str page, const char *word)
{
    size_t n = 0;
    for (size_t at = 0; (at = test_find(page, at, word)) < page.len; at++)
        n++;
    return n;
}

static void few_periods_are_bars(void **state)
{
    struct buf out;
    struct ask *q = test_ask(&web, LANG_EN);
    struct chart_point p[] = {point(0, "2023", "3630000000"), point(1, "2023", "5000000000"),
                              point(1, "2024", "6000000000"), point(0, "2030", "15000000000")};
    (void)state;
    p[2].precision = INDICATOR_NEARLY;
    p[3].target = true;
    struct str x = drawn(q, p, countof(p), &out);
    check(count(x, "<rect") == 3 && count(x, "class=\"cau-chart__1 cau-chart__about\"") == 1);
    check(count(x, "class=\"cau-chart__0 cau-chart__target\"") == 1);
    check(count(x, ">billion US dollars</text>") == 1 && count(x, ">nearly 6</text>") == 1);
    check(count(x, ">3.63</text>") == 1 && count(x, ">15</text>") == 2); /* tick and target */
    check(count(x, "Russia &amp; others</text>") == 1);
    buf_free(&out);
    test_answered(&web);
}

static void many_periods_are_lines_with_gaps_left_open(void **state)
{
    static const char *const year[] = {"1990", "1991", "1992", "1995",
                                       "1996", "1997", "1998", "1999"};
    struct chart_point p[countof(year)];
    struct buf out;
    struct ask *q = test_ask(&web, LANG_EN);
    (void)state;
    for (size_t i = 0; i < countof(year); i++)
        p[i] = point(0, year[countof(year) - 1 - i], i % 2 == 0 ? "-2.5" : "4");
    struct str x = drawn(q, p, countof(p), &out);
    check(count(x, "<rect") == 0);
    check(count(x, "<line class=\"cau-chart__line cau-chart__0\"") == countof(year) - 2);
    check(count(x, "class=\"cau-svg__axis\"") == 1); /* zero is on it */
    check(count(x, ">1990</text>") == 1 && count(x, ">1999</text>") == 1);
    buf_free(&out);
    test_answered(&web);
}

static void the_axis_holds_any_figures(void **state)
{
    static const char *const number[] = {"0",    "0.0003", "7",     "99.99", "-1",
                                         "1e30", "5e-9",   "-4e12", "123456"};
    struct ask *q = test_ask(&web, LANG_RU);
    (void)state;
    for (size_t i = 0; i < countof(number); i++)
        for (size_t k = 0; k < countof(number); k++) {
            struct buf out;
            struct chart_point p[] = {point(0, "2023", number[i]), point(1, "2024", number[k])};
            struct str x = drawn(q, p, 2, &out);
            check(x.len > 0 && count(x, "cau-svg__axis") == 1);
            check(count(x, "cau-svg__grid") >= 1 && count(x, "cau-svg__grid") <= 7);
            buf_free(&out);
        }
    test_answered(&web);
}

static void one_figure_is_no_drawing(void **state)
{
    struct buf out;
    struct ask *q = test_ask(&web, LANG_VI);
    struct chart_point p[] = {point(0, "2023", "1"), point(CHART_SERIES_MAX, "2023", "2")};
    (void)state;
    check(drawn(q, p, 1, &out).len == 0);
    buf_free(&out);
    check(drawn(q, p, 2, &out).len == 0); /* a series too many is left off */
    buf_free(&out);
    test_answered(&web);
}

static void too_many_points_are_left_off(void **state)
{
    struct buf out;
    struct ask *q = test_ask(&web, LANG_VI);
    size_t n = CHART_POINTS_MAX + 1;
    struct chart_point *p = arena_take(q->arena, n * sizeof *p);
    (void)state;
    for (size_t i = 0; i < n; i++)
        p[i] = point(0, "2023", "1");
    p[n - 1] = point(0, "2024", "77");
    struct str x = drawn(q, p, n, &out);
    check(x.len > 0 && count(x, ">77</text>") == 0);
    buf_free(&out);
    test_answered(&web);
}

static void one_period_more_is_a_line(void **state)
{
    static const char *const year[] = {"2018", "2019", "2020", "2021", "2022", "2023", "2024"};
    _Static_assert(countof(year) == CHART_BARS_MAX + 1, "one over");
    struct chart_point p[countof(year)];
    struct ask *q = test_ask(&web, LANG_EN);
    (void)state;
    for (size_t i = 0; i < countof(year); i++)
        p[i] = point(0, year[i], "4");
    for (size_t n = CHART_BARS_MAX; n <= countof(year); n++) {
        struct buf out;
        struct str x = drawn(q, p, n, &out);
        bool bars = n <= CHART_BARS_MAX;
        check(count(x, "<rect") == (bars ? n : 0));
        check(count(x, "cau-chart__line") == (bars ? 0 : n - 1));
        buf_free(&out);
    }
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_periods_are_bars),
        cmocka_unit_test(many_periods_are_lines_with_gaps_left_open),
        cmocka_unit_test(the_axis_holds_any_figures),
        cmocka_unit_test(one_figure_is_no_drawing),
        cmocka_unit_test(too_many_points_are_left_off),
        cmocka_unit_test(one_period_more_is_a_line),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
