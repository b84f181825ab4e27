#include "exchange/paper/paper_int.h"
#include "test.h"

#include <expat.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

static const char hostile[] =
    "a<b>&\"'\x01\x08]]>\x7F \xE2\x80\xAE" /* right-to-left override */
    "\xEF\xBF\xBF\xC2\x85 \xD7\x90 <script>alert(1)</script> --> %s {0}";

typedef enum cau_err write_fn(const struct paper *p, struct buf *out);
static enum cau_err write_html(const struct paper *p, struct buf *out)
{
    return paper_write_html(p, STR("https://vn.example"), out);
}
static write_fn *const write_list[PAPER_FORMATS] = {
    [PAPER_HTML] = write_html,
    [PAPER_DOCX] = paper_write_docx,
    [PAPER_XLSX] = paper_write_xlsx,
    [PAPER_CSV] = paper_write_csv,
};

/* ---- reading what was written ---- */

static bool is_xml(struct str text)
{
    XML_Parser x = XML_ParserCreate("UTF-8");
    bool good = XML_Parse(x, text.p, (int)text.len, 1) == XML_STATUS_OK;
    if (!good)
        print_message("line %lu: %s\n", XML_GetCurrentLineNumber(x),
                      XML_ErrorString(XML_GetErrorCode(x)));
    XML_ParserFree(x);
    return good;
}

/* Appends a part of an office file; every part must be XML, and is checked to be. */
static bool read_part(struct str file, const char *name, struct buf *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_t *z = zip_open_from_source(zip_source_buffer_create(file.p, file.len, 0, &error),
                                    ZIP_RDONLY | ZIP_CHECKCONS, &error);
    check(z != NULL);
    bool good = true, found = false;
    for (zip_int64_t i = 0; i < zip_get_num_entries(z, 0); i++) {
        zip_stat_t s;
        check(zip_stat_index(z, (zip_uint64_t)i, 0, &s) == 0);
        struct buf bytes = buf_new(1 << 26);
        char *room = buf_extend(&bytes, s.size);
        zip_file_t *f = zip_fopen_index(z, (zip_uint64_t)i, 0);
        check(zip_fread(f, room, s.size) == (zip_int64_t)s.size && zip_fclose(f) == 0);
        good = good && is_xml(buf_str(&bytes));
        if (strcmp(s.name, name) == 0) {
            buf_add(out, buf_str(&bytes));
            found = true;
        }
        buf_free(&bytes);
    }
    zip_discard(z);
    return good && found;
}

static bool has(const struct buf *b, const char *needle)
{
    size_t n = strlen(needle);
    for (size_t i = 0; i + n <= b->len; i++)
        if (memcmp(b->p + i, needle, n) == 0)
            return true;
    return false;
}

/* ---- papers ---- */

static struct paper_text note_of(struct paper *p, struct str text, struct str address)
{
    struct paper_text t = {0};
    struct paper_piece *x = paper_add(p, &t, text);
    if (x != NULL)
        x->address = address;
    return t;
}

static struct paper sample(struct arena *a, struct str text)
{
    const struct paper_column three[] = {{.head = STR("№"), .width = 10},
                                         {.head = STR("Cam kết")},
                                         {.head = STR("Số"), .number = true}};
    struct paper p = paper_new(a, LANG_VI, STR("Bảng tình hình thực hiện"));
    p.landscape = true;
    p.made_ms = INT64_C(1574208000000);
    struct paper_text first = note_of(&p, STR("VEN-2020"), STR("https://ven.example/1"));
    struct paper_text second = note_of(&p, text, STR("/vi/r:1"));
    paper_heading(&p, 2, STR("Tổng số"));
    struct paper_text *para = paper_paragraph(&p);
    check(paper_note(&p, paper_add(&p, para, STR("Bảy văn kiện")), &first) == 1);
    check(paper_note(&p, paper_add(&p, para, STR(", chín kỳ họp")), &second) == 2);
    struct paper_block *list = paper_list(&p, 2);
    paper_add(&p, &list->item[0], STR("=1+1"));
    paper_add(&p, &list->item[1], text)->tone = PAPER_ALERT;
    struct paper_block *t = paper_table(&p, three, 3, STR("Kỳ họp [2019]: 'a/b'"));
    struct paper_row *r = paper_row(&p, t);
    r->head = true;
    paper_add(&p, &r->cell[0], STR("Quá hạn"));
    r = paper_row(&p, t);
    paper_add(&p, &r->cell[0], STR("1"))->address = STR("/vi/r:2");
    struct paper_piece *vi = paper_add(&p, &r->cell[1], STR("Nhất trí xem xét")),
                       *ru = paper_add(&p, &r->cell[1], STR("Дано согласие\nрассмотреть"));
    ru->lang = STR("ru");
    ru->break_before = true;
    vi->tone = PAPER_STRONG;
    check(paper_note(&p, ru, &second) == 2 && paper_note(&p, ru, &first) == 1);
    struct paper_piece *after = paper_add(&p, &r->cell[1], text);
    check(after != NULL && ru->next->notes == 1 && ru->next->next == after);
    paper_add(&p, &r->cell[2], STR("42"));
    r = paper_row(&p, t);
    paper_add(&p, &r->cell[0], text)->lang = STR("x\"y");
    paper_add(&p, &r->cell[2], text)->address = STR("javascript:alert(1)");
    paper_add(&p, &p.foot, STR("vn.example/log/public 42"));
    check(!p.failed && p.notes == 2);
    return p;
}

