/* order_int.h - numbers kept in the order of the keys they stand for: chunks of at most ORDER_CHUNK, each
 * with the first eight bytes of its keys, so that few keys themselves are read. */
#ifndef CAU_INDEX_ORDER_INT_H
#define CAU_INDEX_ORDER_INT_H

#include "base/buf.h"

#define ORDER_CHUNK 256

struct order_chunk {
    uint64_t head[ORDER_CHUNK];
    uint32_t number[ORDER_CHUNK];
    uint32_t n;
};

struct order {
    struct buf chunk; /* struct order_chunk, in the order they were made */
    struct buf place; /* uint32_t: chunk numbers in key order */
    /* The key of a number. */
    struct str (*key)(const void *ctx, uint32_t number);
};

struct order order_new(struct str (*key)(const void *ctx, uint32_t number));
void order_free(struct order *o);
/* Puts a number in, whose key is not yet there. False when memory ends. */
bool order_add(struct order *o, const void *ctx, uint32_t number);

/* Puts the numbers of n keys into key order. No two keys are the same. False when memory ends. */
bool order_sort(const struct order *o, const void *ctx, uint32_t *number, size_t n);
/* Puts n numbers in whose keys are in order and not yet there: the same as order_add for each, quicker for many. False
 * when memory ends. */
bool order_merge(struct order *o, const void *ctx, const uint32_t *number, size_t n);

struct order_at {
    uint32_t place, i;
};
/* The first number whose key is >= key. */
struct order_at order_seek(const struct order *o, const void *ctx, struct str key);
/* The number at *at, which moves on; false at the end. */
bool order_next(const struct order *o, struct order_at *at, uint32_t *number);
/* The number `ahead` places behind at, when it is in the same chunk; else UINT32_MAX. */
uint32_t order_ahead(const struct order *o, const struct order_at *at, uint32_t ahead);

#endif
