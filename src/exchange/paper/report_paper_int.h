/* report_paper_int.h - what report_paper.c and report_figures.c share. */
#ifndef CAU_EXCHANGE_REPORT_PAPER_INT_H
#define CAU_EXCHANGE_REPORT_PAPER_INT_H

#include "exchange/paper/cite.h"
#include "exchange/paper/report_paper.h"

struct report_writing {
    struct arena *a;
    const struct report *r;
    const struct desk *desk;
    struct paper *p;
    struct cite c;
    struct str year, country; /* as the reader reads them */
    char code[2];             /* of the country */
};

/* The section of all indicators that are no published totals. */
void report_figures_add(struct report_writing *w);
/* How sure a value is and what it comes from, as a remark of its note. */
struct str report_figures_standing(struct report_writing *w, const struct value *row);

#endif
