/* disk_vfs.h - a disk under SQLite that tests can break: it forgets what was not synced, and it fails.
 *
 * A shim over the system's own VFS, made the default by disk_install. Of files whose path begins with
 * disk.prefix it remembers what a sync has made durable and each write since, so that disk_image can write
 * a folder as it may stand after a power loss: every unsynced write kept, dropped, torn at 512 bytes or
 * turned to garbage, in any combination. Independently the n-th write from now can fail, or every sync. */
#ifndef CAU_TEST_DISK_VFS_H
#define CAU_TEST_DISK_VFS_H

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/sync.h"

#define DISK_FILES_MAX 16
#define DISK_SECTOR    512

struct disk_write { /* since the last sync of its file; a truncation has no bytes */
    sqlite3_int64 at;
    size_t len;
    char *bytes;
};

struct disk_shadow {
    char path[300];
    bool exists, unsure; /* unsure: deleted, and the folder was not synced */
    struct buf durable;
    struct disk_write *write;
    size_t n, room;
};

struct disk_file {
    sqlite3_file base;
    struct disk_shadow *shadow; /* NULL: only passed on */
    sqlite3_file *real;
};

struct disk {
    sqlite3_vfs shim, *real;
    struct sync_mutex lock;
    const char *prefix;
    struct disk_shadow file[DISK_FILES_MAX];
    size_t files;
    long operations; /* writes, truncations, syncs so far */
    long fail_at;    /* the write with this number and all after it say: disk full; 0: none */
    bool fail_sync;  /* every sync says: input/output error */
    long failed;
    void (*before)(void *ctx); /* called, under the lock, before each operation */
    void *ctx;
};
static struct disk disk = {.lock = SYNC_MUTEX};

/* ---- the shadow ---- */

static inline struct disk_shadow *disk_find(const char *path)
{
    for (size_t i = 0; i < disk.files; i++)
        if (strcmp(disk.file[i].path, path) == 0)
            return &disk.file[i];
    return NULL;
}

static inline void disk_forget_writes(struct disk_shadow *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->write[i].bytes);
    s->n = 0;
}

static inline void disk_reset(const char *prefix)
{
    sync_lock(&disk.lock);
    for (size_t i = 0; i < disk.files; i++) {
        disk_forget_writes(&disk.file[i]);
        free(disk.file[i].write);
        buf_free(&disk.file[i].durable);
    }
    memset(disk.file, 0, sizeof disk.file);
    disk.files = 0;
    disk.prefix = prefix;
    sync_unlock(&disk.lock);
}

static inline struct disk_shadow *disk_take(const char *path)
{
    if (disk.prefix == NULL || path == NULL ||
        strncmp(path, disk.prefix, strlen(disk.prefix)) != 0)
        return NULL;
    struct disk_shadow *s = disk_find(path);
    if (s == NULL) {
        if (disk.files == DISK_FILES_MAX || strlen(path) >= sizeof s->path)
            abort();
        s = &disk.file[disk.files++];
        memcpy(s->path, path, strlen(path) + 1);
        s->durable = buf_new((size_t)1 << 30);
    }
    if (!s->exists) {
        disk_forget_writes(s);
        buf_reset(&s->durable);
    }
    s->exists = true;
    s->unsure = false;
    return s;
}

static inline void disk_apply(struct buf *b, sqlite3_int64 at, const char *bytes, size_t len)
{
    size_t end = (size_t)at + len;
    if (b->len < end)
        buf_add_zeros(b, end - b->len);
    if (b->failed)
        abort();
    memcpy(b->p + at, bytes, len);
}

static inline void disk_note(struct disk_shadow *s, sqlite3_int64 at, const void *bytes,
                             size_t len)
{
    if (s == NULL)
        return;
    if (s->n == s->room) {
        s->room = s->room == 0 ? 64 : s->room * 2;
        s->write = realloc(s->write, s->room * sizeof *s->write);
    }
    char *copy = len == 0 ? NULL : malloc(len);
    if (s->write == NULL || (len > 0 && copy == NULL))
        abort();
    if (len > 0)
        memcpy(copy, bytes, len);
    s->write[s->n++] = (struct disk_write){at, len, copy};
}

