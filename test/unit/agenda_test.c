#include "domain/rule/agenda.h"

#include "exchange/paper/agenda_paper.h"
#include "fixture.h"

static struct fixture f;
static struct desk *desk;
static struct actor self;
static struct str mechanism, planned;

static struct str save(const char *form)
{
    struct str id;
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static struct str record(const char *kind, const char *external, const char *more)
{
    char form[900];
    snprintf(
        form, sizeof form,
        "{\"kind\":\"%s\",\"external_id\":\"%s\",\"title\":{\"en\":\"%s\",\"ru\":\"%s ru\"},"
        "\"visibility\":\"public\"%s}",
        kind, external, external, external, more);
    return save(form);
}

static void commitment(const char *external, const char *more)
{
    char all[600];
    snprintf(all, sizeof all, ",\"mechanism\":\"vn-ru\",\"side\":[\"VN\",\"RU\"]%s", more);
    record("commitment", external, all);
}

#define WORD(side, status)                                                                     \
    "{\"side\":\"" side "\",\"status\":\"" status "\",\"date\":\"2026-01-10\"}"

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    check(desk_open(f.node, &desk) == CAU_OK);
    mechanism = record("mechanism", "vn-ru",
                       ",\"countries\":[\"VN\",\"RU\"],\"rotation\":\"alternate\"");
    record("mechanism", "vn-de", ",\"countries\":[\"VN\",\"DE\"]");
    record("session", "s-24",
           ",\"mechanism\":\"vn-ru\",\"number\":24,\"held_on\":\"2025-05-01\",\"host\":\"RU\","
           "\"status\":\"held\"");
    planned = record("session", "s-25",
                     ",\"mechanism\":\"vn-ru\",\"number\":25,\"held_on\":\"2026-06-01\","
                     "\"host\":\"VN\",\"status\":\"planned\"");
    commitment("late-2", ",\"due\":\"2026-02\"");
    commitment("late-1", ",\"due\":\"2025-12-31\",\"statuses\":[" WORD("VN", "done") "," WORD(
                             "RU", "open") "]");
    commitment("differ", ",\"statuses\":[" WORD("VN", "done") "," WORD("RU", "open") "]");
    commitment("before", ",\"due\":\"2026-05-31\"");
    commitment("after", ",\"due\":\"2026-06-02\"");
    commitment("kept", ",\"due\":\"2026-01-01\",\"statuses\":[" WORD("VN", "done") "," WORD(
                           "RU", "done") "]");
    record("commitment", "of-session", ",\"session\":\"s-24\",\"due\":\"2026-03-05\"");
    record("commitment", "elsewhere", ",\"mechanism\":\"vn-de\",\"due\":\"2026-01-01\"");
    record("obstacle", "waits",
           ",\"countries\":[\"VN\",\"RU\"],\"status\":\"filed\",\"filed_on\":\"2026-01-01\"");
    record("obstacle", "answered",
           ",\"countries\":[\"VN\",\"RU\"],\"status\":\"answered\",\"filed_on\":\"2026-01-01\","
           "\"answered_on\":\"2026-01-20\",\"answer\":{\"en\":\"Yes\"}");
    record("agreement", "ends",
           ",\"countries\":[\"VN\",\"RU\"],\"expires\":\"2026-12-31\",\"status\":\"in_force\"");
    record("agreement", "ends-too",
           ",\"countries\":[\"VN\",\"DE\"],\"expires\":\"2026-12-31\",\"status\":\"in_force\"");
    record("agreement", "holds",
           ",\"mechanism\":\"vn-ru\",\"expires\":\"2030\",\"status\":\"in_force\"");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    desk_close(desk);
    fixture_close(&f);
    return 0;
}

static uint32_t doc_of(struct view *v, struct str id)
{
    uint32_t doc = view_find(v, actor_reader(&self), id);
    check(doc != 0);
    return doc;
}

static void draft(struct view *v, const char *day, struct agenda *out)
{
    struct agenda_asked asked = {.reader = actor_reader(&self),
                                 .mechanism =
                                     desk_row(desk, actor_reader(&self), doc_of(v, mechanism)),
                                 .rotation = MECHANISM_ALTERNATE,
                                 .day = desk_days_of(str_of(day)).first};
    check(agenda_draft(desk, v, &f.arena, &asked, out) == CAU_OK);
}

static void check_part(struct view *v, const struct agenda_items *part, const char *expected)
{
    struct buf got = buf_new(1000);
    for (size_t i = 0; i < part->n; i++) {
        struct view_record r;
        check(view_get(v, &f.arena, actor_reader(&self), part->row[i]->doc, &r) == CAU_OK);
        buf_printf(&got, "%.*s ", STR_ARG(r.external_id));
    }
    buf_add_char(&got, 0);
    assert_string_equal(got.p, expected);
    check(part->all == part->n);
    buf_free(&got);
}

