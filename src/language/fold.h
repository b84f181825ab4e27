/* fold.h - the index form of a text: what its spelling means, without how it was typed.
 *
 * Input is NFC. In this order: soft hyphens, zero-width and byte order marks go; stress marks after a
 * Cyrillic letter go; lower case by the simple mapping; ё as е (й stays й), ѓ ќ as г к, ð ɖ as đ; small
 * and wide digits and letters are plain ones; a word of two scripts whose minority letters all have twins
 * takes the other script; the tone mark of a Vietnamese syllable that ends in oa oe uy stands on the first
 * letter; a syllable of only h k l m s t or qu and y is written with i. The form does not depend on the
 * language of the text. The bare form is the index form without marks on Latin letters, đ as d. */
#ifndef CAU_LANGUAGE_FOLD_H
#define CAU_LANGUAGE_FOLD_H

#include "base/base.h"

#define FOLD_TEXT_BYTES_MAX ((size_t)1 << 20)

enum fold_class {
    FOLD_BREAK, /* punctuation, symbols, controls */
    FOLD_SPACE,
    FOLD_DASH,
    FOLD_APOSTROPHE,
    FOLD_QUOTE,
    FOLD_SKIP, /* as if it were not there */
    FOLD_MARK, /* from here on: parts of words */
    FOLD_DIGIT,
    FOLD_LETTER, /* neither Latin nor Cyrillic */
    FOLD_LATIN,
    FOLD_CYRILLIC,
    FOLD_IDEOGRAPH, /* a word by itself */
};

enum fold_class fold_class(uint32_t point);
uint32_t fold_point(uint32_t point);     /* its index form, seen alone */
uint32_t fold_bare_point(uint32_t form); /* bare form of a point in index form */
/* Whether two texts are the same point by point, each seen alone: whatever their capitals and ё. */
bool fold_same(struct str x, struct str y);

/* The rules that need the whole word: p[0..n) are points in index form, changed in place. True when the
 * word mixed two scripts and was rewritten to one. */
bool fold_word(uint32_t *p, size_t n);

/* Index form of a whole text, for comparing: quotes go, dashes become -, apostrophes ', white space runs
 * one space (none at the ends); other punctuation stays. Errors: MEMORY, RANGE (FOLD_TEXT_BYTES_MAX). */
enum cau_err fold_text(struct arena *a, struct str text, struct str *out);
/* Bare form of a text in index form. Errors: MEMORY. */
enum cau_err fold_bare(struct arena *a, struct str form, struct str *out);

#endif
