#include "base/clock.h"
#include "domain/people/people.h"
#include "domain/rule/claim.h"
#include "domain/rule/need.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, anyone, writer, adviser, editor;
static struct str organization;

static uint32_t add_user(const char *name, unsigned roles)
{
    struct register_outcome out;
    uint32_t id = 0;
    check(people_add(f.node, &f.arena, &self, str_of(name), str_of(name),
                     STR("a long password"), roles, LANG_EN, &id, &out) == REGISTER_DONE);
    return id;
}

static const struct need_scores good = {3, 3, 3, 3};

static enum register_why review(const struct actor *who, struct str id,
                                struct need_scores scores, enum need_verdict *verdict)
{
    struct register_outcome out;
    return need_review(f.node, &f.arena, who, id, NULL, &scores, STR("Clear enough."), LANG_EN,
                       verdict, &out);
}

static const char need[] =
    "{\"kind\":\"need\",\"title\":{\"vi\":\"Móng nổi cho điện gió\"},"
    "\"summary\":{\"vi\":\"Cần kết cấu đỡ cho tuabin.\"},\"country\":\"VN\"}";

static struct str draft(void)
{
    struct str id = {NULL, 0};
    check(fixture_save(&f, &writer, need, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static struct str submitted(void)
{
    struct register_outcome out;
    struct str id = draft();
    check(need_submit(f.node, &f.arena, &writer, id, NULL, &out) == REGISTER_DONE);
    return id;
}

static void the_score_decides(void **state)
{
    (void)state;
    check(need_verdict_of(&(struct need_scores){1, 1, 1, 1}) == NEED_REJECTED);
    check(need_verdict_of(&(struct need_scores){2, 1, 1, 1}) == NEED_HELD);
    check(need_verdict_of(&(struct need_scores){3, 2, 2, 2}) == NEED_HELD);
    check(need_verdict_of(&(struct need_scores){3, 3, 2, 2}) == NEED_PUBLISHED);
    check(need_verdict_of(&(struct need_scores){5, 5, 5, 0}) == NEED_HELD);
    check(need_verdict_of(&(struct need_scores){4, 0, 0, 0}) == NEED_REJECTED);
}

static void a_draft_is_nobody_elses_business(void **state)
{
    (void)state;
    struct view_record r;
    struct str id = draft();
    check(fixture_get(&f, &anyone, id, &r) == CAU_ERR_UNKNOWN);
    check(fixture_get(&f, &writer, id, &r) == CAU_OK && r.audience == RECORD_PRIVATE);
    check(str_is(value_get_str(&r.payload, "publication"), "draft"));
    check(str_equal(value_get_str(&r.payload, "organization"),
                    organization)); /* his own, unasked */
    enum need_verdict v;
    check(review(&adviser, id, good, &v) == REGISTER_STATE); /* not submitted */
}

static void the_second_person_publishes(void **state)
{
    (void)state;
    struct view_record r;
    enum need_verdict v = NEED_HELD;
    struct str id = submitted();
    struct register_outcome out;
    check(need_submit(f.node, &f.arena, &writer, id, NULL, &out) == REGISTER_STATE);
    check(review(&writer, id, good, &v) == REGISTER_NOT_ALLOWED);
    check(review(&self, id, good, &v) ==
          REGISTER_NOT_ALLOWED); /* the operator is no second person */
    check(review(&editor, id, good, &v) == REGISTER_NOT_ALLOWED);
    check(review(&adviser, id, (struct need_scores){6, 3, 3, 3}, &v) == REGISTER_PROBLEMS);
    check(review(&adviser, id, good, &v) == REGISTER_DONE && v == NEED_PUBLISHED);
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK &&
          r.n == 1); /* its public chain begins here */
    check(str_is(value_get_str(&r.payload, "publication"), "published"));
    check(value_get_str(&r.payload, "expires_on").len == CLOCK_DATE_CHARS);
    check(review(&adviser, id, good, &v) == REGISTER_STATE);
}

static void a_low_score_holds_or_rejects(void **state)
{
    (void)state;
    struct view_record r;
    enum need_verdict v;
    struct register_outcome out;
    struct str id = submitted();
    check(review(&adviser, id, (struct need_scores){5, 5, 5, 0}, &v) == REGISTER_DONE &&
          v == NEED_HELD);
    check(fixture_get(&f, &anyone, id, &r) == CAU_ERR_UNKNOWN);
    check(need_submit(f.node, &f.arena, &writer, id, NULL, &out) == REGISTER_DONE);
    check(review(&adviser, id, (struct need_scores){1, 1, 1, 1}, &v) == REGISTER_DONE);
    check(v == NEED_REJECTED && fixture_get(&f, &anyone, id, &r) == CAU_ERR_UNKNOWN);
    check(fixture_get(&f, &writer, id, &r) == CAU_OK);
    check(str_is(value_get_str(&r.payload, "publication"), "rejected"));
}

static void who_wrote_it_does_not_score_it(void **state)
{
    (void)state;
    enum need_verdict v;
    struct register_outcome out;
    struct str id = submitted(), changed;
    check(
        fixture_save(
            &f, &adviser,
            "{\"kind\":\"need\",\"title\":{\"vi\":\"Móng nổi\",\"ru\":\"Плавучее основание\"},"
            "\"country\":\"VN\"}",
            id, &changed) == REGISTER_DONE);
    check(str_equal(id, changed));
    check(need_submit(f.node, &f.arena, &adviser, id, NULL, &out) == REGISTER_DONE);
    check(review(&adviser, id, good, &v) == REGISTER_SAME_PERSON);
}

static void a_change_waits_for_review_while_the_old_text_stands(void **state)
{
    (void)state;
    struct view_record r;
    enum need_verdict v;
    struct str id = submitted();
    check(review(&adviser, id, good, &v) == REGISTER_DONE);
    check(fixture_save(&f, &writer, "{\"kind\":\"need\",\"title\":{\"vi\":\"Khác hẳn\"}}", id,
                       NULL) == REGISTER_DONE);
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK);
    check(str_is(record_title(r.kind, &r.payload, LANG_VI).text, "Móng nổi cho điện gió"));
    check(fixture_get(&f, &writer, id, &r) == CAU_OK);
    check(str_is(record_title(r.kind, &r.payload, LANG_VI).text, "Khác hẳn"));
}

static void it_runs_out_and_is_renewed(void **state)
{
    (void)state;
    struct view_record r;
    enum need_verdict v;
    struct register_outcome out;
    size_t expired = 9;
    struct str id = submitted();
    check(review(&adviser, id, good, &v) == REGISTER_DONE);
    int64_t now = clock_now_ms();
    check(need_expire(f.node, now, &expired) == CAU_OK && expired == 0);
    check(need_expire(f.node, now + INT64_C(400) * 86400000, &expired) == CAU_OK &&
          expired > 0);
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK);
    check(str_is(value_get_str(&r.payload, "publication"), "expired"));
    check(need_renew(f.node, &f.arena, &anyone, id, &out) == REGISTER_NOT_ALLOWED);
    check(need_renew(f.node, &f.arena, &writer, id, &out) == REGISTER_DONE);
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK);
    check(str_is(value_get_str(&r.payload, "publication"), "published"));
    check(need_renew(f.node, &f.arena, &writer, draft(), &out) == REGISTER_STATE);
}

