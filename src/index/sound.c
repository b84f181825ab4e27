#include "index/sound_int.h"

#include "base/utf8.h"

#include <string.h>

enum { NUMBER_BYTES = 4 };
#define RECORD_BYTES_MAX ((size_t)1 << 32)

struct sound_writer sound_writer_new(void)
{
    return (struct sound_writer){buf_new(RECORD_BYTES_MAX), buf_new(RECORD_BYTES_MAX)};
}

void sound_writer_free(struct sound_writer *w)
{
    buf_free(&w->record);
    buf_free(&w->at);
}

static struct str record_key(const unsigned char *p)
{
    return (struct str){(const char *)p + 1, p[0]};
}

static void add32(struct buf *b, uint32_t value)
{
    buf_add(b, (struct str){(const char *)&value, sizeof value});
}

void sound_add(struct sound_writer *w, struct str key, struct str skeleton, uint32_t number,
               unsigned groups)
{
    const uint32_t *at = (const void *)w->at.p;
    size_t n = w->at.len / sizeof *at;
    if (skeleton.len == 0 || skeleton.len > SKELETON_BYTES_MAX ||
        key.len > SKELETON_BYTES_MAX) /* only in a damaged file */
        return;
    if (n == 0 || !str_equal(record_key((unsigned char *)w->record.p + at[n - 1]), key)) {
        if (n > 0)
            buf_add_char(&w->record, 0);
        add32(&w->at, (uint32_t)w->record.len);
        buf_add_char(&w->record, (char)key.len);
        buf_add(&w->record, key);
    }
    buf_add_char(&w->record, (char)skeleton.len);
    buf_add(&w->record, skeleton);
    buf_add_char(&w->record, (char)groups);
    add32(&w->record, number);
}

bool sound_end(struct sound_writer *w, struct buf *out)
{
    if (w->record.len > 0)
        buf_add_char(&w->record, 0);
    if (w->record.failed || w->at.failed)
        return false;
    const uint32_t *at = (const void *)w->at.p;
    size_t n = w->at.len / sizeof *at, slots = 2;
    while (slots < n * 2)
        slots *= 2;
    struct buf table = buf_new(RECORD_BYTES_MAX * 4);
    buf_add_zeros(&table, slots * sizeof *at);
    uint32_t *slot = (void *)table.p;
    for (size_t i = 0; i < n && !table.failed; i++) {
        struct str key = record_key((unsigned char *)w->record.p + at[i]);
        size_t place = str_hash(key) & (slots - 1);
        while (slot[place] != 0)
            place = (place + 1) & (slots - 1);
        slot[place] = at[i] + 1;
    }
    buf_add(out, buf_str(&table));
    bool done = !table.failed && !out->failed;
    buf_free(&table);
    return done;
}

/* To the forms of a key in the segment; none when it does not have the key. */
static void seek_segment(struct sound_walk *w, struct str key)
{
    const struct segment *g = &w->ix->segment;
    const unsigned char *records = (const void *)g->sound.p;
    w->p = w->end = NULL;
    if (g->sound_slots == 0)
        return;
    size_t place = str_hash(key) & (g->sound_slots - 1);
    for (size_t tries = 0; tries < g->sound_slots && g->sound_at[place] != 0; tries++) {
        size_t at = g->sound_at[place] - 1;
        if (at >= g->sound.len || g->sound.len - at < (size_t)records[at] + 1)
            return; /* not well formed */
        if (str_equal(record_key(records + at), key)) {
            w->p = records + at + 1 + key.len;
            w->end = records + g->sound.len;
            return;
        }
        place = (place + 1) & (g->sound_slots - 1);
    }
}

/* Do their lengths alone keep them apart? */
static bool too_far(const struct skeleton *x, const struct skeleton *y)
{
    unsigned longer = x->len > y->len ? x->len : y->len;
    unsigned shorter = x->len < y->len ? x->len : y->len;
    return 1000 - (longer - shorter) * 1000 / longer < SKELETON_ACCEPT;
}

