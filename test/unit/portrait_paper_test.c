#include "exchange/paper/portrait_paper.h"

#include "report_help.h"
#include "test.h"

struct drawn {
    struct test_report t;
    struct portrait portrait;
    struct paper p;
    struct buf csv;
};

static struct portrait_paper_from from_of(struct drawn *d, enum lang lang)
{
    return (struct portrait_paper_from){d->t.view, d->t.desk, node_kinds(d->t.node.n),
                                        READER_PUBLIC, lang};
}

static struct portrait_from portrait_from(struct drawn *d)
{
    return (struct portrait_from){d->t.view, d->t.node.n, d->t.desk, READER_PUBLIC};
}

static bool says(struct drawn *d, const char *words)
{
    struct str text = buf_str(&d->csv);
    size_t n = strlen(words);
    for (size_t i = 0; i + n <= text.len; i++)
        if (memcmp(text.p + i, words, n) == 0)
            return true;
    return false;
}

static void write_it(struct drawn *d)
{
    buf_reset(&d->csv);
    check(paper_write_csv(&d->p, &d->csv) == CAU_OK);
    check(d->p.made_ms > 0);
}

static struct drawn begin(void)
{
    return (struct drawn){.t = test_report_make(), .csv = buf_new((size_t)4 << 20)};
}

static void end(struct drawn *d)
{
    buf_free(&d->csv);
    test_report_end(&d->t);
}

static void a_country_in_each_language(void **state)
{
    (void)state;
    struct drawn d = begin();
    struct portrait_from from = portrait_from(&d);
    uint16_t country = desk_country_of(STR("RU"));
    check(portrait_of_country(&from, &d.t.node.a, country, &d.portrait) == CAU_OK);
    static const char *const expected[LANG_COUNT][3] = {
        [LANG_VI] = {"Liên bang Nga", "Chưa thực hiện: 5", "gần 6.000.000.000"},
        [LANG_RU] = {"Россия", "Исполнение не начато: 5", "почти 6 000 000 000"},
        [LANG_EN] = {"Russian Federation", "Open: 5", "nearly 6,000,000,000"},
    };
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        struct portrait_paper_from paper = from_of(&d, (enum lang)lang);
        check(portrait_paper_country(&d.t.node.a, &d.portrait, &paper, country, &d.p) ==
              CAU_OK);
        write_it(&d);
        check(str_is(d.p.title, expected[lang][0]));
        check(says(&d, expected[lang][1]));
    }
    end(&d);
}

static void a_project_with_what_is_known(void **state)
{
    (void)state;
    struct drawn d = begin();
    struct portrait_from from = portrait_from(&d);
    struct portrait_paper_from paper = from_of(&d, LANG_EN);
    uint32_t doc = view_find(d.t.view, READER_PUBLIC, STR("demo-project-cnst"));
    check(portrait_of_record(&from, &d.t.node.a, doc, &d.portrait) == CAU_OK);
    check(portrait_paper_record(&d.t.node.a, &d.portrait, &paper, doc, &d.p) == CAU_OK);
    write_it(&d);
    check(says(&d, "Long Khanh") && says(&d, "10 MW") && says(&d, "21 November 2011"));
    check(says(&d, "Intergovernmental agreement on building the Centre"));
    check(says(&d, "step up training"));
    check(portrait_paper_record(&d.t.node.a, &d.portrait, &paper, 1000000, &d.p) ==
          CAU_ERR_UNKNOWN);
    end(&d);
}

static void a_field(void **state)
{
    (void)state;
    struct drawn d = begin();
    struct portrait_from from = portrait_from(&d);
    struct portrait_paper_from paper = from_of(&d, LANG_VI);
    check(portrait_of_field(&from, &d.t.node.a, STR("2.7"), &d.portrait) == CAU_OK);
    check(portrait_paper_field(&d.t.node.a, &d.portrait, &paper, STR("2.7"), &d.p) == CAU_OK);
    write_it(&d);
    check(says(&d, "Nhu cầu") && says(&d, "Việt Nam: ") && says(&d, " tổ chức, "));
    end(&d);
}

static void add_long(struct buf *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_add_char(b, 'x');
}

