/* alike_sets.h - the sets of match/identity.h that pages ask, kept until the records have changed.
 *
 * A set is made again when something was written since, but not more often than its making allows: at most a tenth of
 * one core goes into it. So a record is found at most ALIKE_SETS_WAIT_MS, or ten times the making, after it is written. */
#ifndef CAU_WEB_ALIKE_SETS_H
#define CAU_WEB_ALIKE_SETS_H

#include "domain/rule/alike.h"

#define ALIKE_SETS_WAIT_MS 2000
#define ALIKE_SETS_KINDS   4     /* kinds that are kept at the same time */
#define ALIKE_SETS_PAIRS   10000 /* pairs kept of a kind: the most alike */

enum alike_reader { ALIKE_PUBLIC, ALIKE_STAFF, ALIKE_READERS };

struct alike_sets;
struct alike_sets *alike_sets_new(struct node *n);
void alike_sets_free(struct alike_sets *s); /* NULL is allowed */

/* The set of a kind for a class of readers; nothing else may be done with s until alike_sets_give, which every call
 * that succeeds needs. view is the asker's. pairs: also the pairs of band same and review (n of them), by falling
 * score; may be NULL. Errors: BUSY (too many kinds), as alike_set and identity_pairs. */
enum cau_err alike_sets_take(struct alike_sets *s, struct view *view, enum alike_reader reader,
                             const struct kind *kind, const struct identity **out,
                             const struct identity_pair **pairs, size_t *n);
void alike_sets_give(struct alike_sets *s);

#endif
