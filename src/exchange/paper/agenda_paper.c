#include "exchange/paper/agenda_paper.h"

#include "base/words.h"
#include "domain/desk/commitment_state.h"
#include "domain/desk/obstacle_state.h"
#include "exchange/paper/cite.h"

#include <stdio.h>

static const struct str nothing = {NULL, 0};

/* One language of the paper: records are read once in each. */
struct column {
    enum lang lang;
    struct paper paper; /* what cite.h writes with; only the first is handed out */
    struct cite c;
};
struct writing {
    struct arena *a;
    const struct agenda *agenda;
    const struct agenda_paper_from *from;
    struct column column[LANG_COUNT];
    size_t columns;
};

static struct str say(struct column *c, const char *prefix, const char *name)
{
    char id[64];
    snprintf(id, sizeof id, "%s%s", prefix, name);
    return cite_say(&c->c, id);
}

/* The title of a record in a language, {NULL, 0} when it has none in it. */
static struct str title_in(struct column *c, uint32_t doc)
{
    const struct cite_record *r = cite_get(&c->c, doc);
    return r != NULL && str_equal(r->title.lang, lang_code(c->lang)) ? r->title.text : nothing;
}

/* ---- what is said of a record ---- */

/* "Due 31 December 2024 · Viet Nam: under way · Russia: done". */
static void add_remark(struct writing *w, struct column *c, struct paper_text *cell,
                       enum agenda_part part, const struct desk_row *r)
{
    const struct desk *d = w->from->desk;
    struct buf b = buf_new(4096);
    struct desk_days due = r->due;
    int32_t last = part == AGENDA_OBSTACLES ? obstacle_due(r) : DESK_NO_DAY;
    bool late = part == AGENDA_OVERDUE ||
                (part == AGENDA_OBSTACLES && obstacle_past(r, w->agenda->day));
    if (last != DESK_NO_DAY)
        due = (struct desk_days){last, last};
    if (desk_known(due)) {
        const struct str slot[] = {cite_days(&c->c, due)};
        words_fill(&b,
                   cite_say(&c->c, part == AGENDA_EXPIRING            ? "agenda.expires"
                                   : part == AGENDA_OBSTACLES && late ? "agenda.answer_late"
                                   : part == AGENDA_OBSTACLES         ? "agenda.answer_by"
                                                                      : "agenda.due"),
                   slot, 1);
    }
    const struct desk_status *status = desk_statuses(d, r);
    for (size_t i = 0; r->kind == DESK_COMMITMENT && i < r->statuses; i++) {
        char space[2];
        if (b.len > 0)
            buf_add_word(&b, " · ");
        buf_add(&b, cite_country(&c->c, desk_country(status[i].side, space)));
        buf_add_word(&b, ": ");
        buf_add(&b, cite_label_at(&c->c, "commitment_status", status[i].status));
    }
    if (b.len > 0 && !b.failed) {
        struct paper_piece *p = paper_add(&w->column[0].paper, cell,
                                          cite_print(&c->c, "%.*s", STR_ARG(buf_str(&b))));
        if (p != NULL) {
            p->tone = late ? PAPER_ALERT : PAPER_SMALL;
            p->break_before = true;
            p->lang = lang_code(c->lang);
        }
    }
    buf_free(&b);
}

static void add_title(struct writing *w, struct column *c, struct paper_text *cell,
                      uint32_t doc, bool any)
{
    const struct cite_record *r = cite_get(&c->c, doc);
    struct str text = title_in(c, doc), lang = lang_code(c->lang);
    if (text.len == 0 && any && r != NULL) {
        text = r->title.text;
        lang = r->title.lang;
    }
    struct paper_piece *p =
        paper_add(&w->column[0].paper, cell, text.len > 0 ? text : STR("\xE2\x80\x93"));
    if (p == NULL || text.len == 0)
        return;
    p->lang = lang;
    p->address = r->address;
}

