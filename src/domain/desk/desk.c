#include "domain/desk/desk_int.h"

#include <string.h>

#define DAY_MS        (INT64_C(24) * 3600 * 1000)
#define SCRATCH_BYTES ((size_t)32 << 20)

struct str desk_kind_name(enum desk_kind kind)
{
    static const char *const name[DESK_KINDS] = {"agreement",  "mechanism", "session",
                                                 "commitment", "obstacle",  "programme",
                                                 "project",    "indicator"};
    must((unsigned)kind < DESK_KINDS);
    return str_of(name[kind]);
}

/* ---- days and countries ---- */

int32_t desk_day_of_ms(int64_t ms)
{
    int64_t day = ms / DAY_MS;
    return (int32_t)(ms % DAY_MS < 0 ? day - 1 : day);
}

int32_t desk_today(void)
{
    return desk_day_of_ms(clock_now_ms());
}

enum cau_err desk_today_text(struct arena *a, struct str *out)
{
    char text[CLOCK_DATE_CHARS];
    size_t n = clock_write_date(clock_date_of(clock_now_ms()), text);
    return arena_copy(a, (struct str){text, n}, out);
}

static int32_t first_day(struct clock_date d)
{
    return desk_day_of_ms(clock_ms_of(d));
}

struct desk_days desk_days_of(struct str iso)
{
    struct clock_date d;
    if (clock_read_date(iso, &d) != CAU_OK)
        return (struct desk_days){DESK_NO_DAY, DESK_NO_DAY};
    struct clock_date from = {d.year, d.month == 0 ? 1 : d.month, d.day == 0 ? 1 : d.day};
    int months = d.month == 0 ? 12 : d.day == 0 ? 1 : 0;
    int32_t first = first_day(from);
    return (struct desk_days){
        first, months == 0 ? first : first_day(clock_add_months(from, months)) - 1};
}

struct clock_date desk_date(int32_t day)
{
    return clock_date_of(day * DAY_MS);
}

bool desk_known(struct desk_days d)
{
    return d.first != DESK_NO_DAY;
}

bool desk_within(struct desk_days d, int32_t first, int32_t last)
{
    return desk_known(d) && d.first >= first && d.last <= last;
}

struct str desk_country(uint16_t country, char space[2])
{
    space[0] = (char)(country >> 8);
    space[1] = (char)(country & 0xFF);
    return (struct str){space, country == 0 ? 0 : 2};
}

uint16_t desk_country_of(struct str code)
{
    if (code.len != 2)
        return 0;
    unsigned first = (unsigned char)code.p[0], second = (unsigned char)code.p[1];
    return (uint16_t)(first << 8 | second);
}

/* ---- coming and going ---- */

enum cau_err desk_open(struct node *n, struct desk **out)
{
    struct arena life = arena_new(sizeof(struct desk) + 64);
    struct desk *d = arena_zero(&life, sizeof *d);
    if (d == NULL) {
        arena_free(&life);
        return CAU_ERR_MEMORY;
    }
    d->life = life;
    d->scratch = arena_new(SCRATCH_BYTES);
    d->list = arena_new(SCRATCH_BYTES);
    d->n = n;
    d->names = table_new();
    sync_readers_init(&d->lock);
    for (size_t i = 0; i < countof(d->pool); i++)
        d->pool[i] = buf_new(DESK_POOL_BYTES);
    *out = d;
    return CAU_OK;
}

void desk_close(struct desk *d)
{
    if (d == NULL)
        return;
    for (size_t i = 0; i < countof(d->pool); i++)
        buf_free(&d->pool[i]);
    table_free(&d->names);
    sync_readers_end(&d->lock);
    arena_free(&d->scratch);
    arena_free(&d->list);
    struct arena life = d->life;
    arena_free(&life);
}

/* ---- up to date ---- */

static enum cau_err follow(struct desk *d, struct view *v)
{
    uint32_t *doc;
    size_t n;
    enum cau_err err = !d->filled || d->waste > DESK_WASTE_BYTES ? CAU_ERR_RANGE : CAU_OK;
    arena_reset(&d->list);
    if (err == CAU_OK)
        err = view_changed(v, &d->list, d->newest_ms, DESK_CHANGES_MAX, &doc, &n);
    if (err == CAU_ERR_RANGE)
        return desk_fill(d, v);
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = desk_fill_doc(d, v, doc[i]);
    return err;
}

enum cau_err desk_take(struct desk *d, struct view *v)
{
    int64_t newest = 0;
    enum cau_err err = view_newest(v, &newest);
    if (err != CAU_OK)
        return err;
    sync_read_begin(&d->lock);
    bool behind = !d->filled || d->newest_ms < newest;
    if (behind) {
        sync_done(&d->lock);
        sync_write_begin(&d->lock);
        if (!d->filled || d->newest_ms < newest)
            err = follow(d, v);
        d->filled = err == CAU_OK;
        if (err == CAU_OK && d->newest_ms < newest)
            d->newest_ms = newest;
        sync_done(&d->lock);
        if (err != CAU_OK)
            return err;
        sync_read_begin(&d->lock);
    }
    return CAU_OK;
}

