#include "exchange/file/xlsx.h"

#include "base/file.h"
#include "exchange/file/xlsx_int.h"
#include "test.h"
#include "zip_help.h"

#include <stdlib.h>
#include <string.h>

static struct arena a;

static int open_arena(void **state)
{
    (void)state;
    a = arena_new((size_t)256 << 20);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(&a);
    return 0;
}

#define RELS                                                                                   \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define TYPES "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

static struct zip_parts workbook(const char *sheet)
{
    struct zip_parts p = {.n = 0};
    zip_put(&p, "_rels/.rels",
            STR(RELS "<Relationship Id=\"rId1\" Type=\"" TYPES
                     "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"));
    zip_put(&p, "xl/workbook.xml",
            STR("<workbook xmlns:r=\"r\"><sheets>"
                "<sheet name=\"Hidden\" sheetId=\"1\" state=\"hidden\" r:id=\"rId9\"/>"
                "<sheet name=\"Tổ chức\" sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>"));
    zip_put(&p, "xl/_rels/workbook.xml.rels",
            STR(RELS "<Relationship Id=\"rId9\" Type=\"" TYPES
                     "worksheet\" Target=\"worksheets/hidden.xml\"/>"
                     "<Relationship Id=\"rId1\" Type=\"" TYPES
                     "worksheet\" Target=\"/xl/worksheets/../worksheets/sheet1.xml\"/>"
                     "<Relationship Id=\"rId2\" Type=\"" TYPES
                     "sharedStrings\" Target=\"sharedStrings.xml\"/>"
                     "<Relationship Id=\"rId3\" Type=\"" TYPES
                     "styles\" Target=\"styles.xml\"/>"
                     "<Relationship Id=\"rId4\" Type=\"" TYPES
                     "hyperlink\" TargetMode=\"External\" Target=\"http://example.org/\"/>"
                     "</Relationships>"));
    zip_put(
        &p, "xl/sharedStrings.xml",
        STR("<sst><si><t>Tên</t></si><si><r><t>Жёлтый </t></r><rPh><t>hint</t></rPh><r><t>лист"
            "</t></r></si><si><t/></si><si><t>a_x000D_b_x005F_x0041_ _xD83D_ "
            "_x00</t></si></sst>"));
    zip_put(
        &p, "xl/styles.xml",
        STR("<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/><numFmt "
            "numFmtId=\"165\" formatCode=\"&quot;d&quot;0.00\"/></numFmts><cellStyleXfs><xf "
            "numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
            "numFmtId=\"14\"/><xf "
            "numFmtId=\"164\"/><xf numFmtId=\"165\"/><xf "
            "numFmtId=\"20\"/></cellXfs></styleSheet>"));
    zip_put(&p, "xl/worksheets/hidden.xml",
            STR("<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>"));
    zip_put(&p, "xl/worksheets/sheet1.xml", str_of(sheet));
    return p;
}

static struct str pack(const struct zip_parts *p)
{
    return zip_pack(&a, p);
}

/* Rows as text: "number|cell|..." with a letter for the type of what is no text. */
static bool write_row(void *ctx, uint32_t number, const struct cell *cell, size_t n)
{
    struct buf *b = ctx;
    buf_printf(b, "%u", number);
    for (size_t i = 0; i < n; i++) {
        static const char *const mark[] = {"", "n:", "d:", "f:", "e:"};
        buf_printf(b, "|%s%s%.*s", cell[i].formula ? "=" : "", mark[cell[i].type],
                   STR_ARG(cell[i].text));
    }
    buf_add_char(b, ' ');
    return b->len < 100000;
}

static void check_rows(const struct zip_parts *p, const char *sheet, const char *expected)
{
    struct xlsx *x;
    struct xlsx_fault fault;
    struct buf got = buf_new(1 << 20);
    check(xlsx_open(&a, pack(p), &x, &fault) == CAU_OK);
    check(xlsx_read(x, &a, str_of(sheet), write_row, &got, &fault) == CAU_OK);
    buf_add_char(&got, 0);
    assert_string_equal(got.p, expected);
    buf_free(&got);
    xlsx_close(x);
    arena_reset(&a);
}

