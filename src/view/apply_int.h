/* apply_int.h - the tables of the current state, made from one entry after the other, in order of time. The
 * writer and a rebuild both come here, so they make the same. */
#ifndef CAU_VIEW_APPLY_INT_H
#define CAU_VIEW_APPLY_INT_H

#include "view/facts_int.h"
#include "view/node_int.h"

struct apply {
    const struct node *n;
    struct store *s;    /* the tables of the views */
    struct store *main; /* the ledger; in a node the same */
    struct store *keys;
    int64_t docs; /* the last document number given; -1: not yet looked */
    int64_t kind
        [KIND_COUNT_MAX]; /* numbers of kinds by their place in struct kinds; 0: not yet looked */
    bool fed;             /* rows were added to the table feed */
};
void apply_begin(struct apply *p, const struct node *n, struct store *s, struct store *main,
                 struct store *keys);
void apply_forget(struct apply *p); /* what was remembered: after an undo */

enum apply_state { APPLY_PRESENT, APPLY_REDACTED, APPLY_WITHDRAWN };

struct apply_head {
    uint64_t n, seq; /* n 0: the record is not in this log */
    int64_t t, made;
    enum apply_state state;
    struct digest leaf;
};

struct apply_record {
    uint32_t doc; /* 0: not there */
    struct leaf_id rid;
    int64_t kind;
    uint32_t owner;
    struct apply_head head[NODE_LOGS];
};

/* The record with this id and its newest version in each log; doc 0 when there is none. */
enum cau_err apply_find(struct apply *p, const struct leaf_id *rid, struct apply_record *out);
enum cau_err apply_find_doc(struct apply *p, uint32_t doc, struct apply_record *out);
/* The newest version of a record over all logs; -1 for none. */
int apply_newest(const struct apply_record *r);
/* The log whose version the index takes: the widest that is there and not redacted; -1 for none. */
int apply_indexed(const struct apply_record *r);

enum cau_err apply_doc_of_rid(struct store *s, const struct leaf_id *rid, uint32_t *doc);
/* A document with this external id in some log; 0 for none. */
enum cau_err apply_doc_of_external(struct store *s, struct str external, uint32_t *doc);
enum cau_err apply_kind_name(struct store *s, struct arena *a, int64_t kind, struct str *name);
/* The number of a kind, given when it is new. kind may be NULL when only the name is known. */
enum cau_err apply_kind(struct apply *p, const struct kind *kind, struct str name_major,
                        int64_t *out);

/* One entry that was appended. facts NULL: the payload has been redacted since. */
struct apply_entry {
    const struct leaf *leaf;
    struct digest hash;
    enum record_audience audience;
    uint64_t seq;
    const struct kind *kind; /* of a put; NULL when this program does not know it */
    const struct facts *facts;
};
/* record is what apply_find said, and is brought up to date. */
enum cau_err apply_put(struct apply *p, const struct apply_entry *e,
                       struct apply_record *record);

/* All versions in the log of e are redacted; the payloads themselves are the caller's to destroy. */
enum cau_err apply_redact(struct apply *p, const struct apply_entry *e,
                          struct apply_record *record);
/* Calls each with the place of every version of a record in a log. */
enum cau_err apply_places(struct store *s, uint32_t doc, uint32_t log,
                          enum cau_err (*each)(void *with, int64_t place), void *with);

#endif
