#include "exchange/form/ror.h"

#include "base/buf.h"
#include "record/json.h"
#include "record/record.h"
#include "test.h"

static struct arena a, permanent;
static struct kinds kinds;

static int open_kinds(void **state)
{
    (void)state;
    permanent = arena_new(32 << 20);
    a = arena_new(32 << 20);
    return kinds_load(&permanent, &kinds, NULL) == CAU_OK ? 0 : 1;
}

static int close_kinds(void **state)
{
    (void)state;
    arena_free(&a);
    arena_free(&permanent);
    return 0;
}

static struct value read_json(const char *text)
{
    struct value v;
    check(json_read(&a, str_of(text), 1 << 20, JSON_FORM, &v, NULL) == CAU_OK);
    return v;
}

/* The payload an import would write. */
static void check_payload(const char *record, struct ror_note expected_note,
                          const char *expected)
{
    struct value from = read_json(record), form;
    struct ror_note note;
    struct str place;
    check(ror_is(&from));
    check(ror_read(&a, &kinds, &from, &form, &note, &place) == CAU_OK);
    check(note.composed == expected_note.composed);
    check(note.children_left_out == expected_note.children_left_out);
    struct record_form out;
    static struct record_problems problems;
    check(record_check(&a, &kinds, &form, (struct record_rules){.all_fields = true}, &out,
                       &problems) == CAU_OK);
    struct buf b = buf_new(1 << 20);
    check(record_write(&b, &out.payload) == CAU_OK);
    buf_add_char(&b, 0);
    assert_string_equal(b.p, expected);
    buf_free(&b);
}

#define SOURCE(id, date)                                                                       \
    "\"sources\":[{" date "\"publisher\":\"Research Organization Registry\",\"url\":"          \
    "\"https://ror.org/" id "\"}"

static void schema_v2(void **state)
{
    (void)state;
    check_payload(
        "{\"id\":\"https://ror.org/02jmfj006\",\"admin\":{\"last_modified\":{\"date\":"
        "\"2025-10-28\"}},\"status\":\"active\",\"established\":970,\"types\":[\"education\","
        "\"funder\"],\"domains\":[\"x.vn\"],\"names\":[{\"value\":\"HUST\",\"lang\":null,"
        "\"types\":"
        "[\"acronym\"]},{\"value\":\"Alias\",\"lang\":\"en\",\"types\":[\"alias\"]},{\"value\":"
        "\"Hanoi "
        "University\",\"lang\":\"en\",\"types\":[\"label\",\"ror_display\"]},{\"value\":"
        "\"Đại "
        "học\",\"lang\":\"vi\",\"types\":[\"label\"]},{\"value\":\"Alias\",\"lang\":\"en\","
        "\"types\":[\"label\"]},{\"value\":\"Q\",\"lang\":\"qq\",\"types\":[\"label\"]}],"
        "\"links\":"
        "[{\"type\":\"website\",\"value\":\"https://x.vn\"},{\"type\":\"wikipedia\",\"value\":"
        "\"http://en.wikipedia.org/wiki/"
        "X\"}],\"locations\":[{\"geonames_id\":1,\"geonames_details\":"
        "{\"country_code\":\"VN\",\"name\":\"Hanoi\",\"lat\":21.0245,\"lng\":105.84117}}],"
        "\"external_ids\":[{\"type\":\"isni\",\"preferred\":null,\"all\":[\"0000 1\",\"0000 "
        "2\"]},"
        "{\"type\":\"grid\",\"preferred\":\"grid.2\",\"all\":[\"grid.1\",\"grid.2\"]},{"
        "\"type\":"
        "\"ukprn\",\"preferred\":\"1\",\"all\":[\"1\"]}],\"relationships\":[{\"type\":"
        "\"parent\","
        "\"id\":\"https://ror.org/00000000x\",\"label\":\"Elsewhere\"}]}",
        (struct ror_note){0},
        "{\"city\":{\"en\":\"Hanoi\"},\"coordinates\":{\"latitude\":\"21.02450\",\"longitude\":"
        "\"105.84117\"},\"country\":\"VN\",\"domains\":[\"x.vn\"],\"established\":\"0970\","
        "\"external_id\":\"https://ror.org/"
        "02jmfj006\",\"identifiers\":{\"grid\":\"grid.2\",\"isni\":"
        "\"0000 "
        "1\",\"ror\":\"https://ror.org/"
        "02jmfj006\"},\"links\":[{\"label\":\"Elsewhere\",\"rel\":"
        "\"parent\",\"to\":\"https://ror.org/00000000x\"}],\"name\":{\"en\":[\"Hanoi "
        "University\","
        "\"Alias\"],\"und\":[\"Q\",\"HUST\"],\"vi\":[\"Đại học\"]}," SOURCE(
            "02jmfj006",
            "\"date\":\"2025-10-28\",") ",{\"publisher\":\"Wikipedia\",\"url\":\"http://"
                                        "en.wikipedia.org/wiki/"
                                        "X\"}],\"status\":\"active\",\"types\":"
                                        "[\"university\",\"fund\"],\"websites\":[\"https://"
                                        "x.vn\"]}");
}

