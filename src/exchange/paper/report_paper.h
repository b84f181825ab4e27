/* report_paper.h - the annual report of a country as a paper: sentences and tables, a note behind every number. */
#ifndef CAU_EXCHANGE_REPORT_PAPER_H
#define CAU_EXCHANGE_REPORT_PAPER_H

#include "domain/report/report.h"
#include "exchange/paper/paper.h"

#define REPORT_PAPER_ROWS_MAX                                                                  \
    100 /* of the tables by mechanism and partner; the rest are counted */

struct report_paper_from {
    struct view *view;
    const struct desk *desk;
    const struct kinds *kinds;
    struct index_reader reader; /* the same as the report's */
    enum lang lang;
};

/* Makes the paper of a report; everything lives in a. Published totals and numbers of records stand in sentences of their
 * own. What is in nobody's figures is said to be not stated. Errors: MEMORY. */
enum cau_err report_paper(struct arena *a, const struct report *r,
                          const struct report_paper_from *from, struct paper *out);

#endif
