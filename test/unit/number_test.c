#include "base/number.h"
#include "test.h"

static void reads_only_the_plain_form(void **state)
{
    (void)state;
    uint64_t u = 7;
    check(number_read(STR("0"), 9, &u) == CAU_OK && u == 0);
    check(number_read(STR("18446744073709551615"), UINT64_MAX, &u) == CAU_OK &&
          u == UINT64_MAX);
    check(number_read(STR("18446744073709551616"), UINT64_MAX, &u) == CAU_ERR_RANGE);
    check(number_read(STR("10"), 9, &u) == CAU_ERR_RANGE);
    check(number_read(STR("01"), 9, &u) == CAU_ERR_SYNTAX &&
          number_read(STR(""), 9, &u) == CAU_ERR_SYNTAX);
    check(number_read(STR("+1"), 9, &u) == CAU_ERR_SYNTAX && u == UINT64_MAX);
    int64_t i;
    check(number_read_int(STR("-9007199254740991"), &i) == CAU_OK && i == -NUMBER_INTEGER_MAX);
    check(number_read_int(STR("9007199254740992"), &i) == CAU_ERR_RANGE);
    check(number_read_int(STR("-0"), &i) == CAU_ERR_SYNTAX);
}

static void decimals(void **state)
{
    (void)state;
    int64_t v;
    check(number_is_decimal(STR("-12.50")) && number_is_decimal(STR("0")));
    check(!number_is_decimal(STR("1.")) && !number_is_decimal(STR(".5")) &&
          !number_is_decimal(STR("01")));
    check(!number_is_decimal(STR("1e5")) && !number_is_decimal(STR("")));
    check(number_read_fixed(STR("21.02855"), 4, &v) == CAU_OK && v == 210286);
    check(number_read_fixed(STR("-0.5"), 0, &v) == CAU_OK && v == -1);
    check(number_read_fixed(STR("9223372036854775807"), 2, &v) == CAU_ERR_RANGE);
    check(number_read_fixed(STR("x"), 2, &v) == CAU_ERR_SYNTAX);
}

static void sums_do_not_wrap(void **state)
{
    (void)state;
    size_t s = 5;
    check(number_add(1, 2, &s) && s == 3 && !number_add(SIZE_MAX, 1, &s) && s == 3);
    check(number_mul(3, 4, &s) && s == 12 && !number_mul(SIZE_MAX / 2, 3, &s) &&
          number_mul(0, 0, &s));
    unsigned char p[8];
    number_put_be64(p, 0x0102030405060708);
    check(p[0] == 1 && p[7] == 8 && number_be64(p) == 0x0102030405060708 &&
          number_be32(p + 4) == 0x05060708);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_only_the_plain_form),
                                       cmocka_unit_test(decimals),
                                       cmocka_unit_test(sums_do_not_wrap)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
