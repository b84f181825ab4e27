#include "exchange/paper/cite.h"

#include "report_help.h"
#include "test.h"

static struct test_report t;

static int start(void **state)
{
    (void)state;
    t = test_report_make();
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_report_end(&t);
    return 0;
}

static struct cite begin(struct paper *p, enum lang lang)
{
    *p = paper_new(&t.node.a, lang, STR("Paper"));
    return cite_new(p, t.view, node_kinds(t.node.n), READER_PUBLIC);
}

/* All pieces of a text one behind another. */
static struct str plain(const struct paper_text *text)
{
    struct buf b = buf_new(1 << 16);
    struct str out;
    for (const struct paper_piece *x = text->first; x != NULL; x = x->next)
        buf_add(&b, x->text);
    check(arena_copy(&t.node.a, buf_str(&b), &out) == CAU_OK);
    buf_free(&b);
    return out;
}

static void texts_in_the_papers_language(void **state)
{
    (void)state;
    struct paper p;
    struct cite c = begin(&p, LANG_RU);
    check(str_is(cite_number(&c, 51414), "51\u00A0414"));
    check(str_is(cite_date(&c, STR("2020-04-22")), "22 апреля 2020 г."));
    check(str_is(cite_date(&c, STR("soon")), "soon"));
    check(str_is(cite_days(&c, desk_days_of(STR("2019"))), "2019"));
    check(str_is(cite_days(&c, desk_days_of(STR("2014-11"))), "ноябрь 2014 г."));
    check(cite_days(&c, desk_days_of(STR(""))).len == 0);
    check(str_is(cite_value(&c, STR("60"), STR("nearly")), "почти 60"));
    check(str_is(cite_value(&c, STR("60"), STR("exact")), "60"));
    check(str_is(cite_country(&c, STR("KR")), "Республика Корея"));
    check(str_is(cite_country(&c, STR("??")), "??"));
    check(cite_label_at(&c, "force", 99).len == 0);
    check(str_is(cite_list_address(&c, STR("session"), desk_country_of(STR("VN")), 2019),
                 "/ru/session?country=VN&year=2019"));
    check(str_is(cite_list_address(&c, STR("session"), 0, 2019), "/ru/session?year=2019"));
}

static void a_number_in_a_sentence_is_set_off(void **state)
{
    (void)state;
    struct paper p;
    struct cite c = begin(&p, LANG_EN);
    struct paper_text to = {NULL, NULL};
    const struct str slot[] = {STR("7"), STR("2019")};
    struct paper_piece *piece =
        cite_sentence(&c, &to, STR("In {1} there were {0} of them."), slot, 2, 0);
    check(piece->tone == PAPER_STRONG && str_is(piece->text, "7"));
    check(str_is(plain(&to), "In 2019 there were 7 of them."));
    check(cite_sentence(&c, &to, STR("None."), slot, 2, 0) == to.last);
}

static void a_note_names_records_and_sources(void **state)
{
    (void)state;
    struct paper p;
    struct cite c = begin(&p, LANG_EN);
    struct paper_text to = {NULL, NULL};
    uint32_t doc[] = {view_find(t.view, READER_PUBLIC, STR("demo-session-2019-jc-russia")),
                      view_find(t.view, READER_PUBLIC, STR("demo-session-2019-jc-belarus"))};
    struct cite_docs docs = {doc, 2, 40, STR("/en/session")};
    struct paper_piece *piece = paper_add(&p, &to, STR("40"));
    cite_note(&c, piece, &docs, STR("Remark."));
    check(p.notes == 1 && piece->note == 1 && piece->notes == 1 && c.newest_ms > 0);
    /* One source for both: named once. */
    check(
        str_is(plain(&p.note[0]),
               "Remark. Joint committee meeting on science and technology with Russia, 2019; "
               "Joint committee meeting on science and technology with Belarus, 2019. Source: "
               "Vietnam Economic News (VNA), “Vietnam forges ahead with int'l sci-tech "
               "cooperation”, 22 April 2020. And 38 more. List of records"));
    doc[1] = view_find(t.view, READER_PUBLIC, STR("demo-agreement-2014"));
    docs = (struct cite_docs){doc, 2, 2, STR("/en/session")};
    cite_note(&c, paper_add(&p, &to, STR("2")), &docs, STR(""));
    struct str two = plain(&p.note[1]);
    check(str_ends(two, STR("June 2024.")) && !str_ends(two, STR("records")));
    docs.all = docs.n = 0;
    cite_note(&c, paper_add(&p, &to, STR("0")), &docs, STR(""));
    check(str_is(plain(&p.note[2]), "Nothing of this kind is recorded here for the year."));
}

