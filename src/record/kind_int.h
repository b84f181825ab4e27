/* kind_int.h - private to the readers of kinds/: the lines of a file, and faults. */
#ifndef CAU_RECORD_KIND_INT_H
#define CAU_RECORD_KIND_INT_H

#include "base/asset.h"
#include "record/kind.h"

/* All that is read together. */
struct kind_reader {
    struct arena *a;
    const struct asset *file;
    size_t n;
    struct kinds *kinds; /* its lists are complete before the first kind is read */
    struct kind_fault *fault;
    const struct kind_field *common; /* of common.kind, once that is read */
    size_t common_count;
};

/* Where the reader stands in one file. */
struct kind_lines {
    struct str file; /* name */
    struct str rest;
    struct str text;  /* the line, trimmed */
    struct str word;  /* its first word */
    struct str value; /* what follows the word, trimmed; {NULL, 0} when nothing does */
    size_t line;      /* from 1 */
    bool after_gap;   /* an empty line came before */
};

struct kind_lines kind_lines_of(const struct asset *file);
/* Goes to the next line that is neither empty nor a remark; false at the end. */
bool kind_lines_next(struct kind_lines *l);

/* Writes the fault and returns the error: SYNTAX, or RANGE for kind_over. */
enum cau_err kind_refuse(struct kind_reader *r, struct str file, size_t line, struct str word);
enum cau_err kind_over(struct kind_reader *r, struct str file, size_t line, struct str word);

/* The name of a file without folder and ending: "need" of "kinds/need.kind"; {NULL, 0} when it does
 * not end so. */
struct str kind_file_stem(struct str file, struct str ending);
/* Whether a file of that stem and ending is among the files. */
bool kind_has_file(const struct kind_reader *r, struct str stem, struct str ending);

bool kind_is_name(struct str x); /* [a-z][a-z0-9_]{0,31}: of kinds, fields, lists, keys */
bool kind_is_code(struct str x); /* [A-Za-z0-9][A-Za-z0-9_.-]{0,31} */

/* Reads one file. Errors: as kinds_read. */
enum cau_err kind_read_list(struct kind_reader *r, const struct asset *file,
                            struct kind_list *out);
enum cau_err kind_read(struct kind_reader *r, const struct asset *file, struct kind *out);

#endif
