#include "match/name.h"

#include "test.h"

#include <string.h>

static struct vocabulary *v;
static struct stem *stem;

static int open_all(void **state)
{
    (void)state;
    check(vocabulary_open(&v) == CAU_OK && stem_open(&stem) == CAU_OK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    stem_close(stem);
    vocabulary_close(v);
    return 0;
}

static struct name read(const char *text)
{
    struct name n;
    name_read(v, stem, str_of(text), &n);
    return n;
}

static void one_meaning_whatever_the_language(void **state)
{
    (void)state;
    struct name vi = read("Trường Đại học Cần Thơ"), en = read("Can Tho University"),
                bare = read("truong dai hoc can tho");
    check(vi.n == 2 && en.n == 2 && bare.n == 2);
    check(vi.unit[0].meaning.id == en.unit[1].meaning.id);
    check(vi.unit[1].meaning.id == en.unit[0].meaning.id);
    check(bare.unit[0].meaning.id == vi.unit[0].meaning.id);
}

static void legal_forms_are_set_aside(void **state)
{
    (void)state;
    struct name n = read("ООО «Ромашка»"), bare = read("Ромашка");
    check(n.legal && !bare.legal && n.n == 1 && bare.n == 1);
    check(name_unit_likeness(&n.unit[0], &bare.unit[0]) == 1000);
    check(read("Công ty TNHH Hoa Mai").legal && read("Acme LLC").legal);
}

static void who_it_is_named_after_is_optional(void **state)
{
    (void)state;
    struct name n = read("Московский университет имени М. В. Ломоносова");
    check(n.n == 3 && n.unit[2].optional && !n.unit[0].optional);
    n = read("Moscow University named after Lomonosov");
    check(n.n == 3 && n.unit[2].optional);
}

static unsigned like(const char *x, const char *y)
{
    struct name a = read(x), b = read(y);
    check(a.n == 1 && b.n == 1);
    return name_unit_likeness(&a.unit[0], &b.unit[0]);
}

static void names_sound_alike_across_scripts(void **state)
{
    (void)state;
    check(like("Груздев", "Gruzdev") >= 900);
    check(like("Серпуховский", "Serpukhov") >= SKELETON_ACCEPT);
    check(like("Курчатовский", "Kurchatov") >= SKELETON_ACCEPT);
    check(like("Росатом", "Rosatom") == 1000);
    check(like("Лобачевского", "Lobachevsky") >= 900);
    check(like("Innopolis", "Rosatom") == 0);
    check(like("Innopolis", "Inopolis") >= 880); /* a typo, in one script */
}

static void acronyms(void **state)
{
    (void)state;
    check(strcmp(read("Viện Hàn lâm").acronym, "VHL") == 0);
    struct name n = read("HUST");
    check(n.is_acronym && strcmp(n.acronym, "HUST") == 0);
    check(!read("Hust").is_acronym);
    check(strcmp(read("ВАСХНИЛ").acronym, "VASHNIL") == 0);
}

static void what_is_read_is_bounded(void **state)
{
    (void)state;
    char text[NAME_BYTES_MAX + 8];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i % 5 == 4 ? ' ' : 'b' + i * 7 % 23);
    memcpy(text + NAME_BYTES_MAX - 1, "\xD0\x96\xD0\x96", 4); /* cut in a letter */
    struct name n;
    name_read(v, stem, (struct str){text, NAME_BYTES_MAX + 1}, &n);
    check(n.n == NAME_UNITS_MAX);
    check(read("").n == 0 && read("«—»").n == 0);
    name_read(NULL, stem, STR("Nguyễn Văn A"), &n);
    check(n.n == 3 && n.unit[2].optional); /* of a person: no list, an initial stays */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_meaning_whatever_the_language),
                                       cmocka_unit_test(legal_forms_are_set_aside),
                                       cmocka_unit_test(who_it_is_named_after_is_optional),
                                       cmocka_unit_test(names_sound_alike_across_scripts),
                                       cmocka_unit_test(acronyms),
                                       cmocka_unit_test(what_is_read_is_bounded)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
