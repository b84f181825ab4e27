/* saved.h - searches a person keeps, what has come since he last looked, and a private feed of each. */
#ifndef CAU_DOMAIN_SAVED_H
#define CAU_DOMAIN_SAVED_H

#include "domain/rule/register.h"

#define SAVED_NAME_POINTS_MAX 100
#define SAVED_LOOKED_AT_MAX   1000 /* newest hits among which new ones are counted */
#define SAVED_SHOWN_MAX       5    /* new ones named */
#define SAVED_TOKEN_CHARS     43   /* 32 random bytes, base64url */

/* Keeps a search: query is its words and filters as an address has them, in a form the caller has made. PROBLEMS
 * with place "name" (empty, too long); STATE: he has LOCAL_SEARCHES_MAX already; NOT_ALLOWED: not signed in. */
enum register_why saved_add(struct node *n, const struct actor *actor, struct str name,
                            struct str query, enum lang lang, uint32_t *id,
                            struct register_outcome *out);
/* These are of one's own searches only: those of others are GONE. */
enum register_why saved_look(struct node *n, const struct actor *actor, uint32_t id); /* now */
enum register_why saved_remove(struct node *n, const struct actor *actor, uint32_t id);
/* A new feed address; an earlier one stops at once. The token is nowhere else: only its hash is kept. */
enum register_why saved_feed(struct node *n, const struct actor *actor, uint32_t id,
                             char token[SAVED_TOKEN_CHARS]);
enum register_why saved_feed_stop(struct node *n, const struct actor *actor, uint32_t id);

/* What has come since he last looked: records he may find now that were first visible to him after it, be they
 * new, newly published, or open to him since his rights grew. */
struct saved_news {
    uint32_t n;
    bool more;                     /* n counts only the SAVED_LOOKED_AT_MAX newest */
    uint32_t doc[SAVED_SHOWN_MAX]; /* the newest of them */
    size_t docs;
};
/* query is the search as `reader`, who saved it, may ask it now; its order and limits are set here.
 * Errors: those of index_search, IO. */
enum cau_err saved_news(struct node *n, struct view *v, struct arena *a,
                        const struct local_search *search, const struct index_query *query,
                        struct saved_news *out);

/* The search of a feed's token and who reads it: its owner, but never what is private, since whoever has the
 * address sees the feed. UNKNOWN: no such token, or its owner may not sign in any more. */
enum cau_err saved_of_feed(struct view *v, struct arena *a, struct str token,
                           struct local_search *search, struct index_reader *reader);

#endif
