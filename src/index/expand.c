#include "index/expand_int.h"

#include "base/utf8.h"
#include "index/typo_int.h"
#include "language/fold.h"
#include "language/guess.h"

#include <string.h>

enum {
    ALL_GROUPS = (1 << TOKEN_GROUPS) - 1,
    ENGLISH = 1 << TOKEN_EN,
    Y_BARE = 32768,
    Y_PREFIX = 19661, /* .3 */
    Y_PREFIX_BARE = 9830,
    Y_TYPO = 32768,
    Y_TYPO_TWICE = 16384,
};

/* One query on its way to units. */
struct expansion {
    const struct index *ix;
    struct arena *a;
    struct index_reader reader;
    struct stem *stem;
    struct plan *plan;
    size_t cap;   /* of plan->unit */
    size_t words; /* with compounds as one */
    size_t meant; /* words looked up as mistakes and sounds */
    enum cau_err err;
};

static void *take(struct expansion *e, size_t size)
{
    void *p = arena_take(e->a, size);
    if (p == NULL)
        e->err = CAU_ERR_MEMORY;
    return p;
}

static bool has_term(const struct unit *u, struct str key)
{
    for (size_t i = 0; i < u->n; i++)
        if (str_equal(u->term[i].key, key))
            return true;
    return false;
}

static void add_found(struct expansion *e, struct unit *u, const struct dictionary_term *found,
                      struct str key, uint32_t y, unsigned groups, enum index_channel channel)
{
    if (u->n == u->cap) {
        size_t cap = u->cap == 0 ? 4 : u->cap * 4;
        struct unit_term *wide = take(e, cap * sizeof *wide);
        if (wide == NULL)
            return;
        if (u->n > 0)
            memcpy(wide, u->term, u->n * sizeof *wide);
        u->term = wide;
        u->cap = cap;
    }
    struct str copy;
    if (arena_copy(e->a, key, &copy) != CAU_OK) {
        e->err = CAU_ERR_MEMORY;
        return;
    }
    u->term[u->n++] = (struct unit_term){*found, copy, y, groups, channel};
}

/* Adds the term of a key when it is in the index. */
static void add_key(struct expansion *e, struct unit *u, enum term_kind kind, struct str text,
                    uint32_t y, unsigned groups, enum index_channel channel)
{
    struct term_key key;
    struct dictionary_term found;
    term_make(&key, kind, text);
    if (dictionary_find(e->ix, term_str(&key), &found) && !has_term(u, term_str(&key)))
        add_found(e, u, &found, term_str(&key), y, groups, channel);
}

static bool is_visible(const struct expansion *e, const struct unit *u)
{
    for (size_t i = 0; i < u->n; i++)
        if (dictionary_visible(e->ix, &u->term[i].term, u->term[i].groups, e->reader))
            return true;
    return false;
}

/* The word itself. A stem's texts are those listed under it and those where it stands as a word (a form
 * that is its own stem is listed once); stems count in English texts, Russian ones in all. */
static void add_same(struct expansion *e, struct unit *u, struct str form)
{
    char bytes[TOKEN_BYTES_MAX];
    struct str stem = stem_of(e->stem, form, u->script, true);
    unsigned stemmed = u->script == TOKEN_CYRILLIC ? ALL_GROUPS
                       : u->script == TOKEN_LATIN  ? ENGLISH
                                                   : 0;
    if (str_equal(stem, form)) {
        add_key(e, u, TERM_FORM, form, LIKELIHOOD_ONE, ALL_GROUPS, INDEX_SAME);
        if (stemmed != 0)
            add_key(e, u, TERM_STEM, form, LIKELIHOOD_ONE, stemmed, INDEX_SAME);
        return;
    }
    memcpy(bytes, stem.p, stem.len);
    stem.p = bytes;
    add_key(e, u, TERM_STEM, stem, LIKELIHOOD_ONE, stemmed, INDEX_SAME);
    if (stemmed != ALL_GROUPS)
        add_key(e, u, TERM_FORM, form, LIKELIHOOD_ONE, ALL_GROUPS & ~stemmed, INDEX_SAME);
    if (str_equal(stem_of(e->stem, stem, u->script, true), stem))
        add_key(e, u, TERM_FORM, stem, LIKELIHOOD_ONE, stemmed, INDEX_SAME);
}

