#include "domain/desk/secretary.h"

#include "domain/desk/commitment_state.h"
#include "domain/desk/obstacle_state.h"

#include <stdlib.h>
#include <string.h>

#define SIDES_MAX 256 /* countries there are */

static const char *const list_name[SECRETARY_LISTS] = {"overdue",   "soon",     "differing",
                                                       "obstacles", "expiring", "unconfirmed"};

const char *secretary_list_name(enum secretary_list list)
{
    must((unsigned)list < SECRETARY_LISTS);
    return list_name[list];
}

bool secretary_read_list(struct str name, enum secretary_list *out)
{
    for (unsigned i = 0; i < SECRETARY_LISTS; i++)
        if (str_is(name, list_name[i])) {
            *out = (enum secretary_list)i;
            return true;
        }
    return false;
}

/* ---- gathering ---- */

struct item {
    int64_t key; /* smaller ones first */
    struct str id;
    const struct desk_row *row;
};

struct gather {
    const struct desk *d;
    struct view *v;
    struct arena *a;
    const struct secretary_asked *asked;
    struct secretary_home *home;
    struct buf list[SECRETARY_LISTS]; /* struct item */
};

static void add(struct gather *g, enum secretary_list list, const struct desk_row *r,
                int64_t key)
{
    struct item x = {key, desk_name(g->d, r->self), r};
    buf_add(&g->list[list], (struct str){(const char *)&x, sizeof x});
}

static bool is_asked(const struct gather *g, const struct desk_row *r)
{
    const struct secretary_asked *x = g->asked;
    return (x->country == 0 || desk_has_country(g->d, r, x->country)) &&
           (x->mechanism == 0 || r->doc == x->mechanism ||
            desk_mechanism(g->d, r) == x->mechanism);
}

static struct secretary_side *side_of(struct gather *g, uint16_t side)
{
    struct secretary_home *h = g->home;
    size_t i = 0;
    while (i < h->sides && h->side[i].side != side)
        i++;
    if (i == SIDES_MAX)
        return NULL;
    if (i == h->sides)
        h->side[h->sides++] = (struct secretary_side){.side = side};
    return &h->side[i];
}

static void count_sides(struct gather *g, const struct desk_row *r, bool soon, bool differs)
{
    const uint16_t *side = r->sides > 0 ? desk_sides(g->d, r) : desk_countries(g->d, r);
    size_t n = r->sides > 0 ? r->sides : r->countries;
    for (size_t i = 0; i < n; i++) {
        struct secretary_side *s = side_of(g, side[i]);
        if (s == NULL)
            continue;
        s->open++;
        s->overdue += commitment_overdue_by(g->d, r, side[i], g->asked->day);
        s->soon += soon;
        s->differing += differs;
    }
}

static void gather_commitments(struct gather *g)
{
    const struct desk_row *r;
    size_t at = 0;
    int32_t day = g->asked->day;
    while ((r = desk_next(g->d, g->asked->reader, DESK_COMMITMENT, &at)) != NULL) {
        if (commitment_closed(g->d, r) || !is_asked(g, r))
            continue;
        bool soon = commitment_due_within(g->d, r, day, SECRETARY_SOON_DAYS);
        bool differs = commitment_differs(g->d, r);
        g->home->open++;
        count_sides(g, r, soon, differs);
        if (commitment_overdue(g->d, r, day))
            add(g, SECRETARY_OVERDUE, r, r->due.last);
        if (soon)
            add(g, SECRETARY_SOON, r, r->due.last);
        if (differs)
            add(g, SECRETARY_DIFFERING, r, -r->time_ms);
    }
}

static void gather_obstacles(struct gather *g)
{
    const struct desk_row *r;
    size_t at = 0;
    uint32_t mechanism = g->asked->mechanism;
    while ((r = desk_next(g->d, g->asked->reader, DESK_OBSTACLE, &at)) != NULL) {
        bool asked =
            (g->asked->country == 0 || desk_has_country(g->d, r, g->asked->country)) &&
            (mechanism == 0 || obstacle_concerns(g->d, g->asked->reader, r, mechanism));
        if (asked && obstacle_past(r, g->asked->day))
            add(g, SECRETARY_OBSTACLES, r, obstacle_due(r));
    }
}

