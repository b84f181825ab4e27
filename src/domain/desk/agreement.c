#include "domain/desk/agreement.h"

#include <stdlib.h>
#include <string.h>

/* ---- validity ---- */

static bool passed(struct desk_days d, int32_t day)
{
    return desk_known(d) && d.last < day;
}

static bool to_come(struct desk_days d, int32_t day)
{
    return desk_known(d) && d.first > day;
}

static struct desk_days days_of(const struct value *payload, const char *field)
{
    return desk_days_of(value_get_str(payload, field));
}

/* What its dates alone say. */
static enum agreement_validity by_dates(struct desk_days in_force, struct desk_days ends,
                                        int32_t day)
{
    if (passed(ends, day))
        return AGREEMENT_OVER;
    if (to_come(in_force, day))
        return AGREEMENT_NOT_YET;
    return desk_known(in_force) && in_force.last <= day ? AGREEMENT_IN_FORCE
                                                        : AGREEMENT_NOT_SAID;
}

struct agreement_term agreement_term_of(const struct value *payload, int32_t day)
{
    static const struct desk_days none = {DESK_NO_DAY, DESK_NO_DAY};
    struct str status = value_get_str(payload, "status");
    struct desk_days renewed = days_of(payload, "renewed");
    struct agreement_term t = {.ends = days_of(payload, "expires")};
    /* A renewal before the end was taken into it; one after it began a term whose end is not known. */
    if (desk_known(t.ends) && desk_known(renewed) && renewed.first > t.ends.last &&
        renewed.first <= day) {
        t.ends = none;
        t.renewed_on = true;
    }
    enum agreement_validity dates = by_dates(days_of(payload, "in_force"), t.ends, day);
    if (status.len == 0) {
        t.validity = t.renewed_on && dates == AGREEMENT_NOT_SAID ? AGREEMENT_IN_FORCE : dates;
    } else if (str_is(status, "in_force")) {
        t.contradicts = dates == AGREEMENT_OVER || dates == AGREEMENT_NOT_YET;
        t.validity = t.contradicts ? dates : AGREEMENT_IN_FORCE;
    } else if (str_is(status, "negotiated") || str_is(status, "signed")) {
        t.contradicts = dates == AGREEMENT_OVER || dates == AGREEMENT_IN_FORCE;
        t.validity = AGREEMENT_NOT_YET;
    } else {
        t.contradicts = str_is(status, "expired") && (to_come(t.ends, day) || t.renewed_on);
        t.validity = AGREEMENT_OVER;
    }
    return t;
}

static int32_t months_after(int32_t day, int months)
{
    return desk_day_of_ms(clock_ms_of(clock_add_months(desk_date(day), months)));
}

static bool ends_within(struct desk_days ends, int32_t day, int months)
{
    return desk_known(ends) && ends.last >= day && ends.first <= months_after(day, months);
}

bool agreement_expires(const struct agreement_term *term, int32_t day, int months)
{
    return term->validity != AGREEMENT_OVER && ends_within(term->ends, day, months);
}

bool agreement_may_expire(const struct desk_row *row, int32_t day, int months)
{
    return ends_within(row->due, day, months);
}

/* ---- the chain ---- */

struct walk {
    struct view *v;
    struct arena *a;
    struct index_reader reader;
    struct agreement_chain c;
};

bool agreement_joins(struct str rel)
{
    static const char *const list[] = {"implements",  "amends",  "replaces",    "renews",
                                       "protocol_to", "follows", "legal_basis", "basis"};
    for (size_t i = 0; i < countof(list); i++)
        if (str_is(rel, list[i]))
            return true;
    return false;
}

static struct desk_days date_of(const struct value *payload)
{
    static const char *const field[] = {"signed", "established", "starts", "held_on"};
    struct desk_days on = {DESK_NO_DAY, DESK_NO_DAY};
    for (size_t i = 0; i < countof(field) && !desk_known(on); i++)
        on = days_of(payload, field[i]);
    return on;
}

/* The member with that document, added when it is new and there is room; AGREEMENT_CHAIN_MAX: none. */
static size_t member_of(struct walk *w, uint32_t doc)
{
    struct view_record r;
    for (size_t i = 0; i < w->c.n; i++)
        if (w->c.member[i].record.doc == doc)
            return i;
    if (w->c.n == AGREEMENT_CHAIN_MAX) {
        w->c.cut = true;
        return AGREEMENT_CHAIN_MAX;
    }
    if (view_get(w->v, w->a, w->reader, doc, &r) != CAU_OK || r.redacted || r.withdrawn)
        return AGREEMENT_CHAIN_MAX;
    w->c.member[w->c.n] = (struct agreement_member){r, date_of(&r.payload)};
    return w->c.n++;
}

