/* store_int.h - what store.c, sql.c and schema.c share. */
#ifndef CAU_STORE_STORE_INT_H
#define CAU_STORE_STORE_INT_H

#include <sqlite3.h>

#include "store/sql.h"

#define STORE_SLOTS 256 /* a power of two, over SQL_STATEMENTS_MAX */

struct store_slot {
    const char *text;
    sqlite3_stmt *stmt;
};

struct store {
    sqlite3 *db;
    enum store_mode mode;
    size_t statements;
    unsigned wal_pages;
    struct store_slot slot[STORE_SLOTS];
};

/* The tables of a file, one SQL text. */
const char *schema_text(enum store_file file);
/* Tables that came later, to be made where they are not there. */
const char *schema_added(enum store_file file);

#define SCHEMA_APPLICATION 0x43617531 /* "Cau1", in the header of every file */
#define SCHEMA_VERSION     1

#endif
