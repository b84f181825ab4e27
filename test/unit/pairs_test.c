#include "exchange/lexicon/pairs.h"

#include "test.h"

#include <lzma.h>
#include <string.h>
#include <zlib.h>

static enum cau_err note(void *ctx, const struct pairs_pair *p)
{
    static const char *const code[] = {"vi", "ru", "en"};
    buf_printf(ctx, "%s %.*s = %s %.*s\n", code[p->x_lang], STR_ARG(p->x), code[p->y_lang],
               STR_ARG(p->y));
    return CAU_OK;
}

static void check_read(const struct pairs_input *in, const char *expected)
{
    struct buf b = buf_new(1 << 20);
    const struct pairs_sink sink = {&b, note};
    struct pairs_fault fault = {0};
    check(pairs_read(in, &sink, &fault) == CAU_OK && fault.why == PAIRS_GOOD);
    buf_add_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void check_refused(const struct pairs_input *in, enum pairs_why why, size_t part,
                          uint64_t line)
{
    struct buf b = buf_new(64 << 20);
    const struct pairs_sink sink = {&b, note};
    struct pairs_fault fault = {0};
    enum cau_err err = pairs_read(in, &sink, &fault);
    check(err == CAU_ERR_SYNTAX || err == CAU_ERR_RANGE);
    assert_int_equal(fault.why, why);
    check(fault.part == part && fault.line == line);
    check(pairs_why_name(why)[0] != 0);
    buf_free(&b);
}

static void check_clean(const char *text, const char *expected)
{
    struct buf b = buf_new(1 << 16);
    pairs_clean(&b, str_of(text));
    buf_add_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

static void cleans_messages(void **state)
{
    (void)state;
    check_clean("_Open File…", "Open File");
    check_clean("Sa~ve &As...", "Save As");
    check_clean("Tập tin (_F):", "Tập tin");
    check_clean("E_xit", "Exit");
    check_clean("a_b and c_d", "a_b and c_d");
    check_clean("AT&amp;T &lt;x&gt; R & D", "AT&T <x> R & D");
    check_clean("cannot open '%s': %-10.3lu of %1$d (100%%)", "cannot open ' ': of (100 )");
    check_clean("%(name)s at %{place} in {0} of ${x} and $(ARG1) $[y]", "at in of and");
    check_clean("<b>bold</b>\n<a href=\"x\">link</a> 2 < 3", "bold link 2 < 3");
    check_clean("Loading %1", "Loading");
    check_clean("50% discount", "50% discount");
    check_clean("", "");
    check_clean(" :...", "");
}

static void reads_tables(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_TSV,
                             .text = {STR("id\ten\tvi\tru\n1\twind\tgió\tветер\r\n"
                                          "2\tsea\t\tморе\n\n3\tsame\tsame\tsame\n")},
                             .n = 1};
    check_read(&in,
               "vi gió = ru ветер\nvi gió = en wind\nru ветер = en wind\nru море = en sea\n");
    in.columns = STR("vi - ru");
    in.text[0] = STR("\xEF\xBB\xBFgio\xCC\x81\tx\tветер\n");
    check_read(&in, "vi gió = ru ветер\n"); /* composed */
    in.columns = STR("vi vi");
    check_refused(&in, PAIRS_COLUMNS, 0, 0);
    in.columns = STR("");
    in.text[0] = STR("a\tb\nc\td\n");
    check_refused(&in, PAIRS_COLUMNS, 0, 1);
    in.text[0] = STR("vi\ten\na\tb\n\xFF\td\n");
    check_refused(&in, PAIRS_ENCODING, 0, 3);
    in.text[0] = STR("v\0i\0\t\0e\0n\0");
    check_refused(&in, PAIRS_COLUMNS, 0, 1);
}

static void reads_lines(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_LINES,
                             .text = {STR("một\nhai\n"), STR("one\ntwo\n")},
                             .n = 2,
                             .lang = {TOKEN_VI, TOKEN_EN}};
    check_read(&in, "vi một = en one\nvi hai = en two\n");
    in.text[1] = STR("one\n");
    check_refused(&in, PAIRS_DAMAGED, 1, 2);
    in.n = 1;
    check_refused(&in, PAIRS_SHAPE, 0, 0);
}

