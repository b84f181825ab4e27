/* A table as text: what is read, written again and read again must be the same cells. The first byte chooses the
 * delimiter and the charset. */
#include "base/buf.h"
#include "base/charset.h"
#include "base/utf8.h"
#include "exchange/file/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct csv_row row, again;

static void check_round(struct arena *a, char delimiter)
{
    struct buf b = buf_new((size_t)8 << 20);
    bool more;
    for (size_t i = 0; i < row.n; i++) {
        if (i > 0)
            buf_add_char(&b, delimiter);
        csv_write_guarded(&b, row.cell[i].text, delimiter);
    }
    bool empty = row.n == 1 && row.cell[0].text.len == 0; /* an empty line is no row */
    struct csv r = {.rest = buf_str(&b), .line = 1, .delimiter = delimiter};
    must(csv_next(&r, a, &again, &more) == CAU_OK && (more || empty));
    must(empty || (again.why == CSV_GOOD && again.n == row.n && r.rest.len == 0));
    for (size_t i = 0; i < row.n && !empty; i++)
        must(str_equal(csv_unguard(again.cell[i].text), row.cell[i].text));
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena a;
    if (a.base == NULL)
        a = arena_new((size_t)256 << 20);
    a.used = 0;
    unsigned how = size > 0 ? data[0] : 0;
    struct str bytes = {(const char *)data + (size > 0), size - (size > 0)}, text = {NULL, 0};
    struct buf space = buf_new((size_t)16 << 20);
    size_t at = 0;
    enum cau_err err =
        charset_to_utf8(&space, (enum charset)(how / 4 % CHARSETS), bytes, &text, &at);
    must(err == CAU_OK || (err == CAU_ERR_SYNTAX && at <= bytes.len));
    if (err == CAU_OK) {
        static const char mark[] = {',', ';', '\t', 0};
        must(utf8_valid(text));
        char delimiter = mark[how % 4] != 0 ? mark[how % 4] : csv_guess(&a, text);
        struct csv r = csv_open(text, delimiter);
        size_t before = 0;
        bool more = true;
        while (csv_next(&r, &a, &row, &more) == CAU_OK && more) {
            must(r.at > before && r.at + r.rest.len == text.len && row.line >= 1);
            must((row.why == CSV_GOOD) == (row.n > 0) && row.n <= CELL_COLUMNS_MAX);
            before = r.at;
            if (row.why == CSV_GOOD)
                check_round(&a, r.delimiter);
            a.used = 0;
        }
        must(!more && r.at == text.len);
    }
    buf_free(&space);
    return 0;
}
