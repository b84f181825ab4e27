#include "web/part/reasons.h"

#include "exchange/lexicon/lexicon_make.h"
#include "test.h"
#include "web_help.h"

static bool tells(const char *query_word, const char *text_word)
{
    return reasons_tell(&(struct index_reason){.query_word = str_of(query_word),
                                               .text_word = str_of(text_word)});
}

static void little_words_tell_nothing(void **state)
{
    (void)state;
    check(tells("móng nổi", "плавучие") && tells("АЭС", "ЯЭ") && tells("TB", "tuabin"));
    check(!tells("đầu tư", "C") && !tells("я", "tôi"));
    check(!tells("cho", "для") && !tells("Được", "The") && !tells("dùng", "for"));
    check(!tells("20", "30") && !tells("Ещё", "thêm") && !tells("еще", "thêm"));
    check(reasons_little(STR("ДЛЯ")) && reasons_little(STR("two")) && reasons_little(STR("a")));
    check(!reasons_little(STR("")) && !reasons_little(STR("для насосов")) &&
          !reasons_little(STR("twos")) && !reasons_little(STR("tw")));
}

static struct str sources(struct ask *q, const char *names)
{
    return reasons_sources(q, &(struct index_reason){.sources = str_of(names)});
}

static void sources_in_the_readers_language(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_RU);
    check(sources(q, "").len == 0);
    check(str_is(sources(q, "own.tsv"), "own.tsv"));
    check(str_is(sources(q, "Cầu glossary, <b>, LibreOffice help"),
                 "глоссарий Cầu, <b>, справка LibreOffice"));
    test_answered(&web);
}

/* A pair from the node's terms leads to the record; one that only the glossary gave, or that nobody accepted, does not. */
static void terms_lead_to_their_record(void **state)
{
    (void)state;
    struct writer_result put;
    check(test_put(&web.node, "term", RECORD_PUBLIC,
                   "{'external_id':'term-own','name':{'ru':['громобык'],'vi':['sấm phượng']},"
                   "'status':'reviewed'}",
                   &put) == CAU_OK);
    check(
        test_put(&web.node, "term", RECORD_PRIVATE,
                 "{'external_id':'term-waits','name':{'ru':['звездокот'],'vi':['quá khoang']},"
                 "'status':'proposed'}",
                 &put) == CAU_OK);
    struct ask *q = test_ask(&web, LANG_VI);
    struct index_reason r = {.query_word = STR("sấm phượng"),
                             .text_word = STR("громобык"),
                             .sources = STR("Cầu glossary, " LEXICON_MAKE_TERMS)};
    struct str address = reasons_term(q, &r);
    check(str_starts(address, STR("/vi/")) && address.len > 10);
    r.query_word = STR("quá khoang");
    r.text_word = STR("звездокот");
    check(reasons_term(q, &r).len == 0);
    r.query_word = STR("sấm phượng");
    r.text_word = STR("громобык");
    r.sources = STR("Cầu glossary");
    check(reasons_term(q, &r).len == 0);
    test_answered(&web);
}

static void words_too_long_for_an_address(void **state)
{
    static char word[REASONS_PROPOSE_BYTES_MAX + 1];
    const struct str none = {NULL, 0};
    (void)state;
    struct ask *q = test_ask(&web, LANG_RU);
    memset(word, 'a', sizeof word);
    struct str most = {word, REASONS_PROPOSE_BYTES_MAX}, over = {word, sizeof word};
    check(str_starts(reasons_propose(q, most, STR("vi"), none),
                     STR("/ru/terms/new?lang=vi&word=aaa")));
    check(reasons_propose(q, over, STR("vi"), none).len == 0);
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(little_words_tell_nothing),
        cmocka_unit_test(sources_in_the_readers_language),
        cmocka_unit_test(words_too_long_for_an_address),
        cmocka_unit_test(terms_lead_to_their_record),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
