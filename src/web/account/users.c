#include "base/words.h"
#include "web/account/account.h"

static const char *const role_name[] = {"member",  "editor",   "adviser",      "secretary",
                                        "officer", "reviewer", "administrator"};

static unsigned role_bit(size_t i)
{
    return 1u << i; /* the order of enum local_role */
}

static void add_roles(struct ask *q, struct html_map *m, unsigned roles)
{
    for (size_t i = 0; i < countof(role_name); i++) {
        struct html_map *option = html_item(m, "options");
        html_text(option, "value", str_of(role_name[i]));
        html_text(option, "label", ask_label(q, "role.", str_of(role_name[i])));
        html_flag(option, "chosen", (roles & role_bit(i)) != 0);
    }
}

static unsigned read_roles(struct ask *q)
{
    unsigned roles = 0;
    const struct http_fields *form = &q->http->form;
    for (size_t i = 0; i < form->n; i++)
        for (size_t r = 0; str_is(form->v[i].name, "role") && r < countof(role_name); r++)
            if (str_is(form->v[i].value, role_name[r]))
                roles |= role_bit(r);
    return roles;
}

static void add_user(struct ask *q, struct html_map *m, const struct local_user *u)
{
    html_text(m, "name", u->name);
    html_text(m, "display", u->display);
    html_flag(m, "active", u->active);
    html_text(m, "time", ask_time(q, u->made_ms));
    for (size_t i = 0; i < countof(role_name); i++)
        if ((u->roles & role_bit(i)) != 0)
            html_text(html_item(m, "roles"), "label",
                      ask_label(q, "role.", str_of(role_name[i])));
    uint32_t doc =
        u->organization.len == 0 ? 0 : view_find(q->view, q->reader, u->organization);
    struct view_record r;
    if (doc != 0 && view_get(q->view, q->arena, q->reader, doc, &r) == CAU_OK)
        html_text(m, "organization", record_title(r.kind, &r.payload, q->lang).text);
}

static bool allowed(struct ask *q)
{
    if (ask_may(q, MAY_USERS, NULL, NULL))
        return true;
    ask_error(q, 403);
    return false;
}

static void show_list(struct ask *q)
{
    struct local_user *user;
    size_t n = 0;
    if (local_user_list(view_store(q->view), q->arena, &user, &n) != CAU_OK) {
        ask_error(q, 500);
        return;
    }
    ask_title(q, ask_say(q, "users.title"));
    for (size_t i = 0; i < n; i++)
        add_user(q, html_item(q->page, "users"), &user[i]);
    add_roles(q, q->page, read_roles(q));
    html_text(q->page, "name", ask_form(q, "name"));
    html_text(q->page, "display", ask_form(q, "display"));
    ask_token(q, q->page, "token", "users");
    ask_page(q, "users");
}

void users_list(struct ask *q)
{
    if (allowed(q))
        show_list(q);
}

/* The words for a problem of a place; what the rules report beside "name", "password", "display". */
static void add_problems(struct ask *q, const struct register_outcome *out,
                         enum register_why why)
{
    if (why == REGISTER_TAKEN)
        html_text(html_item(q->page, "errors"), "text", ask_say(q, "users.taken"));
    for (size_t i = 0; why == REGISTER_PROBLEMS && i < out->problems.n; i++)
        html_text(html_item(q->page, "errors"), "text",
                  ask_label(q, "users.bad.", out->problems.v[i].place));
}

void users_add(struct ask *q)
{
    struct register_outcome out;
    uint32_t id = 0;
    struct str name = str_trim(ask_form(q, "name"));
    enum register_why why =
        people_add(q->site->node, q->arena, &q->actor, name, str_trim(ask_form(q, "display")),
                   ask_form(q, "password"), read_roles(q), q->lang, &id, &out);
    if (why == REGISTER_DONE) {
        ask_go(q, ask_print(q, "/%.*s/users?done=user_added", STR_ARG(lang_code(q->lang))));
        return;
    }
    if (why != REGISTER_PROBLEMS && why != REGISTER_TAKEN) {
        ask_refused(q, why);
        return;
    }
    q->answer->status = why == REGISTER_TAKEN ? 409 : 400;
    add_problems(q, &out, why);
    show_list(q);
}

/* ---- one user ---- */

static void show_one(struct ask *q)
{
    struct local_user user;
    if (local_user_find(view_store(q->view), q->arena, q->part[1], &user) != CAU_OK) {
        ask_error(q, 404);
        return;
    }
    ask_title(q, user.display.len > 0 ? user.display : user.name);
    struct html_map *m = html_item(q->page, "user");
    add_user(q, m, &user);
    add_roles(q, q->page, user.roles);
    ask_token(q, q->page, "token", "user");
    ask_token(q, q->page, "token_password", "user-password");
    ask_page(q, "user");
}

void users_one(struct ask *q)
{
    if (allowed(q))
        show_one(q);
}

static void finish(struct ask *q, enum register_why why, const struct register_outcome *out)
{
    if (why == REGISTER_DONE) {
        ask_go(q, ask_print(q, "/%.*s/users?done=user_changed", STR_ARG(lang_code(q->lang))));
    } else if (why == REGISTER_PROBLEMS) {
        q->answer->status = 400;
        add_problems(q, out, why);
        show_one(q);
    } else {
        ask_refused(q, why);
    }
}

void users_change(struct ask *q)
{
    struct register_outcome out;
    bool active = ask_form(q, "active").len > 0;
    finish(q,
           people_set_roles(q->site->node, q->arena, &q->actor, q->part[1], read_roles(q),
                            active, &out),
           &out);
}

void users_password(struct ask *q)
{
    struct register_outcome out;
    finish(q,
           people_set_password(q->site->node, q->arena, &q->actor, q->part[1],
                               ask_form(q, "password"), &out),
           &out);
}
