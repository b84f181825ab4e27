/* desk.h - what committees work with, in memory: agreements, mechanisms, sessions, commitments, programmes, projects,
 * obstacles and indicators of a node in a form that can be counted and sorted without reading a payload.
 *
 * Filled from the views when it is first taken, and brought up to date each time after; never written anywhere. It holds
 * dates, codes, countries and links, no texts: those are read from the record (view_get) for what is shown. */
#ifndef CAU_DOMAIN_DESK_H
#define CAU_DOMAIN_DESK_H

#include "base/clock.h"
#include "view/view.h"

enum desk_kind { /* kinds of record, in the order of their files' `order` */
                 DESK_AGREEMENT,
                 DESK_MECHANISM,
                 DESK_SESSION,
                 DESK_COMMITMENT,
                 DESK_OBSTACLE,
                 DESK_PROGRAMME,
                 DESK_PROJECT,
                 DESK_INDICATOR,
                 DESK_KINDS,
};
struct str desk_kind_name(enum desk_kind kind); /* "agreement", ... */

/* The days a date may mean, both included, counted from 1970-01-01: "2019" is the 365 days of that year. A date that is
 * not known: first is DESK_NO_DAY, and so is last. */
#define DESK_NO_DAY INT32_MIN
struct desk_days {
    int32_t first, last;
};
struct desk_days desk_days_of(struct str iso); /* not known when iso is no date */
int32_t desk_day_of_ms(int64_t ms);            /* the UTC day of an instant */
int32_t desk_today(void);                      /* the UTC day of clock_now_ms() */
/* The same as YYYY-MM-DD in a. Errors: MEMORY (*out unchanged). */
enum cau_err desk_today_text(struct arena *a, struct str *out);
struct clock_date desk_date(int32_t day); /* a known day */
bool desk_known(struct desk_days d);
bool desk_within(struct desk_days d, int32_t first,
                 int32_t last); /* known, and wholly inside */

#define DESK_NO_CODE UINT8_MAX /* a field without a value */
#define DESK_NO_NAME UINT32_MAX

#define DESK_SIDES_MAX   40  /* that said something of one record; others are left out */
#define DESK_EARLIER_MAX 200 /* words of the sides of one record before their newest ones */
#define DESK_STEPS_MAX   16  /* from a part to the whole */

/* A country as two letters: 'V' * 256 + 'N'. 0: none. */
struct str desk_country(uint16_t country, char space[2]);
uint16_t desk_country_of(struct str code);

struct desk_status { /* the newest word of one side on a commitment */
    uint16_t side;
    uint8_t status; /* place in list commitment_status */
    struct desk_days on;
};
struct desk_standing { /* the newest word of one side on whether it confirms a record */
    uint16_t side;
    bool confirmed; /* else reported */
};

/* One version of a record: the newest one, or the newest one in a wider log for those who may not see that. Codes are
 * places in the lists of kinds/. Names are of other records; desk_doc gives their document. */
struct desk_row {
    uint32_t doc, owner;
    uint8_t audience; /* enum record_audience */
    uint8_t kind;     /* enum desk_kind */
    bool withdrawn, example;
    int64_t time_ms; /* of this version */
    /* agreement_kind, mechanism_kind, none, force, obstacle_kind, programme_kind (the first), none, measure */
    uint8_t type;
    /* the kind's field status: agreement_status, mechanism_status, session_status, commitment_status (what the words of the
     * sides amount to: commitment_state.h), obstacle_status, programme_status, programme_status, none */
    uint8_t state;
    uint8_t level; /* agreement_level; satisfaction of an obstacle */
    uint16_t
        host; /* session: host; mechanism: next host; obstacle: side asked; commitment: requested_by */
    int32_t number; /* of a session; 0: none. Months between sessions of a mechanism. */
    struct desk_days
        on; /* signed, established, held_on, said_on, filed_on, starts, starts, latest */
    struct desk_days due; /* expires, next_on, none, due, due, ends, ends, none */
    /* in_force, none, ends_on, none, answered_on, none, the plan of its next milestone (project_next_planned), none */
    struct desk_days end;
    uint32_t self; /* the record's own name */
    uint32_t
        mechanism; /* agreement, session, commitment, programme, project; of a mechanism: part_of */
    uint32_t session; /* of a commitment or obstacle; of a session: previous */
    uint32_t from;    /* commitment: carried_from; obstacle: about; project: programme */
    uint32_t part_of; /* commitment: split from */
    uint32_t
        authority; /* obstacle: authority; commitment, project: owner; programme: organization */
    /* Slices of the desk's pools. */
    uint32_t country_at, side_at, status_at, standing_at;
    uint8_t countries; /* at most 255; `countries`, else `country`: all sides concerned */
    uint8_t sides;     /* of a commitment: that are to act */
    uint8_t
        statuses; /* one for each side that said something, in the order of their first word */
    uint8_t earlier;    /* words said before those */
    uint8_t standings;  /* one for each side */
    bool there, newest; /* internal: it can be read; it is the first of its record's versions */
    uint32_t narrower;  /* internal: 1 + the row of the next version, in a wider log; 0: none */
};

struct desk;

/* An empty desk of an open node. Errors: MEMORY. */
enum cau_err desk_open(struct node *n, struct desk **out);
void desk_close(struct desk *d); /* NULL: nothing */

/* Brings it up to what v shows (it may be newer), and holds it as it is until desk_give; others may read it at the same
 * time. A thread takes it once at a time. The first call reads every record of its kinds, about 20 microseconds each.
 * Errors: IO, MEMORY, CORRUPT. */
enum cau_err desk_take(struct desk *d, struct view *v);
void desk_give(struct desk *d);

/* Walks the records of a kind that a reader may see, each once, in the order of their documents, withdrawn ones left
 * out: *at begins at 0; NULL at the end. */
const struct desk_row *desk_next(const struct desk *d, struct index_reader reader,
                                 enum desk_kind kind, size_t *at);
/* The same of those that were withdrawn. */
const struct desk_row *desk_next_withdrawn(const struct desk *d, struct index_reader reader,
                                           enum desk_kind kind, size_t *at);
/* The version of a record that a reader may see, withdrawn or not; NULL: none, or not of these kinds. */
const struct desk_row *desk_row(const struct desk *d, struct index_reader reader, uint32_t doc);

/* The document that a name means when it is of these kinds; 0: none, or not here. */
uint32_t desk_doc(const struct desk *d, uint32_t name);
/* The name itself, a record id or an external id, as it was written; empty for DESK_NO_NAME. */
struct str desk_name(const struct desk *d, uint32_t name);

const uint16_t *desk_countries(const struct desk *d, const struct desk_row *r);
const uint16_t *desk_sides(const struct desk *d, const struct desk_row *r);
const struct desk_status *desk_statuses(const struct desk *d, const struct desk_row *r);
/* The words that later ones of the same side have replaced, in the order of the record. */
const struct desk_status *desk_earlier(const struct desk *d, const struct desk_row *r);
const struct desk_standing *desk_standings(const struct desk *d, const struct desk_row *r);
bool desk_has_country(const struct desk *d, const struct desk_row *r, uint16_t country);
/* The document of its mechanism: its own, else that of its session, else of what it is part of; 0: none. */
uint32_t desk_mechanism(const struct desk *d, const struct desk_row *r);

#endif
