#include "match/name.h"

#include "base/utf8.h"
#include "language/fold.h"
#include "language/guess.h"
#include "match/inflect.h"
#include "match/likeness.h"

#include <string.h>

enum {
    WORDS_MAX = 64,
    TYPO_ACCEPT = 880,
    ONE_LETTER = 1050,
    LATIN_ROOT_MIN = 4,
    CYRILLIC_ROOT_MIN = 4,
    PERSON_WORDS = 2,
    PLACE_ACCEPT = 850
};

/* A word of the name before the lists are asked. */
struct word {
    char stem[TOKEN_BYTES_MAX], bare[TOKEN_BYTES_MAX], form[TOKEN_BYTES_MAX];
    size_t stem_len, bare_len, form_len;
    enum token_script script;
    bool number;
    bool capital; /* as typed: all its letters are, and there are two or more */
    size_t points;
};

static size_t keep(char *out, size_t max, struct str x)
{
    size_t n = x.len < max ? x.len : max;
    memcpy(out, x.p, n);
    return n;
}

static bool is_capital(struct str typed)
{
    size_t letters = 0;
    while (typed.len > 0) {
        uint32_t c = utf8_next(&typed);
        if (fold_point(c) == c && fold_class(c) != FOLD_DIGIT)
            return false;
        letters++;
    }
    return letters >= 2;
}

static size_t read_words(struct stem *stem, struct str text, struct word *out)
{
    struct token_walk walk;
    struct token t;
    size_t n = 0;
    for (token_start(&walk, text); n < WORDS_MAX && token_next(&walk, &t);) {
        char bare[TOKEN_BYTES_MAX];
        size_t len;
        if (t.role != TOKEN_MAIN)
            continue;
        struct word *w = &out[n++];
        *w = (struct word){.script = t.script, .number = t.number};
        w->form_len = keep(w->form, TOKEN_BYTES_MAX, t.form);
        w->points = utf8_count((struct str){w->form, w->form_len});
        w->bare_len = token_bare(t.form, bare, &len)
                          ? keep(w->bare, TOKEN_BYTES_MAX, (struct str){bare, len})
                          : keep(w->bare, TOKEN_BYTES_MAX, t.form);
        w->stem_len = keep(w->stem, TOKEN_BYTES_MAX,
                           stem_of(stem, (struct str){w->form, w->form_len}, t.script, true));
        w->capital = is_capital(str_to(str_from(text, t.at), t.len));
    }
    return n;
}

/* ---- words no list has ---- */

/* Endings of names; those of cases that names of bodies do not stand in are left, as Росатом ends in one. */
static const char *const cyrillic_case[] = {
    "ого", "его", "ому", "ему", "ий", "ый", "ой", "ая", "яя", "ое", "ее", "ые", "ие",
    "ую",  "ей",  "а",   "я",   "о",  "е",  "ы",  "и",  "й",  "у",  "ю",  "ь",  "э"};
/* The shortest first, then what is left of a longer one: Казанский, Бакинский. */
static const char *const cyrillic_adjective[] = {"ск", "цк"};
static const char *const cyrillic_longer[] = {"ин", "ов", "ев", "ан", "ян", "ен"};
static const char *const latin_case[] = {"iy", "yi", "ii", "ij", "yy", "y",
                                         "i",  "a",  "o",  "e",  "s"};
static const char *const latin_adjective[] = {"ian", "ean", "an", "ese", "ish", "sk", "sky"};

/* Without the first of the endings that leaves min letters. */
static struct str cut(struct str word, const char *const *ending, size_t n, size_t min)
{
    for (size_t i = 0; i < n; i++) {
        struct str tail = str_of(ending[i]);
        if (str_ends(word, tail) && utf8_count(str_to(word, word.len - tail.len)) >= min)
            return str_to(word, word.len - tail.len);
    }
    return word;
}

static struct str cut_case(struct str word, bool cyrillic)
{
    return cyrillic ? cut(word, cyrillic_case, countof(cyrillic_case), CYRILLIC_ROOT_MIN)
                    : cut(word, latin_case, countof(latin_case), LATIN_ROOT_MIN);
}

