/* missed.h - the words of a text that met nothing in a record: what a person would call a missing term. */
#ifndef CAU_INDEX_MISSED_H
#define CAU_INDEX_MISSED_H

#include "index/index.h"

#define MISSED_WORDS_MAX  5    /* neighbouring words in one run; the next ones begin another */
#define MISSED_POINTS_MIN 4    /* a shorter run says too little */
#define MISSED_FORMS_MAX  2048 /* words that met something: of more, none is said to be missed */

/* Runs of neighbouring words of text that stand in none of the n words or phrases that met something, in their order; at
 * most max of them, each a view of text. Numbers, and words that little (may be NULL) says are little, end a run.
 * Returns how many. Forms of words are kept in a while it works; without room for them there are no runs. */
size_t missed_runs(struct arena *a, struct str text, const struct str *met, size_t n,
                   bool (*little)(struct str word), struct str *run, size_t max);

/* The same with the words of the n reasons of a hit. */
size_t missed_find(struct arena *a, struct str text, const struct index_reason *reason,
                   size_t n, bool (*little)(struct str word), struct str *run, size_t max);

#endif
