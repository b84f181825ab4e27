/* A paper as a workbook: a sheet of text, one for every table, one for the notes. */
#include "base/clock.h"
#include "base/utf8.h"
#include "base/words.h"
#include "exchange/file/zip_out.h"
#include "exchange/paper/paper_int.h"

#include <stdio.h>

#define DECLARE  "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define SHEET_NS "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define OFFICE   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE  "http://schemas.openxmlformats.org/package/2006/"
#define SHEET    "application/vnd.openxmlformats-officedocument.spreadsheetml."

enum {
    SHEETS_MAX = 250,
    NAME_POINTS = 31,     /* of a sheet's name */
    CELL_UNITS = 32767,   /* UTF-16 units in a cell */
    DIGITS_EXACT = 15,    /* a number of more digits would be rounded */
    TEXT_CHARS = 120,     /* width of the sheet of text */
    LINE_POINTS = 15,     /* height of a line */
    ROW_POINTS_MAX = 409, /* the highest row there is */
    LINE_CHARS = 150,     /* widths of a table's columns together */
};
enum { STYLE_NORMAL, STYLE_TITLE, STYLE_HEAD, STYLE_TEXT, STYLE_NUMBER, STYLE_GROUP };

struct book {
    const struct paper *p;
    struct buf part, cell, names;
    struct str name[SHEETS_MAX];
    const struct paper_block *table[SHEETS_MAX]; /* NULL: text or notes */
    size_t sheets, tables;
    uint32_t row;
    bool over;
};

static void put(struct book *k, const char *markup)
{
    buf_add_word(&k->part, markup);
}

/* ---- cells ---- */

static bool is_number(struct str x)
{
    if (x.len == 0 || x.len > DIGITS_EXACT || (x.len > 1 && x.p[0] == '0'))
        return false;
    for (size_t i = 0; i < x.len; i++)
        if (x.p[i] < '0' || x.p[i] > '9')
            return false;
    return true;
}

static bool fits_cell(struct str text)
{
    size_t units = 0;
    while (text.len > 0)
        units += utf8_next(&text) > 0xFFFF ? 2 : 1;
    return units <= CELL_UNITS;
}

/* What k->cell holds, as text whatever it begins with, or as a number where one is meant. */
static void put_cell(struct book *k, unsigned column, unsigned style)
{
    struct str text = buf_str(&k->cell);
    char at = (char)('A' + column); /* fewer columns than letters */
    if (style == STYLE_NUMBER && is_number(text)) {
        buf_printf(&k->part, "<c r=\"%c%u\" s=\"%u\"><v>%.*s</v></c>", at, k->row, style,
                   STR_ARG(text));
        return;
    }
    if (k->cell.failed || !fits_cell(text)) {
        k->over = true;
        return;
    }
    buf_printf(&k->part,
               "<c r=\"%c%u\" s=\"%u\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", at,
               k->row, style);
    paper_escape(&k->part, text);
    put(k, "</t></is></c>");
}

static void put_text_cell(struct book *k, unsigned column, const struct paper_text *t,
                          unsigned style)
{
    buf_reset(&k->cell);
    paper_plain(&k->cell, t);
    put_cell(k, column, style);
}

static void put_word_cell(struct book *k, unsigned column, struct str text, unsigned style)
{
    buf_reset(&k->cell);
    paper_clean(&k->cell, text);
    put_cell(k, column, style);
}

static void begin_row(struct book *k)
{
    buf_printf(&k->part, "<row r=\"%u\">", ++k->row);
}

/* Lines that what k->cell holds takes in a column so wide: a guess on the safe side. */
static unsigned lines_of(const struct book *k, unsigned chars)
{
    struct str rest = buf_str(&k->cell), line;
    unsigned lines = 0, fits = chars > 3 ? chars - 2 : 1;
    while (paper_line(&rest, &line))
        lines += 1 + (unsigned)(utf8_count(line) / fits);
    return lines;
}

