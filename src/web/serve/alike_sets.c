#include "web/serve/alike_sets.h"

#include "base/clock.h"
#include "base/sync.h"

#include <string.h>

enum { REST = 10 }; /* of the time, one part in this goes into making sets */

struct slot {
    const struct kind *kind; /* NULL: empty */
    struct identity *set;
    struct buf pairs; /* struct identity_pair; made when first asked for */
    bool has_pairs;
    uint64_t count; /* writer_count when it was made */
    int64_t made_ms, took_ms;
};

struct alike_sets {
    struct node *node;
    struct sync_mutex making; /* one set at a time; also guards vocabulary */
    struct sync_readers lock; /* of what follows */
    struct vocabulary *vocabulary;
    struct slot slot[ALIKE_READERS][ALIKE_SETS_KINDS];
    struct arena own;
};

struct alike_sets *alike_sets_new(struct node *n)
{
    struct arena own = arena_new(sizeof(struct alike_sets) + 16);
    struct alike_sets *s = arena_zero(&own, sizeof *s);
    must(s != NULL);
    s->own = own;
    s->node = n;
    s->making = (struct sync_mutex)SYNC_MUTEX;
    sync_readers_init(&s->lock);
    return s;
}

static void empty(struct slot *slot)
{
    identity_close(slot->set);
    buf_free(&slot->pairs);
    memset(slot, 0, sizeof *slot);
}

void alike_sets_free(struct alike_sets *s)
{
    if (s == NULL)
        return;
    for (int r = 0; r < ALIKE_READERS; r++)
        for (int i = 0; i < ALIKE_SETS_KINDS; i++)
            empty(&s->slot[r][i]);
    vocabulary_close(s->vocabulary);
    sync_readers_end(&s->lock);
    struct arena own = s->own;
    arena_free(&own);
}

static struct slot *find(struct alike_sets *s, enum alike_reader reader,
                         const struct kind *kind)
{
    for (int i = 0; i < ALIKE_SETS_KINDS; i++)
        if (s->slot[reader][i].kind == kind)
            return &s->slot[reader][i];
    return NULL;
}

static bool is_good(const struct alike_sets *s, const struct slot *slot, bool pairs)
{
    if (slot == NULL || (pairs && !slot->has_pairs))
        return false;
    int64_t rest =
        slot->took_ms * REST > ALIKE_SETS_WAIT_MS ? slot->took_ms * REST : ALIKE_SETS_WAIT_MS;
    return slot->count == writer_count(s->node) ||
           clock_monotonic_us() / 1000 - slot->made_ms < rest;
}

static enum cau_err make(struct alike_sets *s, struct view *view, enum alike_reader reader,
                         const struct kind *kind, bool pairs, struct slot *out)
{
    struct index_reader everything = actor_everything();
    struct index_reader open = {.audiences = 1u << RECORD_PUBLIC};
    struct identity_run run = {.learn = true};
    int64_t start_ms = clock_monotonic_us() / 1000;
    *out = (struct slot){.kind = kind,
                         .pairs = buf_new((size_t)8 << 30),
                         .count = writer_count(s->node),
                         .has_pairs = pairs};
    enum cau_err err = s->vocabulary == NULL ? vocabulary_open(&s->vocabulary) : CAU_OK;
    if (err == CAU_OK)
        err = alike_set(view, reader == ALIKE_STAFF ? everything : open, kind, s->vocabulary,
                        false, &out->set);
    if (err == CAU_OK && pairs)
        err = identity_pairs(out->set, &run, &out->pairs);
    if (err == CAU_OK && pairs)
        err = alike_unlinked(view, reader == ALIKE_STAFF ? everything : open, &out->pairs);
    out->made_ms = clock_monotonic_us() / 1000;
    out->took_ms = out->made_ms - start_ms;
    if (err != CAU_OK)
        empty(out);
    return err;
}

/* Replaces the kind's set, or takes an empty place. */
static enum cau_err put(struct alike_sets *s, enum alike_reader reader, struct slot *fresh)
{
    sync_write_begin(&s->lock);
    struct slot *slot = find(s, reader, fresh->kind);
    if (slot == NULL)
        slot = find(s, reader, NULL);
    struct slot old = {.kind = NULL};
    if (slot != NULL) {
        old = *slot;
        *slot = *fresh;
    }
    sync_done(&s->lock);
    empty(slot != NULL ? &old : fresh);
    return slot != NULL ? CAU_OK : CAU_ERR_BUSY;
}

enum cau_err alike_sets_take(struct alike_sets *s, struct view *view, enum alike_reader reader,
                             const struct kind *kind, const struct identity **out,
                             const struct identity_pair **pairs, size_t *n)
{
    enum cau_err err = CAU_OK;
    sync_read_begin(&s->lock);
    bool good = is_good(s, find(s, reader, kind), pairs != NULL);
    if (!good) {
        sync_done(&s->lock);
        sync_lock(&s->making);
        sync_read_begin(&s->lock);
        good = is_good(s, find(s, reader, kind), pairs != NULL); /* while we waited */
        sync_done(&s->lock);
        struct slot fresh;
        if (!good)
            err = make(s, view, reader, kind, pairs != NULL, &fresh);
        if (!good && err == CAU_OK)
            err = put(s, reader, &fresh);
        sync_unlock(&s->making);
        if (err != CAU_OK)
            return err;
        sync_read_begin(&s->lock);
    }
    const struct slot *slot = find(s, reader, kind);
    must(slot != NULL); /* sets are replaced, never dropped */
    *out = slot->set;
    if (pairs != NULL) {
        size_t all = slot->pairs.len / sizeof **pairs;
        *pairs = (const void *)slot->pairs.p;
        *n = all < ALIKE_SETS_PAIRS ? all : ALIKE_SETS_PAIRS;
    }
    return CAU_OK;
}

void alike_sets_give(struct alike_sets *s)
{
    sync_done(&s->lock);
}
