#include "index/stand_int.h"

#include "base/utf8.h"
#include "index/sound_int.h"
#include "index/typo_int.h"
#include "language/abbreviation.h"
#include "language/fold.h"
#include "language/lexicon.h"

#include <string.h>

enum {
    ENGLISH = 1 << TOKEN_EN,
    Y_PREFIX = 19661, /* .3 */
    Y_PREFIX_BARE = 9830,
    Y_TYPO = LIKELIHOOD_ONE / 2,
    Y_TYPO_TWICE = LIKELIHOOD_ONE / 4,
    Y_SPELT = LIKELIHOOD_ONE / 2,
};
#define SHARE_COMMON (UINT32_MAX / 20000) /* of running text: CO is not со, nor USA уса */

void *stand_take(struct stand *s, size_t size)
{
    void *p = arena_take(s->a, size);
    if (p == NULL)
        s->err = CAU_ERR_MEMORY;
    return p;
}

/* In which texts a term of u counts already. */
static unsigned groups_taken(const struct unit *u, struct str key)
{
    unsigned taken = 0;
    for (size_t i = 0; i < u->n; i++)
        if (str_equal(u->term[i].key, key))
            taken |= u->term[i].groups;
    return taken;
}

static void add_found(struct stand *s, struct unit *u, const struct dictionary_term *found,
                      struct str key, const struct stand_as *as)
{
    if (u->n == u->cap) {
        size_t cap = u->cap == 0 ? 4 : u->cap * 4;
        struct unit_term *wide = stand_take(s, cap * sizeof *wide);
        if (wide == NULL)
            return;
        if (u->n > 0)
            memcpy(wide, u->term, u->n * sizeof *wide);
        u->term = wide;
        u->cap = cap;
    }
    struct str copy;
    if (arena_copy(s->a, key, &copy) != CAU_OK) {
        s->err = CAU_ERR_MEMORY;
        return;
    }
    u->term[u->n++] =
        (struct unit_term){*found, copy, as->y, as->groups, as->channel, as->sources};
}

void stand_add(struct stand *s, struct unit *u, enum term_kind kind, struct str text,
               const struct stand_as *as)
{
    struct term_key key;
    struct dictionary_term found;
    if (text.len + 1 > TERM_BYTES_MAX)
        return;
    term_make(&key, kind, text);
    struct stand_as rest = *as;
    rest.groups &= ~groups_taken(u, term_str(&key));
    if (rest.groups != 0 && dictionary_find(s->ix, term_str(&key), &found))
        add_found(s, u, &found, term_str(&key), &rest);
}

static void add_key(struct stand *s, struct unit *u, enum term_kind kind, struct str text,
                    uint32_t y, unsigned groups, enum index_channel channel)
{
    struct stand_as as = {y, groups, channel, 0};
    stand_add(s, u, kind, text, &as);
}

bool stand_visible(const struct stand *s, const struct unit *u, unsigned groups)
{
    for (size_t i = 0; i < u->n; i++)
        if ((u->term[i].groups & groups) != 0 &&
            dictionary_visible(s->ix, &u->term[i].term, u->term[i].groups & groups, s->reader))
            return true;
    return false;
}

/* The word itself. A stem's texts are those listed under it and those where it stands as a word (a form
 * that is its own stem is listed once); stems count in English texts, Russian ones in all. */
static void add_same(struct stand *s, struct unit *u, struct str form)
{
    char bytes[TOKEN_BYTES_MAX];
    struct str stem = stem_of(s->stem, form, u->script, true);
    unsigned stemmed = u->script == TOKEN_CYRILLIC ? STAND_ALL
                       : u->script == TOKEN_LATIN  ? ENGLISH
                                                   : 0;
    if (str_equal(stem, form)) {
        add_key(s, u, TERM_FORM, form, LIKELIHOOD_ONE, STAND_ALL, INDEX_SAME);
        if (stemmed != 0)
            add_key(s, u, TERM_STEM, form, LIKELIHOOD_ONE, stemmed, INDEX_SAME);
        return;
    }
    memcpy(bytes, stem.p, stem.len);
    stem.p = bytes;
    add_key(s, u, TERM_STEM, stem, LIKELIHOOD_ONE, stemmed, INDEX_SAME);
    if (stemmed != STAND_ALL)
        add_key(s, u, TERM_FORM, form, LIKELIHOOD_ONE, STAND_ALL & ~stemmed, INDEX_SAME);
    if (str_equal(stem_of(s->stem, stem, u->script, true), stem))
        add_key(s, u, TERM_FORM, stem, LIKELIHOOD_ONE, stemmed, INDEX_SAME);
}

