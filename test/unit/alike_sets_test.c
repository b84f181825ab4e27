#include "web/serve/alike_sets.h"

#include "fixture.h"

#include <time.h>

static struct fixture f;
static struct actor self;

static void add(const char *external, const char *name, const char *visibility)
{
    char form[400];
    snprintf(form, sizeof form,
             "{\"kind\":\"organization\",\"external_id\":\"%s\",\"name\":{\"en\":\"%s\"},"
             "\"country\":\"VN\",\"visibility\":\"%s\"}",
             external, name, visibility);
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, NULL) == REGISTER_DONE);
}

static size_t count(struct alike_sets *s, enum alike_reader reader, size_t *pairs)
{
    const struct identity *set;
    const struct identity_pair *pair;
    size_t n;
    struct view *v = view_take(f.node);
    const struct kind *kind = kinds_find(node_kinds(f.node), STR("organization"));
    check(alike_sets_take(s, v, reader, kind, &set, pairs == NULL ? NULL : &pair,
                          pairs == NULL ? NULL : pairs) == CAU_OK);
    n = identity_count(set);
    alike_sets_give(s);
    view_give(f.node, v);
    return n;
}

static void a_set_is_kept_and_made_again(void **state)
{
    (void)state;
    size_t pairs = 9;
    struct alike_sets *s = alike_sets_new(f.node);
    add("one", "Marine Geology Institute of Nha Trang", "public");
    add("two", "Nha Trang Marine Geology Institute", "private");
    check(count(s, ALIKE_PUBLIC, NULL) == 1);
    check(count(s, ALIKE_STAFF, NULL) == 2);
    check(count(s, ALIKE_STAFF, &pairs) == 2 && pairs == 1);
    check(count(s, ALIKE_PUBLIC, &pairs) == 1 && pairs == 0);
    add("three", "Institute of Electronics", "public");
    check(count(s, ALIKE_PUBLIC, NULL) == 1); /* not yet: it was made a moment ago */
    struct timespec wait = {ALIKE_SETS_WAIT_MS / 1000, 100000000};
    nanosleep(&wait, NULL);
    check(count(s, ALIKE_PUBLIC, NULL) == 2);
    alike_sets_free(s);
    alike_sets_free(NULL);
}

static void only_so_many_kinds(void **state)
{
    (void)state;
    struct alike_sets *s = alike_sets_new(f.node);
    struct view *v = view_take(f.node);
    const struct kinds *k = node_kinds(f.node);
    check(k->n > ALIKE_SETS_KINDS);
    for (size_t i = 0; i <= ALIKE_SETS_KINDS; i++) {
        const struct identity *set;
        enum cau_err err = alike_sets_take(s, v, ALIKE_PUBLIC, &k->kind[i], &set, NULL, NULL);
        check(err == (i < ALIKE_SETS_KINDS ? CAU_OK : CAU_ERR_BUSY));
        if (err == CAU_OK)
            alike_sets_give(s);
    }
    view_give(f.node, v);
    alike_sets_free(s);
}

static int open_node(void **state)
{
    (void)state;
    fixture_open(&f);
    self = actor_operator();
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_set_is_kept_and_made_again),
                                       cmocka_unit_test(only_so_many_kinds)};
    return cmocka_run_group_tests(tests, open_node, close_node);
}
