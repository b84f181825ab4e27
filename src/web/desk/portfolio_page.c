/* Projects and programmes of a node by mechanism, field, country and state: what comes next, what is late, over time. */
#include "domain/desk/portfolio.h"
#include "web/desk/desk_pages.h"
#include "web/part/narrow.h"
#include "web/part/present.h"
#include "web/part/project_marks.h"
#include "web/search/results.h"

#include <stdlib.h>

enum {
    ROWS = 50,       /* of one page */
    MARKS_MAX = 100, /* of one row's line of time; further milestones are left off it */
};

struct page {
    struct ask *q;
    struct portfolio p;
    struct portfolio_filter filter;
    struct portfolio_counts counts;
    const struct kind_list *countries;
    struct timeline_axis axis;
    unsigned looks;
};

/* ---- the address ---- */

static struct str state_code(const struct page *p, uint32_t state)
{
    return p->p.states != NULL && state < p->p.states->n ? p->p.states->code[state].code
                                                         : STR("none");
}

static struct str record_id(struct page *p, uint32_t doc)
{
    const struct desk_row *r = desk_row(p->p.desk, p->q->reader, doc);
    return r == NULL ? STR("none") : desk_name(p->p.desk, r->self);
}

static struct str address_of(struct page *p, const struct portfolio_filter *f, size_t page)
{
    struct ask *q = p->q;
    struct buf b = buf_new(1024);
    char mark = '?';
    buf_printf(&b, "/%.*s/portfolio", STR_ARG(lang_code(q->lang)));
    if (f->country != PORTFOLIO_ANY) {
        buf_printf(&b, "%ccountry=%.*s", mark,
                   STR_ARG(present_side_code(q, (uint16_t)f->country)));
        mark = '&';
    }
    if (f->state != PORTFOLIO_ANY) {
        buf_printf(&b, "%cstate=%.*s", mark, STR_ARG(state_code(p, f->state)));
        mark = '&';
    }
    if (f->mechanism != PORTFOLIO_ANY) {
        buf_printf(&b, "%cmechanism=%.*s", mark, STR_ARG(record_id(p, f->mechanism)));
        mark = '&';
    }
    if (f->late) {
        buf_printf(&b, "%clate=1", mark);
        mark = '&';
    }
    if (page > 1)
        buf_printf(&b, "%cpage=%zu", mark, page);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

/* What the address asks for; what it says that we do not know is left out. */
static size_t read_filter(struct page *p)
{
    struct ask *q = p->q;
    struct str country = ask_query(q, "country"), state = ask_query(q, "state"),
               mechanism = ask_query(q, "mechanism");
    p->filter = (struct portfolio_filter){PORTFOLIO_ANY, PORTFOLIO_ANY, PORTFOLIO_ANY,
                                          str_is(ask_query(q, "late"), "1")};
    if (kind_find_code(p->countries, country) != NULL)
        p->filter.country = desk_country_of(country);
    const struct kind_code *code =
        p->p.states == NULL ? NULL : kind_find_code(p->p.states, state);
    if (code != NULL)
        p->filter.state = (uint32_t)(code - p->p.states->code);
    else if (str_is(state, "none"))
        p->filter.state = DESK_NO_CODE;
    uint32_t doc = mechanism.len == 0 ? 0 : view_find(q->view, q->reader, mechanism);
    if (doc != 0 || str_is(mechanism, "none"))
        p->filter.mechanism = doc;
    return narrow_page(q);
}

/* ---- counts ---- */

static struct str state_label(struct page *p, uint32_t state)
{
    return p->p.states != NULL && state < p->p.states->n
               ? p->p.states->code[state].label[p->q->lang]
               : ask_say(p->q, "portfolio.no_state");
}

static struct str mechanism_label(struct page *p, uint32_t doc)
{
    struct view_record r;
    if (doc == 0)
        return ask_say(p->q, "portfolio.no_mechanism");
    if (view_get(p->q->view, p->q->arena, p->q->reader, doc, &r) != CAU_OK)
        return ask_say(p->q, "record.link_hidden");
    return record_title(r.kind, &r.payload, p->q->lang).text;
}

/* The search for both kinds, under the filters it can ask for. False: it cannot ask for all of them. */
static bool search_of(struct page *p, struct results *r)
{
    const struct portfolio_filter *f = &p->filter;
    *r = (struct results){.order = INDEX_NEWEST, .page = 1};
    r->filter[r->filters++] = (struct index_filter){INDEX_KIND, STR("project")};
    r->filter[r->filters++] = (struct index_filter){INDEX_KIND, STR("programme")};
    if (f->country != PORTFOLIO_ANY)
        r->filter[r->filters++] =
            (struct index_filter){INDEX_COUNTRY, present_side_code(p->q, (uint16_t)f->country)};
    if (f->state != PORTFOLIO_ANY)
        r->filter[r->filters++] = (struct index_filter){INDEX_STATUS, state_code(p, f->state)};
    return f->mechanism == PORTFOLIO_ANY && !f->late && f->state != DESK_NO_CODE;
}

/* Fields of the first level; the index counts them, and the search lists them. */
static bool add_fields(struct page *p)
{
    const struct kind_list *ford = kinds_find_list(p->q->site->kinds, STR("ford"));
    struct html_map *m = NULL;
    struct results base;
    if (!search_of(p, &base))
        return true;
    for (size_t i = 0; ford != NULL && i < ford->n; i++) {
        struct str top = ford->code[i].code, code = str_next(&top, '.');
        if (top.p != NULL)
            continue;
        struct results r = base;
        struct index_filter filter[INDEX_FILTERS_MAX];
        struct index_result found;
        r.filter[r.filters++] =
            (struct index_filter){INDEX_FIELD, ask_print(p->q, "FORD:%.*s*", STR_ARG(code))};
        struct index_query query = {.reader = p->q->reader,
                                    .filter = filter,
                                    .filter_count = results_filters(p->q, &r, filter)};
        if (index_search(node_index(p->q->site->node), p->q->arena, &query, &found) != CAU_OK)
            return false;
        if (found.total == 0)
            continue;
        if (m == NULL) {
            m = narrow_facet(p->q, ask_say(p->q, "portfolio.by_field"));
        }
        narrow_value(m, ford->code[i].label[p->q->lang], found.total,
                     results_address(p->q, &r, NULL, NULL, 1));
    }
    return true;
}

static bool add_counts(struct page *p)
{
    const struct portfolio_counts *c = &p->counts;
    struct html_map *m = narrow_facet(p->q, ask_say(p->q, "portfolio.by_mechanism"));
    for (size_t i = 0; i < c->mechanisms; i++) {
        struct portfolio_filter f = p->filter;
        f.mechanism = c->mechanism[i].key;
        narrow_value(m, mechanism_label(p, f.mechanism), c->mechanism[i].n,
                     address_of(p, &f, 1));
    }
    if (!add_fields(p))
        return false;
    m = narrow_facet(p->q, ask_say(p->q, "portfolio.by_state"));
    for (size_t i = 0; i < c->states; i++) {
        struct portfolio_filter f = p->filter;
        f.state = c->state[i].key;
        narrow_value(m, state_label(p, f.state), c->state[i].n, address_of(p, &f, 1));
    }
    m = narrow_facet(p->q, ask_say(p->q, "portfolio.by_country"));
    for (size_t i = 0; i < c->countries; i++) {
        struct portfolio_filter f = p->filter;
        f.country = c->country[i].key;
        narrow_value(m, present_side(p->q, (uint16_t)f.country), c->country[i].n,
                     address_of(p, &f, 1));
    }
    return true;
}

static void add_chips(struct page *p)
{
    struct portfolio_filter f = p->filter;
    if (f.mechanism != PORTFOLIO_ANY) {
        f.mechanism = PORTFOLIO_ANY;
        narrow_chip(p->q, ask_say(p->q, "portfolio.by_mechanism"),
                    mechanism_label(p, p->filter.mechanism), address_of(p, &f, 1));
    }
    f = p->filter;
    if (f.state != PORTFOLIO_ANY) {
        f.state = PORTFOLIO_ANY;
        narrow_chip(p->q, ask_say(p->q, "portfolio.by_state"), state_label(p, p->filter.state),
                    address_of(p, &f, 1));
    }
    f = p->filter;
    if (f.country != PORTFOLIO_ANY) {
        f.country = PORTFOLIO_ANY;
        narrow_chip(p->q, ask_say(p->q, "portfolio.by_country"),
                    present_side(p->q, (uint16_t)p->filter.country), address_of(p, &f, 1));
    }
    f = p->filter;
    if (f.late) {
        f.late = false;
        narrow_chip(p->q, ask_say(p->q, "portfolio.pace"), ask_say(p->q, "portfolio.late"),
                    address_of(p, &f, 1));
    }
}

/* ---- rows ---- */

struct entry {
    size_t group; /* the place of its mechanism among the counts */
    bool late;
    const struct desk_row *row;
    struct str id;
};

static int by_days(struct desk_days x, struct desk_days y)
{
    if (desk_known(x) != desk_known(y))
        return desk_known(x) ? -1 : 1;
    if (x.first != y.first)
        return x.first < y.first ? -1 : 1;
    return x.last != y.last ? (x.last < y.last ? -1 : 1) : 0;
}

/* By mechanism; in it the late ones first, then by what comes next, then by the beginning. */
static int in_order(const void *x, const void *y)
{
    const struct entry *a = x, *b = y;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->late != b->late)
        return a->late ? -1 : 1;
    int order = by_days(a->row->end, b->row->end);
    if (order == 0)
        order = by_days(a->row->on, b->row->on);
    return order != 0 ? order : str_cmp(a->id, b->id);
}

