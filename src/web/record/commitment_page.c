/* What the sides say on a commitment, side by side on its page, and the forms to tell, to split and to carry it. */
#include "domain/rule/commitment.h"

#include "web/part/controls.h"
#include "web/part/present.h"
#include "web/record/record_int.h"

#include <stdio.h>

enum { SESSIONS_SHOWN = 50, PARTS_SHOWN = 100, PART_ROWS = 4 };

static struct str status_label(struct ask *q, enum commitment_status status)
{
    return present_listed(q, "commitment_status", commitment_status_code(status));
}

static bool is_commitment(const struct view_record *r)
{
    return str_is(r->kind->name, "commitment") && !r->redacted;
}

static void add_link(struct ask *q, struct html_map *m, const char *key, uint32_t doc)
{
    if (doc != 0)
        (void)present_link(q, html_item(m, key), doc);
}

/* ---- what the sides say ---- */

static void add_note(struct ask *q, struct html_map *m, const struct value *note)
{
    struct record_text text = record_pick(note, q->lang);
    html_text(m, "note", text.text);
    if (text.text.len > 0 && !str_equal(text.lang, lang_code(q->lang))) {
        html_text(m, "note_lang", text.lang);
        html_text(m, "note_language", present_language(q, text.lang));
    }
}

static void add_word(struct ask *q, struct html_map *m, const struct commitment_word *word)
{
    html_text(m, "status", status_label(q, word->status));
    html_text(m, "date", ask_date(q, word->date));
    html_text(m, "who", word->who);
    if (html_address_allowed(word->source) && word->source.len > 0 && word->source.p[0] == 'h')
        html_text(m, "href", word->source);
    html_text(m, "source", word->source);
    add_note(q, m, word->note);
}

/* The newest word of a side first; the others below, from the last to the first. */
static void add_words(struct ask *q, struct html_map *m, const struct value *payload,
                      struct str side)
{
    struct commitment_word newest, word;
    size_t n = 0;
    if (!commitment_word_of(payload, side, &newest))
        return;
    struct html_map *now = html_item(m, "said");
    add_word(q, now, &newest);
    html_flag(now, "now", true);
    while (commitment_word_at(payload, n, &word))
        n++;
    bool skipped = false;
    for (size_t i = n; i > 0; i--) {
        if (!commitment_word_at(payload, i - 1, &word) || !str_equal(word.side, side))
            continue;
        bool same = !skipped && word.note == newest.note && word.status == newest.status &&
                    str_equal(word.date, newest.date);
        if (same)
            skipped = true;
        else
            add_word(q, html_item(m, "said"), &word);
    }
}

static void add_sides(struct ask *q, struct html_map *m, const struct view_record *r)
{
    struct str side[SIDE_COUNT_MAX], acting[SIDE_COUNT_MAX];
    size_t n = side_concerned(&r->payload, side), acts = side_acting(&r->payload, acting);
    for (size_t i = 0; i < n; i++) {
        struct html_map *s = html_item(m, "sides");
        html_text(s, "name", present_country(q, side[i]));
        html_flag(s, "acts", side_is_in(acting, acts, side[i]));
        add_words(q, s, &r->payload, side[i]);
    }
}

/* ---- what an official should know at once ---- */

static struct desk_days session_days(struct ask *q, const struct value *payload)
{
    struct view_record s;
    struct str name = value_get_str(payload, "session");
    uint32_t doc = name.len == 0 ? 0 : view_find(q->view, q->reader, name);
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, &s) != CAU_OK)
        return (struct desk_days){DESK_NO_DAY, DESK_NO_DAY};
    return desk_days_of(value_get_str(&s.payload, "held_on"));
}

static void add_flags(struct ask *q, struct html_map *m, const struct view_record *r,
                      enum commitment_status state)
{
    enum commitment_force force;
    struct str due = value_get_str(&r->payload, "due");
    struct desk_days day = desk_days_of(due), held = session_days(q, &r->payload);
    bool closed = commitment_closes(state);
    html_text(m, "state", status_label(q, state));
    html_flag(m, "differs", state == COMMITMENT_DISPUTED);
    if (desk_known(day) && day.last < desk_today() && !closed)
        html_text(m, "overdue", ask_date(q, due));
    if (desk_known(day) && desk_known(held) && day.last < held.first)
        html_text(m, "before_session", ask_date(q, due));
    if (commitment_read_force(value_get_str(&r->payload, "force"), &force) &&
        !commitment_is_agreed(force))
        html_text(m, "weak", present_listed(q, "force", commitment_force_code(force)));
}

