/* stem.h - the stem of a word: Snowball's; Russian nouns repaired whose end it takes for a verb's, and without vowels
 * that come and go before the last consonant. */
#ifndef CAU_LANGUAGE_STEM_H
#define CAU_LANGUAGE_STEM_H

#include "language/token.h"

/* One stemmer serves one thread. */
struct stem;
enum cau_err stem_open(struct stem **out); /* MEMORY */
void stem_close(struct stem *s);           /* NULL is allowed */
/* The stem of an index form: Russian for Cyrillic, English for plain Latin letters when english; the form
 * itself for words with digits and other scripts. The view lives until the next call with s, or is form. */
struct str stem_of(struct stem *s, struct str form, enum token_script script, bool english);

#endif
