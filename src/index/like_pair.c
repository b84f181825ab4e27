/* The score of one side asked of many others, both ways at once. What a word of another side brings depends on x alone,
 * so each word is looked at once a call; a side then costs one look a word. */
#include "index/like_int.h"

#include <string.h>

struct like_link {
    uint32_t term, y, next; /* of x; how surely; the word's next link; that at 0 is none */
};

/* What is remembered of a word; of an asker only under its stamp. */
struct like_seen {
    uint32_t linked, first; /* stamp; the first of its links */
    uint32_t asked, brings; /* stamp; what it brings when it asks x */
};

static inline struct like_seen *seen(const struct like_asker *q, uint32_t word)
{
    return (struct like_seen *)(void *)q->like->seen.p + word;
}

static enum cau_err add_links(struct like_asker *q, struct arena *a, size_t links)
{
    uint32_t n = 1;
    q->link = arena_take(a, (links + 1) * sizeof *q->link);
    if (q->link == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < q->x->n; i++)
        for (uint32_t k = 0; k < q->class[i].n; k++) {
            const struct like_member *m = like_member_at(q->like, q->class[i].first + k);
            struct like_seen *s = seen(q, m->word);
            uint32_t next = s->linked == q->stamp ? s->first : 0;
            q->link[n] = (struct like_link){(uint32_t)i, m->y, next};
            s->linked = q->stamp;
            s->first = n++;
        }
    return CAU_OK;
}

enum cau_err like_asker_open(struct like *l, struct arena *a, const struct like_side *x,
                             unsigned group, struct like_asker *out)
{
    struct like_asker q = {.like = l, .x = x, .group = group, .stamp = ++l->asker};
    size_t links = 0;
    q.class = arena_take(a, x->n * sizeof *q.class);
    q.mass = arena_zero(a, x->n * sizeof *q.mass);
    q.met = arena_take(a, x->n * sizeof *q.met);
    if (q.class == NULL || q.mass == NULL || q.met == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < x->n; i++) {
        enum cau_err err =
            like_class_of(l, x->term[i].word, like_group_of(x), group, &q.class[i]);
        if (err != CAU_OK)
            return err;
        links += q.class[i].n;
    }
    size_t bytes = l->word.len / sizeof(struct like_word) * sizeof(struct like_seen);
    if (l->seen.len < bytes)
        buf_add_zeros(&l->seen, bytes - l->seen.len);
    if (l->seen.failed)
        return CAU_ERR_MEMORY;
    like_set_there(l, x);
    enum cau_err err = add_links(&q, a, links);
    if (err == CAU_OK)
        *out = q;
    return err;
}

/* What a word of the others brings when it asks x. */
static enum cau_err work_out(struct like_asker *q, uint32_t word, uint32_t *out)
{
    struct like *l = q->like;
    struct like_class c;
    uint64_t mass = 0;
    enum cau_err err = like_class_of(l, word, q->group, like_group_of(q->x), &c);
    if (err != CAU_OK)
        return err;
    for (uint32_t k = 0; k < c.n; k++) {
        const struct like_member *m = like_member_at(l, c.first + k);
        size_t at = like_place_of(l, m->word);
        if (at != SIZE_MAX)
            mass += (uint64_t)m->y * q->x->term[at].times / LIKELIHOOD_ONE;
    }
    *out = mass == 0 ? 0 : like_contribution(mass, q->x, c.rarity);
    return CAU_OK;
}

/* It is worked out when the word is first met. */
static enum cau_err back_of(struct like_asker *q, uint32_t word, uint32_t *out)
{
    if (seen(q, word)->asked != q->stamp) {
        uint32_t brings;
        enum cau_err err = work_out(q, word, &brings);
        if (err != CAU_OK)
            return err;
        seen(q, word)->asked = q->stamp;
        seen(q, word)->brings = brings;
    }
    *out = seen(q, word)->brings;
    return CAU_OK;
}

/* Adds what a term of the others adds to the terms of x it stands for. */
static void follow_links(struct like_asker *q, uint32_t first, const struct like_term *t,
                         size_t *met)
{
    for (uint32_t at = first; at != 0; at = q->link[at].next) {
        const struct like_link *link = &q->link[at];
        uint64_t more = (uint64_t)link->y * t->times / LIKELIHOOD_ONE;
        if (q->mass[link->term] == 0 && more > 0)
            q->met[(*met)++] = link->term;
        q->mass[link->term] += more;
    }
}

enum cau_err like_ask(struct like_asker *q, const struct like_side *y, int64_t *there,
                      int64_t *back)
{
    enum like_scale scale = like_scale_of(q->x, y);
    bool same = q->group == like_group_of(q->x);
    int64_t to = 0, from = 0;
    size_t met = 0;
    for (size_t i = 0; i < y->n; i++) {
        const struct like_term *t = &y->term[i];
        const struct like_seen *s = seen(q, t->word);
        uint32_t first = s->linked == q->stamp ? s->first : 0, brings = 0;
        if (same && t->alone && first == 0)
            continue; /* x does not have it */
        follow_links(q, first, t, &met);
        enum cau_err err = back_of(q, t->word, &brings);
        if (err != CAU_OK)
            return err;
        from += like_weighed(brings, t, scale);
    }
    for (size_t i = 0; i < met; i++) {
        uint32_t term = q->met[i];
        to += like_weighed(like_contribution(q->mass[term], y, q->class[term].rarity),
                           &q->x->term[term], scale);
        q->mass[term] = 0;
    }
    *there = to;
    *back = from;
    return CAU_OK;
}
