/* cell.h - one cell of a table, as every table reader hands it over. */
#ifndef CAU_EXCHANGE_CELL_H
#define CAU_EXCHANGE_CELL_H

#include "base/base.h"

#define CELL_COLUMNS_MAX 256    /* of one row */
#define CELL_BYTES_MAX   262144 /* of one cell: no field of a record is longer */

enum cell_type {
    CELL_TEXT,
    CELL_NUMBER, /* text is decimal, without exponent where it has at most 15 digits */
    CELL_DATE,   /* text is YYYY-MM-DD */
    CELL_FLAG,   /* text is "true" or "false" */
    CELL_ERROR, /* text is what the spreadsheet shows: "#REF!"; "=" a formula without a value */
};

struct cell {
    struct str text; /* valid UTF-8 */
    enum cell_type type;
    bool formula; /* the value was computed by the program that wrote the file */
};

#endif
