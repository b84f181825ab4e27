#include "web/part/controls.h"

#include "base/asset.h"
#include "record/json.h"
#include "test.h"
#include "web/edit/edit.h"
#include "web/part/present.h"
#include "web_help.h"

/* Shows a form in a language and reads back what a browser would send without touching it. */
static void show_and_read(struct ask *q, const struct kind *kind, const struct value *form,
                          const struct value *old, struct value *out,
                          struct record_problems *problems)
{
    struct controls f = {.kind = kind, .value = form};
    controls_write(q, q->page, &f);
    check(!q->model.failed);
    ask_page(q, "edit");
    check(!q->answer->body.failed);
    q->http->form = test_submit(q->arena, buf_str(&q->answer->body));
    check(controls_read(q, kind, old, out, problems) == CAU_OK);
}

/* The payload without what only rules set. */
static struct value payload_of(const struct kind *kind, const struct record_form *form)
{
    struct value v;
    check(value_copy(&web.arena, &form->payload, &v) == CAU_OK);
    for (size_t i = 0; i < kind->n; i++)
        if (kind->field[i].rule) {
            char name[64] = "";
            memcpy(name, kind->field[i].name.p, kind->field[i].name.len);
            value_remove(&v, name);
        }
    return v;
}

static void check_round_trip(struct str line, enum lang lang)
{
    static struct record_problems problems;
    struct ask *q = test_ask(&web, lang);
    struct value given, shown, back;
    struct record_form before, after;
    const struct record_rules rules = {.compose = true, .all_fields = true};
    check(json_read(&web.arena, line, 1 << 20, JSON_FORM, &given, NULL) == CAU_OK);
    check(record_check(&web.arena, web.site.kinds, &given, rules, &before, &problems) ==
          CAU_OK);
    check(record_to_form(&web.arena, before.kind, before.audience, &before.payload, &shown) ==
          CAU_OK);
    show_and_read(q, before.kind, &shown, &before.payload, &back, &problems);
    check(problems.n == 0);
    enum cau_err err =
        record_check(&web.arena, web.site.kinds, &back, rules, &after, &problems);
    if (err != CAU_OK)
        fail_msg("%.*s: %s", STR_ARG(problems.v[0].place),
                 record_code_name(problems.v[0].code));
    struct value x = payload_of(before.kind, &before), y = payload_of(before.kind, &after);
    struct record_change change[1];
    size_t n = 0;
    check(record_diff(&web.arena, &x, &y, change, 1, &n) == CAU_OK);
    if (n > 0)
        fail_msg("%.*s changed in %.*s", STR_ARG(change[0].place), STR_ARG(line));
    test_answered(&web);
}

/* Opening a record's form and saving it changes nothing: for every record of the demonstration. */
static void loses_nothing(void **state)
{
    (void)state;
    size_t n = 0;
    for (size_t i = 0; i < asset_count; i++) {
        if (!str_starts(asset_list[i].name, STR("demo/")) ||
            !str_ends(asset_list[i].name, STR(".jsonl")))
            continue;
        for (struct str rest = asset_list[i].bytes; rest.len > 0;) {
            struct str line = str_next(&rest, '\n');
            if (line.len > 0)
                check_round_trip(line, (enum lang)(n++ % LANG_COUNT));
        }
    }
    check(n > 100);
}

static void shows_an_empty_form_of_every_kind(void **state)
{
    (void)state;
    static struct record_problems problems;
    for (size_t i = 0; i < web.site.kinds->n; i++) {
        struct ask *q = test_ask(&web, (enum lang)(i % LANG_COUNT));
        struct value empty = value_object(), back;
        show_and_read(q, &web.site.kinds->kind[i], &empty, NULL, &back, &problems);
        check(problems.n == 0 && back.n == 1); /* the kind, and nothing else */
        test_answered(&web);
    }
}

static struct http_field field(const char *name, const char *value)
{
    return (struct http_field){str_of(name), str_of(value)};
}

