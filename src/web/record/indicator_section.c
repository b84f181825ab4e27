#include "web/record/indicator_section.h"

#include "domain/rule/indicator.h"
#include "domain/rule/indicator_confirm.h"
#include "web/part/chart.h"
#include "web/part/figure.h"
#include "web/part/present.h"
#include "web/record/record_int.h"

struct section {
    struct ask *q;
    const struct view_record *record;
    struct indicator x;
    struct html_map *map;
    int64_t places; /* shown behind the point; -1: as stated */
    struct str source[INDICATOR_VALUES_MAX];
    size_t sources;
    bool mixed; /* some figures are confirmed */
};

bool indicator_section_has(const struct kind *kind, struct str field)
{
    return str_is(kind->name, "indicator") &&
           (str_is(field, "values") || str_is(field, "definitions") ||
            str_is(field, "decimals") || str_is(field, "unit"));
}

static struct str side_name(const struct section *s, size_t side)
{
    return side == s->x.sides ? ask_say(s->q, "figures.unnamed")
                              : present_country(s->q, s->x.side[side].country);
}

/* With as many places as the record wants shown. */
static struct str number(const struct section *s, const struct decimal *x)
{
    struct decimal shown = s->places < 0 ? *x : decimal_round(x, (unsigned)s->places);
    return figure_number(s->q, &shown);
}

static struct str said(const struct section *s, const struct indicator_value *v)
{
    return figure_said(s->q, v->precision, number(s, &v->number));
}

/* Adds `text` with its language where that is not the reader's. */
static void add_text(struct ask *q, struct html_map *m, const struct value *text)
{
    struct record_text t = record_pick(text, q->lang);
    html_text(m, "text", t.text);
    if (t.text.len > 0 && !str_equal(t.lang, lang_code(q->lang)) && !str_is(t.lang, "und")) {
        html_text(m, "lang", t.lang);
        html_text(m, "language", present_language(q, t.lang));
    }
}

/* ---- the table ---- */

/* The number of a source in the list below the table; 0: the figure names none. */
static int64_t source_number(struct section *s, struct str source)
{
    size_t i = 0;
    if (source.len == 0)
        return 0;
    while (i < s->sources && !str_equal(s->source[i], source))
        i++;
    if (i == s->sources && s->sources < countof(s->source))
        s->source[s->sources++] = source;
    return (int64_t)i + 1;
}

static void add_figures(struct section *s, struct html_map *cell,
                        const struct indicator_value *first)
{
    for (const struct indicator_value *v = first; v != NULL; v = v->other) {
        struct html_map *m = html_item(cell, "figures");
        struct str text = said(s, v);
        html_text(m, "text", v->target ? ask_fill(s->q, "figures.target_of", &text, 1) : text);
        html_flag(m, "target", v->target);
        html_flag(m, "twice", v != first);
        html_flag(m, "confirmed", str_is(v->standing, "confirmed"));
        s->mixed = s->mixed || str_is(v->standing, "confirmed");
        html_number(m, "source", source_number(s, v->source));
        struct record_text note = record_pick(v->note, s->q->lang);
        html_text(m, "note", note.text);
        if (!str_equal(note.lang, lang_code(s->q->lang)) && !str_is(note.lang, "und"))
            html_text(m, "note_lang", note.lang);
    }
}

static void add_gap(struct section *s, struct html_map *row, const struct indicator_gap *gap)
{
    struct html_map *m = html_item(row, "gap");
    struct ask *q = s->q;
    if (gap->what == INDICATOR_GAP_NONE)
        return;
    if (gap->what != INDICATOR_GAP_FOUND) {
        html_text(m, "why",
                  ask_say(q, gap->what == INDICATOR_GAP_BOUND ? "figures.gap_bound"
                                                              : "figures.gap_twice"));
        return;
    }
    struct str size = number(s, &gap->size);
    html_text(m, "text", gap->approximate ? figure_said(q, INDICATOR_ABOUT, size) : size);
    struct str share = figure_number(q, &gap->share_percent);
    if (gap->has_share && gap->size.n > 0)
        html_text(m, "share", ask_fill(q, "figures.gap_share", &share, 1));
    struct str higher = side_name(s, gap->high);
    if (gap->size.n > 0)
        html_text(m, "higher", ask_fill(q, "figures.gap_higher", &higher, 1));
}

