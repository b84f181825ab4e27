/* The thread of a server that works kept imports off, so that a page need not wait. */
#include "exchange/import/import_int.h"

#include <stdatomic.h>

#define TASK_ARENA_BYTES ((size_t)64 << 20)

struct task {
    enum import_task what;
    uint32_t id;
    struct actor actor;
    bool own_options;
    struct import_options options;
    struct arena a; /* of the task: options, outcome */
};

struct import_worker {
    struct node *n;
    struct arena a;
    struct sync_queue queue;
    void *slot[IMPORT_TASKS_MAX];
    struct sync_thread thread;
    _Atomic uint32_t running, stop; /* ids; 0: none */
    _Atomic uint64_t done, all;     /* of what is running */
    struct sync_mutex lock;
    uint32_t waiting[IMPORT_TASKS_MAX + 1]; /* ids, with what is running; 0: free */
    atomic_bool ending;
};

static bool go_on(void *ctx, uint64_t done, uint64_t all, const struct import_outcome *so_far)
{
    struct import_worker *w = ctx;
    (void)so_far;
    atomic_store(&w->done, done);
    atomic_store(&w->all, all);
    return !atomic_load(&w->ending) && atomic_load(&w->stop) != atomic_load(&w->running);
}

/* Puts to in place of the first from; false when there is none. */
static bool replace(struct import_worker *w, uint32_t from, uint32_t to)
{
    bool found = false;
    sync_lock(&w->lock);
    for (size_t i = 0; i < countof(w->waiting) && !found; i++)
        if (w->waiting[i] == from) {
            w->waiting[i] = to;
            found = true;
        }
    sync_unlock(&w->lock);
    return found;
}

bool import_worker_at(struct import_worker *w, uint32_t id, uint64_t *done, uint64_t *all)
{
    bool known = replace(w, id, id), running = atomic_load(&w->running) == id;
    *done = running ? atomic_load(&w->done) : 0;
    *all = running ? atomic_load(&w->all) : 0;
    return known;
}

static void work(struct import_worker *w, struct task *t)
{
    struct import_outcome out;
    struct import_progress progress = {w, go_on};
    const struct import_options *o = t->own_options ? &t->options : NULL;
    atomic_store(&w->stop, 0);
    atomic_store(&w->done, 0);
    atomic_store(&w->all, 0);
    atomic_store(&w->running, t->id);
    if (atomic_load(&w->ending))
        return;
    if (t->what == IMPORT_TASK_PREVIEW)
        (void)import_preview(w->n, &t->a, &t->actor, t->id, o, &progress, &out);
    else if (t->what == IMPORT_TASK_CONFIRM)
        (void)import_confirm(w->n, &t->a, &t->actor, t->id, &progress, &out);
    else
        (void)import_undo(w->n, &t->a, &t->actor, t->id, &progress, &out);
    atomic_store(&w->running, 0);
}

static void drop(struct task *t)
{
    struct arena a = t->a; /* the task lives in it */
    arena_free(&a);
}

static void *run(void *arg)
{
    struct import_worker *w = arg;
    for (struct task *t; (t = sync_queue_take(&w->queue, -1)) != NULL;) {
        work(w, t);
        must(replace(w, t->id, 0));
        drop(t);
    }
    return NULL;
}

/* Imports that were running when the program ended: what they wrote stays under their number. */
static enum cau_err mark_broken(struct node *n)
{
    struct arena a = arena_new((size_t)64 << 20);
    struct local_import *list, one;
    size_t count = 0;
    struct view *v = view_take(n);
    enum cau_err err =
        v == NULL ? CAU_ERR_IO : local_import_list(view_store(v), &a, SIZE_MAX, &list, &count);
    view_give(n, v);
    for (size_t i = 0; err == CAU_OK && i < count; i++)
        if (list[i].state == LOCAL_IMPORT_RUNNING) {
            err = import_get(n, &a, list[i].id, &one);
            one.state = LOCAL_IMPORT_FAILED;
            if (err == CAU_OK)
                err = import_set(n, &one);
        }
    arena_free(&a);
    return err;
}

enum cau_err import_worker_start(struct node *n, struct import_worker **out)
{
    struct arena a = arena_new((size_t)1 << 16);
    struct import_worker *w = arena_zero(&a, sizeof *w);
    if (w == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = mark_broken(n);
    if (err == CAU_OK) {
        w->n = n;
        w->a = a;
        w->lock = (struct sync_mutex)SYNC_MUTEX;
        sync_queue_init(&w->queue, w->slot, countof(w->slot));
        err = sync_start(&w->thread, run, w);
    }
    if (err == CAU_OK)
        *out = w;
    else
        arena_free(&a);
    return err;
}

static enum cau_err copy_options(struct task *t, const struct import_options *o)
{
    struct buf json = buf_new(IMPORT_OPTION_BYTES);
    import_options_write(&json, o);
    struct str kept;
    enum cau_err err = json.failed ? CAU_ERR_RANGE : arena_copy(&t->a, buf_str(&json), &kept);
    if (err == CAU_OK)
        err = import_options_read(&t->a, kept, &t->options);
    t->own_options = err == CAU_OK;
    buf_free(&json);
    return err;
}

enum cau_err import_worker_put(struct import_worker *w, enum import_task what, uint32_t id,
                               const struct actor *actor, const struct import_options *options)
{
    struct arena a = arena_new(TASK_ARENA_BYTES);
    struct task *t = arena_zero(&a, sizeof *t);
    enum cau_err err = t == NULL ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK) {
        *t = (struct task){.what = what, .id = id, .actor = *actor, .a = a};
        err = arena_copy(&t->a, actor->organization, &t->actor.organization);
    }
    if (err == CAU_OK && options != NULL)
        err = copy_options(t, options);
    if (err == CAU_OK && !replace(w, 0, id))
        err = CAU_ERR_BUSY;
    else if (err == CAU_OK && (err = sync_queue_put(&w->queue, t, 0)) != CAU_OK)
        must(replace(w, id, 0));
    if (err != CAU_OK && t != NULL)
        drop(t);
    else if (err != CAU_OK)
        arena_free(&a);
    return err;
}

void import_worker_stop_task(struct import_worker *w, uint32_t id)
{
    atomic_store(&w->stop, id);
}

void import_worker_end(struct import_worker *w)
{
    atomic_store(&w->ending, true);
    sync_queue_close(&w->queue);
    sync_join(&w->thread);
    sync_queue_end(&w->queue);
    struct arena a = w->a;
    arena_free(&a);
}
