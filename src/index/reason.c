#include "index/reason_int.h"

#include "index/stored_int.h"
#include "language/lexicon.h"

#include <stdlib.h>
#include <string.h>

enum {
    SURFACES_MAX = 32
}; /* different spellings of one query word that are counted in a document */

struct known { /* a term that stands for a unit */
    struct str key;
    uint32_t unit, term;
};

struct surface {
    struct str text;
    uint64_t mass; /* what it brought */
    enum token_group group;
    enum index_channel channel;
    uint32_t sources;
};

struct tally {
    uint32_t mass[TOKEN_GROUPS];
    struct surface surface[SURFACES_MAX];
    size_t n;
};

struct reasons {
    struct arena *a;
    const struct index *ix;
    const struct plan *plan;
    struct known *known; /* by key */
    size_t n;
    struct tally *tally; /* by unit */
    struct stem *stem;
};

static int compare_known(const void *x, const void *y)
{
    const struct known *k = x, *l = y;
    int order = str_cmp(k->key, l->key);
    return order != 0 ? order : (k->unit > l->unit) - (k->unit < l->unit);
}

struct str index_channel_name(enum index_channel channel)
{
    static const char *const name[INDEX_CHANNELS] = {[INDEX_SAME] = "same",
                                                     [INDEX_BARE] = "bare",
                                                     [INDEX_PREFIX] = "prefix",
                                                     [INDEX_TYPO] = "typo",
                                                     [INDEX_SOUND] = "sound",
                                                     [INDEX_SYLLABLE] = "syllable",
                                                     [INDEX_TRANSLATION] = "translation",
                                                     [INDEX_ALIKE] = "alike",
                                                     [INDEX_CONCEPT] = "concept",
                                                     [INDEX_RELATED] = "related"};
    must(channel < INDEX_CHANNELS);
    return str_of(name[channel]);
}

enum cau_err reasons_open(struct arena *a, const struct index *ix, const struct plan *plan,
                          struct reasons **out)
{
    struct reasons *r = arena_zero(a, sizeof *r);
    size_t terms = 0;
    for (size_t i = 0; i < plan->n; i++)
        terms += plan->unit[i].n;
    if (r == NULL)
        return CAU_ERR_MEMORY;
    *r = (struct reasons){.a = a, .ix = ix, .plan = plan};
    r->known = arena_take(a, terms * sizeof *r->known);
    r->tally = arena_take(a, plan->n * sizeof *r->tally);
    if (r->known == NULL || r->tally == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < plan->n; i++)
        for (uint32_t k = 0; k < plan->unit[i].n; k++)
            r->known[r->n++] = (struct known){plan->unit[i].term[k].key, i, k};
    qsort(r->known, r->n, sizeof *r->known, compare_known);
    enum cau_err err = index_take_stem(ix, &r->stem);
    if (err == CAU_OK)
        *out = r;
    return err;
}

void reasons_close(struct reasons *r)
{
    index_give_stem(r->ix, r->stem);
}

static void count_surface(struct tally *t, const struct surface *s)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->surface[i].group == s->group && str_equal(t->surface[i].text, s->text)) {
            t->surface[i].mass += s->mass;
            return;
        }
    if (t->n < SURFACES_MAX)
        t->surface[t->n++] = *s;
}

/* One key of the document, as it was when it was indexed. */
static void take_key(struct reasons *r, struct str key, const struct stored_walk *walk,
                     struct str text)
{
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(r->known[mid].key, key) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < r->n && str_equal(r->known[low].key, key); low++) {
        const struct known *k = &r->known[low];
        const struct unit *u = &r->plan->unit[k->unit];
        const struct unit_term *term = &u->term[k->term];
        if ((term->groups >> walk->group & 1) == 0 || term->y == 0)
            continue;
        struct tally *t = &r->tally[k->unit];
        uint64_t sum = t->mass[walk->group] + (uint64_t)term->y * walk->weight;
        t->mass[walk->group] = sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
        bool syllable = u->factor != LIKELIHOOD_ONE && term->channel == INDEX_SAME;
        struct surface s = {.text = text,
                            .mass = (uint64_t)term->y * walk->weight,
                            .group = walk->group,
                            .channel = syllable ? INDEX_SYLLABLE : term->channel,
                            .sources = term->sources};
        count_surface(t, &s);
    }
}

