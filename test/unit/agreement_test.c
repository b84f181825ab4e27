#include "domain/desk/agreement.h"

#include "node_help.h"
#include "record/json.h"
#include "test.h"

static int32_t day(const char *iso)
{
    return desk_days_of(str_of(iso)).first;
}

/* ---- validity ---- */

static struct agreement_term term(struct arena *a, const char *json, const char *today)
{
    struct str text;
    struct value v;
    check(arena_copy(a, str_of(json), &text) == CAU_OK);
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] == '\'')
            ((char *)(uintptr_t)text.p)[i] = '"';
    check(json_read(a, text, text.len, JSON_OURS, &v, NULL) == CAU_OK);
    return agreement_term_of(&v, day(today));
}

static void valid_as_its_dates_and_status_say(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 20);
    static const struct {
        const char *json, *today;
        enum agreement_validity validity;
        bool contradicts;
    } list[] = {
        {"{}", "2020", AGREEMENT_NOT_SAID, false},
        {"{'signed':'1959-03-07'}", "2020", AGREEMENT_NOT_SAID, false},
        {"{'in_force':'2000'}", "2020", AGREEMENT_IN_FORCE, false},
        {"{'in_force':'2020'}", "2020-06-01", AGREEMENT_NOT_SAID, false}, /* may be later */
        {"{'in_force':'2021'}", "2020", AGREEMENT_NOT_YET, false},
        {"{'expires':'2019'}", "2019-12-31", AGREEMENT_NOT_SAID, false},
        {"{'expires':'2019'}", "2020-01-01", AGREEMENT_OVER, false},
        {"{'status':'in_force'}", "2020", AGREEMENT_IN_FORCE, false},
        {"{'expires':'2019','status':'in_force'}", "2020-01-01", AGREEMENT_OVER, true},
        {"{'expires':'2019','status':'in_force'}", "2019-06-01", AGREEMENT_IN_FORCE, false},
        {"{'in_force':'2030','status':'in_force'}", "2020", AGREEMENT_NOT_YET, true},
        {"{'in_force':'2000','status':'signed'}", "2020", AGREEMENT_NOT_YET, true},
        {"{'status':'negotiated'}", "2020", AGREEMENT_NOT_YET, false},
        {"{'status':'replaced'}", "2020", AGREEMENT_OVER, false},
        {"{'expires':'2030','status':'expired'}", "2020", AGREEMENT_OVER, true},
        {"{'expires':'2030','status':'terminated'}", "2020", AGREEMENT_OVER, false},
        /* Renewed after its end: it holds, until when is not recorded. */
        {"{'expires':'2010','renewed':'2011'}", "2020", AGREEMENT_IN_FORCE, false},
        {"{'expires':'2010','renewed':'2011','status':'in_force'}", "2020", AGREEMENT_IN_FORCE,
         false},
        {"{'expires':'2010','renewed':'2009'}", "2020", AGREEMENT_OVER, false},
        {"{'expires':'2010','renewed':'2021'}", "2020", AGREEMENT_OVER, false}, /* to come */
    };
    for (size_t i = 0; i < countof(list); i++) {
        struct agreement_term t = term(&a, list[i].json, list[i].today);
        if (t.validity != list[i].validity || t.contradicts != list[i].contradicts)
            fail_msg("%s on %s: %d %d", list[i].json, list[i].today, (int)t.validity,
                     (int)t.contradicts);
    }
    arena_free(&a);
}

static void expires_within_months(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 20);
    struct agreement_term t = term(&a, "{'expires':'2021-03-31'}", "2020-03-31");
    check(agreement_expires(&t, day("2020-03-31"), 12));
    check(!agreement_expires(&t, day("2020-03-30"), 12)); /* one day too early */
    check(agreement_expires(&t, day("2021-03-31"), 12));
    check(!agreement_expires(&t, day("2021-04-01"), 12));
    t = term(&a, "{'expires':'2021'}", "2020-06-15");
    check(agreement_expires(&t, day("2020-06-15"), 12)); /* it may be in January */
    t = term(&a, "{'expires':'2021','renewed':'2022'}", "2022-06-15");
    check(t.renewed_on && !agreement_expires(&t, day("2022-06-15"), 12));
    t = term(&a, "{'expires':'2021','status':'terminated'}", "2020-06-15");
    check(!agreement_expires(&t, day("2020-06-15"), 12));
    struct desk_row row = {.due = desk_days_of(STR("2021-03-31"))};
    check(agreement_may_expire(&row, day("2020-03-31"), 12));
    check(!agreement_may_expire(&row, day("2020-03-30"), 12));
    arena_free(&a);
}

/* ---- the chain ---- */

static void put(struct test_node *t, const char *kind, enum record_audience audience,
                const char *json)
{
    struct writer_result out;
    check(test_put(t, kind, audience, json, &out) == CAU_OK);
}

