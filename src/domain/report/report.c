#include "domain/report/report.h"

#include "domain/desk/commitment_state.h"
#include "domain/desk/obstacle_state.h"
#include "domain/report/funnel.h"

#include <stdlib.h>
#include <string.h>

struct made {
    struct view *v;
    struct arena *a;
    const struct desk *d;
    const struct kinds *kinds;
    const struct report_ask *ask;
    int32_t first, last; /* days of the year */
    struct report r;
    enum cau_err err;
};

static int32_t day_of(int year, int month, int day)
{
    return desk_day_of_ms(clock_ms_of((struct clock_date){year, month, day}));
}

/* The place of a code in its list; DESK_NO_CODE when the list does not have it. */
static uint8_t place_of(const struct kinds *kinds, struct str list, struct str code)
{
    const struct kind_list *l = kinds_find_list(kinds, list);
    for (size_t i = 0; l != NULL && i < l->n; i++)
        if (str_equal(l->code[i].code, code))
            return (uint8_t)i;
    return DESK_NO_CODE;
}

/* ---- rows ---- */

static void add_row(struct made *m, struct report_rows *rows, const struct desk_row *row)
{
    bool full = rows->n == 0 || (rows->n >= 16 && (rows->n & (rows->n - 1)) == 0);
    if (full) {
        size_t room = rows->n < 16 ? 16 : rows->n * 2;
        const struct desk_row **more = arena_take(m->a, room * sizeof(const struct desk_row *));
        if (more == NULL) {
            m->err = CAU_ERR_MEMORY;
            return;
        }
        if (rows->n > 0)
            memcpy(more, rows->row, rows->n * sizeof(const struct desk_row *));
        rows->row = more;
    }
    rows->row[rows->n++] = row;
}

struct sorted {
    int32_t day;
    struct str id;
    const struct desk_row *row;
};

static int by_day(const void *x, const void *y)
{
    const struct sorted *a = x, *b = y;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return str_cmp(a->id, b->id);
}

static int32_t day_counted(enum report_count count, const struct desk_row *row)
{
    switch (count) {
    case REPORT_COMPLETED:
    case REPORT_OVERDUE:
        return row->due.first;
    case REPORT_ANSWERED:
        return row->end.first;
    default:
        return row->on.first;
    }
}

static void sort_rows(struct made *m, enum report_count count, struct report_rows *rows)
{
    struct sorted *list = arena_take(m->a, rows->n * sizeof *list);
    if (rows->n < 2 || list == NULL) {
        m->err = rows->n < 2 ? m->err : CAU_ERR_MEMORY;
        return;
    }
    for (size_t i = 0; i < rows->n; i++)
        list[i] = (struct sorted){day_counted(count, rows->row[i]),
                                  desk_name(m->d, rows->row[i]->self), rows->row[i]};
    qsort(list, rows->n, sizeof *list, by_day);
    for (size_t i = 0; i < rows->n; i++)
        rows->row[i] = list[i].row;
}

/* ---- what counts ---- */

static bool in_year(const struct made *m, struct desk_days days)
{
    return desk_within(days, m->first, m->last);
}

static void count(struct made *m, enum report_count what, const struct desk_row *row)
{
    struct report_rows *examples = &m->r.count[REPORT_EXAMPLES];
    bool again = examples->n > 0 && examples->row[examples->n - 1] == row;
    add_row(m, &m->r.count[what], row);
    if (row->example && !again && what != REPORT_WITHDRAWN && m->err == CAU_OK)
        add_row(m, examples, row); /* one row is counted at a time, so it is the last one */
}

static void count_agreement(struct made *m, const struct desk_row *row)
{
    if (in_year(m, row->on) &&
        row->state != place_of(m->kinds, STR("agreement_status"), STR("negotiated")))
        count(m, REPORT_AGREEMENTS, row);
}

/* One without a status was held on its date; a planned, postponed or cancelled one was not. */
static bool was_held(const struct made *m, const struct desk_row *row)
{
    return row->state == DESK_NO_CODE ||
           row->state == place_of(m->kinds, STR("session_status"), STR("held"));
}

