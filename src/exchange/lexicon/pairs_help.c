/* Pages of help in HTML, one file a language: paragraphs and headings of one id say the same (LibreOffice's help). */
#include "exchange/lexicon/pairs_int.h"

enum { PARAGRAPH_BYTES_MAX = 8 * PAIRS_TEXT_BYTES_MAX };
enum { TAG_HEAD_MAX = 8 }; /* bytes from a tag to its first attribute's value: <p id=" */

/* The paragraph whose id begins at: <p id="par_id1" class="...">text</p>. A longer one is passed over. */
static bool read_paragraph(struct str page, size_t at, struct str *id, struct str *text)
{
    page =
        str_to(page, page.len - at < PARAGRAPH_BYTES_MAX ? page.len : at + PARAGRAPH_BYTES_MAX);
    size_t tag = at, quote = pairs_find(page, at, "\""), from = pairs_find(page, at, ">");
    if (quote >= from || from == page.len)
        return false;
    while (tag > 0 && at - tag <= TAG_HEAD_MAX && page.p[tag] != '<')
        tag--;
    if (page.p[tag] != '<')
        return false;
    *id = (struct str){page.p + at, quote - at};
    size_t end = pairs_find(page, from, page.p[tag + 1] == 'h' ? "</h" : "</p>");
    *text = (struct str){page.p + from + 1, end - from - 1};
    return end < page.len && (page.p[tag + 1] == 'h' || page.p[tag + 1] == 'p');
}

static enum cau_err read_page(struct pairs_run *r, size_t part, struct pairs_messages *m)
{
    struct str page = r->in->text[part], id, text;
    enum cau_err err =
        page.len > PAIRS_PAGE_BYTES_MAX ? pairs_fail(r, PAIRS_FILE, part, 0) : CAU_OK;
    for (size_t at = pairs_find(page, 0, " id=\""); at < page.len && err == CAU_OK;) {
        if (read_paragraph(page, at + 5, &id, &text)) {
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
