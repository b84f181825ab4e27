#include "domain/desk/portrait.h"

#include "report_help.h"
#include "test.h"

static struct portrait_from from_of(const struct test_report *t, struct index_reader reader)
{
    return (struct portrait_from){t->view, t->node.n, t->desk, reader};
}

static struct portrait country(struct test_report *t, const char *code,
                               struct index_reader reader)
{
    struct portrait p;
    struct portrait_from from = from_of(t, reader);
    check(portrait_of_country(&from, &t->node.a, desk_country_of(str_of(code)), &p) == CAU_OK);
    return p;
}

static struct portrait record(struct test_report *t, const char *external_id)
{
    struct portrait p;
    struct portrait_from from = from_of(t, READER_PUBLIC);
    uint32_t doc = view_find(t->view, READER_PUBLIC, str_of(external_id));
    check(portrait_of_record(&from, &t->node.a, doc, &p) == CAU_OK);
    return p;
}

static uint32_t doc_of(const struct test_report *t, const char *external_id)
{
    return view_find(t->view, READER_ALL, str_of(external_id));
}

static void a_country(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct portrait p = country(&t, "RU", READER_PUBLIC);
    const struct portrait_list *agreements = &p.list[PORTRAIT_AGREEMENTS];
    check(agreements->all == 4 && agreements->n == PORTRAIT_LIST_MAX);
    check(agreements->doc[0] == doc_of(&t, "demo-agreement-2014")); /* the newest first */
    check(agreements->doc[1] == doc_of(&t, "demo-agreement-2011-cnst"));
    check(p.list[PORTRAIT_MECHANISMS].all == 2);
    check(p.list[PORTRAIT_COMMITMENTS].all == 5 && p.state[COMMITMENT_OPEN] == 5);
    check(p.list[PORTRAIT_NEEDS].n <= PORTRAIT_LIST_MAX && p.tallies <= PORTRAIT_TALLIES_MAX);
    check(country(&t, "PT", READER_PUBLIC).list[PORTRAIT_AGREEMENTS].all == 0);
    test_report_end(&t);
}

static void figures_of_both_sides_come_first(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct portrait p = country(&t, "VN", READER_PUBLIC);
    const struct portrait_list *figures = &p.list[PORTRAIT_FIGURES];
    for (size_t i = 0; i < figures->n; i++)
        check(desk_row(t.desk, READER_PUBLIC, figures->doc[i])->countries == 2);
    check(figures->all > figures->n && figures->n == PORTRAIT_LIST_MAX);
    test_report_end(&t);
}

static void a_field_and_all_below_it(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct portrait one, all, none = {.in_force = 7};
    struct portrait_from from = from_of(&t, READER_PUBLIC);
    check(portrait_of_field(&from, &t.node.a, STR("2.7"), &one) == CAU_OK);
    check(portrait_of_field(&from, &t.node.a, STR("2"), &all) == CAU_OK);
    check(one.list[PORTRAIT_NEEDS].all > 0);
    check(all.list[PORTRAIT_NEEDS].all > one.list[PORTRAIT_NEEDS].all);
    check(one.tallies > 0 && str_is(one.tally[0].code, "VN"));
    check(portrait_of_field(&from, &t.node.a, STR("2."), &none) == CAU_ERR_UNKNOWN);
    check(none.in_force == 7);
    test_report_end(&t);
}

static void what_names_a_record(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct portrait p = record(&t, "demo-project-cnst");
    check(p.list[PORTRAIT_COMMITMENTS].all == 1);
    check(p.list[PORTRAIT_COMMITMENTS].doc[0] == doc_of(&t, "demo-commitment-2024-cnst"));
    test_report_give(&t);
    test_load(&t.node, STR("demo/organizations.jsonl"));
    test_report_take(&t);
    p = record(&t, "demo-org-vietsovpetro");
    check(p.list[PORTRAIT_WORK].all == 1);
    check(p.list[PORTRAIT_WORK].doc[0] == doc_of(&t, "demo-project-offshore-wind"));
    struct portrait_from from = from_of(&t, READER_PUBLIC);
    check(portrait_of_record(&from, &t.node.a, 1000000, &p) == CAU_ERR_UNKNOWN);
    test_report_end(&t);
}

static void nothing_that_the_reader_may_not_see(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct writer_result c;
    test_report_give(&t);
    check(test_put(&t.node, "commitment", RECORD_PRIVATE,
                   "{'countries':['RU'],'force':'agreed','project':'demo-project-cnst',"
                   "'said_on':'2026','title':{'en':'Secret'}}",
                   &c) == CAU_OK);
    check(test_put(&t.node, "need", RECORD_PRIVATE,
                   "{'country':'RU','fields':['FORD:2.7'],'title':{'en':'Secret'}}",
                   &c) == CAU_OK);
    test_report_take(&t);
    struct portrait seen = country(&t, "RU", READER_PUBLIC),
                    all = country(&t, "RU", READER_ALL);
    check(all.list[PORTRAIT_COMMITMENTS].all == seen.list[PORTRAIT_COMMITMENTS].all + 1);
    check(all.list[PORTRAIT_NEEDS].all == seen.list[PORTRAIT_NEEDS].all + 1);
    check(record(&t, "demo-project-cnst").list[PORTRAIT_COMMITMENTS].all == 1);
    test_report_end(&t);
}

/* One record over those looked at is in no list, and counted. */
static void links_have_a_limit(void **state)
{
    (void)state;
    struct test_report t = {.node = test_make()};
    struct writer_result one;
    check(test_put(&t.node, "organization", RECORD_PUBLIC,
                   "{'country':'VN','external_id':'o','name':{'en':'O'}}", &one) == CAU_OK);
    test_put_each(&t.node, "need", RECORD_PUBLIC,
                  "{'external_id':'n-#','organization':'o','title':{'en':'N'}}",
                  PORTRAIT_LINKS_MAX);
    test_report_open(&t);
    struct portrait p = record(&t, "o");
    check(p.list[PORTRAIT_NEEDS].all == PORTRAIT_LINKS_MAX && p.unseen == 0);
    test_report_give(&t);
    check(test_put(&t.node, "need", RECORD_PUBLIC, "{'organization':'o','title':{'en':'N'}}",
                   &one) == CAU_OK);
    test_report_take(&t);
    p = record(&t, "o");
    check(p.list[PORTRAIT_NEEDS].all == PORTRAIT_LINKS_MAX && p.unseen == 1);
    test_report_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_country),
        cmocka_unit_test(figures_of_both_sides_come_first),
        cmocka_unit_test(a_field_and_all_below_it),
        cmocka_unit_test(what_names_a_record),
        cmocka_unit_test(nothing_that_the_reader_may_not_see),
        cmocka_unit_test(links_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
