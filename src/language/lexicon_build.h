/* lexicon_build.h - learning a lexicon from pairs of texts that say the same (IBM model 1, ../shared/design/language.md 4.3-4.4).
 *
 * Same pairs in, same bytes out, on any machine and with one thread or two. */
#ifndef CAU_LANGUAGE_LEXICON_BUILD_H
#define CAU_LANGUAGE_LEXICON_BUILD_H

#include "language/compound.h"
#include "language/lexicon.h"

#define LEXICON_PAIRS_MAX    4000000 /* of one pair of languages */
#define LEXICON_SENTENCE_MAX 70      /* terms of one side; longer pairs are passed over */
#define LEXICON_RUNNING_TERMS                                                                  \
    12 /* of a text from which shares are counted: shorter ones are entries and labels */

struct lexicon_build;

struct lexicon_build_source {
    struct str name, licence; /* copied; at most 200 bytes each */
    struct digest hash;
};

/* A new one without sources. compounds (may be NULL) stay the caller's, unchanged while it lives. MEMORY. */
enum cau_err lexicon_build_open(const struct compound_list *compounds,
                                struct lexicon_build **out);
void lexicon_build_close(struct lexicon_build *b); /* NULL is allowed */
/* A source; its bit is the number given, in order from 0. Source 0 must be the glossary.
 * Errors: RANGE (over LEXICON_SOURCES_MAX, or a text too long), MEMORY. */
enum cau_err lexicon_build_source(struct lexicon_build *b,
                                  const struct lexicon_build_source *source, unsigned *number);
/* A pair of texts (valid UTF-8, NFC) in two different of vi ru en, from a source there is; weight 1..16. Passed over
 * when a side has no term or over LEXICON_SENTENCE_MAX (numbers do not count). Rows of several languages are
 * quickest when their pairs come one after the other.
 * Errors: RANGE (LEXICON_PAIRS_MAX, too many terms), MEMORY. */
enum cau_err lexicon_build_pair(struct lexicon_build *b, unsigned source,
                                enum token_group x_lang, struct str x, enum token_group y_lang,
                                struct str y, unsigned weight);
/* A pair that a person approved, from a source there is: trained as a pair of weight 3, and where both sides are one term
 * each is the other's translation with y LEXICON_ONE, before all learnt ones. */
enum cau_err lexicon_build_approved(struct lexicon_build *b, unsigned source,
                                    enum token_group x_lang, struct str x,
                                    enum token_group y_lang, struct str y);

struct lexicon_progress {
    void (*step)(void *ctx, unsigned done_permille); /* may be NULL */
    bool (*stop)(void *ctx);                         /* true: end now with BUSY; may be NULL */
    void *ctx; /* both are called in the caller's thread */
};
/* Learns with two threads, and gives the whole file in bytes that live until the next lexicon_build_finish or
 * lexicon_build_close. Numbers, words of other scripts (Latin letters in a Russian text) and mixtures of letters and
 * digits are in no table: they are met as they are. progress may be NULL.
 * Errors: MEMORY, RANGE (no source; too many words seen together, or too much text), and BUSY when progress said stop. */
enum cau_err lexicon_build_finish(struct lexicon_build *b,
                                  const struct lexicon_progress *progress, struct str *file);

#endif
