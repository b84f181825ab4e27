/* found.h - what search and matching found, as JSON values: what programs read from the commands' --json and from
 * /api/v1/match. */
#ifndef CAU_VIEW_FOUND_H
#define CAU_VIEW_FOUND_H

#include "view/match.h"

/* "id" "external_id" (where there is one) "kind" "lang" "title" "score" of a record. The title is in lang, or in what the
 * record has: "lang" says which, "und" when it has none and its id stands there. Errors: MEMORY. */
enum cau_err found_record(struct arena *a, const struct view_record *r, enum lang lang,
                          int64_t score, struct value *out);

/* Adds a pair of words to list: "query" "text" "share_permille" "channel" "source". Errors: MEMORY. */
enum cau_err found_reason(struct arena *a, const struct index_reason *r, struct value *list);

/* The record as above, its title in the language that was compared (else in lang), "score" its likeness, 0 to 65536; then
 * "rank" "band" and, when explain, "reasons": pairs of words, then "channel" "text" "points" of what else fits.
 * Text is borrowed from hit. Errors: MEMORY. */
enum cau_err found_match(struct arena *a, const struct match_hit *hit, enum lang lang,
                         bool explain, struct value *out);

#endif
