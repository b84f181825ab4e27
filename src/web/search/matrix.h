/* matrix.h - strengths and needs of two countries, counted field by field as one reader may see them. */
#ifndef CAU_WEB_MATRIX_H
#define CAU_WEB_MATRIX_H

#include "web/search/results.h"

/* In the order they are shown: what one side looks for stands beside what the other side has. */
enum matrix_column {
    MATRIX_NEEDS_A,
    MATRIX_OFFERS_B,
    MATRIX_NEEDS_B,
    MATRIX_OFFERS_A,
    MATRIX_ORGANIZATIONS_A,
    MATRIX_ORGANIZATIONS_B,
    MATRIX_EXPERTS_A,
    MATRIX_EXPERTS_B,
    MATRIX_COLUMNS,
};

struct matrix_row {
    const struct kind_code *field; /* of list ford; NULL: all records, whatever their field */
    bool broad;                    /* a first level: itself and all below it */
    uint32_t n[MATRIX_COLUMNS];
};

struct matrix {
    struct str country[2];        /* A and B; two different codes of list country */
    const struct matrix_row *row; /* all records first, then the list's order */
    size_t rows;
};

/* Which kind and side a column counts, by name: "need" "a". */
const char *matrix_kind(enum matrix_column column);
unsigned matrix_side(enum matrix_column column); /* 0: A, 1: B */
/* The column that answers this one on the other side: offers of B for needs of A; MATRIX_COLUMNS for the others. */
enum matrix_column matrix_answer(enum matrix_column column);
/* Needs of one side and not one offer of the other. column is the one of the offers. */
bool matrix_is_gap(const struct matrix_row *row, enum matrix_column column);

/* The countries the address asks for (?a=VN&b=RU); for what it does not say, the node's own country and the one most
 * records are of. False: a code that is none, or twice the same. */
bool matrix_read(struct ask *q, struct str country[2]);
/* Counts for a reader. Errors: those of index_search. */
enum cau_err matrix_count(struct ask *q, const struct str country[2], struct matrix *out);
/* The search that lists exactly the records of a cell. */
struct str matrix_address(struct ask *q, const struct matrix *m, const struct matrix_row *row,
                          enum matrix_column column);

#endif
