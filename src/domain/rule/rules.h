/* rules.h - what must hold of a record beyond the fields of its kind, and what follows from what it says. One place for
 * every kind and for every way in: pages, imports, commands. */
#ifndef CAU_DOMAIN_RULES_H
#define CAU_DOMAIN_RULES_H

#include "base/buf.h"
#include "base/table.h"
#include "view/view.h"

#define RULES_CHAIN_MAX         1000 /* records followed when looking for a circle */
#define RULES_PENDING_BYTES_MAX ((size_t)64 << 20) /* of links that are not written yet */

/* Links from a record to one before or above it that a file has brought and that the view may not show yet: without
 * them a circle within one file would not be seen. */
struct rules_pending {
    struct table
        newest; /* relation and external id -> place of its newest link in links, plus 1 */
    struct buf
        links; /* place of the one before plus 1 (4 bytes), length (4 bytes), name it leads to */
};
struct rules_pending rules_pending_new(void);
void rules_pending_free(struct rules_pending *p);
/* Adds those of a form that has passed. Errors: MEMORY, RANGE (over RULES_PENDING_BYTES_MAX). */
enum cau_err rules_pending_add(struct rules_pending *p, const struct record_form *form);

/* For a form that record_check has passed. input.old: the newest version of the record; NULL: a new one. imported: the form
 * comes from a file, not from a person who speaks for somebody. pending: what that file brought before; may be NULL. v
 * sees everything, whoever saves.
 *
 * Fields that only rules set are brought up to what the form says:
 *   commitment: status            domain/desk/commitment_state.h
 *   statuses, confirmations       words of the sides that stand in old stay: no form and no file takes them away
 *   confirmations                 an imported record is "reported" for every side it concerns; a text that was changed is
 *                                 no longer confirmed: domain/rule/confirm.h
 *   indicator: latest             domain/rule/indicator.h, and the standing of figures: no form and no file confirms them
 * What must not be is added to problems:
 *   EARLIER        a date that cannot come before another of the same record does: value is that other one. "2019" does
 *                  not come before "2019-06": only what is certain is refused.
 *   CIRCLE         following implements, amends, replaces, part of, carried from, ... leads back to this record: value is
 *                  the link of the form it begins with
 *   TOO_MANY       such a chain is longer than RULES_CHAIN_MAX
 *   NO_CONSENT, CONSENT_OVER, TWO_VALUES   domain/rule/consent.h, domain/rule/indicator.h
 * Errors: SYNTAX (at least one problem was added), MEMORY, IO, CORRUPT. */
struct rules_input {
    const struct view_record *old;
    const struct rules_pending *pending;
    bool imported;
};
enum cau_err rules_apply(struct view *v, struct arena *a, struct rules_input input,
                         struct record_form *form, struct record_problems *problems);

#endif
