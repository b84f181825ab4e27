#include "exchange/file/csv.h"

#include "base/buf.h"
#include "test.h"

#include <string.h>

static struct csv_row row;

/* All rows as one line: cells between bars, "!why:line:column" for a broken row. */
static void check_rows(const char *text, char delimiter, const char *expected)
{
    struct arena a = arena_new(1 << 20);
    struct buf got = buf_new(1 << 16);
    struct csv r = csv_open(str_of(text), delimiter);
    bool more;
    for (;;) {
        check(csv_next(&r, &a, &row, &more) == CAU_OK);
        if (!more)
            break;
        buf_printf(&got, "%u", row.line);
        if (row.why != CSV_GOOD)
            buf_printf(&got, "!%s:%u:%u", csv_why_name(row.why), row.fault_line,
                       row.fault_column);
        for (size_t i = 0; i < row.n; i++) {
            buf_add_char(&got, '|');
            buf_add(&got, row.cell[i].text);
        }
        buf_add_char(&got, ' ');
    }
    buf_add_char(&got, 0);
    assert_string_equal(got.p, expected);
    assert_int_equal(r.at, strlen(text));
    buf_free(&got);
    arena_free(&a);
}

static void cells_and_rows(void **state)
{
    (void)state;
    check_rows("", ',', "");
    check_rows("a", ',', "1|a ");
    check_rows("a,b\r\nc,d\n", ',', "1|a|b 2|c|d ");
    check_rows("a;b;\n\n\n;x", ';', "1|a|b| 4||x ");
    check_rows("a\tb\rc\td\r", '\t', "1|a|b 2|c|d ");
    check_rows("\"a,\"\"b\"\"\",c", ',', "1|a,\"b\"|c ");
    check_rows("\"\",\"\"", ',', "1|| ");
    check_rows("5\" pipe,b", ',', "1|5\" pipe|b ");
    check_rows("\"x\ny\r\nz\rw\",1\n2", ',', "1|x\ny\r\nz\rw|1 5|2 ");
    check_rows("sep=;\r\na;b", ',', "2|a|b ");
    check_rows("sep=;x\na", ',', "1|sep=;x 2|a ");
}

static void broken_quotes_have_a_place(void **state)
{
    (void)state;
    check_rows("é,\"b\"c\nd,e", ',', "1!csv_quote_inside:1:6 2|d|e ");
    check_rows("\"a\"b,c\nd", ',', "1!csv_quote_inside:1:4 2|d ");
    check_rows("\"a\nđ\"x,c\nd", ',', "1!csv_quote_inside:2:3 3|d ");
    check_rows("a,\"b\nc,d\ne", ',', "1!csv_quote_open:1:3 2|c|d 3|e ");
    check_rows("\"", ',', "1!csv_quote_open:1:1 ");
}

static void limits_hold(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    bool more;

    char wide[2 * (CELL_COLUMNS_MAX + 1)];
    for (size_t i = 0; i < sizeof wide; i++)
        wide[i] = i % 2 == 0 ? 'x' : ',';
    struct csv r = csv_open((struct str){wide, 2 * CELL_COLUMNS_MAX - 1}, ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK && row.n == CELL_COLUMNS_MAX);
    r = csv_open((struct str){wide, 2 * CELL_COLUMNS_MAX + 1}, ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK && row.n == 0 && row.why == CSV_COLUMNS);

    static char big[CELL_BYTES_MAX + 3];
    memset(big, 'x', sizeof big);
    r = csv_open((struct str){big, CELL_BYTES_MAX}, ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK && row.why == CSV_GOOD);
    r = csv_open((struct str){big, CELL_BYTES_MAX + 1}, ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK && row.why == CSV_CELL);
    big[0] = '"';
    big[CELL_BYTES_MAX + 1] = '"';
    r = csv_open((struct str){big, CELL_BYTES_MAX + 2}, ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK && row.why == CSV_GOOD);
    check(row.cell[0].text.len == CELL_BYTES_MAX);
    big[CELL_BYTES_MAX + 1] = 'x';
    big[CELL_BYTES_MAX + 2] = '"';
    r = csv_open((struct str){big, CELL_BYTES_MAX + 3}, ',');
    check(csv_next(&r, &a, &row, &more) == CAU_OK && row.why == CSV_CELL);

    r = csv_open(STR("\"a\"\"b\""), ',');
    struct arena none = {NULL, 0, 0};
    check(csv_next(&r, &none, &row, &more) == CAU_ERR_MEMORY);
    arena_free(&a);
}

static void delimiter_is_proposed(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    check(csv_guess(&a, STR("a,b\n1,2")) == ',');
    check(csv_guess(&a, STR("Tên;Tỉnh, thành phố;Mã\nA;Hà Nội, Việt Nam;1\nB;Huế;2")) == ';');
    check(csv_guess(&a, STR("a\tb,c\n1\t2\n")) == '\t');
    check(csv_guess(&a, STR("sep=;\na,b;c,d\n")) == ';');
    check(csv_guess(&a, STR("Title, of the list\na;b;c\n1;2;3\n")) == ';');
    check(csv_guess(&a, STR("one column")) == ',');
    check(csv_guess(&a, STR("")) == ',');
    check(a.used == 0);
    arena_free(&a);
}

static void check_written(const char *text, const char *expected)
{
    struct buf b = buf_new(1000);
    csv_write_guarded(&b, str_of(text), ',');
    buf_add_char(&b, 0);
    assert_string_equal(b.p, expected);
    struct arena a = arena_new(1 << 16);
    struct csv r = csv_open((struct str){b.p, b.len - 1}, ',');
    bool more;
    check(csv_next(&r, &a, &row, &more) == CAU_OK);
    if (more)
        check(str_is(csv_unguard(row.cell[0].text), text));
    arena_free(&a);
    buf_free(&b);
}

static void formulas_are_disarmed(void **state)
{
    (void)state;
    check_written("plain", "plain");
    check_written("a,b", "\"a,b\"");
    check_written("a\"b", "\"a\"\"b\"");
    check_written(" a", "\" a\"");
    check_written("=1+2", "\"'=1+2\"");
    check_written("+84 24", "\"'+84 24\"");
    check_written("-12.5", "\"'-12.5\"");
    check_written("@SUM", "\"'@SUM\"");
    check_written("\t=1", "\"'\t=1\"");
    check_written("'=1", "\"''=1\"");
    check_written("''", "''");
    check_written("it's", "it's");
    struct buf b = buf_new(100);
    csv_write_guarded(&b, (struct str){"\0=1", 3}, ',');
    assert_memory_equal(b.p, "\"'\0=1\"", 6);
    csv_write(&b, STR("=1"), ',');
    assert_memory_equal(b.p + 6, "=1", 2);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_and_rows),        cmocka_unit_test(broken_quotes_have_a_place),
        cmocka_unit_test(limits_hold),           cmocka_unit_test(delimiter_is_proposed),
        cmocka_unit_test(formulas_are_disarmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
