/* What the desk takes out of a payload. */
#include "domain/desk/desk_int.h"
#include "domain/desk/project.h"

#include <string.h>

/* The fields a row is made of, by kind; NULL: the kind has none of the sort. */
static const struct source {
    const char *type, *state, *level, *host, *number, *on, *due, *end, *mechanism, *session,
        *from, *part_of, *authority, *sides;
} source[DESK_KINDS] = {
    [DESK_AGREEMENT] = {.type = "agreement_kind",
                        .state = "status",
                        .level = "level",
                        .on = "signed",
                        .due = "expires",
                        .end = "in_force",
                        .mechanism = "mechanism"},
    [DESK_MECHANISM] = {.type = "mechanism_kind",
                        .state = "status",
                        .level = "level",
                        .host = "next_host",
                        .number = "interval",
                        .on = "established",
                        .due = "next_on",
                        .mechanism = "part_of"},
    [DESK_SESSION] = {.state = "status",
                      .host = "host",
                      .number = "number",
                      .on = "held_on",
                      .end = "ends_on",
                      .mechanism = "mechanism",
                      .session = "previous"},
    [DESK_COMMITMENT] = {.type = "force",
                         .state = "status",
                         .host = "requested_by",
                         .on = "said_on",
                         .due = "due",
                         .mechanism = "mechanism",
                         .session = "session",
                         .from = "carried_from",
                         .part_of = "part_of",
                         .authority = "owner",
                         .sides = "side"},
    [DESK_OBSTACLE] = {.type = "obstacle_kind",
                       .state = "status",
                       .level = "satisfaction",
                       .host = "side",
                       .on = "filed_on",
                       .due = "due",
                       .end = "answered_on",
                       .session = "session",
                       .from = "about",
                       .authority = "authority"},
    [DESK_PROGRAMME] = {.type = "programme_kind",
                        .state = "status",
                        .on = "starts",
                        .due = "ends",
                        .mechanism = "mechanism",
                        .authority = "organization"},
    [DESK_PROJECT] = {.state = "status",
                      .on = "starts",
                      .due = "ends",
                      .mechanism = "mechanism",
                      .from = "programme",
                      .authority = "owner"},
    [DESK_INDICATOR] = {.type = "measure", .on = "latest"},
};

/* ---- names ---- */

static enum cau_err intern(struct desk *d, struct str name, uint32_t *out)
{
    uint32_t fresh = (uint32_t)(d->pool[DESK_NAMES].len / sizeof(struct desk_name_entry));
    bool added = false;
    if (name.len == 0) {
        *out = DESK_NO_NAME;
        return CAU_OK;
    }
    enum cau_err err = table_intern(&d->names, name, fresh, out, &added);
    if (err != CAU_OK || !added)
        return err;
    struct desk_name_entry e = {.at = d->pool[DESK_NAME_TEXT].len, .len = name.len};
    buf_add(&d->pool[DESK_NAME_TEXT], name);
    buf_add(&d->pool[DESK_NAMES], (struct str){(const char *)&e, sizeof e});
    return d->pool[DESK_NAME_TEXT].failed || d->pool[DESK_NAMES].failed ? CAU_ERR_MEMORY
                                                                        : CAU_OK;
}

static void set_doc(struct desk *d, uint32_t name, uint32_t doc)
{
    if (name != DESK_NO_NAME)
        ((struct desk_name_entry *)(void *)d->pool[DESK_NAMES].p)[name].doc = doc;
}

/* ---- one payload ---- */

struct filling {
    struct desk *d;
    const struct kind *kind;
    const struct value *payload;
    struct desk_row *row;
    enum cau_err err;
};

/* The string of a field, or the first of its list. */
static struct str first_of(const struct value *v)
{
    if (v != NULL && v->type == VALUE_ARRAY && v->n > 0)
        v = &v->item[0];
    return v != NULL && v->type == VALUE_STRING ? v->string : (struct str){NULL, 0};
}

static uint8_t code_of(const struct kind_list *list, struct str code)
{
    const struct kind_code *c = list == NULL ? NULL : kind_find_code(list, code);
    return c == NULL || c - list->code >= DESK_NO_CODE ? DESK_NO_CODE
                                                       : (uint8_t)(c - list->code);
}

static uint8_t read_code(const struct filling *f, const char *field)
{
    const struct kind_field *k = field == NULL ? NULL : kind_find_field(f->kind, str_of(field));
    return k == NULL ? DESK_NO_CODE : code_of(k->list, first_of(value_get(f->payload, field)));
}

static struct desk_days read_days(const struct filling *f, const char *field)
{
    return desk_days_of(field == NULL ? (struct str){NULL, 0}
                                      : value_get_str(f->payload, field));
}

