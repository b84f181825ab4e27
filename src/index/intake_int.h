/* intake_int.h - texts into the part in memory: which terms a word stands for, and where.
 *
 * A word's form, stem, bare form and sound are worked out when its form is new. A run of bytes that is one word wherever
 * it stands (token_plain) is known by its bytes from then on, and not even its letters are looked at. */
#ifndef CAU_INDEX_INTAKE_INT_H
#define CAU_INDEX_INTAKE_INT_H

#include "index/fresh_int.h"

#define INTAKE_SEEN_MAX                                                                        \
    ((size_t)1 << 20) /* runs known by their bytes; then they are forgotten */

/* Adds the words of stored texts (stored_int.h; valid UTF-8) at a slot above all before it. length gets the field weights
 * of the words by language group. f->failed when memory ends. */
void intake_add(struct fresh *f, const struct fresh_tools *tools, struct str stored,
                uint32_t slot, bool is_public, uint64_t length[TOKEN_GROUPS]);
/* Takes the words of a public document's texts out of the counts. */
void intake_uncount(struct fresh *f, const struct fresh_tools *tools, struct str stored,
                    uint64_t length[TOKEN_GROUPS]);

#endif
