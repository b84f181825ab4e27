#include "domain/rule/indicator_confirm.h"

#include "node_help.h"
#include "test.h"

static struct test_node t;
static struct writer_result trade;

static int start(void **state)
{
    (void)state;
    t = test_make();
    return test_put(&t, "indicator", RECORD_PUBLIC,
                    "{'title':{'en':'Trade'},'values':["
                    "{'period':'2023','side':'VN','standing':'reported','value':'3'},"
                    "{'period':'2024','side':'VN','value':'4'},"
                    "{'period':'2024','side':'RU','standing':'reported','value':'6'},"
                    "{'period':'2024','standing':'reported','value':'5'}]}",
                    &trade) != CAU_OK;
}

static int stop(void **state)
{
    (void)state;
    test_end(&t);
    return 0;
}

static enum register_why confirm(const struct actor *actor, struct str side)
{
    struct register_outcome out;
    return indicator_confirm(t.n, &t.a, actor, (struct str){trade.id, sizeof trade.id}, side,
                             NULL, &out);
}

static size_t open_of(const char *side, size_t *all)
{
    struct view *v = view_take(t.n);
    struct view_record r;
    struct str id = {trade.id, sizeof trade.id};
    check(view_get(v, &t.a, READER_ALL, view_find(v, READER_ALL, id), &r) == CAU_OK);
    view_give(t.n, v);
    return indicator_unconfirmed(&r.payload, str_of(side), all);
}

static void a_side_confirms_its_own_figures(void **state)
{
    struct actor secretary = {.user = 7, .roles = LOCAL_SECRETARY};
    struct actor editor = {.user = 8, .roles = LOCAL_EDITOR};
    size_t all;
    (void)state;
    check(open_of("VN", &all) == 2 && all == 2);
    check(confirm(&editor, STR("VN")) == REGISTER_NOT_ALLOWED);
    check(confirm(&secretary, STR("RU")) ==
          REGISTER_DONE); /* he speaks for the node's country */
    check(open_of("VN", &all) == 0 && all == 2 && open_of("RU", NULL) == 1);
    check(open_of("", NULL) == 1); /* a figure of no side is nobody's to confirm */
    check(confirm(&secretary, STR("")) == REGISTER_SAME);
    struct actor boss = actor_operator();
    check(confirm(&boss, STR("RU")) == REGISTER_DONE && open_of("RU", NULL) == 0);
}

static void what_was_read_must_be_the_newest(void **state)
{
    struct actor boss = actor_operator();
    struct digest other = {{0}};
    struct register_outcome out;
    (void)state;
    check(indicator_confirm(t.n, &t.a, &boss, (struct str){trade.id, sizeof trade.id},
                            STR("RU"), &other, &out) == REGISTER_CHANGED);
    check(indicator_confirm(t.n, &t.a, &boss, STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa"), STR("RU"),
                            NULL, &out) == REGISTER_GONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_confirms_its_own_figures),
        cmocka_unit_test(what_was_read_must_be_the_newest),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
