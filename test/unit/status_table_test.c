#include "web/desk/desk_pages.h"

#include "test.h"
#include "web_help.h"

static struct writer_result mechanism, session, alone, commitment;

static const char before[] =
    "{'countries':['VN','RU'],'due':'2026-03','external_id':'c','force':'agreed','mechanism':'"
    "m',"
    "'side':['VN','RU'],'title':{'ru':'Договорённость','vi':'Cam kết <một>'}}";
static const char after[] =
    "{'countries':['VN','RU'],'due':'2026-03','external_id':'c','force':'agreed','mechanism':'"
    "m',"
    "'side':['VN','RU'],'statuses':[{'date':'2026-04','side':'VN','status':'done'}],"
    "'title':{'ru':'Договорённость','vi':'Cam kết <một>'}}";

static int start(void **state)
{
    (void)state;
    test_web_make(&web);
    check(test_put(&web.node, "mechanism", RECORD_PUBLIC,
                   "{'countries':['VN','RU'],'external_id':'m','title':{'vi':'Ủy ban'}}",
                   &mechanism) == CAU_OK);
    check(test_put(&web.node, "session", RECORD_PUBLIC,
                   "{'external_id':'s','held_on':'2025-06','mechanism':'m','status':'held',"
                   "'title':{'vi':'Kỳ họp'}}",
                   &session) == CAU_OK);
    check(test_put(&web.node, "session", RECORD_PUBLIC,
                   "{'external_id':'alone','title':{'vi':'Không cơ chế'}}", &alone) == CAU_OK);
    check(test_put(&web.node, "commitment", RECORD_PUBLIC, before, &commitment) == CAU_OK);
    clock_set_ms(INT64_C(1795305600000)); /* 2026-11-22 */
    return 0;
}

static void ask(const struct writer_result *record, struct http_field *query, size_t n)
{
    struct ask *q = test_ask(&web, LANG_VI);
    q->reader = READER_PUBLIC;
    q->part[1] = (struct str){record->id, sizeof record->id};
    web.http.query = (struct http_fields){query, n};
    status_table_page(q);
}

static void answered(void)
{
    if (web.q.desk_taken)
        desk_give(web.site.desk);
    web.q.desk_taken = false;
    test_answered(&web);
}

static struct str header(const char *name)
{
    for (size_t i = 0; i < web.answer.headers; i++)
        if (str_is(web.answer.header[i].name, name))
            return web.answer.header[i].value;
    return STR("");
}

static bool has(const char *words)
{
    struct str page = buf_str(&web.answer.body);
    return test_find(page, 0, words) < page.len;
}

static struct http_field whole[] = {{{"second", 6}, {"ru", 2}},
                                    {{"on", 2}, {"2026-11-22", 10}}};

/* Without a day or a language the address is made whole, so that it shows the same table tomorrow. */
static void an_address_is_made_whole(void **state)
{
    (void)state;
    ask(&mechanism, NULL, 0);
    check(web.answer.status == 303 &&
          str_ends(header("Location"), STR("/table?second=ru&on=2026-11-22")));
    answered();
    ask(&session, NULL, 0); /* it was held: as of its own day */
    check(str_ends(header("Location"), STR("/table?second=ru&on=2025-06-01")));
    answered();
    struct http_field odd[] = {
        {STR("second"), STR("de")}, {STR("on"), STR("2026-11")}, {STR("format"), STR("docx")}};
    ask(&mechanism, odd, 3);
    check(str_ends(header("Location"), STR("/table?second=ru&on=2026-11-22&format=docx")));
    answered();
    ask(&alone, whole, 2); /* has no table: itself */
    check(web.answer.status == 303 &&
          test_find(header("Location"), 0, "table") == header("Location").len);
    answered();
    ask(&commitment, whole, 2);
    check(web.answer.status == 303);
    answered();
}

static void the_page_and_its_files(void **state)
{
    (void)state;
    ask(&mechanism, whole, 2);
    check(web.answer.status == 200 && has("Cam kết &lt;một&gt;") && has("Договорённость"));
    check(has("cau-office--wide") && has("format=docx") && has("Lập bảng"));
    check(has("value=\"2026-11-22\"") && has("1 cam kết, trong đó 1 cam kết quá hạn."));
    answered();
    for (unsigned f = 0; f < 4; f++) {
        static const char *const name[] = {"html", "docx", "xlsx", "csv"};
        struct http_field q[] = {whole[0], whole[1], {STR("format"), str_of(name[f])}};
        ask(&mechanism, q, 3);
        check(web.answer.status == 200 && web.answer.body.len > 500);
        check(test_find(header("Content-Disposition"), 0, "table-2026-11-22-vi-ru.") <
              header("Content-Disposition").len);
        answered();
    }
}

/* What is kept is given up as soon as a log has grown, and never shown to others who see more or less. */
static void kept_until_a_log_grows(void **state)
{
    (void)state;
    ask(&mechanism, whole, 2);
    answered();
    ask(&mechanism, whole, 2);
    check(!web.q.desk_taken && has("Cam kết &lt;một&gt;")); /* not counted again */
    answered();
    struct writer_result hidden;
    check(test_put(&web.node, "commitment", RECORD_PARTNER,
                   "{'countries':['VN'],'external_id':'h','force':'agreed','mechanism':'m',"
                   "'side':['VN'],'title':{'vi':'Chỉ cho đối tác'}}",
                   &hidden) == CAU_OK);
    check(test_again(&web.node, "commitment", RECORD_PUBLIC, after, &commitment) == CAU_OK);
    ask(&mechanism, whole, 2);
    check(has("Đã hoàn thành") && !has("Chỉ cho đối tác"));
    answered();
    struct ask *q = test_ask(&web, LANG_VI);
    q->part[1] = (struct str){mechanism.id, sizeof mechanism.id};
    web.http.query = (struct http_fields){whole, 2};
    status_table_page(q); /* who sees everything */
    check(has("Chỉ cho đối tác") && has("/log/partner"));
    answered();
    ask(&mechanism, whole, 2);
    check(!has("Chỉ cho đối tác") && !has("/log/partner"));
    answered();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_made_whole),
        cmocka_unit_test(the_page_and_its_files),
        cmocka_unit_test(kept_until_a_log_grows),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