static void add_parts(struct ask *q, struct html_map *m, const struct view_record *r)
{
    uint32_t part[PARTS_SHOWN];
    size_t n = commitment_parts(q->view, q->arena, q->reader, r->doc, part, countof(part));
    for (size_t i = 0; i < n; i++) {
        struct view_record p;
        if (view_get(q->view, q->arena, q->reader, part[i], &p) != CAU_OK)
            continue;
        struct html_map *item = html_item(m, "parts");
        enum commitment_status state = commitment_status_of(&p.payload);
        struct str due = value_get_str(&p.payload, "due");
        struct desk_days day = desk_days_of(due);
        present_title(q, item, p.kind, &p.payload);
        html_text(item, "address", present_address(q, p.id));
        html_text(item, "status", status_label(q, state));
        html_text(item, "due", ask_date(q, due));
        html_flag(item, "late",
                  desk_known(day) && day.last < desk_today() && !commitment_closes(state));
        struct str owner = value_get_str(&p.payload, "owner");
        add_link(q, item, "owner", owner.len == 0 ? 0 : view_find(q->view, q->reader, owner));
    }
}

struct html_map *commitment_page_add(struct ask *q, const struct view_record *r)
{
    if (!is_commitment(r))
        return NULL;
    struct html_map *m = html_item(q->page, "commitment");
    html_text(m, "address", present_address(q, r->id));
    add_flags(q, m, r, commitment_status_of(&r->payload));
    add_sides(q, m, r);
    add_parts(q, m, r);
    add_link(q, m, "carried_to", commitment_carried_to(q->view, q->arena, q->reader, r->doc));
    return m;
}

/* ---- forms ---- */

/* Closed until it is wanted; open with its problems when it was refused. */
static struct html_map *add_form(struct ask *q, struct html_map *m, const struct view_record *r,
                                 const char *name)
{
    struct html_map *form = html_item(m, name);
    html_text(form, "address", present_address(q, r->id));
    html_text(form, "after", ask_hex(q, &r->leaf));
    html_flag(form, "refused", str_is(html_get(q->page, "refused"), name));
    ask_token(q, form, "token", name);
    return form;
}

/* Under what name he tells it, when the page does not say: a sign-in name is none. */
static struct str own_name(const struct ask *q)
{
    bool named = !str_equal(q->user.display, q->user.name);
    return named ? q->user.display : (struct str){NULL, 0};
}

static void add_tell(struct ask *q, struct html_map *m, const struct view_record *r,
                     struct str side)
{
    struct html_map *form = add_form(q, m, r, "status");
    bool sent = str_is(html_get(q->page, "refused"), "status");
    html_text(form, "side", present_country(q, side));
    html_text(form, "date", ask_form(q, "date"));
    html_text(form, "who", sent ? ask_form(q, "who") : own_name(q));
    html_text(form, "note", sent ? ask_form(q, "note") : (struct str){NULL, 0});
    html_text(form, "source", ask_form(q, "source"));
    for (unsigned i = 0; i < COMMITMENT_STATUSES; i++) {
        enum commitment_status status = (enum commitment_status)i;
        if (commitment_may_tell(&r->payload, side, status) != REGISTER_DONE)
            continue;
        struct html_map *choice = html_item(form, "choices");
        html_text(choice, "value", commitment_status_code(status));
        html_text(choice, "label", status_label(q, status));
        html_flag(choice, "chosen",
                  sent && str_equal(ask_form(q, "status"), commitment_status_code(status)));
    }
}

/* What was sent of a row of the form. */
static struct str part_field(const struct ask *q, unsigned i, const char *what)
{
    char name[40];
    int n = snprintf(name, sizeof name, "part%u.%s", i, what);
    must(n > 0 && (size_t)n < sizeof name);
    return str_trim(ask_form(q, name));
}

static void add_split(struct ask *q, struct html_map *m, const struct view_record *r,
                      struct str side)
{
    struct html_map *form = add_form(q, m, r, "split");
    bool sent = str_is(html_get(q->page, "refused"), "split");
    html_text(form, "side", present_country(q, side));
    for (unsigned i = 0; i < PART_ROWS; i++) {
        struct html_map *row = html_item(form, "rows");
        struct str organization =
            sent ? part_field(q, i, "organization") : (struct str){NULL, 0};
        uint32_t doc = organization.len == 0 ? 0 : view_find(q->view, q->reader, organization);
        html_number(row, "n", (int64_t)i + 1);
        html_text(row, "name", ask_print(q, "part%u", i));
        html_text(row, "organization", organization);
        if (doc != 0)
            add_link(q, row, "now", doc);
        else if (organization.len > 0)
            present_found(q, row, STR("organization"), organization);
        if (!sent)
            continue;
        html_text(row, "task", part_field(q, i, "task"));
        html_text(row, "due", part_field(q, i, "due"));
    }
}

