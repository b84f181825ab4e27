#include "exchange/zip_out.h"

#include <string.h>
#include <zlib.h>

enum {
    VERSION = 20,
    UTF8_NAMES = 0x0800,
    STORED = 0,
    DEFLATED = 8,
    FIRST_DAY = 0x0021, /* 1980-01-01 */
    MATCH_MIN = 3,
    MATCH_MAX = 258,
    WINDOW = 32768,
    HASH_BITS = 15,
    CHAIN_MAX = 16, /* places looked at for one match */
};
#define BYTES_MAX ((size_t)INT32_MAX)

static void put16(struct buf *b, unsigned x)
{
    buf_add_char(b, (char)(x & 0xFF));
    buf_add_char(b, (char)(x >> 8 & 0xFF));
}

static void put32(struct buf *b, uint32_t x)
{
    put16(b, x & 0xFFFF);
    put16(b, x >> 16);
}

/* ---- deflate (RFC 1951) with the fixed codes ---- */

struct bits {
    struct buf *out;
    uint64_t held;
    unsigned n;
};

static void put_bits(struct bits *w, unsigned value, unsigned n)
{
    w->held |= (uint64_t)value << w->n;
    for (w->n += n; w->n >= 8; w->n -= 8, w->held >>= 8)
        buf_add_char(w->out, (char)(w->held & 0xFF));
}

/* Codes go out with their highest bit first. */
static void put_code(struct bits *w, unsigned code, unsigned n)
{
    unsigned turned = 0;
    for (unsigned i = 0; i < n; i++)
        turned |= (code >> i & 1) << (n - 1 - i);
    put_bits(w, turned, n);
}

static void put_symbol(struct bits *w, unsigned symbol)
{
    if (symbol < 144)
        put_code(w, 0x30 + symbol, 8);
    else if (symbol < 256)
        put_code(w, 0x190 + symbol - 144, 9);
    else if (symbol < 280)
        put_code(w, symbol - 256, 7);
    else
        put_code(w, 0xC0 + symbol - 280, 8);
}

/* Lengths 3..257 are in groups of four symbols, distances in groups of two, each group with one more bit. */
static void put_length(struct bits *w, unsigned length)
{
    unsigned x = length - MATCH_MIN, extra = 0;
    if (length == MATCH_MAX) {
        put_symbol(w, 285);
        return;
    }
    while (x >> extra >= 8)
        extra++;
    put_symbol(w, 257 + 4 * extra + (x >> extra));
    put_bits(w, x & ((1U << extra) - 1), extra);
}

static void put_distance(struct bits *w, unsigned distance)
{
    unsigned x = distance - 1, extra = 0;
    while (x >> extra >= 4)
        extra++;
    put_code(w, 2 * extra + (x >> extra), 5);
    put_bits(w, x & ((1U << extra) - 1), extra);
}

struct packer {
    const unsigned char *p;
    size_t len;
    uint32_t *head;   /* hash -> newest place + 1 */
    uint32_t *before; /* place % WINDOW -> the place before it with that hash, + 1 */
};

static size_t hash_at(const struct packer *k, size_t at)
{
    uint32_t x = k->p[at] | (uint32_t)k->p[at + 1] << 8 | (uint32_t)k->p[at + 2] << 16;
    return x * UINT32_C(2654435761) >> (32 - HASH_BITS);
}

static void note_place(struct packer *k, size_t at)
{
    if (at + MATCH_MIN > k->len)
        return;
    size_t h = hash_at(k, at);
    k->before[at % WINDOW] = k->head[h];
    k->head[h] = (uint32_t)at + 1;
}

/* The longest run at `at` that stood before; 0 when there is none of MATCH_MIN. */
static unsigned find_match(const struct packer *k, size_t at, unsigned *distance)
{
    unsigned best = MATCH_MIN - 1, most = MATCH_MAX;
    if (k->len - at < MATCH_MIN)
        return 0;
    if (k->len - at < most)
        most = (unsigned)(k->len - at);
    uint32_t place = k->head[hash_at(k, at)];
    for (unsigned i = 0; i < CHAIN_MAX && place > 0 && at - (place - 1) <= WINDOW; i++) {
        size_t from = place - 1;
        unsigned n = 0;
        while (n < most && k->p[from + n] == k->p[at + n])
            n++;
        if (n > best) {
            best = n;
            *distance = (unsigned)(at - from);
        }
        uint32_t next = k->before[from % WINDOW];
        if (best == most || next >= place)
            break;
        place = next;
    }
    return best < MATCH_MIN ? 0 : best;
}

