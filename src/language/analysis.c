#include "language/analysis.h"

#include <string.h>

enum { FIRST_ROOM = 32 };

/* One text on its way to terms. */
struct walk {
    struct arena *a;
    struct analysis_term *term;
    bool *touches; /* of each term: nothing but space before it */
    size_t n, room;
};

uint64_t analysis_version(const struct compound_list *compounds)
{
    return ANALYSIS_VERSION + (compound_version(compounds) << 8);
}

static bool widen(struct walk *w)
{
    if (w->n < w->room)
        return true;
    size_t room = w->room == 0 ? FIRST_ROOM : w->room * 2;
    struct analysis_term *term = arena_take(w->a, room * sizeof *term);
    bool *touches = arena_take(w->a, room * sizeof *touches);
    if (term == NULL || touches == NULL)
        return false;
    if (w->n > 0) {
        memcpy(term, w->term, w->n * sizeof *term);
        memcpy(touches, w->touches, w->n * sizeof *touches);
    }
    w->term = term;
    w->touches = touches;
    w->room = room;
    return true;
}

static enum cau_err take_words(struct walk *w, struct stem *stem, bool english, struct str text)
{
    struct token_walk walk;
    struct token word;
    token_start(&walk, text);
    while (w->n < ANALYSIS_TERMS_MAX && token_next(&walk, &word)) {
        if (word.role != TOKEN_MAIN)
            continue;
        if (!widen(w))
            return CAU_ERR_MEMORY;
        struct analysis_term *t = &w->term[w->n];
        *t = (struct analysis_term){
            .at = word.at, .len = word.len, .script = word.script, .number = word.number};
        struct str term = stem_of(stem, word.form, word.script, english);
        if (arena_copy(w->a, term, &t->term) != CAU_OK)
            return CAU_ERR_MEMORY;
        w->touches[w->n++] = word.touches;
    }
    return CAU_OK;
}

/* Joins syllables that are one word: the longest compound from the left, as the index does. */
static enum cau_err join(struct walk *w, const struct compound_list *compounds)
{
    size_t out = 0, taken = 1;
    for (size_t i = 0; i < w->n; i += taken) {
        struct str form[COMPOUND_SYLLABLES_MAX];
        char compound[COMPOUND_BYTES_MAX];
        size_t n = 0, len = 0;
        while (n < COMPOUND_SYLLABLES_MAX && i + n < w->n && (n == 0 || w->touches[i + n])) {
            form[n] = w->term[i + n].term;
            n++;
        }
        taken = compound_match(compounds, form, n, compound, &len);
        struct analysis_term t = w->term[i];
        if (taken > 1) {
            const struct analysis_term *last = &w->term[i + taken - 1];
            t.len = last->at + last->len - t.at;
            t.script = TOKEN_LATIN;
            t.compound = true;
            if (arena_copy(w->a, (struct str){compound, len}, &t.term) != CAU_OK)
                return CAU_ERR_MEMORY;
        }
        w->term[out++] = t;
    }
    w->n = out;
    return CAU_OK;
}

enum cau_err analysis_of(struct arena *a, struct stem *stem,
                         const struct compound_list *compounds, enum token_group lang,
                         struct str text, struct analysis_term **out, size_t *n)
{
    struct walk w = {.a = a};
    enum cau_err err = take_words(&w, stem, lang == TOKEN_EN, text);
    if (err == CAU_OK && lang == TOKEN_VI && compound_count(compounds) > 0)
        err = join(&w, compounds);
    if (err != CAU_OK)
        return err;
    *out = w.term;
    *n = w.n;
    return CAU_OK;
}
