#include "base/near.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

uint64_t near_mask_plain(const uint16_t *v, size_t n, uint16_t x, unsigned bits)
{
    uint64_t mask = 0;
    must(n <= 64);
    for (size_t i = 0; i < n; i++) {
        unsigned differ = (unsigned)v[i] ^ x;
        for (unsigned k = 0; k < bits; k++)
            differ &= differ - 1; /* without its lowest bit */
        mask |= (uint64_t)(differ == 0) << i;
    }
    return mask;
}

#ifdef __SSE2__
/* All ones where a word of eight differs in at most `bits` bits. */
static inline __m128i near_eight(const uint16_t *v, __m128i x, unsigned bits)
{
    __m128i differ = _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)v), x);
    for (unsigned k = 0; k < bits; k++)
        differ = _mm_and_si128(differ, _mm_add_epi16(differ, _mm_set1_epi16(-1)));
    return _mm_cmpeq_epi16(differ, _mm_setzero_si128());
}

uint64_t near_mask(const uint16_t *v, size_t n, uint16_t x, unsigned bits)
{
    if (n < 64)
        return near_mask_plain(v, n, x, bits);
    must(n == 64);
    __m128i all = _mm_set1_epi16((short)x);
    uint64_t mask = 0;
    for (size_t i = 0; i < 64; i += 16) {
        __m128i low = near_eight(v + i, all, bits), high = near_eight(v + i + 8, all, bits);
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_packs_epi16(low, high)) << i;
    }
    return mask;
}
#else
uint64_t near_mask(const uint16_t *v, size_t n, uint16_t x, unsigned bits)
{
    return near_mask_plain(v, n, x, bits);
}
#endif
