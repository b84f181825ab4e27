#include "web/part/narrow.h"

#include "test.h"
#include "web_help.h"

static size_t page_asked(const char *text)
{
    struct http_field field = {STR("page"), str_of(text)};
    struct ask *q = test_ask(&web, LANG_EN);
    q->http->query = (struct http_fields){&field, 1};
    size_t page = narrow_page(q);
    test_answered(&web);
    return page;
}

static void a_page_is_a_number_within_the_limit(void **state)
{
    (void)state;
    check(page_asked("7") == 7 && page_asked("2000") == NARROW_PAGES_MAX);
    check(page_asked("2001") == 1 && page_asked("0") == 1 && page_asked("") == 1);
    check(page_asked("-1") == 1 && page_asked("2x") == 1);
}

static void values_over_the_limit_are_folded_away(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_EN);
    struct html_map *facet = narrow_facet(q, STR("Country"));
    for (size_t i = 0; i <= NARROW_SHOWN; i++)
        narrow_value(facet, STR("Viet Nam"), i, STR("/en/x"));
    check(html_count(facet, "values") == NARROW_SHOWN && html_count(facet, "more") == 1);
    narrow_chip(q, STR("Country"), STR("Viet Nam"), STR("/en/x"));
    check(html_count(q->page, "filters") == 1 && html_count(q->page, "facets") == 1);
    test_answered(&web);
}

static struct str address(void *ctx, size_t page)
{
    return ask_print(ctx, "/en/x?page=%zu", page);
}

static void pages_have_neighbours(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_EN);
    narrow_pages(q, 1, 1, address, q);
    check(html_get(q->page, "place").len == 0);
    narrow_pages(q, 1, 3, address, q);
    check(html_get(q->page, "place").len > 0 && html_get(q->page, "previous").len == 0);
    check(str_is(html_get(q->page, "next"), "/en/x?page=2"));
    test_answered(&web);
    q = test_ask(&web, LANG_EN);
    narrow_pages(q, 3, 3, address, q);
    check(str_is(html_get(q->page, "previous"), "/en/x?page=2"));
    check(html_get(q->page, "next").len == 0);
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_a_number_within_the_limit),
        cmocka_unit_test(values_over_the_limit_are_folded_away),
        cmocka_unit_test(pages_have_neighbours),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
