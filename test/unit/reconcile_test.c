#include "domain/rule/register.h"
#include "record/json.h"
#include "test.h"
#include "web/api/api.h"
#include "web_help.h"

static struct test_web t;

static void add(const char *json)
{
    struct value form;
    struct register_outcome out;
    struct actor self = actor_operator();
    check(json_read(&t.arena, str_of(json), 1 << 20, JSON_FORM, &form, NULL) == CAU_OK);
    check(register_save(t.node.n, &t.arena, &self, &form, (struct str){NULL, 0}, NULL, &out) ==
          REGISTER_DONE);
}

static int begin(void **state)
{
    (void)state;
    test_web_make(&t);
    add("{\"kind\":\"organization\",\"name\":{\"vi\":\"Viện Hải dương học\",\"en\":\"Institute "
        "of Oceanography\"},\"country\":\"VN\",\"city\":{\"en\":\"Nha Trang\"},"
        "\"established\":\"1922\",\"identifiers\":{\"ror\":\"02aaaaaa1\"}}");
    add("{\"kind\":\"organization\",\"name\":{\"ru\":\"Тайный институт океанологии\"},"
        "\"country\":\"VN\",\"visibility\":\"private\"}");
    add("{\"kind\":\"organization\",\"name\":{\"en\":\"Solar Works\"},\"country\":\"VN\"}");
    add("{\"kind\":\"organization\",\"name\":{\"en\":\"Solar Works\"},\"country\":\"RU\"}");
    add("{\"kind\":\"organization\",\"name\":{\"en\":\"Lunar "
        "Works\"},\"country\":\"RU\",\"coordinates\":{\"latitude\":\"-6.2388\",\"longitude\":"
        "\"106.8\"},\"established\":\"1959-04-12\",\"identifiers\":{\"isni\":"
        "\"0000000121032683\"}}");
    add("{\"kind\":\"organization\",\"name\":{\"zh\":\"华东造船技术研究院\"},\"country\":"
        "\"CN\"}");
    add("{\"kind\":\"organization\",\"name\":{\"ja\":\"北浜ドライブ製作所\"},\"country\":"
        "\"JP\"}");
    add("{\"kind\":\"person\",\"name\":{\"vi\":\"Nguyễn Thị Minh Khai\"},\"country\":\"VN\","
        "\"visibility\":\"public\",\"consent\":\"public_card\",\"consented\":\"2026-05-01\","
        "\"identifiers\":{\"orcid\":\"0000-0002-1825-0097\"}}");
    return 0;
}

static int end(void **state)
{
    (void)state;
    test_web_end(&t);
    return 0;
}

/* The answer to a form with one field, as the stranger the route makes of everyone. */
static struct value asked(void (*page)(struct ask *q), const char *name, const char *text)
{
    struct http_field field = {str_of(name), str_of(text)};
    struct value v = {.type = VALUE_NULL};
    struct ask *q = test_ask(&t, LANG_RU);
    static const struct route route = {.name = "reconcile", .flags = ROUTE_DATA | ROUTE_OPEN};
    q->route = &route;
    q->actor = actor_anonymous();
    q->reader = actor_reader(&q->actor);
    t.head.host = STR("node.example:8080");
    t.http.form = (struct http_fields){&field, 1};
    t.http.query = t.http.form;
    page(q);
    if (t.answer.status == 200)
        check(json_read(&t.arena, buf_str(&t.answer.body), 1 << 20, JSON_OUTSIDE, &v, NULL) ==
              CAU_OK);
    test_answered(&t);
    return v;
}

static const struct value *result_of(const struct value *v, const char *key)
{
    const struct value *list = value_get(value_get(v, key), "result");
    check(list != NULL && list->type == VALUE_ARRAY);
    return list;
}

