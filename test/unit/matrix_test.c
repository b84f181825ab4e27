#include "web/search/matrix.h"

#include "test.h"
#include "web_help.h"

static void put(const char *kind, enum record_audience audience, const char *json)
{
    struct writer_result out;
    check(test_put(&web.node, kind, audience, json, &out) == CAU_OK);
}

/* A need of Viet Nam in two fields of one group, an answered and an unanswered one, a private offer. */
static int start(void **state)
{
    (void)state;
    test_web_make(&web);
    put("need", RECORD_PUBLIC,
        "{'country':'VN','fields':['FORD:2.7','FORD:2.3'],'title':{'vi':'Móng nổi'}}");
    put("need", RECORD_PUBLIC,
        "{'country':'VN','fields':['FORD:1.4'],'title':{'vi':'Hấp phụ asen'}}");
    put("need", RECORD_PUBLIC, "{'country':'VN','title':{'vi':'Không ghi lĩnh vực'}}");
    put("offer", RECORD_PUBLIC,
        "{'country':'RU','fields':['FORD:2.7'],'title':{'ru':'Плавучие фундаменты'}}");
    put("offer", RECORD_PRIVATE,
        "{'country':'RU','fields':['FORD:1.4'],'title':{'ru':'Сорбенты'}}");
    put("organization", RECORD_PUBLIC,
        "{'country':'RU','fields':['FORD:2'],'name':{'ru':['Институт']}}");
    return 0;
}

static const struct matrix_row *row_of(const struct matrix *m, const char *code)
{
    for (size_t i = 1; i < m->rows; i++)
        if (str_is(m->row[i].field->code, code))
            return &m->row[i];
    return NULL;
}

static const struct str vn_ru[2] = {{"VN", 2}, {"RU", 2}};

static void counts_each_field_and_group(void **state)
{
    (void)state;
    struct matrix m;
    struct ask *q = test_ask(&web, LANG_EN);
    q->reader = READER_PUBLIC;
    check(matrix_count(q, vn_ru, &m) == CAU_OK && m.row[0].field == NULL);
    check(m.row[0].n[MATRIX_NEEDS_A] == 3 && m.row[0].n[MATRIX_OFFERS_B] == 1);
    const struct matrix_row *broad = row_of(&m, "2"), *sea = row_of(&m, "2.7");
    check(broad->broad && broad->n[MATRIX_NEEDS_A] == 1); /* once, though in two fields */
    check(broad->n[MATRIX_ORGANIZATIONS_B] == 1 && sea->n[MATRIX_ORGANIZATIONS_B] == 0);
    check(!sea->broad && sea->n[MATRIX_NEEDS_A] == 1 && sea->n[MATRIX_OFFERS_B] == 1);
    check(!matrix_is_gap(sea, MATRIX_OFFERS_B) && !matrix_is_gap(sea, MATRIX_NEEDS_A));
    check(matrix_is_gap(row_of(&m, "2.3"), MATRIX_OFFERS_B));
    check(matrix_is_gap(row_of(&m, "1.4"), MATRIX_OFFERS_B)); /* the offer is not his to see */
    check(!matrix_is_gap(row_of(&m, "1.1"), MATRIX_OFFERS_B));
    test_answered(&web);
    q = test_ask(&web, LANG_EN);
    check(matrix_count(q, vn_ru, &m) == CAU_OK);
    check(row_of(&m, "1.4")->n[MATRIX_OFFERS_B] == 1); /* staff see the private offer */
    test_answered(&web);
}

/* What a cell links to lists as many records as the cell says, for every cell and two readers. */
static void every_number_is_the_total_of_its_search(void **state)
{
    (void)state;
    const struct index_reader readers[] = {READER_PUBLIC, READER_ALL};
    for (size_t who = 0; who < 2; who++) {
        struct matrix m;
        struct ask *q = test_ask(&web, LANG_VI);
        q->reader = readers[who];
        check(matrix_count(q, vn_ru, &m) == CAU_OK && m.rows > 40);
        for (size_t i = 0; i < m.rows; i++)
            for (unsigned c = 0; c < MATRIX_COLUMNS; c++) {
                struct str address = matrix_address(q, &m, &m.row[i], (enum matrix_column)c);
                struct str path, query;
                struct results r;
                struct index_result found;
                struct http_path parts;
                http_split_target(address, &path, &query);
                check(http_read_path(q->arena, path, &parts) == CAU_OK && parts.n == 2);
                check(http_read_query(q->arena, query, 20, &web.http.query) == CAU_OK);
                results_read(q, kinds_find(q->site->kinds, parts.segment[1]), &r);
                check(results_find(q, &r, 1, &found) == CAU_OK);
                check(found.total == m.row[i].n[c]);
            }
        test_answered(&web);
    }
}

static void set_query(const char *query)
{
    check(http_read_query(&web.arena, str_of(query), 20, &web.http.query) == CAU_OK);
}

static void two_different_countries(void **state)
{
    (void)state;
    struct str c[2];
    struct ask *q = test_ask(&web, LANG_EN);
    check(matrix_read(q, c) && str_is(c[0], "VN") && str_is(c[1], "RU"));
    set_query("a=RU");
    check(matrix_read(q, c) && str_is(c[0], "RU") && str_is(c[1], "VN"));
    set_query("b=VN");
    check(matrix_read(q, c) && str_is(c[0], "RU") && str_is(c[1], "VN"));
    set_query("a=BY&b=KZ"); /* of the list, though without records */
    check(matrix_read(q, c) && str_is(c[0], "BY"));
    set_query("a=RU&b=RU");
    check(!matrix_read(q, c));
    set_query("a=RU&b=<b>");
    check(!matrix_read(q, c));
    test_answered(&web);
}

static void a_branch_is_its_codes(void **state)
{
    (void)state;
    struct results r;
    struct index_filter out[INDEX_FILTERS_MAX];
    struct ask *q = test_ask(&web, LANG_EN);
    set_query("field=FORD:6*&field=FORD:99*&field=GRNTI:44*&country=VN");
    results_read(q, NULL, &r);
    size_t n = results_filters(q, &r, out);
    check(r.filters == 4 &&
          n == 4 + 5); /* 6 and 6.1 to 6.5 in place of one; the unknown stay */
    check(str_is(out[0].value, "FORD:6") && str_is(out[1].value, "FORD:6.1"));
    /* One over the limit is left out. */
    struct buf many = buf_new(4096);
    for (int i = 0; i < INDEX_FILTERS_MAX - 5; i++)
        buf_printf(&many, "year=%d&", 1000 + i);
    buf_add_word(&many, "field=FORD:6*");
    check(http_read_query(&web.arena, buf_str(&many), 100, &web.http.query) == CAU_OK);
    results_read(q, NULL, &r);
    check(results_filters(q, &r, out) == INDEX_FILTERS_MAX);
    buf_free(&many);
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_each_field_and_group),
        cmocka_unit_test(every_number_is_the_total_of_its_search),
        cmocka_unit_test(two_different_countries),
        cmocka_unit_test(a_branch_is_its_codes),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
