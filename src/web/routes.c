#include "web/routes.h"

#include "base/number.h"
#include "view/view.h"
#include "web/account/account.h"
#include "web/api/api.h"
#include "web/desk/desk_pages.h"
#include "web/edit/edit.h"
#include "web/home/home.h"
#include "web/record/record_pages.h"
#include "web/search/search.h"
#include "web/serve/kept.h"

/* Literal parts stand before places: the first route that fits is taken. */
const struct route routes_list[] = {
    {"root", HTTP_GET, "", 0, home_root, NULL},
    {"asset", HTTP_GET, "asset/:text/:text", ROUTE_BARE, files_asset, NULL},
    {"icon", HTTP_GET, "favicon.ico", ROUTE_BARE, files_icon, NULL},
    {"robots", HTTP_GET, "robots.txt", ROUTE_BARE, files_robots, NULL},
    {"health", HTTP_GET, "health", ROUTE_BARE, files_health, NULL},

    {"api-search", HTTP_GET, "api/v1/search", ROUTE_DATA, api_search, "api.search"},
    {"api-match", HTTP_GET, "api/v1/match", ROUTE_DATA | ROUTE_SLOW, api_match, "api.match"},
    {"api-record", HTTP_GET, "api/v1/records/:record.id", ROUTE_DATA, api_record, "api.record"},
    {"api-history", HTTP_GET, "api/v1/records/:record.id/versions", ROUTE_DATA, api_history,
     "api.history"},
    {"api-version", HTTP_GET, "api/v1/records/:record.id/versions/:text.audience/:number.n",
     ROUTE_DATA, api_version, "api.version"},
    {"api-proof", HTTP_GET, "api/v1/records/:record.id/versions/:text.audience/:number.n/proof",
     ROUTE_DATA, api_proof, "api.proof"},
    {"api-kinds", HTTP_GET, "api/v1/kinds", ROUTE_DATA, api_kinds, "api.kinds"},
    {"api-export", HTTP_GET, "api/v1/export", ROUTE_DATA | ROUTE_SLOW, api_export,
     "api.export"},
    {"reconcile", HTTP_GET, "api/v1/reconcile", ROUTE_DATA | ROUTE_SLOW | ROUTE_OPEN,
     reconcile_service, "api.reconcile"},
    {"reconcile", HTTP_POST, "api/v1/reconcile", ROUTE_DATA | ROUTE_OPEN, reconcile_service,
     NULL},
    {"reconcile-in", HTTP_GET, "api/v1/reconcile/:lang.lang",
     ROUTE_DATA | ROUTE_SLOW | ROUTE_OPEN, reconcile_service, "api.reconcile"},
    {"reconcile-in", HTTP_POST, "api/v1/reconcile/:lang.lang", ROUTE_DATA | ROUTE_OPEN,
     reconcile_service, NULL},
    {"suggest-entity", HTTP_GET, "api/v1/reconcile/:lang.lang/suggest/entity",
     ROUTE_DATA | ROUTE_OPEN, reconcile_suggest_entity, "api.suggest"},
    {"suggest-type", HTTP_GET, "api/v1/reconcile/:lang.lang/suggest/type",
     ROUTE_DATA | ROUTE_OPEN, reconcile_suggest_type, "api.suggest"},
    {"suggest-property", HTTP_GET, "api/v1/reconcile/:lang.lang/suggest/property",
     ROUTE_DATA | ROUTE_OPEN, reconcile_suggest_property, "api.suggest"},
    {"properties", HTTP_GET, "api/v1/reconcile/:lang.lang/properties", ROUTE_DATA | ROUTE_OPEN,
     reconcile_properties, "api.properties"},
    {"preview", HTTP_GET, "api/v1/reconcile/:lang.lang/preview/:record.id",
     ROUTE_DATA | ROUTE_OPEN, reconcile_preview, "api.preview"},
    {"api-matrix", HTTP_GET, "api/v1/matrix", ROUTE_DATA, api_matrix, "api.matrix"},
    {"api-openapi", HTTP_GET, "api/v1/openapi.json", ROUTE_DATA, openapi_answer, "api.openapi"},

    {"checkpoint", HTTP_GET, "log/:text.audience/checkpoint", ROUTE_DATA, logs_checkpoint,
     "api.checkpoint"},
    {"payload", HTTP_GET, "log/:text.audience/payload/:text.commitment", ROUTE_DATA,
     logs_payload, "api.payload"},
    {"tile", HTTP_GET, "log/:text.audience/tile/*", ROUTE_DATA, logs_tile, "api.tile"},

    {"feed", HTTP_GET, "feed/:text", ROUTE_DATA, saved_atom, NULL},
    {"calendar", HTTP_GET, "calendar/:text", ROUTE_DATA, remind_calendar_feed, NULL},

    {"home", HTTP_GET, ":lang", ROUTE_KEPT, home_page, NULL},
    {"search", HTTP_GET, ":lang/search", ROUTE_KEPT, results_search, NULL},
    {"browse", HTTP_GET, ":lang/browse", ROUTE_KEPT, home_browse, NULL},
    {"matrix", HTTP_GET, ":lang/matrix", ROUTE_KEPT, matrix_page, NULL},
    {"desk", HTTP_GET, ":lang/desk", ROUTE_SIGNED, desk_page, NULL},
    {"portfolio", HTTP_GET, ":lang/portfolio", 0, portfolio_page, NULL},
    {"agreements", HTTP_GET, ":lang/agreements", 0, agreements_page, NULL},
    {"figures", HTTP_GET, ":lang/figures", 0, figures_page, NULL},
    {"cooperation", HTTP_GET, ":lang/cooperation", ROUTE_KEPT, cooperation_page, NULL},
    {"obstacles", HTTP_GET, ":lang/obstacles", 0, obstacle_list, NULL},
    {"report", HTTP_GET, ":lang/report/:number.year", 0, report_page, NULL},
    {"report-choose", HTTP_GET, ":lang/report", 0, report_choose, NULL},
    {"portrait-country", HTTP_GET, ":lang/portrait/country/:text.country", 0, portrait_country,
     NULL},
    {"portrait-field", HTTP_GET, ":lang/portrait/field/:text.field", 0, portrait_field, NULL},
    {"about", HTTP_GET, ":lang/about", 0, about_page, NULL},
    {"help", HTTP_GET, ":lang/help", 0, about_help, NULL},
    {"accessibility", HTTP_GET, ":lang/accessibility", 0, about_accessibility, NULL},

    {"sign-in", HTTP_GET, ":lang/sign-in", 0, account_sign_in, NULL},
    {"sign-in", HTTP_POST, ":lang/sign-in", 0, account_sign_in_try, NULL},
    {"sign-out", HTTP_POST, ":lang/sign-out", ROUTE_SIGNED | ROUTE_TOKEN, account_sign_out,
     NULL},
    {"account", HTTP_GET, ":lang/account", ROUTE_SIGNED, account_page, NULL},
    {"password", HTTP_POST, ":lang/account/password", ROUTE_SIGNED | ROUTE_TOKEN,
     account_password, NULL},
    {"funnel", HTTP_GET, ":lang/funnel", ROUTE_SIGNED, interest_funnel, NULL},
    {"digest", HTTP_GET, ":lang/digest", ROUTE_SIGNED, remind_page, NULL},
    {"reminders", HTTP_POST, ":lang/account/reminders", ROUTE_SIGNED | ROUTE_TOKEN,
     remind_wish_save, NULL},
    {"own-calendar", HTTP_POST, ":lang/account/calendar", ROUTE_SIGNED | ROUTE_TOKEN,
     remind_calendar_save, NULL},
    {"searches", HTTP_GET, ":lang/account/searches", ROUTE_SIGNED, saved_list, NULL},
    {"searches", HTTP_POST, ":lang/account/searches", ROUTE_SIGNED | ROUTE_TOKEN, saved_keep,
     NULL},
    {"search-open", HTTP_POST, ":lang/account/searches/:number/open",
     ROUTE_SIGNED | ROUTE_TOKEN, saved_open, NULL},
    {"search-feed", HTTP_POST, ":lang/account/searches/:number/feed",
     ROUTE_SIGNED | ROUTE_TOKEN, saved_change_feed, NULL},
    {"search-drop", HTTP_POST, ":lang/account/searches/:number/remove",
     ROUTE_SIGNED | ROUTE_TOKEN, saved_drop, NULL},
    {"claims", HTTP_GET, ":lang/claims", ROUTE_SIGNED, account_claims, NULL},
    {"decide", HTTP_POST, ":lang/claims", ROUTE_SIGNED | ROUTE_TOKEN, account_decide, NULL},
    {"duplicates", HTTP_GET, ":lang/duplicates", ROUTE_SIGNED | ROUTE_SLOW, duplicates_list,
     NULL},
    {"duplicate", HTTP_GET, ":lang/duplicates/:record/:record", ROUTE_SIGNED | ROUTE_SLOW,
     duplicates_pair, NULL},
    {"duplicate", HTTP_POST, ":lang/duplicates/:record/:record", ROUTE_SIGNED | ROUTE_TOKEN,
     duplicates_decide, NULL},
    {"reviews", HTTP_GET, ":lang/reviews", ROUTE_SIGNED, review_queue, NULL},
    {"terms", HTTP_GET, ":lang/terms", ROUTE_SIGNED, term_list, NULL},
    {"terms", HTTP_POST, ":lang/terms", ROUTE_SIGNED | ROUTE_TOKEN, term_decide_save, NULL},
    {"term-new", HTTP_GET, ":lang/terms/new", ROUTE_SIGNED, term_form, NULL},
    {"term-new", HTTP_POST, ":lang/terms/new", ROUTE_SIGNED | ROUTE_TOKEN, term_save, NULL},
    {"users", HTTP_GET, ":lang/users", ROUTE_SIGNED, users_list, NULL},
    {"users", HTTP_POST, ":lang/users", ROUTE_SIGNED | ROUTE_TOKEN, users_add, NULL},
    {"user", HTTP_GET, ":lang/users/:text", ROUTE_SIGNED, users_one, NULL},
    {"user", HTTP_POST, ":lang/users/:text", ROUTE_SIGNED | ROUTE_TOKEN, users_change, NULL},
    {"user-password", HTTP_POST, ":lang/users/:text/password", ROUTE_SIGNED | ROUTE_TOKEN,
     users_password, NULL},

    {"imports", HTTP_GET, ":lang/imports", ROUTE_SIGNED, intake_list, NULL},
    {"upload", HTTP_POST, ":lang/imports", ROUTE_SIGNED | ROUTE_TOKEN | ROUTE_UPLOAD,
     intake_upload, NULL},
    {"import", HTTP_GET, ":lang/imports/:text", ROUTE_SIGNED | ROUTE_SLOW, intake_show, NULL},
    {"columns", HTTP_GET, ":lang/imports/:text/columns", ROUTE_SIGNED | ROUTE_SLOW,
     intake_columns, NULL},
    {"columns", HTTP_POST, ":lang/imports/:text/columns", ROUTE_SIGNED | ROUTE_TOKEN,
     intake_look, NULL},
    {"choose", HTTP_POST, ":lang/imports/:text/choose", ROUTE_SIGNED | ROUTE_TOKEN,
     intake_choose, NULL},
    {"confirm", HTTP_POST, ":lang/imports/:text/confirm", ROUTE_SIGNED | ROUTE_TOKEN,
     intake_confirm, NULL},
    {"drop", HTTP_POST, ":lang/imports/:text/drop", ROUTE_SIGNED | ROUTE_TOKEN, intake_drop,
     NULL},
    {"undo", HTTP_POST, ":lang/imports/:text/undo", ROUTE_SIGNED | ROUTE_TOKEN, intake_undo,
     NULL},
    {"stop", HTTP_POST, ":lang/imports/:text/stop", ROUTE_SIGNED | ROUTE_TOKEN, intake_stop,
     NULL},
    {"refused", HTTP_GET, ":lang/imports/:text/refused", ROUTE_SIGNED | ROUTE_SLOW,
     intake_refused, NULL},

    {"record", HTTP_GET, ":lang/:record", 0, record_page_show, NULL},
    {"matches", HTTP_GET, ":lang/:record/matches", ROUTE_KEPT | ROUTE_SLOW, match_page, NULL},
    {"print", HTTP_GET, ":lang/:record/print", 0, record_page_print, NULL},
    {"table", HTTP_GET, ":lang/:record/table", ROUTE_SLOW, status_table_page, NULL},
    {"portrait", HTTP_GET, ":lang/:record/portrait", ROUTE_SLOW, portrait_record, NULL},
    {"history", HTTP_GET, ":lang/:record/history", 0, history_page, NULL},
    {"compare", HTTP_GET, ":lang/:record/compare", 0, history_compare, NULL},
    {"version", HTTP_GET, ":lang/:record/version/:text/:number", 0, record_page_version, NULL},
    {"proof", HTTP_GET, ":lang/:record/proof/:text/:number", 0, record_page_proof, NULL},
    {"edit", HTTP_GET, ":lang/:record/edit", ROUTE_SIGNED, edit_change, NULL},
    {"edit", HTTP_POST, ":lang/:record/edit", ROUTE_SIGNED | ROUTE_TOKEN, edit_save_change,
     NULL},
    {"minutes", HTTP_GET, ":lang/:record/minutes", ROUTE_SIGNED, minutes_form, NULL},
    {"minutes", HTTP_POST, ":lang/:record/minutes", ROUTE_SIGNED | ROUTE_TOKEN | ROUTE_MINUTES,
     minutes_save, NULL},
    {"minutes-commit", HTTP_GET, ":lang/:record/minutes/:text/:number", ROUTE_SIGNED,
     minutes_commit, NULL},
    {"agenda", HTTP_GET, ":lang/:record/agenda", ROUTE_SLOW, agenda_page, NULL},
    {"agenda", HTTP_POST, ":lang/:record/agenda", ROUTE_SIGNED | ROUTE_TOKEN, agenda_save,
     NULL},
    {"file", HTTP_GET, ":lang/:record/file/:text", ROUTE_SLOW, minutes_file, NULL},
    {"submit", HTTP_POST, ":lang/:record/submit", ROUTE_SIGNED | ROUTE_TOKEN, review_submit,
     NULL},
    {"renew", HTTP_POST, ":lang/:record/renew", ROUTE_SIGNED | ROUTE_TOKEN, review_renew, NULL},
    {"review", HTTP_GET, ":lang/:record/review", ROUTE_SIGNED, review_form, NULL},
    {"review", HTTP_POST, ":lang/:record/review", ROUTE_SIGNED | ROUTE_TOKEN, review_save,
     NULL},
    {"interest", HTTP_GET, ":lang/:record/interest", ROUTE_SIGNED, interest_form, NULL},
    {"interest", HTTP_POST, ":lang/:record/interest", ROUTE_SIGNED | ROUTE_TOKEN, interest_save,
     NULL},
    {"step", HTTP_POST, ":lang/:record/step", ROUTE_SIGNED | ROUTE_TOKEN, interest_step_save,
     NULL},
    {"assign", HTTP_POST, ":lang/:record/assign", ROUTE_SIGNED | ROUTE_TOKEN, obstacle_assign,
     NULL},
    {"answer", HTTP_POST, ":lang/:record/answer", ROUTE_SIGNED | ROUTE_TOKEN, obstacle_answer,
     NULL},
    {"escalate", HTTP_POST, ":lang/:record/escalate", ROUTE_SIGNED | ROUTE_TOKEN,
     obstacle_escalate, NULL},
    {"settle", HTTP_POST, ":lang/:record/settle", ROUTE_SIGNED | ROUTE_TOKEN, obstacle_settle,
     NULL},
    {"forward", HTTP_GET, ":lang/:record/forward", ROUTE_SIGNED, obstacle_forward_page, NULL},
    {"forward", HTTP_POST, ":lang/:record/forward", ROUTE_SIGNED | ROUTE_TOKEN,
     obstacle_forward_save, NULL},
    {"status", HTTP_POST, ":lang/:record/status", ROUTE_SIGNED | ROUTE_TOKEN,
     commitment_page_tell, NULL},
    {"split", HTTP_POST, ":lang/:record/split", ROUTE_SIGNED | ROUTE_TOKEN,
     commitment_page_split, NULL},
    {"carry", HTTP_POST, ":lang/:record/carry", ROUTE_SIGNED | ROUTE_TOKEN,
     commitment_page_carry, NULL},
    {"affirm", HTTP_POST, ":lang/:record/confirm", ROUTE_SIGNED | ROUTE_TOKEN,
     confirm_page_save, NULL},
    {"withdraw", HTTP_GET, ":lang/:record/withdraw", ROUTE_SIGNED, review_withdraw_form, NULL},
    {"withdraw", HTTP_POST, ":lang/:record/withdraw", ROUTE_SIGNED | ROUTE_TOKEN,
     review_withdraw, NULL},
    {"claim", HTTP_GET, ":lang/:record/claim", ROUTE_SIGNED, account_claim_form, NULL},
    {"claim", HTTP_POST, ":lang/:record/claim", ROUTE_SIGNED | ROUTE_TOKEN, account_claim,
     NULL},

    {"kind", HTTP_GET, ":lang/:kind", ROUTE_KEPT, results_kind, NULL},
    {"new", HTTP_GET, ":lang/:kind/new", ROUTE_SIGNED, edit_new, NULL},
    {"new", HTTP_POST, ":lang/:kind/new", ROUTE_SIGNED | ROUTE_TOKEN, edit_save_new, NULL},
};
const size_t routes_count = countof(routes_list);

