/* alike.h - records that may be one: the pairs found, why, and what editors have decided of them.
 *
 * A decision is a claim: same_as or not_same_as, `about` one record and `object` the other. It is as visible as the
 * less visible of the two, can be withdrawn, and changes neither record. */
#ifndef CAU_DOMAIN_ALIKE_H
#define CAU_DOMAIN_ALIKE_H

#include "domain/rule/register.h"
#include "match/identity.h"

#define ALIKE_DECISIONS_MAX 1000 /* shown of one record */

/* Everything the reader may see of a kind, ready to be asked; withdrawn records are left out. v is borrowed.
 * pairs_only: identity_find will not be asked. Errors: as view_each, RANGE (too many records). */
enum cau_err alike_set(struct view *view, struct index_reader reader, const struct kind *kind,
                       const struct vocabulary *v, bool pairs_only, struct identity **out);

/* Whether the records of this kind are bodies that can be one: they have names and identifiers. */
bool alike_is(const struct kind *kind);

struct alike_decision {
    uint32_t x, y; /* documents, x < y */
    bool same;
    uint32_t claim; /* its document */
};
/* Decisions the reader may see that stand, ascending by x, y; one for each pair, the newest. Errors: as view_each. */
enum cau_err alike_decisions(struct view *view, struct index_reader reader,
                             const struct kinds *kinds, struct arena *a,
                             struct alike_decision **out, size_t *n);
/* The same of one record, at most ALIKE_DECISIONS_MAX. */
enum cau_err alike_decisions_of(struct view *view, struct arena *a, struct index_reader reader,
                                uint32_t doc, struct alike_decision **out, size_t *n);
/* The decision about a pair; NULL when there is none. */
const struct alike_decision *alike_decision_of(const struct alike_decision *list, size_t n,
                                               uint32_t x, uint32_t y);
/* Takes the pairs that are decided out of pairs[0..n); how many are left, in their order. */
size_t alike_undecided(struct identity_pair *pairs, size_t n, const struct alike_decision *list,
                       size_t decisions);

/* Takes out the pairs of which one record names the other in a link (as its parent, a part, a successor): whoever wrote
 * it knows them as two. Of more than ALIKE_LINKED_MAX pairs only the first are looked at. pairs: struct identity_pair.
 * Errors: MEMORY, IO. */
#define ALIKE_LINKED_MAX 10000
enum cau_err alike_unlinked(struct view *view, struct index_reader reader, struct buf *pairs);

/* One line of why: words identity.<field>.<what> with places {0} {1} (what the two records say) and {2} (permille of
 * shared words, of names). */
struct alike_reason {
    enum weigh_field field;
    const char *
        what; /* "same", "alike", "near", "shared", "other", "rare", "common", "alone", "rival" */
    struct str x, y; /* borrowed from the facts; may be empty */
    int32_t weight;  /* hundredths of a bit */
    unsigned share_permille;
};
#define ALIKE_REASONS_MAX (WEIGH_FIELDS + 2)
/* The reasons for a score, greatest weight (for or against) first; how many. */
size_t alike_reasons(const struct identity_score *score, const struct identity_facts *x,
                     const struct identity_facts *y,
                     struct alike_reason out[ALIKE_REASONS_MAX]);
/* The message of a reason in words, filled. */
void alike_say(struct buf *b, enum lang lang, const struct alike_reason *reason);

/* An editor decides about two records of one kind (record ids). score (may be NULL) and its reasons are noted in the
 * claim's statement. STATE: they are one record, or this is decided already; NOT_ALLOWED; GONE. */
enum register_why alike_decide(struct node *n, struct arena *a, const struct actor *actor,
                               struct str x, struct str y, bool same,
                               const struct identity_score *score, enum lang lang,
                               struct register_outcome *out);
/* Takes a decision back. STATE: the record is no standing decision. */
enum register_why alike_withdraw(struct node *n, struct arena *a, const struct actor *actor,
                                 struct str claim, struct register_outcome *out);

#endif
