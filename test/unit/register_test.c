#include "domain/people/people.h"
#include "domain/rule/register.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, anyone, editor;

static const char mechanism[] =
    "{\"kind\":\"mechanism\",\"title\":{\"en\":\"Joint committee\"},\"visibility\":\"%s\"}";

static struct str saved(const char *visibility, struct str old)
{
    char form[200];
    struct str id = {NULL, 0};
    snprintf(form, sizeof form, mechanism, visibility);
    check(fixture_save(&f, &editor, form, old, &id) == REGISTER_DONE);
    return id;
}

static void an_editor_makes_and_changes(void **state)
{
    (void)state;
    struct str id = saved("public", (struct str){NULL, 0});
    struct view_record r;
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK && r.n == 1);
    check(fixture_save(&f, &editor,
                       "{\"kind\":\"mechanism\",\"title\":{\"en\":\"Joint committee\"}}", id,
                       NULL) == REGISTER_SAME);
    check(fixture_save(&f, &anyone, "{\"kind\":\"mechanism\",\"title\":{\"en\":\"X\"}}", id,
                       NULL) == REGISTER_NOT_ALLOWED);
    check(fixture_save(&f, &editor, "{\"kind\":\"agreement\",\"title\":{\"en\":\"X\"}}", id,
                       NULL) == REGISTER_GONE); /* of another kind */
    check(fixture_save(&f, &editor,
                       "{\"kind\":\"mechanism\",\"title\":{\"en\":\"X\"},\"colour\":1}", id,
                       NULL) == REGISTER_PROBLEMS);
}

static void the_second_of_two_editors_is_told(void **state)
{
    (void)state;
    struct str id = saved("public", (struct str){NULL, 0});
    struct view_record r;
    struct register_outcome out;
    check(fixture_get(&f, &editor, id, &r) == CAU_OK);
    struct value mine =
        fixture_form(&f, "{\"kind\":\"mechanism\",\"title\":{\"en\":\"Mine\"}}");
    struct value yours =
        fixture_form(&f, "{\"kind\":\"mechanism\",\"title\":{\"en\":\"Yours\"}}");
    check(register_save(f.node, &f.arena, &editor, &mine, id, &r.leaf, &out) == REGISTER_DONE);
    check(register_save(f.node, &f.arena, &editor, &yours, id, &r.leaf, &out) ==
          REGISTER_CHANGED);
    check(str_is(record_title(out.current.kind, &out.current.payload, LANG_EN).text, "Mine"));
}

static void a_member_does_not_change_sides(void **state)
{
    (void)state;
#define WORKS(more) "{\"kind\":\"organization\",\"name\":{\"en\":\"Works\"}" more "}"
    struct str id;
    struct register_outcome out;
    check(fixture_save(&f, &editor, WORKS(",\"country\":\"VN\""), (struct str){NULL, 0}, &id) ==
          REGISTER_DONE);
    struct local_user user = {.id = 77, .roles = LOCAL_MEMBER, .organization = id};
    struct view *v = view_take(f.node);
    struct actor member = actor_of(v, &user);
    view_give(f.node, v);
    struct value moved = fixture_form(&f, WORKS(",\"country\":\"RU\""));
    check(register_save(f.node, &f.arena, &member, &moved, id, NULL, &out) ==
              REGISTER_PROBLEMS &&
          out.problems.n == 1 && str_is(out.problems.v[0].place, "country") &&
          out.problems.v[0].code == RECORD_FOR_EDITOR);
    check(fixture_save(&f, &member, WORKS(""), id, NULL) == REGISTER_PROBLEMS);
    check(fixture_save(&f, &member, WORKS(",\"country\":\"VN\",\"city\":{\"en\":\"Hue\"}"), id,
                       NULL) == REGISTER_DONE);
    check(fixture_save(&f, &editor, WORKS(",\"country\":\"RU\""), id, NULL) == REGISTER_DONE);
}

static void a_narrower_audience_takes_the_wide_one_back(void **state)
{
    (void)state;
    struct str id = saved("public", (struct str){NULL, 0});
    struct view_record r;
    check(str_equal(saved("private", id), id));
    check(fixture_get(&f, &anyone, id, &r) == CAU_ERR_UNKNOWN || r.redacted);
    check(fixture_get(&f, &editor, id, &r) == CAU_OK && r.audience == RECORD_PRIVATE &&
          !r.redacted);
    check(str_equal(saved("public", id), id));
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK && !r.redacted);
}

static void withdrawn_is_found_no_more(void **state)
{
    (void)state;
    struct str id = saved("public", (struct str){NULL, 0});
    struct register_outcome out;
    struct view_record r;
    check(register_withdraw(f.node, &f.arena, &anyone, id, NULL, STR("error"), &out) ==
          REGISTER_NOT_ALLOWED);
    check(register_withdraw(f.node, &f.arena, &editor, id, NULL, STR("whim"), &out) ==
          REGISTER_PROBLEMS);
    check(register_withdraw(f.node, &f.arena, &editor, id, NULL, STR("error"), &out) ==
          REGISTER_DONE);
    check(register_withdraw(f.node, &f.arena, &editor, id, NULL, STR("error"), &out) ==
          REGISTER_STATE);
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK && r.withdrawn);
    struct index_query q = {.filter = &(struct index_filter){INDEX_KIND, STR("mechanism")},
                            .filter_count = 1,
                            .reader = actor_reader(&self),
                            .limit = 100};
    struct index_result found;
    check(index_search(node_index(f.node), &f.arena, &q, &found) == CAU_OK);
    for (size_t i = 0; i < found.hit_count; i++)
        check(found.hit[i].doc != r.doc);
}

