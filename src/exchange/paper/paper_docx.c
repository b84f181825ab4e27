/* A paper as an Office Open XML document (ISO/IEC 29500), as LibreOffice and Word read it. */
#include "exchange/file/zip_out.h"
#include "exchange/paper/paper_int.h"

#define W_NS    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define R_NS    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
#define DECLARE "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define OFFICE  "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define WORD    "application/vnd.openxmlformats-officedocument.wordprocessingml."

enum { /* in twentieths of a point: A4 */
       SHORT_SIDE = 11906,
       LONG_SIDE = 16838,
       MARGIN = 1134,
       MARGIN_WIDE = 850,
       FIRST_NOTE = 1, /* w:id of note 1; -1 and 0 are the lines above notes */
       FIRST_LINK = 10 /* rId of the first link */
};

struct document {
    const struct paper *p;
    struct buf *out; /* the part being written */
    struct buf body, notes, links, part;
    struct buf marked; /* a byte for each note: it has its place in the text */
    unsigned link;
    bool in_notes;
    uint32_t placed; /* notes that have their place */
    bool own_marks;  /* they do not come in their order: the file cannot number them itself */
};

static void put(struct document *d, const char *markup)
{
    buf_add_word(d->out, markup);
}

/* ---- runs ---- */

static const char *const tone_style[PAPER_TONES] = {NULL, "Strong", "Remark", "Alert"};

static void put_lang(struct document *d, struct str lang)
{
    struct str tag = paper_lang(d->p, lang);
    const char *region = str_is(tag, "vi") ? "-VN" : str_is(tag, "ru") ? "-RU" : "";
    buf_printf(d->out, "<w:lang w:val=\"%.*s%s\"/>", STR_ARG(tag),
               str_is(tag, "en") ? "-GB" : region);
}

static void put_run(struct document *d, struct str text, struct str lang, const char *style)
{
    struct str line;
    put(d, "<w:r><w:rPr>");
    if (style != NULL)
        buf_printf(d->out, "<w:rStyle w:val=\"%s\"/>", style);
    put_lang(d, lang);
    put(d, "</w:rPr>");
    for (bool first = true; paper_line(&text, &line); first = false) {
        put(d, first ? "<w:t xml:space=\"preserve\">" : "<w:br/><w:t xml:space=\"preserve\">");
        paper_escape(d->out, line);
        put(d, "</w:t>");
    }
    put(d, "</w:r>");
}

static bool begin_link(struct document *d, const struct paper_piece *x)
{
    if (d->in_notes || x->text.len == 0 || !paper_is_web(x->address))
        return false;
    unsigned id = FIRST_LINK + d->link++;
    buf_printf(&d->links, "<Relationship Id=\"rId%u\" Type=\"" OFFICE "hyperlink\" Target=\"",
               id);
    paper_escape(&d->links, x->address);
    buf_add(&d->links, STR("\" TargetMode=\"External\"/>\n"));
    buf_printf(d->out, "<w:hyperlink r:id=\"rId%u\">", id);
    return true;
}

/* The first mark of a note carries it; a note stands in a file once, so later ones only name its number. */
static void put_mark(struct document *d, uint32_t number, bool first)
{
    if (!first)
        put_run(d, STR(", "), STR(""), "FootnoteReference");
    put(d, "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>");
    bool places = !d->in_notes && d->marked.p[number - 1] == 0;
    if (places) {
        d->marked.p[number - 1] = 1;
        d->own_marks = d->own_marks || ++d->placed != number;
        buf_printf(d->out, "<w:footnoteReference%s w:id=\"%u\"/>",
                   d->own_marks ? " w:customMarkFollows=\"1\"" : "", number - 1 + FIRST_NOTE);
    }
    if (!places || d->own_marks)
        buf_printf(d->out, "<w:t>%u</w:t>", number);
    put(d, "</w:r>");
}

static void put_piece(struct document *d, const struct paper_piece *x)
{
    bool linked = begin_link(d, x);
    if (x->text.len > 0)
        put_run(d, x->text, x->lang, linked ? "Hyperlink" : tone_style[x->tone]);
    if (linked)
        put(d, "</w:hyperlink>");
    for (uint32_t i = 0; i < x->notes && !d->marked.failed; i++)
        if (x->note + i >= 1 && x->note + i <= d->p->notes)
            put_mark(d, x->note + i, i == 0);
}

static void put_pieces(struct document *d, const struct paper_text *t)
{
    for (const struct paper_piece *x = t->first; x != NULL; x = x->next) {
        if (x->break_before && x != t->first)
            put(d, "<w:r><w:br/></w:r>");
        put_piece(d, x);
    }
}

