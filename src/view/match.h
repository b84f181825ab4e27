/* match.h - the records that fit another record, or a text: by words across languages, and by what both say of field,
 * form, readiness and country; each with its reasons. */
#ifndef CAU_VIEW_MATCH_H
#define CAU_VIEW_MATCH_H

#include "index/like.h"
#include "match/fit.h"
#include "view/view.h"

struct match_query {
    uint32_t doc;    /* the record to be matched; 0: text */
    struct str text; /* without a record */
    struct str lang; /* of text; empty: guessed */
    struct str
        kind; /* of the records wanted; empty: those that answer doc (a need: offers), any for a text */
    struct str country; /* of the records wanted; empty: any */
    struct index_reader reader;
    size_t limit; /* at most INDEX_HITS_MAX */
    bool explain;
};

/* How sure a match is; the share of right ones in each band is in docs/bench.md. */
enum match_band { MATCH_STRONG, MATCH_POSSIBLE, MATCH_WEAK, MATCH_BANDS };
struct str
match_band_name(enum match_band band); /* "strong" "possible" "weak": words band.NAME */

struct match_hit {
    struct view_record record;
    struct like_hit like;
    struct fit_reason fit[FIT_REASONS_MAX];
    size_t fits;
    int32_t rank; /* like.rank and the points of fit: what hits are ordered by */
    enum match_band band;
};

/* The best first; those whose date is over are left out. Errors: UNKNOWN (no such record, or not for this reader), SYNTAX
 * (text is not UTF-8), MEMORY, IO, CORRUPT. */
enum cau_err view_match(struct view *v, struct arena *a, const struct match_query *query,
                        struct match_hit **out, size_t *n);

#endif
