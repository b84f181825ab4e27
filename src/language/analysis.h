/* analysis.h - a text as the terms that search, matching and the lexicon count: one for each word.
 *
 * Russian (any Cyrillic word) and English words become their stem, Vietnamese ones the longest compound of the list
 * (syllables joined by _) or the syllable; numbers and words of other scripts their form. The same for texts,
 * queries and the training of the lexicon. */
#ifndef CAU_LANGUAGE_ANALYSIS_H
#define CAU_LANGUAGE_ANALYSIS_H

#include "language/compound.h"
#include "language/stem.h"
#include "language/token.h"

#define ANALYSIS_VERSION   4     /* of these rules; another one means other terms */
#define ANALYSIS_TERMS_MAX 65536 /* of one text; the rest is left out */

struct analysis_term {
    struct str term; /* in the arena */
    size_t at, len;  /* where it stands in the text */
    enum token_script script;
    bool number;
    bool compound; /* of several syllables; its script is Latin */
};

/* Of the rules and of the list of compounds (may be NULL): equal versions give equal terms. */
uint64_t analysis_version(const struct compound_list *compounds);

/* The terms of text in a language, in order; text is valid UTF-8 in NFC. stem and compounds (may be NULL) stay the caller's.
 * Errors: MEMORY. */
enum cau_err analysis_of(struct arena *a, struct stem *stem,
                         const struct compound_list *compounds, enum token_group lang,
                         struct str text, struct analysis_term **out, size_t *n);

#endif
