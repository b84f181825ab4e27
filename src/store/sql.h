/* sql.h - statements of a connection: prepared once, bound by position, stepped.
 *
 * A statement is known by the address of its text, which must be a literal. One use of a statement ends
 * (sql_end) before the next begins. */
#ifndef CAU_STORE_SQL_H
#define CAU_STORE_SQL_H

#include "base/base.h"
#include "base/digest.h"
#include "store/store.h"

#define SQL_STATEMENTS_MAX 192 /* different ones on a connection */
#define SQL_ARGS_MAX       24  /* of one statement */

enum sql_type { SQL_NULL, SQL_INT, SQL_TEXT, SQL_BLOB };

struct sql_arg {
    enum sql_type type;
    int64_t number;
    struct str bytes; /* must live until sql_end */
};

struct sql_arg sql_of_int(int64_t number);
struct sql_arg sql_of_text(struct str text); /* NULL bytes are bound as an empty text */
struct sql_arg sql_of_blob(struct str bytes);
struct sql_arg sql_of_digest(const struct digest *d);
struct sql_arg sql_or_null(struct sql_arg arg); /* NULL in place of an empty text or blob */

#define SQL_ARGS(...)                                                                          \
    (const struct sql_arg[]){__VA_ARGS__},                                                     \
        sizeof((const struct sql_arg[]){__VA_ARGS__}) / sizeof(struct sql_arg)
#define SQL_NO_ARGS NULL, 0

/* A statement at work; err is its first failure. */
struct sql {
    struct sqlite3_stmt *stmt;
    enum cau_err err;
};

struct sql sql_start(struct store *s, const char *text, const struct sql_arg *arg, size_t n);
bool sql_next(struct sql *q); /* true: there is a row; false: the end, or a failure */
int64_t sql_int(const struct sql *q, int column);
struct str sql_bytes(const struct sql *q,
                     int column); /* text or blob; a view until the next step */
bool sql_is_null(const struct sql *q, int column);
/* A blob of exactly 32 bytes. CORRUPT (noted in q too) when it is not. */
enum cau_err sql_digest(struct sql *q, int column, struct digest *out);
enum cau_err sql_end(struct sql *q); /* to be called once; its first failure */

/* Runs a statement that gives no rows. */
enum cau_err sql_do(struct store *s, const char *text, const struct sql_arg *arg, size_t n);
/* The first column of the first row. Errors: UNKNOWN (no row), MEMORY. */
enum cau_err sql_get_int(struct store *s, const char *text, const struct sql_arg *arg, size_t n,
                         int64_t *out);
enum cau_err sql_get_bytes(struct store *s, struct arena *a, const char *text,
                           const struct sql_arg *arg, size_t n, struct str *out);
int64_t sql_changed(const struct store *s); /* rows the last statement changed */
int64_t sql_last_id(const struct store *s); /* row number of the last insert */

#endif
