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

enum {
    LIKE_BARE = TOKEN_GROUPS,
    LIKE_GROUPS
}; /* a language of its own: Vietnamese without marks */

/* A word or concept of any text of one call, by number. */
struct like_word {
    struct str text;       /* term, or empty for a concept */
    uint32_t concept;      /* its number, when text is empty */
    bool compound, number; /* as in analysis_term */
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
};

struct like_term {
    uint32_t word;
    uint32_t times;     /* 16 fractional bits: in the text */
    struct str surface; /* where it stands first */
};

/* All texts of a record in one language. */
struct like_side {
    enum token_group group;
    bool bare;              /* Vietnamese typed without marks */
    struct like_term *term; /* each word once, by rising number */
    size_t n;
    uint32_t length; /* terms that are words */
    int64_t self;    /* scored against itself */
};

/* What was worked out for texts of one state of the index. It holds for the next call too, while nothing is written. */
struct like {
    const struct index *ix;
    const struct concepts *concepts; /* NULL: none */
    const struct bare_words *bare;   /* NULL: not asked for yet, or none */
    uint64_t generation;             /* of the index: what is here is of it */
    struct arena keep;               /* words, sides */
    struct arena work;               /* for one text */
    struct stem *stem;
    struct table number; /* of words, by text or by 1 and the concept */
    struct buf word;     /* struct like_word */
    struct buf class;    /* struct like_class */
    struct buf member;   /* struct like_member */
    struct buf there;    /* uint64_t by word: stamp << 32 | place in the side asked */
    struct buf draft;    /* struct like_term: a side while it is made */
    struct buf known;    /* uint32_t by document: 1 + its struct like_known; 0: none */
    struct buf doc;      /* struct like_known */
    uint32_t stamp;
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
void like_end(struct like *l);  /* keeps it for the next call, or drops it */
void like_drop(struct like *l); /* NULL is allowed */

/* The texts as one side for each of their languages. *n of out. Errors: MEMORY. */
enum cau_err like_sides(struct like *l, const struct index_text *text, size_t text_count,
                        struct like_side out[LIKE_SIDES_MAX], size_t *n);
/* The same of a document's stored texts; worked out once. */
enum cau_err like_doc_sides(struct like *l, uint32_t doc, struct str stored,
                            const struct like_side **out, size_t *n);

/* What one term of the asking side brings, and by which term of the other side most. */
struct like_part {
    int64_t score;
    const struct like_term *asked, *found;
    enum index_channel channel;
    uint32_t sources;
};
/* s(x, y), 16 fractional bits. part may be NULL, else room for x->n; *parts of them are written. Errors: MEMORY. */
enum cau_err like_score(struct like *l, const struct like_side *x, const struct like_side *y,
                        int64_t *score, struct like_part *part, size_t *parts);

#endif
