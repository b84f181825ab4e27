/* import_int.h - the parts of an import: a source of rows, what they match, what is written, what is told. */
#ifndef CAU_EXCHANGE_IMPORT_INT_H
#define CAU_EXCHANGE_IMPORT_INT_H

#include "base/sync.h"
#include "base/table.h"
#include "domain/rule/may.h"
#include "domain/rule/rules.h"
#include "exchange/file/csv.h"
#include "exchange/file/jsonl.h"
#include "exchange/file/xlsx.h"
#include "exchange/form/form.h"
#include "exchange/form/sdmx.h"
#include "exchange/import/import.h"
#include "match/identity.h"
#include "view/view.h"

#define IMPORT_STEP_ROWS    256                /* between two calls of progress */
#define IMPORT_ROW_BYTES    ((size_t)64 << 20) /* arena of one row */
#define IMPORT_LIFE_BYTES   ((size_t)1 << 30)  /* arena of one import: workbook, mapping */
#define IMPORT_GROUPS       3 /* one being filled, one waiting, one being written */
#define IMPORT_GROUP_BYTES  ((size_t)4 << 20)
#define IMPORT_OPTION_BYTES ((size_t)256 << 10) /* options kept as JSON */

/* ---- reading (import_read.c) ---- */

struct import_row {
    uint32_t number;
    size_t at;               /* bytes of the file behind it: progress */
    const struct cell *cell; /* of a table; else NULL */
    size_t n;
    struct str bytes;  /* the row as it stands in a text file; empty for a workbook */
    struct value form; /* when it is not refused */
    bool refused;
    struct import_fault fault[IMPORT_PROBLEMS_MAX]; /* row is number */
    bool warning[IMPORT_PROBLEMS_MAX];
    size_t faults;
};

struct import_source {
    enum import_format format;
    enum charset charset;
    char delimiter;
    struct str sheet;
    bool compose;
    struct str bytes;     /* as given */
    struct str text;      /* in UTF-8; not of a workbook */
    struct buf converted; /* keeps text when the bytes were no UTF-8 */
    struct xlsx *xlsx;
    struct form form; /* of a table */
    bool has_form;
    struct sdmx *sdmx; /* of figures: all of them, read when the source is opened */
    uint32_t head_row;
    struct str kind; /* of JSON lines that name none */
    const struct kinds *kinds;
    struct import_row *row; /* the one being handed over */
    struct csv_row *csv_row;
};

/* Finds out what bytes are and prepares it. s is to be closed also on failure. life keeps everything. */
enum import_why import_source_open(struct node *n, struct arena *life, struct str bytes,
                                   const struct import_options *options,
                                   struct import_source *s, struct import_fault *fault);
void import_source_close(struct import_source *s);

/* Calls each for every row, until it returns false; row_arena is emptied before each. IMPORT_BAD_FILE: fault. */
enum import_why import_source_each(struct import_source *s, struct arena *row_arena,
                                   bool (*each)(void *ctx, struct import_row *row), void *ctx,
                                   struct import_fault *fault);
void import_row_fault(struct import_row *row, struct import_fault fault, bool warning);

/* ---- matching (import_match.c) ---- */

struct import_like {
    uint32_t doc;
    const char *why; /* identifier, name, alike, domain */
    struct str value;
};

struct import_match {
    struct node *n;
    struct index_reader reader;
    struct vocabulary *vocabulary; /* NULL until something is asked */
    struct identity *set;          /* of the kind's records when the import began */
    const struct kind *swept;      /* the kind set is about; NULL: none yet */
};

struct import_match import_match_new(struct node *n, struct index_reader reader);
void import_match_free(struct import_match *m);

/* Records of the kind that payload looks like, at most IMPORT_ALIKE_MAX, strongest reason first. The first call for a
 * kind reads all its records once. Errors: as view_each. */
enum cau_err import_match_find(struct import_match *m, struct view *v, struct arena *a,
                               const struct kind *kind, const struct value *payload,
                               struct import_like out[IMPORT_ALIKE_MAX], size_t *n);

/* What a file says of a record joined with what we have, as a form that is still to be checked. form is as read: its
 * nulls remove. join: texts by language, identifiers by scheme, relations by code, sources by publisher; else a named
 * field is replaced. Errors: MEMORY. */
enum cau_err import_merge(struct arena *a, const struct view_record *old,
                          const struct value *form, bool join, struct value *out);

/* ---- telling (import_report.c) ---- */

