/* A paper as CSV: everything one under another. */
#include "exchange/file/csv.h"
#include "exchange/paper/paper_int.h"

static void put_cell(struct buf *b, struct buf *cell, const struct paper_text *t)
{
    buf_reset(cell);
    paper_plain(cell, t);
    csv_write_guarded(b, buf_str(cell), ',');
}

static void put_line(struct buf *b, struct buf *cell, const struct paper_text *t)
{
    put_cell(b, cell, t);
    buf_add(b, STR("\r\n"));
}

/* A heading on one line. */
static void put_head(struct buf *b, struct buf *cell, struct str head)
{
    struct str line;
    buf_reset(cell);
    for (bool first = true; paper_line(&head, &line); first = false) {
        if (!first)
            buf_add(cell, STR(" / "));
        paper_clean(cell, line);
    }
    csv_write_guarded(b, buf_str(cell), ',');
}

static void put_table(struct buf *b, struct buf *cell, const struct paper_block *t)
{
    if (t->text.first != NULL)
        put_line(b, cell, &t->text);
    for (size_t i = 0; i < t->columns; i++) {
        if (i > 0)
            buf_add_char(b, ',');
        put_head(b, cell, t->column[i].head);
    }
    buf_add(b, STR("\r\n"));
    for (const struct paper_row *r = t->row; r != NULL; r = r->next) {
        for (size_t i = 0; i < t->columns; i++) {
            if (i > 0)
                buf_add_char(b, ',');
            if (i == 0 || !r->head)
                put_cell(b, cell, &r->cell[i]);
        }
        buf_add(b, STR("\r\n"));
    }
}

static void put_block(struct buf *b, struct buf *cell, const struct paper_block *x)
{
    if (x->type == PAPER_TABLE)
        put_table(b, cell, x);
    else if (x->type == PAPER_LIST)
        for (size_t i = 0; i < x->items; i++)
            put_line(b, cell, &x->item[i]);
    else
        put_line(b, cell, &x->text);
}

static void put_title(struct buf *b, struct buf *cell, struct str text)
{
    if (text.len == 0)
        return;
    struct paper_piece piece = {.text = text};
    put_line(b, cell, &(struct paper_text){&piece, &piece});
}

enum cau_err paper_write_csv(const struct paper *p, struct buf *out)
{
    if (p->failed)
        return paper_state(p);
    struct buf cell = buf_new(PAPER_FILE_BYTES_MAX);
    buf_add(out, STR("\xEF\xBB\xBF"));
    put_title(out, &cell, p->title);
    put_title(out, &cell, p->subtitle);
    for (const struct paper_block *x = p->block; x != NULL; x = x->next) {
        if (x->type == PAPER_TABLE || x->type == PAPER_HEADING)
            buf_add(out, STR("\r\n"));
        put_block(out, &cell, x);
    }
    if (p->notes > 0)
        buf_add(out, STR("\r\n"));
    for (size_t i = 0; i < p->notes; i++) {
        buf_printf(out, "[%zu],", i + 1);
        put_line(out, &cell, &p->note[i]);
    }
    if (p->foot.first != NULL) {
        buf_add(out, STR("\r\n"));
        put_line(out, &cell, &p->foot);
    }
    bool failed = cell.failed || out->failed;
    buf_free(&cell);
    return failed ? CAU_ERR_MEMORY : CAU_OK;
}
