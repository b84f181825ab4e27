#include "match/name.h"

#include "base/utf8.h"
#include "language/fold.h"
#include "match/likeness.h"
#include "match/name_word.h"

#include <string.h>

enum { TYPO_ACCEPT = 880, ONE_LETTER = 1050, PERSON_WORDS = 2, PLACE_ACCEPT = 850 };

/* 0 when it would be less than least. */
static unsigned by_sound(const struct skeleton *x, const struct skeleton *y, unsigned least)
{
    if (x->len == 0 || y->len == 0 || skeleton_likeness_most(x, y) < least)
        return 0;
    unsigned sound = skeleton_likeness(x, y);
    return sound >= least ? sound : 0;
}

static unsigned larger(unsigned x, unsigned y)
{
    return x > y ? x : y;
}

/* A place that the lists have and one that is spelt as they do not. */
static unsigned place_likeness(const struct name_unit *place, const struct name_unit *word)
{
    unsigned sound = by_sound(&place->sound, &word->sound, PLACE_ACCEPT);
    sound = larger(sound, by_sound(&place->sound, &word->root[0], PLACE_ACCEPT));
    return larger(sound, by_sound(&place->sound, &word->root[1], PLACE_ACCEPT));
}

unsigned name_unit_likeness(const struct name_unit *x, const struct name_unit *y)
{
    struct str a = {x->form, x->len}, b = {y->form, y->len};
    if (x->len == 0 && y->len > 0)
        return place_likeness(x, y);
    if (y->len == 0 && x->len > 0)
        return place_likeness(y, x);
    if (x->len == 0 || y->len == 0)
        return 0;
    if (str_equal(a, b))
        return 1000;
    if (x->cyrillic == y->cyrillic) {
        /* A typo is one letter; a name that is merely like another one is another one. */
        unsigned longer = larger(x->sound.len, y->sound.len);
        if (longer == 0 || x->len < NAME_TYPO_BYTES_MIN || y->len < NAME_TYPO_BYTES_MIN)
            return 0;
        unsigned far = ONE_LETTER / longer;
        bool one_letter = by_sound(&x->sound, &y->sound, far < 1000 ? 1000 - far : 0) > 0;
        return one_letter ? likeness(a, b, TYPO_ACCEPT) : 0;
    }
    unsigned sound = by_sound(&x->sound, &y->sound, SKELETON_ACCEPT);
    for (int i = 0; i < 2; i++)
        for (int k = 0; k < 2; k++) {
            sound = larger(sound, by_sound(&x->root[i], &y->root[k], SKELETON_ACCEPT));
            sound = larger(sound, by_sound(&x->root[i], &y->sound, SKELETON_ACCEPT));
            sound = larger(sound, by_sound(&x->sound, &y->root[k], SKELETON_ACCEPT));
        }
    return sound;
}

struct name_glance name_glance_of(const struct name_unit *u)
{
    return (struct name_glance){.consonants = u->sound.consonants,
                                .len = u->len,
                                .sound_len = u->sound.len,
                                .cyrillic = u->cyrillic,
                                .rooted = u->root[0].len > 0 || u->root[1].len > 0};
}

/* The cases are those of name_unit_likeness, in its order. */
bool name_may_be_alike(const struct name_glance *x, const struct name_glance *y)
{
    bool sounds = x->sound_len > 0 && y->sound_len > 0;
    bool other = x->len == 0 || y->len == 0 || x->cyrillic != y->cyrillic;
    if (x->len > 0 && x->len == y->len && x->sound_len == y->sound_len &&
        x->consonants == y->consonants)
        return true; /* may be the same */
    if (other) {
        unsigned accept = x->len == 0 || y->len == 0 ? PLACE_ACCEPT : SKELETON_ACCEPT;
        return x->rooted || y->rooted ||
               (sounds && skeleton_most_of(x->sound_len, x->consonants, y->sound_len,
                                           y->consonants) >= accept);
    }
    /* The sounds differ in one letter at most: ONE_LETTER of the longer one's. */
    uint32_t of_x = x->consonants & ~y->consonants, of_y = y->consonants & ~x->consonants;
    int longer = x->sound_len - y->sound_len;
    return sounds && x->len >= NAME_TYPO_BYTES_MIN && y->len >= NAME_TYPO_BYTES_MIN &&
           longer >= -1 && longer <= 1 && (of_x & (of_x - 1)) == 0 && (of_y & (of_y - 1)) == 0;
}

/* ---- acronyms ---- */

static const char *const latin_of[32] = {"A", "B", "V", "G", "D", "E", "Z", "Z", "I", "I", "K",
                                         "L", "M", "N", "O", "P", "R", "S", "T", "U", "F", "H",
                                         "C", "C", "S", "S", "",  "Y", "",  "E", "U", "A"};

static void add_initial(struct name *out, size_t *len, struct str form)
{
    if (form.len == 0 || *len >= NAME_ACRONYM_MAX)
        return;
    uint32_t c = fold_bare_point(utf8_next(&form));
    if (c >= 'a' && c <= 'z')
        out->acronym[(*len)++] = (char)(c - 'a' + 'A');
    else if (c >= 0x430 && c <= 0x44F && latin_of[c - 0x430][0] != '\0')
        out->acronym[(*len)++] = latin_of[c - 0x430][0];
}

