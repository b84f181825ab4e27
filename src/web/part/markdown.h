/* markdown.h - the guides as data for pages: a small part of Markdown, no markup of its own passes through.
 *
 * Headings (#, ##, ###), paragraphs, lists (*, -, 1.) within one another, tables, fenced code; in a line **strong**,
 * *emphasis*, `code`, [text](address). Everything else is text. */
#ifndef CAU_WEB_MARKDOWN_H
#define CAU_WEB_MARKDOWN_H

#include "web/serve/html.h"

#define MARKDOWN_DEPTH_MAX 3 /* lists within lists */
#define MARKDOWN_BYTES_MAX ((size_t)1 << 20)

/* Adds "blocks" to m, and to page one "contents" item for each heading of the second level. Text is borrowed
 * or lives in a. Errors: RANGE (over MARKDOWN_BYTES_MAX), MEMORY. */
enum cau_err markdown_write(struct arena *a, struct html_map *page, struct html_map *m,
                            struct str text);

#endif
