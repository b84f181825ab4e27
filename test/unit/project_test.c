#include "domain/desk/project.h"

#include "node_help.h"
#include "record/json.h"
#include "test.h"

static struct arena a;

/* JSON with ' in place of ". */
static struct value parse(const char *json)
{
    struct str text;
    struct value v;
    check(arena_copy(&a, str_of(json), &text) == CAU_OK);
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] == '\'')
            ((char *)(uintptr_t)text.p)[i] = '"';
    check(json_read(&a, text, text.len, JSON_OURS, &v, NULL) == CAU_OK);
    return v;
}

static int32_t day(const char *iso)
{
    return desk_days_of(str_of(iso)).first;
}

static struct project_course course(const char *json, const char *today)
{
    struct project_course c;
    struct value v = parse(json);
    check(project_course(&a, &v, day(today), &c) == CAU_OK);
    return c;
}

static void late_only_when_every_day_is_past(void **state)
{
    (void)state;
    const char *json = "{'milestones':["
                       "{'title':{'en':'a'},'planned':'2019','actual':'2019-12-31'},"
                       "{'title':{'en':'b'},'planned':'2019-06','actual':'2019-07-05'},"
                       "{'title':{'en':'c'},'planned':'2020-03-10'},"
                       "{'title':{'en':'d'},'planned':'2020'},"
                       "{'title':{'en':'e'}},"
                       "{'title':{'en':'f'},'planned':'2020-05','actual':'2021-01-01'}]}";
    struct project_course c = course(json, "2020-03-11");
    check(c.n == 6 && c.done == 2 && c.late == 1);
    check(c.milestone[0].pace == PROJECT_DONE && c.milestone[0].late_days == 0);
    check(c.milestone[1].pace == PROJECT_DONE_LATE && c.milestone[1].late_days == 5);
    check(c.milestone[2].pace == PROJECT_LATE && c.milestone[2].late_days == 1);
    check(c.milestone[3].pace == PROJECT_AHEAD); /* any day of the year may be meant */
    check(c.milestone[4].pace == PROJECT_UNPLANNED);
    check(c.milestone[5].pace == PROJECT_AHEAD); /* what comes later has not happened yet */
    check(c.next == &c.milestone[2]);
    check(course(json, "2020-03-10").late == 0); /* the day itself is in time */
    c = course(json, "2021-01-01");
    check(c.late == 2 && c.milestone[3].late_days == 1 &&
          c.milestone[5].pace == PROJECT_DONE_LATE);
}

static void the_next_is_the_first_planned(void **state)
{
    (void)state;
    struct project_course c = course("{'milestones':[{'title':{'en':'a'}},"
                                     "{'planned':'2022-05','title':{'en':'b'}},"
                                     "{'planned':'2022-05-02','title':{'en':'c'}},"
                                     "{'planned':'2022-05-02','title':{'en':'d'}}]}",
                                     "2020-01-01");
    check(c.next == &c.milestone[2] && c.late == 0);
    c = course("{'milestones':[{'actual':'2018','title':{'en':'a'}},{'title':{'en':'b'}}]}",
               "2020-01-01");
    check(c.next == &c.milestone[1]); /* without a plan, still the next */
    c = course("{'milestones':[{'actual':'2018','title':{'en':'a'}}]}", "2020-01-01");
    check(c.next == NULL && c.done == 1);
    c = course("{}", "2020-01-01");
    check(c.n == 0 && c.next == NULL);

    struct value v = parse("{'milestones':[{'planned':'2019','actual':'2020'},"
                           "{'planned':'2021-02'},{'planned':'2022'},{}]}");
    check(project_next_planned(&v).last == day("2021-02-28"));
    v = parse("{'milestones':[{'actual':'2020'}]}");
    check(!desk_known(project_next_planned(&v)));
}

static void milestones_have_a_limit(void **state)
{
    (void)state;
    struct value rows = value_array(), v = value_object();
    struct project_course c;
    for (size_t i = 0; i < PROJECT_MILESTONES_MAX + 1; i++)
        check(value_push(&a, &rows, parse("{'planned':'2019'}")) == CAU_OK);
    check(value_set(&a, &v, STR("milestones"), rows) == CAU_OK);
    check(project_course(&a, &v, 0, &c) == CAU_OK && c.n == PROJECT_MILESTONES_MAX);
    struct arena small = {a.base, 0, 0};
    c.n = 7;
    check(project_course(&small, &v, 0, &c) == CAU_ERR_MEMORY && c.n == 7);
}

