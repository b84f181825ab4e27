#include "web/routes.h"

#include "record/json.h"
#include "test.h"
#include "web_help.h"

static struct value described(enum lang lang)
{
    struct value v = {.type = VALUE_NULL};
    struct ask *q = test_ask(&web, lang);
    openapi_answer(q);
    check(web.answer.status == 200 && !web.answer.body.failed);
    check(json_read(&web.arena, buf_str(&web.answer.body), 4 << 20, JSON_OUTSIDE, &v, NULL) ==
          CAU_OK);
    test_answered(&web);
    return v;
}

static const struct value *operation(const struct value *v, const char *path,
                                     const char *method)
{
    return value_get(value_find(value_get(v, "paths"), str_of(path)), method);
}

static bool reads(const struct value *operation, const char *name)
{
    const struct value *list = value_get(operation, "parameters");
    for (uint32_t i = 0; list != NULL && i < list->n; i++)
        if (str_is(value_get_str(&list->item[i], "name"), name))
            return true;
    return false;
}

static bool answers(const struct value *operation, const char *status)
{
    return value_get(value_get(operation, "responses"), status) != NULL;
}

static void says_what_is_read_and_answered(void **state)
{
    (void)state;
    struct value v = described(LANG_RU);
    const struct value *record = operation(&v, "/api/v1/records/{id}", "get");
    check(reads(record, "id") && reads(record, "format") && reads(record, "lang"));
    check(answers(record, "200") && answers(record, "304") && answers(record, "404"));
    const struct value *json =
        value_get(value_get(value_get(value_get(record, "responses"), "200"), "content"),
                  "application/json");
    check(str_is(
        value_get_str(value_get(value_get(value_get(json, "schema"), "properties"), "record"),
                      "$ref"),
        "#/components/schemas/AnyRecord"));
    const struct value *kinds = operation(&v, "/api/v1/kinds", "get");
    check(answers(kinds, "304") && answers(kinds, "503") && !answers(kinds, "404"));
    const struct value *self = operation(&v, "/api/v1/openapi.json", "get");
    check(reads(self, "lang") && answers(self, "304") && !answers(self, "404"));
    const struct value *match = operation(&v, "/api/v1/match", "get");
    check(reads(match, "id") && reads(match, "text") && reads(match, "limit"));
    check(answers(match, "400") && answers(match, "404"));
    check(operation(&v, "/api/v1/match", "post") == NULL);
}

static void a_question_may_be_sent_as_a_form(void **state)
{
    (void)state;
    static const char *const path[] = {"/api/v1/reconcile", "/api/v1/reconcile/{lang}"};
    struct value v = described(LANG_VI);
    for (size_t i = 0; i < countof(path); i++) {
        const struct value *post = operation(&v, path[i], "post");
        const struct value *form =
            value_get(value_get(value_get(value_get(post, "requestBody"), "content"),
                                "application/x-www-form-urlencoded"),
                      "schema");
        check(value_get(value_get(form, "properties"), "queries") != NULL);
        check(value_get(value_get(form, "properties"), "extend") != NULL);
        check(!reads(post, "queries") && reads(operation(&v, path[i], "get"), "queries"));
        check(reads(post, "lang") == (i == 1));
        check(answers(post, "400"));
    }
}

static void every_operation_has_its_own_name(void **state)
{
    (void)state;
    struct value v = described(LANG_EN);
    const struct value *paths = value_get(&v, "paths");
    static struct str name[100];
    size_t n = 0;
    for (uint32_t i = 0; i < paths->n; i++)
        for (uint32_t k = 0; k < paths->member[i].value.n; k++) {
            const struct value *one = &paths->member[i].value.member[k].value;
            check(n < countof(name));
            name[n] = value_get_str(one, "operationId");
            check(name[n].len > 0 && value_get_str(one, "summary").len > 0);
            for (size_t x = 0; x < n; x++)
                check(!str_equal(name[x], name[n]));
            n++;
        }
    check(n > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_what_is_read_and_answered),
                                       cmocka_unit_test(a_question_may_be_sent_as_a_form),
                                       cmocka_unit_test(every_operation_has_its_own_name)};
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
