#include "domain/desk/desk.h"

#include "node_help.h"
#include "test.h"

#define READER_PARTNER ((struct index_reader){3, 0})

static void a_date_covers_what_it_may_mean(void **state)
{
    (void)state;
    struct desk_days year = desk_days_of(STR("2019")), month = desk_days_of(STR("2024-02")),
                     day = desk_days_of(STR("1959-03-07"));
    check(year.last - year.first == 364);
    check(month.last - month.first == 28);
    check(day.first == day.last && day.first < 0);
    struct clock_date d = desk_date(day.first);
    check(d.year == 1959 && d.month == 3 && d.day == 7);
    check(!desk_known(desk_days_of(STR("soon"))) && !desk_known(desk_days_of(STR(""))));
    check(desk_within(month, desk_days_of(STR("2024")).first, desk_days_of(STR("2024")).last));
    check(!desk_within(desk_days_of(STR("2024")), month.first, month.last));
    check(desk_day_of_ms(-1) == -1 && desk_day_of_ms(0) == 0);
}

static void take(struct test_node *t, struct desk *d)
{
    struct view *v = view_take(t->n);
    check(desk_take(d, v) == CAU_OK);
    view_give(t->n, v);
}

static size_t count(const struct desk *d, struct index_reader reader, enum desk_kind kind)
{
    size_t at = 0, n = 0;
    while (desk_next(d, reader, kind, &at) != NULL)
        n++;
    return n;
}

static const char commitment[] =
    "{'countries':['VN','RU'],'due':'2026-11','executors':[{'organization':'x','side':'VN'}],"
    "'external_id':'c-1','force':'agreed','session':'s-1','side':['RU'],"
    "'statuses':[{'date':'2026-01-02','side':'VN','status':'done'},"
    "{'date':'2026-03','side':'RU','status':'open'},"
    "{'date':'2025-03','side':'VN','status':'open'}],'title':{'en':'Scholarships'}}";

static void a_commitment_as_its_sides_tell_it(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result c, s, m;
    struct desk *d;
    check(test_put(&t, "commitment", RECORD_PUBLIC, commitment, &c) == CAU_OK);
    check(desk_open(t.n, &d) == CAU_OK);
    take(&t, d);
    const struct desk_row *r = desk_row(d, READER_PUBLIC, c.doc);
    check(r != NULL && r->kind == DESK_COMMITMENT && r->countries == 2 && r->sides == 2);
    check(desk_sides(d, r)[0] == desk_country_of(STR("RU")) &&
          desk_sides(d, r)[1] == desk_country_of(STR("VN")));
    check(r->statuses == 2);
    const struct desk_status *said = desk_statuses(d, r);
    check(said[0].side == desk_country_of(STR("VN")) &&
          said[0].on.first == desk_days_of(STR("2026-01-02")).first);
    check(said[0].status != said[1].status);
    check(r->earlier == 1 && desk_earlier(d, r)[0].side == said[0].side &&
          desk_earlier(d, r)[0].status == said[1].status);
    check(desk_mechanism(d, r) == 0 && desk_doc(d, r->session) == 0);
    check(str_is(desk_name(d, r->session), "s-1"));
    desk_give(d);

    /* What a name means is known as soon as it is there. */
    check(test_put(&t, "session", RECORD_PUBLIC,
                   "{'external_id':'s-1','held_on':'2019','mechanism':'m-1',"
                   "'title':{'en':'Session'}}",
                   &s) == CAU_OK);
    check(test_put(&t, "mechanism", RECORD_PUBLIC,
                   "{'external_id':'m-1','title':{'en':'Committee'}}", &m) == CAU_OK);
    take(&t, d);
    r = desk_row(d, READER_PUBLIC, c.doc);
    check(desk_doc(d, r->session) == s.doc && desk_mechanism(d, r) == m.doc);
    desk_give(d);

    /* One that was withdrawn is walked over, but by those who ask for it. */
    size_t at = 0;
    check(test_again(&t, "mechanism", RECORD_PUBLIC,
                     "{'external_id':'m-1','title':{'en':'Committee'},'withdrawn':'error'}",
                     &m) == CAU_OK);
    take(&t, d);
    check(count(d, READER_PUBLIC, DESK_MECHANISM) == 0);
    r = desk_next_withdrawn(d, READER_PUBLIC, DESK_MECHANISM, &at);
    check(r != NULL && r->doc == m.doc);
    check(desk_next_withdrawn(d, READER_PUBLIC, DESK_MECHANISM, &at) == NULL);
    desk_give(d);
    desk_close(d);
    test_end(&t);
}

