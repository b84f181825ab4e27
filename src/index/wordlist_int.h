/* wordlist_int.h - the words of a document as matching reads them: terms of analysis.h by number, where they stand,
 * and where a text begins, so that no text is analysed twice.
 *
 * Each word, all LEB128: length in bytes << 2 | digits << 1 | first of its text; of such a first word the
 * language group; bytes from the end of the word before it (or the beginning of the stored texts) to it, twice, less one
 * and positive when it lies before; number of its term in its part. Of one text at most WORDLIST_TEXT_MAX words. */
#ifndef CAU_INDEX_WORDLIST_INT_H
#define CAU_INDEX_WORDLIST_INT_H

#include "base/buf.h"
#include "language/token.h"

#define WORDLIST_TEXT_MAX 1024

struct wordlist_word {
    uint32_t term;
    uint32_t at, len; /* bytes, in the document's stored texts */
    enum token_group group;
    bool digits; /* nothing but digits and their signs */
    bool begins; /* the first of its text */
};

/* Adds a word; the word before it ended at `end` of the stored texts, which have less than 2^29 bytes. */
void wordlist_put(struct buf *b, const struct wordlist_word *word, uint32_t end);

struct wordlist_walk {
    const unsigned char *p, *end;
    uint32_t at;
    enum token_group group;
};
void wordlist_start(struct wordlist_walk *w, struct str list);
/* The next word; false at the end, and at what is not well formed. */
bool wordlist_next(struct wordlist_walk *w, struct wordlist_word *out);

#endif
