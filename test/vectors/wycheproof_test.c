/* Wycheproof: Ed25519 verification and XChaCha20-Poly1305. */
#include "ledger/key.h"
#include "vectors.h"

#define SET "wycheproof"

static bool wanted(const struct value *test)
{
    return str_is(value_get_str(test, "result"), "valid");
}

static bool verifies(struct str pk, const struct value *test)
{
    struct str msg = vectors_hex(value_get_str(test, "msg"));
    struct str sig = vectors_hex(value_get_str(test, "sig"));
    struct key_public key;
    struct key_sig s;
    if (pk.len != sizeof key.b || sig.len != sizeof s.b)
        return false;
    memcpy(key.b, pk.p, sizeof key.b);
    memcpy(s.b, sig.p, sizeof s.b);
    return key_verify(&key, msg, &s) == CAU_OK;
}

static void ed25519(void **state)
{
    (void)state;
    struct value all = vectors_json(SET, "testvectors_v1/ed25519_test.json");
    const struct value *group = value_get(&all, "testGroups");
    size_t n = 0, valid = 0;
    for (uint32_t g = 0; g < group->n; g++) {
        const struct value *tests = value_get(&group->item[g], "tests");
        struct str pk =
            vectors_hex(value_get_str(value_get(&group->item[g], "publicKey"), "pk"));
        for (uint32_t i = 0; i < tests->n; i++, n++) {
            check(verifies(pk, &tests->item[i]) == wanted(&tests->item[i]));
            valid += wanted(&tests->item[i]);
        }
    }
    printf("vectors/" SET ": Ed25519 %zu of 151, %zu valid\n", n, valid);
    check(n == 151 && valid == 88);
}

static bool opens(const struct value *test)
{
    struct str key = vectors_hex(value_get_str(test, "key"));
    struct str iv = vectors_hex(value_get_str(test, "iv"));
    struct buf sealed = buf_new(1 << 20), text = buf_new(1 << 20);
    if (iv.len != 24) { /* has no place in our format: refused before any cipher */
        check(key.len == KEY_BYTES);
        return false;
    }
    buf_add(&sealed, iv);
    buf_add(&sealed, vectors_hex(value_get_str(test, "ct")));
    buf_add(&sealed, vectors_hex(value_get_str(test, "tag")));
    check(key.len == KEY_BYTES);
    bool good = key_open(&text, (const unsigned char *)key.p,
                         vectors_hex(value_get_str(test, "aad")), buf_str(&sealed)) == CAU_OK;
    if (good)
        check(str_equal(buf_str(&text), vectors_hex(value_get_str(test, "msg"))));
    buf_free(&sealed);
    buf_free(&text);
    return good;
}

static void xchacha20_poly1305(void **state)
{
    (void)state;
    struct value all = vectors_json(SET, "testvectors_v1/xchacha20_poly1305_test.json");
    const struct value *group = value_get(&all, "testGroups");
    size_t n = 0, valid = 0;
    for (uint32_t g = 0; g < group->n; g++) {
        const struct value *tests = value_get(&group->item[g], "tests");
        for (uint32_t i = 0; i < tests->n; i++, n++) {
            check(opens(&tests->item[i]) == wanted(&tests->item[i]));
            valid += wanted(&tests->item[i]);
        }
    }
    printf("vectors/" SET ": XChaCha20-Poly1305 %zu of 315, %zu valid\n", n, valid);
    check(n == 315 && valid == 246);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ed25519),
                                       cmocka_unit_test(xchacha20_poly1305)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
