/* portrait.h - what a delegation should know of a country, a field or a record, as lists short enough for one page, each
 * with how many there are in all. */
#ifndef CAU_DOMAIN_PORTRAIT_H
#define CAU_DOMAIN_PORTRAIT_H

#include "domain/desk/commitment_state.h"

#define PORTRAIT_LIST_MAX    3   /* records of one list */
#define PORTRAIT_TALLIES_MAX 5   /* fields of a country, countries of a field */
#define PORTRAIT_LINKS_MAX   400 /* records that name this one and are looked at */

enum portrait_topic {
    PORTRAIT_AGREEMENTS, /* the newest first, as all lists of the desk */
    PORTRAIT_MECHANISMS,
    PORTRAIT_WORK, /* projects, then programmes */
    PORTRAIT_COMMITMENTS,
    PORTRAIT_OBSTACLES,
    PORTRAIT_FIGURES, /* of several countries first */
    PORTRAIT_ORGANIZATIONS,
    PORTRAIT_NEEDS, /* the newest first, as all lists of the index */
    PORTRAIT_OFFERS,
    PORTRAIT_PARTNERS, /* organisations elsewhere that fit this one, the best first */
    PORTRAIT_TOPICS,
};

struct portrait_list {
    uint32_t doc[PORTRAIT_LIST_MAX];
    size_t n;
    uint32_t all;
};
struct portrait_tally {
    struct str code; /* "FORD:2.7", or a country */
    uint32_t organizations, needs, offers;
};
struct portrait {
    struct portrait_list list[PORTRAIT_TOPICS];
    uint32_t unseen;   /* records naming this one beyond PORTRAIT_LINKS_MAX: in no list */
    uint32_t in_force; /* of the agreements, as their records say */
    uint32_t state[COMMITMENT_STATUSES];               /* of the commitments */
    struct portrait_tally tally[PORTRAIT_TALLIES_MAX]; /* by falling sum, then by code */
    size_t tallies;
};

struct portrait_from {
    struct view *view;
    const struct node *node;
    const struct desk *desk;
    struct index_reader reader;
};

/* All lists but the partners. country: desk_country_of. Errors: MEMORY, IO. */
enum cau_err portrait_of_country(const struct portrait_from *from, struct arena *a,
                                 uint16_t country, struct portrait *out);
/* Organisations, needs, offers and work of a field of list `ford` and all below it; tallies by country.
 * Errors: UNKNOWN (no such code), MEMORY, IO. */
enum cau_err portrait_of_field(const struct portrait_from *from, struct arena *a,
                               struct str code, struct portrait *out);
/* What names a record, by kind; of an organisation the partners too. Errors: those of view_get, MEMORY, IO. */
enum cau_err portrait_of_record(const struct portrait_from *from, struct arena *a, uint32_t doc,
                                struct portrait *out);

#endif
