#include "base/steps.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

void steps_eight_plain(const unsigned char *step, unsigned bytes, uint32_t start,
                       uint32_t other, uint32_t out[16])
{
    must(bytes == 1 || bytes == 2);
    for (size_t i = 0; i < 8; i++) {
        start += bytes == 1 ? step[i] : (uint32_t)step[2 * i] | (uint32_t)step[2 * i + 1] << 8;
        out[2 * i] = start;
        out[2 * i + 1] = other;
    }
}

#ifdef __SSE2__
static inline void store_pairs(__m128i sums, __m128i others, uint32_t *out)
{
    _mm_storeu_si128((__m128i *)(void *)out, _mm_unpacklo_epi32(sums, others));
    _mm_storeu_si128((__m128i *)(void *)(out + 4), _mm_unpackhi_epi32(sums, others));
}

/* Each of four and those before it. */
static inline __m128i sum_four(__m128i v)
{
    v = _mm_add_epi32(v, _mm_slli_si128(v, 4));
    return _mm_add_epi32(v, _mm_slli_si128(v, 8));
}

void steps_eight(const unsigned char *step, unsigned bytes, uint32_t start, uint32_t other,
                 uint32_t out[16])
{
    must(bytes == 1 || bytes == 2);
    __m128i zero = _mm_setzero_si128(), others = _mm_set1_epi32((int)other);
    __m128i v =
        bytes == 2
            ? _mm_loadu_si128((const __m128i *)(const void *)step)
            : _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)(const void *)step), zero);
    __m128i low = sum_four(_mm_unpacklo_epi16(v, zero));
    __m128i high = sum_four(_mm_unpackhi_epi16(v, zero));
    low = _mm_add_epi32(low, _mm_set1_epi32((int)start));
    high = _mm_add_epi32(high, _mm_shuffle_epi32(low, 0xFF));
    store_pairs(low, others, out);
    store_pairs(high, others, out + 8);
}
#else
void steps_eight(const unsigned char *step, unsigned bytes, uint32_t start, uint32_t other,
                 uint32_t out[16])
{
    steps_eight_plain(step, bytes, start, other, out);
}
#endif
