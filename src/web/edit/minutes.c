/* Minutes of a session and texts of an agreement: the form that takes them, the files, a commitment made of a paragraph. */
#include "domain/rule/minutes.h"

#include "base/number.h"
#include "exchange/file/docx_read.h"
#include "web/edit/edit.h"
#include "web/part/controls.h"
#include "web/part/present.h"
#include "web/record/record_pages.h"
#include "web/serve/route.h"

enum { FILLED_MAX = 60 }; /* controls of a form filled in before it is shown */

/* The record of the address when it keeps such texts and he may change it. */
static bool find_kept(struct ask *q, struct view_record *r)
{
    if (!ask_record(q, q->part[1], r))
        return false;
    if (minutes_field(r->kind).len == 0 || r->redacted || r->withdrawn)
        ask_error(q, 404);
    else if (!ask_may(q, MAY_EDIT, r->kind, r))
        ask_error(q, 403);
    else
        return true;
    return false;
}

/* ---- the form ---- */

static void add_languages(struct ask *q, struct str chosen)
{
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("language"));
    for (unsigned pass = 0; pass < 2; pass++) /* the site's own first */
        for (size_t i = 0; i < list->n; i++) {
            enum lang own;
            if (lang_read(list->code[i].code, &own) != (pass == 0))
                continue;
            struct html_map *m = html_item(q->page, "codes");
            html_text(m, "value", list->code[i].code);
            html_text(m, "label", list->code[i].label[q->lang]);
            html_flag(m, "chosen", str_equal(list->code[i].code, chosen));
        }
}

static void add_problem(struct ask *q, const char *place, struct str text)
{
    struct html_map *m = html_item(q->page, "problems");
    html_text(m, "place", str_of(place));
    html_text(m, "text", text);
}

static void show(struct ask *q, const struct view_record *r)
{
    bool session = str_is(r->kind->name, "session");
    struct str lang = ask_form(q, "lang");
    if (lang.len == 0)
        lang = ask_query(q, "lang");
    html_text(q->page, "section", present_listed(q, "section", r->kind->section));
    html_text(q->page, "kind_name", r->kind->name);
    html_text(q->page, "kind_many", present_label(q, r->kind->many));
    html_flag(q->page, "session", session);
    struct html_map *m = html_item(q->page, "record");
    present_title(q, m, r->kind, &r->payload);
    html_text(m, "address", present_address(q, r->id));
    html_text(q->page, "address", present_address(q, r->id));
    html_text(q->page, "after", ask_hex(q, &r->leaf));
    add_languages(q, lang.len > 0 ? lang : lang_code(q->lang));
    html_text(q->page, "text", ask_form(q, "text"));
    html_text(q->page, "day", ask_form(q, "signed.day"));
    html_text(q->page, "month", ask_form(q, "signed.month"));
    html_text(q->page, "year", ask_form(q, "signed.year"));
    html_text(q->page, "most", ask_number(q, (int64_t)(ATTACHMENT_BYTES_MAX >> 20)));
    ask_title(q, ask_say(q, session ? "minutes.title" : "minutes.title_agreement"));
    ask_token(q, q->page, "token", q->route->name);
    ask_page(q, "minutes");
}

void minutes_form(struct ask *q)
{
    struct view_record r;
    if (find_kept(q, &r))
        show(q, &r);
}

/* ---- what was sent ---- */

/* Lines of a text area end as they are kept. */
static struct str without_returns(struct ask *q, struct str text)
{
    char *p = arena_take(q->arena, text.len + 1);
    size_t n = 0;
    if (p == NULL) {
        q->model.failed = true;
        return (struct str){NULL, 0};
    }
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] != '\r')
            p[n++] = text.p[i];
    return str_trim((struct str){p, n});
}

static struct str date_of(struct ask *q)
{
    struct str year = ask_form(q, "signed.year"), month = ask_form(q, "signed.month"),
               day = ask_form(q, "signed.day");
    if (month.len == 0)
        return day.len == 0 ? year : day; /* a day without its month is no date */
    struct str date =
        ask_print(q, "%.*s-%s%.*s", STR_ARG(year), month.len == 1 ? "0" : "", STR_ARG(month));
    if (day.len == 0)
        return date;
    return ask_print(q, "%.*s-%s%.*s", STR_ARG(date), day.len == 1 ? "0" : "", STR_ARG(day));
}

