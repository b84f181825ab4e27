#include "index/later_int.h"

#include "base/file.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCS = 700, TEXT_BYTES = 400 };

static uint32_t roll(uint32_t n)
{
    static uint64_t seed = 88172645463325252u;
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

static const char *const word[] = {
    "Viện",  "điện", "gió",        "công",     "nghệ",   "Институт",   "материалы",    "ещё",
    "МС-21", "wind", "Wind",       "1.000",    "12 345", "institutes", "technologies", "e-mail",
    "Hoà",   "của",  "turbines1ж", "turbines", "điện1ж", "ĐT-1",       "ĐT1"};
static const char *const lang[] = {"vi", "ru", "en", "de"};

static char text[DOCS][2][TEXT_BYTES], year[DOCS][8];
static struct index_text texts[DOCS][2];
static struct index_value values[DOCS][3];
static struct index_doc doc[DOCS];

static struct str random_text(char *out)
{
    size_t len = 0, n = roll(12);
    for (size_t i = 0; i < n; i++)
        len +=
            (size_t)(roll(4) == 0 ? snprintf(out + len, TEXT_BYTES - len, "tên%u ", roll(300))
                                  : snprintf(out + len, TEXT_BYTES - len, "%s ",
                                             word[roll(countof(word))]));
    check(len < TEXT_BYTES);
    return (struct str){out, len};
}

/* Some documents come twice: the later one counts. */
static void make_docs(void)
{
    for (size_t i = 0; i < DOCS; i++) {
        for (size_t k = 0; k < 2; k++)
            texts[i][k] = (struct index_text){str_of(lang[roll(countof(lang))]), 1 + roll(5),
                                              random_text(text[i][k])};
        snprintf(year[i], sizeof year[i], "%u", 1990 + roll(30));
        values[i][0] = (struct index_value){INDEX_KIND, roll(2) ? STR("offer") : STR("need")};
        values[i][1] = (struct index_value){INDEX_YEAR, str_of(year[i])};
        values[i][2] = (struct index_value){INDEX_LANGUAGE, texts[i][0].lang};
        doc[i] = (struct index_doc){.doc = roll(10) == 0 ? roll((uint32_t)i + 1) : (uint32_t)i,
                                    .audience = roll(5) == 0 ? 1 : 0,
                                    .owner = roll(3),
                                    .updated_ms = roll(100000),
                                    .text = texts[i],
                                    .text_count = 2,
                                    .value = values[i],
                                    .value_count = 3};
    }
}

struct place {
    char dir[32];
    struct index *ix;
};

static void open_index(struct place *p)
{
    bool rebuilt;
    snprintf(p->dir, sizeof p->dir, "/tmp/cau-bulk-XXXXXX");
    check(mkdtemp(p->dir) != NULL && index_open(p->dir, &p->ix, &rebuilt) == CAU_OK);
}

static void close_index(struct place *p)
{
    char path[64];
    index_close(p->ix);
    snprintf(path, sizeof path, "%s/search.idx", p->dir);
    unlink(path);
    rmdir(p->dir);
}

static struct str saved(struct arena *a, const struct place *p)
{
    char path[64];
    struct str bytes;
    snprintf(path, sizeof path, "%s/search.idx", p->dir);
    check(index_save(p->ix, 7) == CAU_OK && file_read(a, path, 1 << 28, &bytes) == CAU_OK);
    return bytes;
}

static void put_each(struct place *p, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        check(index_put(p->ix, &doc[i]) == CAU_OK);
}

/* The file is the same as of documents that came one by one, for any number of shares, for what comes when there is
 * something already in memory or in the file, and for what comes afterwards. */
static void makes_the_same_file(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 30);
    static const size_t from[] = {0, 1, 200}, all[] = {1, 2, 5, INDEX_SHARES_MAX};
    make_docs();
    for (size_t i = 0; i < countof(from); i++)
        for (size_t k = 0; k < countof(all); k++)
            for (int save = 0; save < 2; save++) {
                struct place x, y;
                open_index(&x);
                open_index(&y);
                put_each(&x, 0, from[i]);
                put_each(&y, 0, from[i]);
                if (save)
                    check(str_equal(saved(&a, &x), saved(&a, &y)));
                size_t end = DOCS - 30;
                put_each(&x, from[i], end);
                check(index_put_shares(y.ix, doc + from[i], end - from[i], all[k]) == CAU_OK);
                check(index_count(x.ix) == index_count(y.ix));
                index_remove(x.ix, 5);
                index_remove(y.ix, 5);
                put_each(&x, end, DOCS);
                put_each(&y, end, DOCS);
                check(str_equal(saved(&a, &x), saved(&a, &y)));
                close_index(&x);
                close_index(&y);
                arena_reset(&a);
            }
    arena_free(&a);
}

