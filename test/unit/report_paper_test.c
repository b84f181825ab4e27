#include "exchange/paper/report_paper.h"

#include "report_help.h"
#include "test.h"

/* The report of a year as CSV: all its sentences are in the page, all its numbers and notes here too. */
static struct str make(struct test_report *t, int year, enum lang lang, bool everyone,
                       struct buf *out)
{
    struct actor nobody = actor_anonymous();
    struct report_ask ask = {year, desk_country_of(STR("VN")), everyone ? &nobody : &t->actor,
                             everyone ? READER_PUBLIC : READER_ALL};
    struct report_paper_from from = {t->view, t->desk, node_kinds(t->node.n), ask.reader, lang};
    struct report r;
    struct paper p;
    arena_reset(&t->node.a);
    check(report_make(t->view, &t->node.a, t->desk, from.kinds, &ask, &r) == CAU_OK);
    check(report_paper(&t->node.a, &r, &from, &p) == CAU_OK);
    buf_reset(out);
    check(paper_write_html(&p, STR("https://vn.example"), out) == CAU_OK);
    return buf_str(out);
}

/* The text of a page: without tags, a mark of a note as "[n]". */
static struct str text_of(struct str page, struct buf *out)
{
    bool tag = false, mark = false;
    buf_reset(out);
    for (size_t i = 0; i < page.len; i++) {
        struct str rest = str_from(page, i);
        if (str_starts(rest, STR("<sup>")) || str_starts(rest, STR("</sup>"))) {
            mark = page.p[i + 1] == 's';
            buf_add(out, mark ? STR("[") : STR("]"));
        }
        tag = page.p[i] == '<' || (tag && page.p[i] != '>');
        if (!tag && page.p[i] != '>')
            buf_add_char(out, page.p[i]);
    }
    return buf_str(out);
}

static bool says(struct str text, const char *words)
{
    size_t n = strlen(words);
    for (size_t i = 0; i + n <= text.len; i++)
        if (memcmp(text.p + i, words, n) == 0)
            return true;
    return false;
}

static void says_what_was_published_of_2019(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct buf page = buf_new((size_t)8 << 20), text = buf_new((size_t)8 << 20);
    struct str en = text_of(make(&t, 2019, LANG_EN, true, &page), &text);
    check(says(en, "7[1] cooperation documents were signed in 2019. The source names partners "
                   "from: Republic of Korea, Sweden, Switzerland, Cuba. Recorded here one by "
                   "one: 0["));
    check(says(en,
               "joint committee meetings were held in 2019. The source names partners from: "
               "Russian Federation, Germany, Belarus. Recorded here one by one: 3["));
    check(says(en, "Mongolia, Cuba, Romania, Belgium. Recorded here one by one: 0["));
    check(says(en, "Vietnam Economic News (VNA), “Vietnam forges ahead with int'l sci-tech "
                   "cooperation”, 22 April 2020."));
    check(says(en, "left out of this copy") && !says(en, "before the year was over"));
    struct str ru = text_of(make(&t, 2019, LANG_RU, true, &page), &text);
    check(says(ru,
               "в 2019 году подписано 7[1] документов о сотрудничестве. В источнике названы "
               "партнёры из следующих стран: Республика Корея, Швеция, Швейцария, Куба."));
    check(says(ru, "состоялось 9[") && says(ru, "состоялось 5[") && !says(ru, "г.."));
    struct str vi = text_of(make(&t, 2019, LANG_VI, true, &page), &text);
    check(says(vi,
               "năm 2019 có 7[1] văn kiện hợp tác được ký kết. Nguồn công bố nêu tên các đối "
               "tác: Hàn Quốc, Thụy Điển, Thụy Sĩ, Cuba."));
    buf_free(&page);
    buf_free(&text);
    test_report_end(&t);
}

