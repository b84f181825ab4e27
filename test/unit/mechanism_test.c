#include "domain/desk/mechanism.h"

#include "fixture.h"

static struct fixture f;
static struct desk *desk;
static struct actor self;

static void save(const char *form)
{
    struct str id;
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
}

static void mechanism(const char *external, const char *more)
{
    char form[600];
    snprintf(form, sizeof form,
             "{\"kind\":\"mechanism\",\"external_id\":\"%s\",\"title\":{\"en\":\"%s\"},"
             "\"visibility\":\"public\"%s}",
             external, external, more);
    save(form);
}

static void session(const char *of, const char *external, const char *more)
{
    char form[600];
    snprintf(form, sizeof form,
             "{\"kind\":\"session\",\"external_id\":\"%s\",\"title\":{\"en\":\"%s\"},"
             "\"mechanism\":\"%s\",\"visibility\":\"public\"%s}",
             external, external, of, more);
    save(form);
}

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    check(desk_open(f.node, &desk) == CAU_OK);
    mechanism("turn", ",\"countries\":[\"VN\",\"RU\"],\"interval\":12");
    session("turn", "turn-1", ",\"held_on\":\"2017\",\"number\":1,\"host\":\"RU\"");
    session("turn", "turn-3",
            ",\"held_on\":\"2019-11-05\",\"number\":3,\"host\":\"RU\","
            "\"status\":\"held\"");
    session("turn", "turn-2", ",\"held_on\":\"2018-10\",\"number\":2,\"host\":\"VN\"");
    session("turn", "turn-off", ",\"held_on\":\"2020-03\",\"status\":\"cancelled\"");
    mechanism("years", ",\"countries\":[\"VN\",\"DE\",\"FR\"],\"interval\":24");
    session("years", "years-1", ",\"held_on\":\"2019\",\"host\":\"FR\",\"status\":\"held\"");
    mechanism("said", ",\"countries\":[\"VN\",\"RU\"],\"interval\":12,\"next_host\":\"RU\","
                      "\"next_on\":\"2021-06\"");
    session("said", "said-1",
            ",\"held_on\":\"2020-06-10\",\"host\":\"RU\",\"number\":7,"
            "\"status\":\"held\"");
    mechanism("planned", ",\"countries\":[\"VN\",\"RU\"],\"next_host\":\"RU\"");
    session("planned", "planned-9", ",\"status\":\"planned\"");
    session("planned", "planned-8",
            ",\"held_on\":\"2021-09-01\",\"host\":\"VN\",\"number\":8,"
            "\"status\":\"planned\"");
    mechanism("empty", "");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    desk_close(desk);
    fixture_close(&f);
    return 0;
}

static uint32_t doc_of(const char *external)
{
    struct view *v = view_take(f.node);
    uint32_t doc = view_find(v, actor_reader(&self), str_of(external));
    view_give(f.node, v);
    check(doc != 0);
    return doc;
}

static int32_t day(const char *iso)
{
    return desk_days_of(str_of(iso)).first;
}

static struct mechanism_next next_of(const char *external, enum mechanism_rotation rotation,
                                     const char *on)
{
    const struct desk *d = desk;
    const struct desk_row *m = desk_row(d, actor_reader(&self), doc_of(external));
    check(m != NULL);
    return mechanism_next(d, actor_reader(&self), m, rotation, day(on));
}

static bool is_country(uint16_t country, const char *code)
{
    return country == desk_country_of(str_of(code));
}

static void by_turn_and_interval(void **state)
{
    (void)state;
    struct desk *d = fixture_desk(&f, desk);
    struct mechanism_next n = next_of("turn", MECHANISM_ALTERNATE, "2020-01-15");
    check(n.last != NULL && n.last->doc == doc_of("turn-3") && n.planned == NULL);
    check(is_country(n.host, "VN") && n.host_from == MECHANISM_BY_TURN);
    check(n.on.first == day("2020-11-01") && n.on.last == day("2020-11-30"));
    check(n.on_from == MECHANISM_BY_INTERVAL && n.number == 4);
    n = next_of("turn", MECHANISM_ONE_SIDE, "2020-01-15");
    check(is_country(n.host, "RU") && n.host_from == MECHANISM_BY_CUSTOM);
    n = next_of("turn", MECHANISM_EACH_TIME, "2020-01-15");
    check(n.host == 0 && n.host_from == MECHANISM_NOT_KNOWN);
    n = next_of("turn", MECHANISM_ROTATIONS, "2020-01-15");
    check(n.host == 0);
    /* On an earlier day the session that is held later is not the last one: only what says it was held is. */
    n = next_of("years", MECHANISM_ALTERNATE, "2020-01-15");
    check(is_country(n.host, "VN")); /* after the last comes the first */
    check(n.on.first == day("2021-01-01") && n.on.last == day("2021-12-31") && n.number == 0);
    desk_give(d);
}

