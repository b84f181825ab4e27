#include "index/part_int.h"

struct str part_text(const struct part *p, uint32_t slot)
{
    uint64_t from = p->text_at[slot], to = p->text_at[slot + 1];
    if (from > to || to > p->text_at[p->n])
        return (struct str){NULL, 0};
    return (struct str){p->text + from, (size_t)(to - from)};
}

struct str part_words(const struct part *p, uint32_t slot)
{
    uint64_t from = p->word_at[slot], to = p->word_at[slot + 1];
    if (from > to || to > p->word_at[p->n])
        return (struct str){NULL, 0};
    return (struct str){p->word + from, (size_t)(to - from)};
}

const uint32_t *part_tokens(const struct part *p, uint32_t slot, size_t *n)
{
    uint32_t from = p->token_at[slot], to = p->token_at[slot + 1];
    *n = from > to || to > p->token_at[p->n] ? 0 : to - from;
    return p->token + from;
}

uint32_t part_token_half(struct str form)
{
    uint32_t half = (uint32_t)str_hash(form) & 0xFFFF;
    return half == 0 ? 1 : half;
}

uint32_t part_token(struct str stem, struct str bare)
{
    return part_token_half(stem) << 16 | part_token_half(bare);
}
