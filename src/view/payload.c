#include "view/node_int.h"

#include <string.h>

/* A sealed body opens to r and the payload, with the key of its subject and the commitment beside it. */
static enum cau_err unseal(struct store *keys, const struct keys_node *key, struct arena *a,
                           const struct entries_payload *p, struct node_payload *out)
{
    unsigned char secret[KEY_BYTES];
    if (keys == NULL)
        return CAU_ERR_IO;
    enum cau_err err = keys_get_subject(keys, key, p->subject, secret);
    if (err != CAU_OK)
        return err == CAU_ERR_UNKNOWN ? CAU_ERR_CORRUPT : err;
    struct buf plain =
        buf_new(sizeof out->r + PAYLOAD_BYTES_MAX + 1); /* key_open wants one more */
    struct str text = {NULL, 0};
    err = key_open(&plain, secret, digest_str(&p->commitment), p->body);
    explicit_bzero(secret, sizeof secret);
    if (err == CAU_OK && plain.len < sizeof out->r)
        err = CAU_ERR_CORRUPT;
    if (err == CAU_OK)
        err = arena_copy(a, str_from(buf_str(&plain), sizeof out->r), &text);
    if (err == CAU_OK) {
        memcpy(out->r.b, plain.p, sizeof out->r);
        out->body = text;
    }
    if (plain.p != NULL)
        explicit_bzero(plain.p, plain.len);
    buf_free(&plain);
    return err;
}

enum cau_err node_payload_at(struct store *s, struct store *keys, const struct keys_node *key,
                             struct arena *a, int64_t place, struct node_payload *out)
{
    struct entries_payload p;
    enum cau_err err = entries_get_payload(s, a, place, &p);
    if (err != CAU_OK)
        return err;
    struct node_payload x = {.redacted = p.state == ENTRIES_REDACTED,
                             .commitment = p.commitment};
    if (!x.redacted && p.subject.len > 0) {
        err = unseal(keys, key, a, &p, &x);
    } else if (!x.redacted) {
        memcpy(x.r.b, p.r.p, sizeof x.r);
        x.body = p.body;
    }
    if (err == CAU_OK && !x.redacted) {
        struct digest again = leaf_commit(&x.r, x.body);
        if (!digest_equal(&again, &x.commitment))
            err = CAU_ERR_CORRUPT;
    }
    if (err == CAU_OK)
        *out = x;
    return err;
}
