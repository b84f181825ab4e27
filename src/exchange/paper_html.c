/* A paper as a page that stands alone. */
#include "base/words.h"
#include "exchange/paper_int.h"

struct page {
    const struct paper *p;
    struct str base;
    struct buf *out;
    struct buf marked; /* a byte for each note: it was marked before */
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
    bool here = x->address.len > 1 && x->address.p[0] == '/' && x->address.p[1] != '/';
    if (here ? g->base.len == 0 : !paper_is_web(x->address))
        return false;
    put(g, "<a href=\"");
    if (here)
        paper_escape(g->out, g->base);
    paper_escape(g->out, x->address);
    put(g, "\">");
    return true;
}

static void put_marks(struct page *g, const struct paper_piece *x)
{
    for (uint32_t i = 0; i < x->notes; i++) {
        uint32_t number = x->note + i;
        if (number == 0 || number > g->p->notes || g->marked.failed)
            continue;
        put(g, i == 0 ? "<sup>" : "<sup>,\xC2\xA0");
        put(g, "<a");
        if (g->marked.p[number - 1] == 0)
            buf_printf(g->out, " id=\"mark-%u\"", number);
        g->marked.p[number - 1] = 1;
        buf_printf(g->out, " href=\"#note-%u\">%u</a></sup>", number, number);
    }
}

static void put_piece(struct page *g, const struct paper_piece *x)
{
    static const char *const begin[PAPER_TONES] = {"<span", "<strong", "<span class=\"s\"",
                                                   "<strong class=\"a\""};
    static const char *const end[PAPER_TONES] = {"</span>", "</strong>", "</span>",
                                                 "</strong>"};
    bool bare =
        x->tone == PAPER_PLAIN && str_equal(paper_lang(g->p, x->lang), lang_code(g->p->lang));
    if (x->text.len > 0 && !bare) {
        put(g, begin[x->tone]);
        put_lang(g, x->lang);
        put(g, ">");
    }
    bool linked = x->text.len > 0 && put_link(g, x);
    put_lines(g, x->text);
    if (linked)
        put(g, "</a>");
    if (x->text.len > 0 && !bare)
        put(g, end[x->tone]);
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

static void put_row(struct page *g, const struct paper_block *t, const struct paper_row *r)
{
    put(g, "<tr>");
    if (r->head) {
        buf_printf(g->out, "<th scope=\"rowgroup\" colspan=\"%zu\">", t->columns);
        put_text(g, &r->cell[0]);
        put(g, "</th></tr>\n");
        return;
    }
    for (size_t i = 0; i < t->columns; i++) {
        put(g, t->column[i].number ? "<td class=\"n\">" : "<td>");
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

static void put_table(struct page *g, const struct paper_block *t)
{
    unsigned share[PAPER_COLUMNS_MAX];
    paper_shares(t, share);
    put(g, "<table");
    put_anchor(g, t->anchor);
    put(g, ">");
    if (t->text.first != NULL) {
        put(g, "<caption>");
        put_text(g, &t->text);
        put(g, "</caption>");
    }
    put(g, "<colgroup>");
    for (size_t i = 0; i < t->columns; i++)
        buf_printf(g->out, "<col style=\"width:%u.%u%%\">", share[i] / 10, share[i] % 10);
    put(g, "</colgroup>\n<thead><tr>");
    for (size_t i = 0; i < t->columns; i++) {
        put(g, t->column[i].number ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        put_lines(g, t->column[i].head);
        put(g, "</th>");
    }
    put(g, "</tr></thead>\n<tbody>\n");
    for (const struct paper_row *r = t->row; r != NULL; r = r->next)
        put_row(g, t, r);
    put(g, "</tbody></table>\n");
}

static void put_list(struct page *g, const struct paper_block *x)
{
    put(g, "<ul>\n");
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
        buf_printf(g->out, "<h%u", x->level);
        put_anchor(g, x->anchor);
        put(g, ">");
        put_text(g, &x->text);
        buf_printf(g->out, "</h%u>\n", x->level);
        break;
    case PAPER_PARAGRAPH:
        put(g, "<p>");
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
    put(g, "<section class=\"notes\"><h2>");
    paper_escape(g->out, words(g->p->lang, "paper.notes"));
    put(g, "</h2><ol>\n");
    for (size_t i = 0; i < g->p->notes; i++) {
        buf_printf(g->out, "<li id=\"note-%zu\">", i + 1);
        put_text(g, &g->p->note[i]);
        if (!g->marked.failed && g->marked.p[i] != 0) {
            buf_printf(g->out, " <a class=\"back\" href=\"#mark-%zu\" title=\"", i + 1);
            paper_escape(g->out, words(g->p->lang, "paper.back"));
            put(g, "\">\xE2\x86\x91</a>");
        }
        put(g, "</li>\n");
    }
    put(g, "</ol></section>\n");
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
    put(g, "</style></head>\n<body>\n<h1>");
    put_lines(g, g->p->title);
    put(g, "</h1>\n");
    if (g->p->subtitle.len > 0) {
        put(g, "<p class=\"sub\">");
        put_lines(g, g->p->subtitle);
        put(g, "</p>\n");
    }
}

enum cau_err paper_write_html(const struct paper *p, struct str base, struct buf *out)
{
    if (p->failed)
        return paper_state(p);
    struct page g = {p, base, out, buf_new(PAPER_NOTES_MAX)};
    buf_add_zeros(&g.marked, p->notes);
    put_head(&g);
    for (const struct paper_block *x = p->block; x != NULL; x = x->next)
        put_block(&g, x);
    if (p->notes > 0)
        put_notes(&g);
    if (p->foot.first != NULL) {
        put(&g, "<p class=\"foot\">");
        put_text(&g, &p->foot);
        put(&g, "</p>\n");
    }
    put(&g, "</body></html>\n");
    bool failed = g.marked.failed || out->failed;
    buf_free(&g.marked);
    return failed ? CAU_ERR_MEMORY : CAU_OK;
}
