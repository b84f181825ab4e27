#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "store/store_int.h"

#define BUSY_WAIT_MS 10000

/* The cache is a limit, not a reservation: pages are taken as they are read. */
static const char main_writer[] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                  "PRAGMA secure_delete=ON; PRAGMA cache_size=-16384;";
static const char main_reader[] = "PRAGMA cache_size=-8192;";
static const char ckpt_writer[] = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
                                  "PRAGMA cache_size=-64;";
static const char views_writer[] = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;";
static const char everyone[] = "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF;"
                               "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0;"
                               "PRAGMA mmap_size=0;";

static _Noreturn void end_at_failed_fsync(void)
{
    log_line(LOG_ERROR, "store: fsync failed; the process ends, start it again");
    _exit(3);
}

enum cau_err store_err(int sqlite_code)
{
    must(sqlite_code != SQLITE_MISUSE);
    switch (sqlite_code) {
    case SQLITE_IOERR_FSYNC:
    case SQLITE_IOERR_DIR_FSYNC:
        end_at_failed_fsync();
    case SQLITE_IOERR_SHMSIZE:
        return CAU_ERR_FULL;
    case SQLITE_CANTOPEN_NOTEMPDIR:
        return CAU_ERR_IO;
    }
    switch (sqlite_code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return CAU_OK;
    case SQLITE_FULL:
        return CAU_ERR_FULL;
    case SQLITE_NOMEM:
        return CAU_ERR_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return CAU_ERR_BUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:  /* a table that our SQL names is missing */
    case SQLITE_SCHEMA: /* or is another one */
        return CAU_ERR_CORRUPT;
    case SQLITE_CONSTRAINT:
        return CAU_ERR_REFUSED;
    case SQLITE_TOOBIG:
        return CAU_ERR_RANGE;
    }
    return CAU_ERR_IO;
}

static enum cau_err run(struct store *s, const char *text)
{
    return store_err(sqlite3_exec(s->db, text, NULL, NULL, NULL));
}

static int note_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
    (void)db, (void)name;
    ((struct store *)arg)->wal_pages = (unsigned)pages;
    return SQLITE_OK;
}

static const char *pragmas(enum store_file file, enum store_mode mode)
{
    if (mode == STORE_READ)
        return main_reader;
    return file == STORE_CKPT ? ckpt_writer : file == STORE_VIEWS ? views_writer : main_writer;
}

static enum cau_err set_up(struct store *s, enum store_file file, enum store_mode mode)
{
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, BUSY_WAIT_MS);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (mode == STORE_READ)
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    enum cau_err err = CAU_OK;
    if (mode == STORE_MAKE) /* before the first page is written */
        err = run(s, "PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL;");
    if (err == CAU_OK)
        err = run(s, pragmas(file, mode));
    if (err ==
        CAU_OK) /* after journal_mode, which would set the hook of autocheckpoint again */
        err = run(s, everyone);
    sqlite3_wal_hook(s->db, note_wal, s);
    return err;
}

static enum cau_err make_tables(struct store *s, enum store_file file)
{
    int64_t tables = 0;
    enum cau_err err =
        sql_get_int(s, "SELECT count(*) FROM sqlite_schema", SQL_NO_ARGS, &tables);
    if (err == CAU_OK && tables > 0)
        return CAU_ERR_REFUSED;
    char mark[80];
    sqlite3_snprintf(sizeof mark, mark, "PRAGMA application_id=%d; PRAGMA user_version=%d;",
                     SCHEMA_APPLICATION, SCHEMA_VERSION);
    if (err == CAU_OK)
        err = run(s, "BEGIN");
    if (err == CAU_OK)
        err = run(s, schema_text(file));
    if (err == CAU_OK)
        err = run(s, mark);
    return err == CAU_OK ? store_commit(s) : err;
}

static enum cau_err check_format(struct store *s)
{
    int64_t application = 0, version = 0;
    enum cau_err err = sql_get_int(s, "PRAGMA application_id", SQL_NO_ARGS, &application);
    if (err == CAU_OK)
        err = sql_get_int(s, "PRAGMA user_version", SQL_NO_ARGS, &version);
    if (err == CAU_OK && (application != SCHEMA_APPLICATION || version != SCHEMA_VERSION))
        err = CAU_ERR_CORRUPT;
    return err;
}

