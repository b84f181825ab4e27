#include "web/record/indicator_section.h"

#include "test.h"
#include "web/record/record_pages.h"
#include "web_help.h"

static struct writer_result put(const char *json)
{
    struct writer_result out;
    check(test_put(&web.node, "indicator", RECORD_PUBLIC, json, &out) == CAU_OK);
    return out;
}

/* The record's page in a language. */
static struct str page(const struct writer_result *record, enum lang lang)
{
    struct ask *q = test_ask(&web, lang);
    q->part[1] = (struct str){record->id, sizeof record->id};
    record_page_show(q);
    check(q->answer->status == 200);
    return buf_str(&q->answer->body);
}

static bool has(struct str x, const char *word)
{
    return test_find(x, 0, word) < x.len;
}

static void both_sides_stand_beside_each_other(void **state)
{
    struct writer_result r =
        put("{'countries':['VN','RU'],'definitions':[{'definition':{'ru':'По стране "
            "происхождения'},'side':'RU'}],'title':{'en':'Trade'},'unit':{'en':'US "
            "dollars'},'values':[{'period':'2023','side':'RU','value':'5000000000'},{'period':'"
            "2024','qualifier':'nearly','side':'RU','source':'FCS','value':'6000000000'},{'"
            "period':'2024','side':'VN','value':'4580000000'}]}");
    (void)state;
    struct str x = page(&r, LANG_EN);
    check(has(x, "Unit: US dollars") && has(x, "<svg class=\"cau-svg cau-chart\""));
    check(has(x, "nearly 6,000,000,000") && has(x, "href=\"#figure-source-1\""));
    check(has(x, "about 1,420,000,000") && has(x, "23.7 % of the higher figure"));
    check(has(x, "higher: Russian Federation") && has(x, "not stated"));
    check(has(x, "lang=\"ru\" >По стране происхождения") &&
          has(x, "The definition is not stated."));
    check(!has(x, "style=")); /* the policy of the page allows none */
    test_answered(&web);
}

static void a_target_and_what_came_of_it(void **state)
{
    struct writer_result r =
        put("{'countries':['VN'],'title':{'vi':'Tỷ trọng công nghiệp'},'unit':{'vi':'% "
            "GDP'},'values':[{'period':'2030','qualifier':'over','side':'VN','target':true,'"
            "value':'40'},{'period':'2023','side':'VN','value':'37.65'}]}");
    (void)state;
    struct str x = page(&r, LANG_VI);
    check(has(x, "chỉ tiêu: trên 40") && has(x, "37,65") &&
          has(x, "\xE2\x88\x92"
                 "2,35"));
    check(has(x, "Chưa có số liệu của kỳ này") && !has(x, "Chênh lệch</th>"));
    test_answered(&web);
}

static void another_unit_of_the_same_figures_is_told(void **state)
{
    struct writer_result r =
        put("{'title':{'en':'Trade'},'unit':{'en':'million "
            "dollars'},'values':[{'period':'2024','side':'RU','value':'6'}]}");
    (void)state;
    check(test_again(&web.node, "indicator", RECORD_PUBLIC,
                     "{'title':{'en':'Trade'},'unit':{'en':'dollars'},'values':[{'period':'"
                     "2024','side':'RU','value':'6'}]}",
                     &r) == CAU_OK);
    check(
        has(page(&r, LANG_EN), "In version 1 the same figures had the unit “million dollars”"));
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_sides_stand_beside_each_other),
        cmocka_unit_test(a_target_and_what_came_of_it),
        cmocka_unit_test(another_unit_of_the_same_figures_is_told),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
