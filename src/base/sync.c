#include "base/sync.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

void sync_lock(struct sync_mutex *m)
{
    must(pthread_mutex_lock(&m->m) == 0);
}

void sync_unlock(struct sync_mutex *m)
{
    must(pthread_mutex_unlock(&m->m) == 0);
}

void sync_readers_init(struct sync_readers *r)
{
    pthread_rwlockattr_t attr;
    must(pthread_rwlockattr_init(&attr) == 0);
#ifdef __GLIBC__
    must(pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) ==
         0);
#endif
    must(pthread_rwlock_init(&r->l, &attr) == 0);
    must(pthread_rwlockattr_destroy(&attr) == 0);
}

void sync_readers_end(struct sync_readers *r)
{
    must(pthread_rwlock_destroy(&r->l) == 0);
}

void sync_read_begin(struct sync_readers *r)
{
    must(pthread_rwlock_rdlock(&r->l) == 0);
}

void sync_write_begin(struct sync_readers *r)
{
    must(pthread_rwlock_wrlock(&r->l) == 0);
}

void sync_done(struct sync_readers *r)
{
    must(pthread_rwlock_unlock(&r->l) == 0);
}

static void cond_init(pthread_cond_t *c)
{
    pthread_condattr_t attr;
    must(pthread_condattr_init(&attr) == 0);
    must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
    must(pthread_cond_init(c, &attr) == 0);
    must(pthread_condattr_destroy(&attr) == 0);
}

static struct timespec after_ms(unsigned ms)
{
    struct timespec t;
    must(clock_gettime(CLOCK_MONOTONIC, &t) == 0);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_nsec -= 1000000000;
        t.tv_sec++;
    }
    return t;
}

void sync_queue_init(struct sync_queue *q, void **slot, size_t cap)
{
    must(cap > 0);
    *q = (struct sync_queue){.slot = slot, .cap = cap};
    must(pthread_mutex_init(&q->m, NULL) == 0);
    cond_init(&q->filled);
    cond_init(&q->emptied);
}

void sync_queue_end(struct sync_queue *q)
{
    must(pthread_cond_destroy(&q->filled) == 0 && pthread_cond_destroy(&q->emptied) == 0);
    must(pthread_mutex_destroy(&q->m) == 0);
}

enum cau_err sync_queue_put(struct sync_queue *q, void *item, unsigned wait_ms)
{
    must(item != NULL);
    struct timespec until = after_ms(wait_ms);
    enum cau_err err = CAU_OK;
    must(pthread_mutex_lock(&q->m) == 0);
    while (!q->closed && q->n == q->cap && err == CAU_OK)
        if (wait_ms == 0 || pthread_cond_timedwait(&q->emptied, &q->m, &until) == ETIMEDOUT)
            err = CAU_ERR_BUSY;
    if (q->closed) {
        err = CAU_ERR_REFUSED;
    } else if (q->n < q->cap) {
        err = CAU_OK;
        q->slot[(q->first + q->n++) % q->cap] = item;
        must(pthread_cond_signal(&q->filled) == 0);
    }
    must(pthread_mutex_unlock(&q->m) == 0);
    return err;
}

void *sync_queue_take(struct sync_queue *q, int wait_ms)
{
    struct timespec until = after_ms(wait_ms < 0 ? 0 : (unsigned)wait_ms);
    void *item = NULL;
    must(pthread_mutex_lock(&q->m) == 0);
    while (q->n == 0 && !q->closed) {
        if (wait_ms < 0)
            must(pthread_cond_wait(&q->filled, &q->m) == 0);
        else if (wait_ms == 0 || pthread_cond_timedwait(&q->filled, &q->m, &until) == ETIMEDOUT)
            break;
    }
    if (q->n > 0) {
        item = q->slot[q->first];
        q->first = (q->first + 1) % q->cap;
        q->n--;
        must(pthread_cond_signal(&q->emptied) == 0);
    }
    must(pthread_mutex_unlock(&q->m) == 0);
    return item;
}

void sync_queue_close(struct sync_queue *q)
{
    must(pthread_mutex_lock(&q->m) == 0);
    q->closed = true;
    must(pthread_cond_broadcast(&q->filled) == 0 && pthread_cond_broadcast(&q->emptied) == 0);
    must(pthread_mutex_unlock(&q->m) == 0);
}

void sync_door_init(struct sync_door *d)
{
    must(pthread_mutex_init(&d->m, NULL) == 0);
    cond_init(&d->opened);
    d->open = false;
}

void sync_door_end(struct sync_door *d)
{
    must(pthread_cond_destroy(&d->opened) == 0 && pthread_mutex_destroy(&d->m) == 0);
}

void sync_door_open(struct sync_door *d)
{
    must(pthread_mutex_lock(&d->m) == 0);
    d->open = true;
    must(pthread_cond_broadcast(&d->opened) == 0);
    must(pthread_mutex_unlock(&d->m) == 0);
}

void sync_door_wait(struct sync_door *d)
{
    must(pthread_mutex_lock(&d->m) == 0);
    while (!d->open)
        must(pthread_cond_wait(&d->opened, &d->m) == 0);
    must(pthread_mutex_unlock(&d->m) == 0);
}

enum cau_err sync_start(struct sync_thread *t, void *(*run)(void *), void *arg)
{
    return pthread_create(&t->id, NULL, run, arg) == 0 ? CAU_OK : CAU_ERR_IO;
}

void sync_join(struct sync_thread *t)
{
    must(pthread_join(t->id, NULL) == 0);
}

unsigned sync_cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > 1024 ? 1024 : (unsigned)n;
}

struct shared {
    struct sync_mutex lock;
    void (*run)(void *ctx, size_t place, size_t task);
    void *ctx;
    size_t next, n, places;
};

static void *take_tasks(void *arg)
{
    struct shared *s = arg;
    sync_lock(&s->lock);
    size_t place = s->places++;
    sync_unlock(&s->lock);
    for (;;) {
        sync_lock(&s->lock);
        size_t task = s->next < s->n ? s->next++ : s->n;
        sync_unlock(&s->lock);
        if (task == s->n)
            return NULL;
        s->run(s->ctx, place, task);
    }
}

void sync_share_places(void (*run)(void *ctx, size_t place, size_t task), void *ctx, size_t n)
{
    struct shared s = {.lock = SYNC_MUTEX, .run = run, .ctx = ctx, .n = n};
    struct sync_thread thread[SYNC_SHARED_MAX];
    size_t started = 0, most = sync_cores();
    most = most < n ? most : n;
    while (started + 1 < most && started < SYNC_SHARED_MAX - 1 &&
           sync_start(&thread[started], take_tasks, &s) == CAU_OK)
        started++;
    take_tasks(&s);
    for (size_t i = 0; i < started; i++)
        sync_join(&thread[i]);
}

struct placeless {
    void (*run)(void *ctx, size_t task);
    void *ctx;
};

static void run_placeless(void *ctx, size_t place, size_t task)
{
    const struct placeless *p = ctx;
    (void)place;
    p->run(p->ctx, task);
}

void sync_share(void (*run)(void *ctx, size_t task), void *ctx, size_t n)
{
    struct placeless p = {run, ctx};
    sync_share_places(run_placeless, &p, n);
}
