/* agenda_paper.h - the draft agenda of a session in two languages: as a paper to print, and as rows of the session. */
#ifndef CAU_EXCHANGE_AGENDA_PAPER_H
#define CAU_EXCHANGE_AGENDA_PAPER_H

#include "domain/rule/agenda.h"
#include "exchange/paper/paper.h"

struct agenda_paper_from {
    struct view *view;
    const struct desk *desk;
    const struct kinds *kinds;
    struct index_reader reader;
    enum lang lang, other; /* the same: one column */
};

/* mechanism, session: documents; session 0: there is no record of it yet. A text stands in the column of its language; what
 * is in neither of both stands in the first one, marked. Errors: MEMORY, IO, CORRUPT. */
enum cau_err agenda_paper(struct arena *a, const struct agenda *agenda, uint32_t mechanism,
                          uint32_t session, const struct agenda_paper_from *from,
                          struct paper *out);

/* The rows that agenda_take puts into a session: in vi, ru and en, a title only in the languages it has. Errors: MEMORY,
 * IO, CORRUPT. */
enum cau_err agenda_rows(struct arena *a, const struct agenda *agenda,
                         const struct agenda_paper_from *from, struct value *out);

#endif
