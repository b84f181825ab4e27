/* posting_int.h - lists of where a term stands, as bytes.
 *
 * A posting is an id (slot << 2 | language group of the text) and a weight (the field weights of the places
 * where the term stands, added up). Short lists, and all in memory, are, by ascending id, for each posting the
 * difference to the id before it (the first: to 0) and the weight, both as LEB128 of at most five bytes.
 *
 * Lists of a segment of more than POSTING_BLOCK postings are a skip table and blocks of so many, the last of the rest:
 *
 *   offset size
 *        0    1  w: bytes of a difference (1, 2 or 4)
 *        1    1  v: bytes of a weight (1 or 2), or 0: all have the same
 *        2  n w  differences; the first of a list to 0
 *           n v  weights; when v is 0 one of 2 bytes
 *
 * Numbers of several bytes are little-endian. Reading never trusts the bytes: what is not well formed ends the list. */
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
    struct posting last; /* one more, behind the bytes; none of lists with a skip table */
    uint32_t count; /* with last; without a skip table how much work the list is, not more */
    /* Skip table of blocks entries: id of the block's last posting, offset of its end from p; both uint32. */
    const unsigned char *skip;
    uint32_t blocks;
};

struct posting_cursor {
    const unsigned char *p, *end; /* of a list with a skip table: where it begins and ends */
    uint32_t id, weight;          /* of the current posting */
    struct posting last;
    const unsigned char *skip;
    uint32_t blocks, block; /* block: how many of the blocks were entered */
    uint32_t count;
    /* The block at hand; the next of its n postings is i. */
    const unsigned char *delta, *weights;
    uint32_t i, n;
    uint8_t delta_bytes, weight_bytes;
};

/* A share (24 fractional bits, at most 1) as one byte, rounded up, and back. */
unsigned char posting_share_code(uint32_t share);
uint32_t posting_share(unsigned char code);

size_t posting_encode(uint32_t delta, uint32_t weight,
                      unsigned char out[10]); /* bytes written */
/* Adds a list of n postings of ascending id as a segment holds it: its skip table, if it has one, and the postings. */
void posting_write(struct buf *b, const struct posting *posting, size_t n);

static inline void posting_open(struct posting_cursor *c, const struct posting_list *l)
{
    *c = (struct posting_cursor){.p = l->p,
                                 .end = l->end,
                                 .last = l->last,
                                 .skip = l->skip,
                                 .blocks = l->blocks,
                                 .count = l->count};
}

/* The same without a block at hand: of a list without a skip table, or the first posting of the next block. */
bool posting_next_apart(struct posting_cursor *c);

static inline uint32_t posting_delta(const struct posting_cursor *c)
{
    const unsigned char *at = c->delta + (size_t)c->i * c->delta_bytes;
    uint32_t value;
    if (c->delta_bytes == 2)
        return (uint32_t)at[0] | (uint32_t)at[1] << 8;
    if (c->delta_bytes == 1)
        return at[0];
    memcpy(&value, at, sizeof value);
    return value;
}

/* Moves to the next posting; false at the end. */
static inline bool posting_next(struct posting_cursor *c)
{
    if (c->i == c->n)
        return posting_next_apart(c);
    uint32_t id = c->id + posting_delta(c);
    if (id < c->id) /* only in a damaged file */
        return c->n = c->i, c->block = c->blocks, c->p = c->end, false;
    c->id = id;
    if (c->weight_bytes == 1)
        c->weight = c->weights[c->i];
    else if (c->weight_bytes == 2)
        c->weight = (uint32_t)c->weights[2 * (size_t)c->i] |
                    (uint32_t)c->weights[2 * (size_t)c->i + 1] << 8;
    c->i++;
    return true;
}

/* Writes the current posting and those behind it with ids below high (at most 2^31) into out, at most POSTING_BLOCK, and moves to the
 * first that was not written. Returns how many; *more is false when the list has ended. */
size_t posting_run(struct posting_cursor *c, uint32_t high, struct posting out[POSTING_BLOCK],
                   bool *more);

/* Moves on until id >= target; the current posting counts. False at the end. */
bool posting_seek(struct posting_cursor *c, uint32_t target);

#endif
