#include "base/pages.h"
#include "test.h"

#include <string.h>

/* Bytes of every size keep what they held, on both sides of each bound. */
static void keeps_what_was_there(void **state)
{
    static const size_t size[] = {1,         100,           PAGES_OWN - 1,
                                  PAGES_OWN, 1 << 21,       (1 << 21) + 1,
                                  5 << 20,   (5 << 20) + 1, (size_t)24 << 20};
    (void)state;
    unsigned char *p = NULL;
    size_t old = 0;
    for (size_t i = 0; i < countof(size); i++) {
        p = pages_grow(p, old, size[i]);
        check(p != NULL);
        for (size_t k = 0; k < old; k += 997)
            check(p[k] == (unsigned char)(k % 251));
        for (size_t k = 0; k < size[i]; k++)
            p[k] = (unsigned char)(k % 251);
        old = size[i];
    }
    pages_free(p, old);
    pages_free(NULL, 0);
}

static void gives_zeros(void **state)
{
    static const size_t size[] = {8, PAGES_OWN - 1, PAGES_OWN, (3 << 20) + 5};
    (void)state;
    for (size_t i = 0; i < countof(size); i++) {
        unsigned char *p = pages_zeros(size[i]);
        check(p != NULL && p[0] == 0 && p[size[i] - 1] == 0);
        p = pages_grow(p, size[i], size[i] * 3);
        check(p != NULL && p[size[i] - 1] == 0);
        pages_free(p, size[i] * 3);
    }
}

static void says_when_there_is_none(void **state)
{
    (void)state;
    unsigned char *p = pages_grow(NULL, 0, 1 << 21);
    check(p != NULL);
    p[0] = 7;
    check(pages_grow(p, 1 << 21, SIZE_MAX - 1) == NULL);
    check(pages_grow(p, 1 << 21, (size_t)1 << 60) == NULL && p[0] == 7);
    check(pages_zeros((size_t)1 << 60) == NULL);
    pages_free(p, 1 << 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_what_was_there),
                                       cmocka_unit_test(gives_zeros),
                                       cmocka_unit_test(says_when_there_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
