#include "domain/rule/interest.h"

#include "base/clock.h"
#include "domain/people/people.h"
#include "domain/report/funnel.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, nobody, reader, adviser, editor, secretary, officer, from, to, third;
static struct actor guest; /* an adviser who speaks for an organisation of another country */
static struct str need, of_to;

static struct str organization(const char *name, const char *country)
{
    char form[300];
    struct str id;
    snprintf(form, sizeof form,
             "{\"kind\":\"organization\",\"name\":{\"en\":\"%s\"},\"country\":\"%s\","
             "\"visibility\":\"public\"}",
             name, country);
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static struct actor person_of(uint32_t user, const char *name, const char *country,
                              unsigned roles)
{
    struct str id = organization(name, country);
    struct local_user u = {.id = user, .roles = roles, .organization = id};
    struct view *v = view_take(f.node);
    struct actor a = actor_of(v, &u);
    view_give(f.node, v);
    check(a.organization_doc != 0);
    return a;
}

static struct actor member(uint32_t user, const char *name, const char *country)
{
    return person_of(user, name, country, LOCAL_MEMBER);
}

static struct str text_of(const char *kind, const char *title, struct str organization,
                          const char *more)
{
    char form[600];
    struct str id;
    snprintf(form, sizeof form,
             "{\"kind\":\"%s\",\"title\":{\"vi\":\"%s\"},\"organization\":\"%.*s\","
             "\"fields\":[\"FORD:2.7\",\"FORD:2.3\",\"FORD:1.5\"],\"country\":\"VN\","
             "\"visibility\":\"public\"%s}",
             kind, title, STR_ARG(organization), more);
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    nobody = actor_anonymous();
    reader = (struct actor){.user = 1};
    adviser = (struct actor){.user = 2, .roles = LOCAL_ADVISER};
    editor = (struct actor){.user = 3, .roles = LOCAL_EDITOR};
    secretary = (struct actor){.user = 4, .roles = LOCAL_SECRETARY};
    officer = (struct actor){.user = 5, .roles = LOCAL_OFFICER};
    from = member(6, "Interested works", "RU");
    to = member(7, "Needing institute", "VN");
    third = member(8, "Third company", "BY");
    guest = person_of(10, "Visiting ministry", "RU", LOCAL_ADVISER);
    check(guest.is_guest);
    of_to = to.organization;
    need = text_of("need", "Móng nổi", of_to, "");
    return 0;
}

static int stop(void **state)
{
    (void)state;
    clock_set_ms(0);
    fixture_close(&f);
    return 0;
}

static const struct interest_words hello = {
    {"We can do this", 14}, {"office@works.example", 20}, LANG_EN};

static enum register_why express(const struct actor *who, struct str of, struct str *id)
{
    struct register_outcome out;
    enum register_why why = interest_express(f.node, &f.arena, who, of, &hello, &out);
    if (why == REGISTER_DONE && id != NULL)
        check(arena_copy(&f.arena, (struct str){out.result.id, RECORD_ID_CHARS}, id) == CAU_OK);
    return why;
}

static enum register_why move(const struct actor *who, struct str id, enum interest_stage stage,
                              const char *reason, const char *note)
{
    struct register_outcome out;
    struct interest_step step = {
        .stage = stage, .reason = str_of(reason), .note = str_of(note), .lang = LANG_RU};
    return interest_move(f.node, &f.arena, who, id, &step, &out);
}

static bool sees(const struct actor *who, struct str id, struct view_record *out)
{
    struct index_reader r;
    struct view *v = view_take(f.node);
    uint32_t doc = interest_find(v, &f.arena, who, id);
    bool yes = doc != 0 && interest_reader(v, &f.arena, who, doc, &r) &&
               view_get(v, &f.arena, r, doc, out) == CAU_OK;
    view_give(f.node, v);
    return yes;
}

static void stages_follow_one_another(void **state)
{
    (void)state;
    for (unsigned i = 0; i < INTEREST_STAGES; i++)
        for (unsigned j = 0; j < INTEREST_STAGES; j++) {
            bool next = i < INTEREST_CONTRACT && (j == i + 1 || j == INTEREST_DROPPED);
            check(interest_may_become((enum interest_stage)i, (enum interest_stage)j) == next);
        }
    enum interest_stage s;
    check(interest_read_stage(STR("talks"), &s) && s == INTEREST_TALKS);
    check(!interest_read_stage(STR("signed"), &s));
}

/* Who may express, read and continue one; the expected answer for each role. */
static void roles(void **state)
{
    (void)state;
    struct str id;
    struct view_record r;
    check(express(&from, need, &id) == REGISTER_DONE && sees(&from, id, &r));
    const struct {
        const struct actor *who;
        bool express, see, follow, edit;
    } row[] = {
        {&nobody, false, false, false, false}, {&reader, false, false, false, false},
        {&third, true, false, false, false},   {&from, true, true, true, false},
        {&to, false, true, true, false},       {&adviser, false, true, true, false},
        {&editor, false, true, true, false},   {&secretary, false, true, false, false},
        {&officer, false, true, false, false}, {&self, false, true, true, true},
        {&guest, false, false, false, false},
    };
    for (size_t i = 0; i < countof(row); i++) {
        struct view_record n, x;
        check(fixture_get(&f, &self, need, &n) == CAU_OK);
        check(may(row[i].who, MAY_INTEREST, n.kind, &n) == row[i].express);
        check(sees(row[i].who, id, &x) == row[i].see);
        check(may(row[i].who, MAY_FOLLOW, r.kind, &r) == row[i].follow);
        check(may(row[i].who, MAY_CREATE, r.kind, NULL) == row[i].edit);
        check(may(row[i].who, MAY_EDIT, r.kind, &r) == row[i].edit);
        check(funnel_may(row[i].who) == (row[i].follow || row[i].who == &third));
        check(move(row[i].who, id, INTEREST_INTEREST, "", "A note") ==
              (row[i].follow ? REGISTER_DONE : REGISTER_GONE));
    }
    check(may(&from, MAY_INTEREST, r.kind, &r) == false); /* not in an interest */
    check(move(&from, id, INTEREST_DROPPED, "price", "") == REGISTER_DONE);
}

static void is_private_and_says_what_it_is_about(void **state)
{
    (void)state;
    struct str id;
    struct view_record r;
    struct str offer = text_of("offer", "Lò hơi", of_to, "");
    check(express(&from, offer, &id) == REGISTER_DONE && sees(&to, id, &r));
    check(r.audience == RECORD_PRIVATE && r.owner == from.organization_doc);
    check(str_equal(value_get_str(&r.payload, "from"), from.organization));
    check(str_equal(value_get_str(&r.payload, "to"), of_to));
    check(str_is(value_get_str(value_get(&r.payload, "title"), "vi"), "Lò hơi"));
    check(str_is(value_get_str(&r.payload, "stage"), "interest"));
    const struct value *country = value_get(&r.payload, "country");
    check(country->n == 2 && str_is(country->item[0].string, "RU") &&
          str_is(country->item[1].string, "VN"));
    check(fixture_get(&f, &to, id, &r) ==
          CAU_ERR_UNKNOWN);                               /* only by the rule, not by reading */
    check(express(&from, offer, NULL) == REGISTER_STATE); /* one at a time */
    check(express(&third, offer, NULL) == REGISTER_DONE);
    check(express(&to, offer, NULL) == REGISTER_NOT_ALLOWED); /* its own */
    check(express(&from, of_to, NULL) == REGISTER_NOT_ALLOWED);
    check(express(&from, STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa"), NULL) == REGISTER_GONE);
}

static void needs_a_published_text(void **state)
{
    (void)state;
    struct register_outcome out;
    struct str gone = text_of("need", "Đã rút", of_to, "");
    check(register_withdraw(f.node, &f.arena, &self, gone, NULL, STR("by_owner"), &out) ==
          REGISTER_DONE);
    check(express(&from, gone, NULL) == REGISTER_GONE);
    struct str over = text_of("need", "Hết hạn", of_to, ",\"publication\":\"expired\"");
    check(express(&from, over, NULL) == REGISTER_GONE);
    struct str hidden =
        text_of("need", "Ẩn danh", of_to, ",\"disclosure\":\"through_association\"");
    struct str id;
    struct view_record r;
    check(express(&from, hidden, &id) == REGISTER_DONE && sees(&from, id, &r));
    check(value_get(&r.payload, "to") == NULL); /* nobody is named against his wish */
    check(fixture_get(&f, &self, hidden, &r) == CAU_OK);
    struct view *v = view_take(f.node);
    check(interest_addressee(v, &f.arena, &r).len == 0);
    check(fixture_get(&f, &self, need, &r) == CAU_OK);
    check(str_equal(interest_addressee(v, &f.arena, &r), of_to));
    view_give(f.node, v);
    struct interest_words bad = {STR("x"), STR("no address"), LANG_EN};
    check(interest_express(f.node, &f.arena, &third, need, &bad, &out) == REGISTER_PROBLEMS);
}

static void both_sides_note_what_became_of_it(void **state)
{
    (void)state;
    struct str id;
    struct view_record r;
    struct register_outcome out;
    struct str offer = text_of("offer", "Cáp ngầm", of_to, "");
    check(express(&from, offer, &id) == REGISTER_DONE);
    check(move(&from, id, INTEREST_TALKS, "", "") == REGISTER_STATE); /* a stage left out */
    check(move(&to, id, INTEREST_CONTACT, "", "Đã gọi điện") == REGISTER_DONE);
    check(move(&from, id, INTEREST_CONTACT, "", "") ==
          REGISTER_PROBLEMS); /* neither step nor note */
    check(move(&from, id, INTEREST_CONTACT, "", "Созвонились") == REGISTER_DONE);
    check(move(&adviser, id, INTEREST_TALKS, "", "") == REGISTER_DONE);
    check(move(&adviser, id, INTEREST_INTEREST, "", "") == REGISTER_STATE); /* not back */
    check(move(&from, id, INTEREST_DROPPED, "", "") == REGISTER_PROBLEMS);
    check(move(&from, id, INTEREST_DROPPED, "whim", "") == REGISTER_PROBLEMS);
    check(sees(&from, id, &r) && r.owner == from.organization_doc); /* still its own */
    struct digest old = r.leaf;
    check(move(&to, id, INTEREST_MEMORANDUM, "", "") == REGISTER_DONE);
    struct interest_step late = {
        .after = &old, .stage = INTEREST_DROPPED, .reason = STR("price")};
    check(interest_move(f.node, &f.arena, &from, id, &late, &out) == REGISTER_CHANGED);
    char note[3000];
    memset(note, 'n', sizeof note);
    struct interest_step wordy = {.stage = INTEREST_CONTRACT,
                                  .note = {note, 501}}; /* one over the limit of the kind */
    check(interest_move(f.node, &f.arena, &from, id, &wordy, &out) == REGISTER_PROBLEMS);
    wordy.note.len = 500;
    check(interest_move(f.node, &f.arena, &from, id, &wordy, &out) == REGISTER_DONE);
    check(move(&from, id, INTEREST_DROPPED, "price", "") == REGISTER_STATE); /* it has ended */
    check(sees(&to, id, &r));
    const struct value *rows = value_get(&r.payload, "history");
    check(rows->n == 6 && str_is(value_get_str(&rows->item[1], "party"), "to"));
    check(str_is(value_get_str(&rows->item[1], "side"), "VN"));
    check(str_is(value_get_str(&rows->item[2], "party"), "from"));
    check(str_is(value_get_str(&rows->item[3], "party"), "adviser"));
}

static void lists_are_of_who_asks(void **state)
{
    (void)state;
    struct str offer = text_of("offer", "Vật liệu chịu lửa", of_to, "");
    uint32_t *list;
    size_t n = 0;
    check(express(&from, offer, NULL) == REGISTER_DONE);
    struct view *v = view_take(f.node);
    uint32_t doc = view_find(v, actor_reader(&self), offer);
    check(interest_list(v, &f.arena, &to, doc, &list, &n) == CAU_OK && n == 1);
    check(interest_list(v, &f.arena, &adviser, doc, &list, &n) == CAU_OK && n == 1);
    check(interest_list(v, &f.arena, &third, doc, &list, &n) == CAU_OK && n == 0);
    check(interest_list(v, &f.arena, &nobody, doc, &list, &n) == CAU_OK && n == 0);
    check(interest_list(v, &f.arena, &from, from.organization_doc, &list, &n) == CAU_OK &&
          n > 1);
    view_give(f.node, v);
}

/* Days pass between the steps of two interests of a fourth organisation; it sees its own funnel only. */
static void the_funnel_counts(void **state)
{
    (void)state;
    const int64_t day = 24 * 60 * 60 * 1000LL;
    struct actor fourth = member(9, "Fourth laboratory", "KZ");
    struct str one = text_of("offer", "Một", of_to, ""),
               two = text_of("offer", "Hai", of_to, "");
    struct str a, b;
    struct funnel x;
    int64_t now = clock_now_ms();
    check(express(&fourth, one, &a) == REGISTER_DONE);
    check(express(&fourth, two, &b) == REGISTER_DONE);
    clock_set_ms(now + 4 * day);
    check(move(&fourth, a, INTEREST_CONTACT, "", "") == REGISTER_DONE);
    clock_set_ms(now + 10 * day);
    check(move(&fourth, b, INTEREST_CONTACT, "", "") == REGISTER_DONE);
    clock_set_ms(now + 11 * day);
    check(move(&to, b, INTEREST_CONTACT, "", "A note is no step") == REGISTER_DONE);
    check(move(&fourth, b, INTEREST_DROPPED, "no_answer", "") == REGISTER_DONE);
    clock_set_ms(0);
    struct view *v = view_take(f.node);
    check(funnel_count(v, &f.arena, node_kinds(f.node), &fourth, &x) == CAU_OK);
    check(x.total == 2 && x.stage[INTEREST_CONTACT].now == 1 &&
          x.stage[INTEREST_DROPPED].now == 1);
    check(x.stage[INTEREST_INTEREST].reached == 2 && x.stage[INTEREST_CONTACT].reached == 2);
    check(x.stage[INTEREST_INTEREST].stays == 2 && x.stage[INTEREST_INTEREST].median_days == 4);
    check(x.stage[INTEREST_CONTACT].stays == 1 && x.stage[INTEREST_CONTACT].median_days == 1);
    check(x.fields == 2 && str_is(x.field[0].code, "1") &&
          x.field[1].total == 2); /* 1.5; 2.7, 2.3 */
    check(x.pairs == 1 && str_is(x.pair[0].code, "KZ-VN") &&
          x.pair[0].n[INTEREST_CONTACT] == 1);
    check(x.reasons == 1 && str_is(x.reason[0].code, "no_answer") && x.reason[0].total == 1);
    uint32_t own = x.total;
    check(funnel_count(v, &f.arena, node_kinds(f.node), &adviser, &x) == CAU_OK &&
          x.total > own);
    check(funnel_count(v, &f.arena, node_kinds(f.node), &reader, &x) == CAU_ERR_REFUSED);
    check(funnel_count(v, &f.arena, node_kinds(f.node), &nobody, &x) == CAU_ERR_REFUSED);
    check(funnel_count(v, &f.arena, node_kinds(f.node), &guest, &x) == CAU_ERR_REFUSED);
    struct actor both = guest; /* as its member too, he is told of its own: there are none */
    both.roles |= LOCAL_MEMBER;
    check(funnel_count(v, &f.arena, node_kinds(f.node), &both, &x) == CAU_OK && x.total == 0);
    both = fourth; /* and whoever has some, of those alone */
    both.roles |= LOCAL_EDITOR;
    both.is_guest = true;
    check(funnel_count(v, &f.arena, node_kinds(f.node), &both, &x) == CAU_OK && x.total == own);
    view_give(f.node, v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_follow_one_another),
        cmocka_unit_test(roles),
        cmocka_unit_test(is_private_and_says_what_it_is_about),
        cmocka_unit_test(needs_a_published_text),
        cmocka_unit_test(both_sides_note_what_became_of_it),
        cmocka_unit_test(lists_are_of_who_asks),
        cmocka_unit_test(the_funnel_counts),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