static void an_end_that_has_passed(void **state)
{
    (void)state;
    struct desk_days year = desk_days_of(STR("2020")), none = desk_days_of(STR(""));
    check(!project_overdue(STR("under_way"), year, day("2020-12-31")));
    check(project_overdue(STR("under_way"), year, day("2021-01-01")));
    check(project_overdue(STR(""), year, day("2021-01-01")));
    check(!project_overdue(STR("completed"), year, day("2021-01-01")));
    check(!project_overdue(STR("suspended"), year, day("2021-01-01")));
    check(!project_overdue(STR("under_way"), none, day("2021-01-01")));
}

static struct str amount(const struct project_sum *s, size_t kind)
{
    static char text[PROJECT_AMOUNT_CHARS];
    return (struct str){text, project_write_amount(s->n[kind], s->places, text)};
}

static void money_is_summed_by_side_and_currency(void **state)
{
    (void)state;
    struct test_node t = test_make();
    const struct kind_list *list = kinds_find_list(node_kinds(t.n), STR("money_kind"));
    struct project_sums m;
    struct value v =
        parse("{'money':["
              "{'side':'VN','kind':'committed','amount':{'amount':'1000000','currency':'VND'}},"
              "{'side':'RU','kind':'committed','amount':{'amount':'10.10','currency':'USD'}},"
              "{'side':'RU','kind':'committed','amount':{'amount':'0.9','currency':'USD'}},"
              "{'side':'RU','kind':'disbursed','amount':{'amount':'5.5','currency':'USD'}},"
              "{'side':'RU','kind':'committed','amount':{'amount':'7','currency':'RUB'}},"
              "{'kind':'planned','amount':{'amount':'3','currency':'USD'}},"
              "{'kind':'no such kind','amount':{'amount':'3','currency':'EUR'}}]}");
    check(project_money(&a, &v, list, false, &m) == CAU_OK && m.n == 4);
    check(m.sum[0].side.len == 0 && m.sum[0].has[0] && str_is(amount(&m.sum[0], 0), "3"));
    check(str_is(m.sum[1].side, "RU") && str_is(m.sum[1].currency, "RUB"));
    check(str_is(m.sum[2].currency, "USD") && m.sum[2].has[2] && m.sum[2].has[3] &&
          !m.sum[2].has[0]);
    check(str_is(amount(&m.sum[2], 2), "11.00") && str_is(amount(&m.sum[2], 3), "5.50"));
    check(str_is(m.sum[3].side, "VN") && str_is(amount(&m.sum[3], 2), "1000000"));

    /* What cannot be had exactly is not given. */
    v = parse("{'money':["
              "{'kind':'planned','amount':{'amount':'900000000000000000','currency':'VND'}},"
              "{'kind':'planned','amount':{'amount':'900000000000000000','currency':'VND'}},"
              "{'kind':'committed','amount':{'amount':'0.0000001','currency':'USD'}}]}");
    check(project_money(&a, &v, list, false, &m) == CAU_OK && m.n == 2);
    check(m.sum[0].too_large[2] && m.sum[0].has[2]);
    check(!m.sum[1].too_large[0]);
    v = parse("{'money':["
              "{'kind':'planned','amount':{'amount':'9000000000000000000','currency':'VND'}},"
              "{'kind':'planned','amount':{'amount':'9000000000000000000','currency':'VND'}},"
              "{'kind':'returned','amount':{'amount':'90000000000000000000','currency':'VND'}},"
              "{'kind':'disbursed','amount':{'amount':'9','currency':'VND'}}]}");
    check(project_money(&a, &v, list, false, &m) == CAU_OK && m.sum[0].too_large[0]);
    check(m.sum[0].too_large[4] && !m.sum[0].too_large[3] && m.sum[0].n[3] == 9);
    v = parse("{}");
    check(project_money(&a, &v, list, false, &m) == CAU_OK && m.n == 0);

    /* By source: what two organisations of a side give stays apart. */
    v = parse("{'money':["
              "{'kind':'planned','side':'VN','organization':'o-2','amount':{'amount':'1','"
              "currency':'VND'}},"
              "{'kind':'planned','side':'VN','organization':'o-1','amount':{'amount':'2','"
              "currency':'VND'}},"
              "{'kind':'planned','side':'VN','amount':{'amount':'4','currency':'VND'}}]}");
    check(project_money(&a, &v, list, false, &m) == CAU_OK && m.n == 1 && m.sum[0].n[0] == 7);
    check(project_money(&a, &v, list, true, &m) == CAU_OK && m.n == 3);
    check(m.sum[0].source.len == 0 && m.sum[0].n[0] == 4);
    check(str_is(m.sum[1].source, "o-1") && m.sum[1].n[0] == 2);
    struct arena small = {a.base, 0, 0};
    check(project_money(&small, &v, list, false, &m) == CAU_ERR_MEMORY && m.n == 3);
    test_end(&t);
}

