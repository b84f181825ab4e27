/* facts_int.h - what views and index take out of a payload. */
#ifndef CAU_VIEW_FACTS_INT_H
#define CAU_VIEW_FACTS_INT_H

#include "index/index.h"
#include "record/record.h"

struct facts {
    struct str external;    /* external_id, or empty */
    struct str publication; /* or empty */
    struct str
        belongs;     /* organisation it names as its owner: record or external id, or empty */
    uint32_t import; /* 0: none */
    bool withdrawn;
    struct record_link *link;
    size_t link_count;
    struct index_text *text; /* with texts only */
    size_t text_count;
    struct index_value *value;
    size_t value_count;
};

/* Text is borrowed from payload, lists live in a. texts: also what the index takes. Errors: MEMORY. */
enum cau_err facts_of(struct arena *a, const struct kind *kind, const struct value *payload,
                      bool texts, struct facts *out);

/* "import-0007" is 7; anything else 0. */
uint32_t facts_import(struct str name);

#endif
