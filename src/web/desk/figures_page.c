/* All indicators by what they measure: the newest figure of each side, the newest gap, the next target. */
#include "domain/rule/indicator.h"
#include "web/desk/desk_pages.h"
#include "web/part/figure.h"
#include "web/part/narrow.h"
#include "web/part/present.h"

#include <stdlib.h>

enum {
    ROWS = 50,         /* of one page */
    DIFFER_READ = 500, /* records read to see where sides differ */
    COUNTRIES_MAX = 300,
};

struct filter {
    uint16_t country[2]; /* 0: any */
    uint8_t measure;     /* place in list measure; DESK_NO_CODE: any */
    bool differ;
};

struct entry {
    const struct desk_row *row;
    struct str name;
};

struct overview {
    struct ask *q;
    const struct desk *desk;
    const struct kind_list *measures, *countries;
    struct filter filter;
    struct entry *entry; /* that fit, in the order they are shown in */
    size_t n;
    bool measure_here[DESK_NO_CODE + 1];
    bool country_here[COUNTRIES_MAX]; /* places in list country */
    bool cut;                         /* not all could be looked at for differences */
};

/* ---- the address ---- */

static struct str code_of(const struct overview *o, uint16_t country)
{
    char space[2];
    struct str code = desk_country(country, space);
    const struct kind_code *c = kind_find_code(o->countries, code);
    return c == NULL ? (struct str){NULL, 0} : c->code;
}

static struct str address_of(struct overview *o, size_t page)
{
    const struct filter *f = &o->filter;
    struct str a = code_of(o, f->country[0]), b = code_of(o, f->country[1]);
    bool any = f->measure >= o->measures->n;
    struct str measure = any ? STR("") : o->measures->code[f->measure].code;
    return ask_print(o->q, "/%.*s/figures?a=%.*s&b=%.*s&measure=%.*s%s&page=%zu",
                     STR_ARG(lang_code(o->q->lang)), STR_ARG(a), STR_ARG(b), STR_ARG(measure),
                     f->differ ? "&differ=1" : "", page);
}

/* What the address asks for; what it says that we do not know is left out. */
static size_t read_filter(struct overview *o)
{
    static const char *const side[] = {"a", "b"};
    o->filter = (struct filter){.measure = DESK_NO_CODE,
                                .differ = str_is(ask_query(o->q, "differ"), "1")};
    for (size_t i = 0; i < countof(side); i++)
        if (kind_find_code(o->countries, ask_query(o->q, side[i])) != NULL)
            o->filter.country[i] = desk_country_of(ask_query(o->q, side[i]));
    const struct kind_code *code = kind_find_code(o->measures, ask_query(o->q, "measure"));
    if (code != NULL)
        o->filter.measure = (uint8_t)(code - o->measures->code);
    return narrow_page(o->q);
}

/* ---- which indicators ---- */

static bool fits(const struct overview *o, const struct desk_row *row)
{
    const struct filter *f = &o->filter;
    for (size_t i = 0; i < 2; i++)
        if (f->country[i] != 0 && !desk_has_country(o->desk, row, f->country[i]))
            return false;
    return f->measure == DESK_NO_CODE || row->type == f->measure;
}

static void note_choices(struct overview *o, const struct desk_row *row)
{
    o->measure_here[row->type] = true;
    for (size_t i = 0; i < row->countries; i++) {
        char space[2];
        struct str code = desk_country(desk_countries(o->desk, row)[i], space);
        const struct kind_code *c = kind_find_code(o->countries, code);
        size_t place = c == NULL ? COUNTRIES_MAX : (size_t)(c - o->countries->code);
        if (place < COUNTRIES_MAX)
            o->country_here[place] = true;
    }
}

/* By what is measured, then of more countries first, then the newest. */
static int by_measure(const void *x, const void *y)
{
    const struct desk_row *a = ((const struct entry *)x)->row,
                          *b = ((const struct entry *)y)->row;
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->countries != b->countries)
        return a->countries > b->countries ? -1 : 1;
    if (a->on.last != b->on.last)
        return a->on.last > b->on.last ? -1 : 1;
    return str_cmp(((const struct entry *)x)->name, ((const struct entry *)y)->name);
}

