/* kept.h - pages, or parts of pages, kept until anything changes. */
#ifndef CAU_WEB_KEPT_H
#define CAU_WEB_KEPT_H

#include "base/buf.h"

#define KEPT_PAGES   256
#define KEPT_KEY_MAX 300 /* bytes of an address; longer ones are not kept */

struct kept;

/* bytes_max: of one page; longer ones are not kept. total_max: of all together; others make room. */
struct kept *kept_new(size_t bytes_max, size_t total_max);
void kept_free(struct kept *k);
/* Appends the page of that address to out when one is kept that was made at count: a number that changes with what the
 * pages are made of (view/writer.h). */
bool kept_find(struct kept *k, struct str address, uint64_t count, struct buf *out);
/* Keeps a page that was made of what stood at count, in place of another. */
void kept_put(struct kept *k, struct str address, uint64_t count, struct str page);

#endif
