#include "exchange/file/csv.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

const char *csv_why_name(enum csv_why why)
{
    static const char *const name[] = {"good", "csv_quote_open", "csv_quote_inside",
                                       "too_many_columns", "cell_too_big"};
    return name[why];
}

/* Takes the end of a line; false when there is none at the head of the rest. */
static bool take_line_end(struct csv *r)
{
    size_t n = str_starts(r->rest, STR("\r\n"))                                    ? 2
               : r->rest.len > 0 && (r->rest.p[0] == '\n' || r->rest.p[0] == '\r') ? 1
                                                                                   : 0;
    r->rest = str_from(r->rest, n);
    r->at += n;
    r->line += n > 0;
    return n > 0;
}

static void pass(struct csv *r, size_t n)
{
    r->rest = str_from(r->rest, n);
    r->at += n;
}

static size_t line_length(struct str text)
{
    size_t n = 0;
    while (n < text.len && text.p[n] != '\n' && text.p[n] != '\r')
        n++;
    return n;
}

struct csv csv_open(struct str text, char delimiter)
{
    struct csv r = {.rest = text, .line = 1, .delimiter = delimiter};
    if (text.len >= 5 && str_equal(str_to(text, 4), STR("sep=")) && line_length(text) == 5 &&
        strchr(",;\t", text.p[4]) != NULL && text.p[4] != 0) {
        r.delimiter = text.p[4];
        pass(&r, 5);
        (void)take_line_end(&r);
    }
    return r;
}

/* A place in the row being read: where its line begins, for counting columns. */
struct place {
    uint32_t line;
    const char *line_start;
};

static enum csv_why fault_at(struct csv_row *row, enum csv_why why, struct place p,
                             const char *at)
{
    row->why = why;
    row->fault_line = p.line;
    row->fault_column =
        (uint32_t)utf8_count((struct str){p.line_start, (size_t)(at - p.line_start)}) + 1;
    return why;
}

static void copy_without_doubles(char *to, struct str from)
{
    for (size_t i = 0; i < from.len; i++) {
        *to++ = from.p[i];
        i += from.p[i] == '"';
    }
}

/* Reads a cell that begins with a quote at r->rest; *why tells whether it is good. */
static enum cau_err quoted(struct csv *r, struct arena *a, struct csv_row *row, struct place *p,
                           struct cell *cell)
{
    const char *start = r->rest.p;
    struct place opened = *p;
    size_t doubles = 0, i = 1;
    for (;; i++) {
        if (i == r->rest.len) {
            fault_at(row, CSV_QUOTE_OPEN, opened, start);
            return CAU_OK;
        }
        if (i - 1 > CELL_BYTES_MAX + doubles) {
            fault_at(row, CSV_CELL, opened, start);
            return CAU_OK;
        }
        char c = start[i];
        if (c == '\n' || (c == '\r' && (i + 1 == r->rest.len || start[i + 1] != '\n'))) {
            p->line++;
            p->line_start = start + i + 1;
        }
        if (c != '"')
            continue;
        if (i + 1 < r->rest.len && start[i + 1] == '"') {
            doubles++;
            i++;
            continue;
        }
        break;
    }
    struct str inner = {start + 1, i - 1};
    pass(r, i + 1);
    if (doubles > 0) {
        char *text = arena_take(a, inner.len - doubles);
        if (text == NULL)
            return CAU_ERR_MEMORY;
        copy_without_doubles(text, inner);
        inner = (struct str){text, inner.len - doubles};
    }
    cell->text = inner;
    if (r->rest.len > 0 && r->rest.p[0] != r->delimiter && r->rest.p[0] != '\n' &&
        r->rest.p[0] != '\r')
        fault_at(row, CSV_QUOTE_INSIDE, *p, r->rest.p);
    return CAU_OK;
}

static void plain(struct csv *r, struct csv_row *row, struct place p, struct cell *cell)
{
    size_t n = 0;
    for (; n < r->rest.len; n++) {
        char c = r->rest.p[n];
        if (c == r->delimiter || c == '\n' || c == '\r')
            break;
    }
    if (n > CELL_BYTES_MAX)
        fault_at(row, CSV_CELL, p, r->rest.p);
    cell->text = str_to(r->rest, n);
    pass(r, n);
}

/* Behind a broken row: on with the next line, of the row's first when its quotes never ended. */
static void go_on(struct csv *r, struct csv_row *row, struct csv start)
{
    row->n = 0;
    if (row->why == CSV_QUOTE_OPEN)
        *r = start;
    else
        r->line = row->fault_line;
    pass(r, line_length(r->rest));
    size_t len = (size_t)(r->rest.p - start.rest.p);
    row->bytes = str_to(start.rest, len);
    (void)take_line_end(r);
}

