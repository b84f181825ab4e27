/* Bytes become rows: what they are, how they are to be read, and one import form after the other. */
#include "exchange/import/import_int.h"

#include "base/utf8.h"
#include "exchange/form/ror.h"
#include "record/json.h"

#include <string.h>

enum { CLIP_POINTS = 80 };

static struct str clip(struct str text)
{
    return utf8_valid(text) ? utf8_clip(text, CLIP_POINTS) : STR("");
}

void import_row_fault(struct import_row *row, struct import_fault fault, bool warning)
{
    row->refused = row->refused || !warning;
    if (row->faults == IMPORT_PROBLEMS_MAX)
        return;
    fault.row = row->number;
    row->warning[row->faults] = warning;
    row->fault[row->faults++] = fault;
}

static enum import_why bad(struct import_fault *fault, const char *code, struct str value,
                           struct str column)
{
    *fault =
        (struct import_fault){.code = str_of(code), .value = clip(value), .column = column};
    return IMPORT_BAD_FILE;
}

static enum import_why bad_option(struct import_fault *fault, const char *code,
                                  struct str value)
{
    (void)bad(fault, code, value, STR(""));
    return IMPORT_BAD_OPTIONS;
}

static enum import_why failed(enum cau_err err)
{
    return err == CAU_ERR_FULL   ? IMPORT_FULL
           : err == CAU_ERR_BUSY ? IMPORT_BUSY
                                 : IMPORT_FAILED;
}

/* ---- what the bytes are ---- */

static bool first_is_ror(struct arena *a, struct str bytes)
{
    struct jsonl r = jsonl_open(bytes);
    struct jsonl_item item;
    struct value v;
    size_t before = a->used;
    bool is = jsonl_next(&r, &item) && item.why == JSONL_GOOD &&
              json_read(a, item.bytes, JSONL_ITEM_BYTES_MAX, JSON_FORM, &v, NULL) == CAU_OK &&
              ror_is(&v);
    a->used = before;
    return is;
}

/* The first row of a text is the head of a file of figures. */
static bool first_is_figures(struct arena *a, struct str text)
{
    struct csv_row row;
    bool more = false, is = false;
    size_t before = a->used;
    struct str head = str_to(text, text.len < CSV_LOOK_BYTES ? text.len : CSV_LOOK_BYTES);
    if (utf8_valid(text)) {
        struct csv r = csv_open(head, csv_guess(a, head));
        is = csv_next(&r, a, &row, &more) == CAU_OK && more && row.why == CSV_GOOD &&
             sdmx_is_head(row.cell, row.n);
    }
    a->used = before;
    return is;
}

static enum import_format guess_format(struct arena *a, struct str bytes, struct str file,
                                       struct str kind)
{
    struct str head = str_trim(str_to(bytes, bytes.len < 4096 ? bytes.len : 4096));
    if (str_starts(head, STR("\xEF\xBB\xBF")))
        head = str_trim(str_from(head, 3));
    if (str_starts(bytes, STR("PK\x03\x04")) || str_starts(bytes, STR("\xD0\xCF\x11\xE0")) ||
        str_ends(file, STR(".xlsx")))
        return IMPORT_XLSX;
    if (str_starts(head, STR("{")) || str_starts(head, STR("[")))
        return first_is_ror(a, bytes) ? IMPORT_ROR : IMPORT_JSONL;
    bool json = str_ends(file, STR(".json")) || str_ends(file, STR(".jsonl")) ||
                str_ends(file, STR(".ndjson"));
    if (json)
        return IMPORT_JSONL;
    bool may_be = kind.len == 0 || str_is(kind, "indicator");
    return may_be && first_is_figures(a, bytes) ? IMPORT_SDMX : IMPORT_CSV;
}

/* ---- tables: reading them from the start, as often as wanted ---- */

struct table_walk {
    struct import_source *s;
    bool (*each)(void *ctx, struct import_row *row);
    void *ctx;
};

