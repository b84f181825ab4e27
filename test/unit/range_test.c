#include "index/range_int.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DOCS = 3000 };

static struct index *ix;
static char dir[] = "/tmp/cau-range-XXXXXX";

static void put_docs(uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++) {
        char name[80];
        snprintf(name, sizeof name, "Viện %u công nghệ institutes word%u", i % 700, i % 1900);
        struct index_text text = {i % 2 == 0 ? STR("vi") : STR("en"), 3, str_of(name)};
        struct index_doc d = {.doc = i, .text = &text, .text_count = 1};
        check(index_put(ix, &d) == CAU_OK);
    }
}

/* Every living term is in one range, in order, and the lists of all are as long as the terms say. */
static void check_ranges(size_t least)
{
    static uint32_t slots[INDEX_PARTS][DOCS];
    const uint32_t *slot[INDEX_PARTS] = {slots[0], slots[1]};
    struct dictionary_walk walk;
    struct str key;
    static struct ranges r;
    uint32_t next = 0;
    for (int part = 0; part < INDEX_PARTS; part++)
        for (uint32_t i = 0; i < index_part(ix, part)->n; i++)
            slots[part][i] = part_is_dead(index_part(ix, part), i) ? RANGE_NO_SLOT : next++;
    ranges_open(&r, ix, slot);
    check(r.n >= least && r.n <= RANGES_MAX);
    dictionary_seek(ix, &walk, (struct str){NULL, 0});
    for (size_t i = 0; i < r.n; i++) {
        uint64_t bytes = 0;
        ranges_fill(&r, i);
        const struct range *range = &r.range[i];
        const struct range_term *t = (const void *)range->term.p;
        check(!range->failed);
        for (size_t k = 0; k < range->term.len / sizeof *t; k++) {
            struct str own = {range->keys.p + t[k].key_at, t[k].key_len};
            while (dictionary_key(&walk, &key) && str_cmp(key, own) < 0) {
                struct dictionary_term none; /* a stem of words of another language */
                dictionary_term(&walk, &none);
                check(none.in[0].list.count + none.in[1].list.count == 0);
                dictionary_next(&walk);
            }
            check(dictionary_key(&walk, &key) && str_equal(key, own));
            check(t[k].groups != 0 || key.p[0] == TERM_SOUND);
            bytes += t[k].list_len;
            dictionary_next(&walk);
        }
        check(bytes == range->lists.len);
    }
    ranges_close(&r);
}

static void cuts_all_terms(void **state)
{
    (void)state;
    bool rebuilt;
    check(mkdtemp(dir) != NULL && index_open(dir, &ix, &rebuilt) == CAU_OK);
    check_ranges(1); /* nothing there */
    put_docs(0, 1);
    check_ranges(1);
    put_docs(1, DOCS - 100);
    check_ranges(4);
    check(index_save(ix, 1) == CAU_OK);
    check_ranges(RANGES_MAX / 2);
    put_docs(DOCS - 100, DOCS);
    check_ranges(RANGES_MAX / 2);
    char path[64];
    snprintf(path, sizeof path, "%s/search.idx", dir);
    index_close(ix);
    unlink(path);
    rmdir(dir);
}

static void leaves_out_what_is_gone(void **state)
{
    (void)state;
    char path[] = "/tmp/cau-range-XXXXXX";
    bool rebuilt;
    static const uint32_t gone[] = {RANGE_NO_SLOT, 0}, *const slot[] = {gone, gone};
    static struct ranges r;
    check(mkdtemp(path) != NULL && index_open(path, &ix, &rebuilt) == CAU_OK);
    put_docs(0, 2);
    ranges_open(&r, ix, slot);
    check(r.n == 1);
    ranges_fill(&r, 0);
    const struct range_term *t = (const void *)r.range[0].term.p;
    for (size_t i = 0; i < r.range[0].term.len / sizeof *t; i++) {
        struct str key = {r.range[0].keys.p + t[i].key_at, t[i].key_len};
        check(!str_is(key, "f0")); /* of the first document alone */
    }
    check(r.range[0].term.len > 0);
    ranges_close(&r);
    index_close(ix);
    rmdir(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(cuts_all_terms),
                                       cmocka_unit_test(leaves_out_what_is_gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
