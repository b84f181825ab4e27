#include "test.h"
#include "view/node.h"

#include <fcntl.h>

#include "base/file.h"
#include "node_help.h"
#include "store/ckpt.h"

/* A node with every kind of entry: versions in all logs, redactions, a person, an owner found later. */
static struct test_node make_full(void)
{
    struct test_node t = test_make();
    struct writer_result need, org, gone, person;
    check(test_put(&t, "need", RECORD_PRIVATE,
                   "{'external_id':'n','organization':'late','publication':'draft',"
                   "'title':{'vi':'Cần'}}",
                   &need) == CAU_OK);
    check(test_put(&t, "organization", RECORD_PUBLIC,
                   "{'country':'VN','external_id':'late','name':{'vi':['Viện canary']},"
                   "'types':['institute']}",
                   &org) == CAU_OK);
    check(test_again(&t, "need", RECORD_PUBLIC,
                     "{'external_id':'n','organization':'late','publication':'published',"
                     "'title':{'vi':'Cần canary'}}",
                     &need) == CAU_OK);
    check(
        test_again(&t, "need", RECORD_PUBLIC,
                   "{'audit':{'import':'import-0003'},'external_id':'n2','organization':'late',"
                   "'publication':'published','title':{'vi':'Cần hơn'}}",
                   &need) == CAU_OK);
    check(test_put(&t, "organization", RECORD_PARTNER,
                   "{'country':'RU','external_id':'gone','name':{'ru':['Завод']},"
                   "'types':['enterprise']}",
                   &gone) == CAU_OK);
    check(test_again(&t, "organization", RECORD_PRIVATE,
                     "{'country':'RU','external_id':'gone','name':{'ru':['Завод']},"
                     "'types':['enterprise']}",
                     &gone) == CAU_OK);
    check(test_redact(&t, RECORD_PARTNER, &gone) == CAU_OK);
    check(test_put(&t, "person", RECORD_PUBLIC, "{'country':'VN','name':{'vi':['An']}}",
                   &person) == CAU_OK);
    check(test_again(&t, "person", RECORD_PUBLIC, "{'country':'VN','name':{'vi':['Bình']}}",
                     &person) == CAU_OK);
    static struct writer_change c[300];
    static struct writer_result r[300];
    for (size_t i = 0; i < countof(c); i++)
        c[i] = test_change(&t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}");
    check(writer_put(t.n, c, countof(c), r) == CAU_OK);
    check(writer_settle(t.n, 10000) == CAU_OK);
    test_close(&t);
    return t;
}

/* ---- rebuilding ---- */

static void dump(const char *dir, const char *query, struct buf *out)
{
    char path[100];
    struct store *s = NULL;
    snprintf(path, sizeof path, "%s/main.db", dir);
    check(store_open(path, STORE_MAIN, STORE_READ, &s) == CAU_OK);
    struct sql q = sql_start(s, query, SQL_NO_ARGS);
    while (sql_next(&q)) {
        buf_add(out, sql_bytes(&q, 0));
        buf_add_char(out, '\n');
    }
    check(sql_end(&q) == CAU_OK);
    store_close(s);
}

static void dump_views(const char *dir, struct buf *out)
{
    buf_reset(out);
    dump(dir, "SELECT id || ' ' || name FROM kind ORDER BY id", out);
    dump(dir,
         "SELECT doc || hex(rid) || ' ' || kind || ' ' || owner || ' ' || ifnull(belongs, '-')"
         " FROM record ORDER BY doc",
         out);
    dump(dir,
         "SELECT doc || ' ' || log || ' ' || n || ' ' || seq || ' ' || t || ' ' || made || ' ' "
         "||"
         " state || hex(leaf) || ifnull(external, '-') || ifnull(publication, '-') ||"
         " ifnull(import, '-') FROM head ORDER BY doc, log",
         out);
    dump(dir,
         "SELECT doc || ' ' || log || ' ' || n || ' ' || seq FROM older ORDER BY doc, log, n",
         out);
    dump(dir,
         "SELECT doc || ' ' || log || ' ' || i || rel || ' ' || target || ifnull(label, '-')"
         " FROM link ORDER BY doc, log, i",
         out);
    check(!out->failed);
}

