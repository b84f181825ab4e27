#include "index/expand_int.h"

#include "base/utf8.h"
#include "index/claim_int.h"
#include "index/stand_int.h"
#include "language/fold.h"
#include "language/guess.h"

#include <string.h>

enum {
    COMMON_LENGTH_MIN =
        20000, /* words of a language in the index from which its common words are known */
    COMMON_ONE_IN = 100, /* words: a term at least as frequent is common */
};

/* One query on its way to units. */
struct expansion {
    struct stand stand;
    struct plan *plan;
    const struct bare_words *bare; /* the query is Vietnamese without marks; else NULL */
    size_t cap;                    /* of plan->unit */
    size_t words;                  /* with compounds as one */
};

/* A word's form that is its own stem has one key as either; a stem counts before a form. */
static bool is_counted(const struct unit *u, const struct unit_term *t)
{
    if (t->key.p[0] != TERM_FORM)
        return t->key.p[0] == TERM_STEM || t->key.p[0] == TERM_COMPOUND;
    for (size_t i = 0; i < u->n; i++)
        if (u->term[i].key.p[0] == TERM_STEM &&
            str_equal(str_from(u->term[i].key, 1), str_from(t->key, 1)))
            return false;
    return true;
}

/* What usual running text adds: to the counts by language, and to their lengths. */
static void weigh_usual(const struct expansion *e, const struct unit *u,
                        uint64_t count[TOKEN_GROUPS], int64_t length[TOKEN_GROUPS])
{
    const struct lexicon *l = e->stand.ix->lexicon;
    for (unsigned g = 0; g < TOKEN_OTHER; g++) {
        if (!lexicon_has_shares(l, (enum token_group)g))
            continue;
        length[g] += LIKELIHOOD_USUAL;
        count[g] += LIKELIHOOD_UNKNOWN;
        for (size_t i = 0; i < u->n; i++)
            if ((u->term[i].groups >> g & 1) != 0 && is_counted(u, &u->term[i]))
                count[g] +=
                    likelihood_usual(u->term[i].y, lexicon_share(l, (enum token_group)g,
                                                                 str_from(u->term[i].key, 1)));
    }
}

