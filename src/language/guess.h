/* guess.h - the language of a few words, for a query whose reader did not say. */
#ifndef CAU_LANGUAGE_GUESS_H
#define CAU_LANGUAGE_GUESS_H

#include "base/base.h"
#include "base/lang.h"

/* Cyrillic: ru. A letter only Vietnamese has, or nothing but syllables Vietnamese can have (several of
 * them, or one that English cannot have), or such syllables for the most part (three quarters of at least five words, two
 * thirds where one is of the kind that English cannot have): vi. Else en; without letters, fallback, which may be LANG_COUNT. */
enum lang guess_lang(struct str text, enum lang fallback);
/* Could this word of a-z be a Vietnamese syllable without its marks? */
bool guess_is_syllable(struct str form);

#endif