static void finds_across_languages_and_only_what_is_public(void **state)
{
    (void)state;
    struct value v =
        asked(reconcile_service, "queries",
              "{\"a\":{\"query\":\"Институт "
              "океанографии\",\"properties\":[{\"pid\":\"country\",\"v\":"
              "\"Вьетнам\"},{\"pid\":\"city\",\"v\":\"Нячанг\"}]},"
              "\"b\":{\"query\":\"Тайный институт океанологии\"},"
              "\"c\":{\"properties\":[{\"pid\":\"ror\",\"v\":\"02aaaaaa1\"}]},"
              "\"d\":{\"query\":\"Институт океанографии\",\"type\":\"organization/bank\"}}");
    const struct value *a = result_of(&v, "a");
    check(a->n == 1 && value_get(&a->item[0], "match")->type == VALUE_TRUE);
    check(value_get_int(&a->item[0], "score", 0) > 50);
    const struct value *b = result_of(&v, "b");
    for (uint32_t i = 0; i < b->n; i++)
        check(!str_starts(value_get_str(&b->item[i], "name"), STR("Тайный")));
    const struct value *c = result_of(&v, "c");
    check(c->n == 1 && value_get(&c->item[0], "match")->type == VALUE_TRUE);
    check(result_of(&v, "d")->n == 0);
    /* The very name: all points, and sure, though nothing else is said. */
    v = asked(reconcile_service, "queries", "{\"e\":{\"query\":\"viện hải dương học\"}}");
    const struct value *e = result_of(&v, "e");
    check(e->n == 1 && value_get(&e->item[0], "match")->type == VALUE_TRUE);
    check(value_get_int(&e->item[0], "score", 0) == 100);
}

/* Names in scripts that part no words: the very name, and one that differs in a letter. */
static void finds_names_without_words(void **state)
{
    (void)state;
    static const char *const query[][2] = {{"华东造船技术研究院", "华东造船技术研究院"},
                                           {"华东造船技术研究所", "华东造船技术研究院"},
                                           {"北浜ﾄﾞﾗｲﾌﾞ製作所", "北浜ドライブ製作所"},
                                           {"北浜ドライブ製造所", "北浜ドライブ製作所"}};
    for (size_t i = 0; i < countof(query); i++) {
        char text[512];
        snprintf(text, sizeof text, "{\"a\":{\"query\":\"%s\"}}", query[i][0]);
        struct value v = asked(reconcile_service, "queries", text);
        const struct value *a = result_of(&v, "a");
        check(a->n >= 1 && str_is(value_get_str(&a->item[0], "name"), query[i][1]));
        check(i > 0 || (a->n == 1 && value_get_int(&a->item[0], "score", 0) == 100));
    }
}

/* The first candidate's match and points, of a query's one answer. */
static bool matches(const char *query, int64_t *points, uint32_t *n)
{
    char text[1024];
    check(snprintf(text, sizeof text, "{\"a\":%s}", query) < (int)sizeof text);
    struct value v = asked(reconcile_service, "queries", text);
    const struct value *list = result_of(&v, "a");
    *n = list->n;
    *points = 0;
    if (list->n == 0)
        return false;
    *points = value_get_int(&list->item[0], "score", -1);
    return value_get(&list->item[0], "match")->type == VALUE_TRUE;
}

/* What a query says beside the name decides too: a client takes a match unseen. */
static void a_name_alone_is_not_all(void **state)
{
    (void)state;
    static const char *const against[] = {"{\"pid\":\"ror\",\"v\":\"000000000\"}",
                                          "{\"pid\":\"country\",\"v\":\"RU\"}",
                                          "{\"pid\":\"city\",\"v\":\"Moscow\"}"};
    char query[512];
    int64_t points;
    uint32_t n;
    for (size_t i = 0; i < countof(against); i++) {
        check(snprintf(query, sizeof query,
                       "{\"query\":\"Viện Hải dương học\",\"properties\":[%s]}",
                       against[i]) < (int)sizeof query);
        check(!matches(query, &points, &n) && points < 100);
        check(snprintf(query, sizeof query, /* nor in words that mean the same */
                       "{\"query\":\"Oceanography Institute\",\"properties\":[%s]}",
                       against[i]) < (int)sizeof query);
        check(!matches(query, &points, &n) && points < 100);
    }
    /* Two of one name: none, until the query tells them apart. */
    check(!matches("{\"query\":\"Solar Works\"}", &points, &n) && points == 100 && n == 2);
    check(matches(
        "{\"query\":\"Solar Works\",\"properties\":[{\"pid\":\"country\",\"v\":\"RU\"}]}",
        &points, &n));
    check(points == 100 && n == 2);
    /* Nor is one a match by name whose identifier another has. */
    check(!matches(
        "{\"query\":\"Lunar Works\",\"properties\":[{\"pid\":\"ror\",\"v\":\"02aaaaaa1\"}]}",
        &points, &n));
    check(n == 2);
}

