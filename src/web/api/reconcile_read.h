/* reconcile_read.h - what a client of the Reconciliation Service API 0.2 asks: batches of queries, data extension.
 *
 * Pure: JSON text in, views out. What the specification does not allow is refused; what it allows and we do not know
 * (a property, a setting) is passed over. */
#ifndef CAU_WEB_RECONCILE_READ_H
#define CAU_WEB_RECONCILE_READ_H

#include "record/value.h"

#define RECONCILE_BYTES_MAX      ((size_t)1 << 20) /* of one batch */
#define RECONCILE_QUERIES_MAX    50                /* in one batch */
#define RECONCILE_TEXT_BYTES_MAX 1000              /* of a query's text; a value */
#define RECONCILE_LIMIT_MAX      25  /* candidates of one query; more are cut off */
#define RECONCILE_LIMIT          5   /* when the query names none */
#define RECONCILE_TYPES_MAX      16  /* of one query */
#define RECONCILE_PROPERTIES_MAX 20  /* of one query or extension */
#define RECONCILE_VALUES_MAX     10  /* of one property */
#define RECONCILE_IDS_MAX        200 /* of one extension */

struct reconcile_property {
    struct str pid;
    struct str value[RECONCILE_VALUES_MAX]; /* text; of an entity its id */
    size_t values;
};
struct reconcile_query {
    struct str key; /* the client's name for it */
    struct str text;
    struct str type[RECONCILE_TYPES_MAX];
    size_t types;
    unsigned limit; /* 1..RECONCILE_LIMIT_MAX */
    struct reconcile_property *property;
    size_t properties;
};
struct reconcile_batch {
    struct reconcile_query *query; /* in order of their keys */
    size_t n;
};
struct reconcile_extension {
    struct str *id;
    size_t ids;
    struct str property[RECONCILE_PROPERTIES_MAX];
    size_t properties;
};

/* Text is NFC and lives in a. Errors: SYNTAX (not JSON, or not of the shape), RANGE (a limit), MEMORY; *out is
 * unchanged. */
enum cau_err reconcile_read_queries(struct arena *a, struct str json,
                                    struct reconcile_batch *out);
enum cau_err reconcile_read_extension(struct arena *a, struct str json,
                                      struct reconcile_extension *out);

#endif
