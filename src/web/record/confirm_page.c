/* Which sides have confirmed a record that a publication reports, and the form to confirm or dispute it. */
#include "domain/rule/confirm.h"

#include "web/part/controls.h"
#include "web/part/present.h"
#include "web/record/indicator_section.h"
#include "web/record/record_int.h"

enum { DISPUTES_SHOWN = 20 };

static struct str standing_label(struct ask *q, enum confirm_standing standing)
{
    if (standing == CONFIRM_OPEN)
        return ask_say(q, "confirm.open");
    return present_listed(q, "standing",
                          standing == CONFIRM_CONFIRMED ? STR("confirmed") : STR("reported"));
}

/* What sides have said against it: claims about it that stand. */
static void add_disputes(struct ask *q, struct html_map *m, const struct view_record *r)
{
    struct view_link *link;
    size_t n = 0;
    if (view_links_to(q->view, q->arena, q->reader, r->doc, &link, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n && html_count(m, "disputes") < DISPUTES_SHOWN; i++) {
        struct view_record c;
        if (link[i].doc == 0 || !str_is(link[i].rel, "about") ||
            view_get(q->view, q->arena, q->reader, link[i].doc, &c) != CAU_OK || c.withdrawn ||
            c.redacted || !str_is(value_get_str(&c.payload, "claim"), "disputes"))
            continue;
        struct html_map *item = html_item(m, "disputes");
        struct record_text text = record_pick(value_get(&c.payload, "statement"), q->lang);
        html_text(item, "side", present_country(q, value_get_str(&c.payload, "country")));
        html_text(item, "date", ask_date(q, value_get_str(&c.payload, "made_on")));
        html_text(item, "text", text.text);
        if (!str_equal(text.lang, lang_code(q->lang)))
            html_text(item, "lang", text.lang);
        html_text(item, "address", present_address(q, c.id));
    }
}

struct html_map *confirm_page_add(struct ask *q, const struct view_record *r)
{
    struct confirm_side side[SIDE_COUNT_MAX];
    if (r->redacted || !confirm_has(r->kind))
        return NULL;
    size_t n = confirm_sides(&r->payload, side);
    if (n == 0)
        return NULL;
    struct html_map *m = html_item(q->page, "confirmation");
    for (size_t i = 0; i < n; i++) {
        struct html_map *s = html_item(m, "sides");
        html_text(s, "name", present_country(q, side[i].side));
        html_text(s, "standing", standing_label(q, side[i].standing));
        html_flag(s, "confirmed", side[i].standing == CONFIRM_CONFIRMED);
        html_text(s, "on", ask_date(q, side[i].on));
        html_text(s, "who", side[i].who);
    }
    add_disputes(q, m, r);
    return m;
}

void confirm_page_form(struct ask *q, struct html_map *m, const struct view_record *r)
{
    struct confirm_side list[SIDE_COUNT_MAX];
    if (m == NULL || !q->signed_in || r->withdrawn || !ask_may(q, MAY_AFFIRM, r->kind, r))
        return;
    struct str side = side_of_actor(q->view, q->arena, q->site->node, &q->actor);
    size_t n = confirm_sides(&r->payload, list), i = 0;
    while (i < n && !str_equal(list[i].side, side))
        i++;
    if (side.len == 0 || i == n)
        return;
    bool sent = str_is(html_get(q->page, "refused"), "affirm");
    struct html_map *form = html_item(m, "affirm");
    html_text(form, "address", present_address(q, r->id));
    html_text(form, "after", ask_hex(q, &r->leaf));
    html_text(form, "side", present_country(q, side));
    html_flag(form, "refused", sent);
    html_flag(form, "confirmed", list[i].standing == CONFIRM_CONFIRMED);
    bool named = !str_equal(q->user.display, q->user.name); /* a sign-in name is none */
    if (sent || named)
        html_text(form, "who", sent ? ask_form(q, "who") : q->user.display);
    html_text(form, "statement", ask_form(q, "statement"));
    ask_token(q, form, "token", "affirm");
}

void confirm_page_save(struct ask *q)
{
    struct view_record r;
    struct register_outcome out = {.problems = {.n = 0}};
    struct digest after;
    struct confirm_word word = {
        .who = ask_form(q, "who"), .statement = ask_form(q, "statement"), .lang = q->lang};
    bool disputes = str_is(ask_form(q, "word"), "dispute");
    if (!ask_record(q, q->part[1], &r))
        return;
    if (digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK)
        word.after = &after;
    if (str_is(r.kind->name, "indicator")) { /* each figure has its own standing */
        indicator_section_confirm(q, &r, word.after);
        return;
    }
    enum register_why why =
        disputes ? confirm_dispute(q->site->node, q->arena, &q->actor, r.id, &word, &out)
                 : confirm_affirm(q->site->node, q->arena, &q->actor, r.id, &word, &out);
    if (why == REGISTER_DONE || why == REGISTER_SAME) {
        ask_go(q, ask_print(q, "%.*s?done=%s", STR_ARG(present_address(q, r.id)),
                            disputes ? "disputed" : "affirmed"));
        return;
    }
    if (why != REGISTER_PROBLEMS && why != REGISTER_CHANGED) {
        ask_refused(q, why);
        return;
    }
    q->answer->status = why == REGISTER_PROBLEMS ? 400 : 409;
    html_text(q->page, "refused", STR("affirm"));
    struct str text = why == REGISTER_CHANGED ? ask_say(q, "confirm.changed")
                                              : controls_problem(q, &out.problems.v[0]);
    if (why == REGISTER_PROBLEMS)
        text = ask_print(q, "%.*s: %.*s",
                         STR_ARG(ask_label(q, "commitment.place.", out.problems.v[0].place)),
                         STR_ARG(text));
    html_text(html_item(q->page, "step_problems"), "text", text);
    record_page_show(q);
}