static void reads_keyed_files(void **state)
{
    (void)state;
    struct pairs_input in = {
        .reader = PAIRS_KEYED,
        .text = {STR("# x\n1-a\tvie:lemma\tđủ\n1-a\tvie:lemma\tđầy đủ\n3-n\tx\tgió\n"),
                 STR("0-n\tx\tб\n1-a\tx\tдостаточный\n2-n\tx\tв\n3-n\tx\tветер\n")},
        .n = 2,
        .lang = {TOKEN_VI, TOKEN_RU}};
    check_read(&in, "vi đủ = ru достаточный\nvi đầy đủ = ru достаточный\nvi gió = ru ветер\n");
    in.text[1] = STR("3-n\tx\tб\n1-a\n");
    check_refused(&in, PAIRS_SHAPE, 1, 2);
}

static void reads_vietnamese_dictionaries(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_OVDP, .n = 1, .lang = {TOKEN_VI, TOKEN_RU}};
    in.text[0] = STR("nồi\t- куб II; - котёл; - кастрюля, горшок\n"
                     "a\t\xEF\xBB\xBF@a - а III; - ах\n");
    check_read(&in,
               "vi nồi = ru куб\nvi nồi = ru котёл\nvi nồi = ru кастрюля\nvi nồi = ru горшок\n"
               "vi a = ru а\nvi a = ru ах\n");
    in.lang[1] = TOKEN_EN;
    in.text[0] = STR("bạn\t* noun - Friend, a fellow (cũ) =bạn chiến đấu+comrade-in-arms =x+y\n"
                     "thư lại\t[thư lại] - to clerk; xem gì\n");
    check_read(&in,
               "vi bạn = en Friend\nvi bạn = en fellow\n"
               "vi bạn chiến đấu = en comrade-in-arms\nvi x = en y\nvi thư lại = en clerk\n");
    in.text[0] = STR("bạn\t- friend\nno tab\n");
    check_refused(&in, PAIRS_SHAPE, 0, 2);
}

static void reads_mueller(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_MUELLER, .n = 1, .lang = {TOKEN_EN, TOKEN_RU}};
    in.text[0] =
        STR("brick\t[brɪk] 1. _n. 1) кирпич; клинкер 2) брусок (мыла, чая и т.п.); box of "
            "bricks детские кубики 3) _разг. славный парень\n'cause\t[kɘz] _уст. = because\n");
    check_read(&in, "en brick = ru кирпич\nen brick = ru клинкер\nen brick = ru брусок\n"
                    "en box of bricks = ru детские кубики\nen brick = ru славный парень\n");
    /* The same as dictd: offsets in base 64. */
    in.n = 2;
    in.text[0] = STR("00-database-short\n  x\nkiln\n   [kɪln] _n.\n   1) печь\n");
    in.text[1] = STR("00-database-short\tA\tX\nkiln\tW\ti\n");
    check_read(&in, "en kiln = ru печь\n");
    in.text[1] = STR("kiln\tW\tij\n");
    check_refused(&in, PAIRS_DAMAGED, 1, 1);
    in.text[1] = STR("kiln\tW\n");
    check_refused(&in, PAIRS_SHAPE, 1, 1);
}

