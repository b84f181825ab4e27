/* match_bench.c - the offers that fit each need, with reasons: speed and hits.
 *
 *   match_bench make FOLDER NEEDS OFFERS     writes needs.tsv (number, its own offer, text) and offers.tsv (number, text);
 *                                            the same ones every time
 *   match_bench run FOLDER [NEEDS]           the best 20 of each by index_like with reasons, two threads
 *
 * Texts are 20 to 40 English-looking words of 40,000, frequent and rare as in a language: half of a text is of its
 * subject (one of 500). A need shares five words of its own offer; the offer is found when it is among the best 20. */
#include "base/buf.h"
#include "base/file.h"
#include "base/number.h"
#include "base/sync.h"
#include "index/like.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    VOCABULARY = 40000,
    SUBJECTS = 500,
    SUBJECT_WORDS = 80,
    TEXT_WORDS = 40,
    SHARED = 5,
    BEST = 20,
    THREADS = 2,
    FILE_MAX_BYTES = 1 << 29
};

static uint64_t seed = 88172645463325252u;

static uint32_t roll(uint32_t n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20) % n;
}

/* A word's letters follow from its number alone. */
static void add_word(struct buf *b, uint32_t number)
{
    static const char *const part[] = {"ba",  "ke",  "mi", "lo",  "tu", "ra", "se", "ni",
                                       "do",  "vu",  "pa", "che", "fi", "go", "zu", "sta",
                                       "tre", "pli", "no", "mu",  "la", "de", "ri", "ko"};
    number = number * 7 + 600;
    for (; number > 0; number /= countof(part))
        buf_add_word(b, part[number % countof(part)]);
    buf_add_word(b, "n ");
}

/* Small numbers are frequent: the square of an even chance. */
static uint32_t any_word(void)
{
    uint64_t x = roll(1 << 16);
    return (uint32_t)((x * x >> 16) * VOCABULARY >> 16);
}

struct text {
    uint32_t subject, n, word[TEXT_WORDS];
};

static struct text make_text(void)
{
    struct text t = {.subject = roll(SUBJECTS), .n = 20 + roll(TEXT_WORDS - 20 + 1)};
    for (uint32_t i = 0; i < t.n; i++)
        t.word[i] = i % 2 == 0 ? any_word()
                               : (t.subject * 7919 + roll(SUBJECT_WORDS) * 104729) % VOCABULARY;
    return t;
}

static void stop(const char *what)
{
    fprintf(stderr, "match_bench: %s\n", what);
    exit(1);
}

static const char *in_dir(const char *dir, const char *name)
{
    static char path[4][400];
    static unsigned turn;
    char *p = path[turn++ % countof(path)];
    snprintf(p, sizeof path[0], "%s/%s", dir, name);
    return p;
}

static FILE *create(const char *path)
{
    FILE *f = fopen(path, "w");
    if (f == NULL)
        stop(path);
    return f;
}

static void write_text(FILE *f, struct buf *b, const struct text *t)
{
    buf_reset(b);
    for (uint32_t i = 0; i < t->n; i++)
        add_word(b, t->word[i]);
    fprintf(f, "%.*s\n", STR_ARG(str_trim(buf_str(b))));
}

static int make(const char *dir, uint32_t needs, uint32_t offers)
{
    struct text *offer = calloc(offers, sizeof *offer);
    struct buf b = buf_new(1 << 16);
    if (offers == 0 || needs == 0 || offer == NULL)
        stop("NEEDS and OFFERS are numbers over 0");
    FILE *f = create(in_dir(dir, "offers.tsv"));
    for (uint32_t i = 0; i < offers; i++) {
        offer[i] = make_text();
        fprintf(f, "%u\t", i);
        write_text(f, &b, &offer[i]);
    }
    fclose(f);
    f = create(in_dir(dir, "needs.tsv"));
    for (uint32_t i = 0; i < needs; i++) {
        uint32_t own = roll(offers);
        struct text t = make_text();
        for (uint32_t k = 0; k < SHARED; k++)
            t.word[roll(t.n)] = offer[own].word[roll(offer[own].n)];
        fprintf(f, "%u\t%u\t", i, own);
        write_text(f, &b, &t);
    }
    fclose(f);
    buf_free(&b);
    free(offer);
    return 0;
}

struct need {
    struct str text;
    uint32_t own;
};

struct runner {
    struct sync_thread thread;
    const struct index *ix;
    const struct need *need;
    size_t first, needs, found, reasons, hits;
    double *call_s; /* processor time of each need */
};

static enum cau_err ask(const struct index *ix, struct arena *a, const struct need *need,
                        struct like_hit **hit, size_t *n)
{
    struct index_text text = {STR("en"), 1, need->text};
    struct like_query q = {.text = &text,
                           .text_count = 1,
                           .reader = {1, 0},
                           .except = UINT32_MAX,
                           .limit = BEST,
                           .explain = true};
    return index_like(ix, a, &q, hit, n);
}

/* The glossary is read at the first match of a process. */
static void warm_up(const struct index *ix, const struct need *need)
{
    struct arena a = arena_new((size_t)256 << 20);
    struct like_hit *hit;
    size_t n;
    if (ask(ix, &a, need, &hit, &n) != CAU_OK)
        stop("index_like");
    arena_free(&a);
}

