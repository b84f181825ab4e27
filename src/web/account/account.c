#include "web/account/account.h"
#include "base/log.h"
#include "domain/report/funnel.h"
#include "domain/rule/claim.h"
#include "web/part/present.h"
#include "web/record/record_pages.h"

#include <string.h>

enum { OWN_MAX = 100, CLAIMS_MAX = 200 };

/* ---- signing in and out ---- */

/* Where to go afterwards: an address of this site, as it was asked for. */
static struct str back_of(struct ask *q, struct str back)
{
    bool ours = back.len > 0 && back.p[0] == '/' && html_address_allowed(back);
    return ours ? back : ask_print(q, "/%.*s/account", STR_ARG(lang_code(q->lang)));
}

static void show_sign_in(struct ask *q, const char *problem, unsigned wait_s)
{
    ask_title(q, ask_say(q, "sign_in.title"));
    struct str back = q->http->method == HTTP_POST ? ask_form(q, "back") : ask_query(q, "back");
    html_text(q->page, "back", back_of(q, back));
    html_flag(q->page, "first", back.len > 0 && problem == NULL);
    html_text(q->page, "name", ask_form(q, "name"));
    if (problem != NULL) {
        struct str minutes = ask_number(q, (wait_s + 59) / 60);
        html_text(q->page, "problem", ask_fill(q, problem, &minutes, 1));
    }
    ask_page(q, "sign_in");
}

void account_sign_in(struct ask *q)
{
    if (q->signed_in)
        ask_go(q, back_of(q, ask_query(q, "back")));
    else
        show_sign_in(q, NULL, 0);
}

static void set_cookie(struct ask *q, struct str token, const char *more)
{
    ask_header(q, "Set-Cookie",
               ask_print(q, "%s=%.*s; Path=/; HttpOnly; SameSite=Strict%s%s", SITE_COOKIE,
                         STR_ARG(token), q->http->secure ? "; Secure" : "", more));
}

void account_sign_in_try(struct ask *q)
{
    char token[64];
    unsigned wait_s = 0;
    struct str before = http_cookie(q->http->head->cookie, SITE_COOKIE);
    switch (people_sign_in(q->site->node, q->arena, q->site->gate,
                           str_trim(ask_form(q, "name")), ask_form(q, "password"),
                           q->http->address, token, &wait_s)) {
    case PEOPLE_IN:
        if (before.len > 0) /* a session is never carried over */
            people_sign_out(q->site->node, before);
        set_cookie(q, (struct str){token, sizeof token}, "");
        ask_go(q, back_of(q, ask_form(q, "back")));
        break;
    case PEOPLE_WRONG:
        q->answer->status = 403;
        show_sign_in(q, "sign_in.wrong", 0);
        break;
    case PEOPLE_TOO_MANY:
        q->answer->status = 429;
        ask_header(q, "Retry-After", ask_print(q, "%u", wait_s));
        show_sign_in(q, "sign_in.too_many", wait_s);
    }
}

void account_sign_out(struct ask *q)
{
    struct str token = http_cookie(q->http->head->cookie, SITE_COOKIE);
    enum cau_err err = people_sign_out(q->site->node, token);
    if (err != CAU_OK && err != CAU_ERR_UNKNOWN) {
        ask_error(q, 503);
        return;
    }
    set_cookie(q, STR(""), "; Max-Age=0");
    ask_go(q, ask_print(q, "/%.*s/?done=signed_out", STR_ARG(lang_code(q->lang))));
}

/* ---- my organisation ---- */

static void add_roles(struct ask *q)
{
    struct buf b = buf_new(512);
    people_write_roles(&b, q->user.roles);
    struct str rest = ask_keep(q, &b);
    buf_free(&b);
    while (rest.len > 0) {
        struct str name = str_trim(str_next(&rest, ','));
        if (name.len > 0)
            html_text(html_item(q->page, "roles"), "label", ask_label(q, "role.", name));
    }
}