static void reads_other_dictionaries(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_WIKTIONARY, .n = 1, .lang = {TOKEN_EN, TOKEN_RU}};
    in.text[0] =
        STR("en\tpos\tsense\ttranslation\nMoroccan\tn\tperson\tмарокканец  /marokkánec/, "
            "марокканка  /marokkánka/\n");
    check_read(&in, "en Moroccan = ru марокканец\nen Moroccan = ru марокканка\n");
    in = (struct pairs_input){.reader = PAIRS_DICTIONARY, .n = 2, .lang = {TOKEN_EN, TOKEN_RU}};
    in.text[0] = STR("abandon /əˈbændən/\n1. оставить\n2. покинуть; бросить\n");
    in.text[1] = STR("abandon\0\0\0\0\0\0\0\0\x50");
    check_refused(&in, PAIRS_DAMAGED, 1, 1); /* one byte over the file */
    static char index[] = "abandon\0\0\0\0\0\0\0\0";
    index[15] = 0;
    struct buf b = buf_new(100);
    buf_add(&b, (struct str){index, 15});
    buf_add_char(&b, (char)in.text[0].len);
    in.text[1] = buf_str(&b);
    check_read(&in,
               "en abandon = ru оставить\nen abandon = ru покинуть\nen abandon = ru бросить\n");
    in.text[1].len--;
    check_refused(&in, PAIRS_DAMAGED, 1, 1); /* cut off */
    buf_free(&b);
}

static void reads_po(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_PO, .n = 2, .lang = {TOKEN_VI, TOKEN_RU}};
    in.text[0] = STR("msgid \"\"\nmsgstr \"Language: vi\\n\"\n\n# a\nmsgctxt \"x\"\nmsgid "
                     "\"_Open\"\nmsgstr \"_Mở\"\n"
                     "\n#, fuzzy\nmsgid \"bad\"\nmsgstr \"sai\"\n\nmsgid \"%d "
                     "file\"\nmsgid_plural \"%d files\"\n"
                     "msgstr[0] \"%d \"\n\"tập tin\"\n\n#~ msgid \"old\"\n#~ msgstr \"cũ\"\n");
    in.text[1] = STR("msgid \"_Open\"\nmsgstr \"_Открыть\"\nmsgid \"Close\"\nmsgstr \"\"\n");
    check_read(
        &in,
        "en Open = vi Mở\nen file = vi tập tin\nen Open = ru Открыть\nvi Mở = ru Открыть\n");
    in.text[1] = STR("msgid \"a\"\nmsgstr \"б\nmsgid \"c\"\n");
    check_refused(&in, PAIRS_SHAPE, 1, 2);
    in.text[1] = STR("msgid \"a\"\nmsgstr \"б\"\n\nmsgid \"c\"\n");
    check_refused(&in, PAIRS_DAMAGED, 1, 4);
    in.text[1] = STR("hello\n");
    check_refused(&in, PAIRS_SHAPE, 1, 1);
}

/* A catalogue of two messages; the second has a context and a plural. */
static void make_mo(struct buf *b, const char *first, const char *second)
{
    static const char id[] = "Close\0ctx\4Open\0plural";
    const size_t len[] = {5, 15, strlen(first), strlen(second)};
    uint32_t head[] = {0x950412DE, 0, 2, 28, 44, 0, 0}, at = 28 + 32;
    buf_add(b, (struct str){(const char *)head, sizeof head});
    for (size_t i = 0; i < 4; i++) {
        uint32_t place[] = {(uint32_t)len[i], at};
        buf_add(b, (struct str){(const char *)place, sizeof place});
        at += (uint32_t)len[i] + 1;
    }
    buf_add(b, (struct str){id, sizeof id});
    buf_add_word(b, first);
    buf_add_char(b, 0);
    buf_add_word(b, second);
    buf_add_char(b, 0);
}

