#include "domain/rule/obstacle.h"

#include "base/clock.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, nobody, reader, editor, secretary, foreign_secretary;
static struct actor firm, association, ministry, other;
static struct str session;

static struct str save(const char *form)
{
    struct str id;
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static struct actor speaker(uint32_t user, unsigned roles, const char *name,
                            const char *country)
{
    char form[400];
    snprintf(form, sizeof form,
             "{\"kind\":\"organization\",\"external_id\":\"org-%u\",\"name\":{\"en\":\"%s\"},"
             "\"identifiers\":{\"ror\":\"04z8k9a9%u\"},\"country\":\"%s\","
             "\"visibility\":\"public\"}",
             user, name, user % 10, country);
    struct local_user u = {.id = user, .roles = roles, .organization = save(form)};
    struct view *v = view_take(f.node);
    struct actor a = actor_of(v, &u);
    view_give(f.node, v);
    check(a.organization_doc != 0);
    return a;
}

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    clock_set_ms(clock_ms_of((struct clock_date){2026, 11, 22}));
    self = actor_operator();
    nobody = actor_anonymous();
    reader = (struct actor){.user = 1};
    editor = (struct actor){.user = 2, .roles = LOCAL_EDITOR};
    secretary = (struct actor){.user = 3, .roles = LOCAL_SECRETARY};
    foreign_secretary = speaker(4, LOCAL_SECRETARY, "Secretariat abroad", "RU");
    firm = speaker(5, LOCAL_MEMBER, "Blue Dragon Foundry", "VN");
    association = speaker(6, LOCAL_MEMBER, "Founders' association", "VN");
    ministry = speaker(7, LOCAL_MEMBER, "Customs committee", "RU");
    other = speaker(8, LOCAL_MEMBER, "Other company", "BY");
    session = save("{\"kind\":\"session\",\"title\":{\"en\":\"26th session\"},"
                   "\"visibility\":\"public\"}");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    clock_set_ms(0);
    fixture_close(&f);
    return 0;
}

static enum register_why file(const struct actor *who, const char *more, struct str *id)
{
    char form[900];
    snprintf(
        form, sizeof form,
        "{\"kind\":\"obstacle\",\"title\":{\"en\":\"Castings wait at the border\"},"
        "\"summary\":{\"en\":\"Papers are asked for twice.\"},\"obstacle_kind\":\"customs\","
        "\"countries\":[\"VN\",\"RU\"],\"visibility\":\"public\"%s}",
        more);
    return fixture_save(&f, who, form, (struct str){NULL, 0}, id);
}

static struct str filed(void)
{
    struct str id;
    check(file(&firm, "", &id) == REGISTER_DONE);
    return id;
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
    return str_is(value_get_str(&r.payload, "status"), status);
}

static struct obstacle_step step_to(enum obstacle_status to)
{
    struct obstacle_step s = {.to = to, .lang = LANG_EN};
    if (to == OBSTACLE_ASSIGNED) {
        s.authority = ministry.organization;
        s.due = STR("2026-12-10");
    } else if (to == OBSTACLE_ANSWERED) {
        s.answer = STR("One set of papers is enough.");
    } else if (to == OBSTACLE_ESCALATED) {
        s.session = session;
    } else {
        s.satisfaction = STR("partly");
    }
    return s;
}

static enum register_why move(const struct actor *who, struct str id, enum obstacle_status to)
{
    struct register_outcome out;
    struct obstacle_step s = step_to(to);
    return obstacle_move(f.node, &f.arena, who, id, &s, &out);
}

static void steps_follow_one_another(void **state)
{
    (void)state;
    static const struct {
        enum obstacle_status from;
        const char *to; /* a letter for each step that may follow */
    } row[] = {{OBSTACLE_REPORTED, "snedc"},  {OBSTACLE_FILED, "snedc"},
               {OBSTACLE_ASSIGNED, "snedc"},  {OBSTACLE_ANSWERED, "edc"},
               {OBSTACLE_ESCALATED, "snedc"}, {OBSTACLE_RESOLVED, ""},
               {OBSTACLE_CLOSED, ""}};
    static const char letter[OBSTACLE_STATUSES] = {'-', '-', 's', 'n', 'e', 'd', 'c'};
    for (size_t i = 0; i < countof(row); i++)
        for (unsigned to = 0; to < OBSTACLE_STATUSES; to++)
            check(obstacle_may_become(row[i].from, (enum obstacle_status)to) ==
                  (strchr(row[i].to, letter[to]) != NULL));
}

