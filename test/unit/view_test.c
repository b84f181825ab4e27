#include "test.h"
#include "view/view.h"

#include "base/file.h"
#include "index/index_int.h"
#include "language/lexicon_build.h"
#include "ledger/proof.h"
#include "ledger/tile.h"
#include "node_help.h"

#include <sys/resource.h>

#define ORG(id, name)                                                                          \
    "{'country':'VN','external_id':'" id "','name':{'vi':['" name "']},'types':['institute']}"
#define NEED(id, org, state)                                                                   \
    "{'external_id':'" id "','organization':'" org "','publication':'" state                   \
    "','title':{'vi':'Cần máy'}}"

static uint32_t total(struct test_node *t, struct index_reader reader)
{
    struct index_result found;
    struct index_query q = {.reader = reader, .limit = 10};
    struct arena a = arena_new((size_t)16 << 20);
    check(index_search(node_index(t->n), &a, &q, &found) == CAU_OK);
    uint32_t n = found.total;
    arena_free(&a);
    return n;
}

static void hides_what_a_reader_may_not_see(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result org, other, secret;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "Viện A"), &org) == CAU_OK);
    check(test_put(&t, "organization", RECORD_PRIVATE, ORG("b", "Viện B"), &other) == CAU_OK);
    check(test_put(&t, "need", RECORD_PRIVATE, NEED("n", "a", "submitted"), &secret) == CAU_OK);
    struct index_reader member = {1, org.doc};
    struct view_record record;
    struct view_version *version;
    struct view_link *link;
    struct str text;
    size_t n;
    struct view *v = view_take(t.n);
    check(view_get(v, &t.a, READER_PUBLIC, secret.doc, &record) == CAU_ERR_UNKNOWN);
    check(view_get(v, &t.a, READER_PUBLIC, 12345, &record) == CAU_ERR_UNKNOWN);
    check(view_get_version(v, &t.a, READER_PUBLIC, secret.doc, RECORD_PRIVATE, 1, &record) ==
          CAU_ERR_UNKNOWN);
    check(view_history(v, &t.a, READER_PUBLIC, secret.doc, &version, &n) == CAU_ERR_UNKNOWN);
    check(view_links_from(v, &t.a, READER_PUBLIC, secret.doc, &link, &n) == CAU_ERR_UNKNOWN);
    check(view_proof(v, &t.a, READER_PUBLIC, secret.doc, RECORD_PRIVATE, 1, &text) ==
          CAU_ERR_UNKNOWN);
    check(view_find(v, READER_PUBLIC, STR("n")) == 0);
    check(view_find(v, READER_PUBLIC, (struct str){secret.id, sizeof secret.id}) == 0);
    check(view_links_to(v, &t.a, READER_PUBLIC, org.doc, &link, &n) == CAU_OK && n == 0);
    check(view_links_to(v, &t.a, member, org.doc, &link, &n) == CAU_OK && n == 1);
    check(link[0].doc == secret.doc && str_is(link[0].rel, "organization"));
    check(view_get(v, &t.a, member, secret.doc, &record) == CAU_OK);
    check(record.audience == RECORD_PRIVATE && record.owner == org.doc);
    check(view_get(v, &t.a, member, other.doc, &record) == CAU_ERR_UNKNOWN);
    view_give(t.n, v);
    check(total(&t, READER_PUBLIC) == 1 && total(&t, member) == 2 &&
          total(&t, READER_ALL) == 3);
    test_end(&t);
}