static void a_figure_of_one_side_is_not_stated_by_the_other(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct buf page = buf_new((size_t)8 << 20), text = buf_new((size_t)8 << 20);
    struct str en = text_of(make(&t, 2024, LANG_EN, true, &page), &text);
    check(says(en, "Russian Federationnearly 6,000,000,000["));
    check(says(en, "Viet Namnot stated"));
    check(says(en, "Published total of documents signed: not stated."));

    /* Once the other side states one too, both stand, and how far apart they are. */
    struct writer_result i;
    test_report_give(&t);
    check(
        test_put(&t.node, "indicator", RECORD_PUBLIC,
                 "{'countries':['RU','VN'],'latest':'2024','measure':'trade','title':{'en':"
                 "'Trade'},'unit':{'en':'USD million'},'values':[{'period':'2024','qualifier':"
                 "'nearly','side':'RU','value':'6000'},{'period':'2024','side':'VN','value':"
                 "'4580'}]}",
                 &i) == CAU_OK);
    test_report_take(&t);
    en = text_of(make(&t, 2024, LANG_EN, true, &page), &text);
    check(says(en, "Viet Nam4,580[") && says(en, "differenceabout 1,420["));
    buf_free(&page);
    buf_free(&text);
    test_report_end(&t);
}

static void a_year_that_is_not_over_says_so(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct buf page = buf_new((size_t)8 << 20), text = buf_new((size_t)8 << 20);
    struct str en = text_of(make(&t, 2998, LANG_EN, true, &page), &text);
    check(says(en, "before the year was over"));
    buf_free(&page);
    buf_free(&text);
    test_report_end(&t);
}

static void a_note_behind_every_number_leads_to_records(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct buf page = buf_new((size_t)8 << 20);
    struct str html = make(&t, 2019, LANG_VI, false, &page);
    check(says(html, "<strong>9</strong><sup><a id=\"mark-"));
    check(says(html, "<a href=\"https://vn.example/vi/r:"));
    check(says(html, "<td class=\"n\">1<sup>"));
    check(!says(html, "<strong>0</strong>."));
    buf_free(&page);
    test_report_end(&t);
}

static void the_same_log_gives_the_same_bytes(void **state)
{
    (void)state;
    char file[80], dir[60];
    struct test_report t = test_report_make(), copy = {.node = {.hook = {.checkpoint_ms = 1}}};
    struct buf first = buf_new((size_t)8 << 20), second = buf_new((size_t)8 << 20);
    snprintf(file, sizeof file, "%s.backup", t.node.dir);
    snprintf(dir, sizeof dir, "%.40s-copy", t.node.dir);
    test_report_give(&t);
    test_reopen(&t.node); /* everything is signed */
    desk_close(t.desk);
    test_report_open(&t);
    check(node_backup(t.node.dir, file) == CAU_OK);
    check(node_restore(file, dir, t.node.dir) == CAU_OK);
    snprintf(copy.node.dir, sizeof copy.node.dir, "%s", dir);
    copy.node.a = arena_new((size_t)64 << 20);
    test_open(&copy.node, NODE_READ);
    test_report_open(&copy);
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        clock_set_ms(INT64_C(1900000000000));
        struct str mine = make(&t, 2019, (enum lang)lang, false, &first);
        clock_set_ms(INT64_C(1950000000000));
        check(str_equal(mine, make(&copy, 2019, (enum lang)lang, false, &second)));
    }
    clock_set_ms(0);
    buf_free(&first);
    buf_free(&second);
    test_report_end(&copy);
    test_report_end(&t);
    check(remove(file) == 0);
}

static void a_withdrawn_record_is_named(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct buf page = buf_new((size_t)8 << 20), text = buf_new((size_t)8 << 20);
    struct writer_result a;
    check(!says(text_of(make(&t, 2019, LANG_EN, true, &page), &text), "Withdrawn since"));
    test_report_give(&t);
    check(test_put(&t.node, "agreement", RECORD_PUBLIC,
                   "{'agreement_kind':'memorandum','countries':['KR','VN'],'signed':'2019-05',"
                   "'title':{'en':'Memorandum'},'withdrawn':'error'}",
                   &a) == CAU_OK);
    test_report_take(&t);
    struct str en = text_of(make(&t, 2019, LANG_EN, true, &page), &text);
    check(says(en, "Withdrawn since, and no longer counted: 1[") &&
          says(en, "Memorandum. No source"));
    buf_free(&page);
    buf_free(&text);
    test_report_end(&t);
}

