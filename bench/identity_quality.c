/* identity_quality.c - how well names meet across scripts: identity_quality PAIRS.tsv [odd|even|all] [nocountry] [misses].
 *
 * The file has ror, lang, en, local, country (../shared/data/ror). English names are one list of records, local ones
 * another; a pair of one ror is right, any other wrong. Parameters are chosen on odd rows and reported on even ones. */
#include "base/file.h"
#include "match/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 10000, FILE_MAX = 1 << 26 };

struct row {
    struct str ror, lang, en, local, country;
};
static struct row row[ROWS_MAX];
static size_t rows;

static void read_rows(struct arena *a, const char *path, const char *half)
{
    struct str all;
    size_t number = 0;
    if (file_read(a, path, FILE_MAX, &all) != CAU_OK)
        exit(2);
    for (str_next(&all, '\n'); all.len > 0 && rows < ROWS_MAX;) {
        struct str line = str_next(&all, '\n');
        struct row r = {str_next(&line, '\t'), str_next(&line, '\t'), str_next(&line, '\t'),
                        str_next(&line, '\t'), line};
        bool odd = ++number % 2 == 1;
        if (r.ror.len > 0 && (strcmp(half, "all") == 0 || odd == (strcmp(half, "odd") == 0)))
            row[rows++] = r;
    }
}

static void add(struct identity *s, uint32_t doc, struct str name, struct str country)
{
    struct identity_facts f = {.doc = doc, .name = {name}, .names = 1, .country = country};
    if (identity_add(s, &f) != CAU_OK)
        exit(1);
}

static const struct row *row_of(uint32_t doc)
{
    return &row[(doc - 1) % rows];
}

/* A local name is right when any of the rows with its ror has been found with it. */
static void judge(const struct identity_pair *pair, size_t n, int32_t least, bool sure,
                  bool print)
{
    static bool found[ROWS_MAX];
    size_t right = 0, wrong = 0, recalled = 0;
    memset(found, 0, sizeof found);
    for (size_t i = 0; i < n; i++) {
        const struct row *x = row_of(pair[i].x), *y = row_of(pair[i].y);
        bool across = pair[i].x <= rows && pair[i].y > rows, same = str_equal(x->ror, y->ror);
        if (pair[i].score.score < least || (sure && pair[i].score.band != IDENTITY_SAME) ||
            (!across && same))
            continue;
        right += same;
        wrong += !same;
        if (same)
            found[(pair[i].y - 1) % rows] = true;
        else if (print)
            printf("  wrong %d share %u: %.*s = %.*s\n", pair[i].score.score,
                   pair[i].score.share_permille, STR_ARG(pair[i].x <= rows ? x->en : x->local),
                   STR_ARG(pair[i].y <= rows ? y->en : y->local));
    }
    for (size_t i = 0; i < rows; i++) {
        recalled += found[i];
        if (print && !found[i])
            printf("  missed: %.*s = %.*s\n", STR_ARG(row[i].en), STR_ARG(row[i].local));
    }
    printf("%s >= %5d: precision %.3f recall %.3f (%zu right, %zu wrong of %zu)\n",
           sure ? "band same, score" : "score", least,
           right + wrong == 0 ? 1 : (double)right / (double)(right + wrong),
           (double)recalled / (double)rows, right, wrong, rows);
}

/* The score and the reasons of the pairs that should be found. */
static void explain(const struct identity *s)
{
    for (size_t i = 0; i < rows; i++) {
        struct identity_facts x = {.name = {row[i].en}, .names = 1, .country = row[i].country};
        struct identity_facts y = {
            .name = {row[i].local}, .names = 1, .country = row[i].country};
        struct identity_score score;
        if (identity_compare(s, &x, &y, &score) == CAU_OK)
            printf("  %5d share %4u rarity %4d: %.*s = %.*s\n", score.score,
                   score.share_permille, score.rarity, STR_ARG(row[i].en),
                   STR_ARG(row[i].local));
    }
}

int main(int argc, char **argv)
{
    static const int32_t step[] = {-600, -400, -250, -100, 0, 100, 200, 300, 400, 500, 600};
    struct arena a = arena_new(FILE_MAX);
    struct vocabulary *v;
    struct identity *s;
    struct buf pairs = buf_new((size_t)1 << 30);
    struct identity_run run = {.learn = false};
    bool country = true, misses = false, all = false;
    if (argc < 2)
        return 2;
    read_rows(&a, argv[1], argc > 2 ? argv[2] : "even");
    for (int i = 3; i < argc; i++) {
        country &= strcmp(argv[i], "nocountry") != 0;
        misses |= strcmp(argv[i], "misses") == 0;
        all |= strcmp(argv[i], "explain") == 0;
    }
    if (vocabulary_open(&v) != CAU_OK || identity_open(v, false, &s) != CAU_OK)
        return 1;
    struct str none = {NULL, 0};
    for (uint32_t i = 0; i < rows; i++)
        add(s, i + 1, row[i].en, country ? row[i].country : none);
    for (uint32_t i = 0; i < rows; i++)
        add(s, (uint32_t)rows + i + 1, row[i].local, country ? row[i].country : none);
    if (identity_ready(s, true) != CAU_OK || identity_pairs(s, &run, &pairs) != CAU_OK)
        return 1;
    printf("%zu rows, %llu candidates\n", rows, (unsigned long long)run.candidates);
    const struct identity_pair *p = (const void *)pairs.p;
    size_t n = pairs.len / sizeof *p;
    for (size_t i = 0; i < countof(step); i++)
        judge(p, n, step[i], false, false);
    judge(p, n, INT32_MIN, true, misses);
    if (all)
        explain(s);
    identity_close(s);
    vocabulary_close(v);
    buf_free(&pairs);
    arena_free(&a);
    return 0;
}
