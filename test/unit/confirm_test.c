#include "domain/rule/confirm.h"

#include "base/clock.h"
#include "exchange/import/import.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, editor, administrator, member, vn, ru, by;
static struct register_outcome last;

static struct actor person(uint32_t user, unsigned roles, const char *country)
{
    char form[200];
    struct local_user u = {.id = user, .roles = roles};
    if (country[0] != '\0') {
        snprintf(form, sizeof form,
                 "{\"kind\":\"organization\",\"name\":{\"en\":\"Body %s\"},"
                 "\"country\":\"%s\",\"visibility\":\"public\"}",
                 country, country);
        check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &u.organization) ==
              REGISTER_DONE);
    }
    struct view *v = view_take(f.node);
    struct actor a = actor_of(v, &u);
    view_give(f.node, v);
    return a;
}

/* What a file brings, as its operator imports it. */
static struct str import(const char *line, const char *external_id)
{
    struct import_options options = {.format = IMPORT_JSONL, .file = STR("x.jsonl")};
    struct import_outcome out;
    struct view_record r;
    check(import_run(f.node, &f.arena, &self, str_of(line), &options, NULL, &out) == IMPORT_OK);
    if (out.refused > 0)
        fail_msg("%.*s", STR_ARG(out.report));
    check(fixture_get(&f, &self, str_of(external_id), &r) == CAU_OK);
    return r.id;
}

static struct view_record get(struct str id)
{
    struct view_record r;
    check(fixture_get(&f, &self, id, &r) == CAU_OK);
    return r;
}

/* "VN confirmed, RU reported, BY open": the standing of each side. */
static void expect(struct str id, const char *want)
{
    static const char *const name[] = {"open", "reported", "confirmed"};
    struct view_record r = get(id);
    struct confirm_side side[SIDE_COUNT_MAX];
    size_t n = confirm_sides(&r.payload, side);
    char text[200] = "";
    for (size_t i = 0; i < n; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.*s %s",
                 i == 0 ? "" : ", ", STR_ARG(side[i].side), name[side[i].standing]);
    if (strcmp(text, want) != 0)
        fail_msg("%s, not %s", text, want);
}

static enum register_why affirm(const struct actor *who, struct str id)
{
    struct confirm_word word = {.who = STR("Nguyễn Văn A")};
    return confirm_affirm(f.node, &f.arena, who, id, &word, &last);
}

static enum register_why dispute(const struct actor *who, struct str id, const char *statement)
{
    struct confirm_word word = {.statement = str_of(statement), .lang = LANG_RU};
    return confirm_dispute(f.node, &f.arena, who, id, &word, &last);
}

#define AGREEMENT(id, more)                                                                    \
    "{\"kind\":\"agreement\",\"external_id\":\"" id "\",\"title\":{\"en\":\"Agreement\"},"     \
    "\"countries\":[\"VN\",\"RU\"],\"visibility\":\"public\"" more "}\n"

static void a_file_is_reported_until_each_side_confirms(void **state)
{
    (void)state;
    struct str id = import(AGREEMENT("a-1", ""), "a-1");
    expect(id, "VN reported, RU reported");
    check(affirm(&editor, id) == REGISTER_NOT_ALLOWED);
    check(affirm(&administrator, id) == REGISTER_NOT_ALLOWED);
    check(affirm(&member, id) == REGISTER_NOT_ALLOWED);
    check(affirm(&by, id) == REGISTER_NO_SIDE);
    check(affirm(&vn, id) == REGISTER_DONE);
    expect(id, "VN confirmed, RU reported");
    check(affirm(&vn, id) == REGISTER_SAME);
    struct view_record r = get(id);
    struct confirm_side side[SIDE_COUNT_MAX];
    (void)confirm_sides(&r.payload, side);
    check(str_is(side[0].on, "2026-11-22") && str_is(side[0].who, "Nguyễn Văn A"));
    check(affirm(&ru, id) == REGISTER_DONE);
    expect(id, "VN confirmed, RU confirmed");
    /* The same file again takes no confirmation away; another text is only reported. */
    (void)import(AGREEMENT("a-1", ",\"confirmations\":[{\"side\":\"VN\","
                                  "\"standing\":\"reported\"}],\"fields\":[\"FORD:2.7\"]"),
                 "a-1");
    expect(id, "VN confirmed, RU confirmed");
    (void)import(AGREEMENT("a-1", ",\"signed\":\"2011-11-21\""), "a-1");
    expect(id, "VN reported, RU reported");
}

