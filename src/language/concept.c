#include "language/concept.h"

#include "base/table.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES ((size_t)1 << 30) /* of address space */
enum { KEY_BYTES_MAX = 512, SHORT = 3 };

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

struct concepts {
    struct arena a;
    struct table phrase; /* key_of -> named */
    struct named *named;
    uint32_t n, cap;
    struct of_concept *of;
    uint32_t count;
};

/* The language's number, then terms with spaces between; false when it is too long for a phrase. */
static bool key_add(char key[KEY_BYTES_MAX], size_t *len, struct str term)
{
    if (*len + term.len + 1 > KEY_BYTES_MAX)
        return false;
    key[(*len)++] = ' ';
    memcpy(key + *len, term.p, term.len);
    *len += term.len;
    return true;
}

static bool is_abbreviation(enum token_group lang, const struct analysis_term *term, size_t n)
{
    return n == 1 && !term->compound && lang != TOKEN_VI && utf8_count(term->term) <= SHORT;
}

static enum cau_err name_phrase(struct concepts *c, struct str key, uint32_t concept)
{
    uint32_t at;
    bool fresh;
    enum cau_err err = table_intern(&c->phrase, key, c->n, &at, &fresh);
    if (err != CAU_OK)
        return err;
    if (fresh) {
        must(c->n < c->cap);
        c->named[c->n++] = (struct named){.n = 0};
    }
    struct named *named = &c->named[at];
    if (named->n < CONCEPT_NAMED_MAX &&
        (named->n == 0 || named->concept[named->n - 1] != concept))
    named->concept[named->n++] = concept;
    return CAU_OK;
}

static enum cau_err add_phrase(struct concepts *c, uint32_t concept, enum token_group lang,
                               const struct analysis_term *term, size_t n)
{
    char key[KEY_BYTES_MAX] = {(char)('0' + lang)};
    size_t len = 1;
    bool fits = n > 0 && n <= CONCEPT_WORDS_MAX && !is_abbreviation(lang, term, n);
    for (size_t i = 0; i < n && fits; i++)
        fits = key_add(key, &len, term[i].term);
    if (!fits)
        return CAU_OK;
    struct of_concept *of = &c->of[concept];
    struct str *copy = arena_take(&c->a, n * sizeof *copy);
    if (copy == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        copy[i] = term[i].term;
    of->phrase[lang][of->phrases[lang]++] = (struct concept_phrase){copy, n};
    return name_phrase(c, (struct str){key, len}, concept);
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
    *c = (struct concepts){.a = a, .phrase = table_new(), .count = glossary_count(g)};
    struct stem *stem = NULL;
    for (uint32_t i = 0; i < c->count; i++)
        for (unsigned lang = 0; lang < GLOSSARY_LANGS; lang++)
            c->cap += (uint32_t)glossary_concept(g, i)->term_count[lang];
    c->named = arena_take(&c->a, c->cap * sizeof *c->named);
    c->of = arena_zero(&c->a, c->count * sizeof *c->of);
    enum cau_err err = c->named == NULL || c->of == NULL ? CAU_ERR_MEMORY : stem_open(&stem);
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
    table_free(&c->phrase);
    struct arena a = c->a; /* c lives in it */
    arena_free(&a);
}

/* Adds what the phrases that begin at term[from] stand for. */
static size_t find_at(const struct concepts *c, enum token_group lang,
                      const struct analysis_term *term, size_t n, size_t from,
                      struct concept_found *out)
{
    char key[KEY_BYTES_MAX] = {(char)('0' + lang)};
    size_t len = 1, found = 0;
    for (size_t k = 0; k < CONCEPT_WORDS_MAX && from + k < n; k++) {
        if (!key_add(key, &len, term[from + k].term))
            break;
        uint32_t at = table_get(&c->phrase, (struct str){key, len}, UINT32_MAX);
        if (at == UINT32_MAX)
            continue;
        const struct named *named = &c->named[at];
        for (uint32_t i = 0; i < named->n; i++)
            out[found++] =
                (struct concept_found){named->concept[i], from, k + 1, 65536 / named->n};
    }
    return found;
}

enum cau_err concepts_of(const struct concepts *c, struct arena *a, enum token_group lang,
                         const struct analysis_term *term, size_t n, struct concept_found **out,
                         size_t *found)
{
    struct concept_found here[CONCEPT_WORDS_MAX * CONCEPT_NAMED_MAX], *list = NULL;
    size_t total = 0, cap = 0;
    for (size_t i = 0; i < n && (unsigned)lang < GLOSSARY_LANGS; i++) {
        size_t more = find_at(c, lang, term, n, i, here);
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
