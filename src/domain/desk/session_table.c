#include "domain/desk/session_table.h"

#include <stdlib.h>
#include <string.h>

enum { STATUS_HELD = 1 }; /* place of "held" in list session_status; a test compares them */

struct make {
    struct arena *a;
    const struct desk *d;
    struct index_reader reader;
    struct session_table *t;
};

/* ---- sessions ---- */

static bool was_held(const struct desk_row *s)
{
    return desk_known(s->on) && (s->state == STATUS_HELD || s->state == DESK_NO_CODE);
}

static int32_t last_day(const struct desk_row *s)
{
    return desk_known(s->end) && s->end.last > s->on.last ? s->end.last : s->on.last;
}

int32_t session_table_day(const struct desk_row *r, int32_t today)
{
    bool past = r->kind == DESK_SESSION && was_held(r) && r->on.last < today;
    return past ? r->on.first : today;
}

static bool is_later(const struct make *m, const struct desk_row *x, const struct desk_row *y)
{
    if (y == NULL || last_day(x) != last_day(y))
        return y == NULL || last_day(x) > last_day(y);
    if (x->on.first != y->on.first)
        return x->on.first > y->on.first;
    return str_cmp(desk_name(m->d, x->self), desk_name(m->d, y->self)) > 0;
}

/* The last session that was held before the day, or before the session the table is for: the one it names, else by date. */
static const struct desk_row *find_last(const struct make *m)
{
    const struct session_table *t = m->t;
    int32_t before = t->day;
    if (t->session != NULL) {
        const struct desk_row *named =
            desk_row(m->d, m->reader, desk_doc(m->d, t->session->session));
        if (named != NULL && named->kind == DESK_SESSION && !named->withdrawn &&
            named != t->session && was_held(named))
            return named;
        if (desk_known(t->session->on) && t->session->on.first < before)
            before = t->session->on.first;
    }
    const struct desk_row *s, *last = NULL;
    for (size_t at = 0; (s = desk_next(m->d, m->reader, DESK_SESSION, &at)) != NULL;)
        if (was_held(s) && s != t->session && last_day(s) < before &&
            desk_mechanism(m->d, s) == t->mechanism->doc && is_later(m, s, last))
            last = s;
    return last;
}

/* ---- sides ---- */

static size_t side_at(const struct session_table *t, uint16_t side)
{
    size_t i = 0;
    while (i < t->sides && t->side[i] != side)
        i++;
    return i;
}

static enum cau_err add_side(struct session_table *t, uint16_t side)
{
    if (side_at(t, side) < t->sides)
        return CAU_OK;
    if (t->sides == SESSION_TABLE_SIDES_MAX)
        return CAU_ERR_RANGE;
    t->side[t->sides++] = side;
    return CAU_OK;
}

static int by_code(const void *x, const void *y)
{
    return (int)*(const uint16_t *)x - (int)*(const uint16_t *)y;
}

/* ---- what the sides told ---- */

struct told {
    struct desk_status now, before; /* side 0: nothing */
};

static void hear(struct told *told, const struct desk_status *w, int32_t day, int32_t last)
{
    if (!desk_known(w->on) || w->on.first > day)
        return;
    told->now = *w;
    if (last != DESK_NO_DAY && w->on.last <= last)
        told->before = *w;
}

/* The newest word of a side up to the day, and up to the last session: earlier words come first in both lists. */
static struct told told_by(const struct make *m, const struct desk_row *r, uint16_t side)
{
    struct told told = {0};
    int32_t last = m->t->last != NULL ? last_day(m->t->last) : DESK_NO_DAY;
    const struct desk_status *earlier = desk_earlier(m->d, r), *newest = desk_statuses(m->d, r);
    for (size_t i = 0; i < r->earlier; i++)
        if (earlier[i].side == side)
            hear(&told, &earlier[i], m->t->day, last);
    for (size_t i = 0; i < r->statuses; i++)
        if (newest[i].side == side)
            hear(&told, &newest[i], m->t->day, last);
    return told;
}

static void add_word(const struct make *m, struct session_row *row, uint16_t side, bool acts)
{
    struct told told = told_by(m, row->commitment, side);
    if (!acts && told.now.side == 0)
        return;
    int32_t last = m->t->last != NULL ? last_day(m->t->last) : DESK_NO_DAY;
    row->word[row->words++] = (struct session_word){
        .side = side,
        .status = told.now.side == 0 ? DESK_NO_CODE : told.now.status,
        .before = told.before.side == 0 ? DESK_NO_CODE : told.before.status,
        .acts = acts,
        .changed = told.now.side != 0 && last != DESK_NO_DAY && told.now.on.last > last,
        .on = told.now.side == 0 ? (struct desk_days){DESK_NO_DAY, DESK_NO_DAY} : told.now.on,
    };
}

