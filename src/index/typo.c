#include "index/typo_int.h"

#include "base/utf8.h"

#include <string.h>

/* One row of the distance table for each letter of the key at hand; keys that share a beginning share its
 * rows. Distances over the limit count as limit + 1. */
struct search {
    uint32_t word[TOKEN_POINTS_MAX], key[TOKEN_POINTS_MAX];
    size_t n, depth;                     /* letters of word; rows that hold */
    size_t offset[TOKEN_POINTS_MAX + 1]; /* byte where letter i of the key begins */
    unsigned char row[TOKEN_POINTS_MAX + 1][TOKEN_POINTS_MAX + 1];
    unsigned limit;
};

static unsigned least(unsigned x, unsigned y)
{
    return x < y ? x : y;
}

/* Row of the key's letter k (from 1); returns its smallest distance. */
static unsigned fill_row(struct search *s, size_t k)
{
    unsigned char *row = s->row[k], *above = s->row[k - 1];
    unsigned over = s->limit + 1, best;
    uint32_t c = s->key[k - 1];
    row[0] = (unsigned char)least((unsigned)k, over);
    best = row[0];
    for (size_t j = 1; j <= s->n; j++) {
        unsigned d = above[j - 1] + (c == s->word[j - 1] ? 0u : 1u);
        d = least(d, least(above[j], row[j - 1]) + 1u);
        if (k > 1 && j > 1 && c == s->word[j - 2] && s->key[k - 2] == s->word[j - 1])
            d = least(d, s->row[k - 2][j - 2] + 1u);
        row[j] = (unsigned char)least(d, over);
        best = least(best, row[j]);
    }
    return best;
}

/* The smallest letter above c that can follow k letters of the key, whose row has no distance below the
 * limit; 0 when there is none. */
static uint32_t next_letter(const struct search *s, size_t k, uint32_t c)
{
    uint32_t best = 0;
    for (size_t j = 0; j <= s->n; j++) {
        if (j < s->n && s->row[k][j] <= s->limit && s->word[j] > c &&
            (best == 0 || s->word[j] < best))
            best = s->word[j];
        /* the first of two neighbours in the wrong order was the key's letter k */
        if (k > 0 && j > 0 && j < s->n && s->key[k - 1] == s->word[j] &&
            s->row[k - 1][j - 1] < s->limit && s->word[j - 1] > c &&
            (best == 0 || s->word[j - 1] < best))
            best = s->word[j - 1];
    }
    return best;
}

/* Takes the letters of a key in, from the first that differs from the key before. Returns the letter (from
 * 1) at which the distance is hopeless, 0 when it never is, SIZE_MAX when the key is no word. */
static size_t take_key(struct search *s, struct str text)
{
    struct str rest = text;
    size_t k = 0;
    bool same = true;
    while (rest.len > 0) {
        if (k == TOKEN_POINTS_MAX)
            return SIZE_MAX;
        size_t at = text.len - rest.len;
        uint32_t c = utf8_next(&rest);
        same = same && k < s->depth && s->key[k] == c;
        s->offset[k] = at;
        s->offset[k + 1] = text.len - rest.len;
        s->key[k++] = c;
        if (same)
            continue;
        s->depth = k;
        if (fill_row(s, k) > s->limit)
            return k;
    }
    s->depth = k;
    return 0;
}

/* To the first key that can still be near: behind all that begin with the first `dead` letters. */
static void skip(struct search *s, struct dictionary_walk *w, const struct term_key *key,
                 size_t dead)
{
    struct term_key target = *key;
    unsigned best = s->limit;
    for (size_t j = 0; j <= s->n; j++)
        best = least(best, s->row[dead - 1][j]);
    uint32_t letter = 0;
    target.len = 1 + s->offset[dead];
    if (best == s->limit) { /* no free edit is left: only certain letters can follow */
        letter = next_letter(s, dead - 1, s->key[dead - 1]);
        target.len = 1 + s->offset[dead - 1];
    }
    if (letter != 0)
        target.len += utf8_put(letter, target.p + target.len);
    else
        target.p[target.len++] = (char)0xFF; /* above every letter */
    s->depth = dead - 1;
    dictionary_skip(w, term_str(&target));
}

void typo_walk(const struct index *ix, enum term_kind kind, struct str form, unsigned edits,
               bool (*found)(void *ctx, struct dictionary_walk *at, struct str key,
                             unsigned distance),
               void *ctx)
{
    struct search s = {.limit = edits};
    struct dictionary_walk w;
    struct term_key start;
    struct str rest = form;
    while (rest.len > 0 && s.n < TOKEN_POINTS_MAX)
        s.word[s.n++] = utf8_next(&rest);
    for (size_t j = 0; j <= s.n; j++)
        s.row[0][j] = (unsigned char)least((unsigned)j, edits + 1);
    size_t first = form.len;
    if (form.len > 0) {
        rest = form;
        utf8_next(&rest);
        first = edits > 1 ? form.len - rest.len : 0;
    }
    term_make(&start, kind, str_to(form, first));
    dictionary_seek(ix, &w, term_str(&start));
    struct str key;
    while (dictionary_key(&w, &key) && str_starts(key, term_str(&start))) {
        struct str text = str_from(key, 1);
        if (key.len > TERM_BYTES_MAX - 8 || !utf8_valid(text))
            return;
        size_t dead = take_key(&s, text);
        if (dead != 0 && dead != SIZE_MAX) {
            struct term_key at;
            term_make(&at, kind, text);
            skip(&s, &w, &at, dead);
            continue;
        }
        unsigned distance = dead == 0 ? s.row[s.depth][s.n] : edits + 1;
        if (distance > 0 && distance <= edits && !found(ctx, &w, key, distance))
            return;
        dictionary_next(&w);
    }
}
