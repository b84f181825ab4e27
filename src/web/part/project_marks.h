/* project_marks.h - a project's milestones as marks on a line of time. */
#ifndef CAU_WEB_PROJECT_MARKS_H
#define CAU_WEB_PROJECT_MARKS_H

#include "domain/desk/project.h"
#include "web/part/timeline.h"

#define PROJECT_MARKS                                                                          \
    3 /* of one milestone: the delay, the plan, what happened; some of them may not be known */

void project_marks(const struct project_milestone *m, int32_t today,
                   struct timeline_mark mark[PROJECT_MARKS]);
/* The bar from its beginning to its end; open when it is said to be under way and its end is not; not known
 * without a beginning. */
struct timeline_mark project_bar(const struct value *payload, int32_t today);

#endif
