#include "index/segment_int.h"

#include <string.h>

uint64_t segment_checksum(struct str bytes)
{
    uint64_t lane[4] = {0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u,
                        0x27D4EB2F165667C5u};
    size_t i = 0;
    for (; i + 32 <= bytes.len; i += 32)
        for (size_t k = 0; k < 4; k++) {
            uint64_t word;
            memcpy(&word, bytes.p + i + 8 * k, 8);
            lane[k] = (lane[k] ^ word) * 0x9FB21C651E98DF25u;
            lane[k] ^= lane[k] >> 29;
        }
    uint64_t sum = bytes.len;
    for (; i < bytes.len; i++)
        sum = (sum ^ (unsigned char)bytes.p[i]) * 0x100000001B3u;
    for (size_t k = 0; k < 4; k++)
        sum = (sum ^ lane[k] ^ lane[k] >> 32) * 0xD6E8FEB86659FD93u;
    return sum ^ sum >> 32;
}

/* What texts can have: sums of it stay far below the greatest number. */
static bool lengths_fit(const struct segment_header *h)
{
    const int64_t most = (int64_t)PART_SLOTS_MAX * PART_LENGTH_MAX;
    for (size_t g = 0; g < TOKEN_GROUPS; g++)
        if (h->public_length[g] < -most || h->public_length[g] > most)
            return false;
    return true;
}

/* Sections must be in order, inside the file, at multiples of 8, and as long as the counts say. */
static bool sections_fit(const struct segment_header *h, uint64_t bytes)
{
    const uint64_t n = h->slots, values = h->values, shapes = h->shapes;
    const uint64_t least[SEGMENT_SECTIONS] = {
        [SEGMENT_DOC] = n * 4,
        [SEGMENT_SHAPE] = n * 4,
        [SEGMENT_OWNER] = n * 4,
        [SEGMENT_UPDATED] = n * 8,
        [SEGMENT_LENGTH] = n * 2 * TOKEN_GROUPS,
        [SEGMENT_TOKEN_AT] = (n + 1) * 4,
        [SEGMENT_TEXT_AT] = (n + 1) * 8,
        [SEGMENT_VALUE_AT] = (values + 1) * 4,
        [SEGMENT_VALUE_COLUMN] = values,
        [SEGMENT_SHAPE_AT] = (shapes + 1) * 4,
        [SEGMENT_SHAPE_AUDIENCE] = shapes,
        [SEGMENT_BLOCKS] = ((uint64_t)h->blocks + 1) * 16,
        [SEGMENT_HEADS] = (uint64_t)h->blocks * 8,
        [SEGMENT_WORD_AT] = (n + 1) * 8,
        [SEGMENT_BAG_AT] = (BAG_CELLS + 1) * 4,
    };
    uint64_t at = sizeof *h;
    for (size_t i = 0; i < SEGMENT_SECTIONS; i++) {
        uint64_t end = i + 1 < SEGMENT_SECTIONS ? h->section[i + 1] : bytes;
        if (h->section[i] < at || h->section[i] % 8 != 0 || end > bytes ||
            end < h->section[i] || end - h->section[i] < least[i])
            return false;
        at = h->section[i];
    }
    return true;
}

static const void *section(const struct segment *s, enum segment_section i)
{
    return s->map.p + s->header.section[i];
}

static struct str section_bytes(const struct segment *s, enum segment_section i)
{
    uint64_t end = i + 1 < SEGMENT_SECTIONS ? s->header.section[i + 1] : s->map.len;
    return (struct str){section(s, i), (size_t)(end - s->header.section[i])};
}

static uint64_t block_word(const struct segment *s, uint32_t block, size_t word)
{
    uint64_t value;
    memcpy(&value, s->block + (size_t)block * 16 + word * 8, 8);
    return value;
}

/* Starts must ascend and end inside what they divide. */
static bool starts_ascend(const uint32_t *at, uint32_t n, uint64_t limit)
{
    for (uint32_t i = 0; i < n; i++)
        if (at[i] > at[i + 1])
            return false;
    return at[n] <= limit;
}

