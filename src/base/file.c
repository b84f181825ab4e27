#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static enum cau_err of_errno(void)
{
    return errno == ENOENT || errno == ENOTDIR                    ? CAU_ERR_UNKNOWN
           : errno == ENOSPC || errno == EDQUOT || errno == EFBIG ? CAU_ERR_FULL
                                                                  : CAU_ERR_IO;
}

static enum cau_err read_all(struct arena *a, int fd, size_t max, struct str *out)
{
    size_t cap = 0, len = 0;
    char *p = NULL;
    for (;;) {
        if (len == cap) { /* room doubles; the last block of the arena just grows */
            size_t more = cap == 0 ? 65536 : cap;
            char *wide = arena_take(a, more);
            if (wide == NULL)
                return CAU_ERR_MEMORY;
            if (p == NULL)
                p = wide;
            must(wide == p + cap); /* sizes are multiples of 16: blocks touch */
            cap += more;
        }
        ssize_t n = read(fd, p + len, cap - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return CAU_ERR_IO;
        if (n == 0)
            break;
        len += (size_t)n;
        if (len > max)
            return CAU_ERR_RANGE;
    }
    *out = (struct str){p, len};
    return CAU_OK;
}

enum cau_err file_read(struct arena *a, const char *path, size_t max, struct str *out)
{
    int fd = strcmp(path, "-") == 0 ? 0 : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return of_errno();
    size_t before = a->used;
    enum cau_err err = read_all(a, fd, max, out);
    if (err != CAU_OK)
        a->used = before;
    if (fd != 0)
        close(fd);
    return err;
}

enum cau_err file_map(const char *path, struct str *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return of_errno();
    struct stat st;
    enum cau_err err = CAU_ERR_IO;
    if (fstat(fd, &st) == 0 && st.st_size >= 0) {
        size_t len = (size_t)st.st_size;
        void *p = len == 0 ? NULL : mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
        if (p != MAP_FAILED) {
            *out = (struct str){p, len};
            err = CAU_OK;
        }
    }
    close(fd);
    return err;
}

void file_unmap(struct str map)
{
    if (map.len > 0)
        must(munmap((void *)(uintptr_t)map.p, map.len) == 0);
}

void file_unload(struct str map)
{
    if (map.len > 0)
        madvise((void *)(uintptr_t)map.p, map.len, MADV_DONTNEED);
}

static bool sync_folder_of(const char *path)
{
    char dir[4096];
    const char *slash = strrchr(path, '/');
    size_t len = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
    if (len >= sizeof dir)
        return false;
    memcpy(dir, slash == NULL ? "." : path, len);
    dir[len] = '\0';
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return done;
}

enum cau_err file_draft_open(struct file_draft *d, const char *path, unsigned mode)
{
    int whole = snprintf(d->path, sizeof d->path, "%s", path);
    int part = snprintf(d->part, sizeof d->part, "%s.part", path);
    if (whole < 0 || part < 0 || (size_t)part >= sizeof d->part)
        return CAU_ERR_IO;
    d->fd = open(d->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (d->fd < 0)
        return of_errno() == CAU_ERR_FULL ? CAU_ERR_FULL : CAU_ERR_IO;
    return CAU_OK;
}

enum cau_err file_draft_write(struct file_draft *d, uint64_t at, struct str piece)
{
    while (piece.len > 0) {
        ssize_t n = pwrite(d->fd, piece.p, piece.len, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 && of_errno() == CAU_ERR_FULL ? CAU_ERR_FULL : CAU_ERR_IO;
        piece = str_from(piece, (size_t)n);
        at += (uint64_t)n;
    }
    return CAU_OK;
}

static enum cau_err end_draft(struct file_draft *d, bool lasting)
{
    enum cau_err err = !lasting || fsync(d->fd) == 0 ? CAU_OK : of_errno();
    if (close(d->fd) != 0 && err == CAU_OK)
        err = of_errno();
    if (err == CAU_OK &&
        (rename(d->part, d->path) != 0 || (lasting && !sync_folder_of(d->path))))
        err = of_errno();
    if (err != CAU_OK)
        unlink(d->part);
    return err == CAU_ERR_UNKNOWN ? CAU_ERR_IO : err;
}

enum cau_err file_draft_end(struct file_draft *d)
{
    return end_draft(d, true);
}

enum cau_err file_draft_swap(struct file_draft *d)
{
    return end_draft(d, false);
}

void file_draft_drop(struct file_draft *d)
{
    close(d->fd);
    unlink(d->part);
}

enum cau_err file_write(const char *path, struct str content, unsigned mode)
{
    struct file_draft d;
    enum cau_err err = file_draft_open(&d, path, mode);
    if (err != CAU_OK)
        return err;
    err = file_draft_write(&d, 0, content);
    if (err == CAU_OK)
        return file_draft_end(&d);
    file_draft_drop(&d);
    return err;
}

enum cau_err file_make_folder(const char *path, unsigned mode)
{
    if (mkdir(path, mode) == 0)
        return CAU_OK;
    struct stat st;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return CAU_OK;
    return of_errno() == CAU_ERR_FULL ? CAU_ERR_FULL : CAU_ERR_IO;
}

enum cau_err file_scratch(struct arena *a, const char *dir, int *fd)
{
    char *path = arena_take(a, strlen(dir) + 32);
    if (path == NULL)
        return CAU_ERR_MEMORY;
    snprintf(path, strlen(dir) + 32, "%s/scratch-XXXXXX", dir);
    int made = mkstemp(path);
    if (made < 0)
        return of_errno();
    (void)unlink(path);
    *fd = made;
    return CAU_OK;
}

enum cau_err file_append(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.p, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return of_errno();
        bytes = str_from(bytes, (size_t)n);
    }
    return CAU_OK;
}

void file_drop(int fd)
{
    if (fd >= 0)
        (void)close(fd);
}

void file_remove(const char *path)
{
    (void)unlink(path);
}

uint64_t file_stamp(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return 0;
    uint64_t stamp = (uint64_t)st.st_ino * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)st.st_size;
    stamp = stamp * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)st.st_mtim.tv_sec;
    return (stamp * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)st.st_mtim.tv_nsec) | 1;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

enum cau_err file_path(struct arena *a, const char *dir, const char *name, const char **out)
{
    size_t n = strlen(dir), m = strlen(name);
    char *p = arena_take(a, n + m + 2);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    memcpy(p, dir, n);
    p[n] = '/';
    memcpy(p + n + 1, name, m + 1);
    *out = p;
    return CAU_OK;
}

enum cau_err file_lock(const char *path, int *out)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return CAU_ERR_IO;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        enum cau_err err = errno == EWOULDBLOCK ? CAU_ERR_BUSY : CAU_ERR_IO;
        close(fd);
        return err;
    }
    *out = fd;
    return CAU_OK;
}

enum cau_err file_room(const char *path, uint64_t *free_bytes, uint64_t *all_bytes)
{
    struct statvfs st;
    if (statvfs(path, &st) != 0)
        return CAU_ERR_IO;
    *free_bytes = (uint64_t)st.f_bavail * st.f_frsize;
    *all_bytes = (uint64_t)st.f_blocks * st.f_frsize;
    return CAU_OK;
}
