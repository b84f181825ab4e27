/* record_fields.h - all that a record says, and what it and others say of each other, as data for its page. */
#ifndef CAU_WEB_RECORD_FIELDS_H
#define CAU_WEB_RECORD_FIELDS_H

#include "web/serve/site.h"

#define RECORD_FIELDS_GROUP_MAX 50 /* links shown of one relation */

/* The list "fields" of everything the record says, in the order of its kind. */
void record_fields_add(struct ask *q, struct html_map *m, const struct view_record *record);
/* The list "groups" of relations both ways, each with "label" and "links". */
void record_fields_relations(struct ask *q, struct html_map *m,
                             const struct view_record *record);

#endif
