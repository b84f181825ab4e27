#include "index/likelihood_int.h"

#include "test.h"

#include <math.h>

/* log2 of x / 2^16 with 16 fractional bits, by repeated squaring in integers. */
static uint32_t log2_of(uint64_t x)
{
    uint32_t out = 0;
    while (x >= 2 * (uint64_t)LIKELIHOOD_ONE) {
        uint64_t half = x >> 1;
        if ((x & 1) != 0) /* only tables below 2 are compared exactly */
            half |= 1;
        x = half;
        out += LIKELIHOOD_ONE;
    }
    uint64_t v = x << 15; /* 31 fractional bits: 1 <= v < 2 */
    for (uint32_t bit = LIKELIHOOD_ONE / 2; bit > 0; bit /= 2) {
        v = v * v >> 31;
        if (v >> 32 != 0) {
            v >>= 1;
            out += bit;
        }
    }
    return out;
}

static void logarithm(void **state)
{
    (void)state;
    check(likelihood_log2(LIKELIHOOD_ONE) == 0);
    check(likelihood_log2(2 * (uint64_t)LIKELIHOOD_ONE) == LIKELIHOOD_ONE);
    check(likelihood_log2(UINT64_MAX) <= 48u << 16);
    for (uint32_t i = 0; i <= 256; i++) {
        uint32_t exact = i == 256 ? LIKELIHOOD_ONE : log2_of(LIKELIHOOD_ONE + i * 256);
        check(likelihood_table[i] - exact <= 1 || exact - likelihood_table[i] <= 1);
    }
    uint32_t before = 0;
    for (uint64_t x = LIKELIHOOD_ONE; x < (uint64_t)1 << 40; x += x / 777 + 1) {
        uint32_t now = likelihood_log2(x);
        check(now >= before); /* rises with x */
        check(fabs(log2((double)x / 65536) * 65536 - now) < 4);
        before = now;
    }
}

static void rarity(void **state)
{
    (void)state;
    /* a word that is one in a thousand: (2/3) * 1000 */
    uint64_t r = likelihood_rarity(10 * (uint64_t)LIKELIHOOD_ONE, 10000);
    check(r >= 666 * LIKELIHOOD_ONE && r <= 667 * LIKELIHOOD_ONE);
    check(likelihood_rarity(0, 0) >= 1);
    check(likelihood_rarity(0, UINT64_MAX) <= (uint64_t)1 << 39);
    check(likelihood_rarity(UINT64_MAX, 1) >= 1);
    /* the same ratio in a larger collection: the same */
    check(likelihood_rarity((uint64_t)10 << 36, (uint64_t)10000 << 20) == r);
}

static void contribution(void **state)
{
    (void)state;
    uint64_t r = likelihood_rarity(LIKELIHOOD_ONE, 1000);
    uint32_t share = likelihood_share(5 * LIKELIHOOD_ONE, 50);
    check(share == (1u << 24) / 10);
    check(likelihood_share(UINT32_MAX, 1) == 1u << 24);
    uint32_t score = likelihood_score(share, r);
    check(score > 0 && score > likelihood_score(share / 2, r));
    check(likelihood_weighed(score, 2, LIKELIHOOD_ONE / 2) <= score);
    check(likelihood_weighed(score, 1, LIKELIHOOD_ONE) == score);
    uint32_t least = likelihood_least_share(score, r, 1, LIKELIHOOD_ONE);
    check(least <= share && likelihood_score(least, r) >= score);
    check(least == 0 || likelihood_score(least - 1, r) < score);
    check(likelihood_least_share(INT64_MAX, r, 1, LIKELIHOOD_ONE) == (1u << 24) + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(logarithm), cmocka_unit_test(rarity),
                                       cmocka_unit_test(contribution)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