static void check_bytes(struct str bytes, enum xlsx_why expected)
{
    struct xlsx *x = NULL;
    struct xlsx_fault fault = {.why = XLSX_GOOD};
    struct buf got = buf_new((size_t)64 << 20);
    enum cau_err err = xlsx_open(&a, bytes, &x, &fault);
    if (err == CAU_OK) {
        err = xlsx_read(x, &a, STR(""), write_row, &got, &fault);
        xlsx_close(x);
    }
    check(err == CAU_ERR_SYNTAX);
    assert_string_equal(xlsx_why_name(fault.why), xlsx_why_name(expected));
    buf_free(&got);
    arena_reset(&a);
}

static void check_refused(const struct zip_parts *p, enum xlsx_why expected)
{
    check_bytes(pack(p), expected);
}

#define SHEET(rows) "<worksheet><sheetData>" rows "</sheetData></worksheet>"

static void cells_of_every_form(void **state)
{
    (void)state;
    struct zip_parts p = workbook(SHEET(
        "<row r=\"2\"><c r=\"C2\" t=\"s\"><v>1</v></c><c r=\"A2\" t=\"s\"><v>0</v></c></row>"
        "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><r><t>x</t></r><rPh><t>no</t></rPh><r><t "
        ">y_x0041_</t></r></is></c><c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c><c "
        "t=\"e\"><v>#REF!</v></c><c t=\"str\"><f>A1</f><v>tính</v></c><c><f>A2</f></c></row>"
        "<row/><row><c r=\"B6\" t=\"s\"><v>2</v></c></row>"
        "<row><c r=\"A7\" t=\"s\"><v>3</v></c><c "
        "t=\"d\"><v>2019-03-07T00:00:00</v></c></row>"));
    check_rows(&p, "",
               "2|Tên||Жёлтый лист 4|xyA|f:true|f:false|e:#REF!|=tính|=e:= "
               "7|a\rb_x0041_ _xD83D_ _x00|d:2019-03-07 ");
    check_rows(&p, "Hidden", "1|n:1 ");
    check_rows(&p, "Tổ chức",
               "2|Tên||Жёлтый лист 4|xyA|f:true|f:false|e:#REF!|=tính|=e:= "
               "7|a\rb_x0041_ _xD83D_ _x00|d:2019-03-07 ");
}

static void numbers_and_dates(void **state)
{
    (void)state;
    const char *rows = SHEET(
        "<row><c><v>100109106</v></c><c><v>0.30000000000000004</v></c><c><v>1.5E-7</v></c>"
        "<c><v>7707083893123</v></c><c><v>1E+20</v></c><c><v>-0</v></c><c><v>x1</v></c></row>"
        "<row><c s=\"1\"><v>43531.75</v></c><c s=\"2\"><v>1</v></c><c s=\"1\"><v>59</v></c><c "
        "s=\"1\"><v>60</v></c><c s=\"1\"><v>61</v></c><c s=\"3\"><v>43531</v></c><c "
        "s=\"4\"><v>0.5</v></c><c s=\"1\"><v>2958465</v></c><c "
        "s=\"1\"><v>2958466</v></c></row>");
    struct zip_parts p = workbook(rows);
    check_rows(
        &p, "",
        "1|n:100109106|n:0.3|n:0.00000015|n:7707083893123|n:100000000000000000000|n:0|e:x1 "
        "2|d:2019-03-07|d:1900-01-01|d:1900-02-28|n:60|d:1900-03-01|n:43531|n:0.5|"
        "d:9999-12-31|n:2958466 ");
    p = workbook(SHEET("<row><c s=\"1\"><v>42069</v></c><c s=\"1\"><v>0</v></c></row>"));
    zip_put(&p, "xl/workbook.xml",
            STR("<workbook xmlns:r=\"r\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"s\" "
                "r:id=\"rId1\"/></sheets></workbook>"));
    check_rows(&p, "", "1|d:2019-03-07|d:1904-01-01 ");
}

