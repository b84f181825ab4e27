/* The records that may fit a text best, by words alone: the postings of all that stands for its words, added up record by
 * record. What cannot be known without reading a record is estimated: each word stands there once, what the record scores
 * against itself follows from its length, concepts are passed over. */
#include "index/facet_int.h"
#include "index/like_int.h"
#include "index/top_int.h"

#include <string.h>

enum {
    KEYS = 2,     /* that may hold the postings of a word */
    CODES = 256,  /* of lengths in words: 16 between one power of two and the next */
    AHEAD = 128,  /* postings that are read before they are added */
    WHOLE = 8192, /* what x scores against itself, in the unit of tallies */
};

/* What is known of a slot; all 0 between two parts. So small that those of all slots stay near. */
struct tally {
    uint16_t there, back;
};

/* The postings of a word in texts of a language. */
struct lists {
    struct posting_list in[INDEX_PARTS][KEYS];
};

struct finder {
    struct like *like;
    const struct like_query *query;
    const struct like_side *x;
    enum token_group group; /* of the texts looked for */
    enum like_scale scale;
    uint64_t unit; /* WHOLE / what x scores against itself, 32 fractional bits */
    struct facet_filter filter;
    struct top top;
    uint32_t self[CODES]; /* by length: 1 / about what a text scores against itself */
    /* The part at hand. */
    int number;
    const struct part *part;
    struct tally *tally;
    const uint8_t *code; /* of a slot's length in the group */
    uint32_t *
        mass; /* of a slot, 16 fractional bits: of the term at hand, when several words stand for it */
    uint32_t *hit, *met; /* slots: of the term at hand, of all */
    size_t hits, mets;
    /* The term at hand. */
    struct like_class class;
    uint32_t weight;
    uint16_t brings[CODES]; /* by length, what it brings to there; 0: not known */
};

/* ---- postings of words ---- */

static void find_lists(const struct index *ix, enum token_group group, struct str term,
                       struct lists *out)
{
    struct term_key key[KEYS];
    size_t n = dictionary_keys(group, term, key);
    *out = (struct lists){0};
    for (size_t i = 0; i < n; i++) {
        struct dictionary_term found;
        if (!dictionary_find(ix, term_str(&key[i]), &found))
            continue;
        for (int part = 0; part < INDEX_PARTS; part++)
            if ((found.in[part].groups >> group & 1) != 0)
                out->in[part][i] = found.in[part].list;
    }
}

/* They are looked up once a context. */
static enum cau_err lists_of(struct like *l, enum token_group group, uint32_t word,
                             struct lists *out)
{
    size_t have = l->list_of.len / sizeof(uint32_t), at = (size_t)word * TOKEN_GROUPS + group;
    if (at >= have)
        buf_add_zeros(&l->list_of, (at + 1 - have + have / 2) * sizeof(uint32_t));
    if (l->list_of.failed)
        return CAU_ERR_MEMORY;
    uint32_t *known = (uint32_t *)(void *)l->list_of.p + at;
    if (*known == 0) {
        find_lists(l->ix, group, like_word_at(l, word)->text, out);
        buf_add(&l->lists, (struct str){(const char *)out, sizeof *out});
        if (l->lists.failed)
            return CAU_ERR_MEMORY;
        *known = (uint32_t)(l->lists.len / sizeof *out);
    }
    *out = ((const struct lists *)(const void *)l->lists.p)[*known - 1];
    return CAU_OK;
}

/* ---- lengths ---- */

static uint8_t code_of(uint32_t length)
{
    if (length < 16)
        return (uint8_t)length;
    unsigned power = number_highest_bit(length) - 4;
    return (uint8_t)(power * 16 + (length >> power));
}

static uint32_t length_of(unsigned code)
{
    return code < 16 ? (code > 0 ? code : 1) : (16 + code % 16) << (code / 16 - 1);
}

/* About how many words of the group a slot has: texts of other languages have their share of them. */
static uint32_t words_of(const struct part *p, size_t slot, enum token_group group)
{
    const uint16_t *length = p->length + slot * TOKEN_GROUPS;
    uint64_t all = 0, words = p->token_at[slot + 1] - p->token_at[slot];
    for (unsigned g = 0; g < TOKEN_GROUPS; g++)
        all += length[g];
    words = all > 0 ? (words * length[group] + all - 1) / all : 0;
    return words < LIKE_TERMS_MAX ? (uint32_t)words : LIKE_TERMS_MAX;
}

/* Codes of all slots of the part, made once a context; *any is false when none has words of the group. */
static enum cau_err make_codes(struct finder *f, bool *any)
{
    struct buf *b = &f->like->code[f->number][f->group];
    size_t n = f->part->n;
    if (b->len == 0) {
        uint8_t *code = (void *)buf_extend(b, n + 1), all = 0;
        if (code == NULL)
            return CAU_ERR_MEMORY;
        for (size_t slot = 0; slot < n; slot++)
            all |= code[slot] = code_of(words_of(f->part, slot, f->group));
        code[n] = all;
    }
    f->code = (const uint8_t *)b->p;
    *any = f->code[n] != 0;
    return CAU_OK;
}

