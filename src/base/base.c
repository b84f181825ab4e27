#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ARENA_KEEP_BYTES = 1 << 20 };

_Noreturn void must_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "%s:%d: must(%s) failed\n", file, line, cond);
    abort();
}

int str_cmp(struct str x, struct str y)
{
    size_t n = x.len < y.len ? x.len : y.len;
    int order = n == 0 ? 0 : memcmp(x.p, y.p, n);
    return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}

bool str_equal(struct str x, struct str y)
{
    return x.len == y.len && (x.len == 0 || memcmp(x.p, y.p, x.len) == 0);
}

bool str_is(struct str x, const char *word)
{
    return str_equal(x, str_of(word));
}

bool str_starts(struct str x, struct str head)
{
    return x.len >= head.len && str_equal(str_to(x, head.len), head);
}

bool str_ends(struct str x, struct str tail)
{
    return x.len >= tail.len && str_equal(str_from(x, x.len - tail.len), tail);
}

struct str str_of(const char *word)
{
    return word == NULL ? (struct str){NULL, 0} : (struct str){word, strlen(word)};
}

struct str str_from(struct str x, size_t at)
{
    must(at <= x.len);
    return at == 0 ? x : (struct str){x.p + at, x.len - at};
}

struct str str_to(struct str x, size_t len)
{
    must(len <= x.len);
    return (struct str){x.p, len};
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str x)
{
    while (x.len > 0 && is_space(x.p[0]))
        x = str_from(x, 1);
    while (x.len > 0 && is_space(x.p[x.len - 1]))
        x.len--;
    return x;
}

struct str str_next(struct str *rest, char cut)
{
    const char *at = rest->len == 0 ? NULL : memchr(rest->p, cut, rest->len);
    struct str part = *rest;
    if (at == NULL) {
        *rest = (struct str){NULL, 0};
        return part;
    }
    part.len = (size_t)(at - rest->p);
    *rest = str_from(*rest, part.len + 1);
    return part;
}

uint64_t str_hash(struct str x)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t i = 0; i < x.len; i++)
        h = (h ^ (unsigned char)x.p[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93u;
    return h ^ (h >> 32);
}

struct arena arena_new(size_t cap)
{
    void *p = mmap(NULL, cap, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    must(p != MAP_FAILED);
    return (struct arena){p, cap, 0};
}

void arena_reset(struct arena *a)
{
    if (a->used > ARENA_KEEP_BYTES)
        madvise(a->base + ARENA_KEEP_BYTES, a->used - ARENA_KEEP_BYTES, MADV_DONTNEED);
    a->used = 0;
}

void arena_free(struct arena *a)
{
    if (a->base != NULL)
        must(munmap(a->base, a->cap) == 0);
    *a = (struct arena){NULL, 0, 0};
}

void *arena_take(struct arena *a, size_t size)
{
    must(a->used <= a->cap);
    size_t pad = -(uintptr_t)(a->base + a->used) % 16;
    size_t left = a->cap - a->used;
    if (pad > left || size > left - pad)
        return NULL;
    void *p = a->base + a->used + pad;
    a->used += pad + size;
    return p;
}

void *arena_zero(struct arena *a, size_t size)
{
    void *p = arena_take(a, size);
    return p == NULL ? NULL : memset(p, 0, size);
}

enum cau_err arena_copy(struct arena *a, struct str x, struct str *out)
{
    if (x.len == SIZE_MAX)
        return CAU_ERR_MEMORY;
    char *p = arena_take(a, x.len + 1);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    if (x.len > 0)
        memcpy(p, x.p, x.len);
    p[x.len] = '\0';
    *out = (struct str){p, x.len};
    return CAU_OK;
}

enum cau_err arena_print(struct arena *a, struct str *out, const char *format, va_list list)
{
    va_list again;
    va_copy(again, list);
    int n = vsnprintf(NULL, 0, format, list);
    must(n >= 0);
    char *p = arena_take(a, (size_t)n + 1);
    if (p != NULL)
        vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    if (p == NULL)
        return CAU_ERR_MEMORY;
    *out = (struct str){p, (size_t)n};
    return CAU_OK;
}
