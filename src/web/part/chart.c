#include "web/part/chart.h"

#include "base/clock.h"
#include "web/part/figure.h"

#include <stdlib.h>

enum {
    TOP = 34, /* pixels above the plot: the unit */
    PLOT = 220,
    FOOT = 24, /* names of periods */
    LEGEND_LINE = 22,
    LEFT = 30,      /* permille at both sides of the plot */
    LABELS_MAX = 7, /* names of periods along a line */
    TICKS_MAX = 7,
    STEP = 24,       /* of time in a year */
    BAR_WIDEST = 90, /* permille */
    LABEL_HEIGHT = 15,
};

struct drawn { /* a point and the place of its period */
    const struct chart_point *p;
    size_t at;
};

struct drawing {
    struct ask *q;
    struct svg svg;
    const struct chart *c;
    struct drawn *point; /* by time, then series; targets behind */
    size_t points;
    struct str *period; /* ascending by time, none twice */
    size_t periods;
    struct decimal low, high, step; /* of the axis */
    int scale;
    bool bars;
    int end[CHART_SERIES_MAX]; /* heights of the figures named behind the lines' ends */
    size_t ends;
    size_t target_at; /* of bars: the period whose targets are being named, and how many were */
    int targets;
};

/* Half months since year 0, in the middle of what the period may mean. */
static int time_of(struct str period)
{
    struct clock_date d;
    if (clock_read_date(period, &d) != CAU_OK)
        return 0;
    if (d.month == 0)
        return d.year * STEP + STEP / 2;
    return d.year * STEP + (d.month - 1) * 2 + (d.day > 15 ? 2 : d.day > 0 ? 0 : 1);
}

static int by_time(const void *x, const void *y)
{
    const struct chart_point *a = ((const struct drawn *)x)->p,
                             *b = ((const struct drawn *)y)->p;
    int s = time_of(a->period), t = time_of(b->period);
    if (s != t)
        return s < t ? -1 : 1;
    int order = str_cmp(a->period, b->period);
    if (order != 0)
        return order;
    if (a->series != b->series)
        return a->series < b->series ? -1 : 1;
    return (int)a->target - (int)b->target;
}

static bool sort(struct drawing *d)
{
    const struct chart *c = d->c;
    size_t most = c->points < CHART_POINTS_MAX ? c->points : CHART_POINTS_MAX;
    d->point = arena_take(d->q->arena, (most + 1) * sizeof *d->point);
    d->period = arena_take(d->q->arena, (most + 1) * sizeof *d->period);
    if (d->point == NULL || d->period == NULL)
        return false;
    for (size_t i = 0; i < most; i++)
        if (c->point[i].series < CHART_SERIES_MAX && time_of(c->point[i].period) > 0)
            d->point[d->points++].p = &c->point[i];
    qsort(d->point, d->points, sizeof *d->point, by_time);
    for (size_t i = 0; i < d->points; i++) {
        struct str period = d->point[i].p->period;
        if (i == 0 || !str_equal(d->point[i - 1].p->period, period))
            d->period[d->periods++] = period;
        d->point[i].at = d->periods - 1;
    }
    d->bars = d->periods <= CHART_BARS_MAX;
    return d->points > 1;
}

/* ---- the axis of figures ---- */

static void times(struct decimal *x, unsigned n)
{
    struct decimal one = *x;
    for (unsigned i = 1; i < n; i++)
        (void)decimal_add(x, &one, x);
}

/* How many steps from zero reach as far as x; *end is where they lead. */
static unsigned reach(const struct decimal *x, const struct decimal *step, struct decimal *end)
{
    unsigned n = 0;
    struct decimal size = decimal_abs(x);
    *end = decimal_of(0);
    while (n <= TICKS_MAX && decimal_cmp(end, &size) < 0 && decimal_add(end, step, end))
        n++;
    end->negative = x->negative && end->n > 0;
    return n;
}