static uint32_t read_name(struct filling *f, const char *field)
{
    uint32_t name = DESK_NO_NAME;
    if (field != NULL && f->err == CAU_OK)
        f->err = intern(f->d, first_of(value_get(f->payload, field)), &name);
    return name;
}

static void add_country(struct filling *f, uint32_t at, uint8_t *n, struct str code)
{
    uint16_t country = desk_country_of(code);
    const uint16_t *list = (const uint16_t *)(const void *)f->d->pool[DESK_COUNTRIES].p;
    if (country == 0 || *n == UINT8_MAX)
        return;
    for (size_t i = 0; i < *n; i++)
        if (list[at + i] == country)
            return;
    buf_add(&f->d->pool[DESK_COUNTRIES], (struct str){(const char *)&country, sizeof country});
    if (!f->d->pool[DESK_COUNTRIES].failed)
        (*n)++;
}

/* The countries of a list or of one string; of rows (column not NULL) those in that column. */
static void add_countries(struct filling *f, uint32_t at, uint8_t *n, const struct value *v,
                          const char *column)
{
    if (v != NULL && v->type == VALUE_STRING)
        add_country(f, at, n, v->string);
    if (v == NULL || v->type != VALUE_ARRAY)
        return;
    for (uint32_t i = 0; i < v->n; i++)
        if (column != NULL)
            add_country(f, at, n, value_get_str(&v->item[i], column));
        else if (v->item[i].type == VALUE_STRING)
            add_country(f, at, n, v->item[i].string);
}

static uint32_t country_end(const struct filling *f)
{
    return (uint32_t)(f->d->pool[DESK_COUNTRIES].len / sizeof(uint16_t));
}

static void read_countries(struct filling *f, const char *sides)
{
    struct desk_row *r = f->row;
    r->side_at = country_end(f);
    if (sides != NULL) {
        add_countries(f, r->side_at, &r->sides, value_get(f->payload, sides), NULL);
        add_countries(f, r->side_at, &r->sides, value_get(f->payload, "executors"), "side");
    }
    r->country_at = country_end(f);
    add_countries(f, r->country_at, &r->countries, value_get(f->payload, "countries"), NULL);
    if (r->countries == 0)
        add_countries(f, r->country_at, &r->countries, value_get(f->payload, "country"), NULL);
    for (size_t i = 0; i < r->sides; i++) {
        char space[2];
        uint16_t side =
            ((const uint16_t *)(const void *)f->d->pool[DESK_COUNTRIES].p)[r->side_at + i];
        add_country(f, r->country_at, &r->countries, desk_country(side, space));
    }
}

/* Later words stand behind earlier ones; a word further down counts unless it is certainly of an earlier day. */
static void read_statuses(struct filling *f)
{
    struct desk_status said[DESK_SIDES_MAX], earlier[DESK_EARLIER_MAX];
    const struct kind_field *field = kind_find_field(f->kind, STR("statuses"));
    const struct value *rows = value_get(f->payload, "statuses");
    const struct kind_list *list = NULL;
    for (size_t i = 0; field != NULL && i < field->column_count; i++)
        if (str_is(field->column[i].name, "status"))
            list = field->column[i].list;
    size_t n = 0, before = 0;
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        struct desk_status s = {desk_country_of(value_get_str(&rows->item[i], "side")),
                                code_of(list, value_get_str(&rows->item[i], "status")),
                                desk_days_of(value_get_str(&rows->item[i], "date"))};
        size_t k = 0;
        while (k < n && said[k].side != s.side)
            k++;
        if (k == DESK_SIDES_MAX || s.side == 0 || s.status == DESK_NO_CODE)
            continue;
        if (k == n) {
            said[n++] = s;
            continue;
        }
        struct desk_status old = said[k];
        if (old.on.last <= s.on.last)
            said[k] = s;
        else
            old = s;
        if (before < DESK_EARLIER_MAX)
            earlier[before++] = old;
    }
    f->row->status_at = (uint32_t)(f->d->pool[DESK_STATUSES].len / sizeof *said);
    f->row->statuses = (uint8_t)n;
    f->row->earlier = (uint8_t)before;
    buf_add(&f->d->pool[DESK_STATUSES], (struct str){(const char *)said, n * sizeof *said});
    buf_add(&f->d->pool[DESK_STATUSES],
            (struct str){(const char *)earlier, before * sizeof *earlier});
}

