/* The 1,024 vectors of the Ed25519 authors: secret || public : public : message : sig || message : */
#include "ledger/key.h"
#include "vectors.h"

#define SET "ed25519-djb-signinput"

static void one(struct str line)
{
    struct str secret = vectors_hex(str_next(&line, ':'));
    struct str public_key = vectors_hex(str_next(&line, ':'));
    struct str message = vectors_hex(str_next(&line, ':'));
    struct str signed_message = vectors_hex(str_next(&line, ':'));
    struct key_pair pair;
    check(secret.len == 64 && public_key.len == 32);
    check(signed_message.len == KEY_SIG_BYTES + message.len);
    check(key_from_seed((const unsigned char *)secret.p, &pair) == CAU_OK);
    check(memcmp(pair.public_key.b, public_key.p, 32) == 0);
    struct key_sig sig = key_sign(&pair, message);
    check(memcmp(sig.b, signed_message.p, sizeof sig.b) == 0);
    check(key_verify(&pair.public_key, message, &sig) == CAU_OK);
    check(key_admissible(&pair.public_key));
    key_drop(&pair);
}

static void signs_byte_for_byte(void **state)
{
    (void)state;
    struct str rest = vectors_read(SET, "sign.input");
    size_t n = 0;
    for (; rest.len > 0; n++)
        one(str_next(&rest, '\n'));
    printf("vectors/" SET ": %zu of 1024\n", n);
    check(n == 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(signs_byte_for_byte)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