/* Texts and lists of any length become one page: each line of a list is clipped, each list is cut. */
static void long_texts_are_clipped(void **state)
{
    (void)state;
    struct drawn d = begin();
    struct buf json = buf_new(1 << 16);
    struct writer_result r;
    struct portrait_from from;
    struct portrait_paper_from paper;
    buf_add_word(&json, "{'risks':[");
    for (int i = 0; i < 30; i++) {
        buf_printf(&json, "%s{'risk':{'en':'Risk %02d ", i > 0 ? "," : "", i);
        add_long(&json, 250);
        buf_add_word(&json, "'}}");
    }
    buf_add_word(&json, "],'summary':{'en':'");
    add_long(&json, 3000);
    buf_add_word(&json, "'},'title':{'en':'Long'}}");
    buf_add_char(&json, '\0');
    test_report_give(&d.t);
    check(test_put(&d.t.node, "project", RECORD_PUBLIC, json.p, &r) == CAU_OK);
    test_report_take(&d.t);
    from = portrait_from(&d);
    paper = from_of(&d, LANG_EN);
    check(portrait_of_record(&from, &d.t.node.a, r.doc, &d.portrait) == CAU_OK);
    check(portrait_paper_record(&d.t.node.a, &d.portrait, &paper, r.doc, &d.p) == CAU_OK);
    write_it(&d);
    check(d.csv.len < 2500 && says(&d, "Risk 03") && !says(&d, "Risk 04"));
    check(says(&d, "And 26 more"));
    buf_free(&json);
    end(&d);
}

static void which_kinds_have_one(void **state)
{
    (void)state;
    struct drawn d = begin();
    check(portrait_paper_has(test_kind(&d.t.node, "organization")));
    check(portrait_paper_has(test_kind(&d.t.node, "programme")));
    check(!portrait_paper_has(test_kind(&d.t.node, "person")));
    struct arena small = arena_new(3000);
    struct portrait_paper_from paper = from_of(&d, LANG_EN);
    check(portrait_paper_field(&small, &d.portrait, &paper, STR("2.7"), &d.p) ==
          CAU_ERR_MEMORY);
    arena_free(&small);
    end(&d);
}

/* One value, name or identifier over what a field shows: the paper says how many more. */
static void values_have_a_limit(void **state)
{
    (void)state;
    static const char *const json[][2] = {
        {"{'country':'VN','external_id':'o-0','identifiers':{'grid':'1','isni':'2','ror':'3',"
         "'wikidata':'4'},'name':{'de':'D','en':'O','ru':'Р','vi':'V'},"
         "'websites':['https://a.example','https://b.example','https://c.example',"
         "'https://d.example']}",
         "o-0"},
        {"{'country':'VN','external_id':'o-1','identifiers':{'grid':'1','isni':'2','ror':'3',"
         "'tax':'5','wikidata':'4'},'name':{'de':'D','en':'O','fr':'F','ru':'Р','vi':'V'},"
         "'websites':['https://a.example','https://b.example','https://c.example',"
         "'https://d.example','https://e.example']}",
         "o-1"},
    };
    _Static_assert(PORTRAIT_VALUES_MAX == 4, "so many stand in the first record");
    struct drawn d = begin();
    struct writer_result r[2];
    test_report_give(&d.t);
    for (size_t i = 0; i < 2; i++)
        check(test_put(&d.t.node, "organization", RECORD_PUBLIC, json[i][0], &r[i]) == CAU_OK);
    test_report_take(&d.t);
    struct portrait_from from = portrait_from(&d);
    struct portrait_paper_from paper = from_of(&d, LANG_EN);
    for (size_t i = 0; i < 2; i++) {
        check(portrait_of_record(&from, &d.t.node.a, r[i].doc, &d.portrait) == CAU_OK);
        d.portrait.unseen = (uint32_t)i;
        check(portrait_paper_record(&d.t.node.a, &d.portrait, &paper, r[i].doc, &d.p) ==
              CAU_OK);
        write_it(&d);
        size_t more = 0;
        for (size_t k = 0; k < d.csv.len; k++)
            more += str_starts(str_from(buf_str(&d.csv), k), STR("And 1 more."));
        check(more == (i == 0 ? 0 : 3)); /* names, identifiers, addresses */
        check(says(&d, "Related records not examined,1\r\n") == (i == 1));
    }
    end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_country_in_each_language),
        cmocka_unit_test(a_project_with_what_is_known),
        cmocka_unit_test(a_field),
        cmocka_unit_test(long_texts_are_clipped),
        cmocka_unit_test(which_kinds_have_one),
        cmocka_unit_test(values_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
