#include "language/guess.h"

#include "base/utf8.h"
#include "language/token.h"

static const char *const onset[] = {"ngh", "ng", "nh", "gh", "gi", "ch", "kh", "ph", "qu",
                                    "th",  "tr", "b",  "c",  "d",  "g",  "h",  "k",  "l",
                                    "m",   "n",  "p",  "r",  "s",  "t",  "v",  "x",  ""};
/* Rimes without marks. */
static const char *const rime[] = {
    "a",    "ac",  "ach", "ai",   "am",   "an",   "ang",  "anh",  "ao",   "ap",  "at",  "au",
    "ay",   "e",   "ec",  "ech",  "em",   "en",   "eng",  "enh",  "eo",   "ep",  "et",  "eu",
    "i",    "ia",  "ich", "iec",  "iem",  "ien",  "ieng", "iep",  "iet",  "ieu", "im",  "in",
    "inh",  "ip",  "it",  "iu",   "o",    "oa",   "oac",  "oach", "oai",  "oam", "oan", "oang",
    "oanh", "oat", "oay", "oc",   "oe",   "oen",  "oet",  "oi",   "om",   "on",  "ong", "op",
    "ot",   "u",   "ua",  "uan",  "uat",  "uay",  "uc",   "ue",   "uech", "ui",  "um",  "un",
    "ung",  "uo",  "uoc", "uoi",  "uom",  "uon",  "uong", "uop",  "uot",  "uou", "up",  "ut",
    "uu",   "uy",  "uya", "uyen", "uyet", "uynh", "uyt",  "y",    "yem",  "yen", "yet", "yeu"};

bool guess_is_syllable(struct str form)
{
    if (form.len == 0)
        return false;
    for (size_t i = 0; i < countof(onset); i++) {
        bool may_start = onset[i][0] == '\0' || onset[i][0] == form.p[0];
        if (!may_start || !str_starts(form, str_of(onset[i])))
            continue;
        struct str rest = str_from(form, str_of(onset[i]).len);
        for (size_t j = 0; j < countof(rime) && rest.len > 0; j++)
            if (rime[j][0] == rest.p[0] && str_is(rest, rime[j]))
                return true;
    }
    return false;
}

/* Beginnings and ends that one English word hardly has. */
static bool is_surely_vietnamese(struct str form)
{
    static const char *const head[] = {"ng", "nh", "kh"};
    static const char *const tail[] = {"uong", "uoc",  "ien", "iep", "iet", "oai",
                                       "uyen", "uyet", "uan", "inh", "anh", "oi",
                                       "ieu",  "oa",   "uat", "uu"};
    bool found = false;
    for (size_t i = 0; i < countof(head); i++)
        found = found || str_starts(form, str_of(head[i]));
    for (size_t i = 0; i < countof(tail); i++)
        found = found || (form.len >= 3 && str_ends(form, str_of(tail[i])));
    return found && guess_is_syllable(form);
}

/* Letters of Vietnamese that its neighbours on a page do not have: ă đ ơ ư and all with two marks or a
 * dot or hook. */
static bool is_vietnamese_letter(uint32_t c)
{
    return c == 0x103 || c == 0x111 || c == 0x1A1 || c == 0x1B0 || (c >= 0x1EA0 && c <= 0x1EF9);
}

/* Of Latin letters without marks: all syllables; or most of a longer text, among borrowed words (tuabin, polyme), names
 * and abbreviations, where one that is surely Vietnamese counts for more. */
static bool is_vietnamese_text(size_t syllables, size_t words, bool sure)
{
    if (syllables == words)
        return words > 1 || sure;
    return (syllables >= 4 && syllables * 4 >= words * 3) ||
           (sure && syllables >= 3 && syllables * 3 >= words * 2);
}

enum lang guess_lang(struct str text, enum lang fallback)
{
    size_t cyrillic = 0, latin = 0, syllables = 0;
    bool vietnamese = false, sure = false; /* of the three, Vietnamese alone writes marks */
    struct token_walk walk;
    struct token word;
    token_start(&walk, text);
    while (token_next(&walk, &word)) {
        if (word.role != TOKEN_MAIN)
            continue;
        cyrillic += word.script == TOKEN_CYRILLIC;
        if (word.script != TOKEN_LATIN)
            continue;
        latin++;
        bool marked = false;
        for (struct str rest = word.form; rest.len > 0;) {
            uint32_t c = utf8_next(&rest);
            vietnamese = vietnamese || is_vietnamese_letter(c);
            marked = marked || c >= 0x80;
        }
        char bare[TOKEN_BYTES_MAX];
        size_t len;
        struct str form =
            marked && token_bare(word.form, bare, &len) ? (struct str){bare, len} : word.form;
        bool syllable = guess_is_syllable(form);
        syllables += syllable;
        sure = sure || (marked && syllable) || is_surely_vietnamese(form);
    }
    if (cyrillic == 0 && latin == 0)
        return fallback;
    if (cyrillic > 0 && cyrillic >= latin)
        return LANG_RU;
    if (vietnamese || is_vietnamese_text(syllables, latin, sure))
        return LANG_VI;
    return LANG_EN;
}
