#include "index/gather_block_int.h"

unsigned gather_verdict(struct gathering *g, uint32_t shape)
{
    unsigned decision = facet_filter_decide(&g->filter, shape);
    if (decision < FACET_MISSES && !g->query->facets)
        decision = FACET_MISSES;
    bool seen = (g->query->reader.audiences >> facets_audience(&g->ix->facets, shape) & 1) != 0;
    g->verdict[shape] = (uint8_t)(KNOWN | (seen ? SEEN : 0) | decision);
    return g->verdict[shape];
}

static bool token_is(uint32_t token, const struct phrase_word *w)
{
    uint32_t stem = token >> 16, bare = token & 0xFFFF;
    return token != 0 &&
           (stem == w->form || stem == w->stem || (w->bare != 0 && bare == w->bare));
}

static bool has_phrase(const struct part *p, uint32_t slot, const struct phrase *phrase)
{
    size_t n;
    const uint32_t *token = part_tokens(p, slot, &n);
    for (size_t i = 0; i + phrase->n <= n; i++) {
        size_t k = 0;
        while (k < phrase->n && token_is(token[i + k], &phrase->word[k]))
            k++;
        if (k == phrase->n)
            return true;
    }
    return false;
}

void gather_count(struct gathering *g, uint32_t shape, unsigned state)
{
    g->counted = true;
    if (g->by_shape) {
        g->count[shape]++;
        return;
    }
    size_t n;
    const uint16_t *value = facets_of_shape(&g->ix->facets, shape, &n);
    for (size_t i = 0; i < n; i++)
        if (state == FACET_PASSES || facets_column(&g->ix->facets, value[i]) == state)
            g->count[value[i]]++;
}

static bool has_phrases(const struct gathering *g, uint32_t at)
{
    for (size_t i = 0; i < g->plan->phrases; i++)
        if (!has_phrase(g->part, at, &g->plan->phrase[i]))
            return false;
    return true;
}

bool gather_is_hit(struct gathering *g, uint32_t slot, unsigned state)
{
    uint32_t at = g->base + slot;
    if (g->plan->phrases > 0 && !has_phrases(g, at))
        return false;
    if (g->count != NULL)
        gather_count(g, g->part->shape[at], state);
    return state == FACET_PASSES;
}
