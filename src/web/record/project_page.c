/* What the page of a project or programme says beyond its fields: legal basis, milestones, money, risks. */
#include "domain/desk/agreement.h"
#include "web/part/present.h"
#include "web/part/project_marks.h"
#include "web/record/record_int.h"

static bool is_project(const struct kind *kind)
{
    return str_is(kind->name, "project");
}

static struct str field_label(struct ask *q, const struct kind *kind, const char *name)
{
    const struct kind_field *f = kind_find_field(kind, str_of(name));
    return f == NULL ? (struct str){NULL, 0} : present_label(q, f->label);
}

static const struct value *rows_of(const struct view_record *r, const char *name)
{
    static const struct value none = {.type = VALUE_ARRAY};
    const struct value *rows = value_get(&r->payload, name);
    return rows != NULL && rows->type == VALUE_ARRAY ? rows : &none;
}

/* ---- agreement, decision, project, site, owner ---- */

static struct html_map *add_step(struct html_map *m, struct str what)
{
    struct html_map *step = html_item(m, "steps");
    html_text(step, "what", what);
    return step;
}

/* Marks the members that a record rests on: those it points to, and what they point to. */
static void find_bases(const struct agreement_chain *c, uint32_t doc,
                       bool basis[AGREEMENT_CHAIN_MAX])
{
    bool reached[AGREEMENT_CHAIN_MAX] = {false}, more = true;
    for (size_t i = 0; i < c->n; i++)
        reached[i] = c->member[i].record.doc == doc;
    while (more) {
        more = false;
        for (size_t i = 0; i < c->edges; i++)
            if (reached[c->edge[i].from] && !reached[c->edge[i].to])
                more = reached[c->edge[i].to] = true;
    }
    for (size_t i = 0; i < c->n; i++)
        basis[i] = reached[i] && c->member[i].record.doc != doc;
}

static void add_bases(struct ask *q, struct html_map *m, const struct view_record *r)
{
    struct agreement_chain c;
    bool basis[AGREEMENT_CHAIN_MAX];
    if (agreement_chain(q->view, q->arena, q->reader, r->doc, &c) != CAU_OK)
        return;
    find_bases(&c, r->doc, basis);
    for (size_t i = 0; i < c.n; i++) {
        const struct view_record *b = &c.member[i].record;
        if (!basis[i])
            continue;
        struct html_map *step = add_step(m, present_label(q, b->kind->label));
        present_title(q, step, b->kind, &b->payload);
        html_text(step, "address", present_address(q, b->id));
        html_text(step, "date", ask_date(q, value_get_str(&b->payload, "signed")));
    }
}

static void add_decisions(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct value *rows = rows_of(r, "decisions");
    for (uint32_t i = 0; i < rows->n; i++) {
        struct html_map *step = add_step(m, field_label(q, r->kind, "decisions"));
        present_text(q, step, "title", value_get(&rows->item[i], "title"));
        struct record_text who = record_pick(value_get(&rows->item[i], "authority"), q->lang);
        html_text(step, "who", who.text);
        html_text(step, "number", value_get_str(&rows->item[i], "number"));
        html_text(step, "date", ask_date(q, value_get_str(&rows->item[i], "on")));
    }
}

static void add_basis(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct value *site = value_get(&r->payload, "site");
    struct str owner = value_get_str(&r->payload, "owner");
    add_bases(q, m, r);
    add_decisions(q, m, r);
    bool more = site != NULL || owner.len > 0 || value_get(&r->payload, "capacity") != NULL;
    if (!is_project(r->kind) || (!more && html_count(m, "steps") == 0))
        return;
    struct html_map *step = add_step(m, present_label(q, r->kind->label));
    present_title(q, step, r->kind, &r->payload);
    html_text(step, "who", value_get_str(&r->payload, "capacity"));
    if (site != NULL)
        present_text(q, add_step(m, field_label(q, r->kind, "site")), "title", site);
    if (owner.len == 0)
        return;
    step = add_step(m, field_label(q, r->kind, "owner"));
    if (!present_link(q, step, view_find(q->view, q->reader, owner)))
        html_text(step, "title",
                  record_id_valid(owner) ? ask_say(q, "record.link_hidden") : owner);
}

/* ---- milestones ---- */

