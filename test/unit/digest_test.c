#include "base/digest.h"
#include "test.h"

#include <string.h>

static void text_forms_go_round(void **state)
{
    (void)state;
    char text[64];
    unsigned char back[32];
    struct digest d = digest_of(STR("abc"));
    digest_to_hex(d.b, 32, text);
    check(memcmp(text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                 64) == 0);
    check(digest_from_hex((struct str){text, 64}, back, 32) == CAU_OK &&
          memcmp(back, d.b, 32) == 0);
    const struct str parts[] = {STR("a"), STR(""), STR("bc")};
    struct digest same = digest_sha256(parts, 3);
    check(digest_equal(&same, &d));

    digest_to_base32("\0\x01\x02\x03", 4, text);
    check(memcmp(text, "aaaqeay", 7) == 0 && DIGEST_BASE32(4) == 7);
    check(digest_from_base32(STR("aaaqeay"), back, 4) == CAU_OK && back[3] == 3);
    check(digest_from_base32(STR("aaaqeaz"), back, 4) == CAU_ERR_SYNTAX); /* unused bits set */
    check(digest_from_base32(STR("AAAQEAY"), back, 4) == CAU_ERR_SYNTAX);

    digest_to_url64(d.b, 32, text);
    check(digest_from_url64((struct str){text, 43}, back, 32) == CAU_OK &&
          memcmp(back, d.b, 32) == 0);
    check(digest_from_url64(STR("abc="), back, 2) == CAU_ERR_SYNTAX);

    size_t n = 0;
    digest_to_base64("hello", 5, text);
    check(memcmp(text, "aGVsbG8=", 8) == 0);
    check(digest_from_base64(STR("aGVsbG8="), back, 32, &n) == CAU_OK && n == 5);
    check(digest_from_base64(STR("aGVsbG8="), back, 4, &n) == CAU_ERR_RANGE);
    check(digest_from_base64(STR("aGVsbG8"), back, 32, &n) == CAU_ERR_SYNTAX);
    check(digest_from_base64(STR("aGVsbG9="), back, 32, &n) == CAU_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(text_forms_go_round)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
