#include "domain/desk/portrait.h"

#include "view/match.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists of the desk ---- */

struct dated {
    int32_t day;
    struct str id;
    const struct desk_row *row;
};

/* The newest first; what has no date last; then by record id. */
static bool goes_before(const struct dated *x, const struct dated *y)
{
    bool figures = x->row->kind == DESK_INDICATOR && y->row->kind == DESK_INDICATOR;
    if (figures && (x->row->countries > 1) != (y->row->countries > 1))
        return x->row->countries > 1; /* of both sides */
    if (x->day != y->day)
        return x->day > y->day;
    return str_cmp(x->id, y->id) < 0;
}

/* The first PORTRAIT_LIST_MAX of all that were added. */
struct picking {
    const struct desk *d;
    struct dated first[PORTRAIT_LIST_MAX];
    size_t n;
    uint32_t all;
};

static void pick(struct picking *p, const struct desk_row *row)
{
    struct dated x = {row->on.last, desk_name(p->d, row->self), row};
    size_t at = p->n;
    p->all++;
    while (at > 0 && goes_before(&x, &p->first[at - 1]))
        at--;
    if (at == PORTRAIT_LIST_MAX)
        return;
    size_t end = p->n < PORTRAIT_LIST_MAX ? p->n++ : PORTRAIT_LIST_MAX - 1;
    for (size_t i = end; i > at; i--)
        p->first[i] = p->first[i - 1];
    p->first[at] = x;
}

/* Behind what the list has already, as far as there is room. */
static void put_picked(const struct picking *p, struct portrait_list *out)
{
    out->all += p->all;
    for (size_t i = 0; i < p->n && out->n < PORTRAIT_LIST_MAX; i++)
        out->doc[out->n++] = p->first[i].row->doc;
}

static void count_row(const struct portrait_from *from, const struct desk_row *row,
                      struct portrait *out)
{
    const struct kind_list *list =
        kinds_find_list(node_kinds(from->node), STR("agreement_status"));
    if (row->kind == DESK_COMMITMENT)
        out->state[commitment_state(from->desk, row)]++;
    if (row->kind == DESK_AGREEMENT && list != NULL && row->state < list->n &&
        str_is(list->code[row->state].code, "in_force"))
        out->in_force++;
}

static enum portrait_topic topic_of(enum desk_kind kind)
{
    static const enum portrait_topic topic[DESK_KINDS] = {
        [DESK_AGREEMENT] = PORTRAIT_AGREEMENTS, [DESK_MECHANISM] = PORTRAIT_MECHANISMS,
        [DESK_SESSION] = PORTRAIT_TOPICS,       [DESK_COMMITMENT] = PORTRAIT_COMMITMENTS,
        [DESK_OBSTACLE] = PORTRAIT_OBSTACLES,   [DESK_PROGRAMME] = PORTRAIT_WORK,
        [DESK_PROJECT] = PORTRAIT_WORK,         [DESK_INDICATOR] = PORTRAIT_FIGURES,
    };
    return topic[kind];
}

/* Projects before programmes: the order in which their list is filled. */
static const enum desk_kind kind_list[] = {DESK_AGREEMENT, DESK_MECHANISM, DESK_COMMITMENT,
                                           DESK_OBSTACLE,  DESK_PROJECT,   DESK_PROGRAMME,
                                           DESK_INDICATOR};

/* ---- lists of the index ---- */

struct asking {
    const struct portrait_from *from;
    struct arena *a;
    struct index_filter filter[INDEX_FILTERS_MAX];
    size_t filters; /* filter[0] is of the kind */
    enum index_column by;
};

static uint32_t *tally_part(struct portrait_tally *t, enum portrait_topic topic)
{
    return topic == PORTRAIT_NEEDS    ? &t->needs
           : topic == PORTRAIT_OFFERS ? &t->offers
                                      : &t->organizations;
}

struct tallies {
    struct portrait_tally v[3 * INDEX_FACET_VALUES_MAX];
    size_t n;
};

static void add_tally(struct tallies *all, const struct index_facet *f,
                      enum portrait_topic topic)
{
    size_t at = 0;
    while (at < all->n && !str_equal(all->v[at].code, f->value))
        at++;
    if (at == countof(all->v))
        return;
    all->v[at].code = f->value;
    all->n += at == all->n;
    *tally_part(&all->v[at], topic) += f->n;
}

