/* remind.h - what somebody should be reminded of on a day: commitments, obstacles, sessions, agreements of his side or
 * organisation; and how he wants to be told. */
#ifndef CAU_DOMAIN_REMIND_H
#define CAU_DOMAIN_REMIND_H

#include "domain/desk/desk.h"
#include "domain/rule/register.h"

#define REMIND_MAX 300 /* in one answer; the nearest dates first */
#define REMIND_OVERDUE_MAX                                                                     \
    100 /* of them overdue: the last ones, so that what is to come has room */
#define REMIND_WEEK_DAYS     7
#define REMIND_MONTH_DAYS    30
#define REMIND_EXPIRY_MONTHS 3   /* agreements are named so long before they end */
#define REMIND_FEED_DAYS     366 /* ahead, in a calendar */
#define REMIND_TOKEN_CHARS   43  /* 32 random bytes, base64url */
#define REMIND_ADDRESS_MAX   254 /* bytes of an e-mail address */

enum remind_what {
    REMIND_COMMITMENT, /* due */
    REMIND_OBSTACLE,   /* an answer is due */
    REMIND_SESSION,    /* begins */
    REMIND_AGREEMENT,  /* ends */
    REMIND_WHATS,
};
enum remind_when { /* on a day */
                   REMIND_OVERDUE,
                   REMIND_WEEK,  /* from today to REMIND_WEEK_DAYS days ahead */
                   REMIND_MONTH, /* to REMIND_MONTH_DAYS days ahead */
                   REMIND_LATER,
                   REMIND_WHENS,
};
enum remind_when remind_when_of(int32_t due, int32_t day);

/* For whom. A person with a role that sees what his side's committees do (secretary, officer, editor, administrator) is
 * reminded of what his side is to do; a member of what names his organisation. */
struct remind_person {
    struct index_reader reader;
    uint16_t side;         /* desk_country_of; 0: none */
    uint32_t organization; /* a document; 0: none */
    bool staff;
};
struct remind_person remind_person_of(struct view *v, struct arena *a, const struct node *n,
                                      const struct actor *actor);
/* The same person for what leaves the site (calendar, e-mail): whoever has it may read it, so nothing private is in it. */
struct remind_person remind_person_outside(const struct remind_person *person);

struct remind {
    enum remind_what what;
    int32_t due; /* the last day its date may mean; of a session the first */
    int32_t end; /* of a session its last day; else due */
    uint32_t doc;
    int64_t time_ms; /* of the version */
};
struct remind_list {
    struct remind *v; /* by day, then by kind, then by record id */
    size_t n;
    size_t more; /* left off beyond REMIND_OVERDUE_MAX and REMIND_MAX */
};
/* What falls due until `ahead` days after day, what is overdue included (sessions that are over are not). Agreements are
 * named REMIND_EXPIRY_MONTHS before they end, or as far ahead as that is. d is taken, v as old as it or older.
 * Errors: MEMORY, IO. */
enum cau_err remind_find(const struct desk *d, struct view *v, struct arena *a,
                         const struct remind_person *person, int32_t day, int32_t ahead,
                         struct remind_list *out);

/* Whether one is written to on this day: with REMIND_WEEKLY on Mondays, when there is anything; with REMIND_DAILY when a
 * date is 30 or 7 days ahead, today, or was yesterday. */
enum remind_often { REMIND_NEVER, REMIND_DAILY, REMIND_WEEKLY, REMIND_OFTENS };
bool remind_is_day(enum remind_often often, const struct remind_list *list, int32_t day);

/* ---- how somebody wants to be told (store/local.h) ---- */

/* Letters of ASCII, one @, a host name with a dot: what every mail server takes, and nothing that ends a line. */
bool remind_address_valid(struct str address);
/* Keeps a person's own address and wish. PROBLEMS with place "address" (not valid, or missing where mail is wanted);
 * NOT_ALLOWED: not signed in. An empty address with REMIND_NEVER forgets both. */
enum register_why remind_set(struct node *n, const struct actor *actor, struct str address,
                             enum remind_often often, struct register_outcome *out);
/* A new address of his calendar; the earlier one stops at once. The token is nowhere else: only its hash is kept. */
enum register_why remind_calendar(struct node *n, const struct actor *actor,
                                  char token[REMIND_TOKEN_CHARS]);
enum register_why remind_calendar_stop(struct node *n, const struct actor *actor);
/* Whose calendar a token opens. UNKNOWN: no such token, or he may not sign in any more. */
enum cau_err remind_of_calendar(struct view *v, struct arena *a, struct str token,
                                struct local_user *user);

#endif
