#include "store/local.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sql.h"
#include "store_help.h"

static void keeps_users(void **state)
{
    (void)state;
    struct box b = box_make();
    struct local_user u = {.name = STR("lan@vn.example"),
                           .display = STR("Lan"),
                           .roles = LOCAL_EDITOR | LOCAL_ADVISER,
                           .lang = STR("vi"),
                           .active = true,
                           .made_ms = 5};
    struct local_user got;
    uint32_t id = 0, other = 0;
    check(local_user_add(b.s, &u, &id) == CAU_OK && id == 1);
    check(local_user_add(b.s, &u, &other) == CAU_ERR_REFUSED && other == 0);
    check(local_user_find(b.s, &b.a, STR("lan@vn.example"), &got) == CAU_OK);
    check(got.id == id && got.roles == u.roles && got.active && got.made_ms == 5);
    check(str_is(got.display, "Lan") && got.password.len == 0 && got.organization.len == 0);
    check(local_user_find(b.s, &b.a, STR("nobody"), &got) == CAU_ERR_UNKNOWN);
    got.display = STR("Lan Anh");
    got.active = false;
    check(local_user_set(b.s, &got) == CAU_OK);
    check(local_user_get(b.s, &b.a, id, &got) == CAU_OK && !got.active);
    got.id = 9;
    check(local_user_set(b.s, &got) == CAU_ERR_UNKNOWN);
    u.name = STR("an");
    check(local_user_add(b.s, &u, &other) == CAU_OK);
    struct local_user *list;
    size_t n;
    check(local_user_list(b.s, &b.a, &list, &n) == CAU_OK && n == 2);
    check(str_is(list[0].name, "an"));
    box_end(&b);
}

static void refuses_bad_names(void **state)
{
    (void)state;
    struct box b = box_make();
    char name[LOCAL_NAME_BYTES_MAX + 1];
    memset(name, 'a', sizeof name);
    struct local_user u = {.name = {name, sizeof name}};
    uint32_t id;
    check(local_user_add(b.s, &u, &id) == CAU_ERR_RANGE); /* one over */
    u.name.len--;
    check(local_user_add(b.s, &u, &id) == CAU_OK);
    static const char *const bad[] = {"a", "", ".ab", "Ab", "a b", "a\n", "é1"};
    for (size_t i = 0; i < countof(bad); i++) {
        u.name = str_of(bad[i]);
        check(local_user_add(b.s, &u, &id) == CAU_ERR_RANGE);
    }
    check(sql_do(b.s,
                 "WITH RECURSIVE c(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM c"
                 " WHERE i < 100000) INSERT INTO user SELECT i, 'u' || i, '', '', 0, '', '', 1,"
                 " 0 FROM c",
                 SQL_NO_ARGS) == CAU_OK);
    u.name = STR("one-over");
    check(local_user_add(b.s, &u, &id) == CAU_ERR_RANGE);
    box_end(&b);
}

static void keeps_sessions(void **state)
{
    (void)state;
    struct box b = box_make();
    struct local_session x = {.user = 3, .made_ms = 10, .seen_ms = 20}, got;
    memset(x.token_hash, 7, sizeof x.token_hash);
    memset(x.form_key, 9, sizeof x.form_key);
    check(local_session_add(b.s, &x) == CAU_OK);
    check(local_session_find(b.s, x.token_hash, &got) == CAU_OK);
    check(got.user == 3 && got.seen_ms == 20 && memcmp(got.form_key, x.form_key, 32) == 0);
    check(local_session_seen(b.s, x.token_hash, 30) == CAU_OK);
    check(local_session_sweep(b.s, 5, 30) == CAU_OK);
    check(local_session_find(b.s, x.token_hash, &got) == CAU_OK && got.seen_ms == 30);
    check(local_session_sweep(b.s, 5, 31) == CAU_OK);
    check(local_session_find(b.s, x.token_hash, &got) == CAU_ERR_UNKNOWN);
    check(local_session_add(b.s, &x) == CAU_OK);
    check(local_session_remove_user(b.s, 4) == CAU_OK);
    check(local_session_find(b.s, x.token_hash, &got) == CAU_OK);
    check(local_session_remove_user(b.s, 3) == CAU_OK);
    check(local_session_find(b.s, x.token_hash, &got) == CAU_ERR_UNKNOWN);
    check(local_session_add(b.s, &x) == CAU_OK &&
          local_session_remove(b.s, x.token_hash) == CAU_OK);
    check(local_session_find(b.s, x.token_hash, &got) == CAU_ERR_UNKNOWN);
    box_end(&b);
}

