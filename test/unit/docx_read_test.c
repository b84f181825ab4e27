#include "exchange/file/docx_read.h"

#include "base/file.h"
#include "exchange/file/ooxml_int.h"
#include "test.h"
#include "zip_help.h"

#include <stdio.h>
#include <stdlib.h>

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

/* Paragraphs as text: a letter for the type, then the text, one a line. */
static void check_text(const struct zip_parts *p, const char *expected)
{
    static const char mark[] = {'p', 'h', 'i', 'r', 'n'};
    struct docx_text text = {.n = 0};
    struct docx_fault fault = {.why = DOCX_GOOD};
    struct buf got = buf_new(1 << 20);
    check(docx_read(&a, zip_pack(&a, p), &text, &fault) == CAU_OK);
    size_t n = 0;
    for (const struct docx_paragraph *one = text.first; one != NULL; one = one->next, n++) {
        buf_add_char(&got, mark[one->type]);
        if (one->type == DOCX_HEADING)
            buf_add_u64(&got, one->level);
        buf_add_char(&got, ' ');
        buf_add(&got, one->text);
        buf_add_char(&got, '\n');
    }
    check(n == text.n);
    buf_add_char(&got, 0);
    assert_string_equal(got.p, expected);
    buf_free(&got);
    arena_reset(&a);
}

static void check_bytes(struct str bytes, enum docx_why expected)
{
    struct docx_text text = {.n = 77};
    struct docx_fault fault = {.why = DOCX_GOOD};
    check(docx_read(&a, bytes, &text, &fault) == CAU_ERR_SYNTAX);
    assert_string_equal(docx_why_name(fault.why), docx_why_name(expected));
    check(text.n == 77); /* nothing half read */
    arena_reset(&a);
}

static void check_refused(const struct zip_parts *p, enum docx_why expected)
{
    check_bytes(zip_pack(&a, p), expected);
}

#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"

static void paragraphs_of_every_form(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(
        &a, "<w:p><w:pPr><w:pStyle w:val=\"1\"/></w:pPr><w:r><w:t>БИЕН БАН</w:t></w:r></w:p>"
            "<w:p><w:pPr><w:pStyle w:val=\"Muc\"/></w:pPr><w:r><w:t>1. Mở đầu</w:t></w:r></w:p>"
            "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">Hai bên </w:t></w:r>"
            "<w:r><w:t>đã</w:t><w:tab/><w:t>thống nhất</w:t><w:footnoteReference w:id=\"2\"/>"
            "<w:br/><w:t>như sau</w:t><w:endnoteReference w:id=\"2\"/><w:t>:</w:t></w:r></w:p>"
            "<w:p/><w:p><w:r><w:t>  </w:t></w:r></w:p>"
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"3\"/></w:numPr></w:pPr>"
            "<w:r><w:t>một</w:t></w:r></w:p>"
            "<w:p><w:pPr><w:numPr><w:numId w:val=\"0\"/></w:numPr></w:pPr><w:r><w:t>hai"
            "</w:t></w:r></w:p>"
            "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Срок</w:t></w:r></w:p><w:p><w:r><w:t>2020"
            "</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc><w:tc><w:tbl><w:tr><w:tc>" P(
                "внутри") "</w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr><w:tr><w:tc><w:p/></"
                          "w:tc></w:tr></w:tbl>" P("Hết.") "<w:sectPr><w:p><w:r><w:t>no</w:t></"
                                                           "w:r></w:p></w:sectPr>");
    check_text(&p, "h1 БИЕН БАН\nh2 1. Mở đầu\np Hai bên đã thống nhất[1] như sau[2]:\n"
                   "i một\np hai\nr Срок 2020 | внутри\np Hết.\nn [1] First note.\n"
                   "n [2] End note.\n");
}

#define NUMBERED(num, level, text)                                                             \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" num                  \
    "\"/></w:numPr></w:pPr><w:r><w:t>" text "</w:t></w:r></w:p>"

