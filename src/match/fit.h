/* fit.h - what speaks for a need and an offer beside their words: fields, form of cooperation, readiness, country, and
 * what rules a pair out. */
#ifndef CAU_MATCH_FIT_H
#define CAU_MATCH_FIT_H

#include "base/base.h"

#define FIT_VALUES_MAX  16 /* of one fact; further ones are left out */
#define FIT_REASONS_MAX 24

/* What a record says of itself; empty where it does not. */
struct fit_facts {
    struct str field[FIT_VALUES_MAX]; /* "FORD:2.7", "GRNTI:44.39" */
    size_t fields;
    struct str form[FIT_VALUES_MAX]; /* codes of cooperation_form */
    size_t forms;
    struct str country;   /* ISO 3166 alpha-2 */
    unsigned readiness;   /* technology readiness level 1..9; 0: not said */
    struct str last_date; /* deadline or expiry, whichever is first, ISO 8601; empty: none */
};

enum fit_kind { FIT_FIELD, FIT_BROAD_FIELD, FIT_FORM, FIT_READINESS, FIT_COUNTRY, FIT_KINDS };
struct str
fit_kind_name(enum fit_kind kind); /* "field" ...: the word's key in words/ is fit.NAME */

struct fit_reason {
    enum fit_kind kind;
    struct str value; /* code, level or country of the other side */
    int32_t points;
};

/* Points in 1/1000 of the usual spread of likeness (index/like.h), to be added to a hit's rank: the same code of a
 * classification 1000, the same first level 300, a common form of cooperation 200, a readiness at least as high as
 * asked 200, another country 100. asked is what the need or the text says, given what the other record says; today is
 * ISO 8601. False when the pair is ruled out: a date is over. *n of out, at most FIT_REASONS_MAX. */
bool fit_of(const struct fit_facts *asked, const struct fit_facts *given, struct str today,
            struct fit_reason out[FIT_REASONS_MAX], size_t *n);

#endif
