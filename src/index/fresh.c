#include "index/fresh_int.h"

#include "index/intake_int.h"

#include <string.h>

enum { CLASS_BYTES = 8 };
#define BYTES_MAX ((size_t)1 << 40)

static struct str key_of(const void *ctx, uint32_t term)
{
    return fresh_key(ctx, term);
}

struct fresh fresh_new(void)
{
    struct fresh f = {.terms = table_new(), .seen = table_new(), .order = order_new(key_of)};
    struct buf *all[] = {&f.doc,     &f.shape,    &f.owner, &f.updated_ms, &f.length,
                         &f.brief,   &f.token_at, &f.token, &f.text_at,    &f.text,
                         &f.word_at, &f.word,     &f.dead,  &f.term,       &f.lists};
    for (size_t i = 0; i < countof(all); i++)
        *all[i] = buf_new_large(BYTES_MAX);
    f.lists.max = FRESH_LISTS_MAX;
    return f;
}

void fresh_free(struct fresh *f)
{
    struct buf *all[] = {&f->doc,     &f->shape,    &f->owner, &f->updated_ms, &f->length,
                         &f->brief,   &f->token_at, &f->token, &f->text_at,    &f->text,
                         &f->word_at, &f->word,     &f->dead,  &f->term,       &f->lists};
    for (size_t i = 0; i < countof(all); i++)
        buf_free(all[i]);
    table_free(&f->terms);
    table_free(&f->seen);
    order_free(&f->order);
}

uint32_t fresh_terms(const struct fresh *f)
{
    return (uint32_t)(f->term.len / sizeof(struct fresh_term));
}

struct str fresh_key(const struct fresh *f, uint32_t term)
{
    const struct fresh_term *t = fresh_term(f, term);
    return (struct str){f->terms.keys + t->key_at, t->key_len};
}

void fresh_term_of(const struct fresh *f, uint32_t term, struct part_term *out)
{
    const struct fresh_term *t = fresh_term(f, term);
    *out = (struct part_term){.groups = t->groups,
                              .number = term + 1,
                              .share = UINT32_MAX,
                              .list = {.last = t->last, .count = t->count}};
    memcpy(out->count, t->public, sizeof out->count);
    if (t->list_len > 0) {
        out->list.p = (const unsigned char *)f->lists.p + t->list_at;
        out->list.end = out->list.p + t->list_len;
    }
}

bool fresh_find(const struct fresh *f, struct str key, struct part_term *out)
{
    uint32_t term = table_get(&f->terms, key, UINT32_MAX);
    if (term >= fresh_terms(f)) /* none, or memory ended while it was made */
        return false;
    fresh_term_of(f, term, out);
    return true;
}

/* A block of the class, from the free ones or new; offset + 1, or 0 when memory ends. */
static uint32_t take_block(struct fresh *f, uint32_t class)
{
    uint32_t at = f->free_at[class];
    if (at != 0) {
        memcpy(&f->free_at[class], f->lists.p + at - 1, sizeof at);
        return at;
    }
    size_t fresh_at = f->lists.len;
    if (buf_extend(&f->lists, (size_t)CLASS_BYTES << class) == NULL)
        return 0;
    return (uint32_t)fresh_at + 1;
}

static void give_block(struct fresh *f, uint32_t class, uint32_t at)
{
    memcpy(f->lists.p + at, &f->free_at[class], sizeof at);
    f->free_at[class] = at + 1;
}

static void append_bytes(struct fresh *f, struct fresh_term *t, const unsigned char *bytes,
                         size_t n)
{
    size_t cap = t->list_class == 0 ? 0 : (size_t)CLASS_BYTES << (t->list_class - 1);
    if (t->list_len + n > cap) {
        uint32_t class = cap == 0 ? 0 : t->list_class;
        while (((size_t)CLASS_BYTES << class) < t->list_len + n)
            class ++;
        uint32_t at = class < FRESH_CLASSES ? take_block(f, class) : 0;
        if (at == 0) {
            f->failed = true;
            return;
        }
        memcpy(f->lists.p + at - 1, f->lists.p + t->list_at, t->list_len);
        if (cap > 0)
            give_block(f, t->list_class - 1, t->list_at);
        t->list_at = at - 1;
        t->list_class = class + 1;
    }
    memcpy(f->lists.p + t->list_at + t->list_len, bytes, n);
    t->list_len += (uint32_t)n;
}

