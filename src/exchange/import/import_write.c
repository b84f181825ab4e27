/* The second thread of an import: hands groups to the node's writer while the next rows are being read. */
#include "base/clock.h"
#include "base/log.h"
#include "exchange/import/import_int.h"

#include <stdatomic.h>
#include <string.h>

#define SAVE_EVERY_US 500000

struct import_writer {
    struct node *n;
    struct import_group *group[IMPORT_GROUPS];
    struct import_group *filling; /* of the reading thread; NULL: none yet */
    void *full_slot[IMPORT_GROUPS + 1], *free_slot[IMPORT_GROUPS + 1];
    struct sync_queue full, free; /* groups to write; groups that were written */
    struct sync_thread thread;
    struct local_import import; /* counts so far, of this thread alone */
    bool counted;               /* import is kept up to date */
    int64_t saved_us;           /* when it was, on the monotonic clock */
    _Atomic int err;
};

static enum cau_err save_import(struct store *s, void *arg)
{
    return local_import_set(s, arg);
}

static const char *code_of(enum cau_err err)
{
    return err == CAU_ERR_STALE     ? "changed_meanwhile"
           : err == CAU_ERR_REFUSED ? "taken"
           : err == CAU_ERR_UNKNOWN ? "gone"
                                    : NULL; /* not about one record */
}

/* A record of the group was changed or its name taken since it was read: each by itself. */
static enum cau_err write_singly(struct import_writer *w, struct import_group *g)
{
    for (size_t i = 0; i < g->items; i++) {
        const struct import_item *item = &g->item[i];
        enum cau_err err =
            writer_put(w->n, &g->change[item->first], item->changes, &g->result[item->first]);
        if (err == CAU_OK) {
            g->count[item->count]++;
            continue;
        }
        if (code_of(err) == NULL)
            return err;
        g->refused[g->refused_n] = item->row;
        g->refused_code[g->refused_n++] = code_of(err);
    }
    return CAU_OK;
}

/* Into the node's queue; what it could not be put there for is told by finish_group. */
static void start_group(struct import_writer *w, struct import_group *g)
{
    g->ticket = NULL;
    g->err = (enum cau_err)atomic_load(&w->err);
    if (g->err != CAU_OK || g->n == 0)
        return;
    for (size_t i = 0; i < g->n; i++)
        if (g->change[i].op == WRITER_PUT)
            g->change[i].payload =
                (struct str){g->bytes.p + g->payload_from[i], g->payload_len[i]};
    g->err = writer_put_start(w->n, g->change, g->n, &g->ticket);
}

/* Pages look at how far it is; a failure here is told by the next group. */
static void save_progress(struct import_writer *w)
{
    int64_t now = clock_monotonic_us();
    if (!w->counted || now - w->saved_us < SAVE_EVERY_US)
        return;
    w->saved_us = now;
    (void)writer_run(w->n, save_import, &w->import);
}

static enum cau_err finish_group(struct import_writer *w, struct import_group *g)
{
    if (atomic_load(&w->err) != CAU_OK && g->ticket == NULL)
        return (enum cau_err)atomic_load(&w->err);
    if (g->n == 0)
        return CAU_OK;
    enum cau_err err = g->ticket == NULL ? g->err : writer_put_end(w->n, g->ticket, g->result);
    if (err != CAU_OK && code_of(err) != NULL)
        err = write_singly(w, g);
    else if (err == CAU_OK)
        for (size_t i = 0; i < g->items; i++)
            g->count[g->item[i].count]++;
    w->import.added += (uint32_t)g->count[IMPORT_ADDED];
    w->import.changed += (uint32_t)g->count[IMPORT_CHANGED];
    w->import.refused += (uint32_t)g->refused_n;
    w->import.done = g->items > 0 ? g->item[g->items - 1].row : w->import.done;
    if (err == CAU_OK)
        save_progress(w);
    if (err != CAU_OK)
        log_line(LOG_ERROR, "import: not written: %s", cau_err_name(err));
    return err;
}

