#include "test.h"
#include "view/writer.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/sync.h"
#include "node_help.h"

#define ORG(id, name)                                                                          \
    "{'country':'VN','external_id':'" id "','name':{'vi':['" name "']},'types':['institute']}"

static void acknowledges_what_a_reader_then_sees(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Viện A"), &r) == CAU_OK);
    check(r.doc == 1 && r.n == 1);
    struct view *v = view_take(t.n);
    struct view_record record;
    check(view_find(v, READER_PUBLIC, STR("x-1")) == 1);
    check(view_get(v, &t.a, READER_PUBLIC, 1, &record) == CAU_OK);
    check(str_equal(record.id, (struct str){r.id, sizeof r.id}));
    check(digest_equal(&record.leaf, &r.leaf) && record.seq == r.seq && record.n == 1);
    check(str_is(record.kind->name, "organization") && record.owner == 1);
    check(str_is(record.external_id, "x-1") && record.time_ms == record.made_ms);
    view_give(t.n, v);
    test_end(&t);
}

static void refuses_a_stale_version(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r, s;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Viện A"), &r) == CAU_OK);
    struct writer_change c =
        test_change(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Viện B"));
    c.id = (struct str){r.id, sizeof r.id};
    c.after = &r.leaf;
    check(writer_put(t.n, &c, 1, &s) == CAU_OK && s.n == 2 && s.doc == r.doc);
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_STALE);
    c.after = NULL;
    check(writer_put(t.n, &c, 1, &s) == CAU_OK && s.n == 3);
    c.id = (struct str){NULL, 0};
    c.after = &r.leaf;
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_STALE); /* a new record knows no version */
    test_end(&t);
}

static void refuses_what_names_nothing_or_too_much(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r, s;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Viện A"), &r) == CAU_OK);
    struct writer_change c =
        test_change(&t, "organization", RECORD_PUBLIC, ORG("x-2", "Viện B"));
    c.id = STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa");
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_UNKNOWN);
    c.id = STR("nonsense");
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_UNKNOWN);
    c.id = (struct str){NULL, 0};
    c.organization = STR("r:aaaaaaaaaaaaaaaaaaaaaaaaaa");
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_UNKNOWN);
    c.organization = (struct str){NULL, 0};
    c.payload = STR("{ \"country\":\"VN\"}");
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_SYNTAX); /* not canonical */
    c.payload = STR("[]");
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_SYNTAX);
    c = test_change(&t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}");
    c.id = (struct str){r.id, sizeof r.id};
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_REFUSED); /* another kind */
    static struct writer_change many[WRITER_GROUP_MAX + 1];
    check(writer_put(t.n, many, WRITER_GROUP_MAX + 1, &s) == CAU_ERR_RANGE);
    struct writer_result again = r;
    check(test_redact(&t, RECORD_PRIVATE, &again) == CAU_ERR_UNKNOWN);
    c = (struct writer_change){.op = WRITER_REDACT,
                               .id = {r.id, sizeof r.id},
                               .audience = RECORD_PUBLIC,
                               .why = STR("Not a code")};
    check(writer_put(t.n, &c, 1, &s) == CAU_ERR_SYNTAX);
    test_end(&t);
}

static void takes_an_external_id_once(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r, s;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Viện A"), &r) == CAU_OK);
    check(test_put(&t, "organization", RECORD_PRIVATE, ORG("x-1", "Viện B"), &s) ==
          CAU_ERR_REFUSED);
    check(test_again(&t, "organization", RECORD_PRIVATE, ORG("x-1", "Viện A"), &r) == CAU_OK);
    check(r.n == 1 && r.doc == 1); /* the first in that log */
    check(test_again(&t, "organization", RECORD_PRIVATE, ORG("x-9", "Viện A"), &r) == CAU_OK);
    check(test_again(&t, "organization", RECORD_PUBLIC, ORG("x-8", "Viện A"), &r) == CAU_OK);
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Viện B"), &s) == CAU_OK);
    struct view *v = view_take(t.n);
    check(view_find(v, READER_PUBLIC, STR("x-1")) == s.doc);
    check(view_find(v, READER_PUBLIC, STR("x-9")) == 0);
    check(view_find(v, READER_ALL, STR("x-9")) == r.doc);
    view_give(t.n, v);
    test_end(&t);
}