struct import_report {
    struct buf b;    /* the JSON array, without its closing bracket */
    struct buf item; /* being made */
    uint64_t left_off;
};
struct import_report import_report_new(void);
void import_report_free(struct import_report *r);
/* Objects are begun, filled and ended; text is cleaned of what JSON readers refuse, and clipped. */
void import_report_begin(struct import_report *r, const char *what, uint32_t row);
void import_report_str(struct import_report *r, const char *key, struct str text);
void import_report_int(struct import_report *r, const char *key, int64_t value);
void import_report_changes(struct import_report *r, const struct record_change *change,
                           size_t n);
void import_report_end(struct import_report *r);
void import_report_fault(struct import_report *r, const struct import_fault *f, bool warning,
                         struct str title);
/* The whole report, copied. Errors: MEMORY. */
enum cau_err import_report_close(struct import_report *r, struct arena *a, struct str *out);

/* ---- writing (import_write.c) ---- */

enum import_count { IMPORT_ADDED, IMPORT_CHANGED };

struct import_item { /* one row in a group: one change, or two when a wider log has to forget */
    uint32_t row;
    enum import_count count;
    size_t first, changes;
};

struct import_group {
    struct writer_change change[WRITER_GROUP_MAX];
    size_t payload_from[WRITER_GROUP_MAX], payload_len[WRITER_GROUP_MAX];
    struct digest after[WRITER_GROUP_MAX];
    char id[WRITER_GROUP_MAX][RECORD_ID_CHARS];
    size_t n;
    struct import_item item[WRITER_GROUP_MAX];
    size_t items;
    struct buf bytes;
    size_t at; /* of the file: progress */
    /* What came of it. */
    struct writer_ticket *ticket; /* while it is in the node's queue */
    enum cau_err err;             /* why it is not */
    struct writer_result result[WRITER_GROUP_MAX];
    size_t count[2];                    /* by enum import_count */
    uint32_t refused[WRITER_GROUP_MAX]; /* rows the writer refused one by one */
    const char *refused_code[WRITER_GROUP_MAX];
    size_t refused_n;
};

struct import_writer;
/* Starts the thread that hands groups to the node's writer. import is the row of local_import to keep up to date while
 * it works; may be NULL. */
enum cau_err import_writer_start(struct node *n, struct arena *life,
                                 const struct local_import *import, struct import_writer **out);
/* The group being filled, with room for two more changes; NULL when a group could not be written
 * (import_writer_error says why). collect is called on this thread for each group that was written. */
struct import_group *
import_writer_group(struct import_writer *w, size_t payload_bytes,
                    void (*collect)(void *ctx, const struct import_group *g), void *ctx);
enum cau_err import_writer_error(const struct import_writer *w);
/* Adds a change to the group; the payload is copied. */
void import_group_add(struct import_group *g, const struct writer_change *change);
/* Writes what waits, unless it has failed, and ends the thread. */
void import_writer_end(struct import_writer *w,
                       void (*collect)(void *ctx, const struct import_group *g), void *ctx);

/* ---- one import at work (import_job.c) ---- */

struct import_job {
    struct node *n;
    const struct actor *actor;
    const struct import_options *o;
    const struct import_progress *progress;
    struct import_outcome *out;
    size_t all; /* bytes of the file */
    struct arena life, row;
    struct import_source source;
    struct import_match match;
    struct import_report report;
    struct import_writer *writer; /* NULL: only looking */
    struct str name;              /* "import-0007"; empty when only looking */
    struct view *v;
    uint32_t viewed;   /* rows since the view was taken */
    struct table seen; /* external id -> row */
    struct rules_pending pending;
    struct buf payload;
    struct record_problems problems;
    enum import_why why;
    enum cau_err err;
    bool stopped;
};

/* What of j the caller has set stays; end it with import_job_close. */
void import_job_open(struct import_job *j);
void import_job_close(struct import_job *j);
/* Takes every row of the open source: looks, and hands to the writer when there is one, which it ends. */
enum import_why import_job_work(struct import_job *j);

/* ---- state kept with the node (import.c) ---- */

enum import_why import_why_of(enum cau_err err);
enum cau_err import_get(struct node *n, struct arena *a, uint32_t id, struct local_import *out);
enum cau_err import_set(struct node *n, struct local_import *import);
/* The bytes of an upload by their hash, mapped; end with file_unmap. Errors: UNKNOWN, IO, MEMORY. */
enum cau_err import_open_upload(struct node *n, struct arena *a, struct str hash,
                                struct str *out);

/* ---- options as JSON (import_options.c) ---- */

void import_options_write(struct buf *b, const struct import_options *o);
/* Errors: SYNTAX, MEMORY. */
enum cau_err import_options_read(struct arena *a, struct str json, struct import_options *o);

#endif
