#include "store/keys.h"

#include <string.h>

#include "base/digest.h"
#include "base/file.h"

enum cau_err keys_make_node(const char *path, struct keys_node *out)
{
    char text[DIGEST_HEX(KEY_BYTES) + 1];
    digest_random(out->b, sizeof out->b);
    digest_to_hex(out->b, sizeof out->b, text);
    text[sizeof text - 1] = '\n';
    enum cau_err err = file_write(path, (struct str){text, sizeof text}, 0600);
    explicit_bzero(text, sizeof text);
    return err;
}

enum cau_err keys_read_node(const char *path, struct keys_node *out)
{
    struct arena a = arena_new(1 << 17);
    struct str text;
    enum cau_err err = file_read(&a, path, DIGEST_HEX(KEY_BYTES) + 1, &text);
    if (err == CAU_OK && digest_from_hex(str_trim(text), out->b, sizeof out->b) != CAU_OK)
        err = CAU_ERR_CORRUPT;
    explicit_bzero(a.base, a.used); /* the text of a secret */
    arena_free(&a);
    return err == CAU_ERR_RANGE ? CAU_ERR_CORRUPT : err;
}

void keys_forget(struct keys_node *k)
{
    explicit_bzero(k, sizeof *k);
}

static struct str id_bytes(const struct key_id *id)
{
    return (struct str){(const char *)id->b, sizeof id->b};
}

enum cau_err keys_add(struct store *s, const struct keys_node *k, struct str use,
                      const struct key_pair *pair)
{
    unsigned char wrapped[KEY_WRAPPED_BYTES];
    struct key_id id = key_id_of(&pair->public_key);
    key_wrap(pair, k->b, wrapped);
    return sql_do(s, "INSERT INTO node_key VALUES(?,?,?)",
                  SQL_ARGS(sql_of_text(use), sql_of_blob(id_bytes(&id)),
                           sql_of_blob((struct str){(char *)wrapped, sizeof wrapped})));
}

enum cau_err keys_get(struct store *s, const struct keys_node *k, struct str use,
                      struct key_pair *out)
{
    struct sql q = sql_start(s, "SELECT key_id, wrapped FROM node_key WHERE use = ?",
                             SQL_ARGS(sql_of_text(use)));
    if (sql_next(&q)) {
        struct str id_text = sql_bytes(&q, 0), wrapped = sql_bytes(&q, 1);
        struct key_id id;
        if (id_text.len != sizeof id.b || wrapped.len != KEY_WRAPPED_BYTES) {
            q.err = CAU_ERR_CORRUPT;
        } else {
            memcpy(id.b, id_text.p, sizeof id.b);
            q.err = key_unwrap((const unsigned char *)wrapped.p, &id, k->b, out);
        }
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    return sql_end(&q);
}

enum cau_err keys_add_subject(struct store *s, const struct keys_node *k, struct str subject,
                              const unsigned char key[KEY_BYTES])
{
    struct buf wrapped = buf_new(KEY_WRAPPED_BYTES);
    key_seal(&wrapped, k->b, subject, (struct str){(const char *)key, KEY_BYTES});
    enum cau_err err = wrapped.failed ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK)
        err = sql_do(s, "INSERT INTO subject_key VALUES(?,?)",
                     SQL_ARGS(sql_of_blob(subject), sql_of_blob(buf_str(&wrapped))));
    buf_free(&wrapped);
    return err;
}

enum cau_err keys_get_subject(struct store *s, const struct keys_node *k, struct str subject,
                              unsigned char key[KEY_BYTES])
{
    struct buf plain = buf_new(KEY_BYTES + 1); /* key_open wants one more */
    struct sql q = sql_start(s, "SELECT wrapped FROM subject_key WHERE subject = ?",
                             SQL_ARGS(sql_of_blob(subject)));
    if (sql_next(&q)) {
        q.err = key_open(&plain, k->b, subject, sql_bytes(&q, 0));
        if (q.err == CAU_OK && plain.len == KEY_BYTES)
            memcpy(key, plain.p, KEY_BYTES);
        else if (q.err != CAU_ERR_MEMORY)
            q.err = CAU_ERR_CORRUPT;
    } else if (q.err == CAU_OK) {
        q.err = CAU_ERR_UNKNOWN;
    }
    if (plain.p != NULL)
        explicit_bzero(plain.p, plain.len);
    buf_free(&plain);
    return sql_end(&q);
}

enum cau_err keys_erase_subject(struct store *s, struct str subject)
{
    return sql_do(s, "DELETE FROM subject_key WHERE subject = ?",
                  SQL_ARGS(sql_of_blob(subject)));
}