/* One group is made ready while the one before it is being written. */
static void *run(void *arg)
{
    struct import_writer *w = arg;
    struct import_group *before = NULL;
    for (;;) {
        struct import_group *g = sync_queue_take(&w->full, before == NULL ? -1 : 0);
        if (g == NULL && before == NULL)
            return NULL; /* closed, and all is done */
        if (g != NULL)
            start_group(w, g);
        if (before != NULL) {
            enum cau_err err = finish_group(w, before);
            if (err != CAU_OK)
                atomic_store(&w->err, (int)err);
            must(sync_queue_put(&w->free, before, 0) == CAU_OK);
        }
        before = g;
    }
}

static void empty(struct import_group *g)
{
    g->n = g->items = g->refused_n = 0;
    g->count[IMPORT_ADDED] = g->count[IMPORT_CHANGED] = 0;
    buf_reset(&g->bytes);
}

enum cau_err import_writer_start(struct node *n, struct arena *life,
                                 const struct local_import *import, struct import_writer **out)
{
    struct import_writer *w = arena_zero(life, sizeof *w);
    if (w == NULL)
        return CAU_ERR_MEMORY;
    w->n = n;
    w->counted = import != NULL;
    if (import != NULL)
        w->import = *import;
    sync_queue_init(&w->full, w->full_slot, countof(w->full_slot));
    sync_queue_init(&w->free, w->free_slot, countof(w->free_slot));
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < IMPORT_GROUPS && err == CAU_OK; i++) {
        w->group[i] = arena_take(life, sizeof *w->group[i]);
        if (w->group[i] == NULL) {
            err = CAU_ERR_MEMORY;
            break;
        }
        w->group[i]->bytes = buf_new(IMPORT_GROUP_BYTES + 2 * RECORD_BYTES_MAX);
        empty(w->group[i]);
        must(sync_queue_put(&w->free, w->group[i], 0) == CAU_OK);
    }
    if (err == CAU_OK)
        err = sync_start(&w->thread, run, w);
    if (err == CAU_OK) {
        *out = w;
        return CAU_OK;
    }
    sync_queue_end(&w->full);
    sync_queue_end(&w->free);
    return err;
}

static void hand_over(struct import_writer *w)
{
    if (w->filling == NULL)
        return;
    must(sync_queue_put(&w->full, w->filling, 0) == CAU_OK);
    w->filling = NULL;
}

struct import_group *
import_writer_group(struct import_writer *w, size_t payload_bytes,
                    void (*collect)(void *ctx, const struct import_group *g), void *ctx)
{
    if (w->filling != NULL && (w->filling->n + 2 > WRITER_GROUP_MAX ||
                               w->filling->bytes.len + payload_bytes > IMPORT_GROUP_BYTES))
        hand_over(w);
    if (w->filling == NULL) {
        w->filling = sync_queue_take(&w->free, -1);
        collect(ctx, w->filling);
        empty(w->filling);
    }
    return atomic_load(&w->err) == CAU_OK ? w->filling : NULL;
}

enum cau_err import_writer_error(const struct import_writer *w)
{
    return (enum cau_err)atomic_load(&w->err);
}

void import_group_add(struct import_group *g, const struct writer_change *change)
{
    must(g->n < WRITER_GROUP_MAX);
    size_t i = g->n++;
    g->change[i] = *change;
    if (change->id.len > 0) {
        must(change->id.len == RECORD_ID_CHARS);
        memcpy(g->id[i], change->id.p, RECORD_ID_CHARS);
        g->change[i].id = (struct str){g->id[i], RECORD_ID_CHARS};
    }
    if (change->after != NULL) {
        g->after[i] = *change->after;
        g->change[i].after = &g->after[i];
    }
    g->payload_from[i] = g->bytes.len;
    g->payload_len[i] = change->payload.len;
    buf_add(&g->bytes, change->payload);
    must(!g->bytes.failed); /* the caller asked for the room */
}

void import_writer_end(struct import_writer *w,
                       void (*collect)(void *ctx, const struct import_group *g), void *ctx)
{
    hand_over(w);
    sync_queue_close(&w->full);
    sync_join(&w->thread);
    sync_queue_close(&w->free);
    for (struct import_group *g; (g = sync_queue_take(&w->free, 0)) != NULL;)
        collect(ctx, g);
    for (size_t i = 0; i < IMPORT_GROUPS; i++)
        buf_free(&w->group[i]->bytes);
    sync_queue_end(&w->full);
    sync_queue_end(&w->free);
}
