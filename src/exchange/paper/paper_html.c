/* A paper as markup: a page that stands alone, or a part of a page of the site. */
#include "base/words.h"
#include "exchange/paper/paper_int.h"

/* What differs between the two: the classes. */
struct look {
    const char *title, *subtitle, *heading_2, *heading_3, *paragraph, *list;
    const char *table, *caption, *head, *head_number, *group, *cell, *cell_number;
    const char *link, *small, *alert, *mark, *notes, *foot, *back;
};

struct page {
    const struct paper *p;
    const struct look *look;
    bool
        site; /* in a page of the site: addresses of the node stay as they are, cells say what column they are in */
    struct str base;
    struct buf *out;
    struct buf marked; /* a byte for each note: it was marked before */
    struct buf
        label; /* of the table being written: the headings of its columns, escaped once */
    size_t label_end[PAPER_COLUMNS_MAX];
};

static const char style[] =
    "@page{size:A4;margin:16mm 15mm}"
    "body{font:11pt/1.45 \"Times New Roman\",\"Liberation Serif\",Tinos,serif;color:#000;"
    "background:#fff;max-width:60em;margin:2em auto;padding:0 1em}"
    "h1{font-size:1.45em;line-height:1.25;margin:0 0 .2em}"
    "h2{font-size:1.2em;margin:1.2em 0 .3em}h3{font-size:1.05em;margin:1em 0 .3em}"
    "h1,h2,h3,caption{break-after:avoid}p{margin:.4em 0}.sub{margin:0 0 1em}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed;margin:.6em 0 "
    "1em;font-size:.86em;line-height:1.3}"
    "caption{text-align:left;font-weight:bold;margin-bottom:.3em}"
    "th,td{border:1px solid #777;padding:.25em .4em;text-align:left;vertical-align:top;"
    "overflow-wrap:break-word}"
    "th{background:#eef2f2}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "thead{display:table-header-group}tr{break-inside:avoid}"
    "sup{line-height:0;font-size:.75em}sup a{text-decoration:none}"
    ".s{font-size:.88em;color:#333}.a{font-weight:bold;color:#8a1c13}"
    ".notes{font-size:.86em;border-top:1px solid #777;margin-top:1.6em}"
    ".foot{font-size:.8em;border-top:1px solid #777;margin-top:1.6em;padding-top:.4em;"
    "overflow-wrap:anywhere}"
    "a{color:#0a4a57}@media print{body{margin:0;padding:0;max-width:none;font-size:10pt}"
    "a{color:#000;text-decoration:none}.back{display:none}"
    ".a{color:#000;text-decoration:underline}}";
static const char style_wide[] = "@page{size:A4 landscape;margin:12mm}body{max-width:90em}";

static const struct look alone = {
    .title = "",
    .subtitle = " class=\"sub\"",
    .heading_2 = "",
    .heading_3 = "",
    .paragraph = "",
    .list = "",
    .table = "",
    .caption = "",
    .head = "",
    .head_number = " class=\"n\"",
    .group = "",
    .cell = "",
    .cell_number = " class=\"n\"",
    .link = "",
    .small = " class=\"s\"",
    .alert = " class=\"a\"",
    .mark = "",
    .notes = " class=\"notes\"",
    .foot = " class=\"foot\"",
    .back = " class=\"back\"",
};
static const struct look inside = {
    .title = " class=\"govuk-heading-xl cau-office__title\"",
    .subtitle = " class=\"govuk-body-l cau-office__subtitle\"",
    .heading_2 = " class=\"govuk-heading-m\"",
    .heading_3 = " class=\"govuk-heading-s\"",
    .paragraph = " class=\"govuk-body\"",
    .list = " class=\"govuk-list govuk-list--bullet\"",
    .table = " class=\"govuk-table cau-table cau-office__table\"",
    .caption = " class=\"govuk-table__caption cau-office__caption\"",
    .head = " class=\"govuk-table__header\"",
    .head_number = " class=\"govuk-table__header govuk-table__cell--numeric\"",
    .group = " class=\"cau-office__group\"",
    .cell = " class=\"govuk-table__cell\"",
    .cell_number = " class=\"govuk-table__cell govuk-table__cell--numeric\"",
    .link = " class=\"govuk-link\"",
    .small = " class=\"cau-small\"",
    .alert = " class=\"cau-alert\"",
    .mark = " class=\"cau-mark\"",
    .notes = " class=\"cau-office__notes\" aria-labelledby=\"notes\"",
    .foot = " class=\"cau-office__foot\"",
    .back = " class=\"govuk-link cau-noprint\"",
};

