#include "base/near.h"

#include "test.h"

static uint32_t seed = 2463534242u;

static uint32_t roll(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

/* By the book, and both ways of counting, of any number of words. */
static void finds_what_counting_bits_finds(void **state)
{
    (void)state;
    uint16_t v[64];
    for (unsigned round = 0; round < 3000; round++) {
        uint16_t x = (uint16_t)roll();
        unsigned bits = round % 6;
        size_t n = round % 3 == 0 ? 64 : round % 65;
        uint64_t right = 0;
        for (size_t i = 0; i < n; i++) {
            uint16_t differ = (uint16_t)(roll() & roll() & roll());
            unsigned count = 0;
            v[i] = x ^ differ;
            for (unsigned k = 0; k < 16; k++)
                count += differ >> k & 1;
            right |= (uint64_t)(count <= bits) << i;
        }
        check(near_mask(v, n, x, bits) == right && near_mask_plain(v, n, x, bits) == right);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_counting_bits_finds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
