#include "index/intake_int.h"

#include "index/stored_int.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static uint32_t roll(uint32_t n)
{
    static uint64_t seed = 88172645463325252u;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

/* What words are made of, and what stands between them: whatever may hang together. */
static const char *const piece[] = {
    "viện",       "Viện",        "ĐIỆN",
    "công",       "nghệ",        "институт",
    "Институты",  "ещё",         "Wind",
    "wind",       "offshore",    "Hoà",
    "1",          "12",          "345",
    "2020",       "0",           "000",
    "a",          "МС",          "al2o3",
    "₂",          "\u0421arbon", "中文",
    "so\u00ADft", "a\u0301",     "e",
    "mail",       "\u200B",      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const char *const gap[] = {" ", " ", " ", " ", " ", "  ", ", ", ".",      ",",     "-",
                                  "'", "",  "—", "’", "“", "\t", "\n", "\u00A0", "\u200D"};

static struct str random_text(char *out, size_t cap)
{
    size_t len = 0, words = roll(14);
    for (size_t i = 0; i < words; i++) {
        const char *a = piece[roll(countof(piece))], *b = gap[roll(countof(gap))];
        len += (size_t)snprintf(out + len, cap - len, "%s%s", a, b);
        check(len < cap);
    }
    return (struct str){out, len};
}

static struct stem *stem;
static struct compound_list *compounds;

static void put(struct fresh *f, const struct index_doc *doc)
{
    struct fresh_tools tools = {stem, compounds};
    struct buf stored = buf_new(1 << 20);
    uint32_t slot, length[TOKEN_GROUPS];
    stored_write(&stored, doc);
    check(fresh_put(f, &tools, doc, 0, buf_str(&stored), &slot, length) == CAU_OK);
    buf_free(&stored);
}

static void check_same_bytes(const struct buf *x, const struct buf *y)
{
    check(str_equal(buf_str(x), buf_str(y)));
}

static void check_same(const struct fresh *x, const struct fresh *y)
{
    check(fresh_terms(x) == fresh_terms(y));
    for (uint32_t i = 0; i < fresh_terms(x); i++) {
        struct part_term a, b;
        check(str_equal(fresh_key(x, i), fresh_key(y, i)));
        fresh_term_of(x, i, &a);
        fresh_term_of(y, i, &b);
        check(a.groups == b.groups && memcmp(a.count, b.count, sizeof a.count) == 0 &&
              a.list.count == b.list.count && a.list.last.id == b.list.last.id &&
              a.list.last.weight == b.list.last.weight &&
              a.list.end - a.list.p == b.list.end - b.list.p &&
              (a.list.end == a.list.p ||
               memcmp(a.list.p, b.list.p, (size_t)(a.list.end - a.list.p)) == 0));
    }
    check_same_bytes(&x->token, &y->token);
    check_same_bytes(&x->token_at, &y->token_at);
    check_same_bytes(&x->word, &y->word);
    check_same_bytes(&x->word_at, &y->word_at);
    check_same_bytes(&x->length, &y->length);
}

/* A word known by its bytes becomes what it became when it was read letter by letter. */
static void remembers_nothing_wrong(void **state)
{
    (void)state;
    static const char *const lang[] = {"vi", "ru", "en", "de"};
    char text[2][4000];
    struct fresh f = fresh_new(), slow = fresh_new();
    for (uint32_t i = 0; i < 4000; i++) {
        struct index_text t[2];
        for (size_t k = 0; k < 2; k++)
            t[k] = (struct index_text){str_of(lang[roll(4)]), 1 + roll(5),
                                       random_text(text[k], sizeof text[k])};
        struct index_doc doc = {.doc = i, .text = t, .text_count = 2};
        put(&f, &doc);
        table_free(&slow.seen);
        put(&slow, &doc);
    }
    check(f.seen.n > 100);
    check_same(&f, &slow);
    fresh_free(&f);
    fresh_free(&slow);
}

static void takes_back_what_it_counted(void **state)
{
    (void)state;
    struct fresh f = fresh_new();
    struct fresh_tools tools = {stem, compounds};
    struct buf stored = buf_new(1 << 20);
    char text[4000];
    uint32_t slot, length[TOKEN_GROUPS], again[TOKEN_GROUPS];
    for (uint32_t i = 0; i < 200; i++) {
        struct index_text t = {i % 2 == 0 ? STR("vi") : STR("en"), 3,
                               random_text(text, sizeof text)};
        struct index_doc doc = {.doc = i, .text = &t, .text_count = 1};
        buf_reset(&stored);
        stored_write(&stored, &doc);
        check(fresh_put(&f, &tools, &doc, 0, buf_str(&stored), &slot, length) == CAU_OK);
        fresh_uncount(&f, &tools, buf_str(&stored), again);
        check(memcmp(length, again, sizeof length) == 0);
    }
    for (uint32_t i = 0; i < fresh_terms(&f); i++)
        for (size_t g = 0; g < TOKEN_GROUPS; g++)
            check(fresh_term(&f, i)->public[g] == 0);
    buf_free(&stored);
    fresh_free(&f);
}

static void forgets_when_there_is_much(void **state)
{
    (void)state;
    struct fresh f = fresh_new();
    char text[32];
    for (uint32_t i = 0; i < INTAKE_SEEN_MAX; i++) {
        snprintf(text, sizeof text, "%08u", i);
        check(table_set(&f.seen, str_of(text), UINT32_MAX) == CAU_OK);
    }
    struct index_text t = {STR("en"), 1, STR("wind energy wind")};
    struct index_doc doc = {.doc = 1, .text = &t, .text_count = 1};
    check(f.seen.n == INTAKE_SEEN_MAX);
    put(&f, &doc);
    check(f.seen.n == 2); /* the first word was one too many */
    fresh_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(remembers_nothing_wrong),
                                       cmocka_unit_test(takes_back_what_it_counted),
                                       cmocka_unit_test(forgets_when_there_is_much)};
    check(stem_open(&stem) == CAU_OK && compound_open(&compounds) == CAU_OK &&
          compound_add(compounds, STR("công nghệ\nviện công nghệ\nhoà viện\n")) == CAU_OK);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    compound_close(compounds);
    stem_close(stem);
    return failed;
}
