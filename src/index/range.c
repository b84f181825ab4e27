#include "index/range_int.h"

#include "base/utf8.h"

#include <string.h>

#define BYTES_MAX ((size_t)1 << 40)

void range_number(struct buf *b, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        buf_add_char(b, (char)(value | 128));
    buf_add_char(b, (char)value);
}

/* What is said of a list beside its postings. */
struct about_list {
    uint32_t n;
    unsigned groups;         /* bits: in whose texts it stands */
    uint64_t weight, length; /* where their ratio is greatest */
};

static void see_posting(struct about_list *about, const struct part *p,
                        const struct posting_cursor *c)
{
    uint64_t length = p->length[c->id]; /* slot and group, as in an id */
    length = length == 0 ? 1 : length;
    about->n++;
    about->groups |= 1u << (c->id & 3);
    if (c->weight * about->length > about->weight * length) {
        about->weight = c->weight;
        about->length = length;
    }
}

/* A term in the parts that have it, in their order. */
struct entry {
    size_t n;
    bool walked; /* among them those that are searched */
    struct {
        size_t part;
        struct part_term term;
    } in[LATER_PARTS_MAX];
};

/* The postings of living documents in all parts. */
static struct about_list write_list(const struct ranges *r, struct range *range,
                                    const struct entry *e)
{
    struct about_list about = {.length = 1};
    struct buf *postings = &range->postings;
    buf_reset(postings);
    for (size_t i = 0; i < e->n; i++) {
        const struct part *part = later_part(r->ix, e->in[i].part);
        const uint32_t *slot = r->slot[e->in[i].part];
        struct posting_cursor c;
        posting_open(&c, &e->in[i].term.list);
        while (posting_next(&c) && c.id >> POSTING_GROUP_BITS < part->n) {
            uint32_t to = slot[c.id >> POSTING_GROUP_BITS];
            struct posting *p;
            if (to == RANGE_NO_SLOT || (p = (void *)buf_extend(postings, sizeof *p)) == NULL)
                continue;
            *p = (struct posting){to << POSTING_GROUP_BITS | (c.id & 3), c.weight};
            see_posting(&about, part, &c);
        }
    }
    posting_write(&range->lists, (const void *)postings->p,
                  postings->len / sizeof(struct posting));
    return about;
}

static void find_bag(struct range_term *t, struct str key)
{
    size_t letters;
    t->cell = BAG_CELLS;
    if (bag_cell(key.p[0], 0) == BAG_CELLS || !utf8_valid(str_from(key, 1)))
        return;
    t->bag = bag_of(str_from(key, 1), &letters);
    if (letters > 0)
        t->cell = bag_cell(key.p[0], letters);
}

/* What the dictionary says of a term with postings. */
static void say(struct buf *b, const struct about_list *about, const struct entry *e,
                size_t list_len)
{
    unsigned public = 0;
    int64_t count[TOKEN_GROUPS];
    range_number(b, about->n);
    range_number(b, list_len);
    for (unsigned g = 0; g < TOKEN_GROUPS; g++) {
        count[g] = 0;
        for (size_t i = 0; i < e->n; i++)
            count[g] += e->in[i].term.count[g];
        public |= count[g] > 0 ? 1u << g : 0;
    }
    uint64_t share = (about->weight << 24) / about->length + 1;
    buf_add_char(b, (char)(public | about->groups << TOKEN_GROUPS));
    buf_add_char(b, (char)posting_share_code(share < 1u << 24 ? (uint32_t)share : 1u << 24));
    for (unsigned g = 0; g < TOKEN_GROUPS; g++)
        if (count[g] > 0)
            range_number(b, (uint64_t)count[g]);
}