/* ---- finding ---- */

static bool is_number(struct str x)
{
    uint64_t n;
    return number_read(x, UINT32_MAX, &n) == CAU_OK;
}

static bool fits_place(const struct site *s, struct str place, struct str segment)
{
    enum lang lang;
    struct str name = place;
    place =
        str_next(&name, '.'); /* what follows is the place's name in the API's description */
    if (str_is(place, ":lang"))
        return lang_read(segment, &lang);
    if (str_is(place, ":record"))
        return record_id_valid(segment);
    if (str_is(place, ":kind")) {
        const struct kind *kind = kinds_find(s->kinds, segment);
        return kind != NULL && str_equal(kind->name, segment);
    }
    return str_is(place, ":number") ? is_number(segment) : true;
}

/* "*" at the end of a pattern stands for whatever follows. */
static bool fits(const struct site *s, const struct route *route, const struct http_path *path,
                 struct str part[SITE_PARTS_MAX])
{
    struct str rest = str_of(route->pattern);
    size_t parts = 0, i = 0;
    for (; rest.len > 0; i++) {
        struct str want = str_next(&rest, '/');
        if (str_is(want, "*"))
            return i < path->n;
        if (i == path->n)
            return false;
        struct str segment = path->segment[i];
        if (want.p[0] != ':') {
            if (!str_equal(want, segment))
                return false;
            continue;
        }
        if (!fits_place(s, want, segment))
            return false;
        must(parts < SITE_PARTS_MAX);
        part[parts++] = segment;
    }
    return i == path->n;
}

