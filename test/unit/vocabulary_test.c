#include "match/vocabulary.h"

#include "base/buf.h"
#include "test.h"

#include <string.h>

static const char names[] = "# a comment\n"
                            "part legal\nООО; LLC\n"
                            "part type\nschool | trường đại học | университет | university\n"
                            "school | viện | институт | institute\n"
                            "part common\nx | khoa học | научный; наука | science; scientific\n"
                            "part country\nVN | việt nam | вьетнам | viet nam\n"
                            "part short\nНУ = научный университет\n";
static const char terms[] = "# a comment\n"
                            "id | 1.1 | 1 | ăn mòn | коррозия | corrosion |  |\n"
                            "other | 1.1 | 1 | khoa học | наука | science |  |\n";

static struct vocabulary_word word(const char *text)
{
    return (struct vocabulary_word){.stem = str_of(text), .bare = str_of(text)};
}

static size_t match(const struct vocabulary *v, struct vocabulary_word *w, size_t n,
                    struct vocabulary_meaning *out)
{
    for (size_t i = 0; i < n; i++) {
        bool alone = w[i].alone;
        w[i] = vocabulary_word_of(v, w[i].stem, w[i].bare);
        w[i].alone = alone;
    }
    return vocabulary_match(v, w, n, out);
}

static void one_meaning_in_three_languages(void **state)
{
    (void)state;
    struct vocabulary *v;
    size_t line;
    check(vocabulary_read(str_of(names), str_of(terms), &v, &line) == CAU_OK);
    check(vocabulary_count(v) == 8);
    struct vocabulary_meaning ru, en, vi, science, corrosion;
    struct vocabulary_word truong[] = {word("truong"), word("dai"), word("hoc"), word("x")};
    struct vocabulary_word univers[] = {word("univers")}, unknown[] = {word("blagoveshchensk")};
    struct vocabulary_word ru_univers[] = {word("университет")}, sci[] = {word("scienc")};
    struct vocabulary_word corros[] = {word("корроз")};
    check(match(v, truong, 4, &vi) == 3);
    check(match(v, univers, 1, &en) == 1);
    check(match(v, ru_univers, 1, &ru) == 1);
    check(vi.id == en.id && en.id == ru.id && en.part == VOCABULARY_TYPE && en.group != 0);
    check(match(v, unknown, 1, &en) == 0);
    check(match(v, truong, 2, &vi) == 0); /* the phrase is cut off */
    check(match(v, sci, 1, &science) == 1 && science.part == VOCABULARY_COMMON);
    check(match(v, corros, 1, &corrosion) == 1 && corrosion.part == VOCABULARY_WORD);
    check(vocabulary_group(v, STR("VN")) != 0 && vocabulary_group(v, STR("RU")) == 0);
    vocabulary_close(v);
}

static void a_short_form_stands_for_its_words(void **state)
{
    (void)state;
    struct vocabulary *v;
    size_t line;
    struct vocabulary_word w[] = {word("ну")};
    struct vocabulary_meaning m, part[VOCABULARY_LONG_MAX];
    check(vocabulary_read(str_of(names), str_of(""), &v, &line) == CAU_OK);
    check(match(v, w, 1, &m) == 1 && m.part == VOCABULARY_SHORT);
    check(vocabulary_long(v, m, part) == 2);
    check(part[0].part == VOCABULARY_COMMON && part[1].part == VOCABULARY_TYPE);
    vocabulary_close(v);
}

