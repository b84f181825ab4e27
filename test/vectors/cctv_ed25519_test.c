/* CCTV: 914 edge cases pin the one rule by which every node accepts a signature. */
#include "ledger/key.h"
#include "vectors.h"

#define SET "cctv-ed25519"

enum { CASES = 914 };

static struct str map_of(const char *head) /* one digit a case: 1 is accepted */
{
    struct str rest = vectors_read(SET, "accept-libsodium.txt");
    while (rest.len > 0) {
        struct str line = str_next(&rest, '\n');
        if (str_starts(line, str_of(head)))
            return str_from(line, strlen(head));
    }
    fail_msg("no line %s", head);
    return rest;
}

static void accepts_exactly_the_map(void **state)
{
    (void)state;
    struct str verify = map_of("verify "), admitted = map_of("admitted ");
    struct value all = vectors_json(SET, "ed25519/ed25519vectors.json");
    check(all.n == CASES && verify.len == CASES && admitted.len == CASES);
    size_t verified = 0, under_admitted = 0;
    for (uint32_t i = 0; i < all.n; i++) {
        const struct value *c = &all.item[i];
        struct str k = vectors_hex(value_get_str(c, "key"));
        struct str s = vectors_hex(value_get_str(c, "sig"));
        struct key_public key;
        struct key_sig sig;
        check(value_get_int(c, "number", -1) == i && k.len == sizeof key.b &&
              s.len == sizeof sig.b);
        memcpy(key.b, k.p, sizeof key.b);
        memcpy(sig.b, s.p, sizeof sig.b);
        bool good = key_verify(&key, value_get_str(c, "msg"), &sig) == CAU_OK;
        check(good == (verify.p[i] == '1'));
        check((good && key_admissible(&key)) == (admitted.p[i] == '1'));
        verified += good;
        if (good && key_admissible(&key)) {
            under_admitted++;
            check(i == 305);
        }
    }
    printf("vectors/" SET ": %d of 914, %zu verify, %zu under an admitted key\n", CASES,
           verified, under_admitted);
    check(verified == 43 && under_admitted == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(accepts_exactly_the_map)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
