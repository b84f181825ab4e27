#include "web/api/api.h"

#include "record/json.h"
#include "test.h"
#include "web_help.h"

static int start(void **state)
{
    struct writer_result out;
    test_web_start(state);
    return test_put(&web.node, "offer", RECORD_PUBLIC,
                    "{'country':'RU','title':{'ru':'Топка для лузги'}}", &out) == CAU_OK
               ? 0
               : -1;
}

/* What the search answers a program. */
static struct value found(struct str text)
{
    struct http_field field = {STR("q"), text};
    struct value v = {.type = VALUE_NULL};
    struct ask *q = test_ask(&web, LANG_VI);
    q->reader = READER_PUBLIC;
    web.http.query = (struct http_fields){&field, 1};
    api_search(q);
    check(web.answer.status == 200 && !web.answer.body.failed);
    check(json_read(&web.arena, buf_str(&web.answer.body), 1 << 20, JSON_OUTSIDE, &v, NULL) ==
          CAU_OK);
    test_answered(&web);
    return v;
}

/* As on the page: whoever asks too much is told that only the beginning was used. */
static void says_that_a_query_was_cut(void **state)
{
    (void)state;
    static char longer[INDEX_QUERY_BYTES_MAX + 20];
    struct value v = found(STR("лузга"));
    check(value_get_int(&v, "total", 0) == 1 && value_get(&v, "cut") == NULL);
    for (size_t i = 0; i < sizeof longer; i++)
        longer[i] = i % 8 == 7 ? ' ' : (char)('a' + i / 8 % 26);
    v = found((struct str){longer, INDEX_QUERY_BYTES_MAX});
    check(value_get(&v, "hits") != NULL);
    v = found((struct str){longer, sizeof longer});
    check(value_get(&v, "cut") != NULL && value_get(&v, "cut")->type == VALUE_TRUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_that_a_query_was_cut)};
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
