/* match_section.h - the part of a record's page that says what fits it, and why. */
#ifndef CAU_WEB_MATCH_SECTION_H
#define CAU_WEB_MATCH_SECTION_H

#include "view/match.h"
#include "web/serve/site.h"

#define MATCH_SECTION_HITS      5 /* of one list */
#define MATCH_SECTION_REASONS   8 /* term pairs of one hit, the weightiest */
#define MATCH_SECTION_MISSED    4 /* phrases of the title that met nothing */
#define MATCH_SECTION_COUNTRIES 3 /* in which partners of an organisation are shown */

/* Adds an item to the list "matches" of m: "heading" and "hits", each with its title, band, country, "reasons" (term
 * pairs with share, channel and source), "fits" (fields, form, readiness, country) and "missed" (what of the
 * record's title met nothing, with the address that proposes a translation). A hit that has no reason is left out, and so is
 * a list without hits. record is what they fit. */
void match_section_list(struct ask *q, struct html_map *m, const struct view_record *record,
                        struct str heading, const struct match_hit *hit, size_t n);

/* Whether there are lists for a record of its kind at all. */
bool match_section_has(const struct view_record *record);
/* The lists of a record's page "what fits": offers, organisations and experts for a need; needs for an offer or a product; offers
 * for an obstacle; partners in other countries for an organisation. Nothing for other kinds. */
void match_section_add(struct ask *q, const struct view_record *record);

#endif