static void each_reader_sees_his_version(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result a, b;
    struct desk *d;
    check(test_put(&t, "agreement", RECORD_PUBLIC,
                   "{'signed':'2019','title':{'en':'Agreement'}}", &a) == CAU_OK);
    check(test_put(&t, "agreement", RECORD_PRIVATE, "{'title':{'en':'Draft'}}", &b) == CAU_OK);
    check(desk_open(t.n, &d) == CAU_OK);
    take(&t, d);
    check(count(d, READER_PUBLIC, DESK_AGREEMENT) == 1);
    check(count(d, READER_ALL, DESK_AGREEMENT) == 2);
    check(desk_row(d, READER_PUBLIC, b.doc) == NULL && desk_row(d, READER_ALL, b.doc) != NULL);
    desk_give(d);

    /* A later version in a narrower log is not there for others; the one before still is. */
    check(test_again(&t, "agreement", RECORD_PARTNER,
                     "{'signed':'2020','title':{'en':'Agreement'}}", &a) == CAU_OK);
    check(test_again(&t, "agreement", RECORD_PRIVATE,
                     "{'signed':'2021','title':{'en':'Agreement'}}", &a) == CAU_OK);
    take(&t, d);
    check(desk_row(d, READER_PUBLIC, a.doc)->on.first == desk_days_of(STR("2019")).first);
    check(desk_row(d, READER_PARTNER, a.doc)->on.first == desk_days_of(STR("2020")).first);
    check(desk_row(d, READER_ALL, a.doc)->on.first == desk_days_of(STR("2021")).first);
    check(count(d, READER_ALL, DESK_AGREEMENT) == 2);
    desk_give(d);

    check(test_redact(&t, RECORD_PUBLIC, &a) == CAU_OK);
    check(test_again(&t, "agreement", RECORD_PRIVATE,
                     "{'title':{'en':'Draft'},'withdrawn':'mistake'}", &b) == CAU_OK);
    take(&t, d);
    check(count(d, READER_PUBLIC, DESK_AGREEMENT) == 0);
    check(count(d, READER_ALL, DESK_AGREEMENT) == 1);
    desk_give(d);
    desk_close(d);
    test_end(&t);
}

/* What was followed change by change is what is read at once. */
static void following_gives_the_same(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct desk *slow, *fresh;
    struct writer_result c[40];
    check(desk_open(t.n, &slow) == CAU_OK && desk_open(t.n, &fresh) == CAU_OK);
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < countof(c); i++) {
            char json[300];
            snprintf(json, sizeof json,
                     "{'countries':['VN','%s'],'due':'20%02zu','external_id':'x-%zu',"
                     "'part_of':'x-%zu','title':{'en':'C'}}",
                     round == 0 ? "RU" : "LA", 20 + i % 10, i, i / 2);
            enum cau_err err = round == 0
                                   ? test_put(&t, "commitment", RECORD_PUBLIC, json, &c[i])
                                   : test_again(&t, "commitment", RECORD_PUBLIC, json, &c[i]);
            check(err == CAU_OK);
            if (i % 7 == 0) {
                take(&t, slow);
                desk_give(slow);
            }
        }
    take(&t, slow);
    take(&t, fresh);
    for (size_t i = 0; i < countof(c); i++) {
        const struct desk_row *x = desk_row(slow, READER_PUBLIC, c[i].doc),
                              *y = desk_row(fresh, READER_PUBLIC, c[i].doc);
        check(x != NULL && y != NULL && x->due.first == y->due.first);
        check(x->countries == 2 && desk_countries(slow, x)[1] == desk_countries(fresh, y)[1]);
        check(desk_doc(slow, x->part_of) == c[i / 2].doc &&
              desk_doc(fresh, y->part_of) == c[i / 2].doc);
    }
    desk_give(slow);
    desk_give(fresh);
    desk_close(slow);
    desk_close(fresh);
    test_end(&t);
}

