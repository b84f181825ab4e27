/* api.h - what programs ask: the JSON interface, reconciliation, the log. Each answers one request; routes.c
 * has checked what the route's flags ask for. */
#ifndef CAU_WEB_API_H
#define CAU_WEB_API_H

#include "web/serve/site.h"

/* api.c */
void api_search(struct ask *q);
void api_match(struct ask *q);
void api_record(struct ask *q);
void api_history(struct ask *q);
void api_version(struct ask *q);
void api_proof(struct ask *q);
void api_kinds(struct ask *q);
void api_matrix(struct ask *q);
void api_export(struct ask *q);

/* reconcile.c */
void reconcile_service(struct ask *q);
void reconcile_suggest_entity(struct ask *q);
void reconcile_suggest_type(struct ask *q);
void reconcile_suggest_property(struct ask *q);
void reconcile_properties(struct ask *q);
void reconcile_preview(struct ask *q);

/* logs.c */
void logs_checkpoint(struct ask *q);
void logs_tile(struct ask *q);
void logs_payload(struct ask *q);

#endif
