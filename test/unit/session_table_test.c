#include "domain/desk/session_table.h"

#include "node_help.h"
#include "test.h"

static struct test_node node;
static struct desk *desk;
static struct writer_result mechanism, first, second, next;

static void put(const char *kind, enum record_audience audience, const char *json,
                struct writer_result *out)
{
    struct writer_result ignored;
    check(test_put(&node, kind, audience, json, out != NULL ? out : &ignored) == CAU_OK);
}

/* A commitment of the mechanism, with due date, sides that act, and what was told. */
static void commit(const char *id, const char *due, const char *sides, const char *statuses)
{
    char json[2000];
    snprintf(json, sizeof json,
             "{'countries':['VN','RU'],%s%s%s'external_id':'%s','force':'agreed',"
             "'mechanism':'m','said_on':'2024-05-20','side':[%s],'statuses':[%s],"
             "'title':{'vi':'%s'}}",
             due[0] != 0 ? "'due':'" : "", due, due[0] != 0 ? "'," : "", id, sides, statuses,
             id);
    for (char *p = json; *p != 0; p++) /* no empty list is a canonical record */
        if (strncmp(p, "'statuses':[],", 14) == 0)
            memmove(p, p + 14, strlen(p + 14) + 1);
    put("commitment", RECORD_PUBLIC, json, NULL);
}

#define TOLD(side, status, date) "{'date':'" date "','side':'" side "','status':'" status "'}"

