/* lexicon_build.h - learning a lexicon from pairs of texts that say the same (IBM model 1, design/language.md 4.3-4.4).
 *
 * Same pairs in, same bytes out, on any machine and with one thread or two. */
#ifndef CAU_LANGUAGE_LEXICON_BUILD_H
#define CAU_LANGUAGE_LEXICON_BUILD_H

#include "language/compound.h"
#include "language/lexicon.h"

#define LEXICON_PAIRS_MAX    4000000 /* of one pair of languages */
#define LEXICON_SENTENCE_MAX 70      /* terms of one side; longer pairs are left out */

struct lexicon_build;

struct lexicon_build_source {
    struct str name, licence; /* copied; at most 200 bytes each */
    struct digest hash;
};

enum cau_err lexicon_build_open(const struct compound_list *compounds,
                                struct lexicon_build **out);
void lexicon_build_close(struct lexicon_build *b); /* NULL is allowed */
/* A source; its bit is the number given, in order from 0. Source 0 must be the glossary.
 * Errors: RANGE (over LEXICON_SOURCES_MAX), MEMORY. */
enum cau_err lexicon_build_source(struct lexicon_build *b,
                                  const struct lexicon_build_source *source, unsigned *number);
/* A pair of texts (valid UTF-8, NFC) in two of vi ru en; weight 1..16. Passed over when a side has no term or over
 * LEXICON_SENTENCE_MAX. Errors: RANGE (LEXICON_PAIRS_MAX), MEMORY. */
enum cau_err lexicon_build_pair(struct lexicon_build *b, unsigned source,
                                enum token_group x_lang, struct str x, enum token_group y_lang,
                                struct str y, unsigned weight);
/* A pair that a person approved: trained as a pair, and where both sides are one term, y is set to 1. */
enum cau_err lexicon_build_approved(struct lexicon_build *b, enum token_group x_lang,
                                    struct str x, enum token_group y_lang, struct str y);

struct lexicon_progress {
    void (*step)(void *ctx, unsigned done_permille); /* may be NULL */
    bool (*stop)(void *ctx);                         /* true: end now with BUSY; may be NULL */
    void *ctx;
};
/* Learns, and gives the whole file in bytes that live until lexicon_build_close. Errors: MEMORY, RANGE (a table over its
 * limit), and BUSY when progress said stop. */
enum cau_err lexicon_build_finish(struct lexicon_build *b,
                                  const struct lexicon_progress *progress, struct str *file);

#endif