static void put(struct page *g, const char *markup)
{
    buf_add_word(g->out, markup);
}

static void put_lang(struct page *g, struct str lang)
{
    struct str tag = paper_lang(g->p, lang);
    if (str_equal(tag, lang_code(g->p->lang)))
        return;
    put(g, " lang=\"");
    paper_escape(g->out, tag);
    put(g, "\"");
}

static void put_lines(struct page *g, struct str text)
{
    struct str line;
    for (bool first = true; paper_line(&text, &line); first = false) {
        if (!first)
            put(g, "<br>");
        paper_escape(g->out, line);
    }
}

/* Begins the link of a piece; false when its address leads nowhere from a file. */
static bool put_link(struct page *g, const struct paper_piece *x)
{
    bool here = paper_is_here(x->address);
    if (here ? g->base.len == 0 && !g->site : !paper_is_web(x->address))
        return false;
    put(g, "<a");
    put(g, g->look->link);
    put(g, " href=\"");
    if (here)
        paper_escape(g->out, g->base);
    paper_escape(g->out, x->address);
    put(g, "\">");
    return true;
}

/* An attribute that says to a listener what a number or an arrow is. */
static void put_label(struct page *g, const char *id, size_t number)
{
    struct str message = words(g->p->lang, id);
    size_t at = 0;
    while (at + 2 < message.len && (message.p[at] != '{' || message.p[at + 1] != '0'))
        at++;
    bool place = at + 2 < message.len;
    put(g, " aria-label=\"");
    paper_escape(g->out, place ? str_to(message, at) : message);
    if (place) {
        buf_printf(g->out, "%zu", number);
        paper_escape(g->out, str_from(message, at + 3));
    }
    put(g, "\"");
}

static void put_marks(struct page *g, const struct paper_piece *x)
{
    for (uint32_t i = 0; i < x->notes; i++) {
        uint32_t number = x->note + i;
        if (number == 0 || number > g->p->notes || g->marked.failed)
            continue;
        put(g, "<sup");
        put(g, g->look->mark);
        put(g, i == 0 || g->site ? ">" : ">,\xC2\xA0");
        put(g, "<a");
        put(g, g->look->link);
        if (g->marked.p[number - 1] == 0)
            buf_printf(g->out, " id=\"mark-%u\"", number);
        g->marked.p[number - 1] = 1;
        buf_printf(g->out, " href=\"#note-%u\"", number);
        if (g->site)
            put_label(g, "paper.note", number);
        buf_printf(g->out, ">%u</a></sup>", number);
    }
}

static void put_piece(struct page *g, const struct paper_piece *x)
{
    bool strong = x->tone == PAPER_STRONG || x->tone == PAPER_ALERT;
    bool bare =
        x->tone == PAPER_PLAIN && str_equal(paper_lang(g->p, x->lang), lang_code(g->p->lang));
    if (x->text.len > 0 && !bare) {
        put(g, strong ? "<strong" : "<span");
        put(g, x->tone == PAPER_ALERT   ? g->look->alert
               : x->tone == PAPER_SMALL ? g->look->small
                                        : "");
        put_lang(g, x->lang);
        put(g, ">");
    }
    bool linked = x->text.len > 0 && put_link(g, x);
    put_lines(g, x->text);
    if (linked)
        put(g, "</a>");
    if (x->text.len > 0 && !bare)
        put(g, strong ? "</strong>" : "</span>");
    put_marks(g, x);
}

