#include "domain/report/funnel.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS (24 * 60 * 60 * 1000LL)

/* How many stays of a stage took how many days. */
struct stays {
    uint32_t of_days[INTEREST_STAGES][FUNNEL_DAYS_MAX + 1];
};

struct counting {
    struct arena *a; /* what stays; records are in another one */
    const struct actor *actor;
    struct funnel f;
    struct stays *stays;
    bool full;
};

bool funnel_may(const struct actor *actor)
{
    const unsigned advisers = LOCAL_ADVISER | LOCAL_EDITOR | LOCAL_ADMINISTRATOR;
    bool speaks = actor->organization_doc != 0 && (actor->roles & LOCAL_MEMBER) != 0;
    return actor->is_operator || speaks || (!actor->is_guest && (actor->roles & advisers) != 0);
}

/* ---- rows ---- */

static struct funnel_row *row_of(struct counting *c, struct funnel_row *list, size_t *n,
                                 struct str code)
{
    for (size_t i = 0; i < *n; i++)
        if (str_equal(list[i].code, code))
            return &list[i];
    if (*n == FUNNEL_ROWS_MAX)
        return NULL;
    struct funnel_row *row = &list[*n];
    *row = (struct funnel_row){.total = 0};
    if (arena_copy(c->a, code, &row->code) != CAU_OK) {
        c->full = true;
        return NULL;
    }
    ++*n;
    return row;
}

static void count_row(struct counting *c, struct funnel_row *list, size_t *n, struct str code,
                      enum interest_stage stage)
{
    struct funnel_row *row = row_of(c, list, n, code);
    if (row == NULL)
        return;
    row->n[stage]++;
    row->total++;
}

/* The first level of each of its fields, each once; one without a field counts as "". */
static void count_fields(struct counting *c, const struct value *payload,
                         enum interest_stage stage)
{
    const struct value *fields = value_get(payload, "fields");
    struct str done[20];
    size_t n = 0;
    for (uint32_t i = 0; fields != NULL && fields->type == VALUE_ARRAY && i < fields->n; i++) {
        struct str code = fields->item[i].string, scheme = str_next(&code, ':');
        struct str top = str_next(&code, '.');
        bool again = !str_is(scheme, "FORD") || n == countof(done);
        for (size_t j = 0; j < n && !again; j++)
            again = str_equal(done[j], top);
        if (again)
            continue;
        done[n++] = top;
        count_row(c, c->f.field, &c->f.fields, top, stage);
    }
    if (n == 0)
        count_row(c, c->f.field, &c->f.fields, STR(""), stage);
}

/* Who with whom, whichever side began. */
static void count_pair(struct counting *c, const struct value *payload,
                       enum interest_stage stage)
{
    const struct value *list = value_get(payload, "country");
    struct str x = {NULL, 0}, y = {NULL, 0};
    char code[16];
    if (list != NULL && list->type == VALUE_STRING)
        x = list->string;
    if (list != NULL && list->type == VALUE_ARRAY && list->n > 0)
        x = list->item[0].string;
    if (list != NULL && list->type == VALUE_ARRAY && list->n > 1)
        y = list->item[1].string;
    if (y.len > 0 && str_cmp(x, y) > 0) {
        struct str z = x;
        x = y;
        y = z;
    }
    if (x.len + y.len + 1 > sizeof code)
        return;
    struct buf b = buf_new(sizeof code);
    buf_add(&b, x);
    if (y.len > 0)
        buf_add_char(&b, '-');
    buf_add(&b, y);
    count_row(c, c->f.pair, &c->f.pairs, buf_str(&b), stage);
    buf_free(&b);
}

/* ---- the course of one ---- */

static bool read_day(const struct value *row, int64_t *ms)
{
    struct clock_date day;
    if (clock_read_date(value_get_str(row, "on"), &day) != CAU_OK)
        return false;
    *ms = clock_ms_of(day);
    return true;
}

static void count_stay(struct counting *c, enum interest_stage stage, int64_t from, int64_t to)
{
    int64_t days = (to - from) / DAY_MS;
    days = days < 0 ? 0 : days > FUNNEL_DAYS_MAX ? FUNNEL_DAYS_MAX : days;
    c->stays->of_days[stage][days]++;
    c->f.stage[stage].stays++;
}

