/* All agreements: how many by year, partner and kind, which expire, and the chain of each pair of countries in time. */
#include "base/number.h"
#include "web/desk/desk_pages.h"
#include "web/part/agreement_rows.h"
#include "web/part/narrow.h"
#include "web/part/present.h"
#include "web/search/results.h"

#include <stdlib.h>

enum {
    ROWS = 50,       /* of one page */
    SOON_READ = 500, /* records read to see whether they expire */
    SOON_SHOWN = 50,
    DOUBT_SHOWN = 20, /* whose status and dates do not agree */
};

struct overview {
    struct ask *q;
    const struct desk *desk;
    uint16_t home;
    int32_t today;
    struct agreement_filter filter;
    struct agreement_counts counts;
    const struct kind_list *kinds, *countries;
};

/* ---- the address ---- */

static struct str address_of(struct overview *o, const struct agreement_filter *f, size_t page)
{
    struct ask *q = o->q;
    struct buf b = buf_new(1024);
    char mark = '?';
    buf_printf(&b, "/%.*s/agreements", STR_ARG(lang_code(q->lang)));
    if (f->year != 0) {
        buf_printf(&b, f->year < 0 ? "%cyear=none" : "%cyear=%04d", mark, f->year);
        mark = '&';
    }
    if (f->partner != 0) {
        struct str code =
            f->partner == AGREEMENT_NO_PARTNER ? STR("none") : present_side_code(q, f->partner);
        buf_printf(&b, "%cpartner=%.*s", mark, STR_ARG(code));
        mark = '&';
    }
    if (f->type != DESK_NO_CODE && o->kinds != NULL && f->type < o->kinds->n) {
        buf_printf(&b, "%ckind=%.*s", mark, STR_ARG(o->kinds->code[f->type].code));
        mark = '&';
    }
    if (page > 1)
        buf_printf(&b, "%cpage=%zu", mark, page);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

/* What the address asks for; what it says that we do not know is left out. */
static size_t read_filter(struct overview *o)
{
    uint64_t year;
    struct str partner = ask_query(o->q, "partner"), kind = ask_query(o->q, "kind");
    struct str given = ask_query(o->q, "year");
    o->filter = (struct agreement_filter){.type = DESK_NO_CODE};
    if (number_read(given, 2999, &year) == CAU_OK)
        o->filter.year = (int)year;
    else if (str_is(given, "none"))
        o->filter.year = -1;
    if (str_is(partner, "none"))
        o->filter.partner = AGREEMENT_NO_PARTNER;
    else if (kind_find_code(o->countries, partner) != NULL)
        o->filter.partner = desk_country_of(partner);
    const struct kind_code *code = o->kinds == NULL ? NULL : kind_find_code(o->kinds, kind);
    if (code != NULL)
        o->filter.type = (uint8_t)(code - o->kinds->code);
    return narrow_page(o->q);
}

/* ---- counts ---- */

static struct str year_label(struct overview *o, int year)
{
    return year < 0 ? ask_say(o->q, "agreement.no_year") : ask_print(o->q, "%d", year);
}

static struct str partner_label(struct overview *o, int partner)
{
    if (partner < 0 || partner == AGREEMENT_NO_PARTNER)
        return ask_say(o->q, "agreement.no_partner");
    return present_side(o->q, (uint16_t)partner);
}

static struct str kind_label(struct overview *o, int kind)
{
    return kind < 0 || o->kinds == NULL || (size_t)kind >= o->kinds->n
               ? ask_say(o->q, "agreement.no_kind")
               : o->kinds->code[kind].label[o->q->lang];
}

static void add_counts(struct overview *o)
{
    const struct agreement_counts *c = &o->counts;
    struct ask *q = o->q;
    struct html_map *m = narrow_facet(q, ask_say(q, "agreement.by_partner"));
    for (size_t i = 0; i < c->partners; i++) {
        struct agreement_filter f = o->filter;
        f.partner = c->partner[i].key < 0 ? AGREEMENT_NO_PARTNER : (uint16_t)c->partner[i].key;
        narrow_value(m, partner_label(o, c->partner[i].key), c->partner[i].n,
                     address_of(o, &f, 1));
    }
    m = narrow_facet(q, ask_say(q, "agreement.by_year"));
    for (size_t i = 0; i < c->years; i++) {
        struct agreement_filter f = o->filter;
        f.year = c->year[i].key;
        narrow_value(m, year_label(o, f.year), c->year[i].n, address_of(o, &f, 1));
    }
    m = narrow_facet(q, ask_say(q, "agreement.by_kind"));
    for (size_t i = 0; i < c->kinds; i++) {
        struct agreement_filter f = o->filter;
        f.type = (uint8_t)(c->kind[i].key < 0 ? DESK_NO_CODE : c->kind[i].key);
        if (c->kind[i].key >= 0) /* those of no kind are of any: nothing to choose */
            narrow_value(m, kind_label(o, c->kind[i].key), c->kind[i].n, address_of(o, &f, 1));
    }
}

static void add_chips(struct overview *o)
{
    struct agreement_filter f = o->filter;
    if (f.partner != 0) {
        f.partner = 0;
        narrow_chip(o->q, ask_say(o->q, "agreement.partner"),
                    partner_label(o, o->filter.partner), address_of(o, &f, 1));
    }
    f = o->filter;
    if (f.year != 0) {
        f.year = 0;
        narrow_chip(o->q, ask_say(o->q, "agreement.year"), year_label(o, o->filter.year),
                    address_of(o, &f, 1));
    }
    f = o->filter;
    if (f.type != DESK_NO_CODE) {
        f.type = DESK_NO_CODE;
        narrow_chip(o->q, ask_say(o->q, "agreement.kind"), kind_label(o, o->filter.type),
                    address_of(o, &f, 1));
    }
}

/* The same documents in the search, when it can ask for them. */
static void add_search(struct overview *o)
{
    const struct agreement_filter *f = &o->filter;
    struct results r = {.kind = kinds_find(o->q->site->kinds, STR("agreement")),
                        .order = INDEX_NEWEST,
                        .page = 1};
    if (r.kind == NULL || f->year < 0 || f->partner == AGREEMENT_NO_PARTNER ||
        f->type != DESK_NO_CODE)
        return;
    r.filter[r.filters++] = (struct index_filter){INDEX_KIND, r.kind->name};
    if (f->year > 0)
        r.filter[r.filters++] =
            (struct index_filter){INDEX_YEAR, ask_print(o->q, "%04d", f->year)};
    if (f->partner != 0)
        r.filter[r.filters++] =
            (struct index_filter){INDEX_COUNTRY, present_side_code(o->q, f->partner)};
    html_text(o->q->page, "search", results_address(o->q, &r, NULL, NULL, 1));
}

/* ---- what expires, what does not agree ---- */

static void add_short(struct overview *o, const char *list, const struct view_record *r)
{
    struct html_map *m = html_item(o->q->page, list);
    present_title(o->q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(o->q, r->id));
    agreement_rows_validity(o->q, m, r, o->today);
}

struct soon {
    int32_t last;
    struct str id;
    struct view_record r;
};

static int by_end(const void *x, const void *y)
{
    const struct soon *a = x, *b = y;
    return a->last != b->last ? (a->last < b->last ? -1 : 1) : str_cmp(a->id, b->id);
}

static bool is_status(const struct overview *o, const struct desk_row *r, const char *code)
{
    const struct kind_list *list = kinds_find_list(o->q->site->kinds, STR("agreement_status"));
    return list != NULL && r->state < list->n && str_is(list->code[r->state].code, code);
}

/* The desk knows the dates; whether a renewal changed them only the record says. */
static bool add_expiring(struct overview *o)
{
    struct ask *q = o->q;
    struct soon *soon = arena_take(q->arena, SOON_READ * sizeof *soon);
    size_t n = 0, doubts = 0;
    const struct desk_row *row;
    if (soon == NULL)
        return false;
    for (size_t at = 0; (row = desk_next(o->desk, q->reader, DESK_AGREEMENT, &at)) != NULL;) {
        bool may_end = agreement_may_expire(row, o->today, AGREEMENT_SOON_MONTHS);
        bool doubtful = desk_known(row->due) && row->due.last < o->today &&
                        is_status(o, row, "in_force") && doubts < DOUBT_SHOWN;
        struct view_record r;
        if (!agreement_fits(o->desk, row, o->home, &o->filter) ||
            (!doubtful && (!may_end || n == SOON_READ)) ||
            view_get(q->view, q->arena, q->reader, row->doc, &r) != CAU_OK)
            continue;
        struct agreement_term term = agreement_term_of(&r.payload, o->today);
        if (agreement_expires(&term, o->today, AGREEMENT_SOON_MONTHS))
            soon[n++] = (struct soon){term.ends.last, r.id, r};
        if (term.contradicts && doubtful) {
            add_short(o, "doubts", &r);
            doubts++;
        }
    }
    qsort(soon, n, sizeof *soon, by_end);
    for (size_t i = 0; i < n && i < SOON_SHOWN; i++)
        add_short(o, "soon", &soon[i].r);
    html_number(q->page, "soon_more", n > SOON_SHOWN ? (int64_t)(n - SOON_SHOWN) : 0);
    return true;
}

/* ---- the documents, by pair of countries and in time ---- */

struct entry {
    size_t group; /* 0..: place of its only partner among the counts; then several, then none */
    const struct desk_row *row;
    struct str id;
};

static int by_group(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    struct desk_days p = a->row->on, q = b->row->on;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (desk_known(p) != desk_known(q))
        return desk_known(p) ? -1 : 1;
    if (p.first != q.first)
        return p.first < q.first ? -1 : 1;
    return p.last != q.last ? (p.last < q.last ? -1 : 1) : str_cmp(a->id, b->id);
}

static size_t group_of(const struct overview *o, const struct desk_row *row)
{
    const uint16_t *country = desk_countries(o->desk, row);
    uint16_t only = 0;
    size_t n = 0;
    for (size_t i = 0; i < row->countries; i++)
        if (country[i] != o->home) {
            only = country[i];
            n++;
        }
    if (n != 1)
        return o->counts.partners + (n == 0);
    for (size_t i = 0; i < o->counts.partners; i++)
        if (o->counts.partner[i].key == only)
            return i;
    return o->counts.partners;
}

static struct str group_label(struct overview *o, size_t group)
{
    if (group > o->counts.partners)
        return ask_say(o->q, "agreement.no_partner");
    if (group == o->counts.partners)
        return ask_say(o->q, "agreement.several");
    return ask_print(o->q, "%.*s – %.*s", STR_ARG(present_side(o->q, o->home)),
                     STR_ARG(partner_label(o, o->counts.partner[group].key)));
}

static struct str address_of_page(void *ctx, size_t page)
{
    struct overview *o = ctx;
    return address_of(o, &o->filter, page);
}

static bool add_documents(struct overview *o, size_t page)
{
    struct ask *q = o->q;
    struct entry *entry = arena_take(q->arena, o->counts.total * sizeof *entry);
    struct view_record *r = arena_take(q->arena, ROWS * sizeof *r);
    const struct desk_row *row;
    size_t n = 0, shown = 0;
    if (entry == NULL || r == NULL)
        return false;
    for (size_t at = 0; (row = desk_next(o->desk, q->reader, DESK_AGREEMENT, &at)) != NULL;)
        if (agreement_fits(o->desk, row, o->home, &o->filter) && n < o->counts.total)
            entry[n++] = (struct entry){group_of(o, row), row, desk_name(o->desk, row->self)};
    qsort(entry, n, sizeof *entry, by_group);
    if ((page - 1) * ROWS >= n)
        page = 1;
    struct html_map *table = html_item(q->page, "documents");
    struct agreement_rows t = agreement_rows_begin(q, "documents", o->today);
    size_t from = (page - 1) * ROWS, group = SIZE_MAX;
    for (size_t i = from; i < n && i < from + ROWS; i++)
        if (view_get(q->view, q->arena, q->reader, entry[i].row->doc, &r[shown]) == CAU_OK) {
            agreement_rows_look(&t, &r[shown]);
            entry[from + shown++] = entry[i];
        }
    agreement_rows_axis(&t, table);
    for (size_t i = 0; i < shown; i++) {
        struct html_map *m = agreement_rows_add(&t, table, &r[i]);
        if (entry[from + i].group != group)
            html_text(m, "group", group_label(o, entry[from + i].group));
        group = entry[from + i].group;
    }
    agreement_rows_end(&t, table);
    narrow_pages(q, page, (n + ROWS - 1) / ROWS, address_of_page, o);
    return true;
}

void agreements_page(struct ask *q)
{
    struct overview o = {.q = q,
                         .desk = ask_desk(q),
                         .home = desk_country_of(node_config(q->site->node)->country),
                         .today = desk_today(),
                         .kinds = kinds_find_list(q->site->kinds, STR("agreement_kind")),
                         .countries = kinds_find_list(q->site->kinds, STR("country"))};
    if (o.desk == NULL)
        return;
    size_t page = read_filter(&o);
    ask_title(q, ask_say(q, "cooperation.agreements"));
    if (agreement_count(q->arena, o.desk, q->reader, o.home, &o.filter, &o.counts) != CAU_OK ||
        !add_expiring(&o) || !add_documents(&o, page)) {
        ask_error(q, 503);
        return;
    }
    html_number(q->page, "total", o.counts.total);
    add_counts(&o);
    add_chips(&o);
    add_search(&o);
    ask_page(q, "agreements");
}
