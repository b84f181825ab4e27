/* The rows of a report in groups, and which reports there are to ask for. */
#include "domain/report/report.h"

#include <stdlib.h>

/* ---- groups ---- */

struct keyed {
    uint32_t key;
    size_t place;
    const struct desk_row *row;
};

static int by_key(const void *x, const void *y)
{
    const struct keyed *a = x, *b = y;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static int by_number(const void *x, const void *y)
{
    const struct report_group *a = x, *b = y;
    if (a->rows.n != b->rows.n)
        return a->rows.n < b->rows.n ? 1 : -1;
    return a->key < b->key ? -1 : a->key > b->key;
}

static int by_list(const void *x, const void *y)
{
    const struct report_group *a = x, *b = y;
    return a->key < b->key ? -1 : a->key > b->key;
}

/* The keys of one row; how many. */
static size_t keys_of(const struct desk *d, const struct desk_row *row, enum report_by by,
                      uint16_t but, uint32_t out[UINT8_MAX])
{
    if (by != REPORT_BY_PARTNER) {
        out[0] = by == REPORT_BY_TYPE ? row->type : desk_mechanism(d, row);
        return 1;
    }
    const uint16_t *country = desk_countries(d, row);
    size_t n = 0;
    for (unsigned i = 0; i < row->countries; i++)
        if (country[i] != but)
            out[n++] = country[i];
    return n;
}

static size_t keys_in_all(const struct report_rows *rows, enum report_by by)
{
    size_t n = rows->n;
    for (size_t i = 0; by == REPORT_BY_PARTNER && i < rows->n; i++)
        n += rows->row[i]->countries;
    return n;
}

enum cau_err report_group(struct arena *a, const struct desk *d, const struct report *r,
                          enum report_count what, enum report_by by, struct report_group **out,
                          size_t *n)
{
    const struct report_rows *rows = &r->count[what];
    uint32_t key[UINT8_MAX];
    size_t room = keys_in_all(rows, by), keys = 0, groups = 0;
    struct keyed *list = arena_take(a, room * sizeof *list);
    struct report_group *group = arena_take(a, room * sizeof *group);
    const struct desk_row **row = arena_take(a, room * sizeof(const struct desk_row *));
    if (list == NULL || group == NULL || row == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < rows->n; i++) {
        size_t some = keys_of(d, rows->row[i], by, r->country, key);
        for (size_t k = 0; k < some; k++)
            list[keys++] = (struct keyed){key[k], i, rows->row[i]};
    }
    if (keys > 1)
        qsort(list, keys, sizeof *list, by_key);
    for (size_t i = 0; i < keys; i++) {
        row[i] = list[i].row;
        if (i == 0 || list[i].key != list[i - 1].key)
            group[groups++] = (struct report_group){list[i].key, {&row[i], 0}};
        group[groups - 1].rows.n++;
    }
    if (groups > 1)
        qsort(group, groups, sizeof *group, by == REPORT_BY_TYPE ? by_list : by_number);
    *out = group;
    *n = groups;
    return CAU_OK;
}

/* ---- what there is to choose from ---- */

struct tally {
    uint16_t country;
    uint32_t n;
};

static int by_tally(const void *x, const void *y)
{
    const struct tally *a = x, *b = y;
    if (a->n != b->n)
        return a->n < b->n ? 1 : -1;
    return a->country < b->country ? -1 : a->country > b->country;
}

enum { LETTERS = 26 };

/* The place of a country in a table of all pairs of letters; LETTERS * LETTERS for what is no such pair. */
static size_t pair_of(uint16_t country)
{
    unsigned first = (country >> 8) - 'A', second = (country & 0xFFu) - 'A';
    return first < LETTERS && second < LETTERS ? first * LETTERS + second : LETTERS * LETTERS;
}

enum cau_err report_choose_from(struct arena *a, const struct desk *d,
                                struct index_reader reader, uint16_t country,
                                struct report_choices *out)
{
    struct tally list[LETTERS * LETTERS + 1] = {{0}};
    int32_t low = INT32_MAX, high = INT32_MIN;
    size_t n = 0;
    for (unsigned kind = 0; kind < DESK_KINDS; kind++) {
        size_t at = 0;
        const struct desk_row *row;
        /* A target may be of 2050. */
        bool dates = kind != DESK_MECHANISM && kind != DESK_OBSTACLE && kind != DESK_INDICATOR;
        while ((row = desk_next(d, reader, (enum desk_kind)kind, &at)) != NULL) {
            const uint16_t *of = desk_countries(d, row);
            bool own = false;
            for (unsigned i = 0; i < row->countries; i++) {
                struct tally *t = &list[pair_of(of[i])];
                t->country = of[i];
                t->n++;
                own = own || of[i] == country;
            }
            if (!own || !dates || !desk_known(row->on))
                continue;
            low = row->on.first < low ? row->on.first : low;
            high = row->on.first > high ? row->on.first : high;
        }
    }
    qsort(list, LETTERS * LETTERS, sizeof *list, by_tally);
    while (n < LETTERS * LETTERS && list[n].n > 0)
        n++;
    uint16_t *countries = arena_take(a, n * sizeof *countries);
    if (countries == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        countries[i] = list[i].country;
    *out = (struct report_choices){.country = countries, .n = n, .dated = low <= high};
    if (out->dated) {
        out->first = desk_date(low).year;
        out->last = desk_date(high).year;
    }
    return CAU_OK;
}