const struct route *routes_find(const struct site *s, enum http_method method,
                                const struct http_path *path, struct str part[SITE_PARTS_MAX],
                                bool *other)
{
    enum http_method wanted = method == HTTP_HEAD ? HTTP_GET : method;
    *other = false;
    for (size_t i = 0; i < routes_count; i++) {
        if (!fits(s, &routes_list[i], path, part))
            continue;
        if (routes_list[i].method == wanted)
            return &routes_list[i];
        *other = true;
    }
    return NULL;
}

/* ---- answering ---- */

static void find_session(struct ask *q)
{
    struct str token = http_cookie(q->http->head->cookie, SITE_COOKIE);
    bool open = q->route != NULL && (q->route->flags & ROUTE_OPEN) != 0;
    q->actor = actor_anonymous();
    if (token.len > 0 && !open &&
        people_session(q->site->node, q->view, q->arena, token, &q->user, q->form_key) ==
            CAU_OK) {
        q->signed_in = true;
        q->actor = actor_of(q->view, &q->user);
    }
    q->reader = actor_reader(&q->actor);
}

/* Before the body of an upload is read: whether its sender may import, or keep minutes, at all. */
static bool may_upload(struct site *s, const struct route *route,
                       const struct http_request *request)
{
    struct ask q = {.site = s, .arena = request->arena};
    struct http_request copy = *request;
    q.http = &copy;
    q.view = view_take(s->node);
    find_session(&q);
    bool yes = q.signed_in &&
               ((route->flags & ROUTE_UPLOAD) != 0
                    ? may(&q.actor, MAY_IMPORT, NULL, NULL)
                    : may(&q.actor, MAY_EDIT, kinds_find(s->kinds, STR("session")), NULL));
    view_give(s->node, q.view);
    return yes;
}

