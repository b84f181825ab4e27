/* expand_int.h - a query as units: each word with all terms that stand for it. */
#ifndef CAU_INDEX_EXPAND_INT_H
#define CAU_INDEX_EXPAND_INT_H

#include "base/lang.h"
#include "index/dictionary_int.h"
#include "index/likelihood_int.h"

#define EXPAND_ALL_MAX       4    /* words: up to here all must be found */
#define EXPAND_ALL_UNITS_MAX 60   /* ... and groups of digits and parts of compounds */
#define EXPAND_PREFIX_MAX    1024 /* forms that begin with the last word */
#define EXPAND_PREFIX_MIN    2    /* letters of a beginning */
#define EXPAND_TYPO_MAX      64
#define EXPAND_TYPO_MIN      4 /* letters of a word that may be mistyped once */
#define EXPAND_TYPO_TWICE    8 /* ... twice */
#define EXPAND_SOUND_MAX     64
#define EXPAND_MEANT_MAX     8 /* words of a query for which mistakes and sounds are looked up */
#define EXPAND_PHRASES_MAX   16

struct unit_term {
    struct dictionary_term term;
    struct str key;  /* in the arena */
    uint32_t y;      /* how much it stands for the word, 16 fractional bits */
    unsigned groups; /* bits: texts of which it counts */
    enum index_channel channel;
    uint32_t sources; /* of a translation: bits of the lexicon's sources */
};

struct unit {
    struct str word; /* as it stands in the query */
    struct str form;
    enum token_script script;
    enum token_group lang; /* of the word */
    bool number;
    bool translated;                       /* the lexicon knows it */
    bool within;                           /* a syllable of a compound the lexicon knows */
    uint32_t part[COMPOUND_SYLLABLES_MAX]; /* of a compound: the units of its syllables */
    size_t parts;
    bool required;   /* else it only adds to the score */
    uint32_t times;  /* in the query */
    uint32_t factor; /* 16 fractional bits */
    struct unit_term *term;
    size_t n, cap;
    uint64_t rarity[TOKEN_GROUPS];
    uint64_t work; /* postings of all terms */
};

struct phrase_word {
    uint32_t unit;
    uint32_t form, stem, bare; /* halves of part_token it may show as; bare 0: none */
};

struct phrase {
    const struct phrase_word *word;
    size_t n;
};

struct plan {
    struct unit *unit;
    size_t n;
    bool all; /* every required unit must be found */
    struct phrase phrase[EXPAND_PHRASES_MAX];
    size_t phrases;
    bool cut, widened;
    enum lang lang; /* of the query */
    bool told;      /* lang was given, or its letters tell it */
};

/* Errors: MEMORY. Everything lives in a. */
enum cau_err expand(const struct index *ix, struct arena *a, const struct index_query *query,
                    struct str text, struct plan *out);
/* Adds what was meant by words of the plan that were found, but never together: typing mistakes, sounds.
 * True when a word has become wider. Errors: MEMORY. */
enum cau_err expand_widen(const struct index *ix, struct arena *a,
                          const struct index_query *query, struct plan *plan);

#endif
