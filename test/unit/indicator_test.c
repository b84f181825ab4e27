#include "domain/rule/indicator.h"

#include "base/asset.h"
#include "record/json.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;
static struct kinds kinds;

static int start(void **state)
{
    (void)state;
    arena = arena_new((size_t)256 << 20);
    return kinds_load(&arena, &kinds, NULL) == CAU_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* A value from JSON with ' in place of ". */
static struct value json(const char *text)
{
    struct value v;
    struct str copy;
    check(arena_copy(&arena, str_of(text), &copy) == CAU_OK);
    for (char *p = (char *)(uintptr_t)copy.p; *p != '\0'; p++)
        *p = *p == '\'' ? '"' : *p;
    check(json_read(&arena, copy, (size_t)1 << 20, JSON_FORM, &v, NULL) == CAU_OK);
    return v;
}

static struct indicator read(const char *text)
{
    struct indicator x;
    struct value v = json(text);
    check(indicator_read(&arena, &v, &x) == CAU_OK);
    return x;
}

static bool is(const struct decimal *d, const char *text)
{
    char out[DECIMAL_CHARS_MAX];
    return str_is((struct str){out, decimal_write(d, out)}, text);
}

static void the_gap_is_of_the_larger_figure(void **state)
{
    (void)state;
    struct indicator x =
        read("{'countries':['VN','RU'],'values':["
             "{'period':'2023','value':'4000000000','side':'VN'},"
             "{'period':'2024','value':'4570000000.25','side':'VN'},"
             "{'period':'2024','value':'6000000000','side':'RU','qualifier':'nearly'}]}");
    check(x.sides == 2 && str_is(x.side[0].country, "VN") && x.periods == 2 && !x.unnamed);
    const struct indicator_period *p = &x.period[0];
    check(str_is(p->period, "2024") && p->gap.what == INDICATOR_GAP_FOUND);
    check(is(&p->gap.size, "1429999999.75") && p->gap.has_share);
    check(is(&p->gap.share_percent, "23.8") && p->gap.approximate);
    check(p->gap.high == 1 && p->gap.low == 0);
    check(x.period[1].gap.what == INDICATOR_GAP_NONE && x.period[1].actual[1] == NULL);
}

static void figures_are_paired_by_their_own_period(void **state)
{
    (void)state;
    struct indicator x = read("{'countries':['VN','RU'],'values':["
                              "{'period':'2024','value':'5','side':'VN'},"
                              "{'period':'2024-06','value':'3','side':'RU'}]}");
    check(x.periods == 2 && str_is(x.period[0].period, "2024-06"));
    check(x.period[0].gap.what == INDICATOR_GAP_NONE);
    check(x.period[1].gap.what == INDICATOR_GAP_NONE);
}

static enum indicator_gap_what gap_of(const char *first, const char *second)
{
    char text[400];
    snprintf(text, sizeof text,
             "{'values':[{'period':'2024','side':'VN',%s},{'period':'2024','side':'RU',%s}]}",
             first, second);
    return read(text).period[0].gap.what;
}

static void a_bound_and_two_values_have_no_gap(void **state)
{
    (void)state;
    check(gap_of("'value':'40','qualifier':'over'", "'value':'43'") == INDICATOR_GAP_BOUND);
    check(gap_of("'value':'40'", "'value':'43','qualifier':'up_to'") == INDICATOR_GAP_BOUND);
    check(gap_of("'value':'40','qualifier':'about'", "'value':'43'") == INDICATOR_GAP_FOUND);
    check(gap_of("'value':'40','target':true", "'value':'43'") == INDICATOR_GAP_NONE);
    struct indicator x = read("{'values':[{'period':'2024','side':'VN','value':'1'},"
                              "{'period':'2024','side':'VN','value':'2'},"
                              "{'period':'2024','side':'RU','value':'3'}]}");
    check(x.twice == 1 && x.period[0].gap.what == INDICATOR_GAP_TWICE);
    x = read("{'values':[{'period':'2024','side':'VN','value':'2.0'},"
             "{'period':'2024','side':'VN','value':'2'},"
             "{'period':'2024','side':'RU','value':'-3'}]}");
    check(x.twice == 0 && x.period[0].gap.what == INDICATOR_GAP_FOUND);
    check(is(&x.period[0].gap.size, "5") && !x.period[0].gap.has_share);
}

static void figures_of_no_side_are_in_no_gap(void **state)
{
    (void)state;
    struct indicator x = read("{'countries':['VN','RU'],'values':["
                              "{'period':'2025','value':'200','qualifier':'about'},"
                              "{'period':'2025','value':'180','side':'RU'}]}");
    check(x.unnamed && x.period[0].gap.what == INDICATOR_GAP_NONE);
    check(x.period[0].actual[2] != NULL && x.period[0].actual[0] == NULL);
    check(indicator_newest(&x, 2) == x.period[0].actual[2] && indicator_newest(&x, 0) == NULL);
}

static void a_side_too_many_counts_as_unnamed(void **state)
{
    struct buf b = buf_new(1 << 16);
    (void)state;
    buf_add(&b, STR("{'values':["));
    for (unsigned i = 0; i <= INDICATOR_SIDES_MAX; i++)
        buf_printf(&b, "%s{'period':'2024','side':'%c%c','value':'%u'}", i > 0 ? "," : "",
                   'A' + (char)(i / 26), 'A' + (char)(i % 26), i);
    buf_add(&b, STR("]}"));
    buf_add_char(&b, 0);
    struct indicator x = read(b.p);
    check(x.sides == INDICATOR_SIDES_MAX && x.unnamed && x.values == INDICATOR_SIDES_MAX + 1);
    check(x.period[0].actual[x.sides] != NULL && x.period[0].gap.high == x.sides - 1);
    buf_free(&b);
}

static void definitions_stand_beside_each_other(void **state)
{
    (void)state;
    struct indicator x = read("{'countries':['VN','RU'],'definitions':[{'side':'RU',"
                              "'definition':{'ru':'По стране происхождения'}}],'values':[]}");
    check(x.sides == 2 && x.side[0].definition == NULL && x.side[1].definition != NULL);
    check(!x.side[1].states && x.periods == 0);
}

static struct indicator_goal goal_of(const char *target, const char *actual)
{
    char text[500];
    struct indicator_goal *g;
    size_t n;
    snprintf(text, sizeof text, "{'values':[{'side':'VN','target':true,%s},{'side':'VN',%s}]}",
             target, actual);
    struct indicator x = read(text);
    check(indicator_goals(&arena, &x, &g, &n) == CAU_OK && n == 1 && x.targets);
    return g[0];
}

static void targets_are_compared_with_what_came(void **state)
{
    (void)state;
    struct indicator_goal g = goal_of("'period':'2030','value':'40','qualifier':'over'",
                                      "'period':'2023','value':'37.65'");
    check(g.outcome == INDICATOR_AHEAD && g.has_difference && is(&g.difference, "-2.35"));
    g = goal_of("'period':'2030','value':'40','qualifier':'over'",
                "'period':'2030','value':'40'");
    check(g.outcome == INDICATOR_NOT_MET && is(&g.difference, "0"));
    g = goal_of("'period':'2030','value':'40','qualifier':'over'",
                "'period':'2030','value':'40.01'");
    check(g.outcome == INDICATOR_MET);
    g = goal_of("'period':'2030','value':'3','qualifier':'up_to'",
                "'period':'2030','value':'3'");
    check(g.outcome == INDICATOR_MET);
    g = goal_of("'period':'2030','value':'30','qualifier':'about'",
                "'period':'2030','value':'31'");
    check(g.outcome == INDICATOR_COMPARED && is(&g.difference, "1"));
    g = goal_of("'period':'2030','value':'40','qualifier':'over'",
                "'period':'2030','value':'41','qualifier':'about'");
    check(g.outcome == INDICATOR_COMPARED);
    g = goal_of("'period':'2030','value':'40','qualifier':'over'",
                "'period':'2031','value':'41'");
    check(g.outcome == INDICATOR_AHEAD && g.actual == NULL && !g.has_difference);
}

static struct record_problems problems;

static bool settle(const char *text, struct str *latest)
{
    struct record_form form = {.kind = kinds_find(&kinds, STR("indicator")),
                               .payload = json(text)};
    bool good;
    problems.n = 0;
    check(indicator_settle(&arena, NULL, &form, &problems, &good) == CAU_OK);
    *latest = value_get_str(&form.payload, "latest");
    return good;
}

static void saving_refuses_two_figures_and_knows_the_newest(void **state)
{
    struct str latest;
    (void)state;
    check(settle("{'latest':'2019','values':[{'period':'2030','value':'9','target':true},"
                 "{'period':'2024','value':'1'},{'period':'2024-06','value':'1'}]}",
                 &latest));
    check(str_is(latest, "2024-06") && problems.n == 0);
    check(settle("{'values':[{'period':'2030','value':'9','target':true}]}", &latest));
    check(str_is(latest, "2030"));
    check(settle("{'values':[]}", &latest) && latest.p == NULL);
    check(!settle("{'values':[{'period':'2024','value':'1'},{'period':'2024','value':'1.0'},"
                  "{'period':'2024','value':'2'}]}",
                  &latest));
    check(problems.n == 1 && str_is(problems.v[0].place, "values[2].value"));
    check(problems.v[0].code == RECORD_TWO_VALUES && str_is(problems.v[0].value, "2"));
    check(!settle("{'values':[{'period':'2024','value':'1'},"
                  "{'period':'2024','value':'1','qualifier':'about'}]}",
                  &latest));
}

static struct str standing_after(const char *old, const char *fresh)
{
    struct record_form form = {.kind = kinds_find(&kinds, STR("indicator")),
                               .payload = json(fresh)};
    struct value was = json(old);
    bool good;
    check(indicator_settle(&arena, &was, &form, &problems, &good) == CAU_OK && good);
    return value_get_str(&value_get(&form.payload, "values")->item[0], "standing");
}

#define STANDS(value, standing)                                                                \
    "{'values':[{'period':'2024','side':'VN','value':'" value "','standing':'" standing "'}]}"

static void no_form_confirms_a_figure(void **state)
{
    (void)state;
    check(str_is(standing_after("{}", STANDS("5", "confirmed")), "reported"));
    check(
        str_is(standing_after(STANDS("5", "reported"), STANDS("5", "confirmed")), "reported"));
    check(str_is(standing_after(STANDS("5", "confirmed"), STANDS("5.0", "confirmed")),
                 "confirmed"));
    check(str_is(standing_after(STANDS("5", "confirmed"), STANDS("6", "confirmed")),
                 "reported")); /* another figure than the one that was confirmed */
}

static bool unit_changes(const char *old, const char *fresh)
{
    struct value x = json(old), y = json(fresh);
    return indicator_unit_changes(&x, &y);
}

#define ROW(value) "'values':[{'period':'2024','value':'" value "','side':'VN'}]"

static void a_unit_changes_only_with_its_figures(void **state)
{
    (void)state;
    check(unit_changes("{'unit':{'en':'million USD'}," ROW("6") "}",
                       "{'unit':{'en':'USD'}," ROW("6.0") "}"));
    check(!unit_changes("{'unit':{'en':'million USD'}," ROW("6") "}",
                        "{'unit':{'en':'USD'}," ROW("6000000") "}"));
    check(!unit_changes("{'unit':{'en':'USD'}," ROW("6") "}",
                        "{'unit':{'en':'USD','ru':'долларов'}," ROW("6") "}"));
    check(!unit_changes("{'unit':{'en':'USD','ru':'долл.'}," ROW("6") "}",
                        "{'unit':{'en':'USD','ru':'долларов'}," ROW("6") "}"));
    check(!unit_changes("{'unit_code':'USD','unit':{'en':'dollars'}," ROW("6") "}",
                        "{'unit_code':'USD','unit':{'en':'US dollars'}," ROW("6") "}"));
    check(unit_changes("{'unit_code':'USD'," ROW("6") "}", "{'unit_code':'EUR'," ROW("6") "}"));
}

static void joining_keeps_what_others_said(void **state)
{
    struct value joined;
    struct value old =
        json("[{'period':'2023','value':'5','side':'VN'},"
             "{'period':'2024','value':'6.0','side':'VN','standing':'confirmed'},"
             "{'period':'2024','value':'7','side':'RU'}]");
    struct value fresh = json("[{'period':'2024','value':'6','side':'VN'},"
                              "{'period':'2024','value':'8','side':'RU'},"
                              "{'period':'2024','value':'9','side':'RU','target':true}]");
    (void)state;
    check(indicator_join(&arena, &old, &fresh, &joined) == CAU_OK && joined.n == 4);
    check(str_is(value_get_str(&joined.item[1], "standing"), "confirmed"));
    check(str_is(value_get_str(&joined.item[1], "value"), "6.0"));
    check(str_is(value_get_str(&joined.item[2], "value"), "8"));
    check(str_is(value_get_str(&joined.item[3], "value"), "9"));
}

static void without_memory_it_says_so(void **state)
{
    static _Alignas(16) unsigned char space[2000];
    struct value v = json("{'values':[{'period':'2024','value':'1'}]}");
    struct indicator x;
    (void)state;
    for (size_t cap = 0; cap < sizeof space; cap += 64) {
        struct arena a = {space, cap, 0};
        check(indicator_read(&a, &v, &x) == CAU_ERR_MEMORY);
    }
}

/* A record with one figure over the limit is refused: readers of figures have room for so many. */
static void figures_have_a_limit(void **state)
{
    (void)state;
    for (size_t n = INDICATOR_VALUES_MAX; n <= INDICATOR_VALUES_MAX + 1; n++) {
        struct buf b = buf_new(1 << 20);
        struct record_form form;
        struct record_problems found = {.n = 0};
        buf_add(&b, STR("{'kind':'indicator','title':{'en':'X'},'unit':{'en':'t'},'values':["));
        for (size_t i = 0; i < n; i++)
            buf_printf(&b, "%s{'period':'%zu','side':'VN','value':'1'}", i > 0 ? "," : "",
                       1000 + i % 1900);
        buf_add(&b, STR("]}"));
        buf_add_char(&b, '\0');
        struct value v = json(b.p);
        enum cau_err err = record_check(&arena, &kinds, &v,
                                        (struct record_rules){.compose = true}, &form, &found);
        check(err == (n > INDICATOR_VALUES_MAX ? CAU_ERR_SYNTAX : CAU_OK));
        check(err == CAU_OK ||
              (found.v[0].code == RECORD_TOO_MANY && found.v[0].limit == INDICATOR_VALUES_MAX));
        struct indicator x;
        check(err != CAU_OK || indicator_read(&arena, &form.payload, &x) == CAU_OK);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gap_is_of_the_larger_figure),
        cmocka_unit_test(figures_are_paired_by_their_own_period),
        cmocka_unit_test(a_bound_and_two_values_have_no_gap),
        cmocka_unit_test(figures_of_no_side_are_in_no_gap),
        cmocka_unit_test(a_side_too_many_counts_as_unnamed),
        cmocka_unit_test(definitions_stand_beside_each_other),
        cmocka_unit_test(targets_are_compared_with_what_came),
        cmocka_unit_test(saving_refuses_two_figures_and_knows_the_newest),
        cmocka_unit_test(no_form_confirms_a_figure),
        cmocka_unit_test(a_unit_changes_only_with_its_figures),
        cmocka_unit_test(joining_keeps_what_others_said),
        cmocka_unit_test(without_memory_it_says_so),
        cmocka_unit_test(figures_have_a_limit),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
