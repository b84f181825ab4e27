#include "base/words.h"

#include "base/asset.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

/* A catalogue as msgfmt writes it (GNU gettext manual, "The Format of GNU MO Files"):
 *   0 magic 0x950412de | 4 revision | 8 n | 12 offset of n (length, offset) of ids, sorted | 16 of messages
 * It comes out of our own build, in this machine's byte order. */
static uint32_t word_at(struct str mo, size_t at)
{
    uint32_t w;
    must(at + 4 <= mo.len);
    memcpy(&w, mo.p + at, 4);
    return w;
}

static struct str catalogue(enum lang lang)
{
    static const struct str name[LANG_COUNT] = {
        {"words/vi.mo", 11}, {"words/ru.mo", 11}, {"words/en.mo", 11}};
    const struct asset *file = asset_find(name[lang]);
    return file == NULL ? (struct str){NULL, 0} : file->bytes;
}

static struct str entry(struct str mo, uint32_t table, uint32_t i)
{
    uint32_t len = word_at(mo, table + i * 8), at = word_at(mo, table + i * 8 + 4);
    must(at <= mo.len && len <= mo.len - at);
    return (struct str){mo.p + at, len};
}

/* The message of id, plural forms with their NULs between; {NULL, 0} when there is none. */
static struct str find(enum lang lang, struct str id)
{
    struct str mo = catalogue(lang);
    if (mo.len < 28)
        return (struct str){NULL, 0};
    must(word_at(mo, 0) == 0x950412de);
    uint32_t low = 0, high = word_at(mo, 8);
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        struct str all = entry(mo, word_at(mo, 12), mid);
        int order = str_cmp(str_next(&all, '\0'), id); /* a plural entry is "id\0plural id" */
        if (order == 0)
            return entry(mo, word_at(mo, 16), mid);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return (struct str){NULL, 0};
}

struct str words_find(enum lang lang, struct str id)
{
    struct str all = find(lang, id);
    return all.p == NULL ? all : str_next(&all, '\0');
}

struct str words(enum lang lang, const char *id)
{
    struct str message = words_find(lang, str_of(id));
    return message.p == NULL ? str_of(id) : message;
}

/* Plural rules of CLDR for whole numbers. */
static unsigned plural(enum lang lang, uint64_t n)
{
    if (lang == LANG_VI)
        return 0;
    if (lang == LANG_EN)
        return n != 1;
    if (n % 10 == 1 && n % 100 != 11)
        return 0;
    return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2;
}

struct str words_n(enum lang lang, const char *id, uint64_t n)
{
    struct str all = find(lang, str_of(id)), form = all;
    if (all.p == NULL)
        return str_of(id);
    for (unsigned i = 0; i <= plural(lang, n) && all.p != NULL; i++)
        form = str_next(&all, '\0');
    return form;
}

void words_fill(struct buf *b, struct str message, const struct str *slot, size_t n)
{
    must(n <= WORDS_SLOTS_MAX);
    for (size_t i = 0; i < message.len; i++) {
        bool place = message.len - i > 2 && message.p[i] == '{' && message.p[i + 2] == '}' &&
                     message.p[i + 1] >= '0' && message.p[i + 1] < '0' + (char)n;
        if (place) {
            buf_add(b, slot[message.p[i + 1] - '0']);
            i += 2;
        } else {
            buf_add_char(b, message.p[i]);
        }
    }
}

/* Groups of three digits, from four digits on in vi and en, from five in ru. */
static void grouped(struct buf *b, enum lang lang, struct str digits)
{
    static const char *const gap[LANG_COUNT] = {".", "\xC2\xA0", ","};
    bool group = digits.len > (lang == LANG_RU ? 4u : 3u);
    for (size_t i = 0; i < digits.len; i++) {
        if (group && i > 0 && (digits.len - i) % 3 == 0)
            buf_add_word(b, gap[lang]);
        buf_add_char(b, digits.p[i]);
    }
}

void words_number(struct buf *b, enum lang lang, int64_t value)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%lld", (long long)value);
    words_decimal(b, lang, (struct str){text, (size_t)n});
}

void words_decimal(struct buf *b, enum lang lang, struct str decimal)
{
    struct str fraction = decimal;
    if (fraction.len > 0 && fraction.p[0] == '-') {
        buf_add_word(b, "\xE2\x88\x92"); /* minus sign */
        fraction = str_from(fraction, 1);
    }
    struct str whole = str_next(&fraction, '.');
    grouped(b, lang, whole);
    if (fraction.p != NULL) {
        buf_add_char(b, lang == LANG_EN ? '.' : ',');
        buf_add(b, fraction);
    }
}

void words_date(struct buf *b, enum lang lang, struct clock_date date)
{
    char id[32], day[12], year[12];
    int n = snprintf(day, sizeof day, "%d", date.day);
    int m = snprintf(year, sizeof year, "%d", date.year);
    /* date.day: "{0} {1} {2}" with the month in the case that follows a day; date.month: "{0} {1}". */
    snprintf(id, sizeof id, date.day > 0 ? "date.of.%d" : "date.in.%d", date.month);
    struct str month = date.month > 0 ? words(lang, id) : (struct str){NULL, 0};
    const struct str slot[] = {{year, (size_t)m}, month, {day, (size_t)n}};
    words_fill(b,
               words(lang, date.day > 0     ? "date.day"
                           : date.month > 0 ? "date.month"
                                            : "date.year"),
               slot, countof(slot));
}

void words_time(struct buf *b, enum lang lang, int64_t ms)
{
    char clock[16];
    int n = snprintf(clock, sizeof clock, "%02d:%02d", (int)(ms / 3600000 % 24),
                     (int)(ms / 60000 % 60));
    words_date(b, lang, clock_date_of(ms));
    buf_add_word(b, ", ");
    buf_add(b, (struct str){clock, (size_t)n});
}
