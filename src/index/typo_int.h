/* typo_int.h - words of the dictionary within a few edits of a word. */
#ifndef CAU_INDEX_TYPO_INT_H
#define CAU_INDEX_TYPO_INT_H

#include "index/dictionary_int.h"

/* Calls found for each key of the kind whose text is 1..edits (1 or 2) edits away from form (insertion, deletion,
 * change of a letter, or two neighbours in the wrong order), by ascending key, until it returns false. With two
 * edits the first letter must be right. */
void typo_walk(const struct index *ix, enum term_kind kind, struct str form, unsigned edits,
               bool (*found)(void *ctx, struct dictionary_walk *at, struct str key,
                             unsigned distance),
               void *ctx);

#endif
