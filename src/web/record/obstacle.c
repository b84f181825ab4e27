/* Obstacles: the clock on their page with the forms for the next step, putting a member's forward, the list. */
#include "domain/rule/obstacle.h"

#include "web/part/controls.h"
#include "web/part/present.h"
#include "web/record/record_int.h"

#include <string.h>

enum { SESSIONS_SHOWN = 50, ROWS_MAX = 200 };

/* ---- the clock ---- */

/* A row with what the clock looks at, of a record that is shown: other versions than the newest too. */
static struct desk_row row_of(const struct view_record *r)
{
    enum obstacle_status now;
    struct desk_row row = {.kind = DESK_OBSTACLE,
                           .audience = (uint8_t)r->audience,
                           .state = DESK_NO_CODE,
                           .on = desk_days_of(value_get_str(&r->payload, "filed_on")),
                           .due = desk_days_of(value_get_str(&r->payload, "due")),
                           .end = desk_days_of(value_get_str(&r->payload, "answered_on"))};
    if (obstacle_read_status(value_get_str(&r->payload, "status"), &now))
        row.state = (uint8_t)now;
    return row;
}

/* "left", "over" or "today": days to the last day of an answer; "days": those it took. */
static void add_days(struct ask *q, struct html_map *m, const struct desk_row *row)
{
    int32_t due = obstacle_due(row), took = obstacle_days(row);
    if (took >= 0) {
        html_number(m, "took", took);
        html_flag(m, "same_day", took == 0);
    }
    if (!obstacle_waits(row))
        return;
    html_flag(m, "waits", true);
    if (due == DESK_NO_DAY)
        return;
    html_text(m, "due", present_day(q, due));
    html_flag(m, "usual", !desk_known(row->due));
    html_number(m, "left", due > desk_today() ? due - desk_today() : 0);
    html_number(m, "over", due < desk_today() ? desk_today() - due : 0);
    html_flag(m, "today", due == desk_today());
}

static void add_link(struct ask *q, struct html_map *m, const char *key, struct str name)
{
    uint32_t doc = name.len == 0 ? 0 : view_find(q->view, q->reader, name);
    if (name.len == 0)
        return;
    struct html_map *link = html_item(m, key);
    if (!present_link(q, link, doc))
        html_text(link, "title", ask_say(q, "record.link_hidden"));
}

/* ---- forms ---- */

static void add_codes(struct ask *q, struct html_map *form, const char *list_name)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, str_of(list_name));
    for (size_t i = 0; list != NULL && i < list->n; i++) {
        struct html_map *m = html_item(form, "choices");
        html_text(m, "value", list->code[i].code);
        html_text(m, "label", list->code[i].label[q->lang]);
        html_flag(m, "chosen", str_equal(list->code[i].code, ask_form(q, list_name)));
    }
}

/* Sessions that are still to come, the next one first. */
static bool add_sessions(struct ask *q, struct html_map *form)
{
    const struct desk *d = ask_desk(q);
    const struct desk_row *next[SESSIONS_SHOWN], *r;
    size_t at = 0, n = 0;
    if (d == NULL)
        return false;
    while ((r = desk_next(d, q->reader, DESK_SESSION, &at)) != NULL) {
        size_t i = n;
        if (desk_known(r->on) ? r->on.last < desk_today() : r->state == 1)
            continue;
        for (; i > 0 && r->on.first < next[i - 1]->on.first; i--)
            if (i < SESSIONS_SHOWN)
                next[i] = next[i - 1];
        if (i < SESSIONS_SHOWN)
            next[i] = r;
        n += n < SESSIONS_SHOWN;
    }
    for (size_t i = 0; i < n; i++) {
        struct view_record x;
        if (view_get(q->view, q->arena, q->reader, next[i]->doc, &x) != CAU_OK)
            continue;
        struct html_map *m = html_item(form, "choices");
        html_text(m, "value", x.id);
        struct str on = value_get_str(&x.payload, "held_on");
        struct str title = record_title(x.kind, &x.payload, q->lang).text;
        html_text(m, "label",
                  on.len == 0
                      ? title
                      : ask_print(q, "%.*s, %.*s", STR_ARG(title), STR_ARG(ask_date(q, on))));
        html_flag(m, "chosen", str_equal(x.id, ask_form(q, "session")));
    }
    return true;
}

