#include "domain/report/report.h"

#include "report_help.h"
#include "test.h"

static struct report make(struct test_report *t, int year, const char *country,
                          struct index_reader reader)
{
    struct report r;
    struct actor nobody = actor_anonymous();
    struct report_ask ask = {year, desk_country_of(str_of(country)),
                             reader.audiences == 1 ? &nobody : &t->actor, reader};
    check(report_make(t->view, &t->node.a, t->desk, node_kinds(t->node.n), &ask, &r) == CAU_OK);
    return r;
}

static void check_total(const struct report *r, enum report_measure measure, const char *value,
                        size_t partners, const char *third)
{
    const struct report_figures *list = &r->total[measure];
    check(list->n == 1 && list->figure[0].n == 1);
    check(str_is(value_get_str(list->figure[0].value[0], "value"), value));
    const struct value *named = value_get(&list->figure[0].record.payload, "partners");
    check(named->n == partners && str_is(named->item[2].string, third));
    check(value_get(&list->figure[0].record.payload, "sources")->n > 0);
}

static bool has(struct test_report *t, const struct report_rows *rows, const char *external_id)
{
    uint32_t doc = view_find(t->view, READER_ALL, str_of(external_id));
    for (size_t i = 0; i < rows->n; i++)
        if (rows->row[i]->doc == doc)
            return true;
    return false;
}

static void the_year_2019_as_it_was_published(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct report r = make(&t, 2019, "VN", READER_PUBLIC);
    check_total(&r, REPORT_MEASURE_AGREEMENTS, "7", 4, "CH");
    check_total(&r, REPORT_MEASURE_JOINT_COMMITTEES, "9", 3, "BY");
    check_total(&r, REPORT_MEASURE_COMMISSIONS, "5", 6, "MN");

    /* What is recorded one by one is another number, and stands for itself. */
    check(r.count[REPORT_AGREEMENTS].n == 0 && r.count[REPORT_COMMISSIONS].n == 0);
    check(r.count[REPORT_JOINT_COMMITTEES].n == 3);
    check(has(&t, &r.count[REPORT_JOINT_COMMITTEES], "demo-session-2019-jc-germany"));
    check(has(&t, &r.undated[REPORT_UNDATED_COMPLETED], "demo-programme-ipp2"));
    check(r.undated[REPORT_UNDATED_UNDER_WAY].n == 3);
    check(has(&t, &r.undated[REPORT_UNDATED_UNDER_WAY], "demo-project-vkist"));
    check(has(&t, &r.undated[REPORT_UNDATED_UNDER_WAY], "demo-programme-first"));
    check(has(&t, &r.undated[REPORT_UNDATED_UNDER_WAY], "demo-project-digital-economy"));
    check(has(&t, &r.undated[REPORT_UNDATED_AGREEMENTS], "demo-agreement-2019-carried-on"));
    check(has(&t, &r.undated[REPORT_UNDATED_MULTILATERAL], "demo-mechanism-multilateral"));
    check(has(&t, &r.count[REPORT_BEGUN], "demo-project-siemens-2019"));
    check(r.newest_ms > 0 && !r.interests.may);
    /* Nobody says that it went on. */
    check(make(&t, 2020, "VN", READER_PUBLIC).count[REPORT_RUNNING].n == 0);
    test_report_end(&t);
}

static void groups_by_partner_type_and_mechanism(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct report r = make(&t, 2019, "VN", READER_PUBLIC);
    struct report_group *group;
    size_t n;
    check(report_group(&t.node.a, t.desk, &r, REPORT_JOINT_COMMITTEES, REPORT_BY_PARTNER,
                       &group, &n) == CAU_OK);
    check(n == 3 && group[0].key == desk_country_of(STR("BY")) && group[0].rows.n == 1);
    check(report_group(&t.node.a, t.desk, &r, REPORT_JOINT_COMMITTEES, REPORT_BY_MECHANISM,
                       &group, &n) == CAU_OK);
    check(n == 3 && group[0].key != 0);
    r = make(&t, 2021, "VN", READER_PUBLIC);
    check(r.count[REPORT_COMMITMENTS].n == 4);
    check(report_group(&t.node.a, t.desk, &r, REPORT_COMMITMENTS, REPORT_BY_TYPE, &group, &n) ==
          CAU_OK);
    check(n == 4 && group[0].key == 0 && group[0].rows.n == 1);
    check(r.count[REPORT_KEPT].n == 0 && r.count[REPORT_OVERDUE].n == 0);
    test_report_end(&t);
}

