/* The best of many: whatever is passed over unweighed, they are the first of all that are found. */
#include "base/utf8.h"
#include "index/index.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCS = 12000, WORDS_MAX = 40, ALL = INDEX_HITS_MAX, BEST = 20 };

static const char *const word[] = {
    "center", "centers", "central", "science", "sciences", "physics", "трубы", "труба",
    "центр",  "центра",  "наук",    "điện",    "dien",     "gió",     "gio",   "biển",
    "nghiệm", "thí",     "of",      "energy",  "wind",     "winds",   "laser", "lasers",
    "marine", "10MW",    "harbour", "nuclear", "nuclei",   "quantum"};
static const char *const lang[] = {"en", "vi", "ru", "de"};

static uint64_t seed = 88172645463325252u;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

static struct str make_text(char *out, size_t cap)
{
    size_t n = 1 + roll(roll(3) == 0 ? WORDS_MAX : 6), len = 0;
    for (size_t i = 0; i < n; i++) { /* the first words are the most frequent */
        uint32_t most = 1 + roll((uint32_t)countof(word));
        len += (size_t)snprintf(out + len, cap - len, "%s ", word[roll(most)]);
    }
    return (struct str){out, len};
}

static void put(struct index *ix, uint32_t doc)
{
    char text[2][WORDS_MAX * 12];
    struct index_text t[2];
    size_t texts = 1 + roll(2);
    for (size_t i = 0; i < texts; i++)
        t[i] = (struct index_text){str_of(lang[roll(4)]), roll(40) == 0 ? 1 + roll(15) : 5,
                                   make_text(text[i], sizeof text[i])};
    struct index_value value = {INDEX_COUNTRY, roll(50) == 0 ? STR("VN") : STR("RU")};
    struct index_doc d = {.doc = doc,
                          .audience = roll(9) == 0,
                          .updated_ms = roll(1000),
                          .text = t,
                          .text_count = texts,
                          .value = &value,
                          .value_count = 1};
    check(index_put(ix, &d) == CAU_OK);
}

static void ask(const struct index *ix, struct arena *a, struct index_query *q, size_t limit,
                struct index_result *out)
{
    q->limit = limit;
    check(index_search(ix, a, q, out) == CAU_OK);
}

/* True when all that is found could be compared. */
static bool check_best(const struct index *ix, struct index_query *q)
{
    struct arena a = arena_new((size_t)64 << 20);
    struct index_result all, best;
    ask(ix, &a, q, ALL, &all);
    ask(ix, &a, q, BEST, &best);
    check(all.total == best.total);
    for (size_t i = 0; i < all.hit_count && i < BEST; i++) {
        check(i < best.hit_count && best.hit[i].doc == all.hit[i].doc);
        check(best.hit[i].score == all.hit[i].score);
    }
    ask(ix, &a, q, 0, &best);
    check(best.total == all.total && best.hit_count == 0);
    bool whole = all.total <= ALL && all.total > BEST;
    arena_free(&a);
    return whole;
}

static void check_queries(const struct index *ix)
{
    static const struct index_filter filter = {INDEX_COUNTRY, {"VN", 2}};
    size_t whole = 0;
    for (int i = 0; i < 600; i++) {
        char text[200];
        uint32_t words = roll(3);
        size_t len = 0;
        for (uint32_t k = 0; k < words; k++)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
                                    word[roll((uint32_t)countof(word))]);
        struct str last = str_of(word[roll((uint32_t)countof(word))]);
        bool begins = roll(3) == 0;
        last = begins ? utf8_clip(last, 2 + roll(3)) : last;
        len += (size_t)snprintf(text + len, sizeof text - len, "%.*s%s", STR_ARG(last),
                                begins ? "" : " ");
        struct index_query q = {.text = {text, len},
                                .lang = roll(2) == 0 ? STR("en") : (struct str){NULL, 0},
                                .reader = {roll(2) == 0 ? 3 : 1, 0},
                                .filter = &filter,
                                .filter_count = roll(2),
                                .order = roll(8) == 0 ? INDEX_NEWEST : INDEX_BEST};
        whole += check_best(ix, &q);
    }
    check(whole > 100);
}

