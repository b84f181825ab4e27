/* session_paper.h - the table for a committee's next session as a paper in one language or in two. */
#ifndef CAU_EXCHANGE_SESSION_PAPER_H
#define CAU_EXCHANGE_SESSION_PAPER_H

#include "domain/desk/session_table.h"
#include "exchange/paper/paper.h"
#include "view/view.h"

struct session_paper {
    struct view *view;
    const struct kinds *kinds;
    const struct desk *desk;
    struct index_reader reader;
    enum lang lang, second; /* the same: one language */
};

/* Whether a record has a table for the next session: mechanisms, and sessions of one. */
bool session_paper_has(const struct view_record *r);

/* Makes the paper of a table. Commitments stand in both languages in one cell; a language without a text is said to be
 * missing. At the foot stand the signed checkpoints of the logs under which what is shown can be verified: of the public
 * log, and of others that something shown is in. Everything depends on the records, the table and the languages.
 * Errors: MEMORY (a), IO, CORRUPT. RANGE is the paper's own: the writers tell. */
enum cau_err session_paper_make(struct arena *a, const struct session_paper *ask,
                                const struct session_table *table, struct paper *out);

/* The second language where none is asked for: of Vietnamese and Russian the other; for English the first of them that a
 * side of the mechanism speaks, else Vietnamese. r: a mechanism or session. */
enum lang session_paper_second(const struct desk *d, struct index_reader reader,
                               const struct desk_row *r, enum lang lang);

#endif
