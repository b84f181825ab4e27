#include "match/identity_int.h"

#include "base/sync.h"

#include <string.h>

enum {
    TASK_NAMES = 64,  /* a thread reads before it takes others */
    ROUND_TASKS = 64, /* whose units wait at one time for their places in the set */
    ROUND_NAMES = ROUND_TASKS * TASK_NAMES
};

/* Names that threads share; a name's own fields are written where they lie, by its task alone. */
struct round {
    const struct identity *s;
    struct identity_name *name;
    size_t n;
    struct buf unit[ROUND_TASKS]; /* struct name_unit: each name's, then those taken apart */
    enum cau_err err[ROUND_TASKS];
};

static uint64_t acronym_of(const struct name *name)
{
    return name->acronym[0] == '\0' ? 0 : str_hash(str_of(name->acronym));
}

static void read_name(const struct identity *s, struct stem *stem, struct identity_name *n,
                      struct buf *unit)
{
    struct name name;
    struct name_unit apart[NAME_UNITS_MAX];
    name_read(s->v, stem, (struct str){s->text.p + n->text_at, n->text_len}, &name);
    size_t parts = name_take_apart(s->v, &name, apart);
    n->n = (uint8_t)name.n;
    n->apart = (uint8_t)parts;
    n->script = (uint8_t)name.script;
    n->is_acronym = name.is_acronym;
    n->acronym = acronym_of(&name);
    buf_add(unit, (struct str){(const char *)name.unit, name.n * sizeof *name.unit});
    buf_add(unit, (struct str){(const char *)apart, parts * sizeof *apart});
}

static void read_task(void *ctx, size_t task)
{
    struct round *r = ctx;
    struct stem *stem = NULL;
    size_t from = task * TASK_NAMES, to = from + TASK_NAMES < r->n ? from + TASK_NAMES : r->n;
    enum cau_err err = stem_open(&stem);
    for (size_t i = from; i < to && err == CAU_OK; i++) {
        read_name(r->s, stem, &r->name[i], &r->unit[task]);
        err = r->unit[task].failed ? CAU_ERR_MEMORY : CAU_OK;
    }
    stem_close(stem);
    r->err[task] = err;
}

static enum cau_err add_unit(struct identity *s, const struct name_unit *u, uint32_t record)
{
    char key[NAME_FORM_MAX + 8];
    size_t len = identity_unit_key(u, key);
    uint32_t at, fresh = (uint32_t)(s->term.len / sizeof(struct identity_term));
    bool added;
    enum cau_err err = table_intern(&s->terms, (struct str){key, len}, fresh, &at, &added);
    if (err != CAU_OK)
        return err;
    if (added) {
        struct identity_term t = {.unit = *u};
        buf_add(&s->term, (struct str){(const char *)&t, sizeof t});
        if (s->term.failed)
            return CAU_ERR_MEMORY;
    }
    struct identity_term *t = (struct identity_term *)(void *)s->term.p + at;
    t->count += t->last != record + 1;
    t->last = record + 1;
    uint32_t unit = at * 2 + u->optional;
    buf_add(&s->unit, (struct str){(const char *)&unit, sizeof unit});
    return s->unit.failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* The units of a task's names, in order. */
static enum cau_err add_task(struct identity *s, struct round *r, size_t task)
{
    size_t from = task * TASK_NAMES, to = from + TASK_NAMES < r->n ? from + TASK_NAMES : r->n;
    const struct name_unit *unit = (const void *)r->unit[task].p;
    enum cau_err err = r->err[task];
    for (size_t i = from; i < to && err == CAU_OK; i++) {
        struct identity_name *n = &r->name[i];
        n->at = (uint32_t)(s->unit.len / sizeof(uint32_t));
        for (size_t k = 0; k < (size_t)n->n + n->apart && err == CAU_OK; k++)
            err = add_unit(s, unit++, n->record);
    }
    return err;
}

enum cau_err identity_read_names(struct identity *s)
{
    struct identity_name *name = (void *)s->name.p;
    size_t n = s->name.len / sizeof *name;
    struct round r = {.s = s};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < ROUND_TASKS; i++)
        r.unit[i] = buf_new(TASK_NAMES * 2 * NAME_UNITS_MAX * sizeof(struct name_unit));
    for (size_t done = 0; done < n && err == CAU_OK; done += ROUND_NAMES) {
        r.name = name + done;
        r.n = n - done < ROUND_NAMES ? n - done : ROUND_NAMES;
        size_t tasks = (r.n + TASK_NAMES - 1) / TASK_NAMES;
        for (size_t i = 0; i < tasks; i++)
            buf_reset(&r.unit[i]);
        sync_share(read_task, &r, tasks);
        for (size_t i = 0; i < tasks && err == CAU_OK; i++)
            err = add_task(s, &r, i);
    }
    for (size_t i = 0; i < ROUND_TASKS; i++)
        buf_free(&r.unit[i]);
    buf_free(&s->text);
    return err;
}
