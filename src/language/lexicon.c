#include "language/lexicon_int.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Where things lie in the file. */
struct words {
    const char *at, *bytes, *share;
    uint32_t n;
    bool has_shares;
};

struct table_view {
    const char *row, *term, *sources, *y;
    uint32_t n;
};

struct lexicon {
    struct lexicon_header header;
    struct lexicon_source source[LEXICON_SOURCES_MAX];
    struct words words[LEXICON_LANGUAGES];
    struct table_view table[LEXICON_TABLES];
};

static uint32_t word_at(const char *p, size_t i)
{
    uint32_t value;
    memcpy(&value, p + i * sizeof value, sizeof value);
    return value;
}

static uint16_t y_at(const struct table_view *t, size_t i)
{
    uint16_t value;
    memcpy(&value, t->y + i * sizeof value, sizeof value);
    return value;
}

static struct str term_at(const struct words *w, size_t i)
{
    uint32_t at = word_at(w->at, i);
    return (struct str){w->bytes + at, word_at(w->at, i + 1) - at};
}

struct digest lexicon_hash(struct str file)
{
    const size_t at = offsetof(struct lexicon_header, hash);
    const struct str part[] = {str_to(file, at), str_from(file, at + sizeof(struct digest))};
    return digest_sha256(part, countof(part));
}

/* Takes the next section of count things of size bytes; NULL when the file ends before. */
static const char *section(struct str *rest, uint64_t count, size_t size)
{
    if (count > rest->len / size)
        return NULL;
    const char *p = rest->p;
    size_t len = (size_t)count * size, pad = -len % 8;
    if (pad > rest->len - len)
        return NULL;
    *rest = str_from(*rest, len + pad);
    return p;
}

static bool is_text(struct str x)
{
    return x.len <= LEXICON_TEXT_MAX && utf8_valid(x);
}

static bool read_source(struct str *rest, struct lexicon_source *out)
{
    const char *fixed = section(rest, 1, 48);
    if (fixed == NULL)
        return false;
    memcpy(&out->pairs, fixed, 8);
    memcpy(&out->hash, fixed + 8, 32);
    size_t name = word_at(fixed, 10), licence = word_at(fixed, 11);
    if (name > LEXICON_TEXT_MAX || licence > LEXICON_TEXT_MAX)
        return false;
    const char *text = section(rest, name + licence, 1);
    if (text == NULL)
        return false;
    out->name = (struct str){text, name};
    out->licence = (struct str){text + name, licence};
    return is_text(out->name) && is_text(out->licence);
}

static bool read_sources(struct lexicon *l, struct str *rest)
{
    if (l->header.source_bytes > rest->len || l->header.source_bytes % 8 != 0 ||
        l->header.sources == 0 || l->header.sources > LEXICON_SOURCES_MAX)
        return false;
    struct str own = str_to(*rest, (size_t)l->header.source_bytes);
    *rest = str_from(*rest, own.len);
    for (size_t i = 0; i < l->header.sources; i++)
        if (!read_source(&own, &l->source[i]))
            return false;
    return own.len == 0;
}

/* The terms of a language, in order of bytes, none twice. */
static bool read_words(struct str *rest, uint32_t n, uint64_t bytes, struct words *out)
{
    struct words w = {.n = n};
    if (n > LEXICON_TERMS_MAX || bytes > UINT32_MAX)
        return false;
    w.at = section(rest, (uint64_t)n + 1, 4);
    w.bytes = w.at == NULL ? NULL : section(rest, bytes, 1);
    w.share = w.bytes == NULL ? NULL : section(rest, n, 4);
    if (w.share == NULL || word_at(w.at, 0) != 0 || word_at(w.at, n) != bytes)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (word_at(w.at, i) > word_at(w.at, i + 1) || word_at(w.at, i + 1) > bytes)
            return false;
    for (uint32_t i = 0; i < n && !w.has_shares; i++)
        w.has_shares = word_at(w.share, i) > 0;
    for (uint32_t i = 0; i < n; i++)
        if (!utf8_valid(term_at(&w, i)) ||
            (i > 0 && str_cmp(term_at(&w, i - 1), term_at(&w, i)) >= 0))
            return false;
    *out = w;
    return true;
}