/* One side and one step over what is kept: the others are there, and a circle of parts ends. */
static void limits_hold(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result many, m, part[DESK_STEPS_MAX + 2];
    struct desk *d;
    struct buf json = buf_new(1 << 16);
    buf_add(&json, STR("{'statuses':["));
    for (int i = 0; i <= DESK_SIDES_MAX; i++)
        buf_printf(&json, "%s{'date':'2026','side':'%c%c','status':'open'}", i == 0 ? "" : ",",
                   'A' + i / 26, 'A' + i % 26);
    buf_add(&json, STR("],'title':{'en':'Many sides'}}"));
    buf_add_char(&json, '\0');
    check(test_put(&t, "commitment", RECORD_PUBLIC, json.p, &many) == CAU_OK);
    buf_free(&json);
    check(test_put(&t, "mechanism", RECORD_PUBLIC,
                   "{'external_id':'m','title':{'en':'Committee'}}", &m) == CAU_OK);
    for (int i = 0; i < DESK_STEPS_MAX + 2; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 i == 0 ? "{'external_id':'p0','mechanism':'m','title':{'en':'P'}}"
                        : "{'external_id':'p%d','part_of':'p%d','title':{'en':'P'}}",
                 i, i - 1);
        check(test_put(&t, "commitment", RECORD_PUBLIC, text, &part[i]) == CAU_OK);
    }
    check(desk_open(t.n, &d) == CAU_OK);
    take(&t, d);
    check(desk_row(d, READER_PUBLIC, many.doc)->statuses == DESK_SIDES_MAX);
    const struct desk_row *last = desk_row(d, READER_PUBLIC, part[DESK_STEPS_MAX - 1].doc),
                          *over = desk_row(d, READER_PUBLIC, part[DESK_STEPS_MAX].doc);
    check(desk_mechanism(d, last) == m.doc && desk_mechanism(d, over) == 0);
    desk_give(d);
    check(test_again(&t, "commitment", RECORD_PUBLIC,
                     "{'external_id':'p0','part_of':'p3','title':{'en':'P'}}",
                     &part[0]) == CAU_OK);
    take(&t, d);
    check(desk_mechanism(d, desk_row(d, READER_PUBLIC, part[5].doc)) == 0);
    desk_give(d);
    desk_close(d);
    test_end(&t);
}

/* One word more than is kept of what a side said before: the newest still counts. */
static void earlier_words_have_a_limit(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result c[2];
    struct desk *d;
    for (size_t more = 0; more < countof(c); more++) {
        struct buf json = buf_new(1 << 16);
        buf_add(&json, STR("{'statuses':["));
        for (size_t i = 0; i < DESK_EARLIER_MAX + more; i++)
            buf_add(&json, STR("{'date':'2020','side':'VN','status':'open'},"));
        buf_add(&json, STR("{'date':'2021','side':'VN','status':'done'}],'title':{'en':'C'}}"));
        buf_add_char(&json, '\0');
        check(test_put(&t, "commitment", RECORD_PUBLIC, json.p, &c[more]) == CAU_OK);
        buf_free(&json);
    }
    check(desk_open(t.n, &d) == CAU_OK);
    take(&t, d);
    for (size_t more = 0; more < countof(c); more++) {
        const struct desk_row *r = desk_row(d, READER_PUBLIC, c[more].doc);
        check(r->statuses == 1 && r->earlier == DESK_EARLIER_MAX);
        check(desk_statuses(d, r)[0].on.first == desk_days_of(STR("2021")).first);
    }
    desk_give(d);
    desk_close(d);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_date_covers_what_it_may_mean),
        cmocka_unit_test(a_commitment_as_its_sides_tell_it),
        cmocka_unit_test(each_reader_sees_his_version),
        cmocka_unit_test(following_gives_the_same),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(earlier_words_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
