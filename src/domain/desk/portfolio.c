#include "domain/desk/portfolio.h"

#include "domain/desk/project.h"

#include <stdlib.h>

const struct desk_row *portfolio_next(const struct portfolio *p, size_t *at, bool *programmes)
{
    const struct desk_row *r = NULL;
    if (!*programmes) {
        r = desk_next(p->desk, p->reader, DESK_PROJECT, at);
        if (r != NULL)
            return r;
        *programmes = true;
        *at = 0;
    }
    return desk_next(p->desk, p->reader, DESK_PROGRAMME, at);
}

static struct str state_of(const struct portfolio *p, const struct desk_row *row)
{
    bool known = p->states != NULL && row->state < p->states->n;
    return known ? p->states->code[row->state].code : (struct str){NULL, 0};
}

bool portfolio_late(const struct portfolio *p, const struct desk_row *row)
{
    struct str state = state_of(p, row);
    bool milestone = row->kind == DESK_PROJECT && desk_known(row->end) &&
                     row->end.last < p->day && project_goes_on(state);
    return milestone || project_overdue(state, row->due, p->day);
}

/* ---- filters ---- */

enum dimension { COUNTRY, STATE, MECHANISM, LATE, DIMENSIONS };

static bool fits(const struct portfolio *p, const struct desk_row *row,
                 const struct portfolio_filter *f, enum dimension d)
{
    switch (d) {
    case COUNTRY:
        return f->country == PORTFOLIO_ANY ||
               desk_has_country(p->desk, row, (uint16_t)f->country);
    case STATE:
        return f->state == PORTFOLIO_ANY || row->state == f->state;
    case MECHANISM:
        return f->mechanism == PORTFOLIO_ANY || desk_mechanism(p->desk, row) == f->mechanism;
    default:
        return !f->late || portfolio_late(p, row);
    }
}

static bool fits_others(const struct portfolio *p, const struct desk_row *row,
                        const struct portfolio_filter *f, enum dimension but)
{
    for (unsigned d = 0; d < DIMENSIONS; d++)
        if (d != but && !fits(p, row, f, (enum dimension)d))
            return false;
    return true;
}

bool portfolio_fits(const struct portfolio *p, const struct desk_row *row,
                    const struct portfolio_filter *filter)
{
    return fits_others(p, row, filter, DIMENSIONS);
}

/* ---- counts ---- */

static int by_key(const void *x, const void *y)
{
    const struct portfolio_count *a = x, *b = y;
    return a->key != b->key ? (a->key < b->key ? -1 : 1) : 0;
}

static int by_number(const void *x, const void *y)
{
    const struct portfolio_count *a = x, *b = y;
    if ((a->key == 0) != (b->key == 0))
        return a->key == 0 ? 1 : -1;
    return a->n != b->n ? (a->n > b->n ? -1 : 1) : by_key(x, y);
}

/* Adds up what has the same key. */
static size_t gather(struct portfolio_count *list, size_t n)
{
    size_t used = 0;
    qsort(list, n, sizeof *list, by_key);
    for (size_t i = 0; i < n; i++)
        if (used > 0 && list[used - 1].key == list[i].key)
            list[used - 1].n++;
        else
            list[used++] = list[i];
    return used;
}

enum cau_err portfolio_count(struct arena *a, const struct portfolio *p,
                             const struct portfolio_filter *filter,
                             struct portfolio_counts *out)
{
    struct portfolio_counts c = {.total = 0};
    const struct desk_row *r;
    size_t rows = 0, countries = 0;
    bool programmes = false;
    for (size_t at = 0; (r = portfolio_next(p, &at, &programmes)) != NULL; rows++)
        countries += r->countries;
    c.country = arena_take(a, countries * sizeof *c.country);
    c.state = arena_take(a, rows * sizeof *c.state);
    c.mechanism = arena_take(a, rows * sizeof *c.mechanism);
    if (c.country == NULL || c.state == NULL || c.mechanism == NULL)
        return CAU_ERR_MEMORY;
    programmes = false;
    for (size_t at = 0; (r = portfolio_next(p, &at, &programmes)) != NULL;) {
        const uint16_t *country = desk_countries(p->desk, r);
        for (size_t i = 0; i < r->countries && fits_others(p, r, filter, COUNTRY); i++)
            if (country[i] != p->home)
                c.country[c.countries++] = (struct portfolio_count){country[i], 1};
        if (fits_others(p, r, filter, STATE))
            c.state[c.states++] = (struct portfolio_count){r->state, 1};
        if (fits_others(p, r, filter, MECHANISM))
            c.mechanism[c.mechanisms++] =
                (struct portfolio_count){desk_mechanism(p->desk, r), 1};
        c.late += fits_others(p, r, filter, LATE) && portfolio_late(p, r);
        c.total += portfolio_fits(p, r, filter);
    }
    c.countries = gather(c.country, c.countries);
    c.states = gather(c.state, c.states);
    c.mechanisms = gather(c.mechanism, c.mechanisms);
    qsort(c.country, c.countries, sizeof *c.country, by_number);
    qsort(c.mechanism, c.mechanisms, sizeof *c.mechanism, by_number);
    *out = c;
    return CAU_OK;
}
