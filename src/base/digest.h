/* digest.h - SHA-256, random bytes, and bytes as text (hex, base32, base64). */
#ifndef CAU_BASE_DIGEST_H
#define CAU_BASE_DIGEST_H

#include "base/base.h"

struct digest {
    unsigned char b[32];
};

/* SHA-256 of the n parts one after the other. */
struct digest digest_sha256(const struct str *part, size_t n);
struct digest digest_of(struct str x);
bool digest_equal(const struct digest *x, const struct digest *y);
struct str digest_str(const struct digest *d); /* view of the 32 bytes */

void digest_random(void *out, size_t n); /* from the system; stops the program when it cannot */

/* Text forms. out must have room for the documented number of characters; no NUL is added. */
#define DIGEST_HEX(n)    ((n)*2)             /* lower case */
#define DIGEST_BASE32(n) (((n)*8 + 4) / 5)   /* lower case a-z 2-7, no padding */
#define DIGEST_URL64(n)  (((n)*4 + 2) / 3)   /* base64url, no padding */
#define DIGEST_BASE64(n) (((n) + 2) / 3 * 4) /* standard, padded */
void digest_to_hex(const void *bytes, size_t n, char *out);
void digest_to_base32(const void *bytes, size_t n, char *out);
void digest_to_url64(const void *bytes, size_t n, char *out);
void digest_to_base64(const void *bytes, size_t n, char *out);

/* The other way: text must be exactly the canonical form of n bytes (lower case, unused bits 0).
 * SYNTAX otherwise; out may then be partly written. */
enum cau_err digest_from_hex(struct str text, void *out, size_t n);
enum cau_err digest_from_base32(struct str text, void *out, size_t n);
enum cau_err digest_from_url64(struct str text, void *out, size_t n);
/* Standard padded base64 of at most max bytes; *n is how many there were. SYNTAX; RANGE (more than max). */
enum cau_err digest_from_base64(struct str text, void *out, size_t max, size_t *n);

#endif
