#include "ledger/checkpoint.h"

#include "test.h"

#define ROOT "RcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=\n"

static void reads_and_writes(void **state)
{
    (void)state;
    static const char *const good[] = {
        "vn.example/log/public\n70000\n" ROOT,
        "o\n0\n" ROOT,
        "go.sum database tree\n9223372036854775807\n" ROOT "extra\nmore\n",
    };
    for (size_t i = 0; i < countof(good); i++) {
        struct checkpoint c;
        struct buf b = buf_new(1024);
        check(checkpoint_read(str_of(good[i]), &c) == CAU_OK);
        checkpoint_write(&c, &b);
        check(str_is(buf_str(&b), good[i]));
        buf_free(&b);
    }
}

static void refuses_other_forms(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "o",
        "o\n",
        "o\n1",
        "o\n1\n",
        "\n1\n" ROOT,
        "o\n\n" ROOT,
        "o\n01\n" ROOT,
        "o\n-1\n" ROOT,
        "o\n 1\n" ROOT,
        "o\n1\n\n",
        "o\n1\nAAAA\n",
        "o\n1\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0\n",
        "o\n1\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl1=\n",
        "o\n1\nRcCI1Nk56ZcSmIEfIn0SleqtV7uvrlXNccFx595Iwl0=",
        "o\n1\n" ROOT "\n",
        "o\n1\n" ROOT "x",
        "o\n1\n" ROOT "x\n\ny\n",
    };
    struct checkpoint c = {.size = 7};
    for (size_t i = 0; i < countof(bad); i++)
        check(checkpoint_read(str_of(bad[i]), &c) == CAU_ERR_SYNTAX);
    check(checkpoint_read(STR("o\n9223372036854775808\n" ROOT), &c) == CAU_ERR_RANGE);
    check(c.size == 7);
}

static void names_origins(void **state)
{
    (void)state;
    char hex[CHECKPOINT_HASH_CHARS];
    checkpoint_origin_hash(STR("rome2026h1.example.org"), hex);
    assert_memory_equal(hex, "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706",
                        sizeof hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_and_writes),
                                       cmocka_unit_test(refuses_other_forms),
                                       cmocka_unit_test(names_origins)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