/* The form of one step, closed until it is wanted; open with its problem when it was refused. */
static struct html_map *add_form(struct ask *q, struct html_map *m, const struct view_record *r,
                                 const char *name)
{
    struct html_map *form = html_item(m, name);
    html_text(form, "address", present_address(q, r->id));
    html_text(form, "after", ask_hex(q, &r->leaf));
    ask_token(q, form, "token", name);
    if (str_is(html_get(q->page, "refused"), name)) {
        html_flag(form, "open", true);
        html_text(form, "problem", html_get(q->page, "step_problem"));
    }
    return form;
}

static void add_assign(struct ask *q, struct html_map *m, const struct view_record *r)
{
    struct html_map *form = add_form(q, m, r, "assign");
    bool sent = str_is(html_get(q->page, "refused"), "assign");
    struct str authority =
        sent ? ask_form(q, "authority") : value_get_str(&r->payload, "authority");
    struct str due = sent ? ask_form(q, "due") : value_get_str(&r->payload, "due");
    uint32_t doc = authority.len == 0 ? 0 : view_find(q->view, q->reader, authority);
    html_text(form, "authority", authority);
    html_text(form, "due", due);
    if (doc != 0)
        (void)present_link(q, html_item(form, "now"), doc);
    else if (sent && authority.len > 0)
        present_found(q, form, STR("organization"), authority);
}

/* False: the answer is made already. */
static bool add_forms(struct ask *q, struct html_map *m, const struct view_record *r,
                      enum obstacle_status now)
{
    bool may_take[OBSTACLE_STATUSES];
    for (unsigned i = 0; i < OBSTACLE_STATUSES; i++)
        may_take[i] = obstacle_may_become(now, (enum obstacle_status)i) &&
                      obstacle_may_move(q->view, q->arena, q->site->node, &q->actor, r,
                                        (enum obstacle_status)i);
    if (may_take[OBSTACLE_ASSIGNED])
        add_assign(q, m, r);
    if (may_take[OBSTACLE_ANSWERED]) {
        struct html_map *form = add_form(q, m, r, "answer");
        html_text(form, "answer", ask_form(q, "answer"));
        html_text(form, "answered_on", ask_form(q, "answered_on"));
    }
    if (may_take[OBSTACLE_ESCALATED] && !add_sessions(q, add_form(q, m, r, "escalate")))
        return false;
    if (may_take[OBSTACLE_RESOLVED])
        add_codes(q, add_form(q, m, r, "settle"), "satisfaction");
    return true;
}

/* ---- the section of the record page ---- */

bool obstacle_add_clock(struct ask *q, const struct view_record *r)
{
    enum obstacle_status now;
    if (!obstacle_is(r))
        return true;
    struct html_map *m = html_item(q->page, "obstacle");
    bool filed = obstacle_status_in(r, &now);
    struct desk_row row = row_of(r);
    html_text(m, "address", present_address(q, r->id));
    html_text(m, "filed", ask_date(q, value_get_str(&r->payload, "filed_on")));
    html_text(m, "answered", ask_date(q, value_get_str(&r->payload, "answered_on")));
    html_flag(m, "reported", filed && now == OBSTACLE_REPORTED);
    add_link(q, m, "authority", value_get_str(&r->payload, "authority"));
    add_link(q, m, "session", value_get_str(&r->payload, "session"));
    add_days(q, m, &row);
    if (!filed) {
        html_flag(m, "entrusted", true);
        add_link(q, m, "association", value_get_str(&r->payload, "through"));
        add_link(q, m, "forwarded", value_get_str(&r->payload, "forwarded"));
        html_flag(m, "can_forward",
                  value_get(&r->payload, "forwarded") == NULL && !r->withdrawn &&
                      obstacle_find(q->view, q->arena, &q->actor, r->id) != 0);
        return true;
    }
    return !q->signed_in || r->withdrawn || add_forms(q, m, r, now);
}

/* ---- steps ---- */

static const char *problem_of(const struct register_outcome *out)
{
    static const struct {
        const char *place, *word;
    } word[] = {
        {"authority", "obstacle.bad.authority"}, {"due", "obstacle.bad.due"},
        {"answer", "obstacle.bad.answer"},       {"answered_on", "obstacle.bad.answered_on"},
        {"session", "obstacle.bad.session"},     {"satisfaction", "obstacle.bad.satisfaction"}};
    struct str place = out->problems.v[0].place;
    for (size_t i = 0; i < countof(word); i++)
        if (str_is(str_next(&(struct str){place.p, place.len}, '.'), word[i].place))
            return word[i].word;
    return "obstacle.bad.other";
}

