#include "index/fresh_int.h"
#include "index/stored_int.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

enum { DOCS = 60 };

static struct stem *stem;

static void put(struct fresh *f, uint32_t i, uint32_t shape)
{
    struct fresh_tools tools = {stem, NULL};
    struct buf stored = buf_new(1 << 16);
    char text[80];
    uint32_t slot, length[TOKEN_GROUPS];
    snprintf(text, sizeof text, "Viện wind energies %u word%u", i % 7, i);
    struct index_text t = {i % 2 == 0 ? STR("en") : STR("vi"), 2, str_of(text)};
    struct index_doc doc = {
        .doc = i, .owner = i % 3, .updated_ms = i, .text = &t, .text_count = 1};
    stored_write(&stored, &doc);
    check(fresh_put(f, &tools, &doc, shape, buf_str(&stored), &slot, length) == CAU_OK);
    buf_free(&stored);
}

static void check_lists(const struct part_term *x, const struct part_term *y)
{
    struct posting_cursor a, b;
    posting_open(&a, &x->list);
    posting_open(&b, &y->list);
    while (posting_next(&a))
        check(posting_next(&b) && a.id == b.id && a.weight == b.weight);
    check(!posting_next(&b));
}

static void check_same(const struct fresh *x, const struct fresh *y)
{
    struct order_at at = order_seek(&x->order, x, (struct str){NULL, 0}),
                    to = order_seek(&y->order, y, (struct str){NULL, 0});
    uint32_t m, n;
    while (order_next(&x->order, &at, &m)) {
        struct part_term a, b;
        check(order_next(&y->order, &to, &n) && str_equal(fresh_key(x, m), fresh_key(y, n)));
        check(fresh_find(y, fresh_key(x, m), &b));
        fresh_term_of(x, m, &a);
        check(a.groups == b.groups && memcmp(a.count, b.count, sizeof a.count) == 0 &&
              a.list.count == b.list.count);
        check_lists(&a, &b);
    }
    check(!order_next(&y->order, &to, &n));
    const struct buf *column[][2] = {{&x->doc, &y->doc},     {&x->shape, &y->shape},
                                     {&x->owner, &y->owner}, {&x->length, &y->length},
                                     {&x->brief, &y->brief}, {&x->updated_ms, &y->updated_ms},
                                     {&x->token, &y->token}, {&x->token_at, &y->token_at},
                                     {&x->text, &y->text},   {&x->text_at, &y->text_at}};
    for (size_t i = 0; i < countof(column); i++)
        check(str_equal(buf_str(column[i][0]), buf_str(column[i][1])));
    check(x->part.n == y->part.n && x->part.docs_rise == y->part.docs_rise &&
          x->word_at.len == y->word_at.len);
}

/* Documents of one part behind those of another are what they had been when put there one by one. */
static void absorbs(void **state)
{
    (void)state;
    static const uint32_t shape[] = {7, 5}, first[] = {0, 1, 30, DOCS};
    for (size_t k = 0; k < countof(first); k++) {
        struct fresh all = fresh_new(), f = fresh_new(), g = fresh_new();
        bool odd = true;
        g.loose = true;
        for (uint32_t i = 0; i < DOCS; i++) {
            put(&all, i, shape[i % 2]);
            put(i < first[k] ? &f : &g, i, i < first[k] ? shape[i % 2] : i % 2);
        }
        fresh_reshape(&g, shape);
        check(fresh_order(&g) == CAU_OK && fresh_absorb(&f, &g, &odd) == CAU_OK && !odd);
        check_same(&all, &f);
        put(&all, DOCS, 3);
        put(&f, DOCS, 3);
        check_same(&all, &f);
        fresh_free(&all);
        fresh_free(&f);
        fresh_free(&g);
    }
}

/* What a form leads to differs: nothing is taken, and the documents can still be put one by one. */
static void leaves_what_is_odd(void **state)
{
    (void)state;
    struct fresh f = fresh_new(), g = fresh_new();
    struct part_term t;
    bool odd = false;
    put(&f, 0, 0);
    g.loose = true;
    put(&g, 1, 0);
    check(fresh_order(&g) == CAU_OK);
    fresh_term(&g, table_get(&g.terms, STR("fwind"), UINT32_MAX))->token++;
    check(fresh_absorb(&f, &g, &odd) == CAU_OK && odd && f.part.n == 1);
    check(fresh_find(&f, STR("fword1"), &t) && t.list.count == 0);
    put(&f, 1, 0);
    check(f.part.n == 2 && fresh_find(&f, STR("fword1"), &t) && t.list.count == 1);
    fresh_free(&f);
    fresh_free(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(absorbs),
                                       cmocka_unit_test(leaves_what_is_odd)};
    check(stem_open(&stem) == CAU_OK);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stem_close(stem);
    return failed;
}
