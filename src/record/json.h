/* json.h - JSON text to values and back; json.c is the only file that sees the library. */
#ifndef CAU_RECORD_JSON_H
#define CAU_RECORD_JSON_H

#include "base/buf.h"
#include "record/value.h"

#define JSON_DEPTH_MAX     8 /* nested arrays and objects of what we sign: RFC 8785, restricted */
#define JSON_DEPTH_OUTSIDE 64 /* of what others send */
#define JSON_KEY_BYTES_MAX 32

/* Where the text comes from decides what is allowed. */
enum json_rules {
    JSON_OURS, /* ../shared/design/ledger.md section 2: integers, keys [a-z][a-z0-9_]{0,31}, depth 8, NFC */
    JSON_FORM,    /* an import or a request: reals and any keys too, text need not be NFC */
    JSON_OUTSIDE, /* any RFC 8259 text without duplicate keys or U+0000, depth 64 */
};

enum json_why {
    JSON_WHY_SYNTAX, /* not JSON, not UTF-8, or a key twice */
    JSON_WHY_DEPTH,
    JSON_WHY_SIZE,
    JSON_WHY_NUMBER,    /* a fraction or exponent, or over 2^53 - 1 */
    JSON_WHY_KEY,       /* not of the pattern */
    JSON_WHY_TEXT,      /* U+0000, a control or noncharacter, or not NFC */
    JSON_WHY_CANONICAL, /* good, but not the canonical form */
};

/* Why a text was refused: a code and the place, from 1; 0 when the place is not known. */
struct json_fault {
    enum json_why why;
    size_t line, column;
};

/* Reads one value of at most max bytes; everything is copied into a. fault may be NULL, and is written
 * on failure only. Errors: SYNTAX, RANGE (over max bytes or too deep), MEMORY. */
enum cau_err json_read(struct arena *a, struct str text, size_t max, enum json_rules rules,
                       struct value *out, struct json_fault *fault);

/* The same for JSON_OURS, and the text must be its own canonical form, byte for byte. */
enum cau_err json_read_canonical(struct arena *a, struct str text, size_t max,
                                 struct value *out, struct json_fault *fault);

/* Reads canonical bytes that were checked when they were written and whose hash was compared since: no rule is
 * tested again, which makes it ten times as fast. Text without escapes is borrowed from text. Other bytes are
 * read without harm, as something or as an error. Errors: SYNTAX, RANGE (too deep), MEMORY; *out unchanged. */
enum cau_err json_read_stored(struct arena *a, struct str text, struct value *out);

/* Appends the canonical bytes (RFC 8785). No VALUE_REAL may be inside. */
void json_write(struct buf *b, const struct value *value);
void json_write_string(struct buf *b,
                       struct str text); /* valid UTF-8, written with its quotes */

#endif