/* Sessions it can be carried to, the nearest first: of its mechanism when there are any, else of every one. */
static size_t later_sessions(struct ask *q, const struct desk *d, const struct desk_row *c,
                             bool any, const struct desk_row *out[SESSIONS_SHOWN])
{
    const struct desk_row *r;
    uint32_t own = c->session == DESK_NO_NAME ? 0 : desk_doc(d, c->session);
    const struct desk_row *was = own == 0 ? NULL : desk_row(d, q->reader, own);
    size_t at = 0, n = 0;
    while ((r = desk_next(d, q->reader, DESK_SESSION, &at)) != NULL) {
        bool cancelled = r->state == 3;
        bool before = was != NULL && desk_known(was->on) && desk_known(r->on) &&
                      r->on.last < was->on.first;
        if (cancelled || before || r->doc == own ||
            (!any && desk_mechanism(d, r) != desk_mechanism(d, c)))
            continue;
        size_t i = n;
        for (; i > 0 && r->on.first > out[i - 1]->on.first; i--)
            if (i < SESSIONS_SHOWN)
                out[i] = out[i - 1];
        if (i < SESSIONS_SHOWN)
            out[i] = r;
        n += n < SESSIONS_SHOWN;
    }
    return n;
}

/* False: the answer is made already. */
static bool add_carry(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct desk *d = ask_desk(q);
    const struct desk_row *session[SESSIONS_SHOWN];
    if (d == NULL)
        return false;
    const struct desk_row *c = desk_row(d, q->reader, r->doc);
    struct html_map *form = add_form(q, m, r, "carry");
    bool sent = str_is(html_get(q->page, "refused"), "carry");
    size_t n = c == NULL ? 0 : later_sessions(q, d, c, false, session);
    if (c != NULL && n == 0)
        n = later_sessions(q, d, c, true, session);
    html_text(form, "due", ask_form(q, "due"));
    html_text(form, "note", sent ? ask_form(q, "note") : (struct str){NULL, 0});
    html_text(form, "who", sent ? ask_form(q, "who") : own_name(q));
    for (size_t i = 0; i < n; i++) {
        struct view_record s;
        if (view_get(q->view, q->arena, q->reader, session[i]->doc, &s) != CAU_OK)
            continue;
        struct html_map *choice = html_item(form, "choices");
        struct str title = record_title(s.kind, &s.payload, q->lang).text,
                   on = value_get_str(&s.payload, "held_on");
        html_text(choice, "value", s.id);
        html_text(choice, "label",
                  on.len == 0
                      ? title
                      : ask_print(q, "%.*s, %.*s", STR_ARG(title), STR_ARG(ask_date(q, on))));
        html_flag(choice, "chosen", str_equal(s.id, ask_form(q, "session")));
    }
    return true;
}

bool commitment_page_forms(struct ask *q, struct html_map *m, const struct view_record *r)
{
    struct str side, acting[SIDE_COUNT_MAX];
    if (m == NULL || !q->signed_in || r->withdrawn ||
        commitment_speaker(q->view, q->arena, q->site->node, &q->actor, r,
                           (struct str){NULL, 0}, &side) != REGISTER_DONE)
        return true;
    size_t n = side_acting(&r->payload, acting);
    bool acts = n == 0 || side_is_in(acting, n, side);
    bool open = !commitment_closes(commitment_status_of(&r->payload));
    add_tell(q, m, r, side);
    if (acts && open && ask_may(q, MAY_SPLIT, r->kind, r))
        add_split(q, m, r, side);
    if (acts && open && ask_may(q, MAY_CARRY, r->kind, r))
        return add_carry(q, m, r);
    return true;
}

/* ---- steps ---- */

/* "part[1].due" in words: "2, due: This is required". */
static struct str problem_text(struct ask *q, const struct record_problem *p)
{
    struct str place = p->place, message = controls_problem(q, p), row = {NULL, 0};
    if (str_starts(place, STR("part["))) {
        place = str_from(place, 5);
        row = str_next(&place, ']');
        place = str_from(place, place.len > 0 ? 1 : 0);
    }
    struct str label = ask_label(q, "commitment.place.", place);
    if (row.len == 0)
        return ask_print(q, "%.*s: %.*s", STR_ARG(label), STR_ARG(message));
    return ask_print(q, "%d. %.*s: %.*s", row.p[0] - '0' + 1, STR_ARG(label), STR_ARG(message));
}