static void what_a_person_enters_is_open(void **state)
{
    (void)state;
    struct str id;
    check(fixture_save(&f, &vn, AGREEMENT("a-2", ""), (struct str){NULL, 0}, &id) ==
          REGISTER_DONE);
    expect(id, "VN open, RU open");
    check(affirm(&ru, id) == REGISTER_DONE);
    expect(id, "VN open, RU confirmed");
    /* A secretary cannot slip another wording under what the other side has confirmed. */
    check(fixture_save(&f, &vn, AGREEMENT("a-2", ",\"place\":{\"en\":\"Moscow\"}"), id, NULL) ==
          REGISTER_DONE);
    expect(id, "VN open, RU reported");
    /* The operator speaks for any side, but not for one that is not concerned. */
    struct confirm_word word = {.side = STR("RU")};
    check(confirm_affirm(f.node, &f.arena, &self, id, &word, &last) == REGISTER_DONE);
    word.side = STR("BY");
    check(confirm_affirm(f.node, &f.arena, &self, id, &word, &last) == REGISTER_NO_SIDE);
    expect(id, "VN open, RU confirmed");
}

static void a_side_may_dispute(void **state)
{
    (void)state;
    struct str id = import(AGREEMENT("a-3", ""), "a-3");
    check(dispute(&ru, id, " ") == REGISTER_PROBLEMS &&
          str_is(last.problems.v[0].place, "statement") &&
          last.problems.v[0].code == RECORD_REQUIRED);
    check(dispute(&editor, id, "No.") == REGISTER_NOT_ALLOWED);
    check(dispute(&by, id, "No.") == REGISTER_NO_SIDE);
    check(dispute(&ru, id, "Подписано в 2012 году.\r\nНе в 2011.") == REGISTER_DONE);
    struct str claim = {last.result.id, RECORD_ID_CHARS};
    struct view_record r = get(claim);
    check(str_is(r.kind->name, "claim") && r.audience == RECORD_PUBLIC &&
          str_is(value_get_str(&r.payload, "claim"), "disputes") &&
          str_equal(value_get_str(&r.payload, "about"), id) &&
          str_is(value_get_str(&r.payload, "country"), "RU") &&
          str_is(record_title(r.kind, &r.payload, LANG_RU).text, "Подписано в 2012 году."));
    check(get(id).n == 1); /* the record itself is as it was */
    check(affirm(&ru, id) == REGISTER_DONE);
    check(dispute(&ru, id, "Всё же нет.") == REGISTER_DONE);
    expect(id, "VN reported, RU reported");
}

static void of_two_that_read_the_same_the_second_is_told(void **state)
{
    (void)state;
    struct str id = import(AGREEMENT("a-4", ""), "a-4");
    struct digest leaf = get(id).leaf;
    struct confirm_word word = {.after = &leaf};
    check(confirm_affirm(f.node, &f.arena, &vn, id, &word, &last) == REGISTER_DONE);
    check(confirm_affirm(f.node, &f.arena, &ru, id, &word, &last) == REGISTER_CHANGED);
    check(last.current.n == 2);
    word.statement = STR("No.");
    check(confirm_dispute(f.node, &f.arena, &ru, id, &word, &last) == REGISTER_CHANGED);
    expect(id, "VN confirmed, RU reported");
    char much[201];
    memset(much, 'a', sizeof much);
    word = (struct confirm_word){.who = {much, 201}};
    check(confirm_affirm(f.node, &f.arena, &ru, id, &word, &last) == REGISTER_PROBLEMS &&
          str_is(last.problems.v[0].place, "who"));
    word.who.len = 200;
    check(confirm_affirm(f.node, &f.arena, &ru, id, &word, &last) == REGISTER_DONE);
}

static void only_some_kinds_are_confirmed(void **state)
{
    (void)state;
    static const char *const yes[] = {"agreement", "session", "commitment"};
    const struct kinds *kinds = node_kinds(f.node);
    size_t n = 0;
    for (size_t i = 0; i < kinds->n; i++)
        n += confirm_has(&kinds->kind[i]);
    check(n == countof(yes));
    for (size_t i = 0; i < countof(yes); i++)
        check(confirm_has(kinds_find(kinds, str_of(yes[i]))));
    check(affirm(&vn, vn.organization.len > 0 ? vn.organization : ru.organization) ==
          REGISTER_GONE);
}

static int start(void **state)
{
    (void)state;
    clock_set_ms(clock_ms_of((struct clock_date){2026, 11, 22}));
    fixture_open(&f);
    self = actor_operator();
    editor = person(1, LOCAL_EDITOR, "");
    administrator = person(2, LOCAL_ADMINISTRATOR, "");
    member = person(3, LOCAL_MEMBER, "VN");
    vn = person(4, LOCAL_SECRETARY, "");
    ru = person(5, LOCAL_SECRETARY | LOCAL_MEMBER, "RU");
    by = person(6, LOCAL_SECRETARY, "BY");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    clock_set_ms(0);
    fixture_close(&f);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_reported_until_each_side_confirms),
        cmocka_unit_test(what_a_person_enters_is_open),
        cmocka_unit_test(a_side_may_dispute),
        cmocka_unit_test(of_two_that_read_the_same_the_second_is_told),
        cmocka_unit_test(only_some_kinds_are_confirmed),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
