#include "web/api/api.h"

#include "record/json.h"
#include "test.h"
#include "web_help.h"

static struct writer_result need, hidden_need, offer, hidden_offer;

static int start(void **state)
{
    test_web_start(state);
    check(test_put(&web.node, "offer", RECORD_PUBLIC,
                   "{'country':'RU','title':{'ru':'Топка для лузги'}}", &offer) == CAU_OK);
    check(test_put(&web.node, "offer", RECORD_PRIVATE,
                   "{'country':'VN','title':{'vi':'Buồng đốt trấu'}}",
                   &hidden_offer) == CAU_OK);
    check(test_put(&web.node, "need", RECORD_PUBLIC,
                   "{'country':'VN','title':{'ru':'Топка, которая сжигает лузгу','vi':'Buồng "
                   "đốt trấu'}}",
                   &need) == CAU_OK);
    check(test_put(&web.node, "need", RECORD_PRIVATE, "{'title':{'vi':'Buồng đốt trấu'}}",
                   &hidden_need) == CAU_OK);
    return 0;
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
    check(value_get_int(&v, "total", 0) == 2 && value_get(&v, "cut") == NULL);
    for (size_t i = 0; i < sizeof longer; i++)
        longer[i] = i % 8 == 7 ? ' ' : (char)('a' + i / 8 % 26);
    v = found((struct str){longer, INDEX_QUERY_BYTES_MAX});
    check(value_get(&v, "hits") != NULL);
    v = found((struct str){longer, sizeof longer});
    check(value_get(&v, "cut") != NULL && value_get(&v, "cut")->type == VALUE_TRUE);
}

/* The status of what is answered to who asks for matches; the hits, when there are any. */
static unsigned matches(struct index_reader reader, const char *query, struct value *hits)
{
    struct value v = {.type = VALUE_NULL};
    struct ask *q = test_ask(&web, LANG_EN);
    static const struct route route = {.name = "api-match", .flags = ROUTE_DATA};
    q->route = &route;
    q->actor = actor_anonymous();
    q->reader = reader;
    check(http_read_query(&web.arena, str_of(query), 20, &web.http.query) == CAU_OK);
    api_match(q);
    unsigned status = web.answer.status;
    *hits = (struct value){.type = VALUE_NULL};
    if (status == 200) {
        check(json_read(&web.arena, buf_str(&web.answer.body), 1 << 20, JSON_OUTSIDE, &v,
                        NULL) == CAU_OK);
        check(value_get(&v, "hits") != NULL);
        *hits = *value_get(&v, "hits");
    }
    test_answered(&web);
    return status;
}

static bool has(const struct value *hits, const struct writer_result *x)
{
    for (uint32_t i = 0; i < hits->n; i++)
        if (str_equal(value_get_str(&hits->item[i], "id"), (struct str){x->id, sizeof x->id}))
            return true;
    return false;
}

static const char *of(const struct writer_result *x, const char *more)
{
    static char query[200];
    check(snprintf(query, sizeof query, "id=%.*s%s", (int)sizeof x->id, x->id, more) > 0);
    return query;
}

static void what_fits_a_record_and_a_text(void **state)
{
    (void)state;
    struct value hits;
    check(matches(READER_PUBLIC, of(&need, ""), &hits) == 200);
    check(hits.n == 1 && has(&hits, &offer)); /* offers, and what is public of them */
    const struct value *hit = &hits.item[0], *reasons = value_get(hit, "reasons");
    check(str_is(value_get_str(hit, "kind"), "offer") && value_get(hit, "rank") != NULL);
    check(value_get_str(hit, "band").len > 0 && str_is(value_get_str(hit, "lang"), "ru"));
    check(reasons != NULL && reasons->n > 0 &&
          value_get_int(&reasons->item[0], "share_permille", 0) > 0);
    check(matches(READER_ALL, of(&need, ""), &hits) == 200 && has(&hits, &hidden_offer));
    check(matches(READER_ALL, of(&need, "&country=VN"), &hits) == 200 && hits.n == 1);
    check(matches(READER_ALL, of(&need, "&limit=1"), &hits) == 200 && hits.n == 1);
    check(matches(READER_ALL, of(&need, "&limit=0"), &hits) == 200 && hits.n == 0);
    check(matches(READER_PUBLIC,
                  "text=bu%E1%BB%93ng+%C4%91%E1%BB%91t+tr%E1%BA%A5u&query_lang=vi"
                  "&kind=need",
                  &hits) == 200);
    check(hits.n == 1 && has(&hits, &need));
}

static void what_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "text=+",
                                      "text=a&limit=101",
                                      "text=a&kind=x",
                                      "text=a&query_lang=de",
                                      "text=a&limit=-1"};
    struct value hits;
    for (size_t i = 0; i < countof(bad); i++)
        check(matches(READER_PUBLIC, bad[i], &hits) == 400);
    check(matches(READER_PUBLIC, of(&need, "&text=a"), &hits) ==
          400); /* the one or the other */
    check(matches(READER_PUBLIC, of(&hidden_need, ""), &hits) ==
          404); /* as if it were not there */
    check(matches(READER_ALL, of(&hidden_need, ""), &hits) == 200);
    check(matches(READER_PUBLIC, "id=r:aaaaaaaaaaaaaaaaaaaaaaaaaa", &hits) == 404);
    check(matches(READER_PUBLIC, "text=a&limit=100", &hits) == 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(says_that_a_query_was_cut),
                                       cmocka_unit_test(what_fits_a_record_and_a_text),
                                       cmocka_unit_test(what_is_refused)};
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
