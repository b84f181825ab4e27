#include "index/posting_int.h"

#include "base/number.h"
#include "base/steps.h"

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

static void put32(unsigned char *p, uint32_t value)
{
    memcpy(p, &value, sizeof value);
}

static void write_block(struct buf *b, const struct posting *p, size_t n, uint32_t before)
{
    uint32_t delta = 0, weight = 0, id = before;
    bool same = true;
    for (size_t i = 0; i < n; i++) {
        delta |= p[i].id - id;
        weight |= p[i].weight;
        same = same && p[i].weight == p[0].weight;
        id = p[i].id;
    }
    size_t w = delta < 1u << 8 ? 1 : delta < 1u << 16 ? 2 : 4;
    size_t v = same ? 0 : weight < 1u << 8 ? 1 : 2;
    unsigned char *out = (void *)buf_extend(b, 2 + n * w + (v == 0 ? 2 : n * v));
    if (out == NULL)
        return;
    *out++ = (unsigned char)w;
    *out++ = (unsigned char)v;
    for (size_t i = 0; i < n; i++) {
        uint32_t one = p[i].id - before;
        for (size_t k = 0; k < w; k++, one >>= 8)
            *out++ = (unsigned char)one;
        before = p[i].id;
    }
    for (size_t i = 0; i < (v == 0 ? 1 : n); i++)
        for (size_t k = 0, one = p[i].weight; k < (v == 0 ? 2 : v); k++, one >>= 8)
            *out++ = (unsigned char)one;
}

void posting_write(struct buf *b, const struct posting *posting, size_t n)
{
    uint32_t before = 0;
    if (n <= POSTING_BLOCK) {
        for (size_t i = 0; i < n; i++) {
            unsigned char bytes[10];
            size_t len = posting_encode(posting[i].id - before, posting[i].weight, bytes);
            buf_add(b, (struct str){(const char *)bytes, len});
            before = posting[i].id;
        }
        return;
    }
    size_t skip = b->len, blocks = (n + POSTING_BLOCK - 1) / POSTING_BLOCK;
    buf_add_zeros(b, blocks * 8);
    for (size_t i = 0; i < blocks; i++) {
        const struct posting *p = posting + i * POSTING_BLOCK;
        size_t many = i + 1 < blocks ? POSTING_BLOCK : n - i * POSTING_BLOCK;
        write_block(b, p, many, before);
        if (b->failed)
            return;
        before = p[many - 1].id;
        unsigned char *entry = (unsigned char *)b->p + skip + i * 8;
        put32(entry, before);
        put32(entry + 4, (uint32_t)(b->len - skip - blocks * 8));
    }
}

static bool read_number(struct posting_cursor *c, uint32_t *out)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 35 && c->p < c->end; shift += 7) {
        uint32_t byte = *c->p++;
        value |= (byte & 127) << shift;
        if (byte < 128) {
            *out = value;
            return true;
        }
    }
    return false;
}

static uint32_t skip_word(const struct posting_cursor *c, uint32_t block, size_t word)
{
    uint32_t value;
    memcpy(&value, c->skip + block * (size_t)8 + word * 4, 4);
    return value;
}

static bool end_list(struct posting_cursor *c)
{
    c->i = c->n = 0;
    c->block = c->blocks;
    c->p = c->end;
    return false;
}

/* Before the first posting of a block, which the cursor has not passed; false when it is not well formed. */
static bool enter_block(struct posting_cursor *c, uint32_t block)
{
    uint32_t from = block == 0 ? 0 : skip_word(c, block - 1, 1), to = skip_word(c, block, 1);
    uint32_t before = block == 0 ? 0 : skip_word(c, block - 1, 0);
    uint32_t n = block + 1 < c->blocks ? POSTING_BLOCK : c->count - block * POSTING_BLOCK;
    if (from > to || to > (size_t)(c->end - c->p) || to - from < 2 || before < c->id ||
        n > POSTING_BLOCK)
        return end_list(c);
    const unsigned char *p = c->p + from;
    uint32_t w = p[0], v = p[1];
    if ((w != 1 && w != 2 && w != 4) || v > 2 || to - from < 2 + n * w + (v == 0 ? 2 : n * v))
        return end_list(c);
    c->delta = p + 2;
    c->weights = p + 2 + (size_t)n * w;
    c->delta_bytes = (uint8_t)w;
    c->weight_bytes = (uint8_t)v;
    if (v == 0)
        c->weight = (uint32_t)c->weights[0] | (uint32_t)c->weights[1] << 8;
    c->i = 0;
    c->n = n;
    c->id = before;
    c->block = block + 1;
    return n > 0;
}

