#include "web/serve/http.h"

#include "base/clock.h"
#include "base/sync.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* One connection, and the request it carries now. */
struct slot {
    struct http *http;
    bool used;
    int fd;
    int64_t deadline_ms; /* monotonic; 0: none (a worker has it) */
    struct MHD_Connection *connection;
    enum { FRESH, READING, WAITING, READY } phase;
    enum http_method method;
    struct http_head head;
    struct http_plan plan;
    unsigned fault;
    struct buf body;
    size_t body_counted; /* bytes of it in http.body_bytes */
    struct MHD_Response *response;
    unsigned status;
    size_t response_bytes;
    size_t target_len;
    char address[HTTP_ADDRESS_CHARS];
    char target[HTTP_TARGET_BYTES_MAX + 1];
};

/* A request's memory; as many as threads that answer. */
struct desk {
    struct arena arena;
    struct desk *next;
};

struct http {
    struct http_config config;
    struct arena own;
    struct MHD_Daemon *daemon;
    unsigned port;
    struct slot *slot; /* HTTP_CONNECTIONS_MAX of them; never touched pages take no room */
    size_t slots;      /* the highest one ever used, and one */
    struct sync_mutex lock;
    size_t body_bytes;
    unsigned busy; /* requests that are being answered */
    struct desk desk[HTTP_THREADS_MAX + HTTP_WORKERS];
    struct desk *free_desk;
    void *queued[HTTP_QUEUE_MAX], *never[1];
    struct sync_queue queue, watch;
    struct sync_thread worker[HTTP_WORKERS], watcher;
    bool stopping;
};

void http_add_header(struct http_answer *answer, struct arena *a, const char *name,
                     struct str value)
{
    struct str copy;
    if (answer->headers < HTTP_ANSWER_HEADERS_MAX && arena_copy(a, value, &copy) == CAU_OK)
        answer->header[answer->headers++] = (struct http_field){str_of(name), copy};
}

static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

static int64_t patience(const struct http *h, size_t bytes)
{
    unsigned wait = h->config.deadline_ms;
    return now_ms() + wait + (int64_t)(bytes / HTTP_DEADLINE_BYTES_MS);
}

static void set_deadline(struct slot *s, int64_t deadline_ms)
{
    sync_lock(&s->http->lock);
    s->deadline_ms = deadline_ms;
    sync_unlock(&s->http->lock);
}

/* ---- answers ---- */