static void numbers_that_word_counts(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(
        &a,
        NUMBERED("5", "0", "một") NUMBERED("5", "1", "một a") NUMBERED("5", "1", "một b")
            NUMBERED("5", "2", "bốn") NUMBERED("5", "2", "năm") NUMBERED("5", "0", "hai")
                NUMBERED("5", "1", "hai a") NUMBERED("5", "0", "") NUMBERED(
                    "3", "0", "chấm") NUMBERED("6", "0", "mười") NUMBERED("6", "0", "mười một")
                    NUMBERED("5", "0", "tiếp") NUMBERED("99", "0", "không có") NUMBERED(
                        "5", "9",
                        "quá sâu") "<w:p><w:pPr><w:pStyle w:val=\"So\"/></w:pPr><w:r><w:t>theo "
                                   "kiểu</w:t></w:r></w:p>"
                                   "<w:p><w:pPr><w:pStyle w:val=\"So\"/><w:numPr><w:numId "
                                   "w:val=\"0\"/></w:numPr></w:pPr>"
                                   "<w:r><w:t>không số</w:t></w:r></w:p>"
                                   "<w:tbl><w:tr><w:tc>" NUMBERED(
                                       "5", "0", "ô") "</w:tc></w:tr></w:tbl>");
    check_text(&p, "p 1. một\np 1.а) một a\np 1.б) một b\np IV bốn\np V năm\np 2. hai\n"
                   "p 2.а) hai a\ni chấm\np 10. mười\np 11. mười một\np 12. tiếp\n"
                   "i không có\ni quá sâu\np 12.а) theo kiểu\np không số\nr 13. ô\n");
}

static void numbers_of_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *format;
        unsigned n;
        const char *expected;
    } form[] = {{"decimal", 1234, "1234"}, {"lowerLetter", 26, "z"},
                {"lowerLetter", 28, "bb"}, {"upperLetter", 1, "A"},
                {"lowerRoman", 4, "iv"},   {"upperRoman", 1999, "MCMXCIX"},
                {"russianLower", 28, "я"}, {"russianUpper", 29, "АА"},
                {"lowerLetter", 0, "0"},   {"chineseCounting", 7, "7"},
                {"none", 7, "7"}};
    for (size_t i = 0; i < countof(form); i++) {
        char lists[500], text[100];
        snprintf(
            lists, sizeof lists,
            "<n><abstractNum abstractNumId=\"1\"><lvl ilvl=\"0\"><start val=\"%u\"/><numFmt "
            "val=\"%s\"/><lvlText val=\"%%1%%\"/></lvl></abstractNum><num numId=\"5\">"
            "<abstractNumId val=\"1\"/></num></n>",
            form[i].n, form[i].format);
        struct zip_parts p = zip_docx(&a, NUMBERED("5", "0", "x"));
        zip_put(&p, "word/numbering.xml", str_of(lists));
        snprintf(text, sizeof text, "p %s%% x\n", form[i].expected);
        check_text(&p, text);
    }
}

static void tracked_changes_fields_and_boxes(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(
        &a,
        "<w:p><w:pPr><w:pStyle w:val=\"a\"/><w:pPrChange><w:pPr><w:pStyle w:val=\"1\"/></w:pPr>"
        "</w:pPrChange></w:pPr><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>"
        "old</w:delText><w:t>old</w:t></w:r></w:del><w:moveFrom><w:r><w:t>gone</w:t></w:r>"
        "</w:moveFrom><w:r><w:instrText>HYPERLINK \"http://x/\"</w:instrText></w:r></w:p>"
        "<w:p><w:r><w:t>before </w:t><mc:AlternateContent xmlns:mc=\"mc\"><mc:Choice>"
        "<w:txbxContent>" P("box 1") P("box 2") "</w:txbxContent></mc:Choice><mc:Fallback>" P(
            "again") "</mc:Fallback></mc:AlternateContent><w:t>after</w:t></w:r></w:p>"
                     "<w:p><w:pPr><w:tabs><w:tab "
                     "w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>a</w:t>"
                     "<w:noBreakHyphen/><w:t>b</w:t></w:r></w:p>");
    check_text(&p, "p new\np before box 1 box 2 after\np a\xE2\x80\x91"
                   "b\n");
}

static void prose_has_a_line_for_each(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(
        &a, P("one") "<w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>"
                     "two</w:t></w:r></w:p>");
    struct docx_text text;
    struct docx_fault fault;
    struct buf b = buf_new(1000);
    check(docx_read(&a, zip_pack(&a, &p), &text, &fault) == CAU_OK);
    docx_write_prose(&text, &b);
    check(str_equal(buf_str(&b), STR("one\n\xE2\x80\x93 two")));
    buf_free(&b);
    arena_reset(&a);
}

