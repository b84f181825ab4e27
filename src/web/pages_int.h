/* pages_int.h - the answers of all routes, by file. Each answers one request; route.c has checked what the
 * route's flags ask for. */
#ifndef CAU_WEB_PAGES_INT_H
#define CAU_WEB_PAGES_INT_H

#include "web/site.h"

/* home.c */
void home_root(struct ask *q); /* sends to the reader's language */
void home_page(struct ask *q);
void home_browse(struct ask *q); /* all kinds with their counts */

/* results.c */
void results_search(struct ask *q);
void results_kind(struct ask *q);

/* matrix.c */
void matrix_page(struct ask *q);

/* desk_page.c */
void desk_page(struct ask *q);

/* cooperation.c */
void cooperation_page(struct ask *q); /* the way to all pages of committees and projects */

/* report_page.c */
void report_page(struct ask *q); /* the annual report of a country */
void report_choose(
    struct ask *q); /* sends to it, as the form says, or to the newest year there is */

/* portrait_page.c: one page for a delegation's folder */
void portrait_country(struct ask *q);
void portrait_field(struct ask *q);
void portrait_record(struct ask *q); /* other kinds: sends to the record */

/* record_page.c */
void record_page_show(struct ask *q);
void record_page_print(struct ask *q);
void record_page_version(struct ask *q);
void record_page_proof(struct ask *q);

/* match_section.c */
void match_page(struct ask *q);

/* status_table.c */
void status_table_page(struct ask *q);
/* Whether a record has a table for the next session: mechanisms, and sessions of one. */
bool status_table_has(const struct view_record *r);

/* history.c */
void history_page(struct ask *q);
void history_compare(struct ask *q);

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

/* interest.c */
void interest_form(struct ask *q);
void interest_save(struct ask *q);
void interest_step_save(struct ask *q);
void interest_funnel(struct ask *q);
/* The course of an interest and the form for its next step, when r is one. */
void interest_add_course(struct ask *q, const struct view_record *r);
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
/* The clock of an obstacle and the forms for its next step, when r is one. False: the answer is made already. */
bool obstacle_add_clock(struct ask *q, const struct view_record *r);
/* The kind as a form shows it: who only files obstacles is not asked for what the other side says. */
const struct kind *obstacle_shown_kind(struct ask *q, const struct kind *kind);
/* The list "entrusted" of what members have entrusted to the reader's association. */
void obstacle_add_pending(struct ask *q, struct html_map *m);

/* portfolio_page.c */
void portfolio_page(struct ask *q);

/* figures_page.c */
void figures_page(struct ask *q);

/* agreements.c */
void agreements_page(struct ask *q);

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

/* minutes.c */
void minutes_form(struct ask *q);
void minutes_save(struct ask *q);
void minutes_file(struct ask *q);
void minutes_commit(struct ask *q); /* the form for a commitment made of a paragraph */
/* The text of a session's minutes in a language; {NULL, 0}: there is none. */
struct str minutes_text(const struct value *payload, struct str lang);

/* session_page.c */
/* The item "session" with delegations, agenda, decisions and minutes, when r is one. */
void session_page_add(struct ask *q, const struct view_record *r);
/* The file behind a hash of a record: "hash"; where to get it and how big it is ("file" "suffix" "kilobytes"), or "missing":
 * this node has only the hash. */
void session_page_add_file(struct ask *q, struct html_map *m, const struct view_record *r,
                           struct str hex);
/* Whether that shows a field, so that it need not stand among the others. */
bool session_page_shows(const struct kind *kind, const struct kind_field *f);

/* commitment_page.c */
/* What the sides say, when r is a commitment: returned for its forms; else NULL. */
struct html_map *commitment_page_add(struct ask *q, const struct view_record *r);
/* The forms he may use. False: the answer is made already. */
bool commitment_page_forms(struct ask *q, struct html_map *m, const struct view_record *r);
void commitment_page_tell(struct ask *q);
void commitment_page_split(struct ask *q);
void commitment_page_carry(struct ask *q);

/* confirm_page.c */
/* Which sides have confirmed r, of kinds that are confirmed; else NULL. */
struct html_map *confirm_page_add(struct ask *q, const struct view_record *r);
void confirm_page_form(struct ask *q, struct html_map *m, const struct view_record *r);
void confirm_page_save(struct ask *q);

/* mechanism_page.c */
/* The item "mechanism" with officers and bodies, when r is one; of the version that is newest now also the next session,
 * sub-committees and sessions. False: the answer is made already. */
bool mechanism_page_add(struct ask *q, const struct view_record *r, bool now);
bool mechanism_page_shows(const struct kind *kind, const struct kind_field *f);

/* agenda_page.c */
void agenda_page(struct ask *q);
void agenda_save(struct ask *q); /* the draft into the session */

/* term.c */
void term_form(struct ask *q);
void term_save(struct ask *q);
void term_list(struct ask *q);
void term_decide_save(struct ask *q);

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

/* saved.c */
void saved_list(struct ask *q);
void saved_keep(struct ask *q);
void saved_open(struct ask *q);
void saved_change_feed(struct ask *q);
void saved_drop(struct ask *q);
void saved_atom(struct ask *q);

/* users.c */
void users_list(struct ask *q);
void users_add(struct ask *q);
void users_one(struct ask *q);
void users_change(struct ask *q);
void users_password(struct ask *q);

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

/* about.c */
void about_page(struct ask *q);
void about_accessibility(struct ask *q);
void about_help(struct ask *q);

/* files.c */
void files_asset(struct ask *q);
void files_robots(struct ask *q);
void files_health(struct ask *q);
void files_icon(struct ask *q);

/* logs.c */
void logs_checkpoint(struct ask *q);
void logs_tile(struct ask *q);
void logs_payload(struct ask *q);

/* duplicates.c */
void duplicates_list(struct ask *q);
void duplicates_pair(struct ask *q);
void duplicates_decide(struct ask *q);
/* The list "same" of records that editors have found to be this one. */
void duplicates_add_same(struct ask *q, const struct view_record *r);

/* reconcile.c */
void reconcile_service(struct ask *q);
void reconcile_suggest_entity(struct ask *q);
void reconcile_suggest_type(struct ask *q);
void reconcile_suggest_property(struct ask *q);
void reconcile_properties(struct ask *q);
void reconcile_preview(struct ask *q);

/* api.c */
void api_search(struct ask *q);
void api_record(struct ask *q);
void api_history(struct ask *q);
void api_version(struct ask *q);
void api_proof(struct ask *q);
void api_kinds(struct ask *q);
void api_matrix(struct ask *q);
void api_export(struct ask *q);
void api_openapi(struct ask *q);

#endif
