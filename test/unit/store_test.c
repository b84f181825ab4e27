#include "store/store.h"
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/ckpt.h"
#include "store/entries.h"
#include "store/keys.h"

struct box {
    char dir[64], path[80];
    struct arena a;
};

static struct box make(void)
{
    struct box b = {.dir = "/tmp/cau-store-XXXXXX", .a = arena_new(1 << 22)};
    check(mkdtemp(b.dir) != NULL);
    snprintf(b.path, sizeof b.path, "%s/x.db", b.dir);
    return b;
}

static void end(struct box *b)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", b->dir);
    check(system(command) == 0);
    arena_free(&b->a);
}

static struct str pragma(struct box *b, struct store *s, const char *text)
{
    struct str got = {NULL, 0};
    check(sql_get_bytes(s, &b->a, text, SQL_NO_ARGS, &got) == CAU_OK);
    return got;
}

static void opens_by_the_rules(void **state)
{
    (void)state;
    struct box b = make();
    struct store *s = NULL, *r = NULL;
    check(store_open(b.path, STORE_MAIN, STORE_WRITE, &s) == CAU_ERR_UNKNOWN);
    check(store_open(b.path, STORE_MAIN, STORE_MAKE, &s) == CAU_OK);
    check(str_is(pragma(&b, s, "PRAGMA journal_mode"), "wal"));
    check(str_is(pragma(&b, s, "PRAGMA synchronous"), "2"));
    check(str_is(pragma(&b, s, "PRAGMA auto_vacuum"), "2"));
    check(str_is(pragma(&b, s, "PRAGMA secure_delete"), "1"));
    check(str_is(pragma(&b, s, "PRAGMA trusted_schema"), "0"));
    check(str_is(pragma(&b, s, "PRAGMA cell_size_check"), "1"));
    check(str_is(pragma(&b, s, "PRAGMA wal_autocheckpoint"), "0"));
    check(store_open(b.path, STORE_MAIN, STORE_READ, &r) == CAU_OK);
    check(sql_do(r, "DELETE FROM log", SQL_NO_ARGS) == CAU_ERR_IO); /* read-only */
    check(str_is(pragma(&b, r, "PRAGMA wal_autocheckpoint"), "0"));
    store_close(r);
    store_close(s);
    check(store_open(b.path, STORE_MAIN, STORE_MAKE, &s) == CAU_ERR_REFUSED); /* not empty */
    check(store_open(b.path, STORE_MAIN, STORE_WRITE, &s) == CAU_OK);
    check(sql_do(s, "PRAGMA user_version = 2", SQL_NO_ARGS) == CAU_OK);
    store_close(s);
    check(store_open(b.path, STORE_MAIN, STORE_READ, &s) ==
          CAU_ERR_CORRUPT); /* another format */
    end(&b);
}

static void undoes_parts_and_wholes(void **state)
{
    (void)state;
    struct box b = make();
    struct store *s = NULL;
    int64_t n = 0;
    check(store_open(b.path, STORE_MAIN, STORE_MAKE, &s) == CAU_OK);
    check(store_begin(s) == CAU_OK);
    check(sql_do(s, "INSERT INTO setting VALUES('a', '1')", SQL_NO_ARGS) == CAU_OK);
    check(store_mark(s) == CAU_OK);
    check(sql_do(s, "INSERT INTO setting VALUES('b', '1')", SQL_NO_ARGS) == CAU_OK);
    check(store_undo_mark(s) == CAU_OK && store_commit(s) == CAU_OK);
    check(sql_get_int(s, "SELECT count(*) FROM setting", SQL_NO_ARGS, &n) == CAU_OK && n == 1);
    check(store_begin(s) == CAU_OK);
    check(sql_do(s, "DELETE FROM setting", SQL_NO_ARGS) == CAU_OK);
    store_undo(s);
    store_undo(s); /* nothing left to undo */
    check(sql_get_int(s, "SELECT count(*) FROM setting", SQL_NO_ARGS, &n) == CAU_OK && n == 1);
    check(sql_get_int(s, "SELECT 1 FROM setting WHERE name = ?",
                      SQL_ARGS(sql_of_text(STR("none"))), &n) == CAU_ERR_UNKNOWN);
    store_close(s);
    end(&b);
}

