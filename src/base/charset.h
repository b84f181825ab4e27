/* charset.h - bytes of old programs as UTF-8: UTF-16, windows-1251, windows-1258. */
#ifndef CAU_BASE_CHARSET_H
#define CAU_BASE_CHARSET_H

#include "base/buf.h"

enum charset {
    CHARSET_GUESS, /* a byte order mark says UTF-8 or UTF-16; without one UTF-8 */
    CHARSET_UTF8,
    CHARSET_UTF16, /* needs its byte order mark */
    CHARSET_1251,  /* Cyrillic; never guessed */
    CHARSET_1258,  /* Vietnamese; never guessed; its combining tone marks are composed */
    CHARSETS,
};

const char *
charset_name(enum charset c); /* "guess" "utf-8" "utf-16" "windows-1251" "windows-1258" */
bool charset_read(struct str name,
                  enum charset *out); /* false, *out unchanged, for another name */

/* bytes as UTF-8 without a byte order mark: a view of bytes when they are UTF-8, else appended to space, which
 * keeps them. Errors: SYNTAX (bytes are not of that charset; *at is the offset of the first bad one), RANGE (the
 * text passes space->max), MEMORY. *out and *at unchanged otherwise. */
enum cau_err charset_to_utf8(struct buf *space, enum charset c, struct str bytes,
                             struct str *out, size_t *at);

#endif
