/* concept.h - the concepts of the glossary that a text names, whatever its language.
 *
 * A phrase is a term of the glossary as terms of analysis.h; every phrase in a text counts, also inside a longer one. Not
 * taken are abbreviations that are hardly told from common words: one word of up to three letters, unless
 * Vietnamese. */
#ifndef CAU_LANGUAGE_CONCEPT_H
#define CAU_LANGUAGE_CONCEPT_H

#include "language/analysis.h"
#include "language/glossary.h"

#define CONCEPT_WORDS_MAX 6  /* terms of one phrase */
#define CONCEPT_NAMED_MAX 8  /* concepts one phrase stands for; further ones are left out */
#define CONCEPT_NEAR_MAX  64 /* concepts near one */

struct concepts;

/* The glossary and the compounds must stay where they are. Errors: MEMORY. */
enum cau_err concepts_open(const struct glossary *g, const struct compound_list *compounds,
                           struct concepts **out);
void concepts_close(struct concepts *c); /* NULL is allowed */

struct concept_found {
    uint32_t concept;
    size_t from, terms; /* which terms of the text */
    uint32_t
        share; /* 16 fractional bits: 1 over the number of concepts the phrase stands for */
};
/* The concepts of the phrases in a text of vi, ru or en, in order of place. Errors: MEMORY. */
enum cau_err concepts_of(const struct concepts *c, struct arena *a, enum token_group lang,
                         const struct analysis_term *term, size_t n, struct concept_found **out,
                         size_t *found);
/* The same of terms as concepts_word numbers them. */
enum cau_err concepts_in(const struct concepts *c, struct arena *a, enum token_group lang,
                         const uint32_t *word, size_t n, struct concept_found **out,
                         size_t *found);
/* The number of a term among the words of all phrases, the same in every language; 0: it is in none. */
uint32_t concepts_word(const struct concepts *c, struct str term);
/* Related, broader and narrower concepts, ascending. */
const uint32_t *concepts_near(const struct concepts *c, uint32_t concept, size_t *n);
/* The phrases of a concept in a language: their terms. */
struct concept_phrase {
    const struct str *term;
    size_t n;
};
size_t concepts_phrases(const struct concepts *c, uint32_t concept, enum token_group lang,
                        struct concept_phrase out[GLOSSARY_TERMS_MAX]);

#endif