static enum import_why csv_each(struct import_source *s, struct arena *a,
                                bool (*each)(void *ctx, struct import_row *row), void *ctx)
{
    struct csv r = csv_open(s->text, s->delimiter);
    for (;;) {
        bool more;
        a->used = 0;
        enum cau_err err = csv_next(&r, a, s->csv_row, &more);
        if (err != CAU_OK)
            return failed(err);
        if (!more)
            return IMPORT_OK;
        const struct csv_row *c = s->csv_row;
        struct import_row *row = s->row;
        row->number = c->line;
        row->at = r.at;
        row->cell = c->cell;
        row->n = c->n;
        row->bytes = c->bytes;
        row->refused = false;
        row->faults = 0;
        if (c->why != CSV_GOOD) {
            struct import_fault fault = {.code = str_of(csv_why_name(c->why)),
                                         .value = clip(c->bytes),
                                         .limit = c->fault_column};
            import_row_fault(row, fault, false);
        }
        if (!each(ctx, row))
            return IMPORT_OK;
    }
}

static bool take_sheet_row(void *ctx, uint32_t number, const struct cell *cell, size_t n)
{
    struct table_walk *w = ctx;
    struct import_row *row = w->s->row;
    uint64_t done, all;
    xlsx_progress(w->s->xlsx, &done, &all);
    row->number = number;
    row->at = all == 0 ? 0 : (size_t)((double)done / (double)all * (double)w->s->bytes.len);
    row->cell = cell;
    row->n = n;
    row->bytes = (struct str){NULL, 0};
    row->refused = false;
    row->faults = 0;
    return w->each(w->ctx, row);
}

static enum import_why xlsx_failed(enum cau_err err, const struct xlsx_fault *f,
                                   struct import_fault *fault)
{
    if (err != CAU_ERR_SYNTAX)
        return failed(err);
    (void)bad(fault, xlsx_why_name(f->why), f->part, STR(""));
    fault->row = f->row;
    return IMPORT_BAD_FILE;
}

static enum import_why table_each(struct import_source *s, struct arena *a,
                                  bool (*each)(void *ctx, struct import_row *row), void *ctx,
                                  struct import_fault *fault)
{
    if (s->format == IMPORT_CSV)
        return csv_each(s, a, each, ctx);
    struct table_walk w = {s, each, ctx};
    struct xlsx_fault f = {.why = XLSX_GOOD};
    struct arena own =
        arena_new(IMPORT_ROW_BYTES); /* the rows' arena is emptied between rows */
    enum cau_err err = xlsx_read(s->xlsx, &own, s->sheet, take_sheet_row, &w, &f);
    arena_free(&own);
    return err == CAU_OK ? IMPORT_OK : xlsx_failed(err, &f, fault);
}

/* ---- headings ---- */

struct heads {
    struct import_source *s;
    struct arena *life;
    struct cell *cell; /* of the best row so far, copied */
    size_t n, understood, rows;
    uint32_t number;
    enum cau_err err;
};

static enum cau_err copy_cells(struct heads *h, const struct import_row *row)
{
    struct cell *cell = arena_take(h->life, (row->n + 1) * sizeof *cell);
    enum cau_err err = cell == NULL ? CAU_ERR_MEMORY : CAU_OK;
    for (size_t i = 0; i < row->n && err == CAU_OK; i++) {
        cell[i] = row->cell[i];
        err = arena_copy(h->life, row->cell[i].text, &cell[i].text);
    }
    h->cell = cell;
    h->n = row->n;
    h->number = row->number;
    return err;
}

/* The headings are the first row that is understood best. */
static bool look_at_head(void *ctx, struct import_row *row)
{
    struct heads *h = ctx;
    size_t understood = 0;
    if (row->refused)
        return ++h->rows < FORM_HEAD_ROWS;
    h->err = form_propose(&h->s->form, h->life, row->cell, row->n, &understood);
    if (h->err == CAU_OK && (h->cell == NULL || understood > h->understood)) {
        h->understood = understood;
        h->err = copy_cells(h, row);
    }
    return h->err == CAU_OK && ++h->rows < FORM_HEAD_ROWS;
}