static void formats_of_dates(void **state)
{
    (void)state;
    static const char *const date[] = {
        "dd.mm.yyyy", "yyyy", "mmm", "[$-419]d mmmm yyyy;@", "[Red]\"ngày\" dd", "m/d/yy h:mm"};
    static const char *const other[] = {"General",    "0.00",   "h:mm",     "[h]:mm:ss",
                                        "\"dd\"0",    "\\d0",   "# ##0 _d", "mm:ss",
                                        "h:mm AM/PM", "\"open", "\\"};
    for (size_t i = 0; i < countof(date); i++)
        check(xlsx_format_is_date(date[i]));
    for (size_t i = 0; i < countof(other); i++)
        check(!xlsx_format_is_date(other[i]));
}

static void what_is_no_workbook(void **state)
{
    (void)state;
    check_bytes(STR(""), XLSX_NOT_ZIP);
    check_bytes(STR("a,b\n1,2\n"), XLSX_NOT_ZIP);
    check_bytes(STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more"), XLSX_OLD);
    struct zip_parts p = {.n = 0};
    zip_put(&p, "a.txt", STR("a"));
    check_refused(&p, XLSX_NO_WORKBOOK);
    p = workbook(SHEET(""));
    check_refused(&p, XLSX_NO_SHEET);
    p = workbook(SHEET("<row><c><v>1</v></c></row>"));
    zip_put(&p, "_rels/.rels", STR(RELS "</Relationships>"));
    check_refused(&p, XLSX_NO_WORKBOOK);
    zip_put(&p, "_rels/.rels",
            STR(RELS "<Relationship Id=\"a\" Type=\"" TYPES
                     "officeDocument\" Target=\"../../etc/passwd\"/></Relationships>"));
    check_refused(&p, XLSX_NO_WORKBOOK);
    p = workbook(SHEET("<row><c><v>1</v></c>")); /* not closed */
    zip_put(&p, "xl/worksheets/sheet1.xml", STR("<worksheet><sheetData>"));
    check_refused(&p, XLSX_XML);
    struct str bytes = pack(&p);
    check_bytes(str_to(bytes, bytes.len - 30), XLSX_NOT_ZIP);
}

static void references_that_lead_nowhere(void **state)
{
    (void)state;
    static const char *const sheet[] = {
        SHEET("<row><c t=\"s\"><v>4</v></c></row>"),
        SHEET("<row><c t=\"s\"><v>-1</v></c></row>"),
        SHEET("<row><c t=\"s\"><v>x</v></c></row>"),
        SHEET("<row><c s=\"5\"><v>1</v></c></row>"),
        SHEET("<row><c r=\"1A\"><v>1</v></c></row>"),
        SHEET("<row><c r=\"ABCD1\"><v>1</v></c></row>"),
        SHEET("<row r=\"0\"><c><v>1</v></c></row>"),
        SHEET("<row r=\"1048577\"><c><v>1</v></c></row>"),
    };
    for (size_t i = 0; i < countof(sheet); i++) {
        struct zip_parts p = workbook(sheet[i]);
        check_refused(&p, XLSX_SHAPE);
    }
}

static void entities_are_not_read(void **state)
{
    (void)state;
    struct zip_parts p = workbook("<!DOCTYPE worksheet>" SHEET("<row><c><v>1</v></c></row>"));
    check_refused(&p, XLSX_DOCTYPE);
    p = workbook("<!DOCTYPE w [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>" SHEET(
        "<row><c t=\"inlineStr\"><is><t>&b;</t></is></c></row>"));
    check_refused(&p, XLSX_DOCTYPE);
    p = workbook("<!DOCTYPE w [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" SHEET(
        "<row><c t=\"inlineStr\"><is><t>&a;</t></is></c></row>"));
    check_refused(&p, XLSX_DOCTYPE);
    p = workbook(SHEET("<row><c t=\"inlineStr\"><is><t>&a;</t></is></c></row>"));
    check_refused(&p, XLSX_XML);
}

static void depth_is_limited(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) { /* worksheet, sheetData and row are three */
        struct buf b = buf_new(10000);
        buf_add_word(&b, "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>");
        for (size_t i = 0; i < XLSX_DEPTH_MAX - 1 + more; i++)
            buf_add_word(&b, "<d>");
        for (size_t i = 0; i < XLSX_DEPTH_MAX - 1 + more; i++)
            buf_add_word(&b, "</d>");
        buf_add_word(&b, "</worksheet>");
        buf_add_char(&b, 0);
        struct zip_parts p = workbook(b.p);
        if (more == 0)
            check_rows(&p, "", "1|n:1 ");
        else
            check_refused(&p, XLSX_DEPTH);
        buf_free(&b);
    }
}

