#include "language/concept.h"

#include "base/table.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 30) /* of address space */
enum { SHORT = 3, FIRST_NODES = 1 << 14 };

/* What one phrase stands for. */
struct named {
    uint32_t concept[CONCEPT_NAMED_MAX];
    uint32_t n;
};

struct of_concept {
    struct concept_phrase *phrase[GLOSSARY_LANGS];
    size_t phrases[GLOSSARY_LANGS];
    const uint32_t *near;
    size_t near_count;
};

/* Phrases as paths of words: a step from a node with a word leads to a node. */
struct step {
    uint32_t from, word, to; /* to 0: the place is free */
};

struct concepts {
    struct arena a;
    struct table word;   /* of all phrases -> its number, from 1 */
    struct named *named; /* by node; those of the languages come first */
    struct step *step;   /* open addressing, at most half full */
    uint32_t nodes, cap, words, steps_mask;
    struct of_concept *of;
    uint32_t count;
};

static bool is_abbreviation(enum token_group lang, const struct analysis_term *term, size_t n)
{
    return n == 1 && !term->compound && lang != TOKEN_VI && utf8_count(term->term) <= SHORT;
}

/* The node where the phrases of a language begin. */
static uint32_t start_of(unsigned lang)
{
    return 1 + lang;
}

/* The place of a step, or the free one where it belongs. */
static struct step *step_at(const struct concepts *c, uint32_t from, uint32_t word)
{
    uint64_t hash = ((uint64_t)from << 32 | word) * 0x9FB21C651E98DF25u;
    uint32_t at = (uint32_t)(hash >> 32) & c->steps_mask;
    while (c->step[at].to != 0 && (c->step[at].from != from || c->step[at].word != word))
        at = (at + 1) & c->steps_mask;
    return &c->step[at];
}

uint32_t concepts_word(const struct concepts *c, struct str term)
{
    return table_get(&c->word, term, 0);
}

/* Room for one more node, and for the step to it. */
static bool widen(struct concepts *c)
{
    if (c->nodes < c->cap)
        return true;
    uint32_t cap = c->cap == 0 ? FIRST_NODES : c->cap * 2, places = cap * 2;
    struct concepts old = *c;
    c->named = arena_zero(&c->a, cap * sizeof *c->named);
    c->step = arena_zero(&c->a, places * sizeof *c->step);
    if (c->named == NULL || c->step == NULL)
        return false;
    c->cap = cap;
    c->steps_mask = places - 1;
    if (old.cap == 0)
        return true;
    memcpy(c->named, old.named, old.cap * sizeof *c->named);
    for (uint32_t i = 0; i <= old.steps_mask; i++)
        if (old.step[i].to != 0)
            *step_at(c, old.step[i].from, old.step[i].word) = old.step[i];
    return true;
}

static enum cau_err name_phrase(struct concepts *c, enum token_group lang,
                                const struct analysis_term *term, size_t n, uint32_t concept)
{
    uint32_t node = start_of(lang);
    for (size_t i = 0; i < n; i++) {
        uint32_t word;
        enum cau_err err = table_intern(&c->word, term[i].term, c->words + 1, &word, NULL);
        if (err == CAU_OK && !widen(c))
            err = CAU_ERR_MEMORY;
        if (err != CAU_OK)
            return err;
        c->words = word > c->words ? word : c->words;
        struct step *step = step_at(c, node, word);
        if (step->to == 0) {
            *step = (struct step){node, word, c->nodes++};
        }
        node = step->to;
    }
    struct named *named = &c->named[node];
    if (named->n < CONCEPT_NAMED_MAX &&
        (named->n == 0 || named->concept[named->n - 1] != concept))
    named->concept[named->n++] = concept;
    return CAU_OK;
}

static enum cau_err add_phrase(struct concepts *c, uint32_t concept, enum token_group lang,
                               const struct analysis_term *term, size_t n)
{
    if (n == 0 || n > CONCEPT_WORDS_MAX || is_abbreviation(lang, term, n))
        return CAU_OK;
    struct of_concept *of = &c->of[concept];
    struct str *copy = arena_take(&c->a, n * sizeof *copy);
    if (copy == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        copy[i] = term[i].term;
    of->phrase[lang][of->phrases[lang]++] = (struct concept_phrase){copy, n};
    return name_phrase(c, lang, term, n, concept);
}

static enum cau_err add_terms(struct concepts *c, struct stem *stem,
                              const struct compound_list *compounds, uint32_t number,
                              const struct glossary_concept *concept)
{
    enum cau_err err = CAU_OK;
    for (unsigned lang = 0; lang < GLOSSARY_LANGS && err == CAU_OK; lang++) {
        struct concept_phrase *list =
            arena_take(&c->a, concept->term_count[lang] * sizeof *list);
        if (list == NULL)
            return CAU_ERR_MEMORY;
        c->of[number].phrase[lang] = list;
        for (size_t i = 0; i < concept->term_count[lang] && err == CAU_OK; i++) {
            struct analysis_term *term;
            size_t n;
            err = analysis_of(&c->a, stem, compounds, (enum token_group)lang,
                              concept->term[lang][i], &term, &n);
            if (err == CAU_OK)
                err = add_phrase(c, number, (enum token_group)lang, term, n);
        }
    }
    return err;
}

struct edge {
    uint32_t from, to;
};

static int compare_edges(const void *x, const void *y)
{
    const struct edge *e = x, *f = y;
    if (e->from != f->from)
        return e->from < f->from ? -1 : 1;
    return (e->to > f->to) - (e->to < f->to);
}

/* Related concepts both ways, as the glossary has them; broader ones here and there. */
static enum cau_err add_near(struct concepts *c, const struct glossary *g)
{
    size_t most = 0, n = 0;
    for (uint32_t i = 0; i < c->count; i++)
        most += glossary_concept(g, i)->related_count + 2;
    struct edge *edge = arena_take(&c->a, most * sizeof *edge);
    uint32_t *to = arena_take(&c->a, most * sizeof *to);
    if (edge == NULL || to == NULL)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < c->count; i++) {
        const struct glossary_concept *concept = glossary_concept(g, i);
        for (size_t k = 0; k < concept->related_count; k++)
            edge[n++] = (struct edge){i, concept->related[k]};
        if (concept->broader != GLOSSARY_NONE) {
            edge[n++] = (struct edge){i, concept->broader};
            edge[n++] = (struct edge){concept->broader, i};
        }
    }
    qsort(edge, n, sizeof *edge, compare_edges);
    for (size_t i = 0; i < n; i++) {
        struct of_concept *of = &c->of[edge[i].from];
        to[i] = edge[i].to;
        if (of->near == NULL)
            of->near = &to[i];
        bool twice = i > 0 && compare_edges(&edge[i - 1], &edge[i]) == 0;
        if (!twice && of->near_count < CONCEPT_NEAR_MAX)
            to[of->near - to + (ptrdiff_t)of->near_count++] = edge[i].to;
    }
    return CAU_OK;
}