static void add_edge(struct walk *w, size_t from, size_t to, struct str rel)
{
    for (size_t i = 0; i < w->c.edges; i++) {
        const struct agreement_edge *e = &w->c.edge[i];
        if (e->from == from && e->to == to && str_equal(e->rel, rel))
            return;
    }
    if (w->c.edges == AGREEMENT_EDGES_MAX)
        w->c.cut = true;
    else
        w->c.edge[w->c.edges++] = (struct agreement_edge){from, to, rel};
}

static enum cau_err follow(struct walk *w, size_t at, bool outwards)
{
    struct view_link *link;
    size_t n = 0;
    uint32_t doc = w->c.member[at].record.doc;
    enum cau_err err = outwards ? view_links_from(w->v, w->a, w->reader, doc, &link, &n)
                                : view_links_to(w->v, w->a, w->reader, doc, &link, &n);
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        if (link[i].doc == 0 || !agreement_joins(link[i].rel))
            continue;
        size_t other = member_of(w, link[i].doc);
        if (other != AGREEMENT_CHAIN_MAX)
            add_edge(w, outwards ? at : other, outwards ? other : at, link[i].rel);
    }
    return err;
}

static int by_date(const void *x, const void *y)
{
    const struct agreement_member *a = x, *b = y;
    if (desk_known(a->on) != desk_known(b->on))
        return desk_known(a->on) ? -1 : 1;
    if (a->on.first != b->on.first)
        return a->on.first < b->on.first ? -1 : 1;
    if (a->on.last != b->on.last)
        return a->on.last < b->on.last ? -1 : 1;
    return str_cmp(a->record.id, b->record.id);
}

static int by_ends(const void *x, const void *y)
{
    const struct agreement_edge *a = x, *b = y;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return str_cmp(a->rel, b->rel);
}

/* Sorts the members, and lets the edges name them by their new places. */
static void put_in_order(struct agreement_chain *c)
{
    uint32_t doc[AGREEMENT_CHAIN_MAX];
    size_t place[AGREEMENT_CHAIN_MAX];
    for (size_t i = 0; i < c->n; i++)
        doc[i] = c->member[i].record.doc;
    qsort(c->member, c->n, sizeof *c->member, by_date);
    for (size_t i = 0; i < c->n; i++)
        for (size_t k = 0; k < c->n; k++)
            if (c->member[k].record.doc == doc[i])
                place[i] = k;
    for (size_t i = 0; i < c->edges; i++) {
        c->edge[i].from = place[c->edge[i].from];
        c->edge[i].to = place[c->edge[i].to];
    }
    qsort(c->edge, c->edges, sizeof *c->edge, by_ends);
}