struct http_plan routes_plan(void *ctx, const struct http_request *request)
{
    struct site *s = ctx;
    struct str part[SITE_PARTS_MAX];
    bool other;
    const struct route *route = routes_find(s, request->method, &request->path, part, &other);
    struct http_plan plan = {.body_max = 0};
    if (route == NULL)
        return plan;
    plan.slow = request->method == HTTP_POST || (route->flags & ROUTE_SLOW) != 0;
    if (request->method == HTTP_POST)
        plan.body_max = SITE_FORM_BYTES_MAX;
    if ((route->flags & (ROUTE_UPLOAD | ROUTE_MINUTES)) != 0)
        plan.body_max = !may_upload(s, route, request)       ? 0
                        : (route->flags & ROUTE_UPLOAD) != 0 ? SITE_UPLOAD_BYTES_MAX
                                                             : SITE_MINUTES_BYTES_MAX;
    return plan;
}

static void choose_language(struct ask *q)
{
    const struct http_path *path = &q->http->path;
    if (path->n > 0 && lang_read(path->segment[0], &q->lang))
        return;
    if (lang_read(http_get(&q->http->query, "lang"), &q->lang))
        return;
    if (!http_accept_language(q->http->head->accept_language, &q->lang))
        q->lang = node_config(q->site->node)->lang;
}