static void what_the_reader_may_not_see_is_not_named(void **state)
{
    (void)state;
    struct writer_result r;
    test_report_give(&t);
    check(test_put(&t.node, "agreement", RECORD_PRIVATE, "{'title':{'en':'Secret'}}", &r) ==
          CAU_OK);
    test_report_take(&t);
    struct paper p;
    struct cite c = begin(&p, LANG_EN);
    struct paper_text to = {NULL, NULL};
    check(cite_get(&c, r.doc) == NULL && cite_title(&c, &to, r.doc) == NULL);
    check(cite_get(&c, 0) == NULL && to.first == NULL);
    cite_foot(&c);
    check(!p.failed && str_starts(plain(&p.foot), STR("Made from the verifiable log")));
}

/* One record over the limit is not read, and not named. */
static void only_so_many_records_are_read(void **state)
{
    (void)state;
    struct paper p;
    struct cite c = begin(&p, LANG_EN);
    uint32_t doc = view_find(t.view, READER_PUBLIC, STR("demo-agreement-2014"));
    for (uint32_t i = 0; i < CITE_RECORDS_MAX; i++)
        check(cite_get(&c, 1000000 + i) == NULL); /* not there */
    check(c.read == CITE_RECORDS_MAX && cite_get(&c, doc) == NULL && !p.failed);
}

/* A record with so many sources, dated by their place; its document. */
static uint32_t put_sourced(unsigned sources)
{
    char json[1000];
    struct writer_result r;
    size_t n = (size_t)snprintf(json, sizeof json, "{'sources':[");
    for (unsigned i = 0; i < sources; i++)
        n += (size_t)snprintf(json + n, sizeof json - n, "%s{'title':'Paper %u'}",
                              i > 0 ? "," : "", i + 1);
    snprintf(json + n, sizeof json - n, "],'title':{'en':'Sourced'}}");
    check(test_put(&t.node, "agreement", RECORD_PUBLIC, json, &r) == CAU_OK);
    return r.doc;
}

static bool says(struct str text, const char *words)
{
    size_t n = strlen(words);
    for (size_t i = 0; i + n <= text.len; i++)
        if (memcmp(text.p + i, words, n) == 0)
            return true;
    return false;
}

static void a_note_names_only_so_many(void **state)
{
    (void)state;
    uint32_t doc[CITE_NAMED_MAX + 1];
    test_report_give(&t);
    uint32_t few = put_sourced(CITE_SOURCES_MAX), many = put_sourced(CITE_SOURCES_MAX + 1);
    for (size_t i = 0; i < countof(doc); i++)
        doc[i] = put_sourced(1);
    test_report_take(&t);
    struct paper p;
    struct cite c = begin(&p, LANG_EN);
    struct paper_text to = {NULL, NULL};
    cite_note_record(&c, paper_add(&p, &to, STR("1")), few, STR(""));
    check(says(plain(&p.note[0]), "Paper 3") && !says(plain(&p.note[0]), "more"));
    cite_note_record(&c, paper_add(&p, &to, STR("1")), many, STR(""));
    check(says(plain(&p.note[1]), "Paper 3") && !says(plain(&p.note[1]), "Paper 4"));
    check(says(plain(&p.note[1]), "1 more")); /* said, not dropped */
    for (size_t n = CITE_NAMED_MAX; n <= countof(doc); n++) {
        struct cite_docs docs = {doc, n, n, STR("/en/agreement")};
        cite_note(&c, paper_add(&p, &to, STR("n")), &docs, STR(""));
        struct str note = plain(&p.note[p.notes - 1]);
        check(says(note, "1 more") == (n > CITE_NAMED_MAX));
        check(says(note, "List of records") == (n > CITE_NAMED_MAX));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_in_the_papers_language),
        cmocka_unit_test(a_number_in_a_sentence_is_set_off),
        cmocka_unit_test(a_note_names_records_and_sources),
        cmocka_unit_test(what_the_reader_may_not_see_is_not_named),
        cmocka_unit_test(only_so_many_records_are_read),
        cmocka_unit_test(a_note_names_only_so_many),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
