/* paper_page.h - a paper (exchange/paper/paper.h) inside a page of the site, and as a file to save. */
#ifndef CAU_WEB_PAPER_PAGE_H
#define CAU_WEB_PAPER_PAGE_H

#include "exchange/paper/paper.h"
#include "web/serve/site.h"

#define PAPER_PAGE_BYTES_MAX ((size_t)48 << 20) /* of a file to save, or of a paper in a page */

/* Fills a map for the skeleton part paper.html: {{#paper}}{{>paper}}{{/paper}}. The paper is not needed any
 * more afterwards. One that has failed makes the page fail. */
void paper_page_fill(struct ask *q, struct html_map *m, const struct paper *p);
/* Adds links to the same paper as a file of each format; address is the page's own with its query. */
void paper_page_formats(struct ask *q, struct html_map *m, struct str address);
/* Answers with the paper as a file, which the browser saves as `name` (ASCII letters, digits, hyphens) with its format's
 * ending; over PAPER_PAGE_BYTES_MAX with 413. */
void paper_send(struct ask *q, const struct paper *p, enum paper_format f, struct str name);

#endif