static void pack(struct buf *out, struct str bytes, uint32_t *head, uint32_t *before)
{
    struct packer k = {(const unsigned char *)bytes.p, bytes.len, head, before};
    struct bits w = {.out = out};
    put_bits(&w, 1, 1); /* the last block */
    put_bits(&w, 1, 2); /* of fixed codes */
    for (size_t at = 0; at < k.len;) {
        unsigned distance = 0, n = find_match(&k, at, &distance);
        if (n == 0) {
            put_symbol(&w, k.p[at]);
            note_place(&k, at++);
            continue;
        }
        put_length(&w, n);
        put_distance(&w, distance);
        for (unsigned i = 0; i < n; i++)
            note_place(&k, at++);
    }
    put_symbol(&w, 256);
    put_bits(&w, 0, (8 - w.n) % 8);
}

/* Packs bytes onto out; false, and out as it was, when that would not make them smaller. */
static bool pack_smaller(struct buf *out, struct str bytes)
{
    size_t begin = out->len, room = ((size_t)1 << HASH_BITS) * sizeof(uint32_t);
    struct arena a = arena_new(2 * room + 64);
    uint32_t *head = arena_zero(&a, room), *before = arena_zero(&a, room);
    must(head != NULL && before != NULL && WINDOW == 1 << HASH_BITS);
    pack(out, bytes, head, before);
    arena_free(&a);
    if (out->failed || out->len - begin < bytes.len)
        return true;
    out->len = begin;
    return false;
}

/* ---- the file ---- */

struct zip_out zip_out_begin(struct buf *out)
{
    return (struct zip_out){.out = out, .begin = out->len};
}

static void put_head(struct zip_out *z, size_t i)
{
    put16(z->out, VERSION);
    put16(z->out, UTF8_NAMES);
    put16(z->out, z->part[i].method);
    put16(z->out, 0); /* midnight */
    put16(z->out, FIRST_DAY);
    put32(z->out, z->part[i].crc);
    put32(z->out, z->part[i].packed);
    put32(z->out, z->part[i].size);
    put16(z->out, (unsigned)z->part[i].name_len);
    put16(z->out, 0); /* extra */
}

void zip_out_add(struct zip_out *z, const char *name, struct str bytes)
{
    size_t len = strlen(name), i = z->n;
    must(len > 0 && len <= ZIP_OUT_NAME_MAX);
    if (z->n == ZIP_OUT_PARTS_MAX || bytes.len > BYTES_MAX)
        z->failed = true;
    if (z->failed || z->out->failed)
        return;
    struct buf packed = buf_new(bytes.len + bytes.len / 8 + 64);
    bool smaller = pack_smaller(&packed, bytes) && !packed.failed;
    struct str body = smaller ? buf_str(&packed) : bytes;
    memcpy(z->part[i].name, name, len);
    z->part[i].name_len = len;
    z->part[i].at = z->out->len - z->begin;
    z->part[i].method = smaller ? DEFLATED : STORED;
    z->part[i].crc =
        (uint32_t)crc32_z(crc32_z(0, NULL, 0), (const unsigned char *)bytes.p, bytes.len);
    z->part[i].packed = (uint32_t)body.len;
    z->part[i].size = (uint32_t)bytes.len;
    z->n++;
    put32(z->out, 0x04034B50);
    put_head(z, i);
    buf_add(z->out, (struct str){name, len});
    buf_add(z->out, body);
    buf_free(&packed);
    if (z->out->len - z->begin > BYTES_MAX)
        z->failed = true;
}

enum cau_err zip_out_end(struct zip_out *z)
{
    size_t directory = z->out->len - z->begin;
    for (size_t i = 0; i < z->n; i++) {
        put32(z->out, 0x02014B50);
        put16(z->out, VERSION);
        put_head(z, i);
        put16(z->out, 0); /* remark */
        put16(z->out, 0); /* disk */
        put16(z->out, 0); /* inner attributes */
        put32(z->out, 0); /* outer attributes */
        put32(z->out, (uint32_t)z->part[i].at);
        buf_add(z->out, (struct str){z->part[i].name, z->part[i].name_len});
    }
    size_t bytes = z->out->len - z->begin - directory;
    put32(z->out, 0x06054B50);
    put16(z->out, 0);
    put16(z->out, 0);
    put16(z->out, (unsigned)z->n);
    put16(z->out, (unsigned)z->n);
    put32(z->out, (uint32_t)bytes);
    put32(z->out, (uint32_t)directory);
    put16(z->out, 0);
    return z->failed ? CAU_ERR_RANGE : z->out->failed ? CAU_ERR_MEMORY : CAU_OK;
}
