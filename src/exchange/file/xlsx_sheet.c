/* One sheet of a workbook, row by row. */
#include "exchange/file/xlsx_int.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A cell of the row being read: its text is still only a place in row_text. */
struct place {
    size_t from, len;
    enum cell_type type;
    bool formula;
};

enum cell_form {
    FORM_NUMBER,
    FORM_SHARED,
    FORM_INLINE,
    FORM_STRING,
    FORM_FLAG,
    FORM_ERROR,
    FORM_DATE
};

struct sheet {
    bool (*row)(void *ctx, uint32_t number, const struct cell *cell, size_t n);
    void *ctx;
    struct buf row_text;
    struct place place[CELL_COLUMNS_MAX];
    struct cell cell[CELL_COLUMNS_MAX];
    size_t n;        /* places in use */
    uint32_t number; /* of the row */
    bool some_rows;
    /* The cell being read. */
    bool in_cell, in_value, in_hint;
    size_t column; /* from 0 */
    size_t next_column;
    enum cell_form form;
    bool dated, formula;
    struct buf value;
};

/* "AB12" -> column 27; false when it is no reference. */
static bool read_reference(const char *ref, size_t *column)
{
    size_t n = 0, letters = 0;
    for (; ref[letters] >= 'A' && ref[letters] <= 'Z'; letters++) {
        if (letters == 3)
            return false;
        n = n * 26 + (size_t)(ref[letters] - 'A') + 1;
    }
    if (letters == 0 || ref[letters] < '1' || ref[letters] > '9')
        return false;
    *column = n - 1;
    return true;
}

static enum cell_form form_of(const char *type)
{
    static const struct {
        const char *name;
        enum cell_form form;
    } known[] = {{"s", FORM_SHARED}, {"inlineStr", FORM_INLINE}, {"str", FORM_STRING},
                 {"b", FORM_FLAG},   {"e", FORM_ERROR},          {"d", FORM_DATE}};
    for (size_t i = 0; type != NULL && i < countof(known); i++)
        if (strcmp(type, known[i].name) == 0)
            return known[i].form;
    return FORM_NUMBER;
}

static void begin_row(struct ooxml_part *p, struct sheet *s, const char **attribute)
{
    const char *r = ooxml_attribute(attribute, "r");
    uint64_t number = (uint64_t)s->number + 1;
    if (r != NULL && number_read(str_of(r), XLSX_ROWS_MAX, &number) != CAU_OK)
        number = 0;
    if (number == 0 || number > XLSX_ROWS_MAX) {
        ooxml_stop(p, XLSX_SHAPE);
        return;
    }
    s->number = (uint32_t)number;
    s->n = 0;
    s->next_column = 0;
    buf_reset(&s->row_text);
}

static void begin_cell(struct ooxml_part *p, struct sheet *s, const char **attribute)
{
    const char *ref = ooxml_attribute(attribute, "r");
    const char *style = ooxml_attribute(attribute, "s");
    if (++xlsx_of(p)->cells > XLSX_CELLS_MAX) {
        ooxml_stop(p, XLSX_CELLS);
        return;
    }
    s->column = s->next_column;
    if (ref != NULL && !read_reference(ref, &s->column)) {
        ooxml_stop(p, XLSX_SHAPE);
        return;
    }
    s->next_column = s->column + 1;
    s->in_cell = true;
    s->in_value = s->in_hint = s->formula = s->dated = false;
    s->form = form_of(ooxml_attribute(attribute, "t"));
    buf_reset(&s->value);
    uint64_t n = 0;
    if (style == NULL || xlsx_of(p)->style_count == 0)
        return;
    if (number_read(str_of(style), xlsx_of(p)->style_count - 1, &n) != CAU_OK)
        ooxml_stop(p, XLSX_SHAPE);
    else
        s->dated = (xlsx_of(p)->date_style[n / 8] >> n % 8 & 1) != 0;
}

static void sheet_start(struct ooxml_part *p, const char *name, const char **attribute)
{
    struct sheet *s = p->state;
    if (strcmp(name, "row") == 0)
        begin_row(p, s, attribute);
    else if (strcmp(name, "c") == 0)
        begin_cell(p, s, attribute);
    else if (!s->in_cell)
        return;
    else if (strcmp(name, "v") == 0)
        s->in_value = s->form != FORM_INLINE;
    else if (strcmp(name, "t") == 0)
        s->in_value = s->form == FORM_INLINE && !s->in_hint;
    else if (strcmp(name, "rPh") == 0)
        s->in_hint = true;
    else if (strcmp(name, "f") == 0)
        s->formula = true;
}

