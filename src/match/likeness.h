/* likeness.h - how alike two short strings are: Jaro-Winkler, bit-parallel. */
#ifndef CAU_MATCH_LIKENESS_H
#define CAU_MATCH_LIKENESS_H

#include "base/base.h"

#define LIKENESS_BYTES_MAX 64 /* what is behind is not looked at */

/* Jaro-Winkler of x and y by bytes (scaling 0.1, at most 4 bytes of common head), 0..1000; two empty ones are
 * 1000. Returns 0 as soon as it is certain that the result is under at_least. */
unsigned likeness(struct str x, struct str y, unsigned at_least);

#endif
