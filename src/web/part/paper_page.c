#include "web/part/paper_page.h"

void paper_page_fill(struct ask *q, struct html_map *m, const struct paper *p)
{
    struct buf made = buf_new(PAPER_PAGE_BYTES_MAX);
    enum cau_err err = paper_write_part(p, &made);
    html_flag(m, "wide", p->landscape);
    html_part(m, "made", ask_keep(q, &made));
    if (err != CAU_OK)
        q->model.failed = true;
    buf_free(&made);
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

void paper_send(struct ask *q, const struct paper *p, enum paper_format f, struct str name)
{
    struct buf out = buf_new(PAPER_PAGE_BYTES_MAX);
    enum cau_err err = paper_write(p, f, STR(""), &out);
    if (err == CAU_OK) {
        ask_attachment(q, ask_print(q, "%.*s.%s", STR_ARG(name), paper_format_name(f)));
        ask_bytes(q, paper_media_type(f), buf_str(&out));
    } else {
        bool big = err == CAU_ERR_RANGE || (out.failed && !p->failed);
        ask_error(q, big ? 413 : 503);
    }
    buf_free(&out);
}
