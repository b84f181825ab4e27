#include "web/serve/answer.h"

#include "test.h"
#include "web_help.h"

static void members_are_written_in_order(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_EN);
    struct value v = value_object(), list = value_array();
    answer_push(q, &list, value_integer(7));
    answer_set(q, &v, STR("list"), list);
    answer_text(q, &v, "empty", STR(""));
    answer_known(q, &v, "absent", STR(""));
    answer_known(q, &v, "known", STR("\"x\""));
    answer_number(q, &v, "a", -1);
    answer_send(q, &v);
    check(q->answer->status == 200);
    check(str_is(buf_str(&q->answer->body),
                 "{\"a\":-1,\"empty\":\"\",\"known\":\"\\\"x\\\"\",\"list\":[7]}\n"));
    test_answered(&web);
}

static void without_memory_nothing_is_answered_by_halves(void **state)
{
    (void)state;
    struct ask *q = test_ask(&web, LANG_EN);
    struct value v = value_object();
    struct arena *whole = q->arena, none = arena_new(16);
    answer_text(q, &v, "one", STR("1"));
    q->arena = &none;
    for (int i = 0; i < 40; i++) {
        static const char key[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDE";
        answer_set(q, &v, (struct str){key + i, 1}, value_true());
    }
    q->arena = whole;
    check(q->model.failed);
    answer_send(q, &v);
    check(q->answer->status == 503);
    arena_free(&none);
    test_answered(&web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_written_in_order),
        cmocka_unit_test(without_memory_nothing_is_answered_by_halves),
    };
    return cmocka_run_group_tests(tests, test_web_start, test_web_stop);
}
