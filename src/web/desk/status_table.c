/* The table of commitments that a committee has before it at its next session. */
#include "base/clock.h"
#include "exchange/paper/session_paper.h"
#include "web/desk/desk_pages.h"
#include "web/part/paper_page.h"
#include "web/part/present.h"
#include "web/serve/kept.h"

#define TABLE_BYTES_MAX ((size_t)512 << 20) /* the paper while it is made */

struct wanted {
    int32_t day;
    enum lang second;
    bool day_given, second_given;
};

static struct wanted read_wanted(struct ask *q)
{
    struct desk_days on = desk_days_of(ask_query(q, "on"));
    struct wanted w = {.day = on.first, .day_given = desk_known(on) && on.first == on.last};
    w.second_given = lang_read(ask_query(q, "second"), &w.second);
    return w;
}

static struct str iso_day(struct ask *q, int32_t day)
{
    char iso[CLOCK_DATE_CHARS];
    size_t len = clock_write_date(desk_date(day), iso);
    return ask_print(q, "%.*s", (int)len, iso);
}

/* The whole address of a table: with its day, so that it stays the same table tomorrow. */
static struct str address_of(struct ask *q, struct str id, const struct wanted *w)
{
    return ask_print(q, "%.*s/table?second=%.*s&on=%.*s", STR_ARG(present_address(q, id)),
                     STR_ARG(lang_code(w->second)), STR_ARG(iso_day(q, w->day)));
}

static void add_choices(struct ask *q, const struct wanted *w)
{
    html_text(q->page, "on", iso_day(q, w->day));
    for (unsigned l = 0; l < LANG_COUNT; l++) {
        struct html_map *m = html_item(q->page, "seconds");
        struct str code = lang_code((enum lang)l);
        html_text(m, "code", code);
        html_text(m, "label",
                  l == q->lang ? ask_say(q, "table.one") : present_language(q, code));
        html_flag(m, "chosen", l == w->second);
    }
}

static bool make(struct ask *q, const struct view_record *r, const struct wanted *w,
                 struct arena *a, struct paper *out)
{
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return false;
    struct session_table t;
    struct session_paper ask = {.view = q->view,
                                .kinds = q->site->kinds,
                                .desk = d,
                                .reader = q->reader,
                                .lang = q->lang,
                                .second = w->second};
    enum cau_err err = session_table_make(a, d, q->reader, r->doc, w->day, &t);
    if (err == CAU_OK)
        err = session_paper_make(a, &ask, &t, out);
    if (err == CAU_ERR_UNKNOWN)
        ask_go(q, present_address(q, r->id)); /* the mechanism is not here */
    else if (err != CAU_OK)
        ask_error(q, err == CAU_ERR_RANGE ? 413 : err == CAU_ERR_CORRUPT ? 500 : 503);
    return err == CAU_OK;
}

/* The table as a part of the page: kept while the logs stand as they are, for each who sees the same of them. */
static bool write_part(struct ask *q, const struct view_record *r, const struct wanted *w,
                       struct buf *out)
{
    struct str address = address_of(q, r->id, w),
               key = ask_print(q, "%u %u %.*s", q->reader.audiences, q->reader.owner,
                               STR_ARG(address));
    uint64_t version = ask_log_version(q);
    if (version != 0 && kept_find(q->site->parts, key, version, out))
        return true;
    struct arena own = arena_new(TABLE_BYTES_MAX);
    struct paper paper;
    bool good = make(q, r, w, &own, &paper);
    if (good && paper_write_part(&paper, out) != CAU_OK) {
        ask_error(q, 503);
        good = false;
    }
    if (good && version != 0)
        kept_put(q->site->parts, key, version, buf_str(out));
    arena_free(&own);
    return good;
}

static void send_page(struct ask *q, const struct view_record *r, const struct wanted *w)
{
    struct buf part = buf_new(HTTP_ANSWER_BYTES_MAX);
    struct record_text title = record_title(r->kind, &r->payload, q->lang);
    if (write_part(q, r, w, &part)) {
        ask_title(q, ask_fill(q, "table.title", &title.text, 1));
        html_text(q->page, "kind_name", r->kind->name);
        html_text(q->page, "kind_many", present_label(q, r->kind->many));
        html_text(q->page, "address", present_address(q, r->id));
        present_title(q, html_item(q->page, "record"), r->kind, &r->payload);
        add_choices(q, w);
        struct html_map *m = html_item(q->page, "paper");
        html_flag(m, "wide", true);
        html_part(m, "made", buf_str(&part));
        paper_page_formats(q, m, address_of(q, r->id, w));
        ask_page(q, "status_table");
    }
    buf_free(&part);
}

static void send_file(struct ask *q, const struct view_record *r, const struct wanted *w,
                      enum paper_format format)
{
    struct arena own = arena_new(TABLE_BYTES_MAX);
    struct paper paper;
    if (make(q, r, w, &own, &paper))
        paper_send(q, &paper, format,
                   ask_print(q, "table-%.*s-%.*s-%.*s", STR_ARG(iso_day(q, w->day)),
                             STR_ARG(lang_code(q->lang)), STR_ARG(lang_code(w->second))));
    arena_free(&own);
}

/* To the whole address, which names what was left open. */
static void complete(struct ask *q, const struct view_record *r, struct wanted *w)
{
    const struct desk *d = ask_desk(q);
    const struct desk_row *row = d == NULL ? NULL : desk_row(d, q->reader, r->doc);
    if (d == NULL)
        return;
    if (row == NULL) {
        ask_error(q, 404);
        return;
    }
    if (!w->day_given)
        w->day = session_table_day(row, desk_today());
    if (!w->second_given)
        w->second = session_paper_second(d, q->reader, row, q->lang);
    struct str format = ask_query(q, "format"), address = address_of(q, r->id, w);
    enum paper_format known;
    ask_go(q, !paper_read_format(format, &known)
                  ? address
                  : ask_print(q, "%.*s&format=%.*s", STR_ARG(address), STR_ARG(format)));
}

void status_table_page(struct ask *q)
{
    struct view_record r;
    enum paper_format format;
    if (!ask_record(q, q->part[1], &r))
        return;
    struct wanted w = read_wanted(q);
    if (!session_paper_has(&r))
        ask_go(q, present_address(q, r.id)); /* a record without a table: itself */
    else if (!w.day_given || !w.second_given)
        complete(q, &r, &w);
    else if (paper_read_format(ask_query(q, "format"), &format))
        send_file(q, &r, &w, format);
    else
        send_page(q, &r, &w);
}
