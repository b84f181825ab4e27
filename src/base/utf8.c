#include "base/utf8.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum { NFC_BYTES_MAX = 16 << 20 };

/* Length of the well-formed sequence at p (Unicode table 3-7), 0 when there is none. */
static size_t sequence(const unsigned char *p, size_t left)
{
    unsigned c = p[0];
    if (c < 0x80)
        return 1;
    size_t n = c >= 0xC2 && c <= 0xDF   ? 2
               : c >= 0xE0 && c <= 0xEF ? 3
               : c >= 0xF0 && c <= 0xF4 ? 4
                                        : 0;
    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F) ||
        (c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] > 0x8F))
        return 0;
    return n;
}

static bool follows(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

bool utf8_valid(struct str x)
{
    const unsigned char *p = (const unsigned char *)x.p;
    size_t i = 0;
    while (i < x.len) {
        size_t left = x.len - i, n;
        uint64_t eight;
        if (p[i] < 0x80 && left >= 8) { /* bytes of ASCII at once */
            memcpy(&eight, p + i, 8);
            n = (eight & 0x8080808080808080u) == 0 ? 8 : 1;
        } else if (p[i] >= 0xC2 && p[i] <= 0xDF && left >= 2 && follows(p[i + 1])) {
            n = 2;
        } else if (p[i] >= 0xE1 && p[i] <= 0xEC && left >= 3 && follows(p[i + 1]) &&
                   follows(p[i + 2])) {
            n = 3;
        } else {
            n = sequence(p + i, left);
        }
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

uint32_t utf8_next(struct str *x)
{
    const unsigned char *p = (const unsigned char *)x->p;
    must(x->len > 0);
    if (p[0] < 0x80) {
        *x = str_from(*x, 1);
        return p[0];
    }
    size_t n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    must(n <= x->len);
    uint32_t point = p[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++)
        point = point << 6 | (p[i] & 0x3Fu);
    *x = str_from(*x, n);
    return point;
}

size_t utf8_put(uint32_t point, char out[4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t n = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; point >>= 6)
        out[i] = (char)(0x80 | (point & 0x3F));
    out[0] = (char)((0xF00u >> n & 0xFFu) | point);
    return n;
}

size_t utf8_count(struct str x)
{
    size_t n = 0;
    for (size_t i = 0; i < x.len; i++)
        n += ((unsigned char)x.p[i] & 0xC0) != 0x80;
    return n;
}

struct str utf8_clip(struct str x, size_t points)
{
    size_t i = 0;
    for (; i < x.len; i++)
        if (((unsigned char)x.p[i] & 0xC0) != 0x80 && points-- == 0)
            break;
    return str_to(x, i);
}

static const UNormalizer2 *nfc(void)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *n = unorm2_getNFCInstance(&status);
    must(U_SUCCESS(status));
    return n;
}

static const UNormalizer2 *nfkc(void)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *n = unorm2_getNFKCInstance(&status);
    must(U_SUCCESS(status));
    return n;
}

/* True for text of code points that stand for themselves in NFC, whatever is beside them: all below
 * U+0300, Cyrillic U+0400 to U+047F, Latin with Vietnamese tone marks U+1E00 to U+1EFF, dashes and
 * quotation marks U+2010 to U+2027. So most text needs no look at the tables. x is valid UTF-8. */
static bool surely_nfc(struct str x)
{
    const unsigned char *p = (const unsigned char *)x.p;
    for (size_t i = 0; i < x.len; i++) {
        if (p[i] < 0xCC)
            continue;
        bool cyrillic = p[i] == 0xD0 || p[i] == 0xD1;
        bool latin = p[i] == 0xE1 && p[i + 1] >= 0xB8 && p[i + 1] <= 0xBB;
        bool mark = p[i] == 0xE2 && p[i + 1] == 0x80 && p[i + 2] >= 0x90 && p[i + 2] <= 0xA7;
        if (!cyrillic && !latin && !mark)
            return false;
    }
    return true;
}

static bool is_nfc(struct str x)
{
    while (x.len >
           0) { /* in pieces that end before an ASCII byte: those never combine backwards */
        UChar wide[1024];
        size_t n = x.len;
        if (n > 1000)
            for (n = 1000; n > 1 && (unsigned char)x.p[n] >= 0x80; n--)
                ;
        if (n == 1 && x.len > 1000)
            return false; /* no ASCII within 1,000 bytes: left to the slow way */
        int32_t len = 0;
        UErrorCode status = U_ZERO_ERROR;
        u_strFromUTF8(wide, countof(wide), &len, x.p, (int32_t)n, &status);
        if (!U_SUCCESS(status) || !unorm2_isNormalized(nfc(), wide, len, &status))
            return false;
        x = str_from(x, n);
    }
    return true;
}

enum utf8_fault utf8_check(struct str x, size_t *at)
{
    const unsigned char *p = (const unsigned char *)x.p;
    for (size_t i = 0; i < x.len;) {
        if (p[i] >= 0x20 && p[i] < 0x7F) {
            i++;
            continue;
        }
        if (at != NULL)
            *at = i;
        size_t n = sequence(p + i, x.len - i);
        if (n == 0)
            return UTF8_BROKEN;
        struct str rest = str_from(x, i);
        uint32_t point = utf8_next(&rest);
        if (point == 0)
            return UTF8_NUL;
        if ((point < 0x20 && point != '\t' && point != '\n' && point != '\r') ||
            (point >= 0x7F && point < 0xA0))
            return UTF8_CONTROL;
        if ((point & 0xFFFE) == 0xFFFE || (point >= 0xFDD0 && point <= 0xFDEF))
            return UTF8_NOT_CHARACTER;
        i += n;
    }
    if (at != NULL)
        *at = 0;
    if (surely_nfc(x) || is_nfc(x))
        return UTF8_GOOD;
    struct arena a = arena_new(NFC_BYTES_MAX * (size_t)12);
    struct str composed = x;
    bool same = utf8_nfc(&a, x, &composed) == CAU_OK && str_equal(composed, x);
    arena_free(&a);
    return same ? UTF8_GOOD : UTF8_NOT_NFC;
}

static enum cau_err normalise(const UNormalizer2 *form, struct arena *a, struct str x,
                              struct str *out)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t cap = (int32_t)x.len + 1, len = 0, composed_len, bytes = 0;
    UChar *wide = arena_take(a, (size_t)cap * 2 * sizeof *wide);
    if (wide == NULL)
        return CAU_ERR_MEMORY;
    u_strFromUTF8(wide, cap, &len, x.p, (int32_t)x.len, &status);
    must(U_SUCCESS(status)); /* x is valid UTF-8 */
    if (unorm2_isNormalized(form, wide, len, &status)) {
        *out = x;
        return CAU_OK;
    }
    /* NFC never needs more than three times the UTF-16 length (Unicode, annex 15). */
    UChar *composed = arena_take(a, ((size_t)len * 3 + 1) * sizeof *composed);
    char *text = arena_take(a, (size_t)len * 9 + 1);
    if (composed == NULL || text == NULL)
        return CAU_ERR_MEMORY;
    composed_len = unorm2_normalize(form, wide, len, composed, len * 3 + 1, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR)
        return CAU_ERR_RANGE; /* of NFKC only */
    must(U_SUCCESS(status));
    u_strToUTF8(text, len * 9 + 1, &bytes, composed, composed_len, &status);
    must(U_SUCCESS(status));
    *out = (struct str){text, (size_t)bytes};
    return CAU_OK;
}

enum cau_err utf8_nfc(struct arena *a, struct str x, struct str *out)
{
    if (x.len > NFC_BYTES_MAX)
        return CAU_ERR_RANGE;
    if (surely_nfc(x)) {
        *out = x;
        return CAU_OK;
    }
    return normalise(nfc(), a, x, out);
}

enum cau_err utf8_nfkc(struct arena *a, struct str x, struct str *out)
{
    return x.len > NFC_BYTES_MAX ? CAU_ERR_RANGE : normalise(nfkc(), a, x, out);
}
