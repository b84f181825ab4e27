/* import.h - files become records: looked at first, written under one number, taken back whole.
 *
 * A row that names a record we have (the same external id) is compared with it: `same` or `changed`. Every other
 * row is `added`; when it looks like a record we have it is reported as alike too, with the reason, and nothing is
 * merged unless a choice says so. A row is `refused` with row, column, code and value, and the rest goes on.
 * A file speaks only of the fields it names: the others stay as they are. Fields of a table, and the names of a ROR
 * record, are joined by language and by identifier scheme; a JSON line replaces each field it names, null removes it.
 */
#ifndef CAU_EXCHANGE_IMPORT_H
#define CAU_EXCHANGE_IMPORT_H

#include "base/charset.h"
#include "domain/rule/actor.h"
#include "record/value.h"
#include "view/writer.h"

#define IMPORT_BYTES_MAX    ((size_t)1 << 30) /* of one file */
#define IMPORT_ROWS_MAX     2000000
#define IMPORT_PROBLEMS_MAX 10  /* reported of one row */
#define IMPORT_ALIKE_MAX    3   /* likenesses reported of one row */
#define IMPORT_CHANGES_MAX  20  /* changes reported of one row */
#define IMPORT_VALUE_POINTS 200 /* of an old or new value in the report */
#define IMPORT_CHOICES_MAX  2000
#define IMPORT_NAME_CHARS   18 /* "import-0007" and a NUL */
#define IMPORT_COLUMNS_MAX  256
#define IMPORT_SAMPLES      3 /* values of a column shown for the mapping */

enum import_format {
    IMPORT_GUESS,
    IMPORT_CSV,
    IMPORT_XLSX,
    IMPORT_JSONL,
    IMPORT_ROR,
    IMPORT_SDMX, /* figures: SDMX-CSV and tables by country and year (exchange/form/sdmx.h) */
    IMPORT_FORMATS
};
const char *
import_format_name(enum import_format f); /* "guess" "csv" "xlsx" "jsonl" "ror" "sdmx" */
bool import_read_format(struct str name, enum import_format *out);

enum import_choice_what {
    IMPORT_SAME,
    IMPORT_DIFFERENT,
    IMPORT_LATER
};                     /* later: the row is left out */
struct import_choice { /* about a row that looks like a record we have */
    uint32_t row;
    enum import_choice_what what;
    struct str id; /* IMPORT_SAME: the record it is */
};

/* All may be zero: then everything is found out from the bytes and the file's name. */
struct import_options {
    enum import_format format;
    struct str file;    /* its name: display, and its ending for guessing */
    struct str kind;    /* of the rows of a table; of JSON lines that name none */
    struct str profile; /* name of a saved mapping */
    struct str mapping; /* a mapping itself (JSON, exchange/form/form.h); goes before profile */
    struct str save_as; /* saves the mapping used as a profile of this name */
    enum charset charset;
    char delimiter;                     /* of CSV: , ; or tab; 0: the one proposed */
    struct str sheet;                   /* of XLSX; empty: the first visible one with cells */
    bool compose;                       /* bring text to NFC instead of refusing it */
    const struct import_choice *choice; /* ascending by row */
    size_t choice_count;
};

/* What happened; words: import.why.<name>. */
enum import_why {
    IMPORT_OK,
    IMPORT_NOT_ALLOWED,
    IMPORT_BAD_FILE,    /* outcome.fault says what and where */
    IMPORT_BAD_OPTIONS, /* unknown kind or profile, a mapping that does not read; outcome.fault */
    IMPORT_GONE,        /* no such import, or its file is kept no more */
    IMPORT_STATE,       /* done already, undone already, running now */
    IMPORT_STOPPED,     /* by the caller; what was written stays under the number */
    IMPORT_BUSY,
    IMPORT_FULL,
    IMPORT_FAILED, /* an error of ours; in the log */
    IMPORT_WHYS,
};
const char *import_why_name(enum import_why why);

/* Why a row or the file was refused; words: problem.<code>. */
struct import_fault {
    uint32_t
        row; /* from 1, as the file's reader counts: line, sheet row, array element; of figures the
              * line a series begins at; 0: the file */
    struct str column; /* heading, or place in the form ("title.ru"); may be empty */
    struct str code;
    struct str value; /* what was there, clipped; may be empty */
    int64_t limit;    /* where the code has one */
};

struct import_outcome {
    uint32_t id; /* 0: nothing was kept */
    uint32_t rows, added, changed, same, refused, alike,
        skipped; /* alike are among added (or left out) */
    struct import_fault fault;
    /* JSON array, at most LOCAL_REPORT_BYTES_MAX, in order of rows. Its objects, by "what":
     *   {"what":"refused","row","column","code","value","limit","title"}   one for each problem; row 0: the file itself
     *   {"what":"changed","row","id","title","changes":[{"place","old","new"}]}  old or new missing: no value
     *   {"what":"alike","row","id","title","other","why","value"}  why: identifier, name, alike, domain
     *   {"what":"skipped","row","id","title","code"}  left out by a choice; in an undo: why it stayed
     *   {"what":"warning","row","column","code","value"}  read, but look at it (lost_zeros, formula_value)
     *   {"what":"more","left_off"}  the report was full: so many objects are not in it */
    struct str report;
};

