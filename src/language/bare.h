/* bare.h - the Vietnamese words that a word typed without marks may be. */
#ifndef CAU_LANGUAGE_BARE_H
#define CAU_LANGUAGE_BARE_H

#include "language/lexicon.h"

#define BARE_WORDS_MAX                                                                         \
    16 /* that one bare form stands for; those with fewer translations are left out */

struct bare_words;

struct bare_word {
    struct str term; /* lies in the lexicon's file */
    uint32_t known;  /* translations it has: more for words in use */
};

/* All Vietnamese terms of a lexicon by their bare form; the lexicon must stay open. Errors: MEMORY. */
enum cau_err bare_words_open(const struct lexicon *l, struct bare_words **out);
void bare_words_close(struct bare_words *b); /* NULL is allowed */
/* The terms with that bare form (syllables joined by _), by falling known, then bytes; a term without marks is among
 * them. Returns how many; 0 for NULL. */
size_t bare_words_find(const struct bare_words *b, struct str bare,
                       struct bare_word out[BARE_WORDS_MAX]);

#endif
