/* lexicon.h - which term of one language stands for which of another, how surely, and who says so.
 *
 * The six tables (vi ru en, each into the two others) lie in one mapped file; design 0011 has its layout. Terms
 * are those of analysis.h. For a term q of a query and a term d of a text, y is p(q given d) after discount and
 * pivot (65535 is 1): what the score weighs with. Kept are the terms with the greatest p(d given q). */
#ifndef CAU_LANGUAGE_LEXICON_H
#define CAU_LANGUAGE_LEXICON_H

#include "base/digest.h"
#include "language/token.h"

#define LEXICON_BYTES_MAX   ((size_t)1 << 28) /* of its file: a node reads it into memory */
#define LEXICON_KEPT_MAX    32                /* translations of one term into one language */
#define LEXICON_SOURCES_MAX 32                /* of one lexicon */
#define LEXICON_ONE         65535u /* y of what a person approved; what is learnt is less */
#define LEXICON_GLOSSARY    1u     /* bit of source 0: the project's glossary */

struct lexicon;

struct lexicon_entry {
    struct str term;  /* lies in the file */
    uint16_t y;       /* 1..LEXICON_ONE */
    uint32_t sources; /* bits: those that gave at least 5 % of what was counted */
};

struct lexicon_source {
    struct str name, licence; /* lie in the file */
    struct digest hash;       /* SHA-256 of what was read */
    uint64_t pairs;           /* read from it */
};

/* Opens a lexicon over the bytes of its file, which stay where they are until lexicon_close. All is checked, every
 * byte against a hash in the file.
 * Errors: CORRUPT (not one, damaged, or of another version), MEMORY. */
enum cau_err lexicon_open(struct str file, struct lexicon **out);
void lexicon_close(struct lexicon *l); /* NULL is allowed */
/* Of its content and of the analyser it was made with; 0 for NULL only. */
uint64_t lexicon_version(const struct lexicon *l);
/* analysis_version() of the one who made it: with another one its terms would not be met. 0 for NULL. */
uint64_t lexicon_analyser(const struct lexicon *l);
/* What stands for term, by falling y, then term bytes; at most LEXICON_KEPT_MAX. Returns how many; 0 for NULL,
 * or when from is to. */
size_t lexicon_find(const struct lexicon *l, enum token_group from, enum token_group to,
                    struct str term, struct lexicon_entry out[LEXICON_KEPT_MAX]);
/* Other terms of the same language that translate as term does: y is the sum over both other languages and their terms m
 * of p(term given m) p(m given d) / 2, as far as each is at least LEXICON_ALIKE_PART. By falling y, then term bytes;
 * the sources are those of both steps. Returns how many; 0 for NULL. */
#define LEXICON_ALIKE_PART 1311 /* .02 */
#define LEXICON_ALIKE_MIN  655  /* y of a term that is given: .01 */
size_t lexicon_alike(const struct lexicon *l, enum token_group lang, struct str term,
                     struct lexicon_entry out[LEXICON_KEPT_MAX]);
/* Of 2^32 words of running text in a language, how many are this term: from the texts it was learnt from. 0: none of
 * them, or not known. */
uint32_t lexicon_share(const struct lexicon *l, enum token_group lang, struct str term);
/* Whether there were running texts in this language; false for NULL. */
bool lexicon_has_shares(const struct lexicon *l, enum token_group lang);
/* How many terms of from there are, and the i-th (< that number) of them in order of bytes. A few of them have
 * translations into the other language only. 0 for NULL, or when from is to. */
size_t lexicon_terms(const struct lexicon *l, enum token_group from, enum token_group to);
struct str lexicon_term(const struct lexicon *l, enum token_group from, enum token_group to,
                        size_t i);
/* Its sources, and the i-th (< that number); the bit of an entry is the place in this list. */
size_t lexicon_sources(const struct lexicon *l);
struct lexicon_source lexicon_source(const struct lexicon *l, size_t i);

#endif