static bool read(struct overview *o, uint32_t doc, struct view_record *r, struct indicator *x)
{
    return view_get(o->q->view, o->q->arena, o->q->reader, doc, r) == CAU_OK &&
           indicator_read(o->q->arena, &r->payload, x) == CAU_OK;
}

static bool differs(const struct indicator *x)
{
    for (size_t i = 0; i < x->periods; i++)
        if (x->period[i].gap.what == INDICATOR_GAP_FOUND && x->period[i].gap.size.n > 0)
            return true;
    return false;
}

/* Keeps those in which two sides give different figures for a period. */
static void keep_differing(struct overview *o)
{
    size_t kept = 0, looked = 0;
    for (size_t i = 0; i < o->n; i++) {
        struct view_record r;
        struct indicator x;
        size_t before = o->q->arena->used;
        if (looked == DIFFER_READ) {
            o->cut = true;
            break;
        }
        looked++;
        if (read(o, o->entry[i].row->doc, &r, &x) && differs(&x))
            o->entry[kept++] = o->entry[i];
        o->q->arena->used = before;
    }
    o->n = kept;
}

static bool find(struct overview *o)
{
    const struct desk_row *row;
    struct ask *q = o->q;
    size_t all = 0;
    for (size_t at = 0; (row = desk_next(o->desk, q->reader, DESK_INDICATOR, &at)) != NULL;) {
        note_choices(o, row);
        all += fits(o, row);
    }
    o->entry = arena_take(q->arena, (all + 1) * sizeof *o->entry);
    if (o->entry == NULL)
        return false;
    for (size_t at = 0;
         o->n < all && (row = desk_next(o->desk, q->reader, DESK_INDICATOR, &at)) != NULL;)
        if (fits(o, row))
            o->entry[o->n++] = (struct entry){row, desk_name(o->desk, row->self)};
    qsort(o->entry, o->n, sizeof *o->entry, by_measure);
    if (o->filter.differ)
        keep_differing(o);
    return true;
}

/* ---- the page ---- */

static struct str measure_name(struct overview *o, uint8_t measure)
{
    return measure < o->measures->n ? o->measures->code[measure].label[o->q->lang]
                                    : ask_say(o->q, "figures.no_measure");
}

/* "gần 6 tỷ đô la Mỹ" */
static struct str with_unit(struct overview *o, const struct indicator_value *v,
                            struct str unit)
{
    struct str number = figure_said(o->q, v->precision, figure_short(o->q, &v->number));
    return unit.len == 0 ? number
                         : ask_print(o->q, "%.*s %.*s", STR_ARG(number), STR_ARG(unit));
}

static void add_figure(struct overview *o, struct html_map *row, struct str who,
                       const struct indicator_value *v, struct str unit)
{
    struct html_map *m = html_item(row, "figures");
    html_text(m, "who", who);
    if (v == NULL)
        return;
    html_text(m, "text", with_unit(o, v, unit));
    html_text(m, "when", ask_date(o->q, v->period));
}

static void add_gap(struct overview *o, struct html_map *row, const struct indicator *x)
{
    size_t i = 0;
    while (i < x->periods && x->period[i].gap.what != INDICATOR_GAP_FOUND)
        i++;
    if (i == x->periods)
        return;
    const struct indicator_gap *gap = &x->period[i].gap;
    struct str number = figure_short(o->q, &gap->size);
    html_text(row, "gap",
              gap->approximate ? figure_said(o->q, INDICATOR_ABOUT, number) : number);
    struct str share = figure_number(o->q, &gap->share_percent);
    if (gap->has_share && gap->size.n > 0)
        html_text(row, "gap_share", ask_fill(o->q, "figures.gap_share", &share, 1));
    html_text(row, "gap_when", ask_date(o->q, x->period[i].period));
}