static bool row_is_good(const struct lexicon *l, const struct table_view *t,
                        const struct words *to, size_t row)
{
    uint32_t first = word_at(t->row, row), end = word_at(t->row, row + 1);
    if (first > end || end > t->n || end - first > LEXICON_KEPT_MAX)
        return false;
    for (uint32_t i = first; i < end; i++) {
        uint32_t term = word_at(t->term, i), sources = word_at(t->sources, i);
        if (term >= to->n || y_at(t, i) == 0 || sources == 0 ||
            (uint64_t)sources >> l->header.sources != 0)
            return false;
        if (i > first && (y_at(t, i - 1) < y_at(t, i) ||
                          (y_at(t, i - 1) == y_at(t, i) && word_at(t->term, i - 1) >= term)))
            return false;
    }
    return true;
}

static bool read_table(const struct lexicon *l, struct str *rest, unsigned table,
                       struct table_view *out)
{
    const struct words *from = &l->words[lexicon_from(table)];
    const struct words *to = &l->words[lexicon_to(table)];
    struct table_view t = {.n = l->header.entries[table]};
    t.row = section(rest, (uint64_t)from->n + 1, 4);
    t.term = t.row == NULL ? NULL : section(rest, t.n, 4);
    t.sources = t.term == NULL ? NULL : section(rest, t.n, 4);
    t.y = t.sources == NULL ? NULL : section(rest, t.n, 2);
    if (t.y == NULL || word_at(t.row, 0) != 0 || word_at(t.row, from->n) != t.n)
        return false;
    for (uint32_t i = 0; i < from->n; i++)
        if (!row_is_good(l, &t, to, i))
            return false;
    *out = t;
    return true;
}

static bool read_all(struct lexicon *l, struct str file)
{
    const struct lexicon_header *h = &l->header;
    if (file.len < sizeof *h)
        return false;
    memcpy(&l->header, file.p, sizeof *h);
    struct digest hash = lexicon_hash(file);
    if (memcmp(h->magic, "cau-lex\n", sizeof h->magic) != 0 || h->format != LEXICON_FORMAT ||
        h->zero != 0 || !digest_equal(&hash, &h->hash))
        return false;
    struct str rest = str_from(file, sizeof *h);
    if (!read_sources(l, &rest))
        return false;
    for (size_t i = 0; i < LEXICON_LANGUAGES; i++)
        if (!read_words(&rest, h->terms[i], h->pool[i], &l->words[i]))
            return false;
    for (unsigned i = 0; i < LEXICON_TABLES; i++)
        if (!read_table(l, &rest, i, &l->table[i]))
            return false;
    return rest.len == 0;
}

enum cau_err lexicon_open(struct str file, struct lexicon **out)
{
    struct buf room = buf_new(sizeof(struct lexicon));
    buf_add_zeros(&room, sizeof(struct lexicon));
    if (room.failed)
        return CAU_ERR_MEMORY;
    struct lexicon *l = (void *)room.p;
    if (!read_all(l, file)) {
        buf_free(&room);
        return CAU_ERR_CORRUPT;
    }
    *out = l;
    return CAU_OK;
}

void lexicon_close(struct lexicon *l)
{
    buf_drop(l);
}

uint64_t lexicon_version(const struct lexicon *l)
{
    uint64_t version;
    if (l == NULL)
        return 0;
    memcpy(&version, l->header.hash.b, sizeof version);
    return version | 1; /* never that of none */
}

uint64_t lexicon_analyser(const struct lexicon *l)
{
    return l == NULL ? 0 : l->header.analyser;
}

static bool has_table(const struct lexicon *l, enum token_group from, enum token_group to)
{
    return l != NULL && from < TOKEN_OTHER && to < TOKEN_OTHER && from != to;
}

/* The number of a term, or the number of terms. */
static uint32_t find(const struct words *w, struct str term)
{
    uint32_t low = 0, high = w->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int order = str_cmp(term_at(w, mid), term);
        if (order == 0)
            return mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return w->n;
}

size_t lexicon_find(const struct lexicon *l, enum token_group from, enum token_group to,
                    struct str term, struct lexicon_entry out[LEXICON_KEPT_MAX])
{
    if (!has_table(l, from, to))
        return 0;
    uint32_t row = find(&l->words[from], term);
    if (row == l->words[from].n)
        return 0;
    const struct table_view *t = &l->table[lexicon_table(from, to)];
    uint32_t first = word_at(t->row, row), end = word_at(t->row, row + 1);
    for (uint32_t i = first; i < end; i++)
        out[i - first] = (struct lexicon_entry){term_at(&l->words[to], word_at(t->term, i)),
                                                y_at(t, i), word_at(t->sources, i)};
    return end - first;
}

