/* segment_int.h - the part of the index in a file, mapped; never changed, only replaced.
 *
 * Little-endian; every section begins at a multiple of 8. Nothing in it is trusted: opening checks the
 * header, the checksum and that each section lies in the file, reading checks what it follows.
 *
 *   offset size
 *        0    8  "CAUIDX7\n"
 *        8    8  checksum of all bytes behind it (segment_checksum)
 *       16    8  version of the analyser that made the terms
 *       24    8  position in the log
 *       32    8  bytes of the file
 *       40    4  slots, then values, shapes, dictionary blocks (4 each)
 *       56   32  public length by language group (8 each)
 *       88    8  for each section: its offset; it ends where the next begins, the last at the end
 *
 * Sections: doc, shape, owner (uint32 a slot), updated_ms (int64 a slot), length (4 uint16 a slot), token_at
 * (uint32, slots + 1), token (uint32), text_at (uint64, slots + 1), text, value_at (uint32, values + 1),
 * value_text, value_column (uint8), shape_at (uint32, shapes + 1), shape_value (uint16), shape_audience
 * (uint8), block (16 a dictionary block, + 1), head (uint64 a block), dictionary, lists, word_at (uint64, slots + 1),
 * word (wordlist_int.h; a term's number is that of its key in the dictionary), bag_at (uint32, BAG_CELLS + 1: where each
 * cell begins in the two that follow), bag (uint64; bag_int.h), bag_term (uint32: number of the key, ascending in a cell), sound_at (uint32), sound
 * (sound_int.h).
 *
 * Dictionary: keys ascending, blocks of 16. block: uint64 offset of it in dictionary, uint64 offset of its first list
 * in lists. head: the first eight bytes of its first key, the first of them highest, zeros behind a shorter
 * one. A block: bytes of its keys (LEB128); keys, each: bytes shared with the key before it in the block, further
 * bytes (both LEB128), those bytes; then for each key: postings, bytes of the list (LEB128); 1 byte: groups with a
 * public count (bits 0 to 3), groups in whose texts it stands, a sound: its form (bits 4 to 7); 1 byte: its greatest
 * share of a text (posting_share); the counts (LEB128). List of more than POSTING_BLOCK postings: skip table, then postings (posting_int.h). */
#ifndef CAU_INDEX_SEGMENT_INT_H
#define CAU_INDEX_SEGMENT_INT_H

#include "index/bag_int.h"
#include "index/facet_int.h"
#include "index/part_int.h"
#include "index/term_int.h"

#define SEGMENT_BLOCK  16
#define SEGMENT_MAGIC  "CAUIDX7\n"
#define SEGMENT_SUMMED 16 /* the checksum is of everything from this offset on */

enum segment_section {
    SEGMENT_DOC,
    SEGMENT_SHAPE,
    SEGMENT_OWNER,
    SEGMENT_UPDATED,
    SEGMENT_LENGTH,
    SEGMENT_TOKEN_AT,
    SEGMENT_TOKEN,
    SEGMENT_TEXT_AT,
    SEGMENT_TEXT,
    SEGMENT_VALUE_AT,
    SEGMENT_VALUE_TEXT,
    SEGMENT_VALUE_COLUMN,
    SEGMENT_SHAPE_AT,
    SEGMENT_SHAPE_VALUE,
    SEGMENT_SHAPE_AUDIENCE,
    SEGMENT_BLOCKS,
    SEGMENT_HEADS,
    SEGMENT_DICTIONARY,
    SEGMENT_LISTS,
    SEGMENT_WORD_AT,
    SEGMENT_WORD,
    SEGMENT_BAG_AT,
    SEGMENT_BAG,
    SEGMENT_BAG_TERM,
    SEGMENT_SOUND_AT,
    SEGMENT_SOUND,
    SEGMENT_SECTIONS,
};

struct segment_header {
    char magic[8];
    uint64_t checksum, analyser, position, bytes;
    uint32_t slots, values, shapes, blocks;
    int64_t public_length[TOKEN_GROUPS];
    uint64_t section[SEGMENT_SECTIONS];
};

struct segment {
    struct str map; /* the whole file; {NULL, 0}: no segment */
    struct part part;
    struct segment_header header;
    struct str dictionary, lists;
    const unsigned char *block;
    const uint64_t *head, *bag;
    const uint32_t *bag_at, *bag_term, *sound_at;
    size_t sound_slots; /* of sound_at: a power of two, or 0 */
    struct str sound;
    struct buf dead;  /* bits by slot */
    struct buf brief; /* of part */
    struct buf fold;
    const uint16_t *bag_fold; /* of bag, one for each */
};

uint64_t segment_checksum(struct str bytes);

/* Opens mapped bytes as a segment, to be closed with segment_close, and adds its values and shapes to facets, which are
 * empty. The segment does not own the map. Errors: CORRUPT, MEMORY; then facets may hold a part. */
enum cau_err segment_open(struct str map, uint64_t analyser, struct segment *out,
                          struct facets *facets);
void segment_close(struct segment *s);
void segment_kill(struct segment *s, uint32_t slot);

/* The first eight bytes of a key as a number that orders as the keys do. */
uint64_t segment_head(struct str key);

/* A walk through the dictionary in key order. Terms are read only when they are asked for. */
struct segment_walk {
    const struct segment *s;
    uint32_t block, i;                 /* of the current key */
    const unsigned char *p, *keys_end; /* the next key of the block */
    const unsigned char *q, *end;      /* the next term of the block */
    uint32_t read;                     /* terms of the block before q */
    uint64_t list_at;                  /* where the list of the term at q begins */
    struct part_term term;             /* the last one read */
    struct term_key key;
};
/* To the first key >= key; false at the end. */
bool segment_seek(const struct segment *s, struct str key, struct segment_walk *w);
bool segment_next(struct segment_walk *w);
/* Onwards to the first key >= key; the same as segment_seek, quicker when it is near. */
bool segment_skip(struct segment_walk *w, struct str key);
/* The term of the current key, until the walk moves; without postings when it is not well formed. */
const struct part_term *segment_term(struct segment_walk *w);
bool segment_find(const struct segment *s, struct str key, struct part_term *out);
/* To the key with this number; false when there is none. */
bool segment_at(const struct segment *s, uint32_t number, struct segment_walk *w);

#endif