/* A public reader cannot tell a record with private versions from one without. */
static void private_versions_leave_no_trace(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "organization", RECORD_PRIVATE, ORG("draft", "Nháp"), &r) == CAU_OK);
    check(test_again(&t, "organization", RECORD_PRIVATE, ORG("draft", "Nháp 2"), &r) == CAU_OK);
    struct writer_result pub = r;
    check(test_again(&t, "organization", RECORD_PUBLIC, ORG("final", "Viện A"), &pub) ==
          CAU_OK);
    check(pub.n == 1 && pub.doc == r.doc);
    check(test_again(&t, "organization", RECORD_PRIVATE, ORG("next", "Nháp 3"), &r) == CAU_OK);
    check(r.n == 3);
    struct view_record record;
    struct view_version *version;
    size_t n;
    struct view *v = view_take(t.n);
    check(view_get(v, &t.a, READER_PUBLIC, r.doc, &record) == CAU_OK);
    check(record.n == 1 && str_is(record.external_id, "final"));
    check(record.made_ms == record.time_ms); /* not when the draft was made */
    check(view_history(v, &t.a, READER_PUBLIC, r.doc, &version, &n) == CAU_OK && n == 1);
    check(view_find(v, READER_PUBLIC, STR("draft")) == 0);
    check(view_find(v, READER_PUBLIC, STR("next")) == 0);
    check(view_find(v, READER_PUBLIC, STR("final")) == r.doc);
    check(view_get(v, &t.a, READER_ALL, r.doc, &record) == CAU_OK);
    check(record.audience == RECORD_PRIVATE && record.n == 3);
    check(view_history(v, &t.a, READER_ALL, r.doc, &version, &n) == CAU_OK && n == 4);
    for (size_t i = 1; i < n; i++)
        check(version[i - 1].time_ms > version[i].time_ms);
    check(view_get_version(v, &t.a, READER_ALL, r.doc, RECORD_PRIVATE, 2, &record) == CAU_OK);
    check(str_is(record.external_id, "draft") && record.n == 2);
    check(view_get_version(v, &t.a, READER_ALL, r.doc, RECORD_PRIVATE, 4, &record) ==
          CAU_ERR_UNKNOWN);
    view_give(t.n, v);
    check(total(&t, READER_PUBLIC) == 1);
    test_end(&t);
}

static void resolves_links_and_owners_that_come_later(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result need, org, late;
    check(test_put(&t, "need", RECORD_PRIVATE, NEED("n", "ror:9", "draft"), &need) == CAU_OK);
    struct view_record record;
    struct view_link *link;
    size_t n;
    struct view *v = view_take(t.n);
    check(view_links_from(v, &t.a, READER_ALL, need.doc, &link, &n) == CAU_OK && n == 1);
    check(link[0].doc == 0 && str_is(link[0].text, "ror:9"));
    view_give(t.n, v);
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("ror:9", "Viện A"), &org) == CAU_OK);
    struct index_reader member = {1, org.doc};
    v = view_take(t.n);
    check(view_links_from(v, &t.a, READER_ALL, need.doc, &link, &n) == CAU_OK && n == 1);
    check(link[0].doc == org.doc);
    check(view_get(v, &t.a, member, need.doc, &record) == CAU_OK && record.owner == org.doc);
    view_give(t.n, v);
    check(total(&t, member) == 2); /* the index knows too */
    check(test_again(&t, "organization", RECORD_PUBLIC, ORG("ror:8", "Viện A"), &org) ==
          CAU_OK);
    check(total(&t, member) == 1);
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("ror:9", "Viện B"), &late) == CAU_OK);
    member.owner = late.doc;
    check(total(&t, member) == 3);
    test_end(&t);
}

static void publishes_to_the_index_only_what_is_published(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result org, need;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "Viện A"), &org) == CAU_OK);
    struct index_reader member = {1, org.doc};
    check(test_put(&t, "need", RECORD_PUBLIC, NEED("n", "a", "published"), &need) == CAU_OK);
    check(total(&t, READER_PUBLIC) == 2);
    check(test_again(&t, "need", RECORD_PUBLIC, NEED("n", "a", "expired"), &need) == CAU_OK);
    check(total(&t, READER_PUBLIC) == 1 && total(&t, member) == 2);
    check(test_again(&t, "need", RECORD_PUBLIC,
                     "{'external_id':'n','organization':'a','title':{'vi':'Cần'},"
                     "'withdrawn':'mistake'}",
                     &need) == CAU_OK);
    check(total(&t, READER_ALL) == 1);
    struct view_record record;
    struct view *v = view_take(t.n);
    check(view_get(v, &t.a, READER_PUBLIC, need.doc, &record) == CAU_OK && record.withdrawn);
    view_give(t.n, v);
    check(test_again(&t, "need", RECORD_PUBLIC, NEED("n", "a", "published"), &need) == CAU_OK);
    check(total(&t, READER_PUBLIC) == 2);
    check(test_redact(&t, RECORD_PUBLIC, &need) == CAU_OK);
    check(total(&t, READER_ALL) == 1);
    test_end(&t);
}

