/* form.h - rows of a table as import forms: which column is which field, and what its cells mean.
 *
 * A target names a field, and where the field has parts one of them:
 *   name.vi  title.ru  summary          text in a language; without one the language is seen from the text
 *   types  country  websites  urgent    simple fields; several values in a cell stand between ; or | or line breaks
 *   identifiers.inn  fields.FORD        one scheme
 *   budget.amount  budget.currency      coordinates.latitude  coordinates.longitude
 *   sources.url  studies.degree         a column of the first source or row
 *   links.parent                        relations of one code: external ids, record ids, or names
 *   kind  visibility  external_id
 * A cell of a field that has parts may also hold the field as JSON. Choices are codes or their labels in any
 * language; dates 2019-03-07, 7.3.2019, 07/03/2019, 03.2019, 2019; numbers with the separators of any country. */
#ifndef CAU_EXCHANGE_FORM_H
#define CAU_EXCHANGE_FORM_H

#include "base/buf.h"
#include "base/table.h"
#include "exchange/file/cell.h"
#include "record/kind.h"
#include "record/value.h"

#define FORM_HEAD_ROWS         10   /* the headings stand in one of the first rows */
#define FORM_PROBLEMS_MAX      10   /* of one row */
#define FORM_TARGETS_MAX       1024 /* of one kind */
#define FORM_MAPPING_BYTES_MAX ((size_t)64 << 10)
#define FORM_HEAD_BYTES_MAX    1000 /* of a heading; longer ones are no headings */

/* What a column is; found by a target. */
struct form_target {
    struct str to;                  /* the target; empty: the column is left out */
    const struct kind_field *field; /* NULL: kind or visibility, or left out */
    const struct kind_field *part;  /* a column of sources or rows */
    struct str key; /* language, scheme, relation code, or member of money and place */
};

struct form_column {
    struct str head; /* as it stands in the file */
    struct form_target target;
};

struct form {
    const struct kinds *kinds;
    const struct kind *kind;
    enum lang lang; /* of texts that do not show their own */
    struct form_column column[CELL_COLUMNS_MAX];
    size_t n;
    struct value fixed; /* object: members of every form that the row itself does not set */
    struct table
        words; /* bare forms of headings -> place in target, of labels -> place in choice */
    struct form_target *target; /* all of the kind */
    size_t target_count;
    struct str *choice; /* "list\ncode" */
    size_t choice_count;
};

/* Everything for reading rows of a kind, without columns yet. kinds and a outlive it. End it with form_close.
 * Errors: MEMORY. */
enum cau_err form_open(struct arena *a, const struct kinds *kinds, const struct kind *kind,
                       enum lang lang, struct form *out);
void form_close(struct form *f);

/* Looks a target up; false, *out unchanged, when the kind has none of that name. */
bool form_find_target(const struct form *f, struct str to, struct form_target *out);

/* Proposes columns for headings: by target, field name, label in any language, and the other words people use
 * (kinds/heading.list); "(vi)", "_ru", "- English" at the end say the language. Returns how many were understood.
 * head is borrowed. Errors: MEMORY. */
enum cau_err form_propose(struct form *f, struct arena *a, const struct cell *head, size_t n,
                          size_t *understood);

/* A mapping as JSON: {"kind","lang","columns":[{"head","to"}],"fixed":{}}. Reading it for headings of a file: what
 * it names is as it says, other columns as proposed. Errors: SYNTAX (*place: what is wrong in it), RANGE (too long),
 * MEMORY. */
enum cau_err form_read_mapping(struct form *f, struct arena *a, struct str json,
                               const struct cell *head, size_t n, struct str *place);
/* The kind a mapping is for; {NULL, 0} when it does not read. */
struct str form_mapping_kind(struct arena *a, struct str json);
void form_write_mapping(struct buf *b, const struct form *f);

struct form_problem {
    size_t column;    /* index */
    const char *code; /* words: problem.<code> */
    struct str value; /* clipped */
    bool warning;     /* the value was read all the same */
};
struct form_problems {
    struct form_problem v[FORM_PROBLEMS_MAX];
    size_t n;
};

/* The import form of a row. Cells beyond the columns are problems when they hold something; empty cells say nothing.
 * *bad: at least one problem is no warning. Text is borrowed from the cells where it did not change.
 * Errors: MEMORY. */
enum cau_err form_row(const struct form *f, struct arena *a, const struct cell *cell, size_t n,
                      struct value *out, struct form_problems *problems, bool *bad);

/* The column a place of the checked form ("name.vi[0]", "country") comes from; CELL_COLUMNS_MAX: none. */
size_t form_column_of(const struct form *f, struct str place);

#endif
