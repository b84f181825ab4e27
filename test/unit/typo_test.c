#include "index/typo_int.h"

#include "base/utf8.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS = 600, LETTERS = 12 };

static uint64_t seed = 88172645463325252u;
static char word[WORDS][LETTERS * 3 + 1];
static struct arena room;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

static void make_word(char *out)
{
    static const char *const letter[] = {"a", "b", "đ", "ж", "e"};
    size_t n = 3 + roll(LETTERS - 3), len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(out + len, LETTERS * 3 + 1 - len, "%s",
                                letter[roll(countof(letter))]);
}

static unsigned least(unsigned x, unsigned y)
{
    return x < y ? x : y;
}

/* Insertions, deletions, changes, and neighbours in the wrong order, by the book. */
static unsigned distance(const char *x, const char *y)
{
    uint32_t a[LETTERS + 1], b[LETTERS + 1];
    unsigned d[LETTERS + 2][LETTERS + 2];
    size_t n = 0, m = 0;
    for (struct str s = str_of(x); s.len > 0;)
        a[n++] = utf8_next(&s);
    for (struct str s = str_of(y); s.len > 0;)
        b[m++] = utf8_next(&s);
    for (unsigned i = 0; i <= n; i++)
        for (unsigned j = 0; j <= m; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u);
            d[i][j] = least(d[i][j], least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    return d[n][m];
}

struct seen {
    bool found[WORDS];
    const char *asked;
    unsigned limit;
    char before[64];
};

static void take(const struct index *ix, struct seen *s, const struct typo *typo)
{
    struct dictionary_term t;
    char text[64];
    check(typo->key.len < sizeof text && typo->key.p[0] == TERM_FORM);
    snprintf(text, sizeof text, "%.*s", (int)typo->key.len - 1, typo->key.p + 1);
    check(strcmp(s->before, text) < 0); /* ascending */
    memcpy(s->before, text, sizeof text);
    check(typo->distance == distance(s->asked, text) && typo->distance > 0 &&
          typo->distance <= s->limit);
    check(dictionary_find(ix, typo->key, &t));
    check(t.in[INDEX_FRESH].list.count + t.in[INDEX_SEGMENT].list.count > 0);
    for (size_t i = 0; i < WORDS; i++)
        s->found[i] = s->found[i] || strcmp(word[i], text) == 0;
}

static void check_word(const struct index *ix, const char *asked, unsigned edits)
{
    struct seen s = {.asked = asked, .limit = edits};
    struct str first = str_of(asked);
    utf8_next(&first);
    size_t head = strlen(asked) - first.len;
    struct typo *typo;
    size_t n;
    arena_reset(&room);
    check(typo_find(ix, &room, TERM_FORM, str_of(asked), edits, &typo, &n) == CAU_OK);
    for (size_t i = 0; i < n; i++)
        take(ix, &s, &typo[i]);
    for (size_t i = 0; i < WORDS; i++) {
        unsigned d = distance(asked, word[i]);
        bool near = d > 0 && d <= edits && (edits == 1 || strncmp(word[i], asked, head) == 0);
        check(s.found[i] == near);
    }
}

static void finds_what_a_plain_search_finds(void **state)
{
    (void)state;
    char dir[] = "/tmp/cau-index-XXXXXX", path[64], asked[LETTERS * 3 + 1];
    struct index *ix;
    bool rebuilt;
    room = arena_new((size_t)16 << 20);
    check(mkdtemp(dir) != NULL && index_open(dir, &ix, &rebuilt) == CAU_OK);
    for (uint32_t i = 0; i < WORDS; i++) {
        make_word(word[i]);
        struct index_text t = {STR("und"), 1, str_of(word[i])};
        struct index_doc d = {.doc = i, .text = &t, .text_count = 1};
        check(index_put(ix, &d) == CAU_OK);
        if (i == WORDS / 2)
            check(index_save(ix, 1) == CAU_OK);
    }
    /* words of two scripts are kept as they are unless all letters have twins: take the forms themselves */
    for (uint32_t i = 0; i < WORDS; i++) {
        struct token_walk walk;
        struct token t;
        token_start(&walk, str_of(word[i]));
        check(token_next(&walk, &t));
        snprintf(word[i], sizeof word[i], "%.*s", STR_ARG(t.form));
    }
    for (int i = 0; i < 300; i++) {
        make_word(asked);
        check_word(ix, i % 2 ? asked : word[roll(WORDS)], 1 + roll(2));
    }
    index_close(ix);
    arena_free(&room);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    check(unlink(path) == 0 && rmdir(dir) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_a_plain_search_finds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