static void weigh(struct expansion *e, struct unit *u)
{
    uint64_t count[TOKEN_GROUPS] = {0};
    u->work = 0;
    for (size_t i = 0; i < u->n; i++) {
        const struct unit_term *t = &u->term[i];
        for (int part = 0; part < INDEX_PARTS; part++)
            if ((t->term.in[part].groups & t->groups) != 0)
                u->work += t->term.in[part].list.count;
        for (unsigned g = 0; g < TOKEN_GROUPS; g++) {
            int64_t n = t->term.in[INDEX_SEGMENT].count[g] + t->term.in[INDEX_FRESH].count[g];
            if ((t->groups >> g & 1) != 0 && n > 0)
                count[g] += (uint64_t)n * t->y;
        }
    }
    int64_t length[TOKEN_GROUPS];
    for (unsigned g = 0; g < TOKEN_GROUPS; g++)
        length[g] =
            e->stand.ix->public_length[g] < 0 ? 0 : (int64_t)e->stand.ix->public_length[g];
    weigh_usual(e, u, count, length);
    for (unsigned g = 0; g < TOKEN_GROUPS; g++)
        u->rarity[g] = likelihood_rarity(count[g], (uint64_t)length[g]);
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
        struct unit *wide = stand_take(&e->stand, cap * sizeof *wide);
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

/* Words of a query may be of several languages: letters decide, and where they do not, the query's language. */
static enum token_group lang_of_word(const struct token *word, enum lang query)
{
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    if (word->script == TOKEN_CYRILLIC)
        return TOKEN_RU;
    if (word->script != TOKEN_LATIN)
        return TOKEN_OTHER;
    return query == LANG_VI || token_bare(word->form, bare, &len) ? TOKEN_VI : TOKEN_EN;
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
    u->lang = lang_of_word(word, e->plan->lang);
    u->number = word->number;
    u->required = true;
    if (arena_copy(e->stand.a, word->form, &u->form) != CAU_OK)
        e->stand.err = CAU_ERR_MEMORY;
    else
        stand_same(&e->stand, u, last);
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
    for (size_t i = 0; i < piece->n && e->stand.ix->compounds != NULL;) {
        struct str form[COMPOUND_SYLLABLES_MAX];
        char compound[COMPOUND_BYTES_MAX], bare[TOKEN_BYTES_MAX];
        size_t len = 0, n = 0, bare_len;
        while (n < COMPOUND_SYLLABLES_MAX && i + n < piece->n &&
               (n == 0 || piece->touches[i + n])) {
            form[n] = e->plan->unit[piece->unit[i + n]].form;
            n++;
        }
        n = compound_match(e->stand.ix->compounds, form, n, compound, &len);
        struct str whole = {compound, len};
        bool marked = n > 1 && token_bare(whole, bare, &bare_len);
        if (!marked && e->plan->lang != LANG_VI)
            n = 1; /* in an hour: not in ấn */
        struct unit *u = n > 1 ? new_unit(e) : NULL;
        if (u != NULL) {
            struct stand_as as = {marked ? LIKELIHOOD_ONE : STAND_Y_BARE, STAND_ALL,
                                  marked ? INDEX_SAME : INDEX_BARE, 0};
            u->word =
                str_to(str_from(text, piece->at[i]), piece->end[i + n - 1] - piece->at[i]);
            u->script = TOKEN_LATIN;
            u->lang = TOKEN_VI;
            u->parts = n;
            if (arena_copy(e->stand.a, whole, &u->form) != CAU_OK)
                e->stand.err = CAU_ERR_MEMORY;
            stand_add(&e->stand, u, TERM_COMPOUND, whole, &as);
            for (size_t k = 0; k < n; k++) {
                u->part[k] = piece->unit[i + k];
                e->plan->unit[u->part[k]].factor = LIKELIHOOD_ONE / 2;
            }
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
    struct phrase_word *word = stand_take(&e->stand, piece->n * sizeof *word);
    if (word == NULL)
        return;
    for (size_t i = 0; i < piece->n; i++) {
        const struct unit *u = &plan->unit[piece->unit[i]];
        uint32_t form = part_token_half(u->form);
        uint32_t stem = part_token_half(stem_of(e->stand.stem, u->form, u->script, true));
        word[i] = (struct phrase_word){piece->unit[i], form, stem, stand_is_bare(u) ? form : 0};
    }
    plan->phrase[plan->phrases++] = (struct phrase){word, piece->n};
}

/* ---- numbers ---- */

/* What a number of a query is besides its words, outside quotes: a number and its unit written together are found
 * apart (10MW: 10, MW), and one written in groups is found in one (3 200: 3200). Its words as they were typed then only
 * add to the score. */
struct number_parts {
    uint32_t unit;  /* of the number with its unit; UINT32_MAX: none before */
    unsigned parts; /* of it that are still to come */
    size_t groups;  /* of digits that are still to come */
};

/* 10mw, 220kv: digits, then letters, nothing behind. A single digit names more often than it counts: 5G, 3D. */
static bool has_unit(const struct token *word)
{
    size_t digits = 0, letters;
    while (digits < word->form.len && word->form.p[digits] >= '0' &&
           word->form.p[digits] <= '9')
        digits++;
    for (letters = digits; letters < word->form.len; letters++)
        if (word->form.p[letters] >= '0' && word->form.p[letters] <= '9')
            return false;
    return digits >= 2 && letters > digits;
}

/* The unit need not be found: what stands for it is. */
static void only_adds(struct expansion *e, uint32_t unit)
{
    struct unit *u = &e->plan->unit[unit];
    if (u->times > 1 || !u->required)
        return;
    u->required = false;
    e->words -= e->words > 0;
}

/* After a word of the query has its unit. */
static void begin_number(struct expansion *e, struct number_parts *n, const struct token *word,
                         uint32_t unit)
{
    n->parts = has_unit(word) ? 2 : 0;
    n->unit = unit;
    if (n->groups > 0 && word->script == TOKEN_DIGITS) {
        n->groups--;
        only_adds(e, unit);
    } else {
        n->groups = 0;
    }
}

static void add_number_part(struct expansion *e, struct number_parts *n, struct str text,
                            const struct token *part)
{
    if (n->unit == UINT32_MAX || part->role != TOKEN_PART)
        return;
    bool grouped = n->parts == 0 && part->script == TOKEN_DIGITS && part->form.len > part->len;
    if (grouped)
        n->groups = (part->form.len - part->len) / 3;
    else if (n->parts == 0 || (part->number && part->script != TOKEN_DIGITS))
        return;
    else
        n->parts--;
    only_adds(e, n->unit);
    (void)add_word(e, text, part, false);
}

static void add_piece(struct expansion *e, struct str text, bool quoted, bool ends_query)
{
    struct piece *piece = stand_take(&e->stand, sizeof *piece);
    struct token_walk walk;
    struct token word;
    if (piece == NULL)
        return;
    struct number_parts number = {.unit = UINT32_MAX};
    piece->n = 0;
    token_start(&walk, text);
    while (e->stand.err == CAU_OK && token_next(&walk, &word)) {
        if (word.role == TOKEN_READING && piece->n > 0) {
            struct unit *u = &e->plan->unit[piece->unit[piece->n - 1]];
            struct stand_as as = {LIKELIHOOD_ONE, STAND_ALL, INDEX_SAME, 0};
            stand_add(&e->stand, u, TERM_FORM, word.form, &as);
        }
        if (word.role != TOKEN_MAIN) {
            if (!quoted)
                add_number_part(e, &number, text, &word);
            continue;
        }
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
        begin_number(e, &number, &word, unit);
    }
    if (e->stand.err == CAU_OK)
        add_compounds(e, text, piece);
    if (quoted && e->stand.err == CAU_OK)
        add_phrase(e, piece);
}

/* A word of a query typed without marks: by all words it may be. */
static bool translate_bare(struct expansion *e, struct unit *u, struct str form, bool silent)
{
    struct dictionary_bare bare[BARE_WORDS_MAX];
    size_t n = dictionary_bare(e->stand.ix, e->bare, form, bare);
    bool any = false;
    for (size_t i = 0; i < n && e->stand.err == CAU_OK; i++)
        any = stand_translated(&e->stand, u, bare[i].term, bare[i].share, silent) || any;
    return any;
}

/* A compound is translated as a whole, its syllables then only count as found with it; one the lexicon does not know
 * by its syllables, at half. */
static void translate_compound(struct expansion *e, struct unit *u)
{
    struct unit *unit = e->plan->unit;
    u->translated = e->bare != NULL
                        ? translate_bare(e, u, u->form, false)
                        : stand_translated(&e->stand, u, u->form, LIKELIHOOD_ONE, false);
    for (size_t k = 0; k < u->parts; k++) {
        struct unit *part = &unit[u->part[k]];
        part->within = part->within || u->translated;
        if (!u->translated || !e->plan->all)
            continue;
        if (e->bare != NULL)
            translate_bare(e, part, u->form, true);
        else
            stand_translated(&e->stand, part, u->form, LIKELIHOOD_ONE, true);
    }
}

static void translate_word(struct expansion *e, struct unit *u)
{
    if (u->lang == TOKEN_VI && e->bare != NULL) {
        u->translated = translate_bare(e, u, u->form, false);
        return;
    }
    struct str term = u->lang == TOKEN_VI
                          ? u->form
                          : stem_of(e->stand.stem, u->form, u->script, u->lang == TOKEN_EN);
    char bytes[TOKEN_BYTES_MAX];
    memcpy(bytes, term.p, term.len); /* the view ends with the next stem */
    u->translated =
        stand_translated(&e->stand, u, (struct str){bytes, term.len}, u->factor, false);
}

static void translate(struct expansion *e)
{
    struct plan *plan = e->plan;
    if (e->stand.ix->lexicon == NULL)
        return;
    bool bare = plan->lang == LANG_VI;
    for (size_t i = 0; i < plan->n; i++)
        bare = bare && (plan->unit[i].lang != TOKEN_VI || stand_is_bare(&plan->unit[i]));
    if (bare && index_bare_words(e->stand.ix, &e->bare) != CAU_OK)
        e->stand.err = CAU_ERR_MEMORY;
    for (size_t i = 0; i < plan->n && e->stand.err == CAU_OK; i++)
        if (plan->unit[i].parts > 0)
            translate_compound(e, &plan->unit[i]);
    for (size_t i = 0; i < plan->n && e->stand.err == CAU_OK; i++) {
        struct unit *u = &plan->unit[i];
        if (u->parts == 0 && !u->within && !u->number && u->lang != TOKEN_OTHER)
            translate_word(e, u);
    }
}

/* Where all words must be found, a word as common as an article need not be: it only adds to the score. */
static void excuse_common(struct expansion *e)
{
    struct plan *plan = e->plan;
    const struct index *ix = e->stand.ix;
    bool left = false, common[INDEX_QUERY_TERMS_MAX] = {false};
    for (size_t i = 0; i < plan->n; i++) {
        const struct unit *u = &plan->unit[i];
        for (unsigned g = 0; g < TOKEN_GROUPS; g++)
            common[i] =
                common[i] || (ix->public_length[g] >= COMMON_LENGTH_MIN &&
                              u->rarity[g] < likelihood_rarity(LIKELIHOOD_ONE, COMMON_ONE_IN));
        left = left || (u->required && !common[i]);
    }
    for (size_t i = 0; i < plan->n && left; i++)
        plan->unit[i].required = plan->unit[i].required && !common[i];
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
    struct expansion e = {.stand = {.ix = ix, .a = a, .reader = query->reader}, .plan = out};
    out->told = lang_read(query->lang, &out->lang);
    if (!out->told) {
        out->lang = guess_lang(text, LANG_COUNT);
        out->told = out->lang != LANG_COUNT;
        if (!out->told)
            out->lang = LANG_EN;
    }
    enum cau_err err = index_take_stem(ix, &e.stand.stem);
    if (err != CAU_OK)
        return err;
    size_t pairs = query->any ? 0 : count_quotes(text) / 2; /* in a text quotes name things */
    bool quoted = false;
    struct str piece = text, rest = text;
    while (rest.len > 0 && e.stand.err == CAU_OK) { /* an odd quote at the end is only a sign */
        struct str before = rest;
        if (fold_class(utf8_next(&rest)) != FOLD_QUOTE || (pairs == 0 && !quoted))
            continue;
        add_piece(&e, str_to(piece, (size_t)(before.p - piece.p)), quoted, false);
        piece = rest;
        pairs -= !quoted;
        quoted = !quoted;
    }
    if (e.stand.err == CAU_OK)
        add_piece(&e, piece, false, true);
    out->all = e.words <= EXPAND_ALL_MAX && out->n <= EXPAND_ALL_UNITS_MAX && !query->any;
    translate(&e);
    for (size_t i = 0; i < out->n; i++)
        if (out->unit[i].required && !out->unit[i].within) {
            stand_spelt(&e.stand, &out->unit[i]);
            stand_meant(&e.stand, &out->unit[i], false);
        }
    if (e.stand.err == CAU_OK && e.words <= CLAIM_WORDS_MAX)
        e.stand.err = claim_share(a, out);
    for (size_t i = 0; i < out->n; i++)
        weigh(&e, &out->unit[i]);
    if (out->all)
        excuse_common(&e);
    index_give_stem(ix, e.stand.stem);
    return e.stand.err;
}

enum cau_err expand_widen(const struct index *ix, struct arena *a,
                          const struct index_query *query, struct plan *plan)
{
    struct expansion e = {.stand = {.ix = ix, .a = a, .reader = query->reader}, .plan = plan};
    for (size_t i = 0; i < plan->n; i++) {
        struct unit *u = &plan->unit[i];
        if (!u->required)
            continue;
        size_t before = u->n;
        stand_meant(&e.stand, u, true);
        plan->widened = plan->widened || u->n > before;
        weigh(&e, u);
    }
    return e.stand.err;
}
