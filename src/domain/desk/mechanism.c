#include "domain/desk/mechanism.h"

#include <stdlib.h>

enum mechanism_rotation mechanism_read_rotation(struct str code)
{
    static const char *const name[MECHANISM_ROTATIONS] = {"alternate", "one_side",
                                                          "agreed_each_time"};
    for (unsigned i = 0; i < MECHANISM_ROTATIONS; i++)
        if (str_is(code, name[i]))
            return (enum mechanism_rotation)i;
    return MECHANISM_ROTATIONS;
}

const char *mechanism_from_name(enum mechanism_from from)
{
    static const char *const name[MECHANISM_FROMS] = {"not_known", "session", "record",
                                                      "turn",      "custom",  "interval"};
    must((unsigned)from < MECHANISM_FROMS);
    return name[from];
}

static bool is_of(const struct desk *d, const struct desk_row *r, uint32_t mechanism)
{
    return r->mechanism != DESK_NO_NAME && desk_doc(d, r->mechanism) == mechanism;
}

/* Took place, as far as its record says: held, or a past date that was not called off. */
static bool was_held(const struct desk_row *r, int32_t day)
{
    if (r->state == MECHANISM_HELD)
        return true;
    return r->state == DESK_NO_CODE && desk_known(r->on) && r->on.last <= day;
}

static bool is_coming(const struct desk_row *r, int32_t day)
{
    if (r->state != MECHANISM_PLANNED && r->state != DESK_NO_CODE)
        return false;
    return desk_known(r->on) ? r->on.last >= day : r->state == MECHANISM_PLANNED;
}

/* By date, unknown before all; then number; then document. */
static int order(const struct desk_row *x, const struct desk_row *y)
{
    if (x->on.last != y->on.last)
        return x->on.last < y->on.last ? -1 : 1;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

static void find_sessions(const struct desk *d, struct index_reader reader, uint32_t mechanism,
                          int32_t day, struct mechanism_next *out)
{
    const struct desk_row *r;
    size_t at = 0;
    while ((r = desk_next(d, reader, DESK_SESSION, &at)) != NULL) {
        if (!is_of(d, r, mechanism))
            continue;
        if (was_held(r, day)) {
            if (out->last == NULL || order(out->last, r) < 0)
                out->last = r;
        } else if (is_coming(r, day)) {
            bool nearer = out->planned == NULL ||
                          (desk_known(r->on) && !desk_known(out->planned->on)) ||
                          (desk_known(r->on) && order(r, out->planned) < 0);
            if (nearer)
                out->planned = r;
        }
    }
}

/* What the mechanism's record says of the next session is not of one that was held since. */
static bool still_said(const struct mechanism_next *next, const struct desk_row *m, int32_t day)
{
    if (!desk_known(m->due))
        return true;
    bool held =
        next->last != NULL && desk_known(next->last->on) && next->last->on.last >= m->due.first;
    return m->due.last >= day && !held;
}

static uint16_t after(const struct desk *d, const struct desk_row *m, uint16_t host)
{
    const uint16_t *country = desk_countries(d, m);
    for (size_t i = 0; m->countries > 1 && i < m->countries; i++)
        if (country[i] == host)
            return country[(i + 1) % m->countries];
    return 0;
}

static void find_host(const struct desk *d, const struct desk_row *m,
                      enum mechanism_rotation rotation, int32_t day,
                      struct mechanism_next *next)
{
    uint16_t last = next->last != NULL ? next->last->host : 0;
    if (next->planned != NULL && next->planned->host != 0) {
        next->host = next->planned->host;
        next->host_from = MECHANISM_BY_SESSION;
    } else if (m->host != 0 && still_said(next, m, day)) {
        next->host = m->host;
        next->host_from = MECHANISM_BY_RECORD;
    } else if (rotation == MECHANISM_ALTERNATE && last != 0 && after(d, m, last) != 0) {
        next->host = after(d, m, last);
        next->host_from = MECHANISM_BY_TURN;
    } else if (rotation == MECHANISM_ONE_SIDE && last != 0) {
        next->host = last;
        next->host_from = MECHANISM_BY_CUSTOM;
    }
}

static int32_t day_of(struct clock_date date)
{
    return desk_day_of_ms(clock_ms_of(date));
}

/* So many months later: a year where only the year was known and whole years pass, else a month. */
static struct desk_days later(struct desk_days on, int32_t months)
{
    struct clock_date first = clock_add_months(desk_date(on.first), months),
                      last = clock_add_months(desk_date(on.last), months);
    bool year = on.last - on.first > 31 && months % 12 == 0;
    first.day = 1;
    if (year)
        first.month = 1;
    struct clock_date end = year ? (struct clock_date){last.year, 12, 1}
                                 : (struct clock_date){last.year, last.month, 1};
    return (struct desk_days){day_of(first), day_of(clock_add_months(end, 1)) - 1};
}

static void find_date(const struct desk_row *m, int32_t day, struct mechanism_next *next)
{
    if (next->planned != NULL && desk_known(next->planned->on)) {
        next->on = next->planned->on;
        next->on_from = MECHANISM_BY_SESSION;
    } else if (desk_known(m->due) && still_said(next, m, day)) {
        next->on = m->due;
        next->on_from = MECHANISM_BY_RECORD;
    } else if (next->last != NULL && desk_known(next->last->on) && m->number > 0) {
        next->on = later(next->last->on, m->number);
        next->on_from = MECHANISM_BY_INTERVAL;
    }
}

struct mechanism_next mechanism_next(const struct desk *d, struct index_reader reader,
                                     const struct desk_row *m, enum mechanism_rotation rotation,
                                     int32_t day)
{
    struct mechanism_next next = {.on = {DESK_NO_DAY, DESK_NO_DAY}};
    find_sessions(d, reader, m->doc, day, &next);
    find_host(d, m, rotation, day, &next);
    find_date(m, day, &next);
    if (next.planned != NULL && next.planned->number > 0)
        next.number = next.planned->number;
    else if (next.last != NULL && next.last->number > 0)
        next.number = next.last->number + 1;
    return next;
}

static int newest_first(const void *x, const void *y)
{
    return order(*(const struct desk_row *const *)y, *(const struct desk_row *const *)x);
}

enum cau_err mechanism_sessions(const struct desk *d, struct arena *a,
                                struct index_reader reader, uint32_t mechanism,
                                const struct desk_row ***out, size_t *n)
{
    const struct desk_row *r, **list;
    size_t at = 0, count = 0;
    while ((r = desk_next(d, reader, DESK_SESSION, &at)) != NULL)
        count += is_of(d, r, mechanism);
    list = arena_take(a, (count + 1) * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    at = count = 0;
    while ((r = desk_next(d, reader, DESK_SESSION, &at)) != NULL)
        if (is_of(d, r, mechanism))
            list[count++] = r;
    qsort(list, count, sizeof *list, newest_first);
    *out = list;
    *n = count;
    return CAU_OK;
}

bool mechanism_in_office(struct str from, struct str until, int32_t day)
{
    struct desk_days begins = desk_days_of(from), ends = desk_days_of(until);
    return (!desk_known(begins) || begins.first <= day) &&
           (!desk_known(ends) || ends.last >= day);
}
