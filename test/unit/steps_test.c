#include "base/steps.h"
#include "test.h"

#include <string.h>

static uint64_t seed = 88172645463325252u;

static uint32_t roll(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 20);
}

static void both_say_the_same(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        unsigned char step[16];
        uint32_t start = i % 3 == 0 ? UINT32_MAX - roll() % 1000 : roll(), other = roll();
        uint32_t plain[16], quick[16];
        for (size_t k = 0; k < sizeof step; k++)
            step[k] = (unsigned char)(i % 5 == 0 ? 0xFF : roll());
        for (unsigned bytes = 1; bytes <= 2; bytes++) {
            steps_eight_plain(step, bytes, start, other, plain);
            steps_eight(step, bytes, start, other, quick);
            check(memcmp(plain, quick, sizeof plain) == 0);
        }
    }
}

static void adds_up(void **state)
{
    static const unsigned char step[16] = {1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1};
    uint32_t out[16];
    (void)state;
    steps_eight(step, 1, 100, 7, out);
    check(out[0] == 101 && out[1] == 7 && out[2] == 103 && out[14] == 136 && out[15] == 7);
    steps_eight(step, 2, 0, 9, out);
    check(out[0] == 0x201 && out[2] == 0x201 + 0x403 &&
          out[14] == 0x201 + 0x403 + 0x605 + 0x807 + 0x100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(both_say_the_same),
                                       cmocka_unit_test(adds_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