static struct agreement_chain chain(struct test_node *t, struct index_reader reader,
                                    const char *id)
{
    struct agreement_chain c = {.n = 0};
    struct view *v = view_take(t->n);
    uint32_t doc = view_find(v, reader, str_of(id));
    check(doc != 0 && agreement_chain(v, &t->a, reader, doc, &c) == CAU_OK);
    view_give(t->n, v);
    return c;
}

static bool has_edge(const struct agreement_chain *c, const char *from, const char *rel,
                     const char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < c->edges; i++)
        n += str_is(c->member[c->edge[i].from].record.external_id, from) &&
             str_is(c->member[c->edge[i].to].record.external_id, to) &&
             str_is(c->edge[i].rel, rel);
    check(n <= 1);
    return n == 1;
}

static void goes_both_ways_and_ends_in_circles(void **state)
{
    (void)state;
    struct test_node t = test_make();
    put(&t, "agreement", RECORD_PUBLIC,
        "{'external_id':'base','signed':'1959','title':{'en':'Base'}}");
    put(&t, "agreement", RECORD_PUBLIC,
        "{'external_id':'second','links':[{'rel':'implements','to':'base'},"
        "{'rel':'related','to':'elsewhere'}],'signed':'2011-11-21','title':{'en':'Second'}}");
    put(&t, "agreement", RECORD_PUBLIC,
        "{'external_id':'circle','links':[{'rel':'amends','to':'second'},"
        "{'rel':'follows','to':'circle'}],'title':{'en':'Circle'}}");
    put(&t, "agreement", RECORD_PUBLIC,
        "{'external_id':'other','links':[{'rel':'replaces','to':'circle'},"
        "{'rel':'renews','to':'base'}],'signed':'2014','title':{'en':'Other'}}");
    put(&t, "agreement", RECORD_PRIVATE,
        "{'external_id':'closed','links':[{'rel':'protocol_to','to':'base'}],'signed':'2015',"
        "'title':{'en':'Closed'}}");
    put(&t, "agreement", RECORD_PUBLIC,
        "{'external_id':'elsewhere','title':{'en':'Elsewhere'}}");
    put(&t, "project", RECORD_PUBLIC,
        "{'basis':['second','far'],'external_id':'project','starts':'2018',"
        "'title':{'en':'Project'}}");
    put(&t, "agreement", RECORD_PUBLIC, "{'external_id':'far','title':{'en':'Far'}}");

    struct agreement_chain c = chain(&t, READER_PUBLIC, "circle");
    check(c.n == 5 && !c.cut); /* what the project rests on besides is not of this chain */
    check(str_is(c.member[0].record.external_id, "base"));
    check(str_is(c.member[1].record.external_id, "second"));
    check(str_is(c.member[2].record.external_id, "other"));
    check(str_is(c.member[3].record.external_id, "project"));
    check(str_is(c.member[4].record.external_id, "circle")); /* without a date: last */
    check(has_edge(&c, "second", "implements", "base"));
    check(has_edge(&c, "circle", "follows", "circle"));
    check(has_edge(&c, "other", "replaces", "circle") &&
          has_edge(&c, "other", "renews", "base"));
    check(has_edge(&c, "project", "basis", "second"));
    check(c.edges == 6);
    check(chain(&t, READER_ALL, "base").n == 6);       /* the private one too */
    check(chain(&t, READER_PUBLIC, "project").n == 6); /* begins here: all its bases */
    check(chain(&t, READER_PUBLIC, "elsewhere").n == 1);
    test_end(&t);
}

static void a_long_chain_is_cut(void **state)
{
    (void)state;
    struct test_node t = test_make();
    char json[200];
    for (unsigned i = 0; i <= AGREEMENT_CHAIN_MAX; i++) {
        snprintf(json, sizeof json,
                 "{'external_id':'a-%u','links':[{'rel':'follows','to':'a-%u'}],"
                 "'title':{'en':'A'}}",
                 i, (i + 1) % (AGREEMENT_CHAIN_MAX + 1));
        put(&t, "agreement", RECORD_PUBLIC, json);
    }
    struct agreement_chain c = chain(&t, READER_PUBLIC, "a-7");
    check(c.n == AGREEMENT_CHAIN_MAX && c.cut);
    test_end(&t);
}

/* ---- counts ---- */

static const struct agreement_count *find(const struct agreement_count *list, size_t n, int key)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].key == key)
            return &list[i];
    return NULL;
}