/* The mapping to use: given, or the profile's; {NULL, 0} when there is none. */
static enum import_why find_mapping(struct node *n, struct arena *life,
                                    const struct import_options *o, struct str *mapping,
                                    struct import_fault *fault)
{
    *mapping = o->mapping;
    if (o->mapping.len > 0 || o->profile.len == 0)
        return IMPORT_OK;
    struct view *v = view_take(n);
    enum cau_err err =
        v == NULL ? CAU_ERR_IO : local_profile_get(view_store(v), life, o->profile, mapping);
    view_give(n, v);
    if (err == CAU_ERR_UNKNOWN)
        return bad_option(fault, "unknown_profile", o->profile);
    return err == CAU_OK ? IMPORT_OK : failed(err);
}

static enum import_why open_table(struct node *n, struct arena *life,
                                  const struct import_options *o, struct import_source *s,
                                  struct import_fault *fault)
{
    struct str mapping, place;
    enum import_why why = find_mapping(n, life, o, &mapping, fault);
    if (why != IMPORT_OK)
        return why;
    struct str name = o->kind.len > 0 ? o->kind : form_mapping_kind(life, mapping);
    const struct kind *kind = kinds_find(s->kinds, name);
    if (kind == NULL)
        return bad_option(fault, name.len > 0 ? "unknown_kind" : "kind_needed", name);
    enum cau_err err = form_open(life, s->kinds, kind, node_config(n)->lang, &s->form);
    if (err != CAU_OK)
        return failed(err);
    s->has_form = true;

    struct heads h = {.s = s, .life = life};
    struct arena rows = arena_new(IMPORT_ROW_BYTES);
    why = table_each(s, &rows, look_at_head, &h, fault);
    arena_free(&rows);
    if (why != IMPORT_OK || h.err != CAU_OK)
        return why != IMPORT_OK ? why : failed(h.err);
    if (h.cell == NULL)
        return bad(fault, "no_rows", STR(""), STR(""));
    s->head_row = h.number;
    if (mapping.len == 0) {
        err = form_propose(&s->form, life, h.cell, h.n, &h.understood);
        if (err == CAU_OK && h.understood == 0)
            return bad(fault, "no_headings", h.n > 0 ? h.cell[0].text : STR(""), STR(""));
        return err == CAU_OK ? IMPORT_OK : failed(err);
    }
    err = form_read_mapping(&s->form, life, mapping, h.cell, h.n, &place);
    if (err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE)
        return bad_option(fault, "bad_mapping", err == CAU_ERR_SYNTAX ? place : STR(""));
    return err == CAU_OK ? IMPORT_OK : failed(err);
}

/* ---- figures ---- */

struct figures {
    struct import_source *s;
    struct arena *life;
    const struct import_options *o;
    struct str mapping, place;
    const char *missing;
    enum cau_err err;
};

/* The first row says what the columns are; targets are set so that a report can name the column of a problem. */
static bool take_figures_head(struct figures *f, const struct import_row *row)
{
    struct heads h = {.s = f->s, .life = f->life};
    struct form *form = &f->s->form;
    f->err = copy_cells(&h, row);
    if (f->err == CAU_OK && f->mapping.len > 0)
        f->err = form_read_mapping(form, f->life, f->mapping, h.cell, h.n, &f->place);
    else if (f->err == CAU_OK)
        f->err = form_propose(form, f->life, h.cell, h.n, &h.understood);
    if (f->err == CAU_OK)
        f->err = sdmx_open(f->life, form, f->o->file, h.cell, h.n, &f->s->sdmx, &f->missing);
    for (size_t i = 0; f->err == CAU_OK && i < form->n; i++)
        form->column[i].target = (struct form_target){.to = sdmx_target(f->s->sdmx, i)};
    f->s->head_row = row->number;
    return f->err == CAU_OK;
}

static bool take_figures_row(void *ctx, struct import_row *row)
{
    struct figures *f = ctx;
    if (row->refused)
        return true; /* told when it is read again */
    if (f->s->sdmx == NULL)
        return take_figures_head(f, row);
    f->err = sdmx_take(f->s->sdmx, row->number, row->cell, row->n);
    return f->err == CAU_OK;
}

