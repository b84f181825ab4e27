/* Leaves: what is accepted is its own canonical form, for our JSON reader too. */
#include "ledger/leaf.h"
#include "record/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(16) unsigned char space[1 << 20];

static void check_leaf(struct str text)
{
    struct leaf x;
    if (leaf_read(text, &x) != CAU_OK)
        return;
    struct buf b = buf_new(LEAF_BYTES_MAX);
    must(leaf_check(&x) == CAU_OK && leaf_write(&x, &b) == CAU_OK);
    must(str_equal(buf_str(&b), text));
    buf_free(&b);
    struct arena a = {space, sizeof space, 0};
    struct value v;
    must(json_read_canonical(&a, text, LEAF_BYTES_MAX, &v, NULL) == CAU_OK);
    must(str_equal(value_get_str(&v, "node"), x.node) && value_get_int(&v, "t", 0) == x.t);
    const struct key_public key = {{1}};
    must(leaf_verify(&x, &key) == CAU_ERR_CORRUPT);
}

static void check_names(struct str text)
{
    struct str node, aud;
    struct leaf_id id;
    struct key_id key;
    char out[LEAF_KEY_CHARS];
    if (leaf_read_origin(text, &node, &aud) == CAU_OK) {
        struct buf b = buf_new(LEAF_ORIGIN_MAX);
        leaf_write_origin(node, aud, &b);
        must(str_equal(buf_str(&b), text) && leaf_audience_base(aud).len > 0);
        buf_free(&b);
    }
    if (leaf_read_rid(text, &id) == CAU_OK) {
        leaf_write_rid(&id, out);
        must(str_equal(text, (struct str){out, LEAF_ID_CHARS}));
    }
    if (leaf_read_org(text, &id) == CAU_OK) {
        leaf_write_org(&id, out);
        must(str_equal(text, (struct str){out, LEAF_ID_CHARS}));
    }
    if (leaf_read_key(text, &key) == CAU_OK) {
        leaf_write_key(&key, out);
        must(str_equal(text, (struct str){out, LEAF_KEY_CHARS}));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    check_leaf(text);
    check_names(text);
    return 0;
}
