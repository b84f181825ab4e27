/* secretary.h - what waits for a committee's secretary on a day: overdue by side, due soon, differences, obstacles past
 * their clock, agreements that expire, statements his side has not confirmed. */
#ifndef CAU_DOMAIN_SECRETARY_H
#define CAU_DOMAIN_SECRETARY_H

#include "domain/desk/agreement.h"

#define SECRETARY_SOON_DAYS 30

enum secretary_list {
    SECRETARY_OVERDUE, /* commitments; by last day of the due date, the longest overdue first */
    SECRETARY_SOON,    /* commitments due in SECRETARY_SOON_DAYS days; the nearest first */
    SECRETARY_DIFFERING, /* commitments of which the sides say different things; newest version first */
    SECRETARY_OBSTACLES, /* past their clock; the longest past first */
    SECRETARY_EXPIRING, /* agreements, within AGREEMENT_SOON_MONTHS months; the nearest first */
    SECRETARY_UNCONFIRMED, /* agreements, sessions and commitments only reported for his side; newest version first */
    SECRETARY_LISTS,
};
const char *secretary_list_name(enum secretary_list list); /* "overdue" ... */
bool secretary_read_list(struct str name, enum secretary_list *out);

struct secretary_asked {
    struct index_reader reader;
    int32_t day;
    uint16_t side;      /* the secretary's; 0: none, and nothing is unconfirmed */
    uint16_t country;   /* only what concerns this country too; 0: all */
    uint32_t mechanism; /* only what belongs to this mechanism (a document); 0: all */
};

struct
    secretary_side { /* commitments this side is to act on; where none is named, that concern it */
    uint16_t side;
    uint32_t open, overdue, soon,
        differing; /* open: not closed, with the other three among them */
};

struct secretary_items {
    const struct desk_row **row; /* whole, in the list's order; equal ones by record id */
    size_t n;
};

struct secretary_home {
    struct secretary_side *side; /* most overdue first, then most open, then by country */
    size_t sides;
    uint32_t open; /* commitments not closed, each once */
    struct secretary_items list[SECRETARY_LISTS];
};

/* Lists live in a, rows as long as the desk is taken. Errors: MEMORY. */
enum cau_err secretary_look(const struct desk *d, struct view *v, struct arena *a,
                            const struct secretary_asked *asked, struct secretary_home *out);

#endif
