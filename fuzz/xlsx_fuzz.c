/* A workbook. An even first byte: the rest is the file. An odd one: the rest is cut at 0xFF into the sheet, the shared
 * strings, the styles and the workbook, which are put into an archive here, so that the readers of the parts are
 * reached. Every cell handed over must be valid. */
#include "base/buf.h"
#include "base/utf8.h"
#include "exchange/file/xlsx.h"

#include <string.h>
#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool look(void *ctx, uint32_t number, const struct cell *cell, size_t n)
{
    must(number >= 1 && number <= XLSX_ROWS_MAX && n >= 1 && n <= CELL_COLUMNS_MAX);
    for (size_t i = 0; i < n; i++)
        must(cell[i].text.len == 0 ||
             (utf8_valid(cell[i].text) && utf8_count(cell[i].text) <= XLSX_CELL_POINTS_MAX));
    must(cell[n - 1].text.len > 0);
    return ++*(size_t *)ctx < 10000;
}

static void add(zip_t *zip, const char *name, struct str content)
{
    zip_source_t *from = zip_source_buffer(zip, content.p, content.len, 0);
    zip_int64_t at = zip_file_add(zip, name, from, 0);
    must(at >= 0 && zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
}

#define TYPES "http://x/"

/* The archive, in b. */
static void pack(struct buf *b, struct str parts)
{
    struct str part[4];
    for (size_t i = 0; i < countof(part); i++) {
        part[i] = str_next(&parts, (char)0xFF);
        if (part[i].p == NULL)
            part[i] = STR("");
    }
    if (part[3].len == 0)
        part[3] = STR("<workbook xmlns:r=\"r\"><sheets><sheet name=\"s\" "
                      "r:id=\"a\"/></sheets></workbook>");
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *space = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(space);
    zip_t *zip = zip_open_from_source(space, ZIP_TRUNCATE, &error);
    add(zip, "_rels/.rels",
        STR("<R><Relationship Id=\"a\" Type=\"" TYPES
            "officeDocument\" Target=\"w.xml\"/></R>"));
    add(zip, "_rels/w.xml.rels",
        STR("<R><Relationship Id=\"a\" Type=\"" TYPES
            "worksheet\" Target=\"s.xml\"/><Relationship Id=\"b\" Type=\"" TYPES
            "sharedStrings\" Target=\"t.xml\"/><Relationship Id=\"c\" Type=\"" TYPES
            "styles\" Target=\"y.xml\"/></R>"));
    add(zip, "s.xml", part[0]);
    add(zip, "t.xml", part[1].len > 0 ? part[1] : STR("<sst/>"));
    add(zip, "y.xml", part[2].len > 0 ? part[2] : STR("<s/>"));
    add(zip, "w.xml", part[3]);
    must(zip_close(zip) == 0);
    zip_stat_t stat;
    must(zip_source_stat(space, &stat) == 0 && zip_source_open(space) == 0);
    char *to = buf_extend(b, stat.size);
    must(to != NULL && zip_source_read(space, to, stat.size) == (zip_int64_t)stat.size);
    zip_source_close(space);
    zip_source_free(space);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    if (a.base == NULL)
        a = arena_new((size_t)64 << 20);
    a.used = 0;
    struct str bytes = {(const char *)data + (size > 0), size - (size > 0)};
    struct buf packed = buf_new((size_t)64 << 20);
    if (size > 0 && data[0] % 2 == 1) {
        pack(&packed, bytes);
        bytes = buf_str(&packed);
    }
    struct xlsx *x;
    struct xlsx_fault fault = {.why = XLSX_GOOD};
    enum cau_err err = xlsx_open(&a, bytes, &x, &fault);
    must(err == CAU_OK || (err == CAU_ERR_SYNTAX && fault.why != XLSX_GOOD));
    if (err == CAU_OK) {
        size_t n, rows = 0;
        uint64_t done, all;
        const struct xlsx_sheet *sheet = xlsx_sheets(x, &n);
        must(n >= 1 && n <= XLSX_SHEETS_MAX);
        err = xlsx_read(x, &a, STR(""), look, &rows, &fault);
        must(err == CAU_OK || (err == CAU_ERR_SYNTAX && fault.why != XLSX_GOOD));
        xlsx_progress(x, &done, &all);
        must(done <= all);
        (void)xlsx_read(x, &a, sheet[0].name, look, &rows, &fault);
        xlsx_close(x);
    }
    buf_free(&packed);
    return 0;
}