/* A row that shows all of its lines: not every program finds the height by itself. */
static void begin_high_row(struct book *k, unsigned lines)
{
    unsigned points = lines < 1 ? LINE_POINTS : lines * LINE_POINTS;
    if (points > ROW_POINTS_MAX)
        points = ROW_POINTS_MAX;
    buf_printf(&k->part, "<row r=\"%u\" ht=\"%u\" customHeight=\"1\">", ++k->row, points);
}

static void end_row(struct book *k)
{
    put(k, "</row>\n");
}

static void put_line(struct book *k, const struct paper_text *t, unsigned style)
{
    buf_reset(&k->cell);
    paper_plain(&k->cell, t);
    begin_high_row(k, style == STYLE_NORMAL ? lines_of(k, TEXT_CHARS) : 1);
    put_text_cell(k, 0, t, style);
    end_row(k);
}

static void put_word_line(struct book *k, struct str text, unsigned style)
{
    if (text.len == 0)
        return;
    begin_row(k);
    put_word_cell(k, 0, text, style);
    end_row(k);
}

/* ---- sheets ---- */

static void begin_sheet(struct book *k, uint32_t frozen_rows)
{
    buf_reset(&k->part);
    k->row = 0;
    put(k, DECLARE "<worksheet " SHEET_NS "><sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>"
                   "<sheetViews><sheetView workbookViewId=\"0\">");
    if (frozen_rows > 0)
        buf_printf(&k->part,
                   "<pane ySplit=\"%u\" topLeftCell=\"A%u\" activePane=\"bottomLeft\" "
                   "state=\"frozen\"/>",
                   frozen_rows, frozen_rows + 1);
    put(k, "</sheetView></sheetViews><sheetFormatPr defaultRowHeight=\"15\"/><cols>");
}

static void put_column(struct book *k, size_t at, unsigned chars)
{
    buf_printf(&k->part, "<col min=\"%zu\" max=\"%zu\" width=\"%u\" customWidth=\"1\"/>",
               at + 1, at + 1, chars);
}

static void end_sheet(struct book *k)
{
    buf_printf(&k->part,
               "</sheetData><pageMargins left=\"0.5\" right=\"0.5\" top=\"0.5\" bottom=\"0.6\" "
               "header=\"0.3\" footer=\"0.3\"/><pageSetup paperSize=\"9\" orientation=\"%s\" "
               "fitToHeight=\"0\"/><headerFooter><oddFooter>&amp;R&amp;P / &amp;N</oddFooter>"
               "</headerFooter></worksheet>\n",
               k->p->landscape ? "landscape" : "portrait");
}

static void put_text_sheet(struct book *k)
{
    begin_sheet(k, 0);
    put_column(k, 0, TEXT_CHARS);
    put(k, "</cols><sheetData>\n");
    put_word_line(k, k->p->title, STYLE_TITLE);
    put_word_line(k, k->p->subtitle, STYLE_NORMAL);
    for (const struct paper_block *x = k->p->block; x != NULL; x = x->next) {
        if (x->type == PAPER_HEADING)
            put_line(k, &x->text, STYLE_TITLE);
        else if (x->type == PAPER_PARAGRAPH)
            put_line(k, &x->text, STYLE_NORMAL);
        else if (x->type == PAPER_LIST)
            for (size_t i = 0; i < x->items; i++)
                put_line(k, &x->item[i], STYLE_NORMAL);
    }
    if (k->p->foot.first != NULL)
        put_line(k, &k->p->foot, STYLE_NORMAL);
    end_sheet(k);
}

/* The row of a table's headings. */
static uint32_t heads_row(const struct paper_block *t)
{
    return t->text.first != NULL ? 2 : 1;
}