static void reads_mo(void **state)
{
    (void)state;
    struct buf b[2] = {buf_new(1000), buf_new(1000)};
    make_mo(&b[0], "Đón_g", "Mở");
    make_mo(&b[1], "Закрыть", "Открыть");
    struct pairs_input in = {.reader = PAIRS_MO,
                             .text = {buf_str(&b[0]), buf_str(&b[1])},
                             .n = 2,
                             .lang = {TOKEN_VI, TOKEN_RU}};
    check_read(
        &in,
        "en Close = vi Đóng\nen Open = vi Mở\nen Close = ru Закрыть\nen Open = ru Открыть\n"
        "vi Đóng = ru Закрыть\nvi Mở = ru Открыть\n");
    in.text[1].len -= 10;
    check_refused(&in, PAIRS_DAMAGED, 1, 2);
    in.text[1].len = 20;
    check_refused(&in, PAIRS_DAMAGED, 1, 0);
    in.text[1] = STR("#!/bin/sh and so on, which is no catalogue");
    check_refused(&in, PAIRS_SHAPE, 1, 0);
    b[0].p[8] = 0x7F; /* how many messages */
    b[0].p[11] = 0x7F;
    check_refused(&in, PAIRS_DAMAGED, 0, 0);
    buf_free(&b[0]);
    buf_free(&b[1]);
}

static void reads_xml(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_TMX, .n = 1};
    in.text[0] = STR(
        "<?xml version=\"1.0\"?><!DOCTYPE tmx SYSTEM \"tmx14.dtd\"><tmx "
        "version=\"1.4\"><header/>"
        "<body><tu><tuv xml:lang=\"VI-VN\"><seg>gió <bpt i=\"1\">x</bpt>biển</seg></tuv></tu>"
        "<tu><tuv xml:lang=\"vi\"><seg>gió<ph>x</ph>biển</seg></tuv>"
        "<tuv xml:lang=\"ru-RU\"><prop>no</prop><seg>морской <hi>ветер</hi></seg></tuv>"
        "<tuv xml:lang=\"de\"><seg>Seewind</seg></tuv></tu></body></tmx>");
    check_read(&in, "vi gió biển = ru морской ветер\n");
    in.reader = PAIRS_TBX;
    in.text[0] = STR(
        "<tbx><text><body><conceptEntry id=\"c1\"><descrip>x</descrip>"
        "<langSec xml:lang=\"vi\"><termSec><term>gió</term></termSec></langSec>"
        "<langSec xml:lang=\"en\"><termSec><term>wind</term></termSec>"
        "<termSec><term>breeze</term></termSec></langSec></conceptEntry></body></text></tbx>");
    check_read(&in, "vi gió = en wind\nvi gió = en breeze\n");
    in.reader = PAIRS_SKOS;
    in.text[0] =
        STR("<rdf:RDF xmlns:skos=\"s\" xmlns:rdf=\"r\"><skos:Concept rdf:about=\"x\">"
            "<skos:prefLabel xml:lang=\"ru\">ветер</skos:prefLabel>"
            "<skos:altLabel xml:lang=\"en\">wind</skos:altLabel>"
            "<skos:definition xml:lang=\"en\">air</skos:definition></skos:Concept></rdf:RDF>");
    check_read(&in, "ru ветер = en wind\n");
}

static void refuses_hostile_xml(void **state)
{
    (void)state;
    struct pairs_input in = {.reader = PAIRS_TMX, .n = 1};
    in.text[0] =
        STR("<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>\n<tmx>&b;</tmx>");
    check_refused(&in, PAIRS_DOCTYPE, 0, 1);
    in.text[0] = STR("<tmx><body>\n<tu></body></tmx>");
    check_refused(&in, PAIRS_XML, 0, 2);
    in.text[0] = STR("<tmx><body><tu>");
    check_refused(&in, PAIRS_XML, 0, 1);
    struct buf b = buf_new(8 << 20);
    for (unsigned i = 0; i < PAIRS_XML_DEPTH_MAX; i++)
        buf_add_word(&b, "<a>");
    in.text[0] = buf_str(&b);
    check_refused(&in, PAIRS_XML, 0, 1); /* as deep as allowed; only never closed */
    buf_add_word(&b, "<a>");
    in.text[0] = buf_str(&b);
    check_refused(&in, PAIRS_DEPTH, 0, 1);
    buf_reset(&b);
    buf_add_word(&b, "<a b=\"");
    for (unsigned i = 0; i < 3 << 20; i++)
        buf_add_char(&b, 'x');
    in.text[0] = buf_str(&b);
    check_refused(&in, PAIRS_XML, 0, 1);
    buf_free(&b);
}

