/* controls.h - the form of any kind: a record's import form as controls, and what was filled in as an import form. */
#ifndef CAU_WEB_CONTROLS_H
#define CAU_WEB_CONTROLS_H

#include "record/record.h"
#include "web/serve/site.h"

#define CONTROLS_PATH_BYTES_MAX 200 /* "milestones[12].title.vi.origin" */
#define CONTROLS_BOXES_MAX      40 /* longer lists of a `many` choice become selects, not boxes */
#define CONTROLS_FOUND_MAX      8 /* records proposed for a link */
#define CONTROLS_ROWS_SHOWN_MAX 2000
#define CONTROLS_VALUES_MAX     1000 /* read of one list of boxes; the rules allow fewer */

struct controls {
    const struct kind *kind;
    const struct value *value; /* an import form; an empty object for a new record */
    const struct record_problems *problems; /* shown beside their controls; may be NULL */
    struct str find; /* the link whose candidates are wanted; may be empty */
    struct str more; /* the list that gets another empty row; may be empty */
};

/* Adds "controls" and, where there are problems, "errors" to m. Names of the inputs are places of the
 * record ("title.ru", "milestones[2].date.day"). */
void controls_write(struct ask *q, struct html_map *m, const struct controls *f);

/* Makes the import form of what was sent; what is not filled in is left out, and so is what is no field of the kind or
 * set by rules alone. Links that lead nowhere and are not in old (an import form; may be NULL) become problems.
 * Errors: MEMORY. */
enum cau_err controls_read(struct ask *q, const struct kind *kind, const struct value *old,
                           struct value *out, struct record_problems *problems);
/* The same of other fields than the form's: those of an address that fills a form in. */
enum cau_err controls_read_from(struct ask *q, const struct kind *kind,
                                const struct http_fields *from, const struct value *old,
                                struct value *out, struct record_problems *problems);

/* The message of a problem in the reader's language. */
struct str controls_problem(struct ask *q, const struct record_problem *p);

#endif
