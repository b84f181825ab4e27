#include "index/dictionary_int.h"
#include "index/like.h"
#include "index/save_int.h"

#include "base/file.h"
#include "segment_damage.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[32];
static struct index *ix;

static int open_index(void **state)
{
    (void)state;
    bool rebuilt;
    snprintf(dir, sizeof dir, "/tmp/cau-index-XXXXXX");
    if (mkdtemp(dir) == NULL || index_open(dir, &ix, &rebuilt) != CAU_OK)
        return 1;
    for (uint32_t i = 0; i < 500; i++) {
        char text[64];
        snprintf(text, sizeof text, "word%u common tần số институты", i * 13 % 251);
        struct index_text t = {STR("vi"), 5, str_of(text)};
        struct index_value v = {INDEX_YEAR, STR("2019")};
        struct index_doc d = {.doc = i,
                              .updated_ms = i,
                              .text = &t,
                              .text_count = 1,
                              .value = &v,
                              .value_count = 1};
        check(index_put(ix, &d) == CAU_OK);
    }
    return 0;
}

static int close_index(void **state)
{
    (void)state;
    char path[64];
    index_close(ix);
    snprintf(path, sizeof path, "%s/search.idx", dir);
    unlink(path);
    return rmdir(dir);
}

/* The terms in memory and in the file made from them are the same, in the same order. */
static void holds_what_was_in_memory(void **state)
{
    (void)state;
    static char key[4000][TERM_BYTES_MAX];
    static struct part_term term[4000];
    static size_t len[4000];
    struct dictionary_walk w;
    struct dictionary_term t;
    struct str k;
    size_t n = 0, common = 0;
    for (dictionary_seek(ix, &w, STR("")); dictionary_key(&w, &k); dictionary_next(&w)) {
        check(n < countof(key));
        memcpy(key[n], k.p, len[n] = k.len);
        dictionary_term(&w, &t);
        common = str_is(k, "fcommon") ? n : common;
        term[n++] = t.in[INDEX_FRESH];
    }
    check(n > 500 && ix->segment.header.blocks == 0);
    check(save_write(ix, 1, 5) == CAU_OK && fresh_terms(&ix->fresh) == 0);
    struct segment_walk s;
    bool more = segment_seek(&ix->segment, STR(""), &s);
    for (size_t i = 0; i < n; i++, more = segment_next(&s)) {
        struct str was = {key[i], len[i]};
        struct part_term found;
        check(more && str_equal(term_str(&s.key), was));
        const struct part_term *there = segment_term(&s);
        check(there == segment_term(&s)); /* asked twice, read once */
        check(memcmp(there->count, term[i].count, sizeof there->count) == 0);
        check(there->list.count == term[i].list.count);
        check(was.p[0] == 's' ? there->groups == 1u << TOKEN_VI
                              : there->groups == term[i].groups);
        check(segment_find(&ix->segment, was, &found) && found.list.p == there->list.p);
        if (i % 7 == 0) { /* onwards from anywhere before it */
            struct segment_walk skip;
            struct str from = {key[i / 2], len[i / 2]};
            check(segment_seek(&ix->segment, from, &skip) && segment_skip(&skip, was) &&
                  str_equal(term_str(&skip.key), was));
        }
    }
    check(!more && !segment_find(&ix->segment, STR("fabsent"), &term[0]));
    struct part_term all;
    check(segment_find(&ix->segment, (struct str){key[common], len[common]}, &all));
    check(all.list.count == 500 && all.list.blocks == 4); /* with a skip table */
    struct posting_cursor c;
    posting_open(&c, &all.list);
    for (uint32_t i = 0; i < 500; i++)
        check(posting_next(&c) && c.id == i << POSTING_GROUP_BITS && c.weight == 5);
    posting_open(&c, &all.list);
    check(posting_seek(&c, 444u << POSTING_GROUP_BITS) && c.id == 444u << POSTING_GROUP_BITS);
    check(!posting_next(&c) || c.id == 445u << POSTING_GROUP_BITS);
}

static void refuses_another_analyser(void **state)
{
    (void)state;
    check(save_write(ix, 1, 5) == CAU_OK);
    struct segment s;
    struct facets f = facets_new();
    check(segment_open(ix->segment.map, 2, &s, &f) == CAU_ERR_CORRUPT &&
          facets_values(&f) == 0);
    check(segment_open(ix->segment.map, 1, &s, &f) == CAU_OK && facets_values(&f) == 1);
    segment_close(&s);
    check(segment_open((struct str){NULL, 0}, 1, &s, &f) == CAU_ERR_CORRUPT);
    facets_free(&f);
    check(save_load(ix, 2) == CAU_ERR_CORRUPT && index_count(ix) == 500); /* as before */
}

