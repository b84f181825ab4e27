/* claim_int.h - a word of a record answers one word of a query: what it counts for each, where it translates several. */
#ifndef CAU_INDEX_CLAIM_INT_H
#define CAU_INDEX_CLAIM_INT_H

#include "index/expand_int.h"

#define CLAIM_WORDS_MAX 8 /* of a query; in longer ones it changes little, and costs more */

/* A term of the index that translates a word of the plan, and in the texts of the same language also stands for others of
 * its words, translates the one only as often as the ys say: y becomes y y / (sum of all ys of the term there), at least
 * 1. What begins with a word, mistakes and sounds neither give nor take; y stays where it is 0. The words themselves keep
 * theirs. Errors: MEMORY; nothing is changed then. */
enum cau_err claim_share(struct arena *a, struct plan *plan);

#endif