/* Forms and, for a word typed without marks, bare forms that begin with the word. */
static void add_beginnings(struct stand *s, struct unit *u, bool bare)
{
    size_t given = 0;
    for (int pass = 0; pass < (bare ? 2 : 1); pass++) {
        struct term_key start;
        struct dictionary_walk w;
        struct str key;
        struct stand_as as = {pass == 0 ? Y_PREFIX : Y_PREFIX_BARE, STAND_ALL, INDEX_PREFIX, 0};
        term_make(&start, pass == 0 ? TERM_FORM : TERM_BARE, u->form);
        dictionary_seek(s->ix, &w, term_str(&start));
        while (given < EXPAND_PREFIX_MAX && s->err == CAU_OK && dictionary_key(&w, &key) &&
               str_starts(key, term_str(&start))) {
            struct dictionary_term found;
            dictionary_term(&w, &found);
            if (key.len > start.len &&
                dictionary_visible(s->ix, &found, STAND_ALL, s->reader)) {
                add_found(s, u, &found, key, &as);
                given++;
            }
            dictionary_next(&w);
        }
    }
}

/* Forms, or bare forms, edits away; given counts those taken so far. */
static void add_typos_of(struct stand *s, struct unit *u, enum term_kind kind, unsigned edits,
                         size_t *given)
{
    struct typo *typo;
    size_t n = 0;
    enum cau_err err = typo_find(s->ix, s->a, kind, u->form, edits, &typo, &n);
    if (err != CAU_OK)
        s->err = err;
    for (size_t i = 0; i < n && *given < EXPAND_TYPO_MAX && s->err == CAU_OK; i++) {
        struct stand_as as = {typo[i].distance == 1 ? Y_TYPO : Y_TYPO_TWICE, STAND_ALL,
                              INDEX_TYPO, 0};
        struct dictionary_term found;
        if (groups_taken(u, typo[i].key) != 0 || !dictionary_find(s->ix, typo[i].key, &found) ||
            !dictionary_visible(s->ix, &found, STAND_ALL, s->reader))
            continue;
        add_found(s, u, &found, typo[i].key, &as);
        ++*given;
    }
}

static void add_typos(struct stand *s, struct unit *u, bool bare)
{
    size_t letters = utf8_count(u->form), given = 0;
    unsigned most = letters >= EXPAND_TYPO_TWICE ? 2 : letters >= EXPAND_TYPO_MIN ? 1 : 0;
    for (unsigned edits = 1; edits <= most && given == 0 && s->err == CAU_OK; edits++) {
        add_typos_of(s, u, TERM_FORM, edits, &given);
        if (bare && given < EXPAND_TYPO_MAX && s->err == CAU_OK)
            add_typos_of(s, u, TERM_BARE, edits, &given);
    }
}

static void add_sounds(struct stand *s, struct unit *u, unsigned groups)
{
    struct sound_walk w;
    const struct sound *sound;
    size_t given = 0;
    sound_start(&w, s->ix, u->form, groups);
    while (given < EXPAND_SOUND_MAX && s->err == CAU_OK && (sound = sound_next(&w)) != NULL) {
        if ((groups_taken(u, term_str(&sound->key)) & groups) != 0 ||
            !dictionary_visible(s->ix, &sound->term, groups, s->reader))
            continue;
        uint64_t square = (uint64_t)sound->likeness * sound->likeness;
        struct stand_as as = {(uint32_t)(square * LIKELIHOOD_ONE / 1000000), groups,
                              INDEX_SOUND, 0};
        add_found(s, u, &sound->term, term_str(&sound->key), &as);
        given++;
    }
}

bool stand_is_bare(const struct unit *u)
{
    char bytes[TOKEN_BYTES_MAX];
    size_t len;
    return u->script == TOKEN_LATIN && !token_bare(u->form, bytes, &len);
}

void stand_same(struct stand *s, struct unit *u, bool last)
{
    bool bare = stand_is_bare(u);
    add_same(s, u, u->form);
    if (bare)
        add_key(s, u, TERM_BARE, u->form, STAND_Y_BARE, STAND_ALL, INDEX_BARE);
    if (last && !u->number && utf8_count(u->form) >= EXPAND_PREFIX_MIN)
        add_beginnings(s, u, bare);
    char bytes[TOKEN_BYTES_MAX];
    size_t len;
    if (s->err == CAU_OK && !bare && u->script == TOKEN_LATIN &&
        !stand_visible(s, u, STAND_ALL) && token_bare(u->form, bytes, &len)) {
        add_key(s, u, TERM_FORM, (struct str){bytes, len}, STAND_Y_BARE, STAND_ALL, INDEX_BARE);
        add_key(s, u, TERM_BARE, (struct str){bytes, len}, STAND_Y_BARE, STAND_ALL, INDEX_BARE);
    }
}

