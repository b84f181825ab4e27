#include "match/identity_int.h"

#include "base/sync.h"

#include <string.h>

/* What a key is made of; a part of its hash. */
enum { KEY_TERM = 1, KEY_SOUND, KEY_PAIR, KEY_WHOLE, KEY_IDENTIFIER, KEY_DOMAIN, KEY_ACRONYM };

enum { RAREST = 4, WHOLE_WEIGHT_MIN = 700 };

static uint64_t mix(uint64_t x)
{
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    x ^= x >> 32;
    x *= 0xd6e8feb86659fd93u;
    return x ^ x >> 32;
}

static uint64_t key_of(unsigned what, uint64_t x, uint64_t y)
{
    return mix(mix(x + what) * 3 + y);
}

static uint64_t unit_hash(const struct name_unit *u)
{
    char key[NAME_FORM_MAX + 8];
    return str_hash((struct str){key, identity_unit_key(u, key)});
}

/* What two spellings of one name share: its sound's key; else the unit itself. */
static uint64_t sound_hash(const struct name_unit *u)
{
    char key[SKELETON_BYTES_MAX];
    const struct skeleton *s = u->root[0].len > 0 ? &u->root[0] : &u->sound;
    return s->len == 0 ? unit_hash(u) : str_hash((struct str){key, skeleton_key(s, key)});
}

size_t identity_posting_keys(const struct identity_term *t, bool asking,
                             uint64_t out[IDENTITY_POSTING_KEYS_MAX])
{
    size_t n = 0;
    out[n++] = key_of(KEY_TERM, unit_hash(&t->unit), 0);
    const struct skeleton *sound[] = {&t->unit.sound, &t->unit.root[0], &t->unit.root[1]};
    for (size_t i = 0; i < countof(sound); i++) {
        struct skeleton_keys keys;
        if (sound[i]->len == 0)
            continue;
        skeleton_keys(sound[i], &keys);
        size_t most = asking && i == 0 ? keys.n : 1;
        for (size_t k = 0; k < most && k < keys.n; k++)
            out[n++] = key_of(KEY_SOUND, str_hash(keys.key[k]), 0);
    }
    return n;
}

/* The places of the RAREST heaviest units, heaviest first. */
static size_t rarest(const struct identity_view_name *name, uint8_t out[RAREST])
{
    size_t n = 0;
    for (uint8_t i = 0; i < name->n; i++) {
        size_t at = n;
        while (at > 0 && name->term[out[at - 1]]->weight < name->term[i]->weight)
            at--;
        if (at >= RAREST)
            continue;
        n += n < RAREST;
        for (size_t k = n - 1; k > at; k--)
            out[k] = out[k - 1];
        out[at] = i;
    }
    return n;
}

size_t identity_name_keys(const struct identity_view_name *name,
                          uint64_t out[IDENTITY_KEYS_MAX])
{
    uint8_t rare[RAREST];
    size_t n = 0, rares = rarest(name, rare);
    int32_t weight = 0;
    uint64_t whole = 0;
    const struct identity_view_name *apart = identity_apart(name);
    for (size_t i = 0; i < apart->n; i++) {
        if ((apart->optional >> i & 1) != 0)
            continue;
        weight += apart->term[i]->weight;
        whole += mix(unit_hash(&apart->term[i]->unit)); /* in any order */
    }
    if (weight >= WHOLE_WEIGHT_MIN)
        out[n++] = key_of(KEY_WHOLE, whole, 0);
    for (size_t i = 0; i < rares; i++) {
        const struct name_unit *u = &name->term[rare[i]]->unit;
        if (i < 2)
            out[n++] = key_of(KEY_SOUND, sound_hash(u), 1);
        for (size_t k = i + 1; k < rares; k++) {
            uint64_t x = sound_hash(u), y = sound_hash(&name->term[rare[k]]->unit);
            out[n++] = key_of(KEY_PAIR, x < y ? x : y, x < y ? y : x);
        }
    }
    return n;
}

size_t identity_other_keys(const struct identity_view *x, uint64_t out[IDENTITY_OTHER_KEYS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < x->identifiers; i++)
        out[n++] = key_of(KEY_IDENTIFIER, x->identifier[i], 0);
    for (size_t i = 0; i < x->domains; i++)
        out[n++] = key_of(KEY_DOMAIN, x->domain[i], 0);
    for (size_t i = 0; i < x->n && x->country != 0; i++) {
        uint64_t acronym = x->name[i].acronym;
        if (acronym != 0)
            out[n++] = key_of(KEY_ACRONYM, acronym, x->country);
    }
    return n;
}

static void add_key(struct buf *b, uint64_t key, uint32_t record)
{
    struct identity_key k = {.key = key, .record = record};
    buf_add(b, (struct str){(const char *)&k, sizeof k});
}