static void take_term(const struct ranges *r, struct range *range, struct str key,
                      const struct entry *e)
{
    size_t list_at = range->lists.len, said_at = range->said.len;
    struct range_term out = {.key_at = range->keys.len, .key_len = (uint32_t)key.len};
    if (key.p[0] == TERM_SOUND) {
        struct str form = key;
        str_next(&form, '\t');
        if (!utf8_valid(form)) /* only in a damaged file */
            return;
        struct skeleton s = skeleton_of(form);
        buf_add(&range->said, (struct str){s.p, s.len});
        out.cell = BAG_CELLS;
    } else {
        struct about_list about = write_list(r, range, e);
        if (about.groups == 0)
            return; /* it stood only in what was taken out */
        out.groups = about.groups;
        out.list_len = (uint32_t)(range->lists.len - list_at);
        say(&range->said, &about, e, out.list_len);
        find_bag(&out, key);
    }
    out.said_len = (uint32_t)(range->said.len - said_at);
    buf_add(&range->keys, key);
    buf_add(&range->term, (struct str){(const char *)&out, sizeof out});
    uint32_t *number = (void *)buf_extend(&range->number, r->parts * sizeof *number);
    if (number == NULL)
        return;
    memset(number, 0, r->parts * sizeof *number);
    for (size_t i = 0; i < e->n; i++)
        number[e->in[i].part] = e->in[i].term.number;
}

/* The terms of a part that is to come, in key order. */
struct coming {
    const struct fresh *f;
    struct order_at at;
    struct str key;
    uint32_t number;
    bool there;
};

/* The terms of all parts in key order. */
struct merge {
    struct dictionary_walk walk; /* of those that are searched */
    struct str key;
    bool there;
    struct coming coming[LATER_MAX];
    size_t n;
};

static void step_walk(struct merge *m)
{
    m->there = dictionary_key(&m->walk, &m->key);
}

static void step_coming(struct coming *c)
{
    enum { TERM = 16, BYTES = 8 }; /* steps ahead that a term, and its list, are brought near */
    uint32_t term = order_ahead(&c->f->order, &c->at, TERM),
             bytes = order_ahead(&c->f->order, &c->at, BYTES);
    if (term != UINT32_MAX)
        fresh_fetch(c->f, term);
    if (bytes != UINT32_MAX)
        fresh_fetch_bytes(c->f, bytes);
    c->there = order_next(&c->f->order, &c->at, &c->number);
    if (c->there)
        c->key = fresh_key(c->f, c->number);
}

static void merge_start(struct merge *m, const struct index *ix, struct str from)
{
    dictionary_seek(ix, &m->walk, from);
    step_walk(m);
    m->n = ix->later->n;
    for (size_t i = 0; i < m->n; i++) {
        struct coming *c = &m->coming[i];
        *c = (struct coming){.f = &ix->later->part[i]};
        c->at = order_seek(&c->f->order, c->f, from);
        step_coming(c);
    }
}

/* The least key; false at the end. */
static bool merge_key(const struct merge *m, struct str *key)
{
    bool there = m->there;
    if (there)
        *key = m->key;
    for (size_t i = 0; i < m->n; i++)
        if (m->coming[i].there && (!there || str_cmp(m->coming[i].key, *key) < 0)) {
            *key = m->coming[i].key;
            there = true;
        }
    return there;
}

static void take_walk(struct merge *m, struct entry *e)
{
    struct dictionary_term t;
    dictionary_term(&m->walk, &t);
    for (size_t part = 0; part < INDEX_PARTS; part++)
        if (t.in[part].number != 0) {
            e->in[e->n].part = part;
            e->in[e->n++].term = t.in[part];
        }
}

/* Do all parts in memory that have the term agree on it? */
static bool agree(const struct index *ix, const struct entry *e)
{
    const struct fresh *first = NULL;
    uint32_t number = 0;
    for (size_t i = 0; i < e->n; i++) {
        if (e->in[i].part == INDEX_SEGMENT)
            continue;
        const struct fresh *f = e->in[i].part == INDEX_FRESH
                                    ? &ix->fresh
                                    : &ix->later->part[e->in[i].part - INDEX_PARTS];
        if (first != NULL && !fresh_agrees(first, number, f, e->in[i].term.number - 1))
            return false;
        if (first == NULL) {
            first = f;
            number = e->in[i].term.number - 1;
        }
    }
    return true;
}