/* One translation: a compound or syllable in Vietnamese texts, a stem in others. */
static void add_translation(struct stand *s, struct unit *u, enum token_group to,
                            const struct lexicon_entry *entry, struct stand_as *as)
{
    as->groups = 1u << to;
    as->sources = entry->sources;
    if (to == TOKEN_VI) {
        bool whole = memchr(entry->term.p, '_', entry->term.len) != NULL;
        stand_add(s, u, whole ? TERM_COMPOUND : TERM_FORM, entry->term, as);
        return;
    }
    enum token_script script = to == TOKEN_RU ? TOKEN_CYRILLIC : TOKEN_LATIN;
    stand_add(s, u, TERM_STEM, entry->term, as);
    if (str_equal(stem_of(s->stem, entry->term, script, true), entry->term))
        stand_add(s, u, TERM_FORM, entry->term, as);
}

bool stand_translated(struct stand *s, struct unit *u, struct str term, uint32_t share,
                      bool silent)
{
    static const enum token_group language[] = {TOKEN_VI, TOKEN_RU, TOKEN_EN};
    struct lexicon_entry entry[LEXICON_KEPT_MAX];
    bool any = false;
    for (size_t g = 0; g < countof(language) && s->err == CAU_OK; g++) {
        size_t n = lexicon_find(s->ix->lexicon, u->lang, language[g], term, entry);
        any = any || n > 0;
        for (size_t i = 0; i < n && s->err == CAU_OK; i++) {
            uint32_t y = (uint32_t)((uint64_t)entry[i].y * share / UINT16_MAX);
            struct stand_as as = {silent ? 0 : y == 0 ? 1 : y, 0, INDEX_TRANSLATION, 0};
            add_translation(s, u, language[g], &entry[i], &as);
        }
    }
    return any;
}

/* In the languages of its script. */
static bool is_common(const struct stand *s, struct str form, enum token_script script)
{
    const struct lexicon *l = s->ix->lexicon;
    struct str stem = stem_of(s->stem, form, script, true);
    return script == TOKEN_CYRILLIC ? lexicon_share(l, TOKEN_RU, stem) >= SHARE_COMMON
                                    : lexicon_share(l, TOKEN_EN, stem) >= SHARE_COMMON ||
                                          lexicon_share(l, TOKEN_VI, form) >= SHARE_COMMON;
}

void stand_spelt(struct stand *s, struct unit *u)
{
    struct abbreviation_spellings other;
    if (!abbreviation_is(u->word))
        return;
    enum token_script script = u->script == TOKEN_LATIN ? TOKEN_CYRILLIC : TOKEN_LATIN;
    abbreviation_spell(u->form, &other);
    for (size_t i = 0; i < other.n && s->err == CAU_OK; i++) {
        struct term_key stem;
        term_make(&stem, TERM_STEM, stem_of(s->stem, other.v[i], script, true));
        unsigned groups = STAND_ALL & ~groups_taken(u, term_str(&stem));
        if (!is_common(s, other.v[i], script))
            add_key(s, u, TERM_FORM, other.v[i], Y_SPELT, groups, INDEX_SOUND);
    }
}

/* The languages whose texts are searched, and in which no visible term of u stands. Texts of no language are names in
 * Latin letters for the most part: they are searched so for what is written in others. */
static unsigned missing_groups(const struct stand *s, const struct unit *u)
{
    unsigned missing = 0, end = u->script == TOKEN_CYRILLIC ? TOKEN_GROUPS : TOKEN_OTHER;
    for (unsigned g = 0; g < end; g++)
        if (s->ix->public_length[g] > 0 && !stand_visible(s, u, 1u << g))
            missing |= 1u << g;
    return missing;
}

void stand_meant(struct stand *s, struct unit *u, bool always)
{
    if (s->meant == EXPAND_MEANT_MAX || u->number ||
        (u->script != TOKEN_LATIN && u->script != TOKEN_CYRILLIC))
        return;
    bool visible = stand_visible(s, u, STAND_ALL);
    unsigned groups = always || !visible ? STAND_ALL : missing_groups(s, u);
    if (groups == 0)
        return;
    s->meant++;
    if (always || !visible)
        add_typos(s, u, stand_is_bare(u));
    add_sounds(s, u, groups);
}