static enum cau_err search(struct asking *ask, const char *kind, enum portrait_topic topic,
                           struct tallies *all, struct portrait *out)
{
    struct index_result found;
    struct portrait_list *list = &out->list[topic];
    ask->filter[0] = (struct index_filter){INDEX_KIND, str_of(kind)};
    const struct index_query query = {.reader = ask->from->reader,
                                      .filter = ask->filter,
                                      .filter_count = ask->filters,
                                      .order = INDEX_NEWEST,
                                      .limit = PORTRAIT_LIST_MAX - list->n,
                                      .facets = all != NULL};
    enum cau_err err = index_search(node_index(ask->from->node), ask->a, &query, &found);
    if (err != CAU_OK)
        return err;
    list->all += found.total;
    for (size_t i = 0; i < found.hit_count; i++)
        list->doc[list->n++] = found.hit[i].doc;
    for (size_t i = 0; all != NULL && i < found.facet_count[ask->by]; i++)
        add_tally(all, &found.facet[ask->by][i], topic);
    return CAU_OK;
}

static uint32_t sum_of(const struct portrait_tally *t)
{
    return t->organizations + t->needs + t->offers;
}

static int by_sum(const void *x, const void *y)
{
    const struct portrait_tally *a = x, *b = y;
    if (sum_of(a) != sum_of(b))
        return sum_of(a) < sum_of(b) ? 1 : -1;
    return str_cmp(a->code, b->code);
}

/* Organisations, needs and offers with the tallies of their fields or countries. */
static enum cau_err search_all(struct asking *ask, struct portrait *out)
{
    struct tallies *all = arena_zero(ask->a, sizeof *all);
    if (all == NULL)
        return CAU_ERR_MEMORY;
    enum cau_err err = search(ask, "organization", PORTRAIT_ORGANIZATIONS, all, out);
    if (err == CAU_OK)
        err = search(ask, "need", PORTRAIT_NEEDS, all, out);
    if (err == CAU_OK)
        err = search(ask, "offer", PORTRAIT_OFFERS, all, out);
    if (err != CAU_OK)
        return err;
    if (all->n > 1)
        qsort(all->v, all->n, sizeof *all->v, by_sum);
    out->tallies = all->n < PORTRAIT_TALLIES_MAX ? all->n : PORTRAIT_TALLIES_MAX;
    memcpy(out->tally, all->v, out->tallies * sizeof *out->tally);
    return CAU_OK;
}

/* ---- a country ---- */

enum cau_err portrait_of_country(const struct portrait_from *from, struct arena *a,
                                 uint16_t country, struct portrait *out)
{
    char space[2];
    struct portrait p = {.tallies = 0};
    struct str code = {NULL, 0};
    for (size_t i = 0; i < countof(kind_list); i++) {
        struct picking picked = {.d = from->desk};
        const struct desk_row *row;
        size_t at = 0;
        while ((row = desk_next(from->desk, from->reader, kind_list[i], &at)) != NULL) {
            if (!desk_has_country(from->desk, row, country))
                continue;
            pick(&picked, row);
            count_row(from, row, &p);
        }
        put_picked(&picked, &p.list[topic_of(kind_list[i])]);
    }
    if (arena_copy(a, desk_country(country, space), &code) != CAU_OK)
        return CAU_ERR_MEMORY;
    struct asking ask = {.from = from, .a = a, .filters = 2, .by = INDEX_FIELD};
    ask.filter[1] = (struct index_filter){INDEX_COUNTRY, code};
    enum cau_err err = search_all(&ask, &p);
    if (err == CAU_OK)
        *out = p;
    return err;
}

/* ---- a field ---- */

/* The code and all below it: "2" stands for "2.1", "2.2" and so on too. */
static enum cau_err add_codes(struct asking *ask, const struct kind_list *list, struct str code)
{
    for (size_t i = 0; i < list->n; i++) {
        struct str c = list->code[i].code;
        bool below = c.len > code.len && str_starts(c, code) && c.p[code.len] == '.';
        if (!below && !str_equal(c, code))
            continue;
        char *p = arena_take(ask->a, c.len + 5);
        if (p == NULL)
            return CAU_ERR_MEMORY;
        memcpy(p, "FORD:", 5);
        memcpy(p + 5, c.p, c.len);
        if (ask->filters < INDEX_FILTERS_MAX)
            ask->filter[ask->filters++] = (struct index_filter){INDEX_FIELD, {p, c.len + 5}};
    }
    return ask->filters == 1 ? CAU_ERR_UNKNOWN : CAU_OK;
}

enum cau_err portrait_of_field(const struct portrait_from *from, struct arena *a,
                               struct str code, struct portrait *out)
{
    const struct kind_list *list = kinds_find_list(node_kinds(from->node), STR("ford"));
    struct asking ask = {.from = from, .a = a, .filters = 1, .by = INDEX_COUNTRY};
    struct portrait p = {.tallies = 0};
    if (list == NULL || kind_find_code(list, code) == NULL)
        return CAU_ERR_UNKNOWN;
    enum cau_err err = add_codes(&ask, list, code);
    if (err == CAU_OK)
        err = search_all(&ask, &p);
    if (err == CAU_OK)
        err = search(&ask, "agreement", PORTRAIT_AGREEMENTS, NULL, &p);
    if (err == CAU_OK)
        err = search(&ask, "project", PORTRAIT_WORK, NULL, &p);
    if (err == CAU_OK)
        err = search(&ask, "programme", PORTRAIT_WORK, NULL, &p);
    if (err == CAU_OK)
        *out = p;
    return err;
}