/* ---- paragraphs and tables ---- */

static void begin_paragraph(struct document *d, const char *style, bool number)
{
    buf_printf(d->out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/>%s</w:pPr>", style,
               number ? "<w:jc w:val=\"right\"/>" : "");
}

static void put_paragraph(struct document *d, const char *style, const struct paper_text *t)
{
    begin_paragraph(d, style, false);
    put_pieces(d, t);
    put(d, "</w:p>\n");
}

static void put_simple(struct document *d, const char *style, struct str text)
{
    struct paper_piece x = {.text = text};
    if (text.len > 0)
        put_paragraph(d, style, &(struct paper_text){&x, &x});
}

static unsigned line_width(const struct paper *p)
{
    return p->landscape ? LONG_SIDE - 2 * MARGIN_WIDE : SHORT_SIDE - 2 * MARGIN;
}

static void begin_cell(struct document *d, unsigned width, size_t columns, bool shaded)
{
    buf_printf(d->out, "<w:tc><w:tcPr><w:tcW w:w=\"%u\" w:type=\"dxa\"/>", width);
    if (columns > 1)
        buf_printf(d->out, "<w:gridSpan w:val=\"%zu\"/>", columns);
    if (shaded)
        put(d, "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"E8EEEE\"/>");
    put(d, "</w:tcPr>");
}

