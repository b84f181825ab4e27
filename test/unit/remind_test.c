#include "domain/people/remind.h"

#include "base/clock.h"
#include "domain/people/people.h"
#include "fixture.h"

static struct fixture f;
static struct desk *desk;
static struct actor self, secretary, officer_abroad, member, nobody;
static int32_t day;

static struct str save(const char *form)
{
    struct str id;
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static struct str put(const char *kind, const char *external, const char *more)
{
    char form[700];
    snprintf(form, sizeof form,
             "{\"kind\":\"%s\",\"external_id\":\"%s\",\"title\":{\"en\":\"%s\"},"
             "\"countries\":[\"VN\",\"RU\"],\"visibility\":\"public\"%s}",
             kind, external, external, more);
    return save(form);
}

static struct actor person(const char *name, unsigned roles, struct str organization)
{
    struct register_outcome out;
    uint32_t id;
    check(people_add(f.node, &f.arena, &self, str_of(name), str_of(name),
                     STR("a long password"), roles, LANG_EN, &id, &out) == REGISTER_DONE);
    struct local_user u = {.id = id, .roles = roles, .organization = organization};
    struct view *v = view_take(f.node);
    struct actor a = actor_of(v, &u);
    view_give(f.node, v);
    return a;
}

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    clock_set_ms(clock_ms_of((struct clock_date){2026, 11, 23})); /* a Monday */
    day = desk_day_of_ms(clock_now_ms());
    self = actor_operator();
    nobody = actor_anonymous();
    check(desk_open(f.node, &desk) == CAU_OK);
    struct str firm = save("{\"kind\":\"organization\",\"external_id\":\"firm\",\"name\":"
                           "{\"en\":\"Firm\"},\"country\":\"VN\",\"visibility\":\"public\"}");
    struct str far = save("{\"kind\":\"organization\",\"name\":{\"en\":\"Far\"},"
                          "\"country\":\"RU\",\"visibility\":\"public\"}");
    secretary = person("secretary", LOCAL_SECRETARY, (struct str){NULL, 0});
    officer_abroad = person("officer", LOCAL_OFFICER, far);
    member = person("member", LOCAL_MEMBER, firm);
    save("{\"kind\":\"mechanism\",\"external_id\":\"vn-ru\",\"title\":{\"en\":\"VN-RU\"},"
         "\"countries\":[\"VN\",\"RU\"],\"visibility\":\"public\"}");
    put("commitment", "late", ",\"side\":[\"VN\"],\"due\":\"2026-11-01\"");
    put("commitment", "week", ",\"side\":[\"VN\",\"RU\"],\"due\":\"2026-11-30\"");
    put("commitment", "month", ",\"side\":[\"VN\"],\"due\":\"2026-12\",\"owner\":\"firm\"");
    put("commitment", "theirs", ",\"side\":[\"RU\"],\"due\":\"2026-11-29\"");
    put("commitment", "undated", ",\"side\":[\"VN\"]");
    put("commitment", "kept",
        ",\"side\":[\"VN\",\"RU\"],\"due\":\"2026-11-28\",\"statuses\":[{\"side\":\"VN\","
        "\"status\":\"done\",\"date\":\"2026-11-02\"}]");
    put("obstacle", "asked",
        ",\"side\":\"VN\",\"status\":\"filed\",\"filed_on\":\"2026-10-20\"");
    put("obstacle", "asked-them",
        ",\"side\":\"RU\",\"status\":\"filed\",\"filed_on\":\"2026-11-20\"");
    put("obstacle", "of-firm",
        ",\"side\":\"RU\",\"status\":\"assigned\",\"filed_on\":\"2026-11-20\","
        "\"due\":\"2026-11-24\",\"authority\":\"firm\"");
    save("{\"kind\":\"session\",\"external_id\":\"next\",\"title\":{\"en\":\"next\"},"
         "\"mechanism\":\"vn-ru\",\"held_on\":\"2026-12-01\",\"ends_on\":\"2026-12-02\","
         "\"status\":\"planned\",\"visibility\":\"public\"}");
    save("{\"kind\":\"session\",\"title\":{\"en\":\"off\"},\"mechanism\":\"vn-ru\","
         "\"held_on\":\"2026-12-01\",\"status\":\"cancelled\",\"visibility\":\"public\"}");
    save("{\"kind\":\"session\",\"title\":{\"en\":\"past\"},\"mechanism\":\"vn-ru\","
         "\"held_on\":\"2026-11-01\",\"status\":\"held\",\"visibility\":\"public\"}");
    put("agreement", "ends", ",\"signed\":\"2021-01-31\",\"expires\":\"2027-01-31\"");
    put("agreement", "holds", ",\"signed\":\"2021-01-31\",\"expires\":\"2031-01-31\"");
    save("{\"kind\":\"commitment\",\"external_id\":\"secret\",\"title\":{\"en\":\"secret\"},"
         "\"side\":[\"VN\"],\"due\":\"2026-11-25\",\"visibility\":\"private\"}");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    clock_set_ms(0);
    desk_close(desk);
    fixture_close(&f);
    return 0;
}

