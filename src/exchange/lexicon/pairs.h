/* pairs.h - pairs of texts that say the same, out of files that others make: tables, dictionaries, catalogues of
 * messages, translation memories, thesauri. What a lexicon is learnt from. */
#ifndef CAU_EXCHANGE_PAIRS_H
#define CAU_EXCHANGE_PAIRS_H

#include "base/buf.h"
#include "language/token.h"

#define PAIRS_FILE_BYTES_MAX ((size_t)512 << 20) /* of one file, unpacked */
#define PAIRS_PAGE_BYTES_MAX ((size_t)4 << 20)   /* of a page of help */
#define PAIRS_LINE_BYTES_MAX ((size_t)1 << 20)
#define PAIRS_ENTRIES_MAX    2000000 /* lines, messages, concepts of one file */
#define PAIRS_TEXT_BYTES_MAX 4096    /* of one side; a pair with a longer one is passed over */
#define PAIRS_COLUMNS_MAX    16      /* of a table */
#define PAIRS_PARTS_MAX      3       /* files that belong together */
#define PAIRS_XML_DEPTH_MAX  64
#define PAIRS_CONCEPT_MAX    64 /* terms of one concept of TBX or SKOS; texts of one unit of TMX */

enum pairs_reader {
    PAIRS_TSV,        /* a table: one language a column */
    PAIRS_LINES,      /* two files, line by line */
    PAIRS_KEYED,      /* two files of key, tab, ..., tab, text, joined on the key */
    PAIRS_OVDP,       /* Open Vietnamese Dictionary Project: head, tab, entry */
    PAIRS_MUELLER,    /* Mueller's dictionary: head, tab, entry; or dictd */
    PAIRS_WIKTIONARY, /* head, part of speech, sense, translations */
    PAIRS_DICTIONARY, /* any other: dictd, StarDict, or head, tab, entry */
    PAIRS_PO,
    PAIRS_MO,
    PAIRS_TMX,
    PAIRS_TBX,
    PAIRS_SKOS, /* RDF/XML */
    PAIRS_HELP, /* pages of one name whose paragraphs carry an id: LibreOffice's help */
    PAIRS_CLDR, /* names of Unicode CLDR: elements of one type attribute */
    PAIRS_READERS,
};
const char *pairs_reader_name(enum pairs_reader r); /* "tsv" "lines" "ovdp" ... */
bool pairs_reader_of(struct str name, enum pairs_reader *out);
/* Of one sense of a dictionary more can be learnt than of a message: 2 for dictionaries, else 1. */
unsigned pairs_reader_weight(enum pairs_reader r);

enum pairs_why {
    PAIRS_GOOD,
    PAIRS_ENCODING, /* not UTF-8 */
    PAIRS_LINE,     /* over PAIRS_LINE_BYTES_MAX */
    PAIRS_FILE,     /* over PAIRS_FILE_BYTES_MAX or PAIRS_PAGE_BYTES_MAX */
    PAIRS_ENTRIES,  /* over PAIRS_ENTRIES_MAX */
    PAIRS_COLUMNS, /* the first line does not name two of vi ru en, or names too many columns */
    PAIRS_SHAPE,   /* not of the form that the reader reads */
    PAIRS_DAMAGED, /* cut off, or an offset points outside */
    PAIRS_XML,     /* not well formed */
    PAIRS_DOCTYPE, /* it declares entities */
    PAIRS_DEPTH,   /* over PAIRS_XML_DEPTH_MAX */
    PAIRS_WHYS,
};
const char *pairs_why_name(enum pairs_why why); /* "encoding", ... */
struct pairs_fault {
    enum pairs_why why;
    size_t part;   /* which file of the input */
    uint64_t line; /* from 1; 0: the file as a whole */
};

/* Files that belong together. For LINES, KEYED, PO, MO, HELP and CLDR one for each language, in order of lang. PO and MO are
 * joined on the message; it is English, unless one of the files is. For dictionaries the entries, and for dictd (*.index)
 * and StarDict (*.idx) their index behind them; lang[0] is that of the heads, lang[1] of the entries. TSV, TMX, TBX and
 * SKOS name their languages themselves. */
struct pairs_input {
    enum pairs_reader reader;
    struct str text[PAIRS_PARTS_MAX]; /* unpacked */
    size_t n;
    enum token_group lang[PAIRS_PARTS_MAX];
    struct str
        columns; /* TSV: names of columns ("- en vi ru"); empty: the first line has them */
};

struct pairs_pair {
    enum token_group x_lang, y_lang; /* two of vi ru en */
    struct str x, y;                 /* NFC; live until the callback returns */
};
struct pairs_sink {
    void *ctx;
    enum cau_err (*put)(void *ctx,
                        const struct pairs_pair *pair); /* its error ends the reading */
};

/* Hands over every pair. Accelerator marks, format directives, markup, phonetics and remarks are gone; pairs with an empty
 * side, with two equal sides, or with no letter of the script of a language are passed over.
 * Errors: SYNTAX and RANGE with *fault; MEMORY; those of put. */
enum cau_err pairs_read(const struct pairs_input *in, const struct pairs_sink *sink,
                        struct pairs_fault *fault);

/* A message without what is for machines, appended to out: accelerator marks, format directives, markup, trailing colon
 * and dots. text is valid UTF-8. */
void pairs_clean(struct buf *out, struct str text);

/* bytes without their gzip (dictzip) or xz packing: a view of bytes when they have none, else in space, whose max is the limit.
 * Errors: SYNTAX (damaged or cut off), RANGE (over space->max), MEMORY. */
enum cau_err pairs_unpack(struct buf *space, struct str bytes, struct str *out);

#endif
