/* form_words.h - words of cells as people compare them, and the codes they name. */
#ifndef CAU_EXCHANGE_FORM_WORDS_H
#define CAU_EXCHANGE_FORM_WORDS_H

#include "exchange/form/form.h"

#define FORM_NONE  UINT32_MAX
#define FORM_KINDS "*kind" /* the space of words for kinds: places in kinds.kind */

/* "space\nword" with the word as people compare it: composed, folded, without marks, without what stands around it.
 * An empty word gives {NULL, 0}. Errors: MEMORY. */
enum cau_err form_key(struct arena *a, struct str space, struct str word, struct str *out);

/* The code of list that text names, by itself or by a label or another word for it; {NULL, 0} when it names none.
 * Errors: MEMORY. */
enum cau_err form_find_code(const struct form *f, struct arena *a, const struct kind_list *list,
                            struct str text, struct str *code);

/* text without white space of any kind (also U+00A0 and U+3000) at both ends */
struct str form_trim(struct str text);

#endif
