/* xlsx.h - reads tables of Office Open XML workbooks out of memory; every size is counted as it really comes.
 *
 * Nothing is written to disk, nothing outside the archive is opened, no entity is expanded: a document type
 * declaration stops the reader. */
#ifndef CAU_EXCHANGE_XLSX_H
#define CAU_EXCHANGE_XLSX_H

#include "exchange/file/cell.h"
#include "exchange/file/ooxml.h"

#define XLSX_FILE_BYTES_MAX     ((size_t)64 << 20)
#define XLSX_INFLATED_BYTES_MAX ((size_t)512 << 20) /* all parts read, together */
#define XLSX_CELLS_MAX          5000000
#define XLSX_STRINGS_MAX        1000000
#define XLSX_STRING_BYTES_MAX   ((size_t)64 << 20) /* all shared strings together */
#define XLSX_CELL_POINTS_MAX    32767
#define XLSX_DEPTH_MAX          32 /* nested elements */
#define XLSX_SHEETS_MAX         64
#define XLSX_STYLES_MAX         65536
#define XLSX_ROWS_MAX           1048576 /* what the format has */
#define XLSX_NAME_BYTES_MAX     512     /* of a sheet */

enum xlsx_why { /* the first as in exchange/file/ooxml.h */
                XLSX_GOOD = OOXML_GOOD,
                XLSX_OLD =
                    OOXML_OLD, /* an .xls of before 2007, or a workbook with a password */
                XLSX_NOT_ZIP = OOXML_NOT_ZIP,
                XLSX_DAMAGED = OOXML_DAMAGED,
                XLSX_FILE_SIZE = OOXML_FILE_SIZE, /* over XLSX_FILE_BYTES_MAX */
                XLSX_ENTRIES = OOXML_ENTRIES,
                XLSX_INFLATED = OOXML_INFLATED, /* over XLSX_INFLATED_BYTES_MAX */
                XLSX_RATIO = OOXML_RATIO,
                XLSX_DOCTYPE = OOXML_DOCTYPE,
                XLSX_DEPTH = OOXML_DEPTH, /* over XLSX_DEPTH_MAX */
                XLSX_XML = OOXML_XML,
                XLSX_NO_WORKBOOK = OOXML_NO_MAIN,
                XLSX_NO_SHEET =
                    OOXML_WHYS, /* no sheet of that name, or none that is visible and has cells */
                XLSX_CELLS,     /* over XLSX_CELLS_MAX */
                XLSX_STRINGS,   /* over XLSX_STRINGS_MAX or XLSX_STRING_BYTES_MAX */
                XLSX_CELL_TEXT, /* a cell over XLSX_CELL_POINTS_MAX */
                XLSX_COLUMNS,   /* a value beyond column CELL_COLUMNS_MAX */
                XLSX_SHEETS,    /* over XLSX_SHEETS_MAX */
                XLSX_STYLES,    /* over XLSX_STYLES_MAX */
                XLSX_SHAPE,     /* a reference to a cell, string or style that is not there */
                XLSX_WHYS,
};
const char *xlsx_why_name(enum xlsx_why why); /* "xlsx_old", "xlsx_not_zip", ... */

struct xlsx_fault {
    enum xlsx_why why;
    struct str part; /* name in the archive; may be empty; in the arena of the call */
    uint32_t row;    /* of the sheet; 0: not known */
};

struct xlsx;

/* bytes stay the caller's and outlive the reader. Reads the workbook, its styles and shared strings.
 * Errors: SYNTAX (fault says why), MEMORY. */
enum cau_err xlsx_open(struct arena *a, struct str bytes, struct xlsx **out,
                       struct xlsx_fault *fault);
void xlsx_close(struct xlsx *x); /* NULL: nothing */

struct xlsx_sheet {
    struct str name;
    bool hidden; /* also "very hidden" */
};
/* In the order of the workbook; live as long as the arena of xlsx_open. */
const struct xlsx_sheet *xlsx_sheets(const struct xlsx *x, size_t *n);

/* Calls row for each row with at least one cell that is not empty, in the order of the file, until it returns false.
 * Cells stand at their columns (cell[0] is column A), empty ones between them have an empty text; they live until
 * row returns. A number with a date style is a date (1900 and 1904 system; the time of day is left out). Rich text is
 * joined, phonetic hints are passed over, _xHHHH_ is undone. sheet: a name, or empty for the first that is visible
 * and has rows. Errors: SYNTAX (fault says why; rows before it were handed over), MEMORY. */
enum cau_err xlsx_read(struct xlsx *x, struct arena *a, struct str sheet,
                       bool (*row)(void *ctx, uint32_t number, const struct cell *cell,
                                   size_t n),
                       void *ctx, struct xlsx_fault *fault);

/* How far xlsx_read is, for progress: inflated bytes of the sheet, and how many it says it has. */
void xlsx_progress(const struct xlsx *x, uint64_t *done, uint64_t *all);

#endif
