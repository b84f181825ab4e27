#include "exchange/form/sdmx.h"

#include "exchange/export/export.h"
#include "exchange/file/csv.h"
#include "exchange/import/import.h"
#include "node_help.h"
#include "record/json.h"
#include "record/record.h"
#include "test.h"

static struct test_node node;
static struct arena permanent, life, a;
static struct form form;

static int start(void **state)
{
    (void)state;
    node = test_make();
    permanent = arena_new((size_t)64 << 20);
    life = arena_new((size_t)1 << 30);
    a = arena_new((size_t)256 << 20);
    const struct kinds *kinds = node_kinds(node.n);
    return form_open(&permanent, kinds, kinds_find(kinds, STR("indicator")), LANG_VI, &form) !=
           CAU_OK;
}

static int stop(void **state)
{
    (void)state;
    form_close(&form);
    arena_free(&permanent);
    arena_free(&life);
    arena_free(&a);
    test_end(&node);
    return 0;
}

/* Reads a whole file; to be closed. */
static struct sdmx *read_all(const char *file, struct str text)
{
    static struct csv_row row;
    struct sdmx *x = NULL;
    const char *missing = NULL;
    bool more = true;
    life.used = a.used = 0;
    struct csv r = csv_open(text, ',');
    check(csv_next(&r, &life, &row, &more) == CAU_OK && more);
    check(sdmx_open(&life, &form, str_of(file), row.cell, row.n, &x, &missing) == CAU_OK);
    while (csv_next(&r, &a, &row, &more) == CAU_OK && more)
        check(sdmx_take(x, row.line, row.cell, row.n) == CAU_OK);
    return x;
}

