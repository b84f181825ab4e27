#include "domain/rule/alike.h"
#include "domain/rule/register.h"
#include "record/json.h"
#include "test.h"
#include "web/edit/edit.h"
#include "web_help.h"

static struct test_web t;
static struct str one, other;

static struct str add(const char *json)
{
    struct value form;
    static struct register_outcome out;
    struct actor self = actor_operator();
    struct str id = {NULL, 0};
    check(json_read(&t.arena, str_of(json), 1 << 20, JSON_FORM, &form, NULL) == CAU_OK);
    check(register_save(t.node.n, &t.arena, &self, &form, (struct str){NULL, 0}, NULL, &out) ==
          REGISTER_DONE);
    struct view *v = view_take(t.node.n);
    struct view_record r;
    check(view_get(v, &t.node.a, actor_reader(&self), out.result.doc, &r) == CAU_OK);
    check(arena_copy(&t.node.a, r.id, &id) == CAU_OK);
    view_give(t.node.n, v);
    return id;
}

static int begin(void **state)
{
    (void)state;
    test_web_make(&t);
    one = add("{\"kind\":\"organization\",\"name\":{\"vi\":\"Trường Đại học Cần Thơ\"},"
              "\"country\":\"VN\"}");
    other = add("{\"kind\":\"organization\",\"name\":{\"ru\":\"Университет Кантхо\"},"
                "\"country\":\"VN\"}");
    add("{\"kind\":\"person\",\"name\":{\"vi\":\"Lê Văn Tám\"},\"visibility\":\"private\","
        "\"identifiers\":{\"orcid\":\"0000-0002-1825-0097\"}}");
    add("{\"kind\":\"person\",\"name\":{\"ru\":\"Ле Ван Там\"},\"visibility\":\"private\","
        "\"identifiers\":{\"orcid\":\"0000-0002-1825-0097\"}}");
    return 0;
}

static int end(void **state)
{
    (void)state;
    test_web_end(&t);
    return 0;
}

/* The page an editor sees in each language; checks that words are in it. */
static void sees(void (*page)(struct ask *q), const char *const words_in[LANG_COUNT], bool in)
{
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        struct ask *q = test_ask(&t, (enum lang)lang);
        q->part[1] = one;
        q->part[2] = other;
        page(q);
        check(t.answer.status == 200);
        struct str text = buf_str(&t.answer.body);
        check((test_find(text, 0, words_in[lang]) < text.len) == in);
        test_answered(&t);
    }
}

static unsigned decides(const char *decision, struct str claim)
{
    struct http_field field[] = {{STR("decision"), str_of(decision)}, {STR("claim"), claim}};
    struct ask *q = test_ask(&t, LANG_VI);
    q->part[1] = one;
    q->part[2] = other;
    t.http.form = (struct http_fields){field, countof(field)};
    duplicates_decide(q);
    unsigned status = t.answer.status;
    test_answered(&t);
    return status;
}

static struct str standing_claim(void)
{
    struct actor self = actor_operator();
    struct alike_decision *list;
    struct view_record r;
    struct str id = {NULL, 0};
    size_t n = 0;
    struct view *v = view_take(t.node.n);
    check(alike_decisions(v, actor_reader(&self), node_kinds(t.node.n), &t.node.a, &list, &n) ==
          CAU_OK);
    if (n > 0 && view_get(v, &t.node.a, actor_reader(&self), list[0].claim, &r) == CAU_OK)
        id = r.id;
    view_give(t.node.n, v);
    return id;
}

