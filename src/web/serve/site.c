#include "web/serve/site.h"

#include "base/asset.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/words.h"
#include "domain/rule/interest.h"
#include "domain/rule/obstacle.h"
#include "exchange/mail/mail.h"
#include "web/serve/alike_sets.h"
#include "web/serve/kept.h"
#include "web/serve/route.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- the site ---- */

/* One version for all files: a page and its style sheet always come from the same program. */
static void make_version(struct site *s)
{
    struct str part[2 * 16];
    size_t n = 0;
    for (size_t i = 0; i < asset_count && n + 2 <= countof(part); i++)
        if (str_starts(asset_list[i].name, STR("asset/")) ||
            str_ends(asset_list[i].name, STR(".css")) ||
            str_ends(asset_list[i].name, STR(".svg"))) {
            part[n++] = asset_list[i].name;
            part[n++] = asset_list[i].bytes;
        }
    struct digest d = digest_sha256(part, n);
    digest_to_hex(d.b, 6, s->version);
    s->version[DIGEST_HEX(6)] = '\0';
}

static void *fill_desk(void *arg)
{
    struct site *s = arg;
    struct view *v = view_take(s->node);
    enum cau_err err = v == NULL ? CAU_ERR_IO : desk_take(s->desk, v);
    if (err == CAU_OK)
        desk_give(s->desk);
    else
        log_line(LOG_WARN, "desk: not filled: %s", cau_err_name(err));
    view_give(s->node, v);
    return NULL;
}

/* Without settings, or with wrong ones (they are in the log), the site works and sends no mail. */
static void start_mail(struct site *s)
{
    struct mail_config config;
    if (mail_config_load(&s->arena, s->node, &config) == CAU_OK &&
        mail_worker_start(s->node, s->desk, &config, &s->mail) != CAU_OK)
        log_line(LOG_ERROR, "mail: its thread does not start");
}

enum cau_err site_open(struct site *s, struct node *n, const char *notice)
{
    struct html *html = NULL;
    struct html_fault fault = {.why = ""};
    *s = (struct site){.arena = arena_new(SITE_ARENA_BYTES),
                       .node = n,
                       .kinds = node_kinds(n),
                       .notice = notice};
    enum cau_err err = html_load(&s->arena, asset_list, asset_count, &html, &fault);
    if (err != CAU_OK)
        log_line(LOG_ERROR, "pages/%.*s.html line %zu: %s", STR_ARG(fault.file), fault.line,
                 fault.why);
    if (err == CAU_OK)
        err = desk_open(n, &s->desk);
    if (err == CAU_OK)
        err = import_worker_start(n, &s->imports);
    if (err != CAU_OK) {
        desk_close(s->desk);
        arena_free(&s->arena);
        return err;
    }
    s->html = html;
    s->gate = people_gate_new();
    s->kept = kept_new(SITE_KEPT_BYTES_MAX, SITE_KEPT_TOTAL_MAX);
    s->parts = kept_new(SITE_PART_BYTES_MAX, SITE_PARTS_TOTAL_MAX);
    s->alike = alike_sets_new(n);
    make_version(s);
    start_mail(s);
    s->desk_filling = sync_start(&s->desk_filler, fill_desk, s) == CAU_OK;
    return CAU_OK;
}

void site_close(struct site *s)
{
    if (s->desk_filling)
        sync_join(&s->desk_filler);
    mail_worker_end(s->mail);
    desk_close(s->desk);
    import_worker_end(s->imports);
    people_gate_free(s->gate);
    kept_free(s->kept);
    kept_free(s->parts);
    alike_sets_free(s->alike);
    arena_free(&s->arena);
}

const struct desk *ask_desk(struct ask *q)
{
    if (!q->desk_taken) {
        enum cau_err err = desk_take(q->site->desk, q->view);
        if (err != CAU_OK) {
            log_line(LOG_ERROR, "desk: %s", cau_err_name(err));
            ask_error(q, 503);
            return NULL;
        }
        q->desk_taken = true;
    }
    return q->site->desk;
}

/* Sizes and times only grow. */
uint64_t ask_log_version(struct ask *q)
{
    uint64_t sum = 0;
    for (unsigned audience = 0; audience < RECORD_AUDIENCES; audience++) {
        struct view_log log;
        if (view_log(q->view, q->arena, (enum record_audience)audience, &log) != CAU_OK)
            return 0;
        sum += log.size + log.signed_size + (uint64_t)log.signed_ms;
    }
    return sum;
}

