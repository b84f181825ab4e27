/* kind.h - what a kind of record is: read from the files in kinds/ (docs/design/0001-kinds.md). */
#ifndef CAU_RECORD_KIND_H
#define CAU_RECORD_KIND_H

#include "base/base.h"
#include "base/digest.h"
#include "base/lang.h"

#define KIND_COUNT_MAX      64
#define KIND_FIELDS_MAX     64 /* of one kind, with the common ones */
#define KIND_COLUMNS_MAX    16 /* of one rows field */
#define KIND_LISTS_MAX      64
#define KIND_CODES_MAX      1024 /* of one list */
#define KIND_FILE_BYTES_MAX ((size_t)256 << 10)
#define KIND_TARGETS_MAX    8    /* kinds a link field may point to */
#define KIND_MOST_MAX       5000 /* the largest `most` */

enum kind_type {
    KIND_TEXT,
    KIND_PROSE,
    KIND_NAMES,
    KIND_LINE,
    KIND_URL,
    KIND_EMAIL,
    KIND_DATE,
    KIND_INTEGER,
    KIND_DECIMAL,
    KIND_FLAG,
    KIND_CHOICE,
    KIND_LINK,
    KIND_MONEY,
    KIND_PLACE,
    KIND_CODES,
    KIND_IDENTIFIERS,
    KIND_SOURCES,
    KIND_RELATIONS,
    KIND_ROWS,
};

enum kind_facet {
    KIND_FACET_NONE,
    KIND_FACET_YEAR,
    KIND_FACET_STATUS,
    KIND_FACET_COUNTRY,
    KIND_FACET_FIELD
};

struct kind_code {
    struct str code;
    struct str label[LANG_COUNT];
};

struct kind_list {
    struct str name;
    struct str label[LANG_COUNT];
    const struct kind_code *code; /* in the order of the file */
    size_t n;
};

struct kind_field {
    struct str name;
    enum kind_type type;
    bool required, many, rule, card;
    uint32_t limit;  /* code points, or the largest integer; 0: the type's own */
    uint32_t most;   /* values of a many field or of a type that is a list; 0: the type's own */
    unsigned search; /* weight 1..15; 0: not searched */
    enum kind_facet facet;
    const struct kind_list *list; /* of a choice; of money, codes and identifiers the list of
                                   * their currencies and schemes; else NULL */
    struct str target[KIND_TARGETS_MAX]; /* kinds a link may point to; none: any */
    size_t target_count;
    struct str label[LANG_COUNT], help[LANG_COUNT]; /* help: all three or none */
    const struct kind_field *column; /* of rows; sources and relations have built-in ones, */
    size_t column_count;             /* without labels: "source.title" is a word of words/ */
};

struct kind {
    struct str name;       /* "offer" */
    struct str name_major; /* "offer/1": the form in leaves */
    unsigned major, order;
    struct str section, schema;
    bool personal;
    struct str label[LANG_COUNT], many[LANG_COUNT], help[LANG_COUNT];
    const struct kind_field *field; /* its own, then the common ones */
    size_t n;
    size_t title;       /* index in field of the one that names a record */
    struct digest hash; /* SHA-256 of the file */
    size_t index;       /* in kinds.kind */
};

struct kinds {
    struct kind *kind; /* ascending by order, then name */
    size_t n;
    struct kind_list *list;
    size_t list_count;
    const struct kind_list
        *languages; /* list `language`: of texts; NULL when it is not there */
};

struct kind_fault {
    struct str file; /* asset name */
    size_t line;     /* from 1 */
    struct str word; /* what was not understood, or is missing */
};

/* Reads all kinds/ files that the program carries (base/asset.h). Text is borrowed from the assets, the
 * rest lives in a. A field of common.kind is added to every kind that has none of that name; where a
 * kind has, it must be of the same type. Errors: SYNTAX, RANGE (fault says where; it may be NULL),
 * MEMORY; *out unchanged. */
enum cau_err kinds_load(struct arena *a, struct kinds *out, struct kind_fault *fault);

/* The same from the n files given, names as in kinds/; for tests and the fuzzer. */
struct asset;
enum cau_err kinds_read(struct arena *a, const struct asset *file, size_t n, struct kinds *out,
                        struct kind_fault *fault);

/* Looking up; NULL when there is none. */
const struct kind *kinds_find(const struct kinds *k,
                              struct str name); /* "offer" or "offer/1" */
const struct kind_list *kinds_find_list(const struct kinds *k, struct str name);
const struct kind_field *kind_find_field(const struct kind *k, struct str name);
const struct kind_code *kind_find_code(const struct kind_list *l, struct str code);
/* The label of a code in a language; the code itself when the list is NULL or does not have it. */
struct str kind_code_label(const struct kind_list *l, struct str code, enum lang lang);
struct str kind_type_name(enum kind_type type); /* "text", ..., as in a kind file */

#endif
