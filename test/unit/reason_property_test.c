/* Reasons are faithful: taking the words of the first reason out of a record lowers its score by exactly the share shown. The
 * record is private, so the counts of the public collection stay as they are; what goes is replaced by a word nobody knows, so
 * that the text stays as long. */
#define _GNU_SOURCE /* memmem */
#include "index/index.h"

#include "base/base.h"
#include "language/lexicon_build.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 300, WORDS = 12, PRIVATE = 2, DOC = 900 };

static const char *const word[][3] = {
    {"thép", "сталь", "steel"},    {"gió", "буря", "storm"},  {"biển", "море", "sea"},
    {"móng", "фундамент", "pile"}, {"nước", "вода", "water"}, {"bơm", "насос", "pump"},
    {"lúa", "рис", "rice"},        {"đất", "почва", "soil"},  {"than", "уголь", "coal"},
    {"khí", "газ", "gas"},         {"cầu", "мост", "bridge"}, {"tàu", "судно", "ship"}};
static const char *const lang[] = {"vi", "ru", "en"};

static uint32_t seed = 7;

static uint32_t below(uint32_t n)
{
    seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
    return (seed >> 8) % n;
}

static void put(struct index *ix, uint32_t doc, unsigned audience, const char *tag,
                const char *text)
{
    struct index_text t = {str_of(tag), 3, str_of(text)};
    struct index_doc d = {.doc = doc, .audience = audience, .text = &t, .text_count = 1};
    check(index_put(ix, &d) == CAU_OK);
}

/* Some words of one language; no word twice. */
static void write_text(char out[256], unsigned l, unsigned used[WORDS])
{
    out[0] = '\0';
    for (unsigned i = 0; i < WORDS; i++) {
        used[i] = below(3) == 0;
        if (used[i] == 0)
            continue;
        size_t len = strlen(out);
        snprintf(out + len, 256 - len, "%s, ", word[i][l]);
    }
}

static struct index_result ask(struct index *ix, struct arena *a, const char *tag,
                               const char *text)
{
    struct index_query q = {.text = str_of(text),
                            .lang = str_of(tag),
                            .reader = {1u | 1u << PRIVATE, 0},
                            .limit = 200,
                            .any = true,
                            .explain = true};
    struct index_result r;
    check(index_search(ix, a, &q, &r) == CAU_OK);
    return r;
}

static const struct index_hit *hit_of(const struct index_result *r)
{
    for (size_t i = 0; i < r->hit_count; i++)
        if (r->hit[i].doc == DOC)
            return &r->hit[i];
    return NULL;
}

static void without(char out[256], const char *text, struct str gone)
{
    const char *at = memmem(text, strlen(text), gone.p, gone.len);
    check(at != NULL);
    snprintf(out, 256, "%.*sxqzw%s", (int)(at - text), text, at + gone.len);
}

static void shares_are_what_words_bring(void **state)
{
    (void)state;
    char dir[] = "/tmp/cau-reason-XXXXXX", path[64], text[256], query[256], rest[256];
    struct lexicon_build_source own = {.name = STR("glossary"), .licence = STR("own")};
    struct lexicon_build *build;
    struct lexicon *lexicon;
    struct index *ix;
    struct str file;
    unsigned number, used[WORDS], tried = 0;
    bool rebuilt;
    check(lexicon_build_open(NULL, &build) == CAU_OK);
    check(lexicon_build_source(build, &own, &number) == CAU_OK);
    for (unsigned i = 0; i < WORDS; i++)
        for (unsigned l = 0; l < 3; l++)
            check(lexicon_build_approved(build, 0, (enum token_group)l, str_of(word[i][l]),
                                         (enum token_group)((l + 1) % 3),
                                         str_of(word[i][(l + 1) % 3])) == CAU_OK);
    check(lexicon_build_finish(build, NULL, &file) == CAU_OK &&
          lexicon_open(file, &lexicon) == CAU_OK);
    check(mkdtemp(dir) != NULL && index_open(dir, &ix, &rebuilt) == CAU_OK);
    index_set_lexicon(ix, lexicon);
    struct arena a = arena_new((size_t)64 << 20);
    for (uint32_t doc = 1; doc < 120; doc++) {
        unsigned l = below(3);
        write_text(text, l, used);
        put(ix, doc, 0, lang[l], text);
    }
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned l = below(3), m = below(3);
        arena_reset(&a);
        write_text(text, l, used);
        put(ix, DOC, PRIVATE, lang[l], text);
        write_text(query, m, used);
        struct index_result r = ask(ix, &a, lang[m], query);
        const struct index_hit *before = hit_of(&r);
        if (before == NULL || before->reason_count < 2)
            continue;
        without(rest, text, before->reason[0].text_word);
        put(ix, DOC, PRIVATE, lang[l], rest);
        struct index_result s = ask(ix, &a, lang[m], query);
        const struct index_hit *after = hit_of(&s);
        check(after != NULL);
        int64_t lost = before->score - after->score;
        check(lost * 1000 / before->score == (int64_t)before->reason[0].share_permille);
        tried++;
    }
    check(tried > 50);
    index_close(ix);
    lexicon_close(lexicon);
    lexicon_build_close(build);
    arena_free(&a);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    rmdir(dir);
}