static void is_form(const struct sdmx *x, size_t series, const char *expected)
{
    struct value v;
    struct buf b = buf_new(1 << 20);
    check(sdmx_form(x, &a, series, &v) == CAU_OK);
    json_write(&b, &v);
    buf_add_char(&b, 0);
    for (char *p = (char *)(uintptr_t)b.p; *p != '\0'; p++)
        *p = *p == '"' ? '\'' : *p;
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void is_fault(const struct sdmx *x, size_t i, uint32_t line, const char *code,
                     size_t column, const char *value)
{
    size_t n;
    const struct sdmx_fault *f = sdmx_faults(x, &n);
    check(i < n && f[i].line == line && strcmp(f[i].code, code) == 0);
    check(f[i].column == column && str_is(f[i].value, value));
}

static void version_1_with_labels_becomes_a_series_by_pair_of_countries(void **state)
{
    (void)state;
    struct sdmx *x = read_all(
        "x.csv",
        STR("DATAFLOW,FREQ: Frequency,REF_AREA,COUNTERPART_AREA,INDICATOR,SEX,TIME_PERIOD,"
            "OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS,SOURCE,CONF\n"
            "ILO:DF_T(1.0): Trade,A: Annual,VNM: Viet Nam,RUS,EXP: "
            "Exports,_T,2023,3.63,USD,9,A,"
            "Customs,F\n"
            "ILO:DF_T(1.1),A,VN,Russia,EXP: Exports,_T,2024-A1,4.580000000001,USD,9,P,,F\n"
            "ILO:DF_T(1.0),A,VN,WLD,EXP: Exports,_T,2024,400,USD,9,,,F\n"
            "ILO:DF_T(1.0),A,VN,WLD,EXP: Exports,_T,2025,NaN,USD,9,,,F\n"));
    size_t n;
    (void)sdmx_faults(x, &n);
    check(n == 0 && sdmx_series_count(x) == 2 && sdmx_series_line(x, 1) == 4);
    is_form(
        x, 0,
        "{'countries':['VN','RU'],'external_id':'sdmx:ILO:DF_T:EXP:_T:VN:RU','kind':"
        "'indicator','sources':[{'publisher':'ILO','title':'ILO:DF_T(1.0)'}],'title':{"
        "'und':'Exports \xE2\x80\x93 Viet Nam \xE2\x80\x93 Russian Federation'},'unit':{"
        "'en':'US dollars','ru':'долларов США','vi':'đô la Mỹ'},'unit_code':'USD','values':["
        "{'period':'2023','source':'Customs','standing':'reported','value':'3630000000'},"
        "{'note':{'en':'provisional','ru':'предварительное значение','vi':'sơ bộ'},"
        "'period':'2024','standing':'reported','value':'4580000000.001'}]}");
    sdmx_close(x);
}

static void each_wrong_row_is_told_with_its_place(void **state)
{
    (void)state;
    struct sdmx *x = read_all("x.csv", STR("DATAFLOW,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,"
                                           "UNIT_MEASURE,UNIT_MULT,ACTION,STATED_BY\n"
                                           "X:Y(1.0),VN,I,2023,5,USD,6,,\n"
                                           "X:Y(1.0),VN,I,2024,5,EUR,6,,\n"
                                           "X:Y(1.0),VN,I,2024,5,USD,3,,\n"
                                           "X:Y(1.0),VN,I,2024-Q1,5,USD,6,,\n"
                                           "X:Y(1.0),VN,I,2023,6,USD,6,,\n"
                                           "X:Y(1.0),VN,I,2023,5.0,USD,6,,\n"
                                           "X:Y(1.0),EMU,I,2023,5,USD,6,,\n"
                                           "X:Y(1.0),VN,I,2022,\"5,5\",USD,6,,\n"
                                           "X:Y(1.0),VN,I,2022,5,USD,6,D,\n"
                                           "X:Y(1.0),VN,I,2022,5,USD,x,,\n"
                                           "X:Y(1.0),EMU,I,2024,5,USD,6,,\n"
                                           "X:Y(1.0),VN,I,2022,5,USD,6,,Utopia\n"));
    size_t n;
    const struct sdmx_fault *f = sdmx_faults(x, &n);
    check(n == 10 && sdmx_series_count(x) == 1);
    is_fault(x, 0, 3, "unit_changes", 5, "EUR");
    is_fault(x, 1, 4, "unit_changes", 6, "3");
    is_fault(x, 2, 5, "bad_period", 3, "2024-Q1");
    is_fault(x, 3, 6, "two_values", 4, "6000000");
    is_fault(x, 4, 7, "figure_twice", 4, "5000000");
    is_fault(x, 5, 8, "not_a_country", 1, "EMU");
    check(f[5].limit == 2); /* told once for both rows */
    is_fault(x, 6, 9, "bad_number", 4, "5,5");
    is_fault(x, 7, 10, "sdmx_delete", 7, "D");
    is_fault(x, 8, 11, "bad_number", 6, "x");
    is_fault(x, 9, 13, "unknown_code", 8, "Utopia");
    sdmx_close(x);
}

static void our_own_rows_name_their_indicator(void **state)
{
    (void)state;
    struct sdmx *x = read_all("x.csv", STR("STRUCTURE_ID,REF_AREA,INDICATOR,TIME_PERIOD,"
                                           "OBS_VALUE\n"
                                           "CAU:INDICATOR(1.0),_Z,,2023,5\n"
                                           "CAU:INDICATOR(1.0),_Z,mine,2023,5\n"));
    check(sdmx_series_count(x) == 1);
    is_fault(x, 0, 2, "required", 4, "");
    is_form(x, 0,
            "{'external_id':'mine','kind':'indicator','values':[{'period':'2023','standing':"
            "'reported','value':'5'}]}");
    sdmx_close(x);
}

static void a_table_by_country_and_year_has_a_series_for_each_column(void **state)
{
    (void)state;
    struct sdmx *x = read_all("gdp.csv", STR("Country Name,Country Code,Year,Value\r\n"
                                             "Arab World,ARB,1960,1\r\n"
                                             "\"Bahamas, The\",BHS,1960,169803921.56862745\r\n"
                                             "Viet Nam,,2023,2E-3\r\n"));
    check(sdmx_series_count(x) == 2);
    is_form(x, 0,
            "{'countries':['BS'],'external_id':'gdp:BS','kind':'indicator','sources':[{'title':"
            "'gdp.csv'}],'title':{'und':'gdp \xE2\x80\x93 Bahamas'},'values':[{'period':"
            "'1960','standing':'reported','value':'169803921.56862745'}]}");
    is_form(x, 1,
            "{'countries':['VN'],'external_id':'gdp:VN','kind':'indicator','sources':[{'title':"
            "'gdp.csv'}],'title':{'und':'gdp \xE2\x80\x93 Viet Nam'},'values':[{'period':"
            "'2023','standing':'reported','value':'0.002'}]}");
    is_fault(x, 0, 2, "not_a_country", 1, "Arab World");
    sdmx_close(x);
    x = read_all("rd.csv", STR("LOCATION,Country,TIME,Government,Higher Education\n"
                               "RUS,Russian Federation,1996,4900849.07888,21260.34891\n"
                               "RUS,Russian Federation,1997,,33147.01833\n"));
    check(sdmx_series_count(x) == 2 && sdmx_series_line(x, 1) == 2);
    struct value v;
    check(sdmx_form(x, &a, 1, &v) == CAU_OK && value_get(&v, "values")->n == 2);
    check(str_is(value_get_str(&v, "external_id"), "rd:Higher Education:RU"));
    sdmx_close(x);
}

static bool is_head(const char *text)
{
    static struct csv_row row;
    bool more;
    struct csv r = csv_open(str_of(text), ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK && more);
    return sdmx_is_head(row.cell, row.n);
}

static void heads_are_known(void **state)
{
    (void)state;
    check(is_head("DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\n"));
    check(is_head("STRUCTURE,ref_area: Area,TIME_PERIOD: Time,OBS_VALUE\n"));
    check(is_head("Country Name,Country Code,Year,Value\n"));
    check(is_head("\xEF\xBB\xBFLOCATION,Country,TIME,Total\n"));
    check(!is_head("Country Code,Year\n") && !is_head("name,country,year\n"));
    check(!is_head("TIME_PERIOD,OBS_VALUE\n") && !is_head("Country Code,Year,Country\n"));
    check(!is_head("Country Code,Year,Value,OBS_VALUE\n")); /* found by the fuzzer */
    static struct csv_row row;
    bool more;
    struct sdmx *x;
    const char *missing;
    struct csv r = csv_open(STR("DATAFLOW,REF_AREA,OBS_VALUE\n"), ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK);
    check(sdmx_open(&life, &form, STR("x"), row.cell, row.n, &x, &missing) == CAU_ERR_SYNTAX);
    assert_string_equal(missing, "TIME_PERIOD");
}

/* ---- limits ---- */

static enum cau_err head_with(size_t dimensions)
{
    static struct cell cell[CELL_COLUMNS_MAX];
    static const char *const last[] = {"REF_AREA", "TIME_PERIOD", "OBS_VALUE"};
    struct sdmx *x = NULL;
    const char *missing;
    life.used = 0;
    for (size_t i = 0; i < dimensions; i++)
        cell[i] = (struct cell){.text = STR("DIM")};
    for (size_t i = 0; i < 3; i++)
        cell[dimensions + i] = (struct cell){.text = str_of(last[i])};
    enum cau_err err = sdmx_open(&life, &form, STR("x"), cell, dimensions + 3, &x, &missing);
    sdmx_close(x);
    return err;
}

/* Takes rows of series s and years until it is refused. */
static enum cau_err take(struct sdmx *x, uint32_t line, size_t series, size_t period)
{
    char dimension[32], month[48];
    snprintf(dimension, sizeof dimension, "%zu", series);
    snprintf(month, sizeof month, "%04zu-%02zu", 1000 + period / 12, period % 12 + 1);
    const struct cell cell[] = {{.text = str_of(dimension)},
                                {.text = STR("VN")},
                                {.text = str_of(month)},
                                {.text = STR("1")}};
    return sdmx_take(x, line, cell, countof(cell));
}

static void one_over_each_limit_is_refused(void **state)
{
    (void)state;
    check(head_with(SDMX_DIMENSIONS_MAX) == CAU_OK);
    check(head_with(SDMX_DIMENSIONS_MAX + 1) == CAU_ERR_RANGE);

    struct sdmx *x = read_all("x", STR("DIM,REF_AREA,TIME_PERIOD,OBS_VALUE\n"));
    for (size_t i = 0; i <= SDMX_VALUES_MAX; i++)
        check(take(x, (uint32_t)i + 2, 0, i) == CAU_OK);
    is_fault(x, 0, SDMX_VALUES_MAX + 2, "too_many", 3, "1");
    sdmx_close(x);

    x = read_all("x", STR("DIM,REF_AREA,TIME_PERIOD,OBS_VALUE\n"));
    for (size_t i = 0; i < SDMX_SERIES_MAX; i++)
        check(take(x, (uint32_t)i + 2, i, 0) == CAU_OK);
    check(take(x, SDMX_SERIES_MAX + 2, SDMX_SERIES_MAX, 0) == CAU_ERR_RANGE);
    sdmx_close(x);

    x = read_all("x", STR("DIM,REF_AREA,TIME_PERIOD,OBS_VALUE\n"));
    for (size_t i = 0; i < SDMX_FIGURES_MAX; i++)
        check(take(x, (uint32_t)i + 2, i / 1000, i % 1000) == CAU_OK);
    check(take(x, SDMX_FIGURES_MAX + 2, 0, 1001) == CAU_ERR_RANGE);
    sdmx_close(x);
}

/* ---- through the import and back ---- */

static struct import_outcome out;

static bool holds(struct str text, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= text.len; i++)
        if (memcmp(text.p + i, word, n) == 0)
            return true;
    return false;
}

