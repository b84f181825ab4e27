/* password.h - passwords as Argon2id strings (64 MiB, 3 passes: ../shared/design/security.md section 8). */
#ifndef CAU_BASE_PASSWORD_H
#define CAU_BASE_PASSWORD_H

#include "base/base.h"

#define PASSWORD_BYTES_MAX  1024
#define PASSWORD_POINTS_MIN 8
#define PASSWORD_HASH_CHARS 128 /* with the NUL; what libsodium needs */
#define PASSWORD_AT_ONCE    2   /* more wait: 64 MiB each */

/* Errors: RANGE (shorter than PASSWORD_POINTS_MIN code points or over PASSWORD_BYTES_MAX), MEMORY. */
enum cau_err password_hash(struct str password, char out[PASSWORD_HASH_CHARS]);
/* True when password is the one of hash. An empty hash takes the same time and is false. */
bool password_verify(struct str hash, struct str password);

#endif
