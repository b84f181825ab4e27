/* obstacle.h - obstacles: filed, given to an authority with a date, answered, put on an agenda, settled.
 *
 * Who does what: docs/design/0019-obstacles.md. A member that wants to stay unnamed files in the private log and names an
 * association in `through`; the association reads it by the rule in this file and puts it forward as a record of its own. */
#ifndef CAU_DOMAIN_OBSTACLE_H
#define CAU_DOMAIN_OBSTACLE_H

#include "domain/desk/obstacle_state.h"
#include "domain/rule/register.h"

#define OBSTACLE_PENDING_MAX 200 /* not yet put forward by one association, shown at once */

bool obstacle_is(const struct view_record *r); /* of the kind, and not erased */
/* The state of a record. A private one without it is with an association (or was put forward): false. */
bool obstacle_status_in(const struct view_record *r, enum obstacle_status *out);

/* Steps are ASSIGNED, ANSWERED, ESCALATED, RESOLVED and CLOSED. ASSIGNED and ESCALATED may come again, with another
 * authority, date or session; what was escalated may still be assigned and answered; nothing follows the end. */
bool obstacle_may_become(enum obstacle_status from, enum obstacle_status to);
/* May he take this step, the state left aside? ASSIGNED, ESCALATED: a secretary (or administrator). ANSWERED: who speaks
 * for the authority, or a secretary of its side; where no authority is named, of the side that is asked; where no side is,
 * any. RESOLVED, CLOSED: who speaks for the filer, or a secretary. */
bool obstacle_may_move(struct view *v, struct arena *a, const struct node *n,
                       const struct actor *actor, const struct view_record *r,
                       enum obstacle_status to);

struct obstacle_step {
    enum obstacle_status to;
    const struct digest *after; /* the version the form was made from; NULL: the newest */
    struct str authority;       /* ASSIGNED: record id or external id of an organisation */
    struct str due;             /* ASSIGNED: a date known to the day, not before the filing */
    struct str answer;          /* ANSWERED */
    struct str answered_on;     /* ANSWERED: a date from the filing to today; empty: today */
    struct str session;         /* ESCALATED: record id or external id of a session */
    struct str satisfaction;    /* RESOLVED, CLOSED: a code; a filer must, others may */
    enum lang lang;             /* of the answer */
};
/* Takes a step. GONE: not there for him; NOT_ALLOWED; STATE: the step does not follow; CHANGED; PROBLEMS: the place is the
 * name of the field. A reported obstacle that is assigned counts as filed on that day. */
enum register_why obstacle_move(struct node *n, struct arena *a, const struct actor *actor,
                                struct str id, const struct obstacle_step *step,
                                struct register_outcome *out);

/* When a draft agenda is taken into a session: what waits of the obstacles that its rows are about (field `about`; the
 * others are passed over) is escalated to it, each by itself. What is there already, was answered meanwhile or is not his
 * to move stays as it is. Returns how many were moved. */
size_t obstacle_take_agenda(struct node *n, struct arena *a, const struct actor *actor,
                            struct str session, const struct value *rows);

/* What the rules make of a form saved on the general page (called by register_save; not for the operator): a member's
 * obstacle with an association goes to the private log without a state, any other is filed, today when the form names no
 * date. Who is no secretary or editor changes nothing of what the other side says (authority, due, answer, answered_on,
 * session, satisfaction): what the form leaves out stays, what it changes is PROBLEMS with RECORD_BY_RULE. A filing that has not come yet:
 * RECORD_FUTURE; a date before the filing: RECORD_EARLIER. old: the newest version, NULL for a new record. */
enum register_why obstacle_file(struct view *v, struct arena *a, const struct actor *actor,
                                const struct view_record *old, struct record_form *form,
                                struct record_problems *problems);

/* ---- through an association ---- */

/* Who reads it: as himself where he may; as its owner where he speaks for the association it was entrusted to. Only for
 * reading that one record. False: it is not there for him. */
bool obstacle_reader(struct view *v, struct arena *a, const struct actor *actor, uint32_t doc,
                     struct index_reader *out);
/* The document of a record id that was entrusted to his association; 0: none. */
uint32_t obstacle_find(struct view *v, struct arena *a, const struct actor *actor,
                       struct str id);
/* What members have entrusted to his association and it has not put forward, oldest first. Errors: MEMORY, IO. */
enum cau_err obstacle_pending(struct view *v, struct arena *a, const struct actor *actor,
                              uint32_t **out, size_t *n);
/* The form of what is put forward, to be looked over: title, text, kind, side, countries, subject; nothing that tells who
 * it is from. Errors: MEMORY. */
enum cau_err obstacle_forward_form(struct arena *a, const struct view_record *r,
                                   struct value *form);
/* Puts it forward: a new record of the association, and in the same transaction a version of the private one that leads
 * to it. The public side holds nothing that leads back. form: as the association has edited it; only the fields of
 * obstacle_forward_form and visibility are taken. GONE, STATE (put forward already), CHANGED, PROBLEMS: title or summary
 * with RECORD_NAMES_FILER when it contains a name of the member; else those of record_check. */
enum register_why obstacle_forward(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, const struct value *form,
                                   const struct digest *after, struct register_outcome *out);

#endif
