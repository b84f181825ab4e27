/* Looking at the columns of a table, and giving back the rows that were refused. */
#include "base/file.h"
#include "base/utf8.h"
#include "base/words.h"
#include "exchange/import/import_int.h"
#include "record/json.h"

#include <string.h>

/* The bytes given, or those kept with the import. *mapped is to be unmapped. */
static enum cau_err find_bytes(struct node *n, struct arena *a, struct str given, uint32_t id,
                               struct str *bytes, struct str *mapped)
{
    struct local_import import;
    *bytes = given;
    *mapped = (struct str){NULL, 0};
    if (given.len > 0)
        return CAU_OK;
    enum cau_err err = import_get(n, a, id, &import);
    if (err == CAU_OK)
        err = import_open_upload(n, a, import.upload, mapped);
    *bytes = *mapped;
    return err;
}

/* ---- columns ---- */

struct samples {
    struct import_columns *out;
    struct arena *a;
    uint32_t head_row;
    size_t rows;
    enum cau_err err;
};

static bool take_samples(void *ctx, struct import_row *row)
{
    struct samples *s = ctx;
    if (row->cell == NULL)
        return false;
    for (size_t i = 0; i < row->n && i < s->out->n && s->err == CAU_OK; i++) {
        struct str *sample = s->out->column[i].sample;
        struct str text = utf8_clip(row->cell[i].text, IMPORT_VALUE_POINTS);
        size_t k = 0;
        while (k < IMPORT_SAMPLES && sample[k].len > 0)
            k++;
        if (k < IMPORT_SAMPLES && text.len > 0)
            s->err = arena_copy(s->a, text, &sample[k]);
    }
    return s->err == CAU_OK && ++s->rows < 50;
}

static enum cau_err copy_columns(struct arena *a, const struct import_source *s,
                                 struct import_columns *out)
{
    enum cau_err err = CAU_OK;
    out->column = arena_zero(a, (s->form.n + 1) * sizeof *out->column);
    if (out->column == NULL)
        return CAU_ERR_MEMORY;
    out->n = s->form.n;
    for (size_t i = 0; i < s->form.n && err == CAU_OK; i++) {
        err = arena_copy(a, s->form.column[i].head, &out->column[i].head);
        if (err == CAU_OK)
            err = arena_copy(a, s->form.column[i].target.to, &out->column[i].to);
    }
    struct buf mapping = buf_new(LOCAL_PROFILE_BYTES_MAX);
    form_write_mapping(&mapping, &s->form);
    if (err == CAU_OK)
        err = mapping.failed ? CAU_ERR_RANGE : arena_copy(a, buf_str(&mapping), &out->mapping);
    buf_free(&mapping);
    return err;
}

static enum cau_err copy_sheets(struct arena *a, const struct import_source *s,
                                struct import_columns *out)
{
    size_t n = 0;
    enum cau_err err = CAU_OK;
    const struct xlsx_sheet *sheet = s->xlsx != NULL ? xlsx_sheets(s->xlsx, &n) : NULL;
    for (size_t i = 0; i < n && err == CAU_OK && out->sheet_count < countof(out->sheet); i++)
        if (!sheet[i].hidden)
            err = arena_copy(a, sheet[i].name, &out->sheet[out->sheet_count++]);
    return err;
}

static enum import_why look(struct arena *a, struct import_source *s,
                            struct import_columns *out)
{
    enum cau_err err = copy_sheets(a, s, out);
    out->format = s->format;
    out->charset = s->charset;
    out->delimiter = s->delimiter;
    /* The columns of figures mean what their names say: there is nothing to choose. */
    if (err != CAU_OK || !s->has_form || s->format == IMPORT_SDMX)
        return import_why_of(err);
    err = copy_columns(a, s, out);
    if (err != CAU_OK)
        return import_why_of(err);
    struct samples samples = {.out = out, .a = a, .head_row = s->head_row};
    struct arena row = arena_new(IMPORT_ROW_BYTES);
    enum import_why why = import_source_each(s, &row, take_samples, &samples, &out->fault);
    arena_free(&row);
    return why == IMPORT_OK ? import_why_of(samples.err) : why;
}

static void keep_fault(struct arena *a, struct import_fault *f)
{
    if (arena_copy(a, f->code, &f->code) != CAU_OK ||
        arena_copy(a, f->column, &f->column) != CAU_OK ||
        arena_copy(a, f->value, &f->value) != CAU_OK)
        *f = (struct import_fault){.row = f->row};
}

enum import_why import_look_columns(struct node *n, struct arena *a, struct str bytes,
                                    uint32_t id, const struct import_options *options,
                                    struct import_columns *out)
{
    struct str all, mapped;
    struct import_source s;
    *out = (struct import_columns){0};
    enum cau_err err = find_bytes(n, a, bytes, id, &all, &mapped);
    if (err != CAU_OK)
        return import_why_of(err);
    struct arena life = arena_new(IMPORT_LIFE_BYTES);
    enum import_why why = import_source_open(n, &life, all, options, &s, &out->fault);
    if (why == IMPORT_OK)
        why = look(a, &s, out);
    keep_fault(a, &out->fault);
    import_source_close(&s);
    arena_free(&life);
    file_unmap(mapped);
    return why;
}

