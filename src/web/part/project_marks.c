#include "web/part/project_marks.h"

void project_marks(const struct project_milestone *m, int32_t today,
                   struct timeline_mark mark[PROJECT_MARKS])
{
    static const struct desk_days none = {DESK_NO_DAY, DESK_NO_DAY};
    bool late = m->pace == PROJECT_LATE, done_late = m->pace == PROJECT_DONE_LATE;
    struct desk_days delay = none;
    if (late || done_late)
        delay = (struct desk_days){m->planned.last, late ? today : m->actual.first};
    mark[0] = (struct timeline_mark){TIMELINE_DELAY, delay};
    mark[1] = (struct timeline_mark){late || done_late ? TIMELINE_LATE : TIMELINE_PLANNED,
                                     m->planned};
    mark[2] = (struct timeline_mark){TIMELINE_ACTUAL, m->actual};
}

struct timeline_mark project_bar(const struct value *payload, int32_t today)
{
    struct timeline_mark bar = {TIMELINE_RUN, {DESK_NO_DAY, DESK_NO_DAY}};
    struct desk_days from = desk_days_of(value_get_str(payload, "starts")),
                     to = desk_days_of(value_get_str(payload, "ends"));
    bool under_way = str_is(value_get_str(payload, "status"), "under_way");
    if (!desk_known(from) || (!desk_known(to) && !under_way))
        return bar;
    bar.days = (struct desk_days){from.first, desk_known(to) ? to.last : today};
    if (!desk_known(to))
        bar.look = TIMELINE_OPEN;
    if (bar.days.last < bar.days.first) /* it has not begun, or the dates are wrong */
        bar.days.last = bar.days.first;
    return bar;
}
