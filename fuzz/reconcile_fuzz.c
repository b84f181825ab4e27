/* Queries and extensions of the Reconciliation Service API: whatever comes is within the limits or refused, and names
 * that are read are compared without harm. */
#include "base/utf8.h"
#include "match/name.h"
#include "web/api/reconcile_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str text)
{
    must(text.len <= 3 * RECONCILE_TEXT_BYTES_MAX && utf8_check(text, NULL) != UTF8_BROKEN);
}

static void check_query(struct name_reader *reader, const struct reconcile_query *q)
{
    static struct name name;
    must(q->limit >= 1 && q->limit <= RECONCILE_LIMIT_MAX);
    must(q->types <= RECONCILE_TYPES_MAX && q->properties <= RECONCILE_PROPERTIES_MAX);
    check_text(q->text);
    name_read(reader, q->text, &name);
    must(name.n <= NAME_UNITS_MAX);
    for (size_t i = 0; i + 1 < name.n; i++) {
        unsigned like = name_unit_likeness(&name.unit[i], &name.unit[i + 1]);
        must(like <= 1000 && like == name_unit_likeness(&name.unit[i + 1], &name.unit[i]));
    }
    for (size_t i = 0; i < q->properties; i++) {
        must(q->property[i].values <= RECONCILE_VALUES_MAX);
        for (size_t k = 0; k < q->property[i].values; k++)
            check_text(q->property[i].value[k]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    static struct name_reader *reader;
    struct str text = {(const char *)data, size};
    struct reconcile_batch batch;
    struct reconcile_extension x;
    if (a.base == NULL)
        a = arena_new((size_t)64 << 20);
    if (reader == NULL)
        must(name_reader_open(NULL, &reader) == CAU_OK);
    arena_reset(&a);
    if (reconcile_read_queries(&a, text, &batch) == CAU_OK) {
        must(batch.n <= RECONCILE_QUERIES_MAX);
        for (size_t i = 0; i < batch.n; i++)
            check_query(reader, &batch.query[i]);
    }
    if (reconcile_read_extension(&a, text, &x) == CAU_OK)
        must(x.ids <= RECONCILE_IDS_MAX && x.properties <= RECONCILE_PROPERTIES_MAX);
    return 0;
}