static void put_heads(struct book *k, const struct paper_block *t, const unsigned *chars)
{
    unsigned most = 1;
    for (unsigned i = 0; i < t->columns; i++) {
        buf_reset(&k->cell);
        paper_clean(&k->cell, t->column[i].head);
        unsigned lines = lines_of(k, chars[i]);
        most = lines > most ? lines : most;
    }
    begin_high_row(k, most);
    for (unsigned i = 0; i < t->columns; i++)
        put_word_cell(k, i, t->column[i].head, STYLE_HEAD);
    end_row(k);
}

static void put_row(struct book *k, const struct paper_block *t, const struct paper_row *r,
                    const unsigned *chars)
{
    unsigned most = 1, columns = r->head ? 1 : (unsigned)t->columns;
    for (unsigned i = 0; i < columns && !r->head; i++) {
        buf_reset(&k->cell);
        paper_plain(&k->cell, &r->cell[i]);
        unsigned lines = lines_of(k, chars[i]);
        most = lines > most ? lines : most;
    }
    begin_high_row(k, most);
    for (unsigned i = 0; i < columns; i++)
        put_text_cell(k, i, &r->cell[i],
                      r->head               ? STYLE_GROUP
                      : t->column[i].number ? STYLE_NUMBER
                                            : STYLE_TEXT);
    end_row(k);
}

static void put_table_sheet(struct book *k, const struct paper_block *t)
{
    unsigned share[PAPER_COLUMNS_MAX], chars[PAPER_COLUMNS_MAX];
    paper_shares(t, share);
    begin_sheet(k, heads_row(t));
    for (size_t i = 0; i < t->columns; i++) {
        chars[i] = 4 + share[i] * LINE_CHARS / 1000;
        put_column(k, i, chars[i]);
    }
    put(k, "</cols><sheetData>\n");
    if (t->text.first != NULL)
        put_line(k, &t->text, STYLE_TITLE);
    put_heads(k, t, chars);
    for (const struct paper_row *r = t->row; r != NULL; r = r->next)
        put_row(k, t, r, chars);
    end_sheet(k);
}

static void put_notes_sheet(struct book *k)
{
    begin_sheet(k, 0);
    put_column(k, 0, 6);
    put_column(k, 1, 110);
    put(k, "</cols><sheetData>\n");
    for (size_t i = 0; i < k->p->notes; i++) {
        begin_row(k);
        buf_reset(&k->cell);
        buf_printf(&k->cell, "%zu", i + 1);
        put_cell(k, 0, STYLE_NUMBER);
        put_text_cell(k, 1, &k->p->note[i], STYLE_TEXT);
        end_row(k);
    }
    end_sheet(k);
}

/* ---- names of sheets ---- */

/* A name without what a workbook refuses there, as long as it may be. A table's begins with its number, so that no two
 * are the same. */
static void add_sheet(struct book *k, struct str wish, const struct paper_block *table)
{
    static const char refused[] = "[]:*?/\\'\n\r\t";
    if (k->sheets == SHEETS_MAX) {
        k->over = true;
        return;
    }
    struct buf name = buf_new(1024);
    if (table != NULL)
        buf_printf(&name, "%zu ", ++k->tables);
    for (size_t i = 0; i < wish.len && name.len < 512; i++) {
        bool keep = true;
        for (size_t j = 0; j + 1 < sizeof refused; j++)
            keep &= wish.p[i] != refused[j];
        buf_add_char(&name, keep ? wish.p[i] : ' ');
    }
    while (!utf8_valid(buf_str(&name))) /* the limit fell inside a character */
        name.len--;
    struct str made = str_trim(utf8_clip(buf_str(&name), NAME_POINTS));
    size_t at = k->names.len;
    buf_add(&k->names, made);
    buf_free(&name);
    k->name[k->sheets] = (struct str){k->names.p + at, made.len};
    k->table[k->sheets++] = table;
}

