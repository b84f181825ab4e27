/* like.h - which records fit a text: the text asked of each record, and each record of the text.
 *
 *   S(x, y) = sqrt( s(x,y) / s(x,x) * s(y,x) / s(y,y) ),   0..1, the same both ways
 *
 * s is the score of search (likelihood_int.h) over the terms of analysis.h, with lambda .2: translations from the
 * lexicon, within one language words that translate alike, and concepts of the glossary that both texts name, or
 * that are near each other (language/concept.h). A need speaks of a problem, an offer of a solution. */
#ifndef CAU_INDEX_LIKE_H
#define CAU_INDEX_LIKE_H

#include "index/index.h"

#define LIKE_TERMS_MAX       1024 /* of one text; the rest is left out */
#define LIKE_CANDIDATES_MORE 12   /* so many more than are asked for, at most */
#define LIKE_CANDIDATES_MAX  200  /* records of one language that are looked at closely */
#define LIKE_REASONS_MAX     16   /* of one hit */

struct like_query {
    const struct index_text *text; /* weights do not matter */
    size_t text_count;
    struct index_reader reader;
    const struct index_filter *filter;
    size_t filter_count;
    uint32_t
        except; /* a document that is not asked for: the one the text is of; UINT32_MAX: none */
    size_t limit; /* 0..INDEX_HITS_MAX */
    bool explain;
};

struct like_hit {
    uint32_t doc;
    uint32_t likeness; /* S, 16 fractional bits */
    int32_t
        rank; /* S compared with what is usual for its two languages: what hits are ordered by; in 1/1000
                          of the usual spread */
    struct str lang,
        asked_lang; /* of the two texts that fit best: the record's, and one of those asked with */
    const struct index_reason *reason; /* shares of both directions, averaged */
    size_t reason_count;
    const struct str *met; /* query words of all reasons, also of those over LIKE_REASONS_MAX */
    size_t met_count;
};

/* The records a reader may see that fit best, by falling rank, then rising doc; the same on every machine for the same
 * documents and lexicon. Errors: MEMORY, RANGE (limit, filters), SYNTAX (text is not UTF-8). */
enum cau_err index_like(const struct index *ix, struct arena *a, const struct like_query *query,
                        struct like_hit **out, size_t *n);

#endif