static void finds_the_best(void **state)
{
    char dir[] = "/tmp/gather_match_XXXXXX", path[64];
    struct index *ix;
    bool rebuilt;
    (void)state;
    check(mkdtemp(dir) != NULL);
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    for (uint32_t i = 0; i < DOCS; i++)
        put(ix, i);
    check_queries(ix);
    check(index_save(ix, 1) == CAU_OK);
    check_queries(ix);
    for (uint32_t i = 0; i < 500; i++) /* and of both parts, some gone */
        put(ix, roll(DOCS));
    for (uint32_t i = 0; i < 500; i++)
        index_remove(ix, roll(DOCS));
    check_queries(ix);
    index_close(ix);
    snprintf(path, sizeof path, "rm -r %s", dir);
    check(system(path) == 0);
}

/* A text that is longer than any of the best so far, but has the commoner word in two forms. */
static void weighs_a_word_that_stands_twice(void **state)
{
    char dir[] = "/tmp/gather_match_XXXXXX", path[64];
    struct index *ix;
    struct index_result r;
    bool rebuilt;
    (void)state;
    check(mkdtemp(dir) != NULL);
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    for (uint32_t i = 0; i < 2 * BEST + DOCS / 2; i++) {
        struct index_text t = {STR("en"), 5,
                               i < 2 * BEST ? STR("laser wind one two three four five six")
                               : i < 2 * BEST + 10 ? STR("laser light")
                                                   : STR("light")};
        if (i == 2 * BEST + DOCS / 3)
            t.text = STR("laser lasers wind one two three four five six seven eight");
        struct index_doc d = {.doc = i, .text = &t, .text_count = 1};
        check(index_put(ix, &d) == CAU_OK);
    }
    check(index_save(ix, 1) == CAU_OK);
    struct arena a = arena_new((size_t)64 << 20);
    struct index_query q = {.text = STR("laser wind "), .lang = STR("en"), .reader = {1, 0}};
    ask(ix, &a, &q, BEST, &r);
    check(r.total == 2 * BEST + 1 && r.hit[0].doc == 2 * BEST + DOCS / 3);
    arena_free(&a);
    index_close(ix);
    snprintf(path, sizeof path, "rm -r %s", dir);
    check(system(path) == 0);
}

/* More groups of digits than units that must all be found: it is answered all the same. */
static void answers_many_units(void **state)
{
    char dir[] = "/tmp/gather_match_XXXXXX", path[64], text[2000];
    struct index *ix;
    bool rebuilt;
    size_t len = 1;
    (void)state;
    check(mkdtemp(dir) != NULL);
    check(index_open(dir, &ix, &rebuilt) == CAU_OK);
    struct index_text t = {STR("en"), 1, STR("1 100 200 energy")};
    struct index_doc d = {.doc = 3, .text = &t, .text_count = 1};
    check(index_put(ix, &d) == CAU_OK);
    text[0] = '1';
    for (unsigned i = 0; i < 200; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, " %u", 100 + i);
    struct arena a = arena_new((size_t)64 << 20);
    for (size_t n = 1; n < len; n += 4) {
        struct index_query q = {.text = {text, n}, .reader = {1, 0}, .limit = BEST};
        struct index_result r;
        arena_reset(&a);
        check(index_search(ix, &a, &q, &r) == CAU_OK);
    }
    arena_free(&a);
    index_close(ix);
    snprintf(path, sizeof path, "rm -r %s", dir);
    check(system(path) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_best),
                                       cmocka_unit_test(weighs_a_word_that_stands_twice),
                                       cmocka_unit_test(answers_many_units)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