static void counts_by_year_partner_and_kind(void **state)
{
    (void)state;
    struct test_node t = test_make();
    const uint16_t vn = desk_country_of(STR("VN")), ru = desk_country_of(STR("RU")),
                   kr = desk_country_of(STR("KR"));
    put(&t, "agreement", RECORD_PUBLIC,
        "{'agreement_kind':'treaty','countries':['VN','RU'],'signed':'1959-03-07',"
        "'title':{'en':'1'}}");
    put(&t, "agreement", RECORD_PUBLIC,
        "{'agreement_kind':'protocol','countries':['RU','VN'],'signed':'2019',"
        "'title':{'en':'2'}}");
    put(&t, "agreement", RECORD_PUBLIC,
        "{'agreement_kind':'protocol','countries':['VN','KR','RU'],'signed':'2019-05',"
        "'title':{'en':'3'}}");
    put(&t, "agreement", RECORD_PUBLIC, "{'countries':['VN'],'title':{'en':'4'}}");
    put(&t, "agreement", RECORD_PRIVATE,
        "{'countries':['VN','KR'],'signed':'2019','title':{'en':'5'}}");

    struct desk *d;
    struct agreement_counts c;
    struct agreement_filter any = {.type = DESK_NO_CODE};
    check(desk_open(t.n, &d) == CAU_OK);
    struct view *v = view_take(t.n);
    check(desk_take(d, v) == CAU_OK);
    check(agreement_count(&t.a, d, READER_PUBLIC, vn, &any, &c) == CAU_OK);
    check(c.total == 4 && c.years == 3 && c.partners == 3 && c.kinds == 3);
    check(c.year[0].key == 2019 && c.year[0].n == 2 && c.year[1].key == 1959);
    check(c.year[2].key == -1 && c.year[2].n == 1);
    check(c.partner[0].key == ru && c.partner[0].n == 3);
    check(c.partner[1].key == kr && c.partner[1].n == 1 && c.partner[2].key == -1);
    check(c.kind[2].key == -1 && c.kind[2].n == 1);

    /* Under a filter each dimension shows what it may change to. */
    struct agreement_filter in_2019 = {.year = 2019, .partner = kr, .type = DESK_NO_CODE};
    check(agreement_count(&t.a, d, READER_PUBLIC, vn, &in_2019, &c) == CAU_OK);
    check(c.total == 1 && c.years == 1 && c.partners == 2 && c.kinds == 1);
    check(find(c.partner, c.partners, ru)->n == 2);
    check(agreement_count(&t.a, d, READER_ALL, vn, &in_2019, &c) == CAU_OK && c.total == 2);

    /* Every count is what a walk with the filter finds. */
    const struct agreement_filter list[] = {
        any,
        in_2019,
        {.year = -1, .type = DESK_NO_CODE},
        {.partner = AGREEMENT_NO_PARTNER, .type = DESK_NO_CODE},
        {.partner = ru, .type = DESK_NO_CODE},
        {.year = 2000, .type = DESK_NO_CODE}};
    for (size_t i = 0; i < countof(list); i++) {
        uint32_t n = 0;
        const struct desk_row *r;
        for (size_t at = 0; (r = desk_next(d, READER_ALL, DESK_AGREEMENT, &at)) != NULL;)
            n += agreement_fits(d, r, vn, &list[i]);
        check(agreement_count(&t.a, d, READER_ALL, vn, &list[i], &c) == CAU_OK && c.total == n);
    }
    view_give(t.n, v);
    desk_give(d);
    desk_close(d);
    test_end(&t);
}

static void a_dense_chain_is_cut(void **state)
{
    (void)state;
    enum { PAPERS = 21, OTHERS = PAPERS - 1 }; /* each follows all others */
    _Static_assert(PAPERS * OTHERS > AGREEMENT_EDGES_MAX, "more relations than are kept");
    _Static_assert(OTHERS * (OTHERS - 1) <= AGREEMENT_EDGES_MAX, "one paper less fits");
    for (unsigned papers = OTHERS; papers <= PAPERS; papers++) {
        struct test_node t = test_make();
        for (unsigned i = 0; i < papers; i++) {
            char json[2000];
            size_t n =
                (size_t)snprintf(json, sizeof json, "{'external_id':'a-%u','links':[", i);
            for (unsigned k = 0; k < papers; k++)
                if (k != i)
                    n += (size_t)snprintf(json + n, sizeof json - n,
                                          "{'rel':'follows','to':'a-%u'},", k);
            snprintf(json + n - 1, sizeof json - n, "],'title':{'en':'A'}}");
            put(&t, "agreement", RECORD_PUBLIC, json);
        }
        struct agreement_chain c = chain(&t, READER_PUBLIC, "a-7");
        size_t all = (size_t)papers * (papers - 1);
        check(c.n == papers && c.cut == (all > AGREEMENT_EDGES_MAX));
        check(c.edges == (c.cut ? AGREEMENT_EDGES_MAX : all));
        test_end(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_as_its_dates_and_status_say),
        cmocka_unit_test(expires_within_months),
        cmocka_unit_test(goes_both_ways_and_ends_in_circles),
        cmocka_unit_test(a_long_chain_is_cut),
        cmocka_unit_test(counts_by_year_partner_and_kind),
        cmocka_unit_test(a_dense_chain_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
