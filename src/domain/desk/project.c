#include "domain/desk/project.h"

#include "base/number.h"

#include <stdio.h>
#include <stdlib.h>

static const struct value *rows_of(const struct value *payload, const char *name)
{
    static const struct value none = {.type = VALUE_ARRAY};
    const struct value *rows = value_get(payload, name);
    return rows != NULL && rows->type == VALUE_ARRAY ? rows : &none;
}

/* ---- milestones ---- */

static struct project_milestone read_milestone(const struct value *row, int32_t day)
{
    struct project_milestone m = {.row = row,
                                  .planned = desk_days_of(value_get_str(row, "planned")),
                                  .actual = desk_days_of(value_get_str(row, "actual"))};
    bool planned = desk_known(m.planned);
    if (desk_known(m.actual) && m.actual.first <= day) {
        m.pace = planned && m.actual.first > m.planned.last ? PROJECT_DONE_LATE : PROJECT_DONE;
        m.late_days = m.pace == PROJECT_DONE_LATE ? m.actual.first - m.planned.last : 0;
    } else {
        m.pace = !planned               ? PROJECT_UNPLANNED
                 : m.planned.last < day ? PROJECT_LATE
                                        : PROJECT_AHEAD;
        m.late_days = m.pace == PROJECT_LATE ? day - m.planned.last : 0;
    }
    return m;
}

static bool is_done(const struct project_milestone *m)
{
    return m->pace == PROJECT_DONE || m->pace == PROJECT_DONE_LATE;
}

/* Of two that are not done: whether x comes before y, which stands before it in the record. */
static bool comes_before(const struct project_milestone *x, const struct project_milestone *y)
{
    if (!desk_known(x->planned) || !desk_known(y->planned))
        return desk_known(x->planned) && !desk_known(y->planned);
    return x->planned.last < y->planned.last;
}

enum cau_err project_course(struct arena *a, const struct value *payload, int32_t day,
                            struct project_course *out)
{
    const struct value *rows = rows_of(payload, "milestones");
    size_t n = rows->n < PROJECT_MILESTONES_MAX ? rows->n : PROJECT_MILESTONES_MAX;
    struct project_course c = {.milestone = arena_take(a, n * sizeof *c.milestone), .n = n};
    if (c.milestone == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++) {
        struct project_milestone *m = &c.milestone[i];
        *m = read_milestone(&rows->item[i], day);
        c.done += is_done(m);
        c.late += m->pace == PROJECT_LATE;
        if (!is_done(m) && (c.next == NULL || comes_before(m, c.next)))
            c.next = m;
    }
    *out = c;
    return CAU_OK;
}

struct desk_days project_next_planned(const struct value *payload)
{
    const struct value *rows = rows_of(payload, "milestones");
    struct desk_days next = {DESK_NO_DAY, DESK_NO_DAY};
    for (uint32_t i = 0; i < rows->n && i < PROJECT_MILESTONES_MAX; i++) {
        struct desk_days planned = desk_days_of(value_get_str(&rows->item[i], "planned"));
        bool open = value_get(&rows->item[i], "actual") == NULL && desk_known(planned);
        if (open && (!desk_known(next) || planned.last < next.last))
            next = planned;
    }
    return next;
}

bool project_goes_on(struct str status)
{
    return status.len == 0 || str_is(status, "proposed") || str_is(status, "planned") ||
           str_is(status, "under_way");
}

bool project_overdue(struct str status, struct desk_days ends, int32_t day)
{
    return project_goes_on(status) && desk_known(ends) && ends.last < day;
}

/* ---- money ---- */

static unsigned places_of(struct str decimal)
{
    struct str fraction = decimal;
    (void)str_next(&fraction, '.');
    return (unsigned)(fraction.len > 40 ? 40 : fraction.len);
}

static struct project_sum *sum_of(struct project_sums *sums, const struct project_sum *key)
{
    for (size_t i = 0; i < sums->n; i++) {
        struct project_sum *s = &sums->sum[i];
        if (str_equal(s->side, key->side) && str_equal(s->source, key->source) &&
            str_equal(s->currency, key->currency))
            return s;
    }
    if (sums->n == PROJECT_SUMS_MAX)
        return NULL;
    sums->sum[sums->n] = *key;
    return &sums->sum[sums->n++];
}

static bool add(int64_t *sum, int64_t more)
{
    if (more > 0 ? *sum > INT64_MAX - more : *sum < INT64_MIN - more)
        return false;
    *sum += more;
    return true;
}

static void add_amount(struct project_sum *s, size_t kind, struct str amount)
{
    int64_t more;
    s->has[kind] = true;
    if (s->places > PROJECT_PLACES_MAX ||
        number_read_fixed(amount, s->places, &more) != CAU_OK || !add(&s->n[kind], more))
        s->too_large[kind] = true;
}

static int by_side(const void *x, const void *y)
{
    const struct project_sum *a = x, *b = y;
    int order = str_cmp(a->side, b->side);
    if (order == 0)
        order = str_cmp(a->source, b->source);
    return order != 0 ? order : str_cmp(a->currency, b->currency);
}

enum cau_err project_money(struct arena *a, const struct value *payload,
                           const struct kind_list *list, bool by_source,
                           struct project_sums *out)
{
    const struct value *rows = rows_of(payload, "money");
    struct project_sums sums = {arena_zero(a, PROJECT_SUMS_MAX * sizeof *sums.sum), 0};
    if (sums.sum == NULL)
        return CAU_ERR_MEMORY;
    /* First which sums there are and how fine they must be, then the sums. */
    for (unsigned pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < rows->n; i++) {
            const struct value *row = &rows->item[i], *money = value_get(row, "amount");
            struct project_sum key = {.side = value_get_str(row, "side"),
                                      .currency = value_get_str(money, "currency")};
            struct str amount = value_get_str(money, "amount");
            const struct kind_code *code =
                list == NULL ? NULL : kind_find_code(list, value_get_str(row, "kind"));
            size_t kind = code == NULL ? PROJECT_MONEY_KINDS : (size_t)(code - list->code);
            if (by_source)
                key.source = value_get_str(row, "organization");
            struct project_sum *s = kind < PROJECT_MONEY_KINDS ? sum_of(&sums, &key) : NULL;
            if (s != NULL && pass == 0)
                s->places = places_of(amount) > s->places ? places_of(amount) : s->places;
            else if (s != NULL)
                add_amount(s, kind, amount);
        }
    qsort(sums.sum, sums.n, sizeof *sums.sum, by_side);
    *out = sums;
    return CAU_OK;
}

size_t project_write_amount(int64_t n, unsigned places, char out[PROJECT_AMOUNT_CHARS])
{
    must(places <= PROJECT_PLACES_MAX);
    uint64_t size = n < 0 ? (uint64_t)0 - (uint64_t)n : (uint64_t)n, unit = 1;
    for (unsigned i = 0; i < places; i++)
        unit *= 10;
    char text[PROJECT_AMOUNT_CHARS];
    int len = snprintf(text, sizeof text, "%s%llu", n < 0 ? "-" : "",
                       (unsigned long long)(size / unit));
    if (places > 0)
        len += snprintf(text + len, sizeof text - (size_t)len, ".%0*llu", (int)places,
                        (unsigned long long)(size % unit));
    must(len > 0 && len < PROJECT_AMOUNT_CHARS);
    for (int i = 0; i < len; i++)
        out[i] = text[i];
    return (size_t)len;
}