static bool is_for_programs(const struct ask *q)
{
    const struct http_path *path = &q->http->path;
    return path->n > 0 && (str_is(path->segment[0], "api") || str_is(path->segment[0], "log"));
}

/* To the sign-in page, and back here afterwards. */
static void ask_to_sign_in(struct ask *q)
{
    struct buf b = buf_new(1 << 15);
    http_escape(&b, q->http->target);
    struct str back = ask_keep(q, &b);
    buf_free(&b);
    ask_go(q,
           ask_print(q, "/%.*s/sign-in?back=%.*s", STR_ARG(lang_code(q->lang)), STR_ARG(back)));
}

/* The session or the form's token is over: nothing is done, and nothing that was written is lost. */
static void offer_again(struct ask *q)
{
    const struct http_fields *form = &q->http->form;
    q->answer->status = 403;
    ask_title(q, ask_say(q, "again.title"));
    html_text(q->page, "action", q->http->target);
    for (size_t i = 0; i < form->n; i++) {
        if (str_is(form->v[i].name, "token"))
            continue;
        struct html_map *m = html_item(q->page, "fields");
        html_text(m, "name", form->v[i].name);
        html_text(m, "value", form->v[i].value);
    }
    ask_token(q, q->page, "token", q->route->name);
    ask_page(q, "again");
}

