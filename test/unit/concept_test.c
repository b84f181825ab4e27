#include "language/concept.h"

#include "test.h"

static const char terms[] =
    "blade-erosion | 2.3 | | mòn cánh | эрозия лопаток | blade erosion; LEE | | blade-coating\n"
    "blade-coating | 2.5 | | lớp phủ cánh | покрытие лопаток | blade coating | coating |\n"
    "coating | 2.5 | | lớp phủ | покрытие | coating | |\n";

static struct glossary *glossary;
static struct compound_list *compounds;
static struct concepts *concepts;
static struct stem *stem;
static struct arena room;

static int open_all(void **state)
{
    (void)state;
    struct str file = {terms, sizeof terms - 1};
    struct glossary_fault fault;
    room = arena_new(1 << 22);
    check(glossary_open(&file, 1, &glossary, &fault) == CAU_OK);
    check(compound_open(&compounds) == CAU_OK);
    check(compound_add(compounds, STR("mòn cánh\nlớp phủ\nlớp phủ cánh\n")) == CAU_OK);
    check(concepts_open(glossary, compounds, &concepts) == CAU_OK);
    return stem_open(&stem) == CAU_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    stem_close(stem);
    concepts_close(concepts);
    compound_close(compounds);
    glossary_close(glossary);
    arena_free(&room);
    return 0;
}

/* The numbers of the concepts found, as digits. */
static const char *found(enum token_group lang, const char *text)
{
    static char out[64];
    struct analysis_term *term;
    struct concept_found *list;
    size_t n, count;
    check(analysis_of(&room, stem, compounds, lang, str_of(text), &term, &n) == CAU_OK);
    check(concepts_of(concepts, &room, lang, term, n, &list, &count) == CAU_OK);
    for (size_t i = 0; i < count; i++)
        out[i] = (char)('0' + list[i].concept);
    out[count] = '\0';
    return out;
}

static void phrases_in_any_form(void **state)
{
    (void)state;
    check(str_is(str_of(found(TOKEN_RU, "Против эрозий лопаток")), "0"));
    check(str_is(str_of(found(TOKEN_EN, "Eroded blades")), ""));
    check(str_is(str_of(found(TOKEN_EN, "coatings for blade erosions")), "20"));
    check(str_is(str_of(found(TOKEN_VI, "chống mòn cánh")), "0"));
    check(str_is(str_of(found(TOKEN_VI, "lớp phủ cánh quạt")), "1"));
}

static void a_phrase_counts_inside_a_longer_one(void **state)
{
    (void)state;
    check(str_is(str_of(found(TOKEN_EN, "a blade coating")), "12"));
}

static void short_abbreviations_are_left_out(void **state)
{
    (void)state;
    check(str_is(str_of(found(TOKEN_EN, "in the lee of the hill")), ""));
}

static void near_concepts_both_ways(void **state)
{
    (void)state;
    size_t n;
    const uint32_t *near = concepts_near(concepts, 1, &n);
    check(n == 2 && near[0] == 0 && near[1] == 2);
    near = concepts_near(concepts, 0, &n);
    check(n == 1 && near[0] == 1);
    near = concepts_near(concepts, 2, &n);
    check(n == 1 && near[0] == 1);
}

static void full_arena(void **state)
{
    (void)state;
    static unsigned char small[64];
    struct arena tight = {small, sizeof small, 0};
    struct analysis_term *term;
    struct concept_found *list;
    size_t n, count;
    check(analysis_of(&room, stem, compounds, TOKEN_EN, STR("blade erosion"), &term, &n) ==
          CAU_OK);
    check(concepts_of(concepts, &tight, TOKEN_EN, term, n, &list, &count) == CAU_ERR_MEMORY);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        cmocka_unit_test(phrases_in_any_form),
        cmocka_unit_test(a_phrase_counts_inside_a_longer_one),
        cmocka_unit_test(short_abbreviations_are_left_out),
        cmocka_unit_test(near_concepts_both_ways),
        cmocka_unit_test(full_arena),
    };
    return cmocka_run_group_tests(test, open_all, close_all);
}
