/* docx_read.h - reads the text of Word documents (DOCX) out of memory: paragraphs in their order, and no more.
 *
 * What was struck out or moved away under tracked changes is left out, what was put in is read. Text in fields, text
 * boxes and hidden runs is read; pictures, comments, headers and footers are not. Macros are refused, targets outside
 * the file are never followed, entities never expanded (exchange/file/ooxml.h). */
#ifndef CAU_EXCHANGE_DOCX_READ_H
#define CAU_EXCHANGE_DOCX_READ_H

#include "base/buf.h"
#include "exchange/file/ooxml.h"

#define DOCX_READ_FILE_BYTES_MAX     ((size_t)16 << 20)
#define DOCX_READ_INFLATED_BYTES_MAX ((size_t)64 << 20) /* all parts read, together */
#define DOCX_READ_TEXT_BYTES_MAX     ((size_t)1 << 20)  /* of all paragraphs and notes */
#define DOCX_READ_PARAGRAPHS_MAX     10000
#define DOCX_READ_NOTES_MAX          2000
#define DOCX_READ_STYLES_MAX         5000
#define DOCX_READ_LISTS_MAX          5000
#define DOCX_READ_DEPTH_MAX          100 /* nested elements */

enum docx_why { /* the first as in exchange/file/ooxml.h */
                DOCX_GOOD = OOXML_GOOD,
                DOCX_OLD = OOXML_OLD,
                DOCX_NOT_ZIP = OOXML_NOT_ZIP,
                DOCX_DAMAGED = OOXML_DAMAGED,
                DOCX_FILE_SIZE = OOXML_FILE_SIZE, /* over DOCX_READ_FILE_BYTES_MAX */
                DOCX_ENTRIES = OOXML_ENTRIES,
                DOCX_INFLATED = OOXML_INFLATED, /* over DOCX_READ_INFLATED_BYTES_MAX */
                DOCX_RATIO = OOXML_RATIO,
                DOCX_DOCTYPE = OOXML_DOCTYPE,
                DOCX_DEPTH = OOXML_DEPTH, /* over DOCX_READ_DEPTH_MAX */
                DOCX_XML = OOXML_XML,
                DOCX_NO_DOCUMENT = OOXML_NO_MAIN, /* a zip, but no Word document in it */
                DOCX_MACROS = OOXML_WHYS,         /* has macros or active controls */
                DOCX_TEXT,                        /* over DOCX_READ_TEXT_BYTES_MAX */
                DOCX_PARAGRAPHS,                  /* over DOCX_READ_PARAGRAPHS_MAX */
                DOCX_NOTES,                       /* over DOCX_READ_NOTES_MAX */
                DOCX_STYLES,                      /* over DOCX_READ_STYLES_MAX */
                DOCX_LISTS,                       /* over DOCX_READ_LISTS_MAX */
                DOCX_EMPTY, /* no text in it: pictures of pages, perhaps */
                DOCX_WHYS,
};
const char *docx_why_name(enum docx_why why); /* "docx_old", "docx_not_zip", ... */

enum docx_type {
    DOCX_PLAIN,
    DOCX_HEADING,
    DOCX_ITEM, /* of a list with bullets; the numbers of others stand before their text, as Word shows them */
    DOCX_ROW,  /* of a table: its cells, " | " between them */
    DOCX_NOTE, /* "[2] ..." at the end; "[2]" stands where the text refers to it */
};

struct docx_paragraph {
    struct str text; /* one line, white space squeezed; never empty */
    enum docx_type type;
    unsigned level; /* of a heading, 1..9 */
    struct docx_paragraph *next;
};

struct docx_text {
    struct docx_paragraph *first, *last;
    size_t n;
};

struct docx_fault {
    enum docx_why why;
    struct str part; /* name in the archive; may be empty; in the arena of the call */
};

/* Reads a whole file; bytes are the caller's, what comes out lives in a. Errors: SYNTAX (fault says why), MEMORY; then
 * *out is unchanged. */
enum cau_err docx_read(struct arena *a, struct str bytes, struct docx_text *out,
                       struct docx_fault *fault);

/* The paragraphs as lines of prose; items of lists begin with a dash. Appends to b. */
void docx_write_prose(const struct docx_text *text, struct buf *b);

#endif
