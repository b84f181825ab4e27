/* lexicon_int.h - the layout of a lexicon's file, shared by those who write and read it (design 0011).
 *
 * Numbers are little-endian. The header, then sections without gaps but for zeros up to a multiple of 8; the
 * counts of the header decide where each begins:
 *
 *   sources    for each: pairs (8), SHA-256 (32), length of name (4), of licence (4), name, licence, zeros to 8
 *   words      for vi, ru, en: places (terms + 1, 4 each) in the bytes of its terms; the bytes, ascending; shares (terms, 4 each).
 *   tables     for the six of LEXICON_TABLES: rows (terms of the query's language + 1, 4 each) in its entries;
 *              term (4 each), sources (4 each), y (2 each) of the entries. A row: falling y, then term. */
#ifndef CAU_LANGUAGE_LEXICON_INT_H
#define CAU_LANGUAGE_LEXICON_INT_H

#include "language/lexicon.h"

#define LEXICON_LANGUAGES 3 /* TOKEN_VI, TOKEN_RU, TOKEN_EN */
#define LEXICON_TABLES    6
#define LEXICON_FORMAT    2
#define LEXICON_TERMS_MAX ((uint32_t)1 << 24) /* of one language */
#define LEXICON_TEXT_MAX  200                 /* bytes of a source's name, of its licence */

/*  offset size
 *       0    8  "cau-lex\n"
 *       8    4  LEXICON_FORMAT
 *      12    4  number of sources, 1..LEXICON_SOURCES_MAX
 *      16    8  version of the analyser
 *      24    8  bytes of the section of sources
 *      32   12  terms of vi, ru, en
 *      44    4  0
 *      48   24  bytes of the terms of vi, ru, en
 *      72   24  entries of the six tables
 *      96   32  SHA-256 of the file without these 32 bytes */
struct lexicon_header {
    char magic[8];
    uint32_t format, sources;
    uint64_t analyser, source_bytes;
    uint32_t terms[LEXICON_LANGUAGES], zero;
    uint64_t pool[LEXICON_LANGUAGES];
    uint32_t entries[LEXICON_TABLES];
    struct digest hash;
};
_Static_assert(sizeof(struct lexicon_header) == 128, "no padding");

/* What a row of table t is from and to: vi ru, vi en, ru vi, ru en, en vi, en ru. */
static inline unsigned lexicon_from(unsigned t)
{
    return t / 2;
}

static inline unsigned lexicon_to(unsigned t)
{
    return t % 2 + (t % 2 >= t / 2);
}

/* The table of two different languages. */
static inline unsigned lexicon_table(unsigned from, unsigned to)
{
    return from * 2 + to - (to > from);
}

/* The hash of a file whose header is written but for its hash. */
struct digest lexicon_hash(struct str file);

#endif
