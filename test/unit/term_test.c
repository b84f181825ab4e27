#include "domain/rule/term.h"

#include "fixture.h"

static struct fixture f;
static struct actor self, nobody, reader, adviser, other_adviser, editor;

static int start(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    nobody = actor_anonymous();
    reader = (struct actor){.user = 1};
    adviser = (struct actor){.user = 2, .roles = LOCAL_ADVISER};
    other_adviser = (struct actor){.user = 3, .roles = LOCAL_ADVISER};
    editor = (struct actor){.user = 4, .roles = LOCAL_EDITOR};
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

static enum register_why propose(const struct actor *who, const char *vi, const char *ru,
                                 struct str *id)
{
    struct register_outcome out;
    struct term_words words = {
        {str_of(vi), str_of(ru), STR("")}, STR("Ngành đóng tàu"), LANG_VI};
    enum register_why why = term_propose(f.node, &f.arena, who, &words, &out);
    if (why == REGISTER_DONE && id != NULL)
        check(arena_copy(&f.arena, (struct str){out.result.id, RECORD_ID_CHARS}, id) == CAU_OK);
    return why;
}

static enum register_why decide(const struct actor *who, struct str id, bool accept)
{
    struct register_outcome out;
    return term_decide(f.node, &f.arena, who, id, NULL, accept, &out);
}

static size_t waiting(void)
{
    uint32_t *list;
    size_t n = 0;
    check(term_open(f.node, &f.arena, &list, &n) == CAU_OK);
    return n;
}

static void is_used_once_somebody_else_accepted_it(void **state)
{
    (void)state;
    struct str id;
    struct view_record r;
    check(propose(&reader, "tàu ngầm lặn sâu; TNLS", "глубоководный аппарат", &id) ==
          REGISTER_DONE);
    check(waiting() == 1);
    check(fixture_get(&f, &nobody, id, &r) == CAU_ERR_UNKNOWN); /* not read by anybody yet */
    check(fixture_get(&f, &editor, id, &r) == CAU_OK && r.audience == RECORD_PRIVATE);
    const struct value *vi = value_get(value_get(&r.payload, "name"), "vi");
    check(vi->n == 2 && str_is(vi->item[1].string, "TNLS"));
    check(decide(&nobody, id, true) == REGISTER_GONE);
    check(decide(&adviser, id, true) == REGISTER_DONE);
    check(fixture_get(&f, &nobody, id, &r) == CAU_OK && r.audience == RECORD_PUBLIC);
    check(str_is(value_get_str(&r.payload, "status"), "reviewed"));
    check(decide(&editor, id, false) == REGISTER_STATE); /* it was decided */
    check(waiting() == 0);
}

static void an_adviser_does_not_accept_his_own(void **state)
{
    (void)state;
    struct str id, own;
    struct view_record r;
    check(propose(&adviser, "bọc cáp", "оболочка кабеля", &id) == REGISTER_DONE);
    check(decide(&adviser, id, true) == REGISTER_SAME_PERSON);
    check(decide(&other_adviser, id, false) == REGISTER_DONE);
    check(fixture_get(&f, &nobody, id, &r) == CAU_ERR_UNKNOWN);
    check(fixture_get(&f, &editor, id, &r) == CAU_OK &&
          str_is(value_get_str(&r.payload, "status"), "rejected"));
    check(propose(&editor, "cột buồm", "мачта", &own) == REGISTER_DONE);
    check(decide(&editor, own, true) == REGISTER_DONE); /* an editor keeps the register */
}

static void needs_two_languages(void **state)
{
    (void)state;
    struct register_outcome out;
    struct term_words words = {{STR("một"), STR(" ; "), STR("")}, STR(""), LANG_VI};
    check(term_propose(f.node, &f.arena, &reader, &words, &out) == REGISTER_PROBLEMS);
    check(out.problems.v[0].code == RECORD_REQUIRED && out.problems.v[0].limit == 2);
    check(propose(&nobody, "một", "один", NULL) == REGISTER_NOT_ALLOWED);
    check(propose(&reader, "a;b;c;d;e;f;g;h;i;j", "один", NULL) == REGISTER_DONE);
    check(propose(&reader, "a;b;c;d;e;f;g;h;i;j;k", "один", NULL) == REGISTER_PROBLEMS);
    char name[202];
    memset(name, 'x', sizeof name);
    words.name[LANG_RU] = (struct str){name, 200};
    check(term_propose(f.node, &f.arena, &reader, &words, &out) == REGISTER_DONE);
    words.name[LANG_RU].len++; /* one over the limit of the kind */
    check(term_propose(f.node, &f.arena, &reader, &words, &out) == REGISTER_PROBLEMS);
}

static void so_many_wait_and_no_more(void **state)
{
    (void)state;
    for (size_t i = waiting(); i < TERM_OPEN_MAX; i++)
        check(propose(&reader, "một", "один", NULL) == REGISTER_DONE);
    check(propose(&reader, "một", "один", NULL) == REGISTER_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_used_once_somebody_else_accepted_it),
        cmocka_unit_test(an_adviser_does_not_accept_his_own),
        cmocka_unit_test(needs_two_languages),
        cmocka_unit_test(so_many_wait_and_no_more),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