/* False when the request was answered already: not allowed, or only after signing in. */
static bool admit(struct ask *q)
{
    unsigned flags = q->route->flags;
    bool post = q->http->method == HTTP_POST;
    if (post && (flags & ROUTE_OPEN) == 0 && !http_same_site(q->http->head)) {
        ask_error(q, 403);
        return false;
    }
    if ((flags & ROUTE_SIGNED) != 0 && !q->signed_in && !post) {
        ask_to_sign_in(q);
        return false;
    }
    bool good =
        q->signed_in && site_token_good(q->form_key, q->route->name, ask_form(q, "token"));
    if (post && (flags & ROUTE_TOKEN) != 0 && !good) {
        if (q->http->form.n == 0)
            ask_error(q, 403); /* a file cannot be kept for a second try */
        else
            offer_again(q);
        return false;
    }
    return true;
}

/* A page that everyone sees alike: no session, and nothing about the node but what is counted. */
static bool is_kept(const struct ask *q)
{
    return (q->route->flags & ROUTE_KEPT) != 0 &&
           http_cookie(q->http->head->cookie, SITE_COOKIE).p == NULL &&
           node_state(q->site->node) == NODE_NORMAL;
}

static void answer_fresh(struct ask *q);

static void answer_kept(struct ask *q)
{
    struct http_answer *answer = q->answer;
    uint64_t count = view_turn(q->site->node);
    if (kept_find(q->site->kept, q->http->target, count, &answer->body)) {
        answer->status = 200;
        ask_page_head(q);
        return;
    }
    answer_fresh(q);
    if (answer->status == 200 && !answer->body.failed)
        kept_put(q->site->kept, q->http->target, count, buf_str(&answer->body));
}