static struct timeline_axis axis_of(const struct project_course *c, int32_t today, bool *some)
{
    struct desk_days whole = {today, today};
    *some = false;
    for (size_t i = 0; i < c->n; i++) {
        whole = timeline_cover(whole, c->milestone[i].planned);
        whole = timeline_cover(whole, c->milestone[i].actual);
        *some |= desk_known(c->milestone[i].planned) || desk_known(c->milestone[i].actual);
    }
    return timeline_axis_of(whole);
}

static void add_pace(struct ask *q, struct html_map *row, const struct project_milestone *m)
{
    static const char *const word[] = {[PROJECT_DONE] = "project.reached_on",
                                       [PROJECT_AHEAD] = "project.ahead",
                                       [PROJECT_UNPLANNED] = "project.unplanned"};
    if (m->pace == PROJECT_LATE)
        html_number(row, "late", m->late_days);
    else if (m->pace == PROJECT_DONE_LATE)
        html_number(row, "done_late", m->late_days);
    else
        html_text(row, "pace", ask_say(q, word[m->pace]));
}

static void add_milestones(struct ask *q, struct html_map *m, const struct view_record *r,
                           int32_t today)
{
    struct project_course c;
    bool some;
    if (project_course(q->arena, &r->payload, today, &c) != CAU_OK || c.n == 0)
        return;
    struct timeline_axis axis = axis_of(&c, today, &some);
    struct str planned = ask_say(q, "timeline.planned"), actual = ask_say(q, "timeline.actual");
    unsigned looks = 0;
    struct html_map *t = html_item(m, "course");
    html_text(t, "label", field_label(q, r->kind, "milestones"));
    html_number(t, "done", (int64_t)c.done);
    html_number(t, "count", (int64_t)c.n);
    html_number(t, "late", (int64_t)c.late);
    if (c.next != NULL) {
        struct html_map *next = html_item(t, "next");
        present_text(q, next, "title", value_get(c.next->row, "title"));
        html_text(next, "date", ask_date(q, value_get_str(c.next->row, "planned")));
    }
    if (some)
        timeline_add_axis(q, t, "course-axis", &axis, today);
    for (size_t i = 0; i < c.n; i++) {
        const struct project_milestone *s = &c.milestone[i];
        struct html_map *row = html_item(t, "rows");
        struct timeline_mark mark[PROJECT_MARKS];
        project_marks(s, today, mark);
        struct str date[] = {ask_date(q, value_get_str(s->row, "planned")),
                             ask_date(q, value_get_str(s->row, "actual"))};
        present_text(q, row, "title", value_get(s->row, "title"));
        present_text(q, row, "note", value_get(s->row, "note"));
        html_text(row, "planned", date[0]);
        html_text(row, "actual", date[1]);
        add_pace(q, row, s);
        if (!some)
            continue;
        for (size_t k = 0; k < PROJECT_MARKS; k++)
            looks |= desk_known(mark[k].days) ? 1U << mark[k].look : 0;
        struct str id = ask_print(q, "course-%zu", i);
        struct timeline_strip strip = {id.p == NULL ? "course" : id.p,
                                       record_pick(value_get(s->row, "title"), q->lang).text,
                                       ask_print(q, "%.*s: %.*s; %.*s: %.*s", STR_ARG(planned),
                                                 STR_ARG(date[0].len > 0 ? date[0] : STR("–")),
                                                 STR_ARG(actual),
                                                 STR_ARG(date[1].len > 0 ? date[1] : STR("–"))),
                                       mark, PROJECT_MARKS};
        timeline_add_strip(q, row, &axis, today, &strip);
    }
    if (some)
        timeline_add_legend(q, t, "course-legend", looks, today);
}

/* ---- money ---- */

static void add_sum(struct ask *q, struct html_map *t, const struct project_sum *s,
                    const struct kind_list *list, const bool used[PROJECT_MONEY_KINDS])
{
    struct html_map *row = html_item(t, "rows");
    html_text(row, "side",
              s->side.len > 0 ? present_country(q, s->side) : ask_say(q, "project.no_side"));
    html_text(row, "currency", s->currency);
    if (s->source.len > 0) {
        struct html_map *source = html_item(row, "source");
        if (!present_link(q, source, view_find(q->view, q->reader, s->source)))
            html_text(source, "title",
                      record_id_valid(s->source) ? ask_say(q, "record.link_hidden")
                                                 : s->source);
    }
    for (size_t k = 0; k < list->n && k < PROJECT_MONEY_KINDS; k++) {
        if (!used[k])
            continue;
        char text[PROJECT_AMOUNT_CHARS];
        struct html_map *cell = html_item(row, "cells");
        html_text(cell, "head", list->code[k].label[q->lang]);
        if (s->too_large[k]) {
            html_text(cell, "sum", ask_say(q, "project.too_large"));
        } else if (s->has[k]) {
            size_t n = project_write_amount(s->n[k], s->places, text);
            html_text(cell, "sum", ask_decimal(q, ask_print(q, "%.*s", (int)n, text)));
        }
    }
}

