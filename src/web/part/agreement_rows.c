#include "web/part/agreement_rows.h"

#include "web/part/present.h"
#include "web/part/project_marks.h"

static const char *const date_field[] = {"signed", "established", "starts", "held_on"};

static struct str date_of(const struct view_record *r)
{
    struct str date = {NULL, 0};
    for (size_t i = 0; i < countof(date_field) && date.len == 0; i++)
        date = value_get_str(&r->payload, date_field[i]);
    return date;
}

static bool is_agreement(const struct view_record *r)
{
    return str_is(r->kind->name, "agreement");
}

static struct desk_days days_of(const struct view_record *r, const char *field)
{
    return desk_days_of(value_get_str(&r->payload, field));
}

/* ---- marks ---- */

/* The bar of what lasts: from when it holds, to its end, or open when it is in force without one. */
static struct timeline_mark term_bar(const struct view_record *r, int32_t today)
{
    struct timeline_mark bar = {TIMELINE_RUN, {DESK_NO_DAY, DESK_NO_DAY}};
    struct agreement_term term = agreement_term_of(&r->payload, today);
    struct desk_days from = days_of(r, "in_force");
    if (!desk_known(from))
        from = days_of(r, "signed");
    if (!desk_known(from) || (!desk_known(term.ends) && term.validity != AGREEMENT_IN_FORCE))
        return bar;
    bar.days = (struct desk_days){from.first, desk_known(term.ends) ? term.ends.last : today};
    if (!desk_known(term.ends))
        bar.look = TIMELINE_OPEN;
    if (bar.days.last < bar.days.first)
        bar.days.last = bar.days.first;
    return bar;
}

static struct timeline_mark mark_of(struct desk_days days, int32_t today)
{
    bool ahead = desk_known(days) && days.first > today;
    return (struct timeline_mark){ahead ? TIMELINE_PLANNED : TIMELINE_ACTUAL, days};
}

enum { MARKS = 3 };

static void find_marks(const struct view_record *r, int32_t today,
                       struct timeline_mark mark[MARKS])
{
    mark[0] = is_agreement(r) ? term_bar(r, today) : project_bar(&r->payload, today);
    mark[1] = mark_of(desk_days_of(date_of(r)), today);
    mark[2] = mark_of(days_of(r, "renewed"), today);
}

/* ---- a table ---- */

struct agreement_rows agreement_rows_begin(struct ask *q, const char *id, int32_t today)
{
    return (struct agreement_rows){.q = q, .today = today, .whole = {today, today}, .id = id};
}

void agreement_rows_look(struct agreement_rows *t, const struct view_record *r)
{
    struct timeline_mark mark[MARKS];
    find_marks(r, t->today, mark);
    for (size_t i = 0; i < MARKS; i++)
        t->whole = timeline_cover(t->whole, mark[i].days);
}

void agreement_rows_axis(struct agreement_rows *t, struct html_map *m)
{
    struct str id = ask_print(t->q, "%s-axis", t->id);
    t->axis = timeline_axis_of(t->whole);
    timeline_add_axis(t->q, m, id.p == NULL ? t->id : id.p, &t->axis, t->today);
}

void agreement_rows_end(struct agreement_rows *t, struct html_map *m)
{
    struct str id = ask_print(t->q, "%s-legend", t->id);
    timeline_add_legend(t->q, m, id.p == NULL ? t->id : id.p, t->looks, t->today);
}

/* "Signed: 7 March 1959. In force from: ..." of those dates the record has. */
static struct str say_dates(struct ask *q, const struct view_record *r)
{
    static const char *const field[] = {"signed",   "established", "starts",  "held_on",
                                        "in_force", "expires",     "renewed", "ends"};
    struct buf b = buf_new(4096);
    for (size_t i = 0; i < countof(field); i++) {
        const struct kind_field *f = kind_find_field(r->kind, str_of(field[i]));
        struct str date = value_get_str(&r->payload, field[i]);
        if (f == NULL || date.len == 0)
            continue;
        if (b.len > 0)
            buf_add_word(&b, "; ");
        buf_add(&b, present_label(q, f->label));
        buf_add_word(&b, ": ");
        buf_add(&b, ask_date(q, date));
    }
    struct str out = b.len == 0 ? ask_say(q, "agreement.no_date") : ask_keep(q, &b);
    buf_free(&b);
    return out;
}

static void add_strip(struct agreement_rows *t, struct html_map *row,
                      const struct view_record *r)
{
    struct timeline_mark mark[MARKS];
    find_marks(r, t->today, mark);
    for (size_t i = 0; i < MARKS; i++)
        t->looks |= desk_known(mark[i].days) ? 1U << mark[i].look : 0;
    struct str id = ask_print(t->q, "%s-%zu", t->id, t->n);
    struct timeline_strip strip = {id.p == NULL ? t->id : id.p,
                                   record_title(r->kind, &r->payload, t->q->lang).text,
                                   say_dates(t->q, r), mark, MARKS};
    timeline_add_strip(t->q, row, &t->axis, t->today, &strip);
}

