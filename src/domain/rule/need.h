/* need.h - needs and offers: written by one, scored by a second person, published for twelve months. */
#ifndef CAU_DOMAIN_NEED_H
#define CAU_DOMAIN_NEED_H

#include "domain/rule/register.h"

#define NEED_SCORE_MAX    5
#define NEED_PUBLISH_FROM 10 /* of 20 */
#define NEED_HOLD_FROM    5
#define NEED_MONTHS       12

/* The four scores, 0..NEED_SCORE_MAX each (Enterprise Europe Network's review sheet, four criteria). */
struct need_scores {
    unsigned innovation; /* of an offer; of a need: the benefit */
    unsigned clarity;
    unsigned cooperation;  /* how well the cooperation sought is said */
    unsigned completeness; /* and language */
};

enum need_verdict { NEED_REJECTED, NEED_HELD, NEED_PUBLISHED };
/* 0-4 rejects; 5-9, or any score of 0, holds; 10 and more publishes. */
enum need_verdict need_verdict_of(const struct need_scores *s);

bool need_is(const struct kind *kind); /* need or offer: kinds under these rules */

/* draft, held, rejected or expired -> submitted. */
enum register_why need_submit(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after,
                              struct register_outcome *out);

/* The second person's decision on a submitted text: writes a `review` record and the text's new version in one
 * group. SAME_PERSON when the reviewer wrote any version since the last publication. */
enum register_why need_review(struct node *n, struct arena *a, const struct actor *actor,
                              struct str id, const struct digest *after,
                              const struct need_scores *scores, struct str comment,
                              enum lang lang, enum need_verdict *verdict,
                              struct register_outcome *out);

/* Twelve more months for a published or expired text. */
enum register_why need_renew(struct node *n, struct arena *a, const struct actor *actor,
                             struct str id, struct register_outcome *out);

/* Marks as expired what ran out before now; called by the server once an hour. *expired: how many. */
enum cau_err need_expire(struct node *n, int64_t now_ms, size_t *expired);

#endif
