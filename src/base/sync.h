/* sync.h - the only place with locks: a mutex, a readers' lock, a bounded queue, threads, a pool. */
#ifndef CAU_BASE_SYNC_H
#define CAU_BASE_SYNC_H

#include "base/base.h"

#include <pthread.h>

struct sync_mutex {
    pthread_mutex_t m;
};
#define SYNC_MUTEX                                                                             \
    {                                                                                          \
        PTHREAD_MUTEX_INITIALIZER                                                              \
    }
void sync_lock(struct sync_mutex *m);
void sync_unlock(struct sync_mutex *m);

struct sync_readers { /* many readers or one writer; a waiting writer goes first */
    pthread_rwlock_t l;
};
void sync_readers_init(struct sync_readers *r);
void sync_readers_end(struct sync_readers *r);
void sync_read_begin(struct sync_readers *r);
void sync_write_begin(struct sync_readers *r);
void sync_done(struct sync_readers *r);

/* A first-in first-out queue of at most cap pointers; several givers, one taker (or more). */
struct sync_queue {
    pthread_mutex_t m;
    pthread_cond_t filled, emptied;
    void **slot; /* cap of them, the caller's memory */
    size_t cap, first, n;
    bool closed;
};
void sync_queue_init(struct sync_queue *q, void **slot, size_t cap);
void sync_queue_end(struct sync_queue *q);
/* Waits up to wait_ms for room (0: not at all). BUSY when there is none, REFUSED when closed. */
enum cau_err sync_queue_put(struct sync_queue *q, void *item, unsigned wait_ms);
/* Waits up to wait_ms for an item (-1: for ever); NULL when time is up, or when closed and empty. */
void *sync_queue_take(struct sync_queue *q, int wait_ms);
void sync_queue_close(struct sync_queue *q); /* no more is put; what is there is still taken */

/* A door one thread waits at until another opens it. */
struct sync_door {
    pthread_mutex_t m;
    pthread_cond_t opened;
    bool open;
};
void sync_door_init(struct sync_door *d);
void sync_door_end(struct sync_door *d);
void sync_door_open(struct sync_door *d);
void sync_door_wait(struct sync_door *d);

struct sync_thread {
    pthread_t id;
};
enum cau_err sync_start(struct sync_thread *t, void *(*run)(void *),
                        void *arg); /* IO: no thread to be had */
void sync_join(struct sync_thread *t);
/* Calls run for each of n tasks, 0 to n - 1, on as many threads as there are processors (at most SYNC_SHARED_MAX), this one
 * among them; each takes the next task that nobody has. Returns when all are done. */
#define SYNC_SHARED_MAX 16
void sync_share(void (*run)(void *ctx, size_t task), void *ctx, size_t n);
/* The same; run is also told the place of the thread that calls it, from 0 and under SYNC_SHARED_MAX: for what a thread
 * keeps from task to task. A thread takes tasks in rising order. */
void sync_share_places(void (*run)(void *ctx, size_t place, size_t task), void *ctx, size_t n);
unsigned sync_cores(void); /* processors that threads can share, at least 1 */

#endif