static void keeps_imports(void **state)
{
    (void)state;
    struct box b = box_make();
    struct local_import x = {.file = STR("tổ chức.xlsx"),
                             .options = STR("{}"),
                             .state = LOCAL_IMPORT_RUNNING,
                             .rows = 100,
                             .alike = 4,
                             .made_ms = 1};
    struct local_import got, *list;
    uint32_t id, second;
    size_t n;
    check(local_import_add(b.s, &x, &id) == CAU_OK && id == 1);
    check(local_import_get(b.s, &b.a, id, &got) == CAU_OK && got.report.len == 0);
    check(got.rows == 100 && got.alike == 4 && str_is(got.file, "tổ chức.xlsx"));
    got.state = LOCAL_IMPORT_DONE;
    got.done = 100;
    got.report = STR("[1]");
    check(local_import_set(b.s, &got) == CAU_OK);
    got.report.len = 0;
    check(local_import_set(b.s, &got) == CAU_OK); /* leaves the report */
    check(local_import_get(b.s, &b.a, id, &got) == CAU_OK && str_is(got.report, "[1]"));
    check(got.state == LOCAL_IMPORT_DONE && got.done == 100);
    check(local_import_add(b.s, &x, &second) == CAU_OK && second == 2);
    check(local_import_list(b.s, &b.a, 10, &list, &n) == CAU_OK && n == 2 && list[0].id == 2);
    check(local_import_list(b.s, &b.a, 1, &list, &n) == CAU_OK && n == 1);
    check(local_import_get(b.s, &b.a, 3, &got) == CAU_ERR_UNKNOWN);
    got.id = 3;
    check(local_import_set(b.s, &got) == CAU_ERR_UNKNOWN);
    char *big = arena_zero(&b.a, LOCAL_REPORT_BYTES_MAX + 1);
    memset(big, 'x', LOCAL_REPORT_BYTES_MAX + 1);
    x.report = (struct str){big, LOCAL_REPORT_BYTES_MAX + 1};
    check(local_import_add(b.s, &x, &id) == CAU_ERR_RANGE); /* one over */
    box_end(&b);
}

static void keeps_profiles_and_settings(void **state)
{
    (void)state;
    struct box b = box_make();
    struct str got, *names;
    size_t n;
    check(local_profile_set(b.s, STR("vista"), STR("{\"a\":1}")) == CAU_OK);
    check(local_profile_set(b.s, STR("vista"), STR("{\"a\":2}")) == CAU_OK);
    check(local_profile_set(b.s, STR("minpromtorg"), STR("{}")) == CAU_OK);
    check(local_profile_get(b.s, &b.a, STR("vista"), &got) == CAU_OK &&
          str_is(got, "{\"a\":2}"));
    check(local_profile_get(b.s, &b.a, STR("none"), &got) == CAU_ERR_UNKNOWN);
    check(local_profile_list(b.s, &b.a, &names, &n) == CAU_OK && n == 2);
    check(str_is(names[0], "minpromtorg"));
    static char big[LOCAL_PROFILE_BYTES_MAX + 1];
    memset(big, 'x', sizeof big);
    check(local_profile_set(b.s, STR("p"), (struct str){big, sizeof big}) == CAU_ERR_RANGE);
    check(local_profile_set(b.s, STR("p"), (struct str){big, sizeof big - 1}) == CAU_OK);
    check(local_setting_get(b.s, &b.a, STR("x"), &got) == CAU_ERR_UNKNOWN);
    check(local_setting_set(b.s, STR("x"), STR("")) == CAU_OK);
    check(local_setting_get(b.s, &b.a, STR("x"), &got) == CAU_OK && got.len == 0);
    box_end(&b);
}

