#include "index/index_int.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCS = 300 };

static char dir[32];
static struct index *ix;

static int open_index(void **state)
{
    (void)state;
    bool rebuilt;
    snprintf(dir, sizeof dir, "/tmp/cau-fresh-XXXXXX");
    return mkdtemp(dir) == NULL || index_open(dir, &ix, &rebuilt) != CAU_OK;
}

static int close_index(void **state)
{
    (void)state;
    index_close(ix);
    return rmdir(dir);
}

static struct index_doc make_doc(uint32_t i)
{
    static char text[DOCS * 2][80];
    static struct index_text t[DOCS * 2];
    snprintf(text[i], sizeof text[i], "common wind word%u điện gió nghiên cứu", i);
    t[i] = (struct index_text){STR("vi"), 1, str_of(text[i])};
    return (struct index_doc){.doc = i, .updated_ms = i, .text = &t[i], .text_count = 1};
}

static uint32_t found(const char *text)
{
    struct index_query q = {.text = str_of(text),
                            .lang = STR("vi"),
                            .reader = {1, 0},
                            .limit = 10,
                            .explain = true};
    struct index_result r;
    struct arena a = arena_new((size_t)16 << 20);
    check(index_search(ix, &a, &q, &r) == CAU_OK);
    uint32_t total = r.total;
    arena_free(&a);
    return total;
}

/* Everything a search reads is where it says, and of the documents taken alone. */
static void check_whole(uint32_t n)
{
    const struct fresh *f = &ix->fresh;
    const struct part *p = &f->part;
    check(p->n == n && f->doc.len == n * sizeof(uint32_t) && f->brief.len == n);
    check((const char *)p->doc == f->doc.p && (const char *)p->token == f->token.p &&
          p->text == f->text.p && p->word == f->word.p &&
          (const char *)p->length == f->length.p && (const char *)p->brief == f->brief.p);
    check(p->text_at[n] == f->text.len && p->token_at[n] * sizeof(uint32_t) == f->token.len &&
          p->word_at[n] == f->word.len);
}

/* Memory ends in the middle of a document: none of it is left, and the others are found and removed as before. */
static void a_put_that_fails_leaves_the_others(void **state)
{
    (void)state;
    struct index_doc doc;
    for (uint32_t i = 0; i < DOCS; i++) {
        doc = make_doc(i);
        check(index_put(ix, &doc) == CAU_OK);
    }
    uint64_t generation = ix->generation;
    ix->fresh.text.max = ix->fresh.text.len; /* one step over */
    doc = make_doc(DOCS);
    check(index_put(ix, &doc) == CAU_ERR_MEMORY && ix->generation > generation);
    check_whole(DOCS);
    check(index_count(ix) == DOCS && found("common") == DOCS && found("điện gió") == DOCS);
    index_remove(ix, 7);
    check_whole(DOCS);
    check(index_count(ix) == DOCS - 1 && found("common") == DOCS - 1);
    check(index_put(ix, &doc) == CAU_ERR_MEMORY && index_save(ix, 1) == CAU_ERR_MEMORY);
}

/* The same of documents put together: of new ones when they are made one with the rest. */
static void shares_that_fail_leave_the_others(void **state)
{
    (void)state;
    static struct index_doc doc[DOCS * 2];
    for (uint32_t i = 0; i < DOCS * 2; i++)
        doc[i] = make_doc(i);
    check(index_put_shares(ix, doc, DOCS, 2) == CAU_OK && found("common") == DOCS);
    uint64_t generation = ix->generation;
    int64_t length = ix->public_length[TOKEN_VI];
    ix->fresh.token.max = ix->fresh.token.len;
    check(index_put_shares(ix, doc + DOCS, DOCS, 2) == CAU_OK);
    check(found("common") == DOCS && ix->generation > generation);
    check_whole(DOCS);
    check(index_count(ix) == DOCS && ix->public_length[TOKEN_VI] == length);
    check(index_put_shares(ix, doc + DOCS, DOCS, 2) == CAU_ERR_MEMORY);
    check(index_put_shares(ix, doc + 3, 9, 2) == CAU_ERR_MEMORY);
    check(index_save(ix, 1) == CAU_ERR_MEMORY);
    check_whole(DOCS);
    index_remove(ix, DOCS + 1);
    index_remove(ix, 7);
    check_whole(DOCS);
}

int main(void)
{
#define with_index(f) cmocka_unit_test_setup_teardown(f, open_index, close_index)
    const struct CMUnitTest tests[] = {with_index(a_put_that_fails_leaves_the_others),
                                       with_index(shares_that_fail_leave_the_others)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
