#include "index/dictionary_int.h"

#include "index/likelihood_int.h"
#include "index/term_int.h"

#include <string.h>

bool dictionary_find(const struct index *ix, struct str key, struct dictionary_term *out)
{
    *out = (struct dictionary_term){0};
    bool in_segment = segment_find(&ix->segment, key, &out->in[INDEX_SEGMENT]);
    bool in_fresh = fresh_find(&ix->fresh, key, &out->in[INDEX_FRESH]);
    return in_segment || in_fresh;
}

static bool list_visible(const struct index *ix, int part, const struct posting_list *l,
                         unsigned groups, struct index_reader reader)
{
    const struct part *p = index_part(ix, part);
    struct posting_cursor c;
    posting_open(&c, l);
    while (posting_next(&c)) {
        uint32_t slot = c.id >> POSTING_GROUP_BITS;
        if (slot >= p->n)
            return false;
        if ((groups >> (c.id & 3) & 1) != 0 && index_may_see(ix, p, slot, reader))
            return true;
    }
    return false;
}

bool dictionary_visible(const struct index *ix, const struct dictionary_term *t,
                        unsigned groups, struct index_reader reader)
{
    if ((reader.audiences & 1) != 0) /* what is counted is public, and he sees that */
        for (unsigned g = 0; g < TOKEN_GROUPS; g++)
            if ((groups >> g & 1) != 0 &&
                t->in[INDEX_SEGMENT].count[g] + t->in[INDEX_FRESH].count[g] > 0)
                return true;
    for (int part = 0; part < INDEX_PARTS; part++)
        if ((t->in[part].groups & groups) != 0 &&
            list_visible(ix, part, &t->in[part].list, groups, reader))
            return true;
    return false;
}

static void step_fresh(struct dictionary_walk *w)
{
    w->in_fresh = order_next(&w->ix->fresh.order, &w->at, &w->fresh);
}

void dictionary_seek(const struct index *ix, struct dictionary_walk *w, struct str key)
{
    w->ix = ix;
    w->in_segment =
        ix->segment.header.blocks > 0 && segment_seek(&ix->segment, key, &w->segment);
    w->at = order_seek(&ix->fresh.order, &ix->fresh, key);
    step_fresh(w);
}

enum { STEPS = 12 }; /* about what a seek costs */

void dictionary_skip(struct dictionary_walk *w, struct str target)
{
    if (w->in_segment)
        w->in_segment = segment_skip(&w->segment, target);
    for (int i = 0;
         i < STEPS && w->in_fresh && str_cmp(fresh_key(&w->ix->fresh, w->fresh), target) < 0;
         i++)
        step_fresh(w);
    if (w->in_fresh && str_cmp(fresh_key(&w->ix->fresh, w->fresh), target) < 0) {
        w->at = order_seek(&w->ix->fresh.order, &w->ix->fresh, target);
        step_fresh(w);
    }
}

/* Below 0: the segment's entry comes first; above 0: that in memory; 0: both are of one key. */
static int first_of(const struct dictionary_walk *w)
{
    if (!w->in_segment || !w->in_fresh)
        return w->in_segment ? -1 : 1;
    return str_cmp(term_str(&w->segment.key), fresh_key(&w->ix->fresh, w->fresh));
}

bool dictionary_key(const struct dictionary_walk *w, struct str *key)
{
    if (!w->in_segment && !w->in_fresh)
        return false;
    *key = first_of(w) <= 0 ? term_str(&w->segment.key) : fresh_key(&w->ix->fresh, w->fresh);
    return true;
}

void dictionary_term(struct dictionary_walk *w, struct dictionary_term *out)
{
    int order = first_of(w);
    *out = (struct dictionary_term){0};
    if (order <= 0)
        out->in[INDEX_SEGMENT] = *segment_term(&w->segment);
    if (order >= 0)
        fresh_term_of(&w->ix->fresh, w->fresh, &out->in[INDEX_FRESH]);
}

void dictionary_next(struct dictionary_walk *w)
{
    int order = first_of(w);
    if (order <= 0)
        w->in_segment = segment_next(&w->segment);
    if (order >= 0)
        step_fresh(w);
}

void dictionary_fetch(const struct dictionary_walk *w)
{
    enum { TERM = 16, BYTES = 8 }; /* steps ahead */
    const struct fresh *f = &w->ix->fresh;
    uint32_t term = order_ahead(&f->order, &w->at, TERM),
             bytes = order_ahead(&f->order, &w->at, BYTES);
    if (term != UINT32_MAX)
        fresh_fetch(f, term);
    if (bytes != UINT32_MAX)
        fresh_fetch_bytes(f, bytes);
}

size_t dictionary_keys(enum token_group group, struct str term, struct term_key out[2])
{
    static const enum term_kind kinds[][2] = {[TOKEN_VI] = {TERM_FORM, TERM_FORM},
                                              [TOKEN_RU] = {TERM_STEM, TERM_FORM},
                                              [TOKEN_EN] = {TERM_STEM, TERM_FORM},
                                              [TOKEN_OTHER] = {TERM_FORM, TERM_FORM}};
    bool compound = group == TOKEN_VI && memchr(term.p, '_', term.len) != NULL;
    if (term.len + 1 > TERM_BYTES_MAX)
        return 0;
    term_make(&out[0], compound ? TERM_COMPOUND : kinds[group][0], term);
    if (kinds[group][0] == kinds[group][1])
        return 1;
    term_make(&out[1], kinds[group][1], term);
    return 2;
}

uint64_t dictionary_count(const struct index *ix, enum token_group group, struct str term)
{
    struct term_key key[2];
    size_t keys = dictionary_keys(group, term, key);
    int64_t n = 0;
    for (size_t i = 0; i < keys; i++) {
        struct dictionary_term found;
        if (dictionary_find(ix, term_str(&key[i]), &found))
            n += found.in[INDEX_SEGMENT].count[group] + found.in[INDEX_FRESH].count[group];
    }
    return n > 0 ? (uint64_t)n : 0;
}

size_t dictionary_bare(const struct index *ix, const struct bare_words *words, struct str bare,
                       struct dictionary_bare out[BARE_WORDS_MAX])
{
    struct bare_word word[BARE_WORDS_MAX];
    uint64_t weight[BARE_WORDS_MAX], all = 0;
    size_t n = bare_words_find(words, bare, word);
    for (size_t i = 0; i < n; i++) {
        weight[i] =
            dictionary_count(ix, TOKEN_VI, word[i].term) * LEXICON_KEPT_MAX + word[i].known + 1;
        all += weight[i];
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t share = (uint32_t)(weight[i] * LIKELIHOOD_ONE / all);
        out[i] = (struct dictionary_bare){word[i].term, share > 0 ? share : 1};
    }
    return n;
}
