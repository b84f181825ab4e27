#include "exchange/lexicon/pairs.h"

#include "base/table.h"
#include "base/utf8.h"
#include "exchange/lexicon/pairs_int.h"
#include "language/fold.h"

#include <limits.h>
#include <lzma.h>
#include <string.h>
#define ZLIB_CONST /* the library then promises not to write to its input */
#include <zlib.h>

#define ARENA_BYTES   ((size_t)2 << 30) /* of address space: tables of messages */
#define NFC_BYTES     ((size_t)1 << 20)
#define XZ_MEMORY_MAX ((uint64_t)256 << 20) /* that unpacking may take */

static const char *const reader_name[PAIRS_READERS] = {
    "tsv", "lines", "keyed", "ovdp", "mueller", "wiktionary", "dictionary",
    "po",  "mo",    "tmx",   "tbx",  "skos",    "help",       "cldr"};

const char *pairs_reader_name(enum pairs_reader r)
{
    must((unsigned)r < PAIRS_READERS);
    return reader_name[r];
}

bool pairs_reader_of(struct str name, enum pairs_reader *out)
{
    for (unsigned i = 0; i < PAIRS_READERS; i++)
        if (str_is(name, reader_name[i])) {
            *out = (enum pairs_reader)i;
            return true;
        }
    return false;
}

unsigned pairs_reader_weight(enum pairs_reader r)
{
    return r >= PAIRS_OVDP && r <= PAIRS_DICTIONARY ? 2 : 1;
}

const char *pairs_why_name(enum pairs_why why)
{
    static const char *const name[PAIRS_WHYS] = {"good",    "encoding", "line",    "file",
                                                 "entries", "columns",  "shape",   "damaged",
                                                 "xml",     "doctype",  "too_deep"};
    must((unsigned)why < PAIRS_WHYS);
    return name[why];
}

enum cau_err pairs_fail(struct pairs_run *r, enum pairs_why why, size_t part, uint64_t line)
{
    r->fault = (struct pairs_fault){why, part, line};
    return why == PAIRS_LINE || why == PAIRS_FILE || why == PAIRS_ENTRIES || why == PAIRS_DEPTH
               ? CAU_ERR_RANGE
               : CAU_ERR_SYNTAX;
}

enum cau_err pairs_count(struct pairs_run *r, size_t part, uint64_t line)
{
    return ++r->entries > PAIRS_ENTRIES_MAX ? pairs_fail(r, PAIRS_ENTRIES, part, line) : CAU_OK;
}

/* True when the text has a letter of the script its language is written in. */
static bool is_written(enum token_group lang, struct str text)
{
    enum fold_class wanted = lang == TOKEN_RU ? FOLD_CYRILLIC : FOLD_LATIN;
    while (text.len > 0)
        if (fold_class(utf8_next(&text)) == wanted)
            return true;
    return false;
}

enum cau_err pairs_put(struct pairs_run *r, enum token_group x_lang, struct str x,
                       enum token_group y_lang, struct str y)
{
    struct pairs_pair pair = {.x_lang = x_lang, .y_lang = y_lang};
    x = str_trim(x);
    y = str_trim(y);
    if (x_lang == y_lang || x.len == 0 || y.len == 0 || x.len > PAIRS_TEXT_BYTES_MAX ||
        y.len > PAIRS_TEXT_BYTES_MAX || str_equal(x, y) || !is_written(x_lang, x) ||
        !is_written(y_lang, y))
        return CAU_OK;
    r->nfc.used = 0;
    enum cau_err err = utf8_nfc(&r->nfc, x, &pair.x);
    if (err == CAU_OK)
        err = utf8_nfc(&r->nfc, y, &pair.y);
    return err == CAU_OK ? r->sink->put(r->sink->ctx, &pair) : err;
}

enum cau_err pairs_put_messages(struct pairs_run *r, enum token_group x_lang, struct str x,
                                enum token_group y_lang, struct str y)
{
    if (x.len > 2 * PAIRS_TEXT_BYTES_MAX || y.len > 2 * PAIRS_TEXT_BYTES_MAX)
        return CAU_OK;
    buf_reset(&r->clean[0]);
    buf_reset(&r->clean[1]);
    pairs_clean(&r->clean[0], x);
    pairs_clean(&r->clean[1], y);
    if (r->clean[0].failed || r->clean[1].failed)
        return CAU_ERR_MEMORY;
    return pairs_put(r, x_lang, buf_str(&r->clean[0]), y_lang, buf_str(&r->clean[1]));
}

enum cau_err pairs_put_row(struct pairs_run *r, const struct str text[3])
{
    enum cau_err err = CAU_OK;
    for (unsigned x = TOKEN_VI; x <= TOKEN_EN; x++)
        for (unsigned y = x + 1; y <= TOKEN_EN && err == CAU_OK; y++)
            if (text[x].len > 0 && text[y].len > 0)
                err = pairs_put_messages(r, (enum token_group)x, text[x], (enum token_group)y,
                                         text[y]);
    return err;
}

