/* narrow.h - a list that a reader narrows and turns the pages of: counts to choose from, what is chosen, pages. The parts
 * pages/facets.html, pages/chips.html and pages/pages.html show them. */
#ifndef CAU_WEB_NARROW_H
#define CAU_WEB_NARROW_H

#include "web/serve/site.h"

#define NARROW_SHOWN     8    /* values of a facet; the rest is folded away */
#define NARROW_PAGES_MAX 2000 /* the page an address may ask for */

/* A new facet. */
struct html_map *narrow_facet(struct ask *q, struct str label);
/* One of its values: how many there are, and where they alone are. */
void narrow_value(struct html_map *facet, struct str label, size_t n, struct str address);
/* What is chosen, and where it is not. */
void narrow_chip(struct ask *q, struct str facet, struct str label, struct str address);

/* The page the address asks for, from 1; 1 when it asks for none, or for one over NARROW_PAGES_MAX. */
size_t narrow_page(struct ask *q);
/* Which page of how many this is, with the addresses of its neighbours; nothing when there is one page or none. address:
 * that of a page of the list, from ctx. */
void narrow_pages(struct ask *q, size_t page, size_t last,
                  struct str (*address)(void *ctx, size_t page), void *ctx);

#endif
