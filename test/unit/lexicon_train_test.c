#include "language/lexicon_train_int.h"

#include "test.h"

#include <math.h>

static void knows_exp_and_digamma(void **state)
{
    (void)state;
    for (double x = 0; x < 60; x += .37)
        check(fabs(train_exp_minus(x) / exp(-x) - 1) < 1e-14);
    check(train_exp_minus(0) == 1 && train_exp_minus(1000) == 0);
    /* exp(psi(x)); psi(1) = -gamma, psi(1/2) = -gamma - 2 ln 2, psi(x + 1) = psi(x) + 1 / x */
    const double gamma = 0.57721566490153286;
    check(fabs(train_exp_digamma(1) / exp(-gamma) - 1) < 1e-9);
    check(fabs(train_exp_digamma(.5) / (exp(-gamma) / 4) - 1) < 1e-9);
    for (double x = .01; x < 20; x += .13)
        check(fabs(train_exp_digamma(x + 1) / (train_exp_digamma(x) * exp(1 / x)) - 1) < 1e-8);
}

static const struct train_link *link_of(const struct buf *links, uint32_t from, uint32_t to)
{
    const struct train_link *l = (const void *)links->p;
    for (size_t i = 0; i < links->len / sizeof *l; i++)
        if (l[i].from == from && l[i].to == to)
            return &l[i];
    return NULL;
}

/* Words 0 1 of x are words 0 1 of y; 2 of y stands with both and is explained by no word. */
static void counts_what_stands_together(void **state)
{
    (void)state;
    struct train_texts t = {.bytes = buf_new(1 << 16)};
    const uint32_t both[] = {0, 1}, three[] = {0, 1, 2}, zero[] = {0, 2}, one[] = {1, 2};
    check(train_add(&t, 0, 1, both, 2, three, 3) && train_add(&t, 1, 2, both, 1, zero, 2) &&
          train_add(&t, 1, 2, both + 1, 1, one, 2));
    check(t.pairs == 3 && t.cells == 10);
    struct train_input in = {
        .texts = &t, .terms = {2, 3}, .sources = 2, .threads = 2, .slots_max = TRAIN_SLOTS_MAX};
    struct buf link[2] = {buf_new(1 << 16), buf_new(1 << 16)};
    check(train(&in, link) == CAU_OK);
    const struct train_link *l = link_of(&link[0], 0, 0);
    check(l != NULL && l->p > .5f && l->count > 2 && l->count <= 3 && l->sources == 3);
    check(link_of(&link[0], 1, 0) == NULL || link_of(&link[0], 1, 0)->p < .05f);
    l = link_of(&link[1], 1, 1);
    check(l != NULL && l->p > .9f);
    buf_free(&link[0]);
    buf_free(&link[1]);
    buf_free(&t.bytes);
}

static void learns_nothing_from_nothing(void **state)
{
    (void)state;
    struct train_texts t = {.bytes = buf_new(1 << 16)};
    struct train_input in = {.texts = &t, .sources = 1, .threads = 2, .slots_max = 1};
    struct buf link[2] = {buf_new(1 << 16), buf_new(1 << 16)};
    check(train(&in, link) == CAU_OK && link[0].len == 0 && link[1].len == 0);
    const uint32_t word[] = {0};
    check(train_add(&t, 0, 1, word, 1, word, 1));
    in.terms[0] = in.terms[1] = 1;
    check(train(&in, link) == CAU_ERR_RANGE);
    t.cells = TRAIN_CELLS_MAX + 1; /* said to be one over */
    in.slots_max = TRAIN_SLOTS_MAX;
    check(train(&in, link) == CAU_ERR_RANGE);
    buf_free(&t.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_exp_and_digamma),
        cmocka_unit_test(counts_what_stands_together),
        cmocka_unit_test(learns_nothing_from_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
