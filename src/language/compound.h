/* compound.h - Vietnamese words of several syllables: a list, and the longest match in a text. */
#ifndef CAU_LANGUAGE_COMPOUND_H
#define CAU_LANGUAGE_COMPOUND_H

#include "base/base.h"

#define COMPOUND_SYLLABLES_MAX 4
#define COMPOUND_BYTES_MAX     96 /* of one compound, with the _ between its syllables */
#define COMPOUND_LIST_MAX      ((size_t)1 << 20)

#define COMPOUND_OWN_SYLLABLES 2 /* of the program's own list, see compound_open_own */

struct compound_list;
enum cau_err compound_open(struct compound_list **out); /* an empty list; MEMORY */
/* Adds lines of one compound, syllables with spaces between; empty lines, lines after # and lines of other
 * than 2 to 4 syllables are passed over. Errors: SYNTAX (not UTF-8), RANGE (over COMPOUND_LIST_MAX), MEMORY;
 * what came before the error is in the list. */
enum cau_err compound_add(struct compound_list *l, struct str lines);
/* The list the program carries, the same for index and lexicon: the words of terms/ and the Vietnamese terms of its glossary
 * of at most COMPOUND_OWN_SYLLABLES. Longer ones would be terms of their own, apart from the words they are made of,
 * which costs .05 MRR across languages (design 0011). Errors: MEMORY. */
enum cau_err compound_open_own(struct compound_list **out);
void compound_close(struct compound_list *l);             /* NULL is allowed */
size_t compound_count(const struct compound_list *l);     /* 0 for NULL */
uint64_t compound_version(const struct compound_list *l); /* of the content; 0 for NULL */
/* The longest compound at the head of the index forms s[0..n): its number of syllables, 2 to 4, and its
 * form (syllables joined by _) in out; else 1. Syllables without marks match the bare form of a compound. The
 * caller ends s where words do not touch. l may be NULL. */
size_t compound_match(const struct compound_list *l, const struct str *s, size_t n,
                      char out[COMPOUND_BYTES_MAX], size_t *len);

#endif