static void add_record(struct identity *s, uint32_t record)
{
    struct identity_view x = identity_view_of(s, record);
    uint64_t other[IDENTITY_OTHER_KEYS_MAX];
    for (size_t i = 0; i < x.n; i++) {
        const struct identity_view_name *name = &x.name[i];
        uint64_t key[IDENTITY_KEYS_MAX], posting[IDENTITY_POSTING_KEYS_MAX];
        const struct identity_view_name *apart = identity_apart(name);
        for (size_t k = 0, n = identity_name_keys(name, key); k < n; k++)
            add_key(&s->block, key[k], record);
        for (size_t u = 0; u < apart->n; u++)
            for (size_t k = 0, n = identity_posting_keys(apart->term[u], false, posting); k < n;
                 k++)
                add_key(&s->posting, posting[k], record);
    }
    for (size_t k = 0, n = identity_other_keys(&x, other); k < n; k++)
        add_key(&s->block, other[k], record);
}

/* By key, then record: eight bits at a time from the lowest, stable; records are added in their order. */
void identity_sort_keys(struct identity_key *v, size_t n, struct identity_key *spare)
{
    for (unsigned shift = 0; shift < 64; shift += 11) {
        size_t at[2048] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++)
            at[v[i].key >> shift & 2047]++;
        for (size_t b = 0; b < countof(at); b++) {
            size_t count = at[b];
            at[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            spare[at[v[i].key >> shift & 2047]++] = v[i];
        struct identity_key *swap = v;
        v = spare;
        spare = swap;
    }
}

/* Sorts b and drops what is said twice. */
static enum cau_err sort_buf(struct buf *b)
{
    struct buf spare = buf_new(b->max);
    if (b->failed || (b->len > 0 && buf_extend(&spare, b->len) == NULL))
        return CAU_ERR_MEMORY;
    struct identity_key *v = (void *)b->p;
    size_t n = b->len / sizeof *v, out = 0;
    if (n > 0)
        identity_sort_keys(v, n, (void *)spare.p);
    buf_free(&spare);
    for (size_t i = 0; i < n; i++)
        if (out == 0 || v[out - 1].key != v[i].key || v[out - 1].record != v[i].record)
            v[out++] = v[i];
    b->len = out * sizeof *v;
    return CAU_OK;
}

static void sort_task(void *ctx, size_t task)
{
    struct identity *s = ctx;
    struct buf *b = task == 0 ? &s->block : &s->posting;
    b->failed |= sort_buf(b) != CAU_OK;
}

enum cau_err identity_make_blocks(struct identity *s)
{
    size_t n = identity_count(s);
    for (size_t i = 0; i < n; i++)
        add_record(s, (uint32_t)i);
    sync_share(sort_task, s, 2);
    return s->block.failed || s->posting.failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* ---- pairs ---- */

static void sort_pairs(uint64_t *v, size_t n, uint64_t *spare, unsigned bits)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (shift % 32 >= bits)
            continue;
        size_t at[256] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++)
            at[v[i] >> shift & 255]++;
        for (size_t b = 0; b < countof(at); b++) {
            size_t count = at[b];
            at[b] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            spare[at[v[i] >> shift & 255]++] = v[i];
        memcpy(v, spare, n * sizeof *v);
    }
}

static enum cau_err sort_candidates(struct buf *out, size_t records)
{
    struct buf spare = buf_new(out->max);
    unsigned bits = 1;
    while (bits < 32 && records >> bits != 0)
        bits++;
    if (out->len > 0 && buf_extend(&spare, out->len) == NULL)
        return CAU_ERR_MEMORY;
    uint64_t *v = (void *)out->p;
    size_t n = out->len / sizeof *v, kept = 0;
    if (n > 0)
        sort_pairs(v, n, (void *)spare.p, bits);
    buf_free(&spare);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || v[kept - 1] != v[i])
            v[kept++] = v[i];
    out->len = kept * sizeof *v;
    return CAU_OK;
}

enum cau_err identity_candidates(const struct identity *s, struct buf *out)
{
    const struct identity_key *v = (const void *)s->block.p;
    size_t n = s->block.len / sizeof *v;
    for (size_t i = 0, to; i < n; i = to) {
        for (to = i + 1; to < n && v[to].key == v[i].key;)
            to++;
        if (to - i > IDENTITY_BLOCK_MAX)
            continue;
        for (size_t x = i; x < to; x++)
            for (size_t y = x + 1; y < to; y++) {
                uint64_t pair = (uint64_t)v[x].record << 32 | v[y].record;
                buf_add(out, (struct str){(const char *)&pair, sizeof pair});
            }
        if (out->len / sizeof(uint64_t) > 4 * IDENTITY_PAIRS_MAX)
            return CAU_ERR_RANGE;
    }
    if (out->failed)
        return CAU_ERR_MEMORY;
    enum cau_err err = sort_candidates(out, identity_count(s));
    bool many = out->len / sizeof(uint64_t) > IDENTITY_PAIRS_MAX;
    return err == CAU_OK && many ? CAU_ERR_RANGE : err;
}
