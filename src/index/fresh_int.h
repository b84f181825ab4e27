/* fresh_int.h - the part of the index in memory: takes every write until the next save. */
#ifndef CAU_INDEX_FRESH_INT_H
#define CAU_INDEX_FRESH_INT_H

#include "base/buf.h"
#include "base/table.h"
#include "index/index.h"
#include "index/order_int.h"
#include "index/part_int.h"
#include "index/term_int.h"
#include "language/stem.h"

#define FRESH_CLASSES    28 /* sizes of posting memory: 8 << 0 .. 8 << 27 bytes */
#define FRESH_LISTS_MAX  ((size_t)UINT32_MAX - 1) /* bytes of posting memory */
#define FRESH_TOKENS_MAX ((uint64_t)UINT32_MAX - INDEX_DOC_BYTES_MAX * 2)

struct fresh_term {
    struct posting last;        /* newest posting, not yet encoded */
    uint32_t list_at, list_len; /* encoded postings in lists */
    uint32_t list_class;        /* 1 + class of its memory; 0: none yet */
    uint32_t count, last_encoded;
    unsigned groups; /* bits: in whose texts it stands */
    int64_t public
        [TOKEN_GROUPS];  /* weights, less those of public documents taken out of any part */
    uint32_t stem, bare; /* of a form: 1 + term; 0: none, or as the form itself */
    uint32_t token;      /* of a form: part_token with its own stem */
    uint32_t own;        /* of a form: part_token with the form as its stem */
    size_t key_at;       /* in terms.keys */
    uint32_t key_len;
};

struct fresh {
    struct part part;
    struct buf doc, shape, owner, updated_ms, length, brief, token_at, token, text_at, text,
        word_at, word, dead;
    struct table terms; /* key -> term */
    struct table seen;  /* words as they stand in texts -> what they are (intake.c) */
    struct buf term;    /* struct fresh_term */
    struct order order; /* of all terms by key */
    struct buf lists;   /* posting memory, up to FRESH_LISTS_MAX */
    uint32_t free_at[FRESH_CLASSES]; /* 1 + offset of the first free block of a class */
    uint32_t dead_count;
    bool failed; /* memory ended once: what was written then is dead */
    bool loose;  /* new terms are not put in order: fresh_order does so with all */
};

/* How words become terms; all live as long as the index. */
struct fresh_tools {
    struct stem *stem;
    const struct compound_list *compounds;
};

struct fresh fresh_new(void);
void fresh_free(struct fresh *f);
/* Adds a document whose texts are stored (stored_int.h). *slot is where; length gets the field weights of
 * its words by language group. Errors: MEMORY, RANGE (no more slots). */
enum cau_err fresh_put(struct fresh *f, const struct fresh_tools *tools,
                       const struct index_doc *doc, uint32_t shape, struct str stored,
                       uint32_t *slot, uint32_t length[TOKEN_GROUPS]);
/* Takes the words of a public document of any part out of the counts. */
void fresh_uncount(struct fresh *f, const struct fresh_tools *tools, struct str stored,
                   uint32_t length[TOKEN_GROUPS]);
/* Puts all terms of a loose one in order; then it is no longer loose. Errors: MEMORY (f has failed). */
enum cau_err fresh_order(struct fresh *f);
/* The shapes of all documents become what shape has for them. */
void fresh_reshape(struct fresh *f, const uint32_t *shape);
/* Takes all documents of g over, behind those of f: what f had become by putting them one after the other. Their slots
 * follow those of f in order. g stays its owner's and is not to be used otherwise. *odd, and nothing changed for a reader: g read a word as another kind of letters than f had, so
 * they must be put one by one. Errors: MEMORY (f has failed), RANGE (no more slots; nothing changed). */
enum cau_err fresh_absorb(struct fresh *f, struct fresh *g, bool *odd);
/* Do f and g say the same of two of their terms, which have one key, beside where they stand? */
bool fresh_agrees(const struct fresh *f, uint32_t term, const struct fresh *g, uint32_t other);
void fresh_kill(struct fresh *f, uint32_t slot);

/* For intake.c, the reader of texts. The term of a key, made when it is new; UINT32_MAX when memory ends (then f has
 * failed). */
uint32_t fresh_intern(struct fresh *f, struct str key, bool *added);
static inline struct fresh_term *fresh_term(const struct fresh *f, uint32_t term)
{
    return (struct fresh_term *)(void *)f->term.p + term;
}
/* Brings near what fresh_key and fresh_term_of read: the term first, and later on its key and its list. */
static inline void fresh_fetch(const struct fresh *f, uint32_t term)
{
    const struct fresh_term *t = fresh_term(f, term);
    base_fetch(t);
    base_fetch(&t->key_len);
}
static inline void fresh_fetch_bytes(const struct fresh *f, uint32_t term)
{
    const struct fresh_term *t = fresh_term(f, term);
    base_fetch(f->terms.keys + t->key_at);
    if (f->lists.p != NULL) /* no term may have a second posting yet */
        base_fetch(f->lists.p + t->list_at);
}
/* The term stands with weight at id, which is not below those before. */
void fresh_post(struct fresh *f, struct fresh_term *t, uint32_t id, uint32_t weight);
/* For absorb.c. All that is said of a term of g becomes true of t, with ids higher by `by` and so above those of t. */
void fresh_post_list(struct fresh *f, struct fresh_term *t, const struct fresh *g,
                     const struct fresh_term *from, uint32_t by);
void fresh_renew(struct fresh *f); /* part, after its columns grew */
/* Memory ended: the columns as they were at the last fresh_renew, wherever they stand now; f has failed. */
void fresh_cut(struct fresh *f);
bool fresh_good(const struct fresh *f);

bool fresh_find(const struct fresh *f, struct str key, struct part_term *out);
uint32_t fresh_terms(const struct fresh *f);
struct str fresh_key(const struct fresh *f, uint32_t term);
void fresh_term_of(const struct fresh *f, uint32_t term, struct part_term *out);

#endif
