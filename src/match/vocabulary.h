/* vocabulary.h - what the words of names mean, whatever their language: terms/organizations.names and the glossary.
 *
 * A meaning is one row of terms/organizations.names, or one concept of the glossary. Phrases of up to
 * VOCABULARY_WORDS_MAX words are compared by stems (Russian, English) and by bare forms (Vietnamese). */
#ifndef CAU_MATCH_VOCABULARY_H
#define CAU_MATCH_VOCABULARY_H

#include "base/base.h"
#include "language/skeleton.h"
#include "language/stem.h"

#define VOCABULARY_WORDS_MAX    12    /* of one phrase */
#define VOCABULARY_MEANINGS_MAX 65535 /* rows and concepts */
#define VOCABULARY_GROUPS_MAX   1000
#define VOCABULARY_LONG_MAX     6   /* meanings that one abbreviation stands for */
#define VOCABULARY_SHORTS_MAX   500 /* abbreviations */
#define VOCABULARY_PARTS_MAX    6   /* meanings that one meaning is made of */

enum vocabulary_part {
    VOCABULARY_UNKNOWN, /* a word the lists do not have: most often a name */
    VOCABULARY_LEGAL,
    VOCABULARY_JOINING,
    VOCABULARY_NAMED,
    VOCABULARY_TYPE,
    VOCABULARY_COMMON,
    VOCABULARY_WORD,
    VOCABULARY_PLACE,
    VOCABULARY_COUNTRY,
    VOCABULARY_SHORT, /* stands for several meanings: vocabulary_long */
    VOCABULARY_PARTS
};

struct vocabulary_meaning {
    uint16_t id;    /* from 1; 0: none */
    uint16_t group; /* meanings of one group are near; 0: of none */
    enum vocabulary_part part;
};

struct vocabulary;
/* Reads the lists the program carries. Errors: SYNTAX (a fault in them), MEMORY. */
enum cau_err vocabulary_open(struct vocabulary **out);
/* The same of given bytes: names as organizations.names, terms as *.terms. Errors: SYNTAX (*line is where, from 1),
 * RANGE (too many meanings, groups, or words in a phrase), MEMORY. */
enum cau_err vocabulary_read(struct str names, struct str terms, struct vocabulary **out,
                             size_t *line);
void vocabulary_close(struct vocabulary *v); /* NULL is allowed */
size_t vocabulary_count(const struct vocabulary *v);
uint16_t vocabulary_group(const struct vocabulary *v, struct str name); /* 0: there is none */

/* One word of a text as the lists know it. */
struct vocabulary_word {
    struct str stem; /* Russian or English; of other scripts the form */
    struct str bare; /* of a Latin word: without marks; else as stem */
    uint32_t stem_begins,
        bare_begins; /* the phrases it begins, by either: vocabulary_word_of */
    bool alone; /* by itself, too, its bare form may be a Vietnamese word without its marks */
};
struct vocabulary_word vocabulary_word_of(const struct vocabulary *v, struct str stem,
                                          struct str bare);
/* The longest phrase at the head of w[0..n): its number of words, 0 when there is none. Rows of names come before
 * concepts of the glossary. */
size_t vocabulary_match(const struct vocabulary *v, const struct vocabulary_word *w, size_t n,
                        struct vocabulary_meaning *out);
/* What one syllable would mean if it were Vietnamese without its marks: dong for đông. id 0: nothing. */
struct vocabulary_meaning vocabulary_unmarked(const struct vocabulary *v, struct str bare);
/* How the English name of a place sounds: for spellings no list has. len 0: no place, or of several words. */
struct skeleton vocabulary_sound(const struct vocabulary *v, struct vocabulary_meaning meaning);
/* The meanings that one of part SHORT stands for, in their order; how many. */
size_t vocabulary_long(const struct vocabulary *v, struct vocabulary_meaning meaning,
                       struct vocabulary_meaning out[VOCABULARY_LONG_MAX]);
/* The meanings that meaning is made of, when the words of one of its phrases have meanings of their own: medicine and
 * pharmacy. None of them is made of others. How many; 0: it is one by itself. */
size_t vocabulary_made_of(const struct vocabulary *v, struct vocabulary_meaning meaning,
                          struct vocabulary_meaning out[VOCABULARY_PARTS_MAX]);

#endif