static void figures_of_both_sides(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct report r = make(&t, 2024, "VN", READER_PUBLIC);
    size_t trade = 0;
    for (size_t i = 0; i < r.figures.n; i++)
        if (str_is(r.figures.figure[i].record.external_id, "demo-indicator-trade")) {
            trade++;
            check(r.figures.figure[i].n == 1);
            check(str_is(value_get_str(r.figures.figure[i].value[0], "side"), "RU"));
        }
    check(trade == 1);
    check(make(&t, 1899 + 1, "VN", READER_PUBLIC).figures.n == 0);
    test_report_end(&t);
}

static const char agreement[] = "{'agreement_kind':'memorandum','countries':['KR','VN'],"
                                "'external_id':'a-1','signed':'2019-05','status':'in_force',"
                                "'title':{'en':'Memorandum'}}";
static const char gone[] = "{'agreement_kind':'memorandum','countries':['KR','VN'],"
                           "'external_id':'a-1','signed':'2019-05','title':{'en':'Memorandum'},"
                           "'withdrawn':'error'}";

static void a_withdrawn_record_changes_the_number_and_it_says_so(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct writer_result a;
    test_report_give(&t);
    check(test_put(&t.node, "agreement", RECORD_PUBLIC, agreement, &a) == CAU_OK);
    test_report_take(&t);
    struct report r = make(&t, 2019, "VN", READER_PUBLIC);
    check(r.count[REPORT_AGREEMENTS].n == 1 && r.count[REPORT_WITHDRAWN].n == 0);
    check(make(&t, 2019, "KR", READER_PUBLIC).count[REPORT_AGREEMENTS].n == 1);
    check(make(&t, 2018, "VN", READER_PUBLIC).count[REPORT_AGREEMENTS].n == 0);
    check_total(&r, REPORT_MEASURE_AGREEMENTS, "7", 4, "CH"); /* never added together */
    test_report_give(&t);
    check(test_again(&t.node, "agreement", RECORD_PUBLIC, gone, &a) == CAU_OK);
    test_report_take(&t);
    r = make(&t, 2019, "VN", READER_PUBLIC);
    check(r.count[REPORT_AGREEMENTS].n == 0 && r.count[REPORT_WITHDRAWN].n == 1);
    check(r.count[REPORT_WITHDRAWN].row[0]->doc == a.doc);
    test_report_end(&t);
}

/* Done by Russia in 2018 and said again in 2020; by Viet Nam in 2019. */
static const char spoken[] =
    "{'countries':['RU','VN'],'due':'2019-06','example':true,'external_id':'c-1','force':'"
    "agreed',"
    "'said_on':'2018','side':['RU','VN'],"
    "'statuses':[{'date':'2018-03','side':'RU','status':'done'},"
    "{'date':'2019-05','side':'VN','status':'done'},"
    "{'date':'2020','side':'RU','status':'done'}],'title':{'en':'Kept'}}";
static const char silent[] =
    "{'countries':['RU','VN'],'due':'2019','external_id':'c-2','force':'directed',"
    "'said_on':'2018','side':['RU'],'statuses':[{'date':'2020-01-02','side':'RU','status':"
    "'done'}],'title':{'en':'Late'}}";

static void commitments_as_they_stood_at_the_years_end(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct writer_result c;
    test_report_give(&t);
    check(test_put(&t.node, "commitment", RECORD_PUBLIC, spoken, &c) == CAU_OK);
    check(test_put(&t.node, "commitment", RECORD_PUBLIC, silent, &c) == CAU_OK);
    test_report_take(&t);
    struct report r = make(&t, 2018, "VN", READER_PUBLIC);
    check(r.count[REPORT_COMMITMENTS].n == 2 && r.count[REPORT_KEPT].n == 0);
    check(r.count[REPORT_OVERDUE].n == 0);
    r = make(&t, 2019, "RU", READER_PUBLIC);
    check(has(&t, &r.count[REPORT_KEPT], "c-1") && r.count[REPORT_KEPT].n == 1);
    check(has(&t, &r.count[REPORT_OVERDUE], "c-2") && r.count[REPORT_OVERDUE].n == 1);
    check(r.count[REPORT_EXAMPLES].n == 1 && has(&t, &r.count[REPORT_EXAMPLES], "c-1"));
    r = make(&t, 2020, "VN", READER_PUBLIC);
    check(has(&t, &r.count[REPORT_KEPT], "c-2") && r.count[REPORT_KEPT].n == 1);
    check(r.count[REPORT_OVERDUE].n == 0);
    test_report_end(&t);
}

