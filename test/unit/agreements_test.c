#include "web/desk/desk_pages.h"
#include "web/part/agreement_rows.h"
#include "web/record/record_pages.h"

#include "test.h"
#include "web_help.h"

static void put(const char *kind, enum record_audience audience, const char *json,
                struct writer_result *out)
{
    struct writer_result ignored;
    check(test_put(&web.node, kind, audience, json, out == NULL ? &ignored : out) == CAU_OK);
}

static void set_day(const char *iso)
{
    struct clock_date d;
    check(clock_read_date(str_of(iso), &d) == CAU_OK);
    clock_set_ms(clock_ms_of(d));
}

static struct ask *begin(enum lang lang, struct index_reader reader)
{
    struct ask *q = test_ask(&web, lang);
    web.http.method = HTTP_GET;
    q->actor = actor_anonymous();
    q->reader = reader;
    return q;
}

static struct str end(struct ask *q)
{
    struct str page;
    check(q->answer->status == 200 && !q->answer->body.failed);
    check(arena_copy(&web.arena, buf_str(&q->answer->body), &page) == CAU_OK);
    test_answered(&web);
    return page;
}

static struct str overview(const char *query, enum lang lang, struct index_reader reader)
{
    struct ask *q = begin(lang, reader);
    check(http_read_query(&web.arena, str_of(query), 20, &web.http.query) == CAU_OK);
    agreements_page(q);
    return end(q);
}

static struct str page_of(const struct writer_result *r, struct index_reader reader)
{
    struct ask *q = begin(LANG_EN, reader);
    check(arena_copy(&web.arena, (struct str){r->id, sizeof r->id}, &q->part[1]) == CAU_OK);
    record_page_show(q);
    return end(q);
}

static size_t count(struct str page, const char *words)
{
    size_t n = 0;
    for (size_t at = 0; (at = test_find(page, at, words)) < page.len; at++)
        n++;
    return n;
}

static int start(void **state)
{
    (void)state;
    test_web_make(&web);
    put("agreement", RECORD_PUBLIC,
        "{'agreement_kind':'agreement','countries':['VN','RU'],'external_id':'a-1',"
        "'signed':'1959-03-07','title':{'en':'Old agreement'}}",
        NULL);
    put("agreement", RECORD_PUBLIC,
        "{'agreement_kind':'protocol','countries':['VN','RU'],'expires':'2021-03',"
        "'external_id':'a-2','in_force':'2011','links':[{'rel':'implements','to':'a-1'}],"
        "'signed':'2011','status':'in_force','title':{'en':'Second paper'}}",
        NULL);
    put("agreement", RECORD_PUBLIC,
        "{'countries':['VN','KR'],'expires':'2021-03','renewed':'2020-02','signed':'2019',"
        "'status':'terminated','title':{'en':'Given up'}}",
        NULL);
    put("agreement", RECORD_PRIVATE,
        "{'countries':['VN','SE'],'expires':'2020-12','signed':'2019','title':{'en':'Closed'}}",
        NULL);
    return 0;
}

static void what_expires_and_what_does_not_agree(void **state)
{
    (void)state;
    set_day("2020-06-01");
    struct str page = overview("", LANG_EN, READER_PUBLIC);
    check(test_says(page, "3 documents") && test_says(page, "In force; until March 2021"));
    check(!test_says(page, "Closed") &&
          !test_says(page, "Sweden")); /* not listed, not counted */
    check(!test_says(page, "To be checked"));
    check(count(page, ">Second paper</a>") == 2); /* it expires, and is among the documents */
    check(count(page, ">Given up</a>") == 1);
    check(test_says(page, "Implements: ") && test_says(page, "Viet Nam – Russian Federation"));
    check(!test_says(page, "style=\""));
    check(count(overview("", LANG_EN, READER_ALL), ">Closed</a>") == 2);

    set_day("2021-04-01"); /* every day it may end on has passed */
    page = overview("", LANG_EN, READER_PUBLIC);
    check(test_says(page, "To be checked") && test_says(page, "do not agree"));
    set_day("2021-03-31");
    check(!test_says(overview("", LANG_EN, READER_PUBLIC), "To be checked"));
}

static void filters_lead_to_the_documents_counted(void **state)
{
    (void)state;
    set_day("2025-06-01");
    struct str page = overview("partner=RU", LANG_EN, READER_PUBLIC);
    check(test_says(page, "2 documents") && !test_says(page, ">Given up<"));
    check(test_says(page, "href=\"/en/agreements?year=1959&amp;partner=RU\""));
    check(test_says(page, "/en/agreement?country=RU")); /* the same in the search */
    page = overview("year=2019", LANG_EN, READER_PUBLIC);
    check(test_says(page, "1 document") && test_says(page, ">Given up<") &&
          !test_says(page, ">Second paper<"));
    page = overview("year=2011&partner=RU&kind=protocol", LANG_EN, READER_PUBLIC);
    check(test_says(page, "1 document") && test_says(page, ">Second paper<"));
    check(!test_says(page, "the same in the search")); /* it cannot ask for a kind */
    /* What is not understood is left out. */
    check(
        test_says(overview("year=12345&partner=%3Cb%3E&kind=x&page=9", LANG_EN, READER_PUBLIC),
                  "3 documents"));
    check(test_says(overview("partner=none", LANG_VI, READER_PUBLIC), "0 văn kiện"));
}

static void a_chain_stands_on_its_page(void **state)
{
    (void)state;
    struct writer_result r, alone;
    set_day("2020-06-01");
    put("agreement", RECORD_PUBLIC,
        "{'external_id':'a-3','links':[{'rel':'amends','to':'a-2'}],'signed':'2015-05-05',"
        "'title':{'en':'Amendment'}}",
        &r);
    put("agreement", RECORD_PUBLIC, "{'expires':'2020-12','title':{'en':'Alone'}}", &alone);
    struct str page = page_of(&r, READER_PUBLIC);
    check(test_says(page, "Related documents and projects"));
    check(test_find(page, 0, ">Old agreement<") < test_find(page, 0, ">Second paper<"));
    check(count(page, "aria-current=\"true\" ") >= 1 &&
          test_says(page, "cau-time-table__here"));
    page = page_of(&alone, READER_PUBLIC);
    check(!test_says(page, "Related documents and projects"));
    check(test_says(page, "It expires within twelve months."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_expires_and_what_does_not_agree),
        cmocka_unit_test(filters_lead_to_the_documents_counted),
        cmocka_unit_test(a_chain_stands_on_its_page),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