static void queues_by_publication_and_import(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result first, second;
    uint32_t *doc;
    size_t n;
    check(test_put(&t, "need", RECORD_PRIVATE, NEED("n1", "a", "submitted"), &first) == CAU_OK);
    check(test_put(&t, "need", RECORD_PRIVATE,
                   "{'audit':{'by':7,'import':'import-0012','role':'editor'},"
                   "'publication':'submitted','title':{'vi':'Cần'}}",
                   &second) == CAU_OK);
    struct view *v = view_take(t.n);
    check(view_publication(v, &t.a, STR("submitted"), 10, &doc, &n) == CAU_OK && n == 2);
    check(doc[0] == first.doc && doc[1] == second.doc);
    check(view_publication(v, &t.a, STR("submitted"), 1, &doc, &n) == CAU_OK && n == 1);
    check(view_import_docs(v, &t.a, 12, &doc, &n) == CAU_OK && n == 1 && doc[0] == second.doc);
    struct view_version *version;
    check(view_history(v, &t.a, READER_ALL, second.doc, &version, &n) == CAU_OK && n == 1);
    check(version[0].user == 7 && str_is(version[0].role, "editor") &&
          str_is(version[0].import, "import-0012"));
    view_give(t.n, v);
    /* published: the private version is no longer the current one */
    check(test_again(&t, "need", RECORD_PUBLIC, NEED("n1", "a", "published"), &first) ==
          CAU_OK);
    v = view_take(t.n);
    check(view_publication(v, &t.a, STR("submitted"), 10, &doc, &n) == CAU_OK && n == 1);
    check(view_publication(v, &t.a, STR("published"), 10, &doc, &n) == CAU_OK && n == 1);
    view_give(t.n, v);
    test_end(&t);
}

static bool count(void *ctx, const struct view_record *record)
{
    uint32_t *n = ctx;
    check(record->doc > n[1]);
    n[0]++;
    n[1] = record->doc;
    return n[0] < n[2];
}

static void walks_the_records_of_a_kind(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    for (int i = 0; i < 3; i++) {
        check(test_put(&t, "organization", RECORD_PUBLIC,
                       "{'country':'VN','name':{'vi':['A']},'types':['institute']}",
                       &r) == CAU_OK);
        check(test_put(&t, "product", (enum record_audience)i, "{'title':{'vi':'Máy'}}", &r) ==
              CAU_OK);
    }
    struct view *v = view_take(t.n);
    uint32_t n[3] = {0, 0, 100};
    check(view_each(v, &t.a, READER_PUBLIC, NULL, count, n) == CAU_OK && n[0] == 4);
    n[0] = n[1] = 0;
    check(view_each(v, &t.a, READER_ALL, test_kind(&t, "product"), count, n) == CAU_OK);
    check(n[0] == 3);
    n[0] = n[1] = 0;
    n[2] = 2;
    check(view_each(v, &t.a, READER_ALL, NULL, count, n) == CAU_OK && n[0] == 2);
    n[0] = n[1] = 0;
    check(view_each(v, &t.a, READER_ALL, test_kind(&t, "project"), count, n) == CAU_OK);
    check(n[0] == 0);
    check(view_kind(v, &t.a, r.doc) == test_kind(&t, "product"));
    check(view_kind(v, &t.a, 12345) == NULL);
    view_give(t.n, v);
    test_end(&t);
}

static void shows_one_moment(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "A"), &r) == CAU_OK);
    struct view *v = view_take(t.n);
    check(view_find(v, READER_PUBLIC, STR("a")) == 1); /* the first look */
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("b", "B"), &r) == CAU_OK);
    check(view_find(v, READER_PUBLIC, STR("b")) == 0);
    struct view *w = view_take(t.n);
    check(view_find(w, READER_PUBLIC, STR("b")) == 2);
    view_give(t.n, w);
    view_give(t.n, v);
    test_end(&t);
}

/* ---- logs ---- */

static void fill_log(struct test_node *t, size_t entries)
{
    static struct writer_change c[WRITER_GROUP_MAX];
    static struct writer_result r[WRITER_GROUP_MAX];
    for (size_t i = 0; i < countof(c); i++)
        c[i] = test_change(t, "product", RECORD_PUBLIC, "{'title':{'vi':'Máy'}}");
    for (size_t done = 0; done < entries;) {
        size_t n = entries - done < countof(c) ? entries - done : countof(c);
        check(writer_put(t->n, c, n, r) == CAU_OK);
        done += n;
    }
    check(writer_settle(t->n, 10000) == CAU_OK);
}

