#include "ledger/key.h"

#include <string.h>

#include "base/digest.h"
#include "test.h"

static const unsigned char seed[KEY_BYTES] = {7};
static const unsigned char node_key[KEY_BYTES] = {9};

static void library_is_sound(void **state)
{
    (void)state;
    check(key_self_test() == CAU_OK);
}

static void signs_and_verifies(void **state)
{
    (void)state;
    struct key_pair a, b;
    check(key_from_seed(seed, &a) == CAU_OK && key_make(&b) == CAU_OK);
    check(key_admissible(&a.public_key) && key_admissible(&b.public_key));
    struct key_sig sig = key_sign(&a, STR("cầu"));
    check(key_verify(&a.public_key, STR("cầu"), &sig) == CAU_OK);
    check(key_verify(&a.public_key, STR("cầu "), &sig) == CAU_ERR_CORRUPT);
    check(key_verify(&b.public_key, STR("cầu"), &sig) == CAU_ERR_CORRUPT);
    for (size_t i = 0; i < sizeof sig.b; i++) {
        sig.b[i] ^= 1;
        check(key_verify(&a.public_key, STR("cầu"), &sig) == CAU_ERR_CORRUPT);
        sig.b[i] ^= 1;
    }
    sig = key_sign(&a, (struct str){NULL, 0});
    check(key_verify(&a.public_key, (struct str){NULL, 0}, &sig) == CAU_OK);
    key_drop(&a);
    check(a.secret == NULL);
    key_drop(&a); /* nothing to do, no harm */
    key_drop(&b);
}

static void names_keys(void **state)
{
    (void)state;
    struct key_public zero = {{0}}, one = {{1}};
    struct key_id x = key_id_of(&zero), y = key_id_of(&one);
    static const char text[12 + 32 - 1] = "cau/key/v1";
    struct digest want = digest_of((struct str){text, 11 + 32});
    check(memcmp(x.b, want.b, sizeof x.b) == 0);
    check(key_id_equal(&x, &x) && !key_id_equal(&x, &y));
}

static void refuses_bad_points(void **state)
{
    (void)state;
    struct key_public zero = {{0}}, mixed;
    check(!key_admissible(&zero));
    memset(mixed.b, 0x99, sizeof mixed.b); /* the base point plus the point of order two */
    mixed.b[0] = 0x95;
    check(!key_admissible(&mixed));
    struct key_public base;
    memset(base.b, 0x66, sizeof base.b);
    base.b[0] = 0x58;
    check(key_admissible(&base));
}

static void seals_and_opens(void **state)
{
    (void)state;
    struct buf sealed = buf_new(4096), again = buf_new(4096), text = buf_new(4096);
    key_seal(&sealed, node_key, STR("about"), STR("Nguyễn"));
    key_seal(&again, node_key, STR("about"), STR("Nguyễn"));
    check(!sealed.failed && sealed.len == strlen("Nguyễn") + KEY_SEAL_BYTES);
    check(!str_equal(buf_str(&sealed), buf_str(&again))); /* another nonce */
    buf_add_word(&text, "> ");
    check(key_open(&text, node_key, STR("about"), buf_str(&sealed)) == CAU_OK);
    check(str_is(buf_str(&text), "> Nguyễn"));
    check(key_open(&text, node_key, STR("else"), buf_str(&sealed)) == CAU_ERR_CORRUPT);
    check(key_open(&text, seed, STR("about"), buf_str(&sealed)) == CAU_ERR_CORRUPT);
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.p[i] ^= 1;
        check(key_open(&text, node_key, STR("about"), buf_str(&sealed)) == CAU_ERR_CORRUPT);
        sealed.p[i] ^= 1;
    }
    struct str cut = str_to(buf_str(&sealed), KEY_SEAL_BYTES - 1);
    check(key_open(&text, node_key, STR("about"), cut) == CAU_ERR_SYNTAX);
    check(key_open(&text, node_key, STR("about"), (struct str){sealed.p, KEY_SEALED_MAX + 1}) ==
          CAU_ERR_RANGE);
    check(str_is(buf_str(&text), "> Nguyễn")); /* failures add nothing */

    buf_reset(&sealed);
    buf_reset(&text);
    key_seal(&sealed, node_key, (struct str){NULL, 0}, (struct str){NULL, 0});
    check(key_open(&text, node_key, (struct str){NULL, 0}, buf_str(&sealed)) == CAU_OK);
    check(text.len == 0);
    struct buf narrow = buf_new(KEY_SEAL_BYTES);
    key_seal(&narrow, node_key, STR(""), STR("x"));
    check(narrow.failed);
    key_seal(&again, node_key, STR(""), (struct str){"", KEY_SEALED_MAX});
    check(again.failed);
    buf_free(&narrow);
    buf_free(&sealed);
    buf_free(&again);
    buf_free(&text);
}

static void wraps_secret_keys(void **state)
{
    (void)state;
    struct key_pair a, b;
    unsigned char wrapped[KEY_WRAPPED_BYTES];
    check(key_from_seed(seed, &a) == CAU_OK);
    struct key_id id = key_id_of(&a.public_key), other = id;
    key_wrap(&a, node_key, wrapped);
    check(key_unwrap(wrapped, &id, node_key, &b) == CAU_OK);
    struct key_sig x = key_sign(&a, STR("m")), y = key_sign(&b, STR("m"));
    check(memcmp(x.b, y.b, sizeof x.b) == 0);
    key_drop(&b);
    other.b[0] ^= 1;
    check(key_unwrap(wrapped, &other, node_key, &b) == CAU_ERR_CORRUPT);
    check(key_unwrap(wrapped, &id, seed, &b) == CAU_ERR_CORRUPT);
    wrapped[KEY_WRAPPED_BYTES - 1] ^= 1;
    check(key_unwrap(wrapped, &id, node_key, &b) == CAU_ERR_CORRUPT);
    check(b.secret == NULL); /* failures touch nothing */
    key_drop(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(library_is_sound), cmocka_unit_test(signs_and_verifies),
        cmocka_unit_test(names_keys),       cmocka_unit_test(refuses_bad_points),
        cmocka_unit_test(seals_and_opens),  cmocka_unit_test(wraps_secret_keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
