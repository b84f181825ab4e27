/* view.h - reading a node: current records, versions, links, logs; always as one reader may see them.
 *
 * A view is one read-only connection. Between view_take and view_give it shows one moment (a snapshot), on
 * one thread. Text and values returned live in the arena. */
#ifndef CAU_VIEW_VIEW_H
#define CAU_VIEW_VIEW_H

#include "ledger/leaf.h"
#include "record/record.h"
#include "store/local.h"
#include "view/node.h"

#define VIEW_HISTORY_MAX 1000 /* versions of one record in one answer, newest first */
#define VIEW_LINKS_MAX   2000 /* links of one record in one answer */

struct view *view_take(struct node *n);
void view_give(struct node *n, struct view *v);
struct store *view_store(struct view *v); /* for the reading functions of store/local.h */
const struct node *view_node(const struct view *v); /* the node it was taken of */

struct view_record {
    uint32_t doc;
    struct str id;          /* r:... */
    struct str external_id; /* may be empty */
    const struct kind *kind;
    enum record_audience audience; /* of this version */
    uint32_t n;                    /* its number in the log of that audience */
    uint64_t seq;                  /* its place in that log */
    struct digest leaf;            /* its entry id */
    int64_t time_ms;               /* of this version */
    int64_t made_ms;               /* of the first version the reader may see */
    uint32_t owner;                /* document of the organisation it belongs to; 0: none */
    bool redacted;                 /* the payload was erased: payload is an empty object */
    bool withdrawn;                /* payload says why */
    struct value payload;
};

/* The newest version the reader may see. Errors: UNKNOWN (no record, or nothing he may see: the same answer
 * for both), MEMORY, IO, CORRUPT (the payload does not open its commitment). */
enum cau_err view_get(struct view *v, struct arena *a, struct index_reader reader, uint32_t doc,
                      struct view_record *out);
/* The version at (audience, n). Errors: as view_get. */
enum cau_err view_get_version(struct view *v, struct arena *a, struct index_reader reader,
                              uint32_t doc, enum record_audience audience, uint32_t n,
                              struct view_record *out);
/* The kind of a document that is here; NULL: there is none, or it is of a later program. For documents that the reader
 * is known to see (links, results): reads no payload. */
const struct kind *view_kind(struct view *v, struct arena *a, uint32_t doc);
/* The document of a record id or external id; 0 when there is none the reader may see. */
uint32_t view_find(struct view *v, struct index_reader reader, struct str id_or_external_id);

struct view_version {
    enum record_audience audience;
    uint32_t n;
    uint64_t seq;
    struct digest leaf;
    int64_t time_ms;
    bool redacted;
    uint32_t user;     /* who acted (audit of the payload); 0: the operator, or not known */
    struct str role;   /* as audit says; may be empty */
    struct str import; /* "import-0007", or empty */
};
/* Versions the reader may see, newest first. */
enum cau_err view_history(struct view *v, struct arena *a, struct index_reader reader,
                          uint32_t doc, struct view_version **out, size_t *n);

struct view_link {
    struct str rel; /* field name or relation code */
    uint32_t doc;   /* the other end, when it is here and the reader may see it; else 0 */
    struct str
        text; /* the target as written (record id or external id); empty when the reader may not know */
    struct str label; /* name of an unresolved target; may be empty */
};
enum cau_err view_links_from(struct view *v, struct arena *a, struct index_reader reader,
                             uint32_t doc, struct view_link **out, size_t *n);
enum cau_err view_links_to(struct view *v, struct arena *a, struct index_reader reader,
                           uint32_t doc, struct view_link **out,
                           size_t *n); /* rel as the other record says it */

/* Records of a kind in order of document number after `after`, for exports and sweeps. NULL kind: all.
 * Calls each until it returns false. The arena is reset between records by the callee's caller: what each
 * wants to keep it copies. */
enum cau_err view_each(struct view *v, struct arena *a, struct index_reader reader,
                       const struct kind *kind,
                       bool (*each)(void *ctx, const struct view_record *record), void *ctx);
/* Grows with every write and with every lexicon taken into use: what was answered while it stood still is still so.
 * Looks for another lexicon at most once a second. n is open for writing. */
uint64_t view_turn(struct node *n);
/* Time of the newest entry of all own logs; 0 when they are empty. */
enum cau_err view_newest(struct view *v, int64_t *time_ms);
/* Documents that an entry later than time_ms has changed, or that have another owner since; ascending, each once.
 * Errors: RANGE (over max), MEMORY, IO, CORRUPT. */
enum cau_err view_changed(struct view *v, struct arena *a, int64_t time_ms, size_t max,
                          uint32_t **out, size_t *n);
/* Documents whose current version was written by an import, ascending. */
enum cau_err view_import_docs(struct view *v, struct arena *a, uint32_t import, uint32_t **out,
                              size_t *n);
/* Documents of a kind, any audience, whose rule field publication has the value, oldest change first. */
enum cau_err view_publication(struct view *v, struct arena *a, struct str state, size_t max,
                              uint32_t **out, size_t *n);

struct view_log {
    struct str origin;
    uint64_t size;           /* durable */
    uint64_t signed_size;    /* of the published checkpoint */
    struct str checkpoint;   /* the signed note */
    struct str verifier_key; /* vkey line */
    int64_t signed_ms;
};
enum cau_err view_log(struct view *v, struct arena *a, enum record_audience audience,
                      struct view_log *out);
/* A tile or entry bundle as /log/ serves it; level -1 is an entry bundle. width 0 means full. Only widths that a
 * published checkpoint has had. Errors: UNKNOWN, IO, CORRUPT. */
enum cau_err view_tile(struct view *v, struct arena *a, enum record_audience audience,
                       int level, uint64_t index, unsigned width, struct str *out);
/* The .tlog-proof text of a version, with salt and payload when the reader may see them (ledger/proof.h).
 * Errors: UNKNOWN; BUSY (no checkpoint covers it yet: try again in a second). */
enum cau_err view_proof(struct view *v, struct arena *a, struct index_reader reader,
                        uint32_t doc, enum record_audience audience, uint32_t n,
                        struct str *out);
/* salt (32 bytes) and payload by commitment. Errors: UNKNOWN, REFUSED (redacted). */
enum cau_err view_payload(struct view *v, struct arena *a, enum record_audience audience,
                          const struct digest *commitment, struct str *out);

#endif