static void does_a_group_whole_or_not_at_all(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r[3];
    struct writer_change c[3] = {
        test_change(&t, "organization", RECORD_PUBLIC, ORG("x-1", "A")),
        test_change(&t, "organization", RECORD_PRIVATE, ORG("x-2", "B")),
        test_change(&t, "organization", RECORD_PUBLIC, ORG("x-1", "C"))};
    check(writer_put(t.n, c, 3, r) == CAU_ERR_REFUSED); /* the third has the first's id */
    struct view *v = view_take(t.n);
    check(view_find(v, READER_ALL, STR("x-1")) == 0 &&
          view_find(v, READER_ALL, STR("x-2")) == 0);
    struct view_log log;
    check(view_log(v, &t.a, RECORD_PRIVATE, &log) == CAU_OK && log.size == 0);
    view_give(t.n, v);
    check(writer_put(t.n, c, 2, r) == CAU_OK && r[0].doc == 1 && r[1].doc == 2);
    check(writer_settle(t.n, 5000) == CAU_OK);
    test_close(&t);
    struct test_faults f;
    check(test_check(t.dir, &f) == CAU_OK && f.n == 0);
    test_end(&t);
}

static enum cau_err add_then_fail(struct store *s, void *arg)
{
    enum cau_err err = local_setting_set(s, STR("color"), STR("blue"));
    return err == CAU_OK ? *(enum cau_err *)arg : err;
}

static void undoes_a_step_that_fails(void **state)
{
    (void)state;
    struct test_node t = test_make();
    enum cau_err say = CAU_ERR_STALE;
    struct str value;
    check(writer_run(t.n, add_then_fail, &say) == CAU_ERR_STALE);
    struct view *v = view_take(t.n);
    check(local_setting_get(view_store(v), &t.a, STR("color"), &value) == CAU_ERR_UNKNOWN);
    view_give(t.n, v);
    say = CAU_OK;
    check(writer_run(t.n, add_then_fail, &say) == CAU_OK);
    v = view_take(t.n);
    check(local_setting_get(view_store(v), &t.a, STR("color"), &value) == CAU_OK);
    check(str_is(value, "blue"));
    view_give(t.n, v);
    test_end(&t);
}

/* ---- what waits ---- */

struct put {
    struct test_node *t;
    const char *json;
    enum cau_err err;
};

static void *put_one(void *arg)
{
    struct put *p = arg;
    struct writer_change c = {.kind = test_kind(p->t, "organization"),
                              .payload = str_of(p->json)};
    struct writer_result r;
    p->err = writer_put(p->t->n, &c, 1, &r);
    return NULL;
}

struct gate {
    struct sync_door in, out;
};

static enum cau_err hold(struct store *s, void *arg)
{
    struct gate *g = arg;
    (void)s;
    sync_door_open(&g->in);
    sync_door_wait(&g->out);
    return CAU_OK;
}

static void *run_hold(void *arg)
{
    struct put *p = arg;
    p->err = writer_run(p->t->n, hold, (void *)(uintptr_t)p->json);
    return NULL;
}