static void same_paper_gives_same_bytes(void **state)
{
    (void)state;
    for (unsigned f = 0; f < PAPER_FORMATS; f++) {
        struct arena a = arena_new(1 << 20), b = arena_new(1 << 21);
        struct buf one = buf_new(1 << 22), two = buf_new(1 << 22);
        check(arena_take(&b, 1000) != NULL); /* other addresses */
        struct paper p = sample(&a, str_of(hostile)), q = sample(&b, str_of(hostile));
        check(write_list[f](&p, &one) == CAU_OK && write_list[f](&q, &two) == CAU_OK);
        check(one.len > 100 && str_equal(buf_str(&one), buf_str(&two)));
        buf_free(&one);
        buf_free(&two);
        arena_free(&a);
        arena_free(&b);
    }
}

static void hostile_text_stays_text(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct paper p = sample(&a, str_of(hostile));
    struct buf docx = buf_new(1 << 22), part = buf_new(1 << 22);
    check(paper_write_docx(&p, &docx) == CAU_OK);
    check(read_part(buf_str(&docx), "word/document.xml", &part));
    check(has(&part, "]]&gt;") && has(&part, "&lt;script&gt;") && !has(&part, "\xE2\x80\xAE"));
    check(has(&part, "<w:tblHeader/>") && has(&part, "<w:cantSplit/>"));
    check(has(&part, "w:orient=\"landscape\"") && has(&part, "<w:lang w:val=\"ru-RU\"/>"));
    check(has(&part, "<w:footnoteReference w:id=\"1\"/></w:r>") &&
          has(&part, "<w:gridSpan w:val=\"3\"/>"));
    check(!has(&part, "w:hyperlink")); /* no address of the web is in the text */
    buf_reset(&part);
    check(read_part(buf_str(&docx), "word/footnotes.xml", &part) && has(&part, "VEN-2020"));
    buf_reset(&part);
    check(read_part(buf_str(&docx), "docProps/core.xml", &part) &&
          has(&part, "2019-11-20T00:00:00Z"));

    struct buf xlsx = buf_new(1 << 22);
    check(paper_write_xlsx(&p, &xlsx) == CAU_OK);
    buf_reset(&part);
    check(read_part(buf_str(&xlsx), "xl/worksheets/sheet2.xml", &part));
    check(has(&part, "<v>42</v>") && has(&part, "]]&gt;") && has(&part, "Дано согласие\nрас"));
    buf_reset(&part);
    check(read_part(buf_str(&xlsx), "xl/workbook.xml", &part));
    check(has(&part, "name=\"1 Kỳ họp  2019    a b\"") && has(&part, "_xlnm.Print_Titles"));

    struct buf html = buf_new(1 << 22);
    check(write_html(&p, &html) == CAU_OK);
    check(!has(&html, "<script") && !has(&html, "javascript:") && !has(&html, "\x01"));
    check(has(&html, "href=\"https://vn.example/vi/r:2\"") && has(&html, "lang=\"ru\""));
    check(has(&html, "id=\"mark-1\"") && has(&html, "id=\"note-2\"") &&
          has(&html, "href=\"#mark-2\"") && has(&html, "A4 landscape"));

    struct buf csv = buf_new(1 << 22);
    check(paper_write_csv(&p, &csv) == CAU_OK);
    check(has(&csv, "\r\n\"'=1+1\"\r\n") && has(&csv, "\r\n[1],VEN-2020\r\n"));
    check(has(&csv, "Bảy văn kiện [1]") && has(&csv, "рассмотреть [2] [1]"));
    buf_free(&docx);
    buf_free(&xlsx);
    buf_free(&html);
    buf_free(&csv);
    buf_free(&part);
    arena_free(&a);
}

