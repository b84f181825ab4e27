#include "language/glossary.h"

#include "base/asset.h"
#include "base/table.h"
#include "base/utf8.h"

#include <string.h>

#define ARENA_BYTES (GLOSSARY_BYTES_MAX * 16) /* of address space: lists of terms, relations */

enum { COLUMN_ID, COLUMN_FORD, COLUMN_GRNTI, COLUMN_VI, COLUMN_BROADER = 6, COLUMN_RELATED };
enum { COLUMNS = 8, ID_BYTES_MAX = 64, FILES_MAX = 1024 };

/* A concept with what its line says of others, before the ids are looked up. */
struct draft {
    struct str broader, related;
    struct glossary_fault at;
};

struct edge {
    uint32_t from, to;
};

struct glossary {
    struct arena a;
    struct table number; /* by id */
    struct glossary_concept *concept;
    uint32_t n;
};

static bool is_id(struct str x)
{
    if (x.len < 2 || x.len > ID_BYTES_MAX || x.p[0] == '-')
        return false;
    for (size_t i = 0; i < x.len; i++)
        if (!(x.p[i] >= 'a' && x.p[i] <= 'z') && !(x.p[i] >= '0' && x.p[i] <= '9') &&
            x.p[i] != '-')
            return false;
    return true;
}

static size_t count_parts(struct str text, char cut)
{
    size_t n = text.len > 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.p[i] == cut;
    return n;
}

static enum cau_err read_terms(struct arena *a, struct str text, const struct str **out,
                               size_t *n)
{
    *n = count_parts(text, ';');
    if (*n == 0)
        return CAU_ERR_SYNTAX;
    if (*n > GLOSSARY_TERMS_MAX)
        return CAU_ERR_RANGE;
    struct str *term = arena_take(a, *n * sizeof *term);
    if (term == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < *n; i++) {
        term[i] = str_trim(str_next(&text, ';'));
        if (term[i].len == 0)
            return CAU_ERR_SYNTAX;
    }
    *out = term;
    return CAU_OK;
}

static enum cau_err read_line(struct glossary *g, struct draft *draft, struct str line)
{
    struct str column[COLUMNS];
    bool added;
    uint32_t number;
    if (count_parts(line, '|') != COLUMNS)
        return CAU_ERR_SYNTAX;
    for (size_t i = 0; i < COLUMNS; i++)
        column[i] = str_trim(str_next(&line, '|'));
    if (!is_id(column[COLUMN_ID]) || column[COLUMN_FORD].len == 0)
        return CAU_ERR_SYNTAX;
    if (g->n == GLOSSARY_CONCEPTS_MAX ||
        count_parts(column[COLUMN_RELATED], ',') > GLOSSARY_RELATED_MAX)
        return CAU_ERR_RANGE;
    struct glossary_concept *c = &g->concept[g->n];
    *c = (struct glossary_concept){.id = column[COLUMN_ID],
                                   .ford = column[COLUMN_FORD],
                                   .grnti = column[COLUMN_GRNTI],
                                   .broader = GLOSSARY_NONE};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < GLOSSARY_LANGS && err == CAU_OK; i++)
        err = read_terms(&g->a, column[COLUMN_VI + i], &c->term[i], &c->term_count[i]);
    if (err == CAU_OK)
        err = table_intern(&g->number, c->id, g->n, &number, &added);
    if (err == CAU_OK && !added)
        err = CAU_ERR_SYNTAX;
    if (err != CAU_OK)
        return err;
    draft->broader = column[COLUMN_BROADER];
    draft->related = column[COLUMN_RELATED];
    g->n++;
    return CAU_OK;
}

