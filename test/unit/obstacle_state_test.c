#include "domain/desk/obstacle_state.h"

#include "fixture.h"

static struct fixture f;
static struct desk *desk;
static struct actor self;
static struct str mot, most; /* two authorities */

static struct str save(const char *form)
{
    struct str id;
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static struct str obstacle(const char *external, const char *more)
{
    char form[600];
    snprintf(form, sizeof form,
             "{\"kind\":\"obstacle\",\"external_id\":\"%s\",\"title\":{\"en\":\"%s\"},"
             "\"countries\":[\"VN\",\"RU\"],\"visibility\":\"public\"%s}",
             external, external, more);
    return save(form);
}

static struct str organization(const char *external)
{
    char form[300];
    snprintf(form, sizeof form,
             "{\"kind\":\"organization\",\"external_id\":\"%s\",\"name\":{\"en\":\"%s\"},"
             "\"country\":\"VN\",\"visibility\":\"public\"}",
             external, external);
    return save(form);
}

static int start(void **state)
{
    char more[300];
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    check(desk_open(f.node, &desk) == CAU_OK);
    mot = organization("mot");
    most = organization("most");
    save("{\"kind\":\"mechanism\",\"external_id\":\"vn-ru\",\"title\":{\"en\":\"VN-RU\"},"
         "\"countries\":[\"VN\",\"RU\"],\"visibility\":\"public\"}");
    save("{\"kind\":\"mechanism\",\"external_id\":\"vn-kr\",\"title\":{\"en\":\"VN-KR\"},"
         "\"countries\":[\"VN\",\"KR\"],\"visibility\":\"public\"}");
    save("{\"kind\":\"project\",\"external_id\":\"plant\",\"title\":{\"en\":\"Plant\"},"
         "\"mechanism\":\"vn-kr\",\"visibility\":\"public\"}");
    obstacle("reported", ",\"status\":\"reported\"");
    obstacle("filed", ",\"status\":\"filed\",\"filed_on\":\"2026-03-01\"");
    obstacle("month", ",\"status\":\"filed\",\"filed_on\":\"2026-03\"");
    obstacle("undated", ",\"status\":\"filed\"");
    obstacle("plant-one",
             ",\"status\":\"filed\",\"filed_on\":\"2026-05-01\",\"about\":\"plant\"");
    obstacle("due",
             ",\"status\":\"assigned\",\"filed_on\":\"2026-03-02\",\"due\":\"2026-03-20\","
             "\"authority\":\"mot\"");
    obstacle("raised", ",\"status\":\"escalated\",\"filed_on\":\"2026-01-02\","
                       "\"due\":\"2026-06-30\",\"authority\":\"mot\"");
    /* Ten answers of one authority, which is named in two ways: after 1 to 10 days. */
    for (int i = 1; i <= 10; i++) {
        char name[40];
        snprintf(name, sizeof name, "answered-%d", i);
        snprintf(more, sizeof more,
                 ",\"status\":\"answered\",\"filed_on\":\"2026-02-01\","
                 "\"answered_on\":\"2026-02-%02d\",\"answer\":{\"en\":\"Yes\"},"
                 "\"authority\":\"%.*s\"",
                 1 + i, STR_ARG(i % 2 == 0 ? most : STR("most")));
        obstacle(name, more);
    }
    obstacle("answered-vague", ",\"status\":\"resolved\",\"filed_on\":\"2026-01\","
                               "\"answered_on\":\"2026-02-01\",\"authority\":\"mot\"");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    desk_close(desk);
    fixture_close(&f);
    return 0;
}

static int32_t day(const char *iso)
{
    return desk_days_of(str_of(iso)).first;
}

static const struct desk_row *row(const struct desk *d, const char *external)
{
    size_t at = 0;
    for (const struct desk_row *r;
         (r = desk_next(d, actor_reader(&self), DESK_OBSTACLE, &at)) != NULL;) {
        struct view_record x;
        struct view *v = view_take(f.node);
        check(view_get(v, &f.arena, actor_reader(&self), r->doc, &x) == CAU_OK);
        view_give(f.node, v);
        if (str_is(x.external_id, external))
            return r;
    }
    fail();
    return NULL;
}

static void the_clock_runs(void **state)
{
    (void)state;
    struct desk *d = fixture_desk(&f, desk);
    enum obstacle_status s;
    check(!obstacle_waits(row(d, "reported")) &&
          !obstacle_past(row(d, "reported"), day("2030-01-01")));
    const struct desk_row *r = row(d, "filed");
    check(obstacle_status_of(r, &s) && s == OBSTACLE_FILED && obstacle_waits(r));
    check(obstacle_due(r) == day("2026-03-31")); /* 30 days after it was filed */
    check(!obstacle_past(r, day("2026-03-31")) && obstacle_past(r, day("2026-04-01")));
    check(obstacle_due(row(d, "month")) == day("2026-04-30")); /* the last day it may mean */
    check(obstacle_waits(row(d, "undated")) &&
          !obstacle_past(row(d, "undated"), day("2999-01-01")));
    check(!obstacle_past(row(d, "due"), day("2026-03-20")) &&
          obstacle_past(row(d, "due"), day("2026-03-21")));
    check(obstacle_waits(row(d, "raised")) && !obstacle_waits(row(d, "answered-3")));
    check(obstacle_days(row(d, "answered-3")) == 3 && obstacle_days(row(d, "filed")) == -1 &&
          obstacle_days(row(d, "answered-vague")) == -1);
    struct desk_row private_row = *r;
    private_row.state = DESK_NO_CODE;
    check(obstacle_status_of(&private_row, &s) && s == OBSTACLE_FILED);
    private_row.audience = RECORD_PRIVATE;
    check(!obstacle_status_of(&private_row, &s) && !obstacle_waits(&private_row));
    desk_give(d);
}

static void codes_are_those_of_the_list(void **state)
{
    (void)state;
    const struct kind_list *list = kinds_find_list(node_kinds(f.node), STR("obstacle_status"));
    check(list->n == OBSTACLE_STATUSES);
    for (unsigned i = 0; i < OBSTACLE_STATUSES; i++) {
        enum obstacle_status s;
        check(str_equal(list->code[i].code, obstacle_status_code((enum obstacle_status)i)));
        check(obstacle_read_status(list->code[i].code, &s) && s == i);
    }
}

static void a_draft_agenda_takes_what_waits(void **state)
{
    (void)state;
    struct desk *d = fixture_desk(&f, desk);
    const struct desk_row **list;
    size_t n;
    struct index_reader all = actor_reader(&self);
    struct view *v = view_take(f.node);
    uint32_t ru = view_find(v, all, STR("vn-ru")), kr = view_find(v, all, STR("vn-kr"));
    view_give(f.node, v);
    check(obstacle_waiting(d, &f.arena, all, 0, day("2026-04-15"), &list, &n) == CAU_OK);
    check(n == 6);
    /* Past first, by last day; then those in time; without a date last. */
    check(list[0] == row(d, "due") && list[1] == row(d, "filed") && list[2] == row(d, "month"));
    check(list[3] == row(d, "plant-one") && list[4] == row(d, "raised") &&
          list[5] == row(d, "undated"));
    check(obstacle_waiting(d, &f.arena, all, ru, day("2026-04-15"), &list, &n) == CAU_OK);
    check(n == 5); /* what is about a project goes where the project does */
    check(obstacle_waiting(d, &f.arena, all, kr, day("2026-04-15"), &list, &n) == CAU_OK);
    check(n == 1 && list[0] == row(d, "plant-one"));
    struct arena small = {NULL, 0, 0};
    check(obstacle_waiting(d, &small, all, 0, 0, &list, &n) == CAU_ERR_MEMORY);
    desk_give(d);
}

static void authorities_are_counted(void **state)
{
    (void)state;
    struct desk *d = fixture_desk(&f, desk);
    struct obstacle_authority *list, all;
    size_t n;
    struct view *v = view_take(f.node);
    struct index_reader reader = actor_reader(&self);
    check(obstacle_authorities(d, v, &f.arena, reader, day("2026-04-15"), &list, &n, &all) ==
          CAU_OK);
    check(n == 3 && all.filed == 17 && all.answered == 11 && all.waiting == 6 && all.past == 2);
    check(all.timed == 10 && all.median_days == 5 && all.p90_days == 9);
    check(list[0].name.len == 0 && list[0].doc == 0 && list[0].waiting == 4 &&
          list[0].past == 1 && list[0].timed == 0);
    check(list[1].doc == view_find(v, reader, STR("mot")) && list[1].filed == 3 &&
          list[1].answered == 1 && list[1].waiting == 2 && list[1].past == 1);
    check(list[2].doc == view_find(v, reader, most) && list[2].filed == 10 &&
          list[2].answered == 10 && list[2].median_days == 5 && list[2].p90_days == 9);
    struct arena small = {NULL, 0, 0};
    check(obstacle_authorities(d, v, &small, reader, 0, &list, &n, NULL) == CAU_ERR_MEMORY);
    view_give(f.node, v);
    desk_give(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_runs),
        cmocka_unit_test(codes_are_those_of_the_list),
        cmocka_unit_test(a_draft_agenda_takes_what_waits),
        cmocka_unit_test(authorities_are_counted),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