/* A table of sums; by source only when some source is named. */
static void add_sums(struct ask *q, struct html_map *m, const struct view_record *r,
                     bool by_source)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("money_kind"));
    struct project_sums sums;
    bool used[PROJECT_MONEY_KINDS] = {false}, named = false;
    if (list == NULL || project_money(q->arena, &r->payload, list, by_source, &sums) != CAU_OK)
        return;
    for (size_t i = 0; i < sums.n; i++) {
        named |= sums.sum[i].source.len > 0;
        for (size_t k = 0; k < PROJECT_MONEY_KINDS; k++)
            used[k] |= sums.sum[i].has[k];
    }
    if (sums.n == 0 || named != by_source)
        return;
    struct html_map *t = html_item(m, "sums");
    html_text(t, "caption", ask_say(q, by_source ? "project.by_source" : "project.by_side"));
    html_flag(t, "sources", by_source);
    for (size_t k = 0; k < list->n && k < PROJECT_MONEY_KINDS; k++)
        if (used[k])
            html_text(html_item(t, "heads"), "label", list->code[k].label[q->lang]);
    for (size_t i = 0; i < sums.n; i++)
        add_sum(q, t, &sums.sum[i], list, used);
}

static void add_money(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct value *rows = rows_of(r, "money");
    if (rows->n == 0)
        return;
    struct html_map *money = html_item(m, "money");
    add_sums(q, money, r, false);
    add_sums(q, money, r, true);
}

/* ---- risks ---- */

/* The gravest first; those of no stated level last. */
static void add_risks(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct kind_list *levels = kinds_find_list(q->site->kinds, STR("risk_level"));
    const struct value *rows = rows_of(r, "risks");
    if (rows->n == 0 || levels == NULL)
        return;
    struct html_map *t = html_item(m, "risks");
    html_text(t, "label", field_label(q, r->kind, "risks"));
    for (size_t level = levels->n + 1; level-- > 0;) {
        /* levels->n..1 are the codes from the last to the first, 0 is for none */
        struct str code = level == 0 ? STR("") : levels->code[level - 1].code;
        for (uint32_t i = 0; i < rows->n; i++) {
            if (!str_equal(value_get_str(&rows->item[i], "level"), code))
                continue;
            struct html_map *row = html_item(t, "rows");
            present_text(q, row, "risk", value_get(&rows->item[i], "risk"));
            present_text(q, row, "response", value_get(&rows->item[i], "response"));
            html_text(row, "level",
                      level == 0 ? ask_say(q, "project.no_level")
                                 : levels->code[level - 1].label[q->lang]);
            html_flag(row, "high", level == levels->n);
        }
    }
}

void project_add(struct ask *q, const struct view_record *r)
{
    bool project = is_project(r->kind);
    if (r->redacted || (!project && !str_is(r->kind->name, "programme")))
        return;
    int32_t today = desk_today();
    struct str ends = value_get_str(&r->payload, "ends");
    struct html_map *m = html_item(q->page, "project");
    if (project_overdue(value_get_str(&r->payload, "status"), desk_days_of(ends), today)) {
        struct str date = ask_date(q, ends);
        html_text(m, "overdue", ask_fill(q, "project.overdue", &date, 1));
    }
    add_basis(q, m, r);
    if (project)
        add_milestones(q, m, r, today);
    add_money(q, m, r);
    add_risks(q, m, r);
}

bool project_shows(const struct kind *kind, const struct kind_field *f)
{
    static const char *const shown[] = {"basis",    "decisions",  "site", "owner",
                                        "capacity", "milestones", "risks"};
    for (size_t i = 0; i < countof(shown) && is_project(kind); i++)
        if (str_is(f->name, shown[i]))
            return true;
    return false;
}
