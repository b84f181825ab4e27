#include "base/buf.h"
#include "test.h"

static void grows_to_its_maximum_and_no_further(void **state)
{
    (void)state;
    struct buf b = buf_new(300);
    for (int i = 0; i < 30; i++)
        buf_add(&b, STR("0123456789"));
    check(!b.failed && b.len == 300);
    buf_add_char(&b, 'x');
    check(b.failed && b.len == 300);
    buf_reset(&b);
    buf_add_int(&b, INT64_MIN);
    buf_add_u64(&b, UINT64_MAX);
    buf_printf(&b, " %d", 5);
    check(str_is(buf_str(&b), "-922337203685477580818446744073709551615 5"));
    buf_free(&b);
}

static void room_for_nothing_is_no_failure(void **state)
{
    (void)state;
    struct buf b = buf_new(4);
    check(buf_extend(&b, 0) != NULL && b.len == 0 && !b.failed); /* nothing was allocated yet */
    check(buf_extend(&b, 4) != NULL && b.len == 4);
    check(buf_extend(&b, 0) != NULL && b.len == 4 && !b.failed); /* full */
    check(buf_extend(&b, 1) == NULL && b.failed);
    check(buf_extend(&b, 0) == NULL);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(grows_to_its_maximum_and_no_further),
                                       cmocka_unit_test(room_for_nothing_is_no_failure)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
