/* A record of ROR becomes a form, or is refused with a place; the form goes through the check of records. */
#include "exchange/form/ror.h"

#include "record/json.h"
#include "record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept, a;
    static struct kinds kinds;
    static struct record_problems problems;
    if (a.base == NULL) {
        kept = arena_new((size_t)32 << 20);
        a = arena_new((size_t)256 << 20);
        must(kinds_load(&kept, &kinds, NULL) == CAU_OK);
    }
    a.used = 0;
    struct value record, form;
    struct ror_note note;
    struct str place = {NULL, 0};
    if (json_read(&a, (struct str){(const char *)data, size}, (size_t)1 << 20, JSON_FORM,
                  &record, NULL) != CAU_OK)
        return 0;
    (void)ror_is(&record);
    enum cau_err err = ror_read(&a, &kinds, &record, &form, &note, &place);
    must(err == CAU_OK || (err == CAU_ERR_SYNTAX && place.len > 0));
    if (err != CAU_OK)
        return 0;
    struct record_form out;
    err = record_check(&a, &kinds, &form, (struct record_rules){.all_fields = true}, &out,
                       &problems);
    must(err == CAU_OK || (err == CAU_ERR_SYNTAX && problems.n > 0));
    return 0;
}
