#include "web/part/narrow.h"

#include "base/number.h"

struct html_map *narrow_facet(struct ask *q, struct str label)
{
    struct html_map *facet = html_item(q->page, "facets");
    html_text(facet, "label", label);
    return facet;
}

void narrow_value(struct html_map *facet, struct str label, size_t n, struct str address)
{
    bool more = html_count(facet, "values") >= NARROW_SHOWN;
    struct html_map *value = html_item(facet, more ? "more" : "values");
    html_text(value, "label", label);
    html_number(value, "count", (int64_t)n);
    html_text(value, "address", address);
}

void narrow_chip(struct ask *q, struct str facet, struct str label, struct str address)
{
    struct html_map *m = html_item(q->page, "filters");
    html_text(m, "facet", facet);
    html_text(m, "label", label);
    html_text(m, "address", address);
}

size_t narrow_page(struct ask *q)
{
    uint64_t page = 1;
    if (number_read(ask_query(q, "page"), NARROW_PAGES_MAX, &page) != CAU_OK || page == 0)
        return 1;
    return (size_t)page;
}

void narrow_pages(struct ask *q, size_t page, size_t last,
                  struct str (*address)(void *ctx, size_t page), void *ctx)
{
    if (last < 2)
        return;
    const struct str slot[] = {ask_number(q, (int64_t)page), ask_number(q, (int64_t)last)};
    html_text(q->page, "place", ask_fill(q, "agreement.page", slot, countof(slot)));
    if (page > 1)
        html_text(q->page, "previous", address(ctx, page - 1));
    if (page < last)
        html_text(q->page, "next", address(ctx, page + 1));
}