/* ---- validity ---- */

static struct str validity_words(struct ask *q, const struct view_record *r,
                                 const struct agreement_term *term)
{
    static const char *const word[] = {[AGREEMENT_NOT_SAID] = "agreement.not_said",
                                       [AGREEMENT_NOT_YET] = "agreement.not_yet",
                                       [AGREEMENT_IN_FORCE] = "agreement.in_force",
                                       [AGREEMENT_OVER] = "agreement.over"};
    const struct kind_field *f = kind_find_field(r->kind, STR("status"));
    struct str status = value_get_str(&r->payload, "status");
    return f == NULL || status.len == 0 ? ask_say(q, word[term->validity])
                                        : kind_code_label(f->list, status, q->lang);
}

/* What is to be said of its end beside its status; NULL: nothing. */
static const char *end_words(const struct agreement_term *term)
{
    if (term->renewed_on)
        return "agreement.renewed_on";
    if (!desk_known(term->ends))
        return NULL;
    if (term->validity != AGREEMENT_OVER)
        return "agreement.until";
    return term->contradicts ? "agreement.ended" : NULL;
}

void agreement_rows_validity(struct ask *q, struct html_map *m, const struct view_record *r,
                             int32_t today)
{
    struct agreement_term term = agreement_term_of(&r->payload, today);
    struct str status = value_get_str(&r->payload, "status"),
               words = validity_words(q, r, &term);
    struct str date =
        ask_date(q, value_get_str(&r->payload, term.renewed_on ? "renewed" : "expires"));
    const char *id = end_words(&term);
    bool expired = status.len == 0 || str_is(status, "expired");
    if (id != NULL)
        words = ask_print(q, "%.*s; %.*s", STR_ARG(words), STR_ARG(ask_fill(q, id, &date, 1)));
    else if (term.validity == AGREEMENT_OVER && desk_known(term.ends) && expired)
        words = ask_fill(q, "agreement.expired", &date, 1);
    html_text(m, "validity", words);
    html_flag(m, "quiet",
              term.validity == AGREEMENT_NOT_SAID &&
                  !desk_known(term.ends)); /* nothing is known */
    if (term.contradicts)
        html_text(m, "doubt", ask_say(q, "agreement.doubt"));
}

/* ---- a row ---- */

static void add_relation(struct ask *q, struct html_map *row, struct str label, struct str to)
{
    struct html_map *m = html_item(row, "relations");
    html_text(m, "label", label);
    if (!present_link(q, m, view_find(q->view, q->reader, to)))
        html_text(m, "title", record_id_valid(to) ? ask_say(q, "record.link_hidden") : to);
}

/* What it says of others: carries out, amends, rests on. */
static void add_relations(struct ask *q, struct html_map *row, const struct view_record *r)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("relation"));
    const struct value *links = value_get(&r->payload, "links"),
                       *basis = value_get(&r->payload, "basis");
    for (uint32_t i = 0; links != NULL && links->type == VALUE_ARRAY && i < links->n; i++) {
        struct str rel = value_get_str(&links->item[i], "rel");
        if (agreement_joins(rel))
            add_relation(q, row, kind_code_label(list, rel, q->lang),
                         value_get_str(&links->item[i], "to"));
    }
    for (uint32_t i = 0; basis != NULL && basis->type == VALUE_ARRAY && i < basis->n; i++)
        if (basis->item[i].type == VALUE_STRING)
            add_relation(q, row, kind_code_label(list, STR("legal_basis"), q->lang),
                         basis->item[i].string);
}

static struct str kind_words(struct ask *q, const struct view_record *r)
{
    const struct kind_field *f = kind_find_field(r->kind, STR("agreement_kind"));
    struct str code = value_get_str(&r->payload, "agreement_kind");
    return f == NULL || code.len == 0 ? present_label(q, r->kind->label)
                                      : kind_code_label(f->list, code, q->lang);
}

struct html_map *agreement_rows_add(struct agreement_rows *t, struct html_map *m,
                                    const struct view_record *r)
{
    struct ask *q = t->q;
    struct html_map *row = html_item(m, "rows");
    present_title(q, row, r->kind, &r->payload);
    html_text(row, "address", present_address(q, r->id));
    html_text(row, "kind", kind_words(q, r));
    html_text(row, "date", ask_date(q, date_of(r)));
    html_flag(row, "example", value_get(&r->payload, "example") != NULL);
    const struct kind_field *status = kind_find_field(r->kind, STR("status"));
    struct str code = value_get_str(&r->payload, "status");
    if (is_agreement(r))
        agreement_rows_validity(q, row, r, t->today);
    else if (status != NULL && code.len > 0)
        html_text(row, "validity", kind_code_label(status->list, code, q->lang));
    add_relations(q, row, r);
    add_strip(t, row, r);
    t->n++;
    return row;
}