static void what_a_reader_may_not_see_is_not_counted(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct writer_result c;
    test_report_give(&t);
    check(test_put(&t.node, "commitment", RECORD_PRIVATE, silent, &c) == CAU_OK);
    test_report_take(&t);
    check(make(&t, 2018, "VN", READER_PUBLIC).count[REPORT_COMMITMENTS].n == 0);
    check(make(&t, 2018, "VN", READER_ALL).count[REPORT_COMMITMENTS].n == 1);
    check(make(&t, 2019, "VN", READER_PUBLIC).count[REPORT_OVERDUE].n == 0);
    check(make(&t, 2019, "VN", READER_ALL).count[REPORT_OVERDUE].n == 1);
    check(make(&t, 2019, "VN", READER_ALL).interests.may);
    test_report_end(&t);
}

/* Expressed in 2025, in talks in 2026, a contract in 2026. */
static const char interest[] =
    "{'country':['RU','VN'],'from':'r:aaaaaaaaaaaaaaaaaaaaaaaaaa','history':["
    "{'on':'2025-05-01','stage':'interest'},{'on':'2025-06-01','stage':'contact'},"
    "{'on':'2025-07-01','stage':'contact'},{'on':'2026-01-02','stage':'talks'},"
    "{'on':'2026-03-04','stage':'contract'}],'of':'demo-need-vaccine','opened_on':'2025-05-01',"
    "'stage':'contract','title':{'en':'Interest'}}";

static void interests_for_those_who_may_follow_them(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct writer_result i;
    test_report_give(&t);
    check(test_put(&t.node, "interest", RECORD_PRIVATE, interest, &i) == CAU_OK);
    test_report_take(&t);
    struct report r = make(&t, 2025, "VN", READER_ALL);
    check(r.interests.may && r.interests.begun.all == 1 && r.interests.begun.doc[0] == i.doc);
    check(r.interests.reached[INTEREST_CONTACT].all == 1); /* a second word is a note */
    check(r.interests.reached[INTEREST_TALKS].all == 0);
    r = make(&t, 2026, "RU", READER_ALL);
    check(r.interests.begun.all == 0 && r.interests.reached[INTEREST_TALKS].all == 1);
    check(r.interests.reached[INTEREST_CONTRACT].all == 1);
    check(make(&t, 2026, "KR", READER_ALL).interests.reached[INTEREST_CONTRACT].all == 0);
    r = make(&t, 2025, "VN", READER_PUBLIC);
    check(!r.interests.may && r.interests.begun.all == 0);
    test_report_end(&t);
}

static void years_and_countries_to_choose_from(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct report_choices c;
    check(report_choose_from(&t.node.a, t.desk, READER_PUBLIC, desk_country_of(STR("VN")),
                             &c) == CAU_OK);
    check(c.dated && c.first == 1950 && c.last == 2024);
    check(c.n > 3 && c.country[0] == desk_country_of(STR("VN")) &&
          c.country[1] == desk_country_of(STR("RU")));
    check(report_choose_from(&t.node.a, t.desk, READER_PUBLIC, desk_country_of(STR("PT")),
                             &c) == CAU_OK);
    check(!c.dated && c.n > 3);
    struct report r = {.year = 7};
    struct report_ask ask = {REPORT_YEAR_MAX + 1, desk_country_of(STR("VN")), &t.actor,
                             READER_ALL};
    check(report_make(t.view, &t.node.a, t.desk, node_kinds(t.node.n), &ask, &r) ==
          CAU_ERR_RANGE);
    ask = (struct report_ask){2019, 0, &t.actor, READER_ALL};
    check(report_make(t.view, &t.node.a, t.desk, node_kinds(t.node.n), &ask, &r) ==
          CAU_ERR_UNKNOWN);
    check(r.year == 7);
    test_report_end(&t);
}

