/* Records as a table, CSV or XLSX: once through to see which columns are used, once to write them. */
#include "base/digest.h"
#include "base/file.h"
#include "exchange/export/export_int.h"
#include "exchange/file/csv.h"
#include "exchange/form/form_words.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { XLSX_CELL_POINTS = 32767 };

struct table_out {
    const struct export_options *o;
    const struct export_sink *sink;
    struct form form;
    struct export_cells cells;
    struct table used; /* target -> place in column */
    struct str column[EXPORT_COLUMNS_MAX];
    size_t n;
    struct str row[EXPORT_COLUMNS_MAX]; /* of the record being written */
    struct arena *life;
    struct buf line;
    uint64_t records;
    lxw_workbook *book;
    lxw_worksheet *sheet;
    uint32_t sheet_row;
};

static enum cau_err note_column(void *ctx, struct str to, struct str text)
{
    struct table_out *t = ctx;
    uint32_t at;
    bool added;
    (void)text;
    enum cau_err err = table_intern(&t->used, to, (uint32_t)t->n, &at, &added);
    if (err != CAU_OK || !added)
        return err;
    if (t->n == EXPORT_COLUMNS_MAX)
        return CAU_ERR_RANGE;
    return arena_copy(t->life, to, &t->column[t->n++]);
}

static enum cau_err note_columns(void *ctx, struct arena *a, const struct view_record *r)
{
    struct table_out *t = ctx;
    t->cells.a = a;
    t->cells.cell = note_column;
    return ++t->records > EXPORT_XLSX_ROWS_MAX && t->o->format == EXPORT_XLSX
               ? CAU_ERR_RANGE
               : export_flatten(&t->cells, r);
}

/* The order of columns: external id, the kind's fields in theirs, vi ru en before other languages. */
static size_t rank_of(const struct table_out *t, struct str to)
{
    struct str part = to, name = str_next(&part, '.');
    if (str_is(to, "external_id"))
        return 0;
    if (str_is(to, "visibility"))
        return SIZE_MAX;
    size_t field = 0;
    while (field < t->form.kind->n && !str_equal(t->form.kind->field[field].name, name))
        field++;
    enum lang lang = LANG_COUNT;
    (void)lang_read(part, &lang);
    return (field + 1) * 10 + (part.len == 0 ? 9 : (size_t)lang);
}

static void sort_columns(struct table_out *t)
{
    for (size_t i = 1; i < t->n; i++) { /* few: an insertion will do */
        struct str x = t->column[i];
        size_t rank = rank_of(t, x), k = i;
        for (; k > 0; k--) {
            size_t before = rank_of(t, t->column[k - 1]);
            if (before < rank || (before == rank && str_cmp(t->column[k - 1], x) < 0))
                break;
            t->column[k] = t->column[k - 1];
        }
        t->column[k] = x;
    }
}

static struct str label_of_part(const struct table_out *t, const struct form_target *target)
{
    const char *list = target->field->type == KIND_IDENTIFIERS ? "identifier" : NULL;
    const struct kind_list *codes =
        list != NULL ? kinds_find_list(t->form.kinds, str_of(list)) : NULL;
    return codes != NULL ? kind_code_label(codes, target->key, t->o->lang) : target->key;
}

/* A heading in the reader's language, when reading understands it; else the target itself. */
static enum cau_err head_of(struct table_out *t, struct arena *a, struct str to,
                            struct str *out)
{
    struct form_target target;
    *out = to;
    if (!form_find_target(&t->form, to, &target) || target.field == NULL)
        return CAU_OK;
    struct buf label = buf_new(FORM_HEAD_BYTES_MAX);
    bool identifier = target.field->type == KIND_IDENTIFIERS && target.key.len > 0;
    buf_add(&label, identifier ? label_of_part(t, &target) : target.field->label[t->o->lang]);
    if (!identifier && target.key.len > 0)
        buf_printf(&label, " (%.*s)", STR_ARG(target.key));
    struct cell head = {.text = buf_str(&label)};
    size_t understood;
    enum cau_err err = label.failed ? CAU_OK : form_propose(&t->form, a, &head, 1, &understood);
    if (err == CAU_OK && !label.failed && str_equal(t->form.column[0].target.to, to))
        err = arena_copy(a, buf_str(&label), out);
    buf_free(&label);
    return err;
}

/* ---- one line ---- */

static enum cau_err put_csv(struct table_out *t)
{
    buf_reset(&t->line);
    for (size_t i = 0; i < t->n; i++) {
        if (i > 0)
            buf_add_char(&t->line, ',');
        csv_write_guarded(&t->line, t->row[i], ',');
    }
    buf_add(&t->line, STR("\r\n"));
    return t->line.failed ? CAU_ERR_MEMORY : t->sink->put(t->sink->ctx, buf_str(&t->line));
}

static enum cau_err put_xlsx(struct table_out *t)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->row[i].len == 0)
            continue;
        buf_reset(&t->line);
        buf_add(&t->line, t->row[i]);
        buf_add_char(&t->line, 0);
        if (t->line.failed)
            return CAU_ERR_MEMORY;
        /* As text whatever it begins with: never a formula. */
        lxw_error err =
            worksheet_write_string(t->sheet, t->sheet_row, (lxw_col_t)i, t->line.p, NULL);
        if (err == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
            return CAU_ERR_RANGE;
        if (err != LXW_NO_ERROR)
            return err == LXW_ERROR_MEMORY_MALLOC_FAILED ? CAU_ERR_MEMORY : CAU_ERR_IO;
    }
    t->sheet_row++;
    return CAU_OK;
}

