#include "base/decimal.h"

#include "test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct decimal of(const char *text)
{
    struct decimal x;
    check(decimal_read(str_of(text), &x) == CAU_OK);
    return x;
}

static bool is(const struct decimal *x, const char *text)
{
    char out[DECIMAL_CHARS_MAX];
    size_t n = decimal_write(x, out);
    if (!str_is((struct str){out, n}, text))
        printf("%.*s is not %s\n", (int)n, out, text);
    return str_is((struct str){out, n}, text);
}

static void reads_and_writes_what_programs_write(void **state)
{
    static const char *const same[][2] = {{"0", "0"},
                                          {"-0", "0"},
                                          {"007", "7"},
                                          {"+5", "5"},
                                          {".5", "0.5"},
                                          {"-0.050", "-0.05"},
                                          {"1.2E+9", "1200000000"},
                                          {"12e-3", "0.012"},
                                          {"5.", "5"},
                                          {"3521418059.923445", "3521418059.923445"},
                                          {"0e9", "0"},
                                          {"1000", "1000"},
                                          {"10.0100", "10.01"}};
    (void)state;
    for (size_t i = 0; i < countof(same); i++) {
        struct decimal x = of(same[i][0]);
        check(is(&x, same[i][1]));
    }
    static const char *const bad[] = {"",    "-",     ".",   "1,5",  "1.2.3", "1e",  "e5",
                                      "--1", "1 000", "0x5", "1e5.", "NaN",   "inf", "1e-"};
    struct decimal kept = decimal_of(7);
    for (size_t i = 0; i < countof(bad); i++)
        check(decimal_read(str_of(bad[i]), &kept) == CAU_ERR_SYNTAX && is(&kept, "7"));
}

static void limits_are_kept(void **state)
{
    char text[DECIMAL_READ_CHARS + 2];
    struct decimal x = decimal_of(7);
    (void)state;
    memset(text, '9', sizeof text);
    check(decimal_read((struct str){text, DECIMAL_READ_CHARS}, &x) == CAU_OK);
    check(decimal_read((struct str){text, DECIMAL_READ_CHARS + 1}, &x) == CAU_ERR_RANGE);
    check(decimal_read(STR("1e119"), &x) == CAU_OK && x.n == DECIMAL_DIGITS_MAX);
    check(decimal_read(STR("1e120"), &x) == CAU_ERR_RANGE);
    check(decimal_read(STR("1e-120"), &x) == CAU_OK);
    check(decimal_read(STR("1e-121"), &x) == CAU_ERR_RANGE);
    check(decimal_read(STR("12e-120"), &x) == CAU_OK);
    struct decimal big = of("1e119"), small = of("1e-100"), out = decimal_of(7);
    check(!decimal_add(&big, &small, &out) && !decimal_sub(&big, &small, &out));
    check(!decimal_add(&big, &big, &out) && is(&out, "7")); /* the carry might not fit */
    check(!decimal_shift(&big, 1, &out) && !decimal_percent(&big, &big, 0, &out));
    check(decimal_int(&big, 1000) == 1000 && is(&out, "7"));
}

static void adds_and_compares(void **state)
{
    struct decimal r, x = of("6000000000"), y = of("4570000000.25");
    (void)state;
    check(decimal_sub(&x, &y, &r) && is(&r, "1429999999.75"));
    check(decimal_sub(&y, &x, &r) && is(&r, "-1429999999.75"));
    check(decimal_add(&x, &y, &r) && is(&r, "10570000000.25"));
    x = of("0.1");
    y = of("0.2");
    check(decimal_add(&x, &y, &r) && is(&r, "0.3")); /* what floating point does not give */
    y = of("-0.1");
    check(decimal_add(&x, &y, &r) && is(&r, "0") && !r.negative);
    check(decimal_cmp(&x, &y) > 0 && decimal_cmp(&y, &x) < 0);
    y = of("0.10");
    check(decimal_cmp(&x, &y) == 0);
    x = of("-5");
    y = of("-50");
    check(decimal_cmp(&x, &y) > 0);
    x = of("99.99");
    y = of("0.01");
    check(decimal_add(&x, &y, &r) && is(&r, "100"));
}

static void rounds_half_away_from_zero(void **state)
{
    static const struct {
        const char *x;
        unsigned places;
        const char *out;
    } is_rounded[] = {{"2.5", 0, "3"},   {"-2.5", 0, "-3"},   {"2.45", 1, "2.5"},
                      {"9.99", 1, "10"}, {"0.04", 1, "0"},    {"0.05", 1, "0.1"},
                      {"0.005", 1, "0"}, {"0.5", 0, "1"},     {"123", 2, "123"},
                      {"-0.04", 1, "0"}, {"999.5", 0, "1000"}};
    (void)state;
    for (size_t i = 0; i < countof(is_rounded); i++) {
        struct decimal x = of(is_rounded[i].x), r = decimal_round(&x, is_rounded[i].places);
        check(is(&r, is_rounded[i].out));
    }
}

static void divides(void **state)
{
    static const struct {
        const char *x, *y;
        unsigned places;
        const char *out;
    } is_divided[] = {{"1", "3", 4, "0.3333"},
                      {"2", "3", 4, "0.6667"},
                      {"1", "8", 2, "0.13"},
                      {"-1", "8", 2, "-0.13"},
                      {"10", "0.25", 0, "40"},
                      {"0", "7", 3, "0"},
                      {"1", "1000", 1, "0"},
                      {"0.5", "0.05", 1, "10"},
                      {"5", "2", 0, "3"},
                      {"4.999", "2", 0, "2"},
                      {"1e20", "3", 0, "33333333333333333333"},
                      {"0.00012", "0.4", 5, "0.0003"}};
    (void)state;
    for (size_t i = 0; i < countof(is_divided); i++) {
        struct decimal x = of(is_divided[i].x), y = of(is_divided[i].y), r;
        check(decimal_div(&x, &y, is_divided[i].places, &r) && is(&r, is_divided[i].out));
    }
    struct decimal x = of("1429999999.75"), y = of("6000000000"), zero = of("0"), r;
    check(decimal_percent(&x, &y, 1, &r) && is(&r, "23.8"));
    check(!decimal_div(&x, &zero, 1, &r));
}

/* Against the integers of the machine, over pairs that a small generator makes. */
static void agrees_with_integers(void **state)
{
    uint64_t seed = 20261122;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        int64_t v[2];
        for (int k = 0; k < 2; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            v[k] = (int64_t)(seed >> 33) >> (seed >> 13 & 31);
            v[k] = (seed >> 7 & 1) ? -v[k] : v[k];
        }
        struct decimal x = decimal_of(v[0]), y = decimal_of(v[1]), r;
        char text[32];
        snprintf(text, sizeof text, "%" PRId64, v[0] - v[1]);
        check(decimal_sub(&x, &y, &r) && is(&r, text));
        check(decimal_int(&r, INT64_MAX) == v[0] - v[1]);
        check((decimal_cmp(&x, &y) < 0) == (v[0] < v[1]));
        if (v[1] == 0)
            continue;
        int64_t size = v[1] < 0 ? -v[1] : v[1], part = v[0] < 0 ? -v[0] : v[0];
        int64_t q = part / size + (part % size * 2 >= size);
        snprintf(text, sizeof text, "%" PRId64, (v[0] < 0) != (v[1] < 0) ? -q : q);
        check(decimal_div(&x, &y, 0, &r) && is(&r, text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_what_programs_write),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(adds_and_compares),
        cmocka_unit_test(rounds_half_away_from_zero),
        cmocka_unit_test(divides),
        cmocka_unit_test(agrees_with_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
