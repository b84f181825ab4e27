#include "base/charset.h"

#include "base/utf8.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static const char *const name[CHARSETS] = {"guess", "utf-8", "utf-16", "windows-1251",
                                           "windows-1258"};

const char *charset_name(enum charset c)
{
    return name[c];
}

bool charset_read(struct str text, enum charset *out)
{
    for (size_t i = 0; i < CHARSETS; i++)
        if (str_is(text, name[i])) {
            *out = (enum charset)i;
            return true;
        }
    return false;
}

/* The converter's name for bytes; NULL when they are UTF-8. *skip is the length of a byte order mark. */
static const char *converter_name(enum charset c, struct str bytes, size_t *skip)
{
    *skip = 0;
    if (c == CHARSET_1251)
        return "windows-1251";
    if (c == CHARSET_1258)
        return "windows-1258";
    if (c != CHARSET_UTF8 &&
        (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF")))) {
        *skip = 2;
        return (unsigned char)bytes.p[0] == 0xFF ? "UTF-16LE" : "UTF-16BE";
    }
    if (c != CHARSET_UTF16 && str_starts(bytes, STR("\xEF\xBB\xBF")))
        *skip = 3;
    return NULL;
}

/* Where text, which is not valid UTF-8, breaks. */
static size_t first_broken(struct str text)
{
    struct str rest = text;
    size_t at;
    while (utf8_check(rest, &at) != UTF8_BROKEN) {
        rest = str_from(rest,
                        at); /* another fault, of a whole character: it is not asked for here */
        (void)utf8_next(&rest);
    }
    return text.len - rest.len + at;
}

/* Appends the n UTF-16 units as UTF-8, composed when asked. */
static void add_units(struct buf *space, const UChar *unit, int32_t n, bool compose)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar composed[4096];
    if (compose) {
        n = unorm2_normalize(unorm2_getNFCInstance(&status), unit, n, composed,
                             countof(composed), &status);
        must(U_SUCCESS(status)); /* composing marks of windows-1258 never lengthens */
        unit = composed;
    }
    char utf8[3 * 4096];
    int32_t len = 0;
    u_strToUTF8(utf8, sizeof utf8, &len, unit, n, &status);
    must(U_SUCCESS(status)); /* the converter gives well-formed UTF-16 */
    buf_add(space, (struct str){utf8, (size_t)len});
}

/* Where a run of units can be cut so that no mark and no surrogate is parted from what it belongs to. */
static int32_t cut_before(const UChar *unit, int32_t n)
{
    for (int32_t i = n - 1; i > 0; i--)
        if (unit[i] < 0x80)
            return i;
    return n > 1 && U16_IS_LEAD(unit[n - 1]) ? n - 1 : n;
}

static enum cau_err convert(struct buf *space, UConverter *cnv, struct str bytes, bool compose,
                            size_t *bad)
{
    enum { UNITS = 4000 };
    UChar unit[UNITS];
    int32_t held = 0;
    const char *from = bytes.p, *end = bytes.p + bytes.len;
    for (;;) {
        UErrorCode status = U_ZERO_ERROR;
        UChar *to = unit + held;
        ucnv_toUnicode(cnv, &to, unit + UNITS, &from, end, NULL, true, &status);
        if (U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR) {
            char piece[8];
            int8_t len = sizeof piece;
            UErrorCode ignored = U_ZERO_ERROR;
            ucnv_getInvalidChars(cnv, piece, &len, &ignored);
            size_t back = U_SUCCESS(ignored) && len > 0 ? (size_t)len : 0;
            size_t at = (size_t)(from - bytes.p);
            *bad = at >= back ? at - back : 0;
            return CAU_ERR_SYNTAX;
        }
        bool done = status != U_BUFFER_OVERFLOW_ERROR;
        int32_t n = (int32_t)(to - unit), cut = done ? n : cut_before(unit, n);
        add_units(space, unit, cut, compose);
        if (done)
            return CAU_OK;
        held = n - cut;
        memmove(unit, unit + cut, (size_t)held * sizeof *unit);
    }
}

enum cau_err charset_to_utf8(struct buf *space, enum charset c, struct str bytes,
                             struct str *out, size_t *at)
{
    size_t skip;
    const char *converter = converter_name(c, bytes, &skip);
    struct str body = str_from(bytes, skip);
    if (converter == NULL) {
        if (c == CHARSET_UTF16) {
            *at = 0;
            return CAU_ERR_SYNTAX;
        }
        if (!utf8_valid(body)) {
            *at = skip + first_broken(body);
            return CAU_ERR_SYNTAX;
        }
        *out = body;
        return CAU_OK;
    }

    UErrorCode status = U_ZERO_ERROR;
    UConverter *cnv = ucnv_open(converter, &status);
    must(U_SUCCESS(status)); /* these four are always in ICU */
    ucnv_setToUCallBack(cnv, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    must(U_SUCCESS(status));
    size_t before = space->len, bad = 0;
    enum cau_err err = convert(space, cnv, body, c == CHARSET_1258, &bad);
    ucnv_close(cnv);
    if (err == CAU_ERR_SYNTAX)
        *at = skip + bad;
    else if (space->failed)
        err = space->len + body.len > space->max ? CAU_ERR_RANGE : CAU_ERR_MEMORY;
    if (err == CAU_OK)
        *out = str_from(buf_str(space), before);
    return err;
}
