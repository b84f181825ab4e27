/* record.h - a record's payload: from the import form to canonical bytes, and what can be read from it.
 *
 * The payload is an object with the kind's fields, without kind and visibility (those are in the leaf and
 * in the log that carries it), and with `audit`: {"by": user number, "role", "import"}. */
#ifndef CAU_RECORD_RECORD_H
#define CAU_RECORD_RECORD_H

#include "base/buf.h"
#include "record/kind.h"
#include "record/value.h"

#define RECORD_BYTES_MAX        262144 /* canonical payload */
#define RECORD_PROBLEMS_MAX     100    /* reported of one record */
#define RECORD_ID_CHARS         28     /* "r:" and 26 of base32 */
#define RECORD_TEXT_POINTS_MAX  500    /* of text and line, when the kind does not say */
#define RECORD_PROSE_POINTS_MAX 20000  /* of prose, when the kind does not say */
#define RECORD_VALUES_MAX       200    /* of many, when the kind does not say */
#define RECORD_LINK_POINTS_MAX  200    /* of an external id that a link names */
#define RECORD_ID_POINTS_MAX    100    /* of one value of identifiers */
#define RECORD_URL_BYTES_MAX    2000
#define RECORD_EMAIL_BYTES_MAX  254
#define RECORD_CLIP_POINTS      80 /* of a value shown in a problem */

enum record_audience { RECORD_PUBLIC, RECORD_PARTNER, RECORD_PRIVATE, RECORD_AUDIENCES };
struct str record_audience_name(enum record_audience a); /* "public" "partner" "private" */
bool record_read_audience(struct str name, enum record_audience *out);

enum record_code { /* names in words: problem.<name in lower case> */
                   RECORD_UNKNOWN_KIND,
                   RECORD_UNKNOWN_FIELD,
                   RECORD_WRONG_TYPE,
                   RECORD_REQUIRED,
                   RECORD_TOO_SHORT, /* limit: code points needed */
                   RECORD_TOO_LONG,  /* limit: code points allowed */
                   RECORD_TOO_MANY,  /* limit: values allowed */
                   RECORD_TOO_BIG,   /* limit: bytes allowed, or the largest integer */
                   RECORD_NOT_NFC,
                   RECORD_BAD_TEXT, /* control or noncharacters; in one line also a line break
                                     * or a control of writing direction */
                   RECORD_BAD_DATE, /* not of the form */
                   RECORD_NO_SUCH_DATE,
                   RECORD_UNKNOWN_CODE, /* not in the list */
                   RECORD_UNKNOWN_LANGUAGE,
                   RECORD_BAD_ADDRESS, /* url or email */
                   RECORD_BAD_NUMBER,
                   RECORD_BAD_PLACE,
                   RECORD_BAD_LINK,
                   RECORD_BY_RULE, /* a field that only the rules set */
                   RECORD_EMPTY,   /* {"text":"","origin":...}: says whose text, but has none */
                   RECORD_TWICE, /* the same value twice in a list of codes, choices or links */
                   RECORD_NO_CONSENT, /* this and the next: domain/rule/consent.h, not record_check */
                   RECORD_CONSENT_OVER,
                   RECORD_TWO_VALUES, /* this and the next: domain/rule/indicator.h */
                   RECORD_UNIT_CHANGES,
                   RECORD_EARLIER, /* this and the next: domain/rule/rules.h */
                   RECORD_CIRCLE,
                   RECORD_FOR_EDITOR, /* domain/rule/register.h: only an editor changes it */
                   RECORD_FUTURE,     /* a day that has not come yet, of what has happened */
                   RECORD_NAMES_FILER, /* domain/rule/obstacle.h: a text that says who stays unnamed */
                   RECORD_CODES,
};
const char *record_code_name(enum record_code code); /* "unknown_kind", ... */

struct record_problem {
    struct str place; /* "title.ru", "milestones[2].date"; empty: the record itself */
    enum record_code code;
    struct str value; /* what was there, clipped to 80 code points; may be empty */
    int64_t limit;    /* where the code has one */
};

struct record_problems {
    struct record_problem v[RECORD_PROBLEMS_MAX];
    size_t n;
};

/* Adds a problem; one over RECORD_PROBLEMS_MAX is not kept. */
void record_problem_add(struct record_problems *problems, struct record_problem problem);

struct record_form {
    const struct kind *kind;
    enum record_audience audience; /* "visibility"; public when the form has none */
    bool audience_given;
    struct value payload; /* normalised: see record_check */
};