static bool has_text(const struct paper *p)
{
    for (const struct paper_block *x = p->block; x != NULL; x = x->next)
        if (x->type != PAPER_TABLE)
            return true;
    return p->block == NULL || p->foot.first != NULL || p->subtitle.len > 0;
}

static void add_sheets(struct book *k)
{
    struct buf caption = buf_new(PAPER_FILE_BYTES_MAX);
    if (has_text(k->p))
        add_sheet(k, words(k->p->lang, "paper.text"), NULL);
    for (const struct paper_block *x = k->p->block; x != NULL; x = x->next) {
        if (x->type != PAPER_TABLE)
            continue;
        buf_reset(&caption);
        for (const struct paper_piece *y = x->text.first; y != NULL; y = y->next)
            paper_clean(&caption, y->text);
        add_sheet(k, caption.len > 0 ? buf_str(&caption) : words(k->p->lang, "paper.table"), x);
    }
    if (k->p->notes > 0)
        add_sheet(k, words(k->p->lang, "paper.notes"), NULL);
    buf_free(&caption);
}

/* ---- the workbook ---- */

static const char package_links_part[] = DECLARE
    "<Relationships xmlns=\"" PACKAGE "relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" PACKAGE "relationships/metadata/core-properties\" "
    "Target=\"docProps/core.xml\"/></Relationships>\n";

#define FORMAT(font, fill, border, across)                                                     \
    "<xf numFmtId=\"0\" fontId=\"" font "\" fillId=\"" fill "\" borderId=\"" border            \
    "\" xfId=\"0\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\">"    \
    "<alignment vertical=\"top\"" across "/></xf>"
static const char styles_part[] = DECLARE
    "<styleSheet " SHEET_NS "><fonts count=\"3\">"
    "<font><sz val=\"11\"/><name val=\"Times New Roman\"/><family val=\"1\"/></font>"
    "<font><b/><sz val=\"11\"/><name val=\"Times New Roman\"/><family val=\"1\"/></font>"
    "<font><b/><sz val=\"13\"/><name val=\"Times New Roman\"/><family "
    "val=\"1\"/></font></fonts>"
    "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>"
    "<fill><patternFill patternType=\"gray125\"/></fill>"
    "<fill><patternFill patternType=\"solid\"><fgColor "
    "rgb=\"FFE8EEEE\"/></patternFill></fill></fills>"
    "<borders count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>"
    "<border><left style=\"thin\"/><right style=\"thin\"/><top style=\"thin\"/><bottom "
    "style=\"thin\"/><diagonal/></border></borders>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" "
    "borderId=\"0\"/></cellStyleXfs>"
    "<cellXfs count=\"6\">" FORMAT("0", "0", "0", " wrapText=\"1\"") FORMAT("2", "0", "0", "")
        FORMAT("1", "2", "1", " wrapText=\"1\"") FORMAT("0", "0", "1", " wrapText=\"1\"")
            FORMAT("0", "0", "1", " horizontal=\"right\"")
                FORMAT("1", "2", "0",
                       "") "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" "
                           "xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>\n";

static struct str types_part(struct book *k)
{
    buf_reset(&k->part);
    put(k, DECLARE
        "<Types xmlns=\"" PACKAGE "content-types\">"
        "<Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        "<Override PartName=\"/xl/workbook.xml\" ContentType=\"" SHEET "sheet.main+xml\"/>"
        "<Override PartName=\"/xl/styles.xml\" ContentType=\"" SHEET "styles+xml\"/>"
        "<Override PartName=\"/docProps/core.xml\" "
        "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>");
    for (size_t i = 1; i <= k->sheets; i++)
        buf_printf(&k->part,
                   "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"" SHEET
                   "worksheet+xml\"/>",
                   i);
    put(k, "</Types>\n");
    return buf_str(&k->part);
}

