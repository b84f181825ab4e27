#include "index/order_int.h"

#include "base/sort.h"

#include <string.h>

struct order order_new(struct str (*key)(const void *ctx, uint32_t number))
{
    return (struct order){buf_new_large((size_t)1 << 36), buf_new_large((size_t)1 << 32), key};
}

void order_free(struct order *o)
{
    buf_free(&o->chunk);
    buf_free(&o->place);
}

/* The first eight bytes of a key as a number that orders as they do; zeros behind a shorter one. */
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

uint32_t order_ahead(const struct order *o, const struct order_at *at, uint32_t ahead)
{
    if (at->place >= places(o))
        return UINT32_MAX;
    const struct order_chunk *c = chunk(o, at->place);
    return at->i < c->n && ahead < c->n - at->i ? c->number[at->i + ahead] : UINT32_MAX;
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

/* ---- many at once ---- */

struct sorting {
    const struct order *o;
    const void *ctx;
    struct sort_item *item,
        *spare; /* key: the head of what is left of the key; value: number */
};

enum { FEW = 24, ORDER_DEPTH_MAX = 64 };

static struct str key_at(const struct sorting *s, uint32_t number)
{
    return s->o->key(s->ctx, number);
}

static void sort_few(const struct sorting *s, size_t from, size_t end)
{
    for (size_t i = from + 1; i < end; i++) {
        struct sort_item e = s->item[i];
        struct str key = key_at(s, e.value);
        size_t k = i;
        for (; k > from && (s->item[k - 1].key > e.key ||
                            (s->item[k - 1].key == e.key &&
                             str_cmp(key_at(s, s->item[k - 1].value), key) > 0));
             k--)
            s->item[k] = s->item[k - 1];
        s->item[k] = e;
    }
}

/* Items [from, end) share the first depth * 8 bytes of their keys, and their heads are what follows. */
static void sort_part(const struct sorting *s, size_t from, size_t end, size_t depth)
{
    if (end - from <= FEW || depth == ORDER_DEPTH_MAX) {
        sort_few(s, from, end);
        return;
    }
    sort_items(s->item + from, end - from, s->spare + from);
    for (size_t i = from, next; i < end; i = next) {
        for (next = i + 1; next < end && s->item[next].key == s->item[i].key; next++)
            ;
        if (next - i < 2)
            continue;
        if (next - i > FEW)
            for (size_t k = i; k < next; k++)
                s->item[k].key =
                    head_of(str_from(key_at(s, s->item[k].value), (depth + 1) * 8));
        sort_part(s, i, next, depth + 1);
    }
}

bool order_sort(const struct order *o, const void *ctx, uint32_t *number, size_t n)
{
    struct buf room = buf_new_large((size_t)1 << 36);
    struct sorting s = {o, ctx, (void *)buf_extend(&room, n * 2 * sizeof *s.item), NULL};
    if (s.item == NULL)
        return false;
    s.spare = s.item + n;
    for (size_t i = 0; i < n; i++)
        s.item[i] = (struct sort_item){head_of(o->key(ctx, number[i])), number[i]};
    sort_part(&s, 0, n, 0);
    for (size_t i = 0; i < n; i++)
        number[i] = s.item[i].value;
    buf_free(&room);
    return true;
}

static bool add_last(struct order *o, uint64_t head, uint32_t number)
{
    enum { FILL = ORDER_CHUNK / 4 * 3 }; /* room for those to come */
    size_t last = places(o);
    if ((last == 0 || chunk(o, last - 1)->n == FILL) && !insert_chunk(o, last))
        return false;
    struct order_chunk *c = chunk(o, places(o) - 1);
    c->head[c->n] = head;
    c->number[c->n++] = number;
    return true;
}

bool order_merge(struct order *o, const void *ctx, const uint32_t *number, size_t n)
{
    enum { STEPS = 16 }; /* about what order_add costs beside a step of merging */
    bool good = true;
    size_t entries = places(o) * ORDER_CHUNK;
    if (n < entries / STEPS) {
        for (size_t i = 0; i < n && good; i++)
            good = order_add(o, ctx, number[i]);
        return good;
    }
    struct order all = order_new(o->key);
    size_t k = 0;
    for (size_t place = 0; place < places(o); place++) {
        const struct order_chunk *c = chunk(o, place);
        for (uint32_t i = 0; i < c->n && good; i++) {
            for (; k < n && good &&
                   !is_below(o, ctx, c, i, o->key(ctx, number[k]),
                             head_of(o->key(ctx, number[k])));
                 k++)
                good = add_last(&all, head_of(o->key(ctx, number[k])), number[k]);
            good = good && add_last(&all, c->head[i], c->number[i]);
        }
    }
    for (; k < n && good; k++)
        good = add_last(&all, head_of(o->key(ctx, number[k])), number[k]);
    struct order old = good ? *o : all;
    if (good)
        *o = all;
    order_free(&old);
    return good;
}