static enum cau_err read_file(struct glossary *g, struct draft *draft, struct str text,
                              struct glossary_fault *at)
{
    enum cau_err err = utf8_valid(text) ? CAU_OK : CAU_ERR_SYNTAX;
    for (at->line = 1; text.len > 0 && err == CAU_OK; at->line += err == CAU_OK) {
        struct str line = str_trim(str_next(&text, '\n'));
        if (line.len == 0 || line.p[0] == '#')
            continue;
        if (g->n < GLOSSARY_CONCEPTS_MAX)
            draft[g->n].at = *at;
        err = read_line(g, &draft[g->n], line);
    }
    return err;
}

static bool add_edge(struct edge *edge, size_t *n, uint32_t from, uint32_t to)
{
    if (from == to || to == GLOSSARY_NONE)
        return false;
    edge[(*n)++] = (struct edge){from, to};
    edge[(*n)++] = (struct edge){to, from};
    return true;
}

/* Ascending by from, then to: two passes of counting, each of which keeps the order of equals. */
static void sort_edges(struct edge *edge, struct edge *space, size_t n, uint32_t *count,
                       uint32_t concepts)
{
    for (int pass = 0; pass < 2; pass++) {
        memset(count, 0, ((size_t)concepts + 1) * sizeof *count);
        for (size_t i = 0; i < n; i++)
            count[(pass == 0 ? edge[i].to : edge[i].from) + 1]++;
        for (uint32_t c = 0; c < concepts; c++)
            count[c + 1] += count[c];
        for (size_t i = 0; i < n; i++)
            space[count[pass == 0 ? edge[i].to : edge[i].from]++] = edge[i];
        memcpy(edge, space, n * sizeof *edge);
    }
}

/* Gives every concept the run of its edges, each once. */
static enum cau_err share_edges(struct glossary *g, struct edge *edge, size_t n)
{
    struct edge *space = arena_take(&g->a, n * sizeof *space);
    uint32_t *count = arena_take(&g->a, ((size_t)g->n + 1) * sizeof *count);
    uint32_t *to = arena_take(&g->a, n * sizeof *to);
    size_t kept = 0;
    if (space == NULL || count == NULL || to == NULL)
        return CAU_ERR_MEMORY;
    sort_edges(edge, space, n, count, g->n);
    for (size_t i = 0; i < n; i++) {
        struct glossary_concept *c = &g->concept[edge[i].from];
        if (i > 0 && edge[i].from == edge[i - 1].from && edge[i].to == edge[i - 1].to)
            continue;
        if (c->related_count++ == 0)
            c->related = &to[kept];
        to[kept++] = edge[i].to;
    }
    return CAU_OK;
}

/* Looks up what the lines say of other concepts. */
static enum cau_err join(struct glossary *g, const struct draft *draft,
                         struct glossary_fault *fault)
{
    size_t most = 0, n = 0;
    for (uint32_t i = 0; i < g->n; i++)
        most += 2 * count_parts(draft[i].related, ',');
    struct edge *edge = arena_take(&g->a, most * sizeof *edge);
    if (edge == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < g->n; i++) {
        struct str related = draft[i].related, broader = draft[i].broader;
        bool good = true;
        if (broader.len > 0) {
            g->concept[i].broader = glossary_find(g, broader);
            good = g->concept[i].broader != GLOSSARY_NONE && g->concept[i].broader != i;
        }
        while (related.len > 0 && good)
            good = add_edge(edge, &n, i, glossary_find(g, str_trim(str_next(&related, ','))));
        if (!good) {
            *fault = draft[i].at;
            return CAU_ERR_UNKNOWN;
        }
    }
    return share_edges(g, edge, n);
}

