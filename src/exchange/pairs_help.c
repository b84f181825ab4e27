/* Pages of help in HTML, one file a language: paragraphs and headings of one id say the same (LibreOffice's help). */
#include "exchange/pairs_int.h"

/* The paragraph whose id begins at: <p id="par_id1" class="...">text</p>. *end is behind its text. */
static bool read_paragraph(struct str page, size_t at, struct str *id, struct str *text,
                           size_t *end)
{
    size_t tag = at, quote = pairs_find(page, at, "\""), from = pairs_find(page, at, ">");
    while (tag > 0 && page.p[tag] != '<')
        tag--;
    if (quote >= from || from == page.len || at - tag > 8)
        return false;
    *id = (struct str){page.p + at, quote - at};
    *end = pairs_find(page, from, page.p[tag + 1] == 'h' ? "</h" : "</p>");
    *text = (struct str){page.p + from + 1, *end - from - 1};
    return *end < page.len && (page.p[tag + 1] == 'h' || page.p[tag + 1] == 'p');
}

static enum cau_err read_page(struct pairs_run *r, size_t part, struct pairs_messages *m)
{
    struct str page = r->in->text[part], id, text;
    enum cau_err err = CAU_OK;
    for (size_t at = pairs_find(page, 0, " id=\""); at < page.len && err == CAU_OK;) {
        size_t end = at;
        if (read_paragraph(page, at + 5, &id, &text, &end)) {
            err = pairs_count(r, part, 0);
            if (err == CAU_OK)
                err = pairs_add(r, m, id, text);
        }
        at = pairs_find(page, at + 5, " id=\"");
    }
    return err;
}

enum cau_err pairs_help(struct pairs_run *r)
{
    struct pairs_messages m[PAIRS_PARTS_MAX] = {{NULL, 0, 0}};
    enum cau_err err = CAU_OK;
    for (size_t i = 0; i < r->in->n && err == CAU_OK; i++)
        err = read_page(r, i, &m[i]);
    return err == CAU_OK ? pairs_join(r, m) : err;
}
