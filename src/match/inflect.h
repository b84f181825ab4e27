/* inflect.h - words no list has, by the words they are derived from: Красногорский, агроэкономический, Krasnogorskiy. */
#ifndef CAU_MATCH_INFLECT_H
#define CAU_MATCH_INFLECT_H

#include "language/token.h"
#include "match/vocabulary.h"

#define INFLECT_MEANINGS_MAX 2

/* What a word means that v does not have: as an adjective of a noun that v has, or a compound of two words that it has
 * (in Cyrillic, by its form and its stem); in Latin letters, by its form, as a Russian adjective of a place (-skiy,
 * -skaya). How many meanings, in the order of the word; 0: none. */
size_t inflect_meanings(const struct vocabulary *v, struct str form, struct str stem,
                        enum token_script script,
                        struct vocabulary_meaning out[INFLECT_MEANINGS_MAX]);

#endif
