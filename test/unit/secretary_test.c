#include "domain/desk/secretary.h"

#include "domain/desk/mechanism.h"

#include "node_help.h"
#include "test.h"

static void put(struct test_node *t, const char *kind, const char *json, uint32_t *doc)
{
    struct writer_result out;
    check(test_put(t, kind, RECORD_PUBLIC, json, &out) == CAU_OK);
    *doc = out.doc;
}

enum { LATE, SOONER, LATER, DONE, OTHER, DOCS };

/* Commitments with Russia in every state, one with Laos; the day is 2026-11-22. */
static void fill(struct test_node *t, uint32_t doc[DOCS])
{
    uint32_t other;
    put(t, "commitment",
        "{'countries':['VN','RU'],'due':'2026-10','external_id':'late','side':['RU'],"
        "'title':{'en':'Late'}}",
        &doc[LATE]);
    put(t, "commitment",
        "{'countries':['VN','RU'],'due':'2026-12-01','external_id':'soon','mechanism':'m',"
        "'side':['VN'],'statuses':[{'date':'2026-11-01','side':'VN','status':'done'},"
        "{'date':'2026-11-02','side':'RU','status':'open'}],'title':{'en':'Soon'}}",
        &doc[SOONER]);
    put(t, "commitment",
        "{'confirmations':[{'side':'VN','standing':'reported'}],'countries':['VN','RU'],"
        "'due':'2027','title':{'en':'Later'}}",
        &doc[LATER]);
    put(t, "commitment",
        "{'countries':['VN','RU'],'due':'2026-10','side':['RU'],"
        "'statuses':[{'date':'2026-09','side':'RU','status':'done'}],'title':{'en':'Done'}}",
        &doc[DONE]);
    put(t, "commitment",
        "{'countries':['VN','LA'],'due':'2025','side':['LA'],'title':{'en':'Other'}}",
        &doc[OTHER]);
    put(t, "agreement",
        "{'countries':['VN','RU'],'expires':'2027-05','title':{'en':'Agreement'}}", &other);
    put(t, "agreement", "{'countries':['VN','RU'],'expires':'2030','title':{'en':'Agreement'}}",
        &other);
    put(t, "mechanism",
        "{'countries':['VN','RU'],'external_id':'m','title':{'en':'Committee'}}", &other);
    put(t, "obstacle",
        "{'countries':['VN','RU'],'due':'2026-11-20','filed_on':'2026-11-01',"
        "'status':'assigned','title':{'en':'Obstacle'}}",
        &other);
}

static void look(struct test_node *t, struct desk *d, const struct secretary_asked *asked,
                 struct secretary_home *out)
{
    struct view *v = view_take(t->n);
    check(desk_take(d, v) == CAU_OK);
    check(secretary_look(d, v, &t->a, asked, out) == CAU_OK);
    view_give(t->n, v);
    desk_give(d);
}

static void each_list_holds_what_it_says(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct desk *d;
    uint32_t doc[DOCS];
    struct secretary_home h;
    struct secretary_asked asked = {.reader = READER_PUBLIC,
                                    .day = desk_days_of(STR("2026-11-22")).first,
                                    .side = desk_country_of(STR("VN"))};
    fill(&t, doc);
    check(desk_open(t.n, &d) == CAU_OK);
    look(&t, d, &asked, &h);
    check(h.open == 4);
    check(h.list[SECRETARY_OVERDUE].n == 2);
    check(h.list[SECRETARY_OVERDUE].row[0]->doc == doc[OTHER]);
    check(h.list[SECRETARY_OVERDUE].row[1]->doc == doc[LATE]);
    check(h.list[SECRETARY_SOON].n == 1 && h.list[SECRETARY_SOON].row[0]->doc == doc[SOONER]);
    check(h.list[SECRETARY_DIFFERING].n == 1);
    check(h.list[SECRETARY_OBSTACLES].n == 1 && h.list[SECRETARY_EXPIRING].n == 1);
    check(h.list[SECRETARY_UNCONFIRMED].n == 1);
    check(h.list[SECRETARY_UNCONFIRMED].row[0]->doc == doc[LATER]);
    /* Most overdue first: Laos and Russia one each; of Russia one more is open. */
    check(h.sides == 3 && h.side[0].side == desk_country_of(STR("RU")));
    check(h.side[0].overdue == 1 && h.side[0].open == 2 && h.side[0].soon == 0);
    check(h.side[2].side == asked.side && h.side[2].overdue == 0 && h.side[2].soon == 1 &&
          h.side[2].differing == 1);

    asked.country = desk_country_of(STR("LA"));
    look(&t, d, &asked, &h);
    check(h.open == 1 && h.list[SECRETARY_OVERDUE].n == 1 &&
          h.list[SECRETARY_OBSTACLES].n == 0);
    asked.country = 0;
    asked.side = 0;
    look(&t, d, &asked, &h);
    check(h.list[SECRETARY_UNCONFIRMED].n == 0);
    asked.mechanism = 0xFFFFFF; /* none there */
    look(&t, d, &asked, &h);
    check(h.open == 0 && h.list[SECRETARY_OBSTACLES].n == 0);
    desk_close(d);
    test_end(&t);
}

static void a_closed_mechanism_is_known_by_its_place(void **state)
{
    (void)state;
    struct test_node t = test_make();
    const struct kind_list *list = kinds_find_list(node_kinds(t.n), STR("mechanism_status"));
    check(list->n == MECHANISM_CLOSED + 1 &&
          str_is(list->code[MECHANISM_CLOSED].code, "closed") &&
          str_is(list->code[MECHANISM_ACTIVE].code, "active"));
    test_end(&t);
}

static void lists_have_names(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SECRETARY_LISTS; i++) {
        enum secretary_list list;
        check(secretary_read_list(str_of(secretary_list_name((enum secretary_list)i)), &list) &&
              list == (enum secretary_list)i);
    }
    enum secretary_list list;
    check(!secretary_read_list(STR("nothing"), &list));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_list_holds_what_it_says),
        cmocka_unit_test(a_closed_mechanism_is_known_by_its_place),
        cmocka_unit_test(lists_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
