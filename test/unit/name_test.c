#include "match/name_word.h"

#include "base/asset.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static struct vocabulary *v;
static struct name_reader *reader;

static int open_all(void **state)
{
    (void)state;
    check(vocabulary_open(&v) == CAU_OK && name_reader_open(v, &reader) == CAU_OK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    name_reader_close(reader);
    vocabulary_close(v);
    return 0;
}

static struct name read(const char *text)
{
    struct name n;
    name_read(reader, str_of(text), &n);
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

/* Every way the list has to write a town or country is read as that one: no other row took its stem before. */
static void places_are_read_as_their_row_says(void **state)
{
    (void)state;
    const struct asset *names = asset_find(STR("terms/organizations.names"));
    struct str list, part = STR("");
    size_t rows = 0, wrong = 0;
    check(names != NULL);
    list = names->bytes;
    while (list.len > 0) {
        struct str line = str_next(&list, '\n');
        uint16_t id = 0;
        if (str_starts(line, STR("part ")))
            part = str_from(line, 5);
        if ((!str_is(part, "place") && !str_is(part, "country")) ||
            memchr(line.p, '|', line.len) == NULL)
            continue;
        rows++;
        for (str_next(&line, '|'); line.len > 0;) {
            struct str column = str_next(&line, '|');
            while (column.len > 0) {
                struct str way = str_trim(str_next(&column, ';'));
                struct name n;
                name_read(reader, way, &n);
                if (n.n == 0)
                    continue;
                id = id == 0 ? n.unit[0].meaning.id : id;
                if (n.n > 1 || n.unit[0].meaning.id != id) {
                    print_message("%.*s\n", STR_ARG(way));
                    wrong++;
                }
            }
        }
    }
    check(rows > 400 && wrong == 0);
}

/* Scripts that part no words: each two letters that touch are a word, and their order counts. */
static void letters_without_words_go_in_pairs(void **state)
{
    (void)state;
    struct name n = read("東京大学"), wide = read("東京大学 ＡＢＣ社"), one = read("社");
    check(n.n == 3 && n.script == NAME_OTHER && one.n == 1);
    check(str_is((struct str){n.unit[0].form, n.unit[0].len}, "東京"));
    check(str_is((struct str){n.unit[2].form, n.unit[2].len}, "大学"));
    check(wide.n == 5 && name_unit_likeness(&wide.unit[1], &n.unit[1]) == 1000);
    check(name_unit_likeness(&wide.unit[0], &n.unit[1]) == 0);
    check(str_is((struct str){wide.unit[3].form, wide.unit[3].len}, "abc"));
    struct name half = read("ﾄﾞﾗｲﾌﾞ"), full = read("ドライブ");
    check(full.n == 3 && half.n == 3);
    for (size_t i = 0; i < 3; i++)
        check(name_unit_likeness(&half.unit[i], &full.unit[i]) == 1000);
    check(read("東\u200B\u200B京\u200B大").n > 0); /* what stands between and is not seen */
    check(read("A. F. Ivanov").n == 1);            /* initials as before */
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

/* Two words of any sort: what is certainly not alike at a glance has no likeness; and most are seen not to be. */
static void a_glance_refuses_nothing_alike(void **state)
{
    (void)state;
    static const char *const word[] = {
        "Gruzdev",  "Груздев",   "Gruzdiev", "Казанский", "Kazan",    "Казань",   "Бакинский",
        "Baku",     "Росатом",   "Rosatom",  "Ромашка",   "Romashka", "Ромашко",  "Hải Phòng",
        "Haiphong", "Хайфон",    "Acme",     "Akme",      "Акме",     "Vinamilk", "Винамилк",
        "Петровск", "Petrovsky", "2024",     "2025",      "Dong",     "Đông",     "Донг"};
    size_t refused = 0;
    for (size_t i = 0; i < countof(word); i++)
        for (size_t k = 0; k < countof(word); k++) {
            struct name a = read(word[i]), b = read(word[k]);
            check(a.n > 0 && b.n > 0);
            struct name_glance x = name_glance_of(&a.unit[0]), y = name_glance_of(&b.unit[0]);
            bool may = name_may_be_alike(&x, &y);
            check(may || name_unit_likeness(&a.unit[0], &b.unit[0]) == 0);
            refused += !may;
        }
    check(refused * 2 > countof(word) * countof(word));
}

static void names_sound_alike_across_scripts(void **state)
{
    (void)state;
    check(like("Груздев", "Gruzdev") >= 900);
    check(like("Жердевский", "Zherdev") >= SKELETON_ACCEPT);
    check(like("Электросталь", "Electrostal") >= SKELETON_ACCEPT); /* a place spelt otherwise */
    check(like("Электросталь", "Innopolis") == 0);
    check(like("Курчатовский", "Kurchatov") >= SKELETON_ACCEPT);
    check(like("Росатом", "Rosatom") == 1000);
    check(like("Лобачевского", "Lobachevsky") >= 900);
    check(like("Innopolis", "Rosatom") == 0);
    check(like("Rusalmet", "Rusallmet") >= 880); /* a typo, in one script */
}

/* The places of units in x and y that mean the same. */
static bool mean_the_same(const char *x, const char *y)
{
    struct name a = read(x), b = read(y);
    struct name_unit apart[NAME_UNITS_MAX];
    size_t n = name_take_apart(v, &b, apart), same = 0;
    const struct name_unit *other = n > 0 ? apart : b.unit;
    n = n > 0 ? n : b.n;
    for (size_t i = 0; i < a.n; i++)
        for (size_t k = 0; k < n; k++)
            same += a.unit[i].meaning.id != 0 && a.unit[i].meaning.id == other[k].meaning.id;
    return same == a.n && a.n == n;
}

static void words_are_derived_and_joined(void **state)
{
    (void)state;
    check(mean_the_same("Новосибирская", "Novosibirsk"));
    check(mean_the_same("Krasnogorskiy", "Красногорский"));
    check(mean_the_same("агроэкономический институт", "agrarian economic institute"));
    check(mean_the_same("квантовая", "quantum"));
    struct name n = read("институт имени Алмазова");
    check(n.n == 2 && n.unit[1].meaning.id == 0 && n.unit[1].optional);
    n = read("институт имени Владимира Даля");
    check(n.n == 3 && n.unit[1].meaning.id == 0 && n.unit[1].optional);
    n = read("Университет МИФИ"); /* no myths */
    check(n.n == 2 && n.unit[1].meaning.id == 0);
}

static void a_meaning_is_taken_apart(void **state)
{
    (void)state;
    struct name_unit apart[NAME_UNITS_MAX];
    struct name plain = read("Đại học Huế"), n = read("медико-фармацевтический институт");
    check(name_take_apart(v, &plain, apart) == 0);
    check(n.n == 2 && name_take_apart(v, &n, apart) == 3);
    check(mean_the_same("institute of medicine, of pharmacy",
                        "медико-фармацевтический институт"));
}

static void marks_make_words(void **state)
{
    (void)state;
    check(mean_the_same("Open University", "Đại học Mở"));
    check(mean_the_same("Mining University", "Đại học Mỏ"));
    struct name n = read("Nguyen Trai University"); /* no farm: trại */
    check(n.n == 3 && n.unit[1].meaning.id == 0 && n.unit[1].may_mean != 0);
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

static bool same_name(const struct name *x, const struct name *y)
{
    bool same = x->n == y->n && x->script == y->script && strcmp(x->acronym, y->acronym) == 0;
    for (size_t i = 0; same && i < x->n; i++) {
        const struct name_unit *a = &x->unit[i], *b = &y->unit[i];
        same = a->meaning.id == b->meaning.id && a->may_mean == b->may_mean &&
               a->optional == b->optional && a->len == b->len &&
               memcmp(a->form, b->form, a->len) == 0 && a->sound.len == b->sound.len &&
               memcmp(a->sound.p, b->sound.p, a->sound.len) == 0;
    }
    return same;
}

/* Words are kept from name to name, and all forgotten when there are too many: no name is read otherwise for it. */
static void a_word_is_kept_as_it_is_read(void **state)
{
    (void)state;
    static const char *const name[] = {"Институт имени А. Ф. Иоффе",
                                       "ОАО «Иоффе-Сервис»",
                                       "R&D Centre 1,500 m",
                                       "Иоффе",
                                       "иоффе институт",
                                       "Viện Năng lượng",
                                       "vien nang luong",
                                       "1 500 R",
                                       "МИФИ (НИЯУ)"};
    struct name_reader *fresh;
    char text[32];
    struct name x, y;
    for (size_t i = 0; i < 2 * NAME_WORDS_KEPT; i++) {
        if (i % (NAME_WORDS_KEPT / 8) == 0) {
            check(name_reader_open(v, &fresh) == CAU_OK);
            size_t k = i / (NAME_WORDS_KEPT / 8) % countof(name);
            name_read(reader, str_of(name[k]), &x);
            name_read(fresh, str_of(name[k]), &y);
            check(same_name(&x, &y));
            name_reader_close(fresh);
        }
        snprintf(text, sizeof text, "w%zux", i);
        name_read(reader, str_of(text), &x);
        check(x.n == 1);
    }
}

static void what_is_read_is_bounded(void **state)
{
    (void)state;
    char text[NAME_BYTES_MAX + 8];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i % 5 == 4 ? ' ' : 'b' + i * 7 % 23);
    memcpy(text + NAME_BYTES_MAX - 1, "\xD0\x96\xD0\x96", 4); /* cut in a letter */
    struct name n;
    name_read(reader, (struct str){text, NAME_BYTES_MAX + 1}, &n);
    check(n.n == NAME_UNITS_MAX);
    check(read("").n == 0 && read("«—»").n == 0);
    struct name_reader *without;
    check(name_reader_open(NULL, &without) == CAU_OK);
    name_read(without, STR("Nguyễn Văn A"), &n);
    check(n.n == 3 && n.unit[2].optional); /* of a person: no list, an initial stays */
    name_reader_close(without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_meaning_whatever_the_language),
                                       cmocka_unit_test(places_are_read_as_their_row_says),
                                       cmocka_unit_test(letters_without_words_go_in_pairs),
                                       cmocka_unit_test(legal_forms_are_set_aside),
                                       cmocka_unit_test(who_it_is_named_after_is_optional),
                                       cmocka_unit_test(a_glance_refuses_nothing_alike),
                                       cmocka_unit_test(names_sound_alike_across_scripts),
                                       cmocka_unit_test(words_are_derived_and_joined),
                                       cmocka_unit_test(a_word_is_kept_as_it_is_read),
                                       cmocka_unit_test(a_meaning_is_taken_apart),
                                       cmocka_unit_test(marks_make_words),
                                       cmocka_unit_test(acronyms),
                                       cmocka_unit_test(what_is_read_is_bounded)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
