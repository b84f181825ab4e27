#include "index/like.h"

#include "base/utf8.h"
#include "index/gather_int.h"
#include "index/later_int.h"
#include "index/like_int.h"
#include "index/reason_int.h"

#include <stdlib.h>
#include <string.h>

/* What S usually is for a need and an offer that have nothing to do with each other, and how far it spreads, by the
 * languages of the two (millionths). Without it a list of all languages is filled by those whose words
 * translate widely. Measured
 * on every second topic of gold/dev.jsonl with the lexicon out of the box, 2026-11-22. */
static const struct {
    int32_t mean, spread; /* millionths */
} usual[TOKEN_OTHER][TOKEN_OTHER] = {
    [TOKEN_VI] =
        {[TOKEN_VI] = {20700, 19800}, [TOKEN_RU] = {31600, 20600}, [TOKEN_EN] = {35300, 21100}},
    [TOKEN_RU] =
        {[TOKEN_VI] = {31900, 19700}, [TOKEN_RU] = {17000, 18500}, [TOKEN_EN] = {35800, 18900}},
    [TOKEN_EN] =
        {[TOKEN_VI] = {37900, 21900}, [TOKEN_RU] = {35900, 20200}, [TOKEN_EN] = {24500, 18800}},
};

struct candidate {
    uint32_t doc;
    int part;
    uint32_t slot;
};

/* A record that is looked at closely. */
struct fit {
    struct like_hit hit;
    const struct like_side *side; /* of the record */
    size_t sides;
    const struct like_side *x, *y; /* the two that fit best; NULL: none yet */
};

struct liking {
    struct like *like;
    struct arena *work; /* that of the call */
    const struct like_query *query;
    struct arena *a; /* of the caller: what is given back */
    struct like_side side[LIKE_SIDES_MAX];
    size_t sides;
    struct candidate *candidate;
    size_t candidates;
    struct fit *fit;
    size_t fits;
};

static const char *const tag[TOKEN_GROUPS] = {
    [TOKEN_VI] = "vi", [TOKEN_RU] = "ru", [TOKEN_EN] = "en", [TOKEN_OTHER] = ""};

/* ---- candidates: the best by words alone, of each language ---- */

static enum cau_err find_in(struct liking *l, const struct like_side *x, enum token_group to)
{
    const struct gathered *found;
    size_t n = 0, most = l->query->limit + LIKE_CANDIDATES_MORE;
    most = most < LIKE_CANDIDATES_MAX ? most : LIKE_CANDIDATES_MAX;
    enum cau_err err = like_find(l->like, l->query, x, to, most, &found, &n);
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        l->candidate[l->candidates++] =
            (struct candidate){found[i].doc, found[i].part, found[i].slot};
    return err;
}

static int compare_candidates(const void *x, const void *y)
{
    const struct candidate *c = x, *d = y;
    return (c->doc > d->doc) - (c->doc < d->doc);
}

/* The side that asks texts of a group: that of the same language, else the first. */
static const struct like_side *side_for(const struct liking *l, enum token_group group)
{
    for (size_t i = 0; i < l->sides; i++)
        if (l->side[i].group == group)
            return &l->side[i];
    return &l->side[0];
}

