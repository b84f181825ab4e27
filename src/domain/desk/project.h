/* project.h - what the record of a project says as of a day: which milestones are done, late or next, and the money of
 * each side in each currency. Programmes have the same rows of money. */
#ifndef CAU_DOMAIN_PROJECT_H
#define CAU_DOMAIN_PROJECT_H

#include "domain/desk/desk.h"

#define PROJECT_MILESTONES_MAX 200 /* as kinds/project.kind says; more are passed over */
#define PROJECT_SUMS_MAX       60 /* sides and currencies of one record; more are passed over */
#define PROJECT_MONEY_KINDS    8  /* codes of list money_kind that are summed */
#define PROJECT_PLACES_MAX     6  /* decimal places of an amount that can be summed */

/* A date that may mean several days counts as late only when all of them are: nobody is called late for what is not
 * known. What is said to have happened after the day has not happened yet. */
enum project_pace {
    PROJECT_DONE,
    PROJECT_DONE_LATE, /* after all days its plan may mean */
    PROJECT_LATE,      /* not done, and its plan has passed */
    PROJECT_AHEAD,     /* not done, planned */
    PROJECT_UNPLANNED, /* not done, no date planned */
};

struct project_milestone {
    const struct value *row;
    struct desk_days planned, actual;
    enum project_pace pace;
    int32_t late_days; /* of the late ones: at least so many */
};
struct project_course {
    struct project_milestone *milestone; /* in the record's order */
    size_t n, done, late;                /* late: not done and late, now */
    /* Of those not done the one that is planned first, else the first without a plan; NULL: none. */
    const struct project_milestone *next;
};
/* Errors: MEMORY. */
enum cau_err project_course(struct arena *a, const struct value *payload, int32_t day,
                            struct project_course *out);
/* The plan of the milestone that is not done and planned first, whatever the day. */
struct desk_days project_next_planned(const struct value *payload);

/* Proposed, planned or under way: nothing more is expected of the others. status: of list programme_status; empty when
 * it is not said, and then it may be going on. */
bool project_goes_on(struct str status);
/* It goes on, though its last planned day is over. */
bool project_overdue(struct str status, struct desk_days ends, int32_t day);

struct project_sum { /* the money of one side, or of one source of a side, in one currency */
    struct str side; /* country code; empty: not said whose */
    struct str
        source; /* the organisation it comes from, as the record names it; empty: not said, or not asked for */
    struct str currency;
    unsigned places;                     /* n is in units of 10^-places */
    int64_t n[PROJECT_MONEY_KINDS];      /* by place in list money_kind */
    bool has[PROJECT_MONEY_KINDS];       /* some amount of that kind is there */
    bool too_large[PROJECT_MONEY_KINDS]; /* the sum cannot be had exactly: n says nothing */
};
struct project_sums {
    struct project_sum *sum; /* by side, source, currency */
    size_t n;
};
/* Sums the rows of `money`, exactly, never across currencies or sides, nor across sources when by_source. list: list
 * money_kind. Errors: MEMORY. */
enum cau_err project_money(struct arena *a, const struct value *payload,
                           const struct kind_list *list, bool by_source,
                           struct project_sums *out);
/* "1234.50" into out; how many characters. */
#define PROJECT_AMOUNT_CHARS 32
size_t project_write_amount(int64_t n, unsigned places, char out[PROJECT_AMOUNT_CHARS]);

#endif
