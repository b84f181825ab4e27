/* record_value_int.h - what one value of a field must be: its characters, numbers, dates, codes; for record_check.c. */
#ifndef CAU_RECORD_RECORD_VALUE_INT_H
#define CAU_RECORD_RECORD_VALUE_INT_H

#include "record/record_int.h"

/* One record being checked. */
struct record_checking {
    struct arena *a;
    const struct kinds *kinds;
    struct record_rules rules;
    struct record_problems *problems;
    bool full; /* the arena */
};

/* The normalised value of a field that has no fields of its own; VALUE_NULL when there is nothing to keep: the input held
 * nothing, or was refused and the problem is noted, or the arena is full. in is not VALUE_NULL. */
struct value record_value_check(struct record_checking *c, const struct kind_field *f,
                                const struct record_place *at, const struct value *in);

/* Notes a problem, as long as there is room; gives VALUE_NULL. at: NULL for the record as a whole; v: what was there, NULL
 * for nothing. */
struct value record_value_problem(struct record_checking *c, const struct record_place *at,
                                  enum record_code code, const struct value *v, int64_t limit);
/* Memory for n items or members of size bytes; NULL, and full, when there is none. */
void *record_value_list(struct record_checking *c, size_t n, size_t size);
uint32_t record_value_most(const struct kind_field *f); /* values it may have */

#endif