/* ---- a record ---- */

static int by_doc(const void *x, const void *y)
{
    const uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

/* The documents that name one, each once, ascending. */
static enum cau_err find_naming(const struct portrait_from *from, struct arena *a, uint32_t doc,
                                uint32_t **out, size_t *n)
{
    struct view_link *link;
    size_t links, some = 0;
    enum cau_err err = view_links_to(from->view, a, from->reader, doc, &link, &links);
    if (err != CAU_OK)
        return err;
    uint32_t *list = arena_take(a, links * sizeof *list);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < links; i++)
        if (link[i].doc != 0 && link[i].doc != doc)
            list[some++] = link[i].doc;
    if (some > 1)
        qsort(list, some, sizeof *list, by_doc);
    size_t once = 0;
    for (size_t i = 0; i < some; i++)
        if (once == 0 || list[i] != list[once - 1])
            list[once++] = list[i];
    *out = list;
    *n = once;
    return CAU_OK;
}

static void add_doc(struct portrait_list *list, uint32_t doc)
{
    if (list->n < PORTRAIT_LIST_MAX)
        list->doc[list->n++] = doc;
    list->all++;
}

/* One that is not on the desk: a need, an offer, an organisation; others are left out. */
static enum cau_err add_other(const struct portrait_from *from, uint32_t doc,
                              struct portrait *out)
{
    struct view_record r;
    struct arena own = arena_new((size_t)8 << 20);
    enum cau_err err = view_get(from->view, &own, from->reader, doc, &r);
    if (err == CAU_OK && !r.withdrawn && !r.redacted) {
        if (str_is(r.kind->name, "need"))
            add_doc(&out->list[PORTRAIT_NEEDS], doc);
        else if (str_is(r.kind->name, "offer"))
            add_doc(&out->list[PORTRAIT_OFFERS], doc);
        else if (str_is(r.kind->name, "organization"))
            add_doc(&out->list[PORTRAIT_ORGANIZATIONS], doc);
    }
    arena_free(&own);
    return err == CAU_ERR_UNKNOWN ? CAU_OK : err;
}

/* Organisations of other countries that fit this one. */
static enum cau_err find_partners(const struct portrait_from *from, struct arena *a,
                                  const struct view_record *record, struct portrait *out)
{
    struct match_query query = {.doc = record->doc,
                                .kind = STR("organization"),
                                .reader = from->reader,
                                .limit = 10 * PORTRAIT_LIST_MAX};
    struct portrait_list *partners = &out->list[PORTRAIT_PARTNERS];
    struct match_hit *hit;
    size_t n;
    struct str own = value_get_str(&record->payload, "country");
    enum cau_err err = view_match(from->view, a, &query, &hit, &n);
    for (size_t i = 0; err == CAU_OK && i < n && partners->n < PORTRAIT_LIST_MAX; i++)
        if (!str_equal(value_get_str(&hit[i].record.payload, "country"), own) &&
            hit[i].band != MATCH_WEAK)
            add_doc(partners, hit[i].record.doc);
    return err;
}

enum cau_err portrait_of_record(const struct portrait_from *from, struct arena *a, uint32_t doc,
                                struct portrait *out)
{
    struct picking picked[PORTRAIT_TOPICS];
    struct portrait p = {.tallies = 0};
    struct view_record record;
    uint32_t *list = NULL;
    size_t n = 0, looked_at = 0;
    enum cau_err err = view_get(from->view, a, from->reader, doc, &record);
    if (err == CAU_OK)
        err = find_naming(from, a, doc, &list, &n);
    for (size_t i = 0; i < PORTRAIT_TOPICS; i++)
        picked[i] = (struct picking){.d = from->desk};
    for (size_t i = 0; i < n && err == CAU_OK; i++) {
        const struct desk_row *row = desk_row(from->desk, from->reader, list[i]);
        enum portrait_topic topic =
            row == NULL ? PORTRAIT_TOPICS : topic_of((enum desk_kind)row->kind);
        if (row == NULL && looked_at++ < PORTRAIT_LINKS_MAX)
            err = add_other(from, list[i], &p);
        else if (row == NULL)
            p.unseen++;
        if (topic == PORTRAIT_TOPICS || row->withdrawn)
            continue;
        pick(&picked[topic], row);
        count_row(from, row, &p);
    }
    for (size_t i = 0; i < PORTRAIT_TOPICS; i++)
        put_picked(&picked[i], &p.list[i]);
    if (err == CAU_OK && str_is(record.kind->name, "organization"))
        err = find_partners(from, a, &record, &p);
    if (err == CAU_OK)
        *out = p;
    return err;
}
