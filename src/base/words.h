/* words.h - the interface's words in three languages: the catalogues words/{vi,ru,en}.po. */
#ifndef CAU_BASE_WORDS_H
#define CAU_BASE_WORDS_H

#include "base/buf.h"
#include "base/lang.h"

#define WORDS_SLOTS_MAX 8 /* places in one message */

/* The message of a stable id ("search.button"). An id that no catalogue has is a fault of ours: the id itself is
 * returned, and the build's check fails (tools/words.sh). Live as long as the program. */
struct str words(enum lang lang, const char *id);
/* The same for an id made at run time ("problem.too_long"); {NULL, 0} when there is none. */
struct str words_find(enum lang lang, struct str id);
/* The form for n of a message with plural forms (msgid_plural): vi one, ru three, en two. */
struct str words_n(enum lang lang, const char *id, uint64_t n);

/* Appends message with its places {0}..{7} filled. The result is text, not HTML. */
void words_fill(struct buf *b, struct str message, const struct str *slot, size_t n);

/* A number, a date and a size as the language writes them: 51.414 / 51 414 / 51,414; 7 tháng 3 năm 1959 /
 * 7 марта 1959 г. / 7 March 1959, as precise as the date is. */
void words_number(struct buf *b, enum lang lang, int64_t value);
void words_decimal(struct buf *b, enum lang lang, struct str decimal); /* "5.98" -> "5,98" */
struct clock_date;
void words_date(struct buf *b, enum lang lang, struct clock_date date);
void words_time(struct buf *b, enum lang lang, int64_t ms); /* date, hour and minute, UTC */

#endif
