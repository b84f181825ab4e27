/* commitment_state.h - what the words of the sides on a commitment amount to: its state, what is overdue, where they
 * differ. docs/design/0016-commitments.md says why.
 *
 * A side is to act when the commitment names it in `side` or as the side of one of its executors. Only the newest word of
 * a side counts: the last of its rows in `statuses`, but for those that are certainly of an earlier day. */
#ifndef CAU_DOMAIN_COMMITMENT_STATE_H
#define CAU_DOMAIN_COMMITMENT_STATE_H

#include "domain/desk/desk.h"

enum commitment_force { /* the codes of list force, in its order: from the weakest */
                        COMMITMENT_REQUESTED,
                        COMMITMENT_PROPOSED,
                        COMMITMENT_STATED_INTENTION,
                        COMMITMENT_CONSENTED_TO_CONSIDER,
                        COMMITMENT_WOULD_DIRECT,
                        COMMITMENT_AGREED,
                        COMMITMENT_DIRECTED,
                        COMMITMENT_FORCES,
};
struct str commitment_force_code(enum commitment_force force);
bool commitment_read_force(struct str code, enum commitment_force *out);
/* Whether what was said with this force counts as agreed: agreed and directed do; a request, a proposal, an intention,
 * the consent to consider and the promise to direct never do, whatever came of them. type: desk_row.type; DESK_NO_CODE
 * and what is in no list: false. */
bool commitment_is_agreed(unsigned type);

enum commitment_status { /* the codes of list commitment_status, in its order */
                         COMMITMENT_OPEN,
                         COMMITMENT_UNDER_WAY,
                         COMMITMENT_DONE,
                         COMMITMENT_MOVED,
                         COMMITMENT_DROPPED,
                         COMMITMENT_DISPUTED,
                         COMMITMENT_STATUSES,
};
struct str commitment_status_code(enum commitment_status status);
bool commitment_read_status(struct str code, enum commitment_status *out);
bool commitment_closes(
    enum commitment_status status); /* done, moved, dropped: nothing is left to be done */

/* The overall state, from the newest word of each side that said something (words of them, one a side) and the sides
 * that are to act (n of them; 0: none is named). The first line that fits:
 *   a side that acts (where none is named: any side) carried it over  moved: its course goes on in the new record
 *   nobody said anything                                             open
 *   some side disputes it, or two sides' words are not the same      disputed
 *   all who spoke say done, or all say dropped, but a side that is
 *   to act said nothing yet                                          under way
 *   else                                                             the word of all who spoke */
enum commitment_status commitment_overall(const uint16_t *acts, size_t n,
                                          const struct desk_status *word, size_t words);

/* The same of a record on the desk; r is a commitment. */
enum commitment_status commitment_state(const struct desk *d, const struct desk_row *r);
/* Done, dropped or carried over by the sides that are to act. */
bool commitment_closed(const struct desk *d, const struct desk_row *r);
/* What the sides say differs, or one of them disputes it: the state is disputed. */
bool commitment_differs(const struct desk *d, const struct desk_row *r);
/* Day is counted as in desk.h. The last day its due date may mean is before day, and it is not closed. */
bool commitment_overdue(const struct desk *d, const struct desk_row *r, int32_t day);
/* Overdue, and this side is to act (where none is named: is concerned) and has not itself said done or dropped. */
bool commitment_overdue_by(const struct desk *d, const struct desk_row *r, uint16_t side,
                           int32_t day);
/* Not closed, and due from day to day + days, both included, by the last day its due date may mean. */
bool commitment_due_within(const struct desk *d, const struct desk_row *r, int32_t day,
                           int32_t days);
/* The newest word of a side; NULL when it said nothing: then its status is open. */
const struct desk_status *commitment_word(const struct desk *d, const struct desk_row *r,
                                          uint16_t side);
/* A commitment whose sides have not all confirmed it is only reported. False where nobody's standing is noted: it was
 * entered by a secretary himself. */
bool commitment_only_reported(const struct desk *d, const struct desk_row *r);

#endif