enum cau_err store_open(const char *path, enum store_file file, enum store_mode mode,
                        struct store **out)
{
    if (mode != STORE_MAKE && !file_exists(path))
        return CAU_ERR_UNKNOWN;
    if (mode == STORE_MAKE && *path != '\0' && !file_exists(path)) {
        /* Nobody else's from its first byte on; what SQLite puts beside it follows suit. */
        enum cau_err made = file_write(path, (struct str){NULL, 0}, 0600);
        if (made != CAU_OK)
            return made;
    }
    struct store *s = sqlite3_malloc64(sizeof *s);
    if (s == NULL)
        return CAU_ERR_MEMORY;
    *s = (struct store){.mode = mode};
    int flags = SQLITE_OPEN_NOMUTEX |
                (mode == STORE_READ    ? SQLITE_OPEN_READONLY
                 : mode == STORE_WRITE ? SQLITE_OPEN_READWRITE
                                       : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    enum cau_err err = store_err(sqlite3_open_v2(path, &s->db, flags, NULL));
    if (err == CAU_OK)
        err = set_up(s, file, mode);
    if (err == CAU_OK)
        err = mode == STORE_MAKE ? make_tables(s, file) : check_format(s);
    if (err == CAU_OK && mode != STORE_READ)
        err = run(s, schema_added(file));
    if (err != CAU_OK) {
        store_close(s);
        return err;
    }
    *out = s;
    return CAU_OK;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < STORE_SLOTS; i++)
        sqlite3_finalize(s->slot[i].stmt);
    sqlite3_close(s->db);
    sqlite3_free(s);
}

enum cau_err store_begin_read(struct store *s)
{
    return sql_do(s, "BEGIN", SQL_NO_ARGS);
}

enum cau_err store_begin(struct store *s)
{
    return sql_do(s, "BEGIN IMMEDIATE", SQL_NO_ARGS);
}

enum cau_err store_commit(struct store *s)
{
    enum cau_err err = sql_do(s, "COMMIT", SQL_NO_ARGS);
    if (err != CAU_OK)
        store_undo(s);
    return err;
}

void store_undo(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db)) /* some failures have undone it already */
        sql_do(s, "ROLLBACK", SQL_NO_ARGS);
}

enum cau_err store_mark(struct store *s)
{
    return sql_do(s, "SAVEPOINT part", SQL_NO_ARGS);
}

enum cau_err store_keep_mark(struct store *s)
{
    return sql_do(s, "RELEASE part", SQL_NO_ARGS);
}

enum cau_err store_undo_mark(struct store *s)
{
    enum cau_err err = sql_do(s, "ROLLBACK TO part", SQL_NO_ARGS);
    return err == CAU_OK ? store_keep_mark(s) : err;
}

enum cau_err store_checkpoint(struct store *s, bool whole)
{
    must(s->mode != STORE_READ);
    enum cau_err err = CAU_OK;
    if (whole)
        err = sql_do(s, "PRAGMA incremental_vacuum", SQL_NO_ARGS);
    if (err != CAU_OK)
        return err;
    sqlite3_busy_timeout(s->db, 0);
    int mode = whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE;
    err = store_err(sqlite3_wal_checkpoint_v2(s->db, "main", mode, NULL, NULL));
    sqlite3_busy_timeout(s->db, BUSY_WAIT_MS);
    if (err == CAU_OK)
        s->wal_pages = 0;
    return err;
}

unsigned store_wal_pages(const struct store *s)
{
    return s->wal_pages;
}

static enum cau_err copy_pages(sqlite3 *from, const char *path)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_extended_result_codes(to, 1);
        sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
        rc = b == NULL ? sqlite3_extended_errcode(to) : sqlite3_backup_step(b, -1);
        int end = b == NULL ? rc : sqlite3_backup_finish(b);
        rc = rc == SQLITE_DONE ? end : rc;
    }
    enum cau_err err = store_err(rc);
    if (sqlite3_close(to) != SQLITE_OK && err == CAU_OK)
        err = CAU_ERR_IO;
    return err;
}

enum cau_err store_backup(struct store *s, const char *path)
{
    /* Made here and empty, so that nobody else can read it: it holds what is private. */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST ? CAU_ERR_REFUSED : errno == ENOSPC ? CAU_ERR_FULL : CAU_ERR_IO;
    close(fd);
    enum cau_err err = copy_pages(s->db, path);
    if (err != CAU_OK)
        unlink(path);
    return err;
}

const char *store_version(bool *fixed)
{
    *fixed = sqlite3_libversion_number() >= 3051003;
    return sqlite3_libversion();
}