/* The next form of the key in the segment that sounds alike. */
static bool next_in_segment(struct sound_walk *w, struct sound *out)
{
    while (w->p < w->end && *w->p != 0) {
        struct skeleton other = {.len = *w->p};
        if (other.len > SKELETON_BYTES_MAX ||
            (size_t)(w->end - w->p) < other.len + (size_t)2 + NUMBER_BYTES)
            break;
        const unsigned char *skeleton = w->p + 1, *about = skeleton + other.len;
        w->p = about + 1 + NUMBER_BYTES;
        if ((about[0] & w->groups) == 0 || too_far(&w->skeleton, &other))
            continue;
        memcpy(other.p, skeleton, other.len);
        out->likeness = skeleton_likeness(&w->skeleton, &other);
        if (out->likeness < SKELETON_ACCEPT)
            continue;
        struct segment_walk form;
        uint32_t number;
        memcpy(&number, about + 1, sizeof number);
        if (!segment_at(&w->ix->segment, number, &form) || form.key.p[0] != TERM_FORM)
            continue;
        out->key = form.key;
        out->term = (struct dictionary_term){0};
        out->term.in[INDEX_SEGMENT] = *segment_term(&form);
        return true;
    }
    w->p = w->end;
    return false;
}

/* The same in memory. */
static bool next_in_fresh(struct sound_walk *w, struct sound *out)
{
    const struct fresh *f = &w->ix->fresh;
    uint32_t term;
    while (order_next(&f->order, &w->at, &term) &&
           str_starts(fresh_key(f, term), term_str(&w->start))) {
        struct str form = str_from(fresh_key(f, term), w->start.len);
        if (form.len > TOKEN_BYTES_MAX || !utf8_valid(form))
            continue;
        struct skeleton other = skeleton_of(form);
        out->likeness = skeleton_likeness(&w->skeleton, &other);
        term_make(&out->key, TERM_FORM, form);
        out->term = (struct dictionary_term){0};
        if (out->likeness >= SKELETON_ACCEPT &&
            fresh_find(f, term_str(&out->key), &out->term.in[INDEX_FRESH]))
            return true;
    }
    return false;
}

static void next_of(struct sound_walk *w, int part)
{
    w->has[part] = part == INDEX_SEGMENT ? next_in_segment(w, &w->next[part])
                                         : next_in_fresh(w, &w->next[part]);
}

void sound_start(struct sound_walk *w, const struct index *ix, struct str form, unsigned groups)
{
    w->ix = ix;
    w->groups = groups;
    w->skeleton = skeleton_of(form);
    w->key = w->keys.n = 0;
    w->given = 0;
    w->has[INDEX_SEGMENT] = w->has[INDEX_FRESH] = false;
    if (w->skeleton.len > 0)
        skeleton_keys(&w->skeleton, &w->keys);
}

/* To the forms of the next key. */
static void next_key(struct sound_walk *w)
{
    struct str key = w->keys.key[w->key++];
    seek_segment(w, key);
    next_of(w, INDEX_SEGMENT);
    if (fresh_terms(&w->ix->fresh) == 0)
        return;
    w->start.p[0] = (char)TERM_SOUND;
    memcpy(w->start.p + 1, key.p, key.len);
    w->start.p[key.len + 1] = '\t';
    w->start.len = key.len + 2;
    w->at = order_seek(&w->ix->fresh.order, &w->ix->fresh, term_str(&w->start));
    next_of(w, INDEX_FRESH);
}

const struct sound *sound_next(struct sound_walk *w)
{
    struct sound *next = w->next;
    for (int part = 0; part < INDEX_PARTS; part++) /* what was given last is used up */
        if (w->given >> part & 1)
            next_of(w, part);
    w->given = 0;
    while (!w->has[INDEX_SEGMENT] && !w->has[INDEX_FRESH]) {
        if (w->key == w->keys.n)
            return NULL;
        next_key(w);
    }
    int order = !w->has[INDEX_FRESH]     ? -1
                : !w->has[INDEX_SEGMENT] ? 1
                                         : str_cmp(term_str(&next[INDEX_SEGMENT].key),
                                                   term_str(&next[INDEX_FRESH].key));
    struct sound *out = &next[order <= 0 ? INDEX_SEGMENT : INDEX_FRESH];
    struct part_term *in = out->term.in;
    if (order <= 0 && fresh_terms(&w->ix->fresh) > 0)
        fresh_find(&w->ix->fresh, term_str(&out->key), &in[INDEX_FRESH]);
    if (order > 0) /* in the segment perhaps, in texts of other groups */
        segment_find(&w->ix->segment, term_str(&out->key), &in[INDEX_SEGMENT]);
    w->given = (order <= 0 ? 1u << INDEX_SEGMENT : 0) | (order >= 0 ? 1u << INDEX_FRESH : 0);
    return out;
}
