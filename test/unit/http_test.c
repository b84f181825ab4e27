#include "web/serve/http.h"

#include "base/clock.h"
#include "test.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_MAX = 1000, DEADLINE_MS = 600 };

static struct http *server;

static struct http_plan plan(void *ctx, const struct http_request *request)
{
    (void)ctx;
    bool slow = request->path.n > 0 && str_is(request->path.segment[0], "slow");
    return (struct http_plan){.body_max = request->method == HTTP_POST ? BODY_MAX : 0,
                              .slow = slow};
}

/* Says what it was asked. */
static void answer(void *ctx, struct http_request *request, struct http_answer *out)
{
    (void)ctx;
    out->status = request->fault != 0 ? request->fault : 200;
    http_add_header(out, request->arena, "X-Test", STR("yes"));
    buf_printf(&out->body, "%u path=%zu q=%.*s form=%zu body=%zu from=%.*s tls=%d\n",
               request->fault, request->path.n, STR_ARG(http_get(&request->query, "q")),
               request->form.n, request->body.len, STR_ARG(request->address), request->secure);
}

static int start(void **state)
{
    (void)state;
    struct http_config config = {.address = STR("127.0.0.1"),
                                 .deadline_ms = DEADLINE_MS,
                                 .plan = plan,
                                 .answer = answer};
    return http_start(&config, &server) == CAU_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    http_stop(server);
    return 0;
}

static int open_connection(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_port(server)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    check(fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)&at, sizeof at) == 0);
    struct timeval wait = {5, 0};
    check(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0);
    return fd;
}

static void send_text(int fd, const char *text)
{
    check(send(fd, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text));
}

/* What comes until the other side closes. */
static void read_all(int fd, char *out, size_t cap)
{
    size_t n = 0;
    ssize_t got;
    while (n + 1 < cap && (got = recv(fd, out + n, cap - 1 - n, 0)) > 0)
        n += (size_t)got;
    out[n] = '\0';
    close(fd);
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
        n++;
    return n;
}

/* One request on a connection of its own; what it must contain. */
static void expect(const char *request, const char *status, const char *part)
{
    char got[8192];
    int fd = open_connection();
    send_text(fd, request);
    shutdown(fd, SHUT_WR);
    read_all(fd, got, sizeof got);
    if (strstr(got, status) == NULL || strstr(got, part) == NULL)
        fail_msg("%s\n->\n%s", request, got);
    check(count(got, "HTTP/1.1") == 1); /* nothing after it was read as a second request */
}

#define HOST  "Host: a.example\r\n"
#define CLOSE "Connection: close\r\n\r\n"

static void answers(void **state)
{
    (void)state;
    expect("GET /a/b?q=x+y HTTP/1.1\r\n" HOST CLOSE, "200 OK", "path=2 q=x y");
    expect("HEAD /a HTTP/1.1\r\n" HOST CLOSE, "200 OK", "X-Test: yes");
    expect("GET / HTTP/1.1\r\n" HOST CLOSE, "200 OK",
           "Content-Security-Policy: default-src 'none'");
    expect("GET / HTTP/1.1\r\n" HOST CLOSE, "200 OK", "from=127.0.0.1");
    expect("POST /slow HTTP/1.1\r\n" HOST
           "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n" CLOSE
           "a=1&b=2",
           "200 OK", "form=2 body=7");
    expect("POST /quick HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n" CLOSE
           "3\r\nabc\r\n0\r\n\r\n",
           "200 OK", "body=3");
}

static void refuses_what_can_be_read_in_two_ways(void **state)
{
    (void)state;
    const char *const bad = "400 Bad Request";
    expect("POST / HTTP/1.1\r\n" HOST "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
           "0\r\n\r\nGET /two HTTP/1.1\r\n" HOST "\r\n",
           bad, "Connection: close");
    expect("POST / HTTP/1.1\r\n" HOST
           "Content-Length: 0\r\nContent-Length: 30\r\n\r\nGET /two HTTP/1.1\r\n" HOST "\r\n",
           bad, "Connection: close");
    expect("POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\nabc", bad,
           "Connection: close");
    expect("GET / HTTP/1.1\r\n" HOST HOST "\r\n", bad, "Connection: close");
    expect("GET /a%2fb HTTP/1.1\r\n" HOST CLOSE, bad, "400 path");
    expect("GET /a/../b HTTP/1.1\r\n" HOST CLOSE, bad, "400 path");
    expect("GET /?q=%00 HTTP/1.1\r\n" HOST CLOSE, bad, "400 path");
}

static void keeps_its_limits(void **state)
{
    (void)state;
    char text[16384];
    expect("DELETE / HTTP/1.1\r\n" HOST CLOSE, "405 Method Not Allowed", "405 path");
    expect("POST / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n", "413", "413 path");
    int n =
        snprintf(text, sizeof text,
                 "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n" CLOSE "3e9\r\n");
    memset(text + n, 'x', 1001);
    snprintf(text + n + 1001, 100, "\r\n0\r\n\r\n");
    expect(text, "413", "413 path");
    n = snprintf(text, sizeof text, "GET /");
    memset(text + n, 'x', HTTP_TARGET_BYTES_MAX);
    snprintf(text + n + HTTP_TARGET_BYTES_MAX, 100, " HTTP/1.1\r\n" HOST CLOSE);
    expect(text, "414", "414 path");
}

