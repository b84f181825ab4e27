#include "index/like_int.h"

#include "base/utf8.h"
#include "index/stored_int.h"
#include "index/wordlist_int.h"

#include <string.h>

enum {
    BARE_TEXT_MIN = 3,                       /* words of a text typed without marks */
    BARE_NUMBER_WEIGHT = LIKELIHOOD_ONE / 3, /* 120 m and 120 degrees have little in common */
};
#define SIDES_BYTES     ((size_t)64 << 20) /* sides are kept up to here */
#define TEXTS_BYTES_MAX ((size_t)1 << 30)
_Static_assert((int)LIKE_TERMS_MAX == (int)WORDLIST_TEXT_MAX,
               "a text's words are listed as far as they count");

/* ---- sides of texts ---- */

static void add_term(struct like_side *side, struct like *l, uint32_t word, uint32_t times,
                     uint32_t at, uint32_t len)
{
    uint64_t *there = (uint64_t *)(void *)l->there.p + word;
    if (*there >> 32 == l->stamp) { /* known in this side: its place is below the stamp */
        struct like_term *t = &side->term[*there & UINT32_MAX];
        t->times = t->times > UINT32_MAX - times ? UINT32_MAX : t->times + times;
        return;
    }
    if (side->n == LIKE_TERMS_MAX * 2)
        return;
    *there = (uint64_t)l->stamp << 32 | side->n;
    side->term[side->n++] =
        (struct like_term){.word = word, .times = times, .at = at, .len = len};
}

/* Entry i of a list of them, all zeros when it is new; NULL when memory ends. */
static void *known_at(struct buf *b, size_t i, size_t size)
{
    size_t have = b->len / size;
    if (i >= have)
        buf_add_zeros(b, (i + 1 - have + have / 2) * size);
    return b->failed ? NULL : b->p + i * size;
}

/* The context's number of a concept, remembered. */
static enum cau_err number_of_concept(struct like *l, uint32_t concept, uint32_t *out)
{
    uint32_t *known = known_at(&l->concept, concept, sizeof *known);
    if (known == NULL)
        return CAU_ERR_MEMORY;
    if (*known == 0) {
        enum cau_err err = like_number_of_concept(l, concept, out);
        if (err != CAU_OK)
            return err;
        *known = *out + 1;
    }
    *out = *known - 1;
    return CAU_OK;
}

/* A word of a text on its way to a side. */
struct listed {
    uint32_t word, phrase_word; /* of the context; of concept.h */
    uint32_t at, len;           /* in the side's texts */
    bool digits;
};