static void find_roots(struct str root, struct name_unit *u)
{
    struct str shorter =
        u->cyrillic
            ? cut(root, cyrillic_adjective, countof(cyrillic_adjective), CYRILLIC_ROOT_MIN)
            : cut(root, latin_adjective, countof(latin_adjective), LATIN_ROOT_MIN);
    if (shorter.len == root.len)
        return;
    u->root[0] = skeleton_of(shorter);
    struct str least =
        cut(shorter, cyrillic_longer, countof(cyrillic_longer), CYRILLIC_ROOT_MIN);
    if (u->cyrillic && least.len < shorter.len)
        u->root[1] = skeleton_of(least);
}

static void unknown_unit(const struct word *w, struct name_unit *u)
{
    u->cyrillic = w->script == TOKEN_CYRILLIC;
    struct str word = w->script == TOKEN_LATIN ? (struct str){w->bare, w->bare_len}
                                               : (struct str){w->form, w->form_len};
    bool letters = !w->number && (u->cyrillic || w->script == TOKEN_LATIN);
    struct str root = letters ? cut_case(word, u->cyrillic) : word;
    u->len = (uint8_t)keep(u->form, NAME_FORM_MAX, root);
    if (!letters)
        return;
    u->sound = skeleton_of(root);
    if (u->sound.len == 0)
        u->sound = skeleton_of(word);
    find_roots(root, u);
}

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
    unsigned most =
        sounds ? skeleton_most_of(x->sound_len, x->consonants, y->sound_len, y->consonants) : 0;
    if (x->len == 0 || y->len == 0)
        return most >= PLACE_ACCEPT || x->rooted || y->rooted;
    if (x->len == y->len && x->sound_len == y->sound_len && x->consonants == y->consonants)
        return true; /* may be the same */
    if (x->cyrillic != y->cyrillic)
        return most >= SKELETON_ACCEPT || x->rooted || y->rooted;
    unsigned far = sounds ? ONE_LETTER / larger(x->sound_len, y->sound_len) : 0;
    return sounds && x->len >= NAME_TYPO_BYTES_MIN && y->len >= NAME_TYPO_BYTES_MIN &&
           most >= (far < 1000 ? 1000 - far : 0);
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

static void spell_acronym(struct name *out, const struct word *w)
{
    size_t len = 0;
    for (struct str rest = {w->form, w->form_len}; rest.len > 0;) {
        struct str one = rest;
        utf8_next(&rest);
        add_initial(out, &len, str_to(one, one.len - rest.len));
    }
    out->acronym[len] = '\0';
    out->is_acronym = len >= NAME_ACRONYM_MIN;
}

/* ---- the whole name ---- */

