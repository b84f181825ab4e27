#include "exchange/export/export.h"

#include "base/asset.h"
#include "exchange/export/export_int.h"
#include "exchange/file/csv.h"
#include "exchange/file/xlsx.h"
#include "exchange/form/form_words.h"
#include "exchange/import/import.h"
#include "exchange/lexicon/pairs.h"
#include "fixture.h"

static struct fixture f;
static struct actor boss;
static struct index_reader all;

static enum cau_err gather(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
    return CAU_OK;
}

static struct import_outcome import(struct str bytes, const char *kind, bool look)
{
    struct import_outcome out;
    struct import_options o = {.kind = str_of(kind)};
    enum import_why why = look ? import_look(f.node, &f.arena, &boss, bytes, &o, NULL, &out)
                               : import_run(f.node, &f.arena, &boss, bytes, &o, NULL, &out);
    if (why != IMPORT_OK || out.refused > 0 || (look && (out.changed > 0 || out.added > 0)))
        print_message("%s %s %.*s\n%.*s\n", kind, import_why_name(why), STR_ARG(out.fault.code),
                      (int)(out.report.len < 3000 ? out.report.len : 3000), out.report.p);
    check(why == IMPORT_OK);
    return out;
}

static const char nasty[] =
    "{\"kind\":\"organization\",\"external_id\":\"=cmd\",\"types\":[\"bank\",\"institute\"],"
    "\"name\":{\"vi\":[\"A; B\",\"C|D\"],"
    "\"en\":[\"[x]\"],\"ja\":[\"日本\"],\"und\":[\"+84\"]},\"summary\":{\"vi\":\"Dòng "
    "một\\n\\\"hai\\\"; ba\",\"ru\":{\"text\":\"Текст\",\"origin\":"
    "\"machine\",\"from\":\"vi\"},\"en\":\"@SUM(1)\"},\"coordinates\":{\"latitude\":-12.5,"
    "\"longitude\":105},\"identifiers\":{\"inn\":"
    "\"7707083893\",\"ror\":\"https://ror.org/"
    "1\"},\"links\":[{\"rel\":\"parent\",\"to\":\"x\",\"label\":\"X; "
    "Y\"}],\"sources\":[{\"title\":\"a\"},"
    "{\"url\":\"https://b.vn\"}],\"websites\":[\"https://a.vn/"
    "?q=1;2\"],\"established\":\"1959-03-07\",\"city\":{\"vi\":\"'=x\"},"
    "\"visibility\":\"partner\",\"fields\":[\"FORD:2.7\"],\"country\":\"VN\"}\n"
    "{\"kind\":\"organization\",\"types\":[\"bank\"],\"name\":{\"vi\":\"Không "
    "mã\"},\"country\":\"VN\"}\n"
    "{\"kind\":\"need\",\"external_id\":\"n-1\",\"title\":{\"vi\":\"Cần\"},\"budget\":{"
    "\"amount\":\"-12.50\",\"currency\":\"VND\"},\"urgent\":true,"
    "\"form\":[\"licence\",\"pilot\"]}\n"
    "{\"kind\":\"person\",\"external_id\":\"p-1\",\"name\":{\"ru\":\"Иванов\"},\"consent\":"
    "\"may_be_asked\",\"visibility\":\"private\",\"studies\":[{\"country\":\"RU\",\"finished\":"
    "\"1999\"},"
    "{\"country\":\"VN\"}],\"languages\":[{\"language\":\"vi\"}]}\n"
    "{\"kind\":\"organization\",\"external_id\":\"gone\",\"types\":[\"bank\"],\"name\":{\"vi\":"
    "\"Đã rút\"},\"withdrawn\":\"source_withdrawn\"}\n";

