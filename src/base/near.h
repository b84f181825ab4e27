/* near.h - which of many 16-bit words differ from one in few bits. */
#ifndef CAU_BASE_NEAR_H
#define CAU_BASE_NEAR_H

#include "base/base.h"

/* Bit i: v[i] differs from x in at most `bits` bits; of n words, at most 64. */
uint64_t near_mask(const uint16_t *v, size_t n, uint16_t x, unsigned bits);
/* The same word by word: what the other is tested against. */
uint64_t near_mask_plain(const uint16_t *v, size_t n, uint16_t x, unsigned bits);

#endif