static inline void disk_settle(struct disk_shadow *s)
{
    for (size_t i = 0; s != NULL && i < s->n; i++) {
        if (s->write[i].bytes != NULL)
            disk_apply(&s->durable, s->write[i].at, s->write[i].bytes, s->write[i].len);
        else if ((size_t)s->write[i].at < s->durable.len)
            s->durable.len = (size_t)s->write[i].at;
    }
    if (s != NULL)
        disk_forget_writes(s);
}

/* ---- images ---- */

enum disk_loss { DISK_KEEP, DISK_DROP, DISK_MIX, DISK_GARBAGE };

static inline void disk_lose(struct buf *image, const struct disk_write *w, enum disk_loss loss)
{
    if (loss == DISK_DROP || (loss != DISK_KEEP && rand() % 3 == 0))
        return;
    if (w->bytes == NULL) {
        if ((size_t)w->at < image->len)
            image->len = (size_t)w->at;
        return;
    }
    for (size_t at = 0; at < w->len; at += DISK_SECTOR) {
        size_t len = w->len - at < DISK_SECTOR ? w->len - at : DISK_SECTOR;
        char junk[DISK_SECTOR];
        if (loss != DISK_KEEP && rand() % 8 == 0) {
            if (loss == DISK_MIX)
                continue;
            for (size_t i = 0; i < len; i++)
                junk[i] = (char)rand();
            disk_apply(image, w->at + (sqlite3_int64)at, junk, len);
        } else {
            disk_apply(image, w->at + (sqlite3_int64)at, w->bytes + at, len);
        }
    }
}

/* Writes the files as a power loss may leave them into folder to. Called under the lock (from before). */
static inline void disk_image(const char *to, enum disk_loss loss)
{
    for (size_t i = 0; i < disk.files; i++) {
        struct disk_shadow *s = &disk.file[i];
        char path[400];
        if (!s->exists && (!s->unsure || rand() % 2 == 0))
            continue;
        struct buf image = buf_new((size_t)1 << 30);
        buf_add(&image, buf_str(&s->durable));
        for (size_t j = 0; j < s->n; j++)
            disk_lose(&image, &s->write[j], loss);
        snprintf(path, sizeof path, "%s/%s", to, s->path + strlen(disk.prefix) + 1);
        FILE *f = fopen(path, "wb");
        if (f == NULL || (image.len > 0 && fwrite(image.p, 1, image.len, f) != image.len) ||
            fclose(f) != 0)
            abort();
        buf_free(&image);
    }
}

/* ---- the shim ---- */

static inline sqlite3_file *disk_real(sqlite3_file *f)
{
    return ((struct disk_file *)(void *)f)->real;
}

static inline struct disk_shadow *disk_shadow_of(sqlite3_file *f)
{
    return ((struct disk_file *)(void *)f)->shadow;
}

/* Counts an operation; true when it is to fail. */
static inline bool disk_step(sqlite3_file *f, bool write)
{
    if (disk_shadow_of(f) == NULL)
        return false;
    if (disk.before != NULL)
        disk.before(disk.ctx);
    disk.operations++;
    bool fail = write && disk.fail_at > 0 && disk.operations >= disk.fail_at;
    disk.failed += fail;
    return fail;
}

static inline int disk_close(sqlite3_file *f)
{
    return disk_real(f)->pMethods->xClose(disk_real(f));
}

static inline int disk_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return disk_real(f)->pMethods->xRead(disk_real(f), p, n, at);
}

static inline int disk_write_at(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    int rc = SQLITE_FULL;
    sync_lock(&disk.lock);
    if (!disk_step(f, true)) {
        rc = disk_real(f)->pMethods->xWrite(disk_real(f), p, n, at);
        if (rc == SQLITE_OK)
            disk_note(disk_shadow_of(f), at, p, (size_t)n);
    }
    sync_unlock(&disk.lock);
    return rc;
}

static inline int disk_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    sync_lock(&disk.lock);
    disk_step(f, false);
    int rc = disk_real(f)->pMethods->xTruncate(disk_real(f), size);
    if (rc == SQLITE_OK)
        disk_note(disk_shadow_of(f), size, NULL, 0);
    sync_unlock(&disk.lock);
    return rc;
}