/* Carried over and split, a promise is still one. */
static void a_commitment_is_counted_once(void **state)
{
    (void)state;
    struct test_report t = {.node = test_make()};
    struct writer_result out;
    static const char *const json[] = {
        "{'countries':['VN','RU'],'due':'2019-06','external_id':'whole','said_on':'2019-01-10',"
        "'statuses':[{'date':'2019-09-01','side':'VN','status':'moved'}],'title':{'en':'A'}}",
        "{'carried_from':'whole','countries':['VN','RU'],'due':'2019-12','external_id':'next',"
        "'said_on':'2019-09-01','title':{'en':'A'}}",
        "{'countries':['VN','RU'],'due':'2019-11','part_of':'next','said_on':'2019-09-01',"
        "'statuses':[{'date':'2019-10-01','side':'VN','status':'done'}],'title':{'en':'B'}}",
        "{'carried_from':'not "
        "here','countries':['VN','RU'],'said_on':'2019','title':{'en':'C'}}",
    };
    for (size_t i = 0; i < countof(json); i++)
        check(test_put(&t.node, "commitment", RECORD_PUBLIC, json[i], &out) == CAU_OK);
    test_report_open(&t);
    struct report r = make(&t, 2019, "VN", READER_PUBLIC);
    check(r.count[REPORT_COMMITMENTS].n ==
          2); /* the first, and the one whose first is not here */
    check(r.count[REPORT_KEPT].n == 0 && r.count[REPORT_OVERDUE].n == 1);
    test_report_end(&t);
}

/* One indicator, undated record or interest over what is kept: counted, so that the report can say it. */
static void limits_are_counted(void **state)
{
    (void)state;
    struct test_report t = {.node = test_make()};
    test_put_each(&t.node, "indicator", RECORD_PUBLIC,
                  "{'countries':['VN','RU'],'external_id':'i-#','latest':'2024',"
                  "'title':{'en':'I'},'values':[{'period':'2024','side':'VN','value':'1'}]}",
                  REPORT_FIGURES_MAX);
    test_put_each(&t.node, "agreement", RECORD_PUBLIC,
                  "{'countries':['VN','RU'],'external_id':'a-#','sources':"
                  "[{'date':'2024-05-01','title':'S'}],'title':{'en':'A'}}",
                  REPORT_UNDATED_MAX);
    test_put_each(&t.node, "interest", RECORD_PRIVATE,
                  "{'country':['RU','VN'],'external_id':'x-#','history':"
                  "[{'on':'2024-05-01','stage':'interest'},"
                  "{'on':'2024-06-01','stage':'contact'}],'of':'n','opened_on':'2024-05-01',"
                  "'title':{'en':'X'}}",
                  REPORT_INTERESTS_MAX);
    test_report_open(&t);
    for (size_t more = 0; more < 2; more++) {
        struct report r = make(&t, 2024, "VN", READER_ALL);
        check(r.figures.n == REPORT_FIGURES_MAX && r.figures.more == more);
        check(r.undated[REPORT_UNDATED_AGREEMENTS].n == REPORT_UNDATED_MAX);
        check(r.undated_left == more);
        const struct report_docs *begun = &r.interests.begun,
                                 *contact = &r.interests.reached[INTEREST_CONTACT];
        check(begun->n == REPORT_INTERESTS_MAX && begun->all == begun->n + more);
        check(contact->n == REPORT_INTERESTS_MAX && contact->all == begun->all);
        if (more == 1)
            break;
        struct writer_result one;
        test_report_give(&t);
        check(test_put(&t.node, "indicator", RECORD_PUBLIC,
                       "{'countries':['VN','RU'],'latest':'2024','title':{'en':'I'},"
                       "'values':[{'period':'2024','side':'VN','value':'1'}]}",
                       &one) == CAU_OK);
        check(test_put(&t.node, "agreement", RECORD_PUBLIC,
                       "{'countries':['VN','RU'],'sources':[{'date':'2024-05-01','title':'S'}],"
                       "'title':{'en':'A'}}",
                       &one) == CAU_OK);
        check(test_put(&t.node, "interest", RECORD_PRIVATE,
                       "{'country':['RU','VN'],'history':[{'on':'2024-05-01','stage':"
                       "'interest'},{'on':'2024-06-01','stage':'contact'}],'of':'n',"
                       "'opened_on':'2024-05-01','title':{'en':'X'}}",
                       &one) == CAU_OK);
        test_report_take(&t);
    }
    test_report_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_year_2019_as_it_was_published),
        cmocka_unit_test(groups_by_partner_type_and_mechanism),
        cmocka_unit_test(figures_of_both_sides),
        cmocka_unit_test(a_withdrawn_record_changes_the_number_and_it_says_so),
        cmocka_unit_test(commitments_as_they_stood_at_the_years_end),
        cmocka_unit_test(a_commitment_is_counted_once),
        cmocka_unit_test(what_a_reader_may_not_see_is_not_counted),
        cmocka_unit_test(interests_for_those_who_may_follow_them),
        cmocka_unit_test(years_and_countries_to_choose_from),
        cmocka_unit_test(limits_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
