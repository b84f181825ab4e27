#include "language/stem.h"

#include "test.h"

#include <string.h>

static struct stem *s;

static bool meet(const char *x, const char *y)
{
    char one[TOKEN_BYTES_MAX];
    struct str a = stem_of(s, str_of(x), TOKEN_CYRILLIC, false);
    memcpy(one, a.p, a.len);
    a.p = one;
    return str_equal(a, stem_of(s, str_of(y), TOKEN_CYRILLIC, false));
}

static void nouns_keep_one_stem(void **state)
{
    (void)state;
    static const char *const pair[][2] = {
        {"материал", "материалы"},
        {"материала", "материалов"},
        {"канал", "каналами"},
        {"потенциал", "потенциалы"},
        {"терминал", "терминалов"},
        {"капитал", "капиталы"},
        {"титан", "титаном"},
        {"вертикаль", "вертикали"},
        {"автомобиль", "автомобили"},
        {"профиль", "профилей"},
        {"композит", "композиты"},
        {"режим", "режимы"},
        {"мембрана", "мембран"},
        {"музей", "музеи"},
        {"деталь", "детали"},
        {"институт", "институтов"},
        {"энергия", "энергии"},
        {"океан", "океанов"},
        {"тропический", "тропического"},
        {"ветер", "ветров"},
        {"установка", "установок"},
        {"образец", "образца"},
        {"поток", "потоков"},
    };
    for (size_t i = 0; i < countof(pair); i++)
        check(meet(pair[i][0], pair[i][1]));
    check(!meet("материал", "математик"));
    check(!meet("ии", "и") && meet("ии", "ии"));
}

static void stems_by_script(void **state)
{
    (void)state;
    check(str_is(stem_of(s, STR("technologies"), TOKEN_LATIN, true), "technolog"));
    check(str_is(stem_of(s, STR("technologies"), TOKEN_LATIN, false), "technologies"));
    check(str_is(stem_of(s, STR("điện"), TOKEN_LATIN, true), "điện"));
    check(str_is(stem_of(s, STR("мс21"), TOKEN_CYRILLIC, true), "мс21"));
    check(str_is(stem_of(s, STR("2020"), TOKEN_DIGITS, true), "2020"));
}

static int open_stem(void **state)
{
    (void)state;
    return stem_open(&s) != CAU_OK;
}

static int close_stem(void **state)
{
    (void)state;
    stem_close(s);
    stem_close(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nouns_keep_one_stem),
                                       cmocka_unit_test(stems_by_script)};
    return cmocka_run_group_tests(tests, open_stem, close_stem);
}
