/* obstacle_state.h - an obstacle's clock: does it wait for an answer, since when, and how long authorities take.
 *
 * Pure functions of the desk's rows and a day: the same on every node, whatever the clock of the machine says. */
#ifndef CAU_DOMAIN_OBSTACLE_STATE_H
#define CAU_DOMAIN_OBSTACLE_STATE_H

#include "domain/desk/desk.h"

/* Days for an answer where no date is set, counted from the last day that "filed on" may mean: what a ministry in either
 * country has for an answer to an enterprise. */
#define OBSTACLE_ANSWER_DAYS 30

enum obstacle_status {                    /* the codes of list obstacle_status, in its order */
                       OBSTACLE_REPORTED, /* by a publication: nobody filed it, no clock runs */
                       OBSTACLE_FILED,
                       OBSTACLE_ASSIGNED, /* an authority and a date are named */
                       OBSTACLE_ANSWERED,
                       OBSTACLE_ESCALATED, /* on a session's agenda */
                       OBSTACLE_RESOLVED,
                       OBSTACLE_CLOSED, /* without a solution */
                       OBSTACLE_STATUSES,
};
struct str obstacle_status_code(enum obstacle_status status);
bool obstacle_read_status(struct str code, enum obstacle_status *out);

/* The status of a row. A row without one is filed, but in the private log, where it is with the association that is to
 * put it forward: then false. */
bool obstacle_status_of(const struct desk_row *r, enum obstacle_status *out);

/* Filed, assigned or escalated, and not answered. */
bool obstacle_waits(const struct desk_row *r);
/* The last day on which an answer is in time: the last day `due` may mean, else OBSTACLE_ANSWER_DAYS after it was filed;
 * DESK_NO_DAY when neither date is known. */
int32_t obstacle_due(const struct desk_row *r);
/* It waits, and its last day is before this one. */
bool obstacle_past(const struct desk_row *r, int32_t day);
/* Days from filing to the answer, 0 for the same day; -1 when there is no answer, or one of both dates is not known to
 * the day. */
int32_t obstacle_days(const struct desk_row *r);

/* Whether it is for the sessions of a mechanism (a document): what it is about belongs to that mechanism; when it is
 * about nothing of ours, all its countries take part in it. */
bool obstacle_concerns(const struct desk *d, struct index_reader reader,
                       const struct desk_row *r, uint32_t mechanism);

/* Obstacles that wait on a day, those past their clock first, then by last day (unknown last), then by record id: what a
 * draft agenda takes. mechanism: of which they are; 0: all. The list lives in a, the rows until desk_give.
 * Errors: MEMORY. */
enum cau_err obstacle_waiting(const struct desk *d, struct arena *a, struct index_reader reader,
                              uint32_t mechanism, int32_t day, const struct desk_row ***out,
                              size_t *n);

/* What one authority did with what it was asked. Reported ones are not counted. */
struct obstacle_authority {
    uint32_t doc;    /* of the organisation; 0: none named, or not one the reader may see */
    struct str name; /* as a record names it, record id or external id; empty: none named */
    uint32_t filed;  /* all of them */
    uint32_t answered;
    uint32_t waiting;
    uint32_t past; /* of those waiting: past their clock on the day */
    uint32_t
        timed; /* of those answered: with both dates known to the day; 0: the next two say nothing */
    int32_t median_days; /* to answer; of two in the middle the smaller */
    int32_t p90_days;    /* nine of ten were answered within so many days */
};
/* One row for each authority, most past their clock first, then most waiting, then most filed, then by name; what has no
 * authority yet is one row with an empty name. all, when not NULL, is of all together. v finds that two names are one
 * organisation. Errors: MEMORY. */
enum cau_err obstacle_authorities(const struct desk *d, struct view *v, struct arena *a,
                                  struct index_reader reader, int32_t day,
                                  struct obstacle_authority **out, size_t *n,
                                  struct obstacle_authority *all);

#endif
