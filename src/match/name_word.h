/* name_word.h - the words of names, each looked at once: its stem and bare form, how it sounds, what it is derived from. */
#ifndef CAU_MATCH_NAME_WORD_H
#define CAU_MATCH_NAME_WORD_H

#include "match/inflect.h"
#include "match/name.h"

#define NAME_WORDS_MAX  64                /* of one name */
#define NAME_WORDS_KEPT ((size_t)1 << 16) /* by one reader; then it forgets them all */

/* What a word is when no list has it. */
struct name_unknown {
    struct name_unit unit;                                /* not optional */
    struct vocabulary_meaning part[INFLECT_MEANINGS_MAX]; /* what it may be derived from */
    size_t parts;
};

struct name_word {
    struct str form;              /* index form */
    struct str bare;              /* of a Latin word: without marks; else the form */
    struct vocabulary_word known; /* as the lists are asked; not yet whether it stands alone */
    enum token_script script;
    bool number;   /* has a digit */
    bool capital;  /* as typed: all its letters are, and there are two or more */
    bool syllable; /* a Vietnamese one without marks, perhaps; where lists are asked */
    size_t points; /* of form */
    const struct name_unknown *unknown; /* NULL: not asked for yet */
};

const struct vocabulary *name_reader_vocabulary(const struct name_reader *r);
/* The words of text, in order; of scripts that part no words (Chinese, Japanese) each two letters that touch. Those behind NAME_WORDS_MAX are not looked at. They live until the next call. */
size_t name_words(struct name_reader *r, struct str text,
                  struct name_word *out[NAME_WORDS_MAX]);
/* Lives as long as w. */
const struct name_unknown *name_word_unknown(struct name_reader *r, struct name_word *w);

#endif
