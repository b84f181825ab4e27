#include "domain/rule/side.h"

#include "fixture.h"

static struct fixture f;
static struct actor operator;

static struct str organization(const char *name, const char *more)
{
    char form[300];
    struct str id;
    snprintf(form, sizeof form,
             "{\"kind\":\"organization\",\"name\":{\"en\":\"%s\"},\"visibility\":\"public\"%s}",
             name, more);
    check(fixture_save(&f, &operator, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static void expect(const struct actor *who, const char *side)
{
    struct view *v = view_take(f.node);
    struct str said = side_of_actor(v, &f.arena, f.node, who);
    check(str_is(said, side));
    static const char *const all[] = {"VN", "RU", "BY", ""};
    for (size_t i = 0; i < countof(all); i++) {
        bool own = all[i][0] != '\0' && str_is(said, all[i]);
        bool every = who->is_operator && all[i][0] != '\0';
        check(side_speaks_for(v, &f.arena, f.node, who, str_of(all[i])) == (own || every));
    }
    view_give(f.node, v);
}

static struct actor speaker(unsigned roles, struct str organization)
{
    struct local_user u = {.id = 3, .roles = roles, .organization = organization};
    struct view *v = view_take(f.node);
    struct actor a = actor_of(v, &u);
    view_give(f.node, v);
    return a;
}

static void a_side_is_the_country_of_the_organisation(void **state)
{
    (void)state;
    struct actor nobody = actor_anonymous();
    struct actor home = speaker(LOCAL_SECRETARY, STR(""));
    struct actor away =
        speaker(LOCAL_SECRETARY | LOCAL_MEMBER, organization("Works", ",\"country\":\"RU\""));
    struct actor body = speaker(LOCAL_MEMBER, organization("International body", ""));
    struct actor gone = speaker(LOCAL_MEMBER, STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa"));
    expect(&operator, "VN");
    expect(&nobody, "");
    expect(&home, "VN");
    expect(&away, "RU");
    expect(&body, ""); /* no country: not the node's */
    expect(&gone, "");
}

static void only_organisations_have_a_side(void **state)
{
    (void)state;
    struct str need;
    check(fixture_save(&f, &operator,
                       "{\"kind\":\"need\",\"title\":{\"vi\":\"Tàu\"},\"country\":\"RU\","
                       "\"external_id\":\"need-1\"}",
                       (struct str){NULL, 0}, &need) == REGISTER_DONE);
    struct str works = organization("By name", ",\"country\":\"BY\",\"external_id\":\"works\"");
    struct view *v = view_take(f.node);
    check(side_of_organization(v, &f.arena, need).len == 0);
    check(side_of_organization(v, &f.arena, STR("")).len == 0);
    check(str_is(side_of_organization(v, &f.arena, works), "BY"));
    check(str_is(side_of_organization(v, &f.arena, STR("works")), "BY"));
    view_give(f.node, v);
}

static int start(void **state)
{
    (void)state;
    operator= actor_operator();
    fixture_open(&f);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_is_the_country_of_the_organisation),
        cmocka_unit_test(only_organisations_have_a_side),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
