/* name.h - the name of an organisation or person as units that can be compared: meanings, names, and how they sound.
 *
 * Legal forms and joining words are set aside. A person the body is named after is optional. Of a word no list has,
 * what counts is its root: without the endings of Russian and English adjectives and cases. */
#ifndef CAU_MATCH_NAME_H
#define CAU_MATCH_NAME_H

#include "language/skeleton.h"
#include "language/token.h"
#include "match/vocabulary.h"

#define NAME_BYTES_MAX 2000 /* of a name; what is behind is not looked at */
#define NAME_UNITS_MAX 24   /* of one name */
#define NAME_FORM_MAX  48   /* bytes of a word no list has; what is behind is not looked at */
#define NAME_TYPO_BYTES_MIN                                                                    \
    5 /* a shorter word of a script is like no other one of it: one letter is much of it */
#define NAME_ACRONYM_MIN 2 /* letters */
#define NAME_ACRONYM_MAX 12

struct name_unit {
    struct vocabulary_meaning meaning; /* id 0: a word no list has */
    uint16_t
        may_mean; /* a word no list has: what it means if it is Vietnamese without its marks; 0: nothing */
    bool optional; /* belongs to the person the body is named after, or is an initial */
    bool cyrillic;
    uint8_t len;              /* of form; 0 where there is a meaning */
    char form[NAME_FORM_MAX]; /* Latin: bare, without its ending; else index form likewise */
    struct skeleton
        sound; /* of the root; of a place that the lists have, of its English name; len 0: none */
    struct skeleton root[2]; /* without an ending like -ский -инский -ian too; len 0: none */
};

/* How a name is written; Vietnamese without marks counts as other Latin. */
enum name_script { NAME_LATIN, NAME_MARKED, NAME_CYRILLIC, NAME_OTHER };

struct name {
    size_t n;                              /* units */
    struct name_unit unit[NAME_UNITS_MAX]; /* in the order of the name */
    char acronym[NAME_ACRONYM_MAX +
                 1]; /* made from the name's words, or the name when it is one; Latin
                                            * capitals; empty: none */
    bool is_acronym; /* the whole name is one */
    bool legal;      /* had a legal form */
    enum name_script script;
};

/* What reads names; it keeps words it has read, and serves one thread. v NULL: no list is asked (names of persons); it is
 * borrowed. Errors: MEMORY. */
struct name_reader;
enum cau_err name_reader_open(const struct vocabulary *v, struct name_reader **out);
void name_reader_close(struct name_reader *r); /* NULL is allowed */
/* text is valid UTF-8 in NFC. */
void name_read(struct name_reader *r, struct str text, struct name *out);

/* The units of name with each meaning that is made of others replaced by those, each once; 0: none is made of others. */
size_t name_take_apart(const struct vocabulary *v, const struct name *name,
                       struct name_unit out[NAME_UNITS_MAX]);

/* How alike two words that no list has are, 0..1000: by sound across scripts, by letters in one script. A place that the
 * lists have and a word that they have not: by sound. */
unsigned name_unit_likeness(const struct name_unit *x, const struct name_unit *y);

/* What of a unit is enough to see that most others are not like it. */
struct name_glance {
    uint32_t consonants; /* of its sound */
    uint8_t len, sound_len;
    bool cyrillic;
    bool rooted; /* has a root besides its sound */
};
struct name_glance name_glance_of(const struct name_unit *u);
/* False: name_unit_likeness of the two is certainly 0. */
bool name_may_be_alike(const struct name_glance *x, const struct name_glance *y);

#endif
