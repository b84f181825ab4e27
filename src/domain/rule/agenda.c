#include "domain/rule/agenda.h"

#include "domain/desk/agreement.h"
#include "domain/desk/commitment_state.h"
#include "domain/rule/obstacle.h"
#include "domain/rule/register_int.h"

#include <stdlib.h>
#include <string.h>

const char *agenda_part_name(enum agenda_part part)
{
    static const char *const name[AGENDA_PARTS] = {"review",    "overdue",  "differing", "due",
                                                   "obstacles", "expiring", "next"};
    must((unsigned)part < AGENDA_PARTS);
    return name[part];
}

/* ---- the draft ---- */

struct found {
    const struct desk_row *row;
    struct str id;
};

struct drafting {
    const struct desk *d;
    struct view *v;
    struct arena *a;
    const struct agenda_asked *asked;
    struct agenda *out;
    struct found *found[AGENDA_PARTS];
    size_t n[AGENDA_PARTS], room[AGENDA_PARTS];
    int32_t until; /* the last day before the session */
    bool full;
};

static void add(struct drafting *g, enum agenda_part part, const struct desk_row *r)
{
    if (g->n[part] == g->room[part]) {
        size_t room = g->room[part] == 0 ? 64 : g->room[part] * 2;
        struct found *more = arena_take(g->a, room * sizeof *more);
        if (more == NULL) {
            g->full = true;
            return;
        }
        if (g->n[part] > 0)
            memcpy(more, g->found[part], g->n[part] * sizeof *more);
        g->found[part] = more;
        g->room[part] = room;
    }
    g->found[part][g->n[part]++] = (struct found){r, desk_name(g->d, r->self)};
}

static void draft_commitments(struct drafting *g)
{
    const struct desk_row *r;
    size_t at = 0;
    int32_t day = g->asked->day;
    while ((r = desk_next(g->d, g->asked->reader, DESK_COMMITMENT, &at)) != NULL) {
        if (desk_mechanism(g->d, r) != g->asked->mechanism->doc || commitment_closed(g->d, r))
            continue;
        if (commitment_overdue(g->d, r, day))
            add(g, AGENDA_OVERDUE, r);
        else if (commitment_differs(g->d, r))
            add(g, AGENDA_DIFFERING, r);
        else if (g->until >= day && commitment_due_within(g->d, r, day, g->until - day))
            add(g, AGENDA_DUE, r);
    }
}

static bool takes_part(const struct drafting *g, const struct desk_row *r)
{
    if (r->mechanism != DESK_NO_NAME)
        return desk_mechanism(g->d, r) == g->asked->mechanism->doc;
    const uint16_t *country = desk_countries(g->d, r);
    for (size_t i = 0; i < r->countries; i++)
        if (!desk_has_country(g->d, g->asked->mechanism, country[i]))
            return false;
    return r->countries > 1;
}

static enum cau_err draft_agreements(struct drafting *g)
{
    const struct desk_row *r;
    size_t at = 0;
    while ((r = desk_next(g->d, g->asked->reader, DESK_AGREEMENT, &at)) != NULL) {
        if (!agreement_may_expire(r, g->asked->day, AGENDA_EXPIRY_MONTHS) || !takes_part(g, r))
            continue;
        struct view_record record;
        size_t before = g->a->used;
        enum cau_err err = view_get(g->v, g->a, g->asked->reader, r->doc, &record);
        if (err == CAU_ERR_UNKNOWN)
            continue; /* the desk may be newer */
        if (err != CAU_OK)
            return err;
        struct agreement_term term = agreement_term_of(&record.payload, g->asked->day);
        g->a->used = before;
        if (agreement_expires(&term, g->asked->day, AGENDA_EXPIRY_MONTHS))
            add(g, AGENDA_EXPIRING, r);
    }
    return CAU_OK;
}

static enum cau_err draft_obstacles(struct drafting *g)
{
    const struct desk_row **row;
    size_t n = 0;
    enum cau_err err = obstacle_waiting(g->d, g->a, g->asked->reader, g->asked->mechanism->doc,
                                        g->asked->day, &row, &n);
    if (err == CAU_OK) /* in their own order */
        g->out->part[AGENDA_OBSTACLES] =
            (struct agenda_items){row, n < AGENDA_PART_MAX ? n : AGENDA_PART_MAX, n};
    return err;
}

/* By the last day it is due, then by record id. */
static int by_due(const void *x, const void *y)
{
    const struct found *a = x, *b = y;
    if (a->row->due.last != b->row->due.last)
        return a->row->due.last < b->row->due.last ? -1 : 1;
    return str_cmp(a->id, b->id);
}

