/* paper_int.h - what the writers of a paper share. */
#ifndef CAU_EXCHANGE_PAPER_INT_H
#define CAU_EXCHANGE_PAPER_INT_H

#include "exchange/paper/paper.h"

#define PAPER_FILE_BYTES_MAX ((size_t)128 << 20) /* of one part of a file */

/* Appends text for XML and HTML, as content or between double quotes: escaped, without characters that XML cannot hold and
 * without those that turn the direction of what follows; bytes that are no UTF-8 become U+FFFD. */
void paper_escape(struct buf *b, struct str text);
/* The same characters, not escaped. */
void paper_clean(struct buf *b, struct str text);
/* A text as plain lines, marks of notes in brackets. */
void paper_plain(struct buf *b, const struct paper_text *t);
/* True for an address of the node itself: "/vi/r:...", nothing to fool a browser. */
bool paper_is_here(struct str address);
/* True for http:// and https:// addresses without spaces or control characters. */
bool paper_is_web(struct str address);
/* The part docProps/core.xml of an office file: title, language and the time it says it was made at. */
void paper_core(struct buf *b, const struct paper *p);
/* The error a writer must return before it writes anything. */
enum cau_err paper_state(const struct paper *p);

#endif