static bool has_title(struct writing *w, uint32_t doc)
{
    for (size_t i = 0; i < w->columns; i++)
        if (title_in(&w->column[i], doc).len > 0)
            return true;
    return false;
}

/* ---- the table ---- */

static struct str review_text(struct writing *w, struct column *c)
{
    const struct desk_row *last = w->agenda->next.last;
    if (last == NULL || last->number <= 0)
        return cite_say(&c->c, "agenda.review_any");
    const struct str slot[] = {cite_number(&c->c, last->number)};
    return cite_fill(&c->c, "agenda.review", slot, 1);
}

static void add_number(struct writing *w, struct paper_row *row, size_t part, size_t item)
{
    struct column *c = &w->column[0];
    paper_add(&c->paper, &row->cell[0],
              item == 0 ? cite_print(&c->c, "%zu", part)
                        : cite_print(&c->c, "%zu.%zu", part, item));
}

static void add_fixed(struct writing *w, struct paper_block *table, enum agenda_part part,
                      size_t number)
{
    struct paper_row *row = paper_row(&w->column[0].paper, table);
    if (row == NULL)
        return;
    add_number(w, row, number, 0);
    for (size_t i = 0; i < w->columns; i++) {
        struct column *c = &w->column[i];
        struct paper_piece *p = paper_add(
            &w->column[0].paper, &row->cell[i + 1],
            part == AGENDA_REVIEW ? review_text(w, c) : cite_say(&c->c, "agenda.next"));
        if (p != NULL) {
            p->lang = lang_code(c->lang);
            p->tone = PAPER_STRONG;
        }
    }
}

static void add_head(struct writing *w, struct paper_block *table, enum agenda_part part,
                     size_t number)
{
    struct paper *p = &w->column[0].paper;
    struct paper_row *row = paper_row(p, table);
    if (row == NULL)
        return;
    add_number(w, row, number, 0);
    for (size_t i = 0; i < w->columns; i++) {
        struct column *c = &w->column[i];
        struct paper_piece *piece =
            paper_add(p, &row->cell[i + 1], say(c, "agenda.part.", agenda_part_name(part)));
        if (piece != NULL) {
            piece->lang = lang_code(c->lang);
            piece->tone = PAPER_STRONG;
        }
    }
}

static void add_left(struct writing *w, struct paper_block *table, size_t left)
{
    struct paper *p = &w->column[0].paper;
    struct paper_row *row = left > 0 ? paper_row(p, table) : NULL;
    for (size_t i = 0; row != NULL && i < w->columns; i++) {
        struct column *c = &w->column[i];
        const struct str slot[] = {cite_number(&c->c, (int64_t)left)};
        struct paper_piece *piece =
            paper_add(p, &row->cell[i + 1], cite_fill_n(&c->c, "agenda.left", left, slot, 1));
        if (piece != NULL) {
            piece->lang = lang_code(c->lang);
            piece->tone = PAPER_SMALL;
        }
    }
}

static void add_part(struct writing *w, struct paper_block *table, enum agenda_part part,
                     size_t number)
{
    const struct agenda_items *items = &w->agenda->part[part];
    add_head(w, table, part, number);
    for (size_t i = 0; i < items->n; i++) {
        struct paper_row *row = paper_row(&w->column[0].paper, table);
        uint32_t doc = items->row[i]->doc;
        if (row == NULL)
            return;
        add_number(w, row, number, i + 1);
        bool some = has_title(w, doc);
        for (size_t k = 0; k < w->columns; k++) {
            add_title(w, &w->column[k], &row->cell[k + 1], doc, k == 0 && !some);
            add_remark(w, &w->column[k], &row->cell[k + 1], part, items->row[i]);
        }
    }
    add_left(w, table, items->all - items->n);
}

static bool is_fixed(enum agenda_part part)
{
    return part == AGENDA_REVIEW || part == AGENDA_NEXT;
}