static enum report_count session_count(const struct made *m, const struct desk_row *row)
{
    const struct str list = STR("mechanism_kind");
    uint32_t doc = desk_mechanism(m->d, row);
    const struct desk_row *mechanism = doc == 0 ? NULL : desk_row(m->d, m->ask->reader, doc);
    if (mechanism == NULL || mechanism->type == DESK_NO_CODE)
        return REPORT_OTHER_SESSIONS;
    if (mechanism->type == place_of(m->kinds, list, STR("joint_committee")))
        return REPORT_JOINT_COMMITTEES;
    if (mechanism->type == place_of(m->kinds, list, STR("intergovernmental_commission")))
        return REPORT_COMMISSIONS;
    return REPORT_OTHER_SESSIONS;
}

static void count_session(struct made *m, const struct desk_row *row)
{
    if (in_year(m, row->on) && was_held(m, row))
        count(m, session_count(m, row), row);
}

/* What is not said to go on, by its status or an end after the year, is not counted as going on. */
static void count_work(struct made *m, const struct desk_row *row)
{
    const struct str list = STR("programme_status");
    bool completed = row->state == place_of(m->kinds, list, STR("completed"));
    bool thought_of = row->state == place_of(m->kinds, list, STR("proposed")) ||
                      row->state == place_of(m->kinds, list, STR("planned"));
    if (thought_of)
        return;
    if (in_year(m, row->on))
        count(m, REPORT_BEGUN, row);
    if (completed && in_year(m, row->due))
        count(m, REPORT_COMPLETED, row);
    bool ends_later = desk_known(row->due) && row->due.first > m->last;
    bool goes_on = row->state == place_of(m->kinds, list, STR("under_way"));
    bool cancelled = row->state == place_of(m->kinds, list, STR("cancelled"));
    if (desk_known(row->on) && row->on.last < m->first && (goes_on || ends_later) && !cancelled)
        count(m, REPORT_RUNNING, row);
}

/* ---- commitments as they stood at the year's end ---- */

/* Of two words of one side the later one counts; of one day the one that comes second here. */
static void add_word(struct desk_status word[DESK_SIDES_MAX], size_t *n,
                     const struct desk_status *said)
{
    size_t at = 0;
    while (at < *n && word[at].side != said->side)
        at++;
    if (at == DESK_SIDES_MAX || (at < *n && word[at].on.last > said->on.last))
        return;
    word[at] = *said;
    *n += at == *n;
}

/* What the words said up to a day amount to. */
static enum commitment_status state_by(const struct made *m, const struct desk_row *row,
                                       int32_t day)
{
    struct desk_status word[DESK_SIDES_MAX];
    const struct desk_status *earlier = desk_earlier(m->d, row),
                             *newest = desk_statuses(m->d, row);
    size_t n = 0;
    for (unsigned i = 0; i < row->earlier; i++)
        if (desk_known(earlier[i].on) && earlier[i].on.last <= day)
            add_word(word, &n, &earlier[i]);
    for (unsigned i = 0; i < row->statuses; i++)
        if (desk_known(newest[i].on) && newest[i].on.last <= day)
            add_word(word, &n, &newest[i]);
    return commitment_overall(desk_sides(m->d, row), row->sides, word, n);
}

static struct desk_days said_on(const struct made *m, const struct desk_row *row)
{
    if (desk_known(row->on))
        return row->on;
    const struct desk_row *session =
        desk_row(m->d, m->ask->reader, desk_doc(m->d, row->session));
    return session == NULL ? row->on : session->on;
}

/* Some side said something in the year: otherwise nothing came to be done in it. */
static bool was_spoken_of(const struct made *m, const struct desk_row *row)
{
    const struct desk_status *said = desk_statuses(m->d, row); /* the earlier ones follow */
    for (unsigned i = 0; i < (unsigned)row->statuses + row->earlier; i++)
        if (desk_known(said[i].on) && said[i].on.last >= m->first && said[i].on.last <= m->last)
            return true;
    return false;
}

/* Whether it goes on with, or is a part of, a commitment that is counted itself. */
static bool follows(const struct made *m, const struct desk_row *row, uint32_t name)
{
    const struct desk_row *other = desk_row(m->d, m->ask->reader, desk_doc(m->d, name));
    return other != NULL && other != row && other->kind == DESK_COMMITMENT && !other->withdrawn;
}