static void serves_tiles_that_were_published(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct view_log log;
    struct str tile, again;
    struct view *v = view_take(t.n);
    check(view_log(v, &t.a, RECORD_PUBLIC, &log) == CAU_OK && log.size == log.signed_size);
    unsigned before = (unsigned)log.size; /* the node's own introduction */
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, 0, before, &tile) == CAU_OK);
    check(tile.len == before * 32);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, 0, before + 1, &again) == CAU_ERR_UNKNOWN);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, 0, 0, &again) == CAU_ERR_UNKNOWN);
    check(view_log(v, &t.a, RECORD_PRIVATE, &log) == CAU_OK && log.size == 0);
    check(log.checkpoint.len == 0);
    view_give(t.n, v);
    fill_log(&t, 1000);
    v = view_take(t.n);
    check(view_log(v, &t.a, RECORD_PUBLIC, &log) == CAU_OK && log.size == before + 1000);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, 0, 0, &again) == CAU_OK && again.len == 8192);
    check(memcmp(again.p, tile.p, tile.len) == 0); /* a partial tile is the beginning */
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, 0, before, &again) == CAU_OK);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 1, 0, (unsigned)log.size / 256, &again) == CAU_OK);
    struct str bundle, entry[TREE_TILE_HASHES];
    check(view_tile(v, &t.a, RECORD_PUBLIC, -1, 1, 256, &bundle) == CAU_OK);
    check(tile_read_entries(bundle, 256, entry) == CAU_OK);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, 1, 256, &again) == CAU_OK);
    for (size_t i = 0; i < 256; i++) {
        struct digest h = leaf_hash(entry[i]);
        check(memcmp(again.p + 32 * i, h.b, 32) == 0);
    }
    check(view_tile(v, &t.a, RECORD_PUBLIC, 7, 0, 1, &again) == CAU_ERR_UNKNOWN);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 8, 0, 1, &again) == CAU_ERR_UNKNOWN);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, UINT64_MAX, 1, &again) == CAU_ERR_UNKNOWN);
    check(view_tile(v, &t.a, RECORD_PUBLIC, 0, 0, 257, &again) == CAU_ERR_UNKNOWN);
    view_give(t.n, v);
    test_end(&t);
}

static void proves_a_version_to_a_stranger(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "Viện A"), &r) == CAU_OK);
    fill_log(&t, 700);
    struct view_log log;
    struct str text, body;
    struct proof proof;
    struct proof_result result;
    struct note_key key;
    struct note_seal seal;
    struct view *v = view_take(t.n);
    check(view_log(v, &t.a, RECORD_PUBLIC, &log) == CAU_OK);
    check(view_proof(v, &t.a, READER_PUBLIC, r.doc, RECORD_PUBLIC, 1, &text) == CAU_OK);
    check(note_read_key(log.verifier_key, &key) == CAU_OK);
    check(proof_read(&t.a, text, &proof) == CAU_OK);
    check(proof_verify(&proof, &key, 1, &seal, &result) == PROOF_GOOD);
    check(digest_equal(&result.leaf_hash, &r.leaf) && result.extra.has_payload);
    check(view_payload(v, &t.a, RECORD_PUBLIC, &result.leaf.commit, &body) == CAU_OK);
    check(str_equal(str_from(body, 32), result.extra.payload));
    check(view_payload(v, &t.a, RECORD_PRIVATE, &result.leaf.commit, &body) == CAU_ERR_UNKNOWN);
    view_give(t.n, v);
    struct digest commit = result.leaf.commit;
    check(test_redact(&t, RECORD_PUBLIC, &r) == CAU_OK && writer_settle(t.n, 5000) == CAU_OK);
    v = view_take(t.n);
    check(view_payload(v, &t.a, RECORD_PUBLIC, &commit, &body) == CAU_ERR_REFUSED);
    check(view_proof(v, &t.a, READER_PUBLIC, r.doc, RECORD_PUBLIC, 1, &text) == CAU_OK);
    check(proof_read(&t.a, text, &proof) == CAU_OK);
    check(proof_verify(&proof, &key, 1, &seal, &result) == PROOF_GOOD);
    check(!result.extra.has_payload); /* still proved, no longer shown */
    view_give(t.n, v);
    test_end(&t);
}

/* ---- readers ---- */

struct reader {
    struct test_node *t;
    bool good;
};

static void *read_much(void *arg)
{
    struct reader *r = arg;
    struct arena a = arena_new((size_t)4 << 20);
    r->good = true;
    for (int i = 0; i < 20; i++) {
        struct view_record record;
        struct view *v = view_take(r->t->n);
        r->good = r->good && view_get(v, &a, READER_PUBLIC, 1, &record) == CAU_OK;
        view_give(r->t->n, v);
        arena_reset(&a);
    }
    arena_free(&a);
    return NULL;
}