/* Steps of 1, 2 or 5 times a power of ten that hold zero and all figures. False: too many digits. */
static bool set_axis(struct drawing *d)
{
    static const unsigned factor[] = {1, 2, 5, 10, 20, 50, 100};
    struct decimal low = decimal_of(0), high = low, span, one = decimal_of(1), unit;
    for (size_t i = 0; i < d->points; i++) {
        const struct decimal *x = &d->point[i].p->number;
        low = decimal_cmp(x, &low) < 0 ? *x : low;
        high = decimal_cmp(x, &high) > 0 ? *x : high;
    }
    if (!decimal_sub(&high, &low, &span))
        return false;
    if (span.n == 0)
        high = span = decimal_of(1);
    if (!decimal_shift(&one, (int)span.n - (int)span.scale - 2, &unit))
        return false;
    for (size_t i = 0; i < countof(factor); i++) {
        d->step = unit;
        times(&d->step, factor[i]);
        if (reach(&low, &d->step, &d->low) + reach(&high, &d->step, &d->high) < TICKS_MAX)
            break;
    }
    struct decimal down = decimal_abs(&d->low);
    d->scale = figure_scale(decimal_cmp(&down, &d->high) > 0 ? &down : &d->high);
    return true;
}

static int place_y(const struct drawing *d, const struct decimal *x)
{
    struct decimal from_top, span, share;
    if (!decimal_sub(&d->high, x, &from_top) || !decimal_sub(&d->high, &d->low, &span) ||
        !decimal_div(&from_top, &span, 4, &share) || !decimal_shift(&share, 4, &share))
        return TOP;
    return TOP + (int)(decimal_int(&share, 10000) * PLOT / 10000);
}

static struct str said(struct drawing *d, const struct chart_point *p)
{
    return figure_said(d->q, p->precision, figure_scaled(d->q, &p->number, d->scale));
}

static void draw_axis(struct drawing *d)
{
    struct ask *q = d->q;
    struct str scale = figure_scale_name(q, d->scale);
    struct str unit = scale.len == 0
                          ? d->c->unit
                          : ask_print(q, "%.*s %.*s", STR_ARG(scale), STR_ARG(d->c->unit));
    svg_text(&d->svg, "cau-svg__small", (struct svg_place){0, 14}, 0, SVG_START, unit);
    struct decimal at = d->low;
    for (int i = 0; i <= TICKS_MAX; i++) {
        int y = place_y(d, &at);
        bool zero = at.n == 0;
        svg_line(&d->svg, zero ? "cau-svg__axis" : "cau-svg__grid", (struct svg_place){0, y},
                 (struct svg_place){1000, y});
        svg_text(&d->svg, "cau-svg__small", (struct svg_place){0, y + 4}, -8, SVG_END,
                 figure_scaled(q, &at, d->scale));
        if (decimal_cmp(&at, &d->high) >= 0 || !decimal_add(&at, &d->step, &at))
            return;
    }
}

/* ---- the axis of time ---- */

static int place_x(const struct drawing *d, size_t period)
{
    int width = 1000 - 2 * LEFT;
    if (d->bars)
        return LEFT + (int)(((int)period * 2 + 1) * width / ((int)d->periods * 2));
    int first = time_of(d->period[0]), last = time_of(d->period[d->periods - 1]);
    return last == first ? 500
                         : LEFT + (time_of(d->period[period]) - first) * width / (last - first);
}

/* "2024", "06.2024", "30.06.2024" */
static struct str period_name(struct drawing *d, struct str period)
{
    struct clock_date t;
    if (clock_read_date(period, &t) != CAU_OK || t.month == 0)
        return period;
    return t.day == 0 ? ask_print(d->q, "%02d.%d", t.month, t.year)
                      : ask_print(d->q, "%02d.%02d.%d", t.day, t.month, t.year);
}

static void draw_periods(struct drawing *d)
{
    /* Fewer where a name is longer than a year. */
    size_t most = d->period[0].len > 4 ? LABELS_MAX - 2 : LABELS_MAX;
    size_t every = d->bars ? 1 : (d->periods + most - 1) / most;
    size_t last = d->periods - 1, shown = 0;
    for (size_t i = 0; i < d->periods; i++) {
        bool end = i == last, step = i % every == 0 && (end || last - i >= every);
        if (!end && !step)
            continue;
        bool spare = !end && (d->bars ? d->periods > 4 : true) && shown++ % 2 == 1;
        enum svg_anchor anchor = d->bars  ? SVG_MIDDLE
                                 : i == 0 ? SVG_START
                                 : end    ? SVG_END
                                          : SVG_MIDDLE;
        svg_text(&d->svg, spare ? "cau-svg__small cau-svg__spare" : "cau-svg__small",
                 (struct svg_place){place_x(d, i), TOP + PLOT + 18}, 0, anchor,
                 period_name(d, d->period[i]));
    }
}

/* ---- figures ---- */

static const char *const fill[CHART_SERIES_MAX] = {"cau-chart__0", "cau-chart__1",
                                                   "cau-chart__2", "cau-chart__3",
                                                   "cau-chart__4", "cau-chart__5"};
