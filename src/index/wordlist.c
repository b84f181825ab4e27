#include "index/wordlist_int.h"

enum { WORD_BYTES_MAX = 4 * 5 };

static inline char *put(char *p, uint32_t value)
{
    for (; value >= 128; value >>= 7)
        *p++ = (char)(value | 128);
    *p++ = (char)value;
    return p;
}

void wordlist_put(struct buf *b, const struct wordlist_word *word, uint32_t end)
{
    must(word->at < 1u << 29 && end < 1u << 29 && word->len < 1u << 29);
    char *p = buf_extend(b, WORD_BYTES_MAX);
    if (p == NULL)
        return;
    p = put(p, word->len << 2 | (word->digits ? 2u : 0u) | (word->begins ? 1u : 0u));
    if (word->begins)
        p = put(p, word->group);
    p = put(p, word->at >= end ? (word->at - end) * 2 : (end - word->at) * 2 - 1);
    p = put(p, word->term);
    b->len = (size_t)(p - b->p);
}

void wordlist_start(struct wordlist_walk *w, struct str list)
{
    const unsigned char *p = (const unsigned char *)list.p;
    *w = (struct wordlist_walk){p, list.len == 0 ? p : p + list.len, 0, TOKEN_OTHER};
}

static inline bool take(struct wordlist_walk *w, uint32_t *out)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 32 && w->p < w->end; shift += 7) {
        uint32_t byte = *w->p++;
        value |= (byte & 127) << shift;
        if (byte < 128) {
            *out = value;
            return true;
        }
    }
    return false;
}

bool wordlist_next(struct wordlist_walk *w, struct wordlist_word *out)
{
    uint32_t head, group = w->group, gap, term;
    if (!take(w, &head) || ((head & 1) != 0 && !take(w, &group)) || group >= TOKEN_GROUPS ||
        !take(w, &gap) || !take(w, &term)) {
        w->p = w->end;
        return false;
    }
    uint32_t at = (gap & 1) != 0 ? w->at - (gap / 2 + 1) : w->at + gap / 2;
    if (at >= 1u << 28 || head >> 2 >= 1u << 28) { /* no text is as long */
        w->p = w->end;
        return false;
    }
    w->group = (enum token_group)group;
    *out = (struct wordlist_word){.term = term,
                                  .at = at,
                                  .len = head >> 2,
                                  .group = w->group,
                                  .digits = (head & 2) != 0,
                                  .begins = (head & 1) != 0};
    w->at = out->at + out->len;
    return true;
}