static void add_own_records(struct ask *q)
{
    struct view_link *link;
    size_t n = 0;
    if (view_links_to(q->view, q->arena, q->reader, q->actor.organization_doc, &link, &n) !=
        CAU_OK)
        return;
    for (size_t i = 0; i < n && html_count(q->page, "rows") < OWN_MAX; i++) {
        struct view_record r;
        if (link[i].doc == 0 ||
            view_get(q->view, q->arena, q->reader, link[i].doc, &r) != CAU_OK ||
            r.owner != q->actor.organization_doc)
            continue;
        struct html_map *row = html_item(q->page, "rows");
        present_row(q, row, &r);
        html_text(row, "time", ask_time(q, r.time_ms));
        html_flag(row, "can_edit", ask_may(q, MAY_EDIT, r.kind, &r));
        struct str state = value_get_str(&r.payload, "publication");
        if (state.len > 0)
            html_text(row, "state", present_status(q, state));
        struct str until = value_get_str(&r.payload, "expires_on");
        if (until.len > 0)
            html_text(row, "until", ask_date(q, until));
    }
}

static void add_open_claims(struct ask *q)
{
    uint32_t *doc;
    size_t n = 0;
    if (claim_open(q->view, q->arena, q->site->kinds, q->user.id, (struct str){NULL, 0},
                   CLAIMS_MAX, &doc, &n) != CAU_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        struct view_record r;
        if (view_get(q->view, q->arena, q->reader, doc[i], &r) != CAU_OK)
            continue;
        uint32_t about = view_find(q->view, q->reader, value_get_str(&r.payload, "about"));
        struct html_map *m = html_item(q->page, "claims");
        if (!present_link(q, m, about))
            html_text(m, "title", ask_say(q, "record.link_hidden"));
        html_text(m, "time", ask_time(q, r.time_ms));
    }
}

static void add_create(struct ask *q)
{
    const struct kinds *k = q->site->kinds;
    for (size_t i = 0; i < k->n; i++) {
        if (!ask_may(q, MAY_CREATE, &k->kind[i], NULL))
            continue;
        struct html_map *m = html_item(q->page, "create");
        html_text(m, "name", k->kind[i].name);
        html_text(m, "label", present_label(q, k->kind[i].label));
    }
}

static void show_account(struct ask *q)
{
    ask_title(q, ask_say(q, "account.title"));
    if (q->user.display.len > 0 && !str_equal(q->user.display, q->user.name))
        html_text(q->page, "login", q->user.name);
    add_roles(q);
    add_create(q);
    if (q->actor.organization_doc != 0) {
        struct html_map *m = html_item(q->page, "organization");
        present_link(q, m, q->actor.organization_doc);
        add_own_records(q);
        obstacle_add_pending(q, q->page);
        interest_add_list(q, q->page, q->actor.organization_doc);
    } else {
        add_open_claims(q);
    }
    html_flag(q->page, "may_funnel", funnel_may(&q->actor));
    html_flag(q->page, "can_claim",
              q->actor.organization_doc == 0 &&
                  ask_may(q, MAY_CLAIM, kinds_find(q->site->kinds, STR("organization")), NULL));
    remind_add_wish(q);
    ask_token(q, q->page, "token_password", "password");
    ask_page(q, "account");
}

void account_page(struct ask *q)
{
    show_account(q);
}

void account_password(struct ask *q)
{
    char token[64];
    unsigned wait_s = 0;
    struct register_outcome out = {.problems.n = 0};
    struct str fresh = ask_form(q, "new"), address = q->http->address;
    /* Knowing the old one is proved as at the door, limits included; the session made by it ends at once. */
    enum people_sign_in known =
        people_sign_in(q->site->node, q->arena, q->site->gate, q->user.name, ask_form(q, "old"),
                       address, token, &wait_s);
    if (known == PEOPLE_IN)
        people_sign_out(q->site->node, (struct str){token, sizeof token});
    const char *problem = known != PEOPLE_IN                        ? "account.wrong_password"
                          : !str_equal(fresh, ask_form(q, "again")) ? "account.not_the_same"
                                                                    : NULL;
    enum register_why why = REGISTER_PROBLEMS;
    if (problem == NULL)
        why =
            people_set_password(q->site->node, q->arena, &q->actor, q->user.name, fresh, &out);
    if (why == REGISTER_DONE) { /* all sessions of the user have ended: he signs in anew */
        ask_go(q, ask_print(q, "/%.*s/sign-in?done=password", STR_ARG(lang_code(q->lang))));
        return;
    }
    if (problem == NULL && why != REGISTER_PROBLEMS) {
        ask_refused(q, why);
        return;
    }
    q->answer->status = 400;
    html_text(q->page, "problem",
              problem != NULL ? ask_say(q, problem) : ask_say(q, "account.bad_password"));
    show_account(q);
}

