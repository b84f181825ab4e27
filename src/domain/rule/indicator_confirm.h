/* indicator_confirm.h - a side stands by its figures: what a publication says of them is "reported" until a secretary of that
 * side has confirmed it. No form and no file does that (domain/rule/indicator.h). */
#ifndef CAU_DOMAIN_INDICATOR_CONFIRM_H
#define CAU_DOMAIN_INDICATOR_CONFIRM_H

#include "domain/rule/register.h"
#include "domain/rule/side.h"

/* How many figures and targets of a side are not confirmed; *all (may be NULL): how many it has. */
size_t indicator_unconfirmed(const struct value *payload, struct str side, size_t *all);

/* The side that the actor speaks for confirms all its figures and targets as they stand; side is the operator's choice.
 * after: the version that was read; NULL: the newest. NOT_ALLOWED: not a secretary; NO_SIDE: he speaks for none; SAME: the
 * side has no figure that is not confirmed; CHANGED: out->current; GONE: no such record, withdrawn, or no indicator. */
enum register_why indicator_confirm(struct node *n, struct arena *a, const struct actor *actor,
                                    struct str id, struct str side, const struct digest *after,
                                    struct register_outcome *out);

#endif
