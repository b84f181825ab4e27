/* likelihood_int.h - the score, in integers: query likelihood with translation probabilities (PSQ-HMM).
 *
 *   P_D = sum y w / length,  P_C = the same over the public texts of the language,
 *   contribution = log2(1 + lambda / (1 - lambda) P_D / P_C),  lambda = .4
 *
 * y has 16 fractional bits (LIKELIHOOD_ONE is 1), a contribution too. */
#ifndef CAU_INDEX_LIKELIHOOD_INT_H
#define CAU_INDEX_LIKELIHOOD_INT_H

#include "base/base.h"

#define LIKELIHOOD_ONE 65536u

uint32_t likelihood_log2(uint64_t x); /* log2(x / 65536) of x >= 65536, 16 fractional bits */

/* lambda / (1 - lambda) / P_C with 16 fractional bits, from the weighted count of the class (sum of y times
 * weight, y with 16 fractional bits) and the weighted length of the collection; at least 1, at most 2^39. */
uint64_t likelihood_rarity(uint64_t count, uint64_t length);

/* Contribution of a class with sum y w = mass (16 fractional bits) in a text of length (1..65535). */
static inline uint32_t likelihood_score(uint32_t mass, uint32_t length, uint64_t rarity)
{
    uint64_t share = ((uint64_t)mass << 8) / length; /* P_D, 24 fractional bits */
    if (share > 1u << 24)
        share = 1u << 24;
    return likelihood_log2(LIKELIHOOD_ONE + (share * rarity >> 24));
}

/* What a unit adds to the score: its contribution, as often as it was asked, times factor (16 fractional
 * bits). */
static inline int64_t likelihood_weighed(uint32_t contribution, uint32_t times, uint32_t factor)
{
    return (int64_t)((uint64_t)contribution * factor / LIKELIHOOD_ONE * times);
}

#endif
