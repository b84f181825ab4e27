/* claim.h - "I speak for this organisation": said by a member, confirmed by an editor. */
#ifndef CAU_DOMAIN_CLAIM_H
#define CAU_DOMAIN_CLAIM_H

#include "domain/rule/register.h"

/* Files a claim (a record of kind claim, private). STATE when he has one open for it already. */
enum register_why claim_file(struct node *n, struct arena *a, const struct actor *actor,
                             struct str organization, struct str statement, enum lang lang,
                             struct register_outcome *out);
/* An editor (not the claimant) decides: accepted makes the user a member who speaks for it. */
enum register_why claim_decide(struct node *n, struct arena *a, const struct actor *actor,
                               struct str claim, bool accept, struct register_outcome *out);
/* Open claims as documents, oldest first: of one user (0: anyone's) for one organisation (empty: any).
 * Errors: MEMORY, IO. */
enum cau_err claim_open(struct view *v, struct arena *a, const struct kinds *kinds,
                        uint32_t user, struct str organization, size_t max, uint32_t **out,
                        size_t *n);

#endif