static void encode_last(struct fresh *f, struct fresh_term *t)
{
    unsigned char bytes[10];
    uint32_t delta = t->last.id - t->last_encoded;
    size_t cap = t->list_class == 0 ? 0 : (size_t)CLASS_BYTES << (t->list_class - 1);
    if (delta < 1u << 14 && t->last.weight < 128 && t->list_len + 3 <= cap) { /* nearly all */
        unsigned char *p = (unsigned char *)f->lists.p + t->list_at + t->list_len;
        if (delta >= 128)
            *p++ = (unsigned char)(delta | 128);
        *p++ = (unsigned char)(delta < 128 ? delta : delta >> 7);
        *p++ = (unsigned char)t->last.weight;
        t->list_len += delta < 128 ? 2 : 3;
        t->last_encoded = t->last.id;
        return;
    }
    size_t n = posting_encode(delta, t->last.weight, bytes);
    append_bytes(f, t, bytes, n);
    t->last_encoded = t->last.id;
}

void fresh_post(struct fresh *f, struct fresh_term *t, uint32_t id, uint32_t weight)
{
    if (t->last.weight > 0 && t->last.id == id) {
        uint32_t sum = t->last.weight + weight;
        t->last.weight = sum < POSTING_WEIGHT_MAX ? sum : POSTING_WEIGHT_MAX;
        return;
    }
    if (t->last.weight > 0)
        encode_last(f, t);
    t->last = (struct posting){id, weight};
    t->count++;
}

void fresh_post_list(struct fresh *f, struct fresh_term *t, const struct fresh *g,
                     const struct fresh_term *from, uint32_t by)
{
    const unsigned char *p =
        g->lists.p == NULL ? NULL : (const unsigned char *)g->lists.p + from->list_at;
    struct posting_list list = {.p = p, .end = p + from->list_len, .last = from->last};
    struct posting_cursor c;
    t->groups |= from->groups;
    for (size_t i = 0; i < TOKEN_GROUPS; i++)
        t->public[i] += from->public[i];
    posting_open(&c, &list);
    if (from->list_len == 0) {
        if (posting_next(&c))
            fresh_post(f, t, c.id + by, c.weight);
        return;
    }
    uint32_t count = t->count + from->count;
    posting_next(
        &c); /* the first is told from what is before it; from there on it is the same bytes */
    fresh_post(f, t, c.id + by, c.weight);
    encode_last(f, t);
    if (c.end > c.p)
        append_bytes(f, t, c.p, (size_t)(c.end - c.p));
    t->last_encoded = from->last_encoded + by;
    t->last = (struct posting){from->last.id + by, from->last.weight};
    t->count = count;
}

uint32_t fresh_intern(struct fresh *f, struct str key, bool *added)
{
    uint32_t term, next = fresh_terms(f);
    if (table_intern(&f->terms, key, next, &term, added) != CAU_OK) {
        f->failed = true;
        return UINT32_MAX;
    }
    if (!*added)
        return term;
    struct fresh_term *t = (void *)buf_extend(&f->term, sizeof *t);
    if (t == NULL) {
        f->failed = true;
        return UINT32_MAX;
    }
    *t = (struct fresh_term){.key_at = f->terms.keys_len - key.len,
                             .key_len = (uint32_t)key.len};
    f->failed = f->failed || (!f->loose && !order_add(&f->order, f, term));
    return term;
}

