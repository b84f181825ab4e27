/* buf.h - a growing run of bytes with a maximum; the one way to build output. */
#ifndef CAU_BASE_BUF_H
#define CAU_BASE_BUF_H

#include "base/base.h"

#include <string.h>

/* Bytes p[0..len), kept in memory of their own. When an append would pass max, or memory ends,
 * nothing more is added and failed stays true: callers check once, at the end. */
struct buf {
    char *p;
    size_t len, cap, max;
    bool failed;
    bool large; /* kept by pages.h, and never released */
};

struct buf buf_new(size_t max);       /* empty; takes memory at the first append */
struct buf buf_new_large(size_t max); /* the same for what may become millions of bytes */
void buf_free(struct buf *b);
void buf_reset(struct buf *b);           /* empty again; keeps the memory */
struct str buf_str(const struct buf *b); /* view; ends at the next append, reset or free */
/* The bytes now belong to the caller, who gives them to buf_drop. Not of a large one. */
char *buf_release(struct buf *b);
void buf_drop(void *bytes);

/* Makes room for more bytes; false when failed. For those below. */
bool buf_grow(struct buf *b, size_t more);
static inline bool buf_has_room(const struct buf *b, size_t n)
{
    return !b->failed && n <= b->cap - b->len && n <= b->max - b->len;
}

static inline void buf_add(struct buf *b, struct str x)
{
    if (x.len > 0 && (buf_has_room(b, x.len) || buf_grow(b, x.len))) {
        memcpy(b->p + b->len, x.p, x.len);
        b->len += x.len;
    }
}
static inline void buf_add_char(struct buf *b, char c)
{
    if (buf_has_room(b, 1) || buf_grow(b, 1))
        b->p[b->len++] = c;
}
void buf_add_word(struct buf *b, const char *word); /* a C string of ours */
void buf_add_int(struct buf *b, int64_t value);     /* decimal */
void buf_add_u64(struct buf *b, uint64_t value);    /* decimal */
void buf_add_zeros(struct buf *b, size_t n);
/* Room for n bytes at the end, already counted in len; NULL when failed. */
char *buf_extend(struct buf *b, size_t n);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