size_t pairs_find(struct str text, size_t at, const char *word)
{
    size_t n = strlen(word);
    while (at < text.len && text.len - at >= n) {
        const char *p = memchr(text.p + at, word[0], text.len - at - n + 1);
        if (p == NULL)
            break;
        if (memcmp(p, word, n) == 0)
            return (size_t)(p - text.p);
        at = (size_t)(p - text.p) + 1;
    }
    return text.len;
}

enum cau_err pairs_add(struct pairs_run *r, struct pairs_messages *m, struct str id,
                       struct str text)
{
    if (id.len == 0 || text.len == 0)
        return CAU_OK;
    if (m->n == m->cap) {
        size_t cap = m->cap == 0 ? 1024 : m->cap * 2;
        struct pairs_message *wide = arena_take(r->a, cap * sizeof *wide);
        if (wide == NULL)
            return CAU_ERR_MEMORY;
        if (m->n > 0)
            memcpy(wide, m->v, m->n * sizeof *wide);
        m->v = wide;
        m->cap = cap;
    }
    m->v[m->n++] = (struct pairs_message){id, text};
    return CAU_OK;
}

static enum cau_err join_two(struct pairs_run *r, const struct pairs_messages m[],
                             const struct table place[], size_t x, size_t y)
{
    const struct pairs_input *in = r->in;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < m[x].n && err == CAU_OK; i++) {
        const struct pairs_message *one = &m[x].v[i];
        uint32_t other = table_get(&place[y], one->id, UINT32_MAX);
        bool good = other != UINT32_MAX;
        for (size_t e = 0; e < in->n && good; e++) {
            uint32_t at = in->lang[e] != TOKEN_EN ? UINT32_MAX
                                                  : table_get(&place[e], one->id, UINT32_MAX);
            good = at == UINT32_MAX ||
                   ((e == x || !str_equal(m[e].v[at].text, one->text)) &&
                    (e == y || !str_equal(m[e].v[at].text, m[y].v[other].text)));
        }
        if (good)
            err =
                pairs_put_messages(r, in->lang[x], one->text, in->lang[y], m[y].v[other].text);
    }
    return err;
}

enum cau_err pairs_join(struct pairs_run *r, const struct pairs_messages m[PAIRS_PARTS_MAX])
{
    struct table place[PAIRS_PARTS_MAX];
    enum cau_err err = CAU_OK;
    for (size_t part = 0; part < PAIRS_PARTS_MAX; part++) {
        place[part] = table_new();
        for (size_t i = 0; part < r->in->n && i < m[part].n && err == CAU_OK; i++)
            err = table_set(&place[part], m[part].v[i].id, (uint32_t)i);
    }
    for (size_t x = 0; x < r->in->n; x++)
        for (size_t y = x + 1; y < r->in->n && err == CAU_OK; y++)
            err = join_two(r, m, place, x, y);
    for (size_t part = 0; part < PAIRS_PARTS_MAX; part++)
        table_free(&place[part]);
    return err;
}

enum cau_err pairs_line(struct pairs_run *r, size_t part, struct str *rest, uint64_t *line,
                        struct str *out)
{
    static const struct str mark = {"\xEF\xBB\xBF", 3};
    ++*line;
    *out = str_next(rest, '\n');
    if (out->len > PAIRS_LINE_BYTES_MAX)
        return pairs_fail(r, PAIRS_LINE, part, *line);
    if (out->len > 0 && out->p[out->len - 1] == '\r')
        out->len--;
    while (str_starts(*out, mark))
        *out = str_from(*out, mark.len);
    return CAU_OK;
}

/* The line of the first byte that is not UTF-8. */
static uint64_t bad_line(struct str text)
{
    uint64_t line = 1;
    while (text.len > 0) {
        struct str one = str_next(&text, '\n');
        if (!utf8_valid(one))
            return line;
        line++;
    }
    return 0;
}

static enum cau_err check_parts(struct pairs_run *r)
{
    const struct pairs_input *in = r->in;
    must(in->n >= 1 && in->n <= PAIRS_PARTS_MAX);
    for (size_t i = 0; i < in->n; i++) {
        bool bytes = in->reader == PAIRS_MO ||
                     (i > 0 && in->reader >= PAIRS_OVDP && in->reader <= PAIRS_DICTIONARY);
        if (in->text[i].len > PAIRS_FILE_BYTES_MAX)
            return pairs_fail(r, PAIRS_FILE, i, 0);
        if (!bytes && !utf8_valid(in->text[i]))
            return pairs_fail(r, PAIRS_ENCODING, i, bad_line(in->text[i]));
    }
    return CAU_OK;
}