static void answer_found(struct ask *q)
{
    if ((q->route->flags & ROUTE_BARE) != 0)
        q->route->answer(q);
    else if (is_kept(q))
        answer_kept(q);
    else
        answer_fresh(q);
}

static void answer_fresh(struct ask *q)
{
    q->view = view_take(q->site->node);
    find_session(q);
    if ((q->route->flags & ROUTE_DATA) == 0)
        ask_begin_page(q);
    if (admit(q))
        q->route->answer(q);
    if ((q->route->flags & ROUTE_OPEN) != 0) {
        ask_header(q, "Access-Control-Allow-Origin", STR("*"));
        ask_header(q, "Cross-Origin-Resource-Policy", STR("cross-origin"));
    }
    if (q->desk_taken)
        desk_give(q->site->desk);
    view_give(q->site->node, q->view);
}

void routes_answer(void *ctx, struct http_request *request, struct http_answer *answer)
{
    static const struct route for_programs = {.name = "none", .flags = ROUTE_DATA};
    struct ask q = {.site = ctx, .http = request, .answer = answer, .arena = request->arena};
    bool other = false;
    answer->status = 0;
    choose_language(&q);
    q.route = request->fault != 0
                  ? NULL
                  : routes_find(q.site, request->method, &request->path, q.part, &other);
    if (q.route != NULL) {
        answer_found(&q);
        return;
    }
    q.route = is_for_programs(&q) ? &for_programs : NULL;
    ask_error(&q, request->fault != 0 ? request->fault : other ? 405 : 404);
}