/* Also learns whether documents rise with the slots. */
static bool columns_good(struct segment *s)
{
    struct part *p = &s->part;
    p->docs_rise = true;
    for (uint32_t i = 1; i < p->n; i++)
        p->docs_rise = p->docs_rise && p->doc[i - 1] < p->doc[i];
    for (uint32_t i = 0; i < p->n; i++)
        if (p->doc[i] >= INDEX_DOC_MAX || p->shape[i] >= s->header.shapes ||
            p->text_at[i] > p->text_at[i + 1] || p->word_at[i] > p->word_at[i + 1])
            return false;
    if (p->text_at[p->n] > section_bytes(s, SEGMENT_TEXT).len ||
        p->word_at[p->n] > section_bytes(s, SEGMENT_WORD).len ||
        !starts_ascend(p->token_at, p->n, section_bytes(s, SEGMENT_TOKEN).len / 4))
        return false;
    size_t bags = section_bytes(s, SEGMENT_BAG).len / 8,
           terms = section_bytes(s, SEGMENT_BAG_TERM).len / 4;
    if (!starts_ascend(s->bag_at, BAG_CELLS, bags < terms ? bags : terms))
        return false;
    if ((s->sound_slots & (s->sound_slots - 1)) != 0)
        return false;
    for (uint32_t i = 0; i < s->header.blocks; i++)
        if (block_word(s, i, 0) > block_word(s, i + 1, 0) ||
            block_word(s, i, 1) > block_word(s, i + 1, 1))
            return false;
    return block_word(s, s->header.blocks, 0) <= s->dictionary.len &&
           block_word(s, s->header.blocks, 1) <= s->lists.len;
}

static enum cau_err read_facets(const struct segment *s, struct facets *f)
{
    const struct segment_header *h = &s->header;
    const uint32_t *value_at = section(s, SEGMENT_VALUE_AT);
    const uint32_t *shape_at = section(s, SEGMENT_SHAPE_AT);
    const uint16_t *value = section(s, SEGMENT_SHAPE_VALUE);
    const unsigned char *column = section(s, SEGMENT_VALUE_COLUMN);
    const unsigned char *audience = section(s, SEGMENT_SHAPE_AUDIENCE);
    struct str text = section_bytes(s, SEGMENT_VALUE_TEXT);
    size_t n = section_bytes(s, SEGMENT_SHAPE_VALUE).len / sizeof *value;
    if (h->values > FACET_VALUES_MAX || h->shapes > FACET_SHAPES_MAX ||
        !starts_ascend(value_at, h->values, text.len) || !starts_ascend(shape_at, h->shapes, n))
        return CAU_ERR_CORRUPT;
    for (uint32_t i = 0; i < h->values; i++) {
        struct str v = str_to(str_from(text, value_at[i]), value_at[i + 1] - value_at[i]);
        if (column[i] >= INDEX_COLUMNS || v.len > INDEX_VALUE_BYTES_MAX)
            return CAU_ERR_CORRUPT;
        if (!facets_add_value(f, (enum index_column)column[i], v))
            return CAU_ERR_MEMORY;
    }
    for (uint32_t i = 0; i < h->shapes; i++) {
        size_t count = shape_at[i + 1] - shape_at[i];
        if (audience[i] > INDEX_AUDIENCE_MAX || count > INDEX_VALUES_MAX)
            return CAU_ERR_CORRUPT;
        for (size_t k = shape_at[i]; k < shape_at[i + 1]; k++)
            if (value[k] >= h->values)
                return CAU_ERR_CORRUPT;
        if (!facets_add_shape(f, audience[i], value + shape_at[i], count))
            return CAU_ERR_MEMORY;
    }
    return CAU_OK;
}

static enum cau_err make_brief(struct segment *s)
{
    struct part *p = &s->part;
    uint8_t *brief = (void *)buf_extend(&s->brief, p->n);
    if (brief == NULL && p->n > 0)
        return CAU_ERR_MEMORY;
    for (uint32_t slot = 0; slot < p->n; slot++)
        brief[slot] = part_brief(p->length + (size_t)slot * TOKEN_GROUPS);
    p->brief = brief;
    return CAU_OK;
}

static enum cau_err make_folds(struct segment *s)
{
    uint32_t n = s->bag_at[BAG_CELLS];
    uint16_t *fold = (void *)buf_extend(&s->fold, n * sizeof *fold);
    if (fold == NULL && n > 0)
        return CAU_ERR_MEMORY;
    for (uint32_t i = 0; i < n; i++)
        fold[i] = bag_fold(s->bag[i]);
    s->bag_fold = fold;
    return CAU_OK;
}

