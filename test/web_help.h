/* web_help.h - a request on a throw-away node, and what a browser would send back from a page. */
#ifndef CAU_TEST_WEB_HELP_H
#define CAU_TEST_WEB_HELP_H

#include "base/clock.h"
#include "node_help.h"
#include "test.h"
#include "web/routes.h"
#include "web/serve/site.h"

struct test_web {
    struct test_node node;
    struct site site;
    struct http_request http;
    struct http_head head;
    struct http_answer answer;
    struct arena arena;
    struct ask q;
};

static inline void test_web_make(struct test_web *t)
{
    memset(t, 0, sizeof *t);
    t->node = test_make();
    if (site_open(&t->site, t->node.n, NULL) != CAU_OK)
        abort();
    t->arena = arena_new((size_t)96 << 20);
}

static inline void test_web_end(struct test_web *t)
{
    site_close(&t->site);
    test_end(&t->node);
    arena_free(&t->arena);
}

/* Begins a page's request in a language, as a reader who sees everything. */
static inline struct ask *test_ask(struct test_web *t, enum lang lang)
{
    static const struct route route = {.name = "edit"};
    arena_reset(&t->arena);
    t->http = (struct http_request){
        .method = HTTP_POST, .target = STR("/x"), .head = &t->head, .arena = &t->arena};
    t->answer = (struct http_answer){.body = buf_new(HTTP_ANSWER_BYTES_MAX)};
    t->q = (struct ask){.site = &t->site,
                        .http = &t->http,
                        .answer = &t->answer,
                        .arena = &t->arena,
                        .route = &route,
                        .lang = lang,
                        .view = view_take(t->node.n),
                        .reader = READER_ALL};
    t->q.actor = actor_operator();
    ask_begin_page(&t->q);
    return &t->q;
}

static inline void test_answered(struct test_web *t)
{
    if (t->q.desk_taken)
        desk_give(t->site.desk);
    view_give(t->node.n, t->q.view);
    buf_free(&t->answer.body);
}

/* The node of all tests of a file: cmocka_run_group_tests(tests, test_web_start, test_web_stop). */
static struct test_web web;

static inline int test_web_start(void **state)
{
    (void)state;
    test_web_make(&web);
    return 0;
}

static inline int test_web_stop(void **state)
{
    (void)state;
    clock_set_ms(0);
    test_web_end(&web);
    return 0;
}

/* ---- a very small browser ---- */

static inline size_t test_find(struct str x, size_t from, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = from; i + n <= x.len; i++)
        if (memcmp(x.p + i, word, n) == 0)
            return i;
    return x.len;
}

static inline bool test_says(struct str page, const char *words)
{
    return test_find(page, 0, words) < page.len;
}

static inline struct str test_unescape(struct arena *a, struct str x)
{
    static const char *const entity[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    char *p = arena_take(a, x.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < x.len;) {
        size_t k = 0, len = 1;
        char c = x.p[i];
        for (; k < 5; k++)
            if (str_starts(str_from(x, i), str_of(entity[k][0]))) {
                c = entity[k][1][0];
                len = strlen(entity[k][0]);
                break;
            }
        p[n++] = c;
        i += len;
    }
    return (struct str){p, n};
}

/* The value of an attribute in a tag; {NULL, 0} when it is not there. */
static inline struct str test_attribute(struct arena *a, struct str tag, const char *name)
{
    char mark[40];
    snprintf(mark, sizeof mark, " %s=\"", name);
    size_t at = test_find(tag, 0, mark);
    if (at == tag.len)
        return (struct str){NULL, 0};
    at += strlen(mark);
    size_t end = test_find(tag, at, "\"");
    return test_unescape(a, (struct str){tag.p + at, end - at});
}

/* What a browser sends for the form's controls as they stand on the page. */
static inline struct http_fields test_submit(struct arena *a, struct str page)
{
    struct http_fields f = {arena_take(a, HTTP_FORM_FIELDS_MAX * sizeof *f.v), 0};
    struct str select = {NULL, 0};
    for (size_t at = 0; (at = test_find(page, at, "<")) < page.len; at++) {
        struct str rest = str_from(page, at);
        struct str tag = str_to(rest, test_find(rest, 0, ">"));
        struct str name = test_attribute(a, tag, "name"), type = test_attribute(a, tag, "type");
        bool checked = test_find(tag, 0, " checked") < tag.len;
        if (str_starts(tag, STR("<select"))) {
            select = name;
        } else if (str_starts(tag, STR("<option"))) {
            if (test_find(tag, 0, " selected") < tag.len)
                f.v[f.n++] = (struct http_field){select, test_attribute(a, tag, "value")};
        } else if (str_starts(tag, STR("<textarea"))) {
            struct str text = str_from(rest, tag.len + 1);
            text = str_to(text, test_find(text, 0, "</textarea>"));
            f.v[f.n++] = (struct http_field){name, test_unescape(a, text)};
        } else if (str_starts(tag, STR("<input")) && name.p != NULL) {
            bool box = str_is(type, "checkbox") || str_is(type, "radio");
            if (!box || checked)
                f.v[f.n++] = (struct http_field){name, test_attribute(a, tag, "value")};
        }
    }
    return f;
}

/* What a reader who is not signed in gets from a page with this query, in the arena of web. */
static inline struct str test_page(void (*answer)(struct ask *q), const char *query,
                                   enum lang lang, struct index_reader reader)
{
    struct ask *q = test_ask(&web, lang);
    struct str out;
    q->http->method = HTTP_GET;
    q->actor = actor_anonymous();
    q->reader = reader;
    check(http_read_query(&web.arena, str_of(query), 20, &web.http.query) == CAU_OK);
    answer(q);
    check(q->answer->status == 200 && !q->answer->body.failed);
    check(arena_copy(&web.arena, buf_str(&q->answer->body), &out) == CAU_OK);
    test_answered(&web);
    return out;
}

#endif