static const char *const loose[CHART_SERIES_MAX] = {
    "cau-chart__0 cau-chart__about", "cau-chart__1 cau-chart__about",
    "cau-chart__2 cau-chart__about", "cau-chart__3 cau-chart__about",
    "cau-chart__4 cau-chart__about", "cau-chart__5 cau-chart__about"};
static const char *const hollow[CHART_SERIES_MAX] = {
    "cau-chart__0 cau-chart__target", "cau-chart__1 cau-chart__target",
    "cau-chart__2 cau-chart__target", "cau-chart__3 cau-chart__target",
    "cau-chart__4 cau-chart__target", "cau-chart__5 cau-chart__target"};
static const char *const line[CHART_SERIES_MAX] = {
    "cau-chart__line cau-chart__0", "cau-chart__line cau-chart__1",
    "cau-chart__line cau-chart__2", "cau-chart__line cau-chart__3",
    "cau-chart__line cau-chart__4", "cau-chart__line cau-chart__5"};
static const enum svg_shape shape[CHART_SERIES_MAX] = {SVG_DOT,    SVG_SQUARE,   SVG_TRIANGLE,
                                                       SVG_SQUARE, SVG_TRIANGLE, SVG_DOT};

static struct str hint_of(struct drawing *d, const struct chart_point *p)
{
    struct str when = ask_date(d->q, p->period), who = d->c->series[p->series];
    struct str number = figure_said(d->q, p->precision, figure_number(d->q, &p->number));
    if (!p->target)
        return ask_print(d->q, "%.*s, %.*s: %.*s", STR_ARG(who), STR_ARG(when),
                         STR_ARG(number));
    struct str target = ask_say(d->q, "chart.target");
    return ask_print(d->q, "%.*s, %.*s. %.*s: %.*s", STR_ARG(who), STR_ARG(when),
                     STR_ARG(target), STR_ARG(number));
}

static void draw_bar(struct drawing *d, const struct drawn *drawn)
{
    const struct chart_point *p = drawn->p;
    int room = (1000 - 2 * LEFT) / (int)d->periods * 8 / 10;
    int series = (int)d->c->series_count > 0 ? (int)d->c->series_count : 1;
    int width = room / series < BAR_WIDEST ? room / series : BAR_WIDEST;
    struct decimal zero = decimal_of(0);
    int middle =
        place_x(d, drawn->at) - width * series / 2 + width * (int)p->series + width / 2;
    int y = place_y(d, &p->number), base = place_y(d, &zero);
    int top = y < base ? y : base;
    struct svg_place label = {middle, p->number.negative ? y + 16 : y - 7};
    if (p->target) {
        svg_mark(&d->svg, SVG_DIAMOND, hollow[p->series], (struct svg_place){middle, y},
                 hint_of(d, p));
        d->targets = d->target_at == drawn->at ? d->targets + 1 : 0;
        d->target_at = drawn->at;
        label.y_px -= 6 + LABEL_HEIGHT * d->targets; /* one above the other */
    } else {
        svg_box(&d->svg, p->precision == INDICATOR_EXACT ? fill[p->series] : loose[p->series],
                (struct svg_place){middle - width * 9 / 20, top}, width * 9 / 10,
                (y < base ? base : y) - top);
    }
    bool many = d->periods * d->c->series_count > 4;
    svg_text(&d->svg, many ? "cau-svg__small cau-svg__spare" : "cau-svg__small", label, 0,
             SVG_MIDDLE, said(d, p));
}

/* The marks of a long line are left out, but for its ends and what is approximate. */
static bool has_mark(const struct drawing *d, const struct chart_point *p, bool last)
{
    return last || p->target || p->precision != INDICATOR_EXACT || d->periods <= 40;
}

/* A height at which no other line's end is named. */
static int free_place(struct drawing *d, int y)
{
    for (size_t i = 0; i < d->ends; i++)
        if (y > d->end[i] - LABEL_HEIGHT && y < d->end[i] + LABEL_HEIGHT) {
            y = d->end[i] + LABEL_HEIGHT;
            i = SIZE_MAX; /* from the first again: each time it moves down */
        }
    if (d->ends < countof(d->end))
        d->end[d->ends++] = y;
    return y;
}

