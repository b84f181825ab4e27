#include "web/record/record_int.h"

#include "test.h"
#include "web_help.h"

static void put(const char *kind, enum record_audience audience, const char *json,
                struct writer_result *out)
{
    check(test_put(&web.node, kind, audience, json, out) == CAU_OK);
}

/* The page of a record as that reader sees it on a day. */
static struct str page_of(const struct writer_result *r, enum lang lang,
                          struct index_reader reader, const char *day)
{
    struct clock_date d;
    check(clock_read_date(str_of(day), &d) == CAU_OK);
    clock_set_ms(clock_ms_of(d));
    struct ask *q = test_ask(&web, lang);
    q->http->method = HTTP_GET;
    q->actor = actor_anonymous();
    q->reader = reader;
    check(arena_copy(&web.arena, (struct str){r->id, sizeof r->id}, &q->part[1]) == CAU_OK);
    record_page_show(q);
    check(q->answer->status == 200 && !q->answer->body.failed);
    struct str page;
    check(arena_copy(&web.arena, buf_str(&q->answer->body), &page) == CAU_OK);
    test_answered(&web);
    return page;
}

static size_t place(struct str page, const char *words)
{
    check(test_says(page, words));
    return test_find(page, 0, words);
}

static void a_project_from_agreement_to_owner(void **state)
{
    (void)state;
    struct writer_result r;
    test_web_make(&web);
    put("agreement", RECORD_PUBLIC,
        "{'external_id':'a-1','signed':'2011-11-21','title':{'en':'Main agreement'}}", &r);
    put("agreement", RECORD_PUBLIC,
        "{'external_id':'a-2','links':[{'rel':'implements','to':'a-1'}],'signed':'2014',"
        "'title':{'en':'Protocol'}}",
        &r);
    put("agreement", RECORD_PRIVATE,
        "{'external_id':'a-3','signed':'2015','title':{'en':'Closed paper'}}", &r);
    put("organization", RECORD_PUBLIC, "{'external_id':'o-1','name':{'en':['The ministry']}}",
        &r);
    put("project", RECORD_PUBLIC, "{'basis':['a-1'],'title':{'en':'Another project'}}", &r);
    put("project", RECORD_PUBLIC,
        "{'basis':['a-2','a-3'],'decisions':[{'on':'2018','title':{'en':'Approval'}}],"
        "'ends':'2020-06',"
        "'milestones':[{'actual':'2018-02','planned':'2018','title':{'en':'Design'}},"
        "{'planned':'2019-01-31','title':{'ru':'Пуск'}}],"
        "'money':[{'amount':{'amount':'1.5','currency':'RUB'},'kind':'committed','side':'RU'},"
        "{'amount':{'amount':'2.25','currency':'RUB'},'kind':'committed','side':'RU'},"
        "{'amount':{'amount':'7','currency':'VND'},'kind':'disbursed','side':'VN'}],"
        "'owner':'o-1','risks':[{'level':'low','risk':{'en':'Rain'}},"
        "{'level':'high','risk':{'en':'Fire <b>'}}],"
        "'site':{'en':'Long Khanh'},'status':'under_way','title':{'en':'The centre'}}",
        &r);

    struct str page = page_of(&r, LANG_EN, READER_PUBLIC, "2019-02-02");
    check(place(page, ">Main agreement<") < place(page, ">Protocol<"));
    check(place(page, ">Protocol<") < place(page, ">Approval<"));
    check(place(page, ">Approval<") < place(page, ">Long Khanh<"));
    check(place(page, ">Long Khanh<") < place(page, ">The ministry<"));
    check(!test_says(page, "Closed paper")); /* not his to see */
    check(!test_says(page,
                     "Another project")); /* rests on the same, but this does not rest on it */
    check(test_says(page, "1 of 2 milestones reached.") &&
          test_says(page, "at least 2 days past"));
    check(test_says(page, "lang=\"ru\" >Пуск<") || test_says(page, "lang=\"ru\">Пуск<"));
    check(!test_says(page, "was to end"));
    check(test_says(page, ">3.75<") && test_says(page, ">7<"));
    check(place(page, "Fire &lt;b&gt;") < place(page, ">Rain<")); /* the gravest first */
    check(test_says(page, "<svg") && test_says(page, "cau-time__late"));
    check(!test_says(page, "style=\""));

    check(test_says(page_of(&r, LANG_EN, READER_PUBLIC, "2020-07-01"),
                    "was to end by June 2020"));
    check(test_says(page_of(&r, LANG_VI, READER_ALL, "2019-01-31"), "Closed paper"));
    check(!test_says(page_of(&r, LANG_EN, READER_PUBLIC, "2019-01-31"), "past the plan"));
    clock_set_ms(0);
    test_web_end(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_project_from_agreement_to_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
