#include "exchange/form/form.h"

#include "record/json.h"
#include "record/record.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static struct arena a, permanent;
static struct kinds kinds;
static struct form form;

static int open_all(void **state)
{
    (void)state;
    permanent = arena_new(64 << 20);
    a = arena_new(32 << 20);
    return kinds_load(&permanent, &kinds, NULL) == CAU_OK ? 0 : 1;
}

static int close_all(void **state)
{
    (void)state;
    arena_free(&a);
    arena_free(&permanent);
    return 0;
}

/* Cells of "a|b|c"; "#12" is a number, "@2019-01-01" a date, "!#REF!" an error, "?true" a flag. */
static size_t cells(const char *line, struct cell *out)
{
    size_t n = 0;
    for (struct str rest = str_of(line); rest.p != NULL;) {
        struct str text = str_next(&rest, '|');
        static const char mark[] = "#@!?";
        static const enum cell_type type[] = {CELL_NUMBER, CELL_DATE, CELL_ERROR, CELL_FLAG};
        const char *at = text.len > 0 ? strchr(mark, text.p[0]) : NULL;
        bool marked = at != NULL && *at != 0;
        out[n++] = (struct cell){marked ? str_from(text, 1) : text,
                                 marked ? type[at - mark] : CELL_TEXT, false};
    }
    return n;
}

static void open_form(const char *kind, const char *heads)
{
    struct cell head[32];
    size_t understood;
    check(form_open(&a, &kinds, kinds_find(&kinds, str_of(kind)), LANG_VI, &form) == CAU_OK);
    check(form_propose(&form, &a, head, cells(heads, head), &understood) == CAU_OK);
}

static void check_targets(const char *kind, const char *heads, const char *expected)
{
    struct buf got = buf_new(1000);
    open_form(kind, heads);
    for (size_t i = 0; i < form.n; i++) {
        buf_add(&got, i > 0 ? STR("|") : STR(""));
        buf_add(&got, form.column[i].target.to);
    }
    buf_add_char(&got, 0);
    assert_string_equal(got.p, expected);
    buf_free(&got);
    form_close(&form);
    arena_reset(&a);
}

static void headings_in_three_languages(void **state)
{
    (void)state;
    check_targets("organization",
                  "STT|Tên đơn vị (*)|Tên tiếng Nga (ru)|name_en|Loại hình|Tỉnh/Thành phố|Quốc "
                  "gia|MST|Website",
                  "|name|name.ru|name.en|types|city|country|identifiers.tax_vn|websites");
    check_targets("organization",
                  "Полное наименование|ИНН|ОГРН|Страна|Город (рус.)|Широта|Долгота|Учредитель",
                  "name|identifiers.inn|identifiers.ogrn|country|city.ru|coordinates.latitude|"
                  "coordinates.longitude|links.parent");
    check_targets("organization",
                  "Name - English|Country:|ROR ID|E-mail|Year founded|Name (Deutsch)|Name (de)",
                  "name.en|country|identifiers.ror|mailbox|established||name.de");
    check_targets(
        "need",
        "Title (vi)|Tiêu đề|Kinh phí|Số tiền|Валюта|FORD|sources.url|Nothing of the kind",
        "title.vi|title|budget|budget.amount|budget.currency|fields.FORD|sources.url|");
    check_targets("organization", "visibility|kind|external_id|Phạm vi công khai|country (vi)",
                  "visibility|kind|external_id|visibility|");
    check_targets("organization", "||", "||");
}

static void check_row(const char *kind, const char *heads, const char *row,
                      const char *expected)
{
    struct cell cell[32];
    struct value out;
    struct form_problems problems;
    bool bad = true;
    struct buf got = buf_new(10000);
    open_form(kind, heads);
    check(form_row(&form, &a, cell, cells(row, cell), &out, &problems, &bad) == CAU_OK);
    for (size_t i = 0; i < problems.n; i++)
        buf_printf(&got, "%s%s:%zu:%.*s ", problems.v[i].warning ? "?" : "!",
                   problems.v[i].code, problems.v[i].column, STR_ARG(problems.v[i].value));
    if (!bad)
        json_write(&got, &out);
    buf_add_char(&got, 0);
    assert_string_equal(got.p, expected);
    buf_free(&got);
    form_close(&form);
    arena_reset(&a);
}

