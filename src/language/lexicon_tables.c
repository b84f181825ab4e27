#include "language/lexicon_tables_int.h"

#include "language/lexicon_train_int.h"

#include <stdlib.h>
#include <string.h>

#ifdef __clang__
#pragma STDC FP_CONTRACT OFF /* gcc does so by itself with -std=c11 */
#endif

enum { STEP_ROWS = 1 << 10 }; /* between two looks at progress */

/* What stands for each term of a language: rows of parts, from at[term] to at[term + 1]. */
struct part {
    uint32_t term;
    float value;
    uint32_t sources;
};

struct rows {
    struct buf at, part;
};

struct row {
    const struct part *v;
    size_t n;
};

static struct row row_of(const struct rows *r, uint32_t term)
{
    const uint32_t *at = (const void *)r->at.p;
    const struct part *part = (const void *)r->part.p;
    size_t n = at[term + 1] - at[term]; /* without any, part is NULL */
    return (struct row){n == 0 ? NULL : part + at[term], n};
}

/* One term of the text's language while a row is mixed. */
struct mixed {
    double x, y, pivot_x, pivot_y;
    uint32_t sources, pivot_sources;
    uint32_t approved; /* sources that approved it; 0: learnt only */
    bool touched;
};

struct candidate {
    double x, y;
    uint32_t rank, sources;
    uint16_t fixed; /* y in the file */
};

/* A table on its way to the file; terms by their rank among all of their language. */
struct output {
    struct buf row, term, sources, y;
};

struct making {
    const struct tables_input *in;
    struct rows x[LEXICON_TABLES], y[LEXICON_TABLES], approved[LEXICON_TABLES];
    struct buf sorted[LEXICON_LANGUAGES]; /* numbers of the good terms, by bytes */
    struct buf rank[LEXICON_LANGUAGES];   /* by number */
    struct buf used[LEXICON_LANGUAGES];   /* one byte each, by rank: is in a table */
    struct buf place[LEXICON_LANGUAGES];  /* by rank: number in the file */
    struct output out[LEXICON_TABLES];
    struct buf mixed, touched, candidate;
    size_t rows_done, rows;
};

static const struct tables_word *word_of(const struct tables_words *w, uint32_t number)
{
    return (const struct tables_word *)(const void *)w->place.p + number;
}

static struct str term_of(const struct tables_words *w, uint32_t number)
{
    const struct tables_word *word = word_of(w, number);
    return (struct str){w->number.keys + word->at, word->len};
}

/* --- rows --- */

/* A link as a part of a row. */
struct entry {
    uint32_t row;
    struct part part;
};

typedef bool entry_fn(const struct making *m, unsigned table, size_t i, struct entry *out);

static const struct train_link *links(const struct making *m, unsigned table, size_t *n)
{
    const struct buf *b = &m->in->link[table];
    *n = b->len / sizeof(struct train_link);
    return (const void *)b->p;
}

static unsigned turned(unsigned table)
{
    return lexicon_table(lexicon_to(table), lexicon_from(table));
}

static bool x_entry(const struct making *m, unsigned table, size_t i, struct entry *out)
{
    size_t n;
    const struct train_link *l = links(m, table, &n);
    if (i >= n)
        return false;
    *out = (struct entry){l[i].from, {l[i].to, l[i].p, l[i].sources}};
    return true;
}

static bool y_entry(const struct making *m, unsigned table, size_t i, struct entry *out)
{
    size_t n;
    const struct train_link *l = links(m, turned(table), &n);
    if (i >= n)
        return false;
    float y = l[i].p * l[i].count / (l[i].count + (float)TABLES_DISCOUNT);
    *out = (struct entry){l[i].to, {l[i].from, y, l[i].sources}};
    return true;
}

static bool approved_entry(const struct making *m, unsigned table, size_t i, struct entry *out)
{
    const struct buf *b = &m->in->approved[table];
    const struct tables_approval *v = (const void *)b->p;
    if (i >= b->len / sizeof *v)
        return false;
    *out = (struct entry){v[i].from, {v[i].to, 1, UINT32_C(1) << v[i].source}};
    return true;
}