/* A promise is made once, however often it is carried over; what bodies do of it are its parts. */
static void count_commitment(struct made *m, const struct desk_row *row)
{
    if (follows(m, row, row->part_of))
        return;
    bool due = desk_known(row->due) && row->due.last <= m->last;
    bool spoken_of = was_spoken_of(m, row);
    if (in_year(m, said_on(m, row)) && !follows(m, row, row->from))
        count(m, REPORT_COMMITMENTS, row);
    if (!spoken_of && !due)
        return;
    enum commitment_status now = state_by(m, row, m->last);
    if (spoken_of && now == COMMITMENT_DONE &&
        state_by(m, row, m->first - 1) != COMMITMENT_DONE)
        count(m, REPORT_KEPT, row);
    if (due && !commitment_closes(now))
        count(m, REPORT_OVERDUE, row);
}

/* One that only a publication reports was filed by nobody. */
static void count_obstacle(struct made *m, const struct desk_row *row)
{
    enum obstacle_status status;
    bool filed = desk_known(row->on) && row->on.last <= m->last;
    if (!obstacle_status_of(row, &status) || status == OBSTACLE_REPORTED)
        return;
    if (in_year(m, row->on))
        count(m, REPORT_OBSTACLES, row);
    if (in_year(m, row->end))
        count(m, REPORT_ANSWERED, row);
    if (filed && (obstacle_waits(row) || (desk_known(row->end) && row->end.first > m->last)))
        count(m, REPORT_UNANSWERED, row);
}

static bool concerns(const struct made *m, const struct desk_row *row)
{
    return desk_has_country(m->d, row, m->ask->country) ||
           (row->kind == DESK_OBSTACLE && row->host == m->ask->country);
}

static void count_kind(struct made *m, enum desk_kind kind,
                       void (*one)(struct made *m, const struct desk_row *row))
{
    size_t at = 0;
    const struct desk_row *row;
    while (m->err == CAU_OK && (row = desk_next(m->d, m->ask->reader, kind, &at)) != NULL) {
        if (row->time_ms > m->r.newest_ms)
            m->r.newest_ms = row->time_ms;
        if (concerns(m, row))
            one(m, row);
    }
}

static void count_withdrawn(struct made *m, enum desk_kind kind)
{
    size_t at = 0;
    const struct desk_row *row;
    while (m->err == CAU_OK &&
           (row = desk_next_withdrawn(m->d, m->ask->reader, kind, &at)) != NULL) {
        if (row->time_ms > m->r.newest_ms)
            m->r.newest_ms = row->time_ms;
        if (concerns(m, row) && in_year(m, row->on))
            count(m, REPORT_WITHDRAWN, row);
    }
}

/* ---- what indicators state ---- */

static int by_period(const void *x, const void *y)
{
    const struct report_figure *a = x, *b = y;
    int order =
        str_cmp(value_get_str(a->value[0], "period"), value_get_str(b->value[0], "period"));
    return order != 0 ? order : str_cmp(a->record.id, b->record.id);
}

/* The rows of an indicator's values that lie within the year. */
static void find_values(struct made *m, struct report_figure *f)
{
    const struct value *values = value_get(&f->record.payload, "values");
    if (values == NULL || values->type != VALUE_ARRAY || values->n == 0)
        return;
    f->value = arena_take(m->a, values->n * sizeof(const struct value *));
    if (f->value == NULL) {
        m->err = CAU_ERR_MEMORY;
        return;
    }
    for (uint32_t i = 0; i < values->n; i++)
        if (in_year(m, desk_days_of(value_get_str(&values->item[i], "period"))))
            f->value[f->n++] = &values->item[i];
}

static struct report_figures *figures_of(struct made *m, uint8_t measure)
{
    static const char *const name[REPORT_MEASURES] = {
        "agreements_signed", "joint_committee_sessions", "intergovernmental_sessions"};
    for (size_t i = 0; i < REPORT_MEASURES; i++)
        if (measure != DESK_NO_CODE &&
            measure == place_of(m->kinds, STR("measure"), str_of(name[i])))
            return &m->r.total[i];
    return &m->r.figures;
}

