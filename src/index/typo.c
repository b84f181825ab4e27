#include "index/typo_int.h"

#include "base/near.h"
#include "base/utf8.h"

#include <stdlib.h>
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

/* What was found so far. */
struct typos {
    struct arena *a;
    struct typo *typo;
    size_t n, cap;
};

static enum cau_err add(struct typos *t, struct str key, unsigned distance)
{
    if (t->n == t->cap) {
        size_t cap = t->cap == 0 ? 16 : t->cap * 4;
        struct typo *wide = arena_take(t->a, cap * sizeof *wide);
        if (wide == NULL)
            return CAU_ERR_MEMORY;
        if (t->n > 0)
            memcpy(wide, t->typo, t->n * sizeof *wide);
        t->typo = wide;
        t->cap = cap;
    }
    struct typo one = {.distance = distance};
    enum cau_err err = arena_copy(t->a, key, &one.key);
    if (err == CAU_OK)
        t->typo[t->n++] = one;
    return err;
}

static bool is_word(struct str key, enum term_kind kind)
{
    return key.len > 1 && key.len <= TERM_BYTES_MAX - 8 && key.p[0] == (char)kind &&
           utf8_valid(str_from(key, 1));
}

/* The part in memory: key by key, over those that cannot be near. */
static enum cau_err walk_fresh(const struct index *ix, struct search *s, enum term_kind kind,
                               struct str start, struct typos *out)
{
    struct dictionary_walk w;
    struct str key;
    enum cau_err err = CAU_OK;
    if (fresh_terms(&ix->fresh) == 0)
        return CAU_OK;
    dictionary_seek(ix, &w, start);
    w.in_segment = false;
    while (err == CAU_OK && dictionary_key(&w, &key) && str_starts(key, start)) {
        if (!is_word(key, kind))
            return CAU_OK;
        struct str text = str_from(key, 1);
        size_t dead = take_key(s, text);
        if (dead != 0 && dead != SIZE_MAX) {
            struct term_key at;
            term_make(&at, kind, text);
            skip(s, &w, &at, dead);
            continue;
        }
        unsigned distance = dead == 0 ? s->row[s->depth][s->n] : s->limit + 1;
        if (distance > 0 && distance <= s->limit)
            err = add(out, key, distance);
        dictionary_next(&w);
    }
    return err;
}

/* The first place from low to high whose key's number is at least number. */
static uint32_t place_of(const struct segment *g, uint32_t low, uint32_t high, uint32_t number)
{
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (g->bag_term[mid] < number)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* The number of the first key >= key. */
static uint32_t number_of(const struct segment *g, struct str key)
{
    struct segment_walk w;
    return segment_seek(g, key, &w) ? w.block * SEGMENT_BLOCK + w.i : UINT32_MAX;
}

/* Reads the word at a place whose bag is near. */
static enum cau_err read_word(const struct segment *g, struct search *s, enum term_kind kind,
                              uint32_t place, struct typos *out)
{
    struct segment_walk w;
    if (!segment_at(g, g->bag_term[place], &w) || !is_word(term_str(&w.key), kind) ||
        take_key(s, str_from(term_str(&w.key), 1)) != 0)
        return CAU_OK;
    unsigned distance = s->row[s->depth][s->n];
    return distance > 0 && distance <= s->limit ? add(out, term_str(&w.key), distance) : CAU_OK;
}

/* Reads the words of a range of places whose bags are near. Bags are fetched when a quarter of them is near, and looked at
 * when those of the places behind are on their way too. */
static enum cau_err read_near(const struct segment *g, struct search *s, enum term_kind kind,
                              uint64_t bag, const uint32_t range[2], struct typos *out)
{
    uint32_t fetched[2 * 64];
    size_t waiting = 0;
    enum cau_err err = CAU_OK;
    for (uint32_t i = range[0]; i < range[1] && err == CAU_OK; i += 64) {
        size_t n = range[1] - i < 64 ? range[1] - i : 64;
        uint64_t near = near_mask(g->bag_fold + i, n, bag_fold(bag), 2 * s->limit);
        for (; near != 0; near &= near - 1) {
            uint32_t place = i + number_lowest_bit(near);
            base_fetch(&g->bag[place]);
            fetched[waiting++] = place;
        }
        if (waiting < 64 && range[1] - i > 64)
            continue;
        for (size_t k = 0; k < waiting && err == CAU_OK; k++)
            if (bag_near(g->bag[fetched[k]], bag, s->limit))
                err = read_word(g, s, kind, fetched[k], out);
        waiting = 0;
    }
    return err;
}

/* The part in the file: of all words with about as many letters those whose bags are near. start: how keys begin. */
static enum cau_err scan_segment(const struct segment *g, struct search *s, enum term_kind kind,
                                 struct str form, struct str start, struct typos *out)
{
    size_t letters;
    uint64_t bag = bag_of(form, &letters);
    if (g->header.blocks == 0 || letters == 0)
        return CAU_OK;
    uint32_t first = 0, last = 0;
    if (start.len > 1) { /* else the whole of the cell */
        struct term_key behind;
        behind.len = start.len + 1;
        memcpy(behind.p, start.p, start.len);
        behind.p[start.len] = (char)0xFF; /* above every letter */
        first = number_of(g, start);
        last = number_of(g, term_str(&behind));
    }
    size_t low = letters > s->limit ? letters - s->limit : 1, high = letters + s->limit;
    enum cau_err err = CAU_OK;
    for (size_t n = low; n <= high && n <= TOKEN_POINTS_MAX && err == CAU_OK; n++) {
        unsigned cell = bag_cell((char)kind, n);
        uint32_t from = g->bag_at[cell], to = g->bag_at[cell + 1];
        uint32_t range[2] = {from, to};
        if (start.len > 1) {
            range[0] = place_of(g, from, to, first);
            range[1] = place_of(g, from, to, last);
        }
        s->depth = 0;
        err = read_near(g, s, kind, bag, range, out);
    }
    return err;
}

static int compare_typos(const void *x, const void *y)
{
    return str_cmp(((const struct typo *)x)->key, ((const struct typo *)y)->key);
}

enum cau_err typo_find(const struct index *ix, struct arena *a, enum term_kind kind,
                       struct str form, unsigned edits, struct typo **out, size_t *n)
{
    must(bag_cell((char)kind, 0) != BAG_CELLS && form.len > 0);
    struct search s = {.limit = edits};
    struct typos typos = {.a = a};
    struct term_key start;
    struct str rest = form;
    while (rest.len > 0 && s.n < TOKEN_POINTS_MAX) {
        s.word[s.n++] = utf8_next(&rest);
        if (s.n == 1)
            term_make(&start, kind, str_to(form, edits > 1 ? form.len - rest.len : 0));
    }
    for (size_t j = 0; j <= s.n; j++)
        s.row[0][j] = (unsigned char)least((unsigned)j, edits + 1);
    enum cau_err err = scan_segment(&ix->segment, &s, kind, form, term_str(&start), &typos);
    s.depth = 0;
    if (err == CAU_OK)
        err = walk_fresh(ix, &s, kind, term_str(&start), &typos);
    if (err != CAU_OK)
        return err;
    if (typos.n > 0)
        qsort(typos.typo, typos.n, sizeof *typos.typo, compare_typos);
    *n = 0;
    for (size_t i = 0; i < typos.n; i++) /* a word of both parts once */
        if (*n == 0 || compare_typos(&typos.typo[*n - 1], &typos.typo[i]) != 0)
            typos.typo[(*n)++] = typos.typo[i];
    *out = typos.typo;
    return CAU_OK;
}
