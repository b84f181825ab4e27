/* report.h - a year of one country's cooperation in numbers, each with the records it was counted from.
 *
 * Two kinds of numbers, never added together: what is recorded one by one here, and what a publication states as a total
 * while it names some of the partners only (an indicator with such a measure). Everything follows from the log, the year,
 * the country and the reader; nothing from the clock. Rows live as long as the desk is held. */
#ifndef CAU_DOMAIN_REPORT_H
#define CAU_DOMAIN_REPORT_H

#include "domain/desk/desk.h"
#include "domain/rule/interest.h"

#define REPORT_YEAR_MIN      1900
#define REPORT_YEAR_MAX      2999
#define REPORT_FIGURES_MAX   200 /* indicators in one report; the rest are counted */
#define REPORT_UNDATED_MAX   200 /* records without a date whose sources are looked at */
#define REPORT_INTERESTS_MAX 100 /* named of each stage; all are counted */

/* What is counted. A record counts when its date lies wholly within the year. */
enum report_count {
    REPORT_AGREEMENTS,       /* signed in the year; not those being negotiated */
    REPORT_JOINT_COMMITTEES, /* sessions held, by kind of mechanism */
    REPORT_COMMISSIONS,      /* of intergovernmental commissions */
    REPORT_OTHER_SESSIONS,
    REPORT_BEGUN, /* programmes and projects */
    REPORT_COMPLETED,
    REPORT_RUNNING,     /* begun before the year, and said to be under way or to end after it */
    REPORT_COMMITMENTS, /* made: not those carried over; parts of one are in none of these counts */
    REPORT_KEPT, /* done at the year's end by all sides that are to act, and not before the year */
    REPORT_OVERDUE,   /* due by the year's end, and not closed by then (commitment_closes) */
    REPORT_OBSTACLES, /* filed; what only a publication reports was not */
    REPORT_ANSWERED,
    REPORT_UNANSWERED, /* filed up to the year's end, not answered by then */
    REPORT_WITHDRAWN,  /* would be agreements, sessions, begun, commitments or obstacles here */
    REPORT_EXAMPLES,   /* of those above, invented ones that a demonstration shows */
    REPORT_COUNTS,
};

struct report_rows {
    const struct desk_row **row; /* by date, then by record id */
    size_t n;
};

/* A total that an indicator states for the year. */
enum report_measure {
    REPORT_MEASURE_AGREEMENTS,
    REPORT_MEASURE_JOINT_COMMITTEES,
    REPORT_MEASURE_COMMISSIONS,
    REPORT_MEASURES,
};
struct report_figure {
    struct view_record record;  /* the indicator */
    const struct value **value; /* rows of its field `values` within the year, in their order */
    size_t n;
};
struct report_figures {
    struct report_figure *figure; /* by first day of their first value, then by record id */
    size_t n, more;               /* more: left out by REPORT_FIGURES_MAX */
};

/* Records without a date of their own that a publication of the year, or of the one after, speaks of. */
enum report_undated {
    REPORT_UNDATED_COMPLETED, /* programmes and projects that it calls completed */
    REPORT_UNDATED_UNDER_WAY,
    REPORT_UNDATED_AGREEMENTS,   /* carried on */
    REPORT_UNDATED_MULTILATERAL, /* mechanisms with international bodies */
    REPORT_UNDATED,
};

struct report_docs {
    uint32_t *doc;
    size_t n, all; /* n: at most REPORT_INTERESTS_MAX of all */
};
/* Expressions of interest that the actor may follow. */
struct report_interests {
    bool may;                                    /* else nothing is counted */
    struct report_docs begun;                    /* expressed in the year */
    struct report_docs reached[INTEREST_STAGES]; /* came to that stage in the year */
};

struct report_ask {
    int year;         /* REPORT_YEAR_MIN..REPORT_YEAR_MAX */
    uint16_t country; /* desk_country_of */
    const struct actor *actor;
    struct index_reader reader;
};

struct report {
    int year;
    uint16_t country;
    struct report_rows count[REPORT_COUNTS];
    struct report_figures total[REPORT_MEASURES];
    struct report_figures figures; /* the other indicators; targets among them */
    struct report_rows undated[REPORT_UNDATED];
    size_t undated_left; /* records without a date beyond REPORT_UNDATED_MAX: not looked at */
    struct report_interests interests;
    int64_t newest_ms; /* of the newest version that was looked at; 0: none */
};

/* Errors: RANGE (year), UNKNOWN (no country), MEMORY, IO, CORRUPT. */
enum cau_err report_make(struct view *v, struct arena *a, const struct desk *d,
                         const struct kinds *kinds, const struct report_ask *ask,
                         struct report *out);

enum report_by {
    REPORT_BY_PARTNER,   /* key: a country; a record with several counts for each */
    REPORT_BY_TYPE,      /* key: desk_row.type */
    REPORT_BY_MECHANISM, /* key: document of the mechanism; 0: not stated */
};
struct report_group {
    uint32_t key;
    struct report_rows rows;
};
/* The rows of a count in groups: by falling number, then by key (types: by their place in the list). Errors: MEMORY. */
enum cau_err report_group(struct arena *a, const struct desk *d, const struct report *r,
                          enum report_count count, enum report_by by, struct report_group **out,
                          size_t *n);

/* What there are reports of: the countries that records on the desk concern, by falling number, then by code, and the
 * years with a date of the country among agreements, sessions, commitments, programmes and projects.
 * Errors: MEMORY. */
struct report_choices {
    uint16_t *country;
    size_t n;
    bool dated; /* else first and last are 0 */
    int first, last;
};
enum cau_err report_choose_from(struct arena *a, const struct desk *d,
                                struct index_reader reader, uint16_t country,
                                struct report_choices *out);

#endif
