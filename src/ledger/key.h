/* key.h - Ed25519 keys by libsodium's rule alone: making, admitting, signing, keeping them wrapped. */
#ifndef CAU_LEDGER_KEY_H
#define CAU_LEDGER_KEY_H

#include "base/base.h"
#include "base/buf.h"

#define KEY_BYTES         32 /* public keys, seeds, and the keys that seal */
#define KEY_SIG_BYTES     64
#define KEY_SEAL_BYTES    40 /* what sealing adds: 24 of nonce before, 16 of tag behind */
#define KEY_WRAPPED_BYTES (KEY_BYTES + KEY_SEAL_BYTES)
#define KEY_SEALED_MAX    ((size_t)1 << 30) /* bytes of one sealed text */

struct key_public {
    unsigned char b[KEY_BYTES];
};

/* First 16 bytes of SHA-256("cau/key/v1" 0x00 || public key); in a leaf "k:" and hex (leaf.h). */
struct key_id {
    unsigned char b[16];
};

struct key_sig {
    unsigned char b[KEY_SIG_BYTES];
};

/* A secret key in guarded memory of its own, unreadable between uses. One thread at a time uses
 * a pair. Ended by key_drop, which wipes it. */
struct key_pair {
    unsigned char *secret;
    struct key_public public_key;
    bool held; /* readable until key_hide */
};

/* Tries the library before anything is signed: a known signature, one altered bit, and points that
 * a faulty library admits (small order; mixed order, CVE-2025-69277). CORRUPT: do not start. */
enum cau_err key_self_test(void);

/* A new random pair; from a seed of KEY_BYTES. Errors: MEMORY (no guarded memory left). */
enum cau_err key_make(struct key_pair *out);
enum cau_err key_from_seed(const unsigned char seed[KEY_BYTES], struct key_pair *out);
void key_drop(struct key_pair *key); /* also for a pair that is all zero */

/* True when a public key may be stored or trusted: a point of the main subgroup, canonically
 * written. Signatures are meaningful only under admitted keys. */
bool key_admissible(const struct key_public *key);
struct key_id key_id_of(const struct key_public *key);
bool key_id_equal(const struct key_id *x, const struct key_id *y);

struct key_sig key_sign(const struct key_pair *key, struct str message);
/* Between the two the secret stays readable, which spares each of many signatures in a row two
 * changes of page protection. Hide it before waiting for anything. */
void key_hold(struct key_pair *key);
void key_hide(struct key_pair *key); /* nothing when it is not held */
/* CORRUPT when sig is not the signature of message by key. Does not ask key_admissible. */
enum cau_err key_verify(const struct key_public *key, struct str message,
                        const struct key_sig *sig);

/* XChaCha20-Poly1305 with a random nonce: adds nonce (24), text, tag (16) to out, which then may
 * have failed. about is authenticated and not stored: give the same bytes to open. */
void key_seal(struct buf *out, const unsigned char key[KEY_BYTES], struct str about,
              struct str text);
/* Adds the text of a sealed one to out. Errors: SYNTAX (too short), RANGE (over KEY_SEALED_MAX),
 * CORRUPT (not sealed with this key and about), MEMORY (out failed). */
enum cau_err key_open(struct buf *out, const unsigned char key[KEY_BYTES], struct str about,
                      struct str sealed);

/* A pair's seed sealed under a node's key, bound to the pair's id. */
void key_wrap(const struct key_pair *pair, const unsigned char node_key[KEY_BYTES],
              unsigned char out[KEY_WRAPPED_BYTES]);
/* Errors: CORRUPT (other node key, other id, altered bytes), MEMORY. */
enum cau_err key_unwrap(const unsigned char wrapped[KEY_WRAPPED_BYTES], const struct key_id *id,
                        const unsigned char node_key[KEY_BYTES], struct key_pair *out);

#endif
