/* lexicon_make_int.h - the files of a source, and what the program itself brings. */
#ifndef CAU_EXCHANGE_LEXICON_MAKE_INT_H
#define CAU_EXCHANGE_LEXICON_MAKE_INT_H

#include "exchange/lexicon/lexicon_make.h"
#include "language/lexicon_build.h"

/* Files that are read together, in order of lang. */
struct lexicon_files {
    const char *path[PAIRS_PARTS_MAX];
    enum token_group lang[PAIRS_PARTS_MAX];
    size_t n;
};

/* What the file lines of a source mean, in order of their paths. n is 0 when nothing is there. Errors: RANGE (over
 * LEXICON_MAKE_FILES_MAX), MEMORY, IO. */
enum cau_err lexicon_files_find(struct arena *a, const char *dir,
                                const struct manifest_source *s, struct lexicon_files **out,
                                size_t *n);

/* The glossary as source 0, which is there. Errors: MEMORY, RANGE. */
enum cau_err lexicon_own_glossary(struct lexicon_build *b);
/* The terms of node (may be NULL) as a source of their own, when there are any. Errors: MEMORY, RANGE, IO. */
enum cau_err lexicon_own_terms(struct lexicon_build *b, struct node *node);
/* The texts of the program in three languages: messages of the interface, labels of kinds and codes. Errors: MEMORY, those of sink. */
enum cau_err lexicon_own_words(const struct pairs_sink *sink);
struct digest
lexicon_own_digest(const char *folder); /* of the files the program carries in it */

#endif
