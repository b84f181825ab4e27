/* term.h - terms proposed by anybody who is signed in, and used once an editor or an adviser has accepted them. */
#ifndef CAU_DOMAIN_TERM_H
#define CAU_DOMAIN_TERM_H

#include "domain/rule/register.h"

#define TERM_OPEN_MAX  200 /* proposals that wait on a node; the next one has to wait too */
#define TERM_NAMES_MAX 10  /* in one language, ";" between */

struct term_words {
    struct str
        name[LANG_COUNT]; /* "preferred; synonym; abbreviation"; at least two languages */
    struct str note;      /* on use; may be empty */
    enum lang lang;       /* of the note */
};

/* Files a proposal: a private record of kind term with status proposed. PROBLEMS: places "name" (fewer than two
 * languages), "name.vi" ..., "note"; STATE: TERM_OPEN_MAX wait already. */
enum register_why term_propose(struct node *n, struct arena *a, const struct actor *actor,
                               const struct term_words *words, struct register_outcome *out);
/* Accepts it: public, status reviewed, part of the next `cau lexicon build`; or rejects it. An editor or
 * administrator decides about any, his own too; an adviser about those of others (SAME_PERSON). STATE: it does not wait any more. */
enum register_why term_decide(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after, bool accept,
                              struct register_outcome *out);
/* Documents of the proposals that wait, oldest first, at most TERM_OPEN_MAX. Errors: those of index_search. */
enum cau_err term_open(struct node *n, struct arena *a, uint32_t **out, size_t *count);

#endif
