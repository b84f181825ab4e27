/* search_set.h - the names and queries that search_peers asks everybody, from the folder that `search make` filled. */
#ifndef CAU_BENCH_SEARCH_SET_H
#define CAU_BENCH_SEARCH_SET_H

#include "base/file.h"
#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LIMIT = 20,
    SET_MAX = 1000,
    PASSES_MAX = 15,
    FACET_QUERIES = 400, /* the slowest peers need tens of milliseconds for one */
    WINDOW_US = 2000000,
    LINE_MAX_BYTES = 1 << 20,
    FILE_MAX_BYTES = 1 << 30
};

struct doc {
    struct str lang, country, type, name;
};
struct query {
    struct str kind, text;
    uint32_t doc;
    bool filtered, begins; /* the last word is the beginning of one */
};
struct answer {
    uint32_t doc[SET_MAX];
    size_t n;
};

static char dir[200];
static struct doc *doc;
static size_t docs;
static struct query *query;
static size_t queries;

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static const char *in_dir(const char *name)
{
    static char path[8][400];
    static unsigned turn;
    char *p = path[turn++ % countof(path)];
    snprintf(p, sizeof path[0], "%s/%s", dir, name);
    return p;
}

static void stop(const char *what)
{
    fprintf(stderr, "search_peers: %s\n", what);
    exit(1);
}

static FILE *open_file(const char *path, const char *how)
{
    FILE *f = fopen(path, how);
    if (f == NULL)
        stop(path);
    return f;
}

static void read_files(struct arena *a)
{
    struct str all;
    uint64_t n;
    if (file_read(a, in_dir("docs.tsv"), FILE_MAX_BYTES, &all) != CAU_OK)
        stop("no docs.tsv: search make FOLDER DOCUMENTS");
    for (size_t i = 0; i < all.len; i++)
        docs += all.p[i] == '\n';
    doc = arena_take(a, docs * sizeof *doc);
    for (size_t i = 0; i < docs; i++) {
        struct str line = str_next(&all, '\n');
        str_next(&line, '\t');
        doc[i].lang = str_next(&line, '\t');
        doc[i].country = str_next(&line, '\t');
        doc[i].type = str_next(&line, '\t');
        doc[i].name = line;
    }
    if (file_read(a, in_dir("queries.tsv"), FILE_MAX_BYTES, &all) != CAU_OK)
        stop("no queries.tsv");
    query = arena_take(a, all.len / 4 * sizeof *query);
    while (all.len > 0) {
        struct str line = str_next(&all, '\n');
        struct query *q = &query[queries];
        q->kind = str_next(&line, '\t');
        if (number_read(str_next(&line, '\t'), docs - 1, &n) != CAU_OK || line.len == 0)
            stop("bad queries.tsv");
        q->doc = (uint32_t)n;
        q->text = line;
        q->begins = line.p[line.len - 1] != ' ';
        q->filtered = str_is(q->kind, "two words, filter");
        queries++;
    }
}

/* Numbers for the peers, which count numbers faster than words. */
static unsigned code(struct str x)
{
    return (unsigned)(str_hash(x) % 1000003) + 1;
}

static void add(struct answer *out, uint64_t n)
{
    if (out->n < SET_MAX)
        out->doc[out->n++] = (uint32_t)n;
}

/* The words, each between the signs, with a star after the last when it is a beginning. Signs inside words become spaces. */
static void words(const struct query *q, char *out, size_t max, const char *sign_around)
{
    size_t n = 0;
    out[0] = '\0';
    for (struct str rest = str_trim(q->text); rest.len > 0 && n + 500 < max;) {
        char clean[400];
        struct str word = str_next(&rest, ' ');
        size_t len = word.len < sizeof clean ? word.len : sizeof clean;
        for (size_t i = 0; i < len; i++) {
            unsigned char c = (unsigned char)word.p[i];
            bool sign = c < '0' || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') ||
                        (c > 'z' && c < 0x80);
            clean[i] = sign ? ' ' : word.p[i];
        }
        n += (size_t)snprintf(out + n, max - n, "%s%.*s%s%s ", sign_around, (int)len, clean,
                              sign_around, rest.len == 0 && q->begins ? "*" : "");
    }
}

#endif
