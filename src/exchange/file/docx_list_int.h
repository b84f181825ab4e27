/* docx_list_int.h - the numbers that Word counts by itself: lists of numbering.xml, and how far each has got. */
#ifndef CAU_EXCHANGE_DOCX_LIST_INT_H
#define CAU_EXCHANGE_DOCX_LIST_INT_H

#include "base/buf.h"
#include "exchange/file/ooxml_int.h"

#define DOCX_LIST_LEVELS         9
#define DOCX_LIST_TEXT_BYTES_MAX 64    /* of a level's pattern: "%1.%2." */
#define DOCX_LIST_NUMBER_MAX     32767 /* what Word counts to */

struct docx_level {
    unsigned start;
    char
        format; /* of a number: '1' 'a' 'A' 'i' 'I', 'b' 'B' Russian letters, '*' a bullet, '-' nothing */
    struct str text;
};
struct docx_list {
    uint64_t id;
    struct docx_level level[DOCX_LIST_LEVELS];
    unsigned count
        [DOCX_LIST_LEVELS]; /* 1 + the last item's number; 0: none since the level above went on */
    struct docx_list *next;
};
struct docx_num { /* a use of a list: several may share it and count on */
    uint64_t id;
    struct docx_list *list;
    unsigned
        again[DOCX_LIST_LEVELS]; /* 1 + where its first item begins anew; 0: it counts on */
    struct docx_num *next;
};
struct docx_lists {
    struct docx_list *list;
    struct docx_num *num;
    size_t n;
    /* what is being read */
    struct docx_list *in_list;
    struct docx_num *in_num;
    unsigned level;
};

/* Reads numbering.xml; too_many: the reason when there are over `most` lists and uses. Errors: as ooxml_run. */
enum cau_err docx_lists_read(struct ooxml *o, struct str part, size_t most, unsigned too_many,
                             struct docx_lists *out, struct ooxml_fault *fault);

/* The next item of a use at a level (from 0): appends its number ("2.1.") to b. False: a bullet, or no such list; then
 * nothing is appended. */
bool docx_lists_next(struct docx_lists *all, uint64_t num, unsigned level, struct buf *b);

#endif