static void what_is_no_document(void **state)
{
    (void)state;
    check_bytes(STR(""), DOCX_NOT_ZIP);
    check_bytes(STR("%PDF-1.7"), DOCX_NOT_ZIP);
    check_bytes(STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more"), DOCX_OLD);
    struct zip_parts p = {.n = 0};
    zip_put(&p, "a.txt", STR("a"));
    check_refused(&p, DOCX_NO_DOCUMENT);
    p = zip_docx(&a, P("x"));
    zip_put(&p, "word/document.xml", STR("<workbook/>"));
    check_refused(&p, DOCX_NO_DOCUMENT);
    p = zip_docx(&a, P("x"));
    zip_put(&p, "_rels/.rels",
            STR(DOCX_RELS "<Relationship Id=\"a\" Type=\"" DOCX_TYPES
                          "officeDocument\" Target=\"../../etc/passwd\"/></Relationships>"));
    check_refused(&p, DOCX_NO_DOCUMENT);
    p = zip_docx(&a, P("x"));
    zip_put(&p, "_rels/.rels",
            STR(DOCX_RELS "<Relationship Id=\"a\" TargetMode=\"External\" Type=\"" DOCX_TYPES
                          "officeDocument\" Target=\"http://x/\"/></Relationships>"));
    check_refused(&p, DOCX_NO_DOCUMENT);
    p = zip_docx(&a, "<w:p/><w:p><w:r><w:drawing/></w:r></w:p>");
    check_refused(&p, DOCX_EMPTY);
    p = zip_docx(&a, "<w:p>");
    check_refused(&p, DOCX_XML);
    p = zip_docx(&a, P("x"));
    struct str bytes = zip_pack(&a, &p);
    check_bytes(str_to(bytes, bytes.len - 30), DOCX_NOT_ZIP);
}

/* A byte of the packed text turned over: every place of it gives a refusal or the text. */
static void flipped_bytes(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(&a, P("Hai bên thống nhất"));
    struct str bytes = zip_pack(&a, &p);
    char *copy = malloc(bytes.len);
    memcpy(copy, bytes.p, bytes.len);
    for (size_t i = 0; i < bytes.len; i++) {
        struct docx_text text;
        struct docx_fault fault = {.why = DOCX_GOOD};
        arena_reset(&a);
        copy[i] ^= 0x55;
        enum cau_err err = docx_read(&a, (struct str){copy, bytes.len}, &text, &fault);
        copy[i] ^= 0x55;
        check(err == CAU_OK || (err == CAU_ERR_SYNTAX && fault.why != DOCX_GOOD));
    }
    free(copy);
    arena_reset(&a);
}

static void macros_are_refused(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(&a, P("x"));
    zip_put(&p, "word/vbaProject.bin", STR("\xCC\x61"));
    check_refused(&p, DOCX_MACROS);
    p = zip_docx(&a, P("x"));
    zip_put(&p, "word/activeX/activeX1.xml", STR("<a/>"));
    check_refused(&p, DOCX_MACROS);
    p = zip_docx(&a, P("x"));
    zip_put(&p, "[Content_Types].xml",
            STR("<Types><Override PartName=\"/word/document.xml\" "
                "ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/>"
                "</Types>"));
    check_refused(&p, DOCX_MACROS);
    p = zip_docx(&a, P("x"));
    zip_put(&p, "[Content_Types].xml",
            STR("<Types><Default Extension=\"bin\" "
                "ContentType=\"application/vnd.ms-office.vbaProject\"/></Types>"));
    check_refused(&p, DOCX_MACROS);
}

static void entities_are_not_read(void **state)
{
    (void)state;
    static const char *const part[] = {"word/document.xml",   "word/footnotes.xml",
                                       "word/styles.xml",     "word/numbering.xml",
                                       "[Content_Types].xml", "word/_rels/document.xml.rels"};
    for (size_t i = 0; i < countof(part); i++) {
        struct zip_parts p = zip_docx(&a, P("x"));
        zip_put(&p, part[i],
                STR("<!DOCTYPE d [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><document>&e;"
                    "</document>"));
        check_refused(&p, DOCX_DOCTYPE);
        p = zip_docx(&a, P("x"));
        zip_put(&p, part[i],
                STR("<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>"
                    "<document>&b;</document>"));
        check_refused(&p, DOCX_DOCTYPE);
    }
    struct zip_parts p = zip_docx(&a, P("&e;"));
    check_refused(&p, DOCX_XML);
}

static void what_unpacks_too_well_is_refused(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(&a, P("x"));
    zip_put(&p, "word/document.xml",
            zip_repeat(&a, "<w:document xmlns:w=\"w\"><w:body>" P("x"), "          ",
                       OOXML_RATIO_FREE_BYTES / 10 - 200, "</w:body></w:document>"));
    check_text(&p, "p x\n");
    p = zip_docx(&a, P("x"));
    zip_put(&p, "word/document.xml",
            zip_repeat(&a, "<w:document xmlns:w=\"w\"><w:body>" P("x"), "          ",
                       OOXML_RATIO_FREE_BYTES, "</w:body></w:document>"));
    size_t size = p.content[p.n - 1].len;
    struct str bytes = zip_pack(&a, &p);
    struct docx_text text;
    struct docx_fault fault;
    check(docx_read(&a, bytes, &text, &fault) == CAU_ERR_SYNTAX && fault.why == DOCX_RATIO);
    check(docx_read(&a, zip_lie(&a, bytes, size), &text, &fault) == CAU_ERR_SYNTAX);
    arena_reset(&a);
}

static void nothing_starts(struct ooxml_part *p, const char *name, const char **attribute)
{
    (void)p, (void)name, (void)attribute;
}

static void sizes_are_limited(void **state)
{
    (void)state;
    char *big = arena_zero(&a, DOCX_READ_FILE_BYTES_MAX + 1);
    check_bytes((struct str){big, DOCX_READ_FILE_BYTES_MAX + 1}, DOCX_FILE_SIZE);
    big = arena_zero(&a, DOCX_READ_FILE_BYTES_MAX);
    check_bytes((struct str){big, DOCX_READ_FILE_BYTES_MAX}, DOCX_NOT_ZIP);

    /* All inflated bytes together; stored, so that the ratio is silent. */
    struct zip_parts p;
    for (size_t more = 0; more < 2; more++) {
        struct ooxml o;
        struct ooxml_fault fault = {.why = OOXML_GOOD};
        struct ooxml_part part = {.start = nothing_starts};
        struct ooxml_limits limits = {DOCX_READ_FILE_BYTES_MAX, DOCX_READ_INFLATED_BYTES_MAX,
                                      DOCX_READ_DEPTH_MAX};
        p = zip_docx(&a, P("x"));
        p.stored = true;
        check(ooxml_open(&o, &a, zip_pack(&a, &p), limits, &fault) == CAU_OK);
        o.inflated = DOCX_READ_INFLATED_BYTES_MAX - p.content[p.n - 1].len + more;
        o.bytes.len = DOCX_READ_FILE_BYTES_MAX; /* as if most had been read before */
        enum cau_err err = ooxml_run(&o, &part, STR("word/document.xml"), &fault);
        check(more == 0 ? err == CAU_OK : err == CAU_ERR_SYNTAX && fault.why == OOXML_INFLATED);
        ooxml_close(&o);
        arena_reset(&a);
    }
    for (size_t more = 0; more < 2; more++) { /* w:document, w:body and w:p, w:r, w:t fit */
        struct buf b = buf_new(10000);
        buf_add_word(&b, P("x"));
        for (size_t i = 0; i < DOCX_READ_DEPTH_MAX - 2 + more; i++)
            buf_add_word(&b, "<w:sdt>");
        for (size_t i = 0; i < DOCX_READ_DEPTH_MAX - 2 + more; i++)
            buf_add_word(&b, "</w:sdt>");
        buf_add_char(&b, 0);
        p = zip_docx(&a, b.p);
        if (more == 0)
            check_text(&p, "p x\n");
        else
            check_refused(&p, DOCX_DEPTH);
        buf_free(&b);
    }
}

static enum docx_why why_of(const struct zip_parts *p)
{
    struct docx_text text;
    struct docx_fault fault = {.why = DOCX_GOOD};
    enum cau_err err = docx_read(&a, zip_pack(&a, p), &text, &fault);
    check(err == CAU_OK || err == CAU_ERR_SYNTAX);
    arena_reset(&a);
    return fault.why;
}

static struct zip_parts without_notes(const char *body)
{
    struct zip_parts p = zip_docx(&a, body);
    p.stored = true;
    zip_put(&p, "word/footnotes.xml", STR("<n/>"));
    zip_put(&p, "word/endnotes.xml", STR("<n/>"));
    return p;
}

static void counts_are_limited(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        struct zip_parts p = zip_docx(&a, "");
        p.stored = true;
        zip_put(&p, "word/document.xml",
                zip_repeat(&a, "<w:document xmlns:w=\"w\">", P("x"),
                           DOCX_READ_PARAGRAPHS_MAX + more, "</w:document>"));
        check(why_of(&p) == (more == 0 ? DOCX_GOOD : DOCX_PARAGRAPHS));

        p = without_notes(""); /* text in one paragraph, and in many */
        zip_put(&p, "word/document.xml",
                zip_repeat(&a, "<w:document xmlns:w=\"w\"><w:p><w:r><w:t>", "0123456789abcdef",
                           DOCX_READ_TEXT_BYTES_MAX / 16 - 1,
                           more == 0 ? "0123456789abcdef</w:t></w:r></w:p></w:document>"
                                     : "0123456789abcdefg</w:t></w:r></w:p></w:document>"));
        check(why_of(&p) == (more == 0 ? DOCX_GOOD : DOCX_TEXT));
        p = without_notes("");
        zip_put(
            &p, "word/document.xml",
            zip_repeat(&a, "<w:document xmlns:w=\"w\">",
                       P("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
                         "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
                       DOCX_READ_TEXT_BYTES_MAX / 256,
                       more == 0 ? "</w:document>" : P("x") "</w:document>"));
        check(why_of(&p) == (more == 0 ? DOCX_GOOD : DOCX_TEXT));

        p = zip_docx(&a, P("x"));
        p.stored = true;
        zip_put(&p, "word/footnotes.xml",
                zip_repeat(&a, "<n>", "<footnote id=\"7\"><p><r><t>x</t></r></p></footnote>",
                           DOCX_READ_NOTES_MAX - 1 + more, "</n>")); /* and one endnote */
        check(why_of(&p) == (more == 0 ? DOCX_GOOD : DOCX_NOTES));

        p = zip_docx(&a, P("x"));
        p.stored = true;
        zip_put(&p, "word/styles.xml",
                zip_repeat(&a, "<s>", "<style styleId=\"x\"><name val=\"Heading 2\"/></style>",
                           DOCX_READ_STYLES_MAX + more, "</s>"));
        check(why_of(&p) == (more == 0 ? DOCX_GOOD : DOCX_STYLES));

        p = zip_docx(&a, P("x"));
        p.stored = true;
        zip_put(
            &p, "word/numbering.xml",
            zip_repeat(&a, "<n>", "<num numId=\"7\"/>", DOCX_READ_LISTS_MAX + more, "</n>"));
        check(why_of(&p) == (more == 0 ? DOCX_GOOD : DOCX_LISTS));
    }
}

static void memory_ends(void **state)
{
    (void)state;
    struct zip_parts p = zip_docx(&a, P("one") P("two"));
    struct str bytes = zip_pack(&a, &p);
    bool enough = false;
    for (size_t cap = 0; cap < 40000; cap += 500) {
        struct arena small = {a.base + (1 << 20), cap, 0};
        struct docx_text text;
        struct docx_fault fault;
        enum cau_err err = docx_read(&small, bytes, &text, &fault);
        check(err == CAU_OK || err == CAU_ERR_MEMORY);
        enough = enough || err == CAU_OK;
    }
    check(enough);
    arena_reset(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paragraphs_of_every_form),
        cmocka_unit_test(numbers_that_word_counts),
        cmocka_unit_test(numbers_of_every_form),
        cmocka_unit_test(tracked_changes_fields_and_boxes),
        cmocka_unit_test(prose_has_a_line_for_each),
        cmocka_unit_test(what_is_no_document),
        cmocka_unit_test(flipped_bytes),
        cmocka_unit_test(macros_are_refused),
        cmocka_unit_test(entities_are_not_read),
        cmocka_unit_test(what_unpacks_too_well_is_refused),
        cmocka_unit_test(sizes_are_limited),
        cmocka_unit_test(counts_are_limited),
        cmocka_unit_test(memory_ends),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
