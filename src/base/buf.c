#include "base/buf.h"

#include "base/pages.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct buf buf_new(size_t max)
{
    return (struct buf){.max = max};
}

struct buf buf_new_large(size_t max)
{
    return (struct buf){.max = max, .large = true};
}

void buf_free(struct buf *b)
{
    if (b->large)
        pages_free(b->p, b->cap);
    else
        free(b->p);
    *b = (struct buf){.max = b->max, .large = b->large};
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

struct str buf_str(const struct buf *b)
{
    return (struct str){b->p, b->len};
}

char *buf_release(struct buf *b)
{
    char *p = b->p;
    must(!b->large);
    *b = (struct buf){.max = b->max};
    return p;
}

void buf_drop(void *bytes)
{
    free(bytes);
}

bool buf_grow(struct buf *b, size_t more)
{
    if (b->failed || more > b->max - b->len) {
        b->failed = true;
        return false;
    }
    if (more <= b->cap - b->len)
        return true;
    size_t cap = b->cap < 256 ? 256 : b->cap;
    while (cap - b->len < more)
        cap = cap > b->max / 2 ? b->max : cap * 2;
    char *p = b->large ? pages_grow(b->p, b->cap, cap) : realloc(b->p, cap);
    if (p == NULL) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->cap = cap;
    return true;
}

char *buf_extend(struct buf *b, size_t n)
{
    static char none[1]; /* the place of nothing in a buffer that has no bytes yet */
    if (!buf_has_room(b, n) && !buf_grow(b, n))
        return NULL;
    char *p = b->p == NULL ? none : b->p + b->len;
    b->len += n;
    return p;
}

void buf_add_word(struct buf *b, const char *word)
{
    buf_add(b, str_of(word));
}

void buf_add_u64(struct buf *b, uint64_t value)
{
    char digit[20];
    size_t at = sizeof digit;
    do {
        digit[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    buf_add(b, (struct str){digit + at, sizeof digit - at});
}

void buf_add_int(struct buf *b, int64_t value)
{
    if (value < 0)
        buf_add_char(b, '-');
    buf_add_u64(b, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void buf_add_zeros(struct buf *b, size_t n)
{
    char *p = buf_extend(b, n);
    if (p != NULL && n > 0)
        memset(p, 0, n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    must(n >= 0 && (size_t)n < sizeof text); /* only for short frames of ours */
    buf_add(b, (struct str){text, (size_t)n});
}
