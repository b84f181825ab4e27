#include "base/table.h"
#include "test.h"

#include <stdio.h>

static void finds_what_was_set(void **state)
{
    (void)state;
    struct table t = table_new();
    check(table_get(&t, STR("x"), 7) == 7);
    table_fetch(&t, STR("x")); /* nothing to bring, nothing changed */
    for (unsigned i = 0; i < 5000; i++) {
        char key[32];
        int n = snprintf(key, sizeof key, "a rather long key %u", i);
        check(table_set(&t, (struct str){key, (size_t)n}, i) == CAU_OK);
    }
    table_fetch(&t, STR("a rather long key 4321"));
    check(t.n == 5000 && table_get(&t, STR("a rather long key 4321"), 0) == 4321);
    uint32_t value = 0;
    bool added = true;
    check(table_intern(&t, STR("a rather long key 1"), 9, &value, &added) == CAU_OK);
    check(value == 1 && !added);
    check(table_set(&t, STR("a rather long key 1"), 9) == CAU_OK);
    check(table_get(&t, STR("a rather long key 1"), 0) == 9);
    table_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_was_set)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