struct record_rules {
    bool compose;    /* bring text to NFC (pages); else refuse it (imports) */
    bool all_fields; /* fields that only rules set are allowed (an operator's import) */
};

/* Checks an import form (../shared/DESIGN.md section 10: kind, visibility, and the kind's fields) and makes the
 * payload. Texts lose white space at both ends, prose its carriage returns; {"text":x} without more
 * becomes "x"; one name becomes a list of one, and so does one value of a `many` field, one row, source,
 * relation or code. Digits in a string become an integer, an integer a decimal. A place may be
 * "latitude,longitude", and numbers in it become decimal strings with five places. What holds nothing
 * vanishes: null, false, empty strings, lists, objects and rows. Text is borrowed from form where it did
 * not change, else lives in a. problems begins empty; those beyond RECORD_PROBLEMS_MAX are not kept. A
 * required field that only rules set may be missing: the rules set it later.
 * Errors: SYNTAX (problems has at least one; *out unchanged), MEMORY. */
enum cau_err record_check(struct arena *a, const struct kinds *kinds, const struct value *form,
                          struct record_rules rules, struct record_form *out,
                          struct record_problems *problems);

/* Appends the canonical bytes. Errors: RANGE (over RECORD_BYTES_MAX), MEMORY. */
enum cau_err record_write(struct buf *b, const struct value *payload);
/* The import form again: payload without audit, with kind and visibility. Errors: MEMORY. */
enum cau_err record_to_form(struct arena *a, const struct kind *kind,
                            enum record_audience audience, const struct value *payload,
                            struct value *out);

/* One language's value of a text, prose or names field. */
struct record_text {
    struct str text;   /* {NULL, 0}: the field has no value */
    struct str lang;   /* "vi", "de", "und", ... */
    struct str origin; /* "original", "human", "machine" */
    struct str from;   /* the language it was translated from; empty for an original */
};
/* The value for a reader of lang: his language if there is one; else what is marked as the original, else
 * what is not marked as a translation, else any; among several ru, en, vi, then the first. Never silently:
 * the result says which language it is. value: the field's value, may be NULL. */
struct record_text record_pick(const struct value *value, enum lang lang);
/* The i-th language of a text value, in the order vi, ru, en, then the others by tag; of a list the first
 * name. {NULL,..} when there are not so many. */
struct record_text record_text_at(const struct value *value, size_t i);
/* Sets a text field to one text in a language; an empty one sets nothing. Errors: MEMORY. */
enum cau_err record_set_text(struct arena *a, struct value *object, const char *key,
                             enum lang lang, struct str text);
/* The name of a record for a reader of lang. */
struct record_text record_title(const struct kind *kind, const struct value *payload,
                                enum lang lang);

/* What the index takes of a record, field by field, columns of rows included. Texts are borrowed from
 * payload; a facet's value lives during the call. Text without a language comes as "und", but a line in Cyrillic letters
 * as "ru". */
struct record_sink {
    void *ctx;
    void (*text)(void *ctx, struct str lang, unsigned weight, struct str text);
    void (*facet)(void *ctx, enum kind_facet facet,
                  struct str value); /* a year is its 4 digits */
    void (*language)(void *ctx,
                     struct str lang); /* once for each language of the title field */
};
void record_walk(const struct kind *kind, const struct value *payload,
                 const struct record_sink *sink);

/* Links to other records: link fields, columns of type link, relations. to is a record id or an external
 * id; label names an unresolved target (relations only). rel is the field's or column's name, or the
 * relation's code. Text is borrowed from kind and payload. */
struct record_link {
    struct str rel, to, label;
};
#define RECORD_LINKS_MAX 500
size_t record_links(const struct kind *kind, const struct value *payload,
                    struct record_link *out, size_t max); /* how many were written */

/* What differs between two payloads of a kind, leaf by leaf; old or new is NULL where the value is missing.
 * Items of a list are compared by their index. */
struct record_change {
    struct str place; /* as in record_problem */
    const struct value *old, *new;
};
/* Writes at most max changes; audit is passed over. *n is how many there are. Errors: MEMORY. */
enum cau_err record_diff(struct arena *a, const struct value *old, const struct value *new,
                         struct record_change *out, size_t max, size_t *n);

bool record_id_valid(struct str id); /* "r:" and 26 characters of canonical base32 */

#endif
