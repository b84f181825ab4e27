/* paper_page.h - a paper (exchange/paper.h) inside a page of the site, and as a file to save. */
#ifndef CAU_WEB_PAPER_PAGE_H
#define CAU_WEB_PAPER_PAGE_H

#include "exchange/paper.h"
#include "web/site.h"

#define PAPER_PAGE_BYTES_MAX   ((size_t)48 << 20)  /* of a file to save */
#define PAPER_PAGE_ARENA_BYTES ((size_t)512 << 20) /* what a long page takes while it is made */

/* Fills a map for the skeleton part paper.html: {{#paper}}{{>paper}}{{/paper}}. What the paper borrows must live until
 * the page is written. A paper that has failed makes the page fail. */
void paper_page_fill(struct ask *q, struct html_map *m, const struct paper *p);
/* Writes such a part of a page with the links of paper_page_formats, so that it can be kept (html_part). False: it could
 * not be made. */
bool paper_page_write(struct ask *q, const struct paper *p, struct str address,
                      struct buf *out);
/* Adds links to the same paper as a file of each format; address is the page's own with its query. */
void paper_page_formats(struct ask *q, struct html_map *m, struct str address);
/* Answers with the paper as a file, which the browser saves as `name` (ASCII letters, digits, hyphens) with its format's
 * ending. */
void paper_send(struct ask *q, const struct paper *p, enum paper_format f, struct str name);

#endif
