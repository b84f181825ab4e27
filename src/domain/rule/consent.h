/* consent.h - what a natural person has agreed to bounds who may read of him. */
#ifndef CAU_DOMAIN_CONSENT_H
#define CAU_DOMAIN_CONSENT_H

#include "record/record.h"

/* Whether a record about a natural person may go to the audience of form. In the private log always; partners may
 * read where he agreed to be asked or to a public card, everyone only where he agreed to a public card; the
 * date of the consent must be there, and consent_until, when there is one, not be past. Kinds that are not personal
 * pass. false: a problem NO_CONSENT (field consent or consented) or CONSENT_OVER (consent_until) is added to
 * problems. */
bool consent_check(const struct record_form *form, struct record_problems *problems);

#endif