/* The external ids of what somebody is reminded of, in order, with spaces between. */
static const char *found(const struct actor *who, int32_t ahead, bool outside,
                         struct remind_list *list)
{
    static char text[REMIND_MAX * 20];
    struct view *v = view_take(f.node);
    struct remind_person p = remind_person_of(v, &f.arena, f.node, who);
    if (outside)
        p = remind_person_outside(&p);
    check(desk_take(desk, v) == CAU_OK);
    check(remind_find(desk, v, &f.arena, &p, day, ahead, list) == CAU_OK);
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < list->n; i++) {
        struct view_record r;
        check(view_get(v, &f.arena, p.reader, list->v[i].doc, &r) == CAU_OK);
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%.*s", i > 0 ? " " : "",
                              STR_ARG(r.external_id));
    }
    desk_give(desk);
    view_give(f.node, v);
    return text;
}

static void names_what_is_his(void **state)
{
    (void)state;
    struct remind_list list;
    assert_string_equal(found(&secretary, 30, false, &list),
                        "late asked secret week next ends");
    assert_int_equal(list.v[0].what, REMIND_COMMITMENT);
    assert_int_equal(list.v[4].end - list.v[4].due, 1);
    assert_string_equal(found(&secretary, 30, true, &list), "late asked week next ends");
    assert_string_equal(found(&officer_abroad, 30, false, &list),
                        "of-firm kept theirs week next asked-them ends");
    assert_string_equal(found(&member, 30, false, &list), "of-firm next");
    assert_string_equal(found(&member, 60, false, &list), "of-firm next month");
    assert_string_equal(found(&nobody, 60, false, &list), "");
}

static void days_are_told_apart(void **state)
{
    (void)state;
    check(remind_when_of(9, 10) == REMIND_OVERDUE && remind_when_of(10, 10) == REMIND_WEEK);
    check(remind_when_of(17, 10) == REMIND_WEEK && remind_when_of(18, 10) == REMIND_MONTH);
    check(remind_when_of(40, 10) == REMIND_MONTH && remind_when_of(41, 10) == REMIND_LATER);
    struct remind one = {.due = day + 8};
    struct remind_list list = {&one, 1, 0}, none = {NULL, 0, 0};
    check(remind_is_day(REMIND_WEEKLY, &list, day) &&
          !remind_is_day(REMIND_WEEKLY, &none, day));
    check(!remind_is_day(REMIND_WEEKLY, &list, day + 1));
    check(remind_is_day(REMIND_WEEKLY, &list, day + 7));
    check(!remind_is_day(REMIND_NEVER, &list, day));
    static const int32_t on[] = {30, 7, 0, -1}, off[] = {31, 29, 8, 6, 1, -2};
    for (size_t i = 0; i < countof(on); i++) {
        one.due = day + on[i];
        check(remind_is_day(REMIND_DAILY, &list, day));
    }
    for (size_t i = 0; i < countof(off); i++) {
        one.due = day + off[i];
        check(!remind_is_day(REMIND_DAILY, &list, day));
    }
}

static void an_answer_has_a_limit(void **state)
{
    (void)state;
    struct remind_list list;
    for (int i = 0; i < REMIND_MAX; i++) {
        char name[30];
        snprintf(name, sizeof name, "many-%d", i);
        put("commitment", name, ",\"side\":[\"KZ\"],\"due\":\"2026-11-25\",\"owner\":\"firm\"");
    }
    found(&member, 30, true, &list);
    check(list.n == REMIND_MAX && list.more == 2);
    for (int i = 0; i <= REMIND_OVERDUE_MAX; i++) {
        char name[30];
        snprintf(name, sizeof name, "over-%d", i);
        put("commitment", name,
            i == 0 ? ",\"side\":[\"KZ\"],\"due\":\"2026-11-20\",\"owner\":\"firm\""
                   : ",\"side\":[\"KZ\"],\"due\":\"2026-11-21\",\"owner\":\"firm\"");
    }
    found(&member, 30, true, &list); /* the longest overdue makes room */
    check(list.n == REMIND_MAX && list.more == 2 + REMIND_OVERDUE_MAX + 1);
    check(list.v[0].due == day - 2 && list.v[REMIND_OVERDUE_MAX].due > day);
}

