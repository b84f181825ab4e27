/* stored_int.h - the texts of a document as the index keeps them: to take a document out again, to check
 * phrases and to give reasons in words that stand there.
 *
 * Texts by ascending language group, each: group (1 byte), weight (1 byte), length (LEB128), bytes. */
#ifndef CAU_INDEX_STORED_INT_H
#define CAU_INDEX_STORED_INT_H

#include "base/buf.h"
#include "index/index.h"
#include "language/token.h"

/* Appends the texts of doc. */
void stored_write(struct buf *b, const struct index_doc *doc);

/* Walks through all words of all texts. What is not well formed is passed over. */
struct stored_walk {
    struct str rest; /* texts not yet begun */
    struct token_walk words;
    enum token_group group; /* of the current text */
    unsigned weight;
    size_t text;  /* number of the current text, from 1 */
    bool checked; /* set behind stored_start: the texts are known to be valid UTF-8 */
};
void stored_start(struct stored_walk *w, struct str stored);
bool stored_next(struct stored_walk *w, struct token *out);
/* To the next text as a whole: words.text, group and weight are its own. */
bool stored_next_text(struct stored_walk *w);

#endif
