#include "index/claim_int.h"

/* A term in the texts of a language, and how much of it is claimed. */
struct claim {
    uint32_t number[INDEX_PARTS]; /* of the term; all 0: an empty place */
    uint32_t group;
    uint64_t sum; /* of the ys */
};

struct claims {
    struct claim *claim;
    size_t mask; /* places - 1 */
};

static bool is_claim(const struct unit_term *t)
{
    return t->y > 0 && (t->channel == INDEX_SAME || t->channel == INDEX_TRANSLATION);
}

/* The place of the term's claims; it is its own from now on. */
static struct claim *place_of(const struct claims *c, const struct unit_term *t, unsigned group)
{
    uint32_t segment = t->term.in[INDEX_SEGMENT].number, fresh = t->term.in[INDEX_FRESH].number;
    uint64_t key = ((uint64_t)segment << 32 | fresh) * TOKEN_GROUPS + group;
    size_t at = (size_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & c->mask;
    struct claim *claim = &c->claim[at];
    while ((claim->number[INDEX_SEGMENT] != segment || claim->number[INDEX_FRESH] != fresh ||
            claim->group != group) &&
           (claim->number[INDEX_SEGMENT] != 0 || claim->number[INDEX_FRESH] != 0))
        claim = &c->claim[at = (at + 1) & c->mask];
    claim->number[INDEX_SEGMENT] = segment;
    claim->number[INDEX_FRESH] = fresh;
    claim->group = group;
    return claim;
}

/* Room for twice as many claims as there can be. */
static enum cau_err open_claims(struct arena *a, const struct plan *plan, struct claims *out)
{
    size_t n = 1, places = 2;
    for (size_t i = 0; i < plan->n; i++)
        for (size_t k = 0; k < plan->unit[i].n; k++)
            if (is_claim(&plan->unit[i].term[k]))
                n += plan->unit[i].term[k].channel == INDEX_TRANSLATION ? 1 : TOKEN_GROUPS;
    while (places < 2 * n)
        places *= 2;
    *out = (struct claims){arena_zero(a, places * sizeof(struct claim)), places - 1};
    return out->claim == NULL ? CAU_ERR_MEMORY : CAU_OK;
}

static void enter(const struct claims *c, const struct unit *u)
{
    for (size_t k = 0; k < u->n; k++)
        for (unsigned g = 0; g < TOKEN_GROUPS && is_claim(&u->term[k]); g++)
            if ((u->term[k].groups >> g & 1) != 0)
                place_of(c, &u->term[k], g)->sum += u->term[k].y;
}

static void share(const struct claims *c, struct unit *u)
{
    for (size_t k = 0; k < u->n; k++) {
        struct unit_term *t = &u->term[k];
        if (t->y == 0 || t->channel != INDEX_TRANSLATION)
            continue;
        unsigned group = number_lowest_bit(t->groups); /* a translation has one language */
        uint64_t y = (uint64_t)t->y * t->y / place_of(c, t, group)->sum;
        t->y = y > 0 ? (uint32_t)y : 1;
    }
}

enum cau_err claim_share(struct arena *a, struct plan *plan)
{
    struct claims claims;
    bool translated = false;
    for (size_t i = 0; i < plan->n; i++)
        translated = translated || plan->unit[i].translated;
    if (plan->n < 2 || !translated)
        return CAU_OK;
    enum cau_err err = open_claims(a, plan, &claims);
    for (size_t i = 0; err == CAU_OK && i < plan->n; i++)
        enter(&claims, &plan->unit[i]);
    for (size_t i = 0; err == CAU_OK && i < plan->n; i++)
        share(&claims, &plan->unit[i]);
    return err;
}
