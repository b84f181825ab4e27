/* answer.h - an answer for programs: a JSON value made member by member, and sent. Where memory does not suffice for a member,
 * the answer fails as a whole. Text and keys are borrowed. */
#ifndef CAU_WEB_ANSWER_H
#define CAU_WEB_ANSWER_H

#include "web/serve/site.h"

void answer_set(struct ask *q, struct value *object, struct str key, struct value v);
void answer_text(struct ask *q, struct value *object, const char *key, struct str text);
/* The same, but an empty text sets nothing: for what a record may not say. */
void answer_known(struct ask *q, struct value *object, const char *key, struct str text);
void answer_number(struct ask *q, struct value *object, const char *key, int64_t n);
void answer_push(struct ask *q, struct value *array, struct value v);
/* Answers with v on one line; 503 when it has failed or is over HTTP_ANSWER_BYTES_MAX. */
void answer_send(struct ask *q, const struct value *v);

#endif
