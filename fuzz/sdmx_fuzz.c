/* A file of figures becomes series; each form goes through the check of records, and what passes there is written with
 * numbers that are decimals. */
#include "base/number.h"
#include "base/utf8.h"
#include "exchange/file/csv.h"
#include "exchange/form/sdmx.h"
#include "record/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct kinds kinds;
static struct csv_row row;

static void check_series(struct arena *a, const struct sdmx *x, size_t series)
{
    static struct record_problems problems;
    struct record_form out;
    struct value form;
    problems.n = 0;
    must(sdmx_form(x, a, series, &form) == CAU_OK);
    enum cau_err err =
        record_check(a, &kinds, &form, (struct record_rules){.compose = true}, &out, &problems);
    must(err == CAU_OK || (err == CAU_ERR_SYNTAX && problems.n > 0) || err == CAU_ERR_MEMORY);
    const struct value *values = value_get(&form, "values");
    must(values != NULL && values->n > 0 && values->n <= SDMX_VALUES_MAX);
    for (uint32_t i = 0; i < values->n; i++)
        must(number_is_decimal(value_get_str(&values->item[i], "value")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept, life, a;
    static struct form form;
    struct sdmx *x = NULL;
    const char *missing = NULL;
    size_t faults;
    bool more = true;
    if (kept.base == NULL) {
        kept = arena_new((size_t)64 << 20);
        life = arena_new((size_t)256 << 20);
        a = arena_new((size_t)64 << 20);
        must(kinds_load(&kept, &kinds, NULL) == CAU_OK);
        must(form_open(&kept, &kinds, kinds_find(&kinds, STR("indicator")), LANG_VI, &form) ==
             CAU_OK);
    }
    struct str text = {(const char *)data, size};
    if (!utf8_valid(text))
        return 0;
    life.used = a.used = 0;
    struct csv r = csv_open(text, ',');
    if (csv_next(&r, &life, &row, &more) != CAU_OK || !more || row.why != CSV_GOOD)
        return 0;
    bool is = sdmx_is_head(row.cell, row.n);
    enum cau_err err = sdmx_open(&life, &form, STR("f.csv"), row.cell, row.n, &x, &missing);
    must(!is || err == CAU_OK || err == CAU_ERR_RANGE);
    must(err != CAU_ERR_SYNTAX || missing != NULL);
    while (err == CAU_OK && csv_next(&r, &a, &row, &more) == CAU_OK && more) {
        if (row.why == CSV_GOOD)
            err = sdmx_take(x, row.line, row.cell, row.n);
        a.used = 0;
    }
    uint32_t line = 0;
    const struct sdmx_fault *fault = x == NULL ? NULL : sdmx_faults(x, &faults);
    for (size_t i = 0; x != NULL && i < faults; i++) {
        must(fault[i].line >= line && utf8_valid(fault[i].value));
        line = fault[i].line;
    }
    line = 0;
    for (size_t i = 0; x != NULL && err == CAU_OK && i < sdmx_series_count(x); i++) {
        must(sdmx_series_line(x, i) >= line);
        line = sdmx_series_line(x, i);
        a.used = 0;
        check_series(&a, x, i);
    }
    sdmx_close(x);
    return 0;
}