static struct str workbook_part(struct book *k)
{
    buf_reset(&k->part);
    put(k, DECLARE "<workbook " SHEET_NS " xmlns:r=\"" OFFICE "\"><sheets>");
    for (size_t i = 0; i < k->sheets; i++) {
        put(k, "<sheet name=\"");
        paper_escape(&k->part, k->name[i]);
        buf_printf(&k->part, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i + 1, i + 1);
    }
    put(k, "</sheets>");
    bool any = false;
    for (size_t i = 0; i < k->sheets; i++) {
        if (k->table[i] == NULL)
            continue;
        if (!any)
            put(k, "<definedNames>");
        any = true;
        buf_printf(&k->part, "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"%zu\">'",
                   i);
        paper_escape(&k->part, k->name[i]);
        uint32_t row = heads_row(k->table[i]);
        buf_printf(&k->part, "'!$%u:$%u</definedName>", row, row);
    }
    put(k, any ? "</definedNames></workbook>\n" : "</workbook>\n");
    return buf_str(&k->part);
}

static struct str links_part(struct book *k)
{
    buf_reset(&k->part);
    put(k, DECLARE "<Relationships xmlns=\"" PACKAGE "relationships\">");
    for (size_t i = 1; i <= k->sheets; i++)
        buf_printf(&k->part,
                   "<Relationship Id=\"rId%zu\" Type=\"" OFFICE
                   "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>",
                   i, i);
    buf_printf(&k->part,
               "<Relationship Id=\"rId%zu\" Type=\"" OFFICE
               "/styles\" Target=\"styles.xml\"/></Relationships>\n",
               k->sheets + 1);
    return buf_str(&k->part);
}

static struct str core_part(struct book *k)
{
    buf_reset(&k->part);
    paper_core(&k->part, k->p);
    return buf_str(&k->part);
}

static void put_sheet(struct book *k, size_t i)
{
    if (k->table[i] != NULL)
        put_table_sheet(k, k->table[i]);
    else if (i == 0 && has_text(k->p))
        put_text_sheet(k);
    else
        put_notes_sheet(k);
}

static enum cau_err put_file(struct book *k, struct buf *out)
{
    struct zip_out z = zip_out_begin(out);
    zip_out_add(&z, "[Content_Types].xml", types_part(k));
    zip_out_add(&z, "_rels/.rels", str_of(package_links_part));
    zip_out_add(&z, "docProps/core.xml", core_part(k));
    zip_out_add(&z, "xl/workbook.xml", workbook_part(k));
    zip_out_add(&z, "xl/_rels/workbook.xml.rels", links_part(k));
    zip_out_add(&z, "xl/styles.xml", str_of(styles_part));
    for (size_t i = 0; i < k->sheets && !k->over && !k->part.failed; i++) {
        char name[ZIP_OUT_NAME_MAX];
        snprintf(name, sizeof name, "xl/worksheets/sheet%zu.xml", i + 1);
        put_sheet(k, i);
        zip_out_add(&z, name, buf_str(&k->part));
    }
    return zip_out_end(&z);
}

enum cau_err paper_write_xlsx(const struct paper *p, struct buf *out)
{
    if (p->failed)
        return paper_state(p);
    struct book k = {.p = p,
                     .part = buf_new(PAPER_FILE_BYTES_MAX),
                     .cell = buf_new(PAPER_FILE_BYTES_MAX),
                     .names = buf_new(SHEETS_MAX * 4 * NAME_POINTS)};
    /* Names are viewed while more are added: room for all of them at once. */
    bool room = buf_extend(&k.names, k.names.max) != NULL;
    buf_reset(&k.names);
    if (room)
        add_sheets(&k);
    enum cau_err err = room ? put_file(&k, out) : CAU_ERR_MEMORY;
    if (err == CAU_OK && k.over)
        err = CAU_ERR_RANGE;
    if (err == CAU_OK && k.part.failed)
        err = CAU_ERR_MEMORY;
    buf_free(&k.part);
    buf_free(&k.cell);
    buf_free(&k.names);
    return err;
}