static void schema_v1(void **state)
{
    (void)state;
    check_payload(
        "{\"id\":\"https://ror.org/0028hwj42\",\"name\":\"Research Center\",\"types\":"
        "[\"Government\"],\"status\":\"inactive\",\"established\":1983,\"labels\":[{\"label\":"
        "\"Научный центр\",\"iso639\":\"ru\"}],\"aliases\":[\"Centre\"],\"acronyms\":[\"RC\"],"
        "\"links\":[\"http://"
        "www.spbrc.nw.ru\"],\"wikipedia_url\":\"\",\"external_ids\":{\"ISNI\":"
        "{\"preferred\":null,\"all\":[\"0000\"]},\"GRID\":{\"preferred\":\"\",\"all\":\"grid."
        "1\"},"
        "\"OrgRef\":{\"all\":[\"1\"]}},\"relationships\":[{\"type\":\"Parent\",\"id\":"
        "\"https://ror.org/"
        "05qrfxd25\",\"label\":\"RAS\"}],\"addresses\":[{\"lat\":59.9,\"lng\":30.3,"
        "\"city\":\"St Petersburg\",\"geonames_city\":{\"city\":\"Saint "
        "Petersburg\"}}],\"country\":"
        "{\"country_code\":\"RU\",\"country_name\":\"Russia\"}}",
        (struct ror_note){0},
        "{\"city\":{\"en\":\"Saint "
        "Petersburg\"},\"coordinates\":{\"latitude\":\"59.90000\",\"longitude\":"
        "\"30.30000\"},\"country\":\"RU\",\"established\":\"1983\",\"external_id\":\"https://"
        "ror.org/"
        "0028hwj42\",\"identifiers\":{\"grid\":\"grid.1\",\"isni\":\"0000\",\"ror\":\"https://"
        "ror.org/"
        "0028hwj42\"},\"links\":[{\"label\":\"RAS\",\"rel\":\"parent\",\"to\":\"https://"
        "ror.org/"
        "05qrfxd25\"}],\"name\":{\"ru\":[\"Научный центр\"],\"und\":[\"Research "
        "Center\",\"Centre\","
        "\"RC\"]}," SOURCE("0028hwj42",
                           "") "],\"status\":\"inactive\",\"types\":[\"government\"],"
                               "\"websites\":[\"http://www.spbrc.nw.ru\"]}");
}

static void the_reduced_edition_and_a_withdrawn_record(void **state)
{
    (void)state;
    check_payload(
        "{\"id\":\"https://ror.org/"
        "01\",\"status\":\"withdrawn\",\"types\":[\"company\"],\"names\":"
        "[{\"value\":\"Vie\xCC\xA3n\",\"types\":[\"ror_display\"]}],\"links\":[],\"locations\":"
        "[{\"country\":\"VN\",\"name\":\"Hue\",\"lat\":16.5,\"lng\":107}],\"external_ids\":"
        "{\"wikidata\":\"Q1\"},\"relationships\":[{\"type\":\"successor\",\"id\":\"https://"
        "ror.org/02\","
        "\"label\":\"New\"}]}",
        (struct ror_note){.composed = true},
        "{\"city\":{\"en\":\"Hue\"},\"coordinates\":{\"latitude\":\"16.50000\",\"longitude\":"
        "\"107.00000\"},"
        "\"country\":\"VN\",\"external_id\":\"https://ror.org/01\",\"identifiers\":{\"ror\":"
        "\"https://ror.org/01\",\"wikidata\":\"Q1\"},\"links\":[{\"label\":\"New\",\"rel\":"
        "\"successor\",\"to\":\"https://ror.org/02\"}],\"name\":{\"und\":[\"Viẹn\"]}," SOURCE(
            "01", "") "],\"status\":\"withdrawn\",\"types\":[\"enterprise\"],\"withdrawn\":"
                      "\"source_withdrawn\"}");
}