static void put_text(struct page *g, const struct paper_text *t)
{
    for (const struct paper_piece *x = t->first; x != NULL; x = x->next) {
        if (x->break_before && x != t->first)
            put(g, "<br>");
        put_piece(g, x);
    }
}

static void put_group(struct page *g, const struct paper_block *t, const struct paper_row *r)
{
    put(g, "<tr");
    put(g, g->look->group);
    buf_printf(g->out, "><th scope=\"rowgroup\" colspan=\"%zu\"%s>", t->columns, g->look->head);
    put_text(g, &r->cell[0]);
    put(g, "</th></tr>\n");
}

static void keep_labels(struct page *g, const struct paper_block *t)
{
    buf_reset(&g->label);
    for (size_t i = 0; i < t->columns && g->site; i++) {
        struct str line, rest = t->column[i].head;
        for (bool first = true; paper_line(&rest, &line); first = false) {
            buf_add(&g->label, first ? STR("") : STR(" / "));
            paper_escape(&g->label, line);
        }
        g->label_end[i] = g->label.len;
    }
}

static void put_column_label(struct page *g, size_t i)
{
    size_t begin = i == 0 ? 0 : g->label_end[i - 1];
    if (!g->label.failed)
        buf_add(g->out, (struct str){g->label.p + begin, g->label_end[i] - begin});
}

static void put_row(struct page *g, const struct paper_block *t, const struct paper_row *r)
{
    put(g, "<tr>");
    for (size_t i = 0; i < t->columns; i++) {
        put(g, "<td");
        put(g, t->column[i].number ? g->look->cell_number : g->look->cell);
        if (g->site && r->cell[i].first != NULL) {
            put(g, " data-label=\"");
            put_column_label(g, i);
            put(g, "\"><div>");
            put_text(g, &r->cell[i]);
            put(g, "</div></td>");
            continue;
        }
        put(g, ">");
        put_text(g, &r->cell[i]);
        put(g, "</td>");
    }
    put(g, "</tr>\n");
}

static void put_anchor(struct page *g, struct str anchor)
{
    if (anchor.len == 0)
        return;
    put(g, " id=\"");
    paper_escape(g->out, anchor);
    put(g, "\"");
}

/* Widths as attributes: the site's pages hold no style of their own. */
static void put_columns(struct page *g, const struct paper_block *t)
{
    unsigned share[PAPER_COLUMNS_MAX];
    paper_shares(t, share);
    put(g, "<colgroup>");
    for (size_t i = 0; i < t->columns; i++)
        buf_printf(g->out, "<col width=\"%u.%u%%\">", share[i] / 10, share[i] % 10);
    put(g, "</colgroup>\n<thead><tr>");
    for (size_t i = 0; i < t->columns; i++) {
        put(g, "<th scope=\"col\"");
        put(g, t->column[i].number ? g->look->head_number : g->look->head);
        put(g, ">");
        put_lines(g, t->column[i].head);
        put(g, "</th>");
    }
    put(g, "</tr></thead>\n");
}

/* Rows under one heading are a body of their own. */
static void put_table(struct page *g, const struct paper_block *t)
{
    put(g, "<table");
    put(g, g->look->table);
    put_anchor(g, t->anchor);
    put(g, ">");
    if (t->text.first != NULL) {
        put(g, "<caption");
        put(g, g->look->caption);
        put(g, ">");
        put_text(g, &t->text);
        put(g, "</caption>");
    }
    put_columns(g, t);
    keep_labels(g, t);
    put(g, "<tbody>\n");
    for (const struct paper_row *r = t->row; r != NULL; r = r->next) {
        if (r->head && r != t->row)
            put(g, "</tbody><tbody>\n");
        if (r->head)
            put_group(g, t, r);
        else
            put_row(g, t, r);
    }
    put(g, "</tbody></table>\n");
}

static void put_list(struct page *g, const struct paper_block *x)
{
    put(g, "<ul");
    put(g, g->look->list);
    put(g, ">\n");
    for (size_t i = 0; i < x->items; i++) {
        put(g, "<li>");
        put_text(g, &x->item[i]);
        put(g, "</li>\n");
    }
    put(g, "</ul>\n");
}