static void sort(struct drafting *g, enum agenda_part part)
{
    struct agenda_items *items = &g->out->part[part];
    size_t n = g->n[part] < AGENDA_PART_MAX ? g->n[part] : AGENDA_PART_MAX;
    if (g->n[part] == 0)
        return;
    qsort(g->found[part], g->n[part], sizeof *g->found[part], by_due);
    *items = (struct agenda_items){arena_take(g->a, n * sizeof *items->row), n, g->n[part]};
    if (items->row == NULL) {
        g->full = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        items->row[i] = g->found[part][i].row;
}

enum cau_err agenda_draft(const struct desk *d, struct view *v, struct arena *a,
                          const struct agenda_asked *asked, struct agenda *out)
{
    memset(out, 0, sizeof *out);
    out->day = asked->day;
    struct drafting g = {.d = d, .v = v, .a = a, .asked = asked, .out = out};
    out->next = mechanism_next(d, asked->reader, asked->mechanism, asked->rotation, asked->day);
    struct desk_days on = asked->session != NULL ? asked->session->on : out->next.on;
    g.until = desk_known(on) ? on.first : asked->day + AGENDA_DUE_DAYS;
    draft_commitments(&g);
    enum cau_err err = draft_agreements(&g);
    if (err == CAU_OK)
        err = draft_obstacles(&g);
    static const enum agenda_part sorted[] = {AGENDA_OVERDUE, AGENDA_DIFFERING, AGENDA_DUE,
                                              AGENDA_EXPIRING};
    for (size_t i = 0; err == CAU_OK && i < countof(sorted); i++)
        sort(&g, sorted[i]);
    return err != CAU_OK ? err : g.full ? CAU_ERR_MEMORY : CAU_OK;
}

/* ---- into the session ---- */

static bool names(const struct value *rows, struct str about)
{
    for (uint32_t i = 0; rows != NULL && i < rows->n; i++)
        if (str_equal(value_get_str(&rows->item[i], "about"), about))
            return true;
    return false;
}

static enum cau_err set_number(struct arena *a, struct value *row, uint32_t n)
{
    char *text = arena_take(a, 12);
    if (text == NULL)
        return CAU_ERR_MEMORY;
    struct buf b = buf_new(12);
    buf_add_u64(&b, n);
    size_t len = b.len;
    memcpy(text, b.p, len);
    buf_free(&b);
    return value_set(a, row, STR("number"), value_string((struct str){text, len}));
}

/* What is there, then what is new of the draft. */
static enum cau_err join(struct arena *a, const struct value *old, const struct value *rows,
                         struct value *out)
{
    enum cau_err err = CAU_OK;
    *out = value_array();
    for (uint32_t i = 0; old != NULL && i < old->n && err == CAU_OK; i++)
        err = value_push(a, out, old->item[i]);
    for (uint32_t i = 0; i < rows->n && err == CAU_OK; i++) {
        struct str about = value_get_str(&rows->item[i], "about");
        struct value row;
        if (old != NULL && (about.len == 0 || names(old, about)))
            continue;
        err = value_copy(a, &rows->item[i], &row);
        if (err == CAU_OK && old != NULL)
            err = set_number(a, &row, out->n + 1);
        if (err == CAU_OK)
            err = value_push(a, out, row);
    }
    return err;
}

enum register_why agenda_take(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after,
                              const struct value *rows, struct register_outcome *out)
{
    memset(out, 0, sizeof *out);
    struct view_record r;
    struct value form, all;
    enum register_why why = register_current(n, a, actor, id, &r);
    if (why != REGISTER_DONE)
        return why;
    if (!str_is(r.kind->name, "session") || r.withdrawn)
        return REGISTER_GONE;
    if (!may(actor, MAY_EDIT, r.kind, &r))
        return REGISTER_NOT_ALLOWED;
    if (!str_is(value_get_str(&r.payload, "status"), "planned"))
        return REGISTER_STATE;
    enum cau_err err = join(a, value_get(&r.payload, "agenda"), rows, &all);
    if (err == CAU_OK)
        err = register_form(a, &r, &form);
    if (err == CAU_OK)
        err = value_set(a, &form, STR("agenda"), all);
    why = err == CAU_OK ? register_save(n, a, actor, &form, r.id, after, out)
                        : register_why_of(err);
    if (why ==
        REGISTER_DONE) /* each by itself: one that was answered meanwhile holds up nothing */
        (void)obstacle_take_agenda(n, a, actor, r.id, rows);
    return why;
}