/* The more words there are, the less each brings to a text's own score. */
static void make_selves(struct finder *f)
{
    for (unsigned i = 0; i < CODES; i++) {
        uint64_t length = length_of(i), each = (20u << 16) - likelihood_log2(length << 16);
        f->self[i] = (uint32_t)((UINT64_C(1) << 36) / (length * (each >> 8)));
    }
}

/* ---- adding up ---- */

/* Nothing here depends on what is known of the slot: records are met in no order, and waiting for one must not keep the
 * next from being fetched. */
static inline uint16_t sum_of(uint16_t sum, uint32_t more)
{
    uint32_t all = sum + more;
    return (uint16_t)(all < UINT16_MAX ? all : UINT16_MAX);
}

static inline uint32_t in_units(const struct finder *f, uint64_t score)
{
    uint64_t n = score * f->unit >> 32;
    return n < UINT16_MAX ? (uint32_t)n + 1 : UINT16_MAX; /* never 0 */
}

/* What a mass of the term brings to a text of that length. */
static uint32_t brings(const struct finder *f, uint32_t mass, unsigned code)
{
    uint64_t one = likelihood_score(likelihood_share(mass, length_of(code)), f->class.rarity);
    return in_units(f, one * f->weight / LIKELIHOOD_ONE);
}

/* The same of a word that stands there once and surely, remembered. */
static inline uint32_t brings_once(struct finder *f, unsigned code)
{
    if (f->brings[code] == 0)
        f->brings[code] = (uint16_t)brings(f, LIKELIHOOD_ONE, code);
    return f->brings[code];
}

static inline void meet(struct tally *t, uint32_t there, uint32_t back, uint32_t slot,
                        uint32_t *met, size_t *mets)
{
    met[*mets] = slot;
    *mets += t->there == 0;
    t->there = sum_of(t->there, there);
    t->back = sum_of(t->back, back);
}

static inline bool is_here(const struct finder *f, const struct posting_cursor *c)
{
    return (c->id & ((1u << POSTING_GROUP_BITS) - 1)) == f->group && c->weight > 0 &&
           c->id >> POSTING_GROUP_BITS < f->part->n;
}

/* Slots of postings of the group, at most AHEAD of them; 0 at the end. */
static size_t next_slots(const struct finder *f, struct posting_cursor *c, uint32_t *slot)
{
    size_t n = 0;
    while (n < AHEAD && posting_next(c)) {
        slot[n] = c->id >> POSTING_GROUP_BITS;
        if (!is_here(f, c))
            continue;
        base_fetch(&f->tally[slot[n++]]);
    }
    return n;
}

/* The only word that stands for a term, wholly; back is what it brings when it asks x. */
static void add_only(struct finder *f, const struct posting_list *list, uint32_t back)
{
    struct posting_cursor c;
    struct tally *tally = f->tally;
    const uint8_t *code = f->code;
    uint32_t slot[AHEAD], *met = f->met;
    size_t mets = f->mets, n;
    posting_open(&c, list);
    while ((n = next_slots(f, &c, slot)) > 0)
        for (size_t i = 0; i < n; i++)
            meet(&tally[slot[i]], brings_once(f, code[slot[i]]), back, slot[i], met, &mets);
    f->mets = mets;
}

/* One of several; y is how surely it stands for the term. */
static void add_one(struct finder *f, const struct posting_list *list, uint32_t y,
                    uint32_t back)
{
    struct posting_cursor c;
    posting_open(&c, list);
    while (posting_next(&c)) {
        uint32_t slot = c.id >> POSTING_GROUP_BITS;
        if (!is_here(f, &c))
            continue;
        if (f->mass[slot] == 0)
            f->hit[f->hits++] = slot;
        f->mass[slot] += y;
        f->tally[slot].back = sum_of(f->tally[slot].back, back);
    }
}

/* Turns the masses of a term into what it brings. */
static void end_masses(struct finder *f)
{
    for (size_t i = 0; i < f->hits; i++) {
        uint32_t slot = f->hit[i];
        meet(&f->tally[slot], brings(f, f->mass[slot], f->code[slot]), 0, slot, f->met,
             &f->mets);
        f->mass[slot] = 0;
    }
    f->hits = 0;
}

static bool has_member(const struct like *l, const struct like_class *c, uint32_t word)
{
    for (uint32_t i = 0; i < c->n; i++)
        if (like_member_at(l, c->first + i)->word == word)
            return true;
    return false;
}

