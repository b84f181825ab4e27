/* desk_int.h - the desk from inside: rows by kind, names, pools; filled by desk_fill.c. */
#ifndef CAU_DOMAIN_DESK_INT_H
#define CAU_DOMAIN_DESK_INT_H

#include "base/buf.h"
#include "base/sync.h"
#include "base/table.h"
#include "domain/desk/desk.h"

#define DESK_CHANGES_MAX 4096 /* more than so many changed records: all are read again */
#define DESK_ROWS_MAX    ((size_t)0x1FFFFFFE) /* of one kind */
#define DESK_POOL_BYTES  ((size_t)1 << 31)
#define DESK_WASTE_BYTES ((size_t)1 << 20) /* of pools left behind before all is read again */

struct desk_name_entry {
    size_t at, len; /* in name_text */
    uint32_t doc;   /* 0: not of these kinds, or not here */
};

enum desk_pool {
    DESK_ROWS = 0, /* and DESK_KINDS of them: struct desk_row by kind */
    DESK_PLACES =
        DESK_KINDS, /* uint32_t by document: 0, else the kind in 3 bits and 1 + the row */
    DESK_NAMES,     /* struct desk_name_entry */
    DESK_NAME_TEXT, /* bytes */
    DESK_COUNTRIES, /* uint16_t */
    DESK_STATUSES,  /* struct desk_status */
    DESK_STANDINGS, /* struct desk_standing */
    DESK_POOLS,
};

struct desk {
    struct arena life;    /* holds this very struct */
    struct arena scratch; /* one payload */
    struct arena list;    /* of what is to be read */
    struct node *n;
    struct sync_readers lock;
    int64_t newest_ms; /* of the entry it has seen last */
    bool filled;
    struct table names;
    struct buf pool[DESK_POOLS];
    size_t waste; /* bytes in pools that no row uses */
};

/* Makes all rows from what v shows; those that were there are gone. */
enum cau_err desk_fill(struct desk *d, struct view *v);
/* Makes the rows of one document again. */
enum cau_err desk_fill_doc(struct desk *d, struct view *v, uint32_t doc);

struct desk_row *desk_rows(const struct desk *d, enum desk_kind kind, size_t *n);
/* The newest version of a document; NULL: none. */
struct desk_row *desk_first(const struct desk *d, uint32_t doc);

#endif
