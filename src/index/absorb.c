#include "index/fresh_int.h"

#include "base/sync.h"
#include "index/wordlist_int.h"

#include <string.h>

#define BYTES_MAX ((size_t)1 << 40)

static uint32_t *numbers(const struct buf *b)
{
    return (void *)b->p;
}

/* The terms of one part in memory by their numbers in another. */
struct mapping {
    struct fresh *f;
    const struct fresh *g;
    struct buf to;    /* uint32_t by term of g: that of f */
    struct buf added; /* uint32_t: terms of f that it did not have, in key order */
    uint32_t old;     /* terms of f before */
    uint32_t by;      /* what ids of g become greater by */
    bool odd;
    bool ordered; /* all terms of f are in order */
};

static uint32_t mapped(const struct mapping *m, uint32_t link) /* 1 + term, or 0 */
{
    return link == 0 ? 0 : numbers(&m->to)[link - 1] + 1;
}

static bool add_terms(struct mapping *m)
{
    enum { AHEAD = 8 };
    uint32_t n = fresh_terms(m->g), *to = (void *)buf_extend(&m->to, n * sizeof *to);
    for (uint32_t i = 0; i < n && to != NULL && !m->f->failed; i++) {
        bool added;
        if (n - i > AHEAD)
            table_fetch(&m->f->terms, fresh_key(m->g, i + AHEAD));
        to[i] = fresh_intern(m->f, fresh_key(m->g, i), &added);
    }
    return to != NULL && !m->f->failed;
}

/* What a form leads to; does f know it as g does? */
static void link_terms(struct mapping *m)
{
    for (uint32_t i = 0; i < fresh_terms(m->g); i++) {
        const struct fresh_term *from = fresh_term(m->g, i);
        uint32_t term = numbers(&m->to)[i];
        uint32_t stem = mapped(m, from->stem), bare = mapped(m, from->bare);
        struct fresh_term *t = fresh_term(m->f, term);
        if (term < m->old) {
            m->odd = m->odd || t->stem != stem || t->bare != bare || t->token != from->token ||
                     t->own != from->own;
            continue;
        }
        t->stem = stem;
        t->bare = bare;
        t->token = from->token;
        t->own = from->own;
    }
}

static bool order_terms(struct mapping *m)
{
    struct order_at at = order_seek(&m->g->order, m->g, (struct str){NULL, 0});
    uint32_t number;
    while (order_next(&m->g->order, &at, &number)) {
        uint32_t to = numbers(&m->to)[number];
        if (to >= m->old)
            buf_add(&m->added, (struct str){(const char *)&to, sizeof to});
    }
    return !m->added.failed &&
           order_merge(&m->f->order, m->f, numbers(&m->added), m->added.len / sizeof number);
}

static void add_words(struct mapping *m)
{
    const struct part *p = &m->g->part;
    for (uint32_t slot = 0; slot < p->n; slot++) {
        struct wordlist_walk walk;
        struct wordlist_word word;
        uint32_t end = 0;
        wordlist_start(&walk, part_words(p, slot));
        while (wordlist_next(&walk, &word)) {
            word.term = numbers(&m->to)[word.term];
            wordlist_put(&m->f->word, &word, end);
            end = word.at + word.len;
        }
        uint64_t at = m->f->word.len;
        buf_add(&m->f->word_at, (struct str){(const char *)&at, sizeof at});
    }
}

/* Where things begin, counted on from where f had ended. */
static void add_starts(struct fresh *f, const struct part *p)
{
    uint64_t text = f->text.len;
    uint32_t token = (uint32_t)(f->token.len / sizeof token);
    for (uint32_t slot = 1; slot <= p->n; slot++) {
        uint64_t text_at = text + p->text_at[slot];
        uint32_t token_at = token + p->token_at[slot];
        buf_add(&f->text_at, (struct str){(const char *)&text_at, sizeof text_at});
        buf_add(&f->token_at, (struct str){(const char *)&token_at, sizeof token_at});
    }
}

static void add_columns(struct fresh *f, const struct fresh *g)
{
    add_starts(f, &g->part);
    buf_add(&f->doc, buf_str(&g->doc));
    buf_add(&f->shape, buf_str(&g->shape));
    buf_add(&f->owner, buf_str(&g->owner));
    buf_add(&f->updated_ms, buf_str(&g->updated_ms));
    buf_add(&f->length, buf_str(&g->length));
    buf_add(&f->brief, buf_str(&g->brief));
    buf_add(&f->token, buf_str(&g->token));
    buf_add(&f->text, buf_str(&g->text));
}

