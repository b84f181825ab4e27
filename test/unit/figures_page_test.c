#include "test.h"
#include "web/desk/desk_pages.h"
#include "web_help.h"

static void put(enum record_audience audience, const char *json)
{
    struct writer_result out;
    check(test_put(&web.node, "indicator", audience, json, &out) == CAU_OK);
}

/* Trade of two sides, one of them silent in the newest year; a target; a figure of no side; a private one. */
static int start(void **state)
{
    (void)state;
    test_web_make(&web);
    put(RECORD_PUBLIC,
        "{'countries':['VN','RU'],'external_id':'trade','latest':'2024','measure':'trade',"
        "'title':{'en':'Trade'},'unit':{'en':'US dollars'},'values':["
        "{'period':'2023','side':'VN','value':'3630000000'},"
        "{'period':'2023','side':'RU','value':'5000000000'},"
        "{'period':'2024','qualifier':'nearly','side':'RU','value':'6000000000'},"
        "{'period':'2030','side':'VN','target':true,'value':'15000000000'}]}");
    put(RECORD_PUBLIC,
        "{'countries':['VN','RU'],'external_id':'projects','latest':'2025','measure':"
        "'investment_projects','title':{'en':'Projects'},'unit':{'en':'projects'},'values':["
        "{'period':'2025','qualifier':'about','value':'200'}]}");
    put(RECORD_PUBLIC, "{'countries':['DE'],'external_id':'other','latest':'2020',"
                       "'title':{'en':'Of Germany'},'values':[{'period':'2020','value':'1'}]}");
    put(RECORD_PRIVATE, "{'countries':['VN','RU'],'external_id':'hidden','latest':'2025',"
                        "'measure':'trade','title':{'en':'Hidden'},'values':["
                        "{'period':'2025','side':'VN','value':'1'},"
                        "{'period':'2025','side':'RU','value':'2'}]}");
    return 0;
}

/* The page as everyone sees it. */
static struct str page(const char *const query[][2], size_t n)
{
    struct ask *q = test_ask(&web, LANG_EN);
    struct http_field *field = arena_take(q->arena, 8 * sizeof *field);
    for (size_t i = 0; i < n; i++)
        field[i] = (struct http_field){str_of(query[i][0]), str_of(query[i][1])};
    web.http.query = (struct http_fields){field, n};
    q->reader = READER_PUBLIC;
    figures_page(q);
    check(q->answer->status == 200);
    return buf_str(&q->answer->body);
}

static bool has(struct str x, const char *word)
{
    return test_find(x, 0, word) < x.len;
}

static void newest_figures_gap_and_target_stand_in_a_row(void **state)
{
    (void)state;
    struct str x = page(NULL, 0);
    check(has(x, "3 indicators") && !has(x, "Hidden"));
    check(has(x, "3.63\xC2\xA0"
                 "billion US dollars") &&
          has(x, "nearly 6\xC2\xA0"
                 "billion US dollars"));
    check(has(x, "1.37\xC2\xA0"
                 "billion") &&
          has(x, "27.4 % of the higher figure"));
    check(has(x, "15\xC2\xA0"
                 "billion US dollars") &&
          has(x, "Side not stated"));
    check(has(x, "Not classified") && has(x, "format=sdmx"));
    test_answered(&web);
}

static void filters_narrow_it(void **state)
{
    static const char *const pair[][2] = {{"a", "VN"}, {"b", "RU"}};
    static const char *const trade[][2] = {{"measure", "trade"}, {"page", "7"}};
    static const char *const differ[][2] = {{"differ", "1"}, {"a", "nowhere"}};
    (void)state;
    check(has(page(pair, 2), "2 indicators"));
    test_answered(&web);
    struct str x = page(trade, 2); /* no such page: the first */
    check(has(x, "1 indicator<") && has(x, "value=\"trade\" selected"));
    test_answered(&web);
    x = page(differ, 2);
    check(has(x, "1 indicator<") && has(x, ">Trade</a>") && has(x, "value=\"1\" checked"));
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(newest_figures_gap_and_target_stand_in_a_row),
        cmocka_unit_test(filters_narrow_it),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