static int64_t score_of(struct index *ix, struct arena *a, const char *text, uint32_t *shares)
{
    struct index_result r = ask(ix, a, "vi", text);
    const struct index_hit *hit = hit_of(&r);
    check(hit != NULL);
    *shares = 0;
    for (size_t i = 0; i < hit->reason_count; i++)
        *shares += hit->reason[i].share_permille;
    return hit->score;
}

/* One word of the record stands for both words of the query: it brings less than it brings them asked one by one, the word it
 * stands for less surely loses more, and the shares are still the whole. */
static void one_word_answers_once(void **state)
{
    (void)state;
    char dir[] = "/tmp/cau-reason-XXXXXX", path[64];
    struct lexicon_build_source learnt = {.name = STR("messages"), .licence = STR("own")};
    struct lexicon_build *build;
    struct lexicon *lexicon;
    struct index *ix;
    struct str file;
    unsigned number;
    bool rebuilt;
    check(lexicon_build_open(NULL, &build) == CAU_OK);
    check(lexicon_build_source(build, &learnt, &number) == CAU_OK);
    for (unsigned i = 0; i < 8; i++) {
        check(lexicon_build_pair(build, number, TOKEN_VI, STR("lọc"), TOKEN_RU, STR("очистка"),
                                 1) == CAU_OK);
        check(lexicon_build_pair(build, number, TOKEN_VI, STR("thải"), TOKEN_RU,
                                 i < 2 ? STR("очистка") : STR("стоки"), 1) == CAU_OK);
    }
    check(lexicon_build_finish(build, NULL, &file) == CAU_OK &&
          lexicon_open(file, &lexicon) == CAU_OK);
    check(mkdtemp(dir) != NULL && index_open(dir, &ix, &rebuilt) == CAU_OK);
    index_set_lexicon(ix, lexicon);
    struct arena a = arena_new((size_t)16 << 20);
    put(ix, 1, 0, "ru", "очистка, стоки, насос, мост, буря");
    put(ix, DOC, PRIVATE, "ru", "очистка зерна");
    uint32_t shares;
    int64_t both = score_of(ix, &a, "lọc thải", &shares);
    check(shares >= 999);
    int64_t sure = score_of(ix, &a, "lọc", &shares), unsure = score_of(ix, &a, "thải", &shares);
    check(both < sure + unsure && both > unsure);
    struct index_result r = ask(ix, &a, "vi", "lọc thải");
    const struct index_hit *hit = hit_of(&r);
    check(hit != NULL && hit->reason_count == 2);
    check(str_equal(hit->reason[0].query_word, STR("lọc")));
    check(hit->reason[1].share_permille < 1000 * unsure / (sure + unsure));
    put(ix, DOC, PRIVATE, "ru", "xqzw зерна"); /* without it nothing is left */
    r = ask(ix, &a, "vi", "lọc thải");
    check(hit_of(&r) == NULL);
    index_close(ix);
    lexicon_close(lexicon);
    lexicon_build_close(build);
    arena_free(&a);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest test[] = {cmocka_unit_test(shares_are_what_words_bring),
                                      cmocka_unit_test(one_word_answers_once)};
    return cmocka_run_group_tests(test, NULL, NULL);
}
