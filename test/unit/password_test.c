#include "base/password.h"
#include "test.h"

#include <string.h>

static void only_the_right_one(void **state)
{
    (void)state;
    static char long_one[PASSWORD_BYTES_MAX + 1];
    memset(long_one, 'a', sizeof long_one);
    char hash[PASSWORD_HASH_CHARS];
    check(password_hash(STR("ngắn"), hash) == CAU_ERR_RANGE);
    check(password_hash((struct str){long_one, sizeof long_one}, hash) == CAU_ERR_RANGE);
    check(password_hash(STR("cầu bắc qua sông"), hash) == CAU_OK);
    check(password_verify(str_of(hash), STR("cầu bắc qua sông")));
    check(!password_verify(str_of(hash), STR("cầu bắc qua suối")));
    check(!password_verify(str_of(hash), (struct str){NULL, 0}));
    check(!password_verify((struct str){NULL, 0}, STR("cầu bắc qua sông")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_the_right_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
