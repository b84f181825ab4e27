#include "web/part/timeline.h"

#include "base/clock.h"
#include "web/part/present.h"

#define DAY_MS INT64_C(86400000)

enum { STRIP_PX = 26, AXIS_PX = 22, LEGEND_PX = 18 };

/* ---- layout ---- */

static bool known(struct desk_days d)
{
    return d.first != DESK_NO_DAY;
}

struct desk_days timeline_cover(struct desk_days x, struct desk_days y)
{
    if (!known(x) || !known(y))
        return known(x) ? x : y;
    return (struct desk_days){x.first < y.first ? x.first : y.first,
                              x.last > y.last ? x.last : y.last};
}

/* Months since January of the year 0. */
static int month_of(int32_t day)
{
    struct clock_date d = clock_date_of(day * DAY_MS);
    return d.year * 12 + d.month - 1;
}

static int32_t first_day(int month)
{
    struct clock_date d = {month / 12, month % 12 + 1, 1};
    return (int32_t)(clock_ms_of(d) / DAY_MS);
}

struct timeline_axis timeline_axis_of(struct desk_days whole)
{
    static const unsigned step_list[] = {1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000};
    must(known(whole) && whole.first <= whole.last);
    int first = month_of(whole.first), last = month_of(whole.last);
    struct timeline_axis axis = {.steps = 0};
    for (size_t i = 0; i < countof(step_list); i++) {
        int step = (int)step_list[i], low = first - first % step;
        size_t steps = (size_t)((last - low) / step) + 1;
        if (steps > TIMELINE_STEPS_MAX && i + 1 < countof(step_list))
            continue;
        must(steps <= TIMELINE_STEPS_MAX); /* years end before 3000 */
        axis.step_months = step_list[i];
        axis.steps = steps;
        for (size_t k = 0; k <= steps; k++)
            axis.tick[k] = first_day(low + (int)k * step);
        if (low < 12) /* there is no year 0 */
            axis.tick[0] = first_day(12);
        break;
    }
    axis.days = (struct desk_days){axis.tick[0], axis.tick[axis.steps] - 1};
    return axis;
}

int timeline_place(const struct timeline_axis *axis, int32_t day)
{
    int64_t whole = (int64_t)axis->days.last - axis->days.first + 1;
    int64_t x = ((int64_t)day - axis->days.first) * TIMELINE_FULL / whole;
    return day <= axis->days.first ? 0 : x > TIMELINE_FULL ? TIMELINE_FULL : (int)x;
}

bool timeline_shape(const struct timeline_axis *axis, struct desk_days days,
                    struct timeline_shape *out)
{
    if (!known(days) || days.last < axis->days.first || days.first > axis->days.last)
        return false;
    int from = timeline_place(axis, days.first), to = timeline_place(axis, days.last + 1);
    if (days.first == days.last)
        *out = (struct timeline_shape){(from + to) / 2, 0};
    else
        *out = (struct timeline_shape){from, to > from ? to - from : 1};
    return true;
}

/* ---- drawing ---- */

static const struct look {
    const char *span, *mark; /* classes; a bar has no mark */
    const char *words;
    enum svg_shape shape;
} look_list[TIMELINE_LOOKS] = {
    [TIMELINE_RUN] = {"cau-time__run", NULL, "timeline.run", SVG_BAR},
    [TIMELINE_OPEN] = {"cau-time__open", NULL, "timeline.open", SVG_BAR},
    [TIMELINE_DELAY] = {"cau-time__delay", NULL, "timeline.delay", SVG_BAR},
    [TIMELINE_PLANNED] = {"cau-time__span cau-time__planned", "cau-time__planned",
                          "timeline.planned", SVG_DIAMOND},
    [TIMELINE_ACTUAL] = {"cau-time__span cau-time__actual", "cau-time__actual",
                         "timeline.actual", SVG_DOT},
    [TIMELINE_LATE] = {"cau-time__span cau-time__late", "cau-time__late", "timeline.late",
                       SVG_TRIANGLE},
};

static bool is_bar(enum timeline_look look)
{
    return look_list[look].mark == NULL;
}

static struct str tick_name(struct ask *q, const struct timeline_axis *axis, int32_t day)
{
    struct clock_date d = clock_date_of(day * DAY_MS);
    if (axis->step_months >= 12)
        return ask_print(q, "%d", d.year);
    const struct str slot[] = {ask_print(q, "%02d", d.month), ask_print(q, "%d", d.year)};
    return ask_fill(q, "timeline.month", slot, 2);
}

static void draw_lines(struct svg *s, const struct timeline_axis *axis, int32_t today,
                       int height)
{
    for (size_t i = 0; i <= axis->steps; i++) {
        int x = timeline_place(axis, axis->tick[i]);
        svg_line(s, "cau-svg__grid", (struct svg_place){x, 0}, (struct svg_place){x, height});
    }
    if (today < axis->days.first || today > axis->days.last)
        return;
    int x = timeline_place(axis, today);
    svg_line(s, "cau-time__today", (struct svg_place){x, 0}, (struct svg_place){x, height});
}

