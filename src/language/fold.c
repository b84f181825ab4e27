#include "language/fold.h"

#include "base/utf8.h"
#include "language/fold_table_int.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

enum { FOLD_WORD_POINTS_MAX = 64 };

static uint32_t table_index(uint32_t point)
{
    return point < 0x530                        ? point
           : point >= 0x1E00 && point <= 0x1EFF ? point - 0x1E00 + 0x530
                                                : FOLD_POINTS;
}

static bool within(uint32_t point, uint32_t first, uint32_t last)
{
    return point >= first && point <= last;
}

static bool is_ideograph(uint32_t point)
{
    return within(point, 0x3041, 0x30FA) || within(point, 0x3400, 0x4DBF) ||
           within(point, 0x4E00, 0x9FFF) || within(point, 0xF900, 0xFAFF) ||
           within(point, 0x20000, 0x3FFFF);
}

/* What the tables do not hold: general punctuation by range, the rest as ICU says. */
static enum fold_class class_elsewhere(uint32_t point)
{
    if (within(point, 0x200B, 0x200D) || point == 0x2060 || point == 0xFEFF)
        return FOLD_SKIP;
    if (within(point, 0x2010, 0x2015) || point == 0x2212)
        return FOLD_DASH;
    if (within(point, 0x2018, 0x201B) || point == 0x2032)
        return FOLD_APOSTROPHE;
    if (within(point, 0x201C, 0x201F) || point == 0x2039 || point == 0x203A)
        return FOLD_QUOTE;
    if (is_ideograph(point))
        return FOLD_IDEOGRAPH;
    switch (u_charType((UChar32)point)) {
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
        return FOLD_SPACE;
    case U_DECIMAL_DIGIT_NUMBER:
        return FOLD_DIGIT;
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_COMBINING_SPACING_MARK:
        return FOLD_MARK;
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_MODIFIER_LETTER:
    case U_OTHER_LETTER: {
        UErrorCode status = U_ZERO_ERROR;
        UScriptCode script = uscript_getScript((UChar32)point, &status);
        return script == USCRIPT_LATIN      ? FOLD_LATIN
               : script == USCRIPT_CYRILLIC ? FOLD_CYRILLIC
                                            : FOLD_LETTER;
    }
    case U_LETTER_NUMBER:
    case U_OTHER_NUMBER:
        return within(point, 0x2070, 0x2089) ? FOLD_DIGIT : FOLD_LETTER;
    default:
        return FOLD_BREAK;
    }
}

enum fold_class fold_class(uint32_t point)
{
    uint32_t at = table_index(point);
    return at < FOLD_POINTS ? (enum fold_class)fold_table_class[at] : class_elsewhere(point);
}

uint32_t fold_point(uint32_t point)
{
    uint32_t at = table_index(point);
    if (at < FOLD_POINTS)
        return fold_table_lower[at];
    if (within(point, 0x2070, 0x2079))
        return point - 0x2070 + '0';
    if (within(point, 0x2080, 0x2089))
        return point - 0x2080 + '0';
    if (within(point, 0xFF21, 0xFF3A))
        return point - 0xFF21 + 'a';
    if (within(point, 0xFF41, 0xFF5A))
        return point - 0xFF41 + 'a';
    int32_t digit = u_charDigitValue((UChar32)point);
    if (digit >= 0)
        return (uint32_t)digit + '0';
    return (uint32_t)u_tolower((UChar32)point);
}

uint32_t fold_bare_point(uint32_t form)
{
    uint32_t at = table_index(form);
    return at < FOLD_POINTS ? fold_table_bare[at] : form;
}

static const struct {
    uint16_t latin, cyrillic;
} twin[] = {{'a', 0x430}, {'e', 0x435}, {'o', 0x43E}, {'p', 0x440},
            {'c', 0x441}, {'y', 0x443}, {'x', 0x445}, {'i', 0x456}};

static uint32_t twin_of(uint32_t point)
{
    for (size_t i = 0; i < countof(twin); i++) {
        if (point == twin[i].latin)
            return twin[i].cyrillic;
        if (point == twin[i].cyrillic)
            return twin[i].latin;
    }
    return 0;
}

/* Counts come first: most words have one script. With as many of both, Cyrillic wins. */
static bool unmix(uint32_t *p, size_t n)
{
    size_t latin = 0, cyrillic = 0;
    for (size_t i = 0; i < n; i++) {
        enum fold_class c = fold_class(p[i]);
        latin += c == FOLD_LATIN;
        cyrillic += c == FOLD_CYRILLIC;
    }
    if (latin == 0 || cyrillic == 0)
        return false;
    enum fold_class minority = latin > cyrillic ? FOLD_CYRILLIC : FOLD_LATIN;
    for (size_t i = 0; i < n; i++)
        if (fold_class(p[i]) == minority && twin_of(p[i]) == 0)
            return false;
    for (size_t i = 0; i < n; i++)
        if (fold_class(p[i]) == minority)
            p[i] = twin_of(p[i]);
    return true;
}

