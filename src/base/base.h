/* base.h - the few types every module uses. */
#ifndef CAU_BASE_BASE_H
#define CAU_BASE_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cau_err {
    CAU_OK = 0,
    CAU_ERR_SYNTAX,  /* input is not of the documented shape */
    CAU_ERR_RANGE,   /* right shape, but over a documented limit */
    CAU_ERR_UNKNOWN, /* names something we do not have */
    CAU_ERR_REFUSED, /* understood, and not allowed */
    CAU_ERR_STALE,   /* the record has changed since the caller read it */
    CAU_ERR_BUSY,    /* a queue or a limited resource is full: try again later */
    CAU_ERR_FULL,    /* no room on the disk */
    CAU_ERR_MEMORY,  /* the arena is full */
    CAU_ERR_IO,      /* disk, database or network failed */
    CAU_ERR_CORRUPT, /* a hash, signature or proof does not hold */
};

/* View of len UTF-8 bytes that someone else owns; no NUL at the end. */
struct str {
    const char *p;
    size_t len;
};

/* Set of n views: ascending by bytes, none twice. */
struct str_set {
    const struct str *v;
    size_t n;
};

/* Bump allocator over caller memory; all of it dies together. Sizes in bytes. */
struct arena {
    unsigned char *base;
    size_t cap, used;
};

#define STR(literal)   ((struct str){(literal), sizeof(literal) - 1})
#define STR_ARG(s)     (int)(s).len, (s).p /* for printf's %.*s */
#define countof(array) (sizeof(array) / sizeof((array)[0]))
#define must(cond)     ((cond) ? (void)0 : must_failed(#cond, __FILE__, __LINE__))

_Noreturn void must_failed(const char *cond, const char *file, int line);

/* Bytes that are needed soon are brought near; p may be anything. */
static inline void base_fetch(const void *p)
{
    __builtin_prefetch(p);
}

int str_cmp(struct str x, struct str y);     /* by bytes: <0, 0, >0 */
bool str_equal(struct str x, struct str y);  /* same bytes */
bool str_is(struct str x, const char *word); /* same bytes as the C string word */
bool str_starts(struct str x, struct str head);
bool str_ends(struct str x, struct str tail);
struct str str_of(const char *word);          /* view of a C string of ours, never of input */
struct str str_from(struct str x, size_t at); /* from byte at (<= len) to the end */
struct str str_to(struct str x, size_t len);  /* the first len (<= x.len) bytes */
struct str str_trim(struct str x);            /* without ASCII white space at both ends */
/* Splits *rest at the first byte cut: returns the part before it and leaves the part after it.
 * Without a cut returns all of *rest and leaves {NULL, 0}. */
struct str str_next(struct str *rest, char cut);
uint64_t str_hash(struct str x); /* FNV-1a with a final mix; not for keys an enemy can choose */

/* An arena of its own memory, of which only what is used takes room (cap is the limit, in bytes).
 * Stops the program when the system refuses even that. */
struct arena arena_new(size_t cap);
void arena_reset(struct arena *a); /* forgets everything; gives memory beyond 1 MiB back */
void arena_free(struct arena *a);  /* only for arena_new */

void *arena_take(struct arena *a, size_t size); /* aligned for any type; NULL when full */
void *arena_zero(struct arena *a, size_t size); /* the same, all bytes 0 */
/* Copies x into a, with a NUL behind it that is not counted. *out unchanged when full (MEMORY). */
enum cau_err arena_copy(struct arena *a, struct str x, struct str *out);
/* A text as vsnprintf makes it, with a NUL behind it that is not counted. *out unchanged when full (MEMORY). */
enum cau_err arena_print(struct arena *a, struct str *out, const char *format, va_list list)
    __attribute__((format(printf, 3, 0)));

#endif
