#include "match/inflect.h"

#include "base/utf8.h"

#include <string.h>

enum {
    NOUN_POINTS_MIN = 3,
    PLACE_POINTS_MIN = 4,
    ADJECTIVE_POINTS_MIN = 4,
    COMPOUND_POINTS_MIN = 9
};

/* The end of an adjective's stem, and of the stem of the noun it comes from. The longest come first. */
struct derivation {
    const char *adjective, *noun;
};
static const struct derivation word_of[] = {
    {"тельн", "тельств"}, {"ическ", ""}, {"ическ", "ик"}, {"онн", ""}, {"альн", ""},
    {"ческ", "к"},        {"ческ", "ц"}, {"енн", ""},     {"чн", "к"}, {"чн", "ц"},
    {"шн", "х"},          {"жн", "г"},   {"ян", ""},      {"ов", ""},  {"ев", ""},
    {"ивн", ""},          {"арн", ""},   {"н", ""},       {"н", "н"}};
static const struct derivation place_of[] = {
    {"инск", ""}, {"анск", ""}, {"овск", ""}, {"евск", ""}, {"ск", ""}};
static const struct derivation latin_place_of[] = {
    {"skiy", "sk"},  {"skij", "sk"}, {"skii", "sk"}, {"skyi", "sk"},  {"skaya", "sk"},
    {"skaia", "sk"}, {"sky", "sk"},  {"ski", "sk"},  {"skoye", "sk"}, {"skoe", "sk"},
    {"skogo", "sk"}, {"skiy", ""},   {"skij", ""},   {"sky", ""},     {"skaya", ""}};

static bool says(enum vocabulary_part part)
{
    return part >= VOCABULARY_TYPE && part < VOCABULARY_SHORT;
}

static bool look(const struct vocabulary *v, struct str word, struct vocabulary_meaning *out)
{
    struct vocabulary_word one = vocabulary_word_of(v, word, word);
    struct vocabulary_meaning m;
    if (vocabulary_match(v, &one, 1, &m) != 1 || !says(m.part))
        return false;
    *out = m;
    return true;
}

/* stem as an adjective of a noun; of a place only when places. */
static bool derived(const struct vocabulary *v, struct str stem, const struct derivation *d,
                    size_t n, bool places, struct vocabulary_meaning *out)
{
    for (size_t i = 0; i < n; i++) {
        char noun[TOKEN_BYTES_MAX + 16];
        struct str end = str_of(d[i].adjective), instead = str_of(d[i].noun);
        if (!str_ends(stem, end) || stem.len > TOKEN_BYTES_MAX)
            continue;
        struct str head = str_to(stem, stem.len - end.len);
        memcpy(noun, head.p, head.len);
        memcpy(noun + head.len, instead.p, instead.len);
        struct vocabulary_meaning m;
        struct str word = {noun, head.len + instead.len};
        if (utf8_count(word) >= (places ? PLACE_POINTS_MIN : NOUN_POINTS_MIN) &&
            look(v, word, &m) && places == (m.part == VOCABULARY_PLACE)) {
            *out = m;
            return true;
        }
    }
    return false;
}

static bool from_word(const struct vocabulary *v, struct str stem,
                      struct vocabulary_meaning *out)
{
    return derived(v, stem, word_of, countof(word_of), false, out);
}

static bool from_place(const struct vocabulary *v, struct str stem,
                       struct vocabulary_meaning *out)
{
    return derived(v, stem, place_of, countof(place_of), true, out);
}

/* Алмазов is a name, алмазный and алмазовый are not. */
static bool is_adjective(struct str form)
{
    static const char *const end[] = {"ый",  "ий", "ой", "ая", "яя", "ое", "ее", "ого", "его",
                                      "ому", "ых", "их", "ые", "ие", "ую", "ым", "им",  "ыми"};
    for (size_t i = 0; i < countof(end); i++)
        if (str_ends(form, str_of(end[i])))
            return true;
    return false;
}

/* Two words joined by о or е: лес-о-технический. */
static size_t split(const struct vocabulary *v, struct str stem,
                    struct vocabulary_meaning out[INFLECT_MEANINGS_MAX])
{
    size_t points = 0;
    for (struct str rest = stem; rest.len > 0; points++) {
        struct str tail = rest, head = str_to(stem, stem.len - rest.len);
        uint32_t c = utf8_next(&tail);
        bool joint = c == 0x43E || c == 0x435;
        if (joint && points >= NOUN_POINTS_MIN && utf8_count(tail) >= ADJECTIVE_POINTS_MIN &&
            (look(v, head, &out[0]) || look(v, str_to(stem, stem.len - tail.len), &out[0])) &&
            (look(v, tail, &out[1]) || from_word(v, tail, &out[1]) ||
             from_place(v, tail, &out[1])))
            return 2;
        rest = tail;
    }
    return 0;
}

size_t inflect_meanings(const struct vocabulary *v, struct str form, struct str stem,
                        enum token_script script,
                        struct vocabulary_meaning out[INFLECT_MEANINGS_MAX])
{
    if (script == TOKEN_LATIN)
        return derived(v, form, latin_place_of, countof(latin_place_of), true, &out[0]) ? 1 : 0;
    size_t points = utf8_count(stem);
    if (script != TOKEN_CYRILLIC || points < ADJECTIVE_POINTS_MIN || !is_adjective(form))
        return 0;
    if (from_word(v, stem, &out[0]) || from_place(v, stem, &out[0]))
        return 1;
    return points >= COMPOUND_POINTS_MIN ? split(v, stem, out) : 0;
}
