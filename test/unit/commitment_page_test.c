#include "domain/rule/commitment.h"

#include "base/clock.h"
#include "web/record/record_pages.h"

#include "test.h"
#include "web_help.h"

static struct writer_result works, session, plain, words, whole, part, gone;

static void put(const char *kind, const char *json, struct writer_result *out)
{
    check(test_put(&web.node, kind, RECORD_PUBLIC, json, out) == CAU_OK);
}

static int start(void **state)
{
    (void)state;
    clock_set_ms(clock_ms_of((struct clock_date){2026, 11, 22}));
    test_web_make(&web);
    put("organization", "{'country':'RU','external_id':'works','name':{'en':['The works']}}",
        &works);
    put("session", "{'external_id':'s-25','held_on':'2026-03-05','title':{'en':'25th'}}",
        &session);
    put("commitment",
        "{'countries':['VN','RU'],'due':'2026-02','force':'consented_to_consider',"
        "'session':'s-25','side':['RU'],'status':'open','title':{'en':'Plain'}}",
        &plain);
    put("commitment",
        "{'countries':['VN','RU'],'due':'2027','force':'agreed','side':['RU'],'statuses':["
        "{'date':'2026-01','note':{'ru':'Начато <сразу>'},'side':'RU','status':'under_way'},"
        "{'date':'2026-10-01','side':'RU','source':'https://a.example/x','status':'done',"
        "'who':'Department'},"
        "{'date':'2026-10-02','side':'VN','source':'javascript:alert(1)','status':'open'}],"
        "'title':{'en':'Words'}}",
        &words);
    put("commitment",
        "{'countries':['VN'],'external_id':'whole','side':['VN'],'statuses':[{'date':'2026',"
        "'side':'VN','status':'moved'}],'title':{'en':'Whole'}}",
        &whole);
    put("commitment",
        "{'countries':['VN'],'due':'2026-01','owner':'works','part_of':'whole',"
        "'title':{'en':'First part'}}",
        &part);
    put("commitment", "{'carried_from':'whole','title':{'en':'The next one'}}", &gone);
    return 0;
}

/* The page of a record as somebody signed in with these roles sees it, in English; user 0: a reader. */
static struct str page_of(const struct writer_result *x, uint32_t user, unsigned roles)
{
    struct ask *q = test_ask(&web, LANG_EN);
    struct str page;
    q->actor = (struct actor){.user = user, .roles = roles};
    q->signed_in = user != 0;
    q->user = (struct local_user){.id = user, .name = STR("vn"), .display = STR("Lê Văn B")};
    q->reader = q->record_reader = actor_reader(&q->actor);
    q->part[1] = (struct str){x->id, sizeof x->id};
    record_page_show(q);
    check(q->answer->status == 200);
    check(arena_copy(q->arena, buf_str(&q->answer->body), &page) == CAU_OK);
    test_answered(&web);
    return page;
}

static bool has(struct str page, const char *text)
{
    return test_find(page, 0, text) < page.len;
}

static void the_sides_stand_side_by_side(void **state)
{
    (void)state;
    struct str page = page_of(&words, 0, 0);
    check(has(page, "The sides differ") && has(page, "cau-tag--over\">Disputed"));
    check(has(page, "Начато &lt;сразу&gt;") && has(page, "lang=\"ru\""));
    check(has(page, "href=\"https://a.example/x\"") && !has(page, "href=\"javascript"));
    check(has(page, "javascript:alert(1)")); /* shown, no link */
    /* The newest word of a side stands first. */
    check(test_find(page, 0, "1 October 2026") < test_find(page, 0, "January 2026"));
    check(!has(page, "does not count as agreed") && !has(page, "due date has passed"));
    check(!has(page, "/status\"")); /* no form for a reader */
}

static void what_an_official_should_know_is_said(void **state)
{
    (void)state;
    struct str page = page_of(&plain, 0, 0);
    check(has(page, "The due date has passed: February 2026"));
    check(has(page, "The due date February 2026 is before the session itself"));
    check(has(page, "Force: Consented to consider. This does not count as agreed."));
    check(has(page, "Nothing said yet."));
    page = page_of(&whole, 0, 0);
    check(has(page, "First part") && has(page, "The works") && has(page, "overdue"));
    check(has(page, "Carried over to the next session:") && has(page, "The next one"));
}

static void forms_are_for_those_who_may(void **state)
{
    (void)state;
    struct str page = page_of(&plain, 5, LOCAL_SECRETARY); /* of the node's side, VN */
    check(has(page, "/status\"") && !has(page, "/split\"") && !has(page, "/carry\""));
    check(has(page, "id=\"status-under_way\"") && has(page, "id=\"status-disputed\""));
    check(!has(page, "id=\"status-done\"") && !has(page, "id=\"status-moved\""));
    check(has(page, "value=\"Lê Văn B\""));
    page = page_of(&part, 5, LOCAL_SECRETARY); /* names nobody: every side concerned acts */
    check(has(page, "/status\"") && has(page, "/split\"") && has(page, "/carry\""));
    check(has(page, "id=\"status-done\"") && has(page, "25th, 5 March 2026"));
    page = page_of(&whole, 5, LOCAL_SECRETARY); /* carried over: only words are left */
    check(has(page, "/status\"") && !has(page, "/split\"") && !has(page, "/carry\""));
    page = page_of(&plain, 6, LOCAL_ADVISER);
    check(!has(page, "/status\""));
}

static void every_language_has_its_words(void **state)
{
    (void)state;
    static const char *const want[] = {"Các bên có ý kiến khác nhau",
                                       "Оценки сторон расходятся", "The sides differ"};
    for (unsigned lang = 0; lang < LANG_COUNT; lang++) {
        struct ask *q = test_ask(&web, (enum lang)lang);
        q->reader = q->record_reader = READER_PUBLIC;
        q->actor = actor_anonymous();
        q->part[1] = (struct str){words.id, sizeof words.id};
        record_page_print(q);
        check(has(buf_str(&q->answer->body), want[lang]));
        check(!has(buf_str(&q->answer->body), "commitment."));
        test_answered(&web);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sides_stand_side_by_side),
        cmocka_unit_test(what_an_official_should_know_is_said),
        cmocka_unit_test(forms_are_for_those_who_may),
        cmocka_unit_test(every_language_has_its_words),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