/* Forms and, for a word typed without marks, bare forms that begin with the word. */
static void add_beginnings(struct expansion *e, struct unit *u, bool bare)
{
    size_t given = 0;
    for (int pass = 0; pass < (bare ? 2 : 1); pass++) {
        struct term_key start;
        struct dictionary_walk w;
        struct str key;
        term_make(&start, pass == 0 ? TERM_FORM : TERM_BARE, u->form);
        dictionary_seek(e->ix, &w, term_str(&start));
        while (given < EXPAND_PREFIX_MAX && e->err == CAU_OK && dictionary_key(&w, &key) &&
               str_starts(key, term_str(&start))) {
            struct dictionary_term found;
            dictionary_term(&w, &found);
            if (key.len > start.len &&
                dictionary_visible(e->ix, &found, ALL_GROUPS, e->reader)) {
                add_found(e, u, &found, key, pass == 0 ? Y_PREFIX : Y_PREFIX_BARE, ALL_GROUPS,
                          INDEX_PREFIX);
                given++;
            }
            dictionary_next(&w);
        }
    }
}

struct typos {
    struct expansion *e;
    struct unit *u;
    size_t given;
};

static bool take_typo(void *ctx, const struct dictionary_walk *at, struct str key,
                      unsigned distance)
{
    struct typos *t = ctx;
    struct dictionary_term found;
    dictionary_term(at, &found);
    if (dictionary_visible(t->e->ix, &found, ALL_GROUPS, t->e->reader) &&
        !has_term(t->u, key)) {
        add_found(t->e, t->u, &found, key, distance == 1 ? Y_TYPO : Y_TYPO_TWICE, ALL_GROUPS,
                  INDEX_TYPO);
        t->given++;
    }
    return t->given < EXPAND_TYPO_MAX && t->e->err == CAU_OK;
}

static void add_typos(struct expansion *e, struct unit *u, bool bare)
{
    struct typos t = {e, u, 0};
    size_t letters = utf8_count(u->form);
    unsigned most = letters >= EXPAND_TYPO_TWICE ? 2 : letters >= EXPAND_TYPO_MIN ? 1 : 0;
    for (unsigned edits = 1; edits <= most && t.given == 0; edits++) {
        typo_walk(e->ix, TERM_FORM, u->form, edits, take_typo, &t);
        if (bare && t.given < EXPAND_TYPO_MAX)
            typo_walk(e->ix, TERM_BARE, u->form, edits, take_typo, &t);
    }
}

static void add_sounds_of(struct expansion *e, struct unit *u, const struct skeleton *sound,
                          struct str start, size_t *given)
{
    struct dictionary_walk w;
    struct str key;
    dictionary_seek(e->ix, &w, start);
    for (; *given < EXPAND_SOUND_MAX && e->err == CAU_OK && dictionary_key(&w, &key) &&
           str_starts(key, start);
         dictionary_next(&w)) {
        struct str form = str_from(key, start.len);
        if (form.len > TOKEN_BYTES_MAX || !utf8_valid(form))
            continue;
        struct skeleton other = skeleton_of(form);
        unsigned likeness = skeleton_likeness(sound, &other);
        struct term_key term_key;
        struct dictionary_term found;
        term_make(&term_key, TERM_FORM, form);
        if (likeness < SKELETON_ACCEPT || has_term(u, term_str(&term_key)) ||
            !dictionary_find(e->ix, term_str(&term_key), &found) ||
            !dictionary_visible(e->ix, &found, ALL_GROUPS, e->reader))
            continue;
        uint32_t y = (uint32_t)((uint64_t)likeness * likeness * LIKELIHOOD_ONE / 1000000);
        add_found(e, u, &found, term_str(&term_key), y, ALL_GROUPS, INDEX_SOUND);
        ++*given;
    }
}

static void add_sounds(struct expansion *e, struct unit *u)
{
    struct skeleton sound = skeleton_of(u->form);
    struct skeleton_keys keys;
    size_t given = 0;
    if (sound.len == 0)
        return;
    skeleton_keys(&sound, &keys);
    for (size_t i = 0; i < keys.n; i++) {
        struct term_key start = {.len = keys.key[i].len + 2};
        start.p[0] = (char)TERM_SOUND;
        memcpy(start.p + 1, keys.key[i].p, keys.key[i].len);
        start.p[start.len - 1] = '\t';
        add_sounds_of(e, u, &sound, term_str(&start), &given);
    }
}

/* True when the word of u has no marks, so that its bare form is itself. */
static bool is_bare(const struct unit *u)
{
    char bytes[TOKEN_BYTES_MAX];
    size_t len;
    return u->script == TOKEN_LATIN && !token_bare(u->form, bytes, &len);
}

static void add_meant(struct expansion *e, struct unit *u)
{
    if (!u->number && (u->script == TOKEN_LATIN || u->script == TOKEN_CYRILLIC) &&
        e->meant < EXPAND_MEANT_MAX) {
        e->meant++;
        add_typos(e, u, is_bare(u));
        add_sounds(e, u);
    }
}