static void reads_help_and_names(void **state)
{
    (void)state;
    struct pairs_input in = {
        .reader = PAIRS_HELP, .n = 3, .lang = {TOKEN_EN, TOKEN_VI, TOKEN_RU}};
    in.text[0] = STR("<h1 id=\"hd_1\">Print</h1><p id=\"par_1\" class=\"x\">The "
                     "<b>page</b>.</p><p id=\"par_2\">Same</p>");
    in.text[1] = STR("<h1 id=\"hd_1\">In</h1><p id=\"par_1\">Trang.</p><p "
                     "id=\"par_2\">Same</p><div id=\"x\">");
    in.text[2] =
        STR("<h1 id=\"hd_1\">Печать</h1><p id=\"par_2\">То же</p><p id=\"par_1\">Страница");
    check_read(
        &in,
        "en Print = vi In\nen The page = vi Trang\nen Print = ru Печать\nen Same = ru То же\n"
        "vi In = ru Печать\n");
    in.text[2] = STR("<p id=\"hd_1\">Печать</p> id=\""); /* ends where an id begins */
    check_read(&in, "en Print = vi In\nen The page = vi Trang\nen Print = ru Печать\n"
                    "vi In = ru Печать\n");
    in.reader = PAIRS_CLDR;
    in.text[0] = STR("<ldml><territory type=\"VN\">Vietnam</territory><annotation cp=\"x\" "
                     "type=\"tts\">wind</annotation></ldml>");
    in.text[1] = STR("<ldml><territory type=\"VN\">Việt Nam</territory><annotation cp=\"x\">a "
                     "| b</annotation></ldml>");
    in.text[2] = STR("<ldml><territory type=\"VN\" alt=\"short\">ВН</territory><annotation "
                     "cp=\"x\" type=\"tts\">ветер</annotation></ldml>");
    check_read(&in, "en Vietnam = vi Việt Nam\nen wind = ru ветер\n");
}

static void keeps_its_limits(void **state)
{
    (void)state;
    struct buf b = buf_new(64 << 20);
    struct pairs_input in = {.reader = PAIRS_TSV, .n = 1, .columns = STR("vi en")};
    for (size_t i = 0; i < PAIRS_LINE_BYTES_MAX; i++)
        buf_add_char(&b, 'a');
    in.text[0] = buf_str(&b);
    check_read(&in, "");
    buf_add_char(&b, 'a');
    in.text[0] = buf_str(&b);
    check_refused(&in, PAIRS_LINE, 0, 1);
    buf_reset(&b);
    for (size_t i = 0; i < PAIRS_ENTRIES_MAX; i++)
        buf_add_word(&b, "a\n");
    in.text[0] = buf_str(&b);
    check_read(&in, "");
    buf_add_word(&b, "a\n");
    in.text[0] = buf_str(&b);
    check_refused(&in, PAIRS_ENTRIES, 0, PAIRS_ENTRIES_MAX + 1);
    buf_reset(&b);
    for (size_t i = 0; i <= PAIRS_TEXT_BYTES_MAX; i++)
        buf_add_char(&b, 'a');
    buf_add_word(&b, "\tb\n");
    in.text[0] = buf_str(&b);
    check_read(&in, "");
    in.columns = STR("vi en - - - - - - - - - - - - - - -");
    check_refused(&in, PAIRS_COLUMNS, 0, 0);
    in.columns = STR("vi en");
    in.text[0].len = PAIRS_FILE_BYTES_MAX + 1; /* refused before a byte is read */
    check_refused(&in, PAIRS_FILE, 0, 0);
    in = (struct pairs_input){.reader = PAIRS_HELP, .n = 2, .lang = {TOKEN_VI, TOKEN_EN}};
    buf_reset(&b);
    buf_add_word(&b, "<p id=\"a\">");
    while (b.len < PAIRS_PAGE_BYTES_MAX)
        buf_add_char(&b, 'a');
    in.text[0] = in.text[1] = buf_str(&b);
    check_read(&in, ""); /* a paragraph without an end */
    buf_add_char(&b, 'a');
    in.text[0] = str_to(buf_str(&b), 10);
    in.text[1] = buf_str(&b);
    check_refused(&in, PAIRS_FILE, 1, 0);
    buf_free(&b);
}