static void an_editor_decides(void **state)
{
    (void)state;
    static const char *const city[] = {"Cần Thơ", "Кантхо", "Cần Thơ"};
    static const char *const pair_of[] = {
        "/vi/duplicates/r:", "/ru/duplicates/r:", "/en/duplicates/r:"};
    static const char *const none[] = {"Không còn cặp nào", "Пар для рассмотрения нет",
                                       "No pairs are waiting"};
    static const char *const found[] = {"Đã xác định là một", "Признаны одним",
                                        "Found to be the same"};
    sees(duplicates_list, pair_of, true);
    sees(duplicates_pair, city, true);
    check(decides("later", (struct str){NULL, 0}) == 303);
    check(decides("perhaps", (struct str){NULL, 0}) == 400);
    sees(duplicates_list, pair_of, true);
    check(decides("same", (struct str){NULL, 0}) == 303);
    check(decides("same", (struct str){NULL, 0}) == 409); /* already */
    sees(duplicates_list, none, true);
    sees(duplicates_pair, found, true);
    struct str claim = standing_claim();
    check(claim.len > 0);
    check(decides("withdraw", claim) == 303);
    sees(duplicates_list, pair_of, true);
}

static void others_do_not(void **state)
{
    (void)state;
    struct ask *q = test_ask(&t, LANG_EN);
    q->actor = actor_anonymous();
    duplicates_list(q);
    check(t.answer.status == 403);
    test_answered(&t);
    q = test_ask(&t, LANG_EN);
    q->part[1] = one;
    q->part[2] = one;
    duplicates_pair(q);
    check(t.answer.status == 404);
    test_answered(&t);
}

/* The score and the reasons on a page: what stands between the two marks. */
static struct str score_on(void (*page)(struct ask *q), struct str x, struct str y)
{
    static char kept[200];
    struct ask *q = test_ask(&t, LANG_EN);
    q->part[1] = x;
    q->part[2] = y;
    page(q);
    check(t.answer.status == 200);
    struct str text = buf_str(&t.answer.body);
    struct str from = str_from(text, test_find(text, 0, "Score "));
    struct str line = str_to(from, test_find(from, 0, "</"));
    check(line.len > 10 && line.len < sizeof kept);
    memcpy(kept, line.p, line.len);
    test_answered(&t);
    return (struct str){kept, line.len};
}

/* The list, the pair's page and so the signed decision tell one score, whichever record the address names first. */
static void a_pair_has_one_score(void **state)
{
    (void)state;
    char list[200];
    struct str text = score_on(duplicates_list, (struct str){NULL, 0}, (struct str){NULL, 0});
    memcpy(list, text.p, text.len);
    struct str shown = {list, text.len};
    check(str_equal(score_on(duplicates_pair, one, other), shown));
    check(str_equal(score_on(duplicates_pair, other, one), shown));
}

static void every_band_has_a_name(void **state)
{
    (void)state;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (int band = 0; band < IDENTITY_BANDS; band++) {
            struct ask *q = test_ask(&t, (enum lang)lang);
            struct str name = str_of(identity_band_name((enum identity_band)band));
            check(!str_equal(ask_label(q, "identity.band.", name), name));
            test_answered(&t);
        }
}

/* What the list of persons says to an editor. */
static bool list_says(const struct actor *actor, const char *words)
{
    struct http_field kind = {STR("kind"), STR("person")};
    struct ask *q = test_ask(&t, LANG_EN);
    q->actor = *actor;
    q->reader = actor_reader(actor);
    t.http.query = (struct http_fields){&kind, 1};
    duplicates_list(q);
    check(t.answer.status == 200);
    bool says = test_says(buf_str(&t.answer.body), words);
    test_answered(&t);
    return says;
}

/* An editor of another country's organisation does not even learn how many pairs are hidden from him. */
static void a_guest_is_told_nothing_of_what_is_hidden(void **state)
{
    (void)state;
    struct actor editor = {.user = 7, .roles = LOCAL_EDITOR};
    check(list_says(&editor, "0000-0002-1825-0097") && !list_says(&editor, "No pairs"));
    check(list_says(&editor, "1 pair"));
    editor.is_guest = true;
    check(list_says(&editor, "No pairs") && !list_says(&editor, "1 pair"));
    check(!list_says(&editor, "0000-0002-1825-0097"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_has_one_score), cmocka_unit_test(every_band_has_a_name),
        cmocka_unit_test(an_editor_decides),
        cmocka_unit_test(a_guest_is_told_nothing_of_what_is_hidden),
        cmocka_unit_test(others_do_not)};
    return cmocka_run_group_tests(tests, begin, end);
}
