/* number.h - arithmetic on input that cannot overflow unseen, and numbers out of text. */
#ifndef CAU_BASE_NUMBER_H
#define CAU_BASE_NUMBER_H

#include "base/base.h"

#define NUMBER_INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1: what JSON readers agree on */

/* *out = x + y, x * y; false, *out unchanged, when it does not fit. */
bool number_add(size_t x, size_t y, size_t *out);
bool number_mul(size_t x, size_t y, size_t *out);

/* Decimal without sign, plus or leading zeros (but "0"), nothing else around it.
 * Errors: SYNTAX; RANGE (over max). */
enum cau_err number_read(struct str x, uint64_t max, uint64_t *out);
/* The same with an optional minus sign (no "-0"), within +-NUMBER_INTEGER_MAX. */
enum cau_err number_read_int(struct str x, int64_t *out);
/* True for -?[0-9]+(\.[0-9]+)? without needless leading zeros, at most 40 characters. */
bool number_is_decimal(struct str x);
/* Decimal text to an integer in units of 10^-places, rounded half away from zero. Errors: SYNTAX; RANGE. */
enum cau_err number_read_fixed(struct str x, unsigned places, int64_t *out);

uint32_t number_be32(const unsigned char p[4]);
uint64_t number_be64(const unsigned char p[8]);
void number_put_be32(unsigned char p[4], uint32_t value);
void number_put_be64(unsigned char p[8], uint64_t value);

/* How many bits of x are 1. */
static inline unsigned number_count_bits(uint64_t x)
{
    return (unsigned)__builtin_popcountll(x);
}

/* Number of the lowest bit of x that is 1; x is not 0. */
static inline unsigned number_lowest_bit(uint64_t x)
{
    return (unsigned)__builtin_ctzll(x);
}

/* Number of the highest bit of x that is 1; x is not 0. */
static inline unsigned number_highest_bit(uint64_t x)
{
    return 63u - (unsigned)__builtin_clzll(x);
}

#endif
