#include "index/bag_int.h"

#include "base/utf8.h"

enum { TIMES_MAX = 3 };

uint64_t bag_of(struct str text, size_t *letters)
{
    uint32_t letter[TOKEN_POINTS_MAX];
    uint64_t bag = 0;
    size_t n = 0;
    *letters = 0;
    while (text.len > 0) {
        unsigned times = 0;
        if (n == TOKEN_POINTS_MAX)
            return 0;
        letter[n] = utf8_next(&text);
        for (size_t i = 0; i < n && times + 1 < TIMES_MAX; i++)
            times += letter[i] == letter[n];
        uint32_t hash = (letter[n++] * TIMES_MAX + times) * UINT32_C(0x9E3779B1);
        bag |= UINT64_C(1) << (hash >> 26);
    }
    *letters = n;
    return bag;
}