static void add32(struct buf *b, uint32_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

static void add64(struct buf *b, uint64_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

void fresh_renew(struct fresh *f)
{
    const uint32_t *doc = (const void *)f->doc.p;
    uint32_t n = (uint32_t)(f->doc.len / sizeof *doc);
    bool rise = f->part.n < 2 || f->part.docs_rise;
    for (uint32_t i = f->part.n < 1 ? 1 : f->part.n; i < n; i++)
        rise = rise && doc[i - 1] < doc[i];
    f->part = (struct part){.n = n,
                            .doc = doc,
                            .docs_rise = rise,
                            .shape = (const void *)f->shape.p,
                            .owner = (const void *)f->owner.p,
                            .updated_ms = (const void *)f->updated_ms.p,
                            .length = (const void *)f->length.p,
                            .brief = (const void *)f->brief.p,
                            .token_at = (const void *)f->token_at.p,
                            .token = (const void *)f->token.p,
                            .text_at = (const void *)f->text_at.p,
                            .text = f->text.p,
                            .word_at = (const void *)f->word_at.p,
                            .word = f->word.p,
                            .dead = (const void *)f->dead.p,
                            .dead_words = (uint32_t)(f->dead.len / sizeof(uint64_t))};
}

void fresh_cut(struct fresh *f)
{
    const size_t n = f->part.n, starts = n == 0 ? 0 : n + 1;
    f->doc.len = n * sizeof(uint32_t);
    f->shape.len = n * sizeof(uint32_t);
    f->owner.len = n * sizeof(uint32_t);
    f->updated_ms.len = n * sizeof(int64_t);
    f->length.len = n * TOKEN_GROUPS * sizeof(uint16_t);
    f->brief.len = n;
    f->token_at.len = starts * sizeof(uint32_t);
    f->text_at.len = f->word_at.len = starts * sizeof(uint64_t);
    f->token.len = n == 0 ? 0 : ((const uint32_t *)(void *)f->token_at.p)[n] * sizeof(uint32_t);
    f->text.len = n == 0 ? 0 : ((const uint64_t *)(void *)f->text_at.p)[n];
    f->word.len = n == 0 ? 0 : ((const uint64_t *)(void *)f->word_at.p)[n];
    f->failed = true;
    fresh_renew(f);
}

bool fresh_good(const struct fresh *f)
{
    return !(f->failed || f->doc.failed || f->shape.failed || f->owner.failed ||
             f->updated_ms.failed || f->length.failed || f->brief.failed ||
             f->token_at.failed || f->token.failed || f->text_at.failed || f->text.failed ||
             f->word_at.failed || f->word.failed);
}

enum cau_err fresh_put(struct fresh *f, const struct fresh_tools *tools,
                       const struct index_doc *doc, uint32_t shape, struct str stored,
                       uint32_t *slot, uint32_t length[TOKEN_GROUPS])
{
    const uint32_t n = f->part.n;
    uint64_t words[TOKEN_GROUPS];
    uint16_t capped[TOKEN_GROUPS];
    if (n >= PART_SLOTS_MAX || f->token.len / 4 > FRESH_TOKENS_MAX)
        return CAU_ERR_RANGE;
    if (f->failed)
        return CAU_ERR_MEMORY;
    if (f->token_at.len == 0) {
        add32(&f->token_at, 0);
        add64(&f->text_at, 0);
        add64(&f->word_at, 0);
    }
    intake_add(f, tools, stored, n, doc->audience == 0, words);
    add32(&f->doc, doc->doc);
    add32(&f->shape, shape);
    add32(&f->owner, doc->owner);
    add64(&f->updated_ms, (uint64_t)doc->updated_ms);
    for (size_t g = 0; g < TOKEN_GROUPS; g++) {
        capped[g] = (uint16_t)(words[g] < PART_LENGTH_MAX ? words[g] : PART_LENGTH_MAX);
        length[g] = capped[g];
    }
    buf_add(&f->length, (struct str){(const char *)capped, sizeof capped});
    buf_add_char(&f->brief, (char)part_brief(capped));
    add32(&f->token_at, (uint32_t)(f->token.len / sizeof(uint32_t)));
    buf_add(&f->text, stored);
    add64(&f->text_at, f->text.len);
    add64(&f->word_at, f->word.len);
    if (!fresh_good(f)) {
        fresh_cut(f);
        return CAU_ERR_MEMORY;
    }
    fresh_renew(f);
    *slot = n;
    return CAU_OK;
}

void fresh_uncount(struct fresh *f, const struct fresh_tools *tools, struct str stored,
                   uint32_t length[TOKEN_GROUPS])
{
    uint64_t words[TOKEN_GROUPS];
    intake_uncount(f, tools, stored, words);
    for (size_t g = 0; g < TOKEN_GROUPS; g++)
        length[g] = (uint32_t)(words[g] < PART_LENGTH_MAX ? words[g] : PART_LENGTH_MAX);
}

enum cau_err fresh_order(struct fresh *f)
{
    struct buf all = buf_new_large(BYTES_MAX);
    uint32_t n = fresh_terms(f), *term = (void *)buf_extend(&all, n * sizeof *term);
    f->failed = f->failed || term == NULL;
    for (uint32_t i = 0; i < n && !f->failed; i++)
        term[i] = i;
    f->failed =
        f->failed || !order_sort(&f->order, f, term, n) || !order_merge(&f->order, f, term, n);
    f->loose = false;
    buf_free(&all);
    return f->failed ? CAU_ERR_MEMORY : CAU_OK;
}

void fresh_kill(struct fresh *f, uint32_t slot)
{
    must(slot < f->part.n);
    size_t words = slot / 64 + 1, have = f->dead.len / sizeof(uint64_t);
    if (have < words)
        buf_add_zeros(&f->dead, (words - have) * sizeof(uint64_t));
    must(!f->dead.failed);
    uint64_t *dead = (void *)f->dead.p;
    dead[slot / 64] |= UINT64_C(1) << slot % 64;
    f->dead_count++;
    fresh_renew(f);
}