static void rules_fields_are_not_on_the_form(void **state)
{
    (void)state;
    check(fixture_save(
              &f, &writer,
              "{\"kind\":\"need\",\"title\":{\"vi\":\"A\"},\"publication\":\"published\"}",
              (struct str){NULL, 0}, NULL) == REGISTER_PROBLEMS);
    check(fixture_save(&f, &writer,
                       "{\"kind\":\"need\",\"title\":{\"vi\":\"A\"},\"organization\":\"r:"
                       "aaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
                       (struct str){NULL, 0}, NULL) == REGISTER_NOT_ALLOWED);
    check(fixture_save(&f, &anyone, need, (struct str){NULL, 0}, NULL) == REGISTER_NOT_ALLOWED);
}

static int open_node(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    anyone = actor_anonymous();
    check(fixture_save(
              &f, &self,
              "{\"kind\":\"organization\",\"name\":{\"vi\":\"Công ty A\"},\"country\":\"VN\"}",
              (struct str){NULL, 0}, &organization) == REGISTER_DONE);
    uint32_t writer_id = add_user("writer", 0);
    adviser =
        (struct actor){.user = add_user("adviser", LOCAL_ADVISER), .roles = LOCAL_ADVISER};
    editor = (struct actor){.user = add_user("editor", LOCAL_EDITOR), .roles = LOCAL_EDITOR};

    /* He speaks for the organisation after an editor has confirmed his claim. */
    struct register_outcome out;
    struct str claim;
    struct actor claimant = {.user = writer_id};
    check(claim_file(f.node, &f.arena, &claimant, organization, STR("Tôi là giám đốc."),
                     LANG_VI, &out) == REGISTER_DONE);
    check(arena_copy(&f.arena, (struct str){out.result.id, RECORD_ID_CHARS}, &claim) == CAU_OK);
    check(claim_file(f.node, &f.arena, &claimant, organization, STR("Lần nữa"), LANG_VI,
                     &out) == REGISTER_STATE);
    check(claim_decide(f.node, &f.arena, &claimant, claim, true, &out) != REGISTER_DONE);
    check(claim_decide(f.node, &f.arena, &editor, claim, true, &out) == REGISTER_DONE);
    check(claim_decide(f.node, &f.arena, &editor, claim, true, &out) == REGISTER_STATE);
    struct local_user user;
    struct view *v = view_take(f.node);
    check(local_user_get(view_store(v), &f.arena, writer_id, &user) == CAU_OK);
    writer = actor_of(v, &user);
    view_give(f.node, v);
    check(writer.roles == LOCAL_MEMBER && writer.organization_doc != 0);
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
        cmocka_unit_test(the_score_decides),
        cmocka_unit_test(a_draft_is_nobody_elses_business),
        cmocka_unit_test(the_second_person_publishes),
        cmocka_unit_test(a_low_score_holds_or_rejects),
        cmocka_unit_test(who_wrote_it_does_not_score_it),
        cmocka_unit_test(a_change_waits_for_review_while_the_old_text_stands),
        cmocka_unit_test(it_runs_out_and_is_renewed),
        cmocka_unit_test(rules_fields_are_not_on_the_form),
    };
    return cmocka_run_group_tests(tests, open_node, close_node);
}