/* All that stands for a term of x, but not again the words of another class (NULL: none). */
static enum cau_err add_members(struct finder *f, const struct like_term *t,
                                const struct like_class *c, const struct like_class *other)
{
    for (uint32_t i = 0; i < c->n; i++) {
        struct like_member m = *like_member_at(f->like, c->first + i);
        struct lists lists;
        if (other != NULL && has_member(f->like, other, m.word))
            continue;
        enum cau_err err = lists_of(f->like, f->group, m.word, &lists);
        if (err != CAU_OK)
            return err;
        uint64_t mass = (uint64_t)m.y * t->times / LIKELIHOOD_ONE;
        uint64_t score = like_contribution(mass, f->x, c->rarity);
        if (f->scale == LIKE_WITHIN)
            score = score * c->weight / LIKELIHOOD_ONE;
        uint32_t back = in_units(f, score);
        bool only = c->n == 1 && other == NULL && f->hits == 0 && m.y == LIKELIHOOD_ONE;
        for (int k = 0; k < KEYS; k++) {
            const struct posting_list *list = &lists.in[f->number][k];
            if (list->count > 0 && only)
                add_only(f, list, back);
            else if (list->count > 0)
                add_one(f, list, m.y, back);
        }
    }
    return CAU_OK;
}

static enum cau_err add_term(struct finder *f, const struct like_term *t)
{
    struct like_class bare;
    unsigned from = like_group_of(f->x);
    enum cau_err err = like_class_of(f->like, t->word, from, f->group, &f->class);
    if (err != CAU_OK)
        return err;
    f->weight = t->weight[f->scale];
    memset(f->brings, 0, sizeof f->brings);
    if (f->group == TOKEN_VI) { /* texts without marks */
        err = like_class_of(f->like, t->word, from, LIKE_BARE, &bare);
        if (err == CAU_OK)
            err = add_members(f, t, &bare, &f->class);
    }
    if (err == CAU_OK)
        err = add_members(f, t, &f->class, NULL);
    end_masses(f);
    return err;
}

/* ---- the best ---- */

static bool may_be(const struct finder *f, uint32_t slot)
{
    return f->part->doc[slot] != f->query->except &&
           index_may_see(f->like->ix, f->part, slot, f->query->reader) &&
           facet_filter_decide(&f->filter, f->part->shape[slot]) == FACET_PASSES;
}

static void take_best(struct finder *f)
{
    for (size_t i = 0; i < f->mets; i++) {
        uint32_t slot = f->met[i];
        struct tally *t = &f->tally[slot];
        int64_t key = (int64_t)((uint64_t)t->there * t->back * f->self[f->code[slot]] >> 8);
        *t = (struct tally){0};
        if ((f->top.n < f->top.cap || key >= f->top.heap[0].key) && may_be(f, slot))
            top_add(&f->top, key, key, f->part->doc[slot], slot, f->number);
    }
    f->mets = 0;
}

static bool widen(struct buf *b, size_t n)
{
    if (b->len < n)
        buf_add_zeros(b, n - b->len);
    return !b->failed;
}

static enum cau_err open_part(struct finder *f, int part, bool *any)
{
    struct like *l = f->like;
    f->number = part;
    f->part = index_part(l->ix, part);
    size_t n = f->part->n;
    if (!widen(&l->tally[part], n * sizeof *f->tally) ||
        !widen(&l->mass[part], n * sizeof *f->mass) ||
        !widen(&l->slots, (n + 1) * 2 * sizeof *f->hit))
        return CAU_ERR_MEMORY;
    f->tally = (void *)l->tally[part].p;
    f->mass = (void *)l->mass[part].p;
    f->hit = (void *)l->slots.p;
    f->met = f->hit + n + 1; /* one more than are met is written */
    return make_codes(f, any);
}

static enum cau_err find_in_part(struct finder *f, int part)
{
    bool any;
    enum cau_err err = open_part(f, part, &any);
    if (err != CAU_OK || !any)
        return err;
    for (size_t i = 0; i < f->x->n && err == CAU_OK; i++)
        if (like_word_at(f->like, f->x->term[i].word)->text.len > 0)
            err = add_term(f, &f->x->term[i]);
    take_best(f); /* after a failure too: it leaves the tallies empty */
    return err;
}

enum cau_err like_find(struct like *l, const struct like_query *query,
                       const struct like_side *x, enum token_group group, size_t most,
                       const struct gathered **out, size_t *n)
{
    struct finder f = {.like = l, .query = query, .x = x, .group = group};
    const struct facets *facets = &l->ix->facets;
    f.scale = group == x->group ? LIKE_WITHIN : LIKE_ACROSS;
    uint64_t self = x->self[f.scale] > 0 ? (uint64_t)x->self[f.scale] : 1;
    f.unit = (UINT64_C(1) << 32) * WHOLE / self;
    make_selves(&f);
    enum cau_err err =
        facet_filter_open(facets, &l->call, query->filter, query->filter_count, &f.filter);
    if (err == CAU_OK)
        err = top_open(&f.top, &l->call, 0, most,
                       (uint64_t)l->ix->segment.part.n + l->ix->fresh.part.n);
    if (err != CAU_OK)
        return err;
    *n = 0;
    if (f.filter.known != f.filter.columns || f.top.cap == 0)
        return CAU_OK; /* no record has what a filter asks for */
    for (int part = 0; part < INDEX_PARTS && err == CAU_OK; part++)
        err = find_in_part(&f, part);
    if (err == CAU_OK)
        top_end(&f.top, out, n);
    return err;
}