static void says_busy_when_the_queue_is_full(void **state)
{
    (void)state;
    struct test_node t = test_make();
    t.hook.queue_requests = 1;
    t.hook.wait_ms = 20;
    test_reopen(&t);
    struct gate g;
    sync_door_init(&g.in);
    sync_door_init(&g.out);
    struct put holder = {&t, (const char *)&g, CAU_OK};
    struct put waiter = {&t, "{\"country\":\"VN\",\"name\":{\"vi\":[\"A\"]}}", CAU_ERR_IO};
    struct put late = waiter;
    struct sync_thread a, b, c;
    check(sync_start(&a, run_hold, &holder) == CAU_OK);
    sync_door_wait(&g.in); /* the writer is busy and the queue is empty */
    check(sync_start(&b, put_one, &waiter) == CAU_OK);
    usleep(10000); /* now it is full */
    check(sync_start(&c, put_one, &late) == CAU_OK);
    sync_join(&c);
    sync_door_open(&g.out);
    sync_join(&a);
    sync_join(&b);
    check(holder.err == CAU_OK);
    check((late.err == CAU_ERR_BUSY) != (waiter.err == CAU_ERR_BUSY)); /* whoever came second */
    sync_door_end(&g.in);
    sync_door_end(&g.out);
    test_end(&t);
}

static void gives_every_entry_a_later_time(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_change c[40];
    struct writer_result r[40];
    clock_set_ms(4102444800000); /* a clock that stands still */
    for (size_t i = 0; i < countof(c); i++)
        c[i] = test_change(&t, "organization", (enum record_audience)(i % 3),
                           "{'country':'VN','name':{'vi':['A']}}");
    check(writer_put(t.n, c, countof(c), r) == CAU_OK);
    clock_set_ms(1); /* and one that goes back */
    struct writer_result last;
    check(writer_put(t.n, c, 1, &last) == CAU_OK);
    clock_set_ms(0);
    struct view *v = view_take(t.n);
    int64_t before = 0;
    for (uint32_t doc = 1; doc <= countof(c) + 1; doc++) {
        struct view_record record;
        check(view_get(v, &t.a, READER_ALL, doc, &record) == CAU_OK);
        check(record.time_ms > before);
        before = record.time_ms;
    }
    view_give(t.n, v);
    test_end(&t);
}

/* ---- erasing ---- */

static bool has(struct str bytes, struct str needle)
{
    for (size_t i = 0; i + needle.len <= bytes.len; i++)
        if (memcmp(bytes.p + i, needle.p, needle.len) == 0)
            return true;
    return false;
}

static bool file_has(const char *dir, const char *name, struct str needle)
{
    struct arena a = arena_new((size_t)64 << 20);
    const char *path;
    struct str bytes = {NULL, 0};
    check(file_path(&a, dir, name, &path) == CAU_OK);
    enum cau_err err = file_read(&a, path, (size_t)32 << 20, &bytes);
    bool found = err == CAU_OK && has(bytes, needle);
    arena_free(&a);
    return found;
}

static void redaction_destroys_payload_and_salt(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Bí mật canary-8831"), &r) ==
          CAU_OK);
    struct writer_result put = r;
    check(test_again(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Second canary-8831"), &r) ==
          CAU_OK);
    check(file_has(t.dir, "main.db-wal", STR("canary-8831")) ||
          file_has(t.dir, "main.db", STR("canary-8831")));
    check(test_redact(&t, RECORD_PUBLIC, &r) == CAU_OK && r.n == 2);
    check(writer_settle(t.n, 5000) == CAU_OK);
    check(!file_has(t.dir, "main.db-wal", STR("canary-8831")));
    check(!file_has(t.dir, "main.db", STR("canary-8831")));
    struct view *v = view_take(t.n);
    struct view_record record;
    check(view_get(v, &t.a, READER_PUBLIC, put.doc, &record) == CAU_OK);
    check(record.redacted && record.payload.n == 0 && record.external_id.len == 0);
    check(view_get_version(v, &t.a, READER_PUBLIC, put.doc, RECORD_PUBLIC, 1, &record) ==
          CAU_OK);
    check(record.redacted && digest_equal(&record.leaf, &put.leaf));
    check(view_find(v, READER_ALL, STR("x-1")) == 0);
    view_give(t.n, v);
    struct writer_result again = r;
    check(test_redact(&t, RECORD_PUBLIC, &again) == CAU_ERR_REFUSED);
    check(test_again(&t, "organization", RECORD_PUBLIC, ORG("x-1", "Viện C"), &r) == CAU_OK);
    check(r.n == 3);
    test_close(&t);
    struct test_faults f;
    check(test_check(t.dir, &f) == CAU_OK);
    test_end(&t);
}