/* Both words may stand in a table. */
static bool is_good(const struct making *m, unsigned table, const struct entry *e)
{
    return word_of(&m->in->words[lexicon_from(table)], e->row)->good &&
           word_of(&m->in->words[lexicon_to(table)], e->part.term)->good;
}

static bool fill_rows(const struct making *m, unsigned table, entry_fn *get, struct rows *r)
{
    uint32_t n = m->in->words[lexicon_from(table)].n;
    struct entry e;
    buf_add_zeros(&r->at, ((size_t)n + 1) * sizeof(uint32_t));
    if (r->at.failed)
        return false;
    uint32_t *at = (void *)r->at.p;
    for (size_t i = 0; get(m, table, i, &e); i++)
        at[e.row + 1] += is_good(m, table, &e);
    for (uint32_t i = 0; i < n; i++)
        at[i + 1] += at[i];
    struct part *part = (void *)buf_extend(&r->part, at[n] * sizeof *part);
    if (part == NULL)
        return at[n] == 0 && !r->part.failed;
    for (size_t i = 0; get(m, table, i, &e); i++)
        if (is_good(m, table, &e))
            part[at[e.row]++] = e.part;
    memmove(at + 1, at, n * sizeof *at); /* each row's start has become its end */
    at[0] = 0;
    return true;
}

/* --- ranks --- */

struct named {
    struct str term;
    uint32_t number;
};

static int by_term(const void *x, const void *y)
{
    return str_cmp(((const struct named *)x)->term, ((const struct named *)y)->term);
}

static bool rank_words(struct making *m, unsigned lang)
{
    const struct tables_words *w = &m->in->words[lang];
    struct buf named = buf_new(SIZE_MAX);
    for (uint32_t i = 0; i < w->n; i++) {
        struct named one = {term_of(w, i), i};
        if (word_of(w, i)->good)
            buf_add(&named, (struct str){(const char *)&one, sizeof one});
    }
    size_t n = named.len / sizeof(struct named);
    struct named *v = (void *)named.p;
    if (n > 0)
        qsort(v, n, sizeof *v, by_term);
    buf_add_zeros(&m->rank[lang], w->n * sizeof(uint32_t));
    buf_add_zeros(&m->used[lang], n);
    uint32_t *sorted = (void *)buf_extend(&m->sorted[lang], n * sizeof *sorted);
    bool good = !(named.failed || m->rank[lang].failed || m->used[lang].failed ||
                  m->sorted[lang].failed);
    for (size_t i = 0; good && i < n; i++) {
        sorted[i] = v[i].number;
        ((uint32_t *)(void *)m->rank[lang].p)[v[i].number] = (uint32_t)i;
    }
    buf_free(&named);
    return good;
}

/* --- one row --- */

static struct mixed *touch(struct making *m, uint32_t term)
{
    struct mixed *x = (struct mixed *)(void *)m->mixed.p + term;
    if (!x->touched)
        buf_add(&m->touched, (struct str){(const char *)&term, sizeof term});
    x->touched = true;
    return x;
}

static void mix_direct(struct making *m, unsigned table, uint32_t q)
{
    struct row x = row_of(&m->x[table], q), y = row_of(&m->y[table], q);
    struct row approved = row_of(&m->approved[table], q);
    for (size_t i = 0; i < x.n; i++)
        touch(m, x.v[i].term)->x = (double)x.v[i].value;
    for (size_t i = 0; i < y.n; i++) {
        struct mixed *d = touch(m, y.v[i].term);
        d->y = (double)y.v[i].value;
        d->sources = y.v[i].sources;
    }
    for (size_t i = 0; i < approved.n; i++)
        touch(m, approved.v[i].term)->approved |= approved.v[i].sources;
}

/* The two tables whose product leads through the third language. */
static void way_of(unsigned table, unsigned *first, unsigned *second)
{
    unsigned through = LEXICON_LANGUAGES - lexicon_from(table) - lexicon_to(table);
    *first = lexicon_table(lexicon_from(table), through);
    *second = lexicon_table(through, lexicon_to(table));
}