/* Bytes that are no UTF-8 do not reach a file either. */
static void broken_bytes_are_replaced(void **state)
{
    (void)state;
    static const char *const text[] = {"\xFF\xFE\xC3", "\xED\xA0\x80", "caf\xE9",
                                       "\xF5\x80\x80\x80"};
    for (size_t i = 0; i < countof(text); i++) {
        struct arena a = arena_new(1 << 20);
        struct paper p = sample(&a, str_of(text[i]));
        struct buf docx = buf_new(1 << 22), xlsx = buf_new(1 << 22), part = buf_new(1 << 22);
        check(paper_write_docx(&p, &docx) == CAU_OK && paper_write_xlsx(&p, &xlsx) == CAU_OK);
        check(read_part(buf_str(&docx), "word/document.xml", &part) &&
              has(&part, "\xEF\xBF\xBD"));
        check(read_part(buf_str(&xlsx), "xl/worksheets/sheet1.xml", &part));
        buf_free(&docx);
        buf_free(&xlsx);
        buf_free(&part);
        arena_free(&a);
    }
}

/* Notes in the order of their numbers are numbered by the reading program; others carry their numbers. */
static void notes_out_of_order_keep_their_numbers(void **state)
{
    (void)state;
    struct arena a = arena_new(1 << 20);
    struct paper p = paper_new(&a, LANG_EN, STR("Paper"));
    struct paper_text first = note_of(&p, STR("one"), STR("")),
                      second = note_of(&p, STR("two"), STR(""));
    struct paper_text *text = paper_paragraph(&p);
    struct paper_piece *early = paper_add(&p, text, STR("early"));
    check(paper_note(&p, paper_add(&p, text, STR("late")), &first) == 1);
    check(paper_note(&p, early, &second) == 2);
    struct buf docx = buf_new(1 << 22), part = buf_new(1 << 22);
    check(paper_write_docx(&p, &docx) == CAU_OK);
    check(read_part(buf_str(&docx), "word/document.xml", &part));
    check(has(&part, "w:customMarkFollows=\"1\" w:id=\"2\"/><w:t>2</w:t>"));
    check(has(&part, "w:customMarkFollows=\"1\" w:id=\"1\"/><w:t>1</w:t>"));
    buf_reset(&part);
    check(read_part(buf_str(&docx), "word/footnotes.xml", &part));
    check(has(&part, "<w:t>2</w:t>") && !has(&part, "footnoteRef/"));
    buf_free(&docx);
    buf_free(&part);
    arena_free(&a);
}

static void very_long_text(void **state)
{
    (void)state;
    struct buf text = buf_new(1 << 20);
    for (unsigned i = 0; i < 60000; i++)
        buf_add(&text, STR("]]>dài "));
    struct arena a = arena_new(1 << 20);
    struct paper p = sample(&a, buf_str(&text));
    struct buf docx = buf_new(1 << 24), other = buf_new(1 << 24), part = buf_new(1 << 24);
    check(paper_write_docx(&p, &docx) == CAU_OK);
    check(read_part(buf_str(&docx), "word/document.xml", &part));
    check(write_html(&p, &other) == CAU_OK && paper_write_csv(&p, &other) == CAU_OK);
    check(paper_write_xlsx(&p, &other) == CAU_ERR_RANGE); /* a cell holds 32767 characters */
    struct buf small = buf_new(100);
    for (unsigned f = 0; f < PAPER_FORMATS; f++) {
        struct paper q = sample(&a, STR("x"));
        buf_reset(&small);
        small.failed = false;
        check(write_list[f](&q, &small) == CAU_ERR_MEMORY);
    }
    buf_free(&small);
    buf_free(&docx);
    buf_free(&other);
    buf_free(&part);
    buf_free(&text);
    arena_free(&a);
}