static void keeps_searches_of_each_user(void **state)
{
    (void)state;
    struct box b = box_make();
    struct local_search x = {.user = 7,
                             .name = STR("Điện gió"),
                             .query = STR("q=dien+gio&kind=need"),
                             .lang = STR("vi"),
                             .made_ms = 10,
                             .seen_ms = 10,
                             .audiences = 3,
                             .organization = STR("r:x")};
    struct local_search got, *list;
    uint32_t id = 0, other = 0;
    size_t n = 0;
    unsigned char hash[32] = {1};
    check(local_search_add(b.s, &x, &id) == CAU_OK && id > 0);
    x.user = 8;
    check(local_search_add(b.s, &x, &other) == CAU_OK && other != id);
    check(local_search_list(b.s, &b.a, 7, &list, &n) == CAU_OK && n == 1);
    check(list[0].id == id && str_equal(list[0].name, x.name) && list[0].audiences == 3);
    check(str_equal(list[0].query, x.query) && str_is(list[0].organization, "r:x"));
    check(local_search_get(b.s, &b.a, 7, other, &got) == CAU_ERR_UNKNOWN); /* not his */

    x = (struct local_search){.id = id, .user = 7, .seen_ms = 20, .audiences = 7};
    check(local_search_seen(b.s, &x) == CAU_OK);
    check(local_search_get(b.s, &b.a, 7, id, &got) == CAU_OK && got.seen_ms == 20);
    check(got.audiences == 7 && got.organization.len == 0 && !got.has_feed);
    check(local_search_feed(b.s, 8, id, hash) == CAU_ERR_UNKNOWN);
    check(local_search_feed(b.s, 7, id, hash) == CAU_OK);
    check(local_search_of_feed(b.s, &b.a, hash, &got) == CAU_OK && got.id == id &&
          got.has_feed);
    check(local_search_feed(b.s, 7, id, NULL) == CAU_OK);
    check(local_search_of_feed(b.s, &b.a, hash, &got) == CAU_ERR_UNKNOWN);
    check(local_search_remove(b.s, 8, id) == CAU_ERR_UNKNOWN);
    check(local_search_remove(b.s, 7, id) == CAU_OK);
    check(local_search_remove(b.s, 7, id) == CAU_ERR_UNKNOWN);
    box_end(&b);
}

static void one_search_too_many(void **state)
{
    (void)state;
    struct box b = box_make();
    static char text[LOCAL_SEARCH_QUERY_BYTES_MAX + 1];
    memset(text, 'x', sizeof text);
    struct local_search x = {.user = 1, .name = STR("n"), .lang = STR("vi")};
    uint32_t id;
    x.query = (struct str){text, LOCAL_SEARCH_QUERY_BYTES_MAX + 1};
    check(local_search_add(b.s, &x, &id) == CAU_ERR_RANGE);
    x.query.len--;
    x.name = (struct str){text, LOCAL_SEARCH_NAME_BYTES_MAX + 1};
    check(local_search_add(b.s, &x, &id) == CAU_ERR_RANGE);
    x.name.len--;
    for (int i = 0; i < LOCAL_SEARCHES_MAX; i++)
        check(local_search_add(b.s, &x, &id) == CAU_OK);
    check(local_search_add(b.s, &x, &id) == CAU_ERR_RANGE);
    x.user = 2;
    check(local_search_add(b.s, &x, &id) == CAU_OK);
    box_end(&b);
}

/* A node made before there were saved searches gets their table when it is opened to write. */
static void an_older_node_gets_new_tables(void **state)
{
    (void)state;
    struct box b = box_make();
    struct local_search x = {.user = 1, .name = STR("n"), .lang = STR("vi")};
    uint32_t id;
    check(sql_do(b.s, "DROP TABLE search", SQL_NO_ARGS) == CAU_OK);
    store_close(b.s);
    check(store_open(b.path, STORE_MAIN, STORE_WRITE, &b.s) == CAU_OK);
    check(local_search_add(b.s, &x, &id) == CAU_OK);
    box_end(&b);
}