#define PERSON "{'country':'VN','name':{'vi':['Nguyễn canary-77']}}"

static void a_person_is_sealed_and_forgotten(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "person", RECORD_PUBLIC, PERSON, &r) == CAU_OK);
    check(test_again(&t, "person", RECORD_PRIVATE, PERSON, &r) == CAU_OK);
    check(!file_has(t.dir, "main.db-wal", STR("canary-77")));
    struct view *v = view_take(t.n);
    struct view_record record;
    check(view_get(v, &t.a, READER_PUBLIC, r.doc, &record) == CAU_OK && !record.redacted);
    check(str_is(value_get(value_get(&record.payload, "name"), "vi")->item[0].string,
                 "Nguyễn canary-77"));
    view_give(t.n, v);
    check(test_redact(&t, RECORD_PUBLIC, &r) == CAU_OK);
    check(writer_settle(t.n, 5000) == CAU_OK);
    v = view_take(t.n);
    check(view_get(v, &t.a, READER_ALL, r.doc, &record) == CAU_OK && !record.redacted);
    view_give(t.n, v);
    check(test_redact(&t, RECORD_PRIVATE, &r) == CAU_OK);
    check(writer_settle(t.n, 5000) == CAU_OK);
    test_close(&t);
    char path[100];
    struct store *keys = NULL;
    int64_t left = -1;
    snprintf(path, sizeof path, "%s/keys.db", t.dir);
    check(store_open(path, STORE_KEYS, STORE_READ, &keys) == CAU_OK);
    check(sql_get_int(keys, "SELECT count(*) FROM subject_key", SQL_NO_ARGS, &left) == CAU_OK);
    store_close(keys);
    check(left == 0);
    struct test_faults f;
    check(test_check(t.dir, &f) == CAU_OK);
    test_end(&t);
}

/* ---- a full disk ---- */

static uint64_t pretended_room = UINT64_MAX;

static enum cau_err pretend_room(const char *path, uint64_t *left, uint64_t *all)
{
    (void)path;
    *left = pretended_room;
    *all = (uint64_t)10 << 30;
    return CAU_OK;
}

static void writes_nothing_when_the_disk_is_nearly_full(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    t.hook.room = pretend_room;
    test_reopen(&t);
    pretended_room = ((uint64_t)10 << 30) / 20;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-1", "A"), &r) == CAU_OK);
    pretended_room--; /* one byte under 5 % */
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-2", "A"), &r) == CAU_ERR_FULL);
    check(node_state(t.n) == NODE_FULL);
    struct view *v = view_take(t.n);
    check(view_find(v, READER_PUBLIC, STR("x-1")) == 1); /* reading goes on */
    view_give(t.n, v);
    pretended_room = UINT64_MAX;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("x-2", "A"), &r) == CAU_OK);
    check(node_state(t.n) == NODE_NORMAL);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(acknowledges_what_a_reader_then_sees),
        cmocka_unit_test(refuses_a_stale_version),
        cmocka_unit_test(refuses_what_names_nothing_or_too_much),
        cmocka_unit_test(takes_an_external_id_once),
        cmocka_unit_test(does_a_group_whole_or_not_at_all),
        cmocka_unit_test(undoes_a_step_that_fails),
        cmocka_unit_test(says_busy_when_the_queue_is_full),
        cmocka_unit_test(gives_every_entry_a_later_time),
        cmocka_unit_test(redaction_destroys_payload_and_salt),
        cmocka_unit_test(a_person_is_sealed_and_forgotten),
        cmocka_unit_test(writes_nothing_when_the_disk_is_nearly_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
