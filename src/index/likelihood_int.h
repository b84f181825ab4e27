/* likelihood_int.h - the score, in integers: query likelihood with translation probabilities (PSQ-HMM).
 *
 *   P_D = sum y w / length,  P_C = the same over the public texts of the language,
 *   contribution = log2(1 + lambda / (1 - lambda) P_D / P_C),  lambda = .4
 *
 * y has 16 fractional bits (LIKELIHOOD_ONE is 1), a contribution too. */
#ifndef CAU_INDEX_LIKELIHOOD_INT_H
#define CAU_INDEX_LIKELIHOOD_INT_H

#include "base/number.h"

#define LIKELIHOOD_ONE 65536u

extern const uint32_t likelihood_table[257]; /* log2(1 + i / 256), 16 fractional bits */

/* log2(x / 65536) of x >= 65536, 16 fractional bits; between the table's points a straight line. */
static inline uint32_t likelihood_log2(uint64_t x)
{
    unsigned whole = number_highest_bit(x) - 16;
    uint32_t part = (uint32_t)(x >> whole) - LIKELIHOOD_ONE, at = part >> 8;
    uint32_t low = likelihood_table[at], high = likelihood_table[at + 1];
    return (whole << 16) + low + ((high - low) * (part & 255) >> 8);
}

/* How common a word is cannot be seen from few texts: LIKELIHOOD_USUAL words of usual running text, as the lexicon has
 * seen it, are added to those of the collection. With 8,192 to 100,000 of them needs and offers (gold/dev.jsonl) find one
 * another equally well. */
#define LIKELIHOOD_USUAL 32768u

/* One half of them is a word that stands for the word asked for, but that nobody knows to do so. Otherwise a word of which only a
 * doubtful translation is met would count as one that is rare, and for as much as a sure one. */
#define LIKELIHOOD_UNKNOWN (LIKELIHOOD_ONE / 2)

/* What a term with y (16 fractional bits) and a share (of 2^32 words) adds to a count; 16 fractional bits. */
static inline uint64_t likelihood_usual(uint32_t y, uint32_t share)
{
    return (uint64_t)y * share / (UINT64_C(0x100000000) / LIKELIHOOD_USUAL);
}

/* lambda / (1 - lambda) / P_C with 16 fractional bits, from the weighted count of the class (sum of y times
 * weight, y with 16 fractional bits) and the weighted length of the collection; at least 1, at most 2^39. */
uint64_t likelihood_rarity(uint64_t count, uint64_t length);

/* P_D of a class with sum y w = mass (16 fractional bits) in a text of length 1..65535: 24 fractional bits. */
static inline uint32_t likelihood_share(uint32_t mass, uint32_t length)
{
    uint64_t share = ((uint64_t)mass << 8) / length;
    return share > 1u << 24 ? 1u << 24 : (uint32_t)share;
}

/* Contribution of a class with that share. */
static inline uint32_t likelihood_score(uint32_t share, uint64_t rarity)
{
    return likelihood_log2(LIKELIHOOD_ONE + (share * rarity >> 24));
}

/* What a unit adds to the score: its contribution, as often as it was asked, times factor (16 fractional
 * bits). */
static inline int64_t likelihood_weighed(uint32_t contribution, uint32_t times, uint32_t factor)
{
    return (int64_t)((uint64_t)contribution * factor / LIKELIHOOD_ONE * times);
}

/* The smallest share that adds at least score; 2^24 + 1 when none does. */
uint32_t likelihood_least_share(int64_t score, uint64_t rarity, uint32_t times,
                                uint32_t factor);

#endif
