/* reason_int.h - why a document is a hit: its score taken apart by the words of the query. */
#ifndef CAU_INDEX_REASON_INT_H
#define CAU_INDEX_REASON_INT_H

#include "index/gather_int.h"

struct reasons;
/* What is the same for all hits of one query, until reasons_close. Errors: MEMORY. */
enum cau_err reasons_open(struct arena *a, const struct index *ix, const struct plan *plan,
                          struct reasons **out);
void reasons_close(struct reasons *r);
/* The reasons of a hit, by falling share, in the words of its texts. Their shares add up to at most 1000.
 * Errors: MEMORY. */
enum cau_err reasons_of(struct reasons *r, const struct gathered *hit,
                        const struct index_reason **out, size_t *n);
/* The names of a translation's sources with ", " between, from a; the project's own glossary first. Errors: MEMORY. */
enum cau_err reason_sources(const struct index *ix, struct arena *a, uint32_t bits,
                            struct str *out);

#endif
