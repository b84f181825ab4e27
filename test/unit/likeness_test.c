#include "match/likeness.h"

#include "test.h"

#include <string.h>

static unsigned like(const char *x, const char *y)
{
    return likeness(str_of(x), str_of(y), 0);
}

static void known_values(void **state)
{
    (void)state;
    check(like("martha", "marhta") == 960); /* .9611, each step rounded down */
    check(like("dwayne", "duane") == 839);
    check(like("dixon", "dicksonx") == 812);
    check(like("abc", "xyz") == 0 && like("", "") == 1000 && like("a", "") == 0);
    check(like("same", "same") == 1000);
}

static unsigned slow_jaro(const char *x, const char *y)
{
    size_t n = strlen(x), m = strlen(y), longer = n > m ? n : m;
    size_t reach = longer / 2 > 0 ? longer / 2 - 1 : 0;
    char in_x[64] = {0}, in_y[64] = {0};
    unsigned common = 0, moved = 0;
    for (size_t j = 0; j < m; j++)
        for (size_t i = j > reach ? j - reach : 0; i < n && i <= j + reach; i++)
            if (!in_x[i] && x[i] == y[j]) {
                in_x[i] = in_y[j] = 1;
                common++;
                break;
            }
    for (size_t i = 0, j = 0; i < n; i++) {
        if (!in_x[i])
            continue;
        while (!in_y[j])
            j++;
        moved += x[i] != y[j++];
    }
    if (common == 0)
        return 0;
    return (unsigned)(1000.0 *
                      ((double)common / (double)n + (double)common / (double)m +
                       (common - moved / 2.0) / common) /
                      3.0);
}

/* Against the textbook, without the common head: the first letters differ. */
static void as_the_slow_one(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        char x[32] = "x", y[32] = "y";
        for (int k = 1; k < 31; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            x[k] = (char)('a' + (seed >> 40) % 4);
            y[k] = (char)('a' + (seed >> 50) % 4);
        }
        x[1 + (seed >> 30) % 30] = '\0';
        y[1 + (seed >> 35) % 30] = '\0';
        unsigned fast = like(x, y), slow = slow_jaro(x, y);
        check(fast <= slow + 1 && slow <= fast + 1);
    }
}

static void cuts_only_what_is_under(void **state)
{
    (void)state;
    struct str x = STR("lobachevsk"), y = STR("lobachevskij"), z = STR("mendeleev");
    check(likeness(x, y, 900) == likeness(x, y, 0));
    check(likeness(x, z, 900) == 0);
    check(likeness(x, y, likeness(x, y, 0) + 1) == 0);
    char longer[LIKENESS_BYTES_MAX + 1];
    memset(longer, 'a', sizeof longer);
    check(likeness((struct str){longer, sizeof longer},
                   (struct str){longer, LIKENESS_BYTES_MAX},
                   0) == 1000); /* one byte over is not looked at */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_values),
                                       cmocka_unit_test(as_the_slow_one),
                                       cmocka_unit_test(cuts_only_what_is_under)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