void timeline_add_axis(struct ask *q, struct html_map *m, const char *id,
                       const struct timeline_axis *axis, int32_t today)
{
    const struct str ends[] = {present_day(q, axis->days.first),
                               present_day(q, axis->days.last)};
    struct svg_frame frame = {id, "cau-time", AXIS_PX, ask_say(q, "timeline.axis"),
                              ask_fill(q, "timeline.axis_text", ends, 2)};
    struct svg s = svg_begin(m, "axis", q->arena, &frame);
    draw_lines(&s, axis, today, AXIS_PX);
    for (size_t i = 0; i < axis->steps; i++) {
        /* A step's name stands at its beginning; on a narrow screen every second of the longer ones is left out. */
        bool spare = i % 2 == 1 && axis->step_months < 12 && axis->steps > 3;
        svg_text(&s, spare ? "cau-svg__small cau-svg__spare" : "cau-svg__small",
                 (struct svg_place){timeline_place(axis, axis->tick[i]), 15}, 3, SVG_START,
                 tick_name(q, axis, axis->tick[i]));
    }
}

static void draw_mark(struct svg *s, const struct timeline_axis *axis,
                      const struct timeline_mark *mark)
{
    const struct look *look = &look_list[mark->look];
    struct timeline_shape shape;
    struct desk_days days = mark->days;
    if (mark->look == TIMELINE_OPEN && known(days))
        days.last = axis->days.last;
    if (!timeline_shape(axis, days, &shape))
        return;
    if (is_bar(mark->look)) {
        int height = mark->look == TIMELINE_DELAY ? 3 : 9;
        svg_box(s, look->span, (struct svg_place){shape.x, (STRIP_PX - height) / 2},
                shape.width > 0 ? shape.width : 2, height);
    } else if (shape.width > 0) {
        svg_box(s, look->span, (struct svg_place){shape.x, 6}, shape.width, STRIP_PX - 12);
    }
    if (look->mark != NULL) /* in the middle of a span too: it tells the looks apart */
        svg_mark(s, look->shape, look->mark,
                 (struct svg_place){shape.x + shape.width / 2, STRIP_PX / 2}, STR(""));
}

void timeline_add_strip(struct ask *q, struct html_map *m, const struct timeline_axis *axis,
                        int32_t today, const struct timeline_strip *strip)
{
    struct svg_frame frame = {strip->id, "cau-time", STRIP_PX, strip->title, strip->text};
    bool some = false;
    for (size_t i = 0; i < strip->marks; i++)
        some |= known(strip->mark[i].days);
    if (!some)
        return;
    struct svg s = svg_begin(m, "strip", q->arena, &frame);
    draw_lines(&s, axis, today, STRIP_PX);
    for (size_t i = 0; i < strip->marks; i++)
        draw_mark(&s, axis, &strip->mark[i]);
}

/* ---- the legend ---- */

static struct svg begin_sample(struct ask *q, struct html_map *m, const char *id, int n,
                               struct str words)
{
    struct html_map *item = html_item(m, "legend");
    struct str name = ask_print(q, "%s-%d", id, n);
    struct svg_frame frame = {name.p == NULL ? id : name.p, "cau-time cau-time--sample",
                              LEGEND_PX, words, words};
    html_text(item, "words", words);
    return svg_begin(item, "strip", q->arena, &frame);
}

void timeline_add_legend(struct ask *q, struct html_map *m, const char *id, unsigned looks,
                         int32_t today)
{
    const struct svg_place middle = {500, LEGEND_PX / 2};
    int n = 0;
    for (unsigned i = 0; i < TIMELINE_LOOKS; i++) {
        if ((looks >> i & 1) == 0)
            continue;
        struct svg s = begin_sample(q, m, id, n++, ask_say(q, look_list[i].words));
        if (look_list[i].mark != NULL)
            svg_mark(&s, look_list[i].shape, look_list[i].mark, middle, STR(""));
        else
            svg_box(&s, look_list[i].span,
                    (struct svg_place){0, i == TIMELINE_DELAY ? LEGEND_PX / 2 - 1
                                                              : LEGEND_PX / 2 - 4},
                    1000, i == TIMELINE_DELAY ? 3 : 9);
    }
    struct svg span = begin_sample(q, m, id, n++, ask_say(q, "timeline.span"));
    svg_box(&span, "cau-time__span", (struct svg_place){50, 2}, 900, LEGEND_PX - 4);
    struct str day = present_day(q, today);
    struct svg line = begin_sample(q, m, id, n, ask_fill(q, "timeline.today", &day, 1));
    svg_line(&line, "cau-time__today", (struct svg_place){500, 0},
             (struct svg_place){500, LEGEND_PX});
}