/* The concepts that the phrases of a text name. */
static enum cau_err add_concepts(struct like *l, struct like_side *side,
                                 const struct listed *list, size_t n)
{
    struct concept_found *found;
    size_t count = 0;
    if (l->concepts == NULL || side->group == TOKEN_OTHER)
        return CAU_OK;
    uint32_t *word = arena_take(&l->work, n * sizeof *word);
    if (word == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        word[i] = list[i].phrase_word;
    enum cau_err err = concepts_in(l->concepts, &l->work, side->group, word, n, &found, &count);
    for (size_t i = 0; i < count && err == CAU_OK; i++) {
        const struct listed *first = &list[found[i].from], *last = first + found[i].terms - 1;
        uint32_t number;
        err = number_of_concept(l, found[i].concept, &number);
        if (err == CAU_OK)
            add_term(side, l, number, found[i].share, first->at,
                     last->at + last->len - first->at);
    }
    return err;
}

/* The words of one text. */
static enum cau_err add_list(struct like *l, struct like_side *side, const struct listed *list,
                             size_t n)
{
    for (size_t i = 0; i < n; i++)
        add_term(side, l, list[i].word, list[i].digits ? BARE_NUMBER_WEIGHT : LIKELIHOOD_ONE,
                 list[i].at, list[i].len);
    side->length += (uint32_t)n;
    return add_concepts(l, side, list, n);
}

/* In a text without marks each word becomes the likeliest that has them: concepts are named with marks. */
static enum cau_err guess_marks(struct like *l, struct analysis_term *term, size_t n)
{
    size_t words = 0;
    for (size_t i = 0; i < n; i++) {
        char bytes[TOKEN_BYTES_MAX];
        size_t len;
        if (term[i].term.len > TOKEN_BYTES_MAX || token_bare(term[i].term, bytes, &len))
            return CAU_OK;
        words += !term[i].number;
    }
    enum cau_err err = words < BARE_TEXT_MIN ? CAU_OK : index_bare_words(l->ix, &l->bare);
    for (size_t i = 0; i < n && words >= BARE_TEXT_MIN && err == CAU_OK; i++) {
        struct dictionary_bare bare[BARE_WORDS_MAX];
        size_t found = dictionary_bare(l->ix, l->bare, term[i].term, bare), best = 0;
        for (size_t k = 1; k < found; k++)
            best = bare[k].share > bare[best].share ? k : best;
        if (found > 0)
            term[i].term = bare[best].term;
    }
    return err;
}

/* A text that was not in the index: texts is where it stands. */
static enum cau_err add_text(struct like *l, struct like_side *side, struct str text, size_t at)
{
    struct analysis_term *term;
    size_t n;
    enum cau_err err =
        analysis_of(&l->work, l->stem, l->ix->compounds, side->group, text, &term, &n);
    n = err == CAU_OK && n < LIKE_TERMS_MAX ? n : err == CAU_OK ? LIKE_TERMS_MAX : 0;
    struct listed *list = arena_take(&l->work, n * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        list[i] = (struct listed){.at = (uint32_t)(at + term[i].at),
                                  .len = (uint32_t)term[i].len,
                                  .digits = term[i].script == TOKEN_DIGITS};
        err = like_number_of_text(l, term[i].term, &list[i].word);
    }
    if (err == CAU_OK && side->group == TOKEN_VI)
        err = guess_marks(l, term, n);
    for (size_t i = 0; i < n && err == CAU_OK && l->concepts != NULL; i++)
        list[i].phrase_word = concepts_word(l->concepts, term[i].term);
    return err == CAU_OK ? add_list(l, side, list, n) : err;
}

/* Several words, none of which has a mark. */
static bool is_bare_text(const struct like *l, const struct like_side *side)
{
    size_t words = 0;
    for (size_t i = 0; i < side->n; i++) {
        const struct like_word *w = like_word_at(l, side->term[i].word);
        if (w->marked)
            return false;
        words += w->text.len > 0 && !w->number;
    }
    return words >= BARE_TEXT_MIN;
}

static void begin_side(struct like *l, enum token_group group, struct str texts,
                       struct like_side *out)
{
    *out = (struct like_side){.group = group, .texts = texts, .term = (void *)l->draft.p};
    l->stamp++;
}

/* What one term weighs, and what it brings when the side asks itself; the side's terms are there (like_set_there). Concepts
 * weigh half: their words count too. */
static enum cau_err weigh(struct like *l, struct like_side *side, struct like_term *t)
{
    struct like_class c;
    unsigned group = like_group_of(side);
    uint64_t mass = 0;
    enum cau_err err = like_class_of(l, t->word, group, group, &c);
    if (err != CAU_OK)
        return err;
    t->weight[LIKE_ACROSS] = c.concept ? t->times / 2 : t->times;
    t->alone = c.alone;
    uint64_t within = (uint64_t)t->weight[LIKE_ACROSS] * c.weight / LIKELIHOOD_ONE;
    t->weight[LIKE_WITHIN] = within < UINT32_MAX ? (uint32_t)within : UINT32_MAX;
    if (c.alone)
        mass = t->times;
    for (uint32_t k = 0; k < c.n && !c.alone; k++) {
        const struct like_member *m = like_member_at(l, c.first + k);
        size_t at = like_place_of(l, m->word);
        if (at != SIZE_MAX)
            mass += (uint64_t)m->y * side->term[at].times / LIKELIHOOD_ONE;
    }
    uint32_t contribution = mass == 0 ? 0 : like_contribution(mass, side, c.rarity);
    for (int i = 0; i < LIKE_SCALES; i++)
        side->self[i] += like_weighed(contribution, t, (enum like_scale)i);
    return CAU_OK;
}

/* Puts the terms where they stay, and scores them against themselves. */
static enum cau_err end_side(struct like *l, struct arena *a, struct like_side *side)
{
    enum cau_err err = CAU_OK;
    side->bare = side->group == TOKEN_VI && is_bare_text(l, side);
    if (side->bare)
        err = index_bare_words(l->ix, &l->bare);
    struct like_term *term = arena_take(a, side->n * sizeof *term);
    if (term == NULL)
        return CAU_ERR_MEMORY;
    if (side->n > 0)
        memcpy(term, side->term, side->n * sizeof *term);
    side->term = term;
    for (size_t i = 0; i < side->n && err == CAU_OK; i++) /* its places hold since begin_side */
        err = weigh(l, side, &term[i]);
    return err;
}

/* One side, of the texts of its group. */
static enum cau_err make_side(struct like *l, struct arena *a, const struct index_text *text,
                              size_t n, enum token_group group, struct like_side *out)
{
    size_t bytes = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        bytes += token_group_of(text[i].lang) == group ? text[i].text.len : 0;
    char *copy = bytes < TEXTS_BYTES_MAX ? arena_take(a, bytes) : NULL;
    if (copy == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = CAU_OK;
    begin_side(l, group, (struct str){copy, bytes}, out);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        if (token_group_of(text[i].lang) != group || text[i].text.len == 0 ||
            out->length >= LIKE_TERMS_MAX)
            continue;
        arena_reset(&l->work);
        memcpy(copy + at, text[i].text.p, text[i].text.len);
        err = add_text(l, out, text[i].text, at);
        at += text[i].text.len;
    }
    return err == CAU_OK ? end_side(l, a, out) : err;
}

enum cau_err like_sides(struct like *l, struct arena *a, const struct index_text *text,
                        size_t text_count, struct like_side out[LIKE_SIDES_MAX], size_t *n)
{
    enum cau_err err = CAU_OK;
    *n = 0;
    for (unsigned g = 0; g < TOKEN_GROUPS && err == CAU_OK; g++) {
        bool any = false;
        for (size_t i = 0; i < text_count && !any; i++)
            any = token_group_of(text[i].lang) == g;
        if (!any)
            continue;
        err = make_side(l, a, text, text_count, (enum token_group)g, &out[*n]);
        *n += err == CAU_OK && out[*n].n > 0;
    }
    return err;
}

/* ---- sides of documents ---- */

/* What is known of a term of a part. */
struct known_term {
    uint32_t word; /* 1 + the context's number of it; 0: not met */
    uint32_t phrase_word;
};

/* The context's words of a term of a part, remembered; *found is false when the part does not have it. */
static enum cau_err words_of_term(struct like *l, int part, uint32_t term, struct listed *out,
                                  bool *found)
{
    const struct fresh *f = &l->ix->fresh;
    struct segment_walk walk;
    size_t terms = part == INDEX_FRESH ? fresh_terms(f)
                                       : (size_t)l->ix->segment.header.blocks * SEGMENT_BLOCK;
    *found = term < terms;
    if (!*found)
        return CAU_OK;
    struct known_term *known = known_at(&l->of_part[part], term, sizeof *known);
    if (known == NULL)
        return CAU_ERR_MEMORY;
    if (known->word == 0) {
        *found = part == INDEX_FRESH || segment_at(&l->ix->segment, term, &walk);
        struct str key = !*found               ? (struct str){NULL, 0}
                         : part == INDEX_FRESH ? fresh_key(f, term)
                                               : term_str(&walk.key);
        *found = key.len > 1 && (part == INDEX_FRESH || utf8_valid(str_from(key, 1)));
        if (!*found)
            return CAU_OK;
        uint32_t word;
        enum cau_err err = like_number_of_text(l, str_from(key, 1), &word);
        if (err != CAU_OK)
            return err;
        *known = (struct known_term){word + 1, like_word_at(l, word)->phrase_word};
    }
    out->word = known->word - 1;
    out->phrase_word = known->phrase_word;
    return CAU_OK;
}

/* What is listed of a document's texts, text by text, and the sides made of it so far. */
struct listing {
    struct like *like;
    struct arena *a;
    struct str stored;
    struct like_side *side;
    size_t sides, words; /* words of the text at hand */
    bool open;           /* a side is being made */
    bool bare;           /* a Vietnamese text may lack its marks */
};

static enum cau_err end_text(struct listing *t)
{
    const struct listed *list = (const void *)t->like->list.p;
    struct like_side *side = &t->side[t->sides];
    size_t n = t->words;
    t->words = 0;
    if (n == 0 || side->length >= LIKE_TERMS_MAX)
        return CAU_OK;
    bool bare = side->group == TOKEN_VI && n >= BARE_TEXT_MIN;
    for (size_t i = 0; i < n && bare; i++)
        bare = !like_word_at(t->like, list[i].word)->marked;
    t->bare = t->bare || bare;
    arena_reset(&t->like->work);
    return add_list(t->like, side, list, n);
}

static enum cau_err end_listed_side(struct listing *t)
{
    if (!t->open)
        return CAU_OK;
    t->open = false;
    enum cau_err err = end_text(t);
    if (err == CAU_OK)
        err = end_side(t->like, t->a, &t->side[t->sides]);
    t->sides += err == CAU_OK && t->side[t->sides].n > 0;
    return err;
}

static enum cau_err take_word(struct listing *t, int part, const struct wordlist_word *word)
{
    struct like_side *side = &t->side[t->sides];
    enum cau_err err = CAU_OK;
    if (!t->open || word->group != side->group) {
        err = end_listed_side(t);
        if (t->sides == LIKE_SIDES_MAX)
            return err;
        begin_side(t->like, word->group, t->stored, &t->side[t->sides]);
        t->open = err == CAU_OK;
    } else if (word->begins) {
        err = end_text(t);
    }
    struct listed one = {.at = word->at, .len = word->len, .digits = word->digits};
    bool found = false;
    if (err == CAU_OK && t->words < LIKE_TERMS_MAX)
        err = words_of_term(t->like, part, word->term, &one, &found);
    if (err != CAU_OK || !found || word->at > t->stored.len ||
        word->len > t->stored.len - word->at) /* a damaged file */
        return err;
    ((struct listed *)(void *)t->like->list.p)[t->words++] = one;
    return CAU_OK;
}

/* The sides by the words the index keeps of the document. */
static enum cau_err listed_sides(struct listing *t, int part, struct str words)
{
    struct wordlist_walk walk;
    struct wordlist_word word;
    enum cau_err err = CAU_OK;
    if (t->like->list.len == 0 &&
        buf_extend(&t->like->list, LIKE_TERMS_MAX * sizeof(struct listed)) == NULL)
        return CAU_ERR_MEMORY;
    wordlist_start(&walk, words);
    while (err == CAU_OK && t->sides < LIKE_SIDES_MAX && wordlist_next(&walk, &word))
        err = take_word(t, part, &word);
    return err == CAU_OK ? end_listed_side(t) : err;
}

/* The sides by its texts: of one without marks, whose words have to be guessed. */
static enum cau_err stored_sides(struct like *l, struct arena *a, struct str stored,
                                 struct like_side *out, size_t *n)
{
    static const char *const tag[TOKEN_GROUPS] = {
        [TOKEN_VI] = "vi", [TOKEN_RU] = "ru", [TOKEN_EN] = "en", [TOKEN_OTHER] = "und"};
    struct stored_walk walk;
    size_t count = 0;
    stored_start(&walk, stored);
    while (stored_next_text(&walk))
        count++;
    struct index_text *text = arena_take(&l->call, count * sizeof *text);
    if (text == NULL)
        return CAU_ERR_MEMORY;
    stored_start(&walk, stored);
    for (size_t i = 0; i < count && stored_next_text(&walk); i++)
        text[i] = (struct index_text){str_of(tag[walk.group]), walk.weight, walk.words.text};
    return like_sides(l, a, text, count, out, n);
}

struct str like_surface(const struct like_side *side, const struct like_term *t)
{
    if (t->at > side->texts.len || t->len > side->texts.len - t->at)
        return (struct str){NULL, 0};
    struct str surface = str_to(str_from(side->texts, t->at), t->len);
    return utf8_valid(surface) ? surface : (struct str){NULL, 0};
}

static enum cau_err make_sides(struct like *l, struct arena *a, int part, uint32_t slot,
                               struct like_known *out)
{
    const struct part *p = index_part(l->ix, part);
    struct like_side side[LIKE_SIDES_MAX];
    struct listing t = {.like = l, .a = a, .stored = part_text(p, slot), .side = side};
    enum cau_err err = listed_sides(&t, part, part_words(p, slot));
    size_t n = t.sides;
    if (err == CAU_OK && t.bare)
        err = stored_sides(l, a, t.stored, side, &n);
    struct like_side *copy = arena_take(a, n * sizeof *copy);
    if (err != CAU_OK || copy == NULL)
        return err != CAU_OK ? err : CAU_ERR_MEMORY;
    memcpy(copy, side, n * sizeof *copy);
    *out = (struct like_known){copy, n};
    return CAU_OK;
}

enum cau_err like_doc_sides(struct like *l, uint32_t doc, int part, uint32_t slot,
                            const struct like_side **out, size_t *n)
{
    bool keeps = l->keep.used + l->doc.len < SIDES_BYTES;
    uint32_t *known = known_at(&l->known, doc, sizeof *known);
    if (known == NULL)
        return CAU_ERR_MEMORY;
    struct like_known made = {0};
    if (*known != 0) {
        made = ((const struct like_known *)(const void *)l->doc.p)[*known - 1];
    } else {
        enum cau_err err = make_sides(l, keeps ? &l->keep : &l->call, part, slot, &made);
        if (err != CAU_OK)
            return err;
        if (keeps) {
            buf_add(&l->doc, (struct str){(const char *)&made, sizeof made});
            if (l->doc.failed)
                return CAU_ERR_MEMORY;
            *known = (uint32_t)(l->doc.len / sizeof made);
        }
    }
    *out = made.side;
    *n = made.n;
    return CAU_OK;
}