static void count_indicator(struct made *m, const struct desk_row *row)
{
    struct report_figures *list = figures_of(m, row->type);
    struct report_figure f = {.n = 0};
    if (desk_known(row->on) && row->on.last < m->first)
        return; /* its newest value is older */
    if (list->n == REPORT_FIGURES_MAX) {
        list->more++;
        return;
    }
    enum cau_err err = view_get(m->v, m->a, m->ask->reader, row->doc, &f.record);
    if (err == CAU_ERR_UNKNOWN || (err == CAU_OK && f.record.redacted))
        return; /* erased since the desk was taken */
    if (err != CAU_OK) {
        m->err = err;
        return;
    }
    find_values(m, &f);
    if (f.n == 0 || m->err != CAU_OK)
        return;
    if (list->figure == NULL)
        list->figure = arena_take(m->a, REPORT_FIGURES_MAX * sizeof *list->figure);
    if (list->figure == NULL)
        m->err = CAU_ERR_MEMORY;
    else
        list->figure[list->n++] = f;
}

static void sort_figures(struct report_figures *list)
{
    if (list->n > 1)
        qsort(list->figure, list->n, sizeof *list->figure, by_period);
}

/* ---- what publications say without a date ---- */

/* A publication of the year, or of the year after, among its sources. */
static bool reported_then(struct made *m, const struct desk_row *row)
{
    struct view_record record;
    enum cau_err err = view_get(m->v, m->a, m->ask->reader, row->doc, &record);
    if (err != CAU_OK) {
        m->err = err == CAU_ERR_UNKNOWN ? CAU_OK : err;
        return false;
    }
    const struct value *sources = value_get(&record.payload, "sources");
    int32_t last = day_of(m->ask->year + 1, 12, 31);
    for (uint32_t i = 0; sources != NULL && sources->type == VALUE_ARRAY && i < sources->n; i++)
        if (desk_within(desk_days_of(value_get_str(&sources->item[i], "date")), m->first, last))
            return true;
    return false;
}

static bool undated_as(const struct made *m, const struct desk_row *row,
                       enum report_undated *out)
{
    const struct str status = STR("programme_status");
    if (desk_known(row->on) || desk_known(row->due))
        return false;
    switch (row->kind) {
    case DESK_AGREEMENT:
        *out = REPORT_UNDATED_AGREEMENTS;
        return row->state != place_of(m->kinds, STR("agreement_status"), STR("negotiated"));
    case DESK_MECHANISM:
        *out = REPORT_UNDATED_MULTILATERAL;
        return row->type == place_of(m->kinds, STR("mechanism_kind"), STR("multilateral"));
    default:
        if (row->state == DESK_NO_CODE)
            return false;
        *out = row->state == place_of(m->kinds, status, STR("completed"))
                   ? REPORT_UNDATED_COMPLETED
                   : REPORT_UNDATED_UNDER_WAY;
        return *out == REPORT_UNDATED_COMPLETED ||
               row->state == place_of(m->kinds, status, STR("under_way"));
    }
}

static void find_undated(struct made *m)
{
    static const enum desk_kind kind[] = {DESK_PROGRAMME, DESK_PROJECT, DESK_AGREEMENT,
                                          DESK_MECHANISM};
    size_t looked_at = 0;
    for (size_t i = 0; i < countof(kind); i++) {
        size_t at = 0;
        const struct desk_row *row;
        enum report_undated as;
        while (m->err == CAU_OK &&
               (row = desk_next(m->d, m->ask->reader, kind[i], &at)) != NULL) {
            if (!concerns(m, row) || !undated_as(m, row, &as))
                continue;
            if (looked_at == REPORT_UNDATED_MAX)
                m->r.undated_left++;
            else if (looked_at++, reported_then(m, row))
                add_row(m, &m->r.undated[as], row);
        }
    }
}

/* ---- expressions of interest ---- */

static void add_doc(struct made *m, struct report_docs *list, uint32_t doc)
{
    list->all++;
    if (list->n == REPORT_INTERESTS_MAX)
        return;
    if (list->doc == NULL)
        list->doc = arena_take(m->a, REPORT_INTERESTS_MAX * sizeof *list->doc);
    if (list->doc == NULL)
        m->err = CAU_ERR_MEMORY;
    else
        list->doc[list->n++] = doc;
}

