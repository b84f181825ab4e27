#include "domain/rule/consent.h"

#include "base/clock.h"
#include "exchange/import/import.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, anyone, editor;

/* What the check says of a person with these members: its first problem, or nothing. */
static const char *checked(const char *members, char place[40])
{
    char json[400];
    struct record_form form;
    struct record_problems problems = {.n = 0};
    snprintf(json, sizeof json, "{\"kind\":\"person\",\"name\":{\"vi\":\"An\"}%s}", members);
    struct value v = fixture_form(&f, json);
    check(record_check(&f.arena, node_kinds(f.node), &v, (struct record_rules){.compose = true},
                       &form, &problems) == CAU_OK);
    bool good = consent_check(&form, &problems);
    check(good == (problems.n == 0) && problems.n < 2);
    snprintf(place, 40, "%.*s", STR_ARG(good ? STR("") : problems.v[0].place));
    return good ? "" : record_code_name(problems.v[0].code);
}

static void expect(const char *members, const char *code, const char *where)
{
    char place[40];
    const char *got = checked(members, place);
    if (strcmp(got, code) != 0 || strcmp(place, where) != 0)
        fail_msg("%s -> %s at %s", members, got, place);
}

#define SAID(scope) ",\"consent\":\"" scope "\",\"consented\":\"2026-01\""

static void consent_bounds_the_audience(void **state)
{
    (void)state;
    clock_set_ms(clock_ms_of((struct clock_date){2026, 11, 22}));
    expect("", "no_consent", "consent"); /* no visibility said: public */
    expect(",\"visibility\":\"public\"" SAID("home_only"), "no_consent", "consent");
    expect(",\"visibility\":\"public\"" SAID("may_be_asked"), "no_consent", "consent");
    expect(",\"visibility\":\"public\"" SAID("public_card"), "", "");
    expect(",\"visibility\":\"partner\"" SAID("home_only"), "no_consent", "consent");
    expect(",\"visibility\":\"partner\"" SAID("may_be_asked"), "", "");
    expect(",\"visibility\":\"partner\"" SAID("public_card"), "", "");
    expect(",\"visibility\":\"private\"", "", "");
    expect(",\"consent\":\"public_card\"", "no_consent",
           "consented"); /* recorded: with its date */
    expect(",\"consent_until\":\"2026-11-21\"" SAID("public_card"), "consent_over",
           "consent_until");
    expect(",\"consent_until\":\"2026-11-22\"" SAID("public_card"), "", ""); /* its last day */
    expect(",\"consent_until\":\"2026-10\"" SAID("public_card"), "consent_over",
           "consent_until");
    expect(",\"consent_until\":\"2026\"" SAID("public_card"), "", "");
    expect(",\"consent_until\":\"2025\",\"visibility\":\"private\"", "", "");
    clock_set_ms(0);
}

static void other_kinds_need_none(void **state)
{
    (void)state;
    check(fixture_save(&f, &editor,
                       "{\"kind\":\"mechanism\",\"title\":{\"en\":\"Joint committee\"}}",
                       (struct str){NULL, 0}, NULL) == REGISTER_DONE);
}

#define PERSON(more) "{\"kind\":\"person\",\"name\":{\"vi\":\"An\"}" more "}"

static void a_form_without_consent_is_refused(void **state)
{
    (void)state;
    struct str id = {NULL, 0}, none = {NULL, 0};
    struct view_record r;
    check(fixture_save(&f, &editor, PERSON(""), none, NULL) == REGISTER_PROBLEMS);
    check(fixture_save(&f, &self, PERSON(""), none, NULL) == REGISTER_PROBLEMS);
    check(fixture_save(&f, &editor, PERSON(",\"visibility\":\"private\""), none, &id) ==
          REGISTER_DONE);
    check(fixture_get(&f, &anyone, id, &r) == CAU_ERR_UNKNOWN);
    check(fixture_save(&f, &editor, PERSON(",\"visibility\":\"public\""), id, NULL) ==
          REGISTER_PROBLEMS);
    check(fixture_save(&f, &editor, PERSON(",\"visibility\":\"public\"" SAID("public_card")),
                       id, NULL) == REGISTER_DONE);
    check(fixture_get(&f, &anyone, id, &r) == CAU_OK);
    /* A consent that is taken back closes the record, or nothing is saved. */
    check(fixture_save(&f, &editor, PERSON(""), id, NULL) == REGISTER_PROBLEMS);
    check(fixture_save(&f, &editor, PERSON(",\"visibility\":\"private\""), id, NULL) ==
          REGISTER_DONE);
    check(fixture_get(&f, &anyone, id, &r) == CAU_ERR_UNKNOWN || r.redacted);
}

static struct import_outcome imported(const char *text, bool write)
{
    struct import_options options = {.file = STR("people.jsonl")};
    struct import_outcome out;
    enum import_why why =
        write ? import_run(f.node, &f.arena, &self, str_of(text), &options, NULL, &out)
              : import_look(f.node, &f.arena, &self, str_of(text), &options, NULL, &out);
    check(why == IMPORT_OK);
    return out;
}

static void an_import_refuses_the_row(void **state)
{
    (void)state;
    static const char rows[] =
        "{\"kind\":\"person\",\"external_id\":\"p1\",\"name\":{\"ru\":\"Иванов\"}}\n"
        "{\"kind\":\"person\",\"external_id\":\"p2\",\"name\":{\"ru\":\"Петров\"}" SAID(
            "public_card") "}\n"
                           "{\"kind\":\"person\",\"external_id\":\"p3\",\"name\":{\"ru\":"
                           "\"Сидоров\"},"
                           "\"visibility\":\"private\"}\n";
    struct import_outcome out = imported(rows, false);
    check(out.added == 2 && out.refused == 1);
    check(strstr(out.report.p, "\"code\":\"no_consent\"") != NULL);
    check(strstr(out.report.p, "\"column\":\"consent\"") != NULL);
    out = imported(rows, true);
    check(out.added == 2 && out.refused == 1);
    out = imported("{\"kind\":\"person\",\"external_id\":\"p3\",\"visibility\":\"public\"}\n",
                   true);
    check(out.changed == 0 && out.refused == 1);
    struct view_record r;
    check(fixture_get(&f, &anyone, STR("p2"), &r) == CAU_OK);
    check(fixture_get(&f, &anyone, STR("p1"), &r) == CAU_ERR_UNKNOWN);
    check(fixture_get(&f, &anyone, STR("p3"), &r) == CAU_ERR_UNKNOWN);
}

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    anyone = actor_anonymous();
    editor = (struct actor){.user = 1, .roles = LOCAL_EDITOR};
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
        cmocka_unit_test(consent_bounds_the_audience),
        cmocka_unit_test(other_kinds_need_none),
        cmocka_unit_test(a_form_without_consent_is_refused),
        cmocka_unit_test(an_import_refuses_the_row),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