/* Which stages it reached, and how long it stayed in those it has left. */
static void count_course(struct counting *c, const struct value *payload,
                         enum interest_stage now)
{
    const struct value *rows = value_get(payload, "history");
    bool reached[INTEREST_STAGES] = {false};
    enum interest_stage at = INTEREST_INTEREST;
    int64_t since = 0, day;
    bool begun = false;
    reached[now] = true;
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        enum interest_stage next;
        if (!interest_read_stage(value_get_str(&rows->item[i], "stage"), &next) ||
            !read_day(&rows->item[i], &day))
            continue;
        reached[next] = true;
        if (begun && next == at)
            continue; /* a note */
        if (begun)
            count_stay(c, at, since, day);
        at = next;
        since = day;
        begun = true;
    }
    for (unsigned i = 0; i < INTEREST_STAGES; i++)
        c->f.stage[i].reached += reached[i];
}

static bool count_one(void *ctx, const struct view_record *r)
{
    struct counting *c = ctx;
    enum interest_stage stage;
    if (r->redacted || r->withdrawn ||
        interest_party_of(c->actor, &r->payload) == INTEREST_NOBODY ||
        !interest_read_stage(value_get_str(&r->payload, "stage"), &stage))
        return true;
    c->f.total++;
    c->f.stage[stage].now++;
    count_course(c, &r->payload, stage);
    count_fields(c, &r->payload, stage);
    count_pair(c, &r->payload, stage);
    if (stage == INTEREST_DROPPED)
        count_row(c, c->f.reason, &c->f.reasons, value_get_str(&r->payload, "dropped_because"),
                  stage);
    return !c->full;
}

/* ---- all of them ---- */

static void find_median(struct funnel_stage *stage, const uint32_t of_days[FUNNEL_DAYS_MAX + 1])
{
    uint32_t before = 0;
    for (uint32_t days = 0; days <= FUNNEL_DAYS_MAX; days++) {
        before += of_days[days];
        if (before * 2 >= stage->stays) {
            stage->median_days = days;
            return;
        }
    }
}

static int by_total(const void *x, const void *y)
{
    const struct funnel_row *a = x, *b = y;
    if (a->total != b->total)
        return a->total < b->total ? 1 : -1;
    return str_cmp(a->code, b->code);
}

enum cau_err funnel_count(struct view *v, struct arena *a, const struct kinds *kinds,
                          const struct actor *actor, struct funnel *out)
{
    const struct index_reader everything = actor_everything();
    struct counting c = {.a = a, .actor = actor};
    if (!funnel_may(actor))
        return CAU_ERR_REFUSED;
    c.stays = arena_zero(a, sizeof *c.stays);
    c.f.field = arena_take(a, FUNNEL_ROWS_MAX * sizeof *c.f.field);
    c.f.pair = arena_take(a, FUNNEL_ROWS_MAX * sizeof *c.f.pair);
    c.f.reason = arena_take(a, FUNNEL_ROWS_MAX * sizeof *c.f.reason);
    if (c.stays == NULL || c.f.field == NULL || c.f.pair == NULL || c.f.reason == NULL)
        return CAU_ERR_MEMORY;
    struct arena own = arena_new((size_t)64 << 20);
    enum cau_err err =
        view_each(v, &own, everything, kinds_find(kinds, STR("interest")), count_one, &c);
    arena_free(&own);
    if (err == CAU_OK && c.full)
        err = CAU_ERR_MEMORY;
    if (err != CAU_OK)
        return err;
    for (unsigned i = 0; i < INTEREST_STAGES; i++)
        if (c.f.stage[i].stays > 0)
            find_median(&c.f.stage[i], c.stays->of_days[i]);
    qsort(c.f.field, c.f.fields, sizeof *c.f.field, by_total);
    qsort(c.f.pair, c.f.pairs, sizeof *c.f.pair, by_total);
    qsort(c.f.reason, c.f.reasons, sizeof *c.f.reason, by_total);
    *out = c.f;
    return CAU_OK;
}