enum cau_err segment_open(struct str map, uint64_t analyser, struct segment *out,
                          struct facets *facets)
{
    struct segment s = {.map = map,
                        .dead = buf_new(PART_SLOTS_MAX / 8),
                        .brief = buf_new(PART_SLOTS_MAX),
                        .fold = buf_new((size_t)1 << 33)};
    if (map.len < sizeof s.header)
        return CAU_ERR_CORRUPT;
    memcpy(&s.header, map.p, sizeof s.header);
    const struct segment_header *h = &s.header;
    if (memcmp(h->magic, SEGMENT_MAGIC, sizeof h->magic) != 0 || h->analyser != analyser ||
        h->bytes != map.len || h->slots > PART_SLOTS_MAX ||
        h->checksum != segment_checksum(str_from(map, SEGMENT_SUMMED)) || !lengths_fit(h) ||
        !sections_fit(h, map.len))
        return CAU_ERR_CORRUPT;
    s.part = (struct part){.n = h->slots,
                           .doc = section(&s, SEGMENT_DOC),
                           .shape = section(&s, SEGMENT_SHAPE),
                           .owner = section(&s, SEGMENT_OWNER),
                           .updated_ms = section(&s, SEGMENT_UPDATED),
                           .length = section(&s, SEGMENT_LENGTH),
                           .token_at = section(&s, SEGMENT_TOKEN_AT),
                           .token = section(&s, SEGMENT_TOKEN),
                           .text_at = section(&s, SEGMENT_TEXT_AT),
                           .text = section(&s, SEGMENT_TEXT),
                           .word_at = section(&s, SEGMENT_WORD_AT),
                           .word = section(&s, SEGMENT_WORD)};
    s.dictionary = section_bytes(&s, SEGMENT_DICTIONARY);
    s.lists = section_bytes(&s, SEGMENT_LISTS);
    s.block = section(&s, SEGMENT_BLOCKS);
    s.head = section(&s, SEGMENT_HEADS);
    s.bag_at = section(&s, SEGMENT_BAG_AT);
    s.bag = section(&s, SEGMENT_BAG);
    s.bag_term = section(&s, SEGMENT_BAG_TERM);
    s.sound_at = section(&s, SEGMENT_SOUND_AT);
    s.sound_slots = section_bytes(&s, SEGMENT_SOUND_AT).len / sizeof *s.sound_at;
    s.sound = section_bytes(&s, SEGMENT_SOUND);
    if (!columns_good(&s))
        return CAU_ERR_CORRUPT;
    enum cau_err err = read_facets(&s, facets);
    if (err == CAU_OK)
        err = make_brief(&s);
    if (err == CAU_OK)
        err = make_folds(&s);
    if (err == CAU_OK)
        *out = s;
    else
        segment_close(&s);
    return err;
}

void segment_close(struct segment *s)
{
    buf_free(&s->dead);
    buf_free(&s->brief);
    buf_free(&s->fold);
}

void segment_kill(struct segment *s, uint32_t slot)
{
    must(slot < s->part.n);
    if (s->dead.len == 0)
        buf_add_zeros(&s->dead, (s->part.n / 64 + 1) * sizeof(uint64_t));
    must(!s->dead.failed);
    uint64_t *dead = (void *)s->dead.p;
    dead[slot / 64] |= UINT64_C(1) << slot % 64;
    s->part.dead = dead;
    s->part.dead_words = (uint32_t)(s->dead.len / sizeof(uint64_t));
}