static inline int disk_sync(sqlite3_file *f, int flags)
{
    int rc = SQLITE_IOERR_FSYNC;
    (void)flags; /* the real one is spared: nothing here is worth keeping */
    sync_lock(&disk.lock);
    disk_step(f, false);
    if (!disk.fail_sync || disk_shadow_of(f) == NULL) {
        disk_settle(disk_shadow_of(f));
        rc = SQLITE_OK;
    }
    sync_unlock(&disk.lock);
    return rc;
}

static inline int disk_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return disk_real(f)->pMethods->xFileSize(disk_real(f), size);
}

static inline int disk_file_lock(sqlite3_file *f, int level)
{
    return disk_real(f)->pMethods->xLock(disk_real(f), level);
}

static inline int disk_unlock(sqlite3_file *f, int level)
{
    return disk_real(f)->pMethods->xUnlock(disk_real(f), level);
}

static inline int disk_reserved(sqlite3_file *f, int *out)
{
    return disk_real(f)->pMethods->xCheckReservedLock(disk_real(f), out);
}

static inline int disk_control(sqlite3_file *f, int op, void *arg)
{
    return disk_real(f)->pMethods->xFileControl(disk_real(f), op, arg);
}

static inline int disk_sector(sqlite3_file *f)
{
    (void)f;
    return DISK_SECTOR;
}

static inline int disk_traits(sqlite3_file *f)
{
    (void)f;
    return 0; /* promises nothing */
}

static inline int disk_shm_map(sqlite3_file *f, int page, int size, int extend,
                               void volatile **out)
{
    return disk_real(f)->pMethods->xShmMap(disk_real(f), page, size, extend, out);
}

static inline int disk_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return disk_real(f)->pMethods->xShmLock(disk_real(f), at, n, flags);
}

static inline void disk_shm_barrier(sqlite3_file *f)
{
    disk_real(f)->pMethods->xShmBarrier(disk_real(f));
}

static inline int disk_shm_unmap(sqlite3_file *f, int remove)
{
    return disk_real(f)->pMethods->xShmUnmap(disk_real(f), remove);
}

static const sqlite3_io_methods disk_methods = {.iVersion = 2,
                                                .xClose = disk_close,
                                                .xRead = disk_read,
                                                .xWrite = disk_write_at,
                                                .xTruncate = disk_truncate,
                                                .xSync = disk_sync,
                                                .xFileSize = disk_size,
                                                .xLock = disk_file_lock,
                                                .xUnlock = disk_unlock,
                                                .xCheckReservedLock = disk_reserved,
                                                .xFileControl = disk_control,
                                                .xSectorSize = disk_sector,
                                                .xDeviceCharacteristics = disk_traits,
                                                .xShmMap = disk_shm_map,
                                                .xShmLock = disk_shm_lock,
                                                .xShmBarrier = disk_shm_barrier,
                                                .xShmUnmap = disk_shm_unmap};

static inline int disk_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags,
                            int *out_flags)
{
    struct disk_file *d = (struct disk_file *)(void *)f;
    (void)vfs;
    d->base.pMethods = NULL;
    d->real = (sqlite3_file *)(void *)(d + 1);
    int rc = disk.real->xOpen(disk.real, name, d->real, flags, out_flags);
    if (rc != SQLITE_OK)
        return rc;
    sync_lock(&disk.lock);
    d->shadow = disk_take(name);
    sync_unlock(&disk.lock);
    d->base.pMethods = &disk_methods;
    return SQLITE_OK;
}

static inline int disk_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    sync_lock(&disk.lock);
    int rc = disk.real->xDelete(disk.real, name, 0);
    struct disk_shadow *s = disk_find(name);
    if (rc == SQLITE_OK && s != NULL) {
        s->exists = false;
        s->unsure = sync_folder == 0;
    }
    sync_unlock(&disk.lock);
    return rc;
}

static inline void disk_install(void)
{
    disk.real = sqlite3_vfs_find(NULL);
    disk.shim = *disk.real;
    disk.shim.zName = "disk";
    disk.shim.szOsFile = (int)sizeof(struct disk_file) + disk.real->szOsFile;
    disk.shim.xOpen = disk_open;
    disk.shim.xDelete = disk_delete;
    if (sqlite3_vfs_register(&disk.shim, 1) != SQLITE_OK)
        abort();
}

#endif
