/* utf8.h - UTF-8 and NFC, checked once where bytes enter. */
#ifndef CAU_BASE_UTF8_H
#define CAU_BASE_UTF8_H

#include "base/base.h"

/* What text_check found; the order is the order of testing. */
enum utf8_fault {
    UTF8_GOOD,
    UTF8_BROKEN,
    UTF8_NUL,
    UTF8_CONTROL,
    UTF8_NOT_CHARACTER,
    UTF8_NOT_NFC
};

/* Tests that x is valid UTF-8 (no surrogates, no overlong forms) without U+0000, without control
 * characters other than tab, line feed and carriage return, without noncharacters, and is in NFC.
 * Returns the first fault; *at (may be NULL) is its byte offset, 0 for UTF8_NOT_NFC. */
enum utf8_fault utf8_check(struct str x, size_t *at);

bool utf8_valid(struct str x);   /* valid UTF-8, anything in it */
size_t utf8_count(struct str x); /* code points of valid UTF-8 */
struct str utf8_clip(struct str x,
                     size_t points); /* the first points code points of valid UTF-8 */

/* Takes the first code point of *x, which must be valid UTF-8 and not empty. */
uint32_t utf8_next(struct str *x);
size_t utf8_put(uint32_t point, char out[4]); /* bytes written; point is a scalar value */

/* x in NFC: x itself when it already is, else new bytes in a. x is valid UTF-8.
 * Errors: MEMORY, RANGE (over 16 MiB). */
enum cau_err utf8_nfc(struct arena *a, struct str x, struct str *out);
/* The same in NFKC (ﾄｳ as トウ, ① as 1). RANGE also when the text would be over three times as long. */
enum cau_err utf8_nfkc(struct arena *a, struct str x, struct str *out);

#endif
