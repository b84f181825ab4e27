#include "match/identity_int.h"

#include "base/sort.h"
#include "base/sync.h"

#include <string.h>

enum { TASK_RECORDS = 64 }; /* whose names a thread reads before it takes others */

#define NONE UINT32_MAX

/* A unit that a thread has met, with what it has counted of it. */
struct found_term {
    struct identity_term term;
    uint64_t
        first; /* where it was met first: place among the names, above 8 bits of its place in the name */
};

/* What one thread has read. A unit is told by its place among the thread's own, until all have one in the set. */
struct share {
    struct name_reader *reader;
    struct table forms; /* of words no list has -> place in term */
    struct buf meaning; /* uint32_t: place in term of each meaning, by its id; NONE */
    struct buf term;    /* struct found_term */
    struct buf unit;    /* uint32_t: twice its place in term, plus 1 when optional */
    struct buf global;  /* uint32_t: place in the set of each term */
    enum cau_err err;
};

/* Where a task's units lie: in its thread's, and then in the set's. */
struct task {
    uint32_t place;
    size_t from, n, to;
};

struct reading {
    struct identity *s;
    struct share share[SYNC_SHARED_MAX];
    struct task *task;
};

static struct identity_name *name_at(const struct identity *s, size_t i)
{
    return (struct identity_name *)(void *)s->name.p + i;
}

static struct found_term *term_of(const struct share *p, size_t i)
{
    return (struct found_term *)(void *)p->term.p + i;
}

static enum cau_err open_share(const struct identity *s, struct share *p)
{
    size_t bytes = (VOCABULARY_MEANINGS_MAX + 1) * sizeof(uint32_t);
    char *meaning = buf_extend(&p->meaning, bytes);
    if (meaning == NULL)
        return CAU_ERR_MEMORY;
    memset(meaning, 0xff, bytes);
    return name_reader_open(s->v, &p->reader);
}

/* The place of u among the thread's terms; at is where it stands. */
static enum cau_err place_of(struct share *p, const struct name_unit *u, uint64_t at,
                             uint32_t *out)
{
    char key[NAME_FORM_MAX + 8];
    uint32_t fresh = (uint32_t)(p->term.len / sizeof(struct found_term));
    uint32_t *meaning = (uint32_t *)(void *)p->meaning.p + u->meaning.id;
    bool added = u->meaning.id != 0 && *meaning == NONE;
    enum cau_err err = CAU_OK;
    if (u->meaning.id == 0)
        err = table_intern(&p->forms, (struct str){key, identity_unit_key(u, key)}, fresh, out,
                           &added);
    else
        *out = *meaning = added ? fresh : *meaning;
    if (err != CAU_OK || !added)
        return err;
    struct found_term t = {.term = {.unit = *u}, .first = at};
    buf_add(&p->term, (struct str){(const char *)&t, sizeof t});
    return p->term.failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* Units that stand in a name of record from at on. */
static enum cau_err add_units(struct share *p, const struct name_unit *u, size_t n,
                              uint32_t record, uint64_t at)
{
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        uint32_t place = 0;
        err = place_of(p, &u[i], at + i, &place);
        if (err != CAU_OK)
            return err;
        struct identity_term *t = &term_of(p, place)->term;
        t->count += t->last != record + 1;
        t->last = record + 1;
        place = place * 2 + u[i].optional;
        buf_add(&p->unit, (struct str){(const char *)&place, sizeof place});
    }
    return p->unit.failed ? CAU_ERR_MEMORY : err;
}

static enum cau_err read_name(const struct identity *s, struct share *p, size_t i)
{
    struct name name;
    struct name_unit apart[NAME_UNITS_MAX];
    struct identity_name *n = name_at(s, i);
    uint64_t at = (uint64_t)i << 8;
    name_read(p->reader, (struct str){s->text.p + n->text_at, n->text_len}, &name);
    size_t parts = name_take_apart(s->v, &name, apart);
    n->n = (uint8_t)name.n;
    n->apart = (uint8_t)parts;
    n->script = (uint8_t)name.script;
    n->is_acronym = name.is_acronym;
    n->acronym = name.acronym[0] == '\0' ? 0 : str_hash(str_of(name.acronym));
    enum cau_err err = add_units(p, name.unit, name.n, n->record, at);
    return err == CAU_OK ? add_units(p, apart, parts, n->record, at + name.n) : err;
}

/* The names of a task's records, which are no other task's. */
static void names_of(const struct identity *s, size_t task, size_t *from, size_t *to)
{
    size_t records = identity_count(s), end = (task + 1) * TASK_RECORDS;
    *from = identity_record_at(s, task * TASK_RECORDS)->name_at;
    *to = end < records ? identity_record_at(s, end)->name_at
                        : s->name.len / sizeof(struct identity_name);
}

static void read_task(void *ctx, size_t place, size_t task)
{
    struct reading *r = ctx;
    struct share *p = &r->share[place];
    size_t from, to, before = p->unit.len;
    if (p->reader == NULL && p->err == CAU_OK)
        p->err = open_share(r->s, p);
    names_of(r->s, task, &from, &to);
    for (size_t i = from; i < to && p->err == CAU_OK; i++)
        p->err = read_name(r->s, p, i);
    r->task[task] = (struct task){.place = (uint32_t)place,
                                  .from = before / sizeof(uint32_t),
                                  .n = (p->unit.len - before) / sizeof(uint32_t)};
}