static void only_an_administrator_erases(void **state)
{
    (void)state;
    struct str id = saved("public", (struct str){NULL, 0});
    struct register_outcome out;
    struct view_record r;
    check(register_redact(f.node, &f.arena, &editor, id, &out) == REGISTER_NOT_ALLOWED);
    check(register_redact(f.node, &f.arena, &self, id, &out) == REGISTER_DONE);
    enum cau_err err = fixture_get(&f, &self, id, &r);
    check(err == CAU_ERR_UNKNOWN || (err == CAU_OK && r.redacted && r.payload.n == 0));
    check(register_redact(f.node, &f.arena, &self, id, &out) != REGISTER_DONE);
}

static void people_are_added_by_administrators(void **state)
{
    (void)state;
    struct register_outcome out;
    uint32_t id;
    unsigned roles = 99;
    check(people_read_roles(STR("editor, adviser"), &roles) == CAU_OK &&
          roles == (LOCAL_EDITOR | LOCAL_ADVISER));
    check(people_read_roles(STR("king"), &roles) == CAU_ERR_UNKNOWN &&
          roles == (LOCAL_EDITOR | LOCAL_ADVISER));
    check(people_add(f.node, &f.arena, &editor, STR("eve"), STR(""), STR("long enough"), 0,
                     LANG_EN, &id, &out) == REGISTER_NOT_ALLOWED);
    check(people_add(f.node, &f.arena, &self, STR("Eve!"), STR(""), STR("long enough"), 0,
                     LANG_EN, &id, &out) == REGISTER_PROBLEMS);
    check(people_add(f.node, &f.arena, &self, STR("eve"), STR(""), STR("short"), 0, LANG_EN,
                     &id, &out) == REGISTER_PROBLEMS);
    check(people_add(f.node, &f.arena, &self, STR("eve"), STR(""), STR("long enough"), 0,
                     LANG_EN, &id, &out) == REGISTER_DONE);
    check(people_add(f.node, &f.arena, &self, STR("eve"), STR(""), STR("long enough"), 0,
                     LANG_EN, &id, &out) == REGISTER_TAKEN);
}

static void guessing_is_slow_and_counted(void **state)
{
    (void)state;
    struct register_outcome out;
    uint32_t id;
    char token[64];
    unsigned wait = 0;
    check(people_add(f.node, &f.arena, &self, STR("minh"), STR("Minh"), STR("correct horse"), 0,
                     LANG_VI, &id, &out) == REGISTER_DONE);
    struct people_gate *g = people_gate_new();
    check(people_sign_in(f.node, &f.arena, g, STR("minh"), STR("correct horse"),
                         STR("127.0.0.1"), token, &wait) == PEOPLE_IN);
    struct local_user user;
    unsigned char key[32];
    struct view *v = view_take(f.node);
    check(people_session(f.node, v, &f.arena, (struct str){token, 64}, &user, key) == CAU_OK &&
          user.id == id);
    check(people_session(f.node, v, &f.arena, STR("no such token"), &user, key) ==
          CAU_ERR_UNKNOWN);
    view_give(f.node, v);
    for (int i = 0; i < PEOPLE_TRIES_ACCOUNT; i++)
        check(people_sign_in(f.node, &f.arena, g, STR("minh"), STR("wrong"), STR("127.0.0.1"),
                             token, &wait) == PEOPLE_WRONG);
    check(people_sign_in(f.node, &f.arena, g, STR("minh"), STR("correct horse"),
                         STR("127.0.0.1"), token, &wait) == PEOPLE_TOO_MANY &&
          wait > 0);
    check(people_sign_out(f.node, (struct str){token, 64}) == CAU_OK);
    v = view_take(f.node);
    check(people_session(f.node, v, &f.arena, (struct str){token, 64}, &user, key) ==
          CAU_ERR_UNKNOWN);
    view_give(f.node, v);
    people_gate_free(g);
}

static int open_node(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    anyone = actor_anonymous();
    editor = (struct actor){.user = 1, .roles = LOCAL_EDITOR};
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_editor_makes_and_changes),
        cmocka_unit_test(the_second_of_two_editors_is_told),
        cmocka_unit_test(a_member_does_not_change_sides),
        cmocka_unit_test(a_narrower_audience_takes_the_wide_one_back),
        cmocka_unit_test(withdrawn_is_found_no_more),
        cmocka_unit_test(only_an_administrator_erases),
        cmocka_unit_test(people_are_added_by_administrators),
        cmocka_unit_test(guessing_is_slow_and_counted),
    };
    return cmocka_run_group_tests(tests, open_node, close_node);
}