static void texts_and_names(void **state)
{
    (void)state;
    check_row("organization", "name|name.ru", "Viện Vật lý; IMS|Институт физики",
              "{\"kind\":\"organization\",\"name\":{\"en\":[\"IMS\"],\"ru\":[\"Институт "
              "физики\"],\"vi\":[\"Viện Vật lý\"]}}");
    check_row("organization", "name", "Інститут фізики",
              "{\"kind\":\"organization\",\"name\":{\"und\":[\"Інститут фізики\"]}}");
    check_row("organization", "name.vi", "[\"A; B\",\"C\"]",
              "{\"kind\":\"organization\",\"name\":{\"vi\":[\"A; B\",\"C\"]}}");
    check_row("organization", "name.vi|name", "A|{\"ja\":[\"B\"]}",
              "{\"kind\":\"organization\",\"name\":{\"ja\":[\"B\"],\"vi\":[\"A\"]}}");
    check_row("need", "title|title.vi", "Móng nổi|Phao", "!twice:1:Phao ");
    check_row("need", "title.vi|title.ru", "  \xC2\xA0Móng; nổi | ",
              "{\"kind\":\"need\",\"title\":{\"vi\":\"Móng; nổi\"}}");
    check_row("organization", "summary", "'=1+2",
              "{\"kind\":\"organization\",\"summary\":{\"vi\":\"=1+2\"}}");
}

static void choices_flags_dates(void **state)
{
    (void)state;
    check_row("organization", "types|country", "Doanh nghiệp; viện nghiên cứu|LB Nga",
              "{\"country\":\"RU\",\"kind\":\"organization\",\"types\":[\"enterprise\","
              "\"institute\"]}");
    check_row("organization", "types|country", "УНИВЕРСИТЕТ|Việt nam",
              "{\"country\":\"VN\",\"kind\":\"organization\",\"types\":[\"university\"]}");
    check_row("organization", "country", "Atlantis",
              "{\"country\":\"Atlantis\",\"kind\":\"organization\"}");
    check_row("need", "urgent", "có", "{\"kind\":\"need\",\"urgent\":true}");
    check_row("need", "urgent", "НЕТ", "{\"kind\":\"need\",\"urgent\":false}");
    check_row("need", "urgent", "?true", "{\"kind\":\"need\",\"urgent\":true}");
    check_row("need", "urgent", "maybe", "{\"kind\":\"need\",\"urgent\":\"maybe\"}");
    check_row("need", "visibility|deadline", "Nội bộ|7.3.2019",
              "{\"deadline\":\"2019-03-07\",\"kind\":\"need\",\"visibility\":\"private\"}");
    static const char *const date[][2] = {
        {"07/03/2019", "2019-03-07"}, {"7-3-2019", "2019-03-07"},
        {"03.2019", "2019-03"},       {"2019", "2019"},
        {"2019-03", "2019-03"},       {"@2019-03-07", "2019-03-07"},
        {"31.02.2019", "2019-02-31"}, {"soon", "soon"},
        {"1.2.3.4", "1.2.3.4"},       {"7.3.19", "7.3.19"}};
    for (size_t i = 0; i < countof(date); i++) {
        char expected[100];
        snprintf(expected, sizeof expected, "{\"deadline\":\"%s\",\"kind\":\"need\"}",
                 date[i][1]);
        check_row("need", "deadline", date[i][0], expected);
    }
}

static void numbers(void **state)
{
    (void)state;
    static const char *const amount[][2] = {{"1 234,50 USD", "1234.50"},
                                            {"USD 1.234.567", "1234567"},
                                            {"1,234.5 USD", "1234.5"},
                                            {"1.234,5 USD", "1234.5"},
                                            {"12,5 USD", "12.5"},
                                            {"1.234 USD", "1.234"},
                                            {"\xE2\x88\x92"
                                             "3 USD",
                                             "-3"},
                                            {"x USD", "x USD"}};
    for (size_t i = 0; i < countof(amount); i++) {
        char expected[100];
        snprintf(expected, sizeof expected,
                 "{\"budget\":{\"amount\":\"%s\",\"currency\":\"USD\"},\"kind\":\"need\"}",
                 amount[i][1]);
        check_row("need", "budget", amount[i][0], expected);
    }
    check_row("need", "budget.amount|budget.currency", "#1500000|đồng",
              "{\"budget\":{\"amount\":\"1500000\",\"currency\":\"VND\"},\"kind\":\"need\"}");
    static const char *const place[] = {"21.0285, 105.8542", "21,0285; 105,8542",
                                        "21.0285 105.8542", "21.0285,105.8542"};
    for (size_t i = 0; i < countof(place); i++)
        check_row("organization", "coordinates", place[i],
                  "{\"coordinates\":{\"latitude\":\"21.0285\",\"longitude\":\"105.8542\"},"
                  "\"kind\":\"organization\"}");
    check_row("organization", "coordinates", "Hà Nội", "!bad_place:0:Hà Nội ");
    check_row("organization", "coordinates.latitude|coordinates.longitude", "21,5|#105.25",
              "{\"coordinates\":{\"latitude\":\"21.5\",\"longitude\":\"105.25\"},\"kind\":"
              "\"organization\"}");
}

