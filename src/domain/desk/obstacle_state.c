#include "domain/desk/obstacle_state.h"

#include <stdlib.h>

/* ---- one obstacle ---- */

static const char *const status_code[OBSTACLE_STATUSES] = {
    "reported", "filed", "assigned", "answered", "escalated", "resolved", "closed"};

struct str obstacle_status_code(enum obstacle_status status)
{
    must((unsigned)status < OBSTACLE_STATUSES);
    return str_of(status_code[status]);
}

bool obstacle_read_status(struct str code, enum obstacle_status *out)
{
    for (unsigned i = 0; i < OBSTACLE_STATUSES; i++)
        if (str_is(code, status_code[i])) {
            *out = (enum obstacle_status)i;
            return true;
        }
    return false;
}

bool obstacle_status_of(const struct desk_row *r, enum obstacle_status *out)
{
    must(r->kind == DESK_OBSTACLE);
    if (r->state == DESK_NO_CODE && r->audience == RECORD_PRIVATE)
        return false;
    *out = r->state < OBSTACLE_STATUSES ? (enum obstacle_status)r->state : OBSTACLE_FILED;
    return true;
}

bool obstacle_waits(const struct desk_row *r)
{
    enum obstacle_status now;
    return obstacle_status_of(r, &now) && !desk_known(r->end) &&
           (now == OBSTACLE_FILED || now == OBSTACLE_ASSIGNED || now == OBSTACLE_ESCALATED);
}

int32_t obstacle_due(const struct desk_row *r)
{
    if (desk_known(r->due))
        return r->due.last;
    return desk_known(r->on) ? r->on.last + OBSTACLE_ANSWER_DAYS : DESK_NO_DAY;
}

bool obstacle_past(const struct desk_row *r, int32_t day)
{
    int32_t due = obstacle_due(r);
    return obstacle_waits(r) && due != DESK_NO_DAY && due < day;
}

static bool to_the_day(struct desk_days d)
{
    return desk_known(d) && d.first == d.last;
}

int32_t obstacle_days(const struct desk_row *r)
{
    if (!to_the_day(r->on) || !to_the_day(r->end) || r->end.first < r->on.first)
        return -1;
    return r->end.first - r->on.first;
}

bool obstacle_concerns(const struct desk *d, struct index_reader reader,
                       const struct desk_row *r, uint32_t mechanism)
{
    uint32_t about = r->from == DESK_NO_NAME ? 0 : desk_doc(d, r->from);
    const struct desk_row *subject = about == 0 ? NULL : desk_row(d, reader, about),
                          *committee = desk_row(d, reader, mechanism);
    uint32_t of_subject = subject == NULL ? 0 : desk_mechanism(d, subject);
    if (of_subject != 0)
        return of_subject == mechanism;
    if (committee == NULL || r->countries == 0)
        return false;
    const uint16_t *country = desk_countries(d, r);
    for (unsigned i = 0; i < r->countries; i++)
        if (!desk_has_country(d, committee, country[i]))
            return false;
    return true;
}

/* ---- those that wait ---- */

struct waiting { /* a row with what it is ordered by */
    const struct desk_row *row;
    struct str name;
    int32_t due;
    bool past;
};

static int order_waiting(const void *x, const void *y)
{
    const struct waiting *a = x, *b = y;
    if (a->past != b->past)
        return a->past ? -1 : 1;
    if (a->due != b->due) {
        if (a->due == DESK_NO_DAY || b->due == DESK_NO_DAY)
            return a->due == DESK_NO_DAY ? 1 : -1;
        return a->due < b->due ? -1 : 1;
    }
    return str_cmp(a->name, b->name);
}

static size_t count_waiting(const struct desk *d, struct index_reader reader,
                            uint32_t mechanism, struct waiting *list, int32_t day)
{
    size_t at = 0, n = 0;
    for (const struct desk_row *r; (r = desk_next(d, reader, DESK_OBSTACLE, &at)) != NULL;) {
        if (!obstacle_waits(r) ||
            (mechanism != 0 && !obstacle_concerns(d, reader, r, mechanism)))
            continue;
        if (list != NULL)
            list[n] = (struct waiting){r, desk_name(d, r->self), obstacle_due(r),
                                       obstacle_past(r, day)};
        n++;
    }
    return n;
}

enum cau_err obstacle_waiting(const struct desk *d, struct arena *a, struct index_reader reader,
                              uint32_t mechanism, int32_t day, const struct desk_row ***out,
                              size_t *n)
{
    size_t count = count_waiting(d, reader, mechanism, NULL, day);
    const struct desk_row **rows = arena_take(a, count * sizeof *rows);
    struct waiting *list = arena_take(a, count * sizeof *list);
    if (rows == NULL || list == NULL)
        return CAU_ERR_MEMORY;
    must(count_waiting(d, reader, mechanism, list, day) == count);
    qsort(list, count, sizeof *list, order_waiting);
    for (size_t i = 0; i < count; i++)
        rows[i] = list[i].row;
    *out = rows;
    *n = count;
    return CAU_OK;
}