static void add_channels(struct expansion *e, struct unit *u, bool last)
{
    bool bare = is_bare(u);
    add_same(e, u, u->form);
    if (bare)
        add_key(e, u, TERM_BARE, u->form, Y_BARE, ALL_GROUPS, INDEX_BARE);
    if (last && !u->number && utf8_count(u->form) >= EXPAND_PREFIX_MIN)
        add_beginnings(e, u, bare);
    if (e->err != CAU_OK || is_visible(e, u))
        return;
    char bytes[TOKEN_BYTES_MAX];
    size_t len;
    if (!bare && u->script == TOKEN_LATIN && token_bare(u->form, bytes, &len)) {
        add_key(e, u, TERM_FORM, (struct str){bytes, len}, Y_BARE, ALL_GROUPS, INDEX_BARE);
        add_key(e, u, TERM_BARE, (struct str){bytes, len}, Y_BARE, ALL_GROUPS, INDEX_BARE);
        if (is_visible(e, u))
            return;
    }
    add_meant(e, u);
}

static void weigh(struct expansion *e, struct unit *u)
{
    uint64_t count[TOKEN_GROUPS] = {0};
    u->work = 0;
    for (size_t i = 0; i < u->n; i++) {
        const struct unit_term *t = &u->term[i];
        for (int part = 0; part < INDEX_PARTS; part++)
            u->work += t->term.in[part].list.count;
        for (unsigned g = 0; g < TOKEN_GROUPS; g++) {
            int64_t n = t->term.in[INDEX_SEGMENT].count[g] + t->term.in[INDEX_FRESH].count[g];
            if ((t->groups >> g & 1) != 0 && n > 0)
                count[g] += (uint64_t)n * t->y;
        }
    }
    for (unsigned g = 0; g < TOKEN_GROUPS; g++) {
        int64_t length = e->ix->public_length[g];
        u->rarity[g] = likelihood_rarity(count[g], length < 0 ? 0 : (uint64_t)length);
    }
}

/* A new unit; NULL when memory or the number of terms ends. */
static struct unit *new_unit(struct expansion *e)
{
    struct plan *plan = e->plan;
    if (plan->n == INDEX_QUERY_TERMS_MAX) {
        plan->cut = true;
        return NULL;
    }
    if (plan->n == e->cap) {
        size_t cap = e->cap == 0 ? 8 : e->cap * 4;
        struct unit *wide = take(e, cap * sizeof *wide);
        if (wide == NULL)
            return NULL;
        if (plan->n > 0)
            memcpy(wide, plan->unit, plan->n * sizeof *wide);
        plan->unit = wide;
        e->cap = cap;
    }
    struct unit *u = &plan->unit[plan->n++];
    *u = (struct unit){.times = 1, .factor = LIKELIHOOD_ONE};
    return u;
}

/* The unit of a word, the same for the same form; its number, or UINT32_MAX. */
static uint32_t add_word(struct expansion *e, struct str text, const struct token *word,
                         bool last)
{
    for (size_t i = 0; i < e->plan->n; i++)
        if (str_equal(e->plan->unit[i].form, word->form)) {
            e->plan->unit[i].times++;
            return (uint32_t)i;
        }
    struct unit *u = new_unit(e);
    if (u == NULL)
        return UINT32_MAX;
    u->word = str_to(str_from(text, word->at), word->len);
    u->script = word->script;
    u->number = word->number;
    u->required = true;
    if (arena_copy(e->a, word->form, &u->form) != CAU_OK)
        e->err = CAU_ERR_MEMORY;
    else
        add_channels(e, u, last);
    e->words++;
    return (uint32_t)(e->plan->n - 1);
}

/* Words of one piece of the query: between quotes, or between pieces in quotes. */
struct piece {
    uint32_t unit[INDEX_QUERY_TERMS_MAX];
    size_t at[INDEX_QUERY_TERMS_MAX], end[INDEX_QUERY_TERMS_MAX];
    bool touches[INDEX_QUERY_TERMS_MAX];
    size_t n;
};

static void add_compounds(struct expansion *e, struct str text, const struct piece *piece)
{
    for (size_t i = 0; i < piece->n && e->ix->compounds != NULL;) {
        struct str form[COMPOUND_SYLLABLES_MAX];
        char compound[COMPOUND_BYTES_MAX], bare[TOKEN_BYTES_MAX];
        size_t len = 0, n = 0, bare_len;
        while (n < COMPOUND_SYLLABLES_MAX && i + n < piece->n &&
               (n == 0 || piece->touches[i + n])) {
            form[n] = e->plan->unit[piece->unit[i + n]].form;
            n++;
        }
        n = compound_match(e->ix->compounds, form, n, compound, &len);
        struct str whole = {compound, len};
        bool marked = n > 1 && token_bare(whole, bare, &bare_len);
        if (!marked && e->plan->lang != LANG_VI)
            n = 1; /* in an hour: not in ấn */
        struct unit *u = n > 1 ? new_unit(e) : NULL;
        if (u != NULL) {
            u->word =
                str_to(str_from(text, piece->at[i]), piece->end[i + n - 1] - piece->at[i]);
            u->script = TOKEN_LATIN;
            add_key(e, u, TERM_COMPOUND, whole, marked ? LIKELIHOOD_ONE : Y_BARE, ALL_GROUPS,
                    marked ? INDEX_SAME : INDEX_BARE);
            for (size_t k = 0; k < n; k++)
                e->plan->unit[piece->unit[i + k]].factor = LIKELIHOOD_ONE / 2;
            e->words -= n - 1 < e->words ? n - 1 : 0;
        }
        i += n;
    }
}

