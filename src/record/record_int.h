/* record_int.h - private to record/: places, and what a text or an address must be. */
#ifndef CAU_RECORD_RECORD_INT_H
#define CAU_RECORD_RECORD_INT_H

#include "record/record.h"

/* Where we are in a record: a chain up to the record itself, made on the stack and written out only
 * when there is something to say about it. */
struct record_place {
    const struct record_place *up; /* NULL: the record itself */
    struct str name;               /* of a member; {NULL, 0}: an item */
    uint32_t index;
};

/* "agenda[2].topic", in a; {NULL, 0} when a is full. Names are clipped to RECORD_CLIP_POINTS. */
struct str record_place_str(struct arena *a, const struct record_place *place);

/* http or https, a host, no white space or control, at most RECORD_URL_BYTES_MAX. text is valid UTF-8. */
bool record_is_url(struct str text);
/* local@domain.domain, at most RECORD_EMAIL_BYTES_MAX. text is valid UTF-8. */
bool record_is_email(struct str text);
/* Without white space and invisible spaces at both ends. text is valid UTF-8. */
struct str record_trim(struct str text);
/* Whether text has what one line may not: a line break, or a control of writing direction that could
 * make it read as something else (U+202A-202E, U+2066-2069). text is valid UTF-8. */
bool record_breaks_line(struct str text);

#endif
