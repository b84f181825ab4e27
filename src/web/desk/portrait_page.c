#include "domain/desk/portrait.h"
#include "exchange/paper/portrait_paper.h"
#include "web/desk/desk_pages.h"
#include "web/part/paper_page.h"
#include "web/part/present.h"

/* Shows the paper, or sends it as the file that was asked for. */
static void show(struct ask *q, enum cau_err err, const struct paper *p, struct str address,
                 struct str name)
{
    enum paper_format f;
    if (err != CAU_OK) {
        ask_error(q, err == CAU_ERR_UNKNOWN ? 404 : err == CAU_ERR_CORRUPT ? 500 : 503);
        return;
    }
    if (paper_read_format(ask_query(q, "format"), &f)) {
        paper_send(q, p, f, name);
        return;
    }
    ask_title(q, p->title);
    struct html_map *m = html_item(q->page, "paper");
    paper_page_fill(q, m, p);
    paper_page_formats(q, m, address);
    ask_page(q, "portrait");
}

static struct portrait_from from_of(const struct ask *q, const struct desk *d)
{
    return (struct portrait_from){q->view, q->site->node, d, q->reader};
}

static struct portrait_paper_from paper_from_of(const struct ask *q, const struct desk *d)
{
    return (struct portrait_paper_from){q->view, d, q->site->kinds, q->reader, q->lang};
}

void portrait_country(struct ask *q)
{
    struct str code = q->part[1];
    struct portrait portrait;
    struct paper p;
    const struct kind_list *list = kinds_find_list(q->site->kinds, STR("country"));
    if (list == NULL || kind_find_code(list, code) == NULL) {
        ask_error(q, 404);
        return;
    }
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return;
    const struct portrait_from from = from_of(q, d);
    const struct portrait_paper_from paper_from = paper_from_of(q, d);
    uint16_t country = desk_country_of(code);
    enum cau_err err = portrait_of_country(&from, q->arena, country, &portrait);
    if (err == CAU_OK)
        err = portrait_paper_country(q->arena, &portrait, &paper_from, country, &p);
    show(
        q, err, &p,
        ask_print(q, "/%.*s/portrait/country/%.*s", STR_ARG(lang_code(q->lang)), STR_ARG(code)),
        ask_print(q, "portrait-%.*s", STR_ARG(code)));
}

void portrait_field(struct ask *q)
{
    struct str code = q->part[1];
    struct portrait portrait;
    struct paper p;
    if (str_starts(code, STR("FORD:")))
        code = str_from(code, 5); /* as records write it */
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return;
    const struct portrait_from from = from_of(q, d);
    const struct portrait_paper_from paper_from = paper_from_of(q, d);
    enum cau_err err = portrait_of_field(&from, q->arena, code, &portrait);
    if (err == CAU_OK)
        err = portrait_paper_field(q->arena, &portrait, &paper_from, code, &p);
    show(q, err, &p,
         ask_print(q, "/%.*s/portrait/field/%.*s", STR_ARG(lang_code(q->lang)), STR_ARG(code)),
         STR("portrait-field"));
}

void portrait_record(struct ask *q)
{
    struct view_record r;
    struct portrait portrait;
    struct paper p;
    if (!ask_record(q, q->part[1], &r))
        return;
    if (!portrait_paper_has(r.kind) || r.redacted) {
        ask_go(q, present_address(q, r.id));
        return;
    }
    const struct desk *d = ask_desk(q);
    if (d == NULL)
        return;
    const struct portrait_from from = from_of(q, d);
    const struct portrait_paper_from paper_from = paper_from_of(q, d);
    enum cau_err err = portrait_of_record(&from, q->arena, r.doc, &portrait);
    if (err == CAU_OK)
        err = portrait_paper_record(q->arena, &portrait, &paper_from, r.doc, &p);
    show(q, err, &p, ask_print(q, "%.*s/portrait", STR_ARG(present_address(q, r.id))),
         ask_print(q, "portrait-%.*s", (int)(r.id.len - 2), r.id.p + 2));
}
