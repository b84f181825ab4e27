#include "web/serve/kept.h"

#include "base/digest.h"
#include "base/sync.h"

#include <string.h>

struct slot {
    char key[KEPT_KEY_MAX];
    size_t key_len; /* 0: empty */
    uint64_t count;
    struct buf page;
};

struct kept {
    struct arena own;
    struct sync_mutex lock;
    size_t bytes_max, total_max, total;
    size_t hand;   /* the slot that makes room next */
    uint64_t seed; /* so that nobody chooses which pages push others out */
    struct slot slot[KEPT_PAGES];
};

struct kept *kept_new(size_t bytes_max, size_t total_max)
{
    struct arena own = arena_new(sizeof(struct kept) + 16);
    struct kept *k =
        arena_take(&own, sizeof *k); /* fresh pages are zero; untouched ones take no room */
    must(k != NULL);
    k->own = own;
    k->bytes_max = bytes_max;
    k->total_max = total_max;
    k->lock = (struct sync_mutex)SYNC_MUTEX;
    digest_random(&k->seed, sizeof k->seed);
    return k;
}

void kept_free(struct kept *k)
{
    for (size_t i = 0; i < KEPT_PAGES; i++)
        buf_free(&k->slot[i].page);
    struct arena own = k->own;
    arena_free(&own);
}

static struct slot *slot_of(struct kept *k, struct str address)
{
    return &k->slot[(str_hash(address) ^ k->seed) * UINT64_C(0x9E3779B97F4A7C15) >> 56];
}

bool kept_find(struct kept *k, struct str address, uint64_t count, struct buf *out)
{
    struct slot *s = slot_of(k, address);
    bool found = false;
    if (address.len > KEPT_KEY_MAX)
        return false;
    sync_lock(&k->lock);
    if (s->count == count && str_equal((struct str){s->key, s->key_len}, address) &&
        s->key_len > 0) {
        buf_add(out, buf_str(&s->page));
        found = !out->failed;
    }
    sync_unlock(&k->lock);
    return found;
}

static void empty(struct kept *k, struct slot *s)
{
    k->total -= s->page.len;
    s->key_len = 0;
    buf_free(&s->page);
}

/* Room for one more page, at the cost of others in their turn. */
static void make_room(struct kept *k, size_t bytes)
{
    for (size_t i = 0; i < KEPT_PAGES && k->total + bytes > k->total_max; i++) {
        empty(k, &k->slot[k->hand]);
        k->hand = (k->hand + 1) % KEPT_PAGES;
    }
}

void kept_put(struct kept *k, struct str address, uint64_t count, struct str page)
{
    struct slot *s = slot_of(k, address);
    if (address.len == 0 || address.len > KEPT_KEY_MAX || page.len > k->bytes_max ||
        page.len > k->total_max)
        return;
    sync_lock(&k->lock);
    empty(k, s);
    make_room(k, page.len);
    s->page = buf_new(page.len);
    buf_add(&s->page, page);
    memcpy(s->key, address.p, address.len);
    s->key_len = s->page.failed ? 0 : address.len;
    s->count = count;
    k->total += s->page.len;
    sync_unlock(&k->lock);
}
