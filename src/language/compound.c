#include "language/compound.h"

#include "base/asset.h"
#include "base/buf.h"
#include "base/table.h"
#include "base/utf8.h"
#include "language/glossary.h"
#include "language/token.h"

#include <string.h>

/* What a key is: the start of a compound, one itself, or both. */
enum { HEAD = 1, WHOLE = 2, BITS = 3 };
enum { SLOTS_FIRST = 1 << 15 };

/* An open hash table of keys as their hashes, at most half full: two keys with one hash would only join two
 * syllables that are no word, in every text and query alike. */
struct compound_list {
    struct buf slot; /* uint64_t: hash with the low two bits for HEAD and WHOLE; 0: empty */
    size_t keys, n;
    uint64_t version;
    /* While lines are read: syllables met before, as they are written -> where in form their index form ends; it begins
     * where the one before it ends. */
    struct table seen;
    struct buf form, form_at;
};

static uint64_t *slot_of(const struct buf *slots, uint64_t hash)
{
    uint64_t *slot = (void *)slots->p;
    size_t mask = slots->len / sizeof *slot - 1;
    size_t i = (size_t)(hash >> 2) & mask;
    while (slot[i] != 0 && (slot[i] ^ hash) > BITS)
        i = (i + 1) & mask;
    return &slot[i];
}

static bool widen(struct compound_list *l)
{
    struct buf wide = buf_new(SIZE_MAX);
    buf_add_zeros(&wide, l->slot.len == 0 ? SLOTS_FIRST * sizeof(uint64_t) : l->slot.len * 2);
    if (wide.failed)
        return false;
    const uint64_t *old = (const void *)l->slot.p;
    for (size_t i = 0; i < l->slot.len / sizeof *old; i++)
        if (old[i] != 0)
            *slot_of(&wide, old[i] & ~(uint64_t)BITS) = old[i];
    buf_free(&l->slot);
    l->slot = wide;
    return true;
}

static uint64_t hash_of(struct str key)
{
    return str_hash(key) & ~(uint64_t)BITS;
}

static bool append(char out[COMPOUND_BYTES_MAX], size_t *len, struct str syllable)
{
    size_t gap = *len > 0;
    if (syllable.len + gap > COMPOUND_BYTES_MAX - *len)
        return false;
    if (gap)
        out[(*len)++] = '_';
    memcpy(out + *len, syllable.p, syllable.len);
    *len += syllable.len;
    return true;
}

static enum cau_err mark(struct compound_list *l, struct str key, uint64_t bits, bool *fresh)
{
    if ((l->keys + 1) * 2 * sizeof(uint64_t) > l->slot.len && !widen(l))
        return CAU_ERR_MEMORY;
    uint64_t *slot = slot_of(&l->slot, hash_of(key));
    *fresh = (*slot & bits) != bits;
    l->keys += *slot == 0;
    *slot = (*slot == 0 ? hash_of(key) : *slot) | bits;
    return CAU_OK;
}

/* The same for the bare form of key. */
static enum cau_err mark_bare(struct compound_list *l, struct str key, uint64_t bits)
{
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    bool fresh;
    return token_bare(key, bare, &len) ? mark(l, (struct str){bare, len}, bits, &fresh)
                                       : CAU_OK;
}

static void remember(struct compound_list *l, struct str raw, struct str form)
{
    uint32_t number = (uint32_t)(l->form_at.len / sizeof number), at = (uint32_t)l->form.len;
    buf_add(&l->form_at, (struct str){(const char *)&at, sizeof at});
    buf_add(&l->form, form);
    if (!l->form.failed && !l->form_at.failed)
        (void)table_set(&l->seen, raw, number); /* without it the word is read again */
}

static struct str remembered(const struct compound_list *l, uint32_t number)
{
    const uint32_t *at = (const void *)l->form_at.p;
    size_t end = (number + 1) * sizeof *at < l->form_at.len ? at[number + 1] : l->form.len;
    return (struct str){l->form.p + at[number], end - at[number]};
}

/* The next main word; its form lives until the next call. */
static bool next_word(struct compound_list *l, struct token_walk *w, struct str *form,
                      bool *touches)
{
    struct token word;
    struct str raw;
    bool plain = token_plain(w, &raw);
    uint32_t number = plain ? table_get(&l->seen, raw, UINT32_MAX) : UINT32_MAX;
    if (number != UINT32_MAX) {
        *form = remembered(l, number);
        *touches = w->touches;
        token_pass(w, raw);
        return true;
    }
    do {
        if (!token_next(w, &word))
            return false;
    } while (word.role != TOKEN_MAIN);
    *form = word.form;
    *touches = word.touches;
    if (plain && token_was_plain(w, raw))
        remember(l, raw, word.form);
    return true;
}