static void add_rows(struct section *s)
{
    struct indicator *x = &s->x;
    bool gaps = x->sides > 1;
    for (size_t i = 0; i < x->sides + x->unnamed; i++)
        html_text(html_item(s->map, "heads"), "label", side_name(s, i));
    html_flag(s->map, "gaps", gaps);
    for (size_t i = 0; i < x->periods; i++) {
        const struct indicator_period *p = &x->period[i];
        struct html_map *row = html_item(s->map, "rows");
        html_text(row, "period", ask_date(s->q, p->period));
        for (size_t side = 0; side < x->sides + x->unnamed; side++) {
            struct html_map *cell = html_item(row, "cells");
            html_text(cell, "head", side_name(s, side));
            add_figures(s, cell, p->actual[side]);
            add_figures(s, cell, p->target[side]);
            html_flag(cell, "silent",
                      side < x->sides && p->actual[side] == NULL && p->target[side] == NULL);
        }
        if (gaps)
            add_gap(s, row, &p->gap);
    }
    for (size_t i = 0; i < s->sources; i++) {
        struct html_map *m = html_item(s->map, "sources");
        html_number(m, "n", (int64_t)i + 1);
        html_text(m, "text", s->source[i]);
    }
    html_flag(s->map, "all_reported", x->values > 0 && !s->mixed);
}

/* ---- the chart ---- */

static void add_chart(struct section *s)
{
    struct indicator *x = &s->x;
    struct ask *q = s->q;
    size_t place[INDICATOR_SIDES_MAX + 1];
    struct chart chart = {.id = "figures-chart"};
    struct chart_point *point = arena_take(q->arena, (x->values + 1) * sizeof *point);
    if (point == NULL || x->periods == 0)
        return;
    for (size_t side = 0; side <= x->sides; side++) {
        bool shown = side < x->sides ? x->side[side].states : x->unnamed;
        place[side] = CHART_SERIES_MAX;
        if (!shown || chart.series_count == CHART_SERIES_MAX)
            continue;
        place[side] = chart.series_count;
        chart.series[chart.series_count++] = side_name(s, side);
    }
    for (size_t i = 0; i < x->values; i++) {
        const struct indicator_value *v = &x->value[i];
        size_t side = 0;
        while (side < x->sides && !str_equal(x->side[side].country, v->side))
            side++;
        if (place[side] < CHART_SERIES_MAX)
            point[chart.points++] = (struct chart_point){place[side], v->period, v->number,
                                                         v->precision, v->target};
    }
    struct str ends[] = {ask_date(q, x->period[x->periods - 1].period),
                         ask_date(q, x->period[0].period)};
    chart.title = record_title(s->record->kind, &s->record->payload, q->lang).text;
    chart.text = ask_fill(q, "figures.chart", ends, 2);
    chart.unit = record_pick(value_get(&s->record->payload, "unit"), q->lang).text;
    chart.point = point;
    (void)chart_add(q, s->map, "chart", &chart);
}

/* ---- definitions and targets ---- */

static void add_definitions(struct section *s)
{
    for (size_t i = 0; s->x.sides > 1 && i < s->x.sides; i++) {
        struct html_map *m = html_item(s->map, "definitions");
        html_text(m, "side", side_name(s, i));
        if (s->x.side[i].definition != NULL)
            add_text(s->q, m, s->x.side[i].definition);
    }
}

static struct str outcome_words(struct ask *q, enum indicator_outcome outcome)
{
    static const char *const id[] = {[INDICATOR_AHEAD] = "figures.ahead",
                                     [INDICATOR_MET] = "figures.met",
                                     [INDICATOR_NOT_MET] = "figures.not_met",
                                     [INDICATOR_COMPARED] = "figures.compared"};
    return ask_say(q, id[outcome]);
}

