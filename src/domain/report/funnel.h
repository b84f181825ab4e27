/* funnel.h - expressions of interest counted: how far they came, in which fields, between whom, why they ended.
 *
 * Only what the actor may follow is counted: an organisation's member its own, editors, advisers and
 * administrators all, unless they speak for an organisation of another country. Nobody else gets figures, not even sums: where few negotiate, a sum names them
 * (docs/design/0014-interests.md). */
#ifndef CAU_DOMAIN_FUNNEL_H
#define CAU_DOMAIN_FUNNEL_H

#include "domain/rule/interest.h"

#define FUNNEL_DAYS_MAX 3650 /* a longer stay counts as so many days */
#define FUNNEL_ROWS_MAX                                                                        \
    100 /* fields, pairs or reasons; what comes after them is in the totals only */

struct funnel_row {
    struct str
        code; /* of a field: "2", first level of FORD, or "" for none; of a pair "RU-VN", or "RU", "" */
    uint32_t n[INTEREST_STAGES]; /* that stand there now */
    uint32_t total;
};

struct funnel_stage {
    uint32_t now;         /* stand there */
    uint32_t reached;     /* stand or stood there */
    uint32_t stays;       /* came to an end: what the median is of */
    uint32_t median_days; /* the lower one of an even number */
};

struct funnel {
    uint32_t total;
    struct funnel_stage stage[INTEREST_STAGES];
    struct funnel_row *field, *pair,
        *reason; /* falling total, then code; a reason has only its total */
    size_t fields, pairs, reasons;
};

/* Whether there is anything for him to count at all. */
bool funnel_may(const struct actor *actor);
/* Errors: REFUSED (funnel_may is false), MEMORY, IO. */
enum cau_err funnel_count(struct view *v, struct arena *a, const struct kinds *kinds,
                          const struct actor *actor, struct funnel *out);

#endif
