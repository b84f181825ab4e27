#include "index/posting_int.h"

#include "test.h"

enum { MANY = POSTING_BLOCK * 5 + 17 };

static uint32_t id_of(uint32_t i)
{
    return i * 7 + i % 3;
}

/* MANY postings with a skip table, as a segment holds them. */
static struct posting_list build(struct buf *b, struct buf *skip)
{
    uint32_t before = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        posting_put(b, id_of(i) - before, 1 + i % 300);
        before = id_of(i);
        if ((i + 1) % POSTING_BLOCK == 0 || i + 1 == MANY) {
            uint32_t entry[2] = {before, (uint32_t)b->len};
            buf_add(skip, (struct str){(const char *)entry, sizeof entry});
        }
    }
    return (struct posting_list){.p = (const unsigned char *)b->p,
                                 .end = (const unsigned char *)b->p + b->len,
                                 .count = MANY,
                                 .skip = (const unsigned char *)skip->p,
                                 .blocks = (uint32_t)(skip->len / 8)};
}

static void reads_what_was_written(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 20), skip = buf_new(1 << 20);
    struct posting_list l = build(&b, &skip);
    l.last = (struct posting){id_of(MANY), 9};
    struct posting_cursor c;
    posting_open(&c, &l);
    for (uint32_t i = 0; i < MANY; i++)
        check(posting_next(&c) && c.id == id_of(i) && c.weight == 1 + i % 300);
    check(posting_next(&c) && c.id == id_of(MANY) && c.weight == 9);
    check(!posting_next(&c) && !posting_next(&c));
    buf_free(&b);
    buf_free(&skip);
}

static void seeks(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 20), skip = buf_new(1 << 20);
    struct posting_list l = build(&b, &skip);
    for (uint32_t stride = 1; stride < id_of(MANY); stride = stride * 3 + 1) {
        struct posting_cursor c;
        uint32_t i = 0;
        posting_open(&c, &l);
        for (uint32_t target = stride / 2; target <= id_of(MANY - 1); target += stride) {
            while (id_of(i) < target)
                i++;
            check(posting_seek(&c, target));
            check(c.id == id_of(i) && c.weight == 1 + i % 300);
        }
        check(!posting_seek(&c, id_of(MANY)));
    }
    buf_free(&b);
    buf_free(&skip);
}

static void bad_bytes_end_a_list(void **state)
{
    (void)state;
    static const unsigned char cut[] = {5, 1, 0x80};
    static const unsigned char endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1};
    struct posting_list l = {.p = cut, .end = cut + sizeof cut, .count = 2};
    struct posting_cursor c;
    posting_open(&c, &l);
    check(posting_next(&c) && c.id == 5 && !posting_next(&c));
    l.p = endless;
    l.end = endless + sizeof endless;
    posting_open(&c, &l);
    check(!posting_next(&c));
    /* a skip table that points nowhere is not followed */
    static const unsigned char few[] = {1, 1, 1, 1, 1, 1};
    static const uint32_t wild[] = {2, 4000000000u, 3, 6};
    l = (struct posting_list){few, few + sizeof few, {0, 0}, 3, (const unsigned char *)wild, 2};
    posting_open(&c, &l);
    check(posting_seek(&c, 3) && c.id == 3);
}

static void encodes_extremes(void **state)
{
    (void)state;
    unsigned char bytes[10];
    check(posting_encode(UINT32_MAX, UINT32_MAX, bytes) == 10);
    check(posting_encode(0, 0, bytes) == 2);
    struct posting_list l = {.p = bytes, .end = bytes + posting_encode(UINT32_MAX, 3, bytes)};
    struct posting_cursor c;
    posting_open(&c, &l);
    check(posting_next(&c) && c.id == UINT32_MAX && c.weight == 3);
}

/* A share is rounded up to the next that one byte can say. */
static void shares_in_a_byte(void **state)
{
    (void)state;
    for (uint32_t share = 0; share <= 1u << 24; share += 1 + share / 37) {
        unsigned char code = posting_share_code(share);
        check(posting_share(code) >= share);
        check(code == 0 || posting_share((unsigned char)(code - 1)) < share);
    }
    check(posting_share(posting_share_code(1u << 24)) == 1u << 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_was_written), cmocka_unit_test(seeks),
        cmocka_unit_test(bad_bytes_end_a_list), cmocka_unit_test(encodes_extremes),
        cmocka_unit_test(shares_in_a_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
