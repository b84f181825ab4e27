/* segment_damage.h - a segment's file damaged by hand, under a checksum that holds. */
#ifndef CAU_TEST_SEGMENT_DAMAGE_H
#define CAU_TEST_SEGMENT_DAMAGE_H

#include <string.h>

#include "index/segment_int.h"

enum { DAMAGE_BLOCKS = 5 };

static inline void damage_sum(char *file, size_t len)
{
    struct segment_header h;
    memcpy(&h, file, sizeof h);
    h.checksum = segment_checksum((struct str){file + SEGMENT_SUMMED, len - SEGMENT_SUMMED});
    memcpy(file, &h, sizeof h);
}

/* The first DAMAGE_BLOCKS blocks of the dictionary become one, of more than SEGMENT_BLOCK keys. */
static inline void damage_blocks(char *file)
{
    static unsigned char keys[1 << 16], terms[1 << 16];
    size_t keys_n = 0, terms_n = 0;
    struct segment_header h;
    memcpy(&h, file, sizeof h);
    char *block = file + h.section[SEGMENT_BLOCKS], *head = file + h.section[SEGMENT_HEADS];
    unsigned char *dictionary = (unsigned char *)file + h.section[SEGMENT_DICTIONARY];
    uint64_t start;
    must(h.blocks > DAMAGE_BLOCKS);
    for (size_t b = 0; b < DAMAGE_BLOCKS; b++) {
        uint64_t end;
        size_t n = 0;
        memcpy(&start, block + b * 16, sizeof start);
        memcpy(&end, block + (b + 1) * 16, sizeof end);
        const unsigned char *p = dictionary + start;
        for (unsigned shift = 0;; shift += 7) { /* bytes of its keys, LEB128 */
            n |= (size_t)(*p & 127) << shift;
            if (*p++ < 128)
                break;
        }
        memcpy(keys + keys_n, p, n);
        keys_n += n;
        p += n;
        n = (size_t)(dictionary + end - p);
        memcpy(terms + terms_n, p, n);
        terms_n += n;
    }
    memcpy(&start, block, sizeof start);
    unsigned char *p = dictionary + start;
    *p++ = (unsigned char)(keys_n | 128);
    *p++ = (unsigned char)(keys_n >> 7);
    memcpy(p, keys, keys_n);
    memcpy(p + keys_n, terms, terms_n);
    size_t rest = h.blocks - DAMAGE_BLOCKS;
    memmove(block + 16, block + DAMAGE_BLOCKS * 16, (rest + 1) * 16);
    memmove(head + 8, head + DAMAGE_BLOCKS * 8, rest * 8);
    h.blocks -= DAMAGE_BLOCKS - 1;
    memcpy(file, &h, sizeof h);
}

/* Every second key of a kind of a good segment, whose bytes file holds too, ends in half a character. */
static inline void damage_keys(char *file, const struct segment *s, enum term_kind kind)
{
    struct segment_walk w;
    size_t n = 0;
    for (bool more = segment_seek(s, (struct str){NULL, 0}, &w); more; more = segment_next(&w))
        if (w.key.p[0] == (char)kind && n++ % 2 == 0)
            file[(const char *)w.p - s->map.p - 1] = (char)0xD1;
}

#endif
