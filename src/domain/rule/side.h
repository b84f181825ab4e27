/* side.h - for which side of a cooperation somebody speaks: a side is a country. */
#ifndef CAU_DOMAIN_SIDE_H
#define CAU_DOMAIN_SIDE_H

#include "domain/rule/actor.h"
#include "view/view.h"

/* The country (ISO 3166 alpha-2) somebody speaks for: that of the organisation he speaks for; where he speaks for none,
 * the node's. Empty: he speaks for no side, for he is not signed in, or his organisation's record names no country
 * (an international body) or is gone. The operator stands for the node's country here, but see side_speaks_for. Text
 * lives in a or in the node. */
struct str side_of_actor(struct view *v, struct arena *a, const struct node *n,
                         const struct actor *actor);

/* The same for an organisation by its record id or external id: its country, or empty. */
struct str side_of_organization(struct view *v, struct arena *a, struct str id_or_external_id);

/* Whether he may speak for that side: the operator for every one, others for their own. An empty side: false. */
bool side_speaks_for(struct view *v, struct arena *a, const struct node *n,
                     const struct actor *actor, struct str side);

#define SIDE_COUNT_MAX 100 /* sides of one record */

/* The sides a record concerns, each once: `countries`, else `country`, then `side`, then those of its executors. Text is
 * the payload's. How many. */
size_t side_concerned(const struct value *payload, struct str out[SIDE_COUNT_MAX]);
/* The sides that are to act, each once: `side`, then those of its executors. 0: none is named. */
size_t side_acting(const struct value *payload, struct str out[SIDE_COUNT_MAX]);
bool side_is_in(const struct str *side, size_t n, struct str wanted);

#endif