/* All of a file of figures is read before the first record is made: its rows belong together. */
static enum import_why open_figures(struct node *n, struct arena *life,
                                    const struct import_options *o, struct import_source *s,
                                    struct import_fault *fault)
{
    struct figures f = {.s = s, .life = life, .o = o};
    enum import_why why = find_mapping(n, life, o, &f.mapping, fault);
    const struct kind *kind = kinds_find(s->kinds, STR("indicator"));
    if (why != IMPORT_OK)
        return why;
    if (kind == NULL || (o->kind.len > 0 && !str_is(o->kind, "indicator")))
        return bad_option(fault, "unknown_kind", o->kind);
    enum cau_err err = form_open(life, s->kinds, kind, node_config(n)->lang, &s->form);
    if (err != CAU_OK)
        return failed(err);
    s->has_form = true;
    struct arena rows = arena_new(IMPORT_ROW_BYTES);
    why = csv_each(s, &rows, take_figures_row, &f);
    arena_free(&rows);
    if (f.missing != NULL)
        return bad(fault, "no_column", str_of(f.missing), STR(""));
    if (f.place.p != NULL)
        return bad_option(fault, "bad_mapping", f.place);
    if (f.err == CAU_ERR_RANGE)
        return bad(fault, "too_many_figures", STR(""), STR(""));
    if (why != IMPORT_OK || f.err != CAU_OK)
        return why != IMPORT_OK ? why : failed(f.err);
    return s->sdmx != NULL ? IMPORT_OK : bad(fault, "no_rows", STR(""), STR(""));
}

/* ---- text ---- */

static void place_of(struct str bytes, size_t at, struct import_fault *fault)
{
    uint32_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < at && i < bytes.len; i++)
        if (bytes.p[i] == '\n') {
            line++;
            start = i + 1;
        }
    fault->row = line;
    fault->limit = (int64_t)(at - start) + 1;
}

static enum import_why open_csv(struct arena *life, const struct import_options *o,
                                struct import_source *s, struct import_fault *fault)
{
    size_t at = 0;
    s->charset = o->charset;
    enum cau_err err = charset_to_utf8(&s->converted, o->charset, s->bytes, &s->text, &at);
    if (err == CAU_ERR_SYNTAX) {
        (void)bad(fault, "bad_charset", str_of(charset_name(o->charset)), STR(""));
        place_of(s->bytes, at, fault);
        return IMPORT_BAD_FILE;
    }
    if (err != CAU_OK)
        return err == CAU_ERR_RANGE ? bad(fault, "file_too_big", STR(""), STR(""))
                                    : failed(err);
    s->csv_row = arena_take(life, sizeof *s->csv_row);
    if (s->csv_row == NULL)
        return IMPORT_FAILED;
    s->delimiter = o->delimiter != 0 ? o->delimiter : csv_guess(life, s->text);
    return IMPORT_OK;
}

/* An array that ends in the middle is found before anything is written. */
static enum import_why check_json(struct import_source *s, struct import_fault *fault)
{
    struct jsonl r = jsonl_open(s->bytes);
    struct jsonl_item item;
    bool some = false;
    while (jsonl_next(&r, &item)) {
        some = true;
        if (item.why == JSONL_ARRAY) {
            (void)bad(fault, jsonl_why_name(item.why), STR(""), STR(""));
            fault->row = item.row;
            return IMPORT_BAD_FILE;
        }
    }
    return some ? IMPORT_OK : bad(fault, "no_rows", STR(""), STR(""));
}

static bool pass_row(void *ctx, struct import_row *row)
{
    (void)ctx, (void)row;
    return true;
}

/* A workbook is read to its end once before anything is written: its limits and checksums are known only then. */
static enum import_why check_workbook(struct import_source *s, struct import_fault *fault)
{
    struct arena rows = arena_new(IMPORT_ROW_BYTES);
    enum import_why why = table_each(s, &rows, pass_row, NULL, fault);
    arena_free(&rows);
    return why;
}

static enum import_why open_xlsx(struct arena *life, const struct import_options *o,
                                 struct import_source *s, struct import_fault *fault)
{
    struct xlsx_fault f = {.why = XLSX_GOOD};
    s->sheet = o->sheet;
    enum cau_err err = xlsx_open(life, s->bytes, &s->xlsx, &f);
    return err == CAU_OK ? check_workbook(s, fault) : xlsx_failed(err, &f, fault);
}