static void what_the_record_says_until_it_is_past(void **state)
{
    (void)state;
    struct desk *d = fixture_desk(&f, desk);
    struct mechanism_next n = next_of("said", MECHANISM_ALTERNATE, "2021-06-30");
    check(is_country(n.host, "RU") && n.host_from == MECHANISM_BY_RECORD);
    check(n.on.first == day("2021-06-01") && n.on_from == MECHANISM_BY_RECORD && n.number == 8);
    n = next_of("said", MECHANISM_ALTERNATE, "2021-07-01");
    check(is_country(n.host, "VN") && n.host_from == MECHANISM_BY_TURN);
    check(n.on.first == day("2021-06-01") && n.on_from == MECHANISM_BY_INTERVAL);
    desk_give(d);
}

static void a_planned_session_goes_before(void **state)
{
    (void)state;
    struct desk *d = fixture_desk(&f, desk);
    struct mechanism_next n = next_of("planned", MECHANISM_ALTERNATE, "2021-09-01");
    check(n.planned != NULL && n.planned->doc == doc_of("planned-8") && n.last == NULL);
    check(is_country(n.host, "VN") && n.host_from == MECHANISM_BY_SESSION);
    check(n.on.first == day("2021-09-01") && n.on_from == MECHANISM_BY_SESSION &&
          n.number == 8);
    n = next_of("planned", MECHANISM_ALTERNATE,
                "2021-09-02"); /* past: the one without a date */
    check(n.planned->doc == doc_of("planned-9"));
    check(is_country(n.host, "RU") && n.host_from == MECHANISM_BY_RECORD);
    check(n.on_from == MECHANISM_NOT_KNOWN && !desk_known(n.on) && n.number == 0);
    n = next_of("empty", MECHANISM_ALTERNATE, "2021-09-02");
    check(n.last == NULL && n.planned == NULL && n.host == 0 && !desk_known(n.on));
    desk_give(d);
}

static void sessions_newest_first(void **state)
{
    (void)state;
    static const char *const expected[] = {"turn-off", "turn-3", "turn-2", "turn-1"};
    struct desk *d = fixture_desk(&f, desk);
    const struct desk_row **list;
    size_t n = 0;
    check(mechanism_sessions(d, &f.arena, actor_reader(&self), doc_of("turn"), &list, &n) ==
          CAU_OK);
    check(n == countof(expected));
    for (size_t i = 0; i < n; i++)
        check(list[i]->doc == doc_of(expected[i]));
    check(mechanism_sessions(d, &f.arena, actor_reader(&self), doc_of("empty"), &list, &n) ==
              CAU_OK &&
          n == 0);
    desk_give(d);
}

static void who_is_in_office(void **state)
{
    (void)state;
    const struct str none = {NULL, 0};
    check(mechanism_in_office(none, none, day("2020-01-01")));
    check(mechanism_in_office(STR("2018"), STR("2019"), day("2019-12-31")));
    check(!mechanism_in_office(STR("2018"), STR("2019"), day("2020-01-01")));
    check(!mechanism_in_office(STR("2018-02"), none, day("2018-01-31")));
    check(mechanism_in_office(STR("2018-02"), none, day("2018-02-01")));
    check(mechanism_in_office(none, STR("2018-02-01"), day("2018-02-01")));
}

static void codes_as_in_the_lists(void **state)
{
    (void)state;
    const struct kinds *k = node_kinds(f.node);
    const struct kind_list *rotation = kinds_find_list(k, STR("rotation")),
                           *status = kinds_find_list(k, STR("session_status"));
    check(rotation->n == MECHANISM_ROTATIONS);
    for (size_t i = 0; i < rotation->n; i++)
        check(mechanism_read_rotation(rotation->code[i].code) == i);
    check(mechanism_read_rotation(STR("")) == MECHANISM_ROTATIONS);
    check(str_is(status->code[MECHANISM_PLANNED].code, "planned") &&
          str_is(status->code[MECHANISM_HELD].code, "held") &&
          str_is(status->code[MECHANISM_POSTPONED].code, "postponed") &&
          str_is(status->code[MECHANISM_CANCELLED].code, "cancelled"));
    for (unsigned i = 0; i < MECHANISM_FROMS; i++)
        check(mechanism_from_name((enum mechanism_from)i)[0] != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_turn_and_interval),
        cmocka_unit_test(what_the_record_says_until_it_is_past),
        cmocka_unit_test(a_planned_session_goes_before),
        cmocka_unit_test(sessions_newest_first),
        cmocka_unit_test(who_is_in_office),
        cmocka_unit_test(codes_as_in_the_lists),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