static void addresses_are_plain(void **state)
{
    (void)state;
    static const char *const good[] = {"a@b.vn", "thu.ky+nhac@most.gov.vn", "x_y@mail-1.ru"};
    static const char *const bad[] = {
        "",         "a",       "a@b",     "@b.vn",     "a@.vn",
        "a@b.",     "a@b.vn.", "a@@b.vn", "a b@c.vn",  "a@b.vn\r\nBcc: x@y.ru",
        "a@b.vn\n", ".a@b.vn", "a.@b.vn", "<a@b.vn>",  "a@-b.vn",
        "a@b..vn",  "đ@b.vn",  "a@đ.vn",  "\"a\"@b.vn"};
    for (size_t i = 0; i < countof(good); i++)
        check(remind_address_valid(str_of(good[i])));
    for (size_t i = 0; i < countof(bad); i++)
        check(!remind_address_valid(str_of(bad[i])));
    check(!remind_address_valid((struct str){"a\0@b.vn", 7}));
    char longest[REMIND_ADDRESS_MAX + 2] = "a@";
    for (size_t i = 2; i < sizeof longest; i++)
        longest[i] = i % 50 == 49 ? '.' : 'b';
    longest[sizeof longest - 1] = 'b';
    check(remind_address_valid((struct str){longest, REMIND_ADDRESS_MAX}));
    check(!remind_address_valid((struct str){longest, REMIND_ADDRESS_MAX + 1}));
}

static struct local_reminder kept(const struct actor *who)
{
    struct local_reminder r;
    struct view *v = view_take(f.node);
    check(local_reminder_get(view_store(v), &f.arena, who->user, &r) == CAU_OK);
    view_give(f.node, v);
    return r;
}

static bool opens(const char token[REMIND_TOKEN_CHARS], const char *name)
{
    struct local_user u;
    struct view *v = view_take(f.node);
    enum cau_err err =
        remind_of_calendar(v, &f.arena, (struct str){token, REMIND_TOKEN_CHARS}, &u);
    view_give(f.node, v);
    return err == CAU_OK && str_is(u.name, name);
}

static void wishes_are_kept(void **state)
{
    (void)state;
    struct register_outcome out;
    char token[REMIND_TOKEN_CHARS], second[REMIND_TOKEN_CHARS];
    check(kept(&secretary).address.len == 0 && kept(&secretary).often == REMIND_NEVER);
    check(remind_set(f.node, &nobody, STR("a@b.vn"), REMIND_DAILY, &out) ==
          REGISTER_NOT_ALLOWED);
    check(remind_set(f.node, &secretary, STR(""), REMIND_DAILY, &out) == REGISTER_PROBLEMS);
    check(remind_set(f.node, &secretary, STR("a@b"), REMIND_NEVER, &out) == REGISTER_PROBLEMS);
    check(remind_set(f.node, &secretary, STR(" a@b.vn "), REMIND_WEEKLY, &out) ==
          REGISTER_DONE);
    check(str_is(kept(&secretary).address, "a@b.vn") &&
          kept(&secretary).often == REMIND_WEEKLY && !kept(&secretary).has_calendar);
    check(remind_calendar(f.node, &nobody, token) == REGISTER_NOT_ALLOWED);
    check(remind_calendar(f.node, &secretary, token) == REGISTER_DONE);
    check(opens(token, "secretary") && kept(&secretary).has_calendar);
    check(remind_calendar(f.node, &secretary, second) == REGISTER_DONE);
    check(!opens(token, "secretary") && opens(second, "secretary"));
    check(str_is(kept(&secretary).address, "a@b.vn")); /* the one wish leaves the other */
    check(remind_calendar_stop(f.node, &secretary) == REGISTER_DONE);
    check(!opens(second, "secretary"));
    check(remind_calendar(f.node, &member, token) == REGISTER_DONE && opens(token, "member"));
    check(people_set_roles(f.node, &f.arena, &self, STR("member"), LOCAL_MEMBER, false, &out) ==
          REGISTER_DONE);
    check(!opens(token, "member")); /* who may not sign in has no calendar */
    check(remind_set(f.node, &secretary, STR(""), REMIND_NEVER, &out) == REGISTER_DONE);
    check(kept(&secretary).address.len == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_his),     cmocka_unit_test(days_are_told_apart),
        cmocka_unit_test(an_answer_has_a_limit), cmocka_unit_test(addresses_are_plain),
        cmocka_unit_test(wishes_are_kept),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
