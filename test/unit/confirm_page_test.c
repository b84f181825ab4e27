#include "domain/rule/confirm.h"

#include "web/record/record_int.h"

#include "test.h"
#include "web_help.h"

static struct writer_result agreement, nobody, dispute, need;

static int start(void **state)
{
    (void)state;
    test_web_make(&web);
    check(test_put(&web.node, "agreement", RECORD_PUBLIC,
                   "{'confirmations':[{'on':'2026-11-21','side':'VN','standing':'confirmed',"
                   "'who':'Lê <B>'},{'side':'RU','standing':'reported'}],"
                   "'countries':['VN','RU','BY'],'external_id':'a-1','title':{'en':'A'}}",
                   &agreement) == CAU_OK);
    check(test_put(&web.node, "claim", RECORD_PUBLIC,
                   "{'about':'a-1','claim':'disputes','country':'RU','made_on':'2026-11-20',"
                   "'statement':{'ru':'Неверная дата.'},'title':{'ru':'Неверная дата.'}}",
                   &dispute) == CAU_OK);
    check(test_put(&web.node, "agreement", RECORD_PUBLIC, "{'title':{'en':'B'}}", &nobody) ==
          CAU_OK);
    check(test_put(&web.node, "need", RECORD_PUBLIC, "{'country':'VN','title':{'en':'C'}}",
                   &need) == CAU_OK);
    return 0;
}

static struct html_map *box_of(struct ask *q, const struct writer_result *x, unsigned roles,
                               struct view_record *r)
{
    q->actor = (struct actor){.user = roles == 0 ? 0 : 5, .roles = roles};
    q->signed_in = roles != 0;
    q->user = (struct local_user){.id = 5, .name = STR("vn"), .display = STR("vn")};
    check(view_get(q->view, q->arena, q->reader, x->doc, r) == CAU_OK);
    struct html_map *m = confirm_page_add(q, r);
    confirm_page_form(q, m, r);
    return m;
}

static void every_side_has_its_standing(void **state)
{
    (void)state;
    struct view_record r;
    struct ask *q = test_ask(&web, LANG_EN);
    struct html_map *m = box_of(q, &agreement, 0, &r);
    check(m != NULL && html_count(m, "sides") == 3 && html_count(m, "disputes") == 1);
    check(html_count(m, "affirm") == 0); /* nobody is signed in */
    q->part[1] = r.id;
    q->record_reader = q->reader = READER_PUBLIC;
    record_page_print(q);
    struct str page = buf_str(&q->answer->body);
    static const char *const want[] = {
        "Confirmed</span>", "Reported, not confirmed", "not yet confirmed by this side",
        "Lê &lt;B&gt;",     "21 November 2026",        "Неверная дата."};
    for (size_t i = 0; i < countof(want); i++)
        if (test_find(page, 0, want[i]) == page.len)
            fail_msg("no %s", want[i]);
    test_answered(&web);
}

static void the_form_is_for_the_secretary_of_a_side(void **state)
{
    (void)state;
    static const struct {
        unsigned roles;
        size_t forms;
    } want[] = {{LOCAL_SECRETARY, 1}, {LOCAL_EDITOR, 0}, {LOCAL_ADMINISTRATOR, 0}, {0, 0}};
    for (size_t i = 0; i < countof(want); i++) {
        struct view_record r;
        struct ask *q = test_ask(&web, LANG_RU);
        struct html_map *m = box_of(q, &agreement, want[i].roles, &r);
        check(html_count(m, "affirm") == want[i].forms);
        test_answered(&web);
    }
}

static void what_no_side_confirms_has_no_box(void **state)
{
    (void)state;
    struct view_record r;
    struct ask *q = test_ask(&web, LANG_VI);
    check(box_of(q, &nobody, LOCAL_SECRETARY, &r) == NULL); /* names no side */
    check(box_of(q, &need, LOCAL_SECRETARY, &r) == NULL);
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_side_has_its_standing),
        cmocka_unit_test(the_form_is_for_the_secretary_of_a_side),
        cmocka_unit_test(what_no_side_confirms_has_no_box),
    };
    return cmocka_run_group_tests(tests, start, test_web_stop);
}