/* The page again, with the form that was refused open. */
static void show_refused(struct ask *q, const char *form, const char *problem, unsigned status)
{
    q->answer->status = status;
    html_text(q->page, "refused", str_of(form));
    html_text(q->page, "step_problem", ask_say(q, problem));
    record_page_show(q);
}

static void take_step(struct ask *q, const char *form, struct obstacle_step *step)
{
    struct view_record r;
    struct register_outcome out;
    struct digest after;
    step->lang = q->lang;
    if (!ask_record(q, q->part[1], &r))
        return;
    if (digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK)
        step->after = &after;
    enum register_why why = obstacle_move(q->site->node, q->arena, &q->actor, r.id, step, &out);
    if (why == REGISTER_DONE)
        ask_go(q, ask_print(q, "%.*s?done=%s", STR_ARG(present_address(q, r.id)), form));
    else if (why == REGISTER_PROBLEMS)
        show_refused(q, form, problem_of(&out), 400);
    else if (why == REGISTER_CHANGED)
        show_refused(q, form, "obstacle.changed", 409);
    else
        ask_refused(q, why);
}

/* A candidate that was chosen stands for the words it was found with. */
static struct str picked(const struct ask *q, const char *name, const char *pick)
{
    struct str chosen = ask_form(q, pick);
    return chosen.len > 0 ? chosen : str_trim(ask_form(q, name));
}

void obstacle_assign(struct ask *q)
{
    struct obstacle_step step = {.to = OBSTACLE_ASSIGNED,
                                 .authority = picked(q, "authority", "authority.pick"),
                                 .due = str_trim(ask_form(q, "due"))};
    take_step(q, "assign", &step);
}

void obstacle_answer(struct ask *q)
{
    struct obstacle_step step = {.to = OBSTACLE_ANSWERED,
                                 .answer = ask_form(q, "answer"),
                                 .answered_on = str_trim(ask_form(q, "answered_on"))};
    take_step(q, "answer", &step);
}

void obstacle_escalate(struct ask *q)
{
    struct obstacle_step step = {.to = OBSTACLE_ESCALATED, .session = ask_form(q, "session")};
    take_step(q, "escalate", &step);
}

void obstacle_settle(struct ask *q)
{
    bool resolved = str_is(ask_form(q, "what"), "resolved");
    struct obstacle_step step = {.to = resolved ? OBSTACLE_RESOLVED : OBSTACLE_CLOSED,
                                 .satisfaction = ask_form(q, "satisfaction")};
    if (!resolved && !str_is(ask_form(q, "what"), "closed"))
        ask_error(q, 400);
    else
        take_step(q, "settle", &step);
}

/* ---- putting a member's forward ---- */

const struct kind *obstacle_shown_kind(struct ask *q, const struct kind *kind)
{
    static const char *const theirs[] = {"authority",   "due",          "answer",
                                         "answered_on", "satisfaction", "session"};
    bool staff = q->actor.is_operator ||
                 (q->actor.roles & (LOCAL_SECRETARY | LOCAL_EDITOR | LOCAL_ADMINISTRATOR)) != 0;
    if (staff || !str_is(kind->name, "obstacle"))
        return kind;
    struct kind *own = arena_take(q->arena, sizeof *own);
    struct kind_field *list = arena_take(q->arena, kind->n * sizeof *list);
    if (own == NULL || list == NULL)
        return kind;
    *own = *kind;
    own->field = list;
    own->n = 0;
    for (size_t i = 0; i < kind->n; i++) {
        bool hidden = false;
        for (size_t k = 0; k < countof(theirs); k++)
            hidden = hidden || str_is(kind->field[i].name, theirs[k]);
        if (i == kind->title)
            own->title = own->n;
        if (!hidden)
            list[own->n++] = kind->field[i];
    }
    return own;
}

/* The kind with the fields that go to the other side, so that the page asks for no others. */
static enum cau_err open_kind(struct ask *q, struct kind *out)
{
    static const char *const field[] = {"title", "obstacle_kind", "summary",
                                        "side",  "countries",     "about"};
    const struct kind *kind = kinds_find(q->site->kinds, STR("obstacle"));
    struct kind_field *list = arena_take(q->arena, countof(field) * sizeof *list);
    must(kind != NULL);
    if (list == NULL)
        return CAU_ERR_MEMORY;
    *out = *kind;
    out->field = list;
    out->n = out->title = 0;
    for (size_t i = 0; i < countof(field); i++) {
        const struct kind_field *f = kind_find_field(kind, str_of(field[i]));
        if (f != NULL)
            list[out->n++] = *f;
    }
    return CAU_OK;
}

