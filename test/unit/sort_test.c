#include "base/sort.h"
#include "test.h"

#include <string.h>

enum { MOST = 300000 };

static struct sort_item v[MOST], spare[MOST], twin[MOST];

static uint64_t roll(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 20;
}

/* n keys under most; values say where they stood. */
static void fill(size_t n, uint64_t most, unsigned shift)
{
    uint64_t seed = n * 31 + most + 7;
    for (size_t i = 0; i < n; i++)
        v[i] = (struct sort_item){.key = roll(&seed) % most << shift, .value = (uint32_t)i};
}

static void check_sorted(size_t n)
{
    for (size_t i = 1; i < n; i++)
        check(v[i - 1].key < v[i].key ||
              (v[i - 1].key == v[i].key && v[i - 1].value < v[i].value));
}

static void items_are_in_order_and_equal_ones_stay(void **state)
{
    (void)state;
    static const size_t count[] = {0, 1, 2, 24, 25, 1000, 4095, 4096, 40000, MOST};
    static const uint64_t most[] = {1, 3, 1000, (uint64_t)1 << 40};
    for (size_t i = 0; i < countof(count); i++)
        for (size_t k = 0; k < countof(most); k++)
            for (unsigned shift = 0; shift < 64; shift += 20) {
                fill(count[i], most[k], shift);
                memcpy(twin, v, count[i] * sizeof *v);
                sort_items(v, count[i], spare);
                check_sorted(count[i]);
                memcpy(spare, v, count[i] * sizeof *v);
                memcpy(v, twin, count[i] * sizeof *v);
                memcpy(twin, spare, count[i] * sizeof *v);
                sort_items_shared(v, count[i], spare);
                for (size_t j = 0; j < count[i]; j++)
                    check(v[j].key == twin[j].key && v[j].value == twin[j].value);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_in_order_and_equal_ones_stay)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
