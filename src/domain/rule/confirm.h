/* confirm.h - reported until confirmed: what a publication says of a side stands as reported until a secretary of that side
 * has confirmed it. */
#ifndef CAU_DOMAIN_CONFIRM_H
#define CAU_DOMAIN_CONFIRM_H

#include "domain/rule/register.h"
#include "domain/rule/side.h"

/* Whether records of the kind are confirmed by their sides: it has the rule field `confirmations`. */
bool confirm_has(const struct kind *kind);

enum confirm_standing {
    CONFIRM_OPEN,     /* entered at this node; the side was not heard yet */
    CONFIRM_REPORTED, /* a publication says so */
    CONFIRM_CONFIRMED,
};
struct confirm_side {
    struct str side;
    enum confirm_standing standing;
    struct str on, who; /* of a confirmation; else empty */
};
/* Every side the record concerns, and every one whose standing is noted. How many. Text is the payload's. */
size_t confirm_sides(const struct value *payload, struct confirm_side out[SIDE_COUNT_MAX]);

struct confirm_word {
    const struct digest *after; /* the version that was read; NULL: the newest */
    struct str
        side; /* of the operator's choice; others speak for their own, whatever stands here */
    struct str who;       /* name or office as it is to be shown; may be empty */
    struct str statement; /* of a dispute: what is not right */
    enum lang lang;       /* of the statement */
};
/* Notes that the side confirms the record as it stands. NOT_ALLOWED: not a secretary; NO_SIDE: the record does not
 * concern the side he speaks for; SAME: confirmed already; CHANGED: out->current; GONE: no such record, or it is
 * withdrawn, or of a kind that nobody confirms; PROBLEMS: place "who". */
enum register_why confirm_affirm(struct node *n, struct arena *a, const struct actor *actor,
                                 struct str id, const struct confirm_word *word,
                                 struct register_outcome *out);
/* Notes that the side does not agree with the record: a claim (kind claim, "disputes") about it in the same log. Where the
 * side had confirmed it, it has no longer. As above; PROBLEMS: place "statement" (missing, too long). */
enum register_why confirm_dispute(struct node *n, struct arena *a, const struct actor *actor,
                                  struct str id, const struct confirm_word *word,
                                  struct register_outcome *out);

/* For domain/rule/rules.c: what becomes of the confirmations when a record is saved. No form and no file takes a
 * confirmation away; but a text that was changed is only reported again for every side, except for what is said in
 * `fields`, `links`, `sources` and the like. An imported record is reported for each side that nothing is noted of.
 * Errors: MEMORY. */
enum cau_err confirm_complete(struct arena *a, const struct kind *kind, const struct value *old,
                              bool imported, struct value *payload);
/* For a record that is made of another with its confirmations: a side confirmed that one, so of this one they are only
 * reported. Errors: MEMORY. */
enum cau_err confirm_of_other(struct arena *a, struct value *payload);

#endif
