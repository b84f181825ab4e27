/* figure.h - the figures of indicators as the reader's language writes them. */
#ifndef CAU_WEB_FIGURE_H
#define CAU_WEB_FIGURE_H

#include "domain/rule/indicator.h"
#include "web/serve/site.h"

#define FIGURE_PLACES 2 /* kept of a shortened figure */

/* All digits that were stated: "6.000.000.000". */
struct str figure_number(struct ask *q, const struct decimal *x);
/* Rounded to two places of the power that fits: "5,98 tỷ". Below a million as it is, rounded to two places. */
struct str figure_short(struct ask *q, const struct decimal *x);
/* "khoảng 200", "свыше 40", "nearly 6 billion". */
struct str figure_said(struct ask *q, enum indicator_precision precision, struct str number);
/* A difference with its sign: "+1,4", "−2,35"; exact. */
struct str figure_difference(struct ask *q, const struct decimal *x);

/* The power of ten that figures up to max are shown in: 0, 6, 9 or 12. */
int figure_scale(const struct decimal *max);
/* "tỷ", "млрд", "billion"; empty for 0. */
struct str figure_scale_name(struct ask *q, int scale);
/* x in that power, rounded to two places, without its name. */
struct str figure_scaled(struct ask *q, const struct decimal *x, int scale);

#endif