/* Vowel and tone of the letters that tone placement moves; tones in the order of the row. */
static const uint16_t toned[][6] = {
    {'a', 0xE0, 0xE1, 0x1EA3, 0xE3, 0x1EA1},     {'e', 0xE8, 0xE9, 0x1EBB, 0x1EBD, 0x1EB9},
    {'o', 0xF2, 0xF3, 0x1ECF, 0xF5, 0x1ECD},     {'u', 0xF9, 0xFA, 0x1EE7, 0x169, 0x1EE5},
    {'y', 0x1EF3, 0xFD, 0x1EF7, 0x1EF9, 0x1EF5}, {'i', 0xEC, 0xED, 0x1EC9, 0x129, 0x1ECB}};
enum { TONED_A, TONED_E, TONED_O, TONED_U, TONED_Y, TONED_I };

static int tone_in(uint32_t point, int row)
{
    for (int t = 0; t < 6; t++)
        if (toned[row][t] == point)
            return t;
    return -1;
}

static void place_tone(uint32_t *p, size_t n)
{
    uint32_t *first = &p[n - 2], *last = &p[n - 1];
    int row = *first == 'o' ? TONED_O : *first == 'u' ? TONED_U : -1;
    if (row < 0)
        return;
    if (row == TONED_U && n >= 3 && p[n - 3] == 'q')
        return;
    for (int vowel = row == TONED_O ? TONED_A : TONED_Y;
         vowel <= (row == TONED_O ? TONED_E : TONED_Y); vowel++) {
        int tone = tone_in(*last, vowel);
        if (tone > 0) {
            *first = toned[row][tone];
            *last = toned[vowel][0];
            return;
        }
    }
}

static void write_y_as_i(uint32_t *p, size_t n)
{
    bool short_onset = n == 2 && p[0] < 0x80 &&
                       (p[0] == 'h' || p[0] == 'k' || p[0] == 'l' || p[0] == 'm' ||
                        p[0] == 's' || p[0] == 't');
    if (!short_onset && !(n == 3 && p[0] == 'q' && p[1] == 'u'))
        return;
    int tone = tone_in(p[n - 1], TONED_Y);
    if (tone >= 0)
        p[n - 1] = toned[TONED_I][tone];
}

bool fold_same(struct str x, struct str y)
{
    while (x.len > 0 && y.len > 0)
        if (fold_point(utf8_next(&x)) != fold_point(utf8_next(&y)))
            return false;
    return x.len == y.len;
}

bool fold_word(uint32_t *p, size_t n)
{
    bool plain = true;
    for (size_t i = 0; i < n; i++)
        plain = plain && p[i] < 0x80;
    bool mixed = !plain && unmix(p, n);
    if (n >= 2 && !plain)
        place_tone(p, n);
    if (n == 2 || n == 3)
        write_y_as_i(p, n);
    return mixed;
}

struct folder {
    char *out;
    size_t len;
    uint32_t word[FOLD_WORD_POINTS_MAX];
    size_t n;
    bool space, cyrillic;
};

static void end_word(struct folder *f)
{
    fold_word(f->word, f->n);
    for (size_t i = 0; i < f->n; i++)
        f->len += utf8_put(f->word[i], f->out + f->len);
    f->n = 0;
}

static void put(struct folder *f, uint32_t point)
{
    if (f->space && f->len > 0)
        f->out[f->len++] = ' ';
    f->space = false;
    f->len += utf8_put(point, f->out + f->len);
}

static void take_point(struct folder *f, uint32_t point)
{
    enum fold_class c = fold_class(point);
    if (c == FOLD_SKIP || (c == FOLD_MARK && f->cyrillic && (point == 0x300 || point == 0x301)))
        return;
    f->cyrillic = c == FOLD_CYRILLIC;
    if (c >= FOLD_MARK) {
        if (f->n == FOLD_WORD_POINTS_MAX)
            end_word(f);
        if (f->n == 0 && f->space && f->len > 0)
            f->out[f->len++] = ' ';
        f->space = false;
        f->word[f->n++] = fold_point(point);
        return;
    }
    end_word(f);
    if (c == FOLD_SPACE)
        f->space = true;
    else if (c != FOLD_QUOTE)
        put(f, c == FOLD_DASH ? '-' : c == FOLD_APOSTROPHE ? '\'' : point);
}

enum cau_err fold_text(struct arena *a, struct str text, struct str *out)
{
    if (text.len > FOLD_TEXT_BYTES_MAX)
        return CAU_ERR_RANGE;
    /* A point grows by at most one byte (two to three: a few capitals), a space may come before it. */
    struct folder f = {.out = arena_take(a, text.len * 2 + 8)};
    if (f.out == NULL)
        return CAU_ERR_MEMORY;
    while (text.len > 0)
        take_point(&f, utf8_next(&text));
    end_word(&f);
    *out = (struct str){f.out, f.len};
    return CAU_OK;
}

enum cau_err fold_bare(struct arena *a, struct str form, struct str *out)
{
    char *p = arena_take(a, form.len + 4); /* bare is never longer */
    if (p == NULL)
        return CAU_ERR_MEMORY;
    size_t len = 0;
    while (form.len > 0)
        len += utf8_put(fold_bare_point(utf8_next(&form)), p + len);
    *out = (struct str){p, len};
    return CAU_OK;
}
