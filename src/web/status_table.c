/* The table of commitments that a committee has before it at its next session. */
#include "base/clock.h"
#include "exchange/session_paper.h"
#include "web/pages_int.h"
#include "web/paper_page.h"
#include "web/present.h"

#define TABLE_BYTES_MAX ((size_t)512 << 20) /* the paper and its page while they are made */

struct wanted {
    int32_t day;
    enum lang second;
    bool complete; /* the address says it all */
};

bool status_table_has(const struct view_record *r)
{
    bool session =
        str_is(r->kind->name, "session") && value_get_str(&r->payload, "mechanism").len > 0;
    return !r->redacted && !r->withdrawn && (session || str_is(r->kind->name, "mechanism"));
}

static struct wanted read_wanted(struct ask *q, const struct desk *d,
                                 const struct desk_row *row)
{
    struct wanted w = {.complete = true};
    struct desk_days on = desk_days_of(ask_query(q, "on"));
    w.day = on.first;
    if (!desk_known(on) || on.first != on.last) {
        w.day = session_table_day(row, desk_day_of_ms(clock_now_ms()));
        w.complete = false;
    }
    if (!lang_read(ask_query(q, "second"), &w.second)) {
        w.second = session_paper_second(d, q->reader, row, q->lang);
        w.complete = false;
    }
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

static void answer(struct ask *q, const struct view_record *r, const struct paper *p,
                   const struct wanted *w)
{
    enum paper_format format;
    if (paper_read_format(ask_query(q, "format"), &format)) {
        paper_send(q, p, format,
                   ask_print(q, "table-%.*s-%.*s-%.*s", STR_ARG(iso_day(q, w->day)),
                             STR_ARG(lang_code(q->lang)), STR_ARG(lang_code(w->second))));
        return;
    }
    ask_title(q, p->title);
    html_text(q->page, "kind_name", r->kind->name);
    html_text(q->page, "kind_many", present_label(q, r->kind->many));
    html_text(q->page, "address", present_address(q, r->id));
    present_title(q, html_item(q->page, "record"), r->kind, &r->payload);
    add_choices(q, w);
    struct html_map *m = html_item(q->page, "paper");
    paper_page_fill(q, m, p);
    paper_page_formats(q, m, address_of(q, r->id, w));
    ask_page(q, "status_table");
}

static void make(struct ask *q, const struct desk *d, const struct view_record *r,
                 const struct wanted *w, struct arena *a)
{
    struct session_table t;
    struct paper p;
    struct session_paper ask = {.view = q->view,
                                .kinds = q->site->kinds,
                                .desk = d,
                                .reader = q->reader,
                                .lang = q->lang,
                                .second = w->second};
    enum cau_err err = session_table_make(a, d, q->reader, r->doc, w->day, &t);
    if (err == CAU_OK)
        err = session_paper_make(a, &ask, &t, &p);
    if (err == CAU_OK)
        answer(q, r, &p, w);
    else if (err == CAU_ERR_UNKNOWN)
        ask_go(q, present_address(q, r->id)); /* the mechanism is not here */
    else
        ask_error(q, err == CAU_ERR_RANGE ? 413 : err == CAU_ERR_CORRUPT ? 500 : 503);
}

void status_table_page(struct ask *q)
{
    struct view_record r;
    if (!ask_record(q, q->part[1], &r))
        return;
    const struct desk *d = status_table_has(&r) ? ask_desk(q) : NULL;
    if (d == NULL) {
        if (q->answer->status == 0)
            ask_go(q, present_address(q, r.id)); /* a record without a table: itself */
        return;
    }
    const struct desk_row *row = desk_row(d, q->reader, r.doc);
    if (row == NULL) {
        ask_error(q, 404);
        return;
    }
    struct wanted w = read_wanted(q, d, row);
    if (!w.complete) {
        struct str format = ask_query(q, "format"), address = address_of(q, r.id, &w);
        ask_go(q, format.len == 0
                      ? address
                      : ask_print(q, "%.*s&format=%.*s", STR_ARG(address), STR_ARG(format)));
        return;
    }
    /* A long table needs more room than a request has. */
    struct arena own = arena_new(TABLE_BYTES_MAX), *usual = q->model.arena;
    q->model.arena = &own;
    make(q, d, &r, &w, &own);
    q->model.arena = usual;
    arena_free(&own);
}
