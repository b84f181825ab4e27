/* register.h - records come, change, go: the rules that hold for every kind. */
#ifndef CAU_DOMAIN_REGISTER_H
#define CAU_DOMAIN_REGISTER_H

#include "domain/rule/may.h"
#include "view/writer.h"

/* Why something was not done; words: refusal.<name>. */
enum register_why {
    REGISTER_DONE,
    REGISTER_PROBLEMS, /* the form: see problems */
    REGISTER_NOT_ALLOWED,
    REGISTER_CHANGED, /* someone else changed it meanwhile: out->current is the newest version */
    REGISTER_TAKEN,   /* the external id belongs to another record */
    REGISTER_GONE,    /* no such record, or withdrawn */
    REGISTER_STATE,   /* not in the state for it (already published, nothing to review, ...) */
    REGISTER_SAME_PERSON, /* the reviewer wrote the text himself */
    REGISTER_SAME,        /* nothing would change */
    REGISTER_NO_SIDE,     /* he speaks for no side that the record concerns */
    REGISTER_NOT_ACTING,  /* only a side that is to act may say so */
    REGISTER_BUSY,        /* try again */
    REGISTER_FULL,        /* the disk is full, or the node does not write */
    REGISTER_FAILED,      /* an error of ours; in the log */
    REGISTER_WHYS,
};
const char *register_why_name(enum register_why why); /* "done", "problems", ... */

struct register_outcome {
    struct writer_result result; /* when done */
    struct record_problems problems;
    struct view_record current; /* when CHANGED */
};

/* Saves an import form as a new record (id empty) or a new version of id. after: the entry id of the version the
 * form was made from (NULL: for a new record, or when the caller does not care).
 *
 * A need or offer of anyone but the operator stays in the private log as a draft until its review
 * (domain/rule/need.h); other kinds go to the log the form names. A move to a narrower log also redacts
 * the wider one. out is written in full. */
enum register_why register_save(struct node *n, struct arena *a, const struct actor *actor,
                                const struct value *form, struct str id,
                                const struct digest *after, struct register_outcome *out);

/* Withdraws: a new version that is found no more, its history stays. why: a code of list withdrawn_reason. */
enum register_why register_withdraw(struct node *n, struct arena *a, const struct actor *actor,
                                    struct str id, const struct digest *after, struct str why,
                                    struct register_outcome *out);

/* Destroys the payloads of all versions in every log, and the files they name; what remains proves that something was
 * there. */
enum register_why register_redact(struct node *n, struct arena *a, const struct actor *actor,
                                  struct str id, struct register_outcome *out);

/* The canonical payload of a checked form with its audit member; for the importer too. import: "import-0007" or
 * empty. bytes is appended to. Errors: RANGE (over RECORD_BYTES_MAX), MEMORY. */
enum cau_err register_payload(struct arena *a, const struct actor *actor,
                              const struct record_form *form, struct str import,
                              struct buf *bytes);

/* What a failed writer_put means to a person. */
enum register_why register_why_of(enum cau_err err);

#endif