static int open_node(void **state)
{
    (void)state;
    fixture_open(&f);
    boss = actor_operator();
    all = actor_reader(&boss);
    struct import_outcome out = import(str_of(nasty), "", false);
    check(out.added == 5 && out.refused == 0);
    for (size_t i = 0; i < asset_count; i++)
        if (str_starts(asset_list[i].name, STR("demo/")) &&
            str_ends(asset_list[i].name, STR(".jsonl")))
            (void)import(asset_list[i].bytes, "", false);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

static uint64_t export(enum export_format format, const struct kind *kind, enum lang lang,
                       struct buf *out)
{
    struct export_options o = {.format = format, .kind = kind, .lang = lang, .withdrawn = true};
    struct export_sink sink = {out, gather};
    uint64_t n = 0;
    check(export_write(f.node, &f.arena, all, &o, &sink, &n) == CAU_OK && !out->failed);
    return n;
}

static void json_lines_come_back_the_same(void **state)
{
    (void)state;
    struct buf b = buf_new((size_t)64 << 20);
    uint64_t n = export(EXPORT_JSONL, NULL, LANG_EN, &b);
    check(n > 4);
    struct import_outcome out = import(buf_str(&b), "", true);
    assert_int_equal(out.same, n);
    buf_free(&b);
}

static void tables_come_back_the_same(void **state)
{
    (void)state;
    const struct kinds *kinds = node_kinds(f.node);
    uint64_t all_records = 0;
    for (size_t k = 0; k < kinds->n; k++)
        for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
            struct buf csv = buf_new((size_t)64 << 20), xlsx = buf_new((size_t)64 << 20);
            uint64_t n = export(EXPORT_CSV, &kinds->kind[k], (enum lang)lang, &csv);
            check(export(EXPORT_XLSX, &kinds->kind[k], (enum lang)lang, &xlsx) == n);
            all_records += n;
            if (n > 0) {
                char name[64] = "";
                memcpy(name, kinds->kind[k].name.p, kinds->kind[k].name.len);
                assert_int_equal(import(buf_str(&csv), name, true).same, n);
                assert_int_equal(import(buf_str(&xlsx), name, true).same, n);
            }
            buf_free(&csv);
            buf_free(&xlsx);
            arena_reset(&f.arena);
        }
    check(all_records >= 4 * LANG_COUNT);
}

static void formulas_stay_text(void **state)
{
    (void)state;
    const struct kind *kind = kinds_find(node_kinds(f.node), STR("organization"));
    struct buf csv = buf_new((size_t)64 << 20);
    (void)export(EXPORT_CSV, kind, LANG_VI, &csv);
    struct arena a = arena_new((size_t)16 << 20);
    static struct csv_row row;
    struct csv r = csv_open(str_from(buf_str(&csv), 3), ',');
    bool more = true, seen = false;
    while (csv_next(&r, &a, &row, &more) == CAU_OK && more) {
        check(row.why == CSV_GOOD);
        for (size_t i = 0; i < row.n; i++) {
            struct str text = row.cell[i].text;
            check(text.len == 0 || memchr("=+-@\t", text.p[0], 6) == NULL);
            seen = seen || str_is(text, "'=cmd");
        }
    }
    check(seen);
    arena_free(&a);
    buf_free(&csv);
}

static void headings_are_labels(void **state)
{
    (void)state;
    const struct kind *kind = kinds_find(node_kinds(f.node), STR("organization"));
    struct buf csv = buf_new((size_t)64 << 20);
    (void)export(EXPORT_CSV, kind, LANG_RU, &csv);
    struct str text = str_from(buf_str(&csv), 3), head = str_next(&text, '\n');
    check(str_starts(
        head,
        STR("Код в исходной системе,Наименование (vi),Наименование (ru),Наименование (en)")));
    buf_free(&csv);
}