/* Every step by everybody, on an obstacle that is with an authority. */
static void who_may_do_what(void **state)
{
    (void)state;
    const struct {
        const struct actor *who;
        bool assign, answer, raise, settle;
    } row[] = {
        {&nobody, false, false, false, false},
        {&reader, false, false, false, false},
        {&other, false, false, false, false},
        {&association, false, false, false, false},
        {&editor, false, false, false, false},
        {&firm, false, false, false, true},
        {&ministry, false, true, false, false},
        {&secretary, true, false, true, true}, /* not of the authority's side: no answer */
        {&foreign_secretary, true, true, true, true},
        {&self, true, true, true, true},
    };
    for (size_t i = 0; i < countof(row); i++) {
        static const enum obstacle_status to[] = {OBSTACLE_ASSIGNED, OBSTACLE_ANSWERED,
                                                  OBSTACLE_ESCALATED, OBSTACLE_RESOLVED,
                                                  OBSTACLE_CLOSED};
        const bool yes[] = {row[i].assign, row[i].answer, row[i].raise, row[i].settle,
                            row[i].settle};
        for (size_t k = 0; k < countof(to); k++) {
            struct str id = filed();
            check(move(&secretary, id, OBSTACLE_ASSIGNED) == REGISTER_DONE);
            struct view_record r = get(id);
            struct view *v = view_take(f.node);
            check(obstacle_may_move(v, &f.arena, f.node, row[i].who, &r, to[k]) == yes[k]);
            view_give(f.node, v);
            check(move(row[i].who, id, to[k]) ==
                  (yes[k] ? REGISTER_DONE : REGISTER_NOT_ALLOWED));
            check(status_is(id, yes[k] ? obstacle_status_code(to[k]).p : "assigned"));
        }
    }
    /* Before an authority is named the side that is asked answers; where none is asked, any secretary. */
    struct str id = filed();
    check(move(&ministry, id, OBSTACLE_ANSWERED) == REGISTER_NOT_ALLOWED);
    check(move(&secretary, id, OBSTACLE_ANSWERED) == REGISTER_DONE);
    check(file(&firm, ",\"side\":\"RU\"", &id) == REGISTER_DONE);
    check(move(&secretary, id, OBSTACLE_ANSWERED) == REGISTER_NOT_ALLOWED);
    check(move(&foreign_secretary, id, OBSTACLE_ANSWERED) == REGISTER_DONE);
}