/* One word for each side that is to act (where nobody is named: is concerned), then for others that said something. */
static enum cau_err add_words(const struct make *m, struct session_row *row)
{
    const struct desk_row *r = row->commitment;
    const uint16_t *acts = desk_sides(m->d, r), *concerned = desk_countries(m->d, r);
    const struct desk_status *word = desk_statuses(m->d, r);
    size_t most = (size_t)r->sides + r->countries + r->statuses;
    row->word = arena_take(m->a, (most + 1) * sizeof *row->word);
    if (row->word == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < r->sides; i++)
        add_word(m, row, acts[i], true);
    for (size_t i = 0; r->sides == 0 && i < r->countries; i++)
        add_word(m, row, concerned[i], true);
    for (size_t i = 0; i < r->statuses; i++) {
        bool there = false;
        for (size_t j = 0; j < row->words; j++)
            there |= row->word[j].side == word[i].side;
        if (!there)
            add_word(m, row, word[i].side, false);
    }
    return CAU_OK;
}

/* commitment_overall of the words up to the day. */
static enum commitment_status state_of(const struct make *m, const struct session_row *row)
{
    struct desk_status word[DESK_SIDES_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < row->words && n < countof(word); i++)
        if (row->word[i].status != DESK_NO_CODE)
            word[n++] =
                (struct desk_status){.side = row->word[i].side, .status = row->word[i].status};
    return commitment_overall(desk_sides(m->d, row->commitment), row->commitment->sides, word,
                              n);
}

/* ---- one commitment ---- */

static struct desk_days made_on(const struct make *m, const struct desk_row *r)
{
    const struct desk_row *s = desk_row(m->d, m->reader, desk_doc(m->d, r->session));
    return desk_known(r->on) || s == NULL || s->kind != DESK_SESSION ? r->on : s->on;
}

static bool belongs(const struct make *m, const struct desk_row *r)
{
    const struct session_table *t = m->t;
    if (desk_mechanism(m->d, r) != t->mechanism->doc)
        return false;
    if (t->session != NULL && desk_doc(m->d, r->session) == t->session->doc)
        return false;
    struct desk_days made = made_on(m, r);
    return !desk_known(made) || made.first <= t->day;
}

/* Nothing of it happened since the last session: then it is no longer shown. */
static bool is_settled(const struct make *m, const struct session_row *row)
{
    bool changed = m->t->last == NULL;
    for (size_t i = 0; i < row->words; i++)
        changed |= row->word[i].changed;
    return commitment_closes(row->state) && !changed;
}

static void find_late(const struct make *m, struct session_row *row)
{
    const struct desk_row *r = row->commitment;
    if (!desk_known(r->due) || r->due.last >= m->t->day || commitment_closes(row->state))
        return;
    for (size_t i = 0; i < row->words; i++) {
        struct session_word *w = &row->word[i];
        w->late = w->acts && w->status != COMMITMENT_DONE && w->status != COMMITMENT_DROPPED;
        if (w->late)
            row->late |= UINT64_C(1) << side_at(m->t, w->side);
    }
}

static enum session_group group_of(const struct make *m, const struct session_row *row)
{
    struct desk_days due = row->commitment->due;
    switch (row->state) {
    case COMMITMENT_DONE:
        return SESSION_DONE;
    case COMMITMENT_MOVED:
        return SESSION_MOVED;
    case COMMITMENT_DROPPED:
        return SESSION_DROPPED;
    default:
        break;
    }
    if (row->late != 0)
        return SESSION_OVERDUE;
    if (row->differs)
        return SESSION_DIFFERS;
    bool soon = desk_known(due) && due.last >= m->t->day &&
                due.last - m->t->day <= SESSION_TABLE_SOON_DAYS;
    return soon ? SESSION_SOON : SESSION_UNDER_WAY;
}

static void count(struct session_table *t, const struct session_row *row)
{
    t->total.all++;
    t->total.group[row->group]++;
    for (size_t i = 0; i < row->words; i++) {
        struct session_counts *c = &t->by_side[side_at(t, row->word[i].side)];
        if (!row->word[i].acts)
            continue;
        c->all++;
        if (row->group != SESSION_OVERDUE || row->word[i].late)
            c->group[row->group]++;
    }
}

/* Everything about a row but its place. *keep is false when it is not to be shown. */
static enum cau_err fill_row(const struct make *m, struct session_row *row, bool *keep)
{
    enum cau_err err = add_words(m, row);
    if (err != CAU_OK)
        return err;
    row->state = state_of(m, row);
    row->differs = row->state == COMMITMENT_DISPUTED;
    *keep = !is_settled(m, row);
    if (!*keep)
        return CAU_OK;
    struct desk_days made = made_on(m, row->commitment);
    row->is_new = m->t->last != NULL && desk_known(made) && made.last > last_day(m->t->last);
    for (size_t i = 0; i < row->words && err == CAU_OK; i++)
        err = add_side(m->t, row->word[i].side);
    return err;
}

