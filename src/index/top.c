#include "index/top_int.h"

#include <stdlib.h>

enum cau_err top_open(struct top *t, struct arena *a, size_t offset, size_t limit,
                      uint64_t most)
{
    uint64_t cap = (uint64_t)offset + limit;
    if (cap > most)
        cap = most;
    *t = (struct top){.offset = offset, .cap = limit == 0 ? 0 : (size_t)cap};
    t->heap = arena_take(a, t->cap * sizeof *t->heap);
    return t->heap == NULL ? CAU_ERR_MEMORY : CAU_OK;
}

/* Below 0: x comes before y. */
static int compare(const struct gathered *x, const struct gathered *y)
{
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

static void sink(struct top *t, size_t i)
{
    struct gathered moved = t->heap[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= t->n)
            break;
        if (child + 1 < t->n && compare(&t->heap[child], &t->heap[child + 1]) < 0)
            child++;
        if (compare(&moved, &t->heap[child]) >= 0)
            break;
        t->heap[i] = t->heap[child];
        i = child;
    }
    t->heap[i] = moved;
}

void top_insert(struct top *t, const struct gathered *hit)
{
    if (t->n < t->cap) {
        size_t i = t->n++;
        for (; i > 0 && compare(hit, &t->heap[(i - 1) / 2]) > 0; i = (i - 1) / 2)
            t->heap[i] = t->heap[(i - 1) / 2];
        t->heap[i] = *hit;
    } else if (compare(hit, &t->heap[0]) < 0) {
        t->heap[0] = *hit;
        sink(t, 0);
    }
}

void top_end(struct top *t, const struct gathered **hit, size_t *n)
{
    size_t all = t->n;
    while (t->n > 1) { /* the worst goes to the end */
        struct gathered worst = t->heap[0];
        t->heap[0] = t->heap[--t->n];
        sink(t, 0);
        t->heap[t->n] = worst;
    }
    size_t from = t->offset < all ? t->offset : all;
    *hit = t->heap + from;
    *n = all - from;
}

static int compare_facets(const void *x, const void *y)
{
    const struct index_facet *f = x, *g = y;
    return f->n != g->n ? (f->n > g->n ? -1 : 1) : str_cmp(f->value, g->value);
}

void top_sort_facets(struct index_facet *facet, size_t n)
{
    qsort(facet, n, sizeof *facet, compare_facets);
}