/* ---- by authority ---- */

struct answer { /* one answered obstacle of an authority: its place in the list, or `all` */
    size_t of;
    int32_t days;
};

static int order_answers(const void *x, const void *y)
{
    const struct answer *a = x, *b = y;
    if (a->of != b->of)
        return a->of < b->of ? -1 : 1;
    return a->days < b->days ? -1 : a->days > b->days;
}

static int order_days(const void *x, const void *y)
{
    const struct answer *a = x, *b = y;
    return a->days < b->days ? -1 : a->days > b->days;
}

static int order_authorities(const void *x, const void *y)
{
    const struct obstacle_authority *a = x, *b = y;
    if (a->past != b->past)
        return a->past > b->past ? -1 : 1;
    if (a->waiting != b->waiting)
        return a->waiting > b->waiting ? -1 : 1;
    if (a->filed != b->filed)
        return a->filed > b->filed ? -1 : 1;
    return str_cmp(a->name, b->name);
}

/* What has been found of the names so far: a name leads to the place of its authority. */
struct tally {
    const struct desk *d;
    struct view *v;
    struct index_reader reader;
    struct obstacle_authority *list;
    uint32_t *name; /* names met, in the order they were met */
    size_t *of;     /* their authorities */
    size_t n, names;
};

/* The place of an authority; two names of one organisation are one. Names are few beside obstacles. */
static size_t find_authority(struct tally *t, uint32_t name)
{
    for (size_t i = 0; i < t->names; i++)
        if (t->name[i] == name)
            return t->of[i];
    struct str text = name == DESK_NO_NAME ? (struct str){NULL, 0} : desk_name(t->d, name);
    uint32_t doc = text.len == 0 ? 0 : view_find(t->v, t->reader, text);
    size_t place = t->n;
    for (size_t i = 0; i < t->n && doc != 0; i++)
        if (t->list[i].doc == doc)
            place = i;
    if (place == t->n)
        t->list[t->n++] = (struct obstacle_authority){.doc = doc, .name = text};
    t->name[t->names] = name;
    t->of[t->names++] = place;
    return place;
}

static void add_row(struct obstacle_authority *x, const struct desk_row *r, int32_t day)
{
    x->filed++;
    x->answered += desk_known(r->end);
    x->waiting += obstacle_waits(r);
    x->past += obstacle_past(r, day);
    x->timed += obstacle_days(r) >= 0;
}

/* days: ascending. */
static void set_days(struct obstacle_authority *x, const struct answer *sorted, size_t n)
{
    must(x->timed == n);
    if (n == 0)
        return;
    x->median_days = sorted[(n - 1) / 2].days;
    x->p90_days = sorted[(n * 9 + 9) / 10 - 1].days;
}

static bool is_counted(const struct desk_row *r)
{
    enum obstacle_status now;
    return obstacle_status_of(r, &now) && now != OBSTACLE_REPORTED;
}

static size_t count_rows(const struct desk *d, struct index_reader reader)
{
    size_t at = 0, n = 0;
    for (const struct desk_row *r; (r = desk_next(d, reader, DESK_OBSTACLE, &at)) != NULL;)
        n += is_counted(r);
    return n;
}

enum cau_err obstacle_authorities(const struct desk *d, struct view *v, struct arena *a,
                                  struct index_reader reader, int32_t day,
                                  struct obstacle_authority **out, size_t *n,
                                  struct obstacle_authority *all)
{
    size_t rows = count_rows(d, reader), answers = 0, at = 0;
    struct obstacle_authority total = {0};
    struct tally t = {.d = d, .v = v, .reader = reader};
    t.list = arena_take(a, rows * sizeof *t.list);
    t.name = arena_take(a, rows * sizeof *t.name);
    t.of = arena_take(a, rows * sizeof *t.of);
    struct answer *answer = arena_take(a, rows * sizeof *answer);
    if (t.list == NULL || t.name == NULL || t.of == NULL || answer == NULL)
        return CAU_ERR_MEMORY;
    for (const struct desk_row *r; (r = desk_next(d, reader, DESK_OBSTACLE, &at)) != NULL;) {
        if (!is_counted(r))
            continue;
        size_t of = find_authority(&t, r->authority);
        add_row(&t.list[of], r, day);
        add_row(&total, r, day);
        if (obstacle_days(r) >= 0)
            answer[answers++] = (struct answer){of, obstacle_days(r)};
    }
    qsort(answer, answers, sizeof *answer, order_answers);
    for (size_t i = 0, end; i < answers; i = end) {
        for (end = i + 1; end < answers && answer[end].of == answer[i].of;)
            end++;
        set_days(&t.list[answer[i].of], answer + i, end - i);
    }
    qsort(answer, answers, sizeof *answer, order_days);
    set_days(&total, answer, answers);
    qsort(t.list, t.n, sizeof *t.list, order_authorities);
    *out = t.list;
    *n = t.n;
    if (all != NULL)
        *all = total;
    return CAU_OK;
}
