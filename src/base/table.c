#include "base/table.h"

#include "base/digest.h"
#include "base/pages.h"

#include <string.h>

struct table_slot {
    uint32_t hash; /* 0: empty */
    uint32_t value;
    uint64_t key; /* where it begins in keys, above LEN_BITS bits of its length */
};
enum { LEN_BITS = 24 };
#define KEY_BYTES_MAX  (((size_t)1 << LEN_BITS) - 1)
#define KEYS_BYTES_MAX ((size_t)1 << (64 - LEN_BITS))

struct table table_new(void)
{
    struct table t = {0};
    digest_random(&t.seed, sizeof t.seed);
    return t;
}

void table_free(struct table *t)
{
    pages_free(t->slot, t->cap * sizeof *t->slot);
    pages_free(t->keys, t->keys_cap);
    *t = (struct table){.seed = t->seed};
}

static uint32_t hash_of(const struct table *t, struct str key)
{
    uint64_t h = t->seed ^ key.len * 0x9e3779b97f4a7c15u;
    size_t i = 0;
    for (; i + 8 <= key.len; i += 8) {
        uint64_t word;
        memcpy(&word, key.p + i, 8);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
    }
    uint64_t rest = 0;
    for (; i < key.len; i++)
        rest = rest << 8 | (unsigned char)key.p[i];
    h = (h ^ rest) * 0xc4ceb9fe1a85ec53u;
    h ^= h >> 29;
    h *= 0xff51afd7ed558ccdu;
    uint32_t hash = (uint32_t)(h ^ h >> 32);
    return hash == 0 ? 1 : hash;
}

static struct table_slot *find(const struct table *t, uint32_t hash, struct str key)
{
    for (size_t i = hash & (t->cap - 1);; i = (i + 1) & (t->cap - 1)) {
        struct table_slot *s = &t->slot[i];
        if (s->hash == 0 || (s->hash == hash && (s->key & KEY_BYTES_MAX) == key.len &&
                             memcmp(t->keys + (s->key >> LEN_BITS), key.p, key.len) == 0))
            return s;
    }
}

uint32_t table_get(const struct table *t, struct str key, uint32_t none)
{
    if (t->n == 0 || key.len == 0)
        return none;
    const struct table_slot *s = find(t, hash_of(t, key), key);
    return s->hash == 0 ? none : s->value;
}

void table_fetch(const struct table *t, struct str key)
{
    if (t->cap > 0)
        base_fetch(&t->slot[hash_of(t, key) & (t->cap - 1)]);
}

static enum cau_err widen(struct table *t)
{
    size_t cap = t->cap == 0 ? 64 : t->cap * 2;
    struct table_slot *slot = pages_zeros(cap * sizeof *slot);
    if (slot == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slot[i].hash != 0) {
            size_t j = t->slot[i].hash & (cap - 1);
            while (slot[j].hash != 0)
                j = (j + 1) & (cap - 1);
            slot[j] = t->slot[i];
        }
    pages_free(t->slot, t->cap * sizeof *t->slot);
    t->slot = slot;
    t->cap = cap;
    return CAU_OK;
}

static enum cau_err keep(struct table *t, struct str key, size_t *at)
{
    if (t->keys_cap - t->keys_len < key.len) {
        size_t cap = t->keys_cap == 0 ? 4096 : t->keys_cap * 2;
        while (cap - t->keys_len < key.len)
            cap *= 2;
        char *p = pages_grow(t->keys, t->keys_cap, cap);
        if (p == NULL)
            return CAU_ERR_MEMORY;
        t->keys = p;
        t->keys_cap = cap;
    }
    *at = t->keys_len;
    memcpy(t->keys + t->keys_len, key.p, key.len);
    t->keys_len += key.len;
    return CAU_OK;
}

enum cau_err table_intern(struct table *t, struct str key, uint32_t fresh, uint32_t *value,
                          bool *added)
{
    must(key.len > 0);
    if (t->n >= TABLE_KEYS_MAX || key.len > KEY_BYTES_MAX ||
        t->keys_len > KEYS_BYTES_MAX - key.len)
        return CAU_ERR_RANGE;
    if ((t->n + 1) * 2 > t->cap) {
        enum cau_err err = widen(t);
        if (err != CAU_OK)
            return err;
    }
    uint32_t hash = hash_of(t, key);
    struct table_slot *s = find(t, hash, key);
    bool fresh_key = s->hash == 0;
    if (fresh_key) {
        size_t at;
        enum cau_err err = keep(t, key, &at);
        if (err != CAU_OK)
            return err;
        *s = (struct table_slot){hash, fresh, (uint64_t)at << LEN_BITS | key.len};
        t->n++;
    }
    if (added != NULL)
        *added = fresh_key;
    *value = s->value;
    return CAU_OK;
}

enum cau_err table_set(struct table *t, struct str key, uint32_t value)
{
    uint32_t was;
    enum cau_err err = table_intern(t, key, value, &was, NULL);
    if (err == CAU_OK && was != value)
        find(t, hash_of(t, key), key)->value = value;
    return err;
}
