/* store_help.h - a throw-away database of the main kind, and an arena. */
#ifndef CAU_TEST_STORE_HELP_H
#define CAU_TEST_STORE_HELP_H

#include "store/store.h"
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

struct box {
    char path[64];
    struct store *s;
    struct arena a;
};

static inline struct box box_make(void)
{
    struct box b = {.path = "/tmp/cau-store-XXXXXX", .a = arena_new((size_t)64 << 20)};
    int fd = mkstemp(b.path);
    check(fd >= 0);
    close(fd);
    check(store_open(b.path, STORE_MAIN, STORE_MAKE, &b.s) == CAU_OK);
    return b;
}

static inline void box_end(struct box *b)
{
    store_close(b->s);
    unlink(b->path);
    arena_free(&b->a);
}

#endif
