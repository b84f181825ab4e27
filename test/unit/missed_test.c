#include "index/missed.h"

#include "test.h"

#include <string.h>

static char room[1 << 17];

static size_t find(const char *text, const char *met, bool (*little)(struct str), size_t max,
                   struct str *run)
{
    struct arena a = {(unsigned char *)room, sizeof room, 0};
    struct index_reason reason[8];
    size_t n = 0;
    memset(reason, 0, sizeof reason);
    for (struct str rest = str_of(met); rest.len > 0;)
        reason[n++].query_word = str_next(&rest, ';');
    return missed_find(&a, str_of(text), reason, n, little, run, max);
}

static bool is_for(struct str word)
{
    return str_is(word, "for") || str_is(word, "cho");
}

static void runs_of_what_met_nothing(void **state)
{
    (void)state;
    struct str run[4];
    check(find("Móng nổi cho tuabin gió vùng nước sâu", "tuabin gió;nổi", is_for, 4, run) == 2);
    check(str_is(run[0], "Móng") && str_is(run[1], "vùng nước sâu"));
    check(find("floating foundations", "floating;foundations", NULL, 4, run) == 0);
    check(find("Floating, FOUNDATIONS for 15 MW", "Foundations", is_for, 4, run) == 1);
    check(str_is(run[0], "Floating"));
    check(find("плавучие основания", "", NULL, 4, run) == 1);
    check(str_is(run[0], "плавучие основания"));
}

static void limits(void **state)
{
    (void)state;
    struct str run[4];
    check(find("aaaa bbbb cccc dddd eeee ffff", "", NULL, 4, run) ==
          2); /* six words: five and one */
    check(str_is(run[0], "aaaa bbbb cccc dddd eeee") && str_is(run[1], "ffff"));
    check(find("aaaa, bbbb, cccc", "bbbb", NULL, 1, run) == 1 && str_is(run[0], "aaaa"));
    check(find("abc", "", NULL, 4, run) == 0 && find("abcd", "", NULL, 4, run) == 1);
    check(find("", "x", NULL, 4, run) == 0 && find("?!", "x", NULL, 4, run) == 0);
    struct arena none = {(unsigned char *)room, 8, 0};
    check(missed_find(&none, STR("abcd"), NULL, 0, NULL, run, 4) == 0 && none.used == 0);
}

/* A word of letters and digits is more tokens than it has bytes. */
static void words_of_many_parts(void **state)
{
    (void)state;
    struct str run[2];
    check(find("wxyz", "1a-2b;a1b2;1.000;x", NULL, 2, run) == 1 && str_is(run[0], "wxyz"));
    check(find("wxyz", "1a;2b;wxyz", NULL, 2, run) == 0);
}

/* Of more words that met something than can be compared, one that did is not said to be missed. */
static void a_long_list_of_what_met(void **state)
{
    (void)state;
    static struct str met[MISSED_FORMS_MAX + 1];
    struct arena a = {(unsigned char *)room, sizeof room, 0};
    struct str run[1];
    for (size_t i = 0; i < MISSED_FORMS_MAX; i++)
        met[i] = STR("x");
    met[MISSED_FORMS_MAX - 1] = STR("abcd");
    met[MISSED_FORMS_MAX] = STR("efgh");
    check(missed_runs(&a, STR("abcd"), met, countof(met), NULL, run, 1) == 0);
    check(missed_runs(&a, STR("efgh"), met, countof(met), NULL, run, 1) == 0 && a.used == 0);
    check(missed_runs(&a, STR("efgh"), met, countof(met) - 1, NULL, run, 1) == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_of_what_met_nothing), cmocka_unit_test(limits),
        cmocka_unit_test(words_of_many_parts), cmocka_unit_test(a_long_list_of_what_met)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