static void without_memory_there_is_no_half_report(void **state)
{
    (void)state;
    struct test_report t = test_report_make();
    struct report_ask ask = {2019, desk_country_of(STR("VN")), &t.actor, READER_ALL};
    struct report_paper_from from = {t.view, t.desk, node_kinds(t.node.n), READER_ALL, LANG_EN};
    struct report r;
    check(report_make(t.view, &t.node.a, t.desk, from.kinds, &ask, &r) == CAU_OK);
    for (size_t cap = 1000; cap < 100000; cap += 9973) {
        struct paper p;
        struct arena small = arena_new(cap);
        check(report_paper(&small, &r, &from, &p) == CAU_ERR_MEMORY);
        arena_free(&small);
    }
    test_report_end(&t);
}

static size_t count(struct str text, const char *words)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += str_starts(str_from(text, i), str_of(words));
    return n;
}

/* One mechanism, partner or undated record over what the tables hold: the paper says how many are left off. */
static void tables_say_what_they_leave_off(void **state)
{
    (void)state;
    struct test_report t = {.node = test_make()};
    struct buf page = buf_new((size_t)16 << 20), text = buf_new((size_t)16 << 20);
    const struct kind_list *list = kinds_find_list(node_kinds(t.node.n), STR("country"));
    struct writer_result r;
    size_t used = 0, partners = 0;
    test_put_each(&t.node, "mechanism", RECORD_PUBLIC,
                  "{'countries':['VN'],'external_id':'m-#',"
                  "'mechanism_kind':'joint_committee','title':{'en':'Committee #'}}",
                  REPORT_PAPER_ROWS_MAX + 1);
    test_put_each(&t.node, "session", RECORD_PUBLIC,
                  "{'countries':['VN'],'external_id':'s-#','held_on':'2024-05-01',"
                  "'mechanism':'m-#','status':'held','title':{'en':'S'}}",
                  REPORT_PAPER_ROWS_MAX);
    test_report_open(&t);
    for (size_t more = 0; more < 2; more++) {
        test_report_give(&t);
        for (; partners < REPORT_PAPER_ROWS_MAX + more && used < list->n; used++) {
            char json[200];
            if (str_is(list->code[used].code, "VN"))
                continue;
            snprintf(json, sizeof json,
                     "{'countries':['VN','%.*s'],'signed':'2024-05-01','title':{'en':'A'}}",
                     STR_ARG(list->code[used].code));
            check(test_put(&t.node, "agreement", RECORD_PUBLIC, json, &r) == CAU_OK);
            partners++;
        }
        if (more == 1)
            check(test_put(&t.node, "session", RECORD_PUBLIC,
                           "{'countries':['VN'],'held_on':'2024-05-01','mechanism':'m-100',"
                           "'status':'held','title':{'en':'S'}}",
                           &r) == CAU_OK);
        test_report_take(&t);
        struct str en = text_of(make(&t, 2024, LANG_EN, true, &page), &text);
        check(partners == REPORT_PAPER_ROWS_MAX + more);
        check(count(en, "And 1 more.") == 2 * more);
    }
    buf_free(&page);
    buf_free(&text);
    test_report_end(&t);
}

static void undated_records_have_a_limit(void **state)
{
    (void)state;
    struct test_report t = {.node = test_make()};
    struct buf page = buf_new((size_t)16 << 20), text = buf_new((size_t)16 << 20);
    for (unsigned more = 0; more < 2; more++) {
        test_put_each(&t.node, "agreement", RECORD_PUBLIC,
                      "{'countries':['VN','RU'],'sources':[{'date':'2024-05-01','title':'S'}],"
                      "'title':{'en':'A'}}",
                      more ? 1 : REPORT_UNDATED_MAX);
        if (more == 0)
            test_report_open(&t);
        else
            test_report_give(&t), test_report_take(&t);
        struct str en = text_of(make(&t, 2024, LANG_EN, true, &page), &text);
        check(says(en, "Records without a date that were not examined: 1.") == (more == 1));
    }
    buf_free(&page);
    buf_free(&text);
    test_report_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_was_published_of_2019),
        cmocka_unit_test(a_figure_of_one_side_is_not_stated_by_the_other),
        cmocka_unit_test(a_year_that_is_not_over_says_so),
        cmocka_unit_test(a_note_behind_every_number_leads_to_records),
        cmocka_unit_test(the_same_log_gives_the_same_bytes),
        cmocka_unit_test(a_withdrawn_record_is_named),
        cmocka_unit_test(without_memory_there_is_no_half_report),
        cmocka_unit_test(tables_say_what_they_leave_off),
        cmocka_unit_test(undated_records_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
