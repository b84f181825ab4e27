#include "domain/rule/commitment.h"

#include "base/clock.h"
#include "domain/rule/confirm.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, nobody, reader, adviser, officer, editor;
static struct actor vn, ru, by;                 /* secretaries of three sides */
static struct actor owner, executor, bystander; /* members; the first two have a part in it */
static struct str ministry, institute, works, session, next;

#define DAY(y, m, d) clock_set_ms(clock_ms_of((struct clock_date){y, m, d}))

static struct str save(const char *form)
{
    struct str id;
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static struct str organization(const char *name, const char *country)
{
    char form[300];
    snprintf(form, sizeof form,
             "{\"kind\":\"organization\",\"name\":{\"en\":\"%s\"},\"country\":\"%s\","
             "\"external_id\":\"org-%s\",\"visibility\":\"public\"}",
             name, country, name);
    return save(form);
}

static struct actor person(uint32_t user, unsigned roles, struct str organization)
{
    struct local_user u = {.id = user, .roles = roles, .organization = organization};
    struct view *v = view_take(f.node);
    struct actor a = actor_of(v, &u);
    view_give(f.node, v);
    return a;
}

/* A commitment of RU with VN, owned by the works and, as executor, by a Vietnamese institute when it names one. */
static struct str commitment(const char *more)
{
    char form[900];
    snprintf(form, sizeof form,
             "{\"kind\":\"commitment\",\"title\":{\"en\":\"Consider more scholarships\"},"
             "\"statement\":{\"en\":\"The Russian side consented to consider more.\"},"
             "\"force\":\"consented_to_consider\",\"countries\":[\"VN\",\"RU\"],"
             "\"said_on\":\"2024-06\",\"visibility\":\"public\"%s}",
             more);
    return save(form);
}

static struct view_record get(struct str id)
{
    struct view_record r;
    check(fixture_get(&f, &self, id, &r) == CAU_OK);
    return r;
}

static bool status_is(struct str id, const char *status)
{
    struct view_record r = get(id);
    return str_is(value_get_str(&r.payload, "status"), status) &&
           str_is(commitment_status_code(commitment_status_of(&r.payload)), status);
}

static struct register_outcome last;

static enum register_why tell(const struct actor *who, struct str id,
                              enum commitment_status status, const char *note)
{
    struct commitment_telling t = {.status = status, .note = str_of(note), .lang = LANG_RU};
    return commitment_tell(f.node, &f.arena, who, id, &t, &last);
}

static bool problem_is(const char *place, enum record_code code)
{
    return last.problems.n == 1 && str_is(last.problems.v[0].place, place) &&
           last.problems.v[0].code == code;
}

static void only_sides_and_their_bodies_tell(void **state)
{
    (void)state;
    struct str id =
        commitment(",\"side\":[\"RU\"],\"owner\":\"org-Works\",\"executors\":[{\"side\":\"RU\","
                   "\"organization\":\"org-Institute\"}]");
    const struct {
        const struct actor *who;
        enum register_why why;
    } want[] = {
        {&nobody, REGISTER_NOT_ALLOWED},
        {&reader, REGISTER_NOT_ALLOWED},
        {&adviser, REGISTER_NOT_ALLOWED},
        {&officer, REGISTER_NOT_ALLOWED},
        {&bystander, REGISTER_NOT_ALLOWED},
        {&by, REGISTER_NO_SIDE},
        {&vn, REGISTER_DONE},
        {&ru, REGISTER_DONE},
        {&editor, REGISTER_DONE},
        {&owner, REGISTER_DONE},
        {&executor, REGISTER_DONE},
        {&self, REGISTER_DONE},
    };
    for (size_t i = 0; i < countof(want); i++) {
        enum register_why why = tell(want[i].who, id, COMMITMENT_UNDER_WAY, "At work.");
        if (why != want[i].why)
            fail_msg("%zu: %s", i, register_why_name(why));
    }
    struct view_record r = get(id);
    check(value_get(&r.payload, "statuses")->n == 6);
    struct commitment_word word;
    check(commitment_word_of(&r.payload, STR("RU"), &word) &&
          word.status == COMMITMENT_UNDER_WAY && str_is(word.date, "2026-11-22"));
    check(tell(&vn, STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa"), COMMITMENT_OPEN, "") == REGISTER_GONE);
    check(tell(&vn, ministry, COMMITMENT_OPEN, "") == REGISTER_GONE);
}

/* Every word after every word, by both sides: the side that acts and the one that does not. */
static void every_word_after_every_word(void **state)
{
    (void)state;
    for (unsigned from = 0; from < COMMITMENT_STATUSES; from++)
        for (unsigned to = 0; to < COMMITMENT_STATUSES; to++)
            for (unsigned acts = 0; acts < 2; acts++) {
                struct str id = commitment(",\"side\":[\"RU\"]");
                const struct actor *who = acts == 1 ? &ru : &vn;
                bool from_allowed =
                    from != COMMITMENT_MOVED && (acts == 1 || !commitment_closes(from));
                enum register_why why = tell(who, id, from, "First.");
                check((why == REGISTER_DONE) == from_allowed);
                if (!from_allowed) {
                    check(why ==
                          (from == COMMITMENT_MOVED ? REGISTER_STATE : REGISTER_NOT_ACTING));
                    continue;
                }
                enum register_why second = tell(who, id, to, "Second.");
                enum register_why want = to == COMMITMENT_MOVED ? REGISTER_STATE
                                         : acts == 0 && commitment_closes(to)
                                             ? REGISTER_NOT_ACTING
                                             : REGISTER_DONE;
                if (second != want)
                    fail_msg("%u after %u by %u: %s", to, from, acts,
                             register_why_name(second));
                if (want == REGISTER_DONE)
                    check(tell(who, id, to, "") == REGISTER_SAME);
            }
}

static void another_side_may_agree_that_it_is_done(void **state)
{
    (void)state;
    struct str id = commitment(",\"side\":[\"RU\"]");
    check(tell(&vn, id, COMMITMENT_DONE, "Good.") == REGISTER_NOT_ACTING);
    check(tell(&ru, id, COMMITMENT_DONE, "") == REGISTER_DONE && status_is(id, "done"));
    check(tell(&vn, id, COMMITMENT_DROPPED, "No.") == REGISTER_NOT_ACTING);
    check(tell(&vn, id, COMMITMENT_DONE, "") == REGISTER_DONE && status_is(id, "done"));
    check(tell(&vn, id, COMMITMENT_DISPUTED, "") == REGISTER_PROBLEMS &&
          problem_is("note", RECORD_REQUIRED));
    check(tell(&vn, id, COMMITMENT_DISPUTED, "Only half.") == REGISTER_DONE &&
          status_is(id, "disputed"));
    check(tell(&ru, id, COMMITMENT_DROPPED, "") == REGISTER_PROBLEMS &&
          problem_is("note", RECORD_REQUIRED));
    struct view_record r = get(id);
    check(value_get(&r.payload, "statuses")->n == 3); /* a refused word leaves nothing */
}

static void nobody_named_means_every_side_concerned(void **state)
{
    (void)state;
    struct str id = commitment("");
    check(tell(&vn, id, COMMITMENT_DONE, "") == REGISTER_DONE && status_is(id, "done"));
    check(tell(&ru, id, COMMITMENT_OPEN, "") == REGISTER_DONE && status_is(id, "disputed"));
    struct str both = commitment(",\"side\":[\"VN\",\"RU\"]");
    check(status_is(both, "open"));
    check(tell(&vn, both, COMMITMENT_DONE, "") == REGISTER_DONE &&
          status_is(both, "under_way")); /* Russia has its part still to do */
    check(tell(&ru, both, COMMITMENT_DONE, "") == REGISTER_DONE && status_is(both, "done"));
}

static void a_side_never_overwrites_another(void **state)
{
    (void)state;
    struct str id = commitment(",\"side\":[\"RU\"]");
    struct view_record before = get(id), now;
    struct commitment_telling t = {.after = &before.leaf, .status = COMMITMENT_UNDER_WAY};
    check(commitment_tell(f.node, &f.arena, &ru, id, &t, &last) == REGISTER_DONE);
    t.status = COMMITMENT_OPEN; /* made from the same version as the other's */
    check(commitment_tell(f.node, &f.arena, &vn, id, &t, &last) == REGISTER_CHANGED);
    struct commitment_word word;
    check(commitment_word_of(&last.current.payload, STR("RU"), &word)); /* he sees why */
    struct digest newest = last.current.leaf;
    t.after = &newest;
    t.side = STR("RU"); /* only the operator chooses */
    check(commitment_tell(f.node, &f.arena, &vn, id, &t, &last) == REGISTER_DONE);
    now = get(id);
    check(commitment_word_of(&now.payload, STR("RU"), &word) &&
          word.status == COMMITMENT_UNDER_WAY);
    check(commitment_word_of(&now.payload, STR("VN"), &word) && word.status == COMMITMENT_OPEN);
    t = (struct commitment_telling){.side = STR("RU"), .status = COMMITMENT_DONE};
    check(commitment_tell(f.node, &f.arena, &self, id, &t, &last) == REGISTER_DONE);
    t.side = STR("BY");
    check(commitment_tell(f.node, &f.arena, &self, id, &t, &last) == REGISTER_NO_SIDE);
    /* An edit keeps the words, and a file of the operator's cannot take them away. */
    check(fixture_save(&f, &self,
                       "{\"kind\":\"commitment\",\"title\":{\"en\":\"Shorter\"},"
                       "\"countries\":[\"VN\",\"RU\"],\"statuses\":[{\"side\":\"VN\","
                       "\"status\":\"done\",\"date\":\"2026\"}],\"status\":\"dropped\"}",
                       id, NULL) == REGISTER_DONE);
    now = get(id);
    check(value_get(&now.payload, "statuses")->n == 4 && status_is(id, "done"));
}

static void what_is_told_is_checked(void **state)
{
    (void)state;
    struct str id = commitment(",\"side\":[\"RU\"]");
    char *much = arena_take(&f.arena, 1002);
    memset(much, 'a', 1001);
    const struct {
        struct commitment_telling t;
        const char *place;
        enum record_code code;
    } want[] = {
        {{.date = STR("2026-11-23")}, "date", RECORD_FUTURE},
        {{.date = STR("2027")}, "date", RECORD_FUTURE},
        {{.date = STR("2024-05-31")}, "date", RECORD_EARLIER},
        {{.date = STR("2026-02-30")}, "date", RECORD_NO_SUCH_DATE},
        {{.date = STR("yesterday")}, "date", RECORD_BAD_DATE},
        {{.note = {much, 1001}}, "note", RECORD_TOO_LONG},
        {{.who = {much, 201}}, "who", RECORD_TOO_LONG},
        {{.source = {much, 501}}, "source", RECORD_TOO_LONG},
    };
    for (size_t i = 0; i < countof(want); i++) {
        struct commitment_telling t = want[i].t;
        t.status = COMMITMENT_UNDER_WAY;
        check(commitment_tell(f.node, &f.arena, &ru, id, &t, &last) == REGISTER_PROBLEMS);
        if (!problem_is(want[i].place, want[i].code))
            fail_msg("%zu: %.*s %s", i, STR_ARG(last.problems.v[0].place),
                     record_code_name(last.problems.v[0].code));
    }
    struct commitment_telling good = {.status = COMMITMENT_UNDER_WAY,
                                      .date = STR("2026"),
                                      .who = STR("Department"),
                                      .source = STR("Letter 12"),
                                      .note = {much, 1000}};
    check(commitment_tell(f.node, &f.arena, &ru, id, &good, &last) == REGISTER_DONE);
    struct view_record r = get(id);
    struct commitment_word word;
    check(commitment_word_at(&r.payload, 0, &word) && str_is(word.who, "Department") &&
          str_is(word.source, "Letter 12") && word.note != NULL && str_is(word.date, "2026"));
    /* A word of an earlier day is kept, but is not the newest. */
    check(tell(&ru, id, COMMITMENT_OPEN, "") == REGISTER_DONE && status_is(id, "open"));
    good.date = STR("2025-01");
    good.status = COMMITMENT_UNDER_WAY;
    check(commitment_tell(f.node, &f.arena, &ru, id, &good, &last) == REGISTER_DONE &&
          status_is(id, "open"));
}

/* ---- splitting ---- */

static enum register_why split(const struct actor *who, struct str id,
                               const struct commitment_part *part, size_t n,
                               struct writer_result *made)
{
    struct commitment_split s = {.part = part, .n = n, .lang = LANG_VI};
    return commitment_split(f.node, &f.arena, who, id, &s, made, &last);
}

static void a_commitment_is_split_among_bodies(void **state)
{
    (void)state;
    struct writer_result made[COMMITMENT_PARTS_MAX];
    struct str id = commitment(",\"side\":[\"VN\"],\"due\":\"2027-06\"");
    const struct commitment_part two[] = {{ministry, STR("Chọn ứng viên"), STR("2027-01")},
                                          {STR("org-School"), STR("Bố trí chỗ học"), STR("")}};
    check(split(&ru, id, two, 2, made) == REGISTER_NOT_ACTING);
    check(split(&by, id, two, 2, made) == REGISTER_NO_SIDE);
    check(split(&owner, id, two, 2, made) == REGISTER_NOT_ALLOWED);
    check(split(&adviser, id, two, 2, made) == REGISTER_NOT_ALLOWED);
    check(split(&vn, id, two, 2, made) == REGISTER_DONE);
    struct str part_id = {made[0].id, RECORD_ID_CHARS};
    struct view_record whole = get(id), part = get(part_id);
    check(str_equal(value_get_str(&part.payload, "part_of"), whole.id) &&
          str_equal(value_get_str(&part.payload, "owner"), ministry) &&
          str_is(value_get_str(&part.payload, "due"), "2027-01") &&
          str_is(value_get_str(&part.payload, "force"), "consented_to_consider") &&
          str_is(value_get_str(&part.payload, "status"), "open"));
    part_id.p = made[1].id;
    part = get(part_id);
    check(str_is(value_get_str(&part.payload, "due"), "2027-06")); /* of the whole */
    struct view *v = view_take(f.node);
    uint32_t list[4];
    check(commitment_parts(v, &f.arena, actor_reader(&nobody), whole.doc, list, 4) == 2 &&
          list[0] == made[0].doc && list[1] == made[1].doc);
    view_give(f.node, v);
    check(get(id).n == 1); /* the whole itself is as it was */

    check(split(&vn, id, two, 0, made) == REGISTER_PROBLEMS &&
          problem_is("part", RECORD_REQUIRED));
    struct commitment_part many[COMMITMENT_PARTS_MAX + 1] = {{{NULL, 0}, {NULL, 0}, {NULL, 0}}};
    check(split(&vn, id, many, COMMITMENT_PARTS_MAX + 1, made) == REGISTER_PROBLEMS &&
          problem_is("part", RECORD_TOO_MANY));
    check(split(&vn, id, two, 1, made) == REGISTER_PROBLEMS &&
          problem_is("part[0].organization", RECORD_TWICE)); /* has its part */
    const struct commitment_part foreign = {works, STR("x"), STR("")};
    check(split(&vn, id, &foreign, 1, made) == REGISTER_PROBLEMS &&
          problem_is("part[0].organization", RECORD_BAD_LINK));
    struct str again = commitment(",\"side\":[\"VN\"]");
    const struct commitment_part bad[] = {{ministry, STR("x"), STR("2024-05")},
                                          {STR(""), STR("y"), STR("")},
                                          {STR("org-School"), STR(" "), STR("")}};
    check(split(&vn, again, bad, 3, made) == REGISTER_PROBLEMS && last.problems.n == 3);
    check(str_is(last.problems.v[0].place, "part[0].due") &&
          last.problems.v[0].code == RECORD_EARLIER);
    check(str_is(last.problems.v[1].place, "part[1].organization") &&
          str_is(last.problems.v[2].place, "part[2].task"));
    const struct commitment_part twice[] = {{ministry, STR("x"), STR("")},
                                            {ministry, STR("y"), STR("")}};
    check(split(&vn, again, twice, 2, made) == REGISTER_PROBLEMS &&
          problem_is("part[1].organization", RECORD_TWICE));
    check(tell(&vn, again, COMMITMENT_DROPPED, "Nothing came of it.") == REGISTER_DONE);
    check(split(&vn, again, two, 1, made) == REGISTER_STATE);
}

/* ---- carrying ---- */

static enum register_why carry(const struct actor *who, struct str id, struct str to,
                               const char *due, struct writer_result *made)
{
    struct commitment_carrying c = {
        .session = to, .due = str_of(due), .note = STR("Перенесено."), .lang = LANG_RU};
    return commitment_carry(f.node, &f.arena, who, id, &c, made, &last);
}

static void a_commitment_is_carried_to_the_next_session(void **state)
{
    (void)state;
    struct writer_result made;
    char more[200];
    snprintf(more, sizeof more,
             ",\"side\":[\"RU\"],\"session\":\"%.*s\",\"due\":\"2025\",\"paragraph\":\"7\","
             "\"external_id\":\"carried-1\"",
             STR_ARG(session));
    struct str id = commitment(more);
    check(carry(&vn, id, next, "2027", &made) == REGISTER_NOT_ACTING);
    check(carry(&owner, id, next, "2027", &made) == REGISTER_NOT_ALLOWED);
    check(carry(&ru, id, STR(""), "2027", &made) == REGISTER_PROBLEMS &&
          problem_is("session", RECORD_REQUIRED));
    check(carry(&ru, id, ministry, "2027", &made) == REGISTER_PROBLEMS &&
          problem_is("session", RECORD_BAD_LINK));
    check(carry(&ru, id, session, "2027", &made) == REGISTER_PROBLEMS &&
          problem_is("session", RECORD_BAD_LINK)); /* where it is already */
    (void)save("{\"kind\":\"session\",\"title\":{\"en\":\"27th\"},\"held_on\":\"2026-09-01\","
               "\"external_id\":\"session-27\",\"visibility\":\"private\"}");
    check(carry(&ru, id, STR("session-27"), "2027", &made) == REGISTER_PROBLEMS &&
          problem_is("session", RECORD_BAD_LINK)); /* a guest's side knows nothing of it */
    check(carry(&ru, id, next, "2025-11", &made) == REGISTER_PROBLEMS &&
          problem_is("due", RECORD_EARLIER)); /* before the session */
    check(get(id).n == 1);
    check(tell(&vn, id, COMMITMENT_UNDER_WAY, "") == REGISTER_DONE);
    check(carry(&ru, id, next, "2027", &made) == REGISTER_DONE);
    check(status_is(id, "moved"));
    struct str fresh_id = {made.id, RECORD_ID_CHARS};
    struct view_record fresh = get(fresh_id), old = get(id);
    check(str_equal(value_get_str(&fresh.payload, "carried_from"), old.id) &&
          str_equal(value_get_str(&fresh.payload, "session"), next) &&
          str_is(value_get_str(&fresh.payload, "said_on"), "2026-03-05") &&
          str_is(value_get_str(&fresh.payload, "due"), "2027") &&
          str_is(value_get_str(&fresh.payload, "status"), "open"));
    check(value_get(&fresh.payload, "paragraph") == NULL &&
          value_get(&fresh.payload, "external_id") == NULL &&
          value_get(&fresh.payload, "statuses") == NULL);
    check(str_is(value_get_str(&old.payload, "due"), "2025")); /* nothing is lost */
    struct view *v = view_take(f.node);
    check(commitment_carried_to(v, &f.arena, actor_reader(&nobody), old.doc) == fresh.doc &&
          commitment_carried_to(v, &f.arena, actor_reader(&nobody), fresh.doc) == 0);
    view_give(f.node, v);
    check(carry(&ru, id, next, "2027", &made) == REGISTER_STATE);
    check(carry(&ru, fresh_id, session, "", &made) == REGISTER_PROBLEMS &&
          problem_is("session", RECORD_EARLIER)); /* not back in time */
    check(tell(&ru, fresh_id, COMMITMENT_DONE, "") == REGISTER_DONE);
    check(carry(&ru, fresh_id, next, "", &made) == REGISTER_STATE);
}

/* Every side confirmed it; what one of them makes of it alone has been read by nobody else. */
static void nobody_has_confirmed_what_becomes_of_it(void **state)
{
    (void)state;
    char more[200];
    snprintf(more, sizeof more, ",\"side\":[\"RU\"],\"session\":\"%.*s\"", STR_ARG(session));
    struct str id = commitment(more);
    struct confirm_word word = {.who = STR("Department")};
    check(confirm_affirm(f.node, &f.arena, &vn, id, &word, &last) == REGISTER_DONE);
    check(confirm_affirm(f.node, &f.arena, &ru, id, &word, &last) == REGISTER_DONE);
    const struct commitment_part part = {works, STR("Pay for it all"), STR("2027-01")};
    struct writer_result made[COMMITMENT_PARTS_MAX + 1];
    check(split(&ru, id, &part, 1, made) == REGISTER_DONE);
    check(carry(&ru, id, next, "2027", &made[1]) == REGISTER_DONE);
    for (size_t i = 0; i < 2; i++) {
        struct confirm_side list[SIDE_COUNT_MAX];
        struct view_record r = get((struct str){made[i].id, RECORD_ID_CHARS});
        size_t n = confirm_sides(&r.payload, list);
        check(n == 2);
        for (size_t k = 0; k < n; k++)
            check(list[k].standing == CONFIRM_REPORTED);
    }
    struct confirm_side list[SIDE_COUNT_MAX];
    struct view_record whole = get(id);
    check(confirm_sides(&whole.payload, list) == 2 && list[0].standing == CONFIRM_CONFIRMED);
}

static int start(void **state)
{
    (void)state;
    DAY(2026, 11, 22);
    fixture_open(&f);
    self = actor_operator();
    nobody = actor_anonymous();
    ministry = organization("Ministry", "VN");
    institute = organization("Institute", "RU");
    works = organization("Works", "RU");
    (void)organization("School", "VN");
    struct str minsk = organization("Minsk", "BY");
    session = save("{\"kind\":\"session\",\"title\":{\"en\":\"25th\"},\"held_on\":\"2024-06\","
                   "\"visibility\":\"public\"}");
    next = save("{\"kind\":\"session\",\"title\":{\"en\":\"26th\"},\"held_on\":\"2026-03-05\","
                "\"visibility\":\"public\"}");
    reader = (struct actor){.user = 1};
    adviser = person(2, LOCAL_ADVISER, STR(""));
    officer = person(3, LOCAL_OFFICER, STR(""));
    editor = person(4, LOCAL_EDITOR, STR(""));
    vn = person(5, LOCAL_SECRETARY, STR(""));
    ru = person(6, LOCAL_SECRETARY | LOCAL_MEMBER, institute);
    by = person(7, LOCAL_SECRETARY, minsk);
    owner = person(8, LOCAL_MEMBER, works);
    executor = person(9, LOCAL_MEMBER, institute);
    bystander = person(10, LOCAL_MEMBER, ministry);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    clock_set_ms(0);
    fixture_close(&f);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_sides_and_their_bodies_tell),
        cmocka_unit_test(every_word_after_every_word),
        cmocka_unit_test(another_side_may_agree_that_it_is_done),
        cmocka_unit_test(nobody_named_means_every_side_concerned),
        cmocka_unit_test(a_side_never_overwrites_another),
        cmocka_unit_test(what_is_told_is_checked),
        cmocka_unit_test(a_commitment_is_split_among_bodies),
        cmocka_unit_test(a_commitment_is_carried_to_the_next_session),
        cmocka_unit_test(nobody_has_confirmed_what_becomes_of_it),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