static void add_lists(struct mapping *m)
{
    enum { TERM = 16, BYTES = 8 }; /* steps ahead that a term, and its list, are brought near */
    struct fresh *f = m->f;
    const uint32_t *to = numbers(&m->to), n = fresh_terms(m->g);
    for (uint32_t i = 0; i < n; i++) {
        if (n - i > TERM)
            fresh_fetch(f, to[i + TERM]);
        if (n - i > BYTES) {
            fresh_fetch_bytes(f, to[i + BYTES]);
            fresh_fetch_bytes(m->g, i + BYTES);
        }
        fresh_post_list(f, fresh_term(f, to[i]), m->g, fresh_term(m->g, i), m->by);
    }
}

enum { ADD_LISTS, ADD_REST, ADD_STEPS };

/* Neither step writes what the other reads: keys and where they stand are known to both. */
static void add_step(void *mapping, size_t step)
{
    struct mapping *m = mapping;
    if (step == ADD_LISTS) {
        add_lists(m);
        return;
    }
    m->ordered = order_terms(m);
    add_words(m);
    add_columns(m->f, m->g);
}

static enum cau_err absorb(struct mapping *m)
{
    struct fresh *f = m->f;
    m->by = f->part.n << POSTING_GROUP_BITS;
    m->old = fresh_terms(f);
    f->loose = true; /* they are put in order together */
    bool good = add_terms(m);
    f->loose = false;
    if (!good)
        return CAU_ERR_MEMORY;
    link_terms(m);
    if (m->odd)
        return order_terms(m) ? CAU_OK : CAU_ERR_MEMORY;
    sync_share(add_step, m, ADD_STEPS);
    return m->ordered && fresh_good(f) ? CAU_OK : CAU_ERR_MEMORY;
}

void fresh_reshape(struct fresh *f, const uint32_t *shape)
{
    for (uint32_t slot = 0; slot < f->part.n; slot++)
        numbers(&f->shape)[slot] = shape[numbers(&f->shape)[slot]];
}

/* The key a form leads to (link: 1 + term, or 0) in both. */
static bool same_link(const struct fresh *f, uint32_t x, const struct fresh *g, uint32_t y)
{
    if (x == 0 || y == 0)
        return x == y;
    return str_equal(fresh_key(f, x - 1), fresh_key(g, y - 1));
}

bool fresh_agrees(const struct fresh *f, uint32_t term, const struct fresh *g, uint32_t other)
{
    const struct fresh_term *x = fresh_term(f, term), *y = fresh_term(g, other);
    return x->token == y->token && x->own == y->own && same_link(f, x->stem, g, y->stem) &&
           same_link(f, x->bare, g, y->bare);
}

enum cau_err fresh_absorb(struct fresh *f, struct fresh *g, bool *odd)
{
    must(!f->loose && !g->loose && g->dead_count == 0);
    *odd = false;
    if (f->failed || g->failed)
        return CAU_ERR_MEMORY;
    if (g->part.n > PART_SLOTS_MAX - f->part.n ||
        f->token.len / 4 + g->token.len / 4 > FRESH_TOKENS_MAX)
        return CAU_ERR_RANGE;
    if (g->part.n == 0)
        return CAU_OK;
    if (f->part.n == 0 && fresh_terms(f) == 0) {
        struct fresh empty = *f;
        *f = *g;
        *g = empty;
        return CAU_OK;
    }
    struct mapping m = {
        .f = f, .g = g, .to = buf_new_large(BYTES_MAX), .added = buf_new_large(BYTES_MAX)};
    if (f->token_at.len == 0) { /* as fresh_put begins */
        buf_add_zeros(&f->token_at, sizeof(uint32_t));
        buf_add_zeros(&f->text_at, sizeof(uint64_t));
        buf_add_zeros(&f->word_at, sizeof(uint64_t));
    }
    enum cau_err err = absorb(&m);
    *odd = err == CAU_OK && m.odd;
    if (err != CAU_OK)
        fresh_cut(f);
    else if (!m.odd)
        fresh_renew(f);
    buf_free(&m.to);
    buf_free(&m.added);
    return err;
}
