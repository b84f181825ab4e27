#include "domain/rule/rules.h"

#include "exchange/import/import.h"
#include "fixture.h"

static struct fixture f;
static struct actor self;
static struct register_outcome last;

/* name: the external id of the record that is changed; empty: a new one. */
static enum register_why save(const char *json, const char *name)
{
    struct view_record r = {.doc = 0};
    struct value form = fixture_form(&f, json);
    check(name[0] == '\0' || fixture_get(&f, &self, str_of(name), &r) == CAU_OK);
    return register_save(f.node, &f.arena, &self, &form, r.id, NULL, &last);
}

static bool problem_is(const char *place, enum record_code code, const char *value)
{
    return last.problems.n == 1 && str_is(last.problems.v[0].place, place) &&
           last.problems.v[0].code == code && str_is(last.problems.v[0].value, value);
}

static void dates_follow_one_another(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *dates, *place, *value; /* no place: allowed */
    } want[] = {
        {"session", "\"held_on\":\"2024-06-12\",\"ends_on\":\"2024-06-11\"", "ends_on",
         "2024-06-12"},
        {"session", "\"held_on\":\"2024-06-12\",\"ends_on\":\"2024-06-12\"", NULL, NULL},
        {"session", "\"held_on\":\"2024-06\",\"ends_on\":\"2024-06-11\"", NULL, NULL},
        {"session", "\"held_on\":\"2024-06-12\",\"ends_on\":\"2024\"", NULL, NULL},
        {"session", "\"held_on\":\"2024-06-12\",\"ends_on\":\"2023\"", "ends_on", "2024-06-12"},
        {"commitment", "\"said_on\":\"2024-06\",\"due\":\"2024-05-31\"", "due", "2024-06"},
        {"commitment", "\"said_on\":\"2024-06\",\"due\":\"2024\"", NULL, NULL},
        {"agreement", "\"signed\":\"2011-11-21\",\"expires\":\"2010\"", "expires",
         "2011-11-21"},
        {"agreement", "\"signed\":\"2011-11-21\",\"in_force\":\"2011-01-01\"", NULL, NULL},
        {"project", "\"starts\":\"2024\",\"ends\":\"2023-12\"", "ends", "2024"},
    };
    for (size_t i = 0; i < countof(want); i++) {
        char json[300];
        snprintf(json, sizeof json, "{\"kind\":\"%s\",\"title\":{\"en\":\"X\"},%s}",
                 want[i].kind, want[i].dates);
        enum register_why why = save(json, "");
        if (why != (want[i].place == NULL ? REGISTER_DONE : REGISTER_PROBLEMS))
            fail_msg("%s", json);
        check(want[i].place == NULL ||
              problem_is(want[i].place, RECORD_EARLIER, want[i].value));
    }
}

/* A record of kind that links to another by a field or by a relation. */
static const char *linked(const char *kind, const char *name, const char *rel, const char *to)
{
    static char json[400];
    const struct kind *k = kinds_find(node_kinds(f.node), str_of(kind));
    bool field = kind_find_field(k, str_of(rel)) != NULL;
    snprintf(json, sizeof json,
             field ? "{\"kind\":\"%s\",\"external_id\":\"%s\",\"title\":{\"en\":\"X\"},"
                     "\"%s\":\"%s\"}"
                   : "{\"kind\":\"%s\",\"external_id\":\"%s\",\"title\":{\"en\":\"X\"},"
                     "\"links\":[{\"rel\":\"%s\",\"to\":\"%s\"}]}",
             kind, name, rel, to);
    return json;
}

static void nothing_comes_before_itself(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *rel, *place;
    } way[] = {
        {"agreement", "implements", "links"}, {"agreement", "amends", "links"},
        {"agreement", "replaces", "links"},   {"agreement", "protocol_to", "links"},
        {"commitment", "part_of", "part_of"}, {"commitment", "carried_from", "carried_from"},
        {"mechanism", "part_of", "part_of"},  {"session", "previous", "previous"},
        {"agreement", "renews", "links"},     {"project", "follows", "links"}};
    for (size_t i = 0; i < countof(way); i++) {
        char a[20], b[20], c[20];
        snprintf(a, sizeof a, "a-%zu", i);
        snprintf(b, sizeof b, "b-%zu", i);
        snprintf(c, sizeof c, "c-%zu", i);
        const char *kind = way[i].kind, *rel = way[i].rel;
        check(save(linked(kind, a, rel, "nobody"), "") == REGISTER_DONE);
        check(save(linked(kind, b, rel, a), "") == REGISTER_DONE);
        check(save(linked(kind, c, rel, b), "") == REGISTER_DONE);
        check(save(linked(kind, a, rel, a), a) == REGISTER_PROBLEMS &&
              problem_is(way[i].place, RECORD_CIRCLE, a));
        check(save(linked(kind, a, rel, c), a) == REGISTER_PROBLEMS &&
              problem_is(way[i].place, RECORD_CIRCLE, c));
        check(save(linked(kind, c, rel, a), c) == REGISTER_DONE); /* a shorter way */
        /* A new record that closes the circle by the name others gave it before it came. */
        char late[20], early[20];
        snprintf(late, sizeof late, "late-%zu", i);
        snprintf(early, sizeof early, "early-%zu", i);
        check(save(linked(kind, early, rel, late), "") == REGISTER_DONE);
        check(save(linked(kind, late, rel, early), "") == REGISTER_PROBLEMS &&
              problem_is(way[i].place, RECORD_CIRCLE, early));
        check(save(linked(kind, late, "related", early), "") == REGISTER_DONE);
    }
}

