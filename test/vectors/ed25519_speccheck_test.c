/* ed25519-speccheck: of twelve hard cases only number 3 verifies, and none under an admitted key. */
#include "ledger/key.h"
#include "vectors.h"

#define SET "ed25519-speccheck"

static void accepts_case_3_only(void **state)
{
    (void)state;
    struct value all = vectors_json(SET, "cases.json");
    check(all.n == 12);
    for (uint32_t i = 0; i < all.n; i++) {
        struct str k = vectors_hex(value_get_str(&all.item[i], "pub_key"));
        struct str s = vectors_hex(value_get_str(&all.item[i], "signature"));
        struct str m = vectors_hex(value_get_str(&all.item[i], "message"));
        struct key_public key;
        struct key_sig sig;
        check(k.len == sizeof key.b && s.len == sizeof sig.b);
        memcpy(key.b, k.p, sizeof key.b);
        memcpy(sig.b, s.p, sizeof sig.b);
        bool good = key_verify(&key, m, &sig) == CAU_OK;
        check(good == (i == 3));
        check(!good || !key_admissible(&key));
    }
    printf("vectors/" SET ": 12 of 12\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(accepts_case_3_only)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