static void codes_of_states(void **state)
{
    (void)state;
    check_row("organization", "MST", "0100109106",
              "{\"identifiers\":{\"tax_vn\":\"0100109106\"},\"kind\":\"organization\"}");
    check_row("organization", "MST", "0100109106-001",
              "{\"identifiers\":{\"tax_vn\":\"0100109106-001\"},\"kind\":\"organization\"}");
    check_row("organization", "MST", "010010947", "!wrong_digits:0:010010947 ");
    check_row("organization", "MST", "#100109106",
              "?lost_zeros:0:0100109106 "
              "{\"identifiers\":{\"tax_vn\":\"0100109106\"},\"kind\":\"organization\"}");
    check_row("organization", "ИНН", "#77", "!wrong_digits:0:77 ");
    check_row("organization", "identifiers.wikidata", "Q1",
              "{\"identifiers\":{\"wikidata\":\"Q1\"},\"kind\":\"organization\"}");
}

static void fields_with_parts(void **state)
{
    (void)state;
    check_row("organization", "links.parent|fields.FORD|fields",
              "https://ror.org/1; Bộ Y tế|2.7|HS:8502",
              "{\"fields\":[\"FORD:2.7\",\"HS:8502\"],\"kind\":\"organization\",\"links\":[{"
              "\"rel\":\"parent\",\"to\":"
              "\"https://ror.org/1\"},{\"label\":\"Bộ Y tế\",\"rel\":\"parent\"}]}");
    check_row("organization", "sources.title|sources.url|sources.date",
              "Sách|www.x.vn|1.2.2020",
              "{\"kind\":\"organization\",\"sources\":[{\"date\":\"2020-02-01\",\"title\":"
              "\"Sách\",\"url\":\"http://www.x.vn\"}]}");
    check_row("organization", "sources|websites",
              "[{\"title\":\"A\"},{\"title\":\"B\"}]|www.a.vn; https://b.vn",
              "{\"kind\":\"organization\",\"sources\":[{\"title\":\"A\"},{\"title\":\"B\"}],"
              "\"websites\":[\"http://www.a.vn\",\"https://b.vn\"]}");
    check_row("organization", "sources", "a book", "!wrong_type:0:a book ");
    check_row("person", "studies.degree|studies.country", "PhD|Россия",
              "{\"kind\":\"person\",\"studies\":[{\"country\":\"RU\",\"degree\":\"PhD\"}]}");
}

static void cells_that_are_refused(void **state)
{
    (void)state;
    check_row("organization", "city", "!#REF!", "!error_cell:0:#REF! ");
    check_row("organization", "city", "!=", "!formula_without_value:0:= ");
    check_row("organization", "city", "|x", "!no_heading:1:x ");
    check_row("organization", "kind", "need", "!unknown_kind:0:need ");
    check_row("organization", "kind", "Tổ chức", "{\"kind\":\"organization\"}");
    char row[FORM_PROBLEMS_MAX * 4 + 10] = "";
    for (size_t i = 0; i <= FORM_PROBLEMS_MAX + 1; i++)
        strncat(row, "|!e", sizeof row - strlen(row) - 1);
    struct cell cell[32];
    struct value out;
    struct form_problems problems;
    bool bad;
    open_form("organization", "city");
    check(form_row(&form, &a, cell, cells(row, cell), &out, &problems, &bad) == CAU_OK);
    check(bad && problems.n == FORM_PROBLEMS_MAX);
    struct arena none = {NULL, 0, 0};
    size_t n = cells("Huế", cell);
    check(form_row(&form, &none, cell, n, &out, &problems, &bad) == CAU_ERR_MEMORY);
    form_close(&form);
}

static void check_mapping(const char *json, enum cau_err expected, const char *expected_place)
{
    struct cell head[8];
    struct str place = STR("");
    size_t n = cells("Tên|Ghi chú", head);
    check(form_open(&a, &kinds, kinds_find(&kinds, STR("organization")), LANG_VI, &form) ==
          CAU_OK);
    check(form_read_mapping(&form, &a, str_of(json), head, n, &place) == expected);
    if (expected == CAU_ERR_SYNTAX)
        check(str_is(place, expected_place));
}

