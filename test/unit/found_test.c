#include "view/found.h"

#include "node_help.h"
#include "record/json.h"
#include "test.h"

static struct test_node node;
static struct writer_result offer, bare;

static int start(void **state)
{
    (void)state;
    node = test_make();
    check(test_put(&node, "offer", RECORD_PUBLIC,
                   "{'country':'RU','external_id':'o-1','title':{'ru':'Топка для лузги',"
                   "'vi':'Buồng đốt trấu'}}",
                   &offer) == CAU_OK);
    return test_put(&node, "offer", RECORD_PUBLIC, "{'country':'RU'}", &bare) == CAU_OK ? 0
                                                                                        : -1;
}

static int stop(void **state)
{
    (void)state;
    test_end(&node);
    return 0;
}

static void is(const struct value *v, const char *json)
{
    struct buf b = buf_new(1 << 16);
    json_write(&b, v);
    check(str_is(buf_str(&b), json));
    buf_free(&b);
}

static struct view_record get(struct view *v, const struct writer_result *x)
{
    struct view_record r;
    check(view_get(v, &node.a, READER_PUBLIC, x->doc, &r) == CAU_OK);
    r.id = STR("r:x"); /* a random one */
    return r;
}

static void a_hit_as_programs_read_it(void **state)
{
    (void)state;
    static const struct index_reason reason = {.query_word = {"trấu", 6},
                                               .text_word = {"лузги", 10},
                                               .share_permille = 300,
                                               .channel = INDEX_TRANSLATION,
                                               .sources = {"glossary", 8}};
    struct value v;
    struct view *view = view_take(node.n);
    struct match_hit hit = {
        .record = get(view, &offer),
        .like = {.likeness = 7, .lang = STR("ru"), .reason = &reason, .reason_count = 1},
        .fit = {{FIT_FIELD, STR("FORD:2.7"), 1000}},
        .fits = 1,
        .rank = 4800};
    check(found_match(&node.a, &hit, LANG_VI, true, &v) == CAU_OK);
    is(&v, "{\"band\":\"strong\",\"external_id\":\"o-1\",\"id\":\"r:x\",\"kind\":\"offer\","
           "\"lang\":\"ru\",\"rank\":4800,\"reasons\":[{\"channel\":\"translation\","
           "\"query\":\"trấu\",\"share_permille\":300,\"source\":\"glossary\",\"text\":"
           "\"лузги\"},{\"channel\":\"field\",\"points\":1000,\"text\":\"FORD:2.7\"}],"
           "\"score\":7,\"title\":\"Топка для лузги\"}");
    hit.like.lang = STR("");
    check(found_match(&node.a, &hit, LANG_VI, false, &v) == CAU_OK);
    check(str_is(value_get_str(&v, "lang"), "vi") && value_get(&v, "reasons") == NULL);
    struct view_record none = get(view, &bare);
    check(found_record(&node.a, &none, LANG_EN, 1, &v) == CAU_OK);
    is(&v,
       "{\"id\":\"r:x\",\"kind\":\"offer\",\"lang\":\"und\",\"score\":1,\"title\":\"r:x\"}");
    struct arena little = {NULL, 0, 0};
    check(found_match(&little, &hit, LANG_VI, true, &v) == CAU_ERR_MEMORY);
    check(str_is(value_get_str(&v, "lang"), "und")); /* unchanged */
    view_give(node.n, view);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_hit_as_programs_read_it)};
    return cmocka_run_group_tests(tests, start, stop);
}
