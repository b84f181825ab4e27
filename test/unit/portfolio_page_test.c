#include "web/desk/desk_pages.h"

#include "test.h"
#include "web_help.h"

static void put(const char *kind, enum record_audience audience, const char *json)
{
    struct writer_result out;
    check(test_put(&web.node, kind, audience, json, &out) == CAU_OK);
}

static struct str page(const char *query, enum lang lang, struct index_reader reader)
{
    return test_page(portfolio_page, query, lang, reader);
}

static int start(void **state)
{
    (void)state;
    struct clock_date day = {2020, 6, 1};
    test_web_make(&web);
    clock_set_ms(clock_ms_of(day));
    put("mechanism", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'external_id':'m','title':{'en':'Joint committee'}}");
    put("project", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'fields':['FORD:2.3'],'mechanism':'m',"
        "'milestones':[{'actual':'2019','title':{'en':'Design'}},"
        "{'planned':'2020-05','title':{'en':'Launch'}}],'starts':'2019',"
        "'status':'under_way','title':{'en':'Laboratory'}}");
    put("programme", RECORD_PUBLIC,
        "{'countries':['VN','KR'],'ends':'2020-02','fields':['FORD:5'],'starts':'2018',"
        "'status':'completed','title':{'en':'Exchange'}}");
    put("project", RECORD_PRIVATE,
        "{'countries':['VN','SE'],'fields':['FORD:4'],'title':{'en':'Closed'}}");
    return 0;
}

static void what_is_late_and_what_comes_next(void **state)
{
    (void)state;
    struct str p = page("", LANG_EN, READER_PUBLIC);
    check(test_says(p, "2 projects and programmes") && test_says(p, "1 late"));
    check(test_says(p, ">Laboratory</a>") &&
          test_says(p, "Next: <span >Launch</span> (May 2020)"));
    check(test_says(p, "1 milestone is late.") && test_says(p, ">Exchange</a>"));
    check(test_says(p, ">Joint committee</th>") && test_says(p, ">outside any mechanism</th>"));
    check(!test_says(p, "Closed") && !test_says(p, "Sweden"));
    check(test_says(page("", LANG_RU, READER_ALL), "3 проекта и программы"));
    check(test_says(page("late=1", LANG_EN, READER_PUBLIC), "1 project or programme"));
}

static void filters_by_country_state_and_mechanism(void **state)
{
    (void)state;
    struct str p = page("country=KR", LANG_EN, READER_PUBLIC);
    check(test_says(p, "1 project or programme") && !test_says(p, ">Laboratory</a>"));
    /* Fields are counted under the same filter, and lead to the search. */
    check(test_says(p, "field=FORD:5%2A"));
    check(!test_says(p, "field=FORD:2"));
    check(test_says(page("state=under_way", LANG_EN, READER_PUBLIC), ">Laboratory</a>"));
    p = page("mechanism=none", LANG_EN, READER_PUBLIC);
    check(test_says(p, ">Exchange</a>") && !test_says(p, ">Laboratory</a>"));
    p = page("mechanism=m&state=none", LANG_VI, READER_PUBLIC);
    check(test_says(p, "0 dự án") && test_says(p, "Không có dự án"));
    /* What is not understood is left out. */
    check(test_says(page("country=%3Cb&state=x&mechanism=y&page=99999", LANG_EN, READER_PUBLIC),
                    "2 projects and programmes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_late_and_what_comes_next),
        cmocka_unit_test(filters_by_country_state_and_mechanism),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