/* Told every few hundred rows; false stops (IMPORT_STOPPED). all is an estimate in the unit of done: bytes. */
struct import_progress {
    void *ctx;
    bool (*step)(void *ctx, uint64_t done, uint64_t all, const struct import_outcome *so_far);
};

/* All functions: what the outcome points to lives in a; progress may be NULL; *out is written in full. */

/* Looks at a file; nothing is written anywhere. */
enum import_why import_look(struct node *n, struct arena *a, const struct actor *actor,
                            struct str bytes, const struct import_options *options,
                            const struct import_progress *progress, struct import_outcome *out);

/* Imports a file at once. The rows are under out->id even when it ends early. */
enum import_why import_run(struct node *n, struct arena *a, const struct actor *actor,
                           struct str bytes, const struct import_options *options,
                           const struct import_progress *progress, struct import_outcome *out);

/* The same in steps, for pages: keep the bytes in the node's folder upload/, look (as often as wanted), confirm or
 * drop. Options are kept with the import; NULL: as kept. */
enum import_why import_keep(struct node *n, struct arena *a, const struct actor *actor,
                            struct str bytes, const struct import_options *options,
                            uint32_t *id);
enum import_why import_preview(struct node *n, struct arena *a, const struct actor *actor,
                               uint32_t id, const struct import_options *options,
                               const struct import_progress *progress,
                               struct import_outcome *out);
enum import_why import_confirm(struct node *n, struct arena *a, const struct actor *actor,
                               uint32_t id, const struct import_progress *progress,
                               struct import_outcome *out);
enum import_why import_drop(struct node *n, struct arena *a, const struct actor *actor,
                            uint32_t id);

/* Takes an import back by new versions: what it added is withdrawn (import_undone), what it changed has its
 * former payload; what somebody has changed since is skipped. out counts changed (taken back) and skipped. An
 * import that crashed or was stopped can be undone; an undone one cannot (STATE). */
enum import_why import_undo(struct node *n, struct arena *a, const struct actor *actor,
                            uint32_t id, const struct import_progress *progress,
                            struct import_outcome *out);

/* The columns of a table file, for choosing the mapping. bytes empty: those kept under id. */
struct import_column {
    struct str head;
    struct str to; /* proposed or mapped target (form.h), "" when none */
    struct str sample[IMPORT_SAMPLES];
};
struct import_columns {
    enum import_format format;
    enum charset charset;
    char delimiter;       /* of CSV */
    struct str sheet[16]; /* visible sheets of XLSX */
    size_t sheet_count;
    struct import_column *column;
    size_t n;
    struct str mapping;        /* the proposal as JSON */
    struct import_fault fault; /* when BAD_FILE or BAD_OPTIONS */
};
enum import_why import_look_columns(struct node *n, struct arena *a, struct str bytes,
                                    uint32_t id, const struct import_options *options,
                                    struct import_columns *out);

/* The refused rows of an import as CSV (UTF-8 with a byte order mark): the columns of the file, or its line, and
 * one more that says in lang what was wrong. bytes empty: those kept under id. Errors of sink are returned. */
struct import_sink {
    void *ctx;
    enum cau_err (*put)(void *ctx, struct str bytes);
};
enum import_why import_refused(struct node *n, struct arena *a, struct str bytes, uint32_t id,
                               enum lang lang, const struct import_sink *sink);

/* One object of a report as a line of text in lang (no line break). */
void import_say(struct buf *b, enum lang lang, const struct value *item);

/* "import-0007", and back (also "7"). 0: not such a name. */
void import_name(uint32_t id, char out[IMPORT_NAME_CHARS]);
uint32_t import_read_name(struct str name);

/* A thread that works kept imports off one by one, for the server; their state and progress stand in
 * store/local.h (local_import). The node must outlive it. */
struct import_worker;
enum import_task { IMPORT_TASK_PREVIEW, IMPORT_TASK_CONFIRM, IMPORT_TASK_UNDO };
#define IMPORT_TASKS_MAX 16 /* waiting */
enum cau_err import_worker_start(struct node *n, struct import_worker **out);
/* options: of PREVIEW, copied; NULL: as kept. Errors: BUSY (too many wait). */
enum cau_err import_worker_put(struct import_worker *w, enum import_task task, uint32_t id,
                               const struct actor *actor, const struct import_options *options);
/* Whether id waits or is being worked on. *done of *all: how far it is; *all is 0 when that is not known. */
bool import_worker_at(struct import_worker *w, uint32_t id, uint64_t *done, uint64_t *all);
void import_worker_stop_task(struct import_worker *w,
                             uint32_t id);       /* stops it at its next step */
void import_worker_end(struct import_worker *w); /* stops what runs, forgets what waits */

#endif
