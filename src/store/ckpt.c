#include "store/ckpt.h"

enum cau_err ckpt_get(struct store *s, struct str origin, struct ckpt_last *out)
{
    struct ckpt_last last = {.origin = origin};
    struct sql q = sql_start(s, "SELECT size, root FROM last WHERE origin = ?",
                             SQL_ARGS(sql_of_text(origin)));
    if (sql_next(&q)) {
        last.size = (uint64_t)sql_int(&q, 0);
        sql_digest(&q, 1, &last.root);
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK)
        *out = last;
    return err;
}

static enum cau_err swap_one(struct store *s, const struct ckpt_change *c)
{
    must(str_equal(c->from.origin, c->to.origin) && c->to.size >= c->from.size);
    enum cau_err err = sql_do(
        s, "UPDATE last SET size = ?, root = ? WHERE origin = ? AND size = ? AND root = ?",
        SQL_ARGS(sql_of_int((int64_t)c->to.size), sql_of_digest(&c->to.root),
                 sql_of_text(c->to.origin), sql_of_int((int64_t)c->from.size),
                 sql_of_digest(&c->from.root)));
    return err == CAU_OK && sql_changed(s) != 1 ? CAU_ERR_STALE : err;
}

enum cau_err ckpt_swap(struct store *s, const struct ckpt_change *change, size_t n)
{
    enum cau_err err = store_begin(s);
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = swap_one(s, &change[i]);
    if (err == CAU_OK)
        return store_commit(s);
    store_undo(s);
    return err;
}

enum cau_err ckpt_set(struct store *s, const struct ckpt_last *last, size_t n)
{
    enum cau_err err = store_begin(s);
    for (size_t i = 0; i < n && err == CAU_OK; i++)
        err = sql_do(s, "INSERT OR REPLACE INTO last VALUES(?,?,?)",
                     SQL_ARGS(sql_of_text(last[i].origin), sql_of_int((int64_t)last[i].size),
                              sql_of_digest(&last[i].root)));
    if (err == CAU_OK)
        return store_commit(s);
    store_undo(s);
    return err;
}