static void amounts_are_written(void **state)
{
    (void)state;
    struct project_sum s = {.n = {0, -1, 123456, INT64_MIN}, .places = 2};
    check(str_is(amount(&s, 0), "0.00") && str_is(amount(&s, 1), "-0.01"));
    check(str_is(amount(&s, 2), "1234.56"));
    check(str_is(amount(&s, 3), "-92233720368547758.08"));
    s.places = 0;
    check(str_is(amount(&s, 2), "123456"));
}

/* Sides and currencies: one over the limit is passed over, the others stay whole. */
static void sums_have_a_limit(void **state)
{
    (void)state;
    struct test_node t = test_make();
    const struct kind_list *list = kinds_find_list(node_kinds(t.n), STR("money_kind"));
    struct value payload = value_object(), rows = value_array();
    struct project_sums m;
    for (unsigned i = 0; i <= PROJECT_SUMS_MAX; i++) {
        struct value row = value_object(), money = value_object();
        char *side = arena_take(&a, 3);
        snprintf(side, 3, "%c%c", (char)('A' + i / 26), (char)('A' + i % 26));
        check(value_set_str(&a, &money, "amount", STR("1")) == CAU_OK);
        check(value_set_str(&a, &money, "currency", STR("VND")) == CAU_OK);
        check(value_set_str(&a, &row, "kind", STR("planned")) == CAU_OK);
        check(value_set_str(&a, &row, "side", str_of(side)) == CAU_OK);
        check(value_set(&a, &row, STR("amount"), money) == CAU_OK);
        check(value_push(&a, &rows, row) == CAU_OK);
        check(value_set(&a, &payload, STR("money"), rows) == CAU_OK);
        check(project_money(&a, &payload, list, false, &m) == CAU_OK);
        check(m.n == (i < PROJECT_SUMS_MAX ? i + 1 : PROJECT_SUMS_MAX) && m.sum[0].n[0] == 1);
    }
    test_end(&t);
}

/* An amount finer than can be summed is said to be too large, never cut. */
static void places_have_a_limit(void **state)
{
    (void)state;
    struct test_node t = test_make();
    const struct kind_list *list = kinds_find_list(node_kinds(t.n), STR("money_kind"));
    struct project_sums m;
    _Static_assert(PROJECT_PLACES_MAX == 6, "the amounts below have so many places");
    struct value v = parse("{'money':[{'kind':'planned','amount':{'amount':'0.000001','"
                           "currency':'VND'}}]}");
    check(project_money(&a, &v, list, false, &m) == CAU_OK && m.n == 1);
    check(m.sum[0].places == PROJECT_PLACES_MAX && m.sum[0].n[0] == 1 &&
          !m.sum[0].too_large[0]);
    v = parse(
        "{'money':[{'kind':'planned','amount':{'amount':'0.0000001','currency':'VND'}}]}");
    check(project_money(&a, &v, list, false, &m) == CAU_OK && m.n == 1);
    check(m.sum[0].too_large[0] && m.sum[0].n[0] == 0);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_only_when_every_day_is_past),
        cmocka_unit_test(the_next_is_the_first_planned),
        cmocka_unit_test(milestones_have_a_limit),
        cmocka_unit_test(an_end_that_has_passed),
        cmocka_unit_test(money_is_summed_by_side_and_currency),
        cmocka_unit_test(amounts_are_written),
        cmocka_unit_test(sums_have_a_limit),
        cmocka_unit_test(places_have_a_limit),
    };
    a = arena_new((size_t)8 << 20);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
