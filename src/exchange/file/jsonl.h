/* jsonl.h - cuts a file of JSON into its items: one a line, or the elements of one array. */
#ifndef CAU_EXCHANGE_JSONL_H
#define CAU_EXCHANGE_JSONL_H

#include "base/base.h"

#define JSONL_ITEM_BYTES_MAX ((size_t)1 << 20) /* of one line or element */

enum jsonl_why {
    JSONL_GOOD,
    JSONL_ITEM,  /* over JSONL_ITEM_BYTES_MAX */
    JSONL_ARRAY, /* no comma or bracket where one has to be: the rest of the file is lost */
};
const char *jsonl_why_name(enum jsonl_why why); /* "item_too_big", "json_array" */

struct jsonl {
    struct str rest;
    size_t at;          /* bytes behind us: progress */
    uint32_t row;       /* lines or elements so far */
    bool array, closed; /* closed: behind the last bracket */
};

struct jsonl_item {
    uint32_t row;     /* line, or place in the array; from 1 */
    struct str bytes; /* one JSON value, when why is GOOD; not yet read */
    enum jsonl_why why;
};

/* text outlives the reader. It is an array when its first character that is not white space is a bracket. */
struct jsonl jsonl_open(struct str text);

/* The next item; false, *out unchanged, at the end. Empty lines are passed over, and counted. Nothing of the file
 * but the item is looked at, so any length of file takes no memory. After ARRAY comes the end. */
bool jsonl_next(struct jsonl *r, struct jsonl_item *out);

#endif
