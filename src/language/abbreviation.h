/* abbreviation.h - a short abbreviation as it is spelt in the other script: МГУ and MGU meet. */
#ifndef CAU_LANGUAGE_ABBREVIATION_H
#define CAU_LANGUAGE_ABBREVIATION_H

#include "base/base.h"

#define ABBREVIATION_POINTS_MIN    2
#define ABBREVIATION_POINTS_MAX    6
#define ABBREVIATION_SPELLINGS_MAX 16
#define ABBREVIATION_BYTES_MAX                                                                 \
    32 /* of one spelling: each letter becomes at most four Latin ones */

/* Whether a word as it was typed is of ABBREVIATION_POINTS_MIN to ABBREVIATION_POINTS_MAX letters, all of them capitals and
 * all Latin or all Cyrillic. */
bool abbreviation_is(struct str word);

struct abbreviation_spellings {
    struct str
        v[ABBREVIATION_SPELLINGS_MAX]; /* in index form; the usual one first, none twice */
    size_t n;
    char bytes[ABBREVIATION_SPELLINGS_MAX][ABBREVIATION_BYTES_MAX];
};
/* The spellings in Cyrillic letters of a form in Latin ones, and the other way round: the usual one, and those that differ
 * from it at one letter, as far as there is room. form is the index form of a word that abbreviation_is; Latin marks count
 * nothing (ĐHQG as DHQG). None when a letter has no counterpart. */
void abbreviation_spell(struct str form, struct abbreviation_spellings *out);

#endif
