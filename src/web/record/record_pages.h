/* record_pages.h - the pages of one record, and the forms on them. Each answers one request; routes.c has checked what the
 * route's flags ask for. */
#ifndef CAU_WEB_RECORD_PAGES_H
#define CAU_WEB_RECORD_PAGES_H

#include "web/serve/site.h"

/* record_page.c */
void record_page_show(struct ask *q);
void record_page_print(struct ask *q);
void record_page_version(struct ask *q);
void record_page_proof(struct ask *q);

/* history.c */
void history_page(struct ask *q);
void history_compare(struct ask *q);

/* match_section.c */
void match_page(struct ask *q);

/* interest.c */
void interest_form(struct ask *q);
void interest_save(struct ask *q);
void interest_step_save(struct ask *q);
void interest_funnel(struct ask *q);
/* The list "interests" of those that link to a record and that the reader may follow. */
void interest_add_list(struct ask *q, struct html_map *m, uint32_t doc);

/* obstacle.c */
void obstacle_list(struct ask *q);
void obstacle_assign(struct ask *q);
void obstacle_answer(struct ask *q);
void obstacle_escalate(struct ask *q);
void obstacle_settle(struct ask *q);
void obstacle_forward_page(struct ask *q);
void obstacle_forward_save(struct ask *q);
/* The kind as a form shows it: who only files obstacles is not asked for what the other side says. */
const struct kind *obstacle_shown_kind(struct ask *q, const struct kind *kind);
/* The list "entrusted" of what members have entrusted to the reader's association. */
void obstacle_add_pending(struct ask *q, struct html_map *m);

/* commitment_page.c */
void commitment_page_tell(struct ask *q);
void commitment_page_split(struct ask *q);
void commitment_page_carry(struct ask *q);

/* confirm_page.c */
void confirm_page_save(struct ask *q);

/* session_page.c */
/* The text of a session's minutes in a language; {NULL, 0}: there is none. */
struct str session_page_minutes(const struct value *payload, struct str lang);

#endif