static void unpacks(void **state)
{
    (void)state;
    unsigned char packed[200];
    z_stream z = {0};
    check(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    static char text[1000];
    memset(text, 'a', sizeof text);
    z.next_in = (unsigned char *)text;
    z.avail_in = sizeof text;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    check(deflate(&z, Z_FINISH) == Z_STREAM_END);
    size_t n = sizeof packed - z.avail_out;
    deflateEnd(&z);
    struct buf space = buf_new(1000);
    struct str file = {(const char *)packed, n}, out;
    check(pairs_unpack(&space, file, &out) == CAU_OK && out.len == 1000 && out.p[999] == 'a');
    buf_free(&space);
    space = buf_new(999);
    check(pairs_unpack(&space, file, &out) == CAU_ERR_RANGE);
    buf_free(&space);
    space = buf_new(2000);
    check(pairs_unpack(&space, str_to(file, n - 5), &out) == CAU_ERR_SYNTAX);
    packed[12] ^= 0x55;
    buf_reset(&space);
    check(pairs_unpack(&space, file, &out) == CAU_ERR_SYNTAX);
    buf_free(&space);
    space = buf_new(1000);
    n = 0;
    check(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC32, NULL, (const uint8_t *)text, sizeof text,
                                  packed, &n, sizeof packed) == LZMA_OK);
    file.len = n;
    check(pairs_unpack(&space, file, &out) == CAU_OK && out.len == 1000 && out.p[999] == 'a');
    buf_free(&space);
    space = buf_new(2000);
    check(pairs_unpack(&space, str_to(file, n - 5), &out) == CAU_ERR_SYNTAX);
    buf_free(&space);
    space = buf_new(999);
    check(pairs_unpack(&space, file, &out) == CAU_ERR_RANGE);
    buf_free(&space);
    check(pairs_unpack(&space, STR("plain"), &out) == CAU_OK && str_is(out, "plain"));
}

static enum cau_err refuse(void *ctx, const struct pairs_pair *pair)
{
    (void)pair;
    ++*(int *)ctx;
    return CAU_ERR_FULL;
}

static void ends_when_told(void **state)
{
    (void)state;
    int calls = 0;
    const struct pairs_sink sink = {&calls, refuse};
    const struct pairs_input in = {
        .reader = PAIRS_TSV, .text = {STR("a\tb\nc\td\n")}, .n = 1, .columns = STR("vi en")};
    struct pairs_fault fault = {.line = 7};
    check(pairs_read(&in, &sink, &fault) == CAU_ERR_FULL && calls == 1 && fault.line == 7);
    for (unsigned i = 0; i < PAIRS_READERS; i++) {
        enum pairs_reader r;
        check(pairs_reader_of(str_of(pairs_reader_name((enum pairs_reader)i)), &r));
        check(r == i && pairs_reader_weight(r) >= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cleans_messages),
        cmocka_unit_test(reads_tables),
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(reads_keyed_files),
        cmocka_unit_test(reads_vietnamese_dictionaries),
        cmocka_unit_test(reads_mueller),
        cmocka_unit_test(reads_other_dictionaries),
        cmocka_unit_test(reads_po),
        cmocka_unit_test(reads_mo),
        cmocka_unit_test(reads_xml),
        cmocka_unit_test(refuses_hostile_xml),
        cmocka_unit_test(reads_help_and_names),
        cmocka_unit_test(keeps_its_limits),
        cmocka_unit_test(unpacks),
        cmocka_unit_test(ends_when_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