static enum import_why import(const char *file, const char *text, const char *mapping)
{
    struct actor boss = actor_operator();
    struct import_options o = {.file = str_of(file), .mapping = str_of(mapping)};
    a.used = 0;
    return import_run(node.n, &a, &boss, str_of(text), &o, NULL, &out);
}

static struct value payload(const char *external_id)
{
    struct view *v = view_take(node.n);
    struct view_record r;
    uint32_t doc = view_find(v, READER_ALL, str_of(external_id));
    check(doc != 0 && view_get(v, &a, READER_ALL, doc, &r) == CAU_OK);
    view_give(node.n, v);
    return r.payload;
}

#define HEAD "Country Name,Country Code,Year,Value\n"
#define SET                                                                                    \
    "{\"kind\":\"indicator\",\"fixed\":{\"title\":{\"vi\":\"GDP\",\"ru\":\"ВВП\"},"         \
    "\"measure\":\"economy\",\"unit\":{\"vi\":\"đô la Mỹ\"},\"unit_code\":\"USD\"}}"

static void imports_join_and_a_unit_stays(void **state)
{
    (void)state;
    check(import("gdp.csv", HEAD "Viet Nam,VNM,2022,410\nWorld,WLD,2022,9\nWorld,WLD,2023,9\n",
                 SET) == IMPORT_OK);
    check(out.added == 1 && out.refused == 1 && out.rows == 2);
    struct value v = payload("gdp:VN");
    check(str_is(value_get_str(value_get(&v, "title"), "ru"), "ВВП \xE2\x80\x93 Вьетнам"));
    check(str_is(value_get_str(&v, "latest"), "2022"));
    /* A later file brings a later year; the earlier one stays. */
    check(import("gdp.csv", HEAD "Viet Nam,VNM,2023,429\n", SET) == IMPORT_OK);
    check(out.changed == 1);
    v = payload("gdp:VN");
    check(value_get(&v, "values")->n == 2 && str_is(value_get_str(&v, "latest"), "2023"));
    check(import("gdp.csv", HEAD "Viet Nam,VNM,2023,429.0\n", SET) == IMPORT_OK &&
          out.same == 1);
    /* Another unit for figures that stay is refused, with its place. */
    check(import("gdp.csv", HEAD "Viet Nam,VNM,2023,429\n",
                 "{\"kind\":\"indicator\",\"fixed\":{\"unit_code\":\"EUR\"}}") == IMPORT_OK);
    check(out.refused == 1 && out.changed == 0);
    check(holds(out.report, "\"code\":\"unit_changes\"") &&
          holds(out.report, "\"column\":\"unit\""));
    /* Undone, the record is as it was. */
    check(import("gdp.csv", HEAD "Viet Nam,VNM,2023,430\n", SET) == IMPORT_OK);
    struct actor boss = actor_operator();
    check(import_undo(node.n, &a, &boss, out.id, NULL, &out) == IMPORT_OK);
    v = payload("gdp:VN");
    check(str_is(value_get_str(&value_get(&v, "values")->item[1], "value"), "429"));
}

