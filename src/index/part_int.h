/* part_int.h - documents with their columns: what the part in memory and the segment in a file have in
 * common. A document is known by its slot, 0..n-1, in the order it was written. */
#ifndef CAU_INDEX_PART_INT_H
#define CAU_INDEX_PART_INT_H

#include "base/number.h"
#include "index/posting_int.h"
#include "language/token.h"

#define PART_SLOTS_MAX  ((uint32_t)1 << 28)
#define PART_LENGTH_MAX 65535 /* longer texts count as this long */

struct part {
    uint32_t n;
    const uint32_t *doc, *shape, *owner; /* n each */
    bool docs_rise;                      /* with the slots */
    const int64_t *updated_ms;
    const uint16_t
        *length;          /* TOKEN_GROUPS a slot: field weights of all words; 0: no such text */
    const uint8_t *brief; /* n: part_brief of its lengths; few bytes that say enough of most */
    const uint32_t *token_at; /* n + 1: where the slot's tokens begin */
    const uint32_t *token;    /* see part_token */
    const uint64_t *text_at;  /* n + 1: where the slot's stored texts begin */
    const char *text;
    const uint64_t *word_at; /* n + 1: where the slot's words begin */
    const char *word;        /* see wordlist_int.h */
    const uint64_t *dead;    /* bits by slot; NULL: none */
    uint32_t dead_words;     /* of dead; slots behind it live */
};

static inline bool part_is_dead(const struct part *p, uint32_t slot)
{
    return slot / 64 < p->dead_words && (p->dead[slot / 64] >> slot % 64 & 1) != 0;
}

/* A length as a byte, rounded down, and the least length with that byte; greater lengths have no smaller bytes. */
static inline uint8_t part_brief_code(uint32_t length)
{
    if (length < 32)
        return (uint8_t)length;
    unsigned shift = number_highest_bit(length) - 4;
    return (uint8_t)((shift + 1) << 4 | (length >> shift & 15));
}
static inline uint32_t part_brief_length(uint8_t code)
{
    return code < 32 ? code : (16u | (code & 15u)) << ((code >> 4) - 1);
}
/* The shortest text of a slot (TOKEN_GROUPS lengths) that is of a language; 0 when there is none. */
static inline uint8_t part_brief(const uint16_t *length)
{
    uint32_t least = UINT32_MAX;
    for (unsigned k = 0; k < TOKEN_OTHER; k++)
        least = length[k] > 0 && length[k] < least ? length[k] : least;
    return part_brief_code(least == UINT32_MAX ? 0 : least);
}

/* The stored texts of a slot; empty when the offsets make no sense. */
struct str part_text(const struct part *p, uint32_t slot);
/* Its words (wordlist_int.h); empty when the offsets make no sense. */
struct str part_words(const struct part *p, uint32_t slot);
/* Its tokens; *n of them. */
const uint32_t *part_tokens(const struct part *p, uint32_t slot, size_t *n);

/* A word in the token stream, for phrases: 16 bits of its stem (or form) above 16 bits of its bare form;
 * between two texts stands 0. */
uint32_t part_token(struct str stem, struct str bare);
uint32_t part_token_half(struct str form); /* 16 bits of a form, never 0 */

struct part_term {
    int64_t count[TOKEN_GROUPS]; /* weights in public documents, by language group */
    unsigned groups;             /* bits: in whose texts it stands; maybe more of them */
    uint32_t
        share; /* at least w / length of each place it stands, 24 fractional bits; UINT32_MAX: not known */
    uint32_t number; /* 1 + its number in the part; 0: it does not have the term */
    struct posting_list list;
};

#endif
