#include "index/facet_int.h"

#include "test.h"

static void documents_share_shapes(void **state)
{
    (void)state;
    struct facets f = facets_new();
    struct index_value v[] = {{INDEX_COUNTRY, STR("VN")},
                              {INDEX_KIND, STR("need")},
                              {INDEX_COUNTRY, STR("RU")},
                              {INDEX_COUNTRY, STR("VN")}};
    struct index_value w[] = {
        {INDEX_KIND, STR("need")}, {INDEX_COUNTRY, STR("RU")}, {INDEX_COUNTRY, STR("VN")}};
    struct index_doc one = {.value = v, .value_count = countof(v)};
    struct index_doc two = {.value = w, .value_count = countof(w)};
    uint32_t x, y;
    check(facets_intern(&f, &one, &x) == CAU_OK && facets_intern(&f, &two, &y) == CAU_OK);
    check(x == y && facets_shapes(&f) == 1 && facets_values(&f) == 3);
    two.audience = 3;
    check(facets_intern(&f, &two, &y) == CAU_OK && y != x && facets_audience(&f, y) == 3);
    two.value_count = 1;
    check(facets_intern(&f, &two, &y) == CAU_OK && facets_shapes(&f) == 3);
    size_t n;
    const uint16_t *value = facets_of_shape(&f, y, &n);
    check(n == 1 && str_is(facets_value(&f, value[0]), "need"));
    check(facets_column(&f, value[0]) == INDEX_KIND);
    facets_free(&f);
}

static void filters_decide(void **state)
{
    (void)state;
    struct arena room = arena_new(1 << 20);
    struct facets f = facets_new();
    struct index_value v[] = {{INDEX_COUNTRY, STR("VN")}, {INDEX_YEAR, STR("2019")}};
    struct index_doc d = {.value = v, .value_count = countof(v)};
    uint32_t shape;
    check(facets_intern(&f, &d, &shape) == CAU_OK);
    static const struct {
        struct index_filter filter[2];
        size_t n;
        unsigned decision;
    } expected[] = {
        {{{INDEX_COUNTRY, {"VN", 2}}}, 0, FACET_PASSES},
        {{{INDEX_COUNTRY, {"VN", 2}}}, 1, FACET_PASSES},
        {{{INDEX_COUNTRY, {"RU", 2}}}, 1, INDEX_COUNTRY},
        {{{INDEX_COUNTRY, {"RU", 2}}, {INDEX_COUNTRY, {"VN", 2}}}, 2, FACET_PASSES},
        {{{INDEX_COUNTRY, {"VN", 2}}, {INDEX_YEAR, {"2020", 4}}}, 2, INDEX_YEAR},
        {{{INDEX_COUNTRY, {"RU", 2}}, {INDEX_YEAR, {"2020", 4}}}, 2, FACET_MISSES},
        {{{INDEX_YEAR, {"VN", 2}}}, 1, INDEX_YEAR}, /* another column's value */
    };
    for (size_t i = 0; i < countof(expected); i++) {
        struct facet_filter filter;
        check(facet_filter_open(&f, &room, expected[i].filter, expected[i].n, &filter) ==
              CAU_OK);
        check(facet_filter_decide(&filter, shape) == expected[i].decision);
    }
    struct arena none = {NULL, 0, 0};
    struct facet_filter filter;
    check(facet_filter_open(&f, &none, expected[1].filter, 1, &filter) == CAU_ERR_MEMORY);
    facets_free(&f);
    arena_free(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(documents_share_shapes),
                                       cmocka_unit_test(filters_decide)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
