#include "base/sort.h"

#include "base/buf.h"
#include "base/number.h"
#include "base/sync.h"

#include <string.h>

enum {
    FEW = 24,        /* items that are put in one by one */
    WIDE = 4096,     /* items from which a digit has DIGIT_MOST bits, not 8 */
    DIGIT_MOST = 11, /* bits */
    PART_BITS = 10,  /* of the keys' first differing ones: parts that threads share */
    PARTS = 1 << PART_BITS,
    CHUNK_MIN = 16384, /* items a thread takes at least to put into parts */
    CHUNKS_MAX = 32
};

static void sort_few(struct sort_item *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct sort_item one = v[i];
        size_t at = i;
        for (; at > 0 && v[at - 1].key > one.key; at--)
            v[at] = v[at - 1];
        v[at] = one;
    }
}

/* From the lowest digit up; those that all share are passed over. */
void sort_items(struct sort_item *v, size_t n, struct sort_item *spare)
{
    struct sort_item *from = v, *to = spare;
    unsigned bits = n < WIDE ? 8 : DIGIT_MOST;
    uint64_t mask = ((uint64_t)1 << bits) - 1;
    if (n <= FEW) {
        sort_few(v, n);
        return;
    }
    for (unsigned shift = 0; shift < 64; shift += bits) {
        size_t at[1 << DIGIT_MOST], sum = 0;
        memset(at, 0, sizeof *at << bits);
        for (size_t i = 0; i < n; i++)
            at[from[i].key >> shift & mask]++;
        if (at[from[0].key >> shift & mask] == n)
            continue;
        for (size_t b = 0; b <= mask; b++) {
            size_t count = at[b];
            at[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[at[from[i].key >> shift & mask]++] = from[i];
        struct sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != v)
        memcpy(v, from, n * sizeof *v);
}

struct sorting {
    struct sort_item *v, *spare;
    size_t n, chunk;     /* items; of one chunk */
    unsigned shift;      /* what a key's part is above */
    size_t (*at)[PARTS]; /* of each chunk: how many of each part, then where they go */
};

static size_t part_of(const struct sorting *s, uint64_t key)
{
    return key >> s->shift & (PARTS - 1);
}

static size_t chunk_end(const struct sorting *s, size_t chunk)
{
    return (chunk + 1) * s->chunk < s->n ? (chunk + 1) * s->chunk : s->n;
}

static void count_parts(void *ctx, size_t chunk)
{
    const struct sorting *s = ctx;
    size_t *at = s->at[chunk];
    memset(at, 0, sizeof *s->at);
    for (size_t i = chunk * s->chunk; i < chunk_end(s, chunk); i++)
        at[part_of(s, s->v[i].key)]++;
}

static void put_parts(void *ctx, size_t chunk)
{
    const struct sorting *s = ctx;
    size_t *at = s->at[chunk];
    for (size_t i = chunk * s->chunk; i < chunk_end(s, chunk); i++)
        s->spare[at[part_of(s, s->v[i].key)]++] = s->v[i];
}

/* After put_parts the first chunk's entries are ends of its own; the last's are ends of parts. */
static void sort_part(void *ctx, size_t part)
{
    const struct sorting *s = ctx;
    const size_t *end = s->at[(s->n - 1) / s->chunk];
    size_t from = part == 0 ? 0 : end[part - 1], n = end[part] - from;
    if (n == 0)
        return;
    sort_items(s->spare + from, n, s->v + from);
    memcpy(s->v + from, s->spare + from, n * sizeof *s->v);
}

/* The bits in which keys differ: parts are told by the first of them. */
static unsigned part_shift(const struct sort_item *v, size_t n)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < n; i++)
        differ |= v[i].key ^ v[0].key;
    unsigned bits = differ == 0 ? 0 : number_highest_bit(differ) + 1;
    return bits > PART_BITS ? bits - PART_BITS : 0;
}

void sort_items_shared(struct sort_item *v, size_t n, struct sort_item *spare)
{
    struct sorting s = {.v = v, .spare = spare, .n = n, .shift = part_shift(v, n)};
    size_t chunks = n / CHUNK_MIN < CHUNKS_MAX ? n / CHUNK_MIN : CHUNKS_MAX, sum = 0;
    struct buf room = buf_new(CHUNKS_MAX * sizeof *s.at);
    if (chunks > 1)
        s.at = (void *)buf_extend(&room, chunks * sizeof *s.at);
    if (s.at == NULL) {
        sort_items(v, n, spare);
        return;
    }
    s.chunk = (n + chunks - 1) / chunks;
    chunks = (n + s.chunk - 1) / s.chunk;
    sync_share(count_parts, &s, chunks);
    for (size_t part = 0; part < PARTS; part++)
        for (size_t i = 0; i < chunks; i++) {
            size_t count = s.at[i][part];
            s.at[i][part] = sum;
            sum += count;
        }
    sync_share(put_parts, &s, chunks);
    sync_share(sort_part, &s, PARTS);
    buf_free(&room);
}