/* The text of a Word file, in given when nothing was typed. False: it is refused, and the page says why. */
static bool read_docx(struct ask *q, struct minutes_given *given)
{
    struct docx_text text;
    struct docx_fault fault = {.why = DOCX_GOOD};
    enum cau_err err = docx_read(q->arena, given->file, &text, &fault);
    if (err == CAU_ERR_MEMORY) {
        ask_error(q, 503);
        return false;
    }
    if (err != CAU_OK) {
        const struct str slot[] = {fault.part};
        struct buf id = buf_new(64);
        buf_printf(&id, "problem.%s", docx_why_name(fault.why));
        buf_add_char(&id, 0);
        if (!id.failed)
            add_problem(q, "file", ask_fill(q, id.p, slot, 1));
        buf_free(&id);
        return true;
    }
    if (given->text.len == 0) {
        struct buf b = buf_new(2 * DOCX_READ_TEXT_BYTES_MAX);
        docx_write_prose(&text, &b);
        given->text = ask_keep(q, &b);
        buf_free(&b);
    }
    return true;
}

static bool take_file(struct ask *q, struct minutes_given *given)
{
    if (q->http->files == 0 || q->http->file[0].bytes.len == 0)
        return true;
    given->file = q->http->file[0].bytes;
    given->media = MINUTES_PDF;
    if (str_starts(given->file, STR("%PDF-")))
        return true;
    given->media = MINUTES_DOCX;
    return read_docx(q, given);
}

static void add_problems(struct ask *q, const struct view_record *r,
                         const struct register_outcome *out)
{
    for (size_t i = 0; i < out->problems.n; i++) {
        const struct record_problem *p = &out->problems.v[i];
        struct str text = controls_problem(q, p);
        if (str_is(p->place, "file") && p->code == RECORD_REQUIRED)
            text = ask_say(q, "minutes.nothing");
        else if (present_field_of(r->kind, p->place) != NULL)
            text = ask_print(q, "%.*s: %.*s", STR_ARG(present_place(q, r->kind, p->place)),
                             STR_ARG(text));
        add_problem(q, "", text);
    }
}

void minutes_save(struct ask *q)
{
    struct view_record r;
    struct digest after;
    struct register_outcome out;
    if (!find_kept(q, &r))
        return;
    struct minutes_given given = {.lang = ask_form(q, "lang"),
                                  .text = without_returns(q, ask_form(q, "text")),
                                  .signed_on = date_of(q)};
    if (digest_from_hex(ask_form(q, "after"), after.b, sizeof after.b) == CAU_OK)
        given.after = &after;
    if (!take_file(q, &given))
        return;
    q->answer->status = 400;
    if (html_count(q->page, "problems") > 0) {
        show(q, &r);
        return;
    }
    enum register_why why = minutes_put(q->site->node, q->arena, &q->actor, r.id, &given, &out);
    switch (why) {
    case REGISTER_DONE:
    case REGISTER_SAME:
        ask_go(q, ask_print(q, "%.*s?done=%s#minutes", STR_ARG(present_address(q, r.id)),
                            why == REGISTER_DONE ? "minutes" : "same"));
        return;
    case REGISTER_PROBLEMS:
        add_problems(q, &r, &out);
        break;
    case REGISTER_CHANGED:
        q->answer->status = 409;
        r = out.current;
        add_problem(q, "", ask_say(q, "minutes.changed"));
        break;
    default:
        ask_refused(q, why);
        return;
    }
    show(q, &r);
}

/* ---- the files ---- */

/* An older version that he may read names it: its page leads here. */
static bool was_named(struct ask *q, const struct view_record *r, const struct digest *hash)
{
    struct view_version *version;
    struct minutes_files files;
    size_t n = 0;
    if (view_history(q->view, q->arena, q->record_reader, r->doc, &version, &n) != CAU_OK ||
        minutes_files_of(q->view, q->arena, q->record_reader, r, version, n, &files) != CAU_OK)
        return false;
    for (size_t i = 0; i < files.n; i++)
        if (digest_equal(&files.hash[i], hash))
            return true;
    return false;
}