enum cau_err csv_next(struct csv *r, struct arena *a, struct csv_row *row, bool *more)
{
    while (take_line_end(r))
        ;
    *more = r->rest.len > 0;
    if (!*more)
        return CAU_OK;

    struct csv start = *r;
    struct place p = {r->line, r->rest.p};
    row->line = r->line;
    row->n = 0;
    row->why = CSV_GOOD;
    for (;;) {
        if (row->n == CELL_COLUMNS_MAX) {
            fault_at(row, CSV_COLUMNS, p, r->rest.p);
            break;
        }
        struct cell *cell = &row->cell[row->n++];
        *cell = (struct cell){.type = CELL_TEXT};
        if (r->rest.len > 0 && r->rest.p[0] == '"') {
            enum cau_err err = quoted(r, a, row, &p, cell);
            if (err != CAU_OK)
                return err;
        } else {
            plain(r, row, p, cell);
        }
        if (row->why != CSV_GOOD || r->rest.len == 0 || r->rest.p[0] != r->delimiter)
            break;
        pass(r, 1);
    }
    if (row->why != CSV_GOOD) {
        go_on(r, row, start);
        return CAU_OK;
    }
    row->bytes = str_to(start.rest, r->at - start.at);
    r->line = p.line;
    (void)take_line_end(r);
    return CAU_OK;
}

/* How well a delimiter fits: the rows of the commonest width above one, times that width. */
static size_t fit(struct arena *a, struct str text, char delimiter)
{
    struct csv r = csv_open(text, delimiter);
    if (r.delimiter != delimiter)
        return 0; /* the file names another */
    size_t before = a->used, best = 0;
    struct csv_row *row = arena_take(a, sizeof *row);
    size_t *wide = arena_zero(a, (CELL_COLUMNS_MAX + 1) * sizeof *wide);
    bool more = row != NULL && wide != NULL;
    for (size_t i = 0; i < CSV_LOOK_ROWS && more; i++)
        if (csv_next(&r, a, row, &more) != CAU_OK)
            break;
        else if (more)
            wide[row->n]++;
    for (size_t n = 2; n <= CELL_COLUMNS_MAX && wide != NULL; n++)
        if (wide[n] * n > best)
            best = wide[n] * n;
    a->used = before;
    return best;
}

char csv_guess(struct arena *a, struct str text)
{
    static const char candidate[] = {',', ';', '\t'};
    if (text.len > CSV_LOOK_BYTES) { /* whole lines only */
        size_t n = CSV_LOOK_BYTES;
        while (n > 0 && text.p[n - 1] != '\n' && text.p[n - 1] != '\r')
            n--;
        text = str_to(text, n > 0 ? n : CSV_LOOK_BYTES);
    }
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidate; i++) {
        size_t now = fit(a, text, candidate[i]);
        if (now > most) {
            most = now;
            best = candidate[i];
        }
    }
    return best;
}

static void write_cell(struct buf *b, struct str text, char delimiter, bool guarded)
{
    bool quotes =
        guarded || (text.len > 0 && (text.p[0] == ' ' || text.p[text.len - 1] == ' '));
    for (size_t i = 0; i < text.len && !quotes; i++)
        quotes = text.p[i] == '"' || text.p[i] == '\n' || text.p[i] == '\r' ||
                 text.p[i] == delimiter;
    if (quotes)
        buf_add_char(b, '"');
    if (guarded)
        buf_add_char(b, '\'');
    for (struct str rest = text; rest.len > 0;) {
        const char *quote = quotes ? memchr(rest.p, '"', rest.len) : NULL;
        size_t n = quote != NULL ? (size_t)(quote - rest.p) + 1 : rest.len;
        buf_add(b, str_to(rest, n));
        if (quote != NULL)
            buf_add_char(b, '"');
        rest = str_from(rest, n);
    }
    if (quotes)
        buf_add_char(b, '"');
}

/* What a spreadsheet would take for a formula, perhaps behind apostrophes of ours. */
static bool formula_like(struct str text)
{
    while (text.len > 0 && text.p[0] == '\'')
        text = str_from(text, 1);
    return text.len > 0 && memchr("=+-@\t", text.p[0], 6) != NULL; /* with its NUL */
}

void csv_write(struct buf *b, struct str text, char delimiter)
{
    write_cell(b, text, delimiter, false);
}

void csv_write_guarded(struct buf *b, struct str text, char delimiter)
{
    write_cell(b, text, delimiter, formula_like(text));
}

struct str csv_unguard(struct str text)
{
    return text.len > 0 && text.p[0] == '\'' && formula_like(text) ? str_from(text, 1) : text;
}