static void persons_need_more_than_a_name(void **state)
{
    (void)state;
    int64_t points;
    uint32_t n;
    check(!matches("{\"query\":\"Nguyễn Thị Minh Khai\",\"type\":\"person\"}", &points, &n));
    check(points < 100);
    check(matches("{\"query\":\"Nguyễn Thị Minh Khai\",\"type\":\"person\",\"properties\":[{"
                  "\"pid\":\"orcid\",\"v\":\"0000-0002-1825-0097\"}]}",
                  &points, &n));
    check(points == 100);
}

/* The columns of the record that has this name. */
static struct value extended(const char *name, const char *properties)
{
    char text[400];
    snprintf(text, sizeof text, "{\"a\":{\"query\":\"%s\"}}", name);
    struct value v = asked(reconcile_service, "queries", text);
    struct str id = value_get_str(&result_of(&v, "a")->item[0], "id");
    check(snprintf(text, sizeof text, "{\"ids\":[\"%.*s\"],\"properties\":[%s]}", STR_ARG(id),
                   properties) < (int)sizeof text);
    v = asked(reconcile_service, "extend", text);
    check(value_get(&v, "rows") != NULL && value_get(&v, "rows")->n == 1);
    return value_get(&v, "rows")->member[0].value;
}

static struct str cell(const struct value *row, const char *property, const char *type)
{
    const struct value *list = value_get(row, property);
    check(list != NULL && list->n == 1);
    return value_get_str(&list->item[0], type);
}

/* As a spreadsheet can use it, and the same in every language: no JSON, no words of a date. */
static void cells_are_for_spreadsheets(void **state)
{
    (void)state;
    struct value row =
        extended("Lunar Works", "{\"id\":\"coordinates\"},{\"id\":\"established\"},"
                                "{\"id\":\"identifiers\"},{\"id\":\"country\"}");
    check(str_is(cell(&row, "coordinates", "str"), "-6.2388,106.8"));
    check(str_is(cell(&row, "established", "date"), "1959-04-12T00:00:00+00:00"));
    check(str_is(cell(&row, "country", "id"), "RU"));
    check(value_get(&row, "identifiers")->n == 0);
    row = extended("Viện Hải dương học", "{\"id\":\"established\"}");
    check(str_is(cell(&row, "established", "str"), "1922")); /* a year is no day */
}

static void what_is_broken_is_refused(void **state)
{
    (void)state;
    check(asked(reconcile_service, "queries", "[").type == VALUE_NULL);
    check(t.answer.status == 400);
    check(asked(reconcile_service, "extend", "{}").type == VALUE_NULL);
    check(t.answer.status == 400);
}

static void says_what_it_can(void **state)
{
    (void)state;
    struct value v = asked(reconcile_service, "", "");
    check(value_get(&v, "versions") != NULL && value_get(&v, "preview") != NULL);
    check(str_is(value_get_str(value_get(&v, "view"), "url"),
                 "http://node.example:8080/ru/{{id}}"));
    v = asked(reconcile_suggest_property, "prefix", "стра");
    check(value_get(&v, "result")->n >= 1);
    v = asked(reconcile_suggest_type, "prefix", "орган");
    check(value_get(&v, "result")->n >= 1);
    v = asked(reconcile_suggest_entity, "prefix", "oceano");
    check(value_get(&v, "result")->n == 1);
    v = asked(reconcile_properties, "type", "organization");
    check(value_get(&v, "properties")->n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_across_languages_and_only_what_is_public),
        cmocka_unit_test(finds_names_without_words),
        cmocka_unit_test(a_name_alone_is_not_all),
        cmocka_unit_test(persons_need_more_than_a_name),
        cmocka_unit_test(cells_are_for_spreadsheets),

        cmocka_unit_test(what_is_broken_is_refused),
        cmocka_unit_test(says_what_it_can)};
    return cmocka_run_group_tests(tests, begin, end);
}
