/* bag_int.h - the letters of a word as 64 bits: words a few edits apart have bags a few bits apart, so that most words of
 * a dictionary are passed over without being read. */
#ifndef CAU_INDEX_BAG_INT_H
#define CAU_INDEX_BAG_INT_H

#include "index/term_int.h"

/* Words with bags are kept by kind (bare forms, forms) and number of letters: a cell for each, 0..TOKEN_POINTS_MAX. */
#define BAG_CELLS (2 * (TOKEN_POINTS_MAX + 1))

/* Each letter, the second, the third of its kind sets a bit of its own choice: an edit changes two bits at most, one of
 * two neighbours in the wrong order none. *letters of text, which is valid UTF-8; 0 when there are more than
 * TOKEN_POINTS_MAX. */
uint64_t bag_of(struct str text, size_t *letters);

/* The cell of a key's word with so many letters; BAG_CELLS when keys of its kind have no bags. */
static inline unsigned bag_cell(char kind, size_t letters)
{
    if (kind != (char)TERM_BARE && kind != (char)TERM_FORM)
        return BAG_CELLS;
    return (unsigned)letters + (kind == (char)TERM_FORM ? (unsigned)BAG_CELLS / 2 : 0);
}

/* A quarter of a bag, which differs in no more bits than it: most that are not near are seen by it. */
static inline uint16_t bag_fold(uint64_t bag)
{
    bag ^= bag >> 32;
    return (uint16_t)(bag ^ bag >> 16);
}

/* May words with these bags be edits (1 or 2) apart? Sometimes true when they are not. */
static inline bool bag_near(uint64_t x, uint64_t y, unsigned edits)
{
    uint64_t differ = x ^ y; /* without its lowest bits: nothing must be left */
    differ &= differ - 1;
    differ &= differ - 1;
    if (edits > 1) {
        differ &= differ - 1;
        differ &= differ - 1;
    }
    return differ == 0;
}

#endif