static void mix_pivot_x(struct making *m, unsigned table, uint32_t q)
{
    unsigned first, second;
    way_of(table, &first, &second);
    struct row to = row_of(&m->x[first], q);
    for (size_t i = 0; i < to.n; i++) {
        if (!((double)to.v[i].value > TABLES_PIVOT_PART))
            continue;
        struct row on = row_of(&m->x[second], to.v[i].term);
        for (size_t k = 0; k < on.n; k++)
            if ((double)on.v[k].value > TABLES_PIVOT_PART)
                touch(m, on.v[k].term)->pivot_x +=
                    (double)to.v[i].value * (double)on.v[k].value;
    }
}

/* First the sums; then, when they are known, the sources of parts that matter. */
static void mix_pivot_y(struct making *m, unsigned table, uint32_t q, bool sources)
{
    unsigned first, second;
    way_of(table, &first, &second);
    struct row to = row_of(&m->y[first], q);
    for (size_t i = 0; i < to.n; i++) {
        if (!((double)to.v[i].value > TABLES_PIVOT_PART))
            continue;
        struct row on = row_of(&m->y[second], to.v[i].term);
        for (size_t k = 0; k < on.n; k++) {
            if (!((double)on.v[k].value > TABLES_PIVOT_PART))
                continue;
            struct mixed *d = touch(m, on.v[k].term);
            double part = (double)to.v[i].value * (double)on.v[k].value;
            if (!sources)
                d->pivot_y += part;
            else if (part >= .05 * d->pivot_y)
                d->pivot_sources |= to.v[i].sources | on.v[k].sources;
        }
    }
}

static struct candidate candidate_of(const struct mixed *d, double direct, uint32_t rank)
{
    double px = d->pivot_x > TABLES_PIVOT ? d->pivot_x : 0;
    double py = d->pivot_y > TABLES_PIVOT ? d->pivot_y : 0;
    struct candidate c = {.x = direct * d->x + (1 - direct) * px,
                          .y = direct * d->y + (1 - direct) * py,
                          .rank = rank};
    if ((1 - direct) * py >= .05 * c.y)
        c.sources |= d->pivot_sources;
    if (direct * d->y >= .05 * c.y)
        c.sources |= d->sources;
    double fixed = c.y * LEXICON_ONE + .5;
    c.fixed = (uint16_t)(fixed < 1 ? 1 : fixed > LEXICON_ONE - 1 ? LEXICON_ONE - 1 : fixed);
    if (d->approved != 0) {
        c.x = 2; /* before all that is learnt */
        c.y = 1;
        c.fixed = LEXICON_ONE;
        c.sources |= d->approved;
    }
    return c;
}

static int by_rank(const struct candidate *x, const struct candidate *y)
{
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static int by_choice(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->x != y->x)
        return x->x > y->x ? -1 : 1;
    if (x->y != y->y)
        return x->y > y->y ? -1 : 1;
    return by_rank(x, y);
}

static int by_weight(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->fixed != y->fixed ? (x->fixed > y->fixed ? -1 : 1) : by_rank(x, y);
}

/* What was touched as candidates, the touched made clean again. */
static size_t gather(struct making *m, unsigned table)
{
    const uint32_t *touched = (const void *)m->touched.p;
    const uint32_t *rank = (const void *)m->rank[lexicon_to(table)].p;
    bool english = lexicon_from(table) == TOKEN_EN || lexicon_to(table) == TOKEN_EN;
    double direct = english ? TABLES_DIRECT_ENGLISH : TABLES_DIRECT;
    buf_reset(&m->candidate);
    for (size_t i = 0; i < m->touched.len / sizeof *touched; i++) {
        struct mixed *d = (struct mixed *)(void *)m->mixed.p + touched[i];
        struct candidate c = candidate_of(d, direct, rank[touched[i]]);
        if (c.y > 0)
            buf_add(&m->candidate, (struct str){(const char *)&c, sizeof c});
        *d = (struct mixed){0};
    }
    buf_reset(&m->touched);
    return m->candidate.len / sizeof(struct candidate);
}