static int start(void **state)
{
    (void)state;
    node = test_make();
    check(desk_open(node.n, &desk) == CAU_OK);
    put("mechanism", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'external_id':'m','title':{'vi':'Ủy ban'}}", &mechanism);
    put("session", RECORD_PUBLIC,
        "{'external_id':'s1','held_on':'2024-05-20','mechanism':'m','status':'held',"
        "'title':{'vi':'Kỳ họp 1'}}",
        &first);
    put("session", RECORD_PUBLIC,
        "{'ends_on':'2025-06-11','external_id':'s2','held_on':'2025-06-10','mechanism':'m',"
        "'title':{'vi':'Kỳ họp 2'}}",
        &second);
    put("session", RECORD_PUBLIC,
        "{'external_id':'s-cancelled','held_on':'2025-09-01','mechanism':'m',"
        "'status':'cancelled','title':{'vi':'Hủy'}}",
        NULL);
    put("session", RECORD_PUBLIC,
        "{'external_id':'s3','held_on':'2026-12-05','mechanism':'m','status':'planned',"
        "'title':{'vi':'Kỳ họp 3'}}",
        &next);
    commit("b-late-both", "2026-10-01", "'VN','RU'", "");
    commit("a-late-ru", "2026-11", "'VN','RU'",
           TOLD("VN", "done", "2026-01-05") "," TOLD("RU", "done", "2026-02-01") "," TOLD(
               "RU", "open", "2026-03-01"));
    commit("c-late-ru", "2026-09-01", "'RU'", TOLD("RU", "under_way", "2025-01"));
    commit("differs", "", "'VN','RU'",
           TOLD("VN", "done", "2025-06-11") "," TOLD("RU", "under_way", "2025-07-01"));
    commit("soon", "2027-01-01", "'VN'", "");
    commit("not-soon", "2027-01-02", "'VN'", TOLD("VN", "done", "2027-01-01"));
    commit("under-way", "", "'RU'", TOLD("RU", "under_way", "2025-06"));
    commit("done-since", "2026-01-01", "'RU'",
           TOLD("RU", "open", "2025-01-01") "," TOLD("RU", "done", "2025-06-12"));
    commit("done-before", "2026-01-01", "'RU'", TOLD("RU", "done", "2025-06-11"));
    commit("moved", "", "'RU'", TOLD("RU", "moved", "2026-06-12"));
    commit("dropped", "", "'RU'", TOLD("RU", "dropped", "2026-06-12"));
    put("commitment", RECORD_PARTNER,
        "{'countries':['VN','RU'],'external_id':'partner','force':'requested','session':'s2',"
        "'title':{'vi':'Cho đối tác'}}",
        NULL);
    put("commitment", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'external_id':'at-next','force':'agreed','session':'s3',"
        "'title':{'vi':'Tại kỳ họp tới'}}",
        NULL);
    put("commitment", RECORD_PUBLIC,
        "{'countries':['VN','RU'],'external_id':'elsewhere','force':'agreed',"
        "'title':{'vi':'Nơi khác'}}",
        NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    desk_close(desk);
    test_end(&node);
    return 0;
}

static int32_t day(const char *iso)
{
    return desk_days_of(str_of(iso)).first;
}

static struct session_table make(struct arena *a, struct index_reader reader, uint32_t doc,
                                 const char *on)
{
    struct session_table t;
    struct view *v = view_take(node.n);
    check(desk_take(desk, v) == CAU_OK);
    view_give(node.n, v);
    check(session_table_make(a, desk, reader, doc, day(on), &t) == CAU_OK);
    return t;
}

/* "group:id" of every row, separated by spaces. */
static void check_rows(const struct session_table *t, const char *expected)
{
    char got[2000] = "";
    size_t at = 0;
    for (size_t i = 0; i < t->rows; i++) {
        struct view *v = view_take(node.n);
        struct arena a = arena_new(1 << 20);
        struct view_record r;
        check(view_get(v, &a, READER_ALL, t->row[i].commitment->doc, &r) == CAU_OK);
        at += (size_t)snprintf(got + at, sizeof got - at, "%s%u:%.*s", i > 0 ? " " : "",
                               t->row[i].group, STR_ARG(r.external_id));
        arena_free(&a);
        view_give(node.n, v);
    }
    assert_string_equal(got, expected);
}

static const struct session_row *find(const struct session_table *t, const char *id)
{
    for (size_t i = 0; i < t->rows; i++) {
        uint32_t doc = t->row[i].commitment->doc;
        struct view *v = view_take(node.n);
        bool here = view_find(v, READER_ALL, str_of(id)) == doc;
        view_give(node.n, v);
        if (here)
            return &t->row[i];
    }
    fail();
    return NULL;
}

static void rows_stand_in_groups(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct session_table t = make(&a, READER_PUBLIC, mechanism.doc, "2026-12-02");
    check(t.session == NULL && t.last != NULL && t.last->doc == second.doc);
    check_rows(&t, "0:c-late-ru 0:a-late-ru 0:b-late-both 1:differs 2:soon 3:not-soon "
                   "3:under-way 4:done-since 5:moved 6:dropped");
    check(t.total.all == 10 && t.total.group[SESSION_OVERDUE] == 3);
    check(t.sides == 2 && t.side[0] == desk_country_of(STR("VN")));
    check(t.by_side[0].all == 5 && t.by_side[0].group[SESSION_OVERDUE] == 1);
    check(t.by_side[1].all == 8 && t.by_side[1].group[SESSION_OVERDUE] == 3);
    check(find(&t, "a-late-ru")->late == 2 && find(&t, "a-late-ru")->differs);
    check(find(&t, "b-late-both")->late == 3);
    /* The same of what partners may see. */
    struct session_table all = make(&a, READER_ALL, mechanism.doc, "2026-12-02");
    check(all.total.all == 11 && find(&all, "partner")->group == SESSION_UNDER_WAY);
    desk_give(desk);
    desk_give(desk);
    arena_free(&a);
}

static void changes_are_since_the_last_session(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct session_table t = make(&a, READER_PUBLIC, mechanism.doc, "2026-12-02");
    const struct session_row *late = find(&t, "a-late-ru"), *differs = find(&t, "differs"),
                             *done = find(&t, "done-since"), *way = find(&t, "under-way"),
                             *old = find(&t, "c-late-ru");
    check(late->words == 2 && late->word[0].changed && late->word[1].changed);
    for (size_t i = 0; i < 2; i++) /* in whatever order: VN said done, RU at last open */
        check(late->word[i].status == (late->word[i].side == desk_country_of(STR("VN"))
                                           ? COMMITMENT_DONE
                                           : COMMITMENT_OPEN));
    for (size_t i = 0; i < 2; i++) /* a word of the session's last day was told to it */
        check(differs->word[i].changed ==
              (differs->word[i].side == desk_country_of(STR("RU"))));
    check(done->word[0].before == COMMITMENT_OPEN && done->word[0].status == COMMITMENT_DONE);
    check(way->word[0].changed && way->word[0].before == DESK_NO_CODE);
    check(!old->word[0].changed && old->word[0].before == COMMITMENT_UNDER_WAY);
    check(!old->is_new);
    desk_give(desk);
    arena_free(&a);
}

/* For an earlier day nothing that was told or agreed later is known. */
static void a_table_of_an_earlier_day(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct session_table t = make(&a, READER_PUBLIC, mechanism.doc, "2025-06-01");
    check(t.last != NULL && t.last->doc == first.doc);
    check(find(&t, "done-since")->state == COMMITMENT_OPEN);
    check(find(&t, "moved")->state == COMMITMENT_OPEN && t.total.group[SESSION_DONE] == 0);
    check(make(&a, READER_PUBLIC, mechanism.doc, "2024-05-19").rows == 0);
    struct session_table then = make(&a, READER_PUBLIC, mechanism.doc, "2024-05-20");
    check(then.rows == 11 && then.last == NULL && !then.row[0].is_new);
    for (int i = 0; i < 3; i++)
        desk_give(desk);
    arena_free(&a);
}

static void a_table_for_a_session(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct session_table t = make(&a, READER_ALL, next.doc, "2026-12-02");
    check(t.session != NULL && t.session->doc == next.doc && t.last->doc == second.doc);
    for (size_t i = 0; i < t.rows; i++)
        check(t.row[i].commitment->doc != 0);
    check(t.total.all == 11); /* what is decided at it is not on its table */
    t = make(&a, READER_ALL, second.doc, "2025-06-10");
    check(t.last->doc == first.doc);
    const struct desk_row *held = desk_row(desk, READER_ALL, second.doc),
                          *planned = desk_row(desk, READER_ALL, next.doc);
    check(session_table_day(held, day("2026-11-22")) == day("2025-06-10"));
    check(session_table_day(planned, day("2026-12-22")) == day("2026-12-22"));
    check(session_table_day(held, day("2025-06-10")) == day("2025-06-10"));
    desk_give(desk);
    desk_give(desk);
    arena_free(&a);
}

static void what_has_no_table(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20), small = arena_new(256);
    struct session_table t;
    struct writer_result alone, hidden;
    put("session", RECORD_PUBLIC, "{'external_id':'s-alone','title':{'vi':'Không cơ chế'}}",
        &alone);
    put("mechanism", RECORD_PRIVATE, "{'external_id':'m-hidden','title':{'vi':'Nội bộ'}}",
        &hidden);
    struct view *v = view_take(node.n);
    check(desk_take(desk, v) == CAU_OK);
    uint32_t one = view_find(v, READER_ALL, STR("soon"));
    view_give(node.n, v);
    check(session_table_make(&a, desk, READER_ALL, alone.doc, 0, &t) == CAU_ERR_UNKNOWN);
    check(session_table_make(&a, desk, READER_ALL, one, 0, &t) == CAU_ERR_UNKNOWN);
    check(session_table_make(&a, desk, READER_ALL, 999999, 0, &t) == CAU_ERR_UNKNOWN);
    check(session_table_make(&a, desk, READER_PUBLIC, hidden.doc, 0, &t) == CAU_ERR_UNKNOWN);
    check(session_table_make(&a, desk, READER_ALL, hidden.doc, 0, &t) == CAU_OK && t.rows == 0);
    check(session_table_make(&small, desk, READER_ALL, mechanism.doc, 0, &t) == CAU_ERR_MEMORY);
    desk_give(desk);
    arena_free(&a);
    arena_free(&small);
}