static void take_kind(struct reasons *r, enum term_kind kind, struct str text,
                      const struct stored_walk *walk, struct str surface)
{
    struct term_key key;
    term_make(&key, kind, text);
    take_key(r, term_str(&key), walk, surface);
}

static void take_word(struct reasons *r, const struct stored_walk *walk,
                      const struct token *word)
{
    char bare[TOKEN_BYTES_MAX];
    size_t len;
    struct str surface = str_to(str_from(walk->words.text, word->at), word->len);
    take_kind(r, TERM_FORM, word->form, walk, surface);
    if (word->script == TOKEN_LATIN && token_bare(word->form, bare, &len))
        take_kind(r, TERM_BARE, (struct str){bare, len}, walk, surface);
    struct str stem = stem_of(r->stem, word->form, word->script, walk->group == TOKEN_EN);
    if (!str_equal(stem, word->form))
        take_kind(r, TERM_STEM, stem, walk, surface);
}

/* Syllables not yet cut into compounds. */
struct open {
    char form[COMPOUND_SYLLABLES_MAX][TOKEN_BYTES_MAX];
    size_t len[COMPOUND_SYLLABLES_MAX], at[COMPOUND_SYLLABLES_MAX], end[COMPOUND_SYLLABLES_MAX];
    size_t n;
};

static void cut_once(struct reasons *r, struct open *o, const struct stored_walk *walk,
                     struct str text)
{
    struct str form[COMPOUND_SYLLABLES_MAX];
    char compound[COMPOUND_BYTES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < o->n; i++)
        form[i] = (struct str){o->form[i], o->len[i]};
    size_t n = compound_match(r->ix->compounds, form, o->n, compound, &len);
    if (n > 1) {
        char bare[TOKEN_BYTES_MAX];
        size_t bare_len;
        struct str whole = {compound, len};
        struct str surface = str_to(str_from(text, o->at[0]), o->end[n - 1] - o->at[0]);
        take_kind(r, TERM_COMPOUND, whole, walk, surface);
        if (token_bare(whole, bare, &bare_len))
            take_kind(r, TERM_COMPOUND, (struct str){bare, bare_len}, walk, surface);
    }
    o->n -= n;
    memmove(o->form, o->form + n, o->n * sizeof *o->form);
    memmove(o->len, o->len + n, o->n * sizeof *o->len);
    memmove(o->at, o->at + n, o->n * sizeof *o->at);
    memmove(o->end, o->end + n, o->n * sizeof *o->end);
}

static void take_syllable(struct reasons *r, struct open *o, const struct stored_walk *walk,
                          const struct token *word)
{
    while (o->n > 0 && (!word->touches || o->n == COMPOUND_SYLLABLES_MAX))
        cut_once(r, o, walk, walk->words.text);
    memcpy(o->form[o->n], word->form.p, word->form.len);
    o->len[o->n] = word->form.len;
    o->at[o->n] = word->at;
    o->end[o->n++] = word->at + word->len;
}

static void take_texts(struct reasons *r, struct str stored)
{
    struct stored_walk walk, before;
    struct token word;
    struct open open = {.n = 0};
    stored_start(&walk, stored);
    before = walk;
    while (stored_next(&walk, &word)) {
        if (walk.text != before.text) {
            while (open.n > 0)
                cut_once(r, &open, &before, before.words.text);
            before = walk;
        }
        take_word(r, &walk, &word);
        if (walk.group == TOKEN_VI && word.role == TOKEN_MAIN && r->ix->compounds != NULL)
            take_syllable(r, &open, &walk, &word);
    }
    while (open.n > 0)
        cut_once(r, &open, &before, before.words.text);
}

