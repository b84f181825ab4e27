#include "domain/people/saved.h"

#include "base/clock.h"
#include "domain/people/people.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, editor, reader;

static int start(void **state)
{
    (void)state;
    struct register_outcome out;
    uint32_t id = 0;
    fixture_open(&f);
    self = actor_operator();
    check(people_add(f.node, &f.arena, &self, STR("reader"), STR("Reader"),
                     STR("a long enough word"), 0, LANG_EN, &id, &out) == REGISTER_DONE);
    reader = (struct actor){.user = id};
    check(people_add(f.node, &f.arena, &self, STR("editor"), STR("Editor"),
                     STR("a long enough word"), LOCAL_EDITOR, LANG_EN, &id,
                     &out) == REGISTER_DONE);
    editor = (struct actor){.user = id, .roles = LOCAL_EDITOR};
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

/* Writers give each entry a later time; the clock of "now" must be past it. */
static void wait_a_moment(void)
{
    int64_t then = clock_now_ms();
    while (clock_now_ms() <= then + 1)
        ;
}

static struct str put(const char *visibility, const char *title, struct str old)
{
    char form[300];
    struct str id = old;
    snprintf(form, sizeof form,
             "{\"kind\":\"mechanism\",\"title\":{\"en\":\"%s\"},\"visibility\":\"%s\"}", title,
             visibility);
    check(fixture_save(&f, &editor, form, old, &id) == REGISTER_DONE);
    wait_a_moment();
    return id;
}

static uint32_t save(const struct actor *actor)
{
    struct register_outcome out;
    uint32_t id = 0;
    check(saved_add(f.node, actor, STR(" Mechanisms "), STR("kind=mechanism"), LANG_EN, &id,
                    &out) == REGISTER_DONE);
    wait_a_moment();
    return id;
}

static struct saved_news news_of(const struct actor *actor, uint32_t id)
{
    struct index_filter filter = {INDEX_KIND, STR("mechanism")};
    struct index_query query = {
        .reader = actor_reader(actor), .filter = &filter, .filter_count = 1};
    struct local_search s;
    struct saved_news news = {.n = 99};
    struct view *v = view_take(f.node);
    check(local_search_get(view_store(v), &f.arena, actor->user, id, &s) == CAU_OK);
    check(saved_news(f.node, v, &f.arena, &s, &query, &news) == CAU_OK);
    view_give(f.node, v);
    return news;
}

static void counts_what_was_first_visible_after_the_last_look(void **state)
{
    (void)state;
    struct str none = {NULL, 0}, old = put("public", "Older", none);
    uint32_t id = save(&reader);
    check(news_of(&reader, id).n == 0);
    put("public", "Older, said better", old); /* a new version of what he could see */
    check(news_of(&reader, id).n == 0);
    struct str fresh = put("public", "New", none), hidden = put("private", "Hidden", none);
    struct saved_news news = news_of(&reader, id);
    check(news.n == 1 && news.docs == 1 && !news.more);
    check(saved_look(f.node, &reader, id) == REGISTER_DONE);
    wait_a_moment();
    check(news_of(&reader, id).n == 0);
    put("public", "Hidden no more", hidden); /* older than his look, but not to him */
    check(news_of(&reader, id).n == 1);

    struct register_outcome out;
    check(register_redact(f.node, &f.arena, &self, hidden, &out) == REGISTER_DONE);
    check(news_of(&reader, id).n == 0); /* erased: no longer counted */
    put("public", "Newer", none);
    check(news_of(&reader, id).n == 1);
    check(register_withdraw(f.node, &f.arena, &editor, fresh, NULL, STR("error"), &out) ==
          REGISTER_DONE);
    check(news_of(&reader, id).n == 1);
}

static void more_rights_bring_news(void **state)
{
    (void)state;
    struct str none = {NULL, 0};
    put("private", "For the staff", none);
    uint32_t id = save(&reader);
    struct actor grown = reader;
    grown.roles = LOCAL_ADVISER;
    check(news_of(&reader, id).n == 0 && news_of(&grown, id).n >= 1);
    check(saved_look(f.node, &grown, id) == REGISTER_DONE);
    wait_a_moment();
    check(news_of(&grown, id).n == 0 && news_of(&reader, id).n == 0);
}

static void many_are_named_in_part(void **state)
{
    (void)state;
    uint32_t id = save(&reader);
    for (int i = 0; i < SAVED_SHOWN_MAX + 1; i++)
        put("public", "One of many", (struct str){NULL, 0});
    struct saved_news news = news_of(&reader, id);
    check(news.n == SAVED_SHOWN_MAX + 1 && news.docs == SAVED_SHOWN_MAX);
}

static void a_name_and_a_limit(void **state)
{
    (void)state;
    struct register_outcome out;
    struct actor nobody = actor_anonymous(), busy = {.user = 77};
    char name[SAVED_NAME_POINTS_MAX + 1];
    uint32_t id;
    memset(name, 'n', sizeof name);
    check(saved_add(f.node, &reader, STR("  "), STR(""), LANG_EN, &id, &out) ==
              REGISTER_PROBLEMS &&
          out.problems.v[0].code == RECORD_REQUIRED);
    check(saved_add(f.node, &reader, (struct str){name, sizeof name}, STR(""), LANG_EN, &id,
                    &out) == REGISTER_PROBLEMS);
    check(saved_add(f.node, &reader, STR("a\nb"), STR(""), LANG_EN, &id, &out) ==
          REGISTER_PROBLEMS);
    check(saved_add(f.node, &nobody, STR("n"), STR(""), LANG_EN, &id, &out) ==
          REGISTER_NOT_ALLOWED);
    for (int i = 0; i < LOCAL_SEARCHES_MAX; i++)
        check(saved_add(f.node, &busy, (struct str){name, SAVED_NAME_POINTS_MAX}, STR(""),
                        LANG_EN, &id, &out) == REGISTER_DONE);
    check(saved_add(f.node, &busy, STR("n"), STR(""), LANG_EN, &id, &out) == REGISTER_STATE);
    check(saved_remove(f.node, &reader, id) == REGISTER_GONE); /* not his */
    check(saved_remove(f.node, &busy, id) == REGISTER_DONE);
    check(saved_add(f.node, &busy, STR("n"), STR(""), LANG_EN, &id, &out) == REGISTER_DONE);
}

static enum cau_err feed_of(const char token[SAVED_TOKEN_CHARS], struct index_reader *r)
{
    struct local_search s;
    struct view *v = view_take(f.node);
    enum cau_err err =
        saved_of_feed(v, &f.arena, (struct str){token, SAVED_TOKEN_CHARS}, &s, r);
    view_give(f.node, v);
    return err;
}

static void a_feed_ends_when_it_is_told_to(void **state)
{
    (void)state;
    char token[SAVED_TOKEN_CHARS], next[SAVED_TOKEN_CHARS];
    struct index_reader r;
    struct register_outcome out;
    uint32_t id = save(&editor);
    check(saved_feed(f.node, &reader, id, token) == REGISTER_GONE); /* not his */
    check(feed_of(token, &r) == CAU_ERR_UNKNOWN);
    check(saved_feed(f.node, &editor, id, token) == REGISTER_DONE);
    check(feed_of(token, &r) == CAU_OK);
    check((r.audiences >> RECORD_PRIVATE & 1) == 0 &&
          r.owner == 0); /* though he is an editor */
    check(saved_feed(f.node, &editor, id, next) == REGISTER_DONE);
    check(feed_of(token, &r) == CAU_ERR_UNKNOWN && feed_of(next, &r) == CAU_OK);
    check(people_set_roles(f.node, &f.arena, &self, STR("editor"), LOCAL_EDITOR, false, &out) ==
          REGISTER_DONE);
    check(feed_of(next, &r) == CAU_ERR_UNKNOWN); /* his account is closed */
    check(people_set_roles(f.node, &f.arena, &self, STR("editor"), LOCAL_EDITOR, true, &out) ==
          REGISTER_DONE);
    check(saved_feed_stop(f.node, &editor, id) == REGISTER_DONE);
    check(feed_of(next, &r) == CAU_ERR_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_was_first_visible_after_the_last_look),
        cmocka_unit_test(more_rights_bring_news),
        cmocka_unit_test(many_are_named_in_part),
        cmocka_unit_test(a_name_and_a_limit),
        cmocka_unit_test(a_feed_ends_when_it_is_told_to),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