static void a_failed_paper_is_not_written(void **state)
{
    (void)state;
    struct paper_column column[PAPER_COLUMNS_MAX + 1] = {{.width = 1}};
    for (unsigned f = 0; f < PAPER_FORMATS; f++) {
        struct arena a = arena_new(4096);
        struct buf out = buf_new(1 << 20);
        struct paper p = paper_new(&a, LANG_EN, STR("Too much"));
        while (!p.failed)
            paper_add(&p, paper_paragraph(&p), STR("more"));
        check(paper_heading(&p, 2, STR("x")) == NULL && paper_list(&p, 1) == NULL);
        check(paper_table(&p, column, 1, STR("x")) == NULL && paper_row(&p, NULL) == NULL);
        check(paper_note(&p, NULL, &p.foot) == 0);
        check(write_list[f](&p, &out) == CAU_ERR_MEMORY && out.len == 0);
        buf_free(&out);
        arena_free(&a);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    struct paper_column column[PAPER_COLUMNS_MAX + 1] = {{.width = 1}};
    struct arena a = arena_new((size_t)64 << 20);
    struct buf out = buf_new(1 << 20);
    struct paper p = paper_new(&a, LANG_EN, STR("Columns"));
    check(paper_table(&p, column, PAPER_COLUMNS_MAX, STR("")) != NULL);
    check(paper_table(&p, column, PAPER_COLUMNS_MAX + 1, STR("")) == NULL);
    check(p.failed && paper_write_csv(&p, &out) == CAU_ERR_RANGE);

    p = paper_new(&a, LANG_EN, STR("Rows"));
    struct paper_block *t = paper_table(&p, column, 1, STR(""));
    for (size_t i = 0; i < PAPER_ROWS_MAX; i++)
        check(paper_row(&p, t) != NULL);
    check(paper_row(&p, t) == NULL && paper_write_xlsx(&p, &out) == CAU_ERR_RANGE);

    arena_reset(&a);
    p = paper_new(&a, LANG_EN, STR("Notes"));
    struct paper_piece *x = paper_add(&p, paper_paragraph(&p), STR("x"));
    char text[PAPER_NOTES_MAX][8];
    for (uint32_t i = 0; i < PAPER_NOTES_MAX; i++) {
        int len = snprintf(text[i], sizeof text[i], "%u", i);
        struct paper_text note = note_of(&p, (struct str){text[i], (size_t)len}, STR(""));
        check(paper_note(&p, x, &note) == i + 1);
    }
    struct paper_text known = note_of(&p, STR("77"), STR("")),
                      more = note_of(&p, STR("x"), STR(""));
    check(paper_note(&p, x, &known) == 78 && x->note == 1 && x->notes == PAPER_NOTES_MAX);
    check(paper_note(&p, x, &more) == 0 && paper_write_docx(&p, &out) == CAU_ERR_RANGE);
    buf_free(&out);
    arena_free(&a);
}

static void formats_have_names(void **state)
{
    (void)state;
    for (unsigned f = 0; f < PAPER_FORMATS; f++) {
        enum paper_format read;
        check(paper_read_format(str_of(paper_format_name((enum paper_format)f)), &read));
        check(read == f && strchr(paper_media_type(read), '/') != NULL);
    }
    enum paper_format f = PAPER_CSV;
    check(!paper_read_format(STR("pdf"), &f) && f == PAPER_CSV);
}

static void shares_fill_the_line(void **state)
{
    (void)state;
    struct paper_column c[] = {{.width = 10}, {.width = 0}, {.width = 30}};
    struct paper_block t = {.column = c, .columns = 3};
    unsigned share[PAPER_COLUMNS_MAX];
    paper_shares(&t, share);
    check(share[0] + share[1] + share[2] == 1000 && share[1] > share[0] && share[2] > share[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_paper_gives_same_bytes),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(broken_bytes_are_replaced),
        cmocka_unit_test(notes_out_of_order_keep_their_numbers),
        cmocka_unit_test(very_long_text),
        cmocka_unit_test(a_failed_paper_is_not_written),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(formats_have_names),
        cmocka_unit_test(shares_fill_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
