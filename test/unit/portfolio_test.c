#include "domain/desk/portfolio.h"

#include "node_help.h"
#include "test.h"

static struct test_node t;
static struct desk *d;
static struct view *v;

static uint32_t put(const char *kind, enum record_audience audience, const char *json)
{
    struct writer_result out;
    check(test_put(&t, kind, audience, json, &out) == CAU_OK);
    return out.doc;
}

static uint32_t committee;

static int start(void **state)
{
    (void)state;
    t = test_make();
    committee = put("mechanism", RECORD_PUBLIC,
                    "{'countries':['VN','RU'],'external_id':'m','title':{'en':'Committee'}}");
    put("project", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'ends':'2030','mechanism':'m',"
        "'milestones':[{'planned':'2020-05','title':{'en':'x'}}],'status':'under_way',"
        "'title':{'en':'Late by its milestone'}}");
    put("project", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'ends':'2020-04','mechanism':'m','status':'completed',"
        "'title':{'en':'Completed'}}");
    put("project", RECORD_PUBLIC, "{'countries':['VN','KR'],'title':{'en':'Nothing said'}}");
    put("project", RECORD_PRIVATE,
        "{'countries':['VN','RU'],'ends':'2020','mechanism':'m','title':{'en':'Closed'}}");
    put("programme", RECORD_PUBLIC,
        "{'countries':['VN','RU','KR'],'ends':'2019','status':'under_way',"
        "'title':{'en':'Late by its end'}}");
    check(desk_open(t.n, &d) == CAU_OK);
    v = view_take(t.n);
    check(desk_take(d, v) == CAU_OK);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    desk_give(d);
    view_give(t.n, v);
    desk_close(d);
    test_end(&t);
    return 0;
}

static struct portfolio portfolio(struct index_reader reader, const char *day)
{
    return (struct portfolio){d, reader,
                              kinds_find_list(node_kinds(t.n), STR("programme_status")),
                              desk_country_of(STR("VN")), desk_days_of(str_of(day)).first};
}

static const struct portfolio_filter any = {PORTFOLIO_ANY, PORTFOLIO_ANY, PORTFOLIO_ANY, false};

static struct portfolio_counts count(const struct portfolio *p, struct portfolio_filter f)
{
    struct portfolio_counts c;
    uint32_t n = 0;
    bool programmes = false;
    const struct desk_row *r;
    check(portfolio_count(&t.a, p, &f, &c) == CAU_OK);
    for (size_t at = 0; (r = portfolio_next(p, &at, &programmes)) != NULL;)
        n += portfolio_fits(p, r, &f);
    check(c.total == n); /* a number is what its list shows */
    return c;
}

static void counts_projects_and_programmes(void **state)
{
    (void)state;
    struct portfolio p = portfolio(READER_PUBLIC, "2020-06-01");
    struct portfolio_counts c = count(&p, any);
    check(c.total == 4 && c.countries == 2 && c.mechanisms == 2 && c.states == 3);
    check(c.country[0].key == desk_country_of(STR("RU")) && c.country[0].n == 3);
    check(c.country[1].n == 2);
    check(c.mechanism[0].key == committee && c.mechanism[0].n == 2);
    check(c.mechanism[1].key == 0 && c.mechanism[1].n == 2);
    check(c.state[2].key == DESK_NO_CODE && c.state[2].n == 1);

    /* Under a filter the other dimensions shrink, its own does not. */
    struct portfolio_filter f = any;
    f.mechanism = committee;
    c = count(&p, f);
    check(c.total == 2 && c.mechanisms == 2 && c.countries == 1);
    f.country = desk_country_of(STR("KR"));
    c = count(&p, f);
    check(c.total == 0 && c.countries == 1 && c.country[0].n == 2);
    p = portfolio(READER_ALL, "2020-06-01");
    check(count(&p, any).total == 5);
}

static void late_as_of_a_day(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        uint32_t late;
    } list[] = {{"2019-12-31", 0}, {"2020-01-01", 1}, {"2020-05-31", 1}, {"2020-06-01", 2}};
    struct portfolio_filter f = any;
    f.late = true;
    for (size_t i = 0; i < countof(list); i++) {
        struct portfolio p = portfolio(READER_PUBLIC, list[i].day);
        check(count(&p, any).late == list[i].late && count(&p, f).total == list[i].late);
        check(count(&p, f).late == list[i].late);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_projects_and_programmes),
        cmocka_unit_test(late_as_of_a_day),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