/* ---- texts ---- */

struct str ask_keep(struct ask *q, const struct buf *b)
{
    struct str out = {NULL, 0};
    if (b->failed || arena_copy(q->arena, buf_str(b), &out) != CAU_OK)
        q->model.failed = true;
    return out;
}

struct str ask_print(struct ask *q, const char *format, ...)
{
    struct str out = {NULL, 0};
    va_list list;
    va_start(list, format);
    if (arena_print(q->arena, &out, format, list) != CAU_OK)
        q->model.failed = true;
    va_end(list);
    return out;
}

struct str ask_origin(struct ask *q)
{
    return ask_print(q, "%s://%.*s", q->http->secure ? "https" : "http",
                     STR_ARG(q->http->head->host));
}

struct str ask_fill(struct ask *q, const char *id, const struct str *slot, size_t n)
{
    struct buf b = buf_new(1 << 20);
    words_fill(&b, words(q->lang, id), slot, n);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

struct str ask_say(struct ask *q, const char *id)
{
    return words(q->lang, id);
}

struct str ask_label(struct ask *q, const char *prefix, struct str name)
{
    char id[128];
    int n = snprintf(id, sizeof id, "%s%.*s", prefix, STR_ARG(name));
    struct str found = {NULL, 0};
    if (n > 0 && (size_t)n < sizeof id)
        found = words_find(q->lang, (struct str){id, (size_t)n});
    return found.p == NULL ? name : found;
}

struct str ask_number(struct ask *q, int64_t value)
{
    struct buf b = buf_new(64);
    words_number(&b, q->lang, value);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

struct str ask_decimal(struct ask *q, struct str decimal)
{
    struct buf b = buf_new(4096);
    words_decimal(&b, q->lang, decimal);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

struct str ask_date(struct ask *q, struct str iso)
{
    struct clock_date date;
    if (clock_read_date(iso, &date) != CAU_OK)
        return iso;
    struct buf b = buf_new(128);
    words_date(&b, q->lang, date);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

struct str ask_time(struct ask *q, int64_t ms)
{
    struct buf b = buf_new(128);
    words_time(&b, q->lang, ms);
    struct str out = ask_keep(q, &b);
    buf_free(&b);
    return out;
}

struct str ask_hex(struct ask *q, const struct digest *d)
{
    char text[DIGEST_HEX(32)];
    struct str out = {NULL, 0};
    digest_to_hex(d->b, sizeof d->b, text);
    if (arena_copy(q->arena, (struct str){text, sizeof text}, &out) != CAU_OK)
        q->model.failed = true;
    return out;
}

struct str ask_query(const struct ask *q, const char *name)
{
    return http_get(&q->http->query, name);
}

struct str ask_form(const struct ask *q, const char *name)
{
    return http_get(&q->http->form, name);
}

bool ask_may(const struct ask *q, enum may_action action, const struct kind *kind,
             const struct view_record *record)
{
    return may(&q->actor, action, kind, record);
}

bool ask_record(struct ask *q, struct str id, struct view_record *out)
{
    uint32_t doc = view_find(q->view, q->reader, id);
    q->record_reader = q->reader;
    if (doc == 0 && q->signed_in) {
        uint32_t shared = interest_find(q->view, q->arena, &q->actor, id);
        if (shared != 0 &&
            interest_reader(q->view, q->arena, &q->actor, shared, &q->record_reader))
            doc = shared;
        else if ((shared = obstacle_find(q->view, q->arena, &q->actor, id)) != 0 &&
                 obstacle_reader(q->view, q->arena, &q->actor, shared, &q->record_reader))
            doc = shared;
    }
    if (doc != 0 && view_get(q->view, q->arena, q->record_reader, doc, out) == CAU_OK)
        return true;
    ask_error(q, 404);
    return false;
}

/* ---- answers ---- */

void ask_header(struct ask *q, const char *name, struct str value)
{
    http_add_header(q->answer, q->arena, name, value);
}

static void set_type(struct ask *q, const char *type, const char *cache)
{
    ask_header(q, "Content-Type", str_of(type));
    ask_header(q, "Cache-Control", str_of(cache));
}

void ask_bytes(struct ask *q, const char *type, struct str bytes)
{
    if (q->answer->status == 0)
        q->answer->status = 200;
    set_type(q, type, "no-cache");
    buf_add(&q->answer->body, bytes);
}

void ask_static(struct ask *q, const char *type, struct str bytes, const char *cache)
{
    q->answer->status = 200;
    set_type(q, type, cache);
    q->answer->fixed = bytes;
}

bool ask_unchanged(struct ask *q, struct str tag)
{
    struct str quoted = ask_print(q, "\"%.*s\"", STR_ARG(tag));
    ask_header(q, "ETag", quoted);
    if (!http_tag_matches(q->http->head->if_none_match, quoted))
        return false;
    q->answer->status = 304;
    return true;
}

void ask_attachment(struct ask *q, struct str name)
{
    ask_header(q, "Content-Disposition",
               ask_print(q, "attachment; filename=\"%.*s\"", STR_ARG(name)));
}

void ask_page_head(struct ask *q)
{
    set_type(q, "text/html; charset=utf-8", q->signed_in ? "no-store" : "no-cache");
    ask_header(q, "Content-Language", lang_code(q->lang));
    ask_header(q, "Vary", STR("Cookie"));
}

void ask_page(struct ask *q, const char *skeleton)
{
    struct http_answer *answer = q->answer;
    if (answer->status == 0)
        answer->status = 200;
    ask_page_head(q);
    if (!html_write(q->site->html, skeleton, q->lang, q->page, &answer->body) ||
        q->model.failed)
        answer->body.failed = true; /* the server sends a plain 503 */
}

void ask_go(struct ask *q, struct str address)
{
    q->answer->status = 303;
    ask_header(q, "Location", address);
    ask_header(q, "Cache-Control", STR("no-store"));
}

static void error_json(struct ask *q, unsigned status)
{
    char title[32];
    snprintf(title, sizeof title, "error.%u.title", status);
    struct buf *b = &q->answer->body;
    struct str text = words_find(q->lang, str_of(title));
    buf_reset(b);
    buf_printf(b, "{\"status\":%u,\"title\":\"", status);
    buf_add(b, text); /* a message of ours, without quotes: tools/words.sh */
    buf_add_word(b, "\"}\n");
    set_type(q, "application/problem+json", "no-store");
}

static const unsigned known_status[] = {400, 403, 404, 405, 409, 413, 414, 429, 431, 500, 503};

void ask_error(struct ask *q, unsigned status)
{
    bool known = false;
    for (size_t i = 0; i < countof(known_status); i++)
        known |= known_status[i] == status;
    if (!known)
        status = 500;
    q->answer->status = status;
    q->answer->headers = 0;
    q->answer->fixed = (struct str){NULL, 0};
    buf_reset(&q->answer->body);
    if (status == 405)
        ask_header(q, "Allow", STR("GET, HEAD, POST"));
    if (q->route != NULL && (q->route->flags & (ROUTE_DATA | ROUTE_BARE)) != 0) {
        error_json(q, status);
        return;
    }
    ask_begin_page(q);
    struct str code = ask_print(q, "%u", status);
    ask_title(q, ask_label(q, "error.", ask_print(q, "%.*s.title", STR_ARG(code))));
    html_text(q->page, "text",
              ask_label(q, "error.", ask_print(q, "%.*s.text", STR_ARG(code))));
    html_text(q->page, "status", code);
    ask_page(q, "error");
}

void ask_refused(struct ask *q, enum register_why why)
{
    static const unsigned status[REGISTER_WHYS] = {
        [REGISTER_NOT_ALLOWED] = 403, [REGISTER_CHANGED] = 409,    [REGISTER_TAKEN] = 409,
        [REGISTER_GONE] = 404,        [REGISTER_STATE] = 409,      [REGISTER_SAME_PERSON] = 403,
        [REGISTER_SAME] = 409,        [REGISTER_PROBLEMS] = 400,   [REGISTER_BUSY] = 503,
        [REGISTER_NO_SIDE] = 403,     [REGISTER_NOT_ACTING] = 403, [REGISTER_FULL] = 503,
        [REGISTER_FAILED] = 500};
    q->answer->status = status[why] == 0 ? 500 : status[why];
    ask_begin_page(q);
    ask_title(q, ask_say(q, "error.refused.title"));
    html_text(q->page, "text", ask_label(q, "refusal.", str_of(register_why_name(why))));
    html_text(q->page, "status", ask_print(q, "%u", q->answer->status));
    ask_page(q, "error");
}

/* ---- tokens ---- */

static struct digest hmac(const unsigned char key[32], struct str text)
{
    unsigned char inner[64], outer[64];
    for (size_t i = 0; i < 64; i++) {
        unsigned char k = i < 32 ? key[i] : 0;
        inner[i] = k ^ 0x36;
        outer[i] = k ^ 0x5c;
    }
    const struct str first[] = {{(const char *)inner, 64}, text};
    struct digest d = digest_sha256(first, 2);
    const struct str second[] = {{(const char *)outer, 64}, digest_str(&d)};
    return digest_sha256(second, 2);
}

static void write_token(const unsigned char form_key[32], const char *route_name,
                        char out[SITE_TOKEN_CHARS])
{
    struct digest d = hmac(form_key, str_of(route_name));
    digest_to_url64(d.b, sizeof d.b, out);
}

void ask_token(struct ask *q, struct html_map *m, const char *key, const char *route_name)
{
    char token[SITE_TOKEN_CHARS];
    struct str copy = {NULL, 0};
    if (!q->signed_in)
        return;
    write_token(q->form_key, route_name, token);
    if (arena_copy(q->arena, (struct str){token, sizeof token}, &copy) != CAU_OK)
        q->model.failed = true;
    html_text(m, key, copy);
}

bool site_token_good(const unsigned char form_key[32], const char *route_name, struct str token)
{
    char right[SITE_TOKEN_CHARS];
    unsigned char differ = 0;
    if (token.len != sizeof right)
        return false;
    write_token(form_key, route_name, right);
    for (size_t i = 0; i < sizeof right; i++) /* in the same time wherever they differ */
        differ |= (unsigned char)(right[i] ^ token.p[i]);
    return differ == 0;
}

/* ---- the frame of a page ---- */

void ask_title(struct ask *q, struct str title)
{
    html_text(q->page, "title", title);
}

/* The same address in the other languages. */
static void add_languages(struct ask *q)
{
    struct str rest = q->http->target;
    bool prefixed = q->http->path.n > 0 && rest.len >= 3 &&
                    str_equal(q->http->path.segment[0], lang_code(q->lang));
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        struct str code = lang_code((enum lang)lang);
        struct html_map *m = html_item(q->page, "languages");
        char id[16];
        snprintf(id, sizeof id, "lang.name.%.2s", code.p);
        html_text(m, "code", code);
        html_text(m, "name", words((enum lang)lang, id));
        html_flag(m, "current", lang == (unsigned)q->lang);
        html_text(
            m, "address",
            prefixed && q->http->method != HTTP_POST
                ? ask_print(q, "/%.*s%.*s", STR_ARG(code), (int)(rest.len - 3), rest.p + 3)
                : ask_print(q, "/%.*s/", STR_ARG(code)));
    }
}

static void add_user(struct ask *q)
{
    html_flag(q->page, "signed_in", q->signed_in);
    if (!q->signed_in)
        return;
    html_text(q->page, "user_name", q->user.display.len > 0 ? q->user.display : q->user.name);
    html_flag(q->page, "may_staff", ask_may(q, MAY_STAFF, NULL, NULL));
    html_flag(q->page, "may_import", ask_may(q, MAY_IMPORT, NULL, NULL));
    html_flag(q->page, "may_confirm", ask_may(q, MAY_CONFIRM, NULL, NULL));
    html_flag(q->page, "may_users", ask_may(q, MAY_USERS, NULL, NULL));
    ask_token(q, q->page, "token_sign_out", "sign-out");
}

static void add_state(struct ask *q)
{
    switch (node_state(q->site->node)) {
    case NODE_NORMAL:
        break;
    case NODE_ROLLED_BACK:
        html_text(q->page, "state", ask_say(q, "node.rolled_back"));
        break;
    case NODE_DAMAGED:
        html_text(q->page, "state", ask_say(q, "node.damaged"));
        break;
    case NODE_FULL:
        html_text(q->page, "state", ask_say(q, "node.full"));
        break;
    }
}

void ask_begin_page(struct ask *q)
{
    q->page = html_begin(&q->model, q->arena);
    html_text(q->page, "lang", lang_code(q->lang));
    html_text(q->page, "version", str_of(q->site->version));
    html_text(q->page, "node", node_config(q->site->node)->name);
    html_text(q->page, "here",
              q->http->method == HTTP_POST ? (struct str){NULL, 0} : q->http->target);
    if (q->site->notice != NULL)
        html_text(q->page, "notice", ask_say(q, q->site->notice));
    struct str done = ask_query(q, "done");
    if (done.len > 0 && done.len < 32) {
        struct str text = ask_label(q, "done.", done);
        if (text.p != done.p) /* only what we have words for */
            html_text(q->page, "done", text);
    }
    add_languages(q);
    add_user(q);
    add_state(q);
}
