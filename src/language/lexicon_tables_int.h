/* lexicon_tables_int.h - from what was learnt to the tables that search uses, and their file (../shared/design/language.md 4.4).
 *
 * For a term q of the query's language and d of the text's: x = p(d given q), y = p(q given d), y' = y c / (c + .5)
 * where c is the count of y. Both are mixed with those through the third language m: sum over m of
 * y'(q, m) y'(m, d), parts above .01, results above .003. The LEXICON_KEPT_MAX terms d with the greatest x are
 * kept and weighed with y'. */
#ifndef CAU_LANGUAGE_LEXICON_TABLES_INT_H
#define CAU_LANGUAGE_LEXICON_TABLES_INT_H

#include "base/buf.h"
#include "base/table.h"
#include "language/lexicon_build.h"
#include "language/lexicon_int.h"

#define TABLES_DIRECT_ENGLISH .7 /* share of what was learnt directly, for pairs with English */
#define TABLES_DIRECT         .5 /* for vi-ru */
#define TABLES_PIVOT_PART     .01
#define TABLES_PIVOT          .003
#define TABLES_DISCOUNT       .5

/* The terms of one language, numbered in the order in which they came. */
struct tables_words {
    struct table number;
    struct buf place; /* struct tables_word of each */
    uint32_t n;
    uint64_t running; /* words of running texts */
};

struct tables_word {
    size_t at; /* in number.keys */
    uint32_t len;
    bool good;        /* may stand in a table: of the language's own script, without digits */
    uint32_t running; /* how often it stood in running texts */
};

struct tables_approval {
    uint32_t from, to; /* numbers of terms */
    uint32_t source;
};

struct tables_input {
    const struct tables_words *words;    /* of vi, ru, en */
    const struct buf *link;              /* struct train_link, by lexicon_table(from, to) */
    const struct buf *approved;          /* struct tables_approval, the same */
    const struct lexicon_source *source; /* name and licence are read */
    unsigned sources;
    uint64_t analyser;
    const struct lexicon_progress *progress;
    unsigned from_permille, to_permille;
};

/* Appends the file of a lexicon to file, which is empty. Errors: MEMORY, RANGE (a table over its limit), BUSY. */
enum cau_err tables_write(const struct tables_input *in, struct buf *file);

#endif
