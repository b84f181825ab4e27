/* mechanism.h - a committee's sessions: which was the last, when and where the next one is, and from what that follows.
 *
 * Pure functions of the desk's rows and a day: the same on every node. */
#ifndef CAU_DOMAIN_MECHANISM_H
#define CAU_DOMAIN_MECHANISM_H

#include "domain/desk/desk.h"

enum mechanism_status { /* the codes of list mechanism_status, in its order */
                        MECHANISM_ACTIVE,
                        MECHANISM_DORMANT,
                        MECHANISM_CLOSED,
};

enum mechanism_session { /* the codes of list session_status, in its order */
                         MECHANISM_PLANNED,
                         MECHANISM_HELD,
                         MECHANISM_POSTPONED,
                         MECHANISM_CANCELLED,
};

enum mechanism_rotation { /* the codes of list rotation, in its order, then: not said */
                          MECHANISM_ALTERNATE,
                          MECHANISM_ONE_SIDE,
                          MECHANISM_EACH_TIME,
                          MECHANISM_ROTATIONS,
};
enum mechanism_rotation mechanism_read_rotation(struct str code);

enum mechanism_from { /* what a value of the next session follows from */
                      MECHANISM_NOT_KNOWN,
                      MECHANISM_BY_SESSION, /* the record of a planned session */
                      MECHANISM_BY_RECORD,  /* next_host or next_on of the mechanism */
                      MECHANISM_BY_TURN,    /* the country after the last host */
                      MECHANISM_BY_CUSTOM,  /* always the same side: the last host */
                      MECHANISM_BY_INTERVAL, /* the last session and the months between sessions */
                      MECHANISM_FROMS,
};
const char *mechanism_from_name(enum mechanism_from from); /* "not_known", "session", ... */

struct mechanism_next {
    const struct desk_row *last;    /* held last before or on the day; NULL: none is known */
    const struct desk_row *planned; /* the next planned one; NULL: none is recorded */
    uint16_t host;                  /* 0: not known */
    enum mechanism_from host_from;
    struct desk_days on; /* may lie before the day: then it is late */
    enum mechanism_from on_from;
    int32_t number; /* 0: not known */
};
/* m: the mechanism. What the mechanism's record says of its next session counts until that day has passed, or a session
 * was held on or after it; a planned session counts until its last day has passed. */
struct mechanism_next mechanism_next(const struct desk *d, struct index_reader reader,
                                     const struct desk_row *m, enum mechanism_rotation rotation,
                                     int32_t day);

/* The sessions of a mechanism, the newest first: by date (one that is not known last), number, record id. The list lives
 * in a. Errors: MEMORY. */
enum cau_err mechanism_sessions(const struct desk *d, struct arena *a,
                                struct index_reader reader, uint32_t mechanism,
                                const struct desk_row ***out, size_t *n);

/* Whether somebody holds an office on a day, as far as the dates say; without dates he does. A date that may mean several
 * days ends the office on the last of them and begins it on the first. */
bool mechanism_in_office(struct str from, struct str until, int32_t day);

#endif