static void goes_from_filing_to_the_end(void **state)
{
    (void)state;
    struct str id = filed();
    struct view_record r = get(id);
    struct register_outcome out;
    uint32_t owner = r.owner;
    check(owner == firm.organization_doc && r.audience == RECORD_PUBLIC);
    check(status_is(id, "filed"));
    check(str_is(value_get_str(&r.payload, "filed_on"), "2026-11-22"));
    struct digest old = r.leaf;
    check(move(&secretary, id, OBSTACLE_ASSIGNED) == REGISTER_DONE);
    r = get(id);
    check(r.owner == owner); /* signed by the node, still the firm's */
    check(str_is(value_get_str(&r.payload, "due"), "2026-12-10"));
    struct obstacle_step late = step_to(OBSTACLE_ESCALATED);
    late.after = &old;
    check(obstacle_move(f.node, &f.arena, &secretary, id, &late, &out) == REGISTER_CHANGED);
    check(digest_equal(&out.current.leaf, &r.leaf));
    check(move(&secretary, id, OBSTACLE_ESCALATED) == REGISTER_DONE);
    check(move(&ministry, id, OBSTACLE_ANSWERED) == REGISTER_DONE);
    check(move(&ministry, id, OBSTACLE_ANSWERED) == REGISTER_STATE);
    check(move(&secretary, id, OBSTACLE_ASSIGNED) == REGISTER_STATE);
    check(move(&firm, id, OBSTACLE_RESOLVED) == REGISTER_DONE);
    r = get(id);
    check(str_is(value_get_str(&r.payload, "satisfaction"), "partly"));
    check(str_is(value_get_str(&r.payload, "answered_on"), "2026-11-22"));
    check(str_equal(value_get_str(&r.payload, "session"), session));
    check(move(&firm, id, OBSTACLE_CLOSED) == REGISTER_STATE);
    check(move(&secretary, STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa"), OBSTACLE_CLOSED) ==
          REGISTER_GONE);
    check(move(&secretary, session, OBSTACLE_CLOSED) == REGISTER_GONE);
    /* What a publication reports is filed when somebody is given it. */
    struct str known = save("{\"kind\":\"obstacle\",\"title\":{\"en\":\"Known\"},"
                            "\"status\":\"reported\",\"visibility\":\"public\"}");
    check(move(&secretary, known, OBSTACLE_ASSIGNED) == REGISTER_DONE);
    r = get(known);
    check(str_is(value_get_str(&r.payload, "filed_on"), "2026-11-22"));
}

static void a_taken_agenda_escalates(void **state)
{
    (void)state;
    char text[1000];
    struct str one = filed(), two = filed(), answered = filed();
    check(move(&secretary, two, OBSTACLE_ASSIGNED) == REGISTER_DONE);
    check(move(&secretary, answered, OBSTACLE_ANSWERED) == REGISTER_DONE);
    snprintf(text, sizeof text,
             "[{\"about\":\"%.*s\"},{\"about\":\"%.*s\"},{\"about\":\"%.*s\"},"
             "{\"about\":\"%.*s\"},{\"about\":\"nothing\"},{\"item\":\"Opening\"}]",
             STR_ARG(one), STR_ARG(two), STR_ARG(answered), STR_ARG(firm.organization));
    struct value rows = fixture_form(&f, text);
    check(obstacle_take_agenda(f.node, &f.arena, &firm, session, &rows) == 0); /* not his */
    check(obstacle_take_agenda(f.node, &f.arena, &secretary, session, &rows) == 2);
    check(status_is(one, "escalated") && status_is(two, "escalated"));
    check(status_is(answered, "answered"));
    check(obstacle_take_agenda(f.node, &f.arena, &secretary, session, &rows) == 0); /* there */
    struct str later = save("{\"kind\":\"session\",\"title\":{\"en\":\"27th session\"},"
                            "\"visibility\":\"public\"}");
    check(obstacle_take_agenda(f.node, &f.arena, &secretary, later, &rows) == 2);
    struct view_record r = get(one);
    check(str_equal(value_get_str(&r.payload, "session"), later));
}

static bool refuses(const struct actor *who, struct str id, const struct obstacle_step *s,
                    const char *place)
{
    struct register_outcome out;
    return obstacle_move(f.node, &f.arena, who, id, s, &out) == REGISTER_PROBLEMS &&
           out.problems.n > 0 && str_is(out.problems.v[0].place, place);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    struct str id = filed();
    struct obstacle_step s = step_to(OBSTACLE_ASSIGNED);
    s.authority = (struct str){NULL, 0};
    check(refuses(&secretary, id, &s, "authority"));
    s.authority = session; /* no organisation */
    check(refuses(&secretary, id, &s, "authority"));
    s = step_to(OBSTACLE_ASSIGNED);
    s.due = STR("2026-12"); /* not known to the day */
    check(refuses(&secretary, id, &s, "due"));
    s.due = STR("2026-11-21"); /* before it was filed */
    check(refuses(&secretary, id, &s, "due"));
    s.due = STR("2026-02-30");
    check(refuses(&secretary, id, &s, "due"));
    s = step_to(OBSTACLE_ANSWERED);
    s.answer = STR("  ");
    check(refuses(&secretary, id, &s, "answer"));
    static char words[5002];
    memset(words, 'w', sizeof words);
    s.answer = (struct str){words, 5001}; /* one over the limit of the kind */
    check(refuses(&secretary, id, &s, "answer.en"));
    s = step_to(OBSTACLE_ANSWERED);
    s.answered_on = STR("2026-11-23"); /* tomorrow */
    check(refuses(&secretary, id, &s, "answered_on"));
    s.answered_on = STR("2026-11-21");
    check(refuses(&secretary, id, &s, "answered_on"));
    s = step_to(OBSTACLE_ESCALATED);
    s.session = firm.organization;
    check(refuses(&secretary, id, &s, "session"));
    s = step_to(OBSTACLE_RESOLVED);
    s.satisfaction = (struct str){NULL, 0};
    check(refuses(&firm, id, &s, "satisfaction")); /* a filer says how satisfied he is */
    s.satisfaction = STR("delighted");
    check(refuses(&firm, id, &s, "satisfaction"));
    check(status_is(id, "filed")); /* nothing half-done */
}

static void a_filer_writes_his_side_only(void **state)
{
    (void)state;
    struct str id;
    check(file(&firm, ",\"due\":\"2026-12-01\"", &id) == REGISTER_PROBLEMS);
    check(file(&firm, ",\"answer\":{\"en\":\"Yes\"}", &id) == REGISTER_PROBLEMS);
    check(file(&firm, ",\"filed_on\":\"2026-11-23\"", &id) == REGISTER_PROBLEMS);
    check(file(&secretary, ",\"filed_on\":\"2026-11-20\",\"due\":\"2026-11-19\"", &id) ==
          REGISTER_PROBLEMS);
    check(file(&secretary, ",\"authority\":\"org-7\",\"due\":\"2026-12-19\"", &id) ==
          REGISTER_DONE);
    check(status_is(id, "assigned"));
    check(file(&reader, "", &id) == REGISTER_NOT_ALLOWED);
    /* An authority by its external id is the same one. */
    check(file(&secretary, ",\"authority\":\"org-7\",\"due\":\"2026-12-19\"", &id) ==
          REGISTER_DONE);
    check(move(&ministry, id, OBSTACLE_ANSWERED) == REGISTER_DONE);
}

/* ---- through an association ---- */

static struct str entrust(void)
{
    char more[100];
    struct str id;
    snprintf(more, sizeof more, ",\"through\":\"%.*s\"", STR_ARG(association.organization));
    check(file(&firm, more, &id) == REGISTER_DONE);
    return id;
}

static bool sees(const struct actor *who, struct str id)
{
    struct view_record r;
    struct index_reader own = {0};
    struct view *v = view_take(f.node);
    uint32_t doc = obstacle_find(v, &f.arena, who, id);
    if (doc == 0)
        doc = view_find(v, actor_reader(who), id);
    bool yes = doc != 0 && obstacle_reader(v, &f.arena, who, doc, &own) &&
               view_get(v, &f.arena, own, doc, &r) == CAU_OK;
    view_give(f.node, v);
    return yes;
}

static size_t pending(const struct actor *who)
{
    uint32_t *list;
    size_t n = 0;
    struct view *v = view_take(f.node);
    check(obstacle_pending(v, &f.arena, who, &list, &n) == CAU_OK);
    view_give(f.node, v);
    return n;
}

static enum register_why forward(const struct actor *who, struct str id, const char *title,
                                 const char *visibility, struct register_outcome *out)
{
    struct value form, text = value_object();
    struct view_record r = get(id);
    check(obstacle_forward_form(&f.arena, &r, &form) == CAU_OK);
    check(value_set(&f.arena, &text, STR("en"), value_string(str_of(title))) == CAU_OK);
    check(value_set(&f.arena, &form, STR("title"), text) == CAU_OK);
    check(value_set(&f.arena, &form, STR("visibility"), value_string(str_of(visibility))) ==
          CAU_OK);
    return obstacle_forward(f.node, &f.arena, who, id, &form, NULL, out);
}

/* Whether a log, or what an outside reader sees of a record, holds the firm's name, id or number. */
static bool holds_member(struct str bytes)
{
    const struct str secret[] = {STR("Blue Dragon"), firm.organization,
                                 str_from(firm.organization, 2), STR("org-5"),
                                 STR("04z8k9a95")};
    for (size_t i = 0; i < countof(secret); i++)
        for (size_t at = 0; at + secret[i].len <= bytes.len; at++)
            if (memcmp(bytes.p + at, secret[i].p, secret[i].len) == 0)
                return true;
    return false;
}

static void the_member_stays_unnamed(void **state)
{
    (void)state;
    struct register_outcome out;
    struct str id = entrust(), open;
    struct view_record r = get(id);
    check(r.audience == RECORD_PRIVATE && r.owner == firm.organization_doc);
    check(value_get(&r.payload, "status") == NULL);
    check(sees(&firm, id) && sees(&association, id) && sees(&secretary, id));
    check(foreign_secretary.is_guest && !sees(&foreign_secretary, id)); /* of the other side */
    check(!secretary.is_guest && !sees(&other, id) && !sees(&ministry, id) &&
          !sees(&reader, id) && !sees(&nobody, id));
    check(pending(&association) == 1 && pending(&firm) == 0 && pending(&secretary) == 0);
    check(move(&secretary, id, OBSTACLE_ASSIGNED) == REGISTER_STATE); /* not filed yet */
    check(forward(&other, id, "Castings wait", "public", &out) == REGISTER_GONE);
    check(forward(&firm, id, "Castings wait", "public", &out) == REGISTER_GONE);
    check(forward(&association, id, "Castings of the BLUE DRAGON foundry wait", "public",
                  &out) == REGISTER_PROBLEMS);
    check(forward(&association, id, "Castings of «Blue  Dragon Foundry» wait", "public",
                  &out) == REGISTER_PROBLEMS);
    check(str_is(out.problems.v[0].place, "title") &&
          out.problems.v[0].code == RECORD_NAMES_FILER);
    check(forward(&association, id, "Castings of 04Z8K9A95 wait", "public", &out) ==
          REGISTER_PROBLEMS);
    check(forward(&association, id, "Castings wait", "private", &out) == REGISTER_PROBLEMS);
    check(forward(&association, id, "", "public", &out) == REGISTER_PROBLEMS);
    check(forward(&association, id, "Castings wait", "partner", &out) == REGISTER_DONE);
    check(arena_copy(&f.arena, (struct str){out.result.id, RECORD_ID_CHARS}, &open) == CAU_OK);
    check(forward(&association, id, "Castings wait", "public", &out) == REGISTER_STATE);
    check(pending(&association) == 0);
    r = get(open);
    check(r.owner == association.organization_doc && r.audience == RECORD_PARTNER);
    check(str_equal(value_get_str(&r.payload, "through"), association.organization));
    check(str_is(value_get_str(&r.payload, "status"), "filed"));
    struct view_record own = get(id);
    check(own.audience == RECORD_PRIVATE && own.owner == firm.organization_doc);
    check(str_equal(value_get_str(&own.payload, "forwarded"), r.external_id));
    check(move(&secretary, open, OBSTACLE_ASSIGNED) == REGISTER_DONE);
    check(move(&association, open, OBSTACLE_RESOLVED) == REGISTER_DONE);
    /* Nothing that leads back: neither links nor versions, for whoever is not of this side. */
    struct view *v = view_take(f.node);
    struct view_link *link;
    struct view_version *version;
    struct index_reader outside = actor_reader(&ministry);
    size_t n;
    uint32_t doc = view_find(v, outside, open);
    check(doc != 0 && view_links_to(v, &f.arena, outside, doc, &link, &n) == CAU_OK && n == 0);
    check(view_links_from(v, &f.arena, outside, doc, &link, &n) == CAU_OK && n > 0);
    for (size_t i = 0; i < n; i++)
        check(!holds_member(link[i].text));
    check(view_history(v, &f.arena, outside, doc, &version, &n) == CAU_OK && n == 3);
    for (size_t i = 0; i < n; i++) {
        struct buf b = buf_new(RECORD_BYTES_MAX);
        check(view_get_version(v, &f.arena, outside, doc, version[i].audience, version[i].n,
                               &r) == CAU_OK);
        check(record_write(&b, &r.payload) == CAU_OK && b.len > 0 &&
              !holds_member(buf_str(&b)));
        buf_free(&b);
    }
    view_give(f.node, v);
}

static void pending_ones_have_a_limit(void **state)
{
    (void)state;
    size_t before = pending(&association);
    for (size_t i = before; i < OBSTACLE_PENDING_MAX; i++)
        entrust();
    check(pending(&association) == OBSTACLE_PENDING_MAX);
    entrust();
    check(pending(&association) == OBSTACLE_PENDING_MAX);
}

/* Filed by the association itself for a member it does not name. */
static void an_association_files_directly(void **state)
{
    (void)state;
    struct str id;
    char more[100];
    snprintf(more, sizeof more, ",\"through\":\"%.*s\"", STR_ARG(association.organization));
    check(file(&association, more, &id) == REGISTER_DONE);
    struct view_record r = get(id);
    check(r.audience == RECORD_PUBLIC && r.owner == association.organization_doc);
    check(status_is(id, "filed"));
    /* A member who files openly and then wants to be unnamed: the open versions are erased. */
    id = filed();
    char form[500];
    snprintf(
        form, sizeof form,
        "{\"kind\":\"obstacle\",\"title\":{\"en\":\"Castings\"},\"filed_on\":\"2026-11-22\","
        "\"through\":\"%.*s\",\"visibility\":\"public\"}",
        STR_ARG(association.organization));
    check(fixture_save(&f, &firm, form, id, NULL) == REGISTER_DONE);
    check(fixture_get(&f, &other, id, &r) == CAU_ERR_UNKNOWN || r.redacted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_follow_one_another),
        cmocka_unit_test(who_may_do_what),
        cmocka_unit_test(goes_from_filing_to_the_end),
        cmocka_unit_test(a_taken_agenda_escalates),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(a_filer_writes_his_side_only),
        cmocka_unit_test(the_member_stays_unnamed),
        cmocka_unit_test(an_association_files_directly),
        cmocka_unit_test(pending_ones_have_a_limit),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