static void check_refused(const char *record, const char *expected_place)
{
    struct value from = read_json(record), form = value_true();
    struct ror_note note = {.composed = true};
    struct str place;
    check(ror_read(&a, &kinds, &from, &form, &note, &place) == CAU_ERR_SYNTAX);
    check(str_is(place, expected_place));
    check(form.type == VALUE_TRUE && note.composed); /* unchanged */
}

static void other_shapes_are_refused_with_the_place(void **state)
{
    (void)state;
    check_refused("{}", "id");
    check_refused("[]", "id");
    check_refused("{\"id\":\"https://example.org/1\"}", "id");
    check_refused("{\"id\":\"https://ror.org/1\",\"names\":{}}", "names");
    check_refused("{\"id\":\"https://ror.org/1\",\"names\":[]}", "names");
    check_refused("{\"id\":\"https://ror.org/1\",\"names\":[7]}", "names");
    check_refused("{\"id\":\"https://ror.org/1\",\"name\":\"x\",\"types\":[1]}", "types");
    check_refused("{\"id\":\"https://ror.org/1\",\"name\":\"x\",\"links\":1}", "links");
    check_refused("{\"id\":\"https://ror.org/1\",\"name\":\"x\",\"relationships\":[1]}",
                  "relationships");
    check_refused("{\"id\":\"https://ror.org/1\",\"name\":\"x\"}", "status");
    struct value from = read_json("{\"id\":\"https://ror.org/1\"}");
    check(!ror_is(&from));
    from = read_json("{\"id\":1,\"names\":[]}");
    check(!ror_is(&from));
}

/* A record with n names or relations; what says which. */
static struct value many(size_t names, size_t children)
{
    struct buf b = buf_new(1 << 20);
    buf_add_word(&b, "{\"id\":\"https://ror.org/"
                     "1\",\"status\":\"active\",\"types\":[\"other\"],\"names\":[");
    for (size_t i = 0; i < names; i++)
        buf_printf(&b, "%s{\"value\":\"n%zu\",\"lang\":\"en\",\"types\":[\"label\"]}",
                   i > 0 ? "," : "", i);
    buf_add_word(&b,
                 "],\"relationships\":[{\"type\":\"related\",\"id\":\"https://ror.org/2\"}");
    for (size_t i = 0; i < children; i++)
        buf_printf(&b, ",{\"type\":\"child\",\"id\":\"https://ror.org/c%zu\"}", i);
    buf_add_word(&b, "]}");
    buf_add_char(&b, 0);
    struct value v = read_json(b.p);
    buf_free(&b);
    return v;
}

static void limits_hold(void **state)
{
    (void)state;
    struct value form;
    struct ror_note note;
    struct str place;
    struct value from = many(ROR_NAMES_MAX, ROR_LINKS_MAX - 1);
    check(ror_read(&a, &kinds, &from, &form, &note, &place) == CAU_OK);
    check(value_get(&form, "links")->n == ROR_LINKS_MAX && !note.children_left_out);
    from = many(ROR_NAMES_MAX + 1, 0);
    check(ror_read(&a, &kinds, &from, &form, &note, &place) == CAU_ERR_SYNTAX);
    check(str_is(place, "names"));
    from = many(1, ROR_LINKS_MAX);
    check(ror_read(&a, &kinds, &from, &form, &note, &place) == CAU_OK);
    check(value_get(&form, "links")->n == 1 && note.children_left_out);

    struct arena small = {a.base, 64, 0};
    from = many(3, 3);
    static _Alignas(16) unsigned char space[1024];
    for (size_t cap = 0; cap < sizeof space; cap += 16) {
        small = (struct arena){space, cap, 0};
        check(ror_read(&small, &kinds, &from, &form, &note, &place) == CAU_ERR_MEMORY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_v2),
        cmocka_unit_test(schema_v1),
        cmocka_unit_test(the_reduced_edition_and_a_withdrawn_record),
        cmocka_unit_test(other_shapes_are_refused_with_the_place),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, open_kinds, close_kinds);
}