static double clock_s(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *match(void *arg)
{
    struct runner *r = arg;
    struct arena a = arena_new((size_t)256 << 20);
    for (size_t i = r->first; i < r->needs; i += THREADS) {
        struct like_hit *hit;
        size_t n;
        arena_reset(&a);
        double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
        if (ask(r->ix, &a, &r->need[i], &hit, &n) != CAU_OK)
            stop("index_like");
        r->call_s[i] = clock_s(CLOCK_THREAD_CPUTIME_ID) - start;
        for (size_t k = 0; k < n; k++) {
            r->found += hit[k].doc == r->need[i].own;
            r->reasons += hit[k].reason_count;
        }
        r->hits += n;
    }
    arena_free(&a);
    return NULL;
}

static int compare_seconds(const void *x, const void *y)
{
    double d = *(const double *)x - *(const double *)y;
    return (d > 0) - (d < 0);
}

static struct index *build(struct arena *a, const char *dir)
{
    struct str all;
    struct index *ix;
    bool rebuilt;
    file_remove(in_dir(dir, "ours/search.idx"));
    if (file_read(a, in_dir(dir, "offers.tsv"), FILE_MAX_BYTES, &all) != CAU_OK ||
        file_make_folder(in_dir(dir, "ours"), 0700) != CAU_OK ||
        index_open(in_dir(dir, "ours"), &ix, &rebuilt) != CAU_OK)
        stop("offers.tsv: match_bench make");
    for (uint32_t i = 0; all.len > 0; i++) {
        struct str line = str_next(&all, '\n');
        str_next(&line, '\t');
        struct index_text text = {STR("en"), 5, line};
        struct index_value value[] = {{INDEX_KIND, STR("offer")}, {INDEX_LANGUAGE, STR("en")}};
        struct index_doc d = {.doc = i,
                              .updated_ms = i,
                              .text = &text,
                              .text_count = 1,
                              .value = value,
                              .value_count = countof(value)};
        if (index_put(ix, &d) != CAU_OK)
            stop("index_put");
    }
    if (index_save(ix, 1) != CAU_OK)
        stop("index_save");
    return ix;
}

static int run(const char *dir, size_t most)
{
    struct arena a = arena_new((size_t)2 << 30);
    struct str all;
    struct runner r[THREADS];
    size_t needs = 0, found = 0, reasons = 0, hits = 0;
    if (file_read(&a, in_dir(dir, "needs.tsv"), FILE_MAX_BYTES, &all) != CAU_OK)
        stop("needs.tsv: match_bench make");
    struct need *need = arena_take(&a, all.len / 8 * sizeof *need);
    while (need != NULL && all.len > 0 && needs < most) {
        struct str line = str_next(&all, '\n');
        uint64_t own = 0;
        str_next(&line, '\t');
        if (number_read(str_next(&line, '\t'), UINT32_MAX, &own) != CAU_OK)
            stop("bad needs.tsv");
        need[needs++] = (struct need){line, (uint32_t)own};
    }
    double start = clock_s(CLOCK_MONOTONIC);
    struct index *ix = build(&a, dir);
    warm_up(ix, need);
    double built = clock_s(CLOCK_MONOTONIC);
    double *call_s = arena_take(&a, (needs + 1) * sizeof *call_s), all_s = 0;
    if (needs == 0 || call_s == NULL)
        stop("needs.tsv is empty");
    for (size_t i = 0; i < THREADS; i++) {
        r[i] = (struct runner){
            .ix = ix, .need = need, .first = i, .needs = needs, .call_s = call_s};
        if (sync_start(&r[i].thread, match, &r[i]) != CAU_OK)
            stop("thread");
    }
    for (size_t i = 0; i < THREADS; i++) {
        sync_join(&r[i].thread);
        found += r[i].found;
        reasons += r[i].reasons;
        hits += r[i].hits;
    }
    double seconds = clock_s(CLOCK_MONOTONIC) - built;
    printf("ours: %zu needs in %.2f s (offers put in and saved in %.2f s), own offer among 20: "
           "%.3f, %.1f hits a need, "
           "%.1f reasons a hit\n",
           needs, seconds, built - start, (double)found / (double)needs,
           (double)hits / (double)needs, hits == 0 ? 0 : (double)reasons / (double)hits);
    for (size_t i = 0; i < needs; i++)
        all_s += call_s[i];
    qsort(call_s, needs, sizeof *call_s, compare_seconds);
    printf("ours: processor time a need %.3f ms, p50 %.3f, p99 %.3f, slowest %.3f ms\n",
           all_s / (double)needs * 1e3, call_s[needs / 2] * 1e3, call_s[needs * 99 / 100] * 1e3,
           call_s[needs - 1] * 1e3);
    index_close(ix);
    arena_free(&a);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "make") == 0)
        return make(argv[2], (uint32_t)strtoul(argv[3], NULL, 10),
                    (uint32_t)strtoul(argv[4], NULL, 10));
    if (argc >= 3 && strcmp(argv[1], "run") == 0)
        return run(argv[2], argc > 3 ? strtoul(argv[3], NULL, 10) : SIZE_MAX);
    stop("usage: match_bench make FOLDER NEEDS OFFERS | match_bench run FOLDER [NEEDS]");
}
