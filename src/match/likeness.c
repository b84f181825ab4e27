#include "match/likeness.h"

#include "base/number.h"

#include <string.h>

/* Bit i of the result: x.p[i] is c. Eight bytes at a time: a byte of the difference is zero where they are equal. */
static uint64_t places_of(const unsigned char *x, size_t n, unsigned char c)
{
    uint64_t out = 0;
    for (size_t i = 0; i < n; i++)
        out |= (uint64_t)(x[i] == c) << i;
    return out;
}

/* The most Jaro-Winkler can be: every byte of the shorter one found, in order. */
static unsigned most(size_t shorter, size_t longer, unsigned head)
{
    unsigned jaro = (unsigned)(1000 * (2 * longer + shorter) / (3 * longer)) + 1;
    return jaro + head * (1000 - (jaro < 1000 ? jaro : 1000)) / 10;
}

unsigned likeness(struct str x, struct str y, unsigned at_least)
{
    const unsigned char *a = (const unsigned char *)x.p, *b = (const unsigned char *)y.p;
    size_t n = x.len < LIKENESS_BYTES_MAX ? x.len : LIKENESS_BYTES_MAX;
    size_t m = y.len < LIKENESS_BYTES_MAX ? y.len : LIKENESS_BYTES_MAX;
    size_t shorter = n < m ? n : m, longer = n < m ? m : n;
    if (shorter == 0)
        return longer == 0 ? 1000 : 0;
    if (n == m && memcmp(a, b, n) == 0)
        return 1000;
    unsigned head = 0;
    while (head < 4 && head < shorter && a[head] == b[head])
        head++;
    if (most(shorter, longer, head) < at_least)
        return 0;

    /* The window of place j of y is a run of bits around j; each match takes the lowest free place in it. */
    size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
    uint64_t taken = 0, matched = 0;
    for (size_t j = 0; j < m; j++) {
        size_t from = j > reach ? j - reach : 0, to = j + reach + 1 < n ? j + reach + 1 : n;
        if (from >= to)
            continue;
        uint64_t window =
            to - from == 64 ? UINT64_MAX : (((uint64_t)1 << (to - from)) - 1) << from;
        uint64_t free_places = places_of(a, n, b[j]) & window & ~taken;
        taken |= free_places & (~free_places + 1);
        matched |= (uint64_t)(free_places != 0) << j;
    }
    unsigned common = 0, moved = 0;
    for (uint64_t p = taken, q = matched; q != 0; p &= p - 1, q &= q - 1) {
        common++;
        moved += a[number_lowest_bit(p)] != b[number_lowest_bit(q)];
    }
    if (common == 0)
        return 0;
    unsigned jaro = (unsigned)(1000 *
                               ((uint64_t)common * common * m + (uint64_t)common * common * n +
                                (uint64_t)(2 * common - moved) * n * m / 2) /
                               (3 * (uint64_t)common * n * m));
    unsigned out = jaro + head * (1000 - jaro) / 10;
    return out < at_least ? 0 : out;
}