enum cau_err concepts_open(const struct glossary *g, const struct compound_list *compounds,
                           struct concepts **out)
{
    struct arena a = arena_new(ARENA_BYTES);
    struct concepts *c = arena_zero(&a, sizeof *c);
    must(c != NULL);
    *c = (struct concepts){.a = a, .word = table_new(), .count = glossary_count(g)};
    struct stem *stem = NULL;
    c->nodes = start_of(GLOSSARY_LANGS);
    c->of = arena_zero(&c->a, c->count * sizeof *c->of);
    enum cau_err err = c->of == NULL || !widen(c) ? CAU_ERR_MEMORY : stem_open(&stem);
    for (uint32_t i = 0; i < c->count && err == CAU_OK; i++)
        err = add_terms(c, stem, compounds, i, glossary_concept(g, i));
    stem_close(stem);
    if (err == CAU_OK)
        err = add_near(c, g);
    if (err == CAU_OK)
        *out = c;
    else
        concepts_close(c);
    return err;
}

void concepts_close(struct concepts *c)
{
    if (c == NULL)
        return;
    table_free(&c->word);
    struct arena a = c->a; /* c lives in it */
    arena_free(&a);
}

/* Adds what the phrases that begin at word[from] stand for. */
static size_t find_at(const struct concepts *c, enum token_group lang, const uint32_t *word,
                      size_t n, size_t from, struct concept_found *out)
{
    uint32_t node = start_of(lang);
    size_t found = 0;
    for (size_t k = 0; k < CONCEPT_WORDS_MAX && from + k < n; k++) {
        node = word[from + k] == 0 ? 0 : step_at(c, node, word[from + k])->to;
        if (node == 0)
            break;
        const struct named *named = &c->named[node];
        for (uint32_t i = 0; i < named->n; i++)
            out[found++] =
                (struct concept_found){named->concept[i], from, k + 1, 65536 / named->n};
    }
    return found;
}

enum cau_err concepts_in(const struct concepts *c, struct arena *a, enum token_group lang,
                         const uint32_t *word, size_t n, struct concept_found **out,
                         size_t *found)
{
    struct concept_found here[CONCEPT_WORDS_MAX * CONCEPT_NAMED_MAX], *list = NULL;
    size_t total = 0, cap = 0;
    for (size_t i = 0; i < n && (unsigned)lang < GLOSSARY_LANGS; i++) {
        size_t more = find_at(c, lang, word, n, i, here);
        if (total + more > cap) {
            cap = (total + more) * 2 + 16;
            struct concept_found *wide = arena_take(a, cap * sizeof *wide);
            if (wide == NULL)
                return CAU_ERR_MEMORY;
            if (total > 0)
                memcpy(wide, list, total * sizeof *wide);
            list = wide;
        }
        if (more > 0)
            memcpy(list + total, here, more * sizeof *list);
        total += more;
    }
    *out = list;
    *found = total;
    return CAU_OK;
}

enum cau_err concepts_of(const struct concepts *c, struct arena *a, enum token_group lang,
                         const struct analysis_term *term, size_t n, struct concept_found **out,
                         size_t *found)
{
    uint32_t *word = arena_take(a, n * sizeof *word);
    if (word == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        word[i] = concepts_word(c, term[i].term);
    return concepts_in(c, a, lang, word, n, out, found);
}

const uint32_t *concepts_near(const struct concepts *c, uint32_t concept, size_t *n)
{
    must(concept < c->count);
    *n = c->of[concept].near_count;
    return c->of[concept].near;
}

size_t concepts_phrases(const struct concepts *c, uint32_t concept, enum token_group lang,
                        struct concept_phrase out[GLOSSARY_TERMS_MAX])
{
    must(concept < c->count && (unsigned)lang < GLOSSARY_LANGS);
    const struct of_concept *of = &c->of[concept];
    memcpy(out, of->phrase[lang], of->phrases[lang] * sizeof *out);
    return of->phrases[lang];
}
