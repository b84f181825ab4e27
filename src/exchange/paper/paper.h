/* paper.h - a document for an office: headings, paragraphs and tables with a note for every number, built once and
 * written as a page, DOCX, XLSX or CSV. The same paper gives the same bytes; what is packed (DOCX, XLSX) on
 * machines with the same zlib, the rest on every machine.
 *
 * A cell or paragraph is a list of pieces, each in its own language, so that one cell holds both languages of a bilingual
 * table. Pieces stand one behind another as they are: whoever adds them puts the spaces in. A line feed in a text begins a
 * new line; what no file may hold, or turns the direction of what follows, is left out when it is written. Text given is
 * borrowed and must live as long as the paper; everything else lives in its arena. When memory ends, or a limit is passed,
 * nothing more is added and `failed` stays true: whoever writes it checks once. */
#ifndef CAU_EXCHANGE_PAPER_H
#define CAU_EXCHANGE_PAPER_H

#include "base/buf.h"
#include "base/lang.h"

#define PAPER_NOTES_MAX   20000
#define PAPER_COLUMNS_MAX 20
#define PAPER_ROWS_MAX    100000 /* of one table */

enum paper_tone { /* how a piece is set off; never by colour alone */
                  PAPER_PLAIN,
                  PAPER_STRONG,
                  PAPER_SMALL, /* a source, a remark */
                  PAPER_ALERT, /* overdue, differing: with a word that says so */
                  PAPER_TONES,
};

struct paper_piece {
    struct str text;
    struct str lang;    /* when it is not the paper's: "ru"; empty: the paper's */
    struct str address; /* a link, absolute or beginning with "/"; empty: none */
    enum paper_tone tone;
    bool break_before;    /* begins a new line in its cell or paragraph */
    uint32_t note, notes; /* notes note..note+notes-1, numbered from 1, behind it */
    struct paper_piece *next;
};
struct paper_text {
    struct paper_piece *first, *last;
};

enum paper_block_type { PAPER_HEADING, PAPER_PARAGRAPH, PAPER_LIST, PAPER_TABLE };

struct paper_column {
    struct str head;
    unsigned width; /* share of the line; 0: as the others */
    bool number;    /* set to the right */
};
struct paper_row {
    struct paper_text *cell; /* as many as the table has columns */
    bool
        head; /* a line that groups those below it: only its first cell is shown, over all columns */
    struct paper_row *next;
};
struct paper_block {
    enum paper_block_type type;
    unsigned level;    /* of a heading, 2 or 3 */
    struct str anchor; /* of a heading or table; empty: none */
    struct paper_text
        text; /* of a heading or paragraph; the caption of a table; may be empty */
    struct paper_text *item; /* of a list */
    size_t items;
    struct paper_column *column;
    size_t columns, rows;
    struct paper_row *row, *last_row;
    struct paper_block *next;
};

struct paper {
    struct arena *a;
    enum lang lang;
    struct str title, subtitle;
    bool landscape;
    int64_t made_ms; /* what a file says it was made at: a checkpoint's time, never the clock */
    struct paper_block *block, *last;
    struct paper_text *note; /* numbered from 1 in the order they were added */
    size_t notes, notes_room;
    struct paper_text foot; /* under everything: the checkpoint */
    bool failed, over;      /* over: because of a limit */
    uint32_t *found;        /* internal: numbers of notes by the hash of their text */
    size_t found_room;
};

struct paper paper_new(struct arena *a, enum lang lang, struct str title);

/* Adds a piece to a text (NULL: of a paper that has failed); the piece may be changed until the paper is written. NULL
 * when the paper has failed. */
struct paper_piece *paper_add(struct paper *p, struct paper_text *to, struct str text);
/* Adds a note and puts its mark behind a piece (NULL: of a paper that has failed). Its number; the same text and address
 * as an earlier note give that one's. 0 when the paper has failed. */
uint32_t paper_note(struct paper *p, struct paper_piece *behind, const struct paper_text *note);

/* Each adds a block at the end and returns what is to be filled; NULL when the paper has failed. level: 2 or 3. */
struct paper_text *paper_heading(struct paper *p, unsigned level, struct str text);
struct paper_text *paper_paragraph(struct paper *p);           /* empty: add pieces */
struct paper_block *paper_list(struct paper *p, size_t items); /* item[i] to be filled */
struct paper_block *paper_table(struct paper *p, const struct paper_column *column,
                                size_t columns, struct str caption);
/* A row of empty cells; cell[i] to be filled. NULL when the paper has failed. */
struct paper_row *paper_row(struct paper *p, struct paper_block *table);

/* For whoever writes a paper. */
/* The next line of a text, which is left behind its line feed; false at the end. A text has at least one line. */
bool paper_line(struct str *rest, struct str *line);
/* The language of a piece as a tag ("ru"); the paper's for an empty one or what is no tag. */
struct str paper_lang(const struct paper *p, struct str lang);
/* What a column takes of the line, in thousandths: one share for each column, together 1000. */
void paper_shares(const struct paper_block *table, unsigned share[PAPER_COLUMNS_MAX]);

/* Each appends a whole file to out. DOCX opens in LibreOffice and Word, notes are footnotes there; XLSX has a sheet for
 * the headings and paragraphs, one for every table and one for the notes; CSV has everything one under another: a line for
 * a heading or paragraph, tables with their caption and headings, then the notes and the foot; cells that a spreadsheet
 * would take for a formula begin with an apostrophe.
 * Errors: MEMORY (the paper has failed, or out), RANGE (more than a paper or the format holds). */
enum paper_format { PAPER_HTML, PAPER_DOCX, PAPER_XLSX, PAPER_CSV, PAPER_FORMATS };
const char *paper_format_name(enum paper_format f); /* "html" "docx" "xlsx" "csv" */
bool paper_read_format(struct str name, enum paper_format *out);
const char *paper_media_type(enum paper_format f);
enum cau_err paper_write_docx(const struct paper *p, struct buf *out);
enum cau_err paper_write_xlsx(const struct paper *p, struct buf *out);
enum cau_err paper_write_csv(const struct paper *p, struct buf *out);
/* A page that stands alone: inline style, no script, nothing from elsewhere; links to the node at base ("https://...";
 * empty: links of the node are left as text). For the command line; the site shows a paper inside its own page. */
enum cau_err paper_write_html(const struct paper *p, struct str base, struct buf *out);

/* The markup of a paper inside a page of the site, with the classes of pages/cau.css: title, blocks, notes, foot. */
enum cau_err paper_write_part(const struct paper *p, struct buf *out);
/* The one of them that the format names; base is for HTML. */
enum cau_err paper_write(const struct paper *p, enum paper_format f, struct str base,
                         struct buf *out);

#endif