static void add_phrase(struct expansion *e, const struct piece *piece)
{
    struct plan *plan = e->plan;
    if (piece->n < 2)
        return;
    if (plan->phrases == EXPAND_PHRASES_MAX) {
        plan->cut = true;
        return;
    }
    struct phrase_word *word = take(e, piece->n * sizeof *word);
    if (word == NULL)
        return;
    for (size_t i = 0; i < piece->n; i++) {
        const struct unit *u = &plan->unit[piece->unit[i]];
        uint32_t form = part_token_half(u->form);
        uint32_t stem = part_token_half(stem_of(e->stem, u->form, u->script, true));
        word[i] = (struct phrase_word){piece->unit[i], form, stem, is_bare(u) ? form : 0};
    }
    plan->phrase[plan->phrases++] = (struct phrase){word, piece->n};
}

static void add_piece(struct expansion *e, struct str text, bool quoted, bool ends_query)
{
    struct piece *piece = take(e, sizeof *piece);
    struct token_walk walk;
    struct token word;
    if (piece == NULL)
        return;
    piece->n = 0;
    token_start(&walk, text);
    while (e->err == CAU_OK && token_next(&walk, &word)) {
        if (word.role == TOKEN_READING && piece->n > 0) {
            struct unit *u = &e->plan->unit[piece->unit[piece->n - 1]];
            add_key(e, u, TERM_FORM, word.form, LIKELIHOOD_ONE, ALL_GROUPS, INDEX_SAME);
        }
        if (word.role != TOKEN_MAIN)
            continue;
        if (piece->n == INDEX_QUERY_TERMS_MAX) {
            e->plan->cut = true;
            break;
        }
        bool last = ends_query && !quoted && word.at + word.len == text.len;
        uint32_t unit = add_word(e, text, &word, last);
        if (unit == UINT32_MAX)
            break;
        piece->unit[piece->n] = unit;
        piece->at[piece->n] = word.at;
        piece->end[piece->n] = word.at + word.len;
        piece->touches[piece->n++] = word.touches;
    }
    if (e->err == CAU_OK)
        add_compounds(e, text, piece);
    if (quoted && e->err == CAU_OK)
        add_phrase(e, piece);
}

static size_t count_quotes(struct str text)
{
    size_t n = 0;
    while (text.len > 0)
        n += fold_class(utf8_next(&text)) == FOLD_QUOTE;
    return n;
}

enum cau_err expand(const struct index *ix, struct arena *a, const struct index_query *query,
                    struct str text, struct plan *out)
{
    *out = (struct plan){.cut = out->cut};
    struct expansion e = {.ix = ix, .a = a, .reader = query->reader, .plan = out};
    if (!lang_read(query->lang, &out->lang))
        out->lang = guess_lang(text, LANG_EN);
    enum cau_err err = stem_open(&e.stem);
    if (err != CAU_OK)
        return err;
    size_t pairs = count_quotes(text) / 2;
    bool quoted = false;
    struct str piece = text, rest = text;
    while (rest.len > 0 && e.err == CAU_OK) { /* an odd quote at the end is only a sign */
        struct str before = rest;
        if (fold_class(utf8_next(&rest)) != FOLD_QUOTE || (pairs == 0 && !quoted))
            continue;
        add_piece(&e, str_to(piece, (size_t)(before.p - piece.p)), quoted, false);
        piece = rest;
        pairs -= !quoted;
        quoted = !quoted;
    }
    if (e.err == CAU_OK)
        add_piece(&e, piece, false, true);
    for (size_t i = 0; i < out->n; i++)
        weigh(&e, &out->unit[i]);
    out->all = e.words <= EXPAND_ALL_MAX && !query->any;
    stem_close(e.stem);
    return e.err;
}

enum cau_err expand_widen(const struct index *ix, struct arena *a,
                          const struct index_query *query, struct plan *plan)
{
    struct expansion e = {.ix = ix, .a = a, .reader = query->reader, .plan = plan};
    for (size_t i = 0; i < plan->n; i++) {
        struct unit *u = &plan->unit[i];
        if (!u->required)
            continue;
        size_t before = u->n;
        add_meant(&e, u);
        plan->widened = plan->widened || u->n > before;
        weigh(&e, u);
    }
    return e.err;
}