void desk_give(struct desk *d)
{
    sync_done(&d->lock);
}

/* ---- reading ---- */

struct desk_row *desk_rows(const struct desk *d, enum desk_kind kind, size_t *n)
{
    *n = d->pool[kind].len / sizeof(struct desk_row);
    return (struct desk_row *)(void *)d->pool[kind].p;
}

struct desk_row *desk_first(const struct desk *d, uint32_t doc)
{
    size_t n;
    uint32_t place;
    if (doc >= d->pool[DESK_PLACES].len / sizeof place)
        return NULL;
    memcpy(&place, d->pool[DESK_PLACES].p + doc * sizeof place, sizeof place);
    return place == 0
               ? NULL
               : desk_rows(d, (enum desk_kind)(place >> 29), &n) + ((place & 0x1FFFFFFF) - 1);
}

static const struct desk_row *version_for(const struct desk *d, struct index_reader reader,
                                          const struct desk_row *r)
{
    size_t n;
    const struct desk_row *all = desk_rows(d, (enum desk_kind)r->kind, &n);
    while (!r->there || ((reader.audiences >> r->audience & 1) == 0 &&
                         (r->owner == 0 || r->owner != reader.owner))) {
        if (r->narrower == 0)
            return NULL;
        r = all + r->narrower - 1;
    }
    return r;
}

static const struct desk_row *next_row(const struct desk *d, struct index_reader reader,
                                       enum desk_kind kind, bool withdrawn, size_t *at)
{
    size_t n;
    const struct desk_row *all = desk_rows(d, kind, &n);
    while (*at < n) {
        const struct desk_row *r = &all[(*at)++];
        const struct desk_row *seen = r->newest ? version_for(d, reader, r) : NULL;
        if (seen != NULL && seen->withdrawn == withdrawn)
            return seen;
    }
    return NULL;
}

const struct desk_row *desk_next(const struct desk *d, struct index_reader reader,
                                 enum desk_kind kind, size_t *at)
{
    return next_row(d, reader, kind, false, at);
}

const struct desk_row *desk_next_withdrawn(const struct desk *d, struct index_reader reader,
                                           enum desk_kind kind, size_t *at)
{
    return next_row(d, reader, kind, true, at);
}

const struct desk_row *desk_row(const struct desk *d, struct index_reader reader, uint32_t doc)
{
    const struct desk_row *r = desk_first(d, doc);
    return r == NULL ? NULL : version_for(d, reader, r);
}

static const struct desk_name_entry *entry_of(const struct desk *d, uint32_t name)
{
    must(name < d->pool[DESK_NAMES].len / sizeof(struct desk_name_entry));
    return (const struct desk_name_entry *)(const void *)d->pool[DESK_NAMES].p + name;
}

uint32_t desk_doc(const struct desk *d, uint32_t name)
{
    return name == DESK_NO_NAME ? 0 : entry_of(d, name)->doc;
}

struct str desk_name(const struct desk *d, uint32_t name)
{
    if (name == DESK_NO_NAME)
        return (struct str){NULL, 0};
    const struct desk_name_entry *e = entry_of(d, name);
    return (struct str){d->pool[DESK_NAME_TEXT].p + e->at, e->len};
}

const uint16_t *desk_countries(const struct desk *d, const struct desk_row *r)
{
    return (const uint16_t *)(const void *)d->pool[DESK_COUNTRIES].p + r->country_at;
}

const uint16_t *desk_sides(const struct desk *d, const struct desk_row *r)
{
    return (const uint16_t *)(const void *)d->pool[DESK_COUNTRIES].p + r->side_at;
}

const struct desk_status *desk_statuses(const struct desk *d, const struct desk_row *r)
{
    return (const struct desk_status *)(const void *)d->pool[DESK_STATUSES].p + r->status_at;
}

const struct desk_status *desk_earlier(const struct desk *d, const struct desk_row *r)
{
    return desk_statuses(d, r) + r->statuses;
}

const struct desk_standing *desk_standings(const struct desk *d, const struct desk_row *r)
{
    return (const struct desk_standing *)(const void *)d->pool[DESK_STANDINGS].p +
           r->standing_at;
}

bool desk_has_country(const struct desk *d, const struct desk_row *r, uint16_t country)
{
    const uint16_t *list = desk_countries(d, r);
    for (size_t i = 0; i < r->countries; i++)
        if (list[i] == country)
            return true;
    return false;
}

uint32_t desk_mechanism(const struct desk *d, const struct desk_row *r)
{
    for (unsigned step = 0; r != NULL && step < DESK_STEPS_MAX; step++) {
        uint32_t own = desk_doc(d, r->mechanism);
        if (own != 0 || r->kind != DESK_COMMITMENT)
            return own;
        const struct desk_row *session = desk_first(d, desk_doc(d, r->session));
        if (session != NULL && session->kind == DESK_SESSION)
            return desk_doc(d, session->mechanism);
        r = desk_first(d, desk_doc(d, r->part_of));
    }
    return 0;
}
