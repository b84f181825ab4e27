#include "view/feed_int.h"

#include "base/file.h"
#include "index/index_int.h"
#include "node_help.h"
#include "test.h"

#define ORG(id, name)                                                                          \
    "{'country':'VN','external_id':'" id "','name':{'vi':['" name "']},'types':['institute']}"
#define NEED(id, org, state)                                                                   \
    "{'external_id':'" id "','organization':'" org "','publication':'" state                   \
    "','title':{'vi':'Cần máy đo bề mặt'}}"

static uint32_t total(const struct index *ix, struct index_reader reader)
{
    struct index_result found;
    struct index_query q = {.reader = reader, .limit = 10};
    struct arena a = arena_new((size_t)16 << 20);
    check(index_search(ix, &a, &q, &found) == CAU_OK);
    uint32_t n = found.total;
    arena_free(&a);
    return n;
}

/* A version the index cannot take, for fewer readers than the one before, does not leave that one to be found; and what
 * was not taken is taken when the node is opened again. */
static void a_failed_put_hides_the_version_before(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result org, need;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "Viện A"), &org) == CAU_OK);
    check(test_put(&t, "need", RECORD_PUBLIC, NEED("n", "a", "published"), &need) == CAU_OK);
    check(total(node_index(t.n), READER_PUBLIC) == 2);
    t.n->index->fresh.failed = true;
    check(test_again(&t, "need", RECORD_PUBLIC, NEED("n", "a", "draft"), &need) == CAU_OK);
    check(total(node_index(t.n), READER_ALL) == 1);
    test_reopen(&t);
    check(total(node_index(t.n), READER_PUBLIC) == 1);
    check(total(node_index(t.n), (struct index_reader){1, org.doc}) == 2);
    test_end(&t);
}

struct fed {
    uint32_t count, saved;
    size_t lists; /* bytes of postings in memory */
};

/* Feeds an index made anew everything the node knows; at most so many bytes of postings in memory. */
static enum cau_err feed_all(struct test_node *t, size_t lists_max, struct fed *out)
{
    struct node *n;
    struct store *s;
    struct feed f;
    bool rebuilt;
    char dir[] = "/tmp/cau-feed-XXXXXX";
    check(mkdtemp(dir) != NULL && node_prepare(t->dir, NODE_WRITE, &n) == CAU_OK);
    check(store_open(n->main_path, STORE_MAIN, STORE_READ, &s) == CAU_OK);
    check(index_open(dir, &n->index, &rebuilt) == CAU_OK && rebuilt);
    n->index->fresh.lists.max = lists_max;
    feed_begin(&f, n, s, NULL);
    enum cau_err err = feed_follow(&f, NULL);
    *out = (struct fed){index_count(n->index), n->index->segment.part.n,
                        n->index->fresh.lists.len};
    check((f.position > 0) == (err == CAU_OK) && f.full == (err == CAU_ERR_MEMORY));
    check((index_save(n->index, 1) == CAU_ERR_MEMORY) == f.full);
    feed_end(&f);
    store_close(s);
    node_release(n);
    test_remove(dir);
    return err;
}

/* Memory that ends in the index ends the feeding, and no part of an index is saved. Before it ends, all is saved. */
static void a_full_index_is_no_success(void **state)
{
    (void)state;
    enum { NEEDS = 300 };
    struct fed all, some;
    struct test_node t = test_make();
    test_put_each(&t, "need", RECORD_PUBLIC, NEED("n#", "a", "published"), NEEDS);
    test_close(&t);
    check(feed_all(&t, FRESH_LISTS_MAX, &all) == CAU_OK);
    check(all.count >= NEEDS && all.saved == 0);
    check(feed_all(&t, all.lists - 1, &some) == CAU_ERR_MEMORY); /* one step over */
    check(some.count < all.count && some.saved == 0);
    check(feed_all(&t, all.lists, &some) == CAU_OK);
    check(some.count == all.count && some.saved == all.count && some.lists == 0);
    test_open(&t, NODE_WRITE);
    t.n->index->fresh.lists.max = all.lists;
    test_put_each(&t, "need", RECORD_PUBLIC, NEED("m#", "a", "published"), NEEDS);
    check(index_count(node_index(t.n)) == all.count + NEEDS && !t.n->index->fresh.failed);
    check(t.n->index->segment.part.n > all.count);
    test_end(&t);
}

/* Feeds the index in folder dir all that the node knows, and saves it as one that was cut short: at position 0. */
static uint32_t feed_cut_short(const struct test_node *t, const char *dir)
{
    struct node *n;
    struct store *s;
    struct feed f;
    bool rebuilt;
    check(node_prepare(t->dir, NODE_WRITE, &n) == CAU_OK);
    check(store_open(n->main_path, STORE_MAIN, STORE_READ, &s) == CAU_OK);
    check(index_open(dir, &n->index, &rebuilt) == CAU_OK);
    feed_begin(&f, n, s, NULL);
    check(feed_follow(&f, NULL) == CAU_OK);
    uint32_t count = total(n->index, READER_ALL);
    check(index_save(n->index, 0) == CAU_OK);
    feed_end(&f);
    store_close(s);
    node_release(n);
    return count;
}

/* What a rebuild that was cut short left in the index, and is gone from the node since, is not found after the next one. */
static void what_is_gone_since_a_cut_rebuild_goes(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result org, need;
    char dir[] = "/tmp/cau-feed-XXXXXX";
    check(mkdtemp(dir) != NULL);
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "Viện A"), &org) == CAU_OK);
    check(test_put(&t, "need", RECORD_PUBLIC, NEED("n", "a", "published"), &need) == CAU_OK);
    test_close(&t);
    check(feed_cut_short(&t, dir) == 2);
    test_open(&t, NODE_WRITE);
    check(test_redact(&t, RECORD_PUBLIC, &need) == CAU_OK);
    test_close(&t);
    check(feed_cut_short(&t, dir) == 1);
    test_remove(dir);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_failed_put_hides_the_version_before),
                                       cmocka_unit_test(a_full_index_is_no_success),
                                       cmocka_unit_test(what_is_gone_since_a_cut_rebuild_goes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
