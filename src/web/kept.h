/* kept.h - pages kept for readers who are not signed in, until anything changes. */
#ifndef CAU_WEB_KEPT_H
#define CAU_WEB_KEPT_H

#include "base/buf.h"

#define KEPT_PAGES     256
#define KEPT_BYTES_MAX 65536 /* of one page; longer ones are not kept */
#define KEPT_KEY_MAX   300   /* bytes of an address; longer ones are not kept */

struct kept;

struct kept *kept_new(void);
void kept_free(struct kept *k);
/* Appends the page of that address to out when one is kept that was made at count (view/writer.h). */
bool kept_find(struct kept *k, struct str address, uint64_t count, struct buf *out);
/* Keeps a page that was made of what stood at count, in place of another. */
void kept_put(struct kept *k, struct str address, uint64_t count, struct str page);

#endif