enum import_why import_source_open(struct node *n, struct arena *life, struct str bytes,
                                   const struct import_options *o, struct import_source *s,
                                   struct import_fault *fault)
{
    *s = (struct import_source){.format = o->format,
                                .bytes = bytes,
                                .compose = o->compose,
                                .kinds = node_kinds(n),
                                .kind = o->kind,
                                .converted = buf_new(2 * IMPORT_BYTES_MAX)};
    s->row = arena_zero(life, sizeof *s->row);
    if (s->row == NULL)
        return IMPORT_FAILED;
    if (bytes.len > IMPORT_BYTES_MAX)
        return bad(fault, "file_too_big", STR(""), STR(""));
    if (bytes.len == 0)
        return bad(fault, "no_rows", STR(""), STR(""));
    if (s->kind.len > 0 && kinds_find(s->kinds, s->kind) == NULL)
        return bad_option(fault, "unknown_kind", s->kind);
    if (s->format == IMPORT_GUESS)
        s->format = guess_format(life, bytes, o->file, o->kind);
    if (s->format == IMPORT_JSONL || s->format == IMPORT_ROR)
        return check_json(s, fault);
    enum import_why why =
        s->format == IMPORT_XLSX ? open_xlsx(life, o, s, fault) : open_csv(life, o, s, fault);
    if (why == IMPORT_OK && s->format == IMPORT_SDMX)
        return open_figures(n, life, o, s, fault);
    return why == IMPORT_OK ? open_table(n, life, o, s, fault) : why;
}

void import_source_close(struct import_source *s)
{
    sdmx_close(s->sdmx);
    if (s->has_form)
        form_close(&s->form);
    xlsx_close(s->xlsx);
    buf_free(&s->converted);
}

/* ---- rows as forms ---- */

static void json_fault(struct import_row *row, const struct json_fault *f)
{
    static const char *const code[] = {"json_syntax", "json_depth", "item_too_big",
                                       "json_number", "json_key",   "bad_text",
                                       "json_syntax"};
    bool utf8 = utf8_valid(row->bytes);
    struct import_fault fault = {.code = str_of(utf8 ? code[f->why] : "not_utf8"),
                                 .value = clip(row->bytes),
                                 .limit = utf8 ? (int64_t)f->column : 0};
    import_row_fault(row, fault, false);
}

static enum cau_err read_ror(struct import_source *s, struct arena *a, struct import_row *row,
                             const struct value *v)
{
    struct ror_note noted;
    struct str place;
    enum cau_err err = ror_read(a, s->kinds, v, &row->form, &noted, &place);
    if (err == CAU_ERR_SYNTAX) {
        import_row_fault(row, (struct import_fault){.code = STR("ror_shape"), .column = place},
                         false);
        return CAU_OK;
    }
    if (err == CAU_OK && noted.composed)
        import_row_fault(row, (struct import_fault){.code = STR("composed")}, true);
    if (err == CAU_OK && noted.children_left_out)
        import_row_fault(
            row,
            (struct import_fault){.code = STR("children_left_out"), .column = STR("links")},
            true);
    return err;
}

static enum cau_err read_item(struct import_source *s, struct arena *a, struct import_row *row)
{
    struct value v;
    struct json_fault f;
    enum cau_err err = json_read(a, row->bytes, JSONL_ITEM_BYTES_MAX, JSON_FORM, &v, &f);
    if (err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE) {
        json_fault(row, &f);
        return CAU_OK;
    }
    if (err != CAU_OK)
        return err;
    if (s->format == IMPORT_ROR)
        return read_ror(s, a, row, &v);
    if (v.type != VALUE_OBJECT) {
        import_row_fault(
            row, (struct import_fault){.code = STR("wrong_type"), .value = clip(row->bytes)},
            false);
        return CAU_OK;
    }
    if (s->kind.len > 0 && value_get(&v, "kind") == NULL)
        err = value_set(a, &v, STR("kind"), value_string(s->kind));
    row->form = v;
    return err;
}

