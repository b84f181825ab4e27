/* timeline.h - what happened when, drawn along a line of time: the layout, which knows only days, and its drawing as
 * one strip for each row of a table, so that the table stands beside the drawing.
 *
 * A date known only to its month or year is drawn as the whole span it may mean, one known to the day as a mark. Places
 * are permille of the line's length, as in svg.h. */
#ifndef CAU_WEB_TIMELINE_H
#define CAU_WEB_TIMELINE_H

#include "domain/desk/desk.h"
#include "web/part/svg.h"
#include "web/serve/site.h"

#define TIMELINE_FULL      1000
#define TIMELINE_STEPS_MAX 6 /* of an axis; their names fit beside one another at 360 pixels */

/* ---- layout ---- */

/* The smallest run of days that holds both; an unknown one adds nothing. */
struct desk_days timeline_cover(struct desk_days x, struct desk_days y);

/* Whole steps of months or years, at most TIMELINE_STEPS_MAX, that hold all days of a run. */
struct timeline_axis {
    struct desk_days days; /* from the first day of the first step to the last of the last */
    unsigned step_months;  /* 12 and more: whole years */
    size_t steps;
    int32_t tick[TIMELINE_STEPS_MAX +
                 1]; /* the first day of each step, and the day after the last */
};
/* whole must be known. */
struct timeline_axis timeline_axis_of(struct desk_days whole);

/* Where a day begins; what lies outside the axis is at its nearer end. */
int timeline_place(const struct timeline_axis *axis, int32_t day);

struct timeline_shape {
    int x, width; /* width 0: one day, x is its middle */
};
/* False: not known, or wholly outside the axis. */
bool timeline_shape(const struct timeline_axis *axis, struct desk_days days,
                    struct timeline_shape *out);

/* ---- drawing ---- */

enum timeline_look {
    TIMELINE_RUN,     /* a bar: it lasts from..to */
    TIMELINE_OPEN,    /* a bar whose end is not known: drawn to the end of the axis */
    TIMELINE_DELAY,   /* a thin line: from the plan to what became of it */
    TIMELINE_PLANNED, /* a date that is planned, and not missed */
    TIMELINE_ACTUAL,
    TIMELINE_LATE, /* a planned date that was missed */
    TIMELINE_LOOKS,
};
struct timeline_mark {
    enum timeline_look look;
    struct desk_days days; /* of a run, open bar or delay: from the first to the last day */
};

/* The item "axis" of a map: the years or months by name. id is unique on the page. */
void timeline_add_axis(struct ask *q, struct html_map *m, const char *id,
                       const struct timeline_axis *axis, int32_t today);
/* One row: its marks, painted in their order, and the same in words. Marks that are not known are passed over. */
struct timeline_strip {
    const char *id; /* unique on the page */
    struct str title, text;
    const struct timeline_mark *mark;
    size_t marks;
};
/* The item "strip" of a map: the row over the lines of the axis and of today. None when no mark is known. */
void timeline_add_strip(struct ask *q, struct html_map *m, const struct timeline_axis *axis,
                        int32_t today, const struct timeline_strip *strip);
/* The list "legend" of a map: each mark that may be drawn, in words. looks: one bit for each (1 << look). */
void timeline_add_legend(struct ask *q, struct html_map *m, const char *id, unsigned looks,
                         int32_t today);

#endif
