/* agreement.h - agreements as of a day: what is in force and until when, which document carries out or changes which,
 * and how many there are by year, partner and kind. */
#ifndef CAU_DOMAIN_AGREEMENT_H
#define CAU_DOMAIN_AGREEMENT_H

#include "domain/desk/desk.h"

/* ---- validity ---- */

enum agreement_validity {
    AGREEMENT_NOT_SAID, /* the record does not say */
    AGREEMENT_NOT_YET,  /* negotiated, or signed and not yet in force */
    AGREEMENT_IN_FORCE,
    AGREEMENT_OVER, /* expired, terminated, replaced */
};
struct agreement_term {
    enum agreement_validity validity;
    struct desk_days
        ends; /* the last day it is written to hold; not known: without an end, or not recorded */
    bool
        renewed_on; /* renewed after that end, and until when is not recorded: ends is not known */
    bool contradicts; /* its status says one thing, its dates another */
};
/* A date that may mean several days has passed only when all of them have. */
struct agreement_term agreement_term_of(const struct value *payload, int32_t day);
/* Holds or may hold on the day, and its last day is or may be within so many months after it. */
bool agreement_expires(const struct agreement_term *term, int32_t day, int months);
/* The same question of a desk's row, which does not know of renewals: what it denies is not worth reading. */
bool agreement_may_expire(const struct desk_row *row, int32_t day, int months);

#define AGREEMENT_SOON_MONTHS 12 /* what expires within them is listed */

/* ---- the chain ---- */

/* Whether a relation joins documents into a chain: implements, amends, replaces, renews, protocol_to, follows,
 * legal_basis; or the field basis of a project, programme or mechanism. */
bool agreement_joins(struct str rel);

#define AGREEMENT_CHAIN_MAX 100 /* records; further ones are left off, and the chain says so */
#define AGREEMENT_EDGES_MAX 400

struct agreement_member {
    struct view_record record;
    struct desk_days on; /* signed, established, begun or held */
};
struct agreement_edge {
    size_t from, to; /* members: `from` says of `to` that it ... */
    struct str rel;  /* agreement_joins */
};
struct agreement_chain {
    struct agreement_member *member; /* by date, those without one last; then by id */
    struct agreement_edge *edge;     /* by from, to, rel */
    size_t n, edges;
    bool cut;
};
/* What a record is joined to, both ways and through any number of agreements; each record once, so a circle ends.
 * Through projects, programmes and mechanisms the chain does not go on, unless it begins there. The record itself is
 * always a member. Errors: those of view_get of the record itself; MEMORY, IO. */
enum cau_err agreement_chain(struct view *v, struct arena *a, struct index_reader reader,
                             uint32_t doc, struct agreement_chain *out);

/* ---- counts ---- */

struct agreement_filter {
    int year;         /* of signing; 0: any, -1: not known */
    uint16_t partner; /* a country of the desk; 0: any, AGREEMENT_NO_PARTNER: none is named */
    uint8_t type;     /* place in list agreement_kind; DESK_NO_CODE: any */
};
#define AGREEMENT_NO_PARTNER UINT16_MAX

struct agreement_count {
    int key; /* a year, a country of the desk, a place in list agreement_kind; -1: not said */
    uint32_t n;
};
struct agreement_counts {
    struct agreement_count *year;    /* newest first, -1 last */
    struct agreement_count *partner; /* most first, then by code; -1 last */
    struct agreement_count *kind;    /* in the order of the list */
    size_t years, partners, kinds;
    uint32_t total; /* documents that fit the whole filter */
};
/* Whether a document fits. Partners are its countries but for home; of a document that home has no part in, all. */
bool agreement_fits(const struct desk *d, const struct desk_row *row, uint16_t home,
                    const struct agreement_filter *filter);
/* Each dimension is counted under the filters of the other two, so that one may change to another value of it. A
 * document with three partners counts for each. Errors: MEMORY. */
enum cau_err agreement_count(struct arena *a, const struct desk *d, struct index_reader reader,
                             uint16_t home, const struct agreement_filter *filter,
                             struct agreement_counts *out);

#endif