/* A request of head, then n times part, then tail. */
static const char *repeat(const char *head, const char *part, size_t n, const char *tail)
{
    static char text[HTTP_CONNECTION_BYTES];
    struct buf b = buf_new(sizeof text - 1);
    buf_add_word(&b, head);
    for (size_t i = 0; i < n; i++)
        buf_add_word(&b, part);
    buf_add_word(&b, tail);
    check(!b.failed);
    memcpy(text, b.p, b.len);
    text[b.len] = '\0';
    buf_free(&b);
    return text;
}

#define LINES(n) repeat("GET /a HTTP/1.1\r\n" HOST, "X: y\r\n", n, CLOSE)
#define BYTES(n) repeat("GET /a HTTP/1.1\r\n" HOST "X: ", "y", n, "\r\n" CLOSE)

/* All of it is answered by us, and the first part of the path is still known, as far as the library reads at all. */
static void answers_what_is_too_long_or_too_much(void **state)
{
    (void)state;
    const char *const end = " HTTP/1.1\r\n" HOST CLOSE;
    expect(repeat("GET /vi/search?q=", "x", 60000, end), "414", "414 path=1");
    expect(repeat("GET /", "x", 60000, end), "414", "414 path=0");
    expect(repeat("GET /vi/search?q", "&a", HTTP_QUERY_FIELDS_MAX - 1, end), "200", "path=2");
    expect(repeat("GET /vi/search?q", "&a", HTTP_QUERY_FIELDS_MAX, end), "414", "414 path=2");
    expect(repeat("GET /vi/search?", "a&", 4000, end), "414", "414 path=2");
    expect(repeat("GET /vi/search?", "a&", 30000, end), "414", "414 path=1");
    expect(LINES(HTTP_HEADER_LINES_MAX - 2), "200", "path=1"); /* two more are there */
    expect(LINES(HTTP_HEADER_LINES_MAX - 1), "431", "431 path=1");
    size_t others = strlen("Host"
                           "a.example"
                           "X"
                           "Connection"
                           "close");
    expect(BYTES(HTTP_HEADER_BYTES_MAX - others), "200", "path=1");
    expect(BYTES(HTTP_HEADER_BYTES_MAX - others + 1), "431", "431 path=1");
}

static void serves_several_on_one_connection(void **state)
{
    (void)state;
    char got[8192];
    int fd = open_connection();
    send_text(fd, "GET /1 HTTP/1.1\r\n" HOST "\r\nPOST /slow HTTP/1.1\r\n" HOST
                  "Content-Length: 2\r\n\r\nabGET /3 HTTP/1.1\r\n" HOST CLOSE);
    read_all(fd, got, sizeof got);
    assert_int_equal(count(got, "200 OK"), 3);
}

static void closes_a_dripping_client(void **state)
{
    (void)state;
    char got[1024];
    int fd = open_connection();
    int64_t from = clock_monotonic_us();
    send_text(fd, "GET / HTTP/1.1\r\nX: ");
    for (int i = 0; i < 30 && clock_monotonic_us() - from < 3000000; i++) {
        usleep(100000);
        if (send(fd, "x", 1, MSG_NOSIGNAL) != 1)
            break;
    }
    read_all(fd, got, sizeof got);
    check(got[0] == '\0' && clock_monotonic_us() - from < 2500000);
}

#define PROXIED "X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"

/* What a client says of itself counts nothing; what the proxy in front added last does. */
static void believes_only_a_proxy(void **state)
{
    (void)state;
    struct http *front = server;
    struct http_config config = {
        .address = STR("127.0.0.1"), .trust_proxy = true, .plan = plan, .answer = answer};
    expect("GET / HTTP/1.1\r\n" HOST PROXIED CLOSE, "200 OK", "from=127.0.0.1 tls=0");
    check(http_start(&config, &server) == CAU_OK);
    expect("GET / HTTP/1.1\r\n" HOST PROXIED CLOSE, "200 OK", "from=203.0.113.9 tls=1");
    expect("GET / HTTP/1.1\r\n" HOST CLOSE, "200 OK", "from=127.0.0.1 tls=0");
    http_stop(server);
    server = front;
}

static void says_why_it_cannot_listen(void **state)
{
    (void)state;
    struct http *other = NULL;
    struct http_config config = {
        .address = STR("127.0.0.1"), .port = http_port(server), .plan = plan, .answer = answer};
    check(http_start(&config, &other) == CAU_ERR_BUSY && other == NULL);
    config.address = STR("localhost");
    check(http_start(&config, &other) == CAU_ERR_SYNTAX);
    config.address = STR("192.0.2.1");
    config.port = 0;
    check(http_start(&config, &other) == CAU_ERR_REFUSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(refuses_what_can_be_read_in_two_ways),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(answers_what_is_too_long_or_too_much),
        cmocka_unit_test(serves_several_on_one_connection),
        cmocka_unit_test(closes_a_dripping_client),
        cmocka_unit_test(believes_only_a_proxy),
        cmocka_unit_test(says_why_it_cannot_listen),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
