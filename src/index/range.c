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

/* The postings of living documents in both parts. */
static struct about_list write_list(const struct ranges *r, struct range *range,
                                    const struct dictionary_term *t)
{
    struct about_list about = {.length = 1};
    struct buf *postings = &range->postings;
    buf_reset(postings);
    for (int part = 0; part < INDEX_PARTS; part++) {
        const uint32_t *slot = r->slot[part];
        struct posting_cursor c;
        posting_open(&c, &t->in[part].list);
        while (posting_next(&c) && c.id >> POSTING_GROUP_BITS < index_part(r->ix, part)->n) {
            uint32_t to = slot[c.id >> POSTING_GROUP_BITS];
            struct posting *p;
            if (to == RANGE_NO_SLOT || (p = (void *)buf_extend(postings, sizeof *p)) == NULL)
                continue;
            *p = (struct posting){to << POSTING_GROUP_BITS | (c.id & 3), c.weight};
            see_posting(&about, index_part(r->ix, part), &c);
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
static void say(struct buf *b, const struct about_list *about, const struct dictionary_term *t,
                size_t list_len)
{
    unsigned public = 0;
    int64_t count[TOKEN_GROUPS];
    range_number(b, about->n);
    range_number(b, list_len);
    for (unsigned g = 0; g < TOKEN_GROUPS; g++) {
        count[g] = t->in[INDEX_SEGMENT].count[g] + t->in[INDEX_FRESH].count[g];
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
                      const struct dictionary_term *t)
{
    size_t list_at = range->lists.len, said_at = range->said.len;
    struct range_term out = {.key_at = range->keys.len, .key_len = (uint32_t)key.len};
    for (int part = 0; part < INDEX_PARTS; part++)
        out.number[part] = t->in[part].number;
    if (key.p[0] == TERM_SOUND) {
        struct str form = key;
        str_next(&form, '\t');
        if (!utf8_valid(form)) /* only in a damaged file */
            return;
        struct skeleton s = skeleton_of(form);
        buf_add(&range->said, (struct str){s.p, s.len});
        out.cell = BAG_CELLS;
    } else {
        struct about_list about = write_list(r, range, t);
        if (about.groups == 0)
            return; /* it stood only in what was taken out */
        out.groups = about.groups;
        out.list_len = (uint32_t)(range->lists.len - list_at);
        say(&range->said, &about, t, out.list_len);
        find_bag(&out, key);
    }
    out.said_len = (uint32_t)(range->said.len - said_at);
    buf_add(&range->keys, key);
    buf_add(&range->term, (struct str){(const char *)&out, sizeof out});
}

void ranges_fill(void *ranges, size_t i)
{
    struct ranges *r = ranges;
    struct range *range = &r->range[i];
    struct str key, end = term_str(&range->end);
    struct dictionary_walk walk;
    struct dictionary_term t;
    for (dictionary_seek(r->ix, &walk, term_str(&range->from));
         dictionary_key(&walk, &key) && (end.len == 0 || str_cmp(key, end) < 0);
         dictionary_next(&walk)) {
        dictionary_fetch(&walk);
        if (key.len == 0 || key.len > TERM_BYTES_MAX)
            continue;
        dictionary_term(&walk, &t);
        take_term(r, range, key, &t);
    }
    range->failed = range->term.failed || range->keys.failed || range->said.failed ||
                    range->lists.failed || range->postings.failed;
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
    *r = (struct ranges){.ix = ix, .n = 1};
    for (int part = 0; part < INDEX_PARTS; part++)
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
            r->range[i].postings = buf_new_large(BYTES_MAX);
}

void ranges_close(struct ranges *r)
{
    for (size_t i = 0; i < r->n; i++) {
        buf_free(&r->range[i].term);
        buf_free(&r->range[i].keys);
        buf_free(&r->range[i].said);
        buf_free(&r->range[i].lists);
        buf_free(&r->range[i].postings);
    }
}
