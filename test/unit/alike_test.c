#include "domain/rule/alike.h"

#include "domain/people/people.h"
#include "fixture.h"

static struct fixture f;
static struct actor self, editor;

static struct str add(const char *external, const char *name, const char *visibility)
{
    char form[400];
    struct str id = {NULL, 0};
    snprintf(form, sizeof form,
             "{\"kind\":\"organization\",\"external_id\":\"%s\",\"name\":%s,\"country\":\"VN\","
             "\"visibility\":\"%s\"}",
             external, name, visibility);
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &id) == REGISTER_DONE);
    return id;
}

static int open_node(void **state)
{
    (void)state;
    struct register_outcome out;
    uint32_t user = 0;
    fixture_open(&f);
    self = actor_operator();
    check(people_add(f.node, &f.arena, &self, STR("editor"), STR("Editor"),
                     STR("a long password"), LOCAL_EDITOR, LANG_EN, &user,
                     &out) == REGISTER_DONE);
    editor = (struct actor){.user = user, .roles = LOCAL_EDITOR};
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

static size_t decided(const struct actor *who, struct alike_decision **list)
{
    size_t n = 0;
    struct view *v = view_take(f.node);
    check(alike_decisions(v, actor_reader(who), node_kinds(f.node), &f.arena, list, &n) ==
          CAU_OK);
    view_give(f.node, v);
    return n;
}

static void a_pair_is_found_decided_and_reopened(void **state)
{
    (void)state;
    struct str x = add("x", "{\"vi\":\"Trường Đại học Cần Thơ\"}", "public");
    struct str y = add("y", "{\"ru\":\"Университет Кантхо\"}", "public");
    struct vocabulary *words;
    struct identity *set;
    struct identity_run run = {.learn = false};
    struct buf pairs = buf_new(1 << 20);
    struct view *v = view_take(f.node);
    const struct kind *kind = kinds_find(node_kinds(f.node), STR("organization"));
    check(vocabulary_open(&words) == CAU_OK);
    check(alike_set(v, actor_reader(&editor), kind, words, false, &set) == CAU_OK);
    check(identity_pairs(set, &run, &pairs) == CAU_OK);
    view_give(f.node, v);
    check(pairs.len == sizeof(struct identity_pair));
    struct identity_pair *pair = (void *)pairs.p;

    struct view_record a, b;
    check(fixture_get(&f, &editor, x, &a) == CAU_OK &&
          fixture_get(&f, &editor, y, &b) == CAU_OK);
    static struct identity_facts one, other;
    struct alike_reason reason[ALIKE_REASONS_MAX];
    identity_facts_of(kind, a.doc, &a.payload, &one);
    identity_facts_of(kind, b.doc, &b.payload, &other);
    size_t n = alike_reasons(&pair->score, &one, &other, reason);
    check(n >= 2);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        for (size_t i = 0; i < n; i++) {
            struct buf said = buf_new(1000);
            alike_say(&said, (enum lang)lang, &reason[i]);
            check(said.len > 5);
            buf_free(&said);
        }

    struct register_outcome out;
    struct alike_decision *list;
    struct actor nobody = actor_anonymous();
    check(alike_decide(f.node, &f.arena, &nobody, x, y, true, NULL, LANG_EN, &out) ==
          REGISTER_NOT_ALLOWED);
    check(alike_decide(f.node, &f.arena, &editor, x, x, true, NULL, LANG_EN, &out) ==
          REGISTER_STATE);
    check(alike_decide(f.node, &f.arena, &editor, x, y, true, &pair->score, LANG_RU, &out) ==
          REGISTER_DONE);
    check(alike_decide(f.node, &f.arena, &editor, y, x, true, NULL, LANG_EN, &out) ==
          REGISTER_STATE); /* decided already, whichever comes first */
    check(decided(&nobody, &list) == 1 && list[0].same); /* both are public, so is the claim */
    struct view_record claim;
    v = view_take(f.node);
    check(view_get(v, &f.arena, actor_reader(&nobody), list[0].claim, &claim) == CAU_OK);
    view_give(f.node, v);
    check(value_get(value_get(&claim.payload, "statement"), "ru") != NULL);
    check(alike_undecided(pair, 1, list, 1) == 0);

    check(alike_withdraw(f.node, &f.arena, &nobody, claim.id, &out) == REGISTER_NOT_ALLOWED);
    check(alike_withdraw(f.node, &f.arena, &editor, x, &out) == REGISTER_STATE);
    check(alike_withdraw(f.node, &f.arena, &editor, claim.id, &out) == REGISTER_DONE);
    check(decided(&editor, &list) == 0);
    check(alike_undecided(pair, 1, list, 0) == 1); /* it comes back */
    check(alike_decide(f.node, &f.arena, &editor, x, y, false, NULL, LANG_EN, &out) ==
          REGISTER_DONE);
    check(decided(&editor, &list) == 1 && !list[0].same);
    identity_close(set);
    vocabulary_close(words);
    buf_free(&pairs);
}

/* What a record names as its parent is no second record of it, however alike their names. */
static void linked_records_are_two(void **state)
{
    (void)state;
    static const char form[] =
        "{\"kind\":\"organization\",\"external_id\":\"branch\",\"name\":{\"vi\":\"Viện Cha chi "
        "nhánh\"},\"country\":\"VN\",\"visibility\":\"public\",\"links\":[{\"rel\":\"parent\","
        "\"to\":\"whole\"}]}";
    struct str whole = add("whole", "{\"vi\":\"Viện Cha\"}", "public"), branch = {NULL, 0};
    struct str other = add("other", "{\"vi\":\"Viện Khác\"}", "public");
    check(fixture_save(&f, &self, form, (struct str){NULL, 0}, &branch) == REGISTER_DONE);
    struct index_reader reader = actor_reader(&editor);
    struct view *v = view_take(f.node);
    uint32_t w = view_find(v, reader, whole), b = view_find(v, reader, branch),
             o = view_find(v, reader, other);
    struct identity_pair all[] = {{.x = w, .y = b}, {.x = w, .y = o}, {.x = b, .y = w}};
    struct buf pairs = buf_new(1 << 16);
    buf_add(&pairs, (struct str){(const char *)all, sizeof all});
    check(alike_unlinked(v, reader, &pairs) == CAU_OK);
    view_give(f.node, v);
    check(pairs.len == sizeof *all && ((struct identity_pair *)(void *)pairs.p)->y == o);
    buf_free(&pairs); /* one over the limit: it is not looked at */
    pairs = buf_new((ALIKE_LINKED_MAX + 1) * sizeof *all);
    for (size_t i = 0; i <= ALIKE_LINKED_MAX; i++)
        buf_add(&pairs, (struct str){(const char *)&all[0], sizeof *all});
    v = view_take(f.node);
    check(alike_unlinked(v, reader, &pairs) == CAU_OK && pairs.len == sizeof *all);
    view_give(f.node, v);
    buf_free(&pairs);
}

static void what_one_may_not_see_is_not_decided_for_him(void **state)
{
    (void)state;
    struct str x = add("hidden", "{\"vi\":\"Viện Kín\"}", "private");
    struct str y = add("open", "{\"vi\":\"Viện Mở\"}", "public");
    struct register_outcome out;
    struct alike_decision *list;
    struct actor nobody = actor_anonymous();
    size_t before = decided(&nobody, &list), all = decided(&editor, &list);
    check(alike_decide(f.node, &f.arena, &editor, x, y, true, NULL, LANG_EN, &out) ==
          REGISTER_DONE);
    check(decided(&nobody, &list) == before && decided(&editor, &list) == all + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_found_decided_and_reopened),
        cmocka_unit_test(linked_records_are_two),
        cmocka_unit_test(what_one_may_not_see_is_not_decided_for_him)};
    return cmocka_run_group_tests(tests, open_node, close_node);
}
