#include "web/routes.h"

#include "test.h"
#include "web_help.h"

#include <string.h>

static const struct route *find(enum http_method method, const char *path,
                                struct str part[SITE_PARTS_MAX], bool *other)
{
    struct http_path p;
    arena_reset(&web.arena);
    check(http_read_path(&web.arena, str_of(path), &p) == CAU_OK);
    return routes_find(&web.site, method, &p, part, other);
}

static void every_change_needs_a_person_and_a_token(void **state)
{
    (void)state;
    for (size_t i = 0; i < routes_count; i++) {
        const struct route *r = &routes_list[i];
        if (r->method != HTTP_POST || strcmp(r->name, "sign-in") == 0)
            continue;
        if ((r->flags & ROUTE_OPEN) !=
            0) { /* a question, of a stranger, for whom nothing changes */
            check((r->flags & (ROUTE_SIGNED | ROUTE_TOKEN | ROUTE_KEPT)) == 0);
            continue;
        }
        check((r->flags & ROUTE_SIGNED) != 0 && (r->flags & ROUTE_TOKEN) != 0);
    }
    for (size_t i = 0; i < routes_count; i++) /* one name is one form */
        for (size_t j = 0; j < i; j++)
            if (strcmp(routes_list[i].name, routes_list[j].name) == 0)
                check(routes_list[i].method != routes_list[j].method);
}

static void finds_pages(void **state)
{
    (void)state;
    struct str part[SITE_PARTS_MAX];
    bool other;
    const char *const id = "/ru/r:aq6pyljnjbkwadj3gukx3yqkqm/version/public/3";
    const struct route *r = find(HTTP_GET, id, part, &other);
    check(r != NULL && strcmp(r->name, "version") == 0 && str_is(part[0], "ru"));
    check(str_is(part[1], "r:aq6pyljnjbkwadj3gukx3yqkqm") && str_is(part[3], "3"));
    check(strcmp(find(HTTP_HEAD, "/vi/need", part, &other)->name, "kind") == 0);
    check(strcmp(find(HTTP_GET, "/vi/search/", part, &other)->name, "search") == 0);
    check(strcmp(find(HTTP_GET, "/log/public/tile/0/x001/067.p/3", part, &other)->name,
                 "tile") == 0);
    check(find(HTTP_GET, "/de/need", part, &other) == NULL && !other);
    check(find(HTTP_GET, "/vi/nothing", part, &other) == NULL && !other);
    check(find(HTTP_GET, "/vi/need/1", part, &other) ==
          NULL); /* the form in leaves is no page */
    check(find(HTTP_GET, "/vi/r:short", part, &other) == NULL);
    check(find(HTTP_GET, "/log/public/tile", part, &other) == NULL);
    check(find(HTTP_POST, "/vi/search", part, &other) == NULL && other);
}

static void tokens_are_of_one_session_and_one_route(void **state)
{
    (void)state;
    unsigned char key[32] = {1}, other[32] = {2};
    struct ask *q = test_ask(&web, LANG_EN);
    memcpy(q->form_key, key, sizeof key);
    ask_token(q, q->page, "t", "edit");
    check(html_get(q->page, "t").len == 0); /* nobody is signed in */
    q->signed_in = true;
    ask_token(q, q->page, "token", "edit");
    struct str token = html_get(q->page, "token");
    check(token.len == SITE_TOKEN_CHARS && site_token_good(key, "edit", token));
    check(!site_token_good(key, "new", token) && !site_token_good(other, "edit", token));
    check(!site_token_good(key, "edit", STR("")) &&
          !site_token_good(key, "edit", str_to(token, token.len - 1)));
    test_answered(&web);
}

static void plans_bodies(void **state)
{
    (void)state;
    struct http_request r = {.method = HTTP_POST, .head = &web.head, .arena = &web.arena};
    arena_reset(&web.arena);
    check(http_read_path(&web.arena, STR("/vi/sign-in"), &r.path) == CAU_OK);
    struct http_plan plan = routes_plan(&web.site, &r);
    check(plan.slow && plan.body_max == SITE_FORM_BYTES_MAX);
    check(http_read_path(&web.arena, STR("/vi/imports"), &r.path) == CAU_OK);
    check(routes_plan(&web.site, &r).body_max == 0); /* nobody is signed in: not a byte */
    r.method = HTTP_GET;
    check(http_read_path(&web.arena, STR("/vi"), &r.path) == CAU_OK);
    plan = routes_plan(&web.site, &r);
    check(!plan.slow && plan.body_max == 0);
}

/* Of a request that cannot be served the first part of its path is known: a person is told in his language, a program
 * in its form. */
static void a_fault_is_told_to_who_asked(void **state)
{
    (void)state;
    static const struct {
        const char *path, *says;
    } row[] = {
        {"/ru", "Слишком длинный адрес</h1>"},
        {"/en", "Address too long</h1>"},
        {"/vi", "Địa chỉ quá dài</h1>"},
        {"/api", "{\"status\":414,\"title\":\""},
    };
    for (size_t i = 0; i < countof(row); i++) {
        arena_reset(&web.arena);
        web.http = (struct http_request){.fault = 414,
                                         .target = str_of(row[i].path),
                                         .head = &web.head,
                                         .arena = &web.arena};
        web.answer = (struct http_answer){.body = buf_new(HTTP_ANSWER_BYTES_MAX)};
        check(http_read_path(&web.arena, web.http.target, &web.http.path) == CAU_OK);
        routes_answer(&web.site, &web.http, &web.answer);
        check(web.answer.status == 414 && test_says(buf_str(&web.answer.body), row[i].says));
        buf_free(&web.answer.body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_needs_a_person_and_a_token),
        cmocka_unit_test(finds_pages),
        cmocka_unit_test(tokens_are_of_one_session_and_one_route),
        cmocka_unit_test(plans_bodies),
        cmocka_unit_test(a_fault_is_told_to_who_asked),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
