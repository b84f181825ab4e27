/* calendar.h - a calendar as other programs read it: iCalendar (RFC 5545), whole days only. */
#ifndef CAU_EXCHANGE_CALENDAR_H
#define CAU_EXCHANGE_CALENDAR_H

#include "base/buf.h"

#define CALENDAR_LINE_BYTES                                                                    \
    75 /* of a line without its end; longer ones are folded, never inside a character */

struct calendar_entry {
    struct str uid;      /* the same for ever; letters, digits and . - @ */
    bool task;           /* VTODO, due on `last`; else VEVENT from `first` to `last` */
    int32_t first, last; /* days since 1970, both included */
    int64_t stamp_ms;    /* when what is said here was written */
    uint32_t sequence;   /* grows with each version */
    struct str summary, description; /* UTF-8; description may be empty */
    struct str address;              /* of the page; may be empty */
};

/* Appends to b: the beginning with the calendar's name, its entries, the end. Control characters in texts are left out,
 * line ends become \n. */
void calendar_begin(struct buf *b, struct str name);
void calendar_add(struct buf *b, const struct calendar_entry *entry);
void calendar_end(struct buf *b);

#endif