void minutes_file(struct ask *q)
{
    struct view_record r;
    struct digest hash;
    struct attachment found;
    enum minutes_media media = MINUTES_TYPED;
    if (!ask_record(q, q->part[1], &r))
        return;
    if (digest_from_hex(q->part[2], hash.b, sizeof hash.b) != CAU_OK ||
        attachment_find(view_store(q->view), q->arena, &hash, &found) != CAU_OK ||
        !minutes_read_media(found.media, &media) ||
        !(minutes_refers(r.kind, &r.payload, &hash) || was_named(q, &r, &hash))) {
        ask_error(q, 404);
        return;
    }
    if (ask_unchanged(q, q->part[2]))
        return;
    enum cau_err err = attachment_read(view_store(q->view), &hash, &q->answer->body);
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_MEMORY ? 503 : 500);
        return;
    }
    ask_attachment(q, ask_print(q, "%.12s.%s", q->part[2].p, minutes_suffix(media)));
    ask_bytes(q, minutes_media_type(media).p, STR(""));
}

/* ---- a commitment made of a paragraph ---- */

static void fill(struct http_fields *f, struct str name, struct str value)
{
    if (value.len > 0)
        f->v[f->n++] = (struct http_field){name, value};
}

static void fill_date(struct http_fields *f, struct str iso)
{
    struct str year = str_next(&iso, '-'), month = str_next(&iso, '-');
    fill(f, STR("said_on.year"), year);
    fill(f, STR("said_on.month"), month);
    fill(f, STR("said_on.day"), iso);
}

/* The day the minutes were signed, else the last day of the session. */
static struct str day_of(const struct value *payload, struct str lang)
{
    const struct value *rows = value_get(payload, "minutes");
    for (uint32_t i = 0; rows != NULL && i < rows->n; i++)
        if (str_equal(value_get_str(&rows->item[i], "language"), lang) &&
            value_get(&rows->item[i], "signed") != NULL)
            return value_get_str(&rows->item[i], "signed");
    struct str ends = value_get_str(payload, "ends_on");
    return ends.len > 0 ? ends : value_get_str(payload, "held_on");
}

/* What the minutes themselves call a paragraph ("2.1" of "2.1. The sides ..."), else its place. */
static struct str paragraph_name(struct str text, struct str place)
{
    enum { NAME_MAX = 20 };
    size_t n = 0;
    bool digit = false;
    while (n < text.len && n < NAME_MAX &&
           ((text.p[n] >= '0' && text.p[n] <= '9') || text.p[n] == '.')) {
        digit = digit || text.p[n] != '.';
        n++;
    }
    size_t end = n < text.len && text.p[n] == ')' ? n + 1 : n;
    if (!digit || text.p[0] == '.' || end >= text.len || text.p[end] != ' ')
        return place;
    bool marked = end > n || text.p[n - 1] == '.'; /* "2019 was" is no number of a paragraph */
    while (n > 0 && text.p[n - 1] == '.')
        n--;
    return marked ? str_to(text, n) : place;
}

void minutes_commit(struct ask *q)
{
    struct view_record r;
    uint64_t n = 0;
    struct http_fields f = {arena_take(q->arena, FILLED_MAX * sizeof *f.v), 0};
    if (!ask_record(q, q->part[1], &r))
        return;
    struct str lang = q->part[2], text = {NULL, 0};
    if (str_is(r.kind->name, "session") && !r.redacted &&
        number_read(q->part[3], UINT32_MAX, &n) == CAU_OK)
        text = minutes_paragraph(session_page_minutes(&r.payload, lang), (uint32_t)n);
    if (text.len == 0 || f.v == NULL) {
        ask_error(q, f.v == NULL ? 503 : 404);
        return;
    }
    fill(&f, STR("statement.langs"), lang);
    fill(&f, ask_print(q, "statement.%.*s", STR_ARG(lang)), text);
    fill(&f, STR("session"), r.id);
    fill(&f, STR("mechanism"), value_get_str(&r.payload, "mechanism"));
    fill(&f, STR("paragraph"), paragraph_name(text, q->part[3]));
    fill_date(&f, day_of(&r.payload, lang));
    const struct value *countries = value_get(&r.payload, "countries");
    for (uint32_t i = 0; countries != NULL && i < countries->n && f.n < FILLED_MAX; i++)
        fill(&f, STR("countries"), countries->item[i].string);
    edit_new_with(q, kinds_find(q->site->kinds, STR("commitment")), &f);
}