static const char *const always[][2] = {
    {"Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; "
                                "font-src 'self'; img-src 'self'; "
                                "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};

static struct MHD_Response *body_response(struct http_answer *answer)
{
    size_t len = answer->fixed.p != NULL ? answer->fixed.len : answer->body.len;
    if (answer->body.failed) { /* too long, or out of memory: nothing half-made leaves */
        buf_free(&answer->body);
        answer->fixed = STR("503\n");
        answer->status = 503;
        answer->headers = 0;
        len = answer->fixed.len;
    } else if (answer->file_bytes > 0) {
        buf_free(&answer->body);
        return MHD_create_response_from_fd64(answer->file_bytes, answer->file);
    }
    /* The library takes a pointer to bytes that it may change, and does not change them. */
    union {
        const char *fixed;
        void *p;
    } bytes = {answer->fixed.p};
    if (answer->fixed.p != NULL || len == 0) {
        buf_free(&answer->body);
        return MHD_create_response_from_buffer(len, len == 0 ? NULL : bytes.p,
                                               MHD_RESPMEM_PERSISTENT);
    }
    return MHD_create_response_from_buffer_with_free_callback(len, buf_release(&answer->body),
                                                              buf_drop);
}

/* An answer may say one of the lines that are always there in its own way. */
static bool has_header(const struct http_answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->headers; i++)
        if (str_is(answer->header[i].name, name))
            return true;
    return false;
}

static void make_response(struct slot *s, struct http_answer *answer)
{
    size_t len = answer->fixed.p != NULL  ? answer->fixed.len
                 : answer->file_bytes > 0 ? (size_t)answer->file_bytes
                                          : answer->body.len;
    s->response = body_response(answer);
    s->response_bytes = len;
    must(s->response != NULL); /* only memory can fail here, and then the program stops */
    for (size_t i = 0; i < countof(always); i++)
        if (!has_header(answer, always[i][0]))
            MHD_add_response_header(s->response, always[i][0], always[i][1]);
    for (size_t i = 0; i < answer->headers; i++)
        MHD_add_response_header(s->response, answer->header[i].name.p,
                                answer->header[i].value.p);
    if (answer->close)
        MHD_add_response_header(s->response, "Connection", "close");
    s->status = answer->status;
}

static struct desk *take_desk(struct http *h)
{
    sync_lock(&h->lock);
    struct desk *d = h->free_desk;
    must(d != NULL); /* one for each thread that can be here */
    h->free_desk = d->next;
    h->busy++;
    sync_unlock(&h->lock);
    return d;
}

static void give_desk(struct http *h, struct desk *d)
{
    arena_reset(&d->arena);
    sync_lock(&h->lock);
    d->next = h->free_desk;
    h->free_desk = d;
    h->busy--;
    sync_unlock(&h->lock);
}

static unsigned status_of(enum cau_err err)
{
    return err == CAU_OK ? 0 : err == CAU_ERR_MEMORY ? 503 : err == CAU_ERR_RANGE ? 413 : 400;
}

static struct str last_word(struct str list) /* what the nearest proxy added */
{
    struct str last = list;
    while (list.len > 0)
        last = str_trim(str_next(&list, ','));
    return last;
}

static void describe(struct slot *s, struct http_request *request, struct arena *a)
{
    const struct http_config *config = &s->http->config;
    *request = (struct http_request){.method = s->method,
                                     .target = {s->target, s->target_len},
                                     .head = &s->head,
                                     .address = str_of(s->address),
                                     .fault = s->fault,
                                     .arena = a};
    if (config->trust_proxy && s->head.forwarded_for.len > 0) {
        request->address = last_word(s->head.forwarded_for);
        request->secure = str_is(s->head.forwarded_proto, "https");
    }
    struct str path, query;
    http_split_target(request->target, &path, &query);
    if (http_read_path(a, path, &request->path) != CAU_OK && request->fault == 0)
        request->fault = 400;
}

static void read_content(struct slot *s, struct http_request *request)
{
    struct str path, query, type = s->head.content_type, kind = str_next(&type, ';');
    http_split_target(request->target, &path, &query);
    enum cau_err err =
        http_read_query(request->arena, query, HTTP_QUERY_FIELDS_MAX, &request->query);
    if (err == CAU_ERR_RANGE) { /* more pairs than anybody's page asks with */
        request->fault = 414;
        return;
    }
    request->body = buf_str(&s->body);
    if (err == CAU_OK && s->method == HTTP_POST && s->body.len > 0) {
        if (str_is(str_trim(kind), "application/x-www-form-urlencoded"))
            err = http_read_form(request->arena, request->body, &request->form);
        else if (str_is(str_trim(kind), "multipart/form-data"))
            err = http_read_multipart(request->arena, s->head.content_type, request->body,
                                      &request->form, request->file, &request->files);
    }
    request->fault = status_of(err);
}

/* Parses and answers; on a thread of the library or a worker's. */
static void serve(struct slot *s)
{
    struct http *h = s->http;
    struct desk *d = take_desk(h);
    struct http_request request;
    struct http_answer answer = {.status = 500, .body = buf_new(HTTP_ANSWER_BYTES_MAX)};
    describe(s, &request, &d->arena);
    if (request.fault == 0)
        read_content(s, &request);
    if ((s->phase == FRESH && http_has_body(&s->head)) || !http_head_good(&s->head))
        answer.close = true; /* what follows on this connection is not a request */
    h->config.answer(h->config.ctx, &request, &answer);
    make_response(s, &answer);
    give_desk(h, d);
}

static enum MHD_Result send_response(struct slot *s)
{
    enum MHD_Result result = MHD_queue_response(s->connection, s->status, s->response);
    MHD_destroy_response(s->response);
    s->response = NULL;
    set_deadline(s, patience(s->http, s->response_bytes));
    return result;
}

/* ---- requests ---- */

static enum MHD_Result take_header(void *ctx, enum MHD_ValueKind kind, const char *name,
                                   size_t name_len, const char *value, size_t value_len)
{
    struct slot *s = ctx;
    (void)kind;
    http_head_add(&s->head, (struct str){name, name_len}, (struct str){value, value_len});
    return MHD_YES;
}

static enum http_method method_of(const char *method)
{
    return strcmp(method, "GET") == 0    ? HTTP_GET
           : strcmp(method, "HEAD") == 0 ? HTTP_HEAD
           : strcmp(method, "POST") == 0 ? HTTP_POST
                                         : HTTP_OTHER;
}

/* The header lines are there: whether, how and with how much of a body the request is served. */
static void plan(struct slot *s)
{
    struct http *h = s->http;
    if (MHD_get_connection_values_n(s->connection, MHD_HEADER_KIND, take_header, s) < 0 ||
        !http_head_good(&s->head))
        s->fault = 400;
    else if (s->fault == 0 && !http_head_fits(&s->head))
        s->fault = 431;
    else if (s->fault == 0 && s->method == HTTP_OTHER)
        s->fault = 405;
    if (s->fault != 0)
        return;
    struct desk *d = take_desk(h);
    struct http_request request;
    describe(s, &request, &d->arena);
    s->fault = request.fault;
    if (s->fault == 0)
        s->plan = h->config.plan(h->config.ctx, &request);
    give_desk(h, d);
    if (s->fault == 0 && s->plan.body_max > 0 && s->head.has_length &&
        s->head.length > s->plan.body_max)
        s->fault = 413;
}

static void take_body(struct slot *s, const char *data, size_t n)
{
    struct http *h = s->http;
    if (s->fault != 0)
        return;
    if (n > s->plan.body_max - s->body.len) {
        s->fault = 413;
        return;
    }
    sync_lock(&h->lock);
    bool room = h->body_bytes + n <= HTTP_BODIES_BYTES_MAX;
    if (room) {
        h->body_bytes += n;
        s->body_counted += n;
        s->deadline_ms += (int64_t)(n / HTTP_DEADLINE_BYTES_MS);
    }
    sync_unlock(&h->lock);
    if (!room)
        s->fault = 503;
    else
        buf_add(&s->body, (struct str){data, n});
    if (s->body.failed)
        s->fault = 503;
}

static enum MHD_Result answer_now(struct slot *s)
{
    serve(s);
    s->phase = READY;
    return send_response(s);
}

/* Hands the request to a worker; when there are too many already, answers 503 here. */
static enum MHD_Result answer_later(struct slot *s)
{
    s->phase = WAITING;
    set_deadline(s, 0);
    MHD_suspend_connection(s->connection);
    if (sync_queue_put(&s->http->queue, s, 0) != CAU_OK) {
        s->fault = 503;
        serve(s);
        s->phase = READY;
        MHD_resume_connection(s->connection);
    }
    return MHD_YES;
}

static enum MHD_Result handle(void *ctx, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **request)
{
    struct slot *s = *request;
    (void)ctx, (void)url, (void)version;
    if (s == NULL)
        return MHD_NO;
    s->connection = connection;
    if (s->phase == FRESH) {
        s->method = method_of(method);
        plan(s);
        if (s->fault != 0 || (http_has_body(&s->head) && s->plan.body_max == 0))
            return answer_now(s);
        s->body = buf_new(s->plan.body_max);
        s->phase = READING;
        return MHD_YES;
    }
    if (s->phase == READING && *size > 0) {
        take_body(s, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (s->phase == READING)
        return s->plan.slow && s->fault == 0 ? answer_later(s) : answer_now(s);
    return s->response != NULL ? send_response(s) : MHD_YES;
}

static void *work(void *ctx)
{
    struct http *h = ctx;
    struct slot *s;
    while ((s = sync_queue_take(&h->queue, -1)) != NULL) {
        serve(s);
        s->phase = READY;
        MHD_resume_connection(s->connection);
    }
    return NULL;
}

/* ---- connections ---- */

static size_t keep_as_sent(void *ctx, struct MHD_Connection *connection, char *text)
{
    (void)ctx, (void)connection;
    return strlen(text);
}

/* The library would take a query apart too, and leaves the connection without an answer when it has no room for all
 * pairs. We read our own copy; in the library's, which it gives as constant and is not, the query ends where it begins. */
static void hide_query(const char *uri)
{
    union {
        const char *given;
        char *own;
    } text = {uri};
    char *query = strchr(text.own, '?');
    if (query != NULL)
        query[1] = '\0'; /* or it was that already */
}

/* Begins a request: the target as sent, before the library takes it apart. Of one that is too long its first part is
 * kept, which says the reader's language. */
static void *begin(void *ctx, const char *uri, struct MHD_Connection *connection)
{
    (void)ctx;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct slot *s = info == NULL ? NULL : info->socket_context;
    if (s == NULL)
        return NULL;
    s->phase = FRESH;
    s->head = (struct http_head){.hosts = 0};
    s->plan = (struct http_plan){.body_max = 0};
    s->fault = 0;
    s->target_len = strlen(uri);
    if (s->target_len > HTTP_TARGET_BYTES_MAX) {
        size_t first = uri[0] == '/' ? 1 + strcspn(uri + 1, "/?") : 0;
        s->target_len = first <= HTTP_TARGET_BYTES_MAX ? first : 0;
        s->fault = 414;
    }
    memcpy(s->target, uri, s->target_len);
    hide_query(uri);
    return s;
}

static void drop_body(struct slot *s)
{
    sync_lock(&s->http->lock);
    s->http->body_bytes -= s->body_counted;
    s->body_counted = 0;
    sync_unlock(&s->http->lock);
    buf_free(&s->body);
}

static void completed(void *ctx, struct MHD_Connection *connection, void **request,
                      enum MHD_RequestTerminationCode why)
{
    struct slot *s = *request;
    (void)ctx, (void)connection, (void)why;
    if (s == NULL)
        return;
    if (s->response != NULL)
        MHD_destroy_response(s->response);
    s->response = NULL;
    drop_body(s);
    set_deadline(s, patience(s->http, 0));
    *request = NULL;
}

static void name_address(struct slot *s)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(s->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *from = info == NULL ? NULL : info->client_addr;
    const void *bytes = NULL;
    s->address[0] = '\0';
    if (from != NULL && from->sa_family == AF_INET)
        bytes = &((const struct sockaddr_in *)(const void *)from)->sin_addr;
    else if (from != NULL && from->sa_family == AF_INET6)
        bytes = &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
    if (bytes != NULL)
        inet_ntop(from->sa_family, bytes, s->address, sizeof s->address);
}

static void connected(struct http *h, struct MHD_Connection *connection, void **context)
{
    struct slot *s = NULL;
    sync_lock(&h->lock);
    for (size_t i = 0; i < HTTP_CONNECTIONS_MAX && s == NULL; i++)
        if (!h->slot[i].used) {
            s = &h->slot[i];
            s->used = true;
            h->slots = i + 1 > h->slots ? i + 1 : h->slots;
        }
    sync_unlock(&h->lock);
    *context = s;
    if (s == NULL)
        return;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    s->http = h;
    s->connection = connection;
    s->fd = info == NULL ? -1 : info->connect_fd;
    s->response = NULL;
    s->body = buf_new(0);
    s->body_counted = 0;
    name_address(s);
    set_deadline(s, patience(h, 0));
}

static void notice(void *ctx, struct MHD_Connection *connection, void **context,
                   enum MHD_ConnectionNotificationCode what)
{
    struct http *h = ctx;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        connected(h, connection, context);
    } else if (*context != NULL) {
        struct slot *s = *context;
        sync_lock(&h->lock);
        s->used = false;
        s->fd = -1;
        s->deadline_ms = 0;
        sync_unlock(&h->lock);
        *context = NULL;
    }
}

/* Closes what is over its deadline: the library counts idle time only, and a byte a second is not idle. */
static void *watch(void *ctx)
{
    struct http *h = ctx;
    for (;;) {
        (void)sync_queue_take(&h->watch, 250);
        sync_lock(&h->lock);
        int64_t now = now_ms();
        for (size_t i = 0; i < h->slots; i++) {
            struct slot *s = &h->slot[i];
            if (s->used && s->fd >= 0 && s->deadline_ms != 0 && s->deadline_ms < now) {
                shutdown(s->fd, SHUT_RDWR);
                s->deadline_ms = 0;
            }
        }
        bool stopping = h->stopping;
        sync_unlock(&h->lock);
        if (stopping)
            return NULL;
    }
}

/* ---- start and stop ---- */

static enum cau_err listen_at(const struct http_config *config, int *out, unsigned *port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at = {.v6 = {.sin6_family = AF_UNSPEC}};
    char name[HTTP_ADDRESS_CHARS] = "";
    if (config->address.len >= sizeof name || config->port > 65535)
        return CAU_ERR_SYNTAX;
    memcpy(name, config->address.p, config->address.len);
    socklen_t len = sizeof at.v4;
    if (inet_pton(AF_INET, name, &at.v4.sin_addr) == 1) {
        at.v4.sin_family = AF_INET;
        at.v4.sin_port = htons((uint16_t)config->port);
    } else if (inet_pton(AF_INET6, name, &at.v6.sin6_addr) == 1) {
        at.v6.sin6_family = AF_INET6;
        at.v6.sin6_port = htons((uint16_t)config->port);
        len = sizeof at.v6;
    } else {
        return CAU_ERR_SYNTAX;
    }
    int fd = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0)
        return CAU_ERR_IO;
    enum cau_err err = CAU_OK;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, &at.any, len) != 0 || listen(fd, 511) != 0 ||
        getsockname(fd, &at.any, &len) != 0)
        err = errno == EADDRINUSE                         ? CAU_ERR_BUSY
              : errno == EACCES || errno == EADDRNOTAVAIL ? CAU_ERR_REFUSED
                                                          : CAU_ERR_IO;
    if (err != CAU_OK) {
        close(fd);
        return err;
    }
    *port = ntohs(at.any.sa_family == AF_INET ? at.v4.sin_port : at.v6.sin6_port);
    *out = fd;
    return CAU_OK;
}

