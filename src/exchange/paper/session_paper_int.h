/* session_paper_int.h - what session_paper.c and session_cells.c share. */
#ifndef CAU_EXCHANGE_SESSION_PAPER_INT_H
#define CAU_EXCHANGE_SESSION_PAPER_INT_H

#include "exchange/paper/bilingual.h"
#include "exchange/paper/session_paper.h"

struct session_make {
    struct bilingual b;
    const struct session_paper *ask;
    const struct session_table *t;
    const struct kind *commitment;
    const struct kind_list *force, *status, *origin, *role;
    bool shown[RECORD_AUDIENCES]; /* logs that something shown is in */
};

enum session_column {
    COLUMN_NUMBER,
    COLUMN_WORDING,
    COLUMN_FORCE,
    COLUMN_WHO,
    COLUMN_DUE,
    COLUMN_STATUS,
    COLUMN_CHANGES,
    COLUMN_EVIDENCE,
    COLUMNS
};

/* Adds the row of a commitment, with its number in the table. */
void session_add_row(struct session_make *m, struct paper_block *table, size_t number,
                     const struct session_row *row);
/* A side's name in both languages. */
void session_side(struct session_make *m, struct paper_text *to, uint16_t side,
                  enum paper_tone tone, bool on_new_line);

#endif