/* A place in the set for a term some thread has found; what another one has found too has one. */
static enum cau_err add_term(struct identity *s, const struct identity_term *t, uint32_t *at)
{
    char key[NAME_FORM_MAX + 8];
    struct str form = {key, identity_unit_key(&t->unit, key)};
    bool added;
    enum cau_err err = table_intern(
        &s->terms, form, (uint32_t)(s->term.len / sizeof(struct identity_term)), at, &added);
    if (err != CAU_OK)
        return err;
    if (added)
        buf_add(&s->term, (struct str){(const char *)t, sizeof *t});
    else
        ((struct identity_term *)(void *)s->term.p)[*at].count += t->count;
    return s->term.failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* All terms in the order in which the names have them, whoever has read these. */
static enum cau_err join_terms(struct reading *r)
{
    struct buf items = buf_new((size_t)8 << 30);
    size_t n = 0, before[SYNC_SHARED_MAX + 1] = {0};
    for (size_t k = 0; k < SYNC_SHARED_MAX; k++) {
        before[k] = n;
        n += r->share[k].term.len / sizeof(struct found_term);
    }
    before[SYNC_SHARED_MAX] = n;
    struct sort_item *v = (void *)buf_extend(&items, 2 * (n + 1) * sizeof *v);
    enum cau_err err = v == NULL ? CAU_ERR_MEMORY : CAU_OK;
    for (size_t k = 0; k < SYNC_SHARED_MAX && err == CAU_OK; k++) {
        for (size_t i = before[k]; i < before[k + 1]; i++)
            v[i] = (struct sort_item){.key = term_of(&r->share[k], i - before[k])->first,
                                      .value = (uint32_t)i};
        if (before[k] < before[k + 1] &&
            buf_extend(&r->share[k].global, r->share[k].term.len) == NULL)
            err = CAU_ERR_MEMORY;
    }
    if (err == CAU_OK)
        sort_items(v, n, v + n);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        size_t k = 0;
        while (v[i].value >= before[k + 1])
            k++;
        size_t at = v[i].value - before[k];
        err = add_term(r->s, &term_of(&r->share[k], at)->term,
                       (uint32_t *)(void *)r->share[k].global.p + at);
    }
    buf_free(&items);
    return err;
}

static void put_task(void *ctx, size_t task)
{
    const struct reading *r = ctx;
    const struct task *t = &r->task[task];
    const struct share *p = &r->share[t->place];
    const uint32_t *from = (const uint32_t *)(const void *)p->unit.p + t->from;
    const uint32_t *global = (const void *)p->global.p;
    uint32_t *to = (uint32_t *)(void *)r->s->unit.p + t->to;
    size_t i, end, at = t->to;
    for (names_of(r->s, task, &i, &end); i < end; i++) {
        struct identity_name *n = name_at(r->s, i);
        n->at = (uint32_t)at;
        at += (size_t)n->n + n->apart;
    }
    for (size_t k = 0; k < t->n; k++)
        to[k] = global[from[k] / 2] * 2 + from[k] % 2;
}

/* All units in the order of the names, by their terms' places in the set. */
static enum cau_err join_units(struct reading *r, size_t tasks)
{
    size_t n = 0;
    for (size_t i = 0; i < tasks; i++) {
        r->task[i].to = n;
        n += r->task[i].n;
    }
    if (n > UINT32_MAX)
        return CAU_ERR_RANGE;
    if (buf_extend(&r->s->unit, (n + 1) * sizeof(uint32_t)) == NULL)
        return CAU_ERR_MEMORY;
    r->s->unit.len = n * sizeof(uint32_t);
    sync_share(put_task, r, tasks);
    return CAU_OK;
}

enum cau_err identity_read_names(struct identity *s)
{
    size_t most = (size_t)8 << 30,
           tasks = (identity_count(s) + TASK_RECORDS - 1) / TASK_RECORDS;
    struct reading r = {.s = s};
    struct buf task = buf_new(most);
    for (size_t k = 0; k < SYNC_SHARED_MAX; k++)
        r.share[k] = (struct share){.forms = table_new(),
                                    .meaning = buf_new(most),
                                    .term = buf_new(most),
                                    .unit = buf_new(most),
                                    .global = buf_new(most)};
    r.task = (void *)buf_extend(&task, (tasks + 1) * sizeof *r.task);
    enum cau_err err = r.task == NULL ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK)
        sync_share_places(read_task, &r, tasks);
    for (size_t k = 0; k < SYNC_SHARED_MAX && err == CAU_OK; k++)
        err = r.share[k].err;
    if (err == CAU_OK)
        err = join_terms(&r);
    if (err == CAU_OK)
        err = join_units(&r, tasks);
    for (size_t k = 0; k < SYNC_SHARED_MAX; k++) {
        name_reader_close(r.share[k].reader);
        table_free(&r.share[k].forms);
        buf_free(&r.share[k].meaning);
        buf_free(&r.share[k].term);
        buf_free(&r.share[k].unit);
        buf_free(&r.share[k].global);
    }
    buf_free(&task);
    buf_free(&s->text);
    return err;
}
