#include "index/order_int.h"

#include <string.h>

struct order order_new(struct str (*key)(const void *ctx, uint32_t number))
{
    return (struct order){buf_new((size_t)1 << 36), buf_new((size_t)1 << 32), key};
}

void order_free(struct order *o)
{
    buf_free(&o->chunk);
    buf_free(&o->place);
}

static uint64_t head_of(struct str key)
{
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < key.len ? (unsigned char)key.p[i] : 0u);
    return head;
}

static struct order_chunk *chunk(const struct order *o, size_t place)
{
    const uint32_t *number = (const void *)o->place.p;
    return (struct order_chunk *)(void *)o->chunk.p + number[place];
}

static size_t places(const struct order *o)
{
    return o->place.len / sizeof(uint32_t);
}

/* Is entry i of c below key? */
static bool is_below(const struct order *o, const void *ctx, const struct order_chunk *c,
                     uint32_t i, struct str key, uint64_t head)
{
    if (c->head[i] != head)
        return c->head[i] < head;
    return str_cmp(o->key(ctx, c->number[i]), key) < 0;
}

struct order_at order_seek(const struct order *o, const void *ctx, struct str key)
{
    uint64_t head = head_of(key);
    size_t low = 0, high = places(o);
    while (low < high) { /* the first chunk whose last key is not below */
        size_t mid = low + (high - low) / 2;
        const struct order_chunk *c = chunk(o, mid);
        if (is_below(o, ctx, c, c->n - 1, key, head))
            low = mid + 1;
        else
            high = mid;
    }
    if (low == places(o))
        return (struct order_at){(uint32_t)low, 0};
    const struct order_chunk *c = chunk(o, low);
    uint32_t i = 0, end = c->n;
    while (i < end) {
        uint32_t mid = i + (end - i) / 2;
        if (is_below(o, ctx, c, mid, key, head))
            i = mid + 1;
        else
            end = mid;
    }
    return (struct order_at){(uint32_t)low, i};
}

bool order_next(const struct order *o, struct order_at *at, uint32_t *number)
{
    while (at->place < places(o)) {
        const struct order_chunk *c = chunk(o, at->place);
        if (at->i < c->n) {
            *number = c->number[at->i++];
            return true;
        }
        at->place++;
        at->i = 0;
    }
    return false;
}

/* A new empty chunk at place. */
static bool insert_chunk(struct order *o, size_t place)
{
    uint32_t number = (uint32_t)(o->chunk.len / sizeof(struct order_chunk));
    struct order_chunk *c = (void *)buf_extend(&o->chunk, sizeof *c);
    if (c == NULL || buf_extend(&o->place, sizeof number) == NULL)
        return false;
    c->n = 0;
    uint32_t *p = (void *)o->place.p;
    memmove(p + place + 1, p + place, (places(o) - 1 - place) * sizeof *p);
    p[place] = number;
    return true;
}

static bool split(struct order *o, size_t place)
{
    if (!insert_chunk(o, place + 1))
        return false;
    struct order_chunk *c = chunk(o, place), *d = chunk(o, place + 1);
    uint32_t keep = c->n / 2;
    d->n = c->n - keep;
    c->n = keep;
    memcpy(d->head, c->head + keep, d->n * sizeof *d->head);
    memcpy(d->number, c->number + keep, d->n * sizeof *d->number);
    return true;
}

bool order_add(struct order *o, const void *ctx, uint32_t number)
{
    struct str key = o->key(ctx, number);
    if (places(o) == 0 && !insert_chunk(o, 0))
        return false;
    struct order_at at = {0, 0};
    if (chunk(o, 0)->n > 0)
        at = order_seek(o, ctx, key);
    if (at.place == places(o)) { /* behind all: into the last chunk */
        at.place--;
        at.i = chunk(o, at.place)->n;
    }
    if (chunk(o, at.place)->n == ORDER_CHUNK) {
        if (!split(o, at.place))
            return false;
        uint32_t keep = chunk(o, at.place)->n;
        if (at.i > keep) {
            at.i -= keep;
            at.place++;
        }
    }
    struct order_chunk *c = chunk(o, at.place);
    memmove(c->head + at.i + 1, c->head + at.i, (c->n - at.i) * sizeof *c->head);
    memmove(c->number + at.i + 1, c->number + at.i, (c->n - at.i) * sizeof *c->number);
    c->head[at.i] = head_of(key);
    c->number[at.i] = number;
    c->n++;
    return true;
}
