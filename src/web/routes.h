/* routes.h - every address of the site: one constant table, and how a request finds its place in it. */
#ifndef CAU_WEB_ROUTES_H
#define CAU_WEB_ROUTES_H

#include "web/serve/route.h"
#include "web/serve/site.h"

extern const struct route routes_list[];
extern const size_t routes_count;

/* The two callbacks of http.h; ctx is the site. */
struct http_plan routes_plan(void *ctx, const struct http_request *request);
void routes_answer(void *ctx, struct http_request *request, struct http_answer *answer);

/* Finds the route of a path. part receives its places. NULL: none; *other is true when another method has one. */
const struct route *routes_find(const struct site *s, enum http_method method,
                                const struct http_path *path, struct str part[SITE_PARTS_MAX],
                                bool *other);

/* openapi.c: the answer that describes those with a summary. */
void openapi_answer(struct ask *q);

#endif
