/* later_int.h - parts in memory that were read many documents at once and are not one with the rest yet: a save takes them
 * as they are; whoever else comes makes them one with the rest first. */
#ifndef CAU_INDEX_LATER_INT_H
#define CAU_INDEX_LATER_INT_H

#include "index/index_int.h"

#define LATER_MAX INDEX_SHARES_MAX /* parts */

struct later {
    struct index *index; /* the one that has them */
    struct fresh
        part[LATER_MAX]; /* n; their slots follow those of index->fresh, and one another */
    size_t n;
};

/* All parts of an index as a save sees them: the segment, that in memory, those that are to come. */
#define LATER_PARTS_MAX (INDEX_PARTS + LATER_MAX)
static inline size_t later_parts(const struct index *ix)
{
    return INDEX_PARTS + ix->later->n;
}
static inline const struct part *later_part(const struct index *ix, size_t part)
{
    return part < INDEX_PARTS ? index_part(ix, (int)part)
                              : &ix->later->part[part - INDEX_PARTS].part;
}

/* What parts hold that has a limit. */
struct later_size {
    uint64_t slots, tokens, lists;
};
void later_add_size(struct later_size *size, const struct fresh *f);
/* Is there room for n more parts, of such a size together? */
bool later_has_room(const struct index *ix, size_t n, const struct later_size *size);
size_t
later_lists(const struct index *ix); /* bytes of posting memory, of all parts in memory */
/* The slot that the first document of the next part will have in fresh. */
uint32_t later_slots(const struct index *ix);
/* Takes f over; there is room. f is empty then. The lock is held for writing. */
void later_push(struct index *ix, struct fresh *f);
/* Makes all of them one with fresh; none is left. The lock is held for writing. Errors: MEMORY: fresh has failed, and the
 * documents that did not get into it are not in the index. */
enum cau_err later_join(struct index *ix);
void later_drop(struct index *ix); /* all of them */
/* Takes the lock for reading, when all parts are one. */
void later_read_begin(const struct index *ix);

#endif
