#include "match/weigh.h"

#include "test.h"

#include <string.h>

static void logarithms(void **state)
{
    (void)state;
    check(weigh_log2(1) == 0 && weigh_log2(2) == 100 && weigh_log2(1024) == 1000);
    check(weigh_log2(3) == 158 && weigh_log2(10) == 332);
    check(weigh_log2(UINT64_MAX) == 6399);
}

static void the_default_is_sound(void **state)
{
    (void)state;
    struct weigh_table t = weigh_default();
    for (int f = 0; f < WEIGH_FIELDS; f++) {
        check(t.weight[f][0] == 0);
        for (unsigned l = 2; l < weigh_levels((enum weigh_field)f); l++)
            check(t.weight[f][l] <= t.weight[f][l - 1]); /* less agreement weighs less */
        check(strlen(weigh_field_name((enum weigh_field)f)) > 0);
    }
    struct weigh_levels none = {{0}};
    check(weigh_sum(&t, &none) == 0);
}

/* Pairs that are one agree on country in 9 of 10, others in 2 of 10; learning finds that. */
static void learns_what_is_so(void **state)
{
    (void)state;
    enum { N = 20000 };
    static struct weigh_levels candidate[N], drawn[N];
    struct weigh_table start = weigh_default();
    for (size_t i = 0; i < N; i++) {
        bool one = i % 2 == 0;
        candidate[i] = (struct weigh_levels){{0}};
        candidate[i].level[WEIGH_NAME] = one ? 1 : 6;
        candidate[i].level[WEIGH_COUNTRY] = i / 2 % 10 < (one ? 9 : 2) ? 1 : 2;
        drawn[i] = (struct weigh_levels){{0}};
        drawn[i].level[WEIGH_NAME] = 6;
        drawn[i].level[WEIGH_COUNTRY] = i % 10 < 2 ? 1 : 2;
    }
    struct weigh_table t;
    check(weigh_learn(&start, candidate, N, drawn, N, -1000, &t) == CAU_OK);
    check(t.m[WEIGH_COUNTRY][1] > 850000 && t.m[WEIGH_COUNTRY][1] < 950000);
    check(t.u[WEIGH_COUNTRY][1] > 180000 && t.u[WEIGH_COUNTRY][1] < 220000);
    check(memcmp(t.m[WEIGH_NAME], start.m[WEIGH_NAME], sizeof t.m[0]) == 0);
    struct weigh_table again;
    check(weigh_learn(&start, candidate, N, drawn, N, -1000, &again) == CAU_OK);
    check(memcmp(&t, &again, sizeof t) == 0);
    struct weigh_table few;
    check(weigh_learn(&start, candidate, 10, drawn, N, -1000, &few) == CAU_OK);
    check(memcmp(&few, &start, sizeof few) == 0); /* too little to learn from */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(logarithms),
                                       cmocka_unit_test(the_default_is_sound),
                                       cmocka_unit_test(learns_what_is_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