static void write_row(struct making *m, unsigned table, uint32_t q, uint32_t rank)
{
    struct output *out = &m->out[table];
    mix_direct(m, table, q);
    mix_pivot_x(m, table, q);
    mix_pivot_y(m, table, q, false);
    mix_pivot_y(m, table, q, true);
    if (m->touched.failed)
        return;
    size_t n = gather(m, table);
    struct candidate *c = (void *)m->candidate.p;
    if (n > 1)
        qsort(c, n, sizeof *c, by_choice);
    n = n < LEXICON_KEPT_MAX ? n : LEXICON_KEPT_MAX;
    if (n > 1)
        qsort(c, n, sizeof *c, by_weight);
    for (size_t i = 0; i < n; i++) {
        buf_add(&out->term, (struct str){(const char *)&c[i].rank, sizeof c[i].rank});
        buf_add(&out->sources, (struct str){(const char *)&c[i].sources, sizeof c[i].sources});
        buf_add(&out->y, (struct str){(const char *)&c[i].fixed, sizeof c[i].fixed});
        m->used[lexicon_to(table)].p[c[i].rank] = 1;
    }
    if (n > 0)
        m->used[lexicon_from(table)].p[rank] = 1;
    uint32_t count = (uint32_t)n;
    buf_add(&out->row, (struct str){(const char *)&count, sizeof count});
}

static enum cau_err report(const struct making *m)
{
    const struct lexicon_progress *p = m->in->progress;
    size_t width = m->in->to_permille - m->in->from_permille;
    if (p != NULL && p->step != NULL && m->rows > 0)
        p->step(p->ctx, m->in->from_permille + (unsigned)(m->rows_done * width / m->rows));
    return p != NULL && p->stop != NULL && p->stop(p->ctx) ? CAU_ERR_BUSY : CAU_OK;
}

static enum cau_err write_table(struct making *m, unsigned table)
{
    const struct buf *sorted = &m->sorted[lexicon_from(table)];
    const uint32_t *number = (const void *)sorted->p;
    enum cau_err err = CAU_OK;
    buf_reset(&m->mixed);
    buf_add_zeros(&m->mixed, m->in->words[lexicon_to(table)].n * sizeof(struct mixed));
    if (m->mixed.failed)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < sorted->len / sizeof *number && err == CAU_OK; i++) {
        if (m->rows_done++ % STEP_ROWS == 0)
            err = report(m);
        write_row(m, table, number[i], i);
    }
    const struct output *out = &m->out[table];
    if (m->touched.failed || m->candidate.failed || out->row.failed || out->term.failed ||
        out->sources.failed || out->y.failed)
        return CAU_ERR_MEMORY;
    return out->term.len / sizeof(uint32_t) > UINT32_MAX ? CAU_ERR_RANGE : err;
}

/* --- the file --- */