static void read_standings(struct filling *f)
{
    struct desk_standing said[DESK_SIDES_MAX];
    const struct value *rows = value_get(f->payload, "confirmations");
    size_t n = 0;
    memset(said, 0, sizeof said);
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        uint16_t side = desk_country_of(value_get_str(&rows->item[i], "side"));
        size_t k = 0;
        while (k < n && said[k].side != side)
            k++;
        if (k == DESK_SIDES_MAX || side == 0)
            continue;
        said[k].side = side;
        said[k].confirmed = str_is(value_get_str(&rows->item[i], "standing"), "confirmed");
        n += k == n;
    }
    f->row->standing_at = (uint32_t)(f->d->pool[DESK_STANDINGS].len / sizeof *said);
    f->row->standings = (uint8_t)n;
    buf_add(&f->d->pool[DESK_STANDINGS], (struct str){(const char *)said, n * sizeof *said});
}

static enum cau_err read_row(struct desk *d, enum desk_kind kind,
                             const struct view_record *record, struct desk_row *out)
{
    const struct source *s = &source[kind];
    struct filling f = {d, record->kind, &record->payload, out, CAU_OK};
    memset(out, 0, sizeof *out);
    out->doc = record->doc;
    out->owner = record->owner;
    out->audience = (uint8_t)record->audience;
    out->kind = (uint8_t)kind;
    out->there = true;
    out->withdrawn = record->withdrawn || record->redacted;
    out->example = value_get(&record->payload, "example") != NULL;
    out->time_ms = record->time_ms;
    out->type = read_code(&f, s->type);
    out->state = read_code(&f, s->state);
    out->level = read_code(&f, s->level);
    if (s->host != NULL)
        out->host = desk_country_of(value_get_str(&record->payload, s->host));
    if (s->number != NULL)
        out->number = (int32_t)value_get_int(&record->payload, s->number, 0);
    out->on = read_days(&f, s->on);
    out->due = read_days(&f, s->due);
    out->end =
        kind == DESK_PROJECT ? project_next_planned(&record->payload) : read_days(&f, s->end);
    out->mechanism = read_name(&f, s->mechanism);
    out->session = read_name(&f, s->session);
    out->from = read_name(&f, s->from);
    out->part_of = read_name(&f, s->part_of);
    out->authority = read_name(&f, s->authority);
    read_countries(&f, s->sides);
    read_statuses(&f);
    read_standings(&f);
    if (f.err == CAU_OK)
        f.err = intern(d, record->id, &out->self);
    if (f.err == CAU_OK)
        set_doc(d, out->self, record->doc);
    uint32_t external = DESK_NO_NAME;
    if (f.err == CAU_OK)
        f.err = intern(d, record->external_id, &external);
    set_doc(d, external, record->doc);
    if (d->pool[DESK_COUNTRIES].failed || d->pool[DESK_STATUSES].failed ||
        d->pool[DESK_STANDINGS].failed)
        return CAU_ERR_MEMORY;
    return f.err;
}

/* ---- a record ---- */

static enum cau_err set_place(struct desk *d, uint32_t doc, uint32_t place)
{
    size_t need = ((size_t)doc + 1) * sizeof place;
    if (need > d->pool[DESK_PLACES].len)
        buf_add_zeros(&d->pool[DESK_PLACES], need - d->pool[DESK_PLACES].len);
    if (d->pool[DESK_PLACES].failed)
        return CAU_ERR_MEMORY;
    memcpy(d->pool[DESK_PLACES].p + doc * sizeof place, &place, sizeof place);
    return CAU_OK;
}

/* An empty row at the end: where it stands. */
static enum cau_err new_row(struct desk *d, enum desk_kind kind, uint32_t doc, size_t *at)
{
    size_t n;
    (void)desk_rows(d, kind, &n);
    struct desk_row r = {.doc = doc, .kind = (uint8_t)kind};
    buf_add(&d->pool[kind], (struct str){(const char *)&r, sizeof r});
    if (d->pool[kind].failed || n >= DESK_ROWS_MAX)
        return CAU_ERR_MEMORY;
    *at = n;
    return CAU_OK;
}

static size_t pool_bytes(const struct desk_row *r)
{
    return (size_t)(r->countries + r->sides) * sizeof(uint16_t) +
           ((size_t)r->statuses + r->earlier) * sizeof(struct desk_status) +
           r->standings * sizeof(struct desk_standing);
}

/* What a row says becomes what the record says; NULL: nothing can be read. Its place among others stays. */
static enum cau_err set_version(struct desk *d, enum desk_kind kind, size_t at,
                                const struct view_record *record)
{
    size_t n;
    struct desk_row fresh;
    struct desk_row *old = desk_rows(d, kind, &n) + at;
    d->waste += pool_bytes(old);
    old->there = false;
    old->countries = old->sides = old->statuses = old->earlier = old->standings = 0;
    enum cau_err err = record == NULL ? CAU_OK : read_row(d, kind, record, &fresh);
    if (err != CAU_OK || record == NULL)
        return err;
    fresh.newest = old->newest;
    fresh.narrower = old->narrower;
    *old = fresh;
    return CAU_OK;
}