/* The unit's contribution as it was scored, and the spelling that made most of it. */
static int64_t weigh(const struct unit *u, const struct tally *t, const uint16_t *length,
                     const struct surface **out)
{
    uint32_t best = 0;
    int group = -1;
    for (int g = 0; g < TOKEN_GROUPS; g++) {
        uint32_t one = 0;
        if (t->mass[g] != 0)
            one = likelihood_score(likelihood_share(t->mass[g], length[g] == 0 ? 1 : length[g]),
                                   u->rarity[g]);
        if (one > best) {
            best = one;
            group = g;
        }
    }
    *out = NULL;
    for (size_t i = 0; i < t->n; i++)
        if ((int)t->surface[i].group == group &&
            (*out == NULL || t->surface[i].mass > (*out)->mass))
            *out = &t->surface[i];
    return likelihood_weighed(best, u->times, u->factor);
}

enum cau_err reason_sources(const struct index *ix, struct arena *a, uint32_t bits,
                            struct str *out)
{
    struct str name[LEXICON_SOURCES_MAX];
    size_t n = 0, len = 0;
    for (size_t i = 0; i < lexicon_sources(ix->lexicon) && i < countof(name); i++)
        if ((bits >> i & 1) != 0) {
            name[n] = lexicon_source(ix->lexicon, i).name;
            len += name[n++].len + 2;
        }
    char *p = arena_take(a, len);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    *out = (struct str){p, 0};
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            memcpy(p + out->len, ", ", 2);
            out->len += 2;
        }
        memcpy(p + out->len, name[i].p, name[i].len);
        out->len += name[i].len;
    }
    return CAU_OK;
}

static enum cau_err add_reason(struct reasons *r, const struct unit *u, const struct surface *s,
                               uint32_t share, struct index_reason *reason, size_t n)
{
    struct str text, sources;
    enum cau_err err = arena_copy(r->a, s->text, &text);
    if (err == CAU_OK)
        err = reason_sources(r->ix, r->a, s->sources, &sources);
    if (err != CAU_OK)
        return err;
    size_t at = n;
    for (; at > 0 && reason[at - 1].share_permille < share; at--)
        reason[at] = reason[at - 1];
    static const char *const tag[TOKEN_GROUPS] = {
        [TOKEN_VI] = "vi", [TOKEN_RU] = "ru", [TOKEN_EN] = "en", [TOKEN_OTHER] = ""};
    reason[at] = (struct index_reason){.query_word = u->word,
                                       .text_word = text,
                                       .share_permille = share,
                                       .channel = s->channel,
                                       .text_lang = str_of(tag[s->group]),
                                       .sources = sources};
    return CAU_OK;
}

enum cau_err reasons_of(struct reasons *r, const struct gathered *hit,
                        const struct index_reason **out, size_t *n)
{
    const struct part *p = index_part(r->ix, hit->part);
    struct index_reason *reason = arena_take(r->a, r->plan->n * sizeof *reason);
    if (reason == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < r->plan->n; i++) {
        r->tally[i].n = 0;
        memset(r->tally[i].mass, 0, sizeof r->tally[i].mass);
    }
    take_texts(r, part_text(p, hit->slot));
    size_t count = 0;
    for (size_t i = 0; i < r->plan->n && err == CAU_OK; i++) {
        const struct unit *u = &r->plan->unit[i];
        const struct surface *s;
        int64_t part = weigh(u, &r->tally[i], p->length + (size_t)hit->slot * TOKEN_GROUPS, &s);
        if (s == NULL || hit->score <= 0 || part > hit->score)
            continue;
        err = add_reason(r, u, s, (uint32_t)(part * 1000 / hit->score), reason, count);
        count += err == CAU_OK;
    }
    if (err == CAU_OK) {
        *out = reason;
        *n = count;
    }
    return err;
}