static void put32(struct buf *b, uint32_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

static void pad(struct buf *b)
{
    buf_add_zeros(b, -b->len % 8);
}

static void put_sources(const struct tables_input *in, struct buf *file)
{
    for (size_t i = 0; i < in->sources; i++) {
        const struct lexicon_source *s = &in->source[i];
        buf_add(file, (struct str){(const char *)&s->pairs, sizeof s->pairs});
        buf_add(file, digest_str(&s->hash));
        put32(file, (uint32_t)s->name.len);
        put32(file, (uint32_t)s->licence.len);
        buf_add(file, s->name);
        buf_add(file, s->licence);
        pad(file);
    }
}

/* Of 2^32 words of running text, how many are this one. */
static uint32_t share_of(const struct tables_words *w, uint32_t number)
{
    uint64_t share =
        w->running == 0 ? 0 : ((uint64_t)word_of(w, number)->running << 32) / w->running;
    return share > UINT32_MAX ? UINT32_MAX : (uint32_t)share;
}

/* The used terms of a language. Returns their number; *pool is how many bytes they have. */
static uint32_t put_words(struct making *m, unsigned lang, struct buf *file, uint64_t *pool)
{
    const struct tables_words *w = &m->in->words[lang];
    const uint32_t *sorted = (const void *)m->sorted[lang].p;
    const char *used = m->used[lang].p;
    size_t all = m->used[lang].len;
    uint32_t n = 0, at = 0;
    put32(file, 0);
    for (size_t i = 0; i < all; i++) {
        put32(&m->place[lang], n);
        if (used[i] == 0)
            continue;
        n++;
        at += word_of(w, sorted[i])->len;
        put32(file, at);
    }
    pad(file);
    for (size_t i = 0; i < all; i++)
        if (used[i] != 0)
            buf_add(file, term_of(w, sorted[i]));
    pad(file);
    for (size_t i = 0; i < all; i++)
        if (used[i] != 0)
            put32(file, share_of(w, sorted[i]));
    pad(file);
    *pool = at;
    return n;
}

static void put_table(const struct making *m, unsigned table, struct buf *file)
{
    const struct output *out = &m->out[table];
    const uint32_t *count = (const void *)out->row.p, *term = (const void *)out->term.p;
    const char *used = m->used[lexicon_from(table)].p;
    const uint32_t *place = (const void *)m->place[lexicon_to(table)].p;
    uint32_t at = 0;
    put32(file, 0);
    for (size_t i = 0; i < out->row.len / sizeof *count; i++) {
        at += count[i];
        if (used[i] != 0)
            put32(file, at);
    }
    pad(file);
    for (size_t i = 0; i < at; i++)
        put32(file, place[term[i]]);
    pad(file);
    buf_add(file, buf_str(&out->sources));
    pad(file);
    buf_add(file, buf_str(&out->y));
    pad(file);
}

static enum cau_err put_file(struct making *m, struct buf *file)
{
    const struct tables_input *in = m->in;
    struct lexicon_header h = {.magic = "cau-lex",
                               .format = LEXICON_FORMAT,
                               .sources = in->sources,
                               .analyser = in->analyser};
    h.magic[7] = '\n';
    buf_add_zeros(file, sizeof h);
    put_sources(in, file);
    h.source_bytes = file->len - sizeof h;
    for (unsigned i = 0; i < LEXICON_LANGUAGES; i++) {
        h.terms[i] = put_words(m, i, file, &h.pool[i]);
        if (m->place[i].failed)
            return CAU_ERR_MEMORY;
    }
    for (unsigned i = 0; i < LEXICON_TABLES; i++) {
        h.entries[i] = (uint32_t)(m->out[i].term.len / sizeof(uint32_t));
        put_table(m, i, file);
    }
    if (file->failed)
        return CAU_ERR_MEMORY;
    memcpy(file->p, &h, sizeof h);
    h.hash = lexicon_hash(buf_str(file));
    memcpy(file->p, &h, sizeof h);
    return CAU_OK;
}

static enum cau_err make(struct making *m, struct buf *file)
{
    for (unsigned i = 0; i < LEXICON_LANGUAGES; i++)
        if (!rank_words(m, i))
            return CAU_ERR_MEMORY;
    for (unsigned i = 0; i < LEXICON_TABLES; i++) {
        if (!fill_rows(m, i, x_entry, &m->x[i]) || !fill_rows(m, i, y_entry, &m->y[i]) ||
            !fill_rows(m, i, approved_entry, &m->approved[i]))
            return CAU_ERR_MEMORY;
        m->rows += m->sorted[lexicon_from(i)].len / sizeof(uint32_t);
    }
    enum cau_err err = CAU_OK;
    for (unsigned i = 0; i < LEXICON_TABLES && err == CAU_OK; i++)
        err = write_table(m, i);
    return err == CAU_OK ? put_file(m, file) : err;
}

/* All buffers of m: new ones, or the memory given back. */
static void each_buffer(struct making *m, void (*act)(struct buf *b))
{
    for (unsigned i = 0; i < LEXICON_TABLES; i++) {
        struct output *out = &m->out[i];
        struct buf *own[] = {
            &m->x[i].at,          &m->x[i].part, &m->y[i].at, &m->y[i].part, &m->approved[i].at,
            &m->approved[i].part, &out->row,     &out->term,  &out->sources, &out->y};
        for (size_t k = 0; k < countof(own); k++)
            act(own[k]);
    }
    for (unsigned i = 0; i < LEXICON_LANGUAGES; i++) {
        act(&m->sorted[i]);
        act(&m->rank[i]);
        act(&m->used[i]);
        act(&m->place[i]);
    }
    act(&m->mixed);
    act(&m->touched);
    act(&m->candidate);
}

static void begin(struct buf *b)
{
    *b = buf_new(SIZE_MAX);
}

enum cau_err tables_write(const struct tables_input *in, struct buf *file)
{
    struct making m = {.in = in};
    each_buffer(&m, begin);
    enum cau_err err = make(&m, file);
    each_buffer(&m, buf_free);
    return err;
}