static enum cau_err add_line(struct compound_list *l, struct str line, size_t most)
{
    struct token_walk walk;
    struct str form;
    char key[COMPOUND_BYTES_MAX];
    size_t len = 0, head[COMPOUND_SYLLABLES_MAX], n = 0;
    bool touches;
    token_start(&walk, line);
    while (next_word(l, &walk, &form, &touches)) {
        if (n == most || (n > 0 && !touches) || !append(key, &len, form))
            return CAU_OK;
        head[n++] = len;
    }
    if (n < 2)
        return CAU_OK;
    if (l->n == COMPOUND_LIST_MAX)
        return CAU_ERR_RANGE;
    bool fresh = false;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        struct str part = {key, head[i]};
        uint64_t bits = i + 1 == n ? WHOLE : HEAD;
        err = mark(l, part, bits, &fresh);
        if (err == CAU_OK)
            err = mark_bare(l, part, bits);
    }
    if (err == CAU_OK && fresh) {
        l->n++;
        l->version += str_hash((struct str){key, len}); /* a sum: the order does not matter */
    }
    return err;
}

enum cau_err compound_open(struct compound_list **out)
{
    struct buf room = buf_new(sizeof(struct compound_list));
    struct compound_list *l = (void *)buf_extend(&room, sizeof *l);
    if (l == NULL)
        return CAU_ERR_MEMORY;
    *l = (struct compound_list){.slot = buf_new(SIZE_MAX),
                                .seen = table_new(),
                                .form = buf_new(UINT32_MAX),
                                .form_at = buf_new(UINT32_MAX)};
    *out = l;
    return CAU_OK;
}

/* What was only for reading lines goes. */
static void forget(struct compound_list *l)
{
    table_free(&l->seen);
    buf_free(&l->form);
    buf_free(&l->form_at);
}

static enum cau_err add_lines(struct compound_list *l, struct str lines, char cut, size_t most)
{
    enum cau_err err = CAU_OK;
    while (lines.len > 0 && err == CAU_OK) {
        struct str line = str_trim(str_next(&lines, cut));
        if (line.len > 0 && line.p[0] != '#')
            err = add_line(l, line, most);
    }
    return err;
}

enum cau_err compound_add(struct compound_list *l, struct str lines)
{
    enum cau_err err =
        utf8_valid(lines) ? add_lines(l, lines, '\n', COMPOUND_SYLLABLES_MAX) : CAU_ERR_SYNTAX;
    forget(l);
    return err;
}

static enum cau_err add_terms(struct compound_list *l, struct str file, size_t most)
{
    struct str terms;
    enum cau_err err = CAU_OK;
    while (err == CAU_OK && glossary_next_terms(&file, TOKEN_VI, &terms))
        err = add_lines(l, terms, ';', most);
    return err;
}

/* The program's files with such an ending. */
static enum cau_err add_files(struct compound_list *l, struct str ending)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < asset_count && err == CAU_OK; i++) {
        const struct asset *file = &asset_list[i];
        if (!str_starts(file->name, STR("terms/")) || !str_ends(file->name, ending))
            continue;
        err = str_is(ending, ".words") ? add_lines(l, file->bytes, '\n', COMPOUND_OWN_SYLLABLES)
                                       : add_terms(l, file->bytes, COMPOUND_OWN_SYLLABLES);
    }
    return err;
}

enum cau_err compound_open_own(struct compound_list **out)
{
    struct compound_list *l;
    enum cau_err err = compound_open(&l);
    if (err != CAU_OK)
        return err;
    err = add_files(l, STR(".words"));
    if (err == CAU_OK)
        err = add_files(l, STR(".terms"));
    if (err != CAU_OK) {
        must(err == CAU_ERR_MEMORY); /* the files are the program's */
        compound_close(l);
        return err;
    }
    forget(l);
    *out = l;
    return CAU_OK;
}

void compound_close(struct compound_list *l)
{
    if (l == NULL)
        return;
    forget(l);
    buf_free(&l->slot);
    buf_drop(l);
}

size_t compound_count(const struct compound_list *l)
{
    return l == NULL ? 0 : l->n;
}

uint64_t compound_version(const struct compound_list *l)
{
    return l == NULL ? 0 : l->version;
}

size_t compound_match(const struct compound_list *l, const struct str *s, size_t n,
                      char out[COMPOUND_BYTES_MAX], size_t *len)
{
    size_t best = 1, at = 0;
    for (size_t i = 0; compound_count(l) > 0 && i < n && i < COMPOUND_SYLLABLES_MAX; i++) {
        if (!append(out, &at, s[i]))
            break;
        uint64_t bits = *slot_of(&l->slot, hash_of((struct str){out, at})) & BITS;
        if (bits & WHOLE) {
            best = i + 1;
            *len = at;
        }
        if (!(bits & HEAD))
            break;
    }
    return best;
}