static enum cau_err find_candidates(struct liking *l)
{
    size_t most = (size_t)TOKEN_OTHER * LIKE_CANDIDATES_MAX, n = 0;
    l->candidate = arena_take(l->work, most * sizeof *l->candidate);
    if (l->candidate == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (unsigned g = 0; g < TOKEN_OTHER && err == CAU_OK; g++) {
        enum token_group to = (enum token_group)g;
        err = find_in(l, side_for(l, to), to);
    }
    qsort(l->candidate, l->candidates, sizeof *l->candidate, compare_candidates);
    for (size_t i = 0; i < l->candidates; i++)
        if (n == 0 || l->candidate[n - 1].doc != l->candidate[i].doc)
            l->candidate[n++] = l->candidate[i];
    l->candidates = n;
    return err;
}

/* ---- S ---- */

static uint32_t root(uint64_t x) /* the greatest r with r r <= x */
{
    uint64_t low = 0, high = (uint64_t)1 << 32;
    while (high - low > 1) {
        uint64_t mid = low + (high - low) / 2;
        if (mid * mid <= x)
            low = mid;
        else
            high = mid;
    }
    return (uint32_t)low;
}

static uint64_t ratio(int64_t part, int64_t whole) /* at most 1, 16 fractional bits */
{
    if (whole <= 0 || part <= 0)
        return 0;
    return part >= whole ? LIKELIHOOD_ONE : ((uint64_t)part << 16) / (uint64_t)whole;
}

static void rank(const struct like_side *x, const struct like_side *y, int64_t there,
                 int64_t back, struct fit *best)
{
    enum like_scale scale = like_scale_of(x, y);
    uint32_t likeness = root(ratio(there, x->self[scale]) * ratio(back, y->self[scale]));
    int32_t mean = 30000, spread = 20000;
    if (x->group != TOKEN_OTHER && y->group != TOKEN_OTHER) {
        mean = usual[x->group][y->group].mean;
        spread = usual[x->group][y->group].spread;
    }
    int64_t millionths = (int64_t)likeness * 1000000 / LIKELIHOOD_ONE;
    int32_t rank = (int32_t)((millionths - mean) * 1000 / spread);
    if (likeness > 0 && (best->y == NULL || rank > best->hit.rank)) {
        best->hit.likeness = likeness;
        best->hit.rank = rank;
        best->hit.lang = str_of(tag[y->group]);
        best->hit.asked_lang = str_of(tag[x->group]);
        best->x = x;
        best->y = y;
    }
}

/* One side asked of all sides of a group. */
static enum cau_err compare(struct liking *l, const struct like_side *x, unsigned group)
{
    struct like_asker asker;
    bool open = false;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < l->fits && err == CAU_OK; i++)
        for (size_t k = 0; k < l->fit[i].sides && err == CAU_OK; k++) {
            const struct like_side *y = &l->fit[i].side[k];
            int64_t there, back;
            if (like_group_of(y) != group)
                continue;
            if (!open) {
                err = like_asker_open(l->like, l->work, x, group, &asker);
                open = true;
            }
            if (err == CAU_OK)
                err = like_ask(&asker, y, &there, &back);
            if (err == CAU_OK)
                rank(x, y, there, back, &l->fit[i]);
        }
    return err;
}

/* The sides of all candidates first: what is asked of them may then be worked out once a word. */
static enum cau_err look_closely(struct liking *l)
{
    static const unsigned order[LIKE_GROUPS] = {TOKEN_VI, LIKE_BARE, TOKEN_RU, TOKEN_EN,
                                                TOKEN_OTHER};
    enum cau_err err = CAU_OK;
    l->fit = arena_zero(l->work, l->candidates * sizeof *l->fit);
    if (l->fit == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < l->candidates && err == CAU_OK; i++) {
        const struct candidate *c = &l->candidate[i];
        struct fit *fit = &l->fit[l->fits++];
        fit->hit.doc = c->doc;
        err = like_doc_sides(l->like, c->doc, c->part, c->slot, &fit->side, &fit->sides);
    }
    for (size_t i = 0; i < l->sides && err == CAU_OK; i++)
        for (size_t g = 0; g < LIKE_GROUPS && err == CAU_OK; g++)
            err = compare(l, &l->side[i], order[g]);
    size_t n = 0;
    for (size_t i = 0; i < l->fits; i++)
        if (l->fit[i].y != NULL)
            l->fit[n++] = l->fit[i];
    l->fits = n;
    return err;
}

static int compare_fits(const void *x, const void *y)
{
    const struct like_hit *f = &((const struct fit *)x)->hit,
                          *g = &((const struct fit *)y)->hit;
    if (f->rank != g->rank)
        return f->rank > g->rank ? -1 : 1;
    return (f->doc > g->doc) - (f->doc < g->doc);
}

/* ---- reasons ---- */

struct pair {
    struct like_part part; /* seen from the text that was asked with */
    struct str word;       /* of that text */
    uint64_t share;        /* 2^-16 of both directions together */
};

static struct pair *pair_of(const struct like_side *x, struct pair *pair, size_t *n,
                            const struct like_part *part, bool back)
{
    struct like_part p = *part;
    if (back) {
        p.asked = part->found;
        p.found = part->asked;
    }
    for (size_t i = 0; i < *n; i++)
        if (pair[i].part.asked == p.asked && pair[i].part.found == p.found)
            return &pair[i];
    pair[*n] = (struct pair){p, like_surface(x, p.asked), 0};
    return &pair[(*n)++];
}

static int compare_pairs(const void *x, const void *y)
{
    const struct pair *p = x, *q = y;
    if (p->share != q->share)
        return p->share > q->share ? -1 : 1;
    return str_cmp(p->word, q->word);
}

/* 0: too little to be told. */
static uint32_t permille_of(const struct pair *p)
{
    return (uint32_t)(p->share * 1000 / 2 / LIKELIHOOD_ONE);
}