static void a_chain_has_a_limit(void **state)
{
    (void)state;
    struct buf file = buf_new((size_t)1 << 20);
    struct import_options options = {.format = IMPORT_JSONL, .file = STR("x.jsonl")};
    struct import_outcome out;
    for (int i = 0; i < RULES_CHAIN_MAX; i++) /* n-0 leads to one that is not here */
        buf_printf(&file,
                   "{\"kind\":\"agreement\",\"external_id\":\"n-%d\",\"title\":{\"en\":\"X\"},"
                   "\"links\":[{\"rel\":\"amends\",\"to\":\"n-%d\"}]}\n",
                   i, i - 1);
    check(!file.failed);
    check(import_run(f.node, &f.arena, &self, buf_str(&file), &options, NULL, &out) ==
          IMPORT_OK);
    buf_free(&file);
    char last_but_one[20], end[20];
    snprintf(last_but_one, sizeof last_but_one, "n-%d", RULES_CHAIN_MAX - 2);
    snprintf(end, sizeof end, "n-%d", RULES_CHAIN_MAX - 1);
    check(save(linked("agreement", "x-1", "amends", last_but_one), "") == REGISTER_DONE);
    check(save(linked("agreement", "x-2", "amends", end), "") == REGISTER_PROBLEMS &&
          problem_is("links", RECORD_TOO_MANY, end) &&
          last.problems.v[0].limit == RULES_CHAIN_MAX);
}

static void a_file_follows_the_same_rules(void **state)
{
    (void)state;
    struct import_options options = {.format = IMPORT_JSONL, .file = STR("x.jsonl")};
    struct import_outcome out;
    const struct str file =
        STR("{\"kind\":\"session\",\"title\":{\"en\":\"X\"},\"held_on\":\"2024\",\"ends_on\":"
            "\"2023\"}\n"
            "{\"kind\":\"agreement\",\"external_id\":\"self-1\",\"title\":{\"en\":\"X\"},"
            "\"links\":[{\"rel\":\"amends\",\"to\":\"self-1\"}]}\n"
            "{\"kind\":\"commitment\",\"external_id\":\"good-1\",\"title\":{\"en\":\"X\"},"
            "\"countries\":[\"VN\"]}\n");
    check(import_run(f.node, &f.arena, &self, file, &options, NULL, &out) == IMPORT_OK &&
          out.refused == 2 && out.added == 1);
    struct view_record r;
    check(fixture_get(&f, &self, STR("good-1"), &r) == CAU_OK &&
          str_is(value_get_str(&r.payload, "status"), "open"));
    check(import_run(f.node, &f.arena, &self, file, &options, NULL, &out) == IMPORT_OK &&
          out.added == 0 && out.changed == 0 && out.same == 1);
}

/* Nothing of a file is in the view while it is read: its own links are looked at too. */
static void a_circle_within_one_file_is_seen(void **state)
{
    (void)state;
    struct import_options options = {.format = IMPORT_JSONL, .file = STR("x.jsonl")};
    struct import_outcome out;
    struct buf file = buf_new(1 << 16);
    for (int i = 0; i < 5; i++)
        buf_printf(
            &file,
            "{\"kind\":\"agreement\",\"external_id\":\"round-%d\",\"title\":{\"en\":\"X\"},"
            "\"links\":[{\"rel\":\"implements\",\"to\":\"round-%d\"},"
            "{\"rel\":\"amends\",\"to\":\"flat-%d\"}]}\n",
            i, (i + 1) % 5, i);
    check(!file.failed);
    check(import_run(f.node, &f.arena, &self, buf_str(&file), &options, NULL, &out) ==
              IMPORT_OK &&
          out.added == 4 && out.refused == 1);
    buf_free(&file);
    struct view_record r;
    check(fixture_get(&f, &self, STR("round-3"), &r) == CAU_OK &&
          fixture_get(&f, &self, STR("round-4"), &r) == CAU_ERR_UNKNOWN);
}

static int start(void **state)
{
    (void)state;
    self = actor_operator();
    fixture_open(&f);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fixture_close(&f);
    return 0;
}

/* A file with more links than can be looked through for circles is refused; what was added stays known. */
static void a_file_of_links_has_a_limit(void **state)
{
    (void)state;
    struct rules_pending p = rules_pending_new();
    const struct kind *kind = kinds_find(node_kinds(f.node), STR("agreement"));
    struct arena a = arena_new(1 << 20);
    struct value payload = value_object(), links = value_array();
    static char to[RECORD_LINK_POINTS_MAX];
    memset(to, 'x', sizeof to);
    for (int i = 0; i < 40; i++) {
        struct value link = value_object();
        check(value_set_str(&a, &link, "rel", STR("implements")) == CAU_OK);
        check(value_set_str(&a, &link, "to", (struct str){to, sizeof to}) == CAU_OK);
        check(value_push(&a, &links, link) == CAU_OK);
    }
    check(value_set(&a, &payload, STR("links"), links) == CAU_OK);
    check(value_set_str(&a, &payload, "external_id", STR("one")) == CAU_OK);
    const struct record_form form = {.kind = kind, .payload = payload};
    enum cau_err err = CAU_OK;
    size_t full = 0;
    while (err == CAU_OK && p.links.len <= RULES_PENDING_BYTES_MAX) {
        full = p.links.len;
        err = rules_pending_add(&p, &form);
    }
    check(err == CAU_ERR_RANGE && full + 40 * (8 + sizeof to) > RULES_PENDING_BYTES_MAX);
    arena_free(&a);
    rules_pending_free(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_follow_one_another),
        cmocka_unit_test(nothing_comes_before_itself),
        cmocka_unit_test(a_chain_has_a_limit),
        cmocka_unit_test(a_file_follows_the_same_rules),
        cmocka_unit_test(a_circle_within_one_file_is_seen),
        cmocka_unit_test(a_file_of_links_has_a_limit),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
