/* agreement_rows.h - agreements, and the projects that rest on them, as rows of a table with their line of time: what
 * each is, what it carries out or changes, whether it holds. */
#ifndef CAU_WEB_AGREEMENT_ROWS_H
#define CAU_WEB_AGREEMENT_ROWS_H

#include "domain/desk/agreement.h"
#include "web/part/timeline.h"

struct agreement_rows {
    struct ask *q;
    int32_t today;
    struct desk_days whole; /* today and all dates of the rows */
    struct timeline_axis axis;
    const char *id; /* of the drawings; unique on the page */
    size_t n;       /* rows written */
    unsigned looks;
};

/* Begins a table; id is a C string of ours. */
struct agreement_rows agreement_rows_begin(struct ask *q, const char *id, int32_t today);
/* All records are looked at before the first row is written. */
void agreement_rows_look(struct agreement_rows *t, const struct view_record *r);
/* The item "axis" of the table's map; after the last look. */
void agreement_rows_axis(struct agreement_rows *t, struct html_map *m);
/* An item of the list `rows` of a map: title, kind, date, validity, what it says of others, strip. */
struct html_map *agreement_rows_add(struct agreement_rows *t, struct html_map *m,
                                    const struct view_record *r);
/* The list "legend", after the last row. */
void agreement_rows_end(struct agreement_rows *t, struct html_map *m);

/* Whether an agreement holds, in words: "validity"; "doubt" when what is recorded does not agree. */
void agreement_rows_validity(struct ask *q, struct html_map *m, const struct view_record *r,
                             int32_t today);

#endif
