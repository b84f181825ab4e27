/* chart.h - figures by period as a drawing (svg.h): bars for a few periods, lines for many; beside it the page has the
 * table, which is the data.
 *
 * Series are told apart by colour, by the shape of their marks or the order of their bars, and by name; targets are
 * hollow diamonds, approximate figures have a broken outline. The axis always holds zero. Where figures are put on
 * the drawing they are rounded to two places of the power named at its axis; the table has them in full. */
#ifndef CAU_WEB_CHART_H
#define CAU_WEB_CHART_H

#include "domain/rule/indicator.h"
#include "web/part/svg.h"
#include "web/serve/site.h"

#define CHART_SERIES_MAX 6    /* further ones are left off: the table has them */
#define CHART_BARS_MAX   6    /* periods; with more a line is drawn */
#define CHART_POINTS_MAX 6000 /* drawn of all series together */

struct chart_point {
    size_t series;
    struct str period; /* "2024", "2024-06", "2024-06-30" */
    struct decimal number;
    enum indicator_precision precision;
    bool target;
};
struct chart {
    const char *id;         /* unique on the page */
    struct str title, text; /* as in svg.h */
    struct str unit;        /* named at the axis; may be empty */
    struct str series[CHART_SERIES_MAX];
    size_t series_count;
    const struct chart_point *point; /* in any order */
    size_t points;
};

/* Adds the drawing as the item `key` of a map. False, and nothing is added: fewer than two figures to be drawn. */
bool chart_add(struct ask *q, struct html_map *m, const char *key, const struct chart *c);

#endif
