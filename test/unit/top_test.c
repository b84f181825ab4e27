#include "index/top_int.h"

#include "test.h"

static void keeps_the_best_in_order(void **state)
{
    (void)state;
    struct arena room = arena_new(1 << 20);
    for (size_t offset = 0; offset < 12; offset += 5) {
        struct top t;
        const struct gathered *hit;
        size_t n;
        check(top_open(&t, &room, offset, 7, 1000) == CAU_OK);
        for (uint32_t i = 0; i < 500; i++)
            top_add(&t, i * 37 % 50, i, i * 7 % 500, i, 0);
        check(t.seen == 500);
        top_end(&t, &hit, &n);
        check(n == 7);
        for (size_t i = 1; i < n; i++)
            check(hit[i - 1].key > hit[i].key ||
                  (hit[i - 1].key == hit[i].key && hit[i - 1].doc < hit[i].doc));
        check(hit[0].key == (offset < 10 ? 49 : 48)); /* ten hits have each key */
    }
    arena_free(&room);
}

static void fewer_than_asked(void **state)
{
    (void)state;
    struct arena room = arena_new(1 << 20);
    struct top t;
    const struct gathered *hit;
    size_t n;
    check(top_open(&t, &room, 2, 7, 3) == CAU_OK);
    for (uint32_t i = 0; i < 3; i++)
        top_add(&t, 1, 0, i, i, 0);
    top_end(&t, &hit, &n);
    check(n == 1 && hit[0].doc == 2);
    check(top_open(&t, &room, 5, 0, 3) == CAU_OK); /* only counts */
    top_add(&t, 1, 0, 1, 1, 0);
    top_end(&t, &hit, &n);
    check(n == 0 && t.seen == 1);
    struct arena none = {NULL, 0, 0};
    check(top_open(&t, &none, 0, 7, 9) == CAU_ERR_MEMORY);
    struct index_facet f[] = {{STR("b"), 2}, {STR("a"), 2}, {STR("c"), 9}};
    top_sort_facets(f, countof(f));
    check(f[0].n == 9 && str_is(f[1].value, "a") && str_is(f[2].value, "b"));
    arena_free(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_the_best_in_order),
                                       cmocka_unit_test(fewer_than_asked)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