static void put_block(struct page *g, const struct paper_block *x)
{
    switch (x->type) {
    case PAPER_HEADING:
        buf_printf(g->out, "<h%u%s", x->level,
                   x->level == 2 ? g->look->heading_2 : g->look->heading_3);
        put_anchor(g, x->anchor);
        put(g, ">");
        put_text(g, &x->text);
        buf_printf(g->out, "</h%u>\n", x->level);
        break;
    case PAPER_PARAGRAPH:
        put(g, "<p");
        put(g, g->look->paragraph);
        put(g, ">");
        put_text(g, &x->text);
        put(g, "</p>\n");
        break;
    case PAPER_LIST:
        put_list(g, x);
        break;
    case PAPER_TABLE:
        put_table(g, x);
        break;
    }
}

static void put_notes(struct page *g)
{
    put(g, "<section");
    put(g, g->look->notes);
    put(g, g->site ? "><h2 class=\"govuk-heading-s\" id=\"notes\">" : "><h2>");
    paper_escape(g->out, words(g->p->lang, "paper.notes"));
    put(g, "</h2><ol>\n");
    for (size_t i = 0; i < g->p->notes; i++) {
        buf_printf(g->out, "<li id=\"note-%zu\">", i + 1);
        put_text(g, &g->p->note[i]);
        if (!g->marked.failed && g->marked.p[i] != 0) {
            put(g, " <a");
            put(g, g->look->back);
            buf_printf(g->out, " href=\"#mark-%zu\"", i + 1);
            put_label(g, "paper.back_from", i + 1);
            put(g, ">\xE2\x86\x91</a>");
        }
        put(g, "</li>\n");
    }
    put(g, "</ol></section>\n");
}

static void put_titles(struct page *g)
{
    put(g, "<h1");
    put(g, g->look->title);
    put(g, ">");
    put_lines(g, g->p->title);
    put(g, "</h1>\n");
    if (g->p->subtitle.len == 0)
        return;
    put(g, "<p");
    put(g, g->look->subtitle);
    put(g, ">");
    put_lines(g, g->p->subtitle);
    put(g, "</p>\n");
}

static void put_head(struct page *g)
{
    put(g, "<!DOCTYPE html>\n<html lang=\"");
    buf_add(g->out, lang_code(g->p->lang));
    put(g, "\">\n<head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    paper_escape(g->out, g->p->title);
    put(g, "</title>\n<style>");
    put(g, style);
    if (g->p->landscape)
        put(g, style_wide);
    put(g, "</style></head>\n<body>\n");
}

static enum cau_err write_all(struct page *g)
{
    const struct paper *p = g->p;
    if (p->failed)
        return paper_state(p);
    g->marked = buf_new(PAPER_NOTES_MAX);
    g->label = buf_new(PAPER_FILE_BYTES_MAX);
    buf_add_zeros(&g->marked, p->notes);
    if (!g->site)
        put_head(g);
    put_titles(g);
    for (const struct paper_block *x = p->block; x != NULL; x = x->next)
        put_block(g, x);
    if (p->notes > 0)
        put_notes(g);
    if (p->foot.first != NULL) {
        put(g, "<p");
        put(g, g->look->foot);
        put(g, ">");
        put_text(g, &p->foot);
        put(g, "</p>\n");
    }
    if (!g->site)
        put(g, "</body></html>\n");
    bool failed = g->marked.failed || g->label.failed || g->out->failed;
    buf_free(&g->marked);
    buf_free(&g->label);
    return failed ? CAU_ERR_MEMORY : CAU_OK;
}

enum cau_err paper_write_html(const struct paper *p, struct str base, struct buf *out)
{
    struct page g = {.p = p, .look = &alone, .base = base, .out = out};
    return write_all(&g);
}

enum cau_err paper_write_part(const struct paper *p, struct buf *out)
{
    struct page g = {.p = p, .look = &inside, .site = true, .out = out};
    return write_all(&g);
}
