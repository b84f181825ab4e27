/* What a mechanism's page shows beyond its fields: the next session and from what that follows, who is in office, bodies by
 * side, sub-committees, sessions. */
#include "base/clock.h"
#include "domain/desk/mechanism.h"
#include "web/part/present.h"
#include "web/record/record_int.h"

enum { SESSIONS_SHOWN = 60 };

bool mechanism_page_shows(const struct kind *kind, const struct kind_field *f)
{
    return str_is(kind->name, "mechanism") &&
           (str_is(f->name, "bodies") || str_is(f->name, "officers"));
}

static void add_next(struct ask *q, struct html_map *m, const struct mechanism_next *next,
                     int32_t day)
{
    struct html_map *n = html_item(m, "next");
    if (next->number > 0)
        html_text(n, "number", ask_number(q, next->number));
    if (next->host != 0) {
        html_text(n, "host", present_side(q, next->host));
        html_text(
            n, "host_from",
            ask_label(q, "mechanism.from.", str_of(mechanism_from_name(next->host_from))));
    }
    if (desk_known(next->on)) {
        html_text(n, "on", present_days(q, next->on));
        html_text(n, "on_from",
                  ask_label(q, "mechanism.from.", str_of(mechanism_from_name(next->on_from))));
        html_flag(n, "late", next->on.last < day);
    }
    if (next->planned != NULL)
        (void)present_link(q, html_item(n, "session"), next->planned->doc);
}

/* ---- by side ---- */

static bool is_listed(const struct value *row, bool officers, bool in_office, int32_t day)
{
    return !officers || mechanism_in_office(value_get_str(row, "from"),
                                            value_get_str(row, "until"), day) == in_office;
}

static void add_officer(struct ask *q, struct html_map *one, const struct value *row)
{
    struct record_text office = record_pick(value_get(row, "office"), q->lang);
    html_text(one, "name", value_get_str(row, "person"));
    html_text(one, "role", present_listed(q, "delegation_role", value_get_str(row, "role")));
    html_text(one, "office", office.text);
    if (!str_equal(office.lang, lang_code(q->lang)))
        html_text(one, "lang", office.lang);
    if (value_get(row, "from") != NULL)
        html_text(one, "since", ask_date(q, value_get_str(row, "from")));
    if (value_get(row, "until") != NULL)
        html_text(one, "until", ask_date(q, value_get_str(row, "until")));
}

static void add_body(struct ask *q, struct html_map *one, const struct value *row)
{
    struct str to = value_get_str(row, "organization");
    if (!present_link(q, one, view_find(q->view, q->reader, to)))
        html_text(one, "title", record_id_valid(to) ? ask_say(q, "record.link_hidden") : to);
    if (value_get(row, "role") != NULL)
        html_text(one, "role", present_listed(q, "body_role", value_get_str(row, "role")));
}

/* The list `key` of sides with their rows: those in office, those before, or bodies. */
static void add_sides(struct ask *q, struct html_map *m, const char *key,
                      const struct value *rows, bool officers, bool in_office, int32_t day)
{
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        struct str side = value_get_str(&rows->item[i], "side");
        bool first = is_listed(&rows->item[i], officers, in_office, day);
        for (uint32_t k = 0; k < i && first; k++)
            first = !str_equal(value_get_str(&rows->item[k], "side"), side) ||
                    !is_listed(&rows->item[k], officers, in_office, day);
        if (!first)
            continue;
        struct html_map *list = html_item(m, key);
        html_text(list, "side", present_country(q, side));
        for (uint32_t k = i; k < rows->n; k++) {
            const struct value *row = &rows->item[k];
            if (!str_equal(value_get_str(row, "side"), side) ||
                !is_listed(row, officers, in_office, day))
                continue;
            struct html_map *one = html_item(list, "people");
            if (officers)
                add_officer(q, one, row);
            else
                add_body(q, one, row);
        }
    }
}

/* ---- sub-committees, sessions ---- */

static void add_parts(struct ask *q, struct html_map *m, const struct desk *d, uint32_t doc)
{
    const struct desk_row *r;
    size_t at = 0;
    while ((r = desk_next(d, q->reader, DESK_MECHANISM, &at)) != NULL)
        if (r->mechanism != DESK_NO_NAME && desk_doc(d, r->mechanism) == doc)
            (void)present_link(q, html_item(m, "parts"), r->doc);
}

static void add_session(struct ask *q, struct html_map *m, const struct desk_row *r)
{
    const struct kind_list *status = kinds_find_list(q->site->kinds, STR("session_status"));
    struct html_map *one = html_item(m, "sessions");
    (void)present_link(q, one, r->doc);
    if (r->number > 0)
        html_text(one, "number", ask_number(q, r->number));
    if (desk_known(r->on))
        html_text(one, "on", present_days(q, r->on));
    if (r->host != 0)
        html_text(one, "host", present_side(q, r->host));
    if (status != NULL && r->state < status->n)
        html_text(one, "status", status->code[r->state].label[q->lang]);
}

static void add_now(struct ask *q, struct html_map *m, const struct desk *d,
                    const struct view_record *r, int32_t day)
{
    const struct desk_row *row = desk_row(d, q->record_reader, r->doc), **list;
    size_t n = 0;
    html_flag(m, "now", true);
    if (row != NULL && !r->withdrawn) {
        struct mechanism_next next = mechanism_next(
            d, q->reader, row, mechanism_read_rotation(value_get_str(&r->payload, "rotation")),
            day);
        add_next(q, m, &next, day);
    }
    add_parts(q, m, d, r->doc);
    if (mechanism_sessions(d, q->arena, q->reader, r->doc, &list, &n) != CAU_OK) {
        q->model.failed = true;
        return;
    }
    for (size_t i = 0; i < n && i < SESSIONS_SHOWN; i++)
        add_session(q, m, list[i]);
    if (n > SESSIONS_SHOWN)
        html_number(m, "left", (int64_t)(n - SESSIONS_SHOWN));
}

bool mechanism_page_add(struct ask *q, const struct view_record *r, bool now)
{
    if (!str_is(r->kind->name, "mechanism") || r->redacted)
        return true;
    const struct desk *d = now ? ask_desk(q) : NULL;
    if (now && d == NULL)
        return false;
    int32_t day = desk_day_of_ms(now ? clock_now_ms() : r->time_ms);
    struct html_map *m = html_item(q->page, "mechanism");
    html_text(m, "address", present_address(q, r->id));
    add_sides(q, m, "officers", value_get(&r->payload, "officers"), true, true, day);
    add_sides(q, m, "former", value_get(&r->payload, "officers"), true, false, day);
    add_sides(q, m, "bodies", value_get(&r->payload, "bodies"), false, true, day);
    if (now)
        add_now(q, m, d, r, day);
    return true;
}
