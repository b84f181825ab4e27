#include "language/glossary.h"

#include "base/buf.h"
#include "test.h"

#define HEAD "# id | ford | grnti | vi | ru | en | broader | related\n"

static const char first[] = HEAD "wind | 2.7 | 44.39 | điện gió; phong điện | ветроэнергетика "
                                 "| wind power; wind energy |  | storm\n"
                                 "\n"
                                 "offshore | 2.7, 1.5 |  | điện gió ngoài khơi | морская "
                                 "ветроэнергетика | offshore wind | wind |\n";
static const char second[] =
    "storm | 1.5 | 37 | bão | шторм; буря | storm |  | offshore, wind\r\n";

static struct glossary *open_both(void)
{
    const struct str file[] = {str_of(first), str_of(second)};
    struct glossary *g = NULL;
    struct glossary_fault fault;
    check(glossary_open(file, countof(file), &g, &fault) == CAU_OK);
    return g;
}

static void reads_concepts_and_relations(void **state)
{
    (void)state;
    struct glossary *g = open_both();
    check(glossary_count(g) == 3 && glossary_count(NULL) == 0);
    const struct glossary_concept *wind = glossary_concept(g, 0);
    check(str_is(wind->id, "wind") && str_is(wind->ford, "2.7") &&
          str_is(wind->grnti, "44.39"));
    check(wind->term_count[TOKEN_VI] == 2 && str_is(wind->term[TOKEN_VI][1], "phong điện"));
    check(wind->term_count[TOKEN_RU] == 1 && wind->term_count[TOKEN_EN] == 2);
    check(wind->broader == GLOSSARY_NONE && glossary_concept(g, 1)->broader == 0);
    check(wind->related_count == 1 && wind->related[0] == 2); /* said twice, kept once */
    check(glossary_concept(g, 1)->related_count == 1 &&
          glossary_concept(g, 1)->related[0] == 2);
    const struct glossary_concept *storm = glossary_concept(g, 2);
    check(storm->related_count == 2 && storm->related[0] == 0 && storm->related[1] == 1);
    check(glossary_find(g, STR("storm")) == 2 && glossary_find(g, STR("no")) == GLOSSARY_NONE);
    glossary_close(g);
    glossary_close(NULL);
}

static enum cau_err note(void *ctx, const struct glossary_pair *p)
{
    struct buf *b = ctx;
    buf_add(b, p->x);
    buf_add_char(b, '=');
    buf_add(b, p->y);
    buf_add_char(b, '\n');
    return b->len > 200 ? CAU_ERR_RANGE : CAU_OK;
}

static void gives_pairs(void **state)
{
    (void)state;
    struct glossary *g = open_both();
    struct buf b = buf_new(1 << 12);
    check(glossary_pairs(g, 2, note, &b) == CAU_OK);
    check(str_is(buf_str(&b), "bão=шторм\nbão=буря\nbão=storm\nшторм=storm\nбуря=storm\n"));
    check(glossary_pairs(g, 0, note, &b) == CAU_ERR_RANGE);
    buf_free(&b);
    glossary_close(g);
}

static void check_bad(const char *text, enum cau_err expected, size_t line)
{
    struct glossary *g = NULL;
    struct glossary_fault fault = {9, 9};
    const struct str file[] = {str_of(second), str_of(text)};
    check(glossary_open(&file[1], 1, &g, &fault) == expected && g == NULL);
    check(fault.file == 0 && fault.line == line);
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    check_bad("aa | 1.1 |  | a | б | c |\n", CAU_ERR_SYNTAX, 1);
    check_bad("aa | 1.1 |  | a | б | c |  |  |\n", CAU_ERR_SYNTAX, 1);
    check_bad("aa | 1.1 |  | a | б | c |  |\nA | 1.1 |  | a | б | c |  |\n", CAU_ERR_SYNTAX, 2);
    check_bad("aa | 1.1 |  | a | б | c |  |\naa | 1.1 |  | a | б | c |  |\n", CAU_ERR_SYNTAX,
              2);
    check_bad("aa |  |  | a | б | c |  |\n", CAU_ERR_SYNTAX, 1);
    check_bad("aa | 1.1 |  | a |  | c |  |\n", CAU_ERR_SYNTAX, 1);
    check_bad("aa | 1.1 |  | a; | б | c |  |\n", CAU_ERR_SYNTAX, 1);
    check_bad("aa | 1.1 |  | a | \xff | c |  |\n", CAU_ERR_SYNTAX, 1);
    check_bad("#\naa | 1.1 |  | a | б | c | bb |\n", CAU_ERR_UNKNOWN, 2);
    check_bad("aa | 1.1 |  | a | б | c |  | aa\n", CAU_ERR_UNKNOWN, 1);
    check_bad("aa | 1.1 |  | a | б | c | aa |\n", CAU_ERR_UNKNOWN, 1);
    check_bad("aa | 1.1 |  | a;b;c;d;e;f;g;h;i;j;k;l;m | б | c |  |\n", CAU_ERR_RANGE, 1);
}