bool posting_next_apart(struct posting_cursor *c)
{
    uint32_t delta, weight;
    if (c->block < c->blocks)
        return enter_block(c, c->block) && posting_next(c);
    if (c->blocks > 0)
        return end_list(c);
    if (c->end - c->p >= 2 && (c->p[0] | c->p[1]) < 128 && c->p[0] <= UINT32_MAX - c->id) {
        c->id += c->p[0];
        c->weight = c->p[1];
        c->p += 2;
        return true;
    }
    if (c->p < c->end && read_number(c, &delta) && read_number(c, &weight) &&
        delta <= UINT32_MAX - c->id) {
        c->id += delta;
        c->weight = weight;
        return true;
    }
    c->p = c->end;
    if (c->last.weight == 0)
        return false;
    c->id = c->last.id;
    c->weight = c->last.weight;
    c->last.weight = 0;
    return true;
}

/* Sums differences to ids until one is not below high: how many are. Eight at once, each with the weight; room for all of
 * most is written to. */
static size_t run_ids(const unsigned char *delta, unsigned bytes, struct posting at,
                      uint32_t high, struct posting *out, size_t most)
{
    size_t n = 0;
    for (; bytes <= 2 && n + 8 <= most; n += 8) {
        steps_eight(delta + n * bytes, bytes, at.id, at.weight, (uint32_t *)(void *)(out + n));
        at.id = out[n + 7].id;
        if (at.id >= high) { /* below 2^31 before, no sum goes over */
            while (out[n].id < high)
                n++;
            return n;
        }
    }
    for (; n < most; n++) {
        const unsigned char *p = delta + n * bytes;
        uint32_t step = bytes == 1 ? p[0] : (uint32_t)p[0] | (uint32_t)p[1] << 8;
        if (bytes == 4)
            memcpy(&step, p, sizeof step);
        if (step >= high || (at.id += step) >= high)
            break;
        out[n] = at;
    }
    return n;
}

/* The postings of the block at hand with ids below high, at most most. */
static size_t run_block(struct posting_cursor *c, uint32_t high, struct posting *out,
                        size_t most)
{
    size_t left = c->n - c->i;
    const unsigned char *weights = c->weights + (size_t)c->i * c->weight_bytes;
    struct posting at = {c->id, c->weight};
    size_t n = run_ids(c->delta + (size_t)c->i * c->delta_bytes, c->delta_bytes, at, high, out,
                       left < most ? left : most);
    if (c->weight_bytes == 1)
        for (size_t i = 0; i < n; i++)
            out[i].weight = weights[i];
    else if (c->weight_bytes == 2)
        for (size_t i = 0; i < n; i++)
            out[i].weight = (uint32_t)weights[2 * i] | (uint32_t)weights[2 * i + 1] << 8;
    if (n > 0) {
        c->id = out[n - 1].id;
        c->weight = out[n - 1].weight;
        c->i += (uint32_t)n;
    }
    return n;
}

size_t posting_run(struct posting_cursor *c, uint32_t high, struct posting out[POSTING_BLOCK],
                   bool *more)
{
    size_t n = 0;
    must(high <= 1u << 31);
    *more = true;
    while (*more && c->id < high && n < POSTING_BLOCK) {
        out[n++] = (struct posting){c->id, c->weight};
        if (c->i < c->n)
            n += run_block(c, high, out + n, POSTING_BLOCK - n);
        *more = posting_next(c);
    }
    return n;
}

/* The first block behind those entered whose last id is not below target; blocks when there is none. */
static uint32_t block_of(const struct posting_cursor *c, uint32_t target)
{
    uint32_t low = c->block, high = c->blocks;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (skip_word(c, mid, 0) < target)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

bool posting_seek(struct posting_cursor *c, uint32_t target)
{
    if (c->weight != 0 && c->id >= target)
        return true;
    if (c->blocks > 0 && (c->block == 0 || skip_word(c, c->block - 1, 0) < target)) {
        uint32_t block = block_of(c, target);
        if (block == c->blocks)
            end_list(c);
        else
            enter_block(c, block);
    }
    while (posting_next(c))
        if (c->id >= target)
            return true;
    c->weight = 0;
    return false;
}
