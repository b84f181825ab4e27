/* agenda.h - what must come onto the next session's agenda by itself, and how a draft gets into the session's record. */
#ifndef CAU_DOMAIN_AGENDA_H
#define CAU_DOMAIN_AGENDA_H

#include "domain/desk/mechanism.h"
#include "domain/rule/register.h"

#define AGENDA_PART_MAX 35  /* records of one part; how many more there are is said */
#define AGENDA_ROWS_MAX 200 /* of one session: `most` of its field */
#define AGENDA_DUE_DAYS                                                                        \
    90 /* commitments due: until the session, or so long where its day is not known */
#define AGENDA_EXPIRY_MONTHS 12

enum agenda_part {
    AGENDA_REVIEW,    /* how the last session's minutes were carried out: fixed */
    AGENDA_OVERDUE,   /* commitments; the longest overdue first */
    AGENDA_DIFFERING, /* commitments of which the sides say different things */
    AGENDA_DUE,       /* commitments due before the session */
    AGENDA_OBSTACLES, /* not answered; those past their clock first */
    AGENDA_EXPIRING,  /* agreements, within AGENDA_EXPIRY_MONTHS months */
    AGENDA_NEXT,      /* time and place of the session after: fixed */
    AGENDA_PARTS,
};
const char *agenda_part_name(enum agenda_part part); /* "review", "overdue", ... */

struct agenda_items {
    const struct desk_row **row;
    size_t n, all; /* n: at most AGENDA_PART_MAX of all */
};
struct agenda {
    int32_t day; /* that it is of */
    struct mechanism_next next;
    struct agenda_items part[AGENDA_PARTS]; /* of the fixed ones: empty */
};

struct agenda_asked {
    struct index_reader reader;
    const struct desk_row *mechanism;
    enum mechanism_rotation rotation;
    const struct desk_row *session; /* that the agenda is for; NULL: the next one */
    int32_t day;
};
/* The draft for a mechanism's next session on a day. Each record stands once, in the first part it fits. What belongs to
 * the mechanism: commitments and agreements that name it, or a session of it; agreements and obstacles about nothing of
 * ours, when all their countries take part in it. v is of the same moment as the desk. Lists live in a, rows until
 * desk_give. Errors: MEMORY, IO, CORRUPT. */
enum cau_err agenda_draft(const struct desk *d, struct view *v, struct arena *a,
                          const struct agenda_asked *asked, struct agenda *out);

/* Puts rows of a draft into a session: what its agenda has stays, records it names already are not added again, fixed
 * items only where there was no agenda; numbers go on. Obstacles that wait are escalated to it. rows: as of the session's field. GONE: no session; STATE: it is no
 * planned one; SAME: nothing is new; PROBLEMS: those of the record (TOO_MANY over AGENDA_ROWS_MAX). */
enum register_why agenda_take(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after,
                              const struct value *rows, struct register_outcome *out);

#endif
