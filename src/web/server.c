#include "web/server.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/sync.h"
#include "domain/rule/need.h"
#include "web/routes.h"

#include <unistd.h>

enum { EXPIRE_EVERY_MS = 60 * 60 * 1000 };

struct server {
    struct arena own;
    struct site site;
    struct http *http;
    struct sync_thread clock;
    struct sync_queue stop;
    struct sync_mutex lock;
    void *never[1];
    bool stopping;
};

/* Once at the start and then every hour: what ran out is marked as expired. */
static void *keep_hours(void *ctx)
{
    struct server *s = ctx;
    for (;;) {
        size_t expired = 0;
        enum cau_err err = need_expire(s->site.node, clock_now_ms(), &expired);
        if (err != CAU_OK)
            log_line(LOG_WARN, "expiring: %s", cau_err_name(err));
        (void)sync_queue_take(&s->stop, EXPIRE_EVERY_MS);
        sync_lock(&s->lock);
        bool stopping = s->stopping;
        sync_unlock(&s->lock);
        if (stopping)
            return NULL;
    }
}

static unsigned processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 2 ? 2 : n > SERVER_THREADS_MAX ? SERVER_THREADS_MAX : (unsigned)n;
}

enum cau_err server_start(struct node *n, const struct server_options *options,
                          struct server **out)
{
    if (options->threads > SERVER_THREADS_MAX)
        return CAU_ERR_RANGE;
    struct arena own = arena_new(sizeof(struct server) + 64);
    struct server *s = arena_zero(&own, sizeof *s);
    must(s != NULL);
    s->own = own;
    s->lock = (struct sync_mutex)SYNC_MUTEX;
    enum cau_err err = site_open(&s->site, n, options->notice);
    if (err != CAU_OK) {
        arena_free(&own);
        return err;
    }
    struct http_config config = {.address = str_of(options->host),
                                 .port = options->port,
                                 .threads =
                                     options->threads == 0 ? processors() : options->threads,
                                 .trust_proxy = options->behind_proxy,
                                 .ctx = &s->site,
                                 .plan = routes_plan,
                                 .answer = routes_answer};
    err = http_start(&config, &s->http);
    if (err != CAU_OK) {
        site_close(&s->site);
        arena_free(&own);
        return err;
    }
    sync_queue_init(&s->stop, s->never, countof(s->never));
    must(sync_start(&s->clock, keep_hours, s) == CAU_OK);
    *out = s;
    return CAU_OK;
}

uint16_t server_port(const struct server *s)
{
    return (uint16_t)http_port(s->http);
}

void server_stop(struct server *s)
{
    sync_lock(&s->lock);
    s->stopping = true;
    sync_unlock(&s->lock);
    sync_queue_close(&s->stop);
    sync_join(&s->clock);
    sync_queue_end(&s->stop);
    http_stop(s->http);
    site_close(&s->site);
    struct arena own = s->own;
    arena_free(&own);
}
