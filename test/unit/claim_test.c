#include "index/claim_int.h"

#include "test.h"

enum { EN = 1 << TOKEN_EN, RU = 1 << TOKEN_RU };

static struct unit_term term(uint32_t number, uint32_t y, unsigned groups,
                             enum index_channel channel)
{
    struct unit_term t = {.y = y, .groups = groups, .channel = channel};
    t.term.in[INDEX_SEGMENT].number = number;
    return t;
}

static struct unit unit(struct unit_term *t, size_t n)
{
    return (struct unit){.translated = true, .term = t, .n = n};
}

/* Treatment: очистка. Waste: очистка too, but a quarter as much, and сток, which nothing else stands for. */
static void a_word_is_shared_by_those_it_answers(void **state)
{
    (void)state;
    struct unit_term treatment[] = {term(1, 4000, RU, INDEX_TRANSLATION)};
    struct unit_term waste[] = {term(1, 1000, RU, INDEX_TRANSLATION),
                                term(2, 1000, RU, INDEX_TRANSLATION),
                                term(3, 1, RU, INDEX_TRANSLATION)};
    struct unit_term third[] = {term(3, 60000, RU, INDEX_TRANSLATION)};
    struct unit units[] = {unit(treatment, 1), unit(waste, 3), unit(third, 1)};
    struct plan plan = {.unit = units, .n = 3};
    struct arena a = arena_new(1 << 16);
    check(claim_share(&a, &plan) == CAU_OK);
    check(treatment[0].y == 4000u * 4000 / 5000);
    check(waste[0].y == 1000u * 1000 / 5000);
    check(waste[1].y == 1000); /* alone */
    check(waste[2].y == 1);    /* never nothing */
    check(third[0].y == (uint64_t)60000 * 60000 / 60001);
    arena_free(&a);
}

static void what_does_not_translate_keeps_its_weight(void **state)
{
    (void)state;
    struct unit_term water[] = {term(1, LIKELIHOOD_ONE, EN | RU, INDEX_SAME),
                                term(5, 300, RU, INDEX_PREFIX),
                                term(6, 0, RU, INDEX_TRANSLATION)};
    struct unit_term other[] = {
        term(1, LIKELIHOOD_ONE, RU, INDEX_TRANSLATION), term(1, 30000, EN, INDEX_TRANSLATION),
        term(5, 300, RU, INDEX_TRANSLATION), term(6, 300, RU, INDEX_TRANSLATION)};
    struct unit units[] = {unit(water, 3), unit(other, 4)};
    struct plan plan = {.unit = units, .n = 2};
    struct arena a = arena_new(1 << 16);
    check(claim_share(&a, &plan) == CAU_OK);
    check(water[0].y == LIKELIHOOD_ONE && water[1].y == 300 && water[2].y == 0);
    check(other[0].y == LIKELIHOOD_ONE / 2);                        /* Russian texts */
    check(other[1].y == 30000u * 30000 / (LIKELIHOOD_ONE + 30000)); /* English ones, apart */
    check(other[2].y == 300 &&
          other[3].y == 300); /* beginnings and silent words claim nothing */
    arena_free(&a);
}

/* Terms of the part in memory are others than those of the file, whatever their number. */
static void parts_are_told_apart(void **state)
{
    (void)state;
    struct unit_term one[] = {term(7, 500, RU, INDEX_TRANSLATION)};
    struct unit_term two[] = {term(0, 500, RU, INDEX_TRANSLATION)};
    two[0].term.in[INDEX_FRESH].number = 7;
    struct unit units[] = {unit(one, 1), unit(two, 1)};
    struct plan plan = {.unit = units, .n = 2};
    struct arena a = arena_new(1 << 16);
    check(claim_share(&a, &plan) == CAU_OK);
    check(one[0].y == 500 && two[0].y == 500);
    arena_free(&a);
}

static void a_full_arena_changes_nothing(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char space[64];
    struct unit_term one[] = {term(7, 500, RU, INDEX_TRANSLATION)};
    struct unit_term two[] = {term(7, 500, RU, INDEX_TRANSLATION)};
    struct unit units[] = {unit(one, 1), unit(two, 1)};
    struct plan plan = {.unit = units, .n = 2};
    struct arena a = {.base = space, .cap = sizeof space};
    check(claim_share(&a, &plan) == CAU_ERR_MEMORY);
    check(one[0].y == 500 && two[0].y == 500);
    plan.n = 1; /* one word: nothing to share */
    check(claim_share(&a, &plan) == CAU_OK && one[0].y == 500);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(a_word_is_shared_by_those_it_answers),
        cmocka_unit_test(what_does_not_translate_keeps_its_weight),
        cmocka_unit_test(parts_are_told_apart),
        cmocka_unit_test(a_full_arena_changes_nothing),
    };
    return cmocka_run_group_tests(test, NULL, NULL);
}