static void what_unpacks_too_well_is_refused(void **state)
{
    (void)state;
    /* Up to a MiB anything goes; then two hundred times. */
    struct zip_parts p = workbook("");
    zip_put(&p, "xl/worksheets/sheet1.xml",
            zip_repeat(&a, "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>",
                       "          ", OOXML_RATIO_FREE_BYTES / 10 - 20, "</worksheet>"));
    check_rows(&p, "", "1|n:1 ");
    p = workbook("");
    zip_put(&p, "xl/worksheets/sheet1.xml",
            zip_repeat(&a, "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>",
                       "          ", OOXML_RATIO_FREE_BYTES, "</worksheet>"));
    check_refused(&p, XLSX_RATIO);

    /* The same with lies about its size: both headers say 1,000 bytes. */
    struct str bytes = pack(&p);
    bytes = zip_lie(&a, bytes, p.content[p.n - 1].len);
    struct xlsx *x = NULL;
    struct xlsx_fault fault;
    enum cau_err err = xlsx_open(&a, bytes, &x, &fault);
    struct buf got = buf_new(1000);
    if (err == CAU_OK)
        err = xlsx_read(x, &a, STR(""), write_row, &got, &fault);
    buf_free(&got);
    check(err == CAU_ERR_SYNTAX); /* cut at what it says, or weighed: never unpacked whole */
    xlsx_close(x);
    arena_reset(&a);
}

static void sizes_are_limited(void **state)
{
    (void)state;
    char *big = arena_zero(&a, XLSX_FILE_BYTES_MAX + 1);
    check_bytes((struct str){big, XLSX_FILE_BYTES_MAX + 1}, XLSX_FILE_SIZE);
    big = arena_zero(&a, XLSX_FILE_BYTES_MAX);
    check_bytes((struct str){big, XLSX_FILE_BYTES_MAX}, XLSX_NOT_ZIP);

    /* All inflated bytes together: as if most of them had been read before. */
    struct zip_parts p = workbook(SHEET("<row><c><v>1</v></c></row>"));
    for (uint64_t more = 0; more < 2; more++) {
        struct xlsx *x;
        struct xlsx_fault fault;
        struct buf got = buf_new(1000);
        check(xlsx_open(&a, pack(&p), &x, &fault) == CAU_OK);
        x->inflated_by_open = XLSX_INFLATED_BYTES_MAX - p.content[p.n - 1].len + more;
        x->package.bytes.len = XLSX_FILE_BYTES_MAX; /* so that the ratio does not speak first */
        enum cau_err err = xlsx_read(x, &a, STR(""), write_row, &got, &fault);
        check(more == 0 ? err == CAU_OK : err == CAU_ERR_SYNTAX && fault.why == XLSX_INFLATED);
        buf_free(&got);
        xlsx_close(x);
    }
    for (size_t more = 0; more < 2; more++) {
        p = workbook("");
        p.stored = true;
        zip_put(&p, "xl/worksheets/sheet1.xml",
                zip_repeat(&a, "<worksheet><sheetData><row><c><v>1</v></c>", "<c/>",
                           XLSX_CELLS_MAX - 1 + more, "</row></sheetData></worksheet>"));
        if (more == 0)
            check_rows(&p, "", "1|n:1 ");
        else
            check_refused(&p, XLSX_CELLS);
    }
    arena_reset(&a);
}