static enum cau_err read_files(struct glossary *g, const struct str *file, size_t n,
                               struct glossary_fault *fault)
{
    size_t lines = 1, bytes = 0;
    struct glossary_fault at = {0};
    for (size_t i = 0; i < n; i++) {
        bytes += file[i].len;
        if (file[i].len > GLOSSARY_BYTES_MAX || bytes > GLOSSARY_BYTES_MAX) {
            *fault = (struct glossary_fault){i, 1};
            return CAU_ERR_RANGE;
        }
        lines += count_parts(file[i], '\n');
    }
    if (lines > GLOSSARY_CONCEPTS_MAX + 1) /* the last one tells of the limit */
        lines = GLOSSARY_CONCEPTS_MAX + 1;
    g->concept = arena_take(&g->a, lines * sizeof *g->concept);
    struct draft *draft = arena_take(&g->a, lines * sizeof *draft);
    if (g->concept == NULL || draft == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (at.file = 0; at.file < n && err == CAU_OK; at.file += err == CAU_OK)
        err = read_file(g, draft, file[at.file], &at);
    if (err != CAU_OK) {
        *fault = at;
        return err;
    }
    return join(g, draft, fault);
}

enum cau_err glossary_open(const struct str *file, size_t n, struct glossary **out,
                           struct glossary_fault *fault)
{
    struct arena a = arena_new(ARENA_BYTES);
    struct glossary *g = arena_zero(&a, sizeof *g);
    if (g == NULL) {
        arena_free(&a);
        return CAU_ERR_MEMORY;
    }
    g->a = a;
    g->number = table_new();
    enum cau_err err = read_files(g, file, n, fault);
    if (err == CAU_OK)
        *out = g;
    else
        glossary_close(g);
    return err;
}

enum cau_err glossary_open_own(struct glossary **out)
{
    struct str file[FILES_MAX];
    struct glossary_fault fault;
    size_t n = 0;
    for (size_t i = 0; i < asset_count; i++)
        if (str_starts(asset_list[i].name, STR("terms/")) &&
            str_ends(asset_list[i].name, STR(".terms"))) {
            must(n < FILES_MAX);
            file[n++] = asset_list[i].bytes;
        }
    enum cau_err err = glossary_open(file, n, out, &fault);
    must(err == CAU_OK || err == CAU_ERR_MEMORY); /* `make check` has read it */
    return err;
}

bool glossary_next_terms(struct str *rest, enum token_group lang, struct str *terms)
{
    must(lang < GLOSSARY_LANGS);
    while (rest->len > 0) {
        struct str line = str_trim(str_next(rest, '\n'));
        if (line.len == 0 || line.p[0] == '#')
            continue;
        for (size_t i = 0; i < COLUMN_VI + (size_t)lang; i++)
            str_next(&line, '|');
        *terms = str_trim(str_next(&line, '|'));
        if (terms->len > 0)
            return true;
    }
    return false;
}

void glossary_close(struct glossary *g)
{
    if (g == NULL)
        return;
    table_free(&g->number);
    struct arena a = g->a; /* g lies in it */
    arena_free(&a);
}

uint32_t glossary_count(const struct glossary *g)
{
    return g == NULL ? 0 : g->n;
}

const struct glossary_concept *glossary_concept(const struct glossary *g, uint32_t number)
{
    must(number < g->n);
    return &g->concept[number];
}

uint32_t glossary_find(const struct glossary *g, struct str id)
{
    return table_get(&g->number, id, GLOSSARY_NONE);
}

enum cau_err glossary_pairs(const struct glossary *g, uint32_t number,
                            enum cau_err (*each)(void *ctx, const struct glossary_pair *pair),
                            void *ctx)
{
    const struct glossary_concept *c = glossary_concept(g, number);
    enum cau_err err = CAU_OK;
    for (unsigned x = 0; x < GLOSSARY_LANGS; x++)
        for (unsigned y = x + 1; y < GLOSSARY_LANGS; y++)
            for (size_t i = 0; i < c->term_count[x]; i++)
                for (size_t j = 0; j < c->term_count[y] && err == CAU_OK; j++) {
                    struct glossary_pair pair = {(enum token_group)x, (enum token_group)y,
                                                 c->term[x][i], c->term[y][j]};
                    err = each(ctx, &pair);
                }
    return err;
}