static void a_file_without_its_columns_is_refused_whole(void **state)
{
    struct actor boss = actor_operator();
    struct import_options o = {.format = IMPORT_SDMX};
    (void)state;
    check(import_look(node.n, &a, &boss, STR("REF_AREA,OBS_VALUE\nVN,5\n"), &o, NULL, &out) ==
          IMPORT_BAD_FILE);
    check(str_is(out.fault.code, "no_column") && str_is(out.fault.value, "TIME_PERIOD"));
}

static enum cau_err collect(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
    return CAU_OK;
}

static void what_is_exported_comes_back_the_same(void **state)
{
    struct writer_result r;
    struct buf b = buf_new((size_t)4 << 20);
    struct export_sink sink = {&b, collect};
    struct export_options o = {.format = EXPORT_SDMX, .lang = LANG_EN};
    uint64_t figures;
    (void)state;
    check(test_put(&node, "indicator", RECORD_PUBLIC,
                   "{'countries':['VN','RU'],'external_id':'trade','latest':'2024','title':{"
                   "'en':'Trade','vi':'Kim ngạch'},'unit':{'en':'dollars'},'values':["
                   "{'note':{'en':'estimated'},'period':'2023','side':'VN','value':'-3.50'},"
                   "{'period':'2024','qualifier':'nearly','side':'RU','source':'a, b','value':"
                   "'6'},{'period':'2030-01','side':'VN','target':true,'value':'15'}]}",
                   &r) == CAU_OK);
    a.used = 0;
    check(export_write(node.n, &a, READER_PUBLIC, &o, &sink, &figures) == CAU_OK);
    check(figures == 5); /* with the two of the test before */
    check(holds(buf_str(&b), "dataflow,CAU:INDICATOR(1.0),I,trade,VN,RU,VN,N,A,2023,"
                             "-3.50,,0,E,exact,"));
    check(holds(buf_str(&b), ",VN,RU,RU,N,A,2024,6,,0,A,nearly,"));
    check(holds(buf_str(&b), ",VN,RU,VN,Y,M,2030-01,15,"));
    buf_add_char(&b, 0);
    check(import("any.csv", b.p, "") == IMPORT_OK);
    check(out.same == 2 && out.rows == 2);
    o.kind = kinds_find(node_kinds(node.n), STR("need"));
    check(export_write(node.n, &a, READER_PUBLIC, &o, &sink, &figures) == CAU_ERR_REFUSED);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_1_with_labels_becomes_a_series_by_pair_of_countries),
        cmocka_unit_test(each_wrong_row_is_told_with_its_place),
        cmocka_unit_test(our_own_rows_name_their_indicator),
        cmocka_unit_test(a_table_by_country_and_year_has_a_series_for_each_column),
        cmocka_unit_test(heads_are_known),
        cmocka_unit_test(one_over_each_limit_is_refused),
        cmocka_unit_test(imports_join_and_a_unit_stays),
        cmocka_unit_test(a_file_without_its_columns_is_refused_whole),
        cmocka_unit_test(what_is_exported_comes_back_the_same),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
