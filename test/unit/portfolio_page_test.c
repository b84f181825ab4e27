#include "web/pages_int.h"

#include "test.h"
#include "web_help.h"

static struct test_web web;

static void put(const char *kind, enum record_audience audience, const char *json)
{
    struct writer_result out;
    check(test_put(&web.node, kind, audience, json, &out) == CAU_OK);
}

static struct str page(const char *query, enum lang lang, struct index_reader reader)
{
    struct ask *q = test_ask(&web, lang);
    struct str out;
    web.http.method = HTTP_GET;
    q->actor = actor_anonymous();
    q->reader = reader;
    check(http_read_query(&web.arena, str_of(query), 20, &web.http.query) == CAU_OK);
    portfolio_page(q);
    check(q->answer->status == 200 && !q->answer->body.failed);
    check(arena_copy(&web.arena, buf_str(&q->answer->body), &out) == CAU_OK);
    test_answered(&web);
    return out;
}

static bool says(struct str page, const char *words)
{
    return test_find(page, 0, words) < page.len;
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

static int stop(void **state)
{
    (void)state;
    clock_set_ms(0);
    test_web_end(&web);
    return 0;
}

static void what_is_late_and_what_comes_next(void **state)
{
    (void)state;
    struct str p = page("", LANG_EN, READER_PUBLIC);
    check(says(p, "2 projects and programmes") && says(p, "1 late"));
    check(says(p, ">Laboratory</a>") && says(p, "Next: <span >Launch</span> (May 2020)"));
    check(says(p, "1 milestone is late.") && says(p, ">Exchange</a>"));
    check(says(p, ">Joint committee</th>") && says(p, ">outside any mechanism</th>"));
    check(!says(p, "Closed") && !says(p, "Sweden"));
    check(says(page("", LANG_RU, READER_ALL), "3 проекта и программы"));
    check(says(page("late=1", LANG_EN, READER_PUBLIC), "1 project or programme"));
}

static void filters_by_country_state_and_mechanism(void **state)
{
    (void)state;
    struct str p = page("country=KR", LANG_EN, READER_PUBLIC);
    check(says(p, "1 project or programme") && !says(p, ">Laboratory</a>"));
    /* Fields are counted under the same filter, and lead to the search. */
    check(says(p, "field=FORD:5%2A"));
    check(!says(p, "field=FORD:2"));
    check(says(page("state=under_way", LANG_EN, READER_PUBLIC), ">Laboratory</a>"));
    p = page("mechanism=none", LANG_EN, READER_PUBLIC);
    check(says(p, ">Exchange</a>") && !says(p, ">Laboratory</a>"));
    p = page("mechanism=m&state=none", LANG_VI, READER_PUBLIC);
    check(says(p, "0 dự án") && says(p, "Không có dự án"));
    /* What is not understood is left out. */
    check(says(page("country=%3Cb&state=x&mechanism=y&page=99999", LANG_EN, READER_PUBLIC),
               "2 projects and programmes"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_late_and_what_comes_next),
        cmocka_unit_test(filters_by_country_state_and_mechanism),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
