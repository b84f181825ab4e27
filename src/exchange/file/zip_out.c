#include "exchange/file/zip_out.h"

#define ZLIB_CONST /* the library then promises not to write to its input */
#include <string.h>
#include <zlib.h>

enum {
    VERSION = 20,
    UTF8_NAMES = 0x0800,
    STORED = 0,
    DEFLATED = 8,
    FIRST_DAY = 0x0021, /* 1980-01-01 */
    LEVEL = 6,
    MEMORY = 8,
    CHUNK = 16384, /* bytes packed at a time */
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

/* Packs bytes onto out as raw deflate, all options written out; false, and out as it was, when that would not make them
 * smaller. */
static bool pack_smaller(struct buf *out, struct str bytes)
{
    z_stream z = {.next_in = (const unsigned char *)bytes.p, .avail_in = (uInt)bytes.len};
    unsigned char space[CHUNK];
    int r = deflateInit2(&z, LEVEL, Z_DEFLATED, -MAX_WBITS, MEMORY, Z_DEFAULT_STRATEGY);
    if (r != Z_OK) {
        out->failed = true;
        return false;
    }
    size_t begin = out->len;
    while (r == Z_OK && !out->failed && out->len - begin < bytes.len) {
        z.next_out = space;
        z.avail_out = sizeof space;
        r = deflate(&z, Z_FINISH);
        buf_add(out, (struct str){(const char *)space, sizeof space - z.avail_out});
    }
    deflateEnd(&z);
    if (r == Z_STREAM_END && out->len - begin < bytes.len)
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
    struct buf packed = buf_new(bytes.len + CHUNK);
    bool smaller = pack_smaller(&packed, bytes);
    if (packed.failed) {
        z->out->failed = true;
        buf_free(&packed);
        return;
    }
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
