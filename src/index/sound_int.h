/* sound_int.h - words of the dictionary that sound like a word (skeleton.h), in both parts of an index.
 *
 * A segment keeps, for each skeleton key, a record: 1 byte: bytes of the key; the key; for each form that has it, by
 * ascending form: 1 byte: bytes of its skeleton (not 0), the skeleton, 1 byte: groups in whose texts the form stands
 * (bits), 4 bytes: number of the form's key in the dictionary; at the end a byte 0. Records are found by a table of a
 * power of two, at least 2, of uint32: 0, or 1 + the offset of a record, at str_hash of its key or behind it.
 * In memory sounds are keys of the dictionary (term_int.h). */
#ifndef CAU_INDEX_SOUND_INT_H
#define CAU_INDEX_SOUND_INT_H

#include "index/dictionary_int.h"
#include "language/skeleton.h"

/* The sounds of a segment while it is made. */
struct sound_writer {
    struct buf record;
    struct buf at; /* uint32_t: where each record begins */
};
struct sound_writer sound_writer_new(void);
void sound_writer_free(struct sound_writer *w);
/* Adds the skeleton of a form; keys and, for one key, forms come in ascending order. */
void sound_add(struct sound_writer *w, struct str key, struct str skeleton, uint32_t number,
               unsigned groups);
/* Ends the records in w and adds the table to out. False when memory has ended or the records are too long. */
bool sound_end(struct sound_writer *w, struct buf *out);

/* A word that sounds alike. */
struct sound {
    struct term_key key;         /* of its form */
    struct dictionary_term term; /* of its form */
    unsigned likeness;           /* at least SKELETON_ACCEPT */
};

struct sound_walk {
    const struct index *ix;
    unsigned groups;
    struct skeleton skeleton;
    struct skeleton_keys keys;
    size_t key; /* of the keys: the next one */
    /* What is left of the key's forms; the next one of each part, if there is one. */
    const unsigned char *p, *end;
    struct order_at at;
    struct term_key start; /* how keys of sounds in memory begin */
    bool has[INDEX_PARTS];
    unsigned given; /* bits: parts whose next one was given */
    struct sound next[INDEX_PARTS];
};
/* The words that sound like form and may stand in texts of the groups (bits): by the keys of skeleton_keys in turn, for
 * each by ascending form. */
void sound_start(struct sound_walk *w, const struct index *ix, struct str form,
                 unsigned groups);
/* The next of them, until the walk goes on; NULL at the end. */
const struct sound *sound_next(struct sound_walk *w);

#endif