static void sheet_text(struct ooxml_part *p, struct str text)
{
    struct sheet *s = p->state;
    if (!s->in_value)
        return;
    buf_add(&s->value, text);
    if (s->value.failed) {
        p->memory = s->value.len + text.len <= s->value.max;
        ooxml_stop(p, XLSX_CELL_TEXT);
    }
}

/* A serial day as a date; false for what is no day (a time alone, the day that never was, beyond 9999). */
static bool write_date(struct buf *out, double serial, bool epoch_1904)
{
    if (!(serial >= (epoch_1904 ? 0 : 1) && serial < 2958466))
        return false;
    int64_t day = (int64_t)serial;
    if (!epoch_1904 && day == 60)
        return false; /* 29 February 1900, which Excel keeps for the sake of Lotus 1-2-3 */
    /* Days from 1970-01-01 to day 0; 400 years are added and taken off: the calendar repeats. */
    int64_t zero = epoch_1904 ? -24107 : day < 60 ? -25568 : -25569;
    struct clock_date d = clock_date_of((day + zero + 146097) * 86400000);
    d.year -= 400;
    char text[CLOCK_DATE_CHARS];
    buf_add(out, (struct str){text, clock_write_date(d, text)});
    return true;
}

/* A number as a person would write it: whole numbers without exponent, 15 significant digits. */
static void write_number(struct buf *out, double x)
{
    char text[64];
    if (x == floor(x) && fabs(x) < 1e21)
        snprintf(text, sizeof text, "%.0f", x == 0 ? 0.0 : x);
    else
        snprintf(text, sizeof text, "%.15g", x);
    const char *exponent = strchr(text, 'e');
    if (exponent != NULL && fabs(x) < 1e-4 && fabs(x) > 1e-30) {
        int places = 14 - (int)strtol(exponent + 1, NULL, 10); /* 15 digits behind the zeros */
        snprintf(text, sizeof text, "%.*f", places, x);
        size_t n = strlen(text);
        while (text[n - 1] == '0')
            text[--n] = 0;
    }
    buf_add_word(out, text);
}

static enum cell_type finish_number(struct ooxml_part *p, struct sheet *s)
{
    buf_add_char(&s->value, 0); /* for strtod; the text ends before it */
    if (s->value.failed)
        return CELL_ERROR;
    char *end;
    double x = strtod(s->value.p, &end);
    size_t len = s->value.len - 1;
    if (end != s->value.p + len || !isfinite(x) || len > 64) {
        buf_add(&s->row_text, str_to(buf_str(&s->value), len));
        return CELL_ERROR;
    }
    if (s->dated && write_date(&s->row_text, x, xlsx_of(p)->epoch_1904))
        return CELL_DATE;
    write_number(&s->row_text, x);
    return CELL_NUMBER;
}

static enum cell_type finish_shared(struct ooxml_part *p, struct sheet *s)
{
    const struct xlsx *x = xlsx_of(p);
    size_t count = x->end.len / sizeof(uint32_t);
    uint64_t i;
    if (count == 0 || number_read(str_trim(buf_str(&s->value)), count - 1, &i) != CAU_OK) {
        ooxml_stop(p, XLSX_SHAPE);
        return CELL_ERROR;
    }
    uint32_t from = 0, to;
    if (i > 0)
        memcpy(&from, x->end.p + (i - 1) * sizeof from, sizeof from);
    memcpy(&to, x->end.p + i * sizeof to, sizeof to);
    buf_add(&s->row_text, (struct str){x->string.p + from, to - from});
    return CELL_TEXT;
}