static void count_step(void *ctx, uint64_t done, uint64_t all)
{
    uint64_t *last = ctx;
    check(done <= all);
    *last = done;
}

static void rebuilds_the_same_views(void **state)
{
    (void)state;
    struct test_node t = make_full();
    struct buf before = buf_new(1 << 20), after = buf_new(1 << 20);
    uint64_t last = 0;
    struct node_progress progress = {&last, count_step};
    dump_views(t.dir, &before);
    check(before.len > 10000);
    check(node_rebuild(t.dir, &progress) == CAU_OK && last > 300);
    dump_views(t.dir, &after);
    check(str_equal(buf_str(&before), buf_str(&after)));
    struct test_faults f;
    check(test_check(t.dir, &f) == CAU_OK && f.n == 0);
    test_open(&t, NODE_WRITE);
    check(node_rebuild(t.dir, NULL) == CAU_ERR_BUSY);
    check(index_count(node_index(t.n)) == 304);
    buf_free(&before);
    buf_free(&after);
    test_end(&t);
}

/* ---- faults ---- */

/* Changes the database behind the node's back, by one statement. */
static void tamper(const char *dir, const char *file, enum store_file kind,
                   const char *statement)
{
    char path[100];
    struct store *s = NULL;
    snprintf(path, sizeof path, "%s/%s", dir, file);
    check(store_open(path, kind, STORE_WRITE, &s) == CAU_OK);
    check(sql_do(s, statement, SQL_NO_ARGS) == CAU_OK);
    check(sql_changed(s) > 0);
    store_close(s);
}

/* One byte of a blob, flipped in its lowest bit, as an expression. */
#define FLIP(column, at)                                                                       \
    "CAST(substr(" column ", 1, " at ") || CAST(char(CASE WHEN substr(" column ", " at         \
    " + 1, 1) = x'31' THEN 50 ELSE 49 END) AS BLOB) || substr(" column ", " at                 \
    " + 2) AS BLOB)"

struct fault {
    const char *expect; /* a line of the report begins so */
    const char *statement;
};

static const struct fault faults[] = {
    {"leaf public/30",
     "UPDATE entry SET leaf = " FLIP("leaf", "200") " WHERE place = (1 << 40) + 30"},
    {"tile public/0/0", "UPDATE tile SET hashes = " FLIP("hashes", "4000")},
    {"tile public/1 edge", "UPDATE frontier SET hashes = " FLIP("hashes", "3")},
    {"payload public/40",
     "UPDATE payload SET body = " FLIP("body", "4") " WHERE place = (1 << 40) + 40"},
    {"payload public/40",
     "UPDATE payload SET r = " FLIP("r", "4") " WHERE place = (1 << 40) + 40"},
    {"payload public/40", "UPDATE payload SET state = 2, r = NULL, body = NULL"
                          " WHERE place = (1 << 40) + 40"},
    {"payload public has", "DELETE FROM payload WHERE place = (1 << 40) + 40"},
    {"checkpoint public/", "UPDATE checkpoint SET note = " FLIP("note", "30")},
    {"checkpoint public/", "UPDATE checkpoint SET root = " FLIP("root", "3")},
    {"root public/", "UPDATE log SET root = " FLIP("root", "3") " WHERE id = 1"},
    {"leaf public/31 missing", "DELETE FROM entry WHERE place = (1 << 40) + 31"},
    {"leaf public has", "DELETE FROM entry WHERE place = (SELECT max(place) FROM entry"
                        " WHERE place < (2 << 40))"},
    {"chain public/", "UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE place ="
                      " (1 << 40) + (SELECT seq FROM head WHERE doc = 1 AND log = 1)) WHERE"
                      " place = (1 << 40) + (SELECT seq FROM older WHERE doc = 1 AND log = 1)"},
    {"view head", "UPDATE head SET external = 'other' WHERE external = 'n2'"},
    {"view record", "UPDATE record SET owner = 77 WHERE doc = 1"},
    {"view link", "DELETE FROM link WHERE doc = 1 AND log = 1"},
    {"view older", "DELETE FROM older"},
};

