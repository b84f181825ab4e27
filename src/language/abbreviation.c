#include "language/abbreviation.h"

#include "base/utf8.h"
#include "language/fold.h"

#include <string.h>
#include <unicode/uchar.h>

enum { WAYS_MAX = 3 };

/* Letters of one script, and what stands for them in the other, the usual way first. */
struct letter {
    const char *from, *to[WAYS_MAX];
};

/* Several letters stand before those they begin with. */
static const struct letter latin[] = {
    {"shch", {"щ"}},   {"sh", {"ш"}},       {"ch", {"ч"}},          {"zh", {"ж"}},
    {"kh", {"х"}},     {"ts", {"ц", "тс"}}, {"yu", {"ю"}},          {"iu", {"ю", "иу"}},
    {"ju", {"ю"}},     {"ya", {"я"}},       {"ia", {"я", "иа"}},    {"ja", {"я"}},
    {"a", {"а"}},      {"b", {"б"}},        {"c", {"к", "ц", "с"}}, {"d", {"д"}},
    {"e", {"е", "э"}}, {"f", {"ф"}},        {"g", {"г"}},           {"h", {"х", "г"}},
    {"i", {"и"}},      {"j", {"ж", "й"}},   {"k", {"к"}},           {"l", {"л"}},
    {"m", {"м"}},      {"n", {"н"}},        {"o", {"о"}},           {"p", {"п"}},
    {"q", {"к"}},      {"r", {"р"}},        {"s", {"с"}},           {"t", {"т"}},
    {"u", {"у", "ю"}}, {"v", {"в"}},        {"w", {"в"}},           {"x", {"х", "кс"}},
    {"y", {"й", "ы"}}, {"z", {"з"}}};

static const struct letter cyrillic[] = {{"а", {"a"}},
                                         {"б", {"b"}},
                                         {"в", {"v", "w"}},
                                         {"г", {"g", "h"}},
                                         {"д", {"d"}},
                                         {"е", {"e"}},
                                         {"ж", {"zh", "j"}},
                                         {"з", {"z"}},
                                         {"и", {"i"}},
                                         {"й", {"y", "i", "j"}},
                                         {"к", {"k", "c"}},
                                         {"л", {"l"}},
                                         {"м", {"m"}},
                                         {"н", {"n"}},
                                         {"о", {"o"}},
                                         {"п", {"p"}},
                                         {"р", {"r"}},
                                         {"с", {"s", "c"}},
                                         {"т", {"t"}},
                                         {"у", {"u"}},
                                         {"ф", {"f"}},
                                         {"х", {"kh", "h", "x"}},
                                         {"ц", {"ts", "c"}},
                                         {"ч", {"ch"}},
                                         {"ш", {"sh"}},
                                         {"щ", {"shch", "sch"}},
                                         {"ъ", {""}},
                                         {"ы", {"y"}},
                                         {"ь", {""}},
                                         {"э", {"e"}},
                                         {"ю", {"yu", "iu", "ju"}},
                                         {"я", {"ya", "ia", "ja"}}};

bool abbreviation_is(struct str word)
{
    size_t n = 0;
    enum fold_class script = FOLD_BREAK;
    while (word.len > 0 && n <= ABBREVIATION_POINTS_MAX) {
        uint32_t c = utf8_next(&word);
        enum fold_class one = fold_class(c);
        if ((one != FOLD_LATIN && one != FOLD_CYRILLIC) || (n > 0 && one != script) ||
            !u_isupper((UChar32)c))
            return false;
        script = one;
        n++;
    }
    return n >= ABBREVIATION_POINTS_MIN && n <= ABBREVIATION_POINTS_MAX;
}

/* The letter that rest begins with, taken off; NULL when it is not known. */
static const struct letter *next_letter(struct str *rest)
{
    bool is_latin = (unsigned char)rest->p[0] < 0x80;
    const struct letter *list = is_latin ? latin : cyrillic;
    size_t n = is_latin ? countof(latin) : countof(cyrillic);
    for (size_t i = 0; i < n; i++)
        if (str_starts(*rest, str_of(list[i].from))) {
            *rest = str_from(*rest, strlen(list[i].from));
            return &list[i];
        }
    return NULL;
}

static bool is_there(const struct abbreviation_spellings *s, struct str spelling)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_equal(s->v[i], spelling))
            return true;
    return false;
}

/* The letters each in its usual way, but the one at a place in another. */
static void add_spelling(const struct letter *const *letter, size_t letters, size_t place,
                         size_t way, struct abbreviation_spellings *out)
{
    if (out->n == ABBREVIATION_SPELLINGS_MAX)
        return;
    char *p = out->bytes[out->n];
    size_t len = 0;
    for (size_t i = 0; i < letters; i++) {
        struct str to = str_of(letter[i]->to[i == place ? way : 0]);
        must(to.len <= ABBREVIATION_BYTES_MAX - len);
        memcpy(p + len, to.p, to.len);
        len += to.len;
    }
    if (len > 0 && !is_there(out, (struct str){p, len}))
        out->v[out->n++] = (struct str){p, len};
}

void abbreviation_spell(struct str form, struct abbreviation_spellings *out)
{
    const struct letter *letter[ABBREVIATION_POINTS_MAX] = {NULL};
    char bare[ABBREVIATION_BYTES_MAX];
    size_t letters = 0, len = 0;
    out->n = 0;
    while (form.len > 0) {
        uint32_t c = fold_bare_point(utf8_next(&form));
        char point[4];
        size_t n = utf8_put(c, point);
        if (n > sizeof bare - len)
            return;
        memcpy(bare + len, point, n);
        len += n;
    }
    for (struct str rest = {bare, len}; rest.len > 0; letters++) {
        if (letters == countof(letter) || (letter[letters] = next_letter(&rest)) == NULL)
            return;
    }
    add_spelling(letter, letters, letters, 0, out);
    for (size_t i = 0; i < letters; i++)
        for (size_t way = 1; way < WAYS_MAX && letter[i]->to[way] != NULL; way++)
            add_spelling(letter, letters, i, way, out);
}
