#include "web/desk/desk_pages.h"

#include "test.h"
#include "web_help.h"

static struct str page(enum lang lang, struct index_reader reader)
{
    return test_page(cooperation_page, "", lang, reader);
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
    check(test_says(p, "href=\"/en/portfolio\">Projects and programmes</a> <span "
                       "class=\"cau-count\">2</span>"));
    check(test_says(
        p, "href=\"/en/agreements\">Agreements</a> <span class=\"cau-count\">0</span>"));
    check(test_says(page(LANG_RU, READER_ALL),
                    "Соглашения</a> <span class=\"cau-count\">1</span>"));
    test_web_end(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_the_reader_may_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
