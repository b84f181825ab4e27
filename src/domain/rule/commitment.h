/* commitment.h - commitments: each side tells for itself how far they are, they are split among bodies and carried to the
 * next session. What the words amount to: domain/desk/commitment_state.h; why so: docs/design/0016-commitments.md.
 *
 * Nothing here overwrites what another side said, or takes back what was said: a new word is a new row and a new version,
 * a split or carried commitment is a new record that links to the old one. */
#ifndef CAU_DOMAIN_COMMITMENT_H
#define CAU_DOMAIN_COMMITMENT_H

#include "domain/desk/commitment_state.h"
#include "domain/rule/register.h"
#include "domain/rule/side.h"

#define COMMITMENT_PARTS_MAX 20 /* bodies a commitment is split among at once */

/* ---- reading ---- */

struct commitment_word { /* one row of `statuses`; text and note are the payload's */
    struct str side, date, who, source;
    enum commitment_status status;
    const struct value *note; /* text in languages; NULL: none */
};
/* The i-th word ever said, from 0; false when there are not so many. */
bool commitment_word_at(const struct value *payload, size_t i, struct commitment_word *out);
/* The newest word of a side; false: it said nothing. */
bool commitment_word_of(const struct value *payload, struct str side,
                        struct commitment_word *out);
enum commitment_status commitment_status_of(const struct value *payload); /* overall */
/* The part of him who speaks: the side a person may tell the status of, when he may. DONE; NOT_ALLOWED: neither a
 * secretary nor a member whose organisation is the owner or an executor; NO_SIDE: his side has no part in it. side: of
 * the operator's choice; others speak for their own. */
enum register_why commitment_speaker(struct view *v, struct arena *a, const struct node *n,
                                     const struct actor *actor, const struct view_record *r,
                                     struct str side, struct str *out);
/* Whether a side may tell that status next. DONE; STATE: "moved" is told by carrying only; NOT_ACTING: only a side that is
 * to act closes it (done, dropped); another may agree with one that did, or dispute it. Where nobody is named, every side
 * concerned is to act. */
enum register_why commitment_may_tell(const struct value *payload, struct str side,
                                      enum commitment_status status);

/* ---- telling ---- */

struct commitment_telling {
    const struct digest *after; /* the version that was read; NULL: the newest */
    struct str side;            /* of the operator's choice; others speak for their own */
    enum commitment_status status;
    struct str date;   /* as of which day; empty: today */
    struct str who;    /* name or office as it is to be shown; may be empty */
    struct str note;   /* required for disputed and dropped */
    struct str source; /* or evidence; may be empty */
    enum lang lang;    /* of the note */
};
/* Adds a word. Besides what commitment_speaker and commitment_may_tell say: SAME (the side's newest word again, and no
 * note, source or other day); CHANGED: out->current; GONE; PROBLEMS: places "note" (required, too long), "date" (bad, FUTURE,
 * EARLIER than it was said), "who", "source", "statuses" (full). */
enum register_why commitment_tell(struct node *n, struct arena *a, const struct actor *actor,
                                  struct str id, const struct commitment_telling *telling,
                                  struct register_outcome *out);

/* ---- splitting ---- */

struct commitment_part {
    struct str organization; /* record id or external id of a body of the side that splits */
    struct str task;         /* what it is to do: the title of the part */
    struct str due;          /* may be empty: that of the whole */
};
struct commitment_split {
    const struct digest *after;
    struct str side;
    const struct commitment_part *part;
    size_t n;       /* at most COMMITMENT_PARTS_MAX (checked) */
    enum lang lang; /* of the tasks */
};
/* Makes a commitment of each part, all or none: with the words and the force of the whole, its own owner, task and due
 * date, and `part_of`. id: COMMITMENT_PARTS_MAX at most are written. NOT_ALLOWED, NO_SIDE; NOT_ACTING: the side that
 * splits is not one that is to act; STATE: it is closed; CHANGED, GONE; PROBLEMS: places "part" (none, too many),
 * "part[0].organization" (REQUIRED, BAD_LINK: not a body of that side, TWICE: has a part already), "part[0].task",
 * "part[0].due" (bad; EARLIER). */
enum register_why commitment_split(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, const struct commitment_split *split,
                                   struct writer_result made[COMMITMENT_PARTS_MAX],
                                   struct register_outcome *out);

/* ---- carrying ---- */

struct commitment_carrying {
    const struct digest *after;
    struct str side;
    struct str session; /* record id or external id */
    struct str due;     /* the new one; may be empty */
    struct str who, note;
    enum lang lang; /* of the note */
};
/* Makes a commitment of the other session with `carried_from`, and the side says "moved" of the old one, in one
 * group. *made is the new record. NOT_ALLOWED, NO_SIDE, NOT_ACTING as above; STATE: it is closed, or carried already;
 * CHANGED, GONE; PROBLEMS: places "session" (REQUIRED; BAD_LINK: no session, a cancelled one, the same one, or EARLIER
 * than the one it is from), "due" (bad; EARLIER than the session), "note", "who". */
enum register_why commitment_carry(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str id, const struct commitment_carrying *carrying,
                                   struct writer_result *made, struct register_outcome *out);
/* The record it was carried to that the reader may see; 0: none. */
uint32_t commitment_carried_to(struct view *v, struct arena *a, struct index_reader reader,
                               uint32_t doc);
/* Parts that the reader may see, not withdrawn, in the order they were made; at most max. How many. */
size_t commitment_parts(struct view *v, struct arena *a, struct index_reader reader,
                        uint32_t doc, uint32_t *out, size_t max);

/* For domain/rule/rules.c: words of old that the form does not have stay, and `status` is what the words amount to.
 * Errors: MEMORY. */
enum cau_err commitment_complete(struct arena *a, const struct value *old,
                                 struct value *payload);

#endif
