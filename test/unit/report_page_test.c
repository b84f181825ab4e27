#include "report_help.h"
#include "test.h"
#include "web/desk/desk_pages.h"
#include "web_help.h"

static struct index_reader reader = {1, 0}; /* who asks; sees the public log */

static int start(void **state)
{
    (void)state;
    test_web_make(&web);
    test_load(&web.node, STR("demo/facts.jsonl"));
    return 0;
}

/* A page of a place in its address and a query, for a reader who is not signed in; its status. */
static unsigned ask(void (*answer)(struct ask *q), enum lang lang, const char *place,
                    const char *query, struct str *out)
{
    struct ask *q = test_ask(&web, lang);
    web.http.method = HTTP_GET;
    q->actor = actor_anonymous();
    q->reader = reader;
    q->part[1] = str_of(place);
    check(http_read_query(&web.arena, str_of(query), 20, &web.http.query) == CAU_OK);
    answer(q);
    check(arena_copy(&web.arena, buf_str(&q->answer->body), out) == CAU_OK);
    for (size_t i = 0; i < q->answer->headers; i++)
        if (q->answer->status == 303 && str_is(q->answer->header[i].name, "Location"))
            check(arena_copy(&web.arena, q->answer->header[i].value, out) == CAU_OK);
    unsigned status = q->answer->status;
    test_answered(&web);
    return status;
}

static void the_report_of_a_year(void **state)
{
    (void)state;
    struct str page;
    check(ask(report_page, LANG_EN, "2019", "", &page) == 200);
    check(test_says(page,
                    "International cooperation in science, technology and innovation: Viet "
                    "Nam, 2019"));
    check(test_says(page, "cooperation documents were signed in 2019"));
    check(test_says(page, "<option value=\"2019\" selected") &&
          test_says(page, "<option value=\"2024\""));
    check(test_says(page, "<option value=\"VN\" selected") &&
          test_says(page, "<option value=\"RU\""));
    check(test_says(page, "href=\"/en/report/2019?country=VN&amp;format=docx\""));
    check(test_says(page, "href=\"/en/portrait/country/BY\""));
    check(ask(report_page, LANG_RU, "2024", "country=RU", &page) == 200);
    check(test_says(page, "Россия, 2024 год") && test_says(page, "не указано"));
    check(ask(report_page, LANG_VI, "2019", "country=VN&format=csv", &page) == 200);
    check(test_says(page, "Số liệu") && test_says(page, "22 tháng 4 năm 2020"));
}

/* A page is kept until something is written, and for those who see the same. */
static void a_kept_report_is_neither_old_nor_for_others(void **state)
{
    (void)state;
    struct writer_result r;
    struct str page;
    static const char agreement[] = "{'agreement_kind':'memorandum','countries':['KR','VN'],"
                                    "'signed':'2011','title':{'en':'Kept memorandum'}}";
    check(ask(report_page, LANG_EN, "2011", "country=KR", &page) == 200);
    check(!test_says(page, "Kept memorandum"));
    check(test_put(&web.node, "agreement", RECORD_PRIVATE, agreement, &r) == CAU_OK);
    check(ask(report_page, LANG_EN, "2011", "country=KR", &page) == 200);
    check(!test_says(page, "Kept memorandum"));
    reader = READER_ALL;
    check(ask(report_page, LANG_EN, "2011", "country=KR", &page) == 200);
    check(test_says(page, "Kept memorandum"));
    reader = READER_PUBLIC;
    check(ask(report_page, LANG_EN, "2011", "country=KR", &page) == 200);
    check(!test_says(page, "Kept memorandum"));
    check(test_again(&web.node, "agreement", RECORD_PUBLIC, agreement, &r) == CAU_OK);
    for (int i = 0; i < 2; i++) { /* made, then kept */
        check(ask(report_page, LANG_EN, "2011", "country=KR", &page) == 200);
        check(test_says(page, "Kept memorandum"));
    }
}

static void what_there_is_no_report_of(void **state)
{
    (void)state;
    struct str page;
    check(ask(report_page, LANG_EN, "1899", "", &page) == 404);
    check(ask(report_page, LANG_EN, "3000", "", &page) == 404);
    check(ask(report_page, LANG_EN, "2019", "country=XX", &page) == 404);
    check(ask(report_page, LANG_EN, "2019", "country=vn", &page) == 404);
    check(ask(report_page, LANG_EN, "4294967295", "", &page) == 404);
}

static void choosing_leads_to_an_address(void **state)
{
    (void)state;
    struct str to;
    check(ask(report_choose, LANG_VI, "", "year=2019&country=KR", &to) == 303);
    check(test_says(to, "/vi/report/2019?country=KR"));
    check(ask(report_choose, LANG_VI, "", "country=XX", &to) == 404);
    check(ask(report_choose, LANG_VI, "", "", &to) == 303);
    check(test_says(to, "/vi/report/20") && test_says(to, "?country=VN"));
}

static void portraits(void **state)
{
    (void)state;
    struct str page;
    check(ask(portrait_country, LANG_VI, "RU", "", &page) == 200);
    check(
        test_says(page, "<h1 class=\"govuk-heading-xl cau-office__title\">Liên bang Nga</h1>"));
    check(test_says(page, "href=\"/vi/portrait/country/RU?format=docx\""));
    check(ask(portrait_country, LANG_VI, "XX", "", &page) == 404);
    check(ask(portrait_field, LANG_RU, "2.7", "", &page) == 200);
    check(test_says(page, "Справка по направлению"));
    check(ask(portrait_field, LANG_RU, "FORD:2.7", "", &page) == 200);
    check(ask(portrait_field, LANG_RU, "99", "", &page) == 404);
    check(ask(portrait_country, LANG_RU, "VN", "format=docx", &page) == 200);
    check(str_starts(page, STR("PK")));
}

static const char *id_of(const char *external_id, char space[RECORD_ID_CHARS + 1])
{
    struct view *v = view_take(web.node.n);
    struct arena a = arena_new(1 << 20);
    struct view_record r;
    uint32_t doc = view_find(v, READER_ALL, str_of(external_id));
    check(view_get(v, &a, READER_ALL, doc, &r) == CAU_OK && r.id.len == RECORD_ID_CHARS);
    memcpy(space, r.id.p, r.id.len);
    space[r.id.len] = '\0';
    arena_free(&a);
    view_give(web.node.n, v);
    return space;
}

static void portraits_of_records(void **state)
{
    (void)state;
    char space[RECORD_ID_CHARS + 1];
    struct str page;
    check(ask(portrait_record, LANG_EN, id_of("demo-project-cnst", space), "", &page) == 200);
    check(test_says(page, "10 MW") && test_says(page, "/portrait?format=docx"));
    /* Other kinds have none: the record itself. */
    check(ask(portrait_record, LANG_EN, id_of("demo-agreement-2014", space), "", &page) == 303);
    check(test_says(page, space));
    check(ask(portrait_record, LANG_EN, "r:aaaaaaaaaaaaaaaaaaaaaaaaaa", "", &page) == 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_report_of_a_year),
        cmocka_unit_test(a_kept_report_is_neither_old_nor_for_others),
        cmocka_unit_test(what_there_is_no_report_of),
        cmocka_unit_test(choosing_leads_to_an_address),
        cmocka_unit_test(portraits),
        cmocka_unit_test(portraits_of_records),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
