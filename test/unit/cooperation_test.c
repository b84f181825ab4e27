#include "web/pages_int.h"

#include "test.h"
#include "web_help.h"

static struct test_web web;

static struct str page(enum lang lang, struct index_reader reader)
{
    struct ask *q = test_ask(&web, lang);
    struct str out;
    web.http.method = HTTP_GET;
    q->actor = actor_anonymous();
    q->reader = reader;
    cooperation_page(q);
    check(q->answer->status == 200 && !q->answer->body.failed);
    check(arena_copy(&web.arena, buf_str(&q->answer->body), &out) == CAU_OK);
    test_answered(&web);
    return out;
}

static bool says(struct str page, const char *words)
{
    return test_find(page, 0, words) < page.len;
}

static void counts_what_the_reader_may_see(void **state)
{
    (void)state;
    struct writer_result out;
    test_web_make(&web);
    check(test_put(&web.node, "project", RECORD_PUBLIC, "{'title':{'en':'P'}}", &out) ==
          CAU_OK);
    check(test_put(&web.node, "programme", RECORD_PUBLIC, "{'title':{'en':'Q'}}", &out) ==
          CAU_OK);
    check(test_put(&web.node, "agreement", RECORD_PRIVATE, "{'title':{'en':'A'}}", &out) ==
          CAU_OK);
    struct str p = page(LANG_EN, READER_PUBLIC);
    /* Projects and programmes stand in one list. */
    check(says(p, "href=\"/en/portfolio\">Projects and programmes</a> <span "
                  "class=\"cau-count\">2</span>"));
    check(says(p, "href=\"/en/agreements\">Agreements</a> <span class=\"cau-count\">0</span>"));
    check(says(page(LANG_RU, READER_ALL), "Соглашения</a> <span class=\"cau-count\">1</span>"));
    test_web_end(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_the_reader_may_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
