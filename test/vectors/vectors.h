/* vectors.h - third-party vector sets: where they are, and what every test of them needs. */
#ifndef CAU_TEST_VECTORS_H
#define CAU_TEST_VECTORS_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "record/json.h"
#include "test.h"

#define VECTORS_BYTES_MAX ((size_t)64 << 20)

/* Everything a test program reads lives here to its end. */
static struct arena vectors_arena;

static inline const char *vectors_path(const char *set, const char *name)
{
    static char path[4096];
    const char *root = getenv("CAU_VECTORS");
    snprintf(path, sizeof path, "%s/%s%s%s", root != NULL ? root : "../shared/vectors", set,
             *name == '\0' ? "" : "/", name);
    return path;
}

/* True when the set is there; else says so: a skip is never a pass. */
static inline bool vectors_present(const char *set)
{
    vectors_arena = arena_new((size_t)1 << 30);
    if (file_exists(vectors_path(set, "SOURCE.md")))
        return true;
    printf("SKIP vectors/%s: not present\n", set);
    return false;
}

static inline struct str vectors_read(const char *set, const char *name)
{
    struct str out = {NULL, 0};
    enum cau_err err =
        file_read(&vectors_arena, vectors_path(set, name), VECTORS_BYTES_MAX, &out);
    if (err != CAU_OK)
        fail_msg("cannot read %s/%s", set, name);
    return out;
}

static inline struct value vectors_parse(struct str text)
{
    struct value v;
    check(json_read(&vectors_arena, text, VECTORS_BYTES_MAX, JSON_OUTSIDE, &v, NULL) == CAU_OK);
    return v;
}

static inline struct value vectors_json(const char *set, const char *name)
{
    return vectors_parse(vectors_read(set, name));
}

static inline struct str vectors_hex(struct str hex) /* the bytes of a hex string */
{
    char *p = arena_take(&vectors_arena, hex.len / 2 + 1);
    check(p != NULL && digest_from_hex(hex, p, hex.len / 2) == CAU_OK);
    return (struct str){p, hex.len / 2};
}

static inline struct str vectors_base64(struct str text)
{
    size_t n = 0, room = text.len / 4 * 3 + 3;
    char *p = arena_take(&vectors_arena, room);
    check(p != NULL && digest_from_base64(text, p, room, &n) == CAU_OK);
    return (struct str){p, n};
}

/* Calls each(name) for every file below set/folder; name begins with folder. Returns how many. */
static inline size_t vectors_each(const char *set, const char *folder,
                                  void (*each)(const char *set, const char *name))
{
    char name[1024];
    size_t n = 0;
    DIR *d = opendir(vectors_path(set, folder));
    check(d != NULL);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", folder, e->d_name);
        struct stat st;
        check(stat(vectors_path(set, name), &st) == 0);
        if (S_ISDIR(st.st_mode)) {
            n += vectors_each(set, name, each);
        } else {
            each(set, name);
            n++;
        }
    }
    closedir(d);
    return n;
}

#endif
