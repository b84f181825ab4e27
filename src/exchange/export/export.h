/* export.h - records out of a node: JSON lines, CSV, XLSX, JSON-LD; terms also as TBX and SKOS, figures as SDMX-CSV. */
#ifndef CAU_EXCHANGE_EXPORT_H
#define CAU_EXCHANGE_EXPORT_H

#include "domain/rule/actor.h"
#include "view/view.h"

#define EXPORT_XLSX_ROWS_MAX 1048575 /* below the headings: what the format holds */

enum export_format {
    EXPORT_JSONL,
    EXPORT_CSV,
    EXPORT_XLSX,
    EXPORT_JSONLD,
    EXPORT_TBX,
    EXPORT_SKOS,
    EXPORT_SDMX,
    EXPORT_FORMATS
};
const char *export_format_name(
    enum export_format f); /* "jsonl" "csv" "xlsx" "jsonld" "tbx" "skos" "sdmx" */
const char *
export_ending(enum export_format f); /* of a file's name: "jsonl", ..., "sdmx.csv" */
bool export_read_format(struct str name, enum export_format *out);
const char *export_media_type(enum export_format f);

struct export_options {
    enum export_format format;
    const struct kind *kind; /* NULL: all; a table needs one */
    struct str country;      /* only records with it; empty: all */
    bool withdrawn;          /* withdrawn records too */
    enum lang lang; /* of the headings of a table, and of JSON-LD's choice of one name */
};
struct export_sink {
    void *ctx;
    enum cau_err (*put)(void *ctx,
                        struct str bytes); /* its error ends the export and is returned */
};

/* Writes what the reader may see, one snapshot, in order of document numbers. JSON lines are the import form and
 * come back as they were (without versions; a record without an external id is named by its record id); a table holds what does not fit a cell as JSON in it, and comes back
 * too. Cells that a spreadsheet would take for a formula (= + - @ tab NUL) begin with an apostrophe in CSV and are
 * text in XLSX. TBX (TBX-Basic) and SKOS (RDF/XML) hold the glossary of the program and records of kind term that were not
 * rejected, nothing else. SDMX-CSV 2.0 holds the figures of indicators, a row each, with title and unit; what it holds comes
 * back too (sdmx.h). *records (may be NULL): how many.
 * Errors: REFUSED (a table without a kind; terms of another kind), RANGE (over EXPORT_XLSX_ROWS_MAX), those of view_each and of put. */
enum cau_err export_write(struct node *n, struct arena *a, struct index_reader reader,
                          const struct export_options *options, const struct export_sink *sink,
                          uint64_t *records);

/* One record as JSON-LD (schema.org), for its page. Errors: MEMORY. */
enum cau_err export_jsonld(struct arena *a, const struct view_record *record, enum lang lang,
                           struct str base_url, struct buf *out);

#endif
