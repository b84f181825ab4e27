#include "index/posting_int.h"

#include "base/number.h"

static size_t encode(uint32_t value, unsigned char *out)
{
    size_t n = 0;
    for (; value >= 128; value >>= 7)
        out[n++] = (unsigned char)(value | 128);
    out[n++] = (unsigned char)value;
    return n;
}

size_t posting_encode(uint32_t delta, uint32_t weight, unsigned char out[10])
{
    size_t n = encode(delta, out);
    return n + encode(weight, out + n);
}

void posting_put(struct buf *b, uint32_t delta, uint32_t weight)
{
    unsigned char *p = (unsigned char *)buf_extend(b, 10);
    if (p != NULL)
        b->len -= 10 - posting_encode(delta, weight, p);
}

uint32_t posting_share(unsigned char code)
{
    return (16u + (code & 15u)) << (code >> 4) << 5;
}

unsigned char posting_share_code(uint32_t share)
{
    must(share <= 1u << 24);
    unsigned power = share < 1u << 9 ? 0 : number_highest_bit(share) - 9;
    unsigned code = power << 4;
    while (posting_share((unsigned char)code) < share)
        code++;
    return (unsigned char)code;
}

static uint32_t skip_word(const struct posting_cursor *c, uint32_t block, size_t word)
{
    uint32_t value;
    memcpy(&value, c->skip + block * (size_t)8 + word * 4, 4);
    return value;
}

/* Jumps over whole blocks whose last id is below target. */
static void skip_blocks(struct posting_cursor *c, uint32_t target)
{
    uint32_t low = c->block, high = c->blocks;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (skip_word(c, mid, 0) < target)
            low = mid + 1;
        else
            high = mid;
    }
    if (low <= c->block)
        return;
    uint32_t end = skip_word(c, low - 1, 1), id = skip_word(c, low - 1, 0);
    if (end > (size_t)(c->end - c->start) || c->start + end < c->p || id < c->id)
        return; /* not well formed, or already behind it */
    c->block = low;
    c->p = c->start + end;
    c->id = id;
}

bool posting_seek(struct posting_cursor *c, uint32_t target)
{
    if (c->weight != 0 && c->id >= target)
        return true;
    if (c->block < c->blocks && skip_word(c, c->block, 0) < target)
        skip_blocks(c, target);
    while (posting_next(c))
        if (c->id >= target)
            return true;
    c->weight = 0;
    return false;
}
