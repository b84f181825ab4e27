/* Sources of a lexicon. The first byte chooses the reader, the second the languages and how many files; files are divided
 * by the bytes FE FF. What is handed over must be what pairs.h promises. */
#include "base/utf8.h"
#include "exchange/lexicon/pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum cau_err look(void *ctx, const struct pairs_pair *p)
{
    size_t at;
    must(p->x_lang < TOKEN_OTHER && p->y_lang < TOKEN_OTHER && p->x_lang != p->y_lang);
    must(p->x.len > 0 && p->y.len > 0 && utf8_valid(p->x) && utf8_valid(p->y));
    must(utf8_check(p->x, &at) != UTF8_NOT_NFC && utf8_check(p->y, &at) != UTF8_NOT_NFC);
    return ++*(size_t *)ctx > 100000 ? CAU_ERR_BUSY : CAU_OK;
}

/* The parts of rest at the dividers; at most max. */
static size_t divide(struct str rest, struct str *part, size_t max)
{
    size_t n = 0, from = 0;
    for (size_t i = 0; i + 1 < rest.len && n + 1 < max; i++)
        if ((unsigned char)rest.p[i] == 0xFE && (unsigned char)rest.p[i + 1] == 0xFF) {
            part[n++] = str_to(str_from(rest, from), i - from);
            from = i + 2;
            i++;
        }
    part[n++] = str_from(rest, from);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct str rest = {(const char *)data + 2, size - 2};
    struct pairs_input in = {.reader = (enum pairs_reader)(data[0] % PAIRS_READERS),
                             .columns = data[1] >> 7 ? STR("vi en ru") : STR("")};
    for (unsigned i = 0; i < PAIRS_PARTS_MAX; i++)
        in.lang[i] = (enum token_group)((data[1] + i) % 3);
    in.n = divide(rest, in.text, 1 + data[1] / 4 % PAIRS_PARTS_MAX);
    size_t pairs = 0;
    const struct pairs_sink sink = {&pairs, look};
    struct pairs_fault fault = {0};
    enum cau_err err = pairs_read(&in, &sink, &fault);
    must((err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE) == (fault.why != PAIRS_GOOD));
    must(fault.part < in.n || fault.why == PAIRS_SHAPE);
    must(err != CAU_ERR_IO && err != CAU_ERR_CORRUPT);
    struct buf space = buf_new((size_t)1 << 20);
    struct str out;
    (void)pairs_unpack(&space, rest, &out);
    buf_free(&space);
    return 0;
}
