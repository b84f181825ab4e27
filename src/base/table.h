/* table.h - a growing hash table from strings to 32-bit numbers. */
#ifndef CAU_BASE_TABLE_H
#define CAU_BASE_TABLE_H

#include "base/base.h"

struct table_slot;

/* Keys are copied. Open addressing, at most half full. At most TABLE_KEYS_MAX keys of less than 16 MiB each. */
struct table {
    struct table_slot *slot;
    size_t cap, n;
    char *keys; /* the copies, one after the other */
    size_t keys_len, keys_cap;
    uint64_t seed; /* so that nobody can choose keys that collide */
};
#define TABLE_KEYS_MAX ((size_t)1 << 28)

struct table table_new(void);
void table_free(struct table *t);
/* The value of key, or none when it is not there. */
uint32_t table_get(const struct table *t, struct str key, uint32_t none);
/* Brings near what a look at key reads, for those who know some keys ahead. */
void table_fetch(const struct table *t, struct str key);
/* Sets key. Errors: MEMORY, RANGE (too many keys, or one too long). */
enum cau_err table_set(struct table *t, struct str key, uint32_t value);
/* The value of key; when it is not there, sets it to fresh first (*added tells, may be NULL). */
enum cau_err table_intern(struct table *t, struct str key, uint32_t fresh, uint32_t *value,
                          bool *added);

#endif
