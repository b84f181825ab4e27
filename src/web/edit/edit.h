/* edit.h - the pages on which records are written and decided on: forms, reviews, minutes, terms, duplicates,
 * imports. Each answers one request; routes.c has checked what the route's flags ask for. */
#ifndef CAU_WEB_EDIT_H
#define CAU_WEB_EDIT_H

#include "web/serve/site.h"

/* edit.c */
void edit_new(
    struct ask *q); /* the query may fill in fields: names as the form's controls have */
/* The form for a new record with what is given filled in; it is checked when it is sent. */
void edit_new_with(struct ask *q, const struct kind *kind, const struct http_fields *given);
void edit_change(struct ask *q);
void edit_save_new(struct ask *q);
void edit_save_change(struct ask *q);

/* review.c */
void review_queue(struct ask *q);
void review_form(struct ask *q);
void review_save(struct ask *q);
void review_submit(struct ask *q);
void review_renew(struct ask *q);
void review_withdraw_form(struct ask *q);
void review_withdraw(struct ask *q);

/* minutes.c */
void minutes_form(struct ask *q);
void minutes_save(struct ask *q);
void minutes_file(struct ask *q);
void minutes_commit(struct ask *q); /* the form for a commitment made of a paragraph */

/* term.c */
void term_form(struct ask *q);
void term_save(struct ask *q);
void term_list(struct ask *q);
void term_decide_save(struct ask *q);

/* duplicates.c */
void duplicates_list(struct ask *q);
void duplicates_pair(struct ask *q);
void duplicates_decide(struct ask *q);

/* intake.c */
void intake_list(struct ask *q);
void intake_upload(struct ask *q);
void intake_show(struct ask *q);
void intake_columns(struct ask *q);
void intake_look(struct ask *q);
void intake_confirm(struct ask *q);
void intake_drop(struct ask *q);
void intake_undo(struct ask *q);
void intake_stop(struct ask *q);
void intake_choose(struct ask *q);
void intake_refused(struct ask *q);

#endif