static void put_heads(struct document *d, const struct paper_block *t, const unsigned *width)
{
    put(d, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (size_t i = 0; i < t->columns; i++) {
        begin_cell(d, width[i], 1, true);
        begin_paragraph(d, "TableHead", t->column[i].number);
        put_run(d, t->column[i].head, STR(""), NULL);
        put(d, "</w:p></w:tc>");
    }
    put(d, "</w:tr>\n");
}

static void put_row(struct document *d, const struct paper_block *t, const struct paper_row *r,
                    const unsigned *width)
{
    put(d, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
    if (r->head) {
        begin_cell(d, line_width(d->p), t->columns, true);
        put_paragraph(d, "TableGroup", &r->cell[0]);
        put(d, "</w:tc></w:tr>\n");
        return;
    }
    for (size_t i = 0; i < t->columns; i++) {
        begin_cell(d, width[i], 1, false);
        begin_paragraph(d, "TableText", t->column[i].number);
        put_pieces(d, &r->cell[i]);
        put(d, "</w:p></w:tc>");
    }
    put(d, "</w:tr>\n");
}

static void put_table(struct document *d, const struct paper_block *t)
{
    unsigned width[PAPER_COLUMNS_MAX];
    paper_shares(t, width);
    if (t->text.first != NULL)
        put_paragraph(d, "Caption", &t->text);
    put(d, "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/>");
    buf_printf(d->out, "<w:tblW w:w=\"%u\" w:type=\"dxa\"/><w:tblLayout w:type=\"fixed\"/>",
               line_width(d->p));
    put(d, "<w:tblLook w:val=\"0020\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" "
           "w:lastColumn=\"0\" w:noHBand=\"1\" w:noVBand=\"1\"/></w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < t->columns; i++) {
        width[i] = width[i] * line_width(d->p) / 1000;
        buf_printf(d->out, "<w:gridCol w:w=\"%u\"/>", width[i]);
    }
    put(d, "</w:tblGrid>\n");
    put_heads(d, t, width);
    for (const struct paper_row *r = t->row; r != NULL; r = r->next)
        put_row(d, t, r, width);
    put(d, "</w:tbl>\n");
    put(d, "<w:p><w:pPr><w:pStyle w:val=\"AfterTable\"/></w:pPr></w:p>\n");
}

static void put_block(struct document *d, const struct paper_block *x)
{
    switch (x->type) {
    case PAPER_HEADING:
        put_paragraph(d, x->level == 2 ? "Heading2" : "Heading3", &x->text);
        break;
    case PAPER_PARAGRAPH:
        put_paragraph(d, "BodyText", &x->text);
        break;
    case PAPER_LIST:
        for (size_t i = 0; i < x->items; i++)
            put_paragraph(d, "ListBullet", &x->item[i]);
        break;
    case PAPER_TABLE:
        put_table(d, x);
        break;
    }
}

/* ---- parts ---- */

static void put_body(struct document *d)
{
    const struct paper *p = d->p;
    unsigned margin = p->landscape ? MARGIN_WIDE : MARGIN;
    d->out = &d->body;
    put(d, DECLARE "<w:document " W_NS " " R_NS "><w:body>\n");
    put_simple(d, "Title", p->title);
    put_simple(d, "Subtitle", p->subtitle);
    for (const struct paper_block *x = p->block; x != NULL; x = x->next)
        put_block(d, x);
    if (p->foot.first != NULL)
        put_paragraph(d, "Foot", &p->foot);
    put(d, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId5\"/>");
    buf_printf(d->out, "<w:pgSz w:w=\"%d\" w:h=\"%d\"%s/>",
               p->landscape ? LONG_SIDE : SHORT_SIDE, p->landscape ? SHORT_SIDE : LONG_SIDE,
               p->landscape ? " w:orient=\"landscape\"" : "");
    buf_printf(d->out,
               "<w:pgMar w:top=\"%u\" w:right=\"%u\" w:bottom=\"%u\" w:left=\"%u\" "
               "w:header=\"567\" w:footer=\"567\" w:gutter=\"0\"/>",
               margin, margin, margin, margin);
    put(d, "</w:sectPr></w:body></w:document>\n");
}

/* A note that no piece of the text marks is left out: a file cannot hold one without its place. */
static void put_notes(struct document *d)
{
    d->out = &d->notes;
    d->in_notes = true;
    put(d, DECLARE "<w:footnotes " W_NS " " R_NS ">"
                   "<w:footnote w:type=\"separator\" "
                   "w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>"
                   "<w:footnote w:type=\"continuationSeparator\" "
                   "w:id=\"0\"><w:p><w:r><w:continuationSeparator/>"
                   "</w:r></w:p></w:footnote>\n");
    for (size_t i = 0; i < d->p->notes && !d->marked.failed; i++) {
        if (d->marked.p[i] == 0)
            continue;
        buf_printf(d->out, "<w:footnote w:id=\"%zu\">", i + FIRST_NOTE);
        begin_paragraph(d, "FootnoteText", false);
        put(d, "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr>");
        if (d->own_marks)
            buf_printf(d->out, "<w:t>%zu</w:t></w:r>", i + 1);
        else
            put(d, "<w:footnoteRef/></w:r>");
        put_run(d, STR(" "), STR(""), NULL);
        put_pieces(d, &d->p->note[i]);
        put(d, "</w:p></w:footnote>\n");
    }
    put(d, "</w:footnotes>\n");
}

static const char types_part[] = DECLARE
    "<Types xmlns=\"" PACKAGE "content-types\">"
    "<Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"" WORD "document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"" WORD "styles+xml\"/>"
    "<Override PartName=\"/word/settings.xml\" ContentType=\"" WORD "settings+xml\"/>"
    "<Override PartName=\"/word/fontTable.xml\" ContentType=\"" WORD "fontTable+xml\"/>"
    "<Override PartName=\"/word/footnotes.xml\" ContentType=\"" WORD "footnotes+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"" WORD "footer+xml\"/>"
    "<Override PartName=\"/word/numbering.xml\" ContentType=\"" WORD "numbering+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" "
    "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>\n";

static const char package_links_part[] = DECLARE
    "<Relationships xmlns=\"" PACKAGE "relationships\">"
    "<Relationship Id=\"rId1\" Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" PACKAGE "relationships/metadata/core-properties\" "
    "Target=\"docProps/core.xml\"/></Relationships>\n";

static const char links_begin[] = DECLARE
    "<Relationships xmlns=\"" PACKAGE "relationships\">\n"
    "<Relationship Id=\"rId1\" Type=\"" OFFICE "styles\" Target=\"styles.xml\"/>\n"
    "<Relationship Id=\"rId2\" Type=\"" OFFICE "settings\" Target=\"settings.xml\"/>\n"
    "<Relationship Id=\"rId3\" Type=\"" OFFICE "fontTable\" Target=\"fontTable.xml\"/>\n"
    "<Relationship Id=\"rId4\" Type=\"" OFFICE "footnotes\" Target=\"footnotes.xml\"/>\n"
    "<Relationship Id=\"rId5\" Type=\"" OFFICE "footer\" Target=\"footer1.xml\"/>\n"
    "<Relationship Id=\"rId6\" Type=\"" OFFICE "numbering\" Target=\"numbering.xml\"/>\n";

static const char settings_part[] =
    DECLARE "<w:settings " W_NS "><w:zoom w:percent=\"100\"/><w:defaultTabStop w:val=\"709\"/>"
            "<w:footnotePr><w:footnote w:id=\"-1\"/><w:footnote w:id=\"0\"/></w:footnotePr>"
            "<w:compat><w:compatSetting w:name=\"compatibilityMode\" "
            "w:uri=\"http://schemas.microsoft.com/office/word\" "
            "w:val=\"15\"/></w:compat></w:settings>\n";

static const char fonts_part[] = DECLARE "<w:fonts " W_NS "><w:font w:name=\"Times New Roman\">"
                                         "<w:altName w:val=\"Liberation Serif\"/><w:charset "
                                         "w:val=\"00\"/><w:family w:val=\"roman\"/>"
                                         "<w:pitch w:val=\"variable\"/></w:font></w:fonts>\n";

static const char footer_part[] = DECLARE
    "<w:ftr " W_NS "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/></w:pPr>"
    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> "
    "PAGE </w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar "
    "w:fldCharType=\"end\"/></w:r>"
    "<w:r><w:t xml:space=\"preserve\"> / </w:t></w:r>"
    "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText xml:space=\"preserve\"> "
    "NUMPAGES </w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar "
    "w:fldCharType=\"end\"/></w:r>"
    "</w:p></w:ftr>\n";

static const char numbering_part[] =
    DECLARE "<w:numbering " W_NS
            "><w:abstractNum w:abstractNumId=\"0\"><w:multiLevelType w:val=\"singleLevel\"/>"
            "<w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"bullet\"/><w:lvlText "
            "w:val=\"\xE2\x80\x93\"/>"
            "<w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"454\" "
            "w:hanging=\"284\"/></w:pPr></w:lvl></w:abstractNum>"
            "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:numbering>\n";

/* Styles: of paragraphs, of characters, of tables. */
static const struct {
    const char *id, *name, *paragraph, *run;
} style_list[] = {
    {"Title", "Title", "<w:keepNext/><w:spacing w:after=\"60\"/>",
     "<w:b/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>"},
    {"Subtitle", "Subtitle", "<w:keepNext/><w:spacing w:after=\"200\"/>", ""},
    {"Heading2", "heading 2",
     "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"80\"/><w:outlineLvl w:val=\"1\"/>",
     "<w:b/><w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/>"},
    {"Heading3", "heading 3",
     "<w:keepNext/><w:spacing w:before=\"200\" w:after=\"60\"/><w:outlineLvl w:val=\"2\"/>",
     "<w:b/><w:sz w:val=\"25\"/><w:szCs w:val=\"25\"/>"},
    {"BodyText", "Body Text", "<w:spacing w:after=\"120\"/>", ""},
    {"ListBullet", "List Bullet",
     "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr><w:spacing "
     "w:after=\"60\"/>",
     ""},
    {"Caption", "caption", "<w:keepNext/><w:spacing w:before=\"160\" w:after=\"80\"/>",
     "<w:b/>"},
    {"TableText", "Table Text", "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>",
     "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>"},
    {"TableHead", "Table Head", "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>",
     "<w:b/><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>"},
    {"TableGroup", "Table Group",
     "<w:keepNext/><w:spacing w:before=\"40\" w:after=\"40\" w:line=\"240\" "
     "w:lineRule=\"auto\"/>",
     "<w:b/><w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/>"},
    {"AfterTable", "After Table", "", "<w:sz w:val=\"12\"/><w:szCs w:val=\"12\"/>"},
    {"Foot", "Foot",
     "<w:keepLines/><w:pBdr><w:top w:val=\"single\" w:sz=\"4\" w:space=\"4\" "
     "w:color=\"000000\"/></w:pBdr><w:spacing w:before=\"240\"/>",
     "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>"},
    {"Footer", "footer", "<w:jc w:val=\"right\"/>",
     "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>"},
    {"FootnoteText", "footnote text", "<w:spacing w:line=\"240\" w:lineRule=\"auto\"/>",
     "<w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/>"},
    {"Strong", "Strong", NULL, "<w:b/>"},
    {"Remark", "Remark", NULL, "<w:i/>"},
    {"Alert", "Alert", NULL, "<w:b/><w:color w:val=\"8A1C13\"/>"},
    {"Hyperlink", "Hyperlink", NULL, "<w:color w:val=\"0A4A57\"/><w:u w:val=\"single\"/>"},
    {"FootnoteReference", "footnote reference", NULL, "<w:vertAlign w:val=\"superscript\"/>"},
};
static const char styles_begin[] =
    DECLARE "<w:styles " W_NS "><w:docDefaults><w:rPrDefault><w:rPr>"
            "<w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
            "w:eastAsia=\"Times New Roman\" w:cs=\"Times New Roman\"/>"
            "<w:sz w:val=\"24\"/><w:szCs w:val=\"24\"/>";
static const char styles_normal[] =
    "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    "<w:spacing w:after=\"0\" w:line=\"259\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault>"
    "</w:docDefaults>\n<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\">"
    "<w:name w:val=\"Normal\"/><w:qFormat/></w:style>\n";
static const char styles_tables[] =
    "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\">"
    "<w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>"
    "<w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"70\" w:type=\"dxa\"/>"
    "<w:bottom w:w=\"0\" w:type=\"dxa\"/><w:right w:w=\"70\" w:type=\"dxa\"/></w:tblCellMar>"
    "</w:tblPr></w:style>\n"
    "<w:style w:type=\"table\" w:styleId=\"Grid\"><w:name w:val=\"Table Grid\"/>"
    "<w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>";

static void put_styles(struct document *d)
{
    static const char *const edge[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    for (size_t i = 0; i < countof(style_list); i++) {
        bool run = style_list[i].paragraph == NULL;
        buf_printf(d->out, "<w:style w:type=\"%s\" w:styleId=\"%s\"><w:name w:val=\"%s\"/>",
                   run ? "character" : "paragraph", style_list[i].id, style_list[i].name);
        if (!run)
            buf_printf(d->out, "<w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>%s</w:pPr>",
                       style_list[i].paragraph);
        buf_printf(d->out, "<w:rPr>%s</w:rPr></w:style>\n", style_list[i].run);
    }
    put(d, styles_tables);
    for (size_t i = 0; i < countof(edge); i++)
        buf_printf(d->out,
                   "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"5A6A6A\"/>",
                   edge[i]);
    put(d, "</w:tblBorders></w:tblPr></w:style></w:styles>\n");
}

static struct str styles_part(struct document *d)
{
    buf_reset(&d->part);
    d->out = &d->part;
    put(d, styles_begin);
    put_lang(d, STR(""));
    put(d, styles_normal);
    put_styles(d);
    return buf_str(&d->part);
}

static struct str core_part(struct document *d)
{
    buf_reset(&d->part);
    paper_core(&d->part, d->p);
    return buf_str(&d->part);
}

static enum cau_err put_file(struct document *d, struct buf *out)
{
    struct zip_out z = zip_out_begin(out);
    zip_out_add(&z, "[Content_Types].xml", str_of(types_part));
    zip_out_add(&z, "_rels/.rels", str_of(package_links_part));
    zip_out_add(&z, "docProps/core.xml", core_part(d));
    zip_out_add(&z, "word/document.xml", buf_str(&d->body));
    zip_out_add(&z, "word/styles.xml", styles_part(d));
    zip_out_add(&z, "word/settings.xml", str_of(settings_part));
    zip_out_add(&z, "word/fontTable.xml", str_of(fonts_part));
    zip_out_add(&z, "word/numbering.xml", str_of(numbering_part));
    zip_out_add(&z, "word/footnotes.xml", buf_str(&d->notes));
    zip_out_add(&z, "word/footer1.xml", str_of(footer_part));
    zip_out_add(&z, "word/_rels/document.xml.rels", buf_str(&d->links));
    return zip_out_end(&z);
}

/* Some mark came out of order: all of them are written as they are, for a file numbers all of its notes or none. */
static void put_body_again(struct document *d)
{
    buf_reset(&d->body);
    buf_reset(&d->links);
    buf_reset(&d->marked);
    buf_add_zeros(&d->marked, d->p->notes);
    buf_add_word(&d->links, links_begin);
    d->link = 0;
    put_body(d);
}

enum cau_err paper_write_docx(const struct paper *p, struct buf *out)
{
    if (p->failed)
        return paper_state(p);
    struct document d = {.p = p,
                         .body = buf_new(PAPER_FILE_BYTES_MAX),
                         .notes = buf_new(PAPER_FILE_BYTES_MAX),
                         .links = buf_new(PAPER_FILE_BYTES_MAX),
                         .part = buf_new(PAPER_FILE_BYTES_MAX),
                         .marked = buf_new(PAPER_NOTES_MAX)};
    buf_add_zeros(&d.marked, p->notes);
    buf_add_word(&d.links, links_begin);
    put_body(&d);
    if (d.own_marks)
        put_body_again(&d);
    put_notes(&d);
    buf_add(&d.links, STR("</Relationships>\n"));
    enum cau_err err = CAU_ERR_MEMORY;
    if (!d.body.failed && !d.notes.failed && !d.links.failed && !d.marked.failed)
        err = put_file(&d, out);
    if (d.part.failed)
        err = CAU_ERR_MEMORY;
    buf_free(&d.body);
    buf_free(&d.notes);
    buf_free(&d.links);
    buf_free(&d.part);
    buf_free(&d.marked);
    return err;
}