static void check_answer(struct arena *a, const struct place *x, const struct place *y,
                         const char *query)
{
    struct index_query q = {
        .text = str_of(query), .reader = {1, 2}, .limit = 20, .facets = true};
    struct index_result r, s;
    check(index_search(x->ix, a, &q, &r) == CAU_OK && index_search(y->ix, a, &q, &s) == CAU_OK);
    check(r.total == s.total && r.hit_count == s.hit_count);
    for (size_t i = 0; i < r.hit_count; i++)
        check(r.hit[i].doc == s.hit[i].doc && r.hit[i].score == s.hit[i].score);
    for (size_t c = 0; c < INDEX_COLUMNS; c++) {
        check(r.facet_count[c] == s.facet_count[c]);
        for (size_t i = 0; i < r.facet_count[c]; i++)
            check(r.facet[c][i].n == s.facet[c][i].n &&
                  str_equal(r.facet[c][i].value, s.facet[c][i].value));
    }
}

static void answers_before_it_is_saved(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 30);
    struct place x, y;
    make_docs();
    open_index(&x);
    open_index(&y);
    put_each(&x, 0, DOCS);
    check(index_put_shares(y.ix, doc, DOCS, 3) == CAU_OK);
    static const char *const query[] = {"wind",    "vien dien ",   "институт ", "tên1",
                                        "e-mail ", "tecnologies ", ""};
    for (size_t i = 0; i < countof(query); i++)
        check_answer(&a, &x, &y, query[i]);
    close_index(&x);
    close_index(&y);
    arena_free(&a);
}

/* Gives y the documents from `from` on in batches of so many, and x the same one by one. */
static void put_batches(struct place *x, struct place *y, size_t from, size_t end, size_t batch,
                        size_t shares)
{
    put_each(x, from, end);
    for (; from < end; from += batch) {
        size_t n = end - from < batch ? end - from : batch;
        check(index_put_shares(y->ix, doc + from, n, shares) == CAU_OK);
    }
    check(index_count(x->ix) == index_count(y->ix));
}

/* New documents stay parts of their own until somebody comes: a save, a search, another write. */
static void new_documents_wait(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 30);
    static const size_t batch[] = {DOCS, 300, 40};
    make_docs();
    for (uint32_t i = 0; i < DOCS; i++)
        doc[i].doc = i + (i > 400 ? 10 : 0);
    for (size_t i = 0; i < countof(batch); i++)
        for (size_t shares = 1; shares <= 7; shares += 3) {
            struct place x, y;
            size_t half = DOCS / 2;
            open_index(&x);
            open_index(&y);
            put_batches(&x, &y, 0, half, batch[i], shares);
            check(str_equal(saved(&a, &x), saved(&a, &y)));
            check(y.ix->later->n == 0);
            put_batches(&x, &y, half, DOCS - 20, batch[i], shares); /* beside a file */
            if (i == 1) {
                check_answer(&a, &x, &y, "vien dien ");
                check(y.ix->later->n == 0);
            }
            put_batches(&x, &y, DOCS - 20, DOCS - 10, batch[i], shares);
            check(i == 1 || y.ix->later->n > 0);
            index_remove(x.ix, doc[half + 1].doc);
            index_remove(y.ix, doc[half + 1].doc);
            check(y.ix->later->n == 0);
            put_batches(&x, &y, half, half + 20, batch[i], shares); /* not new */
            check(y.ix->later->n == 0);
            put_batches(&x, &y, DOCS - 10, DOCS, batch[i], shares);
            check(str_equal(saved(&a, &x), saved(&a, &y)));
            check_answer(&a, &x, &y, "wind");
            close_index(&x);
            close_index(&y);
            arena_reset(&a);
        }
    arena_free(&a);
}

/* A word that is read as other letters in another part: the save makes the parts one first. */
static void odd_words_wait_too(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 30);
    for (int search = 0; search < 2; search++) {
        struct place x, y;
        make_docs();
        for (uint32_t i = 0; i < DOCS; i++)
            doc[i].doc = i;
        for (size_t i = 0; i < 4; i++) {
            texts[i][0].text = i < 2 ? STR("xo") : STR("xо"); /* the second with a Cyrillic o */
            texts[i][1].text = i < 2 ? STR("\xd1\x85o") : STR("хо");
        }
        open_index(&x);
        open_index(&y);
        put_batches(&x, &y, 0, 4, 4, 4);
        put_batches(&x, &y, 4, 40, 36, 2);
        check(y.ix->later->n > 0);
        if (search)
            check_answer(&a, &x, &y, "xo");
        check(str_equal(saved(&a, &x), saved(&a, &y)));
        check_answer(&a, &x, &y, "xo");
        close_index(&x);
        close_index(&y);
        arena_reset(&a);
    }
    arena_free(&a);
}

struct reading {
    struct index *ix;
    _Atomic bool *stop;
    unsigned found;
};

static void *read_on(void *arg)
{
    struct reading *r = arg;
    struct arena a = arena_new(64 << 20);
    do {
        struct index_query q = {.text = STR(""), .reader = {3, 0}, .limit = 5};
        struct index_result out;
        arena_reset(&a);
        check(index_search(r->ix, &a, &q, &out) == CAU_OK && out.total >= r->found);
        r->found = (unsigned)out.total;
    } while (!*r->stop);
    arena_free(&a);
    return NULL;
}

