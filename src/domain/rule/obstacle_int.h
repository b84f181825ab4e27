/* obstacle_int.h - what obstacle.c and obstacle_forward.c share. */
#ifndef CAU_DOMAIN_OBSTACLE_INT_H
#define CAU_DOMAIN_OBSTACLE_INT_H

#include "domain/rule/obstacle.h"
#include "domain/rule/register_int.h"

/* He speaks for the organisation that a field of the record names. */
bool obstacle_speaks_for(struct view *v, const struct actor *actor, struct str organization);
void obstacle_problem(struct record_problems *problems, const char *place,
                      enum record_code code, struct str value);
/* Today as the value of a field. Errors: MEMORY. */
enum cau_err obstacle_set_today(struct arena *a, struct value *payload, const char *field);

#endif
