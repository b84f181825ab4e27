/* Reminders: the digest page, the calendar for other programs, and how somebody wants to be told. */
#include "domain/people/remind.h"

#include "exchange/mail/calendar.h"
#include "web/account/account.h"
#include "web/part/present.h"
#include "web/record/record_pages.h"

/* What the date of a reminder is. */
static const char *const what_word[REMIND_WHATS] = {
    "remind.what.commitment", "remind.what.obstacle", "remind.what.session",
    "remind.what.agreement"};

/* ---- the digest ---- */

static void add_item(struct ask *q, struct html_map *group, const struct remind *it,
                     const struct view_record *r)
{
    struct html_map *m = html_item(group, "items");
    present_title(q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(q, r->id));
    html_text(m, "kind", present_label(q, r->kind->label));
    html_text(m, "what", ask_say(q, what_word[it->what]));
    html_text(m, "day", present_day(q, it->due));
    html_flag(m, "example", value_get(&r->payload, "example") != NULL);
    bool begun = it->what == REMIND_SESSION && it->due <= desk_today();
    html_number(m, "over", it->due < desk_today() && !begun ? desk_today() - it->due : 0);
    html_number(m, "left", it->due > desk_today() ? it->due - desk_today() : 0);
}

/* The list is by day, so the items of a group follow one another. */
static void add_groups(struct ask *q, const struct remind_list *list)
{
    static const char *const title[REMIND_WHENS] = {"remind.overdue", "remind.week",
                                                    "remind.month", "remind.later"};
    struct html_map *group = NULL;
    enum remind_when last = REMIND_WHENS;
    size_t count = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct view_record r;
        const struct remind *it = &list->v[i];
        enum remind_when when = remind_when_of(it->end, desk_today());
        if (it->what == REMIND_SESSION && when == REMIND_OVERDUE)
            when = REMIND_WEEK;
        if (view_get(q->view, q->arena, q->reader, it->doc, &r) != CAU_OK)
            continue;
        if (group == NULL || when != last) {
            if (group != NULL)
                html_text(group, "count", ask_number(q, (int64_t)count));
            group = html_item(q->page, "groups");
            html_text(group, "title", ask_say(q, title[when]));
            last = when;
            count = 0;
        }
        add_item(q, group, it, &r);
        count++;
    }
    if (group != NULL)
        html_text(group, "count", ask_number(q, (int64_t)count));
}

void remind_page(struct ask *q)
{
    const struct desk *d = ask_desk(q);
    struct remind_list list;
    if (d == NULL)
        return;
    struct remind_person person = remind_person_of(q->view, q->arena, q->site->node, &q->actor);
    if (remind_find(d, q->view, q->arena, &person, desk_today(), REMIND_MONTH_DAYS, &list) !=
        CAU_OK) {
        ask_error(q, 503);
        return;
    }
    ask_title(q, ask_say(q, "remind.title"));
    html_text(q->page, "day", present_day(q, desk_today()));
    html_flag(q->page, "staff", person.staff && person.side != 0);
    if (person.side != 0)
        html_text(q->page, "side", present_side(q, person.side));
    add_groups(q, &list);
    html_number(q->page, "more", (int64_t)list.more);
    obstacle_add_pending(q, q->page);
    ask_page(q, "digest");
}

/* ---- the calendar ---- */

static void add_entry(struct ask *q, struct buf *b, const struct remind *it,
                      const struct view_record *r)
{
    struct str node = node_config(q->site->node)->name;
    struct str title = record_title(r->kind, &r->payload, q->lang).text;
    struct calendar_entry e = {
        .uid = ask_print(q, "%.*s@%.*s", STR_ARG(str_from(r->id, 2)), STR_ARG(node)),
        .task = it->what == REMIND_COMMITMENT || it->what == REMIND_OBSTACLE,
        .first = it->due,
        .last = it->end,
        .stamp_ms = r->time_ms,
        .sequence = r->n,
        .summary = ask_print(q, "%.*s: %.*s", STR_ARG(ask_say(q, what_word[it->what])),
                             STR_ARG(title)),
        .description = present_label(q, r->kind->label),
        .address = ask_print(q, "%.*s%.*s", STR_ARG(ask_origin(q)),
                             STR_ARG(present_address(q, r->id)))};
    calendar_add(b, &e);
}

