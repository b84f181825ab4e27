#include "web/serve/http_parse.h"

#include "base/buf.h"
#include "test.h"

#include <string.h>

static unsigned char space[1 << 20];

static struct arena fresh(void)
{
    return (struct arena){space, sizeof space, 0};
}

static enum cau_err path(const char *raw, struct http_path *out)
{
    struct arena a = fresh();
    return http_read_path(&a, str_of(raw), out);
}

static void splits_and_decodes_paths(void **state)
{
    (void)state;
    struct http_path p;
    check(path("/", &p) == CAU_OK && p.n == 0);
    check(path("/vi/", &p) == CAU_OK && p.n == 1 && str_is(p.segment[0], "vi"));
    check(path("/ru/r:abc/%D0%B4%20a", &p) == CAU_OK && p.n == 3);
    check(str_is(p.segment[2], "д a"));
    check(path("/a+b", &p) == CAU_OK && str_is(p.segment[0], "a+b")); /* plus is plus here */
}

static void refuses_paths_that_fool_others(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",      "vi",     "//",     "/vi//x",  "/.", "/a/..", "/a/%2e%2e", "/a%2fb", "/a%5cb",
        "/a\\b", "/a%00b", "/a%0ab", "/%ff%fe", "/%", "/%4",   "/%zz",      "/a%7f"};
    struct http_path p = {.n = 7};
    for (size_t i = 0; i < countof(bad); i++)
        check(path(bad[i], &p) == CAU_ERR_SYNTAX && p.n == 7);
    check(path("/1/2/3/4/5/6/7/8/9/10/11/12", &p) == CAU_OK && p.n == HTTP_SEGMENTS_MAX);
    check(path("/1/2/3/4/5/6/7/8/9/10/11/12/13", &p) == CAU_ERR_RANGE);
}

static void reads_queries_and_forms(void **state)
{
    (void)state;
    struct arena a = fresh();
    struct http_fields f;
    check(http_read_query(&a, STR("q=dien+gio%2C&kind=need&kind=offer&x&=y&&"), 10, &f) ==
          CAU_OK);
    check(f.n == 5);
    check(str_is(http_get(&f, "q"), "dien gio,"));
    check(str_is(http_get(&f, "kind"), "need") && str_is(f.v[2].value, "offer"));
    check(http_get(&f, "x").len == 0 && http_get(&f, "none").p == NULL);
    check(http_read_query(&a, STR("a=%00"), 10, &f) == CAU_ERR_SYNTAX);
    check(http_read_query(&a, STR("a=%c3"), 10, &f) == CAU_ERR_SYNTAX);
    check(http_read_query(&a, STR("a=1&b=2&c=3"), 2, &f) == CAU_ERR_RANGE);
    check(http_read_form(&a, STR("t=one%0D%0Atwo%0Dthree%0A"), &f) == CAU_OK);
    check(str_is(http_get(&f, "t"), "one\ntwo\nthree\n"));
    struct arena none = {space, 8, 0};
    check(http_read_query(&none, STR("a=1"), 2, &f) == CAU_ERR_MEMORY);
}

static void refuses_a_form_of_too_many_fields(void **state)
{
    (void)state;
    static char body[2 * (HTTP_FORM_FIELDS_MAX + 1)];
    struct arena a = fresh();
    struct http_fields f;
    for (size_t i = 0; i < sizeof body; i += 2)
        memcpy(body + i, "a&", 2);
    check(http_read_form(&a, (struct str){body, sizeof body}, &f) == CAU_ERR_RANGE);
}

static const char content_type[] = "multipart/form-data; boundary=\"XyZ\"";

static enum cau_err multipart(const char *body, struct http_fields *f, struct http_file *file,
                              size_t *files)
{
    struct arena a = fresh();
    return http_read_multipart(&a, str_of(content_type), str_of(body), f, file, files);
}

static void reads_uploads(void **state)
{
    (void)state;
    struct http_fields f;
    struct http_file file[HTTP_FILES_MAX];
    size_t files = 0;
    check(multipart(
              "--XyZ\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\noffer\r\n"
              "--XyZ\r\ncontent-disposition: form-data; name=\"file\"; "
              "filename=\"dữ liệu; x.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n--XyQ\r\n"
              "\r\n--XyZ--\r\n",
              &f, file, &files) == CAU_OK);
    check(f.n == 1 && str_is(http_get(&f, "kind"), "offer"));
    check(files == 1 && str_is(file[0].name, "dữ liệu; x.csv") &&
          str_is(file[0].field, "file"));
    check(str_is(file[0].bytes, "a,b\r\n--XyQ\r\n"));
}

