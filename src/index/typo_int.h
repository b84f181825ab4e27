/* typo_int.h - words of the dictionary within a few edits of a word. */
#ifndef CAU_INDEX_TYPO_INT_H
#define CAU_INDEX_TYPO_INT_H

#include "index/dictionary_int.h"

struct typo {
    struct str key; /* of the dictionary */
    unsigned distance;
};

/* The keys of the kind whose text is 1..edits (1 or 2) edits away from form (insertion, deletion, change of a letter, or
 * two neighbours in the wrong order), ascending; bare forms or forms. With two edits the first letter must be right.
 * *n of *out, in the arena. Errors: MEMORY. */
enum cau_err typo_find(const struct index *ix, struct arena *a, enum term_kind kind,
                       struct str form, unsigned edits, struct typo **out, size_t *n);

#endif