static size_t group_of(const struct page *p, const struct desk_row *row)
{
    uint32_t doc = desk_mechanism(p->p.desk, row);
    for (size_t i = 0; i < p->counts.mechanisms; i++)
        if (p->counts.mechanism[i].key == doc)
            return i;
    return p->counts.mechanisms;
}

/* All marks of a project or programme; how many. */
static size_t find_marks(const struct page *p, const struct view_record *r,
                         const struct project_course *c, struct timeline_mark mark[MARKS_MAX])
{
    size_t n = 0;
    struct desk_days starts = desk_days_of(value_get_str(&r->payload, "starts"));
    bool ahead = desk_known(starts) && starts.first > p->p.day;
    mark[n++] = project_bar(&r->payload, p->p.day);
    mark[n++] = (struct timeline_mark){ahead ? TIMELINE_PLANNED : TIMELINE_ACTUAL, starts};
    for (size_t i = 0; i < c->n && n + PROJECT_MARKS <= MARKS_MAX; i++) {
        struct timeline_mark one[PROJECT_MARKS];
        project_marks(&c->milestone[i], p->p.day, one);
        for (size_t k = 0; k < PROJECT_MARKS; k++) /* delays would lie one upon another */
            if (one[k].look != TIMELINE_DELAY)
                mark[n++] = one[k];
    }
    return n;
}

