#include "web/paper_page.h"

struct fill {
    struct ask *q;
    const struct paper *p;
    unsigned char *marked; /* for each note: it was marked before */
};

static void add_mark(struct fill *f, struct html_map *m, uint32_t number)
{
    if (number == 0 || number > f->p->notes)
        return;
    struct html_map *mark = html_item(m, "marks");
    html_number(mark, "number", number);
    html_flag(mark, "first_mark", f->marked[number - 1] == 0);
    f->marked[number - 1] = 1;
}

static void add_piece(struct fill *f, struct html_map *m, const struct paper_piece *x,
                      bool first)
{
    static const char *const tone[PAPER_TONES] = {"plain", "strong", "small", "alert"};
    struct str line, rest = x->text, lang = paper_lang(f->p, x->lang);
    bool more = paper_line(&rest, &line);
    bool broken = x->break_before && !first;
    if (!more)
        line = STR("");
    do {
        struct html_map *piece = html_item(m, "pieces");
        if (broken)
            html_flag(piece, "broken", true);
        html_text(piece, "text", line);
        html_flag(piece, tone[x->tone], true);
        if (!str_equal(lang, lang_code(f->q->lang)))
            html_text(piece, "lang", lang);
        if (html_address_allowed(x->address))
            html_text(piece, "address", x->address);
        more = paper_line(&rest, &line);
        for (uint32_t i = 0; !more && i < x->notes; i++)
            add_mark(f, piece, x->note + i);
        broken = true;
    } while (more);
}

static void add_text(struct fill *f, struct html_map *m, const struct paper_text *t)
{
    for (const struct paper_piece *x = t->first; x != NULL; x = x->next)
        add_piece(f, m, x, x == t->first);
}

static void add_row(struct fill *f, struct html_map *group, const struct paper_block *t,
                    const struct paper_row *r)
{
    struct html_map *row = html_item(group, "rows");
    for (size_t i = 0; i < t->columns; i++) {
        struct html_map *cell = html_item(row, "cells");
        html_text(cell, "label", t->column[i].head);
        if (t->column[i].number)
            html_flag(cell, "number_cell", true);
        if (r->cell[i].first == NULL)
            html_flag(cell, "empty", true);
        add_text(f, cell, &r->cell[i]);
    }
}

static void add_table(struct fill *f, struct html_map *b, const struct paper_block *t)
{
    unsigned share[PAPER_COLUMNS_MAX];
    paper_shares(t, share);
    html_flag(b, "table", true);
    html_number(b, "columns", (int64_t)t->columns);
    if (t->text.first != NULL)
        add_text(f, html_item(b, "caption"), &t->text);
    for (size_t i = 0; i < t->columns; i++) {
        struct html_map *head = html_item(b, "heads");
        html_text(head, "label", t->column[i].head);
        html_flag(head, "number_cell", t->column[i].number);
        html_text(head, "width", ask_print(f->q, "%u.%u%%", share[i] / 10, share[i] % 10));
    }
    struct html_map *group = NULL;
    for (const struct paper_row *r = t->row; r != NULL; r = r->next) {
        if (group == NULL || r->head)
            group = html_item(b, "groups");
        if (!r->head) {
            add_row(f, group, t, r);
            continue;
        }
        struct html_map *head = html_item(group, "head");
        html_number(head, "columns", (int64_t)t->columns);
        add_text(f, head, &r->cell[0]);
    }
}

static void add_block(struct fill *f, struct html_map *m, const struct paper_block *x)
{
    struct html_map *b = html_item(m, "blocks");
    html_text(b, "anchor", x->anchor);
    if (x->type == PAPER_TABLE) {
        add_table(f, b, x);
        return;
    }
    if (x->type == PAPER_LIST) {
        html_flag(b, "list", true);
        for (size_t i = 0; i < x->items; i++)
            add_text(f, html_item(b, "items"), &x->item[i]);
        return;
    }
    bool heading = x->type == PAPER_HEADING;
    html_flag(b, !heading ? "paragraph" : x->level == 2 ? "heading_2" : "heading_3", true);
    add_text(f, b, &x->text);
}

void paper_page_fill(struct ask *q, struct html_map *m, const struct paper *p)
{
    struct fill f = {q, p, arena_zero(q->arena, p->notes + 1)};
    if (p->failed || f.marked == NULL) {
        q->model.failed = true;
        return;
    }
    html_text(m, "title", p->title);
    html_text(m, "subtitle", p->subtitle);
    html_flag(m, "wide", p->landscape);
    for (const struct paper_block *x = p->block; x != NULL; x = x->next)
        add_block(&f, m, x);
    for (size_t i = 0; i < p->notes; i++) {
        struct html_map *note = html_item(m, "notes");
        html_number(note, "number", (int64_t)i + 1);
        html_flag(note, "is_marked", f.marked[i] != 0);
        add_text(&f, note, &p->note[i]);
    }
    if (p->foot.first != NULL)
        add_text(&f, html_item(m, "foot_line"), &p->foot);
}

void paper_page_formats(struct ask *q, struct html_map *m, struct str address)
{
    static const struct {
        enum paper_format format;
        const char *word;
    } link_list[] = {{PAPER_DOCX, "paper.as_docx"},
                     {PAPER_XLSX, "paper.as_xlsx"},
                     {PAPER_CSV, "paper.as_csv"}};
    bool query = false;
    for (size_t i = 0; i < address.len; i++)
        query |= address.p[i] == '?';
    for (size_t i = 0; i < countof(link_list); i++) {
        struct html_map *link = html_item(m, "formats");
        html_text(link, "name", ask_say(q, link_list[i].word));
        html_text(link, "address",
                  ask_print(q, "%.*s%cformat=%s", STR_ARG(address), query ? '&' : '?',
                            paper_format_name(link_list[i].format)));
    }
}

bool paper_page_write(struct ask *q, const struct paper *p, struct str address, struct buf *out)
{
    struct arena own = arena_new(PAPER_PAGE_ARENA_BYTES);
    struct html_model model;
    struct html_map *m = html_begin(&model, &own);
    bool made = !p->failed;
    if (made) {
        paper_page_fill(q, m, p);
        paper_page_formats(q, m, address);
        made = html_write(q->site->html, "paper", q->lang, m, out) && !model.failed;
    }
    arena_free(&own);
    return made;
}

void paper_send(struct ask *q, const struct paper *p, enum paper_format f, struct str name)
{
    struct buf out = buf_new(PAPER_PAGE_BYTES_MAX);
    enum cau_err err = paper_write(p, f, STR(""), &out);
    if (err == CAU_OK) {
        ask_attachment(q, ask_print(q, "%.*s.%s", STR_ARG(name), paper_format_name(f)));
        ask_bytes(q, paper_media_type(f), buf_str(&out));
    } else {
        ask_error(q, err == CAU_ERR_RANGE ? 413 : 503);
    }
    buf_free(&out);
}
