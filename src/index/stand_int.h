/* stand_int.h - the terms of the index that stand for a word of a query, channel by channel. */
#ifndef CAU_INDEX_STAND_INT_H
#define CAU_INDEX_STAND_INT_H

#include "index/expand_int.h"
#include "language/stem.h"

enum {
    STAND_ALL = (1 << TOKEN_GROUPS) - 1, /* texts of every language */
    STAND_Y_BARE = LIKELIHOOD_ONE / 2,
};

/* One query on its way to units. */
struct stand {
    const struct index *ix;
    struct arena *a;
    struct index_reader reader;
    struct stem *stem;
    size_t meant; /* words looked up as mistakes and sounds so far */
    enum cau_err err;
};

/* How a term stands for a word; as in struct unit_term. */
struct stand_as {
    uint32_t y;
    unsigned groups;
    enum index_channel channel;
    uint32_t sources;
};

/* size bytes of the arena; NULL when there are none, then s->err is MEMORY. */
void *stand_take(struct stand *s, size_t size);
/* Adds the term of a key to u when the index has it and u does not. */
void stand_add(struct stand *s, struct unit *u, enum term_kind kind, struct str text,
               const struct stand_as *as);
/* Stands a term of u in a text of the groups (bits) the reader may see? */
bool stand_visible(const struct stand *s, const struct unit *u, unsigned groups);
/* True when the word of u has no marks, so that its bare form is itself. */
bool stand_is_bare(const struct unit *u);

/* The word itself, its stem, its bare form; with last also what begins with it. */
void stand_same(struct stand *s, struct unit *u, bool last);
/* What the lexicon gives for term, a word of language u->lang in the form of analysis.h; each y times share
 * (16 fractional bits). With silent, what was given counts as found and adds no
 * score. False when the lexicon knows nothing for it. */
bool stand_translated(struct stand *s, struct unit *u, struct str term, uint32_t share,
                      bool silent);
/* An abbreviation in capitals as the other script spells it (abbreviation.h), where that is no common word there and the
 * lexicon has not given it yet. */
void stand_spelt(struct stand *s, struct unit *u);
/* What was meant: typing mistakes when nothing visible stands for u, sounds for the languages in which nothing does
 * and the lexicon says nothing; always: both, whatever was found. */
void stand_meant(struct stand *s, struct unit *u, bool always);

#endif