struct shown { /* a row of this page */
    struct view_record r;
    struct project_course course;
    size_t group;
};

static bool read_row(struct page *p, const struct entry *e, struct shown *out)
{
    struct ask *q = p->q;
    out->group = e->group;
    return view_get(q->view, q->arena, q->reader, e->row->doc, &out->r) == CAU_OK &&
           project_course(q->arena, &out->r.payload, p->p.day, &out->course) == CAU_OK;
}

/* The newest date of its sources: a state that was reported may have changed since. */
static struct str newest_source(const struct value *payload)
{
    const struct value *sources = value_get(payload, "sources");
    struct str newest = {NULL, 0};
    for (uint32_t i = 0; sources != NULL && sources->type == VALUE_ARRAY && i < sources->n;
         i++) {
        struct str date = value_get_str(&sources->item[i], "date");
        if (str_cmp(date, newest) > 0)
            newest = date;
    }
    return newest;
}

static void add_row(struct page *p, struct html_map *table, const struct shown *s, size_t place)
{
    struct ask *q = p->q;
    struct html_map *row = html_item(table, "rows");
    const struct value *payload = &s->r.payload;
    struct str status = value_get_str(payload, "status"), ends = value_get_str(payload, "ends");
    present_title(q, row, s->r.kind, payload);
    html_text(row, "address", present_address(q, s->r.id));
    html_text(row, "kind", present_label(q, s->r.kind->label));
    html_flag(row, "example", value_get(payload, "example") != NULL);
    if (status.len > 0) {
        html_text(row, "state", kind_code_label(p->p.states, status, q->lang));
        html_text(row, "reported", ask_date(q, newest_source(payload)));
    }
    html_text(row, "starts", ask_date(q, value_get_str(payload, "starts")));
    html_text(row, "ends", ask_date(q, ends));
    bool goes_on = project_goes_on(status);
    html_number(row, "late", goes_on ? (int64_t)s->course.late : 0);
    if (project_overdue(status, desk_days_of(ends), p->p.day)) {
        struct str date = ask_date(q, ends);
        html_text(row, "overdue", ask_fill(q, "project.overdue", &date, 1));
    }
    if (s->course.next != NULL && goes_on) {
        struct html_map *next = html_item(row, "next");
        present_text(q, next, "title", value_get(s->course.next->row, "title"));
        html_text(next, "date", ask_date(q, value_get_str(s->course.next->row, "planned")));
    }
    struct timeline_mark mark[MARKS_MAX];
    size_t n = find_marks(p, &s->r, &s->course, mark);
    for (size_t i = 0; i < n; i++)
        p->looks |= desk_known(mark[i].days) ? 1U << mark[i].look : 0;
    struct str id = ask_print(q, "portfolio-%zu", place);
    const struct str slot[] = {ask_number(q, (int64_t)s->course.done),
                               ask_number(q, (int64_t)s->course.n)};
    struct timeline_strip strip = {id.p == NULL ? "portfolio" : id.p,
                                   record_title(s->r.kind, payload, q->lang).text,
                                   ask_fill(q, "portfolio.strip", slot, 2), mark, n};
    timeline_add_strip(q, row, &p->axis, p->p.day, &strip);
}

