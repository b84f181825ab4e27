#include "index/order_int.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

enum { MANY = ORDER_CHUNK * 9 + 3 };

static char key[MANY][32];

static struct str key_of(const void *ctx, uint32_t number)
{
    check(ctx == key && number < MANY);
    return str_of(key[number]);
}

static void keeps_order(void **state)
{
    (void)state;
    struct order o = order_new(key_of);
    struct order_at at = order_seek(&o, key, STR("a"));
    uint32_t number, n = 0;
    check(!order_next(&o, &at, &number)); /* empty */
    check(order_ahead(&o, &at, 0) == UINT32_MAX);
    for (uint32_t i = 0; i < MANY; i++) {
        snprintf(key[i], sizeof key[i], "prefix-%05u", i * 7919 % MANY);
        check(order_add(&o, key, i));
    }
    struct str before = {NULL, 0};
    for (at = order_seek(&o, key, before); order_next(&o, &at, &number); n++) {
        struct order_at third = at;
        uint32_t ahead = order_ahead(&o, &at, 2), there;
        for (int i = 0; i < 3 && ahead != UINT32_MAX; i++)
            check(order_next(&o, &third, &there) && (i < 2 || there == ahead));
        check(str_cmp(before, key_of(key, number)) < 0);
        before = key_of(key, number);
    }
    check(n == MANY && order_ahead(&o, &at, 0) == UINT32_MAX);
    at = order_seek(&o, key, (struct str){NULL, 0});
    check(order_ahead(&o, &at, 5) < MANY && order_ahead(&o, &at, ORDER_CHUNK) == UINT32_MAX);
    for (uint32_t i = 0; i < MANY; i += 13) {
        char wanted[16];
        snprintf(wanted, sizeof wanted, "prefix-%05u", i);
        at = order_seek(&o, key, str_of(wanted));
        check(order_next(&o, &at, &number) && strcmp(key[number], wanted) == 0);
        at = order_seek(&o, key, str_to(str_of(wanted), 11)); /* a beginning */
        check(order_next(&o, &at, &number) && strncmp(key[number], wanted, 11) == 0);
    }
    at = order_seek(&o, key, STR("q"));
    check(!order_next(&o, &at, &number));
    order_free(&o);
}

static void check_order(const struct order *o, uint32_t n)
{
    struct str before = {NULL, 0};
    struct order_at at = order_seek(o, key, before);
    uint32_t number;
    for (; order_next(o, &at, &number); n--) {
        check(str_cmp(before, key_of(key, number)) < 0);
        before = key_of(key, number);
    }
    check(n == 0);
}

/* Keys with long beginnings in common, and without; many at once into none, few and many. */
static void takes_many_at_once(void **state)
{
    (void)state;
    static const uint32_t steps[] = {MANY / 2, MANY / 2 + 5, MANY - 40, MANY};
    struct order o = order_new(key_of);
    uint32_t number[MANY], done = 0;
    for (uint32_t i = 0; i < MANY; i++)
        snprintf(key[i], sizeof key[i],
                 i % 3 == 0   ? "%u"
                 : i % 3 == 1 ? "the same%u"
                              : "the same, and %x",
                 i * 7919 % MANY);
    for (size_t s = 0; s < countof(steps); s++) {
        uint32_t n = 0;
        while (done < steps[s])
            number[n++] = done++;
        check(order_sort(&o, key, number, n) && order_merge(&o, key, number, n));
        check_order(&o, done);
    }
    order_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keeps_order),
                                       cmocka_unit_test(takes_many_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