static void maps_failures(void **state)
{
    (void)state;
    check(store_err(SQLITE_FULL) == CAU_ERR_FULL);
    check(store_err(SQLITE_CORRUPT) == CAU_ERR_CORRUPT);
    check(store_err(SQLITE_NOTADB) == CAU_ERR_CORRUPT);
    check(store_err(SQLITE_IOERR_READ) == CAU_ERR_IO);
    check(store_err(SQLITE_BUSY_SNAPSHOT) == CAU_ERR_BUSY);
    check(store_err(SQLITE_CONSTRAINT_UNIQUE) == CAU_ERR_REFUSED);
    check(store_err(SQLITE_NOMEM) == CAU_ERR_MEMORY);
    check(store_err(SQLITE_OK) == CAU_OK);
}

static void swaps_a_checkpoint_only_from_what_is_known(void **state)
{
    (void)state;
    struct box b = make();
    struct store *s = NULL;
    struct digest r1 = digest_of(STR("1")), r2 = digest_of(STR("2")), r0 = tree_empty_root();
    struct str x = STR("vn.example/log/public"), y = STR("vn.example/log/private");
    struct ckpt_last start[] = {{x, 0, r0}, {y, 0, r0}}, got;
    check(store_open(b.path, STORE_CKPT, STORE_MAKE, &s) == CAU_OK);
    check(ckpt_get(s, x, &got) == CAU_ERR_UNKNOWN);
    check(ckpt_set(s, start, 2) == CAU_OK);
    struct ckpt_change c[] = {{{x, 0, r0}, {x, 5, r1}}, {{y, 0, r0}, {y, 7, r2}}};
    check(ckpt_swap(s, c, 2) == CAU_OK);
    struct ckpt_change d[] = {{{x, 5, r1}, {x, 6, r2}}, {{y, 7, r1}, {y, 8, r1}}};
    check(ckpt_swap(s, d, 2) ==
          CAU_ERR_STALE); /* the second has another root: neither changes */
    check(ckpt_get(s, x, &got) == CAU_OK && got.size == 5 && digest_equal(&got.root, &r1));
    store_close(s);
    check(store_open(b.path, STORE_CKPT, STORE_READ, &s) == CAU_OK);
    check(ckpt_get(s, y, &got) == CAU_OK && got.size == 7);
    check(str_is(pragma(&b, s, "PRAGMA journal_mode"), "delete"));
    store_close(s);
    end(&b);
}

static void keeps_keys_wrapped(void **state)
{
    (void)state;
    struct box b = make();
    struct store *s = NULL;
    struct keys_node node, again, other = {{1}};
    struct key_pair pair, got = {0};
    char path[100];
    snprintf(path, sizeof path, "%s/node.key", b.dir);
    check(keys_read_node(path, &again) == CAU_ERR_UNKNOWN);
    check(keys_make_node(path, &node) == CAU_OK && keys_read_node(path, &again) == CAU_OK);
    check(key_make(&pair) == CAU_OK);
    check(store_open(b.path, STORE_KEYS, STORE_MAKE, &s) == CAU_OK);
    check(keys_add(s, &node, STR("log"), &pair) == CAU_OK);
    check(keys_get(s, &again, STR("log"), &got) == CAU_OK);
    struct key_sig x = key_sign(&pair, STR("m")), y = key_sign(&got, STR("m"));
    for (size_t i = 0; i < sizeof x.b; i++)
        check(x.b[i] == y.b[i]);
    key_drop(&got);
    check(keys_get(s, &other, STR("log"), &got) == CAU_ERR_CORRUPT);
    check(keys_get(s, &node, STR("org"), &got) == CAU_ERR_UNKNOWN);
    unsigned char secret[KEY_BYTES] = {5}, back[KEY_BYTES] = {0};
    check(keys_add_subject(s, &node, STR("0123456789abcdef"), secret) == CAU_OK);
    check(keys_get_subject(s, &node, STR("0123456789abcdef"), back) == CAU_OK && back[0] == 5);
    check(keys_get_subject(s, &other, STR("0123456789abcdef"), back) == CAU_ERR_CORRUPT);
    check(keys_erase_subject(s, STR("0123456789abcdef")) == CAU_OK);
    check(keys_get_subject(s, &node, STR("0123456789abcdef"), back) == CAU_ERR_UNKNOWN);
    key_drop(&pair);
    keys_forget(&node);
    store_close(s);
    end(&b);
}

