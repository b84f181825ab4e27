/* index_int.h - what an index is inside: a segment in a file, a part in memory, columns, counts. */
#ifndef CAU_INDEX_INDEX_INT_H
#define CAU_INDEX_INDEX_INT_H

#include "base/sync.h"
#include "index/facet_int.h"
#include "index/fresh_int.h"
#include "index/index.h"
#include "index/segment_int.h"

enum { INDEX_SEGMENT, INDEX_FRESH, INDEX_PARTS }; /* documents of both, each in one */

struct index {
    struct sync_readers *lock; /* searches read, the last step of each write writes */
    struct segment segment;
    struct fresh fresh;
    struct facets facets;
    struct buf
        place; /* uint32_t by document: 0 none, else 1 + slot, with PLACE_FRESH when in fresh */
    uint32_t count;
    uint64_t generation;                 /* counts every change of what searches see */
    int64_t public_length[TOKEN_GROUPS]; /* of all public texts, by language group */
    struct compound_list *compounds;
    struct later *later;             /* later_int.h: not searched yet */
    const struct lexicon *lexicon;   /* may be NULL */
    struct index_glossary *glossary; /* made when it is first asked for */
    /* The writer's own. */
    struct stem *stem;
    struct buf stored;
    char *path; /* of the file */
    uint64_t position;
    bool changed; /* since the file was written or opened */
};

/* The concepts of the program's glossary; the first call reads them. Errors: MEMORY. */
struct concepts;
enum cau_err index_concepts(const struct index *ix, const struct concepts **out);

/* Vietnamese words by their form without marks, of the lexicon in use; NULL: none. The lock is held for reading. Errors:
 * MEMORY. */
struct bare_words;
enum cau_err index_bare_words(const struct index *ix, const struct bare_words **out);

/* What like_int.h keeps from call to call, at most LIKE_KEPT_MAX, each of LIKE_KEPT_BYTES_MAX: NULL when there is none, or
 * other calls have them. Those of another state of the index are dropped then, and by every save. */
struct like;
struct like *index_take_like(const struct index *ix);
bool index_give_like(const struct index *ix, struct like *like); /* false: there are enough */

/* A stemmer of the caller's own until he gives it back. MEMORY. */
enum cau_err index_take_stem(const struct index *ix, struct stem **out);
void index_give_stem(const struct index *ix, struct stem *stem);

#define PLACE_FRESH ((uint32_t)1 << 31)

/* For bulk.c. */
enum cau_err index_check_doc(const struct index_doc *doc); /* RANGE, SYNTAX */
/* Room for the place of a document. Errors: MEMORY. The lock is held. */
enum cau_err index_make_place(struct index *ix, uint32_t doc);
/* A document stands in a slot of the part in memory, and no longer where it stood; length: what fresh_put said. There is
 * room. The lock is held. */
void index_take_place(struct index *ix, const struct index_doc *doc, uint32_t slot,
                      const uint32_t length[TOKEN_GROUPS]);
/* index_put_all, cut into so many shares: the same for any number. */
#define INDEX_SHARES_MAX 16
enum cau_err index_put_shares(struct index *ix, const struct index_doc *doc, size_t n,
                              size_t shares);

static inline const struct part *index_part(const struct index *ix, int part)
{
    return part == INDEX_SEGMENT ? &ix->segment.part : &ix->fresh.part;
}

/* May the reader see the document in this slot? Not of dead ones. */
static inline bool index_may_see(const struct index *ix, const struct part *p, uint32_t slot,
                                 struct index_reader reader)
{
    if (part_is_dead(p, slot))
        return false;
    unsigned audience = facets_audience(&ix->facets, p->shape[slot]);
    return (reader.audiences >> audience & 1) != 0 ||
           (reader.owner != 0 && p->owner[slot] == reader.owner);
}

#endif