static enum cell_type finish_value(struct ooxml_part *p, struct sheet *s)
{
    struct str value = buf_str(&s->value);
    size_t from = s->row_text.len;
    if (value.len == 0) { /* a formula that nobody has computed, or an empty cell */
        buf_add(&s->row_text, s->formula ? STR("=") : STR(""));
        return s->formula ? CELL_ERROR : CELL_TEXT;
    }
    switch (s->form) {
    case FORM_NUMBER:
        return finish_number(p, s);
    case FORM_SHARED:
        return finish_shared(p, s);
    case FORM_FLAG:
        buf_add(&s->row_text, str_is(value, "1") ? STR("true") : STR("false"));
        return CELL_FLAG;
    case FORM_ERROR:
        buf_add(&s->row_text, value);
        return CELL_ERROR;
    case FORM_DATE: /* an ISO date, perhaps with a time */
        buf_add(&s->row_text, value.len > 10 && value.p[10] == 'T' ? str_to(value, 10) : value);
        return CELL_DATE;
    default:
        buf_add(&s->row_text, value);
        if (!xlsx_unescape(&s->row_text, from))
            ooxml_stop(p, XLSX_CELL_TEXT);
        return CELL_TEXT;
    }
}

static void end_cell(struct ooxml_part *p, struct sheet *s)
{
    s->in_cell = s->in_value = false;
    size_t from = s->row_text.len;
    enum cell_type type = finish_value(p, s);
    size_t len = s->row_text.len - from;
    if (s->row_text.failed) {
        p->memory = s->row_text.len < s->row_text.max / 2;
        ooxml_stop(p, XLSX_CELL_TEXT);
    }
    if (len == 0 || p->stopped)
        return;
    if (s->column >= CELL_COLUMNS_MAX) {
        ooxml_stop(p, XLSX_COLUMNS);
        return;
    }
    for (; s->n <= s->column; s->n++)
        s->place[s->n] = (struct place){0};
    s->place[s->column] = (struct place){from, len, type, s->formula};
}

static void end_row(struct ooxml_part *p, struct sheet *s)
{
    if (s->n == 0)
        return;
    for (size_t i = 0; i < s->n; i++) {
        const struct place *at = &s->place[i];
        struct str text = {at->len > 0 ? s->row_text.p + at->from : NULL, at->len};
        s->cell[i] = (struct cell){text, at->type, at->formula};
    }
    s->some_rows = true;
    size_t n = s->n;
    s->n = 0;
    if (!s->row(s->ctx, s->number, s->cell, n))
        ooxml_stop(p, XLSX_GOOD);
}

static void sheet_end(struct ooxml_part *p, const char *name)
{
    struct sheet *s = p->state;
    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        s->in_value = false;
    else if (strcmp(name, "rPh") == 0)
        s->in_hint = false;
    else if (strcmp(name, "c") == 0 && s->in_cell)
        end_cell(p, s);
    else if (strcmp(name, "row") == 0)
        end_row(p, s);
}

static enum cau_err read_one(struct xlsx *x, struct sheet *s, size_t i,
                             struct xlsx_fault *fault)
{
    struct ooxml_part p = {
        .state = s, .start = sheet_start, .end = sheet_end, .text = sheet_text};
    enum cau_err err = xlsx_run(x, &p, x->sheet_part[i], fault);
    if (err == CAU_ERR_SYNTAX)
        fault->row = s->number;
    return err;
}

enum cau_err xlsx_read(struct xlsx *x, struct arena *a, struct str sheet,
                       bool (*row)(void *ctx, uint32_t number, const struct cell *cell,
                                   size_t n),
                       void *ctx, struct xlsx_fault *fault)
{
    struct sheet *s = arena_zero(a, sizeof *s);
    if (s == NULL)
        return CAU_ERR_MEMORY;
    s->row = row;
    s->ctx = ctx;
    s->row_text = buf_new((size_t)CELL_COLUMNS_MAX * CELL_BYTES_MAX);
    s->value = buf_new(12 * XLSX_CELL_POINTS_MAX); /* an escape takes 7 bytes for a point */
    x->package.inflated = x->inflated_by_open;     /* a sheet may be read again */
    x->cells = 0;
    enum cau_err err = CAU_OK;
    bool named = false;
    for (size_t i = 0; i < x->sheet_count && err == CAU_OK && !s->some_rows; i++) {
        if (sheet.len > 0 ? !str_equal(x->sheet[i].name, sheet) : x->sheet[i].hidden)
            continue;
        named = sheet.len > 0;
        s->number = 0;
        err = read_one(x, s, i, fault);
    }
    if (err == CAU_OK && !s->some_rows && !named) {
        *fault = (struct xlsx_fault){.why = XLSX_NO_SHEET};
        err = CAU_ERR_SYNTAX;
    }
    buf_free(&s->row_text);
    buf_free(&s->value);
    return err;
}