uint32_t lexicon_share(const struct lexicon *l, enum token_group lang, struct str term)
{
    if (!lexicon_has_shares(l, lang))
        return 0;
    uint32_t at = find(&l->words[lang], term);
    return at == l->words[lang].n ? 0 : word_at(l->words[lang].share, at);
}

bool lexicon_has_shares(const struct lexicon *l, enum token_group lang)
{
    return l != NULL && lang < TOKEN_OTHER && l->words[lang].has_shares;
}

/* Terms met on the way there and back, by number. */
struct alike {
    uint32_t term, sources, y; /* term: 1 + number; 0: free */
};
enum { ALIKE_SLOTS = 4096 }; /* twice what two languages can bring, a power of two */

static void add_alike(struct alike slot[ALIKE_SLOTS], uint32_t term, uint32_t y,
                      uint32_t sources)
{
    uint32_t at = term * UINT32_C(2654435761) % ALIKE_SLOTS;
    while (slot[at].term != 0 && slot[at].term != term + 1)
        at = (at + 1) % ALIKE_SLOTS;
    slot[at].term = term + 1;
    slot[at].y += y;
    slot[at].sources |= sources;
}

static void go_through(const struct lexicon *l, enum token_group lang, enum token_group middle,
                       uint32_t row, struct alike slot[ALIKE_SLOTS])
{
    const struct table_view *there = &l->table[lexicon_table(lang, middle)];
    const struct table_view *back = &l->table[lexicon_table(middle, lang)];
    for (uint32_t i = word_at(there->row, row); i < word_at(there->row, row + 1); i++) {
        uint32_t m = word_at(there->term, i), y = y_at(there, i);
        if (y < LEXICON_ALIKE_PART)
            break; /* they fall */
        for (uint32_t k = word_at(back->row, m); k < word_at(back->row, m + 1); k++) {
            uint32_t z = y_at(back, k), term = word_at(back->term, k);
            if (z < LEXICON_ALIKE_PART)
                break;
            if (term != row)
                add_alike(slot, term, y * z >> 17,
                          word_at(there->sources, i) | word_at(back->sources, k));
        }
    }
}

static int compare_alike(const void *x, const void *y)
{
    const struct alike *a = x, *b = y;
    if (a->y != b->y)
        return a->y > b->y ? -1 : 1;
    return (a->term > b->term) - (a->term < b->term);
}

size_t lexicon_alike(const struct lexicon *l, enum token_group lang, struct str term,
                     struct lexicon_entry out[LEXICON_KEPT_MAX])
{
    struct alike slot[ALIKE_SLOTS] = {{0, 0, 0}};
    size_t n = 0, kept = 0;
    if (l == NULL || lang >= TOKEN_OTHER)
        return 0;
    uint32_t row = find(&l->words[lang], term);
    if (row == l->words[lang].n)
        return 0;
    for (unsigned m = 0; m < LEXICON_LANGUAGES; m++)
        if (m != (unsigned)lang)
            go_through(l, lang, (enum token_group)m, row, slot);
    for (size_t i = 0; i < ALIKE_SLOTS; i++)
        if (slot[i].y >= LEXICON_ALIKE_MIN)
            slot[n++] = slot[i];
    qsort(slot, n, sizeof *slot, compare_alike);
    for (; kept < n && kept < LEXICON_KEPT_MAX; kept++)
        out[kept] = (struct lexicon_entry){
            term_at(&l->words[lang], slot[kept].term - 1),
            (uint16_t)(slot[kept].y < UINT16_MAX ? slot[kept].y : UINT16_MAX),
            slot[kept].sources};
    return kept;
}

size_t lexicon_terms(const struct lexicon *l, enum token_group from, enum token_group to)
{
    return has_table(l, from, to) ? l->words[from].n : 0;
}

struct str lexicon_term(const struct lexicon *l, enum token_group from, enum token_group to,
                        size_t i)
{
    must(i < lexicon_terms(l, from, to));
    return term_at(&l->words[from], i);
}

size_t lexicon_sources(const struct lexicon *l)
{
    return l == NULL ? 0 : l->header.sources;
}

struct lexicon_source lexicon_source(const struct lexicon *l, size_t i)
{
    must(i < lexicon_sources(l));
    return l->source[i];
}