static void only_what_a_reader_may_see(void **state)
{
    (void)state;
    struct export_options o = {.format = EXPORT_JSONL, .country = STR("VN")};
    struct buf b = buf_new((size_t)64 << 20);
    struct export_sink sink = {&b, gather};
    struct actor nobody = actor_anonymous();
    uint64_t n = 0;
    check(export_write(f.node, &f.arena, actor_reader(&nobody), &o, &sink, &n) == CAU_OK);
    buf_add_char(&b, 0);
    check(strstr(b.p, "=cmd") == NULL); /* for partners */
    check(strstr(b.p, "Không mã") != NULL);
    check(strstr(b.p, "\"gone\"") == NULL); /* withdrawn */
    check(strstr(b.p, "\"n-1\"") == NULL);  /* has no country */
    check(strstr(b.p, "\"country\":\"RU\"") == NULL || strstr(b.p, "\"studies\"") != NULL);
    o.format = EXPORT_CSV;
    check(export_write(f.node, &f.arena, all, &o, &sink, &n) == CAU_ERR_REFUSED);
    buf_free(&b);
}

static enum cau_err refuse(void *ctx, struct str bytes)
{
    (void)bytes;
    return ++*(int *)ctx < 3 ? CAU_OK : CAU_ERR_FULL;
}

static void a_sink_that_fails_ends_it(void **state)
{
    (void)state;
    for (unsigned format = 0; format < EXPORT_FORMATS; format++) {
        int calls = format == EXPORT_XLSX || format == EXPORT_SDMX ? 2 : 0; /* one, or few */
        struct export_options o = {.format = (enum export_format)format,
                                   .kind = kinds_find(node_kinds(f.node), STR("organization"))};
        if (format == EXPORT_TBX || format == EXPORT_SKOS || format == EXPORT_SDMX)
            o.kind = NULL;
        struct export_sink sink = {&calls, refuse};
        uint64_t n = 77;
        check(export_write(f.node, &f.arena, all, &o, &sink, &n) == CAU_ERR_FULL && n == 77);
        enum export_format back;
        check(
            export_read_format(str_of(export_format_name((enum export_format)format)), &back) &&
            back == (enum export_format)format);
        check(export_media_type(back)[0] != 0);
    }
}

struct found {
    uint64_t pairs;
    bool of_record, escaped;
};

static enum cau_err look_for(void *ctx, const struct pairs_pair *p)
{
    struct found *found = ctx;
    found->pairs++;
    if (str_is(p->x, "sấm phượng") && str_is(p->y, "громобык"))
        found->of_record = true;
    if (str_is(p->y, "thunder & ox") && str_is(p->x, "громобык"))
        found->escaped = true;
    return CAU_OK;
}

/* What is written, our own readers read. */
static void terms_come_back(void **state)
{
    (void)state;
    static const enum export_format format[] = {EXPORT_TBX, EXPORT_SKOS};
    static const enum pairs_reader reader[] = {PAIRS_TBX, PAIRS_SKOS};
    struct found found[2] = {{0}};
    (void)import(
        STR("{\"kind\":\"term\",\"external_id\":\"t-1\",\"name\":{\"vi\":[\"sấm phượng\"],"
            "\"ru\":[\"громобык\"],\"en\":[\"thunder & ox\",\"<ox>\"]},"
            "\"related\":[\"wind-power\",\"t-2\"],\"broader\":[\"none\"]}\n"
            "{\"kind\":\"term\",\"external_id\":\"t-2\",\"name\":{\"vi\":[\"mưa phượng\"]}}\n"),
        "term", false);
    for (size_t i = 0; i < 2; i++) {
        struct buf b = buf_new((size_t)64 << 20);
        uint64_t n = export(format[i], NULL, LANG_VI, &b);
        check(n > 8002);
        const struct pairs_input in = {.reader = reader[i], .text = {buf_str(&b)}, .n = 1};
        const struct pairs_sink sink = {&found[i], look_for};
        struct pairs_fault fault;
        check(pairs_read(&in, &sink, &fault) == CAU_OK);
        check(found[i].of_record && found[i].escaped && found[i].pairs > 50000);
        buf_free(&b);
    }
    check(found[0].pairs == found[1].pairs);
    struct export_options o = {.format = EXPORT_TBX,
                               .kind = kinds_find(node_kinds(f.node), STR("need"))};
    struct buf b = buf_new(1000);
    struct export_sink sink = {&b, gather};
    check(export_write(f.node, &f.arena, all, &o, &sink, NULL) == CAU_ERR_REFUSED);
    buf_free(&b);
}