/* The desk does not know of renewals: those that may expire are read. */
static void gather_agreements(struct gather *g)
{
    const struct desk_row *r;
    size_t at = 0;
    int32_t day = g->asked->day;
    while ((r = desk_next(g->d, g->asked->reader, DESK_AGREEMENT, &at)) != NULL) {
        struct view_record record;
        size_t before = g->a->used;
        if (is_asked(g, r) && agreement_may_expire(r, day, AGREEMENT_SOON_MONTHS) &&
            view_get(g->v, g->a, g->asked->reader, r->doc, &record) == CAU_OK) {
            struct agreement_term term = agreement_term_of(&record.payload, day);
            if (agreement_expires(&term, day, AGREEMENT_SOON_MONTHS))
                add(g, SECRETARY_EXPIRING, r, r->due.last);
        }
        g->a->used = before;
    }
}

static bool is_unconfirmed(const struct gather *g, const struct desk_row *r)
{
    const struct desk_standing *s = desk_standings(g->d, r);
    for (size_t i = 0; i < r->standings; i++)
        if (s[i].side == g->asked->side)
            return !s[i].confirmed;
    return false;
}

static void gather_unconfirmed(struct gather *g)
{
    static const enum desk_kind kind[] = {DESK_AGREEMENT, DESK_SESSION, DESK_COMMITMENT};
    const struct desk_row *r;
    for (size_t i = 0; i < countof(kind) && g->asked->side != 0; i++) {
        size_t at = 0;
        while ((r = desk_next(g->d, g->asked->reader, kind[i], &at)) != NULL)
            if (is_unconfirmed(g, r) && is_asked(g, r))
                add(g, SECRETARY_UNCONFIRMED, r, -r->time_ms);
    }
}

/* ---- order ---- */

static int by_key(const void *x, const void *y)
{
    const struct item *a = x, *b = y;
    return a->key != b->key ? (a->key < b->key ? -1 : 1) : str_cmp(a->id, b->id);
}

static int by_overdue(const void *x, const void *y)
{
    const struct secretary_side *a = x, *b = y;
    if (a->overdue != b->overdue)
        return a->overdue > b->overdue ? -1 : 1;
    if (a->open != b->open)
        return a->open > b->open ? -1 : 1;
    return a->side < b->side ? -1 : a->side > b->side;
}

static enum cau_err take_list(struct arena *a, struct buf *items, struct secretary_items *out)
{
    size_t n = items->len / sizeof(struct item);
    struct item *x = (struct item *)(void *)items->p;
    const struct desk_row **row = arena_take(a, n * sizeof(struct desk_row *));
    if (items->failed || row == NULL)
        return CAU_ERR_MEMORY;
    if (n > 1)
        qsort(x, n, sizeof *x, by_key);
    for (size_t i = 0; i < n; i++)
        row[i] = x[i].row;
    *out = (struct secretary_items){row, n};
    return CAU_OK;
}

enum cau_err secretary_look(const struct desk *d, struct view *v, struct arena *a,
                            const struct secretary_asked *asked, struct secretary_home *out)
{
    struct secretary_home home = {.side = arena_take(a, SIDES_MAX * sizeof *home.side)};
    struct gather g = {.d = d, .v = v, .a = a, .asked = asked, .home = &home};
    enum cau_err err = home.side == NULL ? CAU_ERR_MEMORY : CAU_OK;
    for (size_t i = 0; i < SECRETARY_LISTS; i++)
        g.list[i] = buf_new(SIZE_MAX / 4);
    if (err == CAU_OK) {
        gather_commitments(&g);
        gather_obstacles(&g);
        gather_agreements(&g);
        gather_unconfirmed(&g);
        qsort(home.side, home.sides, sizeof *home.side, by_overdue);
    }
    for (size_t i = 0; i < SECRETARY_LISTS; i++) {
        if (err == CAU_OK)
            err = take_list(a, &g.list[i], &home.list[i]);
        buf_free(&g.list[i]);
    }
    if (err == CAU_OK)
        *out = home;
    return err;
}
