/* weigh.h - Fellegi and Sunter: how much each agreement or difference of two records says, in hundredths of a bit.
 *
 * A field of a pair has a level: 0 is missing and weighs nothing; the others, from the best agreement down, weigh
 * log2(m/u), m the share of the level among pairs that are one, u among pairs that are not. */
#ifndef CAU_MATCH_WEIGH_H
#define CAU_MATCH_WEIGH_H

#include "base/base.h"

enum weigh_field {
    WEIGH_IDENTIFIER, /* 1 one is equal, 2 one contradicts */
    WEIGH_NAME,       /* 1 the same units, 2 to 5 a falling share of them, 6 less */
    WEIGH_ACRONYM,    /* 1 one is the acronym of the other */
    WEIGH_DOMAIN,     /* 1 one that few have, 2 one that many have, 3 others */
    WEIGH_COUNTRY,    /* 1 the same, 2 others */
    WEIGH_CITY,       /* 1 the same, 2 others */
    WEIGH_TYPE,       /* 1 a common one, 2 others */
    WEIGH_YEAR,       /* 1 the same, 2 at most two years apart, 3 others */
    WEIGH_FIELDS
};
#define WEIGH_LEVELS_MAX 7       /* of one field, with missing */
#define WEIGH_ONE        1000000 /* of m and u: parts per million; u may be as small as 1 part */
#define WEIGH_PAIRS_MAX  ((size_t)1 << 26) /* that are learnt from */

const char *weigh_field_name(enum weigh_field field); /* "identifier", "name", ... */
unsigned weigh_levels(enum weigh_field field);        /* how many it has, with missing */

struct weigh_table {
    uint32_t m[WEIGH_FIELDS][WEIGH_LEVELS_MAX]; /* parts per million; [0] is not used */
    uint32_t u[WEIGH_FIELDS][WEIGH_LEVELS_MAX];
    int32_t weight[WEIGH_FIELDS][WEIGH_LEVELS_MAX]; /* hundredths of a bit */
};

/* The table the program carries: what was measured on organisations of known identity (docs/bench.md). */
struct weigh_table weigh_default(void);

struct weigh_levels {
    uint8_t level[WEIGH_FIELDS];
};
int32_t weigh_sum(const struct weigh_table *t, const struct weigh_levels *x);

/* Learns country, city, type, year and domain: u from pairs drawn at random, m by expectation and maximisation over the
 * candidates; name, acronym and identifier keep what start says (random pairs never show them). prior: hundredths of
 * a bit of log-odds that a pair is one. The result is the same on every machine for the same input. Errors: MEMORY. */
enum cau_err weigh_learn(const struct weigh_table *start, const struct weigh_levels *candidate,
                         size_t candidates, const struct weigh_levels *drawn, size_t draws,
                         int32_t prior, struct weigh_table *out);

int32_t weigh_log2(uint64_t x); /* hundredths of a bit, rounded down; x is not 0 */

#endif