static void add_goals(struct section *s)
{
    struct indicator_goal *goal;
    size_t n;
    if (!s->x.targets || indicator_goals(s->q->arena, &s->x, &goal, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        const struct indicator_goal *g = &goal[i];
        struct html_map *m = html_item(s->map, "goals");
        struct str side = g->target->side;
        html_text(m, "period", ask_date(s->q, g->target->period));
        html_text(m, "side",
                  side.len > 0 ? present_country(s->q, side)
                               : ask_say(s->q, "figures.unnamed"));
        html_text(m, "target", said(s, g->target));
        html_text(m, "outcome", outcome_words(s->q, g->outcome));
        if (g->actual != NULL) {
            html_text(m, "actual", said(s, g->actual));
            html_text(m, "when", ask_date(s->q, g->actual->period));
        }
        if (g->has_difference)
            html_text(m, "difference", figure_difference(s->q, &g->difference));
    }
}

/* ---- the unit ---- */

/* Versions in which the same figures had another unit. */
static void add_units(struct section *s)
{
    struct ask *q = s->q;
    struct view_version *version;
    struct view_record later = *s->record, former;
    size_t n;
    if (view_history(q->view, q->arena, q->record_reader, s->record->doc, &version, &n) !=
        CAU_OK)
        return;
    for (size_t i = 0; i < n && i < INDICATOR_VERSIONS_READ; i++) {
        if (version[i].redacted || version[i].seq >= s->record->seq ||
            version[i].audience != s->record->audience ||
            view_get_version(q->view, q->arena, q->record_reader, s->record->doc,
                             version[i].audience, version[i].n, &former) != CAU_OK)
            continue;
        if (indicator_unit_changes(&former.payload, &later.payload)) {
            struct str slot[] = {ask_number(q, version[i].n),
                                 record_pick(value_get(&former.payload, "unit"), q->lang).text};
            html_text(html_item(s->map, "units"), "text",
                      ask_fill(q, "figures.unit_changed", slot, 2));
        }
        later = former;
    }
}

void indicator_section_add(struct ask *q, const struct view_record *r)
{
    if (!str_is(r->kind->name, "indicator") || r->redacted)
        return;
    struct section *s = arena_zero(q->arena, sizeof *s);
    if (s == NULL)
        return;
    *s = (struct section){
        .q = q, .record = r, .places = value_get_int(&r->payload, "decimals", -1)};
    if (indicator_read(q->arena, &r->payload, &s->x) != CAU_OK)
        return;
    s->map = html_item(q->page, "figures");
    struct str unit = record_pick(value_get(&r->payload, "unit"), q->lang).text;
    if (unit.len > 0)
        html_text(s->map, "unit", ask_fill(q, "figures.unit", &unit, 1));
    add_chart(s);
    add_rows(s);
    add_definitions(s);
    add_goals(s);
    add_units(s);
}

void indicator_section_form(struct ask *q, const struct view_record *r)
{
    if (!q->signed_in || r->redacted || r->withdrawn || !str_is(r->kind->name, "indicator") ||
        !ask_may(q, MAY_AFFIRM, r->kind, r))
        return;
    struct str side = side_of_actor(q->view, q->arena, q->site->node, &q->actor);
    size_t n = side.len == 0 ? 0 : indicator_unconfirmed(&r->payload, side, NULL);
    if (n == 0)
        return;
    struct html_map *m = html_item(q->page, "figures_confirm");
    html_text(m, "address", present_address(q, r->id));
    html_text(m, "after", ask_hex(q, &r->leaf));
    html_text(m, "side", present_country(q, side));
    html_number(m, "count", (int64_t)n);
    ask_token(q, m, "token", "affirm");
}

void indicator_section_confirm(struct ask *q, const struct view_record *r,
                               const struct digest *after)
{
    struct register_outcome out;
    enum register_why why = indicator_confirm(q->site->node, q->arena, &q->actor, r->id,
                                              (struct str){NULL, 0}, after, &out);
    if (why == REGISTER_DONE || why == REGISTER_SAME) {
        ask_go(q,
               ask_print(q, "%.*s?done=affirmed#figures", STR_ARG(present_address(q, r->id))));
        return;
    }
    if (why != REGISTER_CHANGED) {
        ask_refused(q, why);
        return;
    }
    q->answer->status = 409;
    html_text(html_item(q->page, "step_problems"), "text", ask_say(q, "confirm.changed"));
    record_page_show(q);
}
