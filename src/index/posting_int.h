/* posting_int.h - lists of where a term stands, as bytes.
 *
 * A posting is an id (slot << 2 | language group of the text) and a weight (the field weights of the places
 * where the term stands, added up). A list is, by ascending id, for each posting the difference to the id
 * before it (the first: to 0) and the weight, both as LEB128 of at most five bytes. Long lists of a segment
 * have a skip table before them. Reading never trusts the bytes: what is not well formed ends the list. */
#ifndef CAU_INDEX_POSTING_INT_H
#define CAU_INDEX_POSTING_INT_H

#include "base/buf.h"

#include <string.h>

#define POSTING_BLOCK      128 /* postings between two entries of a skip table */
#define POSTING_WEIGHT_MAX 65535
#define POSTING_GROUP_BITS 2

struct posting {
    uint32_t id, weight; /* weight 0: none */
};

struct posting_list {
    const unsigned char *p, *end;
    struct posting last; /* one more, behind the bytes */
    uint32_t count;      /* with last; how much work the list is, not more */
    /* Skip table of blocks entries: id of the block's last posting, offset of its end from p; both uint32. */
    const unsigned char *skip;
    uint32_t blocks;
};

struct posting_cursor {
    const unsigned char *p, *end, *start;
    uint32_t id, weight; /* of the current posting */
    struct posting last;
    const unsigned char *skip;
    uint32_t blocks, block; /* block: entries of the skip table before p */
};

/* A share (24 fractional bits, at most 1) as one byte, rounded up, and back. */
unsigned char posting_share_code(uint32_t share);
uint32_t posting_share(unsigned char code);

void posting_put(struct buf *b, uint32_t delta, uint32_t weight);
size_t posting_encode(uint32_t delta, uint32_t weight,
                      unsigned char out[10]); /* bytes written */

static inline void posting_open(struct posting_cursor *c, const struct posting_list *l)
{
    *c = (struct posting_cursor){l->p, l->end, l->p, 0, 0, l->last, l->skip, l->blocks, 0};
}

static inline bool posting_number(struct posting_cursor *c, uint32_t *out)
{
    uint32_t value = 0;
    for (unsigned shift = 0; shift < 35 && c->p < c->end; shift += 7) {
        uint32_t byte = *c->p++;
        value |= (byte & 127) << shift;
        if (byte < 128) {
            *out = value;
            return true;
        }
    }
    return false;
}

/* Moves to the next posting; false at the end. */
static inline bool posting_next(struct posting_cursor *c)
{
    uint32_t delta;
    if (c->end - c->p >= 3) { /* nearly all are of two or three bytes */
        uint32_t first = c->p[0], second = c->p[1], third = c->p[2];
        if ((first | second) < 128) {
            c->id += first;
            c->weight = second;
            c->p += 2;
            return true;
        }
        if ((second | third) < 128) {
            c->id += (first & 127) | second << 7;
            c->weight = third;
            c->p += 3;
            return true;
        }
    }
    if (c->p < c->end && posting_number(c, &delta) && posting_number(c, &c->weight)) {
        c->id += delta;
        return true;
    }
    c->p = c->end;
    if (c->last.weight == 0)
        return false;
    c->id = c->last.id;
    c->weight = c->last.weight;
    c->last.weight = 0;
    return true;
}

/* Moves on until id >= target; the current posting counts. False at the end. */
bool posting_seek(struct posting_cursor *c, uint32_t target);

#endif