static void mappings_are_kept_as_json(void **state)
{
    (void)state;
    check_mapping("{\"kind\":\"organization\",\"lang\":\"ru\",\"columns\":[{\"head\":\"Ghi "
                  "chú\",\"to\":\"summary.de\"},"
                  "{\"head\":\"Other\",\"to\":\"city\"}],\"fixed\":{\"country\":\"VN\","
                  "\"visibility\":\"private\"}}",
                  CAU_OK, NULL);
    struct buf json = buf_new(10000), again = buf_new(10000);
    form_write_mapping(&json, &form);
    struct str text = buf_str(&json);
    check(str_equal(
        text, STR("{\"kind\":\"organization\",\"lang\":\"ru\",\"columns\":[{\"head\":\"Tên\","
                  "\"to\":\"name\"},"
                  "{\"head\":\"Ghi "
                  "chú\",\"to\":\"summary.de\"}],\"fixed\":{\"country\":\"VN\",\"visibility\":"
                  "\"private\"}}")));
    check(str_is(form_mapping_kind(&a, text), "organization"));
    struct cell cell[8];
    struct value out;
    struct form_problems problems;
    bool bad;
    check(form_row(&form, &a, cell, cells("A|B", cell), &out, &problems, &bad) == CAU_OK &&
          !bad);
    check(str_is(value_get_str(&out, "country"), "VN"));
    check(str_is(value_get_str(&out, "visibility"), "private"));
    form_close(&form);
    buf_add_char(&json, 0);
    check_mapping(json.p, CAU_OK, NULL);
    form_write_mapping(&again, &form);
    check(str_equal(buf_str(&again), str_to(buf_str(&json), json.len - 1)));
    form_close(&form);
    buf_free(&json);
    buf_free(&again);

    static const char *const broken[][2] = {
        {"", "mapping"},
        {"[]", "mapping"},
        {"{\"lang\":\"de\"}", "lang"},
        {"{\"columns\":1}", "columns"},
        {"{\"columns\":[{\"to\":\"city\"}]}", "columns.head"},
        {"{\"columns\":[{\"head\":\"x\"}]}", "columns.to"},
        {"{\"columns\":[{\"head\":\"x\",\"to\":\"nowhere\"}]}", "nowhere"},
        {"{\"columns\":[{\"head\":\"x\",\"to\":\"city.xx\"}]}", "city.xx"},
        {"{\"fixed\":[]}", "fixed"},
        {"{\"fixed\":{\"country\":1.5}}", "fixed"},
        {"{\"fixed\":{\"nowhere\":1}}", "nowhere"}};
    for (size_t i = 0; i < countof(broken); i++) {
        check_mapping(broken[i][0], CAU_ERR_SYNTAX, broken[i][1]);
        form_close(&form);
    }
    char *big = arena_take(&a, FORM_MAPPING_BYTES_MAX + 2);
    memset(big, ' ', FORM_MAPPING_BYTES_MAX + 1);
    memcpy(big, "{}", 2);
    big[FORM_MAPPING_BYTES_MAX + 1] = 0;
    check_mapping(big, CAU_ERR_RANGE, NULL);
    form_close(&form);
    big[FORM_MAPPING_BYTES_MAX] = 0;
    check_mapping(big, CAU_OK, NULL);
    form_close(&form);
}

static void places_lead_back_to_columns(void **state)
{
    (void)state;
    open_form("organization", "name.vi|country|sources.url|links.parent");
    check(form_column_of(&form, STR("name.vi[0]")) == 0);
    check(form_column_of(&form, STR("country")) == 1);
    check(form_column_of(&form, STR("name.ru")) == CELL_COLUMNS_MAX);
    check(form_column_of(&form, STR("")) == CELL_COLUMNS_MAX);
    form_close(&form);
}

static void every_heading_of_the_list_is_a_target(void **state)
{
    (void)state;
    const struct kind_list *list = kinds_find_list(&kinds, STR("heading"));
    check(list != NULL);
    for (size_t i = 0; i < list->n; i++) {
        bool found = false;
        for (size_t k = 0; k < kinds.n && !found; k++) {
            struct form_target target;
            check(form_open(&a, &kinds, &kinds.kind[k], LANG_VI, &form) == CAU_OK);
            found = form_find_target(&form, list->code[i].code, &target);
            check(form.target_count < FORM_TARGETS_MAX);
            form_close(&form);
            arena_reset(&a);
        }
        if (!found)
            print_error("%.*s\n", STR_ARG(list->code[i].code));
        check(found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_in_three_languages),
        cmocka_unit_test(texts_and_names),
        cmocka_unit_test(choices_flags_dates),
        cmocka_unit_test(numbers),
        cmocka_unit_test(codes_of_states),
        cmocka_unit_test(fields_with_parts),
        cmocka_unit_test(cells_that_are_refused),
        cmocka_unit_test(mappings_are_kept_as_json),
        cmocka_unit_test(places_lead_back_to_columns),
        cmocka_unit_test(every_heading_of_the_list_is_a_target),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
