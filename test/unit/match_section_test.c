#include "web/record/match_section.h"

#include "web/record/record_pages.h"

#include "test.h"
#include "web_help.h"

static struct writer_result need, offer;

static int start(void **state)
{
    (void)state;
    test_web_make(&web);
    check(
        test_put(&web.node, "need", RECORD_PUBLIC,
                 "{'country':'VN','fields':['FORD:2.7'],'title':{'vi':'Buồng đốt tầng sôi cho "
                 "trấu, 20 MW'}}",
                 &need) == CAU_OK);
    check(test_put(&web.node, "offer", RECORD_PUBLIC,
                   "{'country':'RU','fields':['FORD:2.7'],'title':{'ru':'Топка для <лузги>'}}",
                   &offer) == CAU_OK);
    return 0;
}

static struct view_record get(struct ask *q, const struct writer_result *x)
{
    struct view_record r;
    check(view_get(q->view, q->arena, q->reader, x->doc, &r) == CAU_OK);
    return r;
}

static bool has(const struct buf *page, const char *words)
{
    return test_find(buf_str(page), 0, words) < page->len;
}

/* Two of a pair of words in two channels, a translation, a number of two digits, a word that says nothing. */
static const struct index_reason reason[] = {
    {.query_word = {"20", 2}, .text_word = {"30", 2}, .share_permille = 10},
    {.query_word = {"trấu", 6},
     .text_word = {"лузги", 10},
     .share_permille = 300,
     .channel = INDEX_TRANSLATION,
     .text_lang = {"ru", 2},
     .sources = {"Mueller English-Russian, own.tsv", 32}},
    {.query_word = {"trấu", 6}, .text_word = {"кипит", 10}, .share_permille = 4},
    {.query_word = {"Của", 5},
     .text_word = {"топки", 10},
     .share_permille = 190,
     .channel = INDEX_TRANSLATION,
     .text_lang = {"ru", 2}},
    {.query_word = {"Buồng đốt", 14},
     .text_word = {"топка", 10},
     .share_permille = 200,
     .channel = INDEX_CONCEPT,
     .text_lang = {"ru", 2}},
    {.query_word = {"Buồng đốt", 14},
     .text_word = {"топка", 10},
     .share_permille = 250,
     .channel = INDEX_RELATED,
     .text_lang = {"ru", 2}},
};

static void says_why_and_what_is_missing(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_VI);
    struct view_record of = get(q, &need);
    /* Also what is too light to be a reason. */
    const struct str met[] = {STR("20"), STR("trấu"), STR("Của"), STR("Buồng đốt"), STR("cho")};
    struct match_hit hit[2] = {
        {.record = get(q, &offer),
         .like = {.lang = STR("ru"),
                  .asked_lang = STR("vi"),
                  .reason = reason,
                  .reason_count = countof(reason),
                  .met = met,
                  .met_count = countof(met)},
         .fit = {{FIT_FIELD, STR("FORD:2.7"), 1000}},
         .fits = 1,
         .band = MATCH_STRONG},
        {.record = get(q, &offer), .like = {.lang = STR("ru")}}, /* no reason, no rank */
    };
    match_section_list(q, q->page, &of, STR("Nguồn cung"), hit, 2);
    check(html_count(q->page, "matches") == 1);
    ask_page(q, "match");
    const struct buf *b = &web.answer.body;
    check(!b->failed && has(b, "lang=\"ru\"") && has(b, "Топка для &lt;лузги&gt;"));
    check(has(b, "<b>Buồng đốt</b> → <b lang=\"ru\" >топка</b>") ||
          has(b, "<b>Buồng đốt</b> → <b lang=\"ru\">топка</b>"));
    size_t first = test_find(buf_str(b), 0, "45%"), second = test_find(buf_str(b), 0, "30%");
    check(first < second && second < b->len); /* both channels of a pair together */
    check(!has(b, "<b>20</b>") && !has(b, "<b>Của</b>") && !has(b, "19%"));
    check(!has(b, "кипит"));
    check(has(b, "Từ điển Anh – Nga Mueller, own.tsv"));
    check(has(b, "tầng sôi</b>") && has(b, "/vi/terms/new?lang=vi&amp;record=r:"));
    check(!has(b, "20 MW</b>"));
    test_answered(&web);
}

static void nothing_without_reasons(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_RU);
    struct view_record of = get(q, &need);
    struct match_hit hit = {.record = get(q, &offer), .like = {.lang = STR("ru")}};
    match_section_list(q, q->page, &of, STR("x"), &hit, 1);
    check(html_count(q->page, "matches") == 0);
    hit.like.reason = reason; /* a number of two digits, and no more */
    hit.like.reason_count = 1;
    match_section_list(q, q->page, &of, STR("x"), &hit, 1);
    check(html_count(q->page, "matches") == 0);
    check(match_section_has(&of));
    of.withdrawn = true;
    check(!match_section_has(&of));
    test_answered(&web);
}

/* A need with titles in two languages, matched by its English text with a Russian offer: what is missing is English. */
static void what_is_missing_is_of_the_language_asked(void **state)
{
    (void)state;
    struct writer_result two;
    const struct str met_in_en[] = {STR("Fluidised"), STR("bed")};
    check(test_put(&web.node, "need", RECORD_PUBLIC,
                   "{'country':'VN','title':{'en':'Fluidised bed combustor','ru':'Камера "
                   "сжигания'}}",
                   &two) == CAU_OK);
    struct ask *q = test_ask(&web, LANG_RU);
    struct view_record of = get(q, &two);
    struct match_hit hit = {.record = get(q, &offer),
                            .like = {.lang = STR("ru"),
                                     .asked_lang = STR("en"),
                                     .reason = &reason[1],
                                     .reason_count = 1,
                                     .met = met_in_en,
                                     .met_count = countof(met_in_en)}};
    match_section_list(q, q->page, &of, STR("x"), &hit, 1);
    ask_page(q, "match");
    const struct buf *b = &web.answer.body;
    check(has(b, "combustor</b>") && has(b, "/ru/terms/new?lang=en&amp;record=r:"));
    check(!has(b, "Камера"));
    test_answered(&web);
    /* Asked with a text in a language that the title is not in: nothing can be said of the title. */
    q = test_ask(&web, LANG_RU);
    hit.like.asked_lang = STR("vi");
    match_section_list(q, q->page, &of, STR("x"), &hit, 1);
    ask_page(q, "match");
    check(!has(b, "combustor</b>") && !has(b, "Камера") && !has(b, "terms/new"));
    test_answered(&web);
}

/* The page itself, in each language, with what the matcher really says. */
static void a_page_of_each_kind(void **state)
{
    (void)state;
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        struct ask *q = test_ask(&web, (enum lang)lang);
        q->part[1] = (struct str){need.id, sizeof need.id};
        match_page(q);
        check(web.answer.status == 200 && !web.answer.body.failed);
        test_answered(&web);
    }
    struct ask *q = test_ask(&web, LANG_EN);
    q->part[1] = STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa");
    match_page(q);
    check(web.answer.status == 404);
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_why_and_what_is_missing),
        cmocka_unit_test(nothing_without_reasons),
        cmocka_unit_test(what_is_missing_is_of_the_language_asked),
        cmocka_unit_test(a_page_of_each_kind),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
