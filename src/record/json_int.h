/* json_int.h - what json.c and json_stored.c share. */
#ifndef CAU_RECORD_JSON_INT_H
#define CAU_RECORD_JSON_INT_H

#include "record/json.h"

bool json_key_is_ours(struct str key); /* [a-z][a-z0-9_]{0,31} */

/* True for a canonical text of JSON_OURS, by the fast reader; *out then lives in a. What it does not take may
 * still be good: the library's reader decides, and says what is wrong. */
bool json_read_plain(struct arena *a, struct str text, struct value *out);

#endif
