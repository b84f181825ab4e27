#include "base/country.h"

#include "test.h"

#include <string.h>

static void two_letters_become_three(void **state)
{
    static const char *const pair[][2] = {{"VN", "VNM"}, {"RU", "RUS"}, {"LA", "LAO"},
                                          {"DE", "DEU"}, {"GB", "GBR"}, {"BY", "BLR"}};
    char three[4] = "???";
    (void)state;
    for (size_t i = 0; i < countof(pair); i++)
        check(country_three(str_of(pair[i][0]), three) && strcmp(three, pair[i][1]) == 0);
    check(!country_three(STR("ZZZ"), three) && !country_three(STR("vn"), three));
    check(!country_three(STR(""), three) && !country_three(STR("Q!"), three));
    check(strcmp(three, "BLR") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_letters_become_three)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