static void refuses_broken_uploads(void **state)
{
    (void)state;
    struct http_fields f;
    struct http_file file[HTTP_FILES_MAX];
    size_t files = 9;
    static const char *const bad[] = {
        "",
        "--XyZ",
        "--XyZ\r\n",
        "--XyZ\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
        "--XyZ\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--XyZ--",
        "--XyZ\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--XyZ--",
    };
    for (size_t i = 0; i < countof(bad); i++)
        check(multipart(bad[i], &f, file, &files) == CAU_ERR_SYNTAX && files == 9);
    struct buf b = buf_new(4096);
    for (int i = 0; i <= HTTP_FILES_MAX; i++)
        buf_add_word(&b,
                     "--XyZ\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n"
                     "\r\n\r\n");
    buf_add_word(&b, "--XyZ--");
    buf_add_char(&b, '\0');
    check(multipart(b.p, &f, file, &files) == CAU_ERR_RANGE);
    buf_free(&b);
}

static void reads_cookies_languages_and_tags(void **state)
{
    (void)state;
    check(str_is(http_cookie(STR("a=1; cau_session=xyz; b=2"), "cau_session"), "xyz"));
    check(http_cookie(STR("xcau_session=1"), "cau_session").p == NULL);
    enum lang lang = LANG_EN;
    check(!http_accept_language(STR("de, fr;q=0.8, *"), &lang) && lang == LANG_EN);
    check(http_accept_language(STR("de,ru-RU;q=0.7,vi;q=0.8,en;q=0"), &lang) &&
          lang == LANG_VI);
    check(http_accept_language(STR("RU"), &lang) && lang == LANG_RU);
    check(http_accept_language(STR("en;q=x, ru;q=0.001"), &lang) && lang == LANG_RU);
    check(http_tag_matches(STR("\"a\", W/\"b\""), STR("\"b\"")));
    check(!http_tag_matches(STR("\"a\""), STR("\"b\"")) &&
          http_tag_matches(STR("*"), STR("\"b\"")));
}

static struct http_head head_of(const char *lines) /* "name: value\n..." */
{
    struct http_head h = {.hosts = 0};
    for (struct str rest = str_of(lines); rest.len > 0;) {
        struct str value = str_next(&rest, '\n'), name = str_next(&value, ':');
        http_head_add(&h, name, value);
    }
    return h;
}

static void refuses_header_blocks_read_in_two_ways(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "X: y",
        "Host: a\nHost: a",
        "Host: a b",
        "Host: a\nContent-Length: 3\nTransfer-Encoding: chunked",
        "Host: a\nContent-Length: 3\nContent-Length: 3",
        "Host: a\nContent-Length: +3",
        "Host: a\nTransfer-Encoding: xchunked",
        "Host: a\nTransfer-Encoding: identity, chunked",
        "Host: a\nTransfer-Encoding: chunked\ntransfer-encoding: chunked",
    };
    for (size_t i = 0; i < countof(bad); i++) {
        struct http_head h = head_of(bad[i]);
        check(!http_head_good(&h));
    }
    struct http_head h = head_of("hOST: vn.example:8080\nTransfer-Encoding: Chunked");
    check(http_head_good(&h) && http_has_body(&h));
    h = head_of("Host: [::1]:80\nContent-Length: 0");
    check(http_head_good(&h) && !http_has_body(&h));
}

static void knows_another_sites_requests(void **state)
{
    (void)state;
    struct http_head h = head_of("Host: a.example\nOrigin: https://a.example");
    check(http_same_site(&h));
    h = head_of("Host: a.example\nOrigin: http://b.example");
    check(!http_same_site(&h));
    h = head_of("Host: a.example\nOrigin: null");
    check(!http_same_site(&h));
    h = head_of("Host: a.example\nSec-Fetch-Site: cross-site");
    check(!http_same_site(&h));
    h = head_of("Host: a.example\nSec-Fetch-Site: same-origin");
    check(http_same_site(&h));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_and_decodes_paths),
        cmocka_unit_test(refuses_paths_that_fool_others),
        cmocka_unit_test(reads_queries_and_forms),
        cmocka_unit_test(refuses_a_form_of_too_many_fields),
        cmocka_unit_test(reads_uploads),
        cmocka_unit_test(refuses_broken_uploads),
        cmocka_unit_test(reads_cookies_languages_and_tags),
        cmocka_unit_test(refuses_header_blocks_read_in_two_ways),
        cmocka_unit_test(knows_another_sites_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
