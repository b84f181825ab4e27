/* http.h - the HTTP server: connections, limits, deadlines; requests in, answers out.
 *
 * http.c is the only file that sees the library. Requests that may wait (HTTP_SLOW) are answered by workers,
 * so that a durable write or a password never holds up readers. */
#ifndef CAU_WEB_HTTP_H
#define CAU_WEB_HTTP_H

#include "base/buf.h"
#include "web/serve/http_parse.h"

/* Of a request up to its body, as the library keeps it. What is over this it answers itself, in English; there has to be
 * room for what is over our own limits (http_parse.h), which we answer in the reader's language. */
#define HTTP_CONNECTION_BYTES    65536
#define HTTP_CONNECTIONS_MAX     1000
#define HTTP_CONNECTIONS_ADDRESS 250 /* of one address; no such limit behind a proxy */
#define HTTP_THREADS_MAX         64
#define HTTP_WORKERS             16
#define HTTP_QUEUE_MAX           256
#define HTTP_IDLE_S              25 /* between two requests, or without a byte */
#define HTTP_DEADLINE_MS         30000
#define HTTP_DEADLINE_BYTES_MS   16 /* more bytes of a body each millisecond of patience */
#define HTTP_BODIES_BYTES_MAX    ((size_t)256 << 20) /* bodies in memory at the same time */
#define HTTP_REQUEST_ARENA_BYTES ((size_t)96 << 20)  /* limit of one request's memory */
#define HTTP_ANSWER_BYTES_MAX    ((size_t)64 << 20)
#define HTTP_ANSWER_HEADERS_MAX  12
#define HTTP_ADDRESS_CHARS       46
#define HTTP_STOP_WAIT_MS        5000

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OTHER };

/* Views live until the answer has been given. */
struct http_request {
    enum http_method method;
    struct str target; /* path and query as sent */
    struct http_path path;
    struct http_fields query, form;
    struct http_file file[HTTP_FILES_MAX];
    size_t files;
    const struct http_head *head;
    struct str body;    /* as sent */
    struct str address; /* of the client: the proxy's word where one is trusted */
    bool secure;        /* came over TLS, says the trusted proxy */
    unsigned fault; /* 0, or why the request cannot be served: 400 405 413 414 431 503; then no
                           path, query or form need be there */
    struct arena *arena;
};

/* What goes back. body is taken over; fixed, when not {NULL, 0}, is sent instead and lives for ever; so is a file. */
struct http_answer {
    unsigned status;
    struct buf body;
    struct str fixed;
    int file; /* a descriptor, sent from its beginning and closed, when file_bytes > 0 */
    uint64_t file_bytes;
    struct http_field header[HTTP_ANSWER_HEADERS_MAX]; /* name and value end in a NUL */
    size_t headers;
    bool close; /* the connection ends with this answer */
};
/* Adds a header line; value is copied into a. One too many, or without memory, is left out. */
void http_add_header(struct http_answer *answer, struct arena *a, const char *name,
                     struct str value);

/* What is to happen with a request, decided when its header lines are there. */
struct http_plan {
    size_t body_max; /* bytes; 0: a body is not read, and the answer closes the connection */
    bool slow;       /* a worker answers */
};

struct http_config {
    struct str address;   /* "127.0.0.1", "::1", "0.0.0.0" */
    unsigned port;        /* 0: the system chooses, see http_port */
    unsigned threads;     /* 1..HTTP_THREADS_MAX; 0: 2 */
    bool trust_proxy;     /* the last X-Forwarded-For and X-Forwarded-Proto are believed */
    unsigned deadline_ms; /* 0: HTTP_DEADLINE_MS */
    void *ctx;
    /* Both are called on several threads at once. plan sees method, path and head only. */
    struct http_plan (*plan)(void *ctx, const struct http_request *request);
    void (*answer)(void *ctx, struct http_request *request, struct http_answer *answer);
};

struct http;
/* Listens and serves until http_stop. Errors: SYNTAX (address), BUSY (the port is taken), REFUSED (the system
 * does not allow it), IO. */
enum cau_err http_start(const struct http_config *config, struct http **out);
unsigned http_port(const struct http *h);
/* Takes no new connection, gives the requests in hand HTTP_STOP_WAIT_MS to finish, ends all threads. */
void http_stop(struct http *h);

#endif