/* What all parts say of key, the least; steps are made by merge_next, which leaves its bytes in place until then. */
static void merge_entry(struct merge *m, struct str key, struct entry *e)
{
    e->n = 0;
    e->walked = m->there && str_equal(m->key, key);
    if (e->walked)
        take_walk(m, e);
    for (size_t i = 0; i < m->n; i++) {
        const struct coming *c = &m->coming[i];
        if (!c->there || !str_equal(c->key, key))
            continue;
        e->in[e->n].part = INDEX_PARTS + i;
        fresh_term_of(c->f, c->number, &e->in[e->n++].term);
    }
}

static void merge_next(struct merge *m, const struct entry *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->in[i].part >= INDEX_PARTS)
            step_coming(&m->coming[e->in[i].part - INDEX_PARTS]);
    if (!e->walked)
        return;
    dictionary_fetch(&m->walk);
    dictionary_next(&m->walk);
    step_walk(m);
}

void ranges_fill(void *ranges, size_t i)
{
    struct ranges *r = ranges;
    struct range *range = &r->range[i];
    struct str key, end = term_str(&range->end);
    struct merge m;
    struct entry e;
    merge_start(&m, r->ix, term_str(&range->from));
    for (; merge_key(&m, &key) && (end.len == 0 || str_cmp(key, end) < 0); merge_next(&m, &e)) {
        merge_entry(&m, key, &e);
        range->odd = range->odd || (m.n > 0 && !agree(r->ix, &e));
        if (key.len > 0 && key.len <= TERM_BYTES_MAX)
            take_term(r, range, key, &e);
    }
    range->failed = range->term.failed || range->keys.failed || range->said.failed ||
                    range->lists.failed || range->postings.failed || range->number.failed;
}

static void set_key(struct term_key *out, struct str key)
{
    must(key.len <= sizeof out->p);
    memcpy(out->p, key.p, key.len);
    out->len = key.len;
}

/* Where range i begins: at even steps through the part with more terms. False: at the first key, or at none. */
static bool find_start(const struct index *ix, size_t i, struct term_key *out)
{
    uint32_t places = (uint32_t)(ix->fresh.order.place.len / sizeof(uint32_t)),
             blocks = ix->segment.header.blocks, number;
    if ((uint64_t)blocks * SEGMENT_BLOCK > fresh_terms(&ix->fresh)) {
        struct segment_walk walk;
        number = (uint32_t)(blocks * (uint64_t)i / RANGES_MAX * SEGMENT_BLOCK);
        bool there = number > 0 && segment_at(&ix->segment, number, &walk);
        if (there)
            set_key(out, term_str(&walk.key));
        return there;
    }
    struct order_at at = {(uint32_t)(places * (uint64_t)i / RANGES_MAX), 0};
    bool there = at.place > 0 && order_next(&ix->fresh.order, &at, &number);
    if (there)
        set_key(out, fresh_key(&ix->fresh, number));
    return there;
}

void ranges_open(struct ranges *r, const struct index *ix, const uint32_t *const slot[])
{
    struct term_key start = {.len = 0};
    *r = (struct ranges){.ix = ix, .n = 1, .parts = later_parts(ix)};
    for (size_t part = 0; part < r->parts; part++)
        r->slot[part] = slot[part];
    for (size_t i = 1; i < RANGES_MAX; i++) {
        struct range *last = &r->range[r->n - 1];
        if (!find_start(ix, i, &start) || start.len == 0 ||
            str_cmp(term_str(&last->from), term_str(&start)) >= 0)
            continue;
        last->end = start;
        r->range[r->n++].from = start;
    }
    for (size_t i = 0; i < r->n; i++)
        r->range[i].term = r->range[i].keys = r->range[i].said = r->range[i].lists =
            r->range[i].postings = r->range[i].number = buf_new_large(BYTES_MAX);
}

void ranges_close(struct ranges *r)
{
    for (size_t i = 0; i < r->n; i++) {
        buf_free(&r->range[i].term);
        buf_free(&r->range[i].keys);
        buf_free(&r->range[i].said);
        buf_free(&r->range[i].lists);
        buf_free(&r->range[i].postings);
        buf_free(&r->range[i].number);
    }
}
