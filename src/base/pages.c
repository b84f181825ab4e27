#define _GNU_SOURCE /* mremap */
#include "base/pages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define LARGE_PAGE ((size_t)2 << 20)

/* What is mapped for size bytes: whole large pages, where it is worth one. */
static size_t whole(size_t size)
{
    return size < LARGE_PAGE ? size : (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
}

static void *advise(void *p, size_t size)
{
    if (p == MAP_FAILED)
        return NULL;
#ifdef MADV_HUGEPAGE
    if (size >= LARGE_PAGE)
        madvise(p, whole(size), MADV_HUGEPAGE); /* it may be refused */
#endif
    return p;
}

static void *map(size_t size)
{
    if (size > SIZE_MAX - LARGE_PAGE)
        return NULL;
    return advise(
        mmap(NULL, whole(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        size);
}

static void *remap(void *p, size_t old, size_t size)
{
    if (size > SIZE_MAX - LARGE_PAGE)
        return NULL;
#ifdef MREMAP_MAYMOVE
    if (old >= PAGES_OWN &&
        (old >= LARGE_PAGE || size < LARGE_PAGE)) /* of one kind: moved as they are */
        return advise(mremap(p, whole(old), whole(size), MREMAP_MAYMOVE), size);
#endif
    void *wide = map(size);
    if (wide != NULL) {
        memcpy(wide, p, old);
        pages_free(p, old);
    }
    return wide;
}

void *pages_grow(void *p, size_t old, size_t size)
{
    must(size > 0 && old <= size);
    if (size < PAGES_OWN)
        return realloc(p, size);
    return old == 0 ? map(size) : remap(p, old, size);
}

void *pages_zeros(size_t size)
{
    must(size > 0);
    return size < PAGES_OWN ? calloc(1, size) : map(size);
}

void pages_free(void *p, size_t size)
{
    if (size < PAGES_OWN)
        free(p);
    else
        must(munmap(p, whole(size)) == 0);
}
