/* account.h - the pages of who uses the node: signing in, his account and reminders, all users. Each answers one
 * request; routes.c has checked what the route's flags ask for. */
#ifndef CAU_WEB_ACCOUNT_H
#define CAU_WEB_ACCOUNT_H

#include "web/serve/site.h"

/* account.c */
void account_sign_in(struct ask *q);
void account_sign_in_try(struct ask *q);
void account_sign_out(struct ask *q);
void account_page(struct ask *q);
void account_password(struct ask *q);
void account_claim_form(struct ask *q);
void account_claim(struct ask *q);
void account_claims(struct ask *q);
void account_decide(struct ask *q);

/* remind.c */
void remind_page(struct ask *q);
void remind_wish_save(struct ask *q);
void remind_calendar_save(struct ask *q);
void remind_calendar_feed(struct ask *q);
/* "reminders": what the reader has asked for, with the forms to change it. */
void remind_add_wish(struct ask *q);

/* users.c */
void users_list(struct ask *q);
void users_add(struct ask *q);
void users_one(struct ask *q);
void users_change(struct ask *q);
void users_password(struct ask *q);

#endif