static void start_threads(struct http *h)
{
    sync_queue_init(&h->queue, h->queued, countof(h->queued));
    sync_queue_init(&h->watch, h->never, countof(h->never));
    for (size_t i = 0; i < countof(h->worker); i++)
        must(sync_start(&h->worker[i], work, h) == CAU_OK);
    must(sync_start(&h->watcher, watch, h) == CAU_OK);
}

static void end_threads(struct http *h)
{
    sync_queue_close(&h->queue);
    for (size_t i = 0; i < countof(h->worker); i++)
        sync_join(&h->worker[i]);
    sync_queue_close(&h->watch);
    sync_join(&h->watcher);
    sync_queue_end(&h->queue);
    sync_queue_end(&h->watch);
}

static void release(struct http *h)
{
    for (size_t i = 0; i < h->config.threads + HTTP_WORKERS; i++)
        arena_free(&h->desk[i].arena);
    struct arena own = h->own;
    arena_free(&own);
}

static struct MHD_Daemon *start_daemon(struct http *h, int fd)
{
    const struct http_config *config = &h->config;
    unsigned per_address = config->trust_proxy ? 0 : HTTP_CONNECTIONS_ADDRESS;
    struct MHD_OptionItem option[] = {
        {MHD_OPTION_LISTEN_SOCKET, fd, NULL},
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)config->threads, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, HTTP_CONNECTIONS_MAX, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)per_address, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, HTTP_IDLE_S, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HTTP_CONNECTION_BYTES, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    return MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, h,
        MHD_OPTION_ARRAY, option, MHD_OPTION_UNESCAPE_CALLBACK, keep_as_sent, h,
        MHD_OPTION_URI_LOG_CALLBACK, begin, h, MHD_OPTION_NOTIFY_COMPLETED, completed, h,
        MHD_OPTION_NOTIFY_CONNECTION, notice, h, MHD_OPTION_END);
}