static enum import_why json_each(struct import_source *s, struct arena *a,
                                 bool (*each)(void *ctx, struct import_row *row), void *ctx)
{
    struct jsonl r = jsonl_open(s->bytes);
    struct jsonl_item item;
    while (jsonl_next(&r, &item)) {
        struct import_row *row = s->row;
        *row = (struct import_row){.number = item.row, .at = r.at, .bytes = item.bytes};
        a->used = 0;
        enum cau_err err = CAU_OK;
        if (item.why != JSONL_GOOD)
            import_row_fault(row,
                             (struct import_fault){.code = str_of(jsonl_why_name(item.why)),
                                                   .limit = JSONL_ITEM_BYTES_MAX},
                             false);
        else
            err = read_item(s, a, row);
        if (err != CAU_OK)
            return failed(err);
        if (!each(ctx, row))
            return IMPORT_OK;
    }
    return IMPORT_OK;
}

struct form_walk {
    struct import_source *s;
    struct arena *a;
    bool (*each)(void *ctx, struct import_row *row);
    void *ctx;
    enum cau_err err;
    size_t fault, series; /* of figures: the next ones */
};

static bool is_blank(const struct import_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cell[i].text.len > 0)
            return false;
    return row->n > 0;
}

static bool read_cells(void *ctx, struct import_row *row)
{
    struct form_walk *w = ctx;
    struct form_problems problems;
    bool refused = false;
    if (row->number <= w->s->head_row || is_blank(row))
        return true;
    if (w->s->format == IMPORT_XLSX) /* of CSV the cells themselves may live there */
        w->a->used = 0;
    if (!row->refused) {
        w->err =
            form_row(&w->s->form, w->a, row->cell, row->n, &row->form, &problems, &refused);
        for (size_t i = 0; i < problems.n && w->err == CAU_OK; i++) {
            const struct form_problem *p = &problems.v[i];
            struct str head =
                p->column < w->s->form.n ? w->s->form.column[p->column].head : STR("");
            struct import_fault fault = {.code = str_of(p->code),
                                         .column = head,
                                         .value = p->value,
                                         .limit = (int64_t)p->column + 1};
            import_row_fault(row, fault, p->warning);
        }
        row->refused = row->refused || refused;
    }
    return w->err == CAU_OK && w->each(w->ctx, row);
}

/* A line of figures: what is wrong with it, and the series that begin there. */
static bool read_figures(void *ctx, struct import_row *row)
{
    struct form_walk *w = ctx;
    size_t faults, all = sdmx_series_count(w->s->sdmx);
    const struct sdmx_fault *fault = sdmx_faults(w->s->sdmx, &faults);
    if (row->number <= w->s->head_row)
        return true;
    if (row->refused)
        return w->each(w->ctx, row);
    for (; w->fault < faults && fault[w->fault].line == row->number; w->fault++) {
        const struct sdmx_fault *f = &fault[w->fault];
        struct import_fault told = {.code = str_of(f->code),
                                    .column = w->s->form.column[f->column].head,
                                    .value = f->value,
                                    .limit = f->limit};
        import_row_fault(row, told, false);
    }
    if (row->refused && !w->each(w->ctx, row))
        return false;
    while (w->series < all && sdmx_series_line(w->s->sdmx, w->series) == row->number) {
        row->refused = false;
        row->faults = 0;
        w->err = sdmx_form(w->s->sdmx, w->a, w->series++, &row->form);
        if (w->err != CAU_OK || !w->each(w->ctx, row))
            return false;
    }
    return true;
}

enum import_why import_source_each(struct import_source *s, struct arena *row_arena,
                                   bool (*each)(void *ctx, struct import_row *row), void *ctx,
                                   struct import_fault *fault)
{
    struct form_walk w = {.s = s, .a = row_arena, .each = each, .ctx = ctx};
    if (!s->has_form)
        return json_each(s, row_arena, each, ctx);
    if (s->format == IMPORT_SDMX) {
        enum import_why all = csv_each(s, row_arena, read_figures, &w);
        return w.err == CAU_OK ? all : failed(w.err);
    }
    enum import_why why = table_each(s, row_arena, read_cells, &w, fault);
    return w.err == CAU_OK ? why : failed(w.err);
}