static bool has_code(const struct value *list, struct str code)
{
    if (list != NULL && list->type == VALUE_STRING)
        return str_equal(list->string, code);
    for (uint32_t i = 0; list != NULL && list->type == VALUE_ARRAY && i < list->n; i++)
        if (list->item[i].type == VALUE_STRING && str_equal(list->item[i].string, code))
            return true;
    return false;
}

static bool count_interest(void *ctx, const struct view_record *r)
{
    struct made *m = ctx;
    struct report_interests *all = &m->r.interests;
    char space[2];
    if (r->redacted || r->withdrawn ||
        interest_party_of(m->ask->actor, &r->payload) == INTEREST_NOBODY ||
        !has_code(value_get(&r->payload, "country"), desk_country(m->ask->country, space)))
        return true;
    if (in_year(m, desk_days_of(value_get_str(&r->payload, "opened_on"))))
        add_doc(m, &all->begun, r->doc);
    const struct value *rows = value_get(&r->payload, "history");
    bool reached[INTEREST_STAGES] = {[INTEREST_INTEREST] = true};
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        enum interest_stage stage;
        if (!interest_read_stage(value_get_str(&rows->item[i], "stage"), &stage) ||
            reached[stage])
            continue;
        reached[stage] = true; /* what follows are notes */
        if (in_year(m, desk_days_of(value_get_str(&rows->item[i], "on"))))
            add_doc(m, &all->reached[stage], r->doc);
    }
    return m->err == CAU_OK;
}

static void count_interests(struct made *m)
{
    const struct index_reader everything = actor_everything();
    m->r.interests.may = funnel_may(m->ask->actor);
    if (!m->r.interests.may)
        return;
    struct arena own = arena_new((size_t)64 << 20);
    enum cau_err err = view_each(m->v, &own, everything, kinds_find(m->kinds, STR("interest")),
                                 count_interest, m);
    arena_free(&own);
    if (m->err == CAU_OK)
        m->err = err;
}

/* ---- the report ---- */

static void count_all(struct made *m)
{
    count_kind(m, DESK_AGREEMENT, count_agreement);
    count_kind(m, DESK_SESSION, count_session);
    count_kind(m, DESK_PROGRAMME, count_work);
    count_kind(m, DESK_PROJECT, count_work);
    count_kind(m, DESK_COMMITMENT, count_commitment);
    count_kind(m, DESK_OBSTACLE, count_obstacle);
    count_kind(m, DESK_INDICATOR, count_indicator);
    for (unsigned kind = 0; kind < DESK_KINDS; kind++)
        if (kind != DESK_MECHANISM && kind != DESK_INDICATOR)
            count_withdrawn(m, (enum desk_kind)kind);
    find_undated(m);
    count_interests(m);
    for (unsigned i = 0; i < REPORT_COUNTS && m->err == CAU_OK; i++)
        sort_rows(m, (enum report_count)i, &m->r.count[i]);
    for (unsigned i = 0; i < REPORT_UNDATED && m->err == CAU_OK; i++)
        sort_rows(m, REPORT_AGREEMENTS, &m->r.undated[i]);
    for (unsigned i = 0; i < REPORT_MEASURES; i++)
        sort_figures(&m->r.total[i]);
    sort_figures(&m->r.figures);
}

enum cau_err report_make(struct view *v, struct arena *a, const struct desk *d,
                         const struct kinds *kinds, const struct report_ask *ask,
                         struct report *out)
{
    if (ask->year < REPORT_YEAR_MIN || ask->year > REPORT_YEAR_MAX)
        return CAU_ERR_RANGE;
    if (ask->country == 0)
        return CAU_ERR_UNKNOWN;
    struct made m = {.v = v,
                     .a = a,
                     .d = d,
                     .kinds = kinds,
                     .ask = ask,
                     .first = day_of(ask->year, 1, 1),
                     .last = day_of(ask->year, 12, 31),
                     .r = {.year = ask->year, .country = ask->country}};
    count_all(&m);
    if (m.err == CAU_OK)
        *out = m.r;
    return m.err;
}
