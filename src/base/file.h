/* file.h - whole files in and out; paths are the operator's or our own, never a user's text. */
#ifndef CAU_BASE_FILE_H
#define CAU_BASE_FILE_H

#include "base/base.h"

/* Reads a whole file into a. "-" is standard input. Errors: UNKNOWN (not there), RANGE (over max bytes),
 * MEMORY, IO. */
enum cau_err file_read(struct arena *a, const char *path, size_t max, struct str *out);
/* A read-only map of a whole file; size 0 gives {NULL, 0}. Errors: UNKNOWN, IO. End it with file_unmap. */
enum cau_err file_map(const char *path, struct str *out);
void file_unmap(struct str map);
/* The bytes of a map may leave memory; they come back from the file when they are read again. */
void file_unload(struct str map);
/* Writes path through a temporary file beside it, fsync, rename, fsync of the folder: after a crash
 * either the old or the new content is there. mode as in chmod. Errors: FULL, IO. */
enum cau_err file_write(const char *path, struct str content, unsigned mode);
/* The same in pieces: open, write (each piece at its own offset, in any order), then end or drop, which leaves what stood at
 * path. After a failed open or end there is nothing to drop. One thread at a time. Errors: FULL, IO. */
#define FILE_PATH_MAX 4096 /* bytes, with the NUL */
struct file_draft {
    int fd;
    char path[FILE_PATH_MAX], part[FILE_PATH_MAX];
};
enum cau_err file_draft_open(struct file_draft *d, const char *path, unsigned mode);
enum cau_err file_draft_write(struct file_draft *d, uint64_t at, struct str piece);
enum cau_err file_draft_end(struct file_draft *d);
/* The same without waiting for the disk, for a file that tells by itself when it is torn and can be made again: after the
 * machine itself has stopped, its bytes may be there in part. */
enum cau_err file_draft_swap(struct file_draft *d);
void file_draft_drop(struct file_draft *d);
enum cau_err file_make_folder(const char *path,
                              unsigned mode); /* no error when it is there already */
bool file_exists(const char *path);
/* A number that is another one when the file was replaced or changed; 0: not there. */
uint64_t file_stamp(const char *path);
/* A file without a name for what is too long for memory; it is gone when *fd is closed. Errors: UNKNOWN (no dir), FULL, IO,
 * MEMORY. */
enum cau_err file_scratch(struct arena *a, const char *dir, int *fd);
/* Writes bytes at the end of what was written. Errors: FULL, IO. */
enum cau_err file_append(int fd, struct str bytes);
void file_drop(int fd);             /* closes it; nothing happens for -1 */
void file_remove(const char *path); /* nothing happens when it is not there */
/* dir, a slash, name; as a C string in a. Errors: MEMORY. */
enum cau_err file_path(struct arena *a, const char *dir, const char *name, const char **out);
/* Takes the lock file for this process (flock, released at exit). Errors: BUSY (another process has it), IO. */
enum cau_err file_lock(const char *path, int *out);
/* Free bytes and all bytes of the file system of path. Errors: IO. */
enum cau_err file_room(const char *path, uint64_t *free_bytes, uint64_t *all_bytes);

#endif
