/* session_table.h - what a committee has before it at its next session: which commitments, in which group, what each side
 * told, and what changed since the last session.
 *
 * A pure function of the desk, the reader and a day: nothing from the clock. Rows of the desk live as long as it is held;
 * everything else lives in the arena. */
#ifndef CAU_DOMAIN_SESSION_TABLE_H
#define CAU_DOMAIN_SESSION_TABLE_H

#include "domain/desk/commitment_state.h"

#define SESSION_TABLE_ROWS_MAX  20000 /* commitments in one table */
#define SESSION_TABLE_SIDES_MAX 60    /* sides that are concerned, all rows together */
#define SESSION_TABLE_SOON_DAYS 30

/* In the order they are shown; each commitment is in the first that fits. */
enum session_group {
    SESSION_OVERDUE, /* not closed, past its date, and a side that is to act has not itself closed it */
    SESSION_DIFFERS,   /* the sides tell it differently, or one disputes it */
    SESSION_SOON,      /* not closed, due within SESSION_TABLE_SOON_DAYS */
    SESSION_UNDER_WAY, /* the others that are not closed */
    SESSION_DONE,      /* closed since the last session; ever, where there was none */
    SESSION_MOVED,
    SESSION_DROPPED,
    SESSION_GROUPS,
};

struct session_word { /* of one side, as told up to the day */
    uint16_t side;
    uint8_t status; /* enum commitment_status; DESK_NO_CODE: it said nothing */
    uint8_t before; /* up to the last session; DESK_NO_CODE: nothing, or there was none */
    bool acts;      /* it is to act */
    bool
        late; /* it is to act (where nobody is named: is concerned), and the commitment is overdue by it */
    bool changed; /* said something since the last session */
    struct desk_days on;
};

struct session_row {
    const struct desk_row *commitment;
    enum session_group group;
    enum commitment_status state; /* on the day */
    bool differs;
    bool is_new;   /* made since the last session */
    uint64_t late; /* bit i: side i of the table; so many sides fit */
    struct session_word
        *word; /* of the sides that are to act, then others that said something */
    size_t words;
};

struct session_counts {
    size_t all, group[SESSION_GROUPS];
};

struct session_table {
    const struct desk_row *mechanism;
    const struct desk_row *session; /* the one it is made for; NULL: the next one */
    const struct desk_row *last;    /* the session held before it; NULL: none is known */
    int32_t day;
    uint16_t
        side[SESSION_TABLE_SIDES_MAX]; /* the mechanism's, in its order, then others by code */
    size_t sides;
    struct session_row
        *row; /* by group; overdue ones by sides; then by date due, then by record id */
    size_t rows;
    struct session_counts total; /* each commitment once */
    struct session_counts
        by_side[SESSION_TABLE_SIDES_MAX]; /* where the side is to act; overdue: by it */
};

/* The day a table is made for when none is given: that of a session that was held by today, else today. r: a session or
 * mechanism. */
int32_t session_table_day(const struct desk_row *r, int32_t today);

/* The table of a mechanism or session, by its document. Commitments made after the day, at the session itself, and
 * withdrawn ones are left out; so is what sides told later than on that day.
 * Errors: UNKNOWN (neither, withdrawn, not for this reader, or a session without mechanism), RANGE, MEMORY. */
enum cau_err session_table_make(struct arena *a, const struct desk *d,
                                struct index_reader reader, uint32_t doc, int32_t day,
                                struct session_table *out);

#endif
