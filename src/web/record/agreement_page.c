/* What the page of an agreement says beyond its fields: whether it holds, and the chain it stands in. */
#include "web/part/agreement_rows.h"
#include "web/part/present.h"
#include "web/record/record_int.h"

static void add_chain(struct ask *q, struct html_map *m, const struct view_record *r,
                      int32_t today)
{
    struct agreement_chain c;
    if (agreement_chain(q->view, q->arena, q->reader, r->doc, &c) != CAU_OK || c.n < 2)
        return;
    struct html_map *chain = html_item(m, "chain");
    struct agreement_rows t = agreement_rows_begin(q, "chain", today);
    for (size_t i = 0; i < c.n; i++)
        agreement_rows_look(&t, &c.member[i].record);
    agreement_rows_axis(&t, chain);
    for (size_t i = 0; i < c.n; i++) {
        struct html_map *row = agreement_rows_add(&t, chain, &c.member[i].record);
        html_flag(row, "here", c.member[i].record.doc == r->doc);
    }
    agreement_rows_end(&t, chain);
    html_flag(chain, "cut", c.cut);
}

/* Its texts: the language, the hash, and the file where this node has it. */
static void add_texts(struct ask *q, struct html_map *m, const struct view_record *r)
{
    const struct value *rows = value_get(&r->payload, "texts");
    for (uint32_t i = 0; rows != NULL && rows->type == VALUE_ARRAY && i < rows->n; i++) {
        const struct value *row = &rows->item[i];
        struct html_map *one = html_item(m, "texts");
        html_text(one, "language", present_language(q, value_get_str(row, "language")));
        html_flag(one, "authentic", value_get(row, "authentic") != NULL);
        html_text(one, "href", value_get_str(row, "address"));
        if (value_get(row, "hash") != NULL)
            session_page_add_file(q, one, r, value_get_str(row, "hash"));
    }
    html_text(m, "address", present_address(q, r->id));
    html_flag(m, "can_put", q->signed_in && !r->withdrawn && ask_may(q, MAY_EDIT, r->kind, r));
}

bool agreement_shows(const struct kind *kind, const struct kind_field *f)
{
    return str_is(kind->name, "agreement") && str_is(f->name, "texts");
}

void agreement_add(struct ask *q, const struct view_record *r)
{
    if (r->redacted || !str_is(r->kind->name, "agreement"))
        return;
    int32_t today = desk_today();
    struct html_map *m = html_item(q->page, "agreement");
    struct agreement_term term = agreement_term_of(&r->payload, today);
    agreement_rows_validity(q, m, r, today);
    html_flag(m, "soon", agreement_expires(&term, today, AGREEMENT_SOON_MONTHS));
    add_chain(q, m, r, today);
    add_texts(q, m, r);
}