/* ---- claims ---- */

static bool find_organization(struct ask *q, struct view_record *out)
{
    uint32_t doc = view_find(q->view, q->reader, q->part[1]);
    if (doc == 0 || view_get(q->view, q->arena, q->reader, doc, out) != CAU_OK) {
        ask_error(q, 404);
        return false;
    }
    if (ask_may(q, MAY_CLAIM, out->kind, out))
        return true;
    ask_error(q, 403);
    return false;
}

static void show_claim(struct ask *q, const struct view_record *r, struct str problem)
{
    ask_title(q, ask_say(q, "claim.title"));
    struct html_map *m = html_item(q->page, "record");
    present_title(q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(q, r->id));
    html_text(q->page, "statement", ask_form(q, "statement"));
    html_text(q->page, "problem", problem);
    ask_token(q, q->page, "token", "claim");
    ask_page(q, "claim");
}

void account_claim_form(struct ask *q)
{
    struct view_record r;
    if (find_organization(q, &r))
        show_claim(q, &r, (struct str){NULL, 0});
}

void account_claim(struct ask *q)
{
    struct view_record r;
    struct register_outcome out;
    if (!find_organization(q, &r))
        return;
    struct str statement = str_trim(ask_form(q, "statement"));
    if (statement.len == 0) {
        q->answer->status = 400;
        show_claim(q, &r, ask_say(q, "claim.missing"));
        return;
    }
    enum register_why why =
        claim_file(q->site->node, q->arena, &q->actor, r.id, statement, q->lang, &out);
    if (why == REGISTER_DONE) {
        ask_go(q, ask_print(q, "/%.*s/account?done=claimed", STR_ARG(lang_code(q->lang))));
    } else if (why == REGISTER_PROBLEMS || why == REGISTER_STATE) {
        q->answer->status = why == REGISTER_STATE ? 409 : 400;
        show_claim(q, &r, ask_say(q, why == REGISTER_STATE ? "claim.open" : "claim.missing"));
    } else {
        ask_refused(q, why);
    }
}

void account_claims(struct ask *q)
{
    uint32_t *doc;
    size_t n = 0;
    if (!ask_may(q, MAY_CONFIRM, NULL, NULL)) {
        ask_error(q, 403);
        return;
    }
    if (claim_open(q->view, q->arena, q->site->kinds, 0, (struct str){NULL, 0}, CLAIMS_MAX,
                   &doc, &n) != CAU_OK) {
        ask_error(q, 500);
        return;
    }
    ask_title(q, ask_say(q, "claims.title"));
    for (size_t i = 0; i < n; i++) {
        struct view_record r;
        struct view_version *version;
        size_t versions = 0;
        if (view_get(q->view, q->arena, q->reader, doc[i], &r) != CAU_OK)
            continue;
        struct html_map *m = html_item(q->page, "claims");
        uint32_t about = view_find(q->view, q->reader, value_get_str(&r.payload, "about"));
        present_link(q, m, about);
        html_text(m, "id", r.id);
        html_text(m, "time", ask_time(q, r.time_ms));
        html_text(m, "statement",
                  record_pick(value_get(&r.payload, "statement"), q->lang).text);
        if (view_history(q->view, q->arena, q->reader, doc[i], &version, &versions) == CAU_OK &&
            versions > 0)
            html_text(
                m, "author",
                present_author(q, version[versions - 1].user, version[versions - 1].role));
    }
    ask_token(q, q->page, "token", "decide");
    ask_page(q, "claims");
}

void account_decide(struct ask *q)
{
    struct register_outcome out;
    bool accept = str_is(ask_form(q, "decision"), "accept");
    if (!accept && !str_is(ask_form(q, "decision"), "refuse")) {
        ask_error(q, 400);
        return;
    }
    enum register_why why =
        claim_decide(q->site->node, q->arena, &q->actor, ask_form(q, "claim"), accept, &out);
    if (why == REGISTER_DONE)
        ask_go(q, ask_print(q, "/%.*s/claims?done=%s", STR_ARG(lang_code(q->lang)),
                            accept ? "claim_accepted" : "claim_refused"));
    else
        ask_refused(q, why);
}