static void entries_sheets_styles_are_limited(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        zip_error_t error;
        zip_error_init(&error);
        zip_source_t *space = zip_source_buffer_create(NULL, 0, 0, &error);
        zip_source_keep(space);
        zip_t *zip = zip_open_from_source(space, ZIP_TRUNCATE, &error);
        for (size_t i = 0; i < OOXML_ENTRIES_MAX + more; i++) {
            char name[32];
            snprintf(name, sizeof name, "n%zu", i);
            check(zip_file_add(zip, name, zip_source_buffer(zip, "x", 1, 0), 0) >= 0);
        }
        check(zip_close(zip) == 0);
        zip_stat_t stat;
        check(zip_source_stat(space, &stat) == 0 && zip_source_open(space) == 0);
        char *bytes = arena_take(&a, stat.size);
        check(zip_source_read(space, bytes, stat.size) == (zip_int64_t)stat.size);
        zip_source_close(space);
        zip_source_free(space);
        check_bytes((struct str){bytes, stat.size},
                    more == 0 ? XLSX_NO_WORKBOOK : XLSX_ENTRIES);
    }

    struct zip_parts p = workbook(SHEET("<row><c><v>1</v></c></row>"));
    const char *sheet = "<sheet name=\"s\" r:id=\"rId1\"/>";
    zip_put(&p, "xl/workbook.xml",
            zip_repeat(&a, "<workbook xmlns:r=\"r\"><sheets>", sheet, XLSX_SHEETS_MAX,
                       "</sheets></workbook>"));
    check_rows(&p, "", "1|n:1 ");
    p.stored = true;
    zip_put(&p, "xl/workbook.xml",
            zip_repeat(&a, "<workbook xmlns:r=\"r\"><sheets>", sheet, XLSX_SHEETS_MAX + 1,
                       "</sheets></workbook>"));
    check_refused(&p, XLSX_SHEETS);

    p = workbook(SHEET("<row><c><v>1</v></c></row>"));
    p.stored = true;
    zip_put(&p, "xl/styles.xml",
            zip_repeat(&a, "<s><cellXfs>", "<xf/>", XLSX_STYLES_MAX, "</cellXfs></s>"));
    check_rows(&p, "", "1|n:1 ");
    zip_put(&p, "xl/styles.xml",
            zip_repeat(&a, "<s><cellXfs>", "<xf/>", XLSX_STYLES_MAX + 1, "</cellXfs></s>"));
    check_refused(&p, XLSX_STYLES);
    zip_put(&p, "xl/styles.xml", STR("<s><numFmt numFmtId=\"65536\" formatCode=\"0\"/></s>"));
    check_refused(&p, XLSX_STYLES);
}

static void shared_strings_are_limited(void **state)
{
    (void)state;
    struct zip_parts p = workbook(SHEET("<row><c><v>1</v></c></row>"));
    p.stored = true;
    zip_put(&p, "xl/sharedStrings.xml",
            zip_repeat(&a, "<sst>", "<si/>", XLSX_STRINGS_MAX, "</sst>"));
    check_rows(&p, "", "1|n:1 ");
    zip_put(&p, "xl/sharedStrings.xml",
            zip_repeat(&a, "<sst>", "<si/>", XLSX_STRINGS_MAX + 1, "</sst>"));
    check_refused(&p, XLSX_STRINGS);

    p = workbook(SHEET("<row><c><v>1</v></c></row>"));
    p.stored = true;
    struct xlsx *x;
    struct xlsx_fault fault;
    check(xlsx_open(&a, pack(&p), &x, &fault) == CAU_OK);
    check(x->string.max == XLSX_STRING_BYTES_MAX);
    x->string.max = x->string.len + 1; /* as if it were nearly full */
    check(xlsx_read_strings(x, &fault) == CAU_ERR_SYNTAX && fault.why == XLSX_STRINGS);
    xlsx_close(x);
    arena_reset(&a);
}