struct reading {
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

static void put_unit(struct reading *r, const struct word *w, struct vocabulary_meaning meaning,
                     bool optional)
{
    if (r->out->n == NAME_UNITS_MAX)
        return;
    struct name_unit *u = &r->out->unit[r->out->n];
    *u = (struct name_unit){.meaning = meaning, .optional = optional};
    if (meaning.id == 0)
        unknown_unit(w, u);
    if (meaning.part == VOCABULARY_PLACE)
        u->sound = vocabulary_sound(r->v, meaning);
    if (meaning.id == 0 && r->v != NULL && w->script == TOKEN_LATIN)
        u->may_mean = vocabulary_unmarked(r->v, (struct str){w->form, w->form_len}).id;
    for (size_t i = 0; i < r->out->n && meaning.id != 0; i++)
        if (r->out->unit[i].meaning.id == meaning.id)
            return; /* said twice */
    r->out->n++;
}

/* A word no list has may be derived from words that they have; a person's name is not. */
static void put_word(struct reading *r, const struct word *w, struct vocabulary_meaning meaning,
                     bool optional)
{
    struct vocabulary_meaning part[INFLECT_MEANINGS_MAX];
    struct str stem = {w->stem, w->stem_len};
    struct str form = w->script == TOKEN_LATIN ? (struct str){w->bare, w->bare_len}
                                               : (struct str){w->form, w->form_len};
    bool ask = meaning.id == 0 && !optional && !w->number && r->v != NULL;
    size_t n = ask ? inflect_meanings(r->v, form, stem, w->script, part) : 0;
    for (size_t i = 0; i < n; i++)
        put_unit(r, w, part[i], false);
    if (n == 0)
        put_unit(r, w, meaning, optional);
}

static void add_unit(struct reading *r, const struct word *w, size_t words,
                     struct vocabulary_meaning meaning)
{
    struct vocabulary_meaning part[VOCABULARY_LONG_MAX];
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
            add_initial(r->out, &r->initials, (struct str){w[i].form, w[i].form_len});
    if (r->named && ((meaning.part == VOCABULARY_WORD && meaning.group == 0) || is_person))
        meaning =
            (struct vocabulary_meaning){.id = 0}; /* a person's name that is also a term */
    bool initial = meaning.id == 0 && w->points == 1 && !w->number;
    if (initial && r->v != NULL)
        return; /* of a person: A. F. */
    if (meaning.part == VOCABULARY_SHORT)
        for (size_t i = 0, n = vocabulary_long(r->v, meaning, part); i < n; i++)
            put_unit(r, w, part[i], false);
    else
        put_word(r, w, meaning, initial || (r->named && meaning.id == 0));
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
static bool is_unmarked(const struct word *word, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str form = {word[i].form, word[i].form_len};
        bool other = word[i].script != TOKEN_LATIN || !guess_is_syllable(form);
        if (other && !word[i].number && !word[i].capital)
            return false;
    }
    return true;
}

static enum name_script script_of(const struct word *word, size_t n)
{
    enum name_script script = NAME_LATIN;
    for (size_t i = 0; i < n; i++)
        if (word[i].script == TOKEN_CYRILLIC)
            return NAME_CYRILLIC;
        else if (word[i].bare_len != word[i].form_len)
            script = NAME_MARKED;
    return script;
}

/* Capitals that are a word only without an ending: МИФИ is not мифы. */
static bool is_acronym(const struct word *w)
{
    return w->capital && w->script == TOKEN_CYRILLIC && w->stem_len != w->form_len;
}

void name_read(const struct vocabulary *v, struct stem *stem, struct str text, struct name *out)
{
    char plain[NAME_BYTES_MAX];
    struct word word[WORDS_MAX];
    struct vocabulary_word known[WORDS_MAX];
    text = str_to(text, text.len < NAME_BYTES_MAX ? text.len : NAME_BYTES_MAX);
    while (text.len > 0 && !utf8_valid(text)) /* cut in the middle of a letter */
        text.len--;
    text = without_extras(text, plain);
    size_t n = read_words(stem, text, word);
    bool unmarked = is_unmarked(word, n), mixed = false;
    for (size_t i = 0; i < n; i++)
        mixed |= !word[i].capital && !word[i].number && word[i].points > 1;
    for (size_t i = 0; i < n; i++)
        known[i] = (struct vocabulary_word){.stem = {word[i].stem, word[i].stem_len},
                                            .bare = {word[i].bare, word[i].bare_len},
                                            .alone = unmarked};
    *out = (struct name){.n = 0, .script = script_of(word, n)};
    struct reading r = {.v = v, .out = out};
    for (size_t i = 0, words; i < n && out->n < NAME_UNITS_MAX; i += words) {
        struct vocabulary_meaning meaning = {.id = 0};
        words = v == NULL ? 0 : vocabulary_match(v, known + i, n - i, &meaning);
        if (words == 1 && mixed && meaning.part == VOCABULARY_WORD && is_acronym(&word[i]))
            words = 0;
        if (words == 0) {
            words = 1;
            meaning = (struct vocabulary_meaning){.id = 0};
        }
        add_unit(&r, &word[i], words, meaning);
    }
    out->acronym[r.initials] = '\0';
    if (n == 1 && word[0].capital && word[0].points <= NAME_ACRONYM_MAX)
        spell_acronym(out, &word[0]);
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
