#include "language/compound.h"

#include "base/buf.h"
#include "base/table.h"
#include "base/utf8.h"
#include "language/token.h"

#include <string.h>

enum {
    HEAD = 1,
    WHOLE = 2
}; /* what a key of the table is: the start of a compound, one itself, both */

struct compound_list {
    struct table key;
    size_t n;
    uint64_t version;
};

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

static enum cau_err mark(struct compound_list *l, struct str key, uint32_t bits, bool *fresh)
{
    uint32_t was = table_get(&l->key, key, 0);
    *fresh = (was & bits) != bits;
    return *fresh ? table_set(&l->key, key, was | bits) : CAU_OK;
}

/* The same for the bare form of key. */
static enum cau_err mark_bare(struct compound_list *l, struct str key, uint32_t bits)
{
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    bool fresh;
    return token_bare(key, bare, &len) ? mark(l, (struct str){bare, len}, bits, &fresh)
                                       : CAU_OK;
}

static enum cau_err add_line(struct compound_list *l, struct str line)
{
    struct token_walk walk;
    struct token word;
    char key[COMPOUND_BYTES_MAX];
    size_t len = 0, head[COMPOUND_SYLLABLES_MAX], n = 0;
    token_start(&walk, line);
    while (token_next(&walk, &word)) {
        if (word.role != TOKEN_MAIN)
            continue;
        if (n == COMPOUND_SYLLABLES_MAX || (n > 0 && !word.touches) ||
            !append(key, &len, word.form))
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
        uint32_t bits = i + 1 == n ? WHOLE : HEAD;
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
    *l = (struct compound_list){.key = table_new()};
    *out = l;
    return CAU_OK;
}

enum cau_err compound_add(struct compound_list *l, struct str lines)
{
    if (!utf8_valid(lines))
        return CAU_ERR_SYNTAX;
    enum cau_err err = CAU_OK;
    while (lines.len > 0 && err == CAU_OK) {
        struct str line = str_trim(str_next(&lines, '\n'));
        if (line.len > 0 && line.p[0] != '#')
            err = add_line(l, line);
    }
    return err;
}

void compound_close(struct compound_list *l)
{
    if (l == NULL)
        return;
    table_free(&l->key);
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
    for (size_t i = 0; l != NULL && i < n && i < COMPOUND_SYLLABLES_MAX; i++) {
        if (!append(out, &at, s[i]))
            break;
        uint32_t bits = table_get(&l->key, (struct str){out, at}, 0);
        if (bits & WHOLE) {
            best = i + 1;
            *len = at;
        }
        if (!(bits & HEAD))
            break;
    }
    return best;
}
