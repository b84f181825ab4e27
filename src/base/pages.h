/* pages.h - memory for long arrays that grow: from PAGES_OWN bytes on they lie in pages of their own, so that growing moves
 * no bytes and the system may give large pages. */
#ifndef CAU_BASE_PAGES_H
#define CAU_BASE_PAGES_H

#include "base/base.h"

#define PAGES_OWN ((size_t)1 << 20) /* bytes; shorter ones come from malloc */

/* Room for size > 0 bytes in place of p, which pages_grow gave for old <= size bytes (NULL and 0: none yet); what was
 * there is kept, the rest is anything. NULL: memory ended, p is as it was. */
void *pages_grow(void *p, size_t old, size_t size);
/* size > 0 bytes of zeros, as if pages_grow had given them; NULL: memory ended. */
void *pages_zeros(size_t size);
void pages_free(void *p, size_t size); /* NULL and 0 are allowed */

#endif
