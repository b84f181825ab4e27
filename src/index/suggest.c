#include "index/dictionary_int.h"
#include "index/later_int.h"
#include "index/stored_int.h"

#include "base/utf8.h"

#include <string.h>

enum { SUGGEST_MAX = 64, SUGGEST_TERMS_MAX = 4096, SUGGEST_QUERY_BYTES_MAX = 4096 };

struct guess { /* a form that begins as the reader typed */
    struct str form;
    uint64_t n; /* weight in public texts */
    struct dictionary_term term;
};

/* The last word of text, when nothing stands behind it. */
static bool last_word(struct str text, char out[TOKEN_BYTES_MAX], size_t *len)
{
    struct token_walk walk;
    struct token word;
    bool last = false;
    token_start(&walk, text);
    while (token_next(&walk, &word))
        if (word.role == TOKEN_MAIN && word.at + word.len == text.len) {
            memcpy(out, word.form.p, word.form.len);
            *len = word.form.len;
            last = true;
        }
    return last;
}

/* Keeps the max best, the most frequent first, then by form. */
static void keep(struct guess *best, size_t *n, size_t max, const struct guess *g)
{
    size_t at = *n;
    for (; at > 0; at--) {
        const struct guess *b = &best[at - 1];
        if (b->n > g->n || (b->n == g->n && str_cmp(b->form, g->form) < 0))
            break;
    }
    if (at == max)
        return;
    *n += *n < max;
    memmove(best + at + 1, best + at, (*n - 1 - at) * sizeof *best);
    best[at] = *g;
}

/* The visible document of the smallest number where the term stands. */
static bool first_document(const struct index *ix, const struct dictionary_term *t,
                           struct index_reader reader, int *part, uint32_t *slot)
{
    uint32_t best = UINT32_MAX;
    for (int i = 0; i < INDEX_PARTS; i++) {
        const struct part *p = index_part(ix, i);
        struct posting_cursor c;
        posting_open(&c, &t->in[i].list);
        while (posting_next(&c) && c.id >> POSTING_GROUP_BITS < p->n) {
            uint32_t at = c.id >> POSTING_GROUP_BITS;
            if (p->doc[at] < best && index_may_see(ix, p, at, reader)) {
                best = p->doc[at];
                *part = i;
                *slot = at;
            }
        }
    }
    return best != UINT32_MAX;
}

/* The form as it is written in that document. */
static struct str surface_of(const struct part *p, uint32_t slot, struct str form)
{
    struct stored_walk walk;
    struct token word;
    stored_start(&walk, part_text(p, slot));
    while (stored_next(&walk, &word))
        if (word.role == TOKEN_MAIN && str_equal(word.form, form))
            return str_to(str_from(walk.words.text, word.at), word.len);
    return (struct str){NULL, 0};
}

static enum cau_err find(const struct index *ix, struct arena *a, struct index_reader reader,
                         struct str start, struct guess *best, size_t max, size_t *n)
{
    struct term_key key;
    struct dictionary_walk w;
    struct str at;
    size_t seen = 0;
    term_make(&key, TERM_FORM, start);
    dictionary_seek(ix, &w, term_str(&key));
    for (;
         seen < SUGGEST_TERMS_MAX && dictionary_key(&w, &at) && str_starts(at, term_str(&key));
         dictionary_next(&w)) {
        struct guess g = {.form = str_from(at, 1)};
        dictionary_term(&w, &g.term);
        if (!dictionary_visible(ix, &g.term, (1u << TOKEN_GROUPS) - 1, reader))
            continue;
        seen++;
        for (int k = 0; k < TOKEN_GROUPS; k++)
            g.n += (uint64_t)(g.term.in[0].count[k] + g.term.in[1].count[k]);
        if (*n == max && g.n <= best[max - 1].n)
            continue;
        enum cau_err err = arena_copy(a, g.form, &g.form);
        if (err != CAU_OK)
            return err;
        keep(best, n, max, &g);
    }
    return CAU_OK;
}

static enum cau_err suggest(const struct index *ix, struct arena *a, struct index_reader reader,
                            struct str start, size_t max, struct str *out, size_t *n)
{
    struct guess *best = arena_take(a, (max + 1) * sizeof *best);
    size_t found = 0, given = 0;
    if (best == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = find(ix, a, reader, start, best, max, &found);
    for (size_t i = 0; i < found && err == CAU_OK; i++) {
        int part = 0;
        uint32_t slot = 0;
        if (!first_document(ix, &best[i].term, reader, &part, &slot))
            continue;
        struct str text = surface_of(index_part(ix, part), slot, best[i].form);
        if (text.len == 0)
            continue;
        err = arena_copy(a, text, &out[given]);
        given += err == CAU_OK;
    }
    if (err == CAU_OK)
        *n = given;
    return err;
}

enum cau_err index_suggest(const struct index *ix, struct arena *a, struct index_reader reader,
                           struct str text, size_t max, struct str *out, size_t *n)
{
    char start[TOKEN_BYTES_MAX];
    size_t len;
    enum cau_err err = CAU_OK;
    struct str composed = text;
    *n = 0;
    if (text.len > SUGGEST_QUERY_BYTES_MAX || !utf8_valid(text))
        return CAU_OK;
    err = utf8_nfc(a, text, &composed);
    if (err != CAU_OK || !last_word(composed, start, &len))
        return err;
    later_read_begin(ix);
    err = suggest(ix, a, reader, (struct str){start, len},
                  max < SUGGEST_MAX ? max : SUGGEST_MAX, out, n);
    sync_done(ix->lock);
    return err;
}
