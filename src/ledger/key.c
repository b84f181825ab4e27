#include "ledger/key.h"

#include <sodium.h>
#include <string.h>

#include "base/digest.h"

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };

_Static_assert(KEY_BYTES == crypto_sign_PUBLICKEYBYTES && KEY_BYTES == crypto_sign_SEEDBYTES &&
                   KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
                   KEY_SIG_BYTES == crypto_sign_BYTES &&
                   KEY_SEAL_BYTES == NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES,
               "the library's sizes are ours");

static const unsigned char *bytes(struct str x)
{
    return (const unsigned char *)x.p;
}

static void start(void)
{
    must(sodium_init() >= 0); /* safe to repeat, and from any thread */
}

/* Takes guarded memory; the caller writes the secret into it and then calls hide. */
static enum cau_err take_secret(unsigned char **out)
{
    start();
    unsigned char *p = sodium_malloc(crypto_sign_SECRETKEYBYTES);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    *out = p;
    return CAU_OK;
}

static void hide(const struct key_pair *key)
{
    must(key->held || sodium_mprotect_noaccess(key->secret) == 0);
}

static void show(const struct key_pair *key)
{
    must(key->secret != NULL && (key->held || sodium_mprotect_readonly(key->secret) == 0));
}

void key_hold(struct key_pair *key)
{
    show(key);
    key->held = true;
}

void key_hide(struct key_pair *key)
{
    if (!key->held)
        return;
    key->held = false;
    hide(key);
}

enum cau_err key_from_seed(const unsigned char seed[KEY_BYTES], struct key_pair *out)
{
    struct key_pair k = {0};
    enum cau_err err = take_secret(&k.secret);
    if (err != CAU_OK)
        return err;
    must(crypto_sign_seed_keypair(k.public_key.b, k.secret, seed) == 0);
    hide(&k);
    *out = k;
    return CAU_OK;
}

enum cau_err key_make(struct key_pair *out)
{
    unsigned char seed[KEY_BYTES];
    digest_random(seed, sizeof seed);
    enum cau_err err = key_from_seed(seed, out);
    sodium_memzero(seed, sizeof seed);
    return err;
}

void key_drop(struct key_pair *key)
{
    sodium_free(key->secret); /* wipes; takes NULL */
    *key = (struct key_pair){0};
}

bool key_admissible(const struct key_public *key)
{
    return crypto_core_ed25519_is_valid_point(key->b) == 1;
}

struct key_id key_id_of(const struct key_public *key)
{
    static const char tag[] = "cau/key/v1"; /* its NUL is part of what is hashed */
    const struct str part[] = {{tag, sizeof tag}, {(const char *)key->b, sizeof key->b}};
    struct digest d = digest_sha256(part, countof(part));
    struct key_id id;
    memcpy(id.b, d.b, sizeof id.b);
    return id;
}

bool key_id_equal(const struct key_id *x, const struct key_id *y)
{
    return memcmp(x->b, y->b, sizeof x->b) == 0;
}

struct key_sig key_sign(const struct key_pair *key, struct str message)
{
    struct key_sig sig;
    show(key);
    must(crypto_sign_detached(sig.b, NULL, bytes(message), message.len, key->secret) == 0);
    hide(key);
    return sig;
}

enum cau_err key_verify(const struct key_public *key, struct str message,
                        const struct key_sig *sig)
{
    int bad = crypto_sign_verify_detached(sig->b, bytes(message), message.len, key->b);
    return bad == 0 ? CAU_OK : CAU_ERR_CORRUPT;
}

static void seal(const unsigned char key[KEY_BYTES], struct str about, struct str text,
                 unsigned char *out)
{
    start();
    digest_random(out, NONCE);
    must(crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, NULL, bytes(text), text.len,
                                                    bytes(about), about.len, NULL, out,
                                                    key) == 0);
}

void key_seal(struct buf *out, const unsigned char key[KEY_BYTES], struct str about,
              struct str text)
{
    if (text.len > KEY_SEALED_MAX - KEY_SEAL_BYTES) {
        out->failed = true;
        return;
    }
    char *p = buf_extend(out, text.len + KEY_SEAL_BYTES);
    if (p != NULL)
        seal(key, about, text, (unsigned char *)p);
}