enum cau_err http_start(const struct http_config *config, struct http **out)
{
    int fd = -1;
    unsigned port = 0;
    enum cau_err err = listen_at(config, &fd, &port);
    if (err != CAU_OK)
        return err;
    struct arena own =
        arena_new(sizeof(struct http) + HTTP_CONNECTIONS_MAX * sizeof(struct slot) + 64);
    struct http *h = arena_take(&own, sizeof *h); /* fresh pages are zero */
    must(h != NULL);
    h->slot = arena_take(&own, HTTP_CONNECTIONS_MAX * sizeof *h->slot);
    must(h->slot != NULL);
    h->own = own;
    h->config = *config;
    h->port = port;
    h->lock = (struct sync_mutex)SYNC_MUTEX;
    if (h->config.threads == 0 || h->config.threads > HTTP_THREADS_MAX)
        h->config.threads = h->config.threads == 0 ? 2 : HTTP_THREADS_MAX;
    if (h->config.deadline_ms == 0)
        h->config.deadline_ms = HTTP_DEADLINE_MS;
    for (size_t i = 0; i < h->config.threads + HTTP_WORKERS; i++) {
        h->desk[i].arena = arena_new(HTTP_REQUEST_ARENA_BYTES);
        h->desk[i].next = h->free_desk;
        h->free_desk = &h->desk[i];
    }
    start_threads(h);
    h->daemon = start_daemon(h, fd);
    if (h->daemon == NULL) {
        h->stopping = true;
        end_threads(h);
        close(fd);
        release(h);
        return CAU_ERR_IO;
    }
    *out = h;
    return CAU_OK;
}

unsigned http_port(const struct http *h)
{
    return h->port;
}

void http_stop(struct http *h)
{
    int fd = MHD_quiesce_daemon(h->daemon);
    int64_t until = now_ms() + HTTP_STOP_WAIT_MS;
    bool busy = true;
    sync_lock(&h->lock);
    h->stopping = true;
    sync_unlock(&h->lock);
    while (busy && now_ms() < until) {
        sync_lock(&h->lock);
        busy = h->busy > 0;
        sync_unlock(&h->lock);
        if (busy)
            usleep(10000);
    }
    end_threads(h); /* workers finish what is queued, and resume it */
    MHD_stop_daemon(h->daemon);
    if (fd >= 0)
        close(fd);
    release(h);
}