static void show_forward(struct ask *q, const struct view_record *r, const struct kind *kind,
                         const struct value *form, const struct record_problems *problems)
{
    struct controls controls = {.kind = kind,
                                .value = form,
                                .problems = problems,
                                .find = ask_form(q, "find"),
                                .more = ask_form(q, "more")};
    bool partner = str_is(value_get_str(form, "visibility"), "partner") ||
                   str_is(ask_form(q, "visibility"), "partner");
    ask_title(q, ask_say(q, "obstacle.forward.title"));
    struct html_map *m = html_item(q->page, "record");
    present_title(q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(q, r->id));
    html_text(q->page, "address", present_address(q, r->id));
    html_text(q->page, "after", ask_hex(q, &r->leaf));
    for (unsigned i = RECORD_PUBLIC; i < RECORD_PRIVATE; i++) {
        struct str name = record_audience_name((enum record_audience)i);
        struct html_map *a = html_item(q->page, "audiences");
        html_text(a, "value", name);
        html_text(a, "label", ask_label(q, "audience.", name));
        html_text(a, "hint", ask_label(q, "audience.hint.", name));
        html_flag(a, "chosen", partner == (i == RECORD_PARTNER));
    }
    controls_write(q, q->page, &controls);
    ask_token(q, q->page, "token", "forward");
    ask_page(q, "forward");
}

/* The record, when it was entrusted to his association; else the answer is made. */
static bool find_entrusted(struct ask *q, struct view_record *r)
{
    if (!ask_record(q, q->part[1], r))
        return false;
    bool obstacle = obstacle_is(r) && ask_may(q, MAY_FORWARD, r->kind, r);
    if (obstacle && obstacle_find(q->view, q->arena, &q->actor, r->id) == r->doc)
        return true;
    ask_error(q, 403);
    return false;
}

void obstacle_forward_page(struct ask *q)
{
    struct view_record r;
    struct kind kind;
    struct value form;
    struct record_problems none = {.n = 0};
    if (!find_entrusted(q, &r))
        return;
    if (open_kind(q, &kind) != CAU_OK || obstacle_forward_form(q->arena, &r, &form) != CAU_OK)
        ask_error(q, 503);
    else
        show_forward(q, &r, &kind, &form, &none);
}

