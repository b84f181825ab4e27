/* like_int.h - texts as terms and concepts, what stands for each in another text, and the score of one asked of
 * another. */
#ifndef CAU_INDEX_LIKE_INT_H
#define CAU_INDEX_LIKE_INT_H

#include "base/table.h"
#include "index/dictionary_int.h"
#include "index/like.h"
#include "index/likelihood_int.h"
#include "language/bare.h"
#include "language/concept.h"
#include "language/lexicon.h"

#define LIKE_SIDES_MAX TOKEN_GROUPS
#define LIKE_KEPT_MAX                                                                          \
    4 /* contexts that wait for the next call; as many threads match at their best */

#define LIKE_KEPT_BYTES_MAX                                                                    \
    ((size_t)256 << 20) /* like_bytes of a context that waits; a larger one is dropped */

enum {
    LIKE_BARE = TOKEN_GROUPS,
    LIKE_GROUPS
}; /* a language of its own: Vietnamese without marks */

/* What a word's contribution to a score is multiplied by: how often it stands in the asking text; within a language also
 * how rare it is there (like_text.c). Rare words are surely the same in one language, and least surely translated. */
enum like_scale { LIKE_ACROSS, LIKE_WITHIN, LIKE_SCALES };

/* A word or concept of any text of one call, by number. */
struct like_word {
    struct str text;       /* term, or empty for a concept */
    uint32_t concept;      /* its number, when text is empty */
    bool compound, number; /* as in analysis_term */
    bool marked;           /* it has marks, or is too long to tell */
    uint32_t phrase_word;  /* concepts_word of text */
    uint32_t class_at[LIKE_GROUPS *
                      LIKE_GROUPS]; /* 1 + class, by from * LIKE_GROUPS + to; 0: not made yet */
};

/* What stands for a word: another word, how surely, and who says so. */
struct like_member {
    uint32_t word;
    uint32_t y; /* 16 fractional bits */
    enum index_channel channel;
    uint32_t sources;
};

struct like_class {
    uint32_t first, n; /* members */
    uint64_t rarity;   /* lambda / (1 - lambda) / P_C, 16 fractional bits */
    uint32_t weight;   /* of its word (LIKE_WITHIN), 16 fractional bits */
    bool concept;      /* of one */
    bool alone;        /* nothing but the word itself stands for it */
};

struct like_term {
    uint32_t word;
    uint32_t times;               /* 16 fractional bits: in the text */
    uint32_t weight[LIKE_SCALES]; /* 16 fractional bits */
    uint32_t at, len;             /* where it stands first, in the side's texts */
    bool alone;                   /* in its own language nothing else stands for it */
};

/* All texts of a record in one language. */
struct like_side {
    enum token_group group;
    bool bare;              /* Vietnamese typed without marks */
    struct str texts;       /* as its terms know them */
    struct like_term *term; /* each word once, in the order in which they first came */
    size_t n;
    uint32_t length;           /* terms that are words */
    int64_t self[LIKE_SCALES]; /* scored against itself */
};

/* What was worked out for texts of one state of the index. It holds for the next call too, while nothing is written. */
struct like {
    const struct index *ix;
    const struct concepts *concepts; /* NULL: none */
    const struct bare_words *bare;   /* NULL: not asked for yet, or none */
    uint64_t generation;             /* of the index: what is here is of it */
    struct arena keep;               /* words, sides */
    struct arena work;               /* for one text */
    struct arena call;               /* for one call */
    struct stem *stem;
    struct table number; /* of words, by text or by 1 and the concept */
    struct buf word;     /* struct like_word */
    struct buf class;    /* struct like_class */
    struct buf member;   /* struct like_member */
    struct buf own
        [LIKE_GROUPS]; /* struct like_class by word: those in its own language; n is 0: not made yet */
    struct buf there; /* uint64_t by word: stamp << 32 | place in the side asked */
    struct buf draft; /* struct like_term: a side while it is made */
    struct buf known; /* uint32_t by document: 1 + its struct like_known; 0: none */
    struct buf doc;   /* struct like_known */
    struct buf of_part[INDEX_PARTS]; /* of like_side.c, by a part's number of a term */
    struct buf concept;              /* the same by concept */
    struct buf list; /* the words of a document's text while a side is made of them */
    /* Of like_find.c. */
    struct buf
        list_of; /* uint32_t by word * TOKEN_GROUPS + language: 1 + place in lists; 0: not met */
    struct buf lists; /* postings of words */
    struct buf tally[INDEX_PARTS], mass[INDEX_PARTS],
        slots;                                  /* all 0 between two calls, but for slots */
    struct buf code[INDEX_PARTS][TOKEN_GROUPS]; /* a byte by slot: its length */
    uint32_t stamp;
    /* Of the asker at hand. */
    struct buf seen; /* struct like_seen by word */
    uint32_t asker;  /* stamp */
};

/* The sides of a document. */
struct like_known {
    const struct like_side *side;
    size_t n;
};

/* A context for the state the index is in; its lock is held for reading until like_end. concepts may be NULL. Errors:
 * MEMORY. */
enum cau_err like_begin(const struct index *ix, const struct concepts *concepts,
                        struct like **out);
