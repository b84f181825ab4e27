/* register_int.h - what the rules of single kinds build on. */
#ifndef CAU_DOMAIN_REGISTER_INT_H
#define CAU_DOMAIN_REGISTER_INT_H

#include "domain/rule/register.h"

#define REGISTER_GROUP_MAX 40 /* changes that belong together */

/* A new version; first, when not NULL, is done before it in the same group. */
struct register_version {
    struct str id; /* empty: a new record */
    const struct kind *kind;
    enum record_audience audience;
    const struct value *payload; /* audit is set by register_put */
    const struct digest *after;
    const struct writer_change *first;
    const char *role; /* as audit shall say it; NULL: actor_role */
};

/* The version that follows r: its kind, audience and payload (r's own: what was changed there is in it), after it. r stays
 * the caller's and outlives it. */
struct register_version register_next(const struct view_record *r);

/* The newest version the actor may see; GONE when there is none, or when it was redacted. */
enum register_why register_current(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, struct view_record *out);
/* The same where he may do that with it, else NOT_ALLOWED. */
enum register_why register_allowed(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, enum may_action action,
                                   struct view_record *out);
/* The reader as whom the actor sees doc: himself; for one that only its owner and staff see, its owner where shown says
 * that he may. False: neither. The arena is as before. */
bool register_reader(struct view *v, struct arena *a, const struct actor *actor, uint32_t doc,
                     bool (*shown)(struct view *v, const struct actor *actor,
                                   const struct view_record *r),
                     struct index_reader *out);
/* The record's import form without what only rules set: what somebody who changes one field sends again. Errors: MEMORY. */
enum cau_err register_form(struct arena *a, const struct view_record *r, struct value *out);
enum register_why register_put(struct node *n, struct arena *a, const struct actor *actor,
                               const struct register_version *version,
                               struct register_outcome *out);
/* All versions in one group, each with its `first`, or none of them; result has count elements, out->result is of the
 * last, out->current is read on CHANGED: of the last. At most REGISTER_GROUP_MAX changes (must). */
enum register_why register_put_all(struct node *n, struct arena *a, const struct actor *actor,
                                   const struct register_version *version, size_t count,
                                   struct writer_result *result, struct register_outcome *out);
/* Does the changes; out->result is of the last, out->current is read on CHANGED. */
enum register_why register_write(struct node *n, struct arena *a, const struct actor *actor,
                                 const struct writer_change *change, size_t count,
                                 struct register_outcome *out);
/* Whom a change of a shared record is signed for: the actor's organisation only where the record belongs to it, for what
 * is signed for another one would belong to that one from then on. r NULL: a new record. */
struct actor register_signer(const struct actor *actor, const struct view_record *r);
/* The user who wrote the first version of a record; 0: not known. */
uint32_t register_author(struct view *v, struct arena *a, uint32_t doc);
/* Sets payload.audit; role NULL: actor_role. Errors: MEMORY. */
enum cau_err register_audit(struct arena *a, const struct actor *actor, const char *role,
                            struct str import, struct value *payload);

#endif
