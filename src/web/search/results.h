/* results.h - a search as its address says it: words, filters, order, page. */
#ifndef CAU_WEB_RESULTS_H
#define CAU_WEB_RESULTS_H

#include "index/index.h"
#include "web/serve/site.h"

#define RESULTS_ROWS         20
#define RESULTS_PAGES_MAX    50 /* what lies deeper is reached by filters */
#define RESULTS_FACET_LISTED 60
#define RESULTS_REASONS      12
#define RESULTS_MISSED       8 /* runs of words that met nothing, of one hit */
#define RESULTS_TERM_WORDS_MAX                                                                 \
    5 /* of a query that found nothing and may be a term without a translation */
#define RESULTS_TERM_POINTS_MAX 100 /* of the same */

struct results {
    struct str text;
    struct str lang;         /* of the text, as its reader says; empty: guessed */
    const struct kind *kind; /* of a kind's own list; NULL */
    struct index_filter filter[INDEX_FILTERS_MAX];
    size_t filters;
    enum index_order order;
    size_t page; /* from 1 */
};

/* What the query part of the address says; unknown or too many filters are left out. A field "FORD:2*" stands
 * for the code and all below it. */
void results_read(const struct ask *q, const struct kind *kind, struct results *out);
/* The same of any name=value pairs. */
void results_read_fields(const struct http_fields *query, const struct kind *kind,
                         struct results *out);
/* The filters as the index takes them: "FORD:2*" as its codes; those too many are left out. Their number. */
size_t results_filters(struct ask *q, const struct results *r,
                       struct index_filter out[INDEX_FILTERS_MAX]);
/* The address of the search with one filter added or taken away (either may be NULL) at a page. */
struct str results_address(struct ask *q, const struct results *r,
                           const struct index_filter *add, const struct index_filter *without,
                           size_t page);
/* Words and filters as the query part of an address, the kind among them: what is kept of a saved search. */
struct str results_query(struct ask *q, const struct results *r);
/* The search in words: its text in quotes, then the filters, " · " between; "everything" when there is nothing. */
struct str results_words(struct ask *q, const struct results *r);
/* Asks the index. Errors: those of index_search. */
enum cau_err results_find(struct ask *q, const struct results *r, size_t rows,
                          struct index_result *out);
/* The name of a facet's column in addresses: "kind" "country" "field" "year" "status" "language". */
const char *results_column_name(enum index_column column);
/* A facet value in the reader's language. */
struct str results_value_label(struct ask *q, enum index_column column, struct str value);

#endif