/* The version that readers of these audiences see. */
static enum cau_err read_version(struct desk *d, struct view *v, enum desk_kind kind, size_t at,
                                 unsigned audiences)
{
    size_t n;
    struct view_record record;
    struct index_reader reader = {audiences, 0};
    arena_reset(&d->scratch);
    enum cau_err err =
        view_get(v, &d->scratch, reader, desk_rows(d, kind, &n)[at].doc, &record);
    if (err == CAU_OK)
        return set_version(d, kind, at, &record);
    return err == CAU_ERR_UNKNOWN || err == CAU_ERR_CORRUPT ? set_version(d, kind, at, NULL)
                                                            : err;
}

/* Below a version those in wider logs, for readers who may not see it. */
static enum cau_err read_wider(struct desk *d, struct view *v, enum desk_kind kind, size_t at)
{
    for (;;) {
        size_t n;
        struct desk_row *r = desk_rows(d, kind, &n) + at;
        size_t next = r->narrower;
        unsigned wider = r->there ? (1U << r->audience) - 1 : 0;
        if (wider == 0 && next == 0)
            return CAU_OK;
        if (next == 0) {
            enum cau_err err = new_row(d, kind, r->doc, &next);
            if (err != CAU_OK)
                return err;
            desk_rows(d, kind, &n)[at].narrower = (uint32_t)++next;
        }
        at = next - 1;
        enum cau_err err = read_version(d, v, kind, at, wider);
        if (err != CAU_OK)
            return err;
    }
}

static enum cau_err add_record(struct desk *d, struct view *v, enum desk_kind kind,
                               const struct view_record *record)
{
    size_t at = 0, n;
    enum cau_err err = new_row(d, kind, record->doc, &at);
    if (err == CAU_OK)
        err = set_place(d, record->doc, (uint32_t)kind << 29 | (uint32_t)(at + 1));
    if (err != CAU_OK)
        return err;
    desk_rows(d, kind, &n)[at].newest = true;
    err = set_version(d, kind, at, record);
    return err == CAU_OK ? read_wider(d, v, kind, at) : err;
}

static bool kind_of(const struct kind *kind, enum desk_kind *out)
{
    for (unsigned i = 0; i < DESK_KINDS; i++)
        if (str_equal(kind->name, desk_kind_name((enum desk_kind)i))) {
            *out = (enum desk_kind)i;
            return true;
        }
    return false;
}

enum cau_err desk_fill_doc(struct desk *d, struct view *v, uint32_t doc)
{
    static const unsigned all = (1U << RECORD_AUDIENCES) - 1;
    struct desk_row *old = desk_first(d, doc);
    struct view_record record;
    enum desk_kind kind;
    if (old != NULL) {
        size_t n;
        kind = (enum desk_kind)old->kind;
        size_t at = (size_t)(old - desk_rows(d, kind, &n));
        enum cau_err err = read_version(d, v, kind, at, all);
        return err == CAU_OK ? read_wider(d, v, kind, at) : err;
    }
    size_t before = d->list.used;
    enum cau_err err = view_get(v, &d->list, (struct index_reader){all, 0}, doc, &record);
    if (err == CAU_OK && kind_of(record.kind, &kind))
        err = add_record(d, v, kind, &record);
    d->list.used = before;
    return err == CAU_ERR_UNKNOWN || err == CAU_ERR_CORRUPT ? CAU_OK : err;
}

struct adding {
    struct desk *d;
    struct view *v;
    enum desk_kind kind;
    enum cau_err err;
};

static bool add_next(void *ctx, const struct view_record *record)
{
    struct adding *x = ctx;
    x->err = add_record(x->d, x->v, x->kind, record);
    return x->err == CAU_OK;
}

enum cau_err desk_fill(struct desk *d, struct view *v)
{
    struct adding x = {.d = d, .v = v};
    for (size_t i = 0; i < countof(d->pool); i++)
        buf_reset(&d->pool[i]);
    table_free(&d->names);
    d->names = table_new();
    d->waste = 0;
    arena_reset(&d->list);
    for (unsigned i = 0; i < DESK_KINDS && x.err == CAU_OK; i++) {
        const struct kind *kind =
            kinds_find(node_kinds(d->n), desk_kind_name((enum desk_kind)i));
        x.kind = (enum desk_kind)i;
        enum cau_err err =
            kind == NULL
                ? CAU_OK
                : view_each(v, &d->list, (struct index_reader){(1U << RECORD_AUDIENCES) - 1, 0},
                            kind, add_next, &x);
        if (x.err == CAU_OK)
            x.err = err;
    }
    return x.err;
}