/* Places of codes in the lists are what this module takes them for. */
static void codes_are_in_their_places(void **state)
{
    (void)state;
    const struct kind_list *list = kinds_find_list(node_kinds(node.n), STR("session_status"));
    check(list != NULL && str_is(list->code[1].code, "held"));
}

/* One side, or one commitment, over the limit: no table, and it is said. */
static void tables_have_limits(void **state)
{
    (void)state;
    static const char row[] = "{'external_id':'c-#','force':'agreed','mechanism':'wide',"
                              "'title':{'vi':'C'}}";
    struct test_node t = test_make();
    struct writer_result wide, wider;
    struct session_table *table = calloc(1, sizeof *table);
    struct arena a = arena_new((size_t)256 << 20);
    struct desk *d;
    for (int more = 0; more < 2; more++) {
        char json[1000];
        size_t n = (size_t)snprintf(json, sizeof json, "{'countries':[");
        for (int i = 0; i < SESSION_TABLE_SIDES_MAX + more; i++)
            n += (size_t)snprintf(json + n, sizeof json - n, "%s'%c%c'", i > 0 ? "," : "",
                                  'A' + i / 26, 'A' + i % 26);
        snprintf(json + n, sizeof json - n, "],'external_id':'%s','title':{'vi':'M'}}",
                 more ? "wider" : "wide");
        check(test_put(&t, "mechanism", RECORD_PUBLIC, json, more ? &wider : &wide) == CAU_OK);
    }
    test_put_each(&t, "commitment", RECORD_PUBLIC, row, SESSION_TABLE_ROWS_MAX);
    check(table != NULL && desk_open(t.n, &d) == CAU_OK);
    for (int more = 0; more < 2; more++) {
        struct view *v = view_take(t.n);
        struct writer_result one;
        check(desk_take(d, v) == CAU_OK);
        view_give(t.n, v);
        enum cau_err err = session_table_make(&a, d, READER_PUBLIC, wide.doc, 0, table);
        check(err == (more ? CAU_ERR_RANGE : CAU_OK));
        check(table->sides == SESSION_TABLE_SIDES_MAX && table->rows == SESSION_TABLE_ROWS_MAX);
        err = session_table_make(&a, d, READER_PUBLIC, wider.doc, 0, table);
        check(err == CAU_ERR_RANGE);
        desk_give(d);
        arena_reset(&a);
        if (!more)
            check(test_put(&t, "commitment", RECORD_PUBLIC,
                           "{'external_id':'more','force':'agreed','mechanism':'wide',"
                           "'title':{'vi':'C'}}",
                           &one) == CAU_OK);
    }
    desk_close(d);
    arena_free(&a);
    free(table);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stand_in_groups),
        cmocka_unit_test(changes_are_since_the_last_session),
        cmocka_unit_test(a_table_of_an_earlier_day),
        cmocka_unit_test(a_table_for_a_session),
        cmocka_unit_test(what_has_no_table),
        cmocka_unit_test(codes_are_in_their_places),
        cmocka_unit_test(tables_have_limits),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
