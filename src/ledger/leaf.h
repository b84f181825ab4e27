/* leaf.h - one line of the log: who signed what about which record, in canonical JSON. */
#ifndef CAU_LEDGER_LEAF_H
#define CAU_LEDGER_LEAF_H

#include "base/base.h"
#include "base/buf.h"
#include "base/digest.h"
#include "ledger/key.h"

#define LEAF_BYTES_MAX    4096
#define LEAF_NODE_MAX     128 /* bytes of a node's name */
#define LEAF_AUDIENCE_MAX 36  /* bytes, generation suffix included */
#define LEAF_ORIGIN_MAX   (LEAF_NODE_MAX + 5 + LEAF_AUDIENCE_MAX)
#define LEAF_WORD_MAX     32  /* bytes of a code, of the name of a kind */
#define LEAF_MAJOR_MAX    999 /* of a kind */
#define PAYLOAD_BYTES_MAX 262144

/* 16 random bytes that name a record ("r:" in text) or an organisation ("o:"). */
struct leaf_id {
    unsigned char b[16];
};
#define LEAF_ID_CHARS  28 /* "r:" or "o:" and 26 of base32 */
#define LEAF_KEY_CHARS 34 /* "k:" and 32 of hex */

enum leaf_op {
    LEAF_ACK,
    LEAF_CLAIM,
    LEAF_FORK,
    LEAF_KEY,
    LEAF_ORG,
    LEAF_PUT,
    LEAF_REDACT,
    LEAF_SCHEMA
};
enum leaf_act { LEAF_ADD, LEAF_REVOKE };
enum leaf_use {
    LEAF_USE_LOG,
    LEAF_USE_MIRROR,
    LEAF_USE_ORG,
    LEAF_USE_REQUEST,
    LEAF_USE_WITNESS
};
enum leaf_claim_type {
    LEAF_ANNOTATES,
    LEAF_DISPUTES,
    LEAF_ENDORSES,
    LEAF_HANDOVER,
    LEAF_NOT_SAME_AS,
    LEAF_SAME_AS,
    LEAF_TRANSLATES
};

struct leaf_about { /* one version of a record in a log */
    struct digest leaf;
    struct str origin;
    struct leaf_id rid;
};

struct leaf_last { /* a checkpoint */
    struct str origin;
    struct digest root;
    uint64_t size;
};

/* All fields; the comment names the operations that have them. Those that an operation lacks are
 * zero. Text is a view: of the bytes read, or whatever the writer set. No natural person here. */
struct leaf {
    enum leaf_op op;
    struct str node, aud; /* the log's origin is node "/log/" aud */
    int64_t t;            /* UTC ms, > 0, strictly increasing over all logs of a node */
    struct key_id by;     /* the key that signed */
    struct leaf_id org;   /* for whom */
    struct key_sig sig;
    struct leaf_id rid; /* put, claim, redact */
    struct str kind;    /* put, claim: name/major */
    uint64_t n;         /* put, claim: version of the record in this log, from 1 */
    struct digest prev; /* put, claim: hash of the leaf of version n - 1; only when n > 1 */
    bool has_commit;    /* put: must be; claim: may be */
    struct digest commit;
    uint64_t plen;              /* with commit in a public log: payload length in bytes, >= 1 */
    uint64_t upto;              /* redact: versions n <= upto of rid in this log */
    struct str why;             /* redact: a code */
    enum leaf_claim_type claim; /* claim */
    struct leaf_about about;    /* claim, ack */
    enum leaf_act act;          /* key */
    enum leaf_use use;          /* key */
    struct key_public key;      /* key */
    uint64_t from_index;        /* key, revoke: leaves from there on are void */
    struct digest hash;         /* schema: SHA-256 of the kind's file */
    struct leaf_last last;      /* fork */
};

/* Tests every field's rule for the operation, but no signature. Errors: SYNTAX; RANGE; REFUSED (the
 * key of a key leaf is not admissible). */
enum cau_err leaf_check(const struct leaf *x);

/* Sets x->by and x->sig and adds the canonical bytes to out. Errors: leaf_check's; RANGE (over
 * LEAF_BYTES_MAX, or out's own limit); out and x unchanged. */
enum cau_err leaf_sign(struct leaf *x, const struct key_pair *key, struct buf *out);
/* Adds the canonical bytes of a signed leaf; errors as leaf_sign. */
enum cau_err leaf_write(const struct leaf *x, struct buf *out);

/* Canonical or refused: every byte of text is as leaf_write would write it again. No signature is
 * tested. Views in out are of text. Errors: RANGE (over LEAF_BYTES_MAX), SYNTAX, leaf_check's. */
enum cau_err leaf_read(struct str text, struct leaf *out);
/* CORRUPT unless x->by names this key and x->sig is its signature. */
enum cau_err leaf_verify(const struct leaf *x, const struct key_public *key);

/* Entry id: tree_leaf_hash of the bytes. */
struct digest leaf_hash(struct str text);
/* SHA-256("cau/commit/v1" 0x00 || r || payload): opens only with r, 32 random bytes a version. */
struct digest leaf_commit(const struct digest *r, struct str payload);

/* Audience: [a-z][a-z0-9_-]{0,31}, then ".2" to ".999" for a later generation of the log. */
bool leaf_audience_valid(struct str aud);
struct str leaf_audience_base(struct str aud); /* without the generation */
bool leaf_node_valid(
    struct str node); /* labels of [a-z0-9-] with dots between, <= LEAF_NODE_MAX */
/* node "/log/" aud. */
void leaf_write_origin(struct str node, struct str aud, struct buf *out);
/* Splits an origin of that form. Errors: SYNTAX. */
enum cau_err leaf_read_origin(struct str origin, struct str *node, struct str *aud);

struct leaf_id leaf_id_make(void); /* random */
bool leaf_id_equal(const struct leaf_id *x, const struct leaf_id *y);
/* Text forms; out has the named number of characters, no NUL. SYNTAX unless canonical. */
void leaf_write_rid(const struct leaf_id *id, char out[LEAF_ID_CHARS]);
void leaf_write_org(const struct leaf_id *id, char out[LEAF_ID_CHARS]);
void leaf_write_key(const struct key_id *id, char out[LEAF_KEY_CHARS]);
enum cau_err leaf_read_rid(struct str text, struct leaf_id *out);
enum cau_err leaf_read_org(struct str text, struct leaf_id *out);
enum cau_err leaf_read_key(struct str text, struct key_id *out);

#endif