static void spell_acronym(struct name *out, const struct name_word *w)
{
    size_t len = 0;
    for (struct str rest = w->form; rest.len > 0;) {
        struct str one = rest;
        utf8_next(&rest);
        add_initial(out, &len, str_to(one, one.len - rest.len));
    }
    out->acronym[len] = '\0';
    out->is_acronym = len >= NAME_ACRONYM_MIN;
}

/* ---- the whole name ---- */

struct reading {
    struct name_reader *reader;
    const struct vocabulary *v;
    struct name *out;
    bool named;      /* behind "named after" */
    size_t since;    /* words behind it so far, without initials */
    size_t initials; /* letters of the acronym so far */
};

static bool matters(enum vocabulary_part part)
{
    return part == VOCABULARY_UNKNOWN || part >= VOCABULARY_TYPE;
}

static void put_meaning(struct reading *r, struct vocabulary_meaning meaning, bool optional)
{
    if (r->out->n == NAME_UNITS_MAX)
        return;
    for (size_t i = 0; i < r->out->n; i++)
        if (r->out->unit[i].meaning.id == meaning.id)
            return; /* said twice */
    struct name_unit *u = &r->out->unit[r->out->n++];
    *u = (struct name_unit){.meaning = meaning, .optional = optional};
    if (meaning.part == VOCABULARY_PLACE)
        u->sound = vocabulary_sound(r->v, meaning);
}

/* A word no list has may be derived from words that they have; a person's name is not. */
static void put_word(struct reading *r, struct name_word *w, bool optional)
{
    const struct name_unknown *u = name_word_unknown(r->reader, w);
    if (!optional && u->parts > 0)
        for (size_t i = 0; i < u->parts; i++)
            put_meaning(r, u->part[i], false);
    else if (r->out->n < NAME_UNITS_MAX) {
        r->out->unit[r->out->n] = u->unit;
        r->out->unit[r->out->n++].optional = optional;
    }
}

static void add_unit(struct reading *r, struct name_word *const *word, size_t words,
                     struct vocabulary_meaning meaning)
{
    struct vocabulary_meaning part[VOCABULARY_LONG_MAX];
    struct name_word *w = word[0];
    r->out->legal |= meaning.part == VOCABULARY_LEGAL;
    /* имени Владимира Даля: a person's first name may be a town's too. */
    bool is_person =
        r->named && r->since < PERSON_WORDS && words == 1 && meaning.part == VOCABULARY_PLACE;
    r->since = meaning.part == VOCABULARY_NAMED ? 0 : r->since + (w->points > 1);
    r->named = meaning.part == VOCABULARY_NAMED || is_person ||
               (r->named && (meaning.id == 0 || meaning.part == VOCABULARY_WORD ||
                             meaning.part == VOCABULARY_JOINING));
    if (!matters(meaning.part))
        return;
    if (!r->named)
        for (size_t i = 0; i < words; i++)
            add_initial(r->out, &r->initials, word[i]->form);
    if (r->named && ((meaning.part == VOCABULARY_WORD && meaning.group == 0) || is_person))
        meaning =
            (struct vocabulary_meaning){.id = 0}; /* a person's name that is also a term */
    bool initial =
        meaning.id == 0 && w->points == 1 && !w->number && w->script != TOKEN_SCRIPT_OTHER;
    if (initial && r->v != NULL)
        return; /* of a person: A. F. */
    if (meaning.part == VOCABULARY_SHORT)
        for (size_t i = 0, n = vocabulary_long(r->v, meaning, part); i < n; i++)
            put_meaning(r, part[i], false);
    else if (meaning.id != 0)
        put_meaning(r, meaning, false);
    else
        put_word(r, w, initial || r->named);
}

static bool has_small(struct str text)
{
    while (text.len > 0) {
        uint32_t c = utf8_next(&text);
        if (fold_class(c) >= FOLD_LETTER && fold_point(c) == c)
            return true;
    }
    return false;
}

/* The bytes of "(МИИТ)" at the head of text: an acronym in brackets stands for what is said already; 0: none. */
static size_t bracketed(struct str text)
{
    const char *end = text.len > 0 && text.p[0] == '(' ? memchr(text.p, ')', text.len) : NULL;
    size_t len = end == NULL ? 0 : (size_t)(end - text.p) + 1;
    return len == 0 || has_small(str_to(text, len)) ? 0 : len;
}

/* Il'ichev is Ilichev: apostrophes between letters go, and acronyms in brackets behind a name. */
static struct str without_extras(struct str text, char out[NAME_BYTES_MAX])
{
    size_t n = 0;
    for (struct str rest = text; rest.len > 0;) {
        size_t acronym = n > 0 ? bracketed(rest) : 0;
        if (acronym > 0) {
            rest = str_from(rest, acronym);
            continue;
        }
        struct str one = rest;
        bool gone = fold_class(utf8_next(&rest)) == FOLD_APOSTROPHE && n > 0;
        size_t len = gone ? 0 : one.len - rest.len;
        memcpy(out + n, one.p, len);
        n += len;
    }
    return (struct str){out, n};
}

