/* record_int.h - the parts of a record's page that only some kinds have. */
#ifndef CAU_WEB_RECORD_INT_H
#define CAU_WEB_RECORD_INT_H

#include "web/record/record_pages.h"

/* agreement_page.c */
/* The item "agreement": whether it holds, and the documents and projects it is joined to, when r is one. */
void agreement_add(struct ask *q, const struct view_record *r);
/* Whether that shows a field, so that it need not stand among the others. */
bool agreement_shows(const struct kind *kind, const struct kind_field *f);

/* project_page.c */
/* The item "project": legal basis, milestones, money and risks, when r is a project or programme. */
void project_add(struct ask *q, const struct view_record *r);
/* Whether that shows a field, so that it need not stand among the others. */
bool project_shows(const struct kind *kind, const struct kind_field *f);

/* session_page.c */
/* The item "session" with delegations, agenda, decisions and minutes, when r is one. */
void session_page_add(struct ask *q, const struct view_record *r);
/* The file behind a hash of a record: "hash"; where to get it and how big it is ("file" "suffix" "kilobytes"), or "missing":
 * this node has only the hash. */
void session_page_add_file(struct ask *q, struct html_map *m, const struct view_record *r,
                           struct str hex);
/* Whether that shows a field, so that it need not stand among the others. */
bool session_page_shows(const struct kind *kind, const struct kind_field *f);

/* mechanism_page.c */
/* The item "mechanism" with officers and bodies, when r is one; of the version that is newest now also the next session,
 * sub-committees and sessions. False: the answer is made already. */
bool mechanism_page_add(struct ask *q, const struct view_record *r, bool now);
bool mechanism_page_shows(const struct kind *kind, const struct kind_field *f);

/* interest.c */
/* The course of an interest and the form for its next step, when r is one. */
void interest_add_course(struct ask *q, const struct view_record *r);

/* obstacle.c */
/* The clock of an obstacle and the forms for its next step, when r is one. False: the answer is made already. */
bool obstacle_add_clock(struct ask *q, const struct view_record *r);

/* commitment_page.c */
/* What the sides say, when r is a commitment: returned for its forms; else NULL. */
struct html_map *commitment_page_add(struct ask *q, const struct view_record *r);
/* The forms he may use. False: the answer is made already. */
bool commitment_page_forms(struct ask *q, struct html_map *m, const struct view_record *r);

/* confirm_page.c */
/* Which sides have confirmed r, of kinds that are confirmed; else NULL. */
struct html_map *confirm_page_add(struct ask *q, const struct view_record *r);
void confirm_page_form(struct ask *q, struct html_map *m, const struct view_record *r);

#endif
