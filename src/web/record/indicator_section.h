/* indicator_section.h - the part of an indicator's page that shows its figures: chart, table of periods and sides with
 * the gap, definitions side by side, targets against what came. */
#ifndef CAU_WEB_INDICATOR_SECTION_H
#define CAU_WEB_INDICATOR_SECTION_H

#include "web/serve/site.h"

#define INDICATOR_VERSIONS_READ                                                                \
    20 /* older versions looked at for another unit of the same figures */

/* Adds the item "figures" (pages/indicator.html) when r is an indicator that may be read. */
void indicator_section_add(struct ask *q, const struct view_record *r);
/* Whether the section shows a field, so that the list of fields need not. */
bool indicator_section_has(const struct kind *kind, struct str field);

/* Adds the form with which a secretary confirms the figures of his side, where there are any to be confirmed. */
void indicator_section_form(struct ask *q, const struct view_record *r);
/* Answers that form. */
void indicator_section_confirm(struct ask *q, const struct view_record *r,
                               const struct digest *after);

#endif