enum cau_err pairs_read(const struct pairs_input *in, const struct pairs_sink *sink,
                        struct pairs_fault *fault)
{
    static enum cau_err (*const read[PAIRS_READERS])(struct pairs_run *) = {
        pairs_table,      pairs_lines,      pairs_keyed,     pairs_dictionary, pairs_dictionary,
        pairs_dictionary, pairs_dictionary, pairs_catalogue, pairs_catalogue,  pairs_xml,
        pairs_xml,        pairs_xml,        pairs_help,      pairs_xml};
    must((unsigned)in->reader < PAIRS_READERS);
    struct arena a = arena_new(ARENA_BYTES);
    struct pairs_run r = {.in = in,
                          .sink = sink,
                          .a = &a,
                          .nfc = arena_new(NFC_BYTES),
                          .clean = {buf_new(NFC_BYTES), buf_new(NFC_BYTES)},
                          .text = buf_new(PAIRS_LINE_BYTES_MAX * 4)};
    enum cau_err err = check_parts(&r);
    if (err == CAU_OK)
        err = read[in->reader](&r);
    if (r.fault.why != PAIRS_GOOD)
        *fault = r.fault;
    buf_free(&r.clean[0]);
    buf_free(&r.clean[1]);
    buf_free(&r.text);
    arena_free(&r.nfc);
    arena_free(&a);
    return err;
}

/* Room for the next piece of what comes out; NULL: *err says why. */
static char *room(struct buf *space, size_t *piece, enum cau_err *err)
{
    enum { PIECE = 1 << 18 };
    *piece = space->max - space->len < PIECE ? space->max - space->len : PIECE;
    char *to = *piece > 0 ? buf_extend(space, *piece) : NULL;
    if (to == NULL)
        *err = *piece > 0 ? CAU_ERR_MEMORY : CAU_ERR_RANGE;
    return to;
}

static enum cau_err unpack_gzip(struct buf *space, struct str bytes)
{
    z_stream z = {.next_in = (const unsigned char *)bytes.p};
    if (bytes.len > UINT_MAX)
        return CAU_ERR_RANGE;
    z.avail_in = (unsigned)bytes.len;
    if (inflateInit2(&z, MAX_WBITS + 16) != Z_OK)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    int status = Z_OK;
    while (err == CAU_OK && (status != Z_STREAM_END || z.avail_in > 0)) {
        size_t piece;
        if (status == Z_STREAM_END && inflateReset(&z) != Z_OK) /* one member after the other */
            break;
        z.next_out = (unsigned char *)room(space, &piece, &err);
        if (z.next_out == NULL)
            break;
        z.avail_out = (unsigned)piece;
        status = inflate(&z, Z_NO_FLUSH);
        space->len -= z.avail_out;
        if ((status != Z_OK && status != Z_STREAM_END) ||
            (status == Z_OK && z.avail_in == 0 && z.avail_out > 0))
            err = CAU_ERR_SYNTAX;
    }
    inflateEnd(&z);
    return err;
}

static enum cau_err unpack_xz(struct buf *space, struct str bytes)
{
    lzma_stream x = LZMA_STREAM_INIT;
    if (lzma_stream_decoder(&x, XZ_MEMORY_MAX, LZMA_CONCATENATED) != LZMA_OK)
        return CAU_ERR_MEMORY;
    x.next_in = (const uint8_t *)bytes.p;
    x.avail_in = bytes.len;
    enum cau_err err = CAU_OK;
    lzma_ret status = LZMA_OK;
    while (err == CAU_OK && status == LZMA_OK) {
        size_t piece;
        x.next_out = (uint8_t *)room(space, &piece, &err);
        if (x.next_out == NULL)
            break;
        x.avail_out = piece;
        status = lzma_code(&x, LZMA_FINISH);
        space->len -= x.avail_out;
    }
    lzma_end(&x);
    if (err == CAU_OK && status != LZMA_STREAM_END)
        err = status == LZMA_MEM_ERROR        ? CAU_ERR_MEMORY
              : status == LZMA_MEMLIMIT_ERROR ? CAU_ERR_RANGE
                                              : CAU_ERR_SYNTAX;
    return err;
}

enum cau_err pairs_unpack(struct buf *space, struct str bytes, struct str *out)
{
    size_t from = space->len;
    enum cau_err err = CAU_OK;
    if (str_starts(bytes, STR("\x1F\x8B")))
        err = unpack_gzip(space, bytes);
    else if (str_starts(bytes, STR("\xFD"
                                   "7zXZ")))
        err = unpack_xz(space, bytes);
    else {
        *out = bytes;
        return CAU_OK;
    }
    if (err == CAU_OK)
        *out = str_from(buf_str(space), from);
    return err;
}