static enum cau_err write_reason(struct liking *l, const struct fit *fit,
                                 const struct pair *pair, struct str query_word,
                                 struct index_reason *out)
{
    *out = (struct index_reason){.query_word = query_word,
                                 .share_permille = permille_of(pair),
                                 .channel = pair->part.channel,
                                 .text_lang = str_of(tag[fit->y->group])};
    enum cau_err err =
        arena_copy(l->a, like_surface(fit->y, pair->part.found), &out->text_word);
    return err == CAU_OK ? reason_sources(l->like->ix, l->a, pair->part.sources, &out->sources)
                         : err;
}

/* n pairs by falling share. */
static enum cau_err write_reasons(struct liking *l, const struct fit *fit,
                                  const struct pair *pair, size_t n, struct like_hit *hit)
{
    size_t met = 0;
    while (met < n && permille_of(&pair[met]) > 0)
        met++;
    size_t told = met < LIKE_REASONS_MAX ? met : LIKE_REASONS_MAX;
    struct index_reason *reason = arena_zero(l->a, told * sizeof *reason);
    struct str *word = arena_zero(l->a, met * sizeof *word);
    if (reason == NULL || word == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < met && err == CAU_OK; i++) {
        err = arena_copy(l->a, pair[i].word, &word[i]);
        if (err == CAU_OK && i < told)
            err = write_reason(l, fit, &pair[i], word[i], &reason[i]);
    }
    hit->reason = reason;
    hit->reason_count = told;
    hit->met = word;
    hit->met_count = met;
    return err;
}

/* Each direction's score by terms; what two terms bring in both is one reason. */
static enum cau_err explain(struct liking *l, const struct fit *fit, struct like_hit *hit)
{
    size_t most = fit->x->n + fit->y->n, n = 0, parts;
    struct like_part *part = arena_take(l->work, most * sizeof *part);
    struct pair *pair = arena_take(l->work, most * sizeof *pair);
    if (part == NULL || pair == NULL)
        return CAU_ERR_MEMORY;
    for (int back = 0; back < 2; back++) {
        int64_t score;
        const struct like_side *x = back ? fit->y : fit->x, *y = back ? fit->x : fit->y;
        enum cau_err err = like_score(l->like, x, y, like_scale_of(x, y), &score, part, &parts);
        if (err != CAU_OK)
            return err;
        for (size_t i = 0; i < parts && score > 0; i++)
            pair_of(fit->x, pair, &n, &part[i], back != 0)->share +=
                ratio(part[i].score, score);
    }
    qsort(pair, n, sizeof *pair, compare_pairs);
    return write_reasons(l, fit, pair, n, hit);
}

static enum cau_err give(struct liking *l, struct like_hit **out, size_t *n)
{
    size_t count = l->fits < l->query->limit ? l->fits : l->query->limit;
    qsort(l->fit, l->fits, sizeof *l->fit, compare_fits);
    struct like_hit *hit = arena_take(l->a, count * sizeof *hit);
    if (hit == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < count && err == CAU_OK; i++) {
        hit[i] = l->fit[i].hit;
        if (l->query->explain)
            err = explain(l, &l->fit[i], &hit[i]);
    }
    *out = hit;
    *n = count;
    return err;
}

static enum cau_err like(struct liking *l, struct like_hit **out, size_t *n)
{
    enum cau_err err =
        like_sides(l->like, l->work, l->query->text, l->query->text_count, l->side, &l->sides);
    if (err == CAU_OK && l->sides > 0)
        err = find_candidates(l);
    if (err == CAU_OK)
        err = look_closely(l);
    return err == CAU_OK ? give(l, out, n) : err;
}

enum cau_err index_like(const struct index *ix, struct arena *a, const struct like_query *query,
                        struct like_hit **out, size_t *n)
{
    if (query->limit > INDEX_HITS_MAX || query->filter_count >= INDEX_FILTERS_MAX ||
        query->text_count > INDEX_TEXTS_MAX)
        return CAU_ERR_RANGE;
    for (size_t i = 0; i < query->text_count; i++)
        if (!utf8_valid(query->text[i].text))
            return CAU_ERR_SYNTAX;
    const struct concepts *concepts;
    enum cau_err err = index_concepts(ix, &concepts);
    if (err != CAU_OK)
        return err;
    struct liking l = {.query = query, .a = a};
    later_read_begin(ix);
    err = like_begin(ix, concepts, &l.like);
    if (err == CAU_OK) {
        l.work = &l.like->call;
        err = like(&l, out, n);
        like_end(l.like);
    }
    sync_done(ix->lock);
    return err;
}