static void keeps_reminders(void **state)
{
    (void)state;
    struct box b = box_make();
    static char text[LOCAL_MAIL_BYTES_MAX + 1];
    memset(text, 'a', sizeof text);
    struct local_reminder r = {.user = 7, .address = STR("a@b.vn"), .often = 2}, *list;
    uint32_t user = 0;
    size_t n = 0;
    unsigned char hash[32] = {1};
    check(local_reminder_get(b.s, &b.a, 9, &r) == CAU_OK && r.user == 9 && r.often == 0);
    r = (struct local_reminder){.user = 7, .address = STR("a@b.vn"), .often = 2};
    check(local_reminder_sent(b.s, 7, 100) == CAU_ERR_UNKNOWN);
    check(local_reminder_set(b.s, &r) == CAU_OK);
    check(local_reminder_calendar(b.s, 7, hash) == CAU_OK);
    check(local_reminder_calendar(b.s, 8, NULL) == CAU_OK); /* he has never had one */
    check(local_reminder_of_calendar(b.s, hash, &user) == CAU_OK && user == 7);
    check(local_reminder_get(b.s, &b.a, 7, &r) == CAU_OK && r.has_calendar && r.often == 2);
    check(local_reminder_wanted(b.s, &b.a, 100, 10, &list, &n) == CAU_OK && n == 1);
    check(local_reminder_sent(b.s, 7, 100) == CAU_OK);
    check(local_reminder_wanted(b.s, &b.a, 100, 10, &list, &n) == CAU_OK && n == 0);
    check(local_reminder_wanted(b.s, &b.a, 101, 10, &list, &n) == CAU_OK && n == 1);
    r.address = (struct str){text, LOCAL_ADDRESS_BYTES_MAX + 1};
    check(local_reminder_set(b.s, &r) == CAU_ERR_RANGE);
    check(local_reminder_calendar(b.s, 7, NULL) == CAU_OK);
    check(local_reminder_of_calendar(b.s, hash, &user) == CAU_ERR_UNKNOWN);
    box_end(&b);
}

static void queues_mail(void **state)
{
    (void)state;
    struct box b = box_make();
    static char text[LOCAL_MAIL_BYTES_MAX + 1];
    memset(text, 'a', sizeof text);
    struct local_mail m = {.to = STR("a@b.vn"), .subject = STR("Nhắc"), .text = STR("x")}, got;
    check(local_mail_next(b.s, &b.a, 1000, &got) == CAU_ERR_UNKNOWN);
    m.next_ms = 20;
    check(local_mail_add(b.s, &m) == CAU_OK);
    m.next_ms = 10;
    check(local_mail_add(b.s, &m) == CAU_OK);
    check(local_mail_next(b.s, &b.a, 9, &got) == CAU_ERR_UNKNOWN);
    check(local_mail_next(b.s, &b.a, 30, &got) == CAU_OK && got.next_ms == 10);
    check(str_equal(got.subject, m.subject) && got.tries == 0);
    check(local_mail_again(b.s, got.id, 50) == CAU_OK);
    check(local_mail_next(b.s, &b.a, 60, &got) == CAU_OK && got.next_ms == 20);
    check(local_mail_remove(b.s, got.id) == CAU_OK);
    check(local_mail_remove(b.s, got.id) == CAU_ERR_UNKNOWN);
    check(local_mail_next(b.s, &b.a, 60, &got) == CAU_OK && got.tries == 1);
    m.text = (struct str){text, LOCAL_MAIL_BYTES_MAX + 1};
    check(local_mail_add(b.s, &m) == CAU_ERR_RANGE);
    m.text.len--;
    m.subject = (struct str){text, LOCAL_MAIL_SUBJECT_MAX + 1};
    check(local_mail_add(b.s, &m) == CAU_ERR_RANGE);
    m.subject.len = 1;
    m.text.len = 1;
    check(sql_do(b.s,
                 "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
                 " INSERT INTO mail(address, subject, text, made_ms, next_ms, tries)"
                 " SELECT 'a', 's', 't', 0, 0, 0 FROM n",
                 SQL_ARGS(sql_of_int(LOCAL_MAILS_MAX))) == CAU_OK);
    check(local_mail_add(b.s, &m) == CAU_ERR_RANGE);
    box_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_searches_of_each_user),
        cmocka_unit_test(one_search_too_many),
        cmocka_unit_test(an_older_node_gets_new_tables),
        cmocka_unit_test(keeps_reminders),
        cmocka_unit_test(queues_mail),
        cmocka_unit_test(keeps_users),
        cmocka_unit_test(refuses_bad_names),
        cmocka_unit_test(keeps_sessions),
        cmocka_unit_test(keeps_imports),
        cmocka_unit_test(keeps_profiles_and_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
