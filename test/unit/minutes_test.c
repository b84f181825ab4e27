#include "domain/rule/minutes.h"

#include "node_help.h"
#include "test.h"

static struct actor secretary = {.user = 1, .roles = LOCAL_SECRETARY};

static void make_session(struct test_node *t, struct writer_result *out)
{
    check(test_put(t, "session", RECORD_PUBLIC,
                   "{'confirmations':[{'side':'VN','standing':'reported'}],"
                   "'minutes':[{'address':'https://a.example/vi','language':'vi'}],"
                   "'title':{'vi':'Kỳ họp 25'}}",
                   out) == CAU_OK);
}

static struct view_record read_record(struct test_node *t, const struct writer_result *at)
{
    struct view_record r;
    struct view *v = view_take(t->n);
    check(view_get(v, &t->a, READER_ALL, at->doc, &r) == CAU_OK);
    view_give(t->n, v);
    return r;
}

static bool is_kept(struct test_node *t, struct str bytes)
{
    struct digest hash = digest_of(bytes);
    struct attachment found;
    struct view *v = view_take(t->n);
    enum cau_err err = attachment_find(view_store(v), &t->a, &hash, &found);
    view_give(t->n, v);
    check(err == CAU_OK || err == CAU_ERR_UNKNOWN);
    return err == CAU_OK;
}

static enum register_why put(struct test_node *t, const struct writer_result *at,
                             const struct minutes_given *given, struct register_outcome *out)
{
    return minutes_put(t->n, &t->a, &secretary, (struct str){at->id, sizeof at->id}, given,
                       out);
}

static void text_and_hash_of_each_language(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result at;
    struct register_outcome out;
    make_session(&t, &at);
    struct minutes_given given = {.lang = STR("vi"),
                                  .text = STR("Một.\n\nHai."),
                                  .file = STR("%PDF-1.7 x"),
                                  .media = MINUTES_PDF,
                                  .signed_on = STR("2019-11")};
    check(put(&t, &at, &given, &out) == REGISTER_DONE);
    check(put(&t, &at, &given, &out) == REGISTER_SAME);
    struct minutes_given typed = {.lang = STR("ru"), .text = STR("Один.")};
    check(put(&t, &at, &typed, &out) == REGISTER_DONE);
    check(is_kept(&t, STR("%PDF-1.7 x")) && is_kept(&t, STR("Один.")));

    struct view_record r = read_record(&t, &at);
    const struct value *rows = value_get(&r.payload, "minutes");
    struct digest file = digest_of(STR("%PDF-1.7 x")), text = digest_of(STR("Один.")),
                  other = digest_of(STR("x"));
    check(r.n == 3 && rows->n == 2);
    check(str_is(value_get_str(&rows->item[0], "address"), "https://a.example/vi"));
    check(str_is(value_get_str(&rows->item[0], "signed"), "2019-11"));
    check(str_is(value_get_str(value_get(&rows->item[0], "text"), "vi"), "Một.\n\nHai."));
    check(minutes_refers(r.kind, &r.payload, &file) &&
          minutes_refers(r.kind, &r.payload, &text));
    check(!minutes_refers(r.kind, &r.payload, &other));
    check(value_get(&r.payload, "confirmations") != NULL); /* what rules set stays */

    /* Another file of the same language, without a text: what belonged to the old one goes. */
    given.text = STR("");
    given.file = STR("%PDF-1.7 y");
    check(put(&t, &at, &given, &out) == REGISTER_DONE);
    r = read_record(&t, &at);
    rows = value_get(&r.payload, "minutes");
    check(rows->n == 2 && !minutes_refers(r.kind, &r.payload, &file));
    for (uint32_t i = 0; i < 2; i++)
        check(str_is(value_get_str(&rows->item[i], "language"), "vi") ==
              (value_get(&rows->item[i], "text") == NULL));
    test_end(&t);
}

static void agreements_keep_the_hash_alone(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result at;
    struct register_outcome out;
    check(test_put(&t, "agreement", RECORD_PUBLIC, "{'title':{'vi':'Hiệp định'}}", &at) ==
          CAU_OK);
    struct minutes_given given = {.lang = STR("vi"), .text = STR("Một.")};
    check(put(&t, &at, &given, &out) == REGISTER_PROBLEMS);
    check(out.problems.n == 1 && str_is(out.problems.v[0].place, "file"));
    given.file = STR("%PDF-1.7 x");
    given.media = MINUTES_PDF;
    check(put(&t, &at, &given, &out) == REGISTER_DONE);
    struct view_record r = read_record(&t, &at);
    const struct value *rows = value_get(&r.payload, "texts");
    check(rows != NULL && rows->n == 1 && value_get(&rows->item[0], "text") == NULL);
    test_end(&t);
}

