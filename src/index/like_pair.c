/* The score of one side asked of many others, both ways at once. What a word of another side brings depends on x alone,
 * so each word is looked at once a call; a side then costs one look a word. */
#include "index/like_int.h"

#include <string.h>

struct like_link {
    uint32_t term, y, next; /* of x; how surely; 1 + the next link of the word */
};
#define BACK_KNOWN   ((uint64_t)1 << 63)
#define BACK_CONCEPT ((uint64_t)1 << 62)

static enum cau_err add_links(struct like_asker *q, struct arena *a, size_t links)
{
    uint32_t n = 0;
    q->link = arena_take(a, links * sizeof *q->link);
    if (q->link == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < q->x->n; i++)
        for (uint32_t k = 0; k < q->class[i].n; k++) {
            const struct like_member *m = like_member_at(q->like, q->class[i].first + k);
            q->link[n] = (struct like_link){(uint32_t)i, m->y, q->first[m->word]};
            q->first[m->word] = ++n;
        }
    return CAU_OK;
}

enum cau_err like_asker_open(struct like *l, struct arena *a, const struct like_side *x,
                             unsigned group, struct like_asker *out)
{
    struct like_asker q = {.like = l, .x = x, .group = group};
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
    q.words = (uint32_t)(l->word.len / sizeof(struct like_word));
    q.first = arena_zero(a, q.words * sizeof *q.first);
    q.back = arena_zero(a, q.words * sizeof *q.back);
    if (q.first == NULL || q.back == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = add_links(&q, a, links);
    if (err == CAU_OK)
        *out = q;
    return err;
}

/* What a word of the others brings when it asks x: its contribution, and whether it is a concept. */
static enum cau_err work_out(struct like_asker *q, uint32_t word, uint64_t *out)
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
    *out = BACK_KNOWN | (mass == 0 ? 0 : like_contribution(mass, q->x, c.rarity)) |
           (like_word_at(l, word)->text.len == 0 ? BACK_CONCEPT : 0);
    return CAU_OK;
}

enum cau_err like_ask(struct like_asker *q, const struct like_side *y, int64_t *there,
                      int64_t *back)
{
    int64_t to = 0, from = 0;
    size_t met = 0;
    for (size_t i = 0; i < y->n; i++) {
        const struct like_term *t = &y->term[i];
        must(t->word < q->words);
        for (uint32_t at = q->first[t->word]; at != 0; at = q->link[at - 1].next) {
            const struct like_link *link = &q->link[at - 1];
            uint64_t more = (uint64_t)link->y * t->times / LIKELIHOOD_ONE;
            if (q->mass[link->term] == 0 && more > 0)
                q->met[met++] = link->term;
            q->mass[link->term] += more;
        }
        uint64_t *known = &q->back[t->word];
        enum cau_err err = *known == 0 ? work_out(q, t->word, known) : CAU_OK;
        if (err != CAU_OK)
            return err;
        from += like_weighed((uint32_t)*known, t, (*known & BACK_CONCEPT) != 0);
    }
    for (size_t i = 0; i < met; i++) {
        uint32_t term = q->met[i];
        const struct like_term *t = &q->x->term[term];
        to += like_weighed(like_contribution(q->mass[term], y, q->class[term].rarity), t,
                           like_word_at(q->like, t->word)->text.len == 0);
        q->mass[term] = 0;
    }
    *there = to;
    *back = from;
    return CAU_OK;
}