static void reads_what_people_write(void **state)
{
    (void)state;
    static struct record_problems problems;
    struct http_field sent[] = {
        field("title.langs", "vi ru en"),
        field("title.vi", "  Cần máy đo  "),
        field("title.ru", "Нужен прибор"),
        field("title.ru.origin", "machine:vi"),
        field("deadline.day", "7"),
        field("deadline.month", "3"),
        field("deadline.year", "2027"),
        field("budget.amount", "1 234 567,50"),
        field("budget.currency", "USD"),
        field("fields", "FORD:2.7"),
        field("fields", "FORD:2.3"),
        field("fields.other", "GRNTI:44.39\n\nHS:8502\n"),
        field("form", "licence"),
        field("urgent", "yes"),
        field("organization", "Viện không có ở đây"),
        field("sources.count", "2"),
        field("sources[0].title", ""),
        field("sources[1].title", "Báo cáo"),
    };
    struct ask *q = test_ask(&web, LANG_VI);
    struct value v;
    q->http->form = (struct http_fields){sent, countof(sent)};
    const struct kind *need = kinds_find(web.site.kinds, STR("need"));
    check(controls_read(q, need, NULL, &v, &problems) == CAU_OK);
    struct buf b = buf_new(1 << 16);
    json_write(&b, &v);
    buf_add_char(&b, '\0');
    assert_string_equal(
        b.p, "{\"budget\":{\"amount\":\"1234567.50\",\"currency\":\"USD\"},"
             "\"deadline\":\"2027-03-07\","
             "\"fields\":[\"FORD:2.7\",\"FORD:2.3\",\"GRNTI:44.39\",\"HS:8502\"],"
             "\"form\":[\"licence\"],\"kind\":\"need\","
             "\"organization\":\"Viện không có ở đây\",\"sources\":[{\"title\":\"Báo cáo\"}],"
             "\"title\":{\"ru\":{\"from\":\"vi\",\"origin\":\"machine\",\"text\":\"Нужен "
             "прибор\"},\"vi\":\"Cần máy đo\"},\"urgent\":true}");
    buf_free(&b);
    check(problems.n == 1 && problems.v[0].code == RECORD_BAD_LINK &&
          str_is(problems.v[0].place, "organization"));

    /* Shown again: every value is kept, and the problem stands at its control. */
    struct controls f = {.kind = need, .value = &v, .problems = &problems};
    controls_write(q, q->page, &f);
    check(html_count(q->page, "errors") == 1);
    test_answered(&web);
}

static void refuses_a_form_without_memory(void **state)
{
    (void)state;
    static struct record_problems problems;
    struct ask *q = test_ask(&web, LANG_EN);
    struct value v = value_integer(7);
    struct arena none = {web.arena.base, 64, 0};
    q->arena = &none;
    const struct kind *need = kinds_find(web.site.kinds, STR("need"));
    check(controls_read(q, need, NULL, &v, &problems) == CAU_ERR_MEMORY);
    check(v.type == VALUE_INTEGER);
    test_answered(&web);
}

/* Where a value stands, in words, also in rows whose columns have no labels of their own. */
static void says_where_a_value_stands(void **state)
{
    (void)state;
    static const char *const place[][2] = {{"links[0].rel", "Links 1 · Relation"},
                                           {"sources[1].title", "Sources 2 · Title"},
                                           {"name.vi[0]", "Name · Vietnamese 1"}};
    struct ask *q = test_ask(&web, LANG_EN);
    const struct kind *kind = kinds_find(web.site.kinds, STR("organization"));
    for (size_t i = 0; i < countof(place); i++)
        check(str_is(present_place(q, kind, str_of(place[i][0])), place[i][1]));
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loses_nothing),
        cmocka_unit_test(shows_an_empty_form_of_every_kind),
        cmocka_unit_test(reads_what_people_write),
        cmocka_unit_test(refuses_a_form_without_memory),
        cmocka_unit_test(says_where_a_value_stands),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