/* Whatever is refused: no file, no version. */
static void nothing_is_half_done(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result at, need;
    struct register_outcome out;
    make_session(&t, &at);
    check(test_put(&t, "need", RECORD_PUBLIC, "{'title':{'vi':'x'}}", &need) == CAU_OK);
    char *big = arena_zero(&t.a, ATTACHMENT_BYTES_MAX + 1);
    char *much = arena_take(&t.a, 40001);
    memset(much, 'a', 40001);
    struct digest other = digest_of(STR("x"));
    const struct str file = STR("%PDF-1.7 x");
    const struct {
        struct minutes_given given;
        enum register_why why;
        const char *place;
    } bad[] = {
        {{.lang = STR(""), .file = file}, REGISTER_PROBLEMS, "language"},
        {{.lang = STR("xx"), .file = file}, REGISTER_PROBLEMS, "language"},
        {{.lang = STR("vi")}, REGISTER_PROBLEMS, "file"},
        {{.lang = STR("vi"), .file = {big, ATTACHMENT_BYTES_MAX + 1}},
         REGISTER_PROBLEMS,
         "file"},
        {{.lang = STR("vi"), .file = file, .signed_on = STR("31.2.2019")},
         REGISTER_PROBLEMS,
         "signed"},
        {{.lang = STR("vi"), .file = file, .text = {much, 40001}},
         REGISTER_PROBLEMS,
         "minutes[0].text.vi"},
        {{.lang = STR("vi"), .file = file, .after = &other}, REGISTER_CHANGED, NULL},
    };
    for (size_t i = 0; i < countof(bad); i++) {
        check(put(&t, &at, &bad[i].given, &out) == bad[i].why);
        if (bad[i].place != NULL)
            check(str_is(out.problems.v[0].place, bad[i].place));
        check(!is_kept(&t, file) && read_record(&t, &at).n == 1);
    }
    struct minutes_given good = {.lang = STR("vi"), .file = file, .media = MINUTES_PDF};
    check(put(&t, &need, &good, &out) == REGISTER_NOT_ALLOWED);
    struct actor editor = {.user = 2, .roles = LOCAL_EDITOR};
    check(minutes_put(t.n, &t.a, &editor, (struct str){need.id, sizeof need.id}, &good, &out) ==
          REGISTER_GONE);
    struct actor member = {.user = 3, .roles = LOCAL_MEMBER};
    check(minutes_put(t.n, &t.a, &member, (struct str){at.id, sizeof at.id}, &good, &out) ==
          REGISTER_NOT_ALLOWED);
    check(!is_kept(&t, file));
    good.text = (struct str){much, 40000};
    check(put(&t, &at, &good, &out) == REGISTER_DONE && is_kept(&t, file));
    test_end(&t);
}

static void erased_with_the_record(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result at, other;
    struct register_outcome out;
    make_session(&t, &at);
    make_session(&t, &other);
    struct minutes_given given = {.lang = STR("vi"), .text = STR("Một.")};
    check(put(&t, &at, &given, &out) == REGISTER_DONE);
    given.text = STR("Hai."); /* the first is now an older version's */
    check(put(&t, &at, &given, &out) == REGISTER_DONE);
    given.text = STR("Ba.");
    check(put(&t, &other, &given, &out) == REGISTER_DONE);
    struct actor boss = {.user = 9, .roles = LOCAL_ADMINISTRATOR};
    check(register_redact(t.n, &t.a, &boss, (struct str){at.id, sizeof at.id}, &out) ==
          REGISTER_DONE);
    check(!is_kept(&t, STR("Một.")) && !is_kept(&t, STR("Hai.")) && is_kept(&t, STR("Ba.")));
    test_end(&t);
}

static void paragraphs_are_lines_with_text(void **state)
{
    (void)state;
    const struct str text = STR("\n one \n\n \ntwo\nthree");
    check(str_is(minutes_paragraph(text, 1), "one") &&
          str_is(minutes_paragraph(text, 2), "two"));
    check(str_is(minutes_paragraph(text, 3), "three"));
    check(minutes_paragraph(text, 4).p == NULL && minutes_paragraph(text, 0).p == NULL);
    check(minutes_paragraph(STR(""), 1).p == NULL);
}

static void media_have_names(void **state)
{
    (void)state;
    enum minutes_media got;
    for (unsigned i = 0; i < MINUTES_MEDIA; i++)
        check(minutes_read_media(minutes_media_type((enum minutes_media)i), &got) && got == i);
    check(!minutes_read_media(STR("text/html"), &got));
    assert_string_equal(minutes_suffix(MINUTES_DOCX), "docx");
}

/* Minutes in one language more than a session holds: refused, and nothing of them is kept. */
static void languages_have_a_limit(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result at;
    struct register_outcome out;
    const struct kind_list *list = kinds_find_list(node_kinds(t.n), STR("language"));
    const struct kind *kind = test_kind(&t, "session");
    check(kind_find_field(kind, STR("minutes"))->most == MINUTES_LISTED_MAX);
    check(list->n > MINUTES_LISTED_MAX);
    check(test_put(&t, "session", RECORD_PUBLIC, "{'title':{'vi':'Kỳ họp 26'}}", &at) ==
          CAU_OK);
    for (size_t i = 0; i <= MINUTES_LISTED_MAX; i++) {
        char text[20];
        snprintf(text, sizeof text, "Text %zu.", i);
        struct minutes_given given = {.lang = list->code[i].code, .text = str_of(text)};
        bool fits = i < MINUTES_LISTED_MAX;
        check(put(&t, &at, &given, &out) == (fits ? REGISTER_DONE : REGISTER_PROBLEMS));
        check(fits || (out.problems.v[0].code == RECORD_TOO_MANY &&
                       out.problems.v[0].limit == MINUTES_LISTED_MAX));
        check(is_kept(&t, str_of(text)) == fits);
    }
    struct view_record r = read_record(&t, &at);
    check(value_get(&r.payload, "minutes")->n == MINUTES_LISTED_MAX);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_hash_of_each_language),
        cmocka_unit_test(agreements_keep_the_hash_alone),
        cmocka_unit_test(nothing_is_half_done),
        cmocka_unit_test(erased_with_the_record),
        cmocka_unit_test(paragraphs_are_lines_with_text),
        cmocka_unit_test(media_have_names),
        cmocka_unit_test(languages_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
