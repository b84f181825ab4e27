/* may.h - who may do what: one function, one table. */
#ifndef CAU_DOMAIN_MAY_H
#define CAU_DOMAIN_MAY_H

#include "domain/rule/actor.h"
#include "view/view.h"

enum may_action {
    MAY_CREATE, /* a record of a kind */
    MAY_EDIT,   /* a new version */
    MAY_WITHDRAW,
    MAY_REDACT,
    MAY_SUBMIT, /* a need or offer, for review */
    MAY_REVIEW, /* as the second person */
    MAY_RENEW,
    MAY_CLAIM,    /* an organisation: I speak for it */
    MAY_CONFIRM,  /* such a claim */
    MAY_IMPORT,   /* and undo */
    MAY_USERS,    /* see and change users */
    MAY_INTEREST, /* express one in a need or offer of another organisation */
    MAY_FOLLOW, /* read an expression of interest and note what became of it: both sides and advisers */
    MAY_PROPOSE, /* a term */
    MAY_ACCEPT,  /* or reject such a proposal; an adviser not his own (domain/rule/term.h) */
    MAY_ASSIGN,  /* an obstacle: name who answers it and by when, put it on an agenda */
    MAY_ANSWER,  /* it; whether for this authority and side: domain/rule/obstacle.h */
    MAY_SETTLE,  /* it: say that it is resolved, or close it unresolved */
    MAY_FORWARD, /* a member's obstacle, as his association; whether it is: domain/rule/obstacle.h */
    MAY_TELL, /* how far a commitment is; for which side, and whether his organisation has a part in it:
                 * domain/rule/commitment.h */
    MAY_SPLIT, /* a commitment among bodies */
    MAY_CARRY, /* a commitment to the next session */
    MAY_AFFIRM, /* confirm, or dispute, for his side what is only reported: domain/rule/confirm.h */
    MAY_STAFF, /* see the review queue, imports and private records */
    MAY_ACTIONS,
};
const char *may_action_name(enum may_action action); /* "create", ... */

/* Whether actor may do action on a record of kind. record is the newest version, or NULL where there is none yet or
 * it does not matter; kind may be NULL for MAY_IMPORT, MAY_USERS and MAY_STAFF. State is not looked at here
 * (submitting what is published already): the functions that do it say so. */
bool may(const struct actor *actor, enum may_action action, const struct kind *kind,
         const struct view_record *record);

#endif