static void add_table(struct writing *w)
{
    struct paper_column column[1 + LANG_COUNT] = {
        {.head = cite_say(&w->column[0].c, "session.no"), .width = 8}};
    size_t number = 0;
    for (size_t i = 0; i < w->columns; i++) {
        struct str name = lang_code(w->column[i].lang);
        column[i + 1] = (struct paper_column){.head = say(&w->column[0], "lang.name.", name.p),
                                              .width = 92 / (unsigned)w->columns};
    }
    struct paper_block *table =
        paper_table(&w->column[0].paper, column, w->columns + 1, nothing);
    for (unsigned part = 0; table != NULL && part < AGENDA_PARTS; part++) {
        if (is_fixed((enum agenda_part)part))
            add_fixed(w, table, (enum agenda_part)part, ++number);
        else if (w->agenda->part[part].all > 0)
            add_part(w, table, (enum agenda_part)part, ++number);
    }
}

/* ---- the paper ---- */

static enum cau_err begin(struct arena *a, const struct agenda *agenda,
                          const struct agenda_paper_from *from, struct writing **out)
{
    struct writing *w = arena_zero(a, sizeof *w);
    if (w == NULL)
        return CAU_ERR_MEMORY;
    *w = (struct writing){.a = a, .agenda = agenda, .from = from};
    *out = w;
    return CAU_OK;
}

static void add_column(struct writing *w, enum lang lang, struct str title)
{
    struct column *c = &w->column[w->columns++];
    c->lang = lang;
    c->paper = paper_new(w->a, lang, title);
    c->c = cite_new(&c->paper, w->from->view, w->from->kinds, w->from->reader);
}

static bool failed(const struct writing *w)
{
    for (size_t i = 0; i < w->columns; i++)
        if (w->column[i].paper.failed)
            return true;
    return false;
}

/* The title once more, in the second language. */
static void add_second_title(struct writing *w, uint32_t doc)
{
    struct column *c = &w->column[w->columns - 1];
    struct paper_text *line = paper_paragraph(&w->column[0].paper);
    struct str title = title_in(c, doc);
    struct paper_piece *p =
        line == NULL
            ? NULL
            : paper_add(&w->column[0].paper, line,
                        title.len == 0 ? cite_say(&c->c, "agenda.title")
                                       : cite_print(&c->c, "%.*s. %.*s",
                                                    STR_ARG(cite_say(&c->c, "agenda.title")),
                                                    STR_ARG(title)));
    if (p == NULL)
        return;
    p->lang = lang_code(c->lang);
    p->tone = PAPER_STRONG;
}

/* When and where, as far as it is known, in each language. */
static void add_when(struct writing *w)
{
    const struct mechanism_next *next = &w->agenda->next;
    struct paper *p = &w->column[0].paper;
    char space[2];
    struct paper_text *line =
        desk_known(next->on) || next->host != 0 ? paper_paragraph(p) : NULL;
    for (size_t i = 0; line != NULL && i < w->columns; i++) {
        struct column *c = &w->column[i];
        const struct str on[] = {cite_days(&c->c, next->on)},
                         host[] = {cite_country(&c->c, desk_country(next->host, space))};
        struct str when = desk_known(next->on) ? cite_fill(&c->c, "agenda.on", on, 1) : nothing,
                   where = next->host != 0 ? cite_fill(&c->c, "agenda.host", host, 1) : nothing;
        struct paper_piece *piece = paper_add(
            p, line,
            cite_print(&c->c, "%.*s%s%.*s", STR_ARG(when),
                       when.len > 0 && where.len > 0 ? " \xC2\xB7 " : "", STR_ARG(where)));
        if (piece == NULL)
            return;
        piece->lang = lang_code(c->lang);
        piece->break_before = i > 0;
    }
}