static void draw_point(struct drawing *d, const struct drawn *drawn, const struct drawn *before,
                       bool last)
{
    const struct chart_point *p = drawn->p;
    struct svg_place at = {place_x(d, drawn->at), place_y(d, &p->number)};
    /* Over more than a year without a figure no line is drawn: nothing is known of it. */
    if (before != NULL && time_of(p->period) - time_of(before->p->period) <= STEP)
        svg_line(&d->svg, line[p->series],
                 (struct svg_place){place_x(d, before->at), place_y(d, &before->p->number)},
                 at);
    if (p->target)
        svg_mark(&d->svg, SVG_DIAMOND, hollow[p->series], at, hint_of(d, p));
    else if (has_mark(d, p, last))
        svg_mark(&d->svg, shape[p->series],
                 p->precision == INDICATOR_EXACT ? fill[p->series] : loose[p->series], at,
                 hint_of(d, p));
    if (last) /* behind the line's end, in the margin that the style sheet leaves there */
        svg_text(&d->svg, "cau-svg__small cau-svg__strong",
                 (struct svg_place){at.x_permille, free_place(d, at.y_px + 5)}, 10, SVG_START,
                 said(d, p));
    else if (p->target)
        svg_text(&d->svg, "cau-svg__small", (struct svg_place){at.x_permille, at.y_px - 10}, 0,
                 at.x_permille > 900 ? SVG_END : SVG_MIDDLE, said(d, p));
}

static void draw_line(struct drawing *d, size_t series)
{
    const struct drawn *before = NULL, *last = NULL;
    for (size_t i = 0; i < d->points; i++)
        if (d->point[i].p->series == series && !d->point[i].p->target)
            last = &d->point[i];
    for (size_t i = 0; i < d->points; i++) {
        const struct drawn *drawn = &d->point[i];
        if (drawn->p->series != series)
            continue;
        draw_point(d, drawn, drawn->p->target ? NULL : before, drawn == last);
        before = drawn->p->target ? before : drawn;
    }
}

/* ---- legend ---- */

static bool some(const struct drawing *d, bool target)
{
    for (size_t i = 0; i < d->points; i++)
        if (target ? d->point[i].p->target : d->point[i].p->precision != INDICATOR_EXACT)
            return true;
    return false;
}

static size_t legend_lines(const struct drawing *d)
{
    return d->c->series_count + some(d, true) + some(d, false);
}

static void draw_legend(struct drawing *d)
{
    int y = TOP + PLOT + FOOT + LEGEND_LINE;
    for (size_t i = 0; i < d->c->series_count; i++, y += LEGEND_LINE) {
        svg_mark(&d->svg, d->bars ? SVG_SQUARE : shape[i], fill[i], (struct svg_place){10, y},
                 (struct str){NULL, 0});
        svg_text(&d->svg, "cau-svg__small", (struct svg_place){10, y + 5}, 14, SVG_START,
                 d->c->series[i]);
    }
    for (int target = 1; target >= 0; target--) {
        if (!some(d, target == 1))
            continue;
        svg_mark(&d->svg, target == 1 ? SVG_DIAMOND : SVG_SQUARE,
                 target == 1 ? "cau-chart__plain cau-chart__target"
                             : "cau-chart__plain cau-chart__about",
                 (struct svg_place){10, y}, (struct str){NULL, 0});
        svg_text(&d->svg, "cau-svg__small", (struct svg_place){10, y + 5}, 14, SVG_START,
                 ask_say(d->q, target == 1 ? "chart.target" : "chart.about"));
        y += LEGEND_LINE;
    }
}

bool chart_add(struct ask *q, struct html_map *m, const char *key, const struct chart *c)
{
    struct drawing d = {.q = q, .c = c, .target_at = SIZE_MAX};
    must(c->series_count <= CHART_SERIES_MAX);
    if (!sort(&d) || !set_axis(&d))
        return false;
    struct svg_frame frame = {.id = c->id,
                              .class = d.bars ? "cau-chart" : "cau-chart cau-chart--lines",
                              .height_px =
                                  TOP + PLOT + FOOT + LEGEND_LINE * (int)legend_lines(&d) + 12,
                              .title = c->title,
                              .text = c->text};
    d.svg = svg_begin(m, key, q->arena, &frame);
    draw_axis(&d);
    draw_periods(&d);
    for (size_t i = 0; d.bars && i < d.points; i++)
        if (!d.point[i].p->target)
            draw_bar(&d, &d.point[i]);
    for (size_t i = 0; d.bars && i < d.points; i++)
        if (d.point[i].p->target) /* over the bars */
            draw_bar(&d, &d.point[i]);
    for (size_t s = 0; !d.bars && s < c->series_count; s++)
        draw_line(&d, s);
    draw_legend(&d);
    return true;
}
