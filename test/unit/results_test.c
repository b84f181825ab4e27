#include "web/search/results.h"

#include "web/search/search.h"

#include "test.h"
#include "web_help.h"

static int start(void **state)
{
    struct writer_result r;
    (void)state;
    test_web_make(&web);
    check(test_put(&web.node, "need", RECORD_PUBLIC,
                   "{'country':'VN','title':{'vi':'Tuabin ngoai khoi xa bo'}}", &r) == CAU_OK);
    check(test_put(&web.node, "offer", RECORD_PUBLIC,
                   "{'country':'RU','title':{'en':'Tuabin ngoai khoi xa bo works'}}",
                   &r) == CAU_OK);
    return 0;
}

/* What a visitor gets for a query. */
static struct str page(const char *query, enum lang lang)
{
    return test_page(results_search, query, lang, READER_PUBLIC);
}

/* The rows of a page: of the need with its Vietnamese title, and of the offer with its English one. */
static void split_rows(struct str p, struct str *of_need, struct str *of_offer)
{
    size_t need = test_find(p, 0, "Tuabin ngoai khoi xa bo</a>"),
           offer = test_find(p, 0, "Tuabin ngoai khoi xa bo works</a>"),
           last = need > offer ? need : offer;
    check(need < p.len && offer < p.len);
    *of_need = str_to(str_from(p, need), need < last ? last - need : p.len - need);
    *of_offer = str_to(str_from(p, offer), offer < last ? last - offer : p.len - offer);
}

/* A record with a title in the language of the query does not speak of a word: no translation is missing. */
static void translations_are_asked_for_where_they_are_missing(void **state)
{
    (void)state;
    struct str of_need, of_offer;
    split_rows(page("q=tuabin+ngoai+khoi+xa+bo+h%E1%BA%A7m+qwzxv", LANG_VI), &of_need,
               &of_offer);
    check(test_says(of_need, "<b lang=\"vi\">hầm qwzxv</b>"));
    check(!test_says(of_need, "/terms/new"));
    check(test_says(of_offer, "<b lang=\"vi\">hầm qwzxv</b>"));
    check(test_says(of_offer, "/vi/terms/new?lang=vi&amp;record=r:"));
}

/* A word alone may look English; the query, or its reader, says what it is. Cyrillic needs no saying. */
static void words_are_of_the_querys_language(void **state)
{
    (void)state;
    struct str p = page("q=tuabin+ngoai+khoi+xa+bo+hang+qwzxv&query_lang=vi", LANG_RU);
    check(test_says(p, "<b lang=\"vi\">hang qwzxv</b>"));
    check(test_says(p, "/ru/terms/new?lang=vi&amp;record=r:"));
    p = page("q=tuabin+ngoai+khoi+xa+bo+%D1%82%D0%BE%D0%BF%D0%BA%D0%B0&query_lang=vi", LANG_EN);
    check(test_says(p, "<b lang=\"ru\">топка</b>"));
    p = page("q=tuabin+ngoai+khoi+xa+bo+submarine&query_lang=ru", LANG_VI);
    check(test_says(p, "<b lang=\"en\">submarine</b>"));
}

static void an_empty_list(struct ask *q)
{
    q->part[1] = STR("interest");
    results_kind(q);
}

/* Nothing was found: a term may lack a translation, but not every query is a term. */
static void what_may_be_a_term_is_proposed(void **state)
{
    static char query[RESULTS_TERM_POINTS_MAX + 20];
    (void)state;
    check(test_says(page("q=qwzxv", LANG_VI), "/vi/terms/new?lang=en&amp;word=qwzxv\""));
    check(test_says(page("q=qwzxv+vwx+xwv+wvx+xvw", LANG_VI), "/vi/terms/new"));
    static const char *const none[] = {
        "q=%21%21%21+%3F%3F%3F",
        "q=%21%21%21+%3F%3F%3F&query_lang=ru",
        "q=7654321",
        "q=%E9%A3%8E%E7%94%B5",
        "q=qwzxv&country=VN",
        "q=qwzxv+vwx+xwv+wvx+xvw+zwx",
        "country=BY",
    };
    for (size_t i = 0; i < countof(none); i++) {
        struct str p = page(none[i], LANG_RU);
        check(test_says(p, "Ничего не найдено") && !test_says(p, "/terms/new"));
    }
    struct str empty = test_page(an_empty_list, "", LANG_RU, READER_PUBLIC);
    check(test_says(empty, "записей пока нет") && !test_says(empty, "Ничего не найдено"));
    for (size_t over = 0; over < 2; over++) {
        size_t n = 2 + RESULTS_TERM_POINTS_MAX + over;
        memset(query, 'q', n);
        query[1] = '=';
        query[50] = query[90] = '+'; /* each word within the longest */
        query[n] = '\0';
        check(test_says(page(query, LANG_EN), "/terms/new") == (over == 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(translations_are_asked_for_where_they_are_missing),
        cmocka_unit_test(words_are_of_the_querys_language),
        cmocka_unit_test(what_may_be_a_term_is_proposed),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