static void cells_are_limited(void **state)
{
    (void)state;
    static const char head[] = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>";
    static const char tail[] = "</t></is></c></row></sheetData></worksheet>";
    for (size_t more = 0; more < 2; more++) {
        struct zip_parts p = workbook("");
        p.stored = true;
        zip_put(&p, "xl/worksheets/sheet1.xml",
                zip_repeat(&a, head, "ế", XLSX_CELL_POINTS_MAX + more, tail));
        if (more == 1)
            check_refused(&p, XLSX_CELL_TEXT);
        p = workbook(SHEET("<row><c t=\"s\"><v>0</v></c></row>"));
        p.stored = true;
        zip_put(&p, "xl/sharedStrings.xml",
                zip_repeat(&a, "<sst><si><t>", "ế", XLSX_CELL_POINTS_MAX + more,
                           "</t></si></sst>"));
        if (more == 1)
            check_refused(&p, XLSX_CELL_TEXT);
    }
    struct zip_parts p =
        workbook(SHEET("<row><c r=\"IV1\"><v>1</v></c></row>")); /* column 256 */
    struct xlsx *x;
    struct xlsx_fault fault;
    struct buf got = buf_new(10000);
    check(xlsx_open(&a, pack(&p), &x, &fault) == CAU_OK);
    check(xlsx_read(x, &a, STR(""), write_row, &got, &fault) == CAU_OK);
    xlsx_close(x);
    buf_free(&got);
    p = workbook(SHEET("<row><c r=\"IW1\"><v>1</v></c></row>"));
    check_refused(&p, XLSX_COLUMNS);
    p = workbook(
        SHEET("<row><c r=\"A1\"><v>1</v></c><c r=\"XFD1\"/></row>")); /* formatted, empty */
    check_rows(&p, "", "1|n:1 ");
    /* One tag that the parser would have to hold whole. */
    p = workbook("");
    p.stored = true;
    zip_put(&p, "xl/worksheets/sheet1.xml",
            zip_repeat(&a, "<worksheet><sheetData a=\"", "0123456789abcdef",
                       OOXML_TOKEN_BYTES_MAX / 8, "\"/></worksheet>"));
    check_refused(&p, XLSX_XML);
}

static bool count_rows(void *ctx, uint32_t number, const struct cell *cell, size_t n)
{
    (void)number, (void)cell, (void)n;
    ++*(size_t *)ctx;
    return true;
}

static void memory_ends(void **state)
{
    (void)state;
    struct zip_parts p = workbook(SHEET("<row><c><v>1</v></c></row>"));
    struct str bytes = pack(&p);
    for (size_t cap = 0; cap < 40000; cap += 1000) {
        struct arena small = {a.base + (1 << 20), cap, 0};
        struct xlsx *x;
        struct xlsx_fault fault = {.why = XLSX_GOOD};
        enum cau_err err = xlsx_open(&small, bytes, &x, &fault);
        check(err == CAU_ERR_MEMORY || err == CAU_OK || err == CAU_ERR_SYNTAX);
        if (err == CAU_OK) {
            size_t rows = 0;
            err = xlsx_read(x, &small, STR(""), count_rows, &rows, &fault);
            check(err == CAU_ERR_MEMORY || (err == CAU_OK && rows == 1));
            xlsx_close(x);
        }
    }
}

static bool stop_at_once(void *ctx, uint32_t number, const struct cell *cell, size_t n)
{
    (void)number, (void)cell, (void)n;
    return ++*(size_t *)ctx < 2;
}

static void a_real_workbook(void **state)
{
    (void)state;
    struct str bytes;
    if (file_map("../shared/data/industry-codes/okved2-with-notes-ru-2020.xlsx", &bytes) !=
        CAU_OK)
        skip();
    struct xlsx *x;
    struct xlsx_fault fault;
    check(xlsx_open(&a, bytes, &x, &fault) == CAU_OK);
    size_t n, rows = 0;
    const struct xlsx_sheet *sheet = xlsx_sheets(x, &n);
    assert_int_equal(n, 21);
    for (size_t i = 0; i < n; i++)
        check(xlsx_read(x, &a, sheet[i].name, count_rows, &rows, &fault) == CAU_OK);
    assert_int_equal(rows, 9086);
    rows = 0;
    check(xlsx_read(x, &a, STR(""), stop_at_once, &rows, &fault) == CAU_OK && rows == 2);
    check(xlsx_read(x, &a, STR("no such sheet"), count_rows, &rows, &fault) == CAU_ERR_SYNTAX);
    check(fault.why == XLSX_NO_SHEET);
    xlsx_close(x);
    file_unmap(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_every_form),
        cmocka_unit_test(numbers_and_dates),
        cmocka_unit_test(formats_of_dates),
        cmocka_unit_test(what_is_no_workbook),
        cmocka_unit_test(references_that_lead_nowhere),
        cmocka_unit_test(entities_are_not_read),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(what_unpacks_too_well_is_refused),
        cmocka_unit_test(sizes_are_limited),
        cmocka_unit_test(entries_sheets_styles_are_limited),
        cmocka_unit_test(shared_strings_are_limited),
        cmocka_unit_test(cells_are_limited),
        cmocka_unit_test(memory_ends),
        cmocka_unit_test(a_real_workbook),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
