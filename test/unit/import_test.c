#include "exchange/import/import.h"

#include "exchange/import/import_int.h"
#include "fixture.h"

#include <unistd.h>

static struct fixture f;
static struct actor boss;

static int open_node(void **state)
{
    (void)state;
    fixture_open(&f);
    boss = actor_operator();
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

static struct import_outcome out;

static enum import_why run(const char *text, const struct import_options *o)
{
    enum import_why why = import_run(f.node, &f.arena, &boss, str_of(text), o, NULL, &out);
    if (why != IMPORT_OK)
        print_message("%s: %.*s %.*s\n", import_why_name(why), STR_ARG(out.fault.code),
                      STR_ARG(out.fault.value));
    return why;
}

static void check_counts(uint32_t added, uint32_t changed, uint32_t same, uint32_t refused,
                         uint32_t alike)
{
    assert_int_equal(out.added, added);
    assert_int_equal(out.changed, changed);
    assert_int_equal(out.same, same);
    assert_int_equal(out.refused, refused);
    assert_int_equal(out.alike, alike);
}

/* The objects of a report of one sort. */
static uint32_t reported(const char *what, const char *code, const struct value **first)
{
    static struct value report;
    uint32_t n = 0;
    check(json_read(&f.arena, out.report, LOCAL_REPORT_BYTES_MAX, JSON_FORM, &report, NULL) ==
          CAU_OK);
    for (uint32_t i = 0; i < report.n; i++) {
        const struct value *item = &report.item[i];
        if (!str_is(value_get_str(item, "what"), what) ||
            (code != NULL && !str_is(value_get_str(item, "code"), code)))
            continue;
        if (n++ == 0 && first != NULL)
            *first = item;
    }
    return n;
}

static struct view_record get(const char *external_id)
{
    struct view_record r = {0};
    check(fixture_get(&f, &boss, str_of(external_id), &r) == CAU_OK);
    return r;
}

#define ORG(id, more)                                                                          \
    "{\"kind\":\"organization\",\"external_id\":\"" id "\",\"types\":[\"institute\"]," more    \
    "}\n"

static void looking_writes_nothing(void **state)
{
    (void)state;
    struct import_options o = {.file = STR("a.jsonl")};
    const char *text =
        ORG("look-1", "\"name\":{\"vi\":\"Viện A\"}") ORG("look-2", "\"name\":{}") "nonsense\n";
    check(import_look(f.node, &f.arena, &boss, str_of(text), &o, NULL, &out) == IMPORT_OK);
    check_counts(1, 0, 0, 2, 0);
    check(out.id == 0 && out.rows == 3);
    check(reported("refused", "required", NULL) == 1 &&
          reported("refused", "json_syntax", NULL) == 1);
    struct view_record r;
    check(fixture_get(&f, &boss, STR("look-1"), &r) == CAU_ERR_UNKNOWN);
}

static void rows_are_added_changed_same_refused(void **state)
{
    (void)state;
    struct import_options o = {0};
    const char *first = ORG("run-1", "\"name\":{\"vi\":\"Viện Một\"},\"city\":{\"vi\":\"Huế\"}")
        ORG("run-2",
            "\"name\":{\"vi\":\"Viện Hai\"},\"country\":\"VN\",\"visibility\":\"private\"")
            ORG("run-1", "\"name\":{\"vi\":\"Viện Một nữa\"}")
                ORG("run-3", "\"name\":{\"vi\":\"Vie\xCC\xA3n\"}");
    check(run(first, &o) == IMPORT_OK);
    check_counts(2, 0, 0, 2, 0);
    const struct value *item;
    check(reported("refused", "external_id_twice", &item) == 1 &&
          value_get_int(item, "limit", 0) == 1);
    check(reported("refused", "not_nfc", &item) == 1 && value_get_int(item, "row", 0) == 4);
    check(str_is(value_get_str(item, "column"), "name.vi"));
    struct view_record r = get("run-2");
    check(r.audience == RECORD_PRIVATE);
    char name[IMPORT_NAME_CHARS];
    import_name(out.id, name);
    const struct value *audit = value_get(&r.payload, "audit");
    check(str_is(value_get_str(audit, "import"), name) &&
          str_is(value_get_str(audit, "role"), "operator"));

    /* Again: the same; then with a change, which names one field: the others stay. */
    check(run(first, &o) == IMPORT_OK);
    check_counts(0, 0, 2, 2, 0);
    check(run("{\"kind\":\"organization\",\"external_id\":\"run-1\",\"types\":[\"bank\"],"
              "\"name\":{\"vi\":\"Viện Một\"}}",
              &o) == IMPORT_OK);
    check_counts(0, 1, 0, 0, 0);
    check(reported("changed", NULL, &item) == 1);
    const struct value *change = &value_get(item, "changes")->item[0];
    check(str_is(value_get_str(change, "place"), "types[0]") &&
          str_is(value_get_str(change, "old"), "institute") &&
          str_is(value_get_str(change, "new"), "bank"));
    r = get("run-1");
    check(str_is(value_get_str(value_get(&r.payload, "city"), "vi"), "Huế"));
    /* null removes; a record of another kind is not overwritten. */
    check(run(ORG("run-1",
                  "\"name\":{\"vi\":\"Viện Một\"},\"city\":null") "{\"kind\":\"need\","
                                                                  "\"external_id\":\"run-2\","
                                                                  "\"title\":{\"vi\":\"Cần\"}}",
              &o) == IMPORT_OK);
    check_counts(0, 1, 0, 1, 0);
    check(reported("refused", "taken", NULL) == 1);
    r = get("run-1");
    check(value_get(&r.payload, "city") == NULL);
    /* The same record from public to private: the public log forgets it. */
    check(run(ORG("run-1", "\"name\":{\"vi\":\"Viện Một\"},\"visibility\":\"private\""), &o) ==
          IMPORT_OK);
    check_counts(0, 1, 0, 0, 0);
    struct actor nobody = actor_anonymous();
    check(get("run-1").audience == RECORD_PRIVATE);
    check(fixture_get(&f, &nobody, STR("run-1"), &r) == CAU_ERR_UNKNOWN);
}

static void what_looks_alike_is_told(void **state)
{
    (void)state;
    struct import_options o = {0};
    check(run(ORG("alike-1", "\"name\":{\"vi\":\"Viện Hàn lâm Khoa "
                             "học\"},\"country\":\"VN\",\"identifiers\":{\"ror\":\"r1\"},"
                             "\"websites\":[\"https://www.vast.gov.vn/vi\"]"),
              &o) == IMPORT_OK);
    const char *file =
        ORG("alike-2", "\"name\":{\"en\":\"A\"},\"identifiers\":{\"ror\":\"r1\"}")
            ORG("alike-3", "\"name\":{\"en\":\"VIEN HAN LAM  KHOA HOC\"},\"country\":\"VN\"")
                ORG("alike-4", "\"name\":{\"vi\":\"Viện Hàn lâm Khoa học\"},\"country\":\"LA\"")
                    ORG("alike-5", "\"name\":{\"en\":\"B\"},\"domains\":[\"vast.gov.vn\"]");
    check(run(file, &o) == IMPORT_OK);
    check_counts(4, 0, 0, 0, 3);
    const struct value *item;
    check(reported("alike", NULL, &item) == 3);
    check(str_is(value_get_str(item, "why"), "identifier") &&
          value_get_int(item, "row", 0) == 1);
    struct view_record known = get("alike-1");
    check(str_equal(value_get_str(item, "id"), known.id));
    struct buf line = buf_new(1000);
    import_say(&line, LANG_EN, item);
    check(line.len > 20);
    buf_free(&line);

    /* Choices: the same, not the same, later. */
    struct str id = known.id;
    struct import_choice choice[] = {
        {1, IMPORT_SAME, id}, {2, IMPORT_LATER, {NULL, 0}}, {3, IMPORT_DIFFERENT, {NULL, 0}}};
    o.choice = choice;
    o.choice_count = countof(choice);
    check(run(ORG("c-1", "\"name\":{\"vi\":\"Viện Hàn lâm Khoa học\"},\"city\":{\"vi\":\"Hà "
                         "Nội\"},\"country\":\"VN\"")
                  ORG("c-2", "\"name\":{\"vi\":\"Viện Hàn lâm Khoa học\"},\"country\":\"VN\"")
                      ORG("c-3",
                          "\"name\":{\"vi\":\"Viện Hàn lâm Khoa học\"},\"country\":\"VN\""),
              &o) == IMPORT_OK);
    check_counts(1, 1, 0, 0, 0);
    check(out.skipped == 1);
    struct view_record r = get("alike-1"); /* keeps its own external id */
    check(value_get(&r.payload, "city") != NULL && str_equal(r.id, id));
}

static uint32_t count_public(void)
{
    uint32_t n = 0;
    struct view *v = view_take(f.node);
    struct index_reader reader = {.audiences = 1};
    for (uint32_t doc = 1; doc < 2000; doc++) {
        struct view_record r;
        size_t before = f.arena.used;
        n += view_get(v, &f.arena, reader, doc, &r) == CAU_OK && !r.withdrawn;
        f.arena.used = before;
    }
    view_give(f.node, v);
    return n;
}

static void undo_takes_everything_back(void **state)
{
    (void)state;
    struct import_options o = {0};
    check(run(ORG("undo-1", "\"name\":{\"vi\":\"Cũ\"}"), &o) == IMPORT_OK);
    uint32_t before = count_public();
    check(run(ORG("undo-1", "\"name\":{\"vi\":\"Mới\"}")
                  ORG("undo-2", "\"name\":{\"vi\":\"Hai\"}")
                      ORG("undo-3", "\"name\":{\"vi\":\"Ba\"}"),
              &o) == IMPORT_OK);
    uint32_t id = out.id;
    check(count_public() == before + 2);
    /* Somebody works on one of them. */
    struct view_record three = get("undo-3");
    check(fixture_save(&f, &boss,
                       "{\"kind\":\"organization\",\"external_id\":\"undo-3\",\"types\":["
                       "\"bank\"],\"name\":{\"vi\":\"Ba\"}}",
                       three.id, NULL) == REGISTER_DONE);

    check(import_undo(f.node, &f.arena, &boss, id, NULL, &out) == IMPORT_OK);
    check(out.changed == 2 && out.skipped == 1);
    check(reported("skipped", "changed_since", NULL) == 1);
    struct view_record r = get("undo-1");
    check(str_is(value_get(value_get(&r.payload, "name"), "vi")->item[0].string, "Cũ"));
    check(!r.withdrawn && r.n == 3);
    r = get("undo-2");
    check(r.withdrawn && str_is(value_get_str(&r.payload, "withdrawn"), "import_undone"));
    check(!get("undo-3").withdrawn);
    check(count_public() == before + 1);
    check(import_undo(f.node, &f.arena, &boss, id, NULL, &out) == IMPORT_STATE);
    check(import_undo(f.node, &f.arena, &boss, 999, NULL, &out) == IMPORT_GONE);

    /* The file once more: what was withdrawn comes back. */
    check(run(ORG("undo-2", "\"name\":{\"vi\":\"Hai\"}"), &o) == IMPORT_OK);
    check_counts(0, 1, 0, 0, 0);
    check(!get("undo-2").withdrawn);
}

struct stopper {
    unsigned calls, most;
};

static bool stop_after(void *ctx, uint64_t done, uint64_t all,
                       const struct import_outcome *so_far)
{
    struct stopper *s = ctx;
    check(done <= all && so_far != NULL);
    return ++s->calls < s->most;
}

static void a_stopped_import_can_be_undone(void **state)
{
    (void)state;
    struct buf text = buf_new(1 << 20);
    for (int i = 0; i < 1500; i++)
        buf_printf(&text, ORG("stop-%d", "\"name\":{\"vi\":\"Viện %d\"}"), i, i);
    struct import_options o = {0};
    struct stopper s = {0, 3};
    struct import_progress progress = {&s, stop_after};
    check(import_run(f.node, &f.arena, &boss, buf_str(&text), &o, &progress, &out) ==
          IMPORT_STOPPED);
    check(out.added > 0 && out.added < 1500 && out.id > 0);
    uint32_t id = out.id, added = out.added;
    check(get("stop-0").doc > 0);
    check(import_undo(f.node, &f.arena, &boss, id, NULL, &out) == IMPORT_OK);
    check(out.changed == added && out.skipped == 0);
    check(get("stop-0").withdrawn);
    buf_free(&text);
}

static void tables(void **state)
{
    (void)state;
    const char *csv = "Danh sách\n"
                      "Mã;Tên đơn vị;Loại hình;Quốc gia;MST;Ghi chú nội bộ\n"
                      "t-1;Viện Bảng;Viện nghiên cứu;Việt Nam;0100109106;x\n"
                      "t-2;Viện Sai;Không có loại này;VN;12;\n"
                      ";;;;;\n"
                      "t-3;\"Viện;;;;\n";
    struct import_options o = {.kind = STR("organization"), .file = STR("a.csv")};
    check(run(csv, &o) == IMPORT_OK);
    check_counts(1, 0, 0, 2, 0);
    const struct value *item;
    check(reported("warning", "column_left_out", &item) == 1);
    check(str_is(value_get_str(item, "column"), "Ghi chú nội bộ"));
    check(reported("refused", "wrong_digits", &item) == 1);
    check(str_is(value_get_str(item, "column"), "MST") && value_get_int(item, "row", 0) == 4);
    check(reported("refused", "csv_quote_open", &item) == 1 &&
          value_get_int(item, "row", 0) == 6);
    struct view_record r = get("t-1");
    check(str_is(value_get_str(&r.payload, "country"), "VN"));

    /* Other columns of the same record join what is there. */
    check(run("external_id,name.ru\nt-1,Институт\n", &o) == IMPORT_OK);
    check_counts(0, 1, 0, 0, 0);
    r = get("t-1");
    check(value_get(&r.payload, "name")->n == 2 && value_get(&r.payload, "country") != NULL);

    o.kind = STR("");
    check(run(csv, &o) == IMPORT_BAD_OPTIONS && str_is(out.fault.code, "kind_needed"));
    o.kind = STR("planet");
    check(run(csv, &o) == IMPORT_BAD_OPTIONS && str_is(out.fault.code, "unknown_kind"));
    o.kind = STR("organization");
    o.profile = STR("nobody's");
    check(run(csv, &o) == IMPORT_BAD_OPTIONS && str_is(out.fault.code, "unknown_profile"));
    o.profile = STR("");
    check(run("x;y\n1;2\n", &o) == IMPORT_BAD_FILE && str_is(out.fault.code, "no_headings"));
    check(run("Tên\n\xFF\n", &o) == IMPORT_BAD_FILE && str_is(out.fault.code, "bad_charset"));
    check(out.fault.row == 2 && out.fault.limit == 1);
    check(run("", &o) == IMPORT_BAD_FILE && str_is(out.fault.code, "no_rows"));
    o.charset = CHARSET_1251;
    check(run("external_id;name;types\nt-9;\xC8\xED\xF1\xF2\xE8\xF2\xF3\xF2;bank\n", &o) ==
          IMPORT_OK);
    r = get("t-9");
    check(str_is(value_get(value_get(&r.payload, "name"), "ru")->item[0].string, "Институт"));
}

static void a_broken_file_writes_nothing(void **state)
{
    (void)state;
    struct import_options o = {0};
    check(run("[{\"kind\":\"organization\",\"external_id\":\"half-1\",\"types\":[\"bank\"],"
              "\"name\":{\"en\":\"x\"}},",
              &o) == IMPORT_BAD_FILE);
    check(str_is(out.fault.code, "json_array") && out.added == 0);
    struct view_record r;
    check(fixture_get(&f, &boss, STR("half-1"), &r) == CAU_ERR_UNKNOWN);
    o.format = IMPORT_XLSX;
    check(run("a,b", &o) == IMPORT_BAD_FILE && str_is(out.fault.code, "xlsx_not_zip"));
    check(reported("refused", "xlsx_not_zip", NULL) == 1); /* kept, for the page */
}

static enum cau_err gather(void *ctx, struct str bytes)
{
    buf_add(ctx, bytes);
    return CAU_OK;
}

static void in_steps(void **state)
{
    (void)state;
    const char *csv =
        "Mã;Cột lạ;Loại hình\ns-1;Viện Bước;institute\ns-2;;bank\ns-3;=1+2;bank\n";
    struct import_options o = {.kind = STR("organization"), .file = STR("bước.csv")};
    uint32_t id = 0;
    check(import_keep(f.node, &f.arena, &boss, str_of(csv), &o, &id) == IMPORT_OK && id > 0);

    struct import_columns columns;
    check(import_look_columns(f.node, &f.arena, STR(""), id, &o, &columns) == IMPORT_OK);
    check(columns.n == 3 && columns.delimiter == ';' && columns.format == IMPORT_CSV);
    check(str_is(columns.column[0].to, "external_id") && columns.column[1].to.len == 0);
    check(str_is(columns.column[1].sample[0], "Viện Bước") &&
          str_is(columns.column[1].sample[1], "=1+2"));

    o.mapping = STR("{\"kind\":\"organization\",\"columns\":[{\"head\":\"Cột "
                    "lạ\",\"to\":\"name.vi\"}],\"fixed\":{\"country\":\"VN\"}}");
    o.save_as = STR("Sở KH&CN");
    check(import_preview(f.node, &f.arena, &boss, id, &o, NULL, &out) == IMPORT_OK);
    check_counts(2, 0, 0, 1, 0);
    check(import_confirm(f.node, &f.arena, &boss, id, NULL, &out) == IMPORT_OK);
    check_counts(2, 0, 0, 1, 0);
    check(out.id == id);
    struct view_record r = get("s-1");
    check(str_is(value_get_str(&r.payload, "country"), "VN"));
    check(import_confirm(f.node, &f.arena, &boss, id, NULL, &out) == IMPORT_STATE);
    check(import_preview(f.node, &f.arena, &boss, id, NULL, NULL, &out) == IMPORT_STATE);
    check(import_drop(f.node, &f.arena, &boss, id) == IMPORT_STATE);

    /* The refused row comes back with one more column. */
    struct buf refused = buf_new(10000);
    struct import_sink sink = {&refused, gather};
    check(import_refused(f.node, &f.arena, STR(""), id, LANG_VI, &sink) == IMPORT_OK);
    struct str text = str_from(buf_str(&refused), 3);
    check(str_equal(str_next(&text, '\n'), STR("Mã,Cột lạ,Loại hình,Lý do không nhập được\r")));
    check(str_starts(text, STR("s-2,,bank,")));
    buf_free(&refused);

    /* The mapping was kept as a profile. */
    struct import_options by_profile = {.profile = STR("Sở KH&CN"), .file = STR("a.csv")};
    check(import_look(f.node, &f.arena, &boss, str_of(csv), &by_profile, NULL, &out) ==
          IMPORT_OK);
    check_counts(0, 0, 2, 1, 0);

    check(import_keep(f.node, &f.arena, &boss, STR("Tên\nA\n"), &o, &id) == IMPORT_OK);
    check(import_drop(f.node, &f.arena, &boss, id) == IMPORT_OK);
    check(import_preview(f.node, &f.arena, &boss, id, NULL, NULL, &out) == IMPORT_STATE);
    check(import_keep(f.node, &f.arena, &boss, STR(""), &o, &id) == IMPORT_BAD_FILE);
}

static void who_may(void **state)
{
    (void)state;
    struct actor member = {.user = 7, .roles = LOCAL_MEMBER},
                 editor = {.user = 8, .roles = LOCAL_EDITOR};
    struct import_options o = {0};
    const char *need =
        "{\"kind\":\"need\",\"external_id\":\"who-1\",\"title\":{\"vi\":\"Cần máy\"}}\n"
        "{\"kind\":\"need\",\"external_id\":\"who-2\",\"publication\":\"published\",\"title\":{"
        "\"vi\":\"Cần\"}}\n"
        "{\"kind\":\"review\",\"external_id\":\"who-3\"}\n";
    uint32_t id;
    check(import_run(f.node, &f.arena, &member, str_of(need), &o, NULL, &out) ==
          IMPORT_NOT_ALLOWED);
    check(import_look(f.node, &f.arena, &member, str_of(need), &o, NULL, &out) ==
          IMPORT_NOT_ALLOWED);
    check(import_keep(f.node, &f.arena, &member, str_of(need), &o, &id) == IMPORT_NOT_ALLOWED);
    check(import_undo(f.node, &f.arena, &member, 1, NULL, &out) == IMPORT_NOT_ALLOWED);
    check(import_run(f.node, &f.arena, &editor, str_of(need), &o, NULL, &out) == IMPORT_OK);
    check_counts(1, 0, 0, 2, 0);
    check(reported("refused", "by_rule", NULL) == 1);
    struct view_record r = get("who-1"); /* waits for the second person */
    check(r.audience == RECORD_PRIVATE &&
          str_is(value_get_str(&r.payload, "publication"), "submitted"));
}

static void ror_files(void **state)
{
    (void)state;
    const char *ror =
        "[{\"id\":\"https://ror.org/"
        "1\",\"status\":\"active\",\"types\":[\"education\"],\"established\":1956,\"names\":"
        "[{\"value\":\"Vie\xCC\xA3n\",\"lang\":\"vi\",\"types\":[\"ror_display\"]}]},{\"id\":"
        "\"https://ror.org/2\"}]";
    struct import_options o = {0};
    check(run(ror, &o) == IMPORT_OK);
    check_counts(1, 0, 0, 1, 0);
    check(reported("warning", "composed", NULL) == 1 &&
          reported("refused", "ror_shape", NULL) == 1);
    /* What an editor adds stays; what the feed no longer says goes. */
    struct view_record r = get("https://ror.org/1");
    struct str id = r.id;
    check(fixture_save(&f, &boss,
                       "{\"kind\":\"organization\",\"external_id\":\"https://ror.org/"
                       "1\",\"types\":[\"university\"],\"name\":{"
                       "\"vi\":\"Viện\",\"ru\":\"Институт\"},\"established\":\"1956\","
                       "\"status\":\"active\"}",
                       id, NULL) == REGISTER_DONE);
    check(run("{\"id\":\"https://ror.org/"
              "1\",\"status\":\"withdrawn\",\"types\":[\"education\"],\"names\":[{\"value\":"
              "\"Viện\","
              "\"lang\":\"vi\",\"types\":[\"ror_display\"]}],\"relationships\":[{\"type\":"
              "\"successor\",\"id\":"
              "\"https://ror.org/3\",\"label\":\"New\"}]}",
              &o) == IMPORT_OK);
    check_counts(0, 1, 0, 0, 0);
    r = get("https://ror.org/1");
    check(r.withdrawn && value_get(&r.payload, "established") == NULL);
    check(value_get(value_get(&r.payload, "name"), "ru") != NULL);
}

static void names_of_imports(void **state)
{
    (void)state;
    char name[IMPORT_NAME_CHARS];
    import_name(7, name);
    assert_string_equal(name, "import-0007");
    import_name(UINT32_MAX, name);
    check(import_read_name(str_of(name)) == UINT32_MAX);
    check(import_read_name(STR("import-0007")) == 7 && import_read_name(STR("7")) == 7);
    check(import_read_name(STR("import-x")) == 0 && import_read_name(STR("")) == 0);
    for (unsigned i = 0; i < IMPORT_FORMATS; i++) {
        enum import_format format;
        check(import_read_format(str_of(import_format_name((enum import_format)i)), &format) &&
              format == (enum import_format)i);
    }
    for (unsigned i = 0; i < IMPORT_WHYS; i++)
        check(import_why_name((enum import_why)i)[0] != 0);
}

static void options_go_round(void **state)
{
    (void)state;
    struct import_choice choice[] = {{3, IMPORT_SAME, STR("r:x")},
                                     {9, IMPORT_LATER, {NULL, 0}}};
    struct import_options o = {.format = IMPORT_XLSX,
                               .kind = STR("need"),
                               .profile = STR("Hồ sơ \"1\""),
                               .mapping = STR("{}"),
                               .charset = CHARSET_1258,
                               .delimiter = '\t',
                               .sheet = STR("Лист"),
                               .compose = true,
                               .choice = choice,
                               .choice_count = 2},
                          again;
    struct buf b = buf_new(10000), c = buf_new(10000);
    import_options_write(&b, &o);
    check(import_options_read(&f.arena, buf_str(&b), &again) == CAU_OK);
    check(again.choice_count == 2 && again.choice[1].what == IMPORT_LATER &&
          again.delimiter == '\t' && again.compose);
    import_options_write(&c, &again);
    check(str_equal(buf_str(&b), buf_str(&c)));
    check(import_options_read(&f.arena, STR("[]"), &again) == CAU_ERR_SYNTAX);
    check(import_options_read(
              &f.arena, STR("{\"format\":\"guess\",\"charset\":\"guess\",\"choices\":[{}]}"),
              &again) == CAU_ERR_SYNTAX);
    buf_free(&b);
    buf_free(&c);
}

static void the_report_is_limited(void **state)
{
    (void)state;
    struct import_report r = import_report_new();
    char big[4 * IMPORT_VALUE_POINTS];
    memset(big, 'x', sizeof big);
    size_t n = LOCAL_REPORT_BYTES_MAX / 200;
    for (size_t i = 0; i < n; i++) {
        struct import_fault fault = {
            .row = (uint32_t)i + 1, .code = STR("required"), .value = {big, sizeof big}};
        import_report_fault(&r, &fault, false, STR("\x01\xEF\xBF\xBF title\n"));
    }
    check(import_report_close(&r, &f.arena, &out.report) == CAU_OK);
    check(out.report.len <= LOCAL_REPORT_BYTES_MAX &&
          out.report.len > LOCAL_REPORT_BYTES_MAX - 1000);
    const struct value *more, *first;
    uint32_t listed = reported("refused", NULL, &first);
    check(value_get_str(first, "value").len == IMPORT_VALUE_POINTS);
    check(str_is(value_get_str(first, "title"), "\xEF\xBF\xBD\xEF\xBF\xBD title "));
    check(reported("more", NULL, &more) == 1);
    assert_int_equal(value_get_int(more, "left_off", 0), n - listed);
    import_report_free(&r);
    arena_reset(&f.arena);
}

static void the_worker_tells_how_far_an_undo_is(void **state)
{
    (void)state;
    enum { ROWS = 3000 };
    struct buf b = buf_new((size_t)1 << 20);
    struct import_options o = {.format = IMPORT_JSONL};
    struct import_worker *w;
    uint64_t done = 7, all = 7, last = 0, seen = 0;
    for (int i = 0; i < ROWS; i++)
        buf_printf(&b,
                   "{\"kind\":\"product\",\"external_id\":\"far-%d\",\"title\":"
                   "{\"en\":\"Boat\"}}\n",
                   i);
    buf_add_char(&b, '\0');
    check(run(b.p, &o) == IMPORT_OK && out.added == ROWS);
    uint32_t id = out.id;
    check(import_worker_start(f.node, &w) == CAU_OK);
    check(!import_worker_at(w, id, &done, &all) && done == 0 && all == 0);
    check(import_worker_put(w, IMPORT_TASK_UNDO, id, &boss, NULL) == CAU_OK);
    while (import_worker_at(w, id, &done, &all)) {
        check(done <= all && done >= last && (all == 0 || all == ROWS));
        seen += all == ROWS;
        last = done;
        usleep(100);
    }
    check(seen > 0); /* it was told at least once */
    import_worker_end(w);
    check(import_undo(f.node, &f.arena, &boss, id, NULL, &out) == IMPORT_STATE); /* undone */
    buf_free(&b);
}

static void the_worker_works(void **state)
{
    (void)state;
    struct import_worker *w;
    struct import_options o = {.file = STR("w.jsonl")};
    uint32_t id, broken;
    check(import_keep(f.node, &f.arena, &boss, STR(ORG("w-1", "\"name\":{\"vi\":\"Viện W\"}")),
                      &o, &id) == IMPORT_OK);
    check(import_keep(f.node, &f.arena, &boss, STR("{}"), &o, &broken) == IMPORT_OK);
    struct local_import import;
    check(import_get(f.node, &f.arena, broken, &import) == CAU_OK);
    import.state = LOCAL_IMPORT_RUNNING; /* as if the program had ended in the middle */
    check(import_set(f.node, &import) == CAU_OK);
    check(import_worker_start(f.node, &w) == CAU_OK);
    check(import_get(f.node, &f.arena, broken, &import) == CAU_OK &&
          import.state == LOCAL_IMPORT_FAILED);
    check(import_worker_put(w, IMPORT_TASK_PREVIEW, id, &boss, &o) == CAU_OK);
    check(import_worker_put(w, IMPORT_TASK_CONFIRM, id, &boss, NULL) == CAU_OK);
    for (int i = 0; i < 12000; i++) {
        check(import_get(f.node, &f.arena, id, &import) == CAU_OK);
        if (import.state == LOCAL_IMPORT_DONE)
            break;
        usleep(5000);
    }
    check(import.state == LOCAL_IMPORT_DONE && import.added == 1);
    import_worker_stop_task(w, id);
    check(import_worker_put(w, IMPORT_TASK_UNDO, id, &boss, NULL) == CAU_OK);
    for (int i = 0; i < 12000 && import.state != LOCAL_IMPORT_UNDONE; i++) {
        check(import_get(f.node, &f.arena, id, &import) == CAU_OK);
        usleep(5000);
    }
    check(import.state == LOCAL_IMPORT_UNDONE);
    import_worker_end(w);
}

static void what_is_told_of_a_row_is_limited(void **state)
{
    (void)state;
    struct import_options o = {0};
    struct buf b = buf_new(1 << 16), c = buf_new(1 << 16);
    buf_add_word(&b, "{\"kind\":\"organization\",\"external_id\":\"many\",\"name\":{\"vi\":"
                     "\"x\"},\"types\":[\"bank\"]");
    for (int i = 0; i <= IMPORT_PROBLEMS_MAX; i++)
        buf_printf(&b, ",\"nothing%d\":1", i);
    buf_add_word(&b, "}");
    buf_add_char(&b, 0);
    check(run(b.p, &o) == IMPORT_OK);
    check_counts(0, 0, 0, 1, 0);
    assert_int_equal(reported("refused", "unknown_field", NULL), IMPORT_PROBLEMS_MAX);

    check(run(ORG("many", "\"name\":{\"vi\":\"x\"}"), &o) == IMPORT_OK);
    buf_add_word(&c,
                 "{\"kind\":\"organization\",\"external_id\":\"many\",\"name\":{\"vi\":[\"x\"");
    for (int i = 0; i <= IMPORT_CHANGES_MAX; i++)
        buf_printf(&c, ",\"n%d\"", i);
    buf_add_word(&c, "]}}");
    buf_add_char(&c, 0);
    const struct value *item;
    check(run(c.p, &o) == IMPORT_OK);
    check_counts(0, 1, 0, 0, 0);
    check(reported("changed", NULL, &item) == 1);
    assert_int_equal(value_get(item, "changes")->n, IMPORT_CHANGES_MAX);
    buf_free(&b);
    buf_free(&c);

    struct import_choice *choice =
        arena_zero(&f.arena, (IMPORT_CHOICES_MAX + 1) * sizeof *choice);
    struct buf json = buf_new(IMPORT_OPTION_BYTES);
    struct import_options many = {.choice = choice, .choice_count = IMPORT_CHOICES_MAX + 1},
                          again;
    import_options_write(&json, &many);
    check(import_options_read(&f.arena, buf_str(&json), &again) == CAU_OK &&
          again.choice_count == IMPORT_CHOICES_MAX);
    buf_free(&json);
}

/* More rows than an import may have: each is refused by itself, which is quick. */
static void rows_and_tasks_are_limited(void **state)
{
    (void)state;
    size_t len = 2 * ((size_t)IMPORT_ROWS_MAX + 1);
    char *text = arena_take(&f.arena, len);
    for (size_t i = 0; i < len; i++)
        text[i] = i % 2 == 0 ? 'x' : '\n';
    struct import_options o = {.format = IMPORT_JSONL};
    check(import_look(f.node, &f.arena, &boss, (struct str){text, len}, &o, NULL, &out) ==
          IMPORT_BAD_FILE);
    check(out.rows == IMPORT_ROWS_MAX && str_is(out.fault.code, "too_many_rows"));

    struct import_worker *w;
    uint32_t id;
    check(import_keep(f.node, &f.arena, &boss, (struct str){text, len}, &o, &id) == IMPORT_OK);
    check(import_worker_start(f.node, &w) == CAU_OK);
    check(import_worker_put(w, IMPORT_TASK_PREVIEW, id, &boss, NULL) == CAU_OK);
    usleep(100000); /* it is at work now, for a while */
    for (int i = 0; i < IMPORT_TASKS_MAX; i++)
        check(import_worker_put(w, IMPORT_TASK_PREVIEW, id, &boss, NULL) == CAU_OK);
    check(import_worker_put(w, IMPORT_TASK_PREVIEW, id, &boss, NULL) == CAU_ERR_BUSY);
    import_worker_end(w); /* and stops it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looking_writes_nothing),
        cmocka_unit_test(rows_are_added_changed_same_refused),
        cmocka_unit_test(what_looks_alike_is_told),
        cmocka_unit_test(undo_takes_everything_back),
        cmocka_unit_test(a_stopped_import_can_be_undone),
        cmocka_unit_test(tables),
        cmocka_unit_test(a_broken_file_writes_nothing),
        cmocka_unit_test(in_steps),
        cmocka_unit_test(who_may),
        cmocka_unit_test(ror_files),
        cmocka_unit_test(names_of_imports),
        cmocka_unit_test(options_go_round),
        cmocka_unit_test(the_report_is_limited),
        cmocka_unit_test(the_worker_works),
        cmocka_unit_test(the_worker_tells_how_far_an_undo_is),
        cmocka_unit_test(what_is_told_of_a_row_is_limited),
        cmocka_unit_test(rows_and_tasks_are_limited),
    };
    return cmocka_run_group_tests(tests, open_node, close_node);
}
