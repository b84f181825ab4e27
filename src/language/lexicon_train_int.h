/* lexicon_train_int.h - IBM model 1 between two languages: which word stands for which, from pairs of texts.
 *
 *   p(t_j | s) = p0 t(t_j | no word) + (1 - p0) sum_i t(t_j | s_i) e(i, j)
 *   e(i, j)    = exp(-L |i / n - j / m|) / sum_i' exp(-L |i' / n - j / m|)         (places at the middle of a word)
 *   t(t | s)   = exp(psi(c(s, t) + alpha) - psi(c(s) + alpha V_s))                 psi: digamma, V_s: words seen with s
 *
 * (../shared/design/language.md 4.3). All sums are made in the order of the pairs, one thread for a direction, and exp and
 * psi are made of the four operations alone: every machine with IEEE arithmetic learns the same. */
#ifndef CAU_LANGUAGE_LEXICON_TRAIN_INT_H
#define CAU_LANGUAGE_LEXICON_TRAIN_INT_H

#include "base/buf.h"
#include "language/lexicon_build.h"

#define TRAIN_ROUNDS 5
#define TRAIN_SLOTS_MAX                                                                        \
    ((size_t)1 << 24) /* of the hash of words seen together, at most .8 full */
#define TRAIN_CELLS_MAX                                                                        \
    ((size_t)1 << 29) /* places of words in pairs, over all pairs of two languages */
#define TRAIN_KEEP_P     .003
#define TRAIN_KEEP_COUNT .1

/* The pairs of texts of two languages x and y, one after the other: source, weight, terms of x, terms of y (one
 * byte each), then the numbers of the terms (uint32_t). */
struct train_texts {
    struct buf bytes;
    size_t pairs, cells; /* cells: sum of terms of x times terms of y */
};

/* What is kept of a direction; in the order in which the words were first seen together. */
struct train_link {
    uint32_t from, to; /* numbers of terms */
    float p, count;    /* p(to given from) = count / that of all; expected, weighted */
    uint32_t
        sources; /* bits: those that gave at least 5 % of count, and the one that gave most */
};

struct train_input {
    const struct train_texts *texts;
    uint32_t terms[2]; /* of x, of y */
    unsigned sources;  /* how many there are */
    unsigned threads;  /* 1 or 2 */
    size_t slots_max;  /* TRAIN_SLOTS_MAX, less in tests; a power of 2 */
    const struct lexicon_progress *progress;
    unsigned from_permille, to_permille; /* what progress is told at start and end */
};

/* Adds one pair; n and m are 1..LEXICON_SENTENCE_MAX, weight 1..16. False: memory ended. */
bool train_add(struct train_texts *t, unsigned source, unsigned weight, const uint32_t *x,
               size_t n, const uint32_t *y, size_t m);
/* Writes the links (struct train_link) of x to y to link[0], of y to x to link[1], which are empty before.
 * Errors: RANGE (slots_max, TRAIN_CELLS_MAX), MEMORY, BUSY (told to stop). */
enum cau_err train(const struct train_input *in, struct buf link[2]);

double train_exp_minus(double x);   /* exp(-x), x >= 0 */
double train_exp_digamma(double x); /* exp(psi(x)), x > 0 */

#endif