static void more_readers_than_views_wait(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "A"), &r) == CAU_OK);
    struct view *held[NODE_VIEWS_MAX];
    for (size_t i = 0; i < countof(held); i++)
        check((held[i] = view_take(t.n)) != NULL);
    struct reader one = {&t, false};
    struct sync_thread thread;
    check(sync_start(&thread, read_much, &one) == CAU_OK); /* one over: it waits */
    for (unsigned waiting = 0; waiting == 0; usleep(1000)) {
        sync_lock(&t.n->pool);
        waiting = t.n->waiting;
        sync_unlock(&t.n->pool);
    }
    for (size_t i = 0; i < countof(held); i++)
        view_give(t.n, held[i]);
    sync_join(&thread);
    check(one.good);
    test_end(&t);
}

static void another_process_only_reads_and_follows(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result r;
    struct node *second = NULL, *reading;
    check(node_open(t.dir, NODE_WRITE, &second) == CAU_ERR_BUSY);
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("a", "A"), &r) == CAU_OK);
    check(node_open(t.dir, NODE_READ, &reading) == CAU_OK);
    check(node_state(reading) == NODE_NORMAL);
    check(test_put(&t, "organization", RECORD_PUBLIC, ORG("b", "B"), &r) == CAU_OK);
    struct view *v = view_take(reading);
    check(view_find(v, READER_PUBLIC, STR("b")) == 2);
    check(index_count(node_index(reading)) == 2);
    view_give(reading, v);
    node_close(reading);
    check(node_open("/tmp/cau-nothing-here", NODE_READ, &reading) == CAU_ERR_UNKNOWN);
    test_end(&t);
}

/* A lexicon in which wind is what russian says, cut by the words of own. */
static void write_lexicon(const char *path, const struct compound_list *own,
                          const char *russian)
{
    struct lexicon_build *b;
    struct lexicon_build_source source = {.name = STR("Words"), .licence = STR("ours")};
    struct str file;
    unsigned number;
    check(lexicon_build_open(own, &b) == CAU_OK);
    check(lexicon_build_source(b, &source, &number) == CAU_OK);
    check(lexicon_build_approved(b, 0, TOKEN_EN, STR("wind"), TOKEN_RU, str_of(russian)) ==
          CAU_OK);
    check(lexicon_build_finish(b, NULL, &file) == CAU_OK);
    check(file_write(path, file, 0600) == CAU_OK);
    lexicon_build_close(b);
}

/* A lexicon whose words were cut in another way would not be met: it is not used. */
static void a_lexicon_of_other_words_is_not_used(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct compound_list *own;
    check(compound_open_own(&own) == CAU_OK);
    for (int round = 0; round < 2; round++) {
        write_lexicon(t.n->lexicon_path, round == 0 ? NULL : own, "ветер");
        check(node_open_lexicon(t.n) == CAU_OK);
        check((t.n->lexicon != NULL) == (round == 1));
        check(node_lexicon_unusable(t.n) == (round == 0));
    }
    compound_close(own);
    test_end(&t);
}

/* How many records a word finds, as the next request would see it. */
static uint32_t found(struct test_node *t, const char *text)
{
    struct index_result result;
    struct index_query q = {
        .text = str_of(text), .lang = STR("en"), .reader = READER_PUBLIC, .limit = 10};
    struct arena a = arena_new((size_t)16 << 20);
    t->n->lexicon_looked_us = -NODE_LEXICON_LOOK_US; /* a second has passed */
    struct view *v = view_take(t->n);
    check(index_search(node_index(t->n), &a, &q, &result) == CAU_OK);
    uint32_t n = result.total;
    view_give(t->n, v);
    arena_free(&a);
    return n;
}

static uint64_t turn(struct test_node *t)
{
    t->n->lexicon_looked_us = -NODE_LEXICON_LOOK_US;
    return view_turn(t->n);
}

/* A running node takes another lexicon into use, keeps the one it has when the file is damaged or cut short, and
 * does without when it is gone; each change of answers is a turn. */
