/* commitment_int.h - what telling, splitting and carrying share. */
#ifndef CAU_DOMAIN_COMMITMENT_INT_H
#define CAU_DOMAIN_COMMITMENT_INT_H

#include "domain/rule/commitment.h"
#include "domain/rule/register_int.h"

/* The commitment he may do that with, at the version he read, and the side he does it for. As commitment_tell says. */
enum register_why commitment_begin(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, enum may_action action, struct str side,
                                   const struct digest *after, struct view_record *r,
                                   struct str *out_side, struct register_outcome *out);
/* The import form of r with one more word. Errors: MEMORY. */
enum cau_err commitment_form_with(struct arena *a, const struct view_record *r, struct str side,
                                  const struct commitment_telling *word, struct value *form);
/* Checks it and applies domain/rule/rules.h. The last row of `statuses` came from outside: its places are shortened,
 * "statuses[3].note" to "note". old: the version before; NULL: a new record. SYNTAX: problems. */
enum cau_err commitment_check(struct node *n, struct view *v, struct arena *a,
                              const struct view_record *old, const struct value *form,
                              struct record_form *out, struct record_problems *problems);
void commitment_problem(struct register_outcome *out, struct str place, enum record_code code,
                        struct str value);
/* x is known to be before y: domain/rule/rules.c has the same rule for a form. */
bool commitment_earlier(struct str x, struct str y);

#endif
