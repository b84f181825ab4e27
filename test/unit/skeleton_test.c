#include "language/skeleton.h"

#include "test.h"

#include <string.h>

static unsigned likeness(const char *x, const char *y)
{
    struct skeleton a = skeleton_of(str_of(x)), b = skeleton_of(str_of(y));
    check(skeleton_likeness(&a, &b) == skeleton_likeness(&b, &a));
    return skeleton_likeness(&a, &b);
}

/* Does looking up x lead to y? */
static bool leads_to(const char *x, const char *y)
{
    struct skeleton a = skeleton_of(str_of(x)), b = skeleton_of(str_of(y));
    struct skeleton_keys keys;
    char key[SKELETON_BYTES_MAX];
    skeleton_keys(&a, &keys);
    struct str other = {key, skeleton_key(&b, key)};
    for (size_t i = 0; i < keys.n; i++)
        if (str_equal(keys.key[i], other))
            return true;
    return false;
}

static void names_meet(void **state)
{
    (void)state;
    static const char *const same[][2] = {{"gruzdev", "груздев"},
                                          {"gruzdiev", "груздев"},
                                          {"gruzdev", "gruzdiev"},
                                          {"aleksey", "алексей"},
                                          {"alexei", "алексей"},
                                          {"aleksey", "alexei"},
                                          {"centr", "центр"},
                                          {"tsentr", "центр"},
                                          {"rosatom", "росатом"},
                                          {"kharkov", "харьков"},
                                          {"chernyshenko", "чернышенко"},
                                          {"щукин", "schukin"},
                                          {"viktorovna", "викторовна"}};
    for (size_t i = 0; i < countof(same); i++) {
        check(likeness(same[i][0], same[i][1]) >= SKELETON_ACCEPT);
        check(leads_to(same[i][0], same[i][1]));
    }
    check(likeness("aleksej", "алексей") >= SKELETON_ACCEPT && leads_to("aleksej", "алексей"));
    check(leads_to("aleksey", "aleksej"));
    check(likeness("ivanov", "petrov") < SKELETON_ACCEPT);
    check(likeness("rosatom", "rosatom") == 1000);
}

static void some_words_have_none(void **state)
{
    (void)state;
    check(skeleton_of(STR("abc")).len == 0); /* one letter short */
    check(skeleton_of(STR("abcd")).len > 0);
    check(skeleton_of(STR("мс21")).len == 0);
    check(skeleton_of(STR("điện_gió")).len == 0);
    check(skeleton_of(STR("αβγδε")).len == 0);
    char word[SKELETON_BYTES_MAX + 1];
    for (size_t i = 0; i < sizeof word; i++)
        word[i] = i % 2 ? 'a' : 'b';
    check(skeleton_of((struct str){word, SKELETON_BYTES_MAX}).len == SKELETON_BYTES_MAX);
    check(skeleton_of((struct str){word, SKELETON_BYTES_MAX + 1}).len == 0); /* one step over */
    memset(word, 'x', sizeof word); /* grows to twice its length: cut */
    check(skeleton_of((struct str){word, SKELETON_BYTES_MAX}).len <= SKELETON_BYTES_MAX);
    struct skeleton none = {0};
    struct skeleton_keys keys;
    skeleton_keys(&none, &keys);
    check(keys.n == 0 && skeleton_likeness(&none, &none) == 0);
}

static void a_bound_is_never_too_low(void **state)
{
    (void)state;
    static const char *const word[] = {"novosibirsk", "novosibirskiy", "magadan", "gruzdev",
                                       "gruzdiev",    "kurchatov",     "tomsk",   "serpukhov"};
    for (size_t i = 0; i < countof(word); i++)
        for (size_t k = 0; k < countof(word); k++) {
            struct skeleton x = skeleton_of(str_of(word[i])), y = skeleton_of(str_of(word[k]));
            check(skeleton_likeness_most(&x, &y) >= skeleton_likeness(&x, &y));
        }
    struct skeleton x = skeleton_of(STR("magadan")), y = skeleton_of(STR("kurchatov"));
    check(skeleton_likeness_most(&x, &x) == 1000 && skeleton_likeness_most(&x, &y) < 720);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bound_is_never_too_low),
                                       cmocka_unit_test(names_meet),
                                       cmocka_unit_test(some_words_have_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