static void what_must_be_spoken_of(void **state)
{
    (void)state;
    struct agenda a;
    struct view *v = view_take(f.node);
    check(desk_take(desk, v) == CAU_OK);
    draft(v, "2026-03-10", &a);
    check(a.next.number == 25 && a.next.planned != NULL && a.next.last != NULL);
    check_part(v, &a.part[AGENDA_OVERDUE], "late-1 late-2 of-session ");
    check_part(v, &a.part[AGENDA_DIFFERING], "differ ");
    check_part(v, &a.part[AGENDA_DUE], "before ");
    check_part(v, &a.part[AGENDA_OBSTACLES], "waits ");
    check_part(v, &a.part[AGENDA_EXPIRING], "ends ");
    check(a.part[AGENDA_REVIEW].all == 0 && a.part[AGENDA_NEXT].all == 0);
    draft(v, "2025-12-01", &a); /* an earlier day: nothing is late yet, less expires */
    check_part(v, &a.part[AGENDA_OVERDUE], "");
    check_part(v, &a.part[AGENDA_EXPIRING], "");
    desk_give(desk);
    view_give(f.node, v);
}

static void names_of_parts(void **state)
{
    (void)state;
    for (unsigned i = 0; i < AGENDA_PARTS; i++)
        for (unsigned k = 0; k < i; k++)
            check(!str_is(str_of(agenda_part_name((enum agenda_part)i)),
                          agenda_part_name((enum agenda_part)k)));
}

static struct value rows_now(const char *day)
{
    struct agenda a;
    struct value rows;
    struct view *v = view_take(f.node);
    check(desk_take(desk, v) == CAU_OK);
    draft(v, day, &a);
    struct agenda_paper_from from = {v,       desk,   node_kinds(f.node), actor_reader(&self),
                                     LANG_VI, LANG_RU};
    check(agenda_rows(&f.arena, &a, &from, &rows) == CAU_OK);
    desk_give(desk);
    view_give(f.node, v);
    return rows;
}

/* The same twice; the titles in the languages they have, in both columns. */
static void a_paper_of_two_languages(void **state)
{
    (void)state;
    struct agenda a;
    struct paper p;
    struct buf first = buf_new(1 << 20), second = buf_new(1 << 20);
    struct view *v = view_take(f.node);
    check(desk_take(desk, v) == CAU_OK);
    draft(v, "2026-03-10", &a);
    struct agenda_paper_from from = {v,       desk,   node_kinds(f.node), actor_reader(&self),
                                     LANG_EN, LANG_RU};
    uint32_t m = doc_of(v, mechanism), s = doc_of(v, planned);
    check(agenda_paper(&f.arena, &a, m, s, &from, &p) == CAU_OK);
    check(str_is(p.subtitle, "s-25"));
    check(paper_write_csv(&p, &first) == CAU_OK);
    check(agenda_paper(&f.arena, &a, m, s, &from, &p) == CAU_OK);
    check(paper_write_csv(&p, &second) == CAU_OK);
    check(str_equal(buf_str(&first), buf_str(&second)));
    buf_add_char(&first, 0);
    check(strstr(first.p, "late-1 ru") != NULL &&
          strstr(first.p, "How the minutes of") != NULL);
    check(strstr(first.p, "24") != NULL);
    from.other = LANG_EN; /* one column */
    check(agenda_paper(&f.arena, &a, m, 0, &from, &p) == CAU_OK);
    check(str_is(p.subtitle, "vn-ru"));
    buf_free(&first);
    buf_free(&second);
    desk_give(desk);
    view_give(f.node, v);
}

static struct view_record read_session(void)
{
    struct view_record r;
    struct view *v = view_take(f.node);
    check(view_get(v, &f.arena, actor_reader(&self), doc_of(v, planned), &r) == CAU_OK);
    view_give(f.node, v);
    return r;
}

