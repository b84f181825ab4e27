#include "base/base.h"
#include "test.h"

static enum cau_err print(struct arena *a, struct str *out, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static enum cau_err print(struct arena *a, struct str *out, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    enum cau_err err = arena_print(a, out, format, list);
    va_end(list);
    return err;
}

static void arena_gives_until_full(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char space[64];
    struct arena a = {space, sizeof space, 0};
    check(arena_take(&a, 60) == space);
    check(arena_take(&a, 1) == NULL && a.used == 60);
    struct str out = STR("old");
    check(arena_copy(&a, STR("x"), &out) == CAU_ERR_MEMORY && str_is(out, "old"));
    a.used = 0; /* 63 bytes and the NUL fit, 64 do not */
    check(print(&a, &out, "%64d", 7) == CAU_ERR_MEMORY && str_is(out, "old") && a.used == 0);
    check(print(&a, &out, "%63d", 7) == CAU_OK && out.len == 63 && out.p[62] == '7' &&
          out.p[63] == 0);

    struct arena big = arena_new((size_t)1 << 32);
    check(arena_copy(&big, STR("đo"), &out) == CAU_OK && str_is(out, "đo") &&
          out.p[out.len] == 0);
    check(arena_take(&big, (size_t)1 << 32) == NULL);
    arena_reset(&big);
    check(big.used == 0);
    arena_free(&big);
}

static void strings_are_views(void **state)
{
    (void)state;
    struct str rest = STR("a,bc,,d");
    check(str_is(str_next(&rest, ','), "a") && str_is(str_next(&rest, ','), "bc"));
    check(str_next(&rest, ',').len == 0 && rest.p != NULL);
    check(str_is(str_next(&rest, ','), "d") && rest.p == NULL);
    check(str_is(str_trim(STR(" \tx y\n")), "x y") && str_trim(STR("  ")).len == 0);
    check(str_starts(STR("r:abc"), STR("r:")) && !str_starts(STR("r"), STR("r:")));
    check(str_ends(STR("need.kind"), STR(".kind")) && !str_ends(STR("d"), STR(".kind")));
    check(str_hash(STR("a")) != str_hash(STR("b")));
    check(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(arena_gives_until_full),
                                       cmocka_unit_test(strings_are_views)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