/* The earliest target whose period has no figure yet, else the newest. */
static void add_target(struct overview *o, struct html_map *row, const struct indicator *x,
                       struct str unit)
{
    struct indicator_goal *goal, *next = NULL;
    size_t n = 0;
    if (!x->targets || indicator_goals(o->q->arena, x, &goal, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        int order = next == NULL ? 0 : str_cmp(goal[i].target->period, next->target->period);
        bool ahead = goal[i].outcome == INDICATOR_AHEAD;
        bool next_ahead = next != NULL && next->outcome == INDICATOR_AHEAD;
        if (next == NULL || (ahead && !next_ahead) ||
            (ahead == next_ahead && (ahead ? order < 0 : order > 0)))
            next = &goal[i];
    }
    if (next == NULL)
        return;
    html_text(row, "target", with_unit(o, next->target, unit));
    html_text(row, "target_when", ask_date(o->q, next->target->period));
}

static void add_row(struct overview *o, const struct entry *e, bool first)
{
    struct ask *q = o->q;
    struct view_record r;
    struct indicator x;
    if (!read(o, e->row->doc, &r, &x))
        return;
    struct html_map *row = html_item(q->page, "rows");
    if (first)
        html_text(row, "group", measure_name(o, e->row->type));
    present_title(q, row, r.kind, &r.payload);
    html_text(row, "address", present_address(q, r.id));
    html_flag(row, "example", e->row->example);
    struct str unit = record_pick(value_get(&r.payload, "unit"), q->lang).text;
    const struct indicator_value *unnamed = indicator_newest(&x, x.sides);
    bool states =
        unnamed == NULL; /* that sides are silent is told unless nobody is named at all */
    for (size_t i = 0; i < x.sides; i++)
        states = states || x.side[i].states;
    for (size_t i = 0; i < x.sides && states; i++)
        add_figure(o, row, present_country(o->q, x.side[i].country), indicator_newest(&x, i),
                   unit);
    if (unnamed != NULL)
        add_figure(o, row, ask_say(q, "figures.unnamed"), unnamed, unit);
    add_gap(o, row, &x);
    add_target(o, row, &x, unit);
}

static void add_choices(struct overview *o)
{
    static const char *const key[] = {"countries_a", "countries_b"};
    struct ask *q = o->q;
    for (size_t side = 0; side < countof(key); side++)
        for (size_t i = 0; i < o->countries->n && i < COUNTRIES_MAX; i++) {
            const struct kind_code *c = &o->countries->code[i];
            bool chosen = o->filter.country[side] == desk_country_of(c->code);
            if (!o->country_here[i] && !chosen)
                continue;
            struct html_map *m = html_item(q->page, key[side]);
            html_text(m, "code", c->code);
            html_text(m, "label", c->label[q->lang]);
            html_flag(m, "chosen", chosen);
        }
    for (size_t i = 0; i < o->measures->n && i < DESK_NO_CODE; i++) {
        if (!o->measure_here[i])
            continue;
        struct html_map *m = html_item(q->page, "measures");
        html_text(m, "code", o->measures->code[i].code);
        html_text(m, "label", o->measures->code[i].label[q->lang]);
        html_flag(m, "chosen", o->filter.measure == i);
    }
    html_flag(q->page, "differ", o->filter.differ);
}

static struct str address_of_page(void *ctx, size_t page)
{
    return address_of(ctx, page);
}

void figures_page(struct ask *q)
{
    struct overview *o = arena_zero(q->arena, sizeof *o);
    const struct desk *desk = ask_desk(q);
    if (desk == NULL)
        return;
    if (o != NULL)
        *o = (struct overview){.q = q,
                               .desk = desk,
                               .measures = kinds_find_list(q->site->kinds, STR("measure")),
                               .countries = kinds_find_list(q->site->kinds, STR("country"))};
    if (o == NULL || o->measures == NULL || o->countries == NULL) {
        ask_error(q, 503);
        return;
    }
    size_t page = read_filter(o);
    ask_title(q, ask_say(q, "cooperation.figures"));
    if (!find(o)) {
        ask_error(q, 503);
        return;
    }
    if ((page - 1) * ROWS >= o->n)
        page = 1;
    for (size_t i = (page - 1) * ROWS, shown = 0; i < o->n && shown < ROWS; i++, shown++)
        add_row(o, &o->entry[i],
                shown == 0 || o->entry[i].row->type != o->entry[i - 1].row->type);
    html_number(q->page, "total", (int64_t)o->n);
    html_flag(q->page, "cut", o->cut);
    add_choices(o);
    narrow_pages(q, page, (o->n + ROWS - 1) / ROWS, address_of_page, o);
    ask_page(q, "figures");
}