/* The page again, with the form that was refused open. */
static void show_refused(struct ask *q, const char *form, enum register_why why,
                         const struct register_outcome *out)
{
    q->answer->status = why == REGISTER_PROBLEMS ? 400 : 409;
    html_text(q->page, "refused", str_of(form));
    for (size_t i = 0; why == REGISTER_PROBLEMS && i < out->problems.n; i++)
        html_text(html_item(q->page, "step_problems"), "text",
                  problem_text(q, &out->problems.v[i]));
    if (why != REGISTER_PROBLEMS)
        html_text(html_item(q->page, "step_problems"), "text",
                  why == REGISTER_CHANGED ? ask_say(q, "commitment.changed")
                                          : ask_say(q, "commitment.same"));
    record_page_show(q);
}

static void answer(struct ask *q, const char *form, enum register_why why, struct str id,
                   const struct register_outcome *out)
{
    if (why == REGISTER_DONE)
        ask_go(q, ask_print(q, "%.*s?done=%s", STR_ARG(present_address(q, id)), form));
    else if (why == REGISTER_PROBLEMS || why == REGISTER_CHANGED || why == REGISTER_SAME)
        show_refused(q, form, why, out);
    else
        ask_refused(q, why);
}

/* The version the form was made from, when it says so. */
static const struct digest *after_of(const struct ask *q, struct digest *space)
{
    bool given = digest_from_hex(ask_form(q, "after"), space->b, sizeof space->b) == CAU_OK;
    return given ? space : NULL;
}

void commitment_page_tell(struct ask *q)
{
    struct view_record r;
    struct register_outcome out = {.problems = {.n = 0}};
    struct digest after;
    struct commitment_telling t = {.after = after_of(q, &after),
                                   .date = ask_form(q, "date"),
                                   .who = ask_form(q, "who"),
                                   .note = ask_form(q, "note"),
                                   .source = ask_form(q, "source"),
                                   .lang = q->lang};
    if (!ask_record(q, q->part[1], &r))
        return;
    bool chosen = commitment_read_status(ask_form(q, "status"), &t.status);
    if (!chosen) { /* who may not tell at all is told so first */
        t.status = COMMITMENT_OPEN;
        t.note = t.date = STR("-");
    }
    enum register_why why = commitment_tell(q->site->node, q->arena, &q->actor, r.id, &t, &out);
    if (!chosen && why == REGISTER_PROBLEMS) {
        out.problems.n = 1;
        out.problems.v[0] =
            (struct record_problem){.place = STR("status"), .code = RECORD_REQUIRED};
    }
    answer(q, "status", why, r.id, &out);
}

/* Rows left empty are passed over: a problem names the row it stood in. */
static void at_row(struct ask *q, const unsigned row[PART_ROWS], struct record_problem *p)
{
    if (str_starts(p->place, STR("part[")))
        p->place = ask_print(q, "part[%u]%.*s", row[p->place.p[5] - '0'],
                             STR_ARG(str_from(p->place, 7)));
}

void commitment_page_split(struct ask *q)
{
    struct view_record r;
    struct register_outcome out = {.problems = {.n = 0}};
    struct writer_result made[COMMITMENT_PARTS_MAX];
    struct commitment_part part[PART_ROWS];
    unsigned row[PART_ROWS]; /* of the form, that each part stood in */
    struct digest after;
    struct commitment_split split = {
        .after = after_of(q, &after), .part = part, .lang = q->lang};
    if (!ask_record(q, q->part[1], &r))
        return;
    for (unsigned i = 0; i < PART_ROWS; i++) {
        struct str chosen = part_field(q, i, "pick");
        struct commitment_part p = {
            .organization = chosen.len > 0 ? chosen : part_field(q, i, "organization"),
            .task = part_field(q, i, "task"),
            .due = part_field(q, i, "due")};
        if (p.organization.len + p.task.len + p.due.len > 0) {
            row[split.n] = i;
            part[split.n++] = p;
        }
    }
    enum register_why why =
        commitment_split(q->site->node, q->arena, &q->actor, r.id, &split, made, &out);
    for (size_t i = 0; i < out.problems.n; i++)
        at_row(q, row, &out.problems.v[i]);
    answer(q, "split", why, r.id, &out);
}

void commitment_page_carry(struct ask *q)
{
    struct view_record r;
    struct register_outcome out = {.problems = {.n = 0}};
    struct writer_result made;
    struct digest after;
    struct commitment_carrying carrying = {.after = after_of(q, &after),
                                           .session = ask_form(q, "session"),
                                           .due = ask_form(q, "due"),
                                           .who = ask_form(q, "who"),
                                           .note = ask_form(q, "note"),
                                           .lang = q->lang};
    if (!ask_record(q, q->part[1], &r))
        return;
    enum register_why why =
        commitment_carry(q->site->node, q->arena, &q->actor, r.id, &carrying, &made, &out);
    struct str id = why == REGISTER_DONE ? (struct str){made.id, RECORD_ID_CHARS} : r.id;
    answer(q, "carry", why, id, &out);
}
