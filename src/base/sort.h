/* sort.h - many numbers in the order of their keys: digit by digit, by one thread or by all. */
#ifndef CAU_BASE_SORT_H
#define CAU_BASE_SORT_H

#include "base/base.h"

struct sort_item {
    uint64_t key;
    uint32_t value;
};

/* By key, rising; items of one key stay in their order. spare: room for n. */
void sort_items(struct sort_item *v, size_t n, struct sort_item *spare);
/* The same, by as many threads as there are processors. */
void sort_items_shared(struct sort_item *v, size_t n, struct sort_item *spare);

#endif