/* Vietnamese as it is typed without marks: nothing but syllables, and none has any. */
static bool is_unmarked(struct name_word *const *word, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!word[i]->syllable && !word[i]->number && !word[i]->capital)
            return false;
    return true;
}

static enum name_script script_of(struct name_word *const *word, size_t n)
{
    enum name_script script = NAME_LATIN;
    for (size_t i = 0; i < n; i++)
        if (word[i]->script == TOKEN_CYRILLIC)
            return NAME_CYRILLIC;
        else if (word[i]->script == TOKEN_SCRIPT_OTHER)
            return NAME_OTHER;
        else if (word[i]->bare.len != word[i]->form.len)
            script = NAME_MARKED;
    return script;
}

/* Capitals that are a word only without an ending: МИФИ is not мифы. */
static bool is_acronym(const struct name_word *w)
{
    return w->capital && w->script == TOKEN_CYRILLIC && w->known.stem.len != w->form.len;
}

static void add_words(struct reading *r, struct name_word *const *word, size_t n)
{
    struct vocabulary_word known[NAME_WORDS_MAX];
    bool unmarked = is_unmarked(word, n), mixed = false;
    for (size_t i = 0; i < n; i++) {
        mixed |= !word[i]->capital && !word[i]->number && word[i]->points > 1;
        known[i] = word[i]->known;
        known[i].alone = unmarked;
    }
    for (size_t i = 0, words; i < n && r->out->n < NAME_UNITS_MAX; i += words) {
        struct vocabulary_meaning meaning = {.id = 0};
        words = r->v == NULL ? 0 : vocabulary_match(r->v, known + i, n - i, &meaning);
        if (words == 1 && mixed && meaning.part == VOCABULARY_WORD && is_acronym(word[i]))
            words = 0;
        if (words == 0) {
            words = 1;
            meaning = (struct vocabulary_meaning){.id = 0};
        }
        add_unit(r, word + i, words, meaning);
    }
}

/* Half-width Katakana, whose voiced letters are two points, as they are written elsewhere. */
static struct str in_full_width(struct arena *a, struct str text)
{
    for (struct str rest = text; rest.len > 0;) {
        uint32_t c = utf8_next(&rest);
        struct str wide;
        if (c >= 0xFF65 && c <= 0xFF9F)
            return utf8_nfkc(a, text, &wide) == CAU_OK && wide.len <= NAME_BYTES_MAX ? wide
                                                                                     : text;
    }
    return text;
}

void name_read(struct name_reader *reader, struct str text, struct name *out)
{
    char plain[NAME_BYTES_MAX];
    unsigned char space[NAME_BYTES_MAX * 24]; /* what utf8_nfkc needs */
    struct arena a = {space, sizeof space, 0};
    struct name_word *word[NAME_WORDS_MAX];
    text = str_to(text, text.len < NAME_BYTES_MAX ? text.len : NAME_BYTES_MAX);
    while (text.len > 0 && !utf8_valid(text)) /* cut in the middle of a letter */
        text.len--;
    size_t n = name_words(reader, without_extras(in_full_width(&a, text), plain), word);
    out->n = 0;
    out->legal = out->is_acronym = false;
    out->script = script_of(word, n);
    struct reading r = {.reader = reader, .v = name_reader_vocabulary(reader), .out = out};
    add_words(&r, word, n);
    out->acronym[r.initials] = '\0';
    if (n == 1 && word[0]->capital && word[0]->points <= NAME_ACRONYM_MAX)
        spell_acronym(out, word[0]);
    if (strlen(out->acronym) < NAME_ACRONYM_MIN)
        out->acronym[0] = '\0';
}

static size_t put_once(struct name_unit *out, size_t n, const struct name_unit *u)
{
    for (size_t i = 0; i < n && u->meaning.id != 0; i++)
        if (out[i].meaning.id == u->meaning.id)
            return n;
    if (n < NAME_UNITS_MAX)
        out[n++] = *u;
    return n;
}

size_t name_take_apart(const struct vocabulary *v, const struct name *name,
                       struct name_unit out[NAME_UNITS_MAX])
{
    struct vocabulary_meaning part[VOCABULARY_PARTS_MAX];
    size_t n = 0, taken = 0;
    for (size_t i = 0; v != NULL && i < name->n; i++) {
        const struct name_unit *u = &name->unit[i];
        size_t parts = vocabulary_made_of(v, u->meaning, part);
        taken += parts;
        if (parts == 0)
            n = put_once(out, n, u);
        for (size_t k = 0; k < parts; k++) {
            struct name_unit one = {.meaning = part[k], .optional = u->optional};
            if (part[k].part == VOCABULARY_PLACE)
                one.sound = vocabulary_sound(v, part[k]);
            n = put_once(out, n, &one);
        }
    }
    return taken == 0 ? 0 : n;
}
