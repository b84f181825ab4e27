#include "store/sql.h"

#include "store/store_int.h"

struct sql_arg sql_of_int(int64_t number)
{
    return (struct sql_arg){SQL_INT, number, {NULL, 0}};
}

struct sql_arg sql_of_text(struct str text)
{
    return (struct sql_arg){SQL_TEXT, 0, text};
}

struct sql_arg sql_of_blob(struct str bytes)
{
    return (struct sql_arg){SQL_BLOB, 0, bytes};
}

struct sql_arg sql_of_digest(const struct digest *d)
{
    return sql_of_blob(digest_str(d));
}

struct sql_arg sql_or_null(struct sql_arg arg)
{
    return arg.type == SQL_INT || arg.bytes.len > 0 ? arg : (struct sql_arg){0};
}

static int bind(sqlite3_stmt *stmt, int at, const struct sql_arg *arg)
{
    const char *p = arg->bytes.p == NULL ? "" : arg->bytes.p; /* NULL would be bound as NULL */
    switch (arg->type) {
    case SQL_NULL:
        return sqlite3_bind_null(stmt, at);
    case SQL_INT:
        return sqlite3_bind_int64(stmt, at, arg->number);
    case SQL_TEXT:
        return sqlite3_bind_text64(stmt, at, p, arg->bytes.len, SQLITE_STATIC, SQLITE_UTF8);
    case SQL_BLOB:
        return sqlite3_bind_blob64(stmt, at, p, arg->bytes.len, SQLITE_STATIC);
    }
    return SQLITE_MISUSE;
}

static enum cau_err prepared(struct store *s, const char *text, sqlite3_stmt **out)
{
    size_t at = (size_t)((uintptr_t)text * UINT64_C(0x9e3779b97f4a7c15) >> 56) % STORE_SLOTS;
    while (s->slot[at].text != NULL && s->slot[at].text != text)
        at = (at + 1) % STORE_SLOTS;
    struct store_slot *slot = &s->slot[at];
    if (slot->text == NULL) {
        must(s->statements < SQL_STATEMENTS_MAX);
        int rc =
            sqlite3_prepare_v3(s->db, text, -1, SQLITE_PREPARE_PERSISTENT, &slot->stmt, NULL);
        if (rc != SQLITE_OK)
            return store_err(rc);
        slot->text = text;
        s->statements++;
    }
    *out = slot->stmt;
    return CAU_OK;
}

struct sql sql_start(struct store *s, const char *text, const struct sql_arg *arg, size_t n)
{
    struct sql q = {NULL, CAU_OK};
    must(n <= SQL_ARGS_MAX);
    q.err = prepared(s, text, &q.stmt);
    if (q.err != CAU_OK) {
        q.stmt = NULL;
        return q;
    }
    must(!sqlite3_stmt_busy(q.stmt));
    must(sqlite3_bind_parameter_count(q.stmt) == (int)n);
    for (size_t i = 0; i < n; i++) {
        int rc = bind(q.stmt, (int)i + 1, &arg[i]);
        if (rc != SQLITE_OK)
            q.err = store_err(rc);
    }
    return q;
}

bool sql_next(struct sql *q)
{
    if (q->err != CAU_OK)
        return false;
    int rc = sqlite3_step(q->stmt);
    if (rc == SQLITE_ROW)
        return true;
    if (rc != SQLITE_DONE)
        q->err = store_err(rc);
    return false;
}

int64_t sql_int(const struct sql *q, int column)
{
    return sqlite3_column_int64(q->stmt, column);
}

struct str sql_bytes(const struct sql *q, int column)
{
    const void *p = sqlite3_column_blob(q->stmt, column); /* a text's bytes are not changed */
    return (struct str){p, (size_t)sqlite3_column_bytes(q->stmt, column)};
}

bool sql_is_null(const struct sql *q, int column)
{
    return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

enum cau_err sql_digest(struct sql *q, int column, struct digest *out)
{
    struct str b = sql_bytes(q, column);
    if (b.len != sizeof out->b)
        return q->err = CAU_ERR_CORRUPT;
    for (size_t i = 0; i < sizeof out->b; i++)
        out->b[i] = (unsigned char)b.p[i];
    return CAU_OK;
}

enum cau_err sql_end(struct sql *q)
{
    if (q->stmt != NULL)
        sqlite3_reset(q->stmt); /* its code repeats what step said */
    q->stmt = NULL;
    return q->err;
}

enum cau_err sql_do(struct store *s, const char *text, const struct sql_arg *arg, size_t n)
{
    struct sql q = sql_start(s, text, arg, n);
    while (sql_next(&q))
        ;
    return sql_end(&q);
}

enum cau_err sql_get_int(struct store *s, const char *text, const struct sql_arg *arg, size_t n,
                         int64_t *out)
{
    struct sql q = sql_start(s, text, arg, n);
    if (sql_next(&q))
        *out = sql_int(&q, 0);
    else if (q.err == CAU_OK)
        q.err = CAU_ERR_UNKNOWN;
    return sql_end(&q);
}

enum cau_err sql_get_bytes(struct store *s, struct arena *a, const char *text,
                           const struct sql_arg *arg, size_t n, struct str *out)
{
    struct sql q = sql_start(s, text, arg, n);
    if (sql_next(&q))
        q.err = arena_copy(a, sql_bytes(&q, 0), out);
    else if (q.err == CAU_OK)
        q.err = CAU_ERR_UNKNOWN;
    return sql_end(&q);
}

int64_t sql_changed(const struct store *s)
{
    return sqlite3_changes64(s->db);
}

int64_t sql_last_id(const struct store *s)
{
    return sqlite3_last_insert_rowid(s->db);
}