void obstacle_forward_save(struct ask *q)
{
    struct view_record r;
    struct kind kind;
    struct value form;
    struct digest after;
    struct register_outcome *out = arena_zero(q->arena, sizeof *out);
    if (!find_entrusted(q, &r))
        return;
    bool known = digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK;
    bool asks = ask_form(q, "find").len > 0 || ask_form(q, "more").len > 0;
    if (out == NULL || open_kind(q, &kind) != CAU_OK ||
        controls_read(q, &kind, &r.payload, &form, &out->problems) != CAU_OK ||
        value_set(q->arena, &form, STR("visibility"),
                  value_string(ask_form(q, "visibility"))) != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    if (asks)
        out->problems.n = 0;
    enum register_why why = REGISTER_PROBLEMS;
    if (!asks && out->problems.n == 0)
        why = obstacle_forward(q->site->node, q->arena, &q->actor, r.id, &form,
                               known ? &after : NULL, out);
    if (why == REGISTER_DONE) {
        struct str id = {out->result.id, RECORD_ID_CHARS};
        ask_go(q, ask_print(q, "%.*s?done=forward", STR_ARG(present_address(q, id))));
    } else if (why == REGISTER_PROBLEMS || why == REGISTER_CHANGED) {
        q->answer->status = asks ? 200 : why == REGISTER_CHANGED ? 409 : 400;
        if (why == REGISTER_CHANGED)
            html_text(q->page, "problem", ask_say(q, "obstacle.changed"));
        show_forward(q, &r, &kind, &form, &out->problems);
    } else {
        ask_refused(q, why);
    }
}

void obstacle_add_pending(struct ask *q, struct html_map *m)
{
    uint32_t *list;
    size_t n = 0;
    if (obstacle_pending(q->view, q->arena, &q->actor, &list, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        struct index_reader reader;
        struct view_record r;
        if (!obstacle_reader(q->view, q->arena, &q->actor, list[i], &reader) ||
            view_get(q->view, q->arena, reader, list[i], &r) != CAU_OK)
            continue;
        struct html_map *item = html_item(m, "entrusted");
        present_title(q, item, r.kind, &r.payload);
        html_text(item, "address", present_address(q, r.id));
        html_text(item, "time", ask_time(q, r.made_ms));
    }
}

/* ---- the list ---- */

static struct str authority_name(struct ask *q, const struct obstacle_authority *x)
{
    struct view_record r;
    if (x->name.len == 0)
        return ask_say(q, "obstacle.no_authority");
    if (x->doc == 0 || view_get(q->view, q->arena, q->reader, x->doc, &r) != CAU_OK)
        return ask_say(q, "record.link_hidden");
    return record_title(r.kind, &r.payload, q->lang).text;
}

static void add_authority(struct ask *q, const struct obstacle_authority *x, bool total)
{
    struct html_map *m = html_item(q->page, total ? "total" : "authorities");
    if (!total) {
        html_text(m, "name", authority_name(q, x));
        if (x->doc != 0)
            html_text(m, "query", x->name);
    }
    html_text(m, "filed", ask_number(q, x->filed));
    html_text(m, "answered", ask_number(q, x->answered));
    html_text(m, "waiting", ask_number(q, x->waiting));
    html_text(m, "past", ask_number(q, x->past));
    html_flag(m, "some_past", x->past > 0);
    if (x->timed > 0) {
        html_text(m, "median", ask_number(q, x->median_days));
        html_text(m, "p90", ask_number(q, x->p90_days));
        html_text(m, "timed", ask_number(q, x->timed));
    }
}

static void add_row(struct ask *q, const struct desk_row *row)
{
    struct view_record r;
    if (view_get(q->view, q->arena, q->reader, row->doc, &r) != CAU_OK)
        return;
    struct html_map *m = html_item(q->page, "rows");
    const struct kind_list *kinds = kinds_find_list(q->site->kinds, STR("obstacle_kind"));
    present_title(q, m, r.kind, &r.payload);
    html_text(m, "address", present_address(q, r.id));
    html_text(m, "kind",
              kind_code_label(kinds, value_get_str(&r.payload, "obstacle_kind"), q->lang));
    html_text(m, "filed", ask_date(q, value_get_str(&r.payload, "filed_on")));
    html_text(m, "status", present_status(q, value_get_str(&r.payload, "status")));
    html_flag(m, "example", value_get(&r.payload, "example") != NULL);
    add_link(q, m, "authority", value_get_str(&r.payload, "authority"));
    add_days(q, m, row);
}

/* Those of one authority when the address asks for one, else all. */
static bool is_wanted(struct ask *q, const struct desk *d, const struct desk_row *row,
                      uint32_t authority)
{
    return authority == 0 ||
           (row->authority != DESK_NO_NAME &&
            view_find(q->view, q->reader, desk_name(d, row->authority)) == authority);
}

void obstacle_list(struct ask *q)
{
    const struct desk *d = ask_desk(q);
    const struct desk_row **row;
    struct obstacle_authority *list, all;
    size_t rows = 0, n = 0, wanted = 0;
    if (d == NULL)
        return;
    struct str named = ask_query(q, "authority");
    uint32_t authority = named.len == 0 ? 0 : view_find(q->view, q->reader, named);
    enum cau_err err = obstacle_waiting(d, q->arena, q->reader, 0, desk_today(), &row, &rows);
    if (err == CAU_OK)
        err = obstacle_authorities(d, q->view, q->arena, q->reader, desk_today(), &list, &n,
                                   &all);
    if (err != CAU_OK) {
        ask_error(q, 503);
        return;
    }
    ask_title(q, ask_say(q, "obstacle.list.title"));
    html_text(q->page, "day", present_day(q, desk_today()));
    for (size_t i = 0; i < rows; i++) {
        if (!is_wanted(q, d, row[i], authority))
            continue;
        if (wanted++ < ROWS_MAX)
            add_row(q, row[i]);
    }
    if (authority != 0)
        (void)present_link(q, html_item(q->page, "only"), authority);
    if (wanted > ROWS_MAX)
        html_number(q->page, "more", (int64_t)(wanted - ROWS_MAX));
    add_authority(q, &all, true);
    for (size_t i = 0; i < n; i++)
        add_authority(q, &list[i], false);
    html_flag(q->page, "can_file",
              ask_may(q, MAY_CREATE, kinds_find(q->site->kinds, STR("obstacle")), NULL));
    obstacle_add_pending(q, q->page);
    ask_page(q, "obstacles");
}