static void phrases_are_made_of_words(void **state)
{
    (void)state;
    static const char text[] = "part word\n"
                               "- | y | медицина | medicine\n"
                               "- | dược | фармация | pharmacy\n"
                               "- | y dược | медфарм | medicine pharmacy\n"
                               "- | x | y | quite unknown\n"
                               "part place\n- | mở | московский | moscow\n";
    struct vocabulary *v;
    size_t line;
    struct vocabulary_meaning m, part[VOCABULARY_PARTS_MAX];
    struct vocabulary_word both[] = {word("медфарм")}, one[] = {word("medicin")};
    struct vocabulary_word bare[] = {word("mo")};
    check(vocabulary_read(str_of(text), str_of(""), &v, &line) == CAU_OK);
    check(match(v, both, 1, &m) == 1 && vocabulary_made_of(v, m, part) == 2);
    check(part[0].id == 1 && part[1].id == 2);
    check(match(v, one, 1, &m) == 1 && vocabulary_made_of(v, m, part) == 0);
    check(vocabulary_made_of(v, (struct vocabulary_meaning){.id = 0}, part) == 0);
    /* A syllable without its marks is that word only where nothing has marks. */
    check(match(v, bare, 1, &m) == 0);
    bare[0].alone = true;
    check(match(v, bare, 1, &m) == 1 && m.part == VOCABULARY_PLACE);
    check(vocabulary_unmarked(v, STR("mo")).id == m.id);
    check(vocabulary_unmarked(v, STR("moscow")).id == 0);
    struct skeleton moscow = skeleton_of(STR("moscow"));
    check(vocabulary_sound(v, m).len == moscow.len && moscow.len > 0);
    check(vocabulary_sound(v, part[0]).len == 0);
    vocabulary_close(v);
}

static void check_fault(const char *text, enum cau_err err, size_t at)
{
    struct vocabulary *v = NULL;
    size_t line = 0;
    check(vocabulary_read(str_of(text), str_of(""), &v, &line) == err);
    check(v == NULL && line == at);
}

static void faults_have_their_line(void **state)
{
    (void)state;
    check_fault("no part\n", CAU_ERR_SYNTAX, 1);
    check_fault("part planet\n", CAU_ERR_SYNTAX, 1);
    check_fault("part type\ngroup | a | b\n", CAU_ERR_SYNTAX, 2);
    check_fault("part short\nX = unheard of\n", CAU_ERR_SYNTAX, 2);
    struct buf phrase = buf_new(1000);
    buf_add_word(&phrase, "part legal\n");
    for (int i = 0; i < VOCABULARY_WORDS_MAX; i++)
        buf_add_word(&phrase, "a ");
    struct vocabulary *v;
    size_t line;
    check(vocabulary_read(buf_str(&phrase), str_of(""), &v, &line) == CAU_OK);
    vocabulary_close(v);
    buf_add_char(&phrase, 'a');
    buf_add_char(&phrase, '\0');
    check_fault(phrase.p, CAU_ERR_RANGE, 2); /* one word over */
    buf_free(&phrase);
}

/* head, then a line for each number up to most: one over the limit. */
static void over_a_limit(const char *head, char before, const char *behind, size_t most)
{
    struct buf b = buf_new((size_t)16 << 20);
    struct vocabulary *v = NULL;
    size_t at;
    buf_add_word(&b, head);
    for (size_t i = 0; i <= most; i++) {
        buf_add_char(&b, before);
        buf_add_u64(&b, i);
        buf_add_word(&b, behind);
    }
    check(vocabulary_read(buf_str(&b), str_of(""), &v, &at) == CAU_ERR_RANGE);
    buf_free(&b);
}

static void limits(void **state)
{
    (void)state;
    over_a_limit("part legal\n", 'q', "\n", VOCABULARY_MEANINGS_MAX);
    over_a_limit("part type\n", 'g', " | a | b | c\n", VOCABULARY_GROUPS_MAX);
    over_a_limit("part type\ng | a | b | c\npart short\n", 'z', " = c\n",
                 VOCABULARY_SHORTS_MAX);
}

static void what_the_program_carries(void **state)
{
    (void)state;
    struct vocabulary *v;
    check(vocabulary_open(&v) == CAU_OK);
    check(vocabulary_count(v) > 5000);
    vocabulary_close(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_meaning_in_three_languages),
                                       cmocka_unit_test(a_short_form_stands_for_its_words),
                                       cmocka_unit_test(phrases_are_made_of_words),
                                       cmocka_unit_test(faults_have_their_line),
                                       cmocka_unit_test(limits),
                                       cmocka_unit_test(what_the_program_carries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