/* A log of several levels: tiles, edge and tree agree with what the leaves give, at every reopening. */
static void keeps_a_tree_in_tiles(void **state)
{
    (void)state;
    struct box b = make();
    struct store *s = NULL;
    struct entries_log log = {.id = 3,
                              .origin = STR("vn.example/log/private"),
                              .node = STR("vn.example"),
                              .audience = STR("private")};
    struct tree *tree = arena_take(&b.a, sizeof *tree),
                *again = arena_take(&b.a, sizeof *again);
    check(tree != NULL && again != NULL);
    check(store_open(b.path, STORE_MAIN, STORE_MAKE, &s) == CAU_OK);
    check(entries_make_log(s, &log) == CAU_OK);
    tree_clear(tree);
    struct digest root;
    for (uint64_t seq = 0; seq < 70000;) {
        struct entries_sink with = {.store = s, .log = 3};
        struct tree_sink sink = entries_tree_sink(&with);
        check(store_begin(s) == CAU_OK);
        for (uint64_t end_at = seq + 10000; seq < end_at; seq++) {
            struct str leaf = {(const char *)&seq, sizeof seq};
            struct digest h = tree_leaf_hash(leaf);
            check(entries_add(s, 3, seq, leaf) == CAU_OK);
            check(tree_append(tree, &h, 1, &sink) == CAU_OK);
        }
        root = tree_root(tree);
        check(with.tiles && entries_save_edge(s, 3, tree) == CAU_OK);
        check(entries_set_head(s, 3, seq, &root) == CAU_OK && store_commit(s) == CAU_OK);
        check(entries_get_log(s, &b.a, 3, &log) == CAU_OK && log.size == seq);
        check(entries_load_tree(s, &log, again) == CAU_OK);
    }
    struct entries_reader with = {.store = s, .log = 3, .fresh = true};
    struct tree_reader reader = entries_tree_reader(&with);
    struct digest found;
    check(tree_root_again(&reader, 0, 70000, &found) == CAU_OK && digest_equal(&found, &root));
    check(tree_root_again(&reader, 69990, 70000, &found) == CAU_OK &&
          digest_equal(&found, &root));
    check(sql_do(s, "UPDATE tile SET hashes = zeroblob(8192) WHERE level = 0 AND n = 273 - 1",
                 SQL_NO_ARGS) == CAU_OK);
    check(tree_root_again(&reader, 0, 70000, &found) == CAU_ERR_CORRUPT);
    uint64_t count = 0, after = 0;
    check(entries_count(s, 3, &count, &after) == CAU_OK && count == 70000 && after == count);
    log.root = digest_of(STR("x"));
    check(entries_load_tree(s, &log, again) == CAU_ERR_CORRUPT);
    store_close(s);
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_by_the_rules),
        cmocka_unit_test(undoes_parts_and_wholes),
        cmocka_unit_test(maps_failures),
        cmocka_unit_test(swaps_a_checkpoint_only_from_what_is_known),
        cmocka_unit_test(keeps_keys_wrapped),
        cmocka_unit_test(keeps_a_tree_in_tiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
