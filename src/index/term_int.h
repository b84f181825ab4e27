/* term_int.h - the keys of the term dictionary: one letter for the kind, then the text.
 *
 *   b  bare form, of a Latin word whose form has marks       điện: "bdien"
 *   f  index form of every word                                       "fđiện"
 *   s  sound: skeleton key, tab, form; has no postings                "sdn\tđiện"
 *   t  stem, of a word whose form is not its own stem                 "tреактор"
 *   w  Vietnamese compound, and its bare form           "wđiện_gió" "wdien_gio" */
#ifndef CAU_INDEX_TERM_INT_H
#define CAU_INDEX_TERM_INT_H

#include "base/base.h"
#include "language/compound.h"
#include "language/skeleton.h"
#include "language/token.h"

#define TERM_BYTES_MAX (TOKEN_BYTES_MAX + SKELETON_BYTES_MAX + 8)

enum term_kind {
    TERM_BARE = 'b',
    TERM_FORM = 'f',
    TERM_SOUND = 's',
    TERM_STEM = 't',
    TERM_COMPOUND = 'w'
};

struct term_key {
    size_t len;
    char p[TERM_BYTES_MAX];
};

void term_make(struct term_key *out, enum term_kind kind, struct str text);
/* "s", skeleton key of form, tab, form; false when form has no skeleton. */
bool term_make_sound(struct term_key *out, struct str form);
struct str term_str(const struct term_key *k);

#endif
