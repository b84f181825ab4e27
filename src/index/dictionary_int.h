/* dictionary_int.h - the terms of both parts of an index as one dictionary. */
#ifndef CAU_INDEX_DICTIONARY_INT_H
#define CAU_INDEX_DICTIONARY_INT_H

#include "index/index_int.h"
#include "language/bare.h"

/* A term in both parts. */
struct dictionary_term {
    struct part_term in[INDEX_PARTS];
};
bool dictionary_find(const struct index *ix, struct str key, struct dictionary_term *out);
/* Stands the term, in a text of the groups (bits), in a document the reader may see? */
bool dictionary_visible(const struct index *ix, const struct dictionary_term *t,
                        unsigned groups, struct index_reader reader);

/* A walk through the terms of both parts in key order. */
struct dictionary_walk {
    const struct index *ix;
    struct segment_walk segment;
    bool in_segment, in_fresh; /* is there a current entry */
    struct order_at at;
    uint32_t fresh;
};
void dictionary_seek(const struct index *ix, struct dictionary_walk *w, struct str key);
/* Onwards to the first key >= target; the same as dictionary_seek, quicker when it is near. */
void dictionary_skip(struct dictionary_walk *w, struct str target);
/* The key at hand (a view until the walk moves); false at the end. */
bool dictionary_key(const struct dictionary_walk *w, struct str *key);
void dictionary_term(struct dictionary_walk *w, struct dictionary_term *out);
void dictionary_next(struct dictionary_walk *w);
/* For walks through a large part of it: before each step, brings near what the ones soon to come read. */
void dictionary_fetch(const struct dictionary_walk *w);
/* The keys whose postings say where a term of analysis.h stands in texts of a language: 0 to 2. */
size_t dictionary_keys(enum token_group lang, struct str term, struct term_key out[2]);
/* How often a term of analysis.h stands in public texts of a language. */
uint64_t dictionary_count(const struct index *ix, enum token_group lang, struct str term);

/* The Vietnamese words that a bare form stands for, each with its share (16 fractional bits, together at most 1): by how
 * often they stand in public texts, and how much the lexicon knows of them. Returns how many. */
struct dictionary_bare {
    struct str term;
    uint32_t share;
};
size_t dictionary_bare(const struct index *ix, const struct bare_words *words, struct str bare,
                       struct dictionary_bare out[BARE_WORDS_MAX]);

#endif