/* ---- refused rows ---- */

struct refused {
    const struct import_sink *sink;
    struct import_source *s;
    enum lang lang;
    struct value report;
    uint32_t next; /* object of the report */
    struct buf line;
    char delimiter;
    enum cau_err err;
};

static bool is_refused(const struct value *item)
{
    return str_is(value_get_str(item, "what"), "refused") && value_get_int(item, "row", 0) > 0;
}

static void end_line(struct refused *r, struct str last)
{
    csv_write_guarded(&r->line, last, r->delimiter);
    buf_add(&r->line, STR("\r\n"));
    if (r->err == CAU_OK)
        r->err =
            r->line.failed ? CAU_ERR_MEMORY : r->sink->put(r->sink->ctx, buf_str(&r->line));
    buf_reset(&r->line);
}

static void add_cells(struct refused *r, const struct import_row *row)
{
    size_t n = r->s->has_form ? r->s->form.n : 1;
    if (row->n > n)
        n = row->n;
    for (size_t i = 0; i < n; i++) {
        /* A broken row of a text file, and a line of JSON, stand whole in the first column. */
        struct str text = i < row->n              ? row->cell[i].text
                          : i == 0 && row->n == 0 ? row->bytes
                                                  : STR("");
        csv_write_guarded(&r->line, text, r->delimiter);
        buf_add_char(&r->line, r->delimiter);
    }
}

/* All that the report says of a row, one after the other; report and rows are both in order. */
static bool say_row(struct refused *r, uint32_t row, struct buf *out)
{
    bool some = false;
    for (; r->next < r->report.n; r->next++) {
        const struct value *item = &r->report.item[r->next];
        if (value_get_int(item, "row", 0) > row)
            break;
        if (!is_refused(item) || value_get_int(item, "row", 0) != row)
            continue;
        buf_add(out, some ? STR("; ") : STR(""));
        import_say(out, r->lang, item);
        some = true;
    }
    return some;
}

static bool take_refused(void *ctx, struct import_row *row)
{
    struct refused *r = ctx;
    struct buf why = buf_new((size_t)1 << 20);
    if (say_row(r, row->number, &why)) {
        add_cells(r, row);
        end_line(r, buf_str(&why));
    }
    buf_free(&why);
    return r->err == CAU_OK;
}

static void write_head(struct refused *r)
{
    buf_add(&r->line, STR("\xEF\xBB\xBF"));
    for (size_t i = 0; r->s->has_form && i < r->s->form.n; i++) {
        csv_write_guarded(&r->line, r->s->form.column[i].head, r->delimiter);
        buf_add_char(&r->line, r->delimiter);
    }
    if (!r->s->has_form) {
        buf_add(&r->line, words(r->lang, "import.column.line"));
        buf_add_char(&r->line, r->delimiter);
    }
    end_line(r, words(r->lang, "import.column.why"));
}

static enum import_why write_refused(struct refused *r)
{
    struct import_fault fault;
    struct arena row = arena_new(IMPORT_ROW_BYTES);
    write_head(r);
    enum import_why why =
        r->report.n > 0 ? import_source_each(r->s, &row, take_refused, r, &fault) : IMPORT_OK;
    arena_free(&row);
    return why == IMPORT_OK ? import_why_of(r->err) : why;
}

enum import_why import_refused(struct node *n, struct arena *a, struct str bytes, uint32_t id,
                               enum lang lang, const struct import_sink *sink)
{
    struct str all, mapped;
    struct local_import import;
    struct import_options options;
    struct import_source s;
    struct import_fault fault;
    enum cau_err err = import_get(n, a, id, &import);
    if (err == CAU_OK)
        err = import_options_read(a, import.options, &options);
    if (err == CAU_OK)
        err = find_bytes(n, a, bytes, id, &all, &mapped);
    if (err != CAU_OK)
        return import_why_of(err);
    options.file = import.file;
    struct arena life = arena_new(IMPORT_LIFE_BYTES);
    struct refused r = {.sink = sink,
                        .s = &s,
                        .lang = lang,
                        .line = buf_new((size_t)128 << 20),
                        .delimiter = ','};
    enum import_why why = import_source_open(n, &life, all, &options, &s, &fault);
    if (why == IMPORT_OK && import.report.len > 0 &&
        json_read(&life, import.report, LOCAL_REPORT_BYTES_MAX, JSON_FORM, &r.report, NULL) !=
            CAU_OK)
        r.report = value_array();
    if (why == IMPORT_OK)
        why = write_refused(&r);
    buf_free(&r.line);
    import_source_close(&s);
    arena_free(&life);
    file_unmap(mapped);
    return why;
}