/* A full disk: the index goes on as before. */
static void a_save_that_fails_loses_nothing(void **state)
{
    (void)state;
    char *path = ix->path;
    char nowhere[] = "/nonexistent/search.idx";
    ix->path = nowhere;
    check(index_save(ix, 9) == CAU_ERR_IO);
    ix->path = path;
    check(index_count(ix) == 500 && index_position(ix) == 0);
    check(index_save(ix, 9) == CAU_OK && index_position(ix) == 9 && index_count(ix) == 500);
}

/* A copy of the saved file, to be damaged; it is in use from load_damaged on. */
static char *copy_saved(struct arena *a)
{
    struct str copy;
    check(save_write(ix, 1, 5) == CAU_OK);
    check(arena_copy(a, ix->segment.map, &copy) == CAU_OK);
    return (char *)(uintptr_t)copy.p;
}

static enum cau_err load_damaged(char *file)
{
    struct str bytes = {file, ix->segment.map.len};
    damage_sum(file, bytes.len);
    check(file_write(ix->path, bytes, 0600) == CAU_OK);
    return save_load(ix, 1);
}

/* Keys over SEGMENT_BLOCK are not of the block: each key has a number below blocks * SEGMENT_BLOCK. */
static void a_block_ends_at_its_last_key(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 24);
    char *file = copy_saved(&a);
    uint32_t blocks = ix->segment.header.blocks, n = 0;
    struct segment_walk w;
    damage_blocks(file);
    check(load_damaged(file) == CAU_OK &&
          ix->segment.header.blocks == blocks - (DAMAGE_BLOCKS - 1));
    for (bool more = segment_seek(&ix->segment, STR(""), &w); more; more = segment_next(&w)) {
        uint32_t number = segment_term(&w)->number;
        check(w.i < SEGMENT_BLOCK && number >= 1 &&
              number <= ix->segment.header.blocks * SEGMENT_BLOCK);
        n++;
    }
    check(n > SEGMENT_BLOCK && n <= ix->segment.header.blocks * SEGMENT_BLOCK);
    index_remove(ix, 3);
    check(save_write(ix, 1, 6) == CAU_OK && index_count(ix) == 499);
    arena_free(&a);
}

/* A key that is not UTF-8, in a file whose checksum holds, stops neither a save nor a match. */
static void keys_that_are_no_text(void **state)
{
    (void)state;
    struct arena a = arena_new((size_t)1 << 26);
    struct index_text t = {STR("vi"), 1, STR("word1 common tần số институты")};
    struct like_query q = {.text = &t, .text_count = 1, .reader = {1, 0}, .limit = 5};
    struct like_hit *hit;
    size_t n;
    static const enum term_kind kind[] = {TERM_SOUND, TERM_FORM};
    for (size_t i = 0; i < countof(kind); i++) {
        char *file = copy_saved(&a);
        damage_keys(file, &ix->segment, kind[i]);
        check(load_damaged(file) == CAU_OK);
        check(index_like(ix, &a, &q, &hit, &n) == CAU_OK && n > 0);
        index_remove(ix, (uint32_t)i);
        check(save_write(ix, 1, 6) == CAU_OK && index_count(ix) == 499 - i);
    }
    arena_free(&a);
}

/* Lengths no texts can have do not come into the arithmetic of scores. */
static void refuses_lengths_of_no_texts(void **state)
{
    (void)state;
    static const int64_t most = (int64_t)PART_SLOTS_MAX * PART_LENGTH_MAX;
    static const int64_t length[] = {INT64_MAX, INT64_MIN, most + 1, -most - 1, most, -most};
    struct arena a = arena_new((size_t)1 << 24);
    char *file = copy_saved(&a);
    for (size_t i = 0; i < countof(length); i++) {
        struct segment_header h;
        memcpy(&h, file, sizeof h);
        h.public_length[TOKEN_EN] = length[i];
        memcpy(file, &h, sizeof h);
        check(load_damaged(file) == (i < 4 ? CAU_ERR_CORRUPT : CAU_OK));
    }
    arena_free(&a);
}

int main(void)
{
#define with_index(f) cmocka_unit_test_setup_teardown(f, open_index, close_index)
    const struct CMUnitTest tests[] = {
        with_index(holds_what_was_in_memory),        with_index(refuses_another_analyser),
        with_index(a_save_that_fails_loses_nothing), with_index(a_block_ends_at_its_last_key),
        with_index(keys_that_are_no_text),           with_index(refuses_lengths_of_no_texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
