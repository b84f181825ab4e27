/* skeleton.h - how a name sounds, whatever its script and romanisation: Gruzdev, Gruzdiev and Груздев meet. */
#ifndef CAU_LANGUAGE_SKELETON_H
#define CAU_LANGUAGE_SKELETON_H

#include "base/base.h"

#define SKELETON_BYTES_MAX  64  /* longer words have none */
#define SKELETON_POINTS_MIN 4   /* of a word that has one */
#define SKELETON_ACCEPT     720 /* permille: from here on two words may be one name */
#define SKELETON_KEYS_MAX   8

struct skeleton {
    unsigned char len;          /* 0: the word has none */
    uint32_t consonants;        /* a bit for each letter it has that is no vowel */
    char p[SKELETON_BYTES_MAX]; /* a-z and J S */
};

/* Of a word in index form. None for words with digits or _, in scripts other than Latin and Cyrillic, or
 * shorter than SKELETON_POINTS_MIN letters. */
struct skeleton skeleton_of(struct str form);

/* First letter and the consonants after it; what names of one sound share. out needs SKELETON_BYTES_MAX.
 * Returns its length. */
size_t skeleton_key(const struct skeleton *s, char *out);
/* The keys to look up for s, its own first: the key, without its last letter, with s k v n or j added. */
struct skeleton_keys {
    struct str key[SKELETON_KEYS_MAX];
    size_t n;
    char bytes[SKELETON_KEYS_MAX][SKELETON_BYTES_MAX + 1];
};
void skeleton_keys(const struct skeleton *s, struct skeleton_keys *out);

/* 1000 for the same, less 1000 d / longer length, where d is the edit distance with a vowel for a vowel
 * at one half; 0..1000. */
unsigned skeleton_likeness(const struct skeleton *x, const struct skeleton *y);
/* No less than skeleton_likeness of the two, at the price of a few instructions: each consonant that one has alone costs a
 * whole step. */
unsigned skeleton_likeness_most(const struct skeleton *x, const struct skeleton *y);
/* The same of the two's len and consonants alone. */
unsigned skeleton_most_of(unsigned len_x, uint32_t consonants_x, unsigned len_y,
                          uint32_t consonants_y);

#endif
