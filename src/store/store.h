/* store.h - one connection to one SQLite file, by the rules of ../shared/design/ledger.md section 9.2.
 *
 * Exactly one connection to a file writes and checkpoints: the node's writer thread has it, under the lock
 * file of the node. All others are read-only. A connection is used by one thread at a time. A failed fsync
 * ends the process: what the disk then holds nobody knows, and starting again finds out. */
#ifndef CAU_STORE_STORE_H
#define CAU_STORE_STORE_H

#include "base/base.h"

struct store;

enum store_file {
    STORE_MAIN, /* main.db: logs, payloads, views, local state; write-ahead log */
    STORE_CKPT, /* ckpt.db: the last signed size and root; rollback journal, synchronous=EXTRA */
    STORE_KEYS, /* keys.db: wrapped keys; as main.db */
    STORE_VIEWS /* the tables of view/ alone, in memory or a temporary file: what check compares with */
};

enum store_mode {
    STORE_READ,
    STORE_WRITE,
    STORE_MAKE /* as STORE_WRITE; the file must be new or empty, and gets its tables */
};

/* Opens a file; path of STORE_VIEWS is "". Errors: UNKNOWN (no such file), CORRUPT (no SQLite file, or not of
 * this format), BUSY, FULL, MEMORY, IO. */
enum cau_err store_open(const char *path, enum store_file file, enum store_mode mode,
                        struct store **out);
void store_close(struct store *s); /* NULL does nothing */

/* One transaction at a time. A write transaction starts with the right to write. */
enum cau_err store_begin_read(struct store *s); /* one moment, from the first look on */
enum cau_err store_begin(struct store *s);
enum cau_err store_commit(struct store *s); /* durable when it returns CAU_OK; else undone */
void store_undo(struct store *s);           /* nothing when there is no transaction */
/* A part of a write transaction that can be undone alone; one at a time, no nesting. */
enum cau_err store_mark(struct store *s);
enum cau_err store_keep_mark(struct store *s);
enum cau_err store_undo_mark(struct store *s);

/* Moves the write-ahead log into the file. whole: waits for no reader, and when none is in the way, leaves
 * an empty log and gives free pages back, so that erased bytes are in neither file; BUSY when one is. */
enum cau_err store_checkpoint(struct store *s, bool whole);
/* Pages in the write-ahead log after the last commit of this connection. */
unsigned store_wal_pages(const struct store *s);

/* Copies the file of s (a reader sees one moment) to a new file at path. Errors: REFUSED (path is there),
 * FULL, IO, BUSY. */
enum cau_err store_backup(struct store *s, const char *path);

/* The version of the SQLite library; *fixed: without the bug of 3.7.0 to 3.51.2 in resetting the log. */
const char *store_version(bool *fixed);

/* What a user sees of a failed statement; result code of SQLite in, our code out. */
enum cau_err store_err(int sqlite_code);

#endif
