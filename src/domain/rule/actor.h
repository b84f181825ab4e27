/* actor.h - who acts: an anonymous reader, a signed-in person, or the operator at the command line. */
#ifndef CAU_DOMAIN_ACTOR_H
#define CAU_DOMAIN_ACTOR_H

#include "index/index.h"
#include "store/local.h"

struct view;

struct actor {
    uint32_t user;    /* 0: nobody signed in, or the operator */
    unsigned roles;   /* bits of enum local_role */
    bool is_operator; /* the command line: every right but the second person's */
    struct str
        organization; /* record id he speaks for, once an editor has confirmed it; empty: none */
    uint32_t organization_doc; /* its document; 0: none */
    bool
        is_guest; /* has a role of the staff, but speaks for an organisation that is not of the node's country */
};

struct actor actor_anonymous(void);
struct actor actor_operator(void);
/* A signed-in user; his organisation is looked up in v. text of user must live as long as the actor. */
struct actor actor_of(struct view *v, const struct local_user *user);
/* What he may see: everyone the public log; a signed-in person the partner log and what belongs to his
 * organisation; editors, advisers, secretaries, officers, administrators and the operator everything, but those of them
 * who speak for an organisation of another country: what is private stays with its own side. */
struct index_reader actor_reader(const struct actor *a);
/* What the rules read by, whoever asks: every record. What is read so is judged, not shown. */
struct index_reader actor_everything(void);
/* "operator", or the highest role as it is written into audit: "administrator" ... "member", "reader". */
const char *actor_role(const struct actor *a);

#endif