static void follows_the_lexicon(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result wind, storm;
    struct compound_list *own;
    check(compound_open_own(&own) == CAU_OK);
    check(test_put(&t, "offer", RECORD_PUBLIC, "{'external_id':'w','title':{'ru':'Ветер'}}",
                   &wind) == CAU_OK);
    check(test_put(&t, "offer", RECORD_PUBLIC, "{'external_id':'s','title':{'ru':'Буря'}}",
                   &storm) == CAU_OK);
    check(found(&t, "wind ") == 0);
    uint64_t before = turn(&t);
    write_lexicon(t.n->lexicon_path, own, "ветер");
    check(turn(&t) == before + 1 && turn(&t) == before + 1);
    check(found(&t, "wind ") == 1 && found(&t, "storm ") == 0);
    write_lexicon(t.n->lexicon_path, own, "буря");
    check(found(&t, "wind ") == 1 && turn(&t) == before + 2);
    check(truncate(t.n->lexicon_path, 40) == 0); /* as a copy that has begun leaves it */
    check(found(&t, "wind ") == 1 && turn(&t) == before + 2);
    check(node_lexicon_unusable(t.n));
    check(unlink(t.n->lexicon_path) == 0);
    check(found(&t, "wind ") == 0 && turn(&t) == before + 3);

    /* An index that was lost hides no lexicon. */
    write_lexicon(t.n->lexicon_path, own, "ветер");
    test_close(&t);
    char command[200];
    snprintf(command, sizeof command, "rm -rf '%s/index'", t.dir);
    check(system(command) == 0);
    test_open(&t, NODE_WRITE);
    check(t.n->lexicon != NULL && found(&t, "wind ") == 1);
    compound_close(own);
    test_end(&t);
}

/* A file that could not be read at the moment is read again, though it is the same. */
static void reads_the_lexicon_again(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct writer_result wind;
    struct compound_list *own;
    struct rlimit files, none;
    check(compound_open_own(&own) == CAU_OK);
    check(test_put(&t, "offer", RECORD_PUBLIC, "{'external_id':'w','title':{'ru':'Ветер'}}",
                   &wind) == CAU_OK);
    check(found(&t, "wind ") == 0); /* from here on a view is kept open */
    write_lexicon(t.n->lexicon_path, own, "ветер");
    check(getrlimit(RLIMIT_NOFILE, &files) == 0);
    none = files;
    none.rlim_cur = 3;
    check(setrlimit(RLIMIT_NOFILE, &none) == 0);
    check(node_open_lexicon(t.n) == CAU_OK && t.n->lexicon == NULL);
    check(t.n->lexicon_err == CAU_ERR_IO && !node_lexicon_unusable(t.n));
    check(setrlimit(RLIMIT_NOFILE, &files) == 0);
    check(found(&t, "wind ") == 1 && t.n->lexicon_err == CAU_OK);
    compound_close(own);
    test_end(&t);
}

static void *turn_once(void *node)
{
    view_turn(node);
    return NULL;
}

/* While a lexicon is read and waits for the searches under way, other requests go on. */
static void nobody_waits_for_a_lexicon(void **state)
{
    (void)state;
    struct test_node t = test_make();
    struct compound_list *own;
    struct sync_thread thread;
    check(compound_open_own(&own) == CAU_OK);
    view_give(t.n, view_take(t.n));
    write_lexicon(t.n->lexicon_path, own, "ветер");
    t.n->lexicon_looked_us = -NODE_LEXICON_LOOK_US;
    sync_read_begin(t.n->index->lock); /* a long search */
    check(sync_start(&thread, turn_once, t.n) == CAU_OK);
    for (bool busy = false; !busy;) {
        sync_lock(&t.n->pool);
        busy = t.n->lexicon_busy;
        sync_unlock(&t.n->pool);
    }
    struct view *v = view_take(t.n);
    check(v != NULL && t.n->lexicon == NULL);
    view_give(t.n, v);
    sync_done(t.n->index->lock);
    sync_join(&thread);
    check(t.n->lexicon != NULL && !t.n->lexicon_busy);
    compound_close(own);
    test_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hides_what_a_reader_may_not_see),
        cmocka_unit_test(private_versions_leave_no_trace),
        cmocka_unit_test(resolves_links_and_owners_that_come_later),
        cmocka_unit_test(publishes_to_the_index_only_what_is_published),
        cmocka_unit_test(queues_by_publication_and_import),
        cmocka_unit_test(walks_the_records_of_a_kind),
        cmocka_unit_test(shows_one_moment),
        cmocka_unit_test(serves_tiles_that_were_published),
        cmocka_unit_test(proves_a_version_to_a_stranger),
        cmocka_unit_test(more_readers_than_views_wait),
        cmocka_unit_test(another_process_only_reads_and_follows),
        cmocka_unit_test(a_lexicon_of_other_words_is_not_used),
        cmocka_unit_test(follows_the_lexicon),
        cmocka_unit_test(reads_the_lexicon_again),
        cmocka_unit_test(nobody_waits_for_a_lexicon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