static enum cau_err put_line(struct table_out *t)
{
    return t->sheet != NULL ? put_xlsx(t) : put_csv(t);
}

static enum cau_err take_cell(void *ctx, struct str to, struct str text)
{
    struct table_out *t = ctx;
    for (size_t i = 0; i < t->n; i++)
        if (str_equal(t->column[i], to))
            return arena_copy(t->cells.a, text, &t->row[i]); /* the text is only lent */
    return CAU_OK;
}

static enum cau_err put_record(void *ctx, struct arena *a, const struct view_record *r)
{
    struct table_out *t = ctx;
    memset(t->row, 0, sizeof t->row);
    t->cells.a = a;
    t->cells.cell = take_cell;
    enum cau_err err = export_flatten(&t->cells, r);
    t->records++;
    return err == CAU_OK ? put_line(t) : err;
}

static enum cau_err put_head(struct table_out *t)
{
    enum cau_err err = CAU_OK;
    memset(t->row, 0, sizeof t->row);
    for (size_t i = 0; i < t->n && err == CAU_OK; i++)
        err = head_of(t, t->life, t->column[i], &t->row[i]);
    return err == CAU_OK ? put_line(t) : err;
}

/* ---- the two formats ---- */

static enum cau_err write_rows(struct table_out *t, struct view *v, struct arena *a,
                               struct index_reader reader)
{
    t->records = 0;
    enum cau_err err = put_head(t);
    return err == CAU_OK ? export_each(v, a, reader, t->o, put_record, t) : err;
}

static enum cau_err write_csv(struct table_out *t, struct view *v, struct arena *a,
                              struct index_reader reader)
{
    enum cau_err err = t->sink->put(t->sink->ctx, STR("\xEF\xBB\xBF"));
    return err == CAU_OK ? write_rows(t, v, a, reader) : err;
}

/* The library writes a file; its bytes go to the sink, and the file goes. */
static enum cau_err hand_over(struct table_out *t, const char *path)
{
    struct str bytes;
    enum cau_err err = file_map(path, &bytes);
    for (struct str rest = bytes; err == CAU_OK && rest.len > 0;) {
        size_t n = rest.len < 65536 ? rest.len : 65536;
        err = t->sink->put(t->sink->ctx, str_to(rest, n));
        rest = str_from(rest, n);
    }
    if (err != CAU_ERR_UNKNOWN)
        file_unmap(bytes);
    return err;
}

static enum cau_err temporary_path(struct node *n, struct arena *a, const char **out)
{
    unsigned char random[12];
    char name[sizeof "export-.xlsx" + DIGEST_HEX(sizeof random)] = "export-";
    const char *folder;
    digest_random(random, sizeof random);
    digest_to_hex(random, sizeof random, name + strlen("export-"));
    memcpy(name + strlen("export-") + DIGEST_HEX(sizeof random), ".xlsx", sizeof ".xlsx");
    enum cau_err err = file_path(a, node_dir(n), "upload", &folder);
    if (err == CAU_OK)
        err = file_make_folder(folder, 0700);
    return err == CAU_OK ? file_path(a, folder, name, out) : err;
}

static enum cau_err write_xlsx(struct table_out *t, struct node *n, struct view *v,
                               struct arena *a, struct index_reader reader)
{
    const char *path;
    enum cau_err err = temporary_path(n, t->life, &path);
    if (err != CAU_OK)
        return err;
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    t->book = workbook_new_opt(path, &options);
    t->sheet = t->book != NULL ? workbook_add_worksheet(t->book, NULL) : NULL;
    if (t->sheet == NULL)
        err = CAU_ERR_MEMORY;
    if (err == CAU_OK)
        err = write_rows(t, v, a, reader);
    if (t->book != NULL && workbook_close(t->book) != LXW_NO_ERROR && err == CAU_OK)
        err = CAU_ERR_IO;
    if (err == CAU_OK)
        err = hand_over(t, path);
    file_remove(path);
    return err;
}

enum cau_err export_table(struct node *n, struct view *v, struct arena *a,
                          struct index_reader reader, const struct export_options *options,
                          const struct export_sink *sink, uint64_t *records)
{
    struct arena life = arena_new((size_t)64 << 20);
    struct table_out *t = arena_zero(&life, sizeof *t);
    must(t != NULL); /* the arena is new */
    *t = (struct table_out){.o = options,
                            .sink = sink,
                            .used = table_new(),
                            .life = &life,
                            .line = buf_new((size_t)EXPORT_COLUMNS_MAX * CELL_BYTES_MAX)};
    enum cau_err err = form_open(&life, node_kinds(n), options->kind, options->lang, &t->form);
    bool open = err == CAU_OK;
    t->cells = (struct export_cells){.form = &t->form, .lang = options->lang, .ctx = t};
    if (err == CAU_OK)
        err = export_each(v, a, reader, options, note_columns, t);
    sort_columns(t);
    if (err == CAU_OK)
        err = options->format == EXPORT_CSV ? write_csv(t, v, a, reader)
                                            : write_xlsx(t, n, v, a, reader);
    if (err == CAU_OK)
        *records = t->records;
    if (open)
        form_close(&t->form);
    table_free(&t->used);
    buf_free(&t->line);
    arena_free(&life);
    return err;
}
