/* The records that may fit best are found by their words alone: they are those that fit best when all are looked at, the
 * same wherever the index keeps them, and never one that is left out. */
#include "index/like_int.h"

#include "index/gather_int.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCS = 1500, WORDS = 900, BEST = 10, HIDDEN = 11 };

static char dir[64];
static struct arena room;
static struct index *ix;
static uint64_t seed = 88172645463325252u;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

/* Frequent words and rare ones, some of the text's own subject. */
static struct str make_text(char *p, size_t cap)
{
    size_t len = 0, n = 8 + roll(30), subject = roll(60);
    for (size_t i = 0; i < n; i++) {
        size_t w = i % 2 == 0 ? (size_t)roll(WORDS) * roll(WORDS) / WORDS
                              : (subject * 37 + roll(20) * 13) % WORDS;
        len += (size_t)snprintf(p + len, cap - len, "%c%c%cix ", 'a' + (int)(w / 26 / 26 % 26),
                                'a' + (int)(w / 26 % 26), 'a' + (int)(w % 26));
    }
    return (struct str){p, len};
}

static void put(uint32_t doc)
{
    char bytes[512];
    struct index_text t = {STR("en"), 1 + doc % 5, make_text(bytes, sizeof bytes)};
    struct index_value v = {INDEX_KIND, doc % 3 == 0 ? STR("need") : STR("offer")};
    struct index_doc d = {.doc = doc,
                          .audience = doc % HIDDEN == 0 ? 3 : 0,
                          .text = &t,
                          .text_count = 1,
                          .value = &v,
                          .value_count = 1};
    check(index_put(ix, &d) == CAU_OK);
}

static int open_all(void **state)
{
    bool rebuilt;
    (void)state;
    strncpy(dir, "/tmp/cau-find-XXXXXX", sizeof dir - 1);
    room = arena_new((size_t)64 << 20);
    check(mkdtemp(dir) != NULL && index_open(dir, &ix, &rebuilt) == CAU_OK);
    for (uint32_t i = 0; i < DOCS; i++)
        put(i);
    return 0;
}

static int close_all(void **state)
{
    char path[96];
    (void)state;
    index_close(ix);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    arena_free(&room);
    return rmdir(dir);
}

static size_t ask(struct str text, uint32_t except, struct like_hit **hit)
{
    struct index_filter offers = {INDEX_KIND, STR("offer")};
    struct index_text t = {STR("en"), 1, text};
    struct like_query q = {.text = &t,
                           .text_count = 1,
                           .reader = {1, 0},
                           .filter = &offers,
                           .filter_count = 1,
                           .except = except,
                           .limit = BEST};
    size_t n;
    check(index_like(ix, &room, &q, hit, &n) == CAU_OK);
    return n;
}

/* S by looking at every record, as the squares' product: what orders as S does. */
static double likeness(struct like *l, const struct like_side *x, uint32_t doc)
{
    uint32_t place = ((const uint32_t *)(const void *)ix->place.p)[doc];
    int part = (place & PLACE_FRESH) != 0 ? INDEX_FRESH : INDEX_SEGMENT;
    const struct like_side *y;
    int64_t there, back;
    size_t n;
    check(like_doc_sides(l, doc, part, (place & ~PLACE_FRESH) - 1, &y, &n) == CAU_OK);
    if (n == 0)
        return 0;
    check(like_score(l, x, y, LIKE_WITHIN, &there, NULL, NULL) == CAU_OK);
    check(like_score(l, y, x, LIKE_WITHIN, &back, NULL, NULL) == CAU_OK);
    return (double)there * (double)back / (double)y->self[LIKE_WITHIN];
}

/* How many of the hits are among the best of all. */
static size_t among_the_best(struct str text, uint32_t except, const struct like_hit *hit,
                             size_t n)
{
    struct index_text t = {STR("en"), 1, text};
    static double all[DOCS];
    struct like_side side[LIKE_SIDES_MAX];
    struct like *l;
    size_t sides, right = 0;
    check(like_begin(ix, NULL, &l) == CAU_OK);
    check(like_sides(l, &room, &t, 1, side, &sides) == CAU_OK && sides == 1);
    for (uint32_t i = 0; i < DOCS; i++)
        all[i] = i % 3 == 0 || i % HIDDEN == 0 || i == except ? 0 : likeness(l, &side[0], i);
    for (size_t i = 0; i < n; i++) {
        size_t better = 0;
        check(all[hit[i].doc] > 0); /* neither hidden nor of another kind nor excepted */
        for (uint32_t k = 0; k < DOCS; k++)
            better += all[k] > all[hit[i].doc];
        right += better < n;
    }
    like_end(l);
    return right;
}

static void the_best_of_all_are_found(void **state)
{
    (void)state;
    size_t right = 0, all = 0;
    for (int i = 0; i < 60; i++) {
        char bytes[512];
        struct like_hit *hit;
        struct str text = make_text(bytes, sizeof bytes);
        arena_reset(&room);
        size_t n = ask(text, UINT32_MAX, &hit);
        check(n == BEST);
        uint32_t first = hit[0].doc;
        right += among_the_best(text, UINT32_MAX, hit, n);
        all += n;
        n = ask(text, first, &hit);
        for (size_t k = 0; k < n; k++)
            check(hit[k].doc != first);
    }
    check(right * 100 >= all * 97);
}

static void the_same_wherever_they_are_kept(void **state)
{
    (void)state;
    enum { TEXTS = 20 };
    static char bytes[TEXTS][512];
    struct str text[TEXTS];
    struct like_hit *before[TEXTS], *after;
    size_t n[TEXTS];
    arena_reset(&room);
    for (size_t i = 0; i < TEXTS; i++) {
        text[i] = make_text(bytes[i], sizeof bytes[i]);
        n[i] = ask(text[i], UINT32_MAX, &before[i]);
    }
    for (int saved = 0; saved < 2; saved++) {
        check(index_save(ix, 1) == CAU_OK);
        for (size_t i = 0; i < TEXTS; i++) {
            check(ask(text[i], UINT32_MAX, &after) == n[i]);
            for (size_t k = 0; k < n[i]; k++)
                check(after[k].doc == before[i][k].doc && after[k].rank == before[i][k].rank);
        }
        char again[512];
        uint64_t was = seed;
        struct index_text t = {STR("en"), 1, make_text(again, sizeof again)};
        struct index_doc d = {.doc = DOCS, .audience = 3, .text = &t, .text_count = 1};
        seed = was;
        check(index_put(ix, &d) == CAU_OK); /* in memory now, and hidden */
        index_remove(ix, DOCS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_best_of_all_are_found),
                                       cmocka_unit_test(the_same_wherever_they_are_kept)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
