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

void identity_hash_term(struct identity_term *t)
{
    char key[NAME_FORM_MAX + 8], sound[SKELETON_BYTES_MAX];
    const struct skeleton *of = t->unit.root[0].len > 0 ? &t->unit.root[0] : &t->unit.sound;
    t->hash = str_hash((struct str){key, identity_unit_key(&t->unit, key)});
    t->sound = of->len == 0 ? t->hash : str_hash((struct str){sound, skeleton_key(of, sound)});
}

size_t identity_posting_keys(const struct identity_term *t, bool asking,
                             uint64_t out[IDENTITY_POSTING_KEYS_MAX])
{
    size_t n = 0;
    out[n++] = key_of(KEY_TERM, t->hash, 0);
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
        whole += mix(apart->term[i]->hash); /* in any order */
    }
    if (weight >= WHOLE_WEIGHT_MIN)
        out[n++] = key_of(KEY_WHOLE, whole, 0);
    for (size_t i = 0; i < rares; i++) {
        uint64_t x = name->term[rare[i]]->sound;
        if (i < 2)
            out[n++] = key_of(KEY_SOUND, x, 1);
        for (size_t k = i + 1; k < rares; k++) {
            uint64_t y = name->term[rare[k]]->sound;
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

/* ---- blocks ---- */

enum { TASK_RECORDS = 256, POSTED_MAX = 4 /* keys of one term */ };

/* A term's keys among the postings. */
struct posted {
    uint64_t key[POSTED_MAX];
    size_t n;
};

struct blocks {
    struct identity *s;
    const struct posted *posted; /* of each term; NULL: no postings are made */
    struct buf *block, *posting; /* of each task: struct sort_item */
};

static void add_key(struct buf *b, uint64_t key, uint32_t record)
{
    struct sort_item k = {.key = key, .value = record};
    buf_add(b, (struct str){(const char *)&k, sizeof k});
}

static void add_postings(const struct blocks *b, const struct identity_view_name *name,
                         uint32_t record, struct buf *out)
{
    for (size_t u = 0; u < name->n; u++) {
        const struct posted *p = &b->posted[name->unit[u].term];
        for (size_t k = 0; k < p->n; k++)
            add_key(out, p->key[k], record);
    }
}

static void add_record(const struct blocks *b, uint32_t record, struct buf *block,
                       struct buf *posting)
{
    struct identity_view x = identity_view_of(b->s, record);
    uint64_t key[IDENTITY_KEYS_MAX], other[IDENTITY_OTHER_KEYS_MAX];
    for (size_t i = 0; i < x.n; i++) {
        for (size_t k = 0, n = identity_name_keys(&x.name[i], key); k < n; k++)
            add_key(block, key[k], record);
        if (b->posted != NULL)
            add_postings(b, identity_apart(&x.name[i]), record, posting);
    }
    for (size_t k = 0, n = identity_other_keys(&x, other); k < n; k++)
        add_key(block, other[k], record);
}

static void add_task(void *ctx, size_t task)
{
    const struct blocks *b = ctx;
    size_t n = identity_count(b->s), from = task * TASK_RECORDS;
    size_t to = from + TASK_RECORDS < n ? from + TASK_RECORDS : n;
    for (size_t i = from; i < to; i++)
        add_record(b, (uint32_t)i, &b->block[task], &b->posting[task]);
}

/* What the tasks have found, in order, to be sorted in out; what is said twice is dropped. */
static enum cau_err join(const struct buf *part, size_t parts, struct buf *out)
{
    struct buf spare = buf_new_large(out->max);
    size_t bytes = 0, kept = 0;
    for (size_t i = 0; i < parts; i++)
        bytes += part[i].len;
    if (bytes == 0)
        return CAU_OK;
    struct sort_item *v = (void *)buf_extend(out, bytes);
    struct sort_item *other = (void *)buf_extend(&spare, bytes);
    if (v == NULL || other == NULL) {
        buf_free(&spare);
        return CAU_ERR_MEMORY;
    }
    out->len = 0;
    for (size_t i = 0; i < parts; i++)
        buf_add(out, buf_str(&part[i]));
    sort_items_shared(v, bytes / sizeof *v, other);
    buf_free(&spare);
    for (size_t i = 0; i < bytes / sizeof *v; i++)
        if (kept == 0 || v[kept - 1].key != v[i].key || v[kept - 1].value != v[i].value)
            v[kept++] = v[i];
    out->len = kept * sizeof *v;
    return CAU_OK;
}

/* The keys of each term, for postings. */
static enum cau_err post_terms(const struct identity *s, struct buf *out)
{
    size_t n = s->term.len / sizeof(struct identity_term);
    struct posted *p = (void *)buf_extend(out, (n + 1) * sizeof *p);
    for (size_t i = 0; p != NULL && i < n; i++) {
        uint64_t key[IDENTITY_POSTING_KEYS_MAX];
        p[i].n = identity_posting_keys(identity_term_at(s, i), false, key);
        must(p[i].n <= POSTED_MAX);
        memcpy(p[i].key, key, p[i].n * sizeof *key);
    }
    return p == NULL ? CAU_ERR_MEMORY : CAU_OK;
}

enum cau_err identity_make_blocks(struct identity *s, bool pairs_only)
{
    size_t most = (size_t)8 << 30,
           tasks = (identity_count(s) + TASK_RECORDS - 1) / TASK_RECORDS;
    struct buf posted = buf_new(most), parts = buf_new(most);
    struct buf *part = (void *)buf_extend(&parts, (2 * tasks + 1) * sizeof *part);
    enum cau_err err = part == NULL ? CAU_ERR_MEMORY
                       : pairs_only ? CAU_OK
                                    : post_terms(s, &posted);
    for (size_t i = 0; part != NULL && i < 2 * tasks; i++)
        part[i] = buf_new(most);
    if (err == CAU_OK) {
        struct blocks b = {.s = s,
                           .posted = pairs_only ? NULL : (const void *)posted.p,
                           .block = part,
                           .posting = part + tasks};
        sync_share(add_task, &b, tasks);
    }
    for (size_t i = 0; err == CAU_OK && i < 2 * tasks; i++)
        err = part[i].failed ? CAU_ERR_MEMORY : CAU_OK;
    if (err == CAU_OK)
        err = join(part, tasks, &s->block);
    if (err == CAU_OK)
        err = join(part + tasks, tasks, &s->posting);
    for (size_t i = 0; part != NULL && i < 2 * tasks; i++)
        buf_free(&part[i]);
    buf_free(&parts);
    buf_free(&posted);
    return err;
}

/* ---- pairs ---- */

_Static_assert(IDENTITY_BLOCK_MAX <= 128, "a bit for each member behind the first");

/* What a thread needs for one record after the other. */
struct scratch {
    struct buf seen; /* uint32_t of each record: 1 more than the record it was seen with last */
    struct buf with; /* struct sort_item: key is the other record */
    struct buf pair; /* uint64_t: of this thread's tasks */
};

struct part {
    uint32_t place;
    size_t from, n; /* bytes of its thread's pairs */
};

struct pairing {
    size_t records;
    struct identity_member *member;
    const uint32_t *begin; /* of each record in at, and the end of the last */
    const uint32_t *at;    /* its places among the members that have others behind them */
    struct scratch scratch[SYNC_SHARED_MAX];
    struct part *part; /* of each task */
};

/* The blocks of two records and more that are not too big. */
static enum cau_err find_members(const struct identity *s, struct buf *out)
{
    const struct sort_item *v = (const void *)s->block.p;
    size_t n = s->block.len / sizeof *v;
    if (n > UINT32_MAX)
        return CAU_ERR_RANGE;
    for (size_t i = 0, to, count = 0; i < n; i = to) {
        for (to = i + 1; to < n && v[to].key == v[i].key;)
            to++;
        if (to - i < 2 || to - i > IDENTITY_BLOCK_MAX)
            continue;
        count += to - i;
        for (size_t k = i; k < to; k++) {
            struct identity_member m = {.record = v[k].value, .end = (uint32_t)count};
            buf_add(out, (struct str){(const char *)&m, sizeof m});
        }
    }
    return out->failed ? CAU_ERR_MEMORY : CAU_OK;
}

/* Each record's places, one record behind the other. */
static enum cau_err find_places(struct pairing *r, size_t members, struct buf *room)
{
    size_t n = r->records;
    uint32_t *begin = (void *)buf_extend(room, (n + 2 + members) * sizeof *begin);
    if (begin == NULL)
        return CAU_ERR_MEMORY;
    uint32_t *next = begin + 1, *at = begin + n + 2, sum = 0;
    memset(begin, 0, (n + 2) * sizeof *begin);
    for (size_t i = 0; i < members; i++)
        next[r->member[i].record] += i + 1 < r->member[i].end;
    for (size_t i = 0; i < n; i++) {
        uint32_t count = next[i];
        next[i] = sum;
        sum += count;
    }
    for (size_t i = 0; i < members; i++) /* moves next on to where the next record's begin */
        if (i + 1 < r->member[i].end)
            at[next[r->member[i].record]++] = (uint32_t)i;
    r->begin = begin;
    r->at = at;
    return CAU_OK;
}

static void pair_record(const struct pairing *r, struct scratch *own, uint32_t x)
{
    uint32_t *seen = (void *)own->seen.p;
    buf_reset(&own->with);
    for (uint32_t i = r->begin[x]; i < r->begin[x + 1]; i++) {
        struct identity_member *m = &r->member[r->at[i]];
        size_t behind = m->end - r->at[i] - 1;
        for (size_t k = 0; k < behind; k++) {
            uint32_t y = m[k + 1].record;
            if (seen[y] == x + 1)
                continue;
            seen[y] = x + 1;
            m->first[k / 64] |= (uint64_t)1 << k % 64;
            add_key(&own->with, y, 0);
        }
    }
    size_t n = own->with.len / sizeof(struct sort_item);
    if (n == 0 || buf_extend(&own->with, own->with.len) == NULL)
        return;
    struct sort_item *with = (void *)own->with.p;
    sort_items(with, n, with + n);
    for (size_t i = 0; i < n; i++) {
        uint64_t pair = (uint64_t)x << 32 | with[i].key;
        buf_add(&own->pair, (struct str){(const char *)&pair, sizeof pair});
    }
}

static void pair_task(void *ctx, size_t place, size_t task)
{
    struct pairing *r = ctx;
    struct scratch *own = &r->scratch[place];
    size_t from = task * TASK_RECORDS, before = own->pair.len;
    size_t to = from + TASK_RECORDS < r->records ? from + TASK_RECORDS : r->records;
    if (own->seen.len == 0)
        buf_add_zeros(&own->seen, r->records * sizeof(uint32_t));
    for (size_t i = from; i < to && !own->seen.failed && !own->pair.failed; i++)
        pair_record(r, own, (uint32_t)i);
    r->part[task] = (struct part){(uint32_t)place, before, own->pair.len - before};
}

static enum cau_err join_pairs(const struct pairing *r, size_t tasks, struct buf *out)
{
    size_t bytes = 0;
    for (size_t i = 0; i < SYNC_SHARED_MAX; i++) {
        const struct scratch *own = &r->scratch[i];
        bytes += own->pair.len;
        if (own->pair.failed && own->pair.len + sizeof(uint64_t) > own->pair.max)
            return CAU_ERR_RANGE;
        if (own->seen.failed || own->with.failed || own->pair.failed)
            return CAU_ERR_MEMORY;
    }
    if (bytes / sizeof(uint64_t) > IDENTITY_PAIRS_MAX)
        return CAU_ERR_RANGE;
    for (size_t i = 0; i < tasks; i++) {
        const struct part *p = &r->part[i];
        buf_add(out, (struct str){r->scratch[p->place].pair.p + p->from, p->n});
    }
    return out->failed ? CAU_ERR_MEMORY : CAU_OK;
}

static enum cau_err find_pairs(struct pairing *r, struct buf *out)
{
    size_t most = (size_t)8 << 30, tasks = (r->records + TASK_RECORDS - 1) / TASK_RECORDS;
    struct buf parts = buf_new(most);
    r->part = (void *)buf_extend(&parts, (tasks + 1) * sizeof *r->part);
    for (size_t i = 0; i < SYNC_SHARED_MAX; i++)
        r->scratch[i] = (struct scratch){buf_new_large(most), buf_new(most),
                                         buf_new((IDENTITY_PAIRS_MAX + 1) * sizeof(uint64_t))};
    if (r->part != NULL)
        sync_share_places(pair_task, r, tasks);
    enum cau_err err = r->part == NULL ? CAU_ERR_MEMORY : join_pairs(r, tasks, out);
    for (size_t i = 0; i < SYNC_SHARED_MAX; i++) {
        buf_free(&r->scratch[i].seen);
        buf_free(&r->scratch[i].with);
        buf_free(&r->scratch[i].pair);
    }
    buf_free(&parts);
    return err;
}

enum cau_err identity_candidates_open(const struct identity *s, struct identity_candidates *out)
{
    size_t most = (size_t)128 << 30;
    struct buf room = buf_new_large(most);
    struct identity_candidates c = {buf_new_large(most), buf_new_large(most)};
    struct pairing r = {.records = identity_count(s)};
    enum cau_err err = find_members(s, &c.member);
    r.member = (void *)c.member.p;
    if (err == CAU_OK)
        err = find_places(&r, c.member.len / sizeof *r.member, &room);
    if (err == CAU_OK)
        err = find_pairs(&r, &c.pair);
    buf_free(&room);
    if (err == CAU_OK)
        *out = c;
    else
        identity_candidates_close(&c);
    return err;
}

void identity_candidates_close(struct identity_candidates *c)
{
    buf_free(&c->pair);
    buf_free(&c->member);
}
