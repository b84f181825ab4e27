#include "store/attachment.h"

#include "store/sql.h"

enum cau_err attachment_put(struct store *s, struct str media, struct str bytes,
                            int64_t made_ms)
{
    if (bytes.len == 0 || bytes.len > ATTACHMENT_BYTES_MAX || media.len == 0 ||
        media.len > ATTACHMENT_MEDIA_BYTES_MAX)
        return CAU_ERR_RANGE;
    struct digest hash = digest_sha256(&bytes, 1);
    return sql_do(s,
                  "INSERT INTO attachment(hash, media, uses, made_ms, bytes) VALUES(?,?,1,?,?)"
                  " ON CONFLICT(hash) DO UPDATE SET uses = uses + 1",
                  SQL_ARGS(sql_of_digest(&hash), sql_of_text(media), sql_of_int(made_ms),
                           sql_of_blob(bytes)));
}

enum cau_err attachment_drop(struct store *s, const struct digest *hash)
{
    enum cau_err err = sql_do(s, "UPDATE attachment SET uses = uses - 1 WHERE hash = ?",
                              SQL_ARGS(sql_of_digest(hash)));
    return err == CAU_OK ? sql_do(s, "DELETE FROM attachment WHERE hash = ? AND uses <= 0",
                                  SQL_ARGS(sql_of_digest(hash)))
                         : err;
}

enum cau_err attachment_erase(struct store *s, const struct digest *hash)
{
    return sql_do(s, "DELETE FROM attachment WHERE hash = ?", SQL_ARGS(sql_of_digest(hash)));
}

enum cau_err attachment_find(struct store *s, struct arena *a, const struct digest *hash,
                             struct attachment *out)
{
    struct attachment found = {.size = 0};
    struct sql q =
        sql_start(s, "SELECT length(bytes), made_ms, media FROM attachment WHERE hash = ?",
                  SQL_ARGS(sql_of_digest(hash)));
    bool there = sql_next(&q);
    if (there) {
        found.size = (uint64_t)sql_int(&q, 0);
        found.made_ms = sql_int(&q, 1);
        q.err = arena_copy(a, sql_bytes(&q, 2), &found.media);
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK && !there)
        err = CAU_ERR_UNKNOWN;
    if (err == CAU_OK)
        *out = found;
    return err;
}

enum cau_err attachment_read(struct store *s, const struct digest *hash, struct buf *out)
{
    struct sql q = sql_start(s, "SELECT bytes FROM attachment WHERE hash = ?",
                             SQL_ARGS(sql_of_digest(hash)));
    bool there = sql_next(&q);
    if (there) {
        struct str bytes = sql_bytes(&q, 0);
        struct digest now = digest_sha256(&bytes, 1);
        if (digest_equal(&now, hash))
            buf_add(out, bytes);
        else
            q.err = CAU_ERR_CORRUPT;
    }
    enum cau_err err = sql_end(&q);
    if (err == CAU_OK && !there)
        err = CAU_ERR_UNKNOWN;
    return err == CAU_OK && out->failed ? CAU_ERR_MEMORY : err;
}

enum cau_err attachment_check(struct store *s,
                              void (*bad)(void *ctx, const struct digest *hash), void *ctx)
{
    struct sql q =
        sql_start(s, "SELECT hash, bytes FROM attachment ORDER BY hash", SQL_NO_ARGS);
    while (sql_next(&q)) {
        struct digest hash, now;
        struct str bytes = sql_bytes(&q, 1);
        now = digest_sha256(&bytes, 1);
        if (sql_digest(&q, 0, &hash) == CAU_OK && !digest_equal(&now, &hash))
            bad(ctx, &hash);
    }
    return sql_end(&q);
}