static void copy_node(const char *from, const char *to)
{
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s' && cp -r '%s' '%s'", to, from, to);
    check(system(command) == 0);
}

static void names_every_fault(void **state)
{
    (void)state;
    struct test_node t = make_full();
    char bad[80];
    snprintf(bad, sizeof bad, "%s-bad", t.dir);
    struct test_faults f;
    check(test_check(t.dir, &f) == CAU_OK && f.n == 0);
    for (size_t i = 0; i < countof(faults); i++) {
        copy_node(t.dir, bad);
        tamper(bad, "main.db", STORE_MAIN, faults[i].statement);
        check(test_check(bad, &f) == CAU_ERR_CORRUPT);
        if (strstr(f.text, faults[i].expect) == NULL)
            fail_msg("fault %zu: no '%s' in\n%s", i, faults[i].expect, f.text);
    }
    copy_node(t.dir, bad);
    tamper(bad, "ckpt.db", STORE_CKPT, "UPDATE last SET size = size + 1");
    check(test_check(bad, &f) == CAU_ERR_CORRUPT &&
          strstr(f.text, "checkpoint public/") != NULL);
    test_remove(bad);
    test_end(&t);
}

static void names_a_lexicon_nobody_can_use(void **state)
{
    (void)state;
    struct test_node t = make_full();
    char path[100];
    struct test_faults f;
    snprintf(path, sizeof path, "%s/lexicon.bin", t.dir);
    check(file_write(path, STR("cau-lex\n, and what is no lexicon"), 0600) == CAU_OK);
    check(test_check(t.dir, &f) == CAU_ERR_CORRUPT && f.n == 1);
    check(strstr(f.text, "lexicon ") == f.text && strstr(f.text, path) != NULL);
    check(unlink(path) == 0); /* a node need not have one */
    check(test_check(t.dir, &f) == CAU_OK && f.n == 0);
    test_end(&t);
}

static void names_a_truncated_database(void **state)
{
    (void)state;
    struct test_node t = make_full();
    char path[100];
    struct stat st;
    struct test_faults f;
    struct node *n = NULL;
    snprintf(path, sizeof path, "%s/main.db", t.dir);
    check(stat(path, &st) == 0);
    check(truncate(path, st.st_size / 2) == 0);
    check(test_check(t.dir, &f) == CAU_ERR_CORRUPT && strstr(f.text, "database ") != NULL);
    check(truncate(path, 100) == 0);
    check(test_check(t.dir, &f) == CAU_ERR_CORRUPT && strstr(f.text, "database ") != NULL);
    check(node_open(t.dir, NODE_WRITE, &n) == CAU_ERR_CORRUPT);
    check(node_open(t.dir, NODE_READ, &n) == CAU_ERR_CORRUPT);
    test_end(&t);
}

/* ---- states ---- */

static void never_signs_over_a_damaged_log(void **state)
{
    (void)state;
    struct test_node t = make_full();
    struct writer_result r;
    tamper(t.dir, "main.db", STORE_MAIN,
           "UPDATE entry SET leaf = " FLIP("leaf",
                                           "200") " WHERE place = (SELECT max(place) FROM entry"
                                                  " WHERE place < (2 << 40))");
    test_open(&t, NODE_WRITE);
    check(node_state(t.n) == NODE_DAMAGED);
    check(test_put(&t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}", &r) ==
          CAU_ERR_CORRUPT);
    struct view *v = view_take(t.n); /* reading goes on */
    check(view_find(v, READER_PUBLIC, STR("n2")) == 1);
    view_give(t.n, v);
    test_end(&t);
}