static void keeps_its_limits(void **state)
{
    (void)state;
    struct buf b = buf_new(GLOSSARY_BYTES_MAX + 1);
    struct glossary *g = NULL;
    struct glossary_fault fault;
    for (unsigned i = 0; i < GLOSSARY_CONCEPTS_MAX; i++)
        buf_printf(&b, "c%u | 1.1 |  | a | б | c |  |\n", i);
    struct str file = buf_str(&b);
    check(glossary_open(&file, 1, &g, &fault) == CAU_OK);
    check(glossary_count(g) == GLOSSARY_CONCEPTS_MAX);
    glossary_close(g);
    buf_add_word(&b, "more | 1.1 |  | a | б | c |  |\n");
    file = buf_str(&b);
    check(glossary_open(&file, 1, &g, &fault) == CAU_ERR_RANGE);
    check(fault.line == GLOSSARY_CONCEPTS_MAX + 1);

    buf_reset(&b);
    buf_add_word(&b, "aa | 1.1 |  | a | б | c |  | aa");
    for (unsigned i = 0; i < GLOSSARY_RELATED_MAX; i++)
        buf_add_word(&b, ", aa");
    file = buf_str(&b);
    check(glossary_open(&file, 1, &g, &fault) == CAU_ERR_RANGE && fault.line == 1);
    buf_reset(&b);
    buf_add_zeros(&b, GLOSSARY_BYTES_MAX + 1);
    file = buf_str(&b);
    check(glossary_open(&file, 1, &g, &fault) == CAU_ERR_RANGE);
    buf_free(&b);
}

static void steps_through_terms_alone(void **state)
{
    struct str rest = STR("# id | ford\n\nx | 1.1 |  | a; b | в; г | d |  |\nshort | 1\n"
                          "y | 1.1 |  | e |  | f | x |"),
               terms, file = rest;
    (void)state;
    check(glossary_next_terms(&rest, TOKEN_VI, &terms) && str_is(terms, "a; b"));
    check(glossary_next_terms(&rest, TOKEN_VI, &terms) && str_is(terms, "e"));
    check(!glossary_next_terms(&rest, TOKEN_VI, &terms) && rest.len == 0);
    check(glossary_next_terms(&file, TOKEN_RU, &terms) && str_is(terms, "в; г"));
    check(!glossary_next_terms(&file, TOKEN_RU, &terms));
}

static void reads_the_one_it_carries(void **state)
{
    (void)state;
    struct glossary *g;
    check(glossary_open_own(&g) == CAU_OK);
    check(glossary_count(g) >= 8000);
    for (uint32_t i = 0; i < glossary_count(g); i++) {
        const struct glossary_concept *c = glossary_concept(g, i);
        for (size_t k = 0; k < c->related_count; k++) {
            const struct glossary_concept *other = glossary_concept(g, c->related[k]);
            bool back = false;
            for (size_t j = 0; j < other->related_count; j++)
                back = back || other->related[j] == i;
            check(back && c->related[k] != i);
        }
    }
    glossary_close(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_concepts_and_relations),
        cmocka_unit_test(gives_pairs),
        cmocka_unit_test(says_what_is_wrong),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(reads_the_one_it_carries),
        cmocka_unit_test(steps_through_terms_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