static enum cau_err open_sealed(const unsigned char key[KEY_BYTES], struct str about,
                                struct str sealed, unsigned char *out)
{
    start();
    int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, bytes(sealed) + NONCE,
                                                         sealed.len - NONCE, bytes(about),
                                                         about.len, bytes(sealed), key);
    return bad == 0 ? CAU_OK : CAU_ERR_CORRUPT;
}

enum cau_err key_open(struct buf *out, const unsigned char key[KEY_BYTES], struct str about,
                      struct str sealed)
{
    if (sealed.len < KEY_SEAL_BYTES)
        return CAU_ERR_SYNTAX;
    if (sealed.len > KEY_SEALED_MAX)
        return CAU_ERR_RANGE;
    size_t before = out->len;
    /* One byte more than the text, so that an empty text has memory too. */
    char *p = buf_extend(out, sealed.len - KEY_SEAL_BYTES + 1);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = open_sealed(key, about, sealed, (unsigned char *)p);
    out->len = err == CAU_OK ? out->len - 1 : before;
    return err;
}

/* What a wrapped key is bound to: "cau/wrap/v1" 0x00 || key id. */
struct bond {
    char b[12 + sizeof(struct key_id)];
};

static struct bond bond_of(const struct key_id *id)
{
    struct bond x;
    memcpy(x.b, "cau/wrap/v1", 12);
    memcpy(x.b + 12, id->b, sizeof id->b);
    return x;
}

void key_wrap(const struct key_pair *pair, const unsigned char node_key[KEY_BYTES],
              unsigned char out[KEY_WRAPPED_BYTES])
{
    struct key_id id = key_id_of(&pair->public_key);
    struct bond bond = bond_of(&id);
    show(pair); /* libsodium's secret key begins with its seed */
    seal(node_key, (struct str){bond.b, sizeof bond.b},
         (struct str){(const char *)pair->secret, KEY_BYTES}, out);
    hide(pair);
}

enum cau_err key_unwrap(const unsigned char wrapped[KEY_WRAPPED_BYTES], const struct key_id *id,
                        const unsigned char node_key[KEY_BYTES], struct key_pair *out)
{
    struct bond bond = bond_of(id);
    struct str sealed = {(const char *)wrapped, KEY_WRAPPED_BYTES};
    unsigned char seed[KEY_BYTES];
    enum cau_err err = open_sealed(node_key, (struct str){bond.b, sizeof bond.b}, sealed, seed);
    struct key_pair k = {0};
    if (err == CAU_OK)
        err = key_from_seed(seed, &k);
    sodium_memzero(seed, sizeof seed);
    if (err != CAU_OK)
        return err;
    struct key_id made = key_id_of(&k.public_key);
    if (!key_id_equal(&made, id)) {
        key_drop(&k);
        return CAU_ERR_CORRUPT;
    }
    *out = k;
    return CAU_OK;
}

/* Points that must not be admitted: of small order, not canonical, and the base point plus the
 * point of order two, which libsodium took before the correction of CVE-2025-69277. */
static const char *const bad_point[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "9599999999999999999999999999999999999999999999999999999999999999",
};

enum cau_err key_self_test(void)
{
    start();
    for (size_t i = 0; i < countof(bad_point); i++) {
        struct key_public point;
        must(digest_from_hex(str_of(bad_point[i]), point.b, sizeof point.b) == CAU_OK);
        if (key_admissible(&point))
            return CAU_ERR_CORRUPT;
    }
    /* RFC 8032, section 7.1, test 2. */
    unsigned char seed[KEY_BYTES];
    struct key_sig want;
    struct key_pair pair;
    must(
        digest_from_hex(STR("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
                        seed, sizeof seed) == CAU_OK);
    must(
        digest_from_hex(STR("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
                        want.b, sizeof want.b) == CAU_OK);
    enum cau_err err = key_from_seed(seed, &pair);
    if (err != CAU_OK)
        return err;
    struct key_sig sig = key_sign(&pair, STR("\x72"));
    bool good = memcmp(sig.b, want.b, sizeof sig.b) == 0 && key_admissible(&pair.public_key) &&
                key_verify(&pair.public_key, STR("\x72"), &sig) == CAU_OK;
    sig.b[40] ^= 1;
    good = good && key_verify(&pair.public_key, STR("\x72"), &sig) != CAU_OK;
    key_drop(&pair);
    return good ? CAU_OK : CAU_ERR_CORRUPT;
}
