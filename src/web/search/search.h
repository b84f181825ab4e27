/* search.h - the pages of what is found: results, strengths and needs, searches that are kept. Each answers one
 * request; routes.c has checked what the route's flags ask for. */
#ifndef CAU_WEB_SEARCH_H
#define CAU_WEB_SEARCH_H

#include "web/serve/site.h"

/* results.c */
void results_search(struct ask *q);
void results_kind(struct ask *q);

/* matrix.c */
void matrix_page(struct ask *q);

/* saved.c */
void saved_list(struct ask *q);
void saved_keep(struct ask *q);
void saved_open(struct ask *q);
void saved_change_feed(struct ask *q);
void saved_drop(struct ask *q);
void saved_atom(struct ask *q);

#endif