static void a_shorter_log_is_rolled_back(void **state)
{
    (void)state;
    struct test_node t = make_full();
    char old[80], now[80], command[300];
    struct writer_result r;
    snprintf(old, sizeof old, "%s-old", t.dir);
    snprintf(now, sizeof now, "%s/main.db", t.dir);
    copy_node(t.dir, old);
    test_open(&t, NODE_WRITE);
    check(test_put(&t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}", &r) == CAU_OK);
    test_close(&t);
    snprintf(command, sizeof command, "cp '%s/main.db' '%s'", old, now); /* an old backup */
    check(system(command) == 0);
    test_open(&t, NODE_WRITE);
    check(node_state(t.n) == NODE_ROLLED_BACK);
    check(test_put(&t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}", &r) ==
          CAU_ERR_CORRUPT);
    test_close(&t);
    check(node_confirm(t.dir) == CAU_ERR_REFUSED); /* ckpt.db knows better */
    test_remove(old);
    test_end(&t);
}

static void restores_a_backup_that_somebody_must_confirm(void **state)
{
    (void)state;
    struct test_node t = make_full();
    char file[80], back[80];
    struct writer_result r;
    struct test_faults f;
    snprintf(file, sizeof file, "%s.backup", t.dir);
    snprintf(back, sizeof back, "%s-back", t.dir);
    test_open(&t, NODE_WRITE);
    check(node_backup(t.dir, file) == CAU_OK); /* of a live node */
    check(node_backup(t.dir, file) == CAU_ERR_REFUSED);
    struct stat st;
    check(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600);
    test_close(&t);
    check(node_restore(file, t.dir, t.dir) == CAU_ERR_REFUSED); /* not empty */
    check(node_restore(file, back, t.dir) == CAU_OK);
    struct test_node b = t;
    memcpy(b.dir, back, sizeof b.dir);
    test_open(&b, NODE_WRITE);
    check(node_state(b.n) == NODE_ROLLED_BACK);
    check(test_put(&b, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}", &r) ==
          CAU_ERR_CORRUPT);
    test_close(&b);
    check(node_confirm(back) == CAU_OK);
    test_open(&b, NODE_WRITE);
    check(node_state(b.n) == NODE_NORMAL);
    check(test_put(&b, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}", &r) == CAU_OK);
    test_close(&b);
    check(test_check(back, &f) == CAU_OK);
    unlink(file);
    test_remove(back);
    test_end(&t);
}

static void creates_only_in_an_empty_folder(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct node_config config = {STR("vn.example"), STR("VN"), LANG_VI};
    check(node_create(t.dir, &config) == CAU_ERR_REFUSED);
    config.name = STR("Not a name");
    check(node_create("/tmp/cau-never", &config) == CAU_ERR_SYNTAX);
    config = (struct node_config){STR("vn.example"), STR("Viet Nam"), LANG_VI};
    check(node_create("/tmp/cau-never", &config) == CAU_ERR_SYNTAX);
    check(!file_exists("/tmp/cau-never"));
    check(str_is(node_config(t.n)->name, "vn.example") && node_config(t.n)->lang == LANG_VI);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rebuilds_the_same_views),
        cmocka_unit_test(names_every_fault),
        cmocka_unit_test(names_a_lexicon_nobody_can_use),
        cmocka_unit_test(names_a_truncated_database),
        cmocka_unit_test(never_signs_over_a_damaged_log),
        cmocka_unit_test(a_shorter_log_is_rolled_back),
        cmocka_unit_test(restores_a_backup_that_somebody_must_confirm),
        cmocka_unit_test(creates_only_in_an_empty_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