enum cau_err agenda_paper(struct arena *a, const struct agenda *agenda, uint32_t mechanism,
                          uint32_t session, const struct agenda_paper_from *from,
                          struct paper *out)
{
    struct writing *w = NULL;
    enum cau_err err = begin(a, agenda, from, &w);
    if (err != CAU_OK)
        return err;
    add_column(w, from->lang, words(from->lang, "agenda.title"));
    if (from->other != from->lang)
        add_column(w, from->other, nothing);
    struct column *first = &w->column[0];
    const struct cite_record *r = cite_get(&first->c, session != 0 ? session : mechanism);
    if (r != NULL)
        first->paper.subtitle = r->title.text;
    if (w->columns > 1)
        add_second_title(w, session != 0 ? session : mechanism);
    add_when(w);
    add_table(w);
    cite_foot(&first->c);
    int64_t newest = 0;
    err = view_newest(from->view, &newest);
    if (err != CAU_OK || failed(w))
        return err != CAU_OK ? err : CAU_ERR_MEMORY;
    *out = first->paper;
    out->made_ms = newest;
    return CAU_OK;
}

/* ---- rows of the session ---- */

static enum cau_err set_item(struct writing *w, struct value *row, enum agenda_part part,
                             const struct desk_row *r)
{
    struct value item = value_object();
    enum cau_err err = CAU_OK;
    bool some = r == NULL || has_title(w, r->doc);
    for (size_t i = 0; i < w->columns && err == CAU_OK; i++) {
        struct column *c = &w->column[i];
        struct str text = part == AGENDA_REVIEW ? review_text(w, c)
                          : part == AGENDA_NEXT ? cite_say(&c->c, "agenda.next")
                                                : nothing;
        if (r != NULL) {
            const struct cite_record *record = cite_get(&c->c, r->doc);
            struct str title = title_in(c, r->doc);
            if (title.len == 0 && !some && i == 0 && record != NULL)
                title = record->title.text; /* in a language that is not the site's */
            if (title.len > 0)
                text = cite_print(&c->c, "%.*s: %.*s",
                                  STR_ARG(say(c, "agenda.part.", agenda_part_name(part))),
                                  STR_ARG(title));
        }
        if (text.len > 0)
            err = value_set(w->a, &item, lang_code(c->lang), value_string(text));
    }
    return err == CAU_OK && item.n > 0 ? value_set(w->a, row, STR("item"), item) : err;
}

static enum cau_err add_row(struct writing *w, struct value *rows, enum agenda_part part,
                            const struct desk_row *r)
{
    struct column *c = &w->column[0];
    struct value row = value_object();
    enum cau_err err = set_item(w, &row, part, r);
    if (err == CAU_OK && row.n == 0)
        return CAU_OK; /* it is gone meanwhile */
    if (err == CAU_OK)
        err = value_set(w->a, &row, STR("number"),
                        value_string(cite_print(&c->c, "%u", (unsigned)rows->n + 1)));
    if (err == CAU_OK && r != NULL)
        err = value_set(w->a, &row, STR("about"),
                        value_string(desk_name(w->from->desk, r->self)));
    return err == CAU_OK ? value_push(w->a, rows, row) : err;
}

enum cau_err agenda_rows(struct arena *a, const struct agenda *agenda,
                         const struct agenda_paper_from *from, struct value *out)
{
    struct writing *w = NULL;
    struct value rows = value_array();
    enum cau_err err = begin(a, agenda, from, &w);
    if (err != CAU_OK)
        return err;
    for (unsigned lang = 0; lang < LANG_COUNT; lang++)
        add_column(w, (enum lang)lang, nothing);
    for (unsigned part = 0; part < AGENDA_PARTS && err == CAU_OK; part++) {
        const struct agenda_items *items = &agenda->part[part];
        if (is_fixed((enum agenda_part)part))
            err = add_row(w, &rows, (enum agenda_part)part, NULL);
        for (size_t i = 0; i < items->n && err == CAU_OK; i++)
            err = add_row(w, &rows, (enum agenda_part)part, items->row[i]);
    }
    if (err == CAU_OK && failed(w))
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK)
        *out = rows;
    return err;
}