enum cau_err agreement_chain(struct view *v, struct arena *a, struct index_reader reader,
                             uint32_t doc, struct agreement_chain *out)
{
    struct walk w = {.v = v, .a = a, .reader = reader};
    w.c.member = arena_take(a, AGREEMENT_CHAIN_MAX * sizeof *w.c.member);
    w.c.edge = arena_take(a, AGREEMENT_EDGES_MAX * sizeof *w.c.edge);
    if (w.c.member == NULL || w.c.edge == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = view_get(v, a, reader, doc, &w.c.member[0].record);
    if (err != CAU_OK)
        return err;
    w.c.member[0].on = date_of(&w.c.member[0].record.payload);
    w.c.n = 1;
    for (size_t i = 0; i < w.c.n && err == CAU_OK; i++) {
        if (i > 0 && !str_is(w.c.member[i].record.kind->name, "agreement"))
            continue;
        err = follow(&w, i, true);
        if (err == CAU_OK)
            err = follow(&w, i, false);
    }
    if (err != CAU_OK)
        return err;
    put_in_order(&w.c);
    *out = w.c;
    return CAU_OK;
}

/* ---- counts ---- */

enum { YEARS = 3000, COUNTRIES = 1 << 16, TYPES = 256 };

static int year_of(const struct desk_row *r)
{
    return desk_known(r->on) ? desk_date(r->on.first).year : -1;
}

/* Its partners: n of them into out; AGREEMENT_NO_PARTNER alone when none is named. */
static size_t partners_of(const struct desk *d, const struct desk_row *r, uint16_t home,
                          uint16_t out[UINT8_MAX])
{
    const uint16_t *country = desk_countries(d, r);
    size_t n = 0;
    for (size_t i = 0; i < r->countries; i++)
        if (country[i] != home)
            out[n++] = country[i];
    if (n == 0)
        out[n++] = AGREEMENT_NO_PARTNER;
    return n;
}

static bool fits_year(const struct desk_row *r, const struct agreement_filter *f)
{
    return f->year == 0 || year_of(r) == f->year;
}

static bool fits_partner(const uint16_t *partner, size_t n, const struct agreement_filter *f)
{
    for (size_t i = 0; i < n; i++)
        if (partner[i] == f->partner)
            return true;
    return f->partner == 0;
}

static bool fits_type(const struct desk_row *r, const struct agreement_filter *f)
{
    return f->type == DESK_NO_CODE || r->type == f->type;
}

bool agreement_fits(const struct desk *d, const struct desk_row *row, uint16_t home,
                    const struct agreement_filter *filter)
{
    uint16_t partner[UINT8_MAX];
    return fits_year(row, filter) && fits_type(row, filter) &&
           fits_partner(partner, partners_of(d, row, home, partner), filter);
}

static int by_number(const void *x, const void *y)
{
    const struct agreement_count *a = x, *b = y;
    if ((a->key < 0) != (b->key < 0))
        return a->key < 0 ? 1 : -1;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return a->key - b->key;
}

/* The counters that are not 0, in their order; the last one is of what is not said. */
static size_t gather(struct arena *a, const uint32_t *n, size_t size,
                     struct agreement_count **out)
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++)
        used += n[i] > 0;
    struct agreement_count *list = arena_take(a, used * sizeof *list);
    *out = list;
    if (list == NULL)
        return 0;
    used = 0;
    for (size_t i = 0; i < size; i++)
        if (n[i] > 0)
            list[used++] = (struct agreement_count){i + 1 == size ? -1 : (int)i, n[i]};
    return used;
}

static void reverse(struct agreement_count *list, size_t n)
{
    size_t last = n > 0 && list[n - 1].key < 0 ? n - 1 : n; /* -1 stays at the end */
    for (size_t i = 0; i < last / 2; i++) {
        struct agreement_count x = list[i];
        list[i] = list[last - 1 - i];
        list[last - 1 - i] = x;
    }
}

enum cau_err agreement_count(struct arena *a, const struct desk *d, struct index_reader reader,
                             uint16_t home, const struct agreement_filter *filter,
                             struct agreement_counts *out)
{
    uint32_t *year = arena_zero(a, (YEARS + 1) * sizeof *year);
    uint32_t *country = arena_zero(a, COUNTRIES * sizeof *country);
    uint32_t *type = arena_zero(a, TYPES * sizeof *type);
    struct agreement_counts c = {.total = 0};
    if (year == NULL || country == NULL || type == NULL)
        return CAU_ERR_MEMORY;
    const struct desk_row *r;
    for (size_t at = 0; (r = desk_next(d, reader, DESK_AGREEMENT, &at)) != NULL;) {
        uint16_t partner[UINT8_MAX];
        size_t n = partners_of(d, r, home, partner);
        bool in_year = fits_year(r, filter), in_type = fits_type(r, filter),
             in_partner = fits_partner(partner, n, filter);
        c.total += in_year && in_type && in_partner;
        if (in_type && in_partner)
            year[year_of(r) < 0 ? YEARS : year_of(r)]++;
        if (in_year && in_partner)
            type[r->type]++;
        for (size_t i = 0; i < n && in_year && in_type; i++)
            country[partner[i]]++;
    }
    c.years = gather(a, year, YEARS + 1, &c.year);
    c.partners = gather(a, country, COUNTRIES, &c.partner);
    c.kinds = gather(a, type, TYPES, &c.kind);
    if (c.year == NULL || c.partner == NULL || c.kind == NULL)
        return CAU_ERR_MEMORY;
    reverse(c.year, c.years);
    qsort(c.partner, c.partners, sizeof *c.partner, by_number);
    *out = c;
    return CAU_OK;
}
