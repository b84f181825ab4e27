/* reconcile_int.h - what the answers of the Reconciliation Service share. */
#ifndef CAU_WEB_RECONCILE_INT_H
#define CAU_WEB_RECONCILE_INT_H

#include "web/api/api.h"
#include "web/api/reconcile_read.h"

/* An object of id and name; the id where there is no name. */
struct value reconcile_named(struct ask *q, struct str id, struct str name);
/* Answers with {"result": list}. */
void reconcile_answer(struct ask *q, struct value list);
/* 400 for what was asked wrongly, else 503. */
void reconcile_refuse(struct ask *q, enum cau_err err);
/* The language of the path, when it names one, before that of the reader. */
void reconcile_language(struct ask *q);
/* "organization", or with one of its types "organization/university": *code is that type, or empty. NULL: no kind that is looked for. */
const struct kind *reconcile_kind(struct ask *q, struct str type, struct str *code);
/* The list of types a kind has; NULL: none. */
const struct kind_list *reconcile_types_of(const struct kind *kind);
/* "organization/university" of a kind and the code of a type. */
struct str reconcile_type_id(struct ask *q, const struct kind *kind, struct str code);
/* The types of a record, each an id and a name. */
struct value reconcile_types(struct ask *q, const struct view_record *r);

#endif
