/* people.h - users of this node: adding, signing in, roles. */
#ifndef CAU_DOMAIN_PEOPLE_H
#define CAU_DOMAIN_PEOPLE_H

#include "domain/rule/register.h"

#define PEOPLE_TRIES_ACCOUNT 10 /* wrong passwords in PEOPLE_WINDOW_MS */
#define PEOPLE_TRIES_ADDRESS 100
#define PEOPLE_WINDOW_MS     (15 * 60 * 1000)
#define PEOPLE_IDLE_MS       (30 * 60 * 1000) /* a session ends */
#define PEOPLE_SESSION_MS    (12 * 60 * 60 * 1000)

/* Roles by name ("member", "editor", "adviser", "secretary", "officer", "reviewer", "administrator"), separated by
 * commas or spaces. Errors: UNKNOWN. */
enum cau_err people_read_roles(struct str names, unsigned *roles);
void people_write_roles(struct buf *b, unsigned roles); /* the same names, ", " between */

/* NOT_ALLOWED; PROBLEMS with places "name", "password", "roles"; TAKEN. */
enum register_why people_add(struct node *n, struct arena *a, const struct actor *actor,
                             struct str name, struct str display, struct str password,
                             unsigned roles, enum lang lang, uint32_t *id,
                             struct register_outcome *out);
enum register_why people_set_password(struct node *n, struct arena *a,
                                      const struct actor *actor, struct str name,
                                      struct str password, struct register_outcome *out);
enum register_why people_set_roles(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str name, unsigned roles, bool active,
                                   struct register_outcome *out);

/* Limits on guessing, in memory: one for a node. address is the client's (a /24 or /64 counts as one). */
struct people_gate;
struct people_gate *people_gate_new(void);
void people_gate_free(struct people_gate *g);

enum people_sign_in {
    PEOPLE_IN,
    PEOPLE_WRONG,    /* name or password: not said which */
    PEOPLE_TOO_MANY, /* wait: *wait_s seconds */
};
/* On PEOPLE_IN a session stands in the database and token (64 hex characters) goes into the cookie. */
enum people_sign_in people_sign_in(struct node *n, struct arena *a, struct people_gate *g,
                                   struct str name, struct str password, struct str address,
                                   char token[64], unsigned *wait_s);
/* The user of a token, with the key for form tokens; UNKNOWN when the session is over (then it is gone). */
enum cau_err people_session(struct node *n, struct view *v, struct arena *a, struct str token,
                            struct local_user *user, unsigned char form_key[32]);
enum cau_err people_sign_out(struct node *n, struct str token);

#endif
