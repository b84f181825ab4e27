/* interest.h - expressions of interest: from the first word to a contract, or to why it came to nothing.
 *
 * An interest is a private record that belongs to the organisation which expressed it (field `from`). The other
 * organisation (field `to`) reads and continues it by the rule in this file, for a private record has one owner
 * only: see docs/design/0014-interests.md. */
#ifndef CAU_DOMAIN_INTEREST_H
#define CAU_DOMAIN_INTEREST_H

#include "domain/rule/register.h"

#define INTEREST_LIST_MAX 200 /* of one organisation or one text, shown at once */

enum interest_stage { /* the codes of list interest_stage, in its order */
                      INTEREST_INTEREST,
                      INTEREST_CONTACT,
                      INTEREST_TALKS,
                      INTEREST_MEMORANDUM,
                      INTEREST_CONTRACT,
                      INTEREST_DROPPED,
                      INTEREST_STAGES,
};
struct str interest_stage_code(enum interest_stage stage);
bool interest_read_stage(struct str code, enum interest_stage *out);
/* Each stage follows the one before it; everything but a contract can be dropped; nothing follows the end. */
bool interest_may_become(enum interest_stage from, enum interest_stage to);

enum interest_party { INTEREST_NOBODY, INTEREST_FROM, INTEREST_TO, INTEREST_ADVISER };
/* As whom an actor reads and continues an interest: an organisation before a role of his own. Staff who speak for an
 * organisation of another country (is_guest) follow only that organisation's. */
enum interest_party interest_party_of(const struct actor *actor, const struct value *payload);

/* Who reads an interest: as himself where he may; as its owner where he speaks for the other organisation. Only for
 * reading that one record. False: it is not there for him. */
bool interest_reader(struct view *v, struct arena *a, const struct actor *actor, uint32_t doc,
                     struct index_reader *out);
/* The document of a record id or external id that is an interest he may read; 0: none. */
uint32_t interest_find(struct view *v, struct arena *a, const struct actor *actor,
                       struct str id_or_external_id);
/* Interests that link to a record (a need, an offer, an organisation) and that he may follow, newest last.
 * Errors: MEMORY, IO. */
enum cau_err interest_list(struct view *v, struct arena *a, const struct actor *actor,
                           uint32_t doc, uint32_t **out, size_t *n);

/* Whom interest in a need or offer is addressed to, as a record id in a: its organisation, the association where that wants
 * to stay unnamed; {NULL, 0}: nobody is named, only advisers follow it. */
struct str interest_addressee(struct view *v, struct arena *a, const struct view_record *of);

struct interest_words {
    struct str message; /* to the other side; may be empty */
    struct str mailbox; /* an office's address; may be empty */
    enum lang lang;     /* of the message */
};
/* Interest of the actor's organisation in a published need or offer. GONE: no such text, or not published;
 * STATE: there is one already that was not dropped; PROBLEMS: places "message", "mailbox". */
enum register_why interest_express(struct node *n, struct arena *a, const struct actor *actor,
                                   struct str of, const struct interest_words *words,
                                   struct register_outcome *out);

struct interest_step {
    const struct digest *after; /* the version the form was made from; NULL: the newest */
    enum interest_stage stage;  /* the same as now: a note beside the other side's */
    struct str reason;          /* a code of list drop_reason, when stage is dropped */
    struct str note;            /* may be empty when the stage changes */
    enum lang lang;             /* of the note */
};
/* Notes a step with today's date and who said it. GONE: not there for him; STATE: that stage does not follow;
 * PROBLEMS: places "note" (missing, too long), "reason" (missing, unknown), "history" (full). */
enum register_why interest_move(struct node *n, struct arena *a, const struct actor *actor,
                                struct str id, const struct interest_step *step,
                                struct register_outcome *out);

#endif
