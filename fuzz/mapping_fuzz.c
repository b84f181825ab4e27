/* A mapping (the first line) and a table: every mapping that reads is written so that it reads again, and every row
 * becomes a form that the check of records can look at. */
#include "base/utf8.h"
#include "exchange/file/csv.h"
#include "exchange/form/form.h"
#include "record/json.h"
#include "record/record.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct csv_row head, row;
static struct kinds kinds;
static struct form opened; /* its words are learnt once */

static void check_mapping(struct arena *a, const struct form *f)
{
    struct buf b = buf_new((size_t)16 << 20), c = buf_new((size_t)16 << 20);
    struct str place;
    struct form again = opened;
    form_write_mapping(&b, f);
    enum cau_err err = form_read_mapping(&again, a, buf_str(&b), head.cell, head.n, &place);
    must(err == CAU_OK || err == CAU_ERR_RANGE ||
         err == CAU_ERR_SYNTAX); /* SYNTAX: control characters in headings */
    form_write_mapping(&c, &again);
    must(err != CAU_OK || str_equal(buf_str(&b), buf_str(&c)));
    buf_free(&b);
    buf_free(&c);
}

static void check_row(struct arena *a, const struct form *f)
{
    static struct record_problems problems;
    struct form_problems found;
    struct value form;
    struct record_form out;
    bool bad;
    must(form_row(f, a, row.cell, row.n, &form, &found, &bad) == CAU_OK);
    must(!bad || found.n > 0);
    enum cau_err err = record_check(a, &kinds, &form, (struct record_rules){.all_fields = true},
                                    &out, &problems);
    must(err == CAU_OK || (err == CAU_ERR_SYNTAX && problems.n > 0));
    for (size_t i = 0; err != CAU_OK && i < problems.n; i++)
        must(form_column_of(f, problems.v[i].place) <= CELL_COLUMNS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept, a;
    if (a.base == NULL) {
        kept = arena_new((size_t)64 << 20);
        a = arena_new((size_t)512 << 20);
        must(kinds_load(&kept, &kinds, NULL) == CAU_OK);
        must(form_open(&kept, &kinds, kinds_find(&kinds, STR("organization")), LANG_VI,
                       &opened) == CAU_OK);
    }
    a.used = 0;
    struct str text = {(const char *)data, size}, place = {NULL, 0};
    if (!utf8_valid(text))
        return 0;
    struct str mapping = str_next(&text, '\n');
    struct csv r = csv_open(text, csv_guess(&a, text));
    struct form f = opened;
    bool more;
    if (csv_next(&r, &a, &head, &more) != CAU_OK || !more || head.why != CSV_GOOD)
        return 0;
    enum cau_err err = form_read_mapping(&f, &a, mapping, head.cell, head.n, &place);
    must(err == CAU_OK || err == CAU_ERR_RANGE || (err == CAU_ERR_SYNTAX && place.p != NULL));
    if (err != CAU_OK) {
        size_t understood;
        f = opened;
        must(form_propose(&f, &a, head.cell, head.n, &understood) == CAU_OK);
    }
    check_mapping(&a, &f);
    while (csv_next(&r, &a, &row, &more) == CAU_OK && more)
        if (row.why == CSV_GOOD)
            check_row(&a, &f);
    return 0;
}