static void linked_data(void **state)
{
    (void)state;
    struct buf b = buf_new((size_t)64 << 20);
    uint64_t n = export(EXPORT_JSONLD, NULL, LANG_VI, &b);
    struct value v;
    check(json_read(&f.arena, buf_str(&b), b.len, JSON_OUTSIDE, &v, NULL) == CAU_OK);
    const struct value *graph = value_get(&v, "@graph");
    assert_int_equal(graph->n, n);
    bool found = false;
    for (uint32_t i = 0; i < graph->n; i++) {
        const struct value *node = &graph->item[i];
        check(str_starts(value_get_str(node, "@id"),
                         STR("https://test.cau.example/api/v1/records/r:")));
        check(value_get_str(node, "@type").len > 0 && value_get(node, "name") != NULL);
        const struct value *geo = value_get(node, "geo");
        if (geo == NULL || !str_starts(value_get_str(geo, "latitude"), STR("-12.5")))
            continue;
        found = true;
        check(str_is(value_get_str(node, "@type"), "Organization"));
        check(str_is(value_get_str(node, "foundingDate"), "1959-03-07"));
        check(
            str_is(value_get_str(&value_get(node, "parentOrganization")->item[0], "@id"), "x"));
        check(value_get(node, "identifier")->n == 2 && value_get(node, "citation")->n == 2);
    }
    check(found);
    buf_free(&b);
}

static void after_an_undo_exports_are_as_before(void **state)
{
    (void)state;
    struct buf before = buf_new((size_t)64 << 20), after = buf_new((size_t)64 << 20);
    struct export_options o = {.format = EXPORT_JSONL};
    struct export_sink one = {&before, gather}, two = {&after, gather};
    check(export_write(f.node, &f.arena, all, &o, &one, NULL) == CAU_OK);
    struct import_outcome out = import(
        STR("external_id,name.vi,types,city.vi\n=cmd,Tên khác,fund,Huế\nnew-1,Mới,fund,Huế\n"),
        "organization", false);
    check(out.added == 1 && out.changed == 1);
    check(import_undo(f.node, &f.arena, &boss, out.id, NULL, &out) == IMPORT_OK);
    check(export_write(f.node, &f.arena, all, &o, &two, NULL) == CAU_OK);
    check(str_equal(buf_str(&before), buf_str(&after)));
    buf_free(&before);
    buf_free(&after);
}

static void every_label_is_found_again(void **state)
{
    (void)state;
    /* Labels that would lead to another code are written as codes: there are few. */
    const struct kinds *kinds = node_kinds(f.node);
    struct form form;
    size_t bad = 0, all_codes = 0;
    check(form_open(&f.arena, kinds, kinds_find(kinds, STR("organization")), LANG_VI, &form) ==
          CAU_OK);
    for (size_t i = 0; i < kinds->list_count; i++)
        for (size_t k = 0; k < kinds->list[i].n; k++)
            for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
                struct str code;
                check(form_find_code(&form, &f.arena, &kinds->list[i],
                                     kinds->list[i].code[k].label[lang], &code) == CAU_OK);
                bad += !str_equal(code, kinds->list[i].code[k].code);
                all_codes++;
            }
    print_message("%zu of %zu labels are not unique\n", bad, all_codes);
    check(bad * 20 < all_codes);
    form_close(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_lines_come_back_the_same),
        cmocka_unit_test(tables_come_back_the_same),
        cmocka_unit_test(formulas_stay_text),
        cmocka_unit_test(headings_are_labels),
        cmocka_unit_test(only_what_a_reader_may_see),
        cmocka_unit_test(a_sink_that_fails_ends_it),
        cmocka_unit_test(linked_data),
        cmocka_unit_test(terms_come_back),
        cmocka_unit_test(after_an_undo_exports_are_as_before),
        cmocka_unit_test(every_label_is_found_again),
    };
    return cmocka_run_group_tests(tests, open_node, close_node);
}