static bool read_number(const unsigned char **p, const unsigned char *end, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && *p < end; shift += 7) {
        uint64_t byte = *(*p)++;
        value |= (byte & 127) << shift;
        if (byte < 128) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool read_key(struct segment_walk *w)
{
    uint64_t shared, more;
    if (!read_number(&w->p, w->keys_end, &shared) || !read_number(&w->p, w->keys_end, &more) ||
        shared > w->key.len || more > TERM_BYTES_MAX - shared ||
        more > (size_t)(w->keys_end - w->p))
        return false;
    memcpy(w->key.p + shared, w->p, (size_t)more);
    w->key.len = (size_t)(shared + more);
    w->p += more;
    return true;
}

/* The term at q. */
static bool read_term(struct segment_walk *w)
{
    struct part_term *out = &w->term;
    uint64_t postings, bytes;
    if (!read_number(&w->q, w->end, &postings) || !read_number(&w->q, w->end, &bytes) ||
        w->q == w->end || postings > UINT32_MAX || bytes > w->s->lists.len ||
        w->list_at > w->s->lists.len - bytes)
        return false;
    unsigned groups = *w->q++;
    if (w->q == w->end)
        return false;
    out->share = posting_share(*w->q++);
    for (unsigned g = 0; g < TOKEN_GROUPS; g++) {
        uint64_t count = 0;
        if ((groups >> g & 1) != 0 &&
            (!read_number(&w->q, w->end, &count) || count > INT64_MAX >> 16))
            return false;
        out->count[g] = (int64_t)count;
    }
    uint32_t blocks = (uint32_t)postings > POSTING_BLOCK
                          ? (uint32_t)((postings + POSTING_BLOCK - 1) / POSTING_BLOCK)
                          : 0;
    if ((uint64_t)blocks * 8 > bytes)
        return false;
    const unsigned char *p = (const unsigned char *)w->s->lists.p + w->list_at;
    out->groups = groups >> TOKEN_GROUPS;
    out->number = w->block * SEGMENT_BLOCK + w->read + 1;
    out->list = (struct posting_list){.p = p + (size_t)blocks * 8,
                                      .end = p + bytes,
                                      .count = (uint32_t)postings,
                                      .skip = p,
                                      .blocks = blocks};
    w->list_at += bytes;
    w->read++;
    return true;
}

const struct part_term *segment_term(struct segment_walk *w)
{
    while (w->read <= w->i)
        if (!read_term(w)) {
            w->q = w->end; /* nor any behind it */
            w->term = (struct part_term){0};
            break;
        }
    return &w->term;
}

/* Sets p and the ends of a block's keys and terms; false when it is not well formed. */
static bool open_block(struct segment_walk *w, const struct segment *s, uint32_t block)
{
    uint64_t keys;
    w->p = (const unsigned char *)s->dictionary.p + block_word(s, block, 0);
    w->end = (const unsigned char *)s->dictionary.p + block_word(s, block + 1, 0);
    if (!read_number(&w->p, w->end, &keys) || keys > (uint64_t)(w->end - w->p))
        return false;
    w->keys_end = w->p + keys;
    return true;
}

static bool enter_block(struct segment_walk *w, uint32_t block)
{
    const struct segment *s = w->s;
    if (block >= s->header.blocks || !open_block(w, s, block))
        return false;
    w->block = block;
    w->i = w->read = 0;
    w->q = w->keys_end;
    w->list_at = block_word(s, block, 1);
    w->key.len = 0;
    return read_key(w);
}

bool segment_next(struct segment_walk *w)
{
    if (w->p == w->keys_end || w->i + 1 == SEGMENT_BLOCK) /* keys over that have no number */
        return enter_block(w, w->block + 1);
    w->i++;
    return read_key(w);
}

/* The first key of a block; empty when it is not well formed. */
static struct str first_key(const struct segment *s, uint32_t block)
{
    struct segment_walk w;
    uint64_t shared, len;
    if (!open_block(&w, s, block) || !read_number(&w.p, w.keys_end, &shared) ||
        !read_number(&w.p, w.keys_end, &len) || shared != 0 || len > (size_t)(w.keys_end - w.p))
        return (struct str){NULL, 0};
    return (struct str){(const char *)w.p, (size_t)len};
}

uint64_t segment_head(struct str key)
{
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < key.len ? (unsigned char)key.p[i] : 0);
    return head;
}

static bool begins_behind(const struct segment *s, uint32_t block, uint64_t head,
                          struct str key)
{
    return s->head[block] != head ? s->head[block] > head
                                  : str_cmp(first_key(s, block), key) > 0;
}

static bool walk_to(struct segment_walk *w, struct str key, bool more)
{
    while (more && str_cmp(term_str(&w->key), key) < 0)
        more = segment_next(w);
    return more;
}

bool segment_seek(const struct segment *s, struct str key, struct segment_walk *w)
{
    uint32_t low = 0, high = s->header.blocks; /* the first block that begins behind key */
    uint64_t head = segment_head(key);
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (begins_behind(s, mid, head, key))
            high = mid;
        else
            low = mid + 1;
    }
    w->s = s;
    return walk_to(w, key, enter_block(w, low == 0 ? 0 : low - 1));
}

bool segment_skip(struct segment_walk *w, struct str key)
{
    uint32_t next = w->block + 1;
    if (next < w->s->header.blocks && w->s->head[next] <= segment_head(key))
        return segment_seek(w->s, key, w);
    return walk_to(w, key, true);
}

bool segment_find(const struct segment *s, struct str key, struct part_term *out)
{
    struct segment_walk w;
    if (s->header.blocks == 0 || !segment_seek(s, key, &w) || !str_equal(term_str(&w.key), key))
        return false;
    *out = *segment_term(&w);
    return true;
}

bool segment_at(const struct segment *s, uint32_t number, struct segment_walk *w)
{
    w->s = s;
    bool more = enter_block(w, number / SEGMENT_BLOCK);
    while (more && w->i < number % SEGMENT_BLOCK)
        more = w->p < w->keys_end && segment_next(w);
    return more;
}