static void add_table(struct page *p, const struct shown *s, size_t n)
{
    struct ask *q = p->q;
    struct desk_days whole = {p->p.day, p->p.day};
    struct timeline_mark mark[MARKS_MAX];
    for (size_t i = 0; i < n; i++)
        for (size_t k = find_marks(p, &s[i].r, &s[i].course, mark); k-- > 0;)
            whole = timeline_cover(whole, mark[k].days);
    p->axis = timeline_axis_of(whole);
    struct html_map *table = html_item(q->page, "projects");
    timeline_add_axis(q, table, "portfolio-axis", &p->axis, p->p.day);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || s[i].group != s[i - 1].group) {
            uint32_t doc =
                s[i].group < p->counts.mechanisms ? p->counts.mechanism[s[i].group].key : 0;
            html_text(html_item(table, "rows"), "group", mechanism_label(p, doc));
        }
        add_row(p, table, &s[i], i);
    }
    timeline_add_legend(q, table, "portfolio-legend", p->looks, p->p.day);
}

static struct str address_of_page(void *ctx, size_t page)
{
    struct page *p = ctx;
    return address_of(p, &p->filter, page);
}

static bool add_projects(struct page *p, size_t page)
{
    struct ask *q = p->q;
    struct entry *entry = arena_take(q->arena, p->counts.total * sizeof *entry);
    struct shown *shown = arena_take(q->arena, ROWS * sizeof *shown);
    const struct desk_row *row;
    size_t n = 0, used = 0;
    bool programmes = false;
    if (entry == NULL || shown == NULL)
        return false;
    for (size_t at = 0; (row = portfolio_next(&p->p, &at, &programmes)) != NULL;)
        if (portfolio_fits(&p->p, row, &p->filter) && n < p->counts.total)
            entry[n++] = (struct entry){group_of(p, row), portfolio_late(&p->p, row), row,
                                        desk_name(p->p.desk, row->self)};
    qsort(entry, n, sizeof *entry, in_order);
    if ((page - 1) * ROWS >= n)
        page = 1;
    for (size_t i = (page - 1) * ROWS; i < n && i < page * ROWS; i++)
        used += read_row(p, &entry[i], &shown[used]);
    if (used > 0)
        add_table(p, shown, used);
    narrow_pages(q, page, (n + ROWS - 1) / ROWS, address_of_page, p);
    return true;
}

void portfolio_page(struct ask *q)
{
    const struct kinds *k = q->site->kinds;
    const struct desk *desk = ask_desk(q);
    if (desk == NULL)
        return;
    struct page p = {.q = q,
                     .p = {desk, q->reader, kinds_find_list(k, STR("programme_status")),
                           desk_country_of(node_config(q->site->node)->country), desk_today()},
                     .countries = kinds_find_list(k, STR("country"))};
    size_t page = read_filter(&p);
    struct portfolio_filter late = p.filter;
    late.late = true;
    ask_title(q, ask_say(q, "cooperation.portfolio"));
    if (portfolio_count(q->arena, &p.p, &p.filter, &p.counts) != CAU_OK || !add_counts(&p) ||
        !add_projects(&p, page)) {
        ask_error(q, 503);
        return;
    }
    html_number(q->page, "total", p.counts.total);
    html_number(q->page, "late", p.counts.late);
    html_text(q->page, "late_address", address_of(&p, &late, 1));
    add_chips(&p);
    ask_page(q, "portfolio");
}