/* A search sees all that was put before it began, also while parts are being saved. */
static void searches_while_parts_come(void **state)
{
    (void)state;
    struct place y;
    _Atomic bool stop = false;
    struct sync_thread thread;
    make_docs();
    for (uint32_t i = 0; i < DOCS; i++)
        doc[i].doc = i;
    open_index(&y);
    struct reading r = {.ix = y.ix, .stop = &stop};
    check(sync_start(&thread, read_on, &r) == CAU_OK);
    for (size_t i = 0; i < DOCS; i += 20) {
        check(index_put_shares(y.ix, doc + i, 20, 3) == CAU_OK);
        if (i % 60 == 0)
            check(index_save(y.ix, i) == CAU_OK);
    }
    stop = true;
    sync_join(&thread);
    stop = true;
    read_on(&r);
    check(r.found == DOCS && index_count(y.ix) == DOCS);
    close_index(&y);
}

static void refuses_all_or_none(void **state)
{
    (void)state;
    struct place x;
    make_docs();
    open_index(&x);
    doc[DOCS - 1].doc = INDEX_DOC_MAX; /* one step over */
    check(index_put_shares(x.ix, doc, DOCS, 4) == CAU_ERR_RANGE && index_count(x.ix) == 0);
    check(index_put_all(x.ix, doc, DOCS) == CAU_ERR_RANGE && index_count(x.ix) == 0);
    check(index_put_all(x.ix, doc, 0) == CAU_OK && index_count(x.ix) == 0);
    texts[300][1].text = STR("\xff");
    check(index_put_shares(x.ix, doc, DOCS - 1, 4) == CAU_ERR_SYNTAX && index_count(x.ix) == 0);
    check(index_put_all(x.ix, doc, 100) == CAU_OK && index_count(x.ix) > 0);
    close_index(&x);
}

/* A word cut out of an odd one is the word it is elsewhere: by its stem and without marks, whichever came first. */
static void an_odd_word_hides_no_other(void **state)
{
    (void)state;
    static struct index_text odd = {{"en", 2}, 1, {"turbines1ж điện1ж ĐT-1", 28}},
                             plain = {{"en", 2}, 1, {"turbines điện ĐT1", 21}};
    static const char *const query[] = {"turbine ", "turbines ", "dien ", "dt1 "};
    struct index_doc two[] = {{.doc = 1, .text = &odd, .text_count = 1},
                              {.doc = 2, .text = &plain, .text_count = 1}};
    struct arena a = arena_new((size_t)1 << 28);
    for (int way = 0; way < 3; way++) {
        struct place x;
        open_index(&x);
        if (way < 2)
            check(index_put(x.ix, &two[way]) == CAU_OK &&
                  index_put(x.ix, &two[1 - way]) == CAU_OK);
        else
            check(index_put_shares(x.ix, two, 2, 2) == CAU_OK);
        for (size_t i = 0; i < countof(query); i++) {
            struct index_query q = {
                .text = str_of(query[i]), .lang = STR("en"), .reader = {1, 0}, .limit = 5};
            struct index_result r;
            check(index_search(x.ix, &a, &q, &r) == CAU_OK && r.total == 2);
        }
        check(index_save(x.ix, 1) == CAU_OK);
        close_index(&x);
    }
    arena_free(&a);
}

/* One value more than a column's numbers reach: those before it are put, one by one. */
static void puts_as_many_values_as_there_are(void **state)
{
    (void)state;
    enum { VALUES = 65536 + 1 };
    static char name[VALUES][8];
    static struct index_value value[VALUES];
    static struct index_doc all[VALUES];
    struct place x, y;
    for (uint32_t i = 0; i < VALUES; i++) {
        snprintf(name[i], sizeof name[i], "%u", i);
        value[i] = (struct index_value){INDEX_YEAR, str_of(name[i])};
        all[i] = (struct index_doc){.doc = i, .value = &value[i], .value_count = 1};
    }
    open_index(&x);
    open_index(&y);
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < VALUES && err == CAU_OK; i++)
        err = index_put(x.ix, &all[i]);
    check(err == CAU_ERR_RANGE && index_count(x.ix) >= FACET_VALUES_MAX - 1);
    check(index_put_shares(y.ix, all, VALUES, 3) == CAU_ERR_RANGE);
    check(index_count(y.ix) == index_count(x.ix));
    struct arena a = arena_new((size_t)1 << 28);
    check(str_equal(saved(&a, &x), saved(&a, &y)));
    arena_free(&a);
    close_index(&x);
    close_index(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(makes_the_same_file),
                                       cmocka_unit_test(answers_before_it_is_saved),
                                       cmocka_unit_test(new_documents_wait),
                                       cmocka_unit_test(odd_words_wait_too),
                                       cmocka_unit_test(searches_while_parts_come),
                                       cmocka_unit_test(refuses_all_or_none),
                                       cmocka_unit_test(an_odd_word_hides_no_other),
                                       cmocka_unit_test(puts_as_many_values_as_there_are)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