void like_end(struct like *l);     /* keeps it for the next call, or drops it */
size_t like_bytes(struct like *l); /* that it keeps from call to call */
void like_drop(struct like *l);    /* NULL is allowed */

/* The texts as one side for each of their languages, *n of out; all they need is copied to a. Errors: MEMORY. */
enum cau_err like_sides(struct like *l, struct arena *a, const struct index_text *text,
                        size_t text_count, struct like_side out[LIKE_SIDES_MAX], size_t *n);
/* The same of a document, from the words the index keeps of it. They hold for the call, most are kept for the next. */
enum cau_err like_doc_sides(struct like *l, uint32_t doc, int part, uint32_t slot,
                            const struct like_side **out, size_t *n);
/* Where a term of a side stands first; empty when that is no text. */
struct str like_surface(const struct like_side *side, const struct like_term *t);

/* What one term of the asking side brings, and by which term of the other side most. */
struct like_part {
    int64_t score;
    const struct like_term *asked, *found;
    enum index_channel channel;
    uint32_t sources;
};
/* s(x, y), 16 fractional bits. part may be NULL, else room for x->n; *parts of them are written. Errors: MEMORY. */
enum cau_err like_score(struct like *l, const struct like_side *x, const struct like_side *y,
                        enum like_scale scale, int64_t *score, struct like_part *part,
                        size_t *parts);

/* The documents, at most `most`, that may fit x best by texts of a language, best first; those the query's filters and
 * reader leave out are not among them. They hold for the call. Errors: MEMORY. */
struct gathered;
enum cau_err like_find(struct like *l, const struct like_query *query,
                       const struct like_side *x, enum token_group group, size_t most,
                       const struct gathered **out, size_t *n);

/* ---- one side asked of many, and they of it ---- */

struct like_asker {
    struct like *like;
    const struct like_side *x;
    unsigned group;           /* of the others: a language, or LIKE_BARE */
    uint32_t stamp;           /* of what first and back of the context say for this asker */
    struct like_class *class; /* of each term of x */
    struct like_link *link;   /* words that stand for a term of x */
    uint64_t *mass;           /* by term of x, 0 between two calls */
    uint32_t *met;            /* terms of x that have some */
};

/* Prepares x, to be asked of sides of a group that are made already; the one before it ends. Everything lives in a.
 * Errors: MEMORY. */
enum cau_err like_asker_open(struct like *l, struct arena *a, const struct like_side *x,
                             unsigned group, struct like_asker *out);
/* s(x, y) and s(y, x), as like_score gives them. Errors: MEMORY. */
enum cau_err like_ask(struct like_asker *q, const struct like_side *y, int64_t *there,
                      int64_t *back);

/* ---- words and what stands for them: shared by the files of like ---- */

enum cau_err like_number_of_text(struct like *l, struct str text, uint32_t *out);
enum cau_err like_number_of_concept(struct like *l, uint32_t concept, uint32_t *out);

static inline struct like_word *like_word_at(const struct like *l, uint32_t word)
{
    return (struct like_word *)(void *)l->word.p + word;
}

static inline const struct like_member *like_member_at(const struct like *l, size_t i)
{
    return (const struct like_member *)(const void *)l->member.p + i;
}

static inline bool like_own_class(const struct like *l, uint32_t word, unsigned group,
                                  struct like_class *out)
{
    const struct buf *own = &l->own[group];
    const struct like_class *c = (const void *)own->p;
    if (word >= own->len / sizeof *c || c[word].n == 0)
        return false;
    *out = c[word];
    return true;
}

/* What stands for a word of a text of `from` in one of `to` (languages, or LIKE_BARE). Errors: MEMORY. */
enum cau_err like_class_of(struct like *l, uint32_t number, unsigned from, unsigned to,
                           struct like_class *out);

static inline unsigned like_group_of(const struct like_side *side)
{
    return side->bare ? (unsigned)LIKE_BARE : (unsigned)side->group;
}

static inline enum like_scale like_scale_of(const struct like_side *x,
                                            const struct like_side *y)
{
    return x->group == y->group ? LIKE_WITHIN : LIKE_ACROSS;
}

/* From now on like_place_of is about y. */
void like_set_there(struct like *l, const struct like_side *y);

/* The place in y of a word; SIZE_MAX when it is not there. */
static inline size_t like_place_of(const struct like *l, uint32_t word)
{
    uint64_t there = ((const uint64_t *)(const void *)l->there.p)[word];
    return there >> 32 == l->stamp ? (size_t)(there & UINT32_MAX) : SIZE_MAX;
}

/* The contribution of a class whose members have mass in y. */
static inline uint32_t like_contribution(uint64_t mass, const struct like_side *y,
                                         uint64_t rarity)
{
    uint32_t share = likelihood_share(mass < UINT32_MAX ? (uint32_t)mass : UINT32_MAX,
                                      y->length > 0 ? y->length : 1);
    return likelihood_score(share, rarity);
}

/* What it adds to the score of the text in which the term stands. */
static inline int64_t like_weighed(uint32_t contribution, const struct like_term *t,
                                   enum like_scale scale)
{
    return (int64_t)((uint64_t)contribution * t->weight[scale] / LIKELIHOOD_ONE);
}

#endif