/* Whoever has the address sees it: nothing private is in it. */
void remind_calendar_feed(struct ask *q)
{
    struct local_user user;
    struct remind_list list;
    if (remind_of_calendar(q->view, q->arena, q->part[0], &user) != CAU_OK) {
        ask_error(q, 404);
        return;
    }
    (void)lang_read(user.lang, &q->lang);
    struct actor actor = actor_of(q->view, &user);
    struct remind_person inside = remind_person_of(q->view, q->arena, q->site->node, &actor),
                         person = remind_person_outside(&inside);
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return;
    if (remind_find(d, q->view, q->arena, &person, desk_today(), REMIND_FEED_DAYS, &list) !=
        CAU_OK) {
        ask_error(q, 503);
        return;
    }
    struct buf b = buf_new(HTTP_ANSWER_BYTES_MAX);
    calendar_begin(&b, ask_print(q, "%.*s · Cầu", STR_ARG(ask_say(q, "remind.title"))));
    for (size_t i = 0; i < list.n; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, person.reader, list.v[i].doc, &r) == CAU_OK)
            add_entry(q, &b, &list.v[i], &r);
    }
    calendar_end(&b);
    if (b.failed || q->model.failed)
        ask_error(q, 503);
    else
        ask_bytes(q, "text/calendar; charset=utf-8", buf_str(&b));
    buf_free(&b);
}

/* ---- how somebody wants to be told ---- */

static const char *const often_name[REMIND_OFTENS] = {"never", "daily", "weekly"};

void remind_add_wish(struct ask *q)
{
    static const char *const word[REMIND_OFTENS] = {"remind.often.never", "remind.often.daily",
                                                    "remind.often.weekly"};
    struct local_reminder kept;
    if (local_reminder_get(view_store(q->view), q->arena, q->user.id, &kept) != CAU_OK)
        return;
    struct html_map *m = html_item(q->page, "reminders");
    bool sent = html_get(q->page, "mail_problem").len > 0;
    html_text(m, "address", sent ? ask_form(q, "address") : kept.address);
    html_text(m, "mail_problem", html_get(q->page, "mail_problem"));
    for (unsigned i = 0; i < REMIND_OFTENS; i++) {
        struct html_map *choice = html_item(m, "choices");
        html_text(choice, "value", str_of(often_name[i]));
        html_text(choice, "label", ask_say(q, word[i]));
        html_flag(choice, "chosen",
                  sent ? str_is(ask_form(q, "often"), often_name[i]) : kept.often == i);
    }
    html_flag(m, "no_mail", q->site->mail == NULL);
    html_flag(m, "has_calendar", kept.has_calendar);
    struct str address = html_get(q->page, "calendar_address");
    if (address.len > 0)
        html_text(html_item(m, "calendar"), "address", address);
    ask_token(q, m, "token_mail", "reminders");
    ask_token(q, m, "token_calendar", "own-calendar");
}

static void go_back(struct ask *q, const char *done)
{
    ask_go(q,
           ask_print(q, "/%.*s/account?done=%s#reminders", STR_ARG(lang_code(q->lang)), done));
}

void remind_wish_save(struct ask *q)
{
    struct register_outcome out;
    unsigned often = 0;
    while (often < REMIND_OFTENS && !str_is(ask_form(q, "often"), often_name[often]))
        often++;
    if (often == REMIND_OFTENS) {
        ask_error(q, 400);
        return;
    }
    enum register_why why = remind_set(q->site->node, &q->actor, ask_form(q, "address"),
                                       (enum remind_often)often, &out);
    if (why == REGISTER_DONE) {
        go_back(q, "reminders");
    } else if (why == REGISTER_PROBLEMS) {
        q->answer->status = 400;
        html_text(q->page, "mail_problem", ask_say(q, "remind.bad_address"));
        account_page(q);
    } else {
        ask_refused(q, why);
    }
}

void remind_calendar_save(struct ask *q)
{
    char token[REMIND_TOKEN_CHARS];
    bool make = str_is(ask_form(q, "what"), "make");
    enum register_why why = make ? remind_calendar(q->site->node, &q->actor, token)
                                 : remind_calendar_stop(q->site->node, &q->actor);
    if (why != REGISTER_DONE) {
        ask_refused(q, why);
    } else if (!make) {
        go_back(q, "calendar_stopped");
    } else {
        /* A view of after the change; the address is shown on this answer and never again. */
        view_give(q->site->node, q->view);
        q->view = view_take(q->site->node);
        html_text(q->page, "calendar_address",
                  ask_print(q, "%.*s/calendar/%.*s", STR_ARG(ask_origin(q)), (int)sizeof token,
                            token));
        account_page(q);
    }
}