/* ---- all of them ---- */

struct key {
    struct session_row row;
    unsigned sides; /* how many are late */
    struct str id;
};

static int compare(int64_t x, int64_t y)
{
    return x < y ? -1 : x > y;
}

/* A date that is not known comes last. */
static int64_t due_of(const struct desk_row *r)
{
    return desk_known(r->due) ? (int64_t)r->due.last * 1000 + r->due.last - r->due.first
                              : INT64_MAX;
}

static int by_place(const void *x, const void *y)
{
    const struct key *p = x, *q = y;
    int order = compare(p->row.group, q->row.group);
    if (order == 0 && p->row.group == SESSION_OVERDUE) {
        order = compare(p->sides, q->sides);
        if (order == 0 && p->row.late != q->row.late)
            order = p->row.late < q->row.late ? -1 : 1;
    }
    if (order == 0)
        order = compare(due_of(p->row.commitment), due_of(q->row.commitment));
    return order != 0 ? order : str_cmp(p->id, q->id);
}

static enum cau_err place_rows(const struct make *m, struct key *key, size_t n)
{
    struct session_table *t = m->t;
    size_t own = m->t->mechanism->countries;
    if (own < t->sides)
        qsort(t->side + own, t->sides - own, sizeof *t->side, by_code);
    for (size_t i = 0; i < n; i++) {
        find_late(m, &key[i].row);
        key[i].row.group = group_of(m, &key[i].row);
        for (uint64_t late = key[i].row.late; late != 0; late &= late - 1)
            key[i].sides++;
        count(t, &key[i].row);
    }
    qsort(key, n, sizeof *key, by_place);
    t->row = arena_take(m->a, (n + 1) * sizeof *t->row);
    if (t->row == NULL)
        return CAU_ERR_MEMORY;
    for (size_t i = 0; i < n; i++)
        t->row[i] = key[i].row;
    t->rows = n;
    return CAU_OK;
}

static enum cau_err collect(const struct make *m, struct key *key, size_t most, size_t *n)
{
    enum cau_err err = CAU_OK;
    const struct desk_row *r;
    for (size_t at = 0;
         err == CAU_OK && (r = desk_next(m->d, m->reader, DESK_COMMITMENT, &at)) != NULL;) {
        bool keep = false;
        struct session_row row = {.commitment = r};
        if (!belongs(m, r))
            continue;
        err = fill_row(m, &row, &keep);
        if (err != CAU_OK || !keep)
            continue;
        if (*n == most)
            return CAU_ERR_RANGE;
        key[(*n)++] = (struct key){.row = row, .id = desk_name(m->d, r->self)};
    }
    return err;
}

static enum cau_err find_subject(const struct make *m, uint32_t doc)
{
    const struct desk_row *r = desk_row(m->d, m->reader, doc);
    if (r != NULL && !r->withdrawn && r->kind == DESK_SESSION) {
        m->t->session = r;
        r = desk_row(m->d, m->reader, desk_mechanism(m->d, r));
    }
    if (r == NULL || r->withdrawn || r->kind != DESK_MECHANISM)
        return CAU_ERR_UNKNOWN;
    m->t->mechanism = r;
    return CAU_OK;
}

enum cau_err session_table_make(struct arena *a, const struct desk *d,
                                struct index_reader reader, uint32_t doc, int32_t day,
                                struct session_table *out)
{
    struct session_table *t = arena_zero(a, sizeof *t);
    if (t == NULL)
        return CAU_ERR_MEMORY;
    struct make m = {a, d, reader, t};
    t->day = day;
    enum cau_err err = find_subject(&m, doc);
    if (err != CAU_OK)
        return err;
    t->last = find_last(&m);
    const uint16_t *country = desk_countries(d, t->mechanism);
    for (size_t i = 0; i < t->mechanism->countries && err == CAU_OK; i++)
        err = add_side(t, country[i]);

    size_t most = SESSION_TABLE_ROWS_MAX;
    struct arena own = arena_new((most + 1) * sizeof(struct key) + 64);
    struct key *key = arena_take(&own, (most + 1) * sizeof *key);
    size_t n = 0;
    must(key != NULL);
    if (err == CAU_OK)
        err = collect(&m, key, most, &n);
    if (err == CAU_OK)
        err = place_rows(&m, key, n);
    arena_free(&own);
    if (err == CAU_OK)
        *out = *t;
    return err;
}
