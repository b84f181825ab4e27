/* csv.h - reads tables of RFC 4180: rows of cells out of text in memory. */
#ifndef CAU_EXCHANGE_CSV_H
#define CAU_EXCHANGE_CSV_H

#include "exchange/file/cell.h"

#define CSV_LOOK_ROWS  20    /* read for proposing a delimiter */
#define CSV_LOOK_BYTES 65536 /* of them */

enum csv_why {
    CSV_GOOD,
    CSV_QUOTE_OPEN,   /* the quotes that begin there never end */
    CSV_QUOTE_INSIDE, /* text behind a closing quote */
    CSV_COLUMNS,      /* over CELL_COLUMNS_MAX */
    CSV_CELL,         /* over CELL_BYTES_MAX */
};
const char *csv_why_name(enum csv_why why); /* "csv_quote_open", ... */

struct csv {
    struct str rest;
    uint32_t line; /* of the first byte of rest, from 1 */
    char delimiter;
    size_t at; /* bytes of text behind us: progress */
};

struct csv_row {
    uint32_t line; /* where it begins */
    size_t n;      /* 0 when why is not GOOD */
    struct cell cell[CELL_COLUMNS_MAX];
    enum csv_why why;
    uint32_t fault_line, fault_column; /* code points, from 1 */
    struct str bytes; /* the row as it stands in the file, without its line end */
};

/* text is valid UTF-8 and outlives the reader. A first line "sep=;" sets the delimiter and is passed over. */
struct csv csv_open(struct str text, char delimiter);

/* The next row that is not an empty line; *more is false, and *row unchanged, at the end. Rows end with CR LF, LF or
 * CR. A quote inside a cell that does not begin with one is text. A broken row is handed over with its fault, and reading goes on with the next line. Cells are views of the
 * text; one with doubled quotes is made in a. Errors: MEMORY. */
enum cau_err csv_next(struct csv *r, struct arena *a, struct csv_row *row, bool *more);

/* Of comma, semicolon and tab the one that makes the first rows most alike, by the number of their columns; a comma
 * when none makes two columns. a is only borrowed. */
char csv_guess(struct arena *a, struct str text);

/* Appends one cell, with quotes where they are needed; csv_write_guarded also puts an apostrophe before what a
 * spreadsheet would take for a formula (= + - @ tab NUL). */
struct buf;
void csv_write(struct buf *b, struct str text, char delimiter);
void csv_write_guarded(struct buf *b, struct str text, char delimiter);
/* The text behind such an apostrophe; text itself when there is none. */
struct str csv_unguard(struct str text);

#endif