static void into_the_session(void **state)
{
    (void)state;
    struct register_outcome out;
    struct value rows = rows_now("2026-03-10");
    check(rows.n == 2 + 3 + 1 + 1 + 1 + 1);
    struct actor member = {.user = 7, .roles = LOCAL_MEMBER},
                 secretary = {.user = 8, .roles = LOCAL_SECRETARY};
    struct digest wrong = digest_of(STR("x"));
    check(agenda_take(f.node, &f.arena, &member, planned, NULL, &rows, &out) ==
          REGISTER_NOT_ALLOWED);
    check(agenda_take(f.node, &f.arena, &secretary, mechanism, NULL, &rows, &out) ==
          REGISTER_GONE);
    check(agenda_take(f.node, &f.arena, &secretary, STR("s-24"), NULL, &rows, &out) ==
          REGISTER_STATE);
    check(agenda_take(f.node, &f.arena, &secretary, planned, &wrong, &rows, &out) ==
          REGISTER_CHANGED);
    struct view_record r = read_session();
    check(value_get(&r.payload, "agenda") == NULL);
    check(agenda_take(f.node, &f.arena, &secretary, planned, NULL, &rows, &out) ==
          REGISTER_DONE);
    check(agenda_take(f.node, &f.arena, &secretary, planned, NULL, &rows, &out) ==
          REGISTER_SAME);
    check(fixture_get(&f, &self, STR("waits"), &r) == CAU_OK);
    check(str_is(value_get_str(&r.payload, "status"), "escalated") &&
          str_equal(value_get_str(&r.payload, "session"), planned));
    r = read_session();
    const struct value *agenda = value_get(&r.payload, "agenda");
    check(agenda->n == rows.n);
    const struct value *item = value_get(&agenda->item[1], "item");
    check(str_is(value_get_str(item, "en"), "Overdue commitments: late-1"));
    check(value_get_str(item, "ru").len > 0 && value_get(item, "vi") == NULL);
    check(str_is(value_get_str(&agenda->item[1], "number"), "2"));

    /* What came since is added behind; nothing that is there is touched. */
    commitment("later", ",\"due\":\"2026-04-01\"");
    rows = rows_now("2026-03-10");
    check(rows.n == agenda->n + 1);
    check(agenda_take(f.node, &f.arena, &secretary, planned, NULL, &rows, &out) ==
          REGISTER_DONE);
    r = read_session();
    const struct value *more = value_get(&r.payload, "agenda");
    check(more->n == agenda->n + 1);
    check(str_is(value_get_str(value_get(&more->item[agenda->n], "item"), "en"),
                 "Commitments due before the session: later"));
    check(str_is(value_get_str(&more->item[agenda->n], "number"), "10"));
}

/* More than one part shows: the rest is counted. */
static void a_part_is_limited(void **state)
{
    (void)state;
    for (int i = 0; i < AGENDA_PART_MAX; i++) {
        char name[20];
        snprintf(name, sizeof name, "old-%02d", i);
        commitment(name, ",\"due\":\"2020-01-01\"");
    }
    struct agenda a;
    struct view *v = view_take(f.node);
    check(desk_take(desk, v) == CAU_OK);
    draft(v, "2026-03-10", &a);
    check(a.part[AGENDA_OVERDUE].n == AGENDA_PART_MAX);
    check(a.part[AGENDA_OVERDUE].all == AGENDA_PART_MAX + 3);
    desk_give(desk);
    view_give(f.node, v);
}

/* One item over what a session's agenda holds: refused, and the session stays as it was. */
static void an_agenda_is_limited(void **state)
{
    (void)state;
    const struct kind *kind = kinds_find(node_kinds(f.node), STR("session"));
    check(kind_find_field(kind, STR("agenda"))->most == AGENDA_ROWS_MAX);
    struct register_outcome out;
    struct value rows = value_array();
    struct str id = record("session", "s-full",
                           ",\"mechanism\":\"vn-ru\",\"held_on\":\"2027-06-01\","
                           "\"status\":\"planned\"");
    for (int i = 0; i < AGENDA_ROWS_MAX; i++) {
        struct value row = value_object();
        check(record_set_text(&f.arena, &row, "item", LANG_EN, STR("Item")) == CAU_OK);
        check(value_push(&f.arena, &rows, row) == CAU_OK);
    }
    check(agenda_take(f.node, &f.arena, &self, id, NULL, &rows, &out) == REGISTER_DONE);
    rows = value_array();
    struct value more = value_object();
    check(record_set_text(&f.arena, &more, "item", LANG_EN, STR("One more")) == CAU_OK);
    check(value_set_str(&f.arena, &more, "about", STR("waits")) == CAU_OK);
    check(value_push(&f.arena, &rows, more) == CAU_OK);
    check(agenda_take(f.node, &f.arena, &self, id, NULL, &rows, &out) == REGISTER_PROBLEMS);
    check(out.problems.n == 1 && out.problems.v[0].code == RECORD_TOO_MANY &&
          out.problems.v[0].limit == AGENDA_ROWS_MAX);
    struct view_record r;
    check(fixture_get(&f, &self, id, &r) == CAU_OK);
    check(value_get(&r.payload, "agenda")->n == AGENDA_ROWS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_must_be_spoken_of),   cmocka_unit_test(names_of_parts),
        cmocka_unit_test(a_paper_of_two_languages), cmocka_unit_test(into_the_session),
        cmocka_unit_test(a_part_is_limited),        cmocka_unit_test(an_agenda_is_limited),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
