#include "index/posting_int.h"

#include "test.h"

enum { MANY = POSTING_BLOCK * 5 + 17 };

static uint32_t id_of(uint32_t i)
{
    return i * 7 + i % 3;
}

static uint32_t weight_of(uint32_t i)
{
    /* blocks with weights of one and of two bytes, and one of equal ones */
    return i < POSTING_BLOCK ? 1 + i % 200 : i < POSTING_BLOCK * 2 ? 7 : 1 + i % 300;
}

/* The first n postings, as a segment holds them. stretch: so much further apart. */
static struct posting_list build(struct buf *b, uint32_t n, uint32_t stretch)
{
    struct posting p[MANY];
    for (uint32_t i = 0; i < n; i++)
        p[i] = (struct posting){id_of(i) * stretch, weight_of(i)};
    buf_reset(b);
    posting_write(b, p, n);
    check(!b->failed);
    uint32_t blocks = n > POSTING_BLOCK ? (n + POSTING_BLOCK - 1) / POSTING_BLOCK : 0;
    const unsigned char *bytes = (const unsigned char *)b->p;
    return (struct posting_list){.p = bytes + (size_t)blocks * 8,
                                 .end = bytes + b->len,
                                 .count = n,
                                 .skip = bytes,
                                 .blocks = blocks};
}

static void reads_what_was_written(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, POSTING_BLOCK, POSTING_BLOCK + 1, MANY};
    static const uint32_t stretch[] = {1, 30, 100, 30000};
    struct buf b = buf_new(1 << 20);
    for (size_t k = 0; k < countof(counts); k++)
        for (size_t s = 0; s < countof(stretch); s++) {
            struct posting_list l = build(&b, counts[k], stretch[s]);
            struct posting_cursor c;
            posting_open(&c, &l);
            for (uint32_t i = 0; i < counts[k]; i++)
                check(posting_next(&c) && c.id == id_of(i) * stretch[s] &&
                      c.weight == weight_of(i));
            check(!posting_next(&c) && !posting_next(&c));
        }
    struct posting_list l = build(&b, POSTING_BLOCK, 1);
    struct posting_cursor c;
    l.last = (struct posting){id_of(MANY), 9}; /* as in memory */
    posting_open(&c, &l);
    for (uint32_t i = 0; i < POSTING_BLOCK; i++)
        check(posting_next(&c) && c.id == id_of(i));
    check(posting_next(&c) && c.id == id_of(MANY) && c.weight == 9);
    check(!posting_next(&c) && !posting_next(&c));
    buf_free(&b);
}

static void runs_up_to_a_bound(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 20);
    for (uint32_t n = 100; n <= MANY; n += MANY - 100)
        for (uint32_t step = 5; step < 3000; step = step * 2 + 1) {
            struct posting_list l = build(&b, n, 1);
            struct posting_cursor c;
            struct posting run[POSTING_BLOCK];
            uint32_t i = 0;
            posting_open(&c, &l);
            bool more = posting_next(&c);
            for (uint32_t high = step; more; high += step)
                while (more && c.id < high) {
                    size_t got = posting_run(&c, high, run, &more);
                    check(got > 0 && got <= POSTING_BLOCK);
                    for (size_t k = 0; k < got; k++, i++)
                        check(run[k].id == id_of(i) && run[k].id < high &&
                              run[k].weight == weight_of(i));
                }
            check(i == n);
        }
    buf_free(&b);
}

static void seeks(void **state)
{
    (void)state;
    struct buf b = buf_new(1 << 20);
    struct posting_list l = build(&b, MANY, 1);
    for (uint32_t stride = 1; stride < id_of(MANY); stride = stride * 3 + 1) {
        struct posting_cursor c;
        uint32_t i = 0;
        posting_open(&c, &l);
        for (uint32_t target = stride / 2; target <= id_of(MANY - 1); target += stride) {
            while (id_of(i) < target)
                i++;
            check(posting_seek(&c, target));
            check(c.id == id_of(i) && c.weight == weight_of(i));
        }
        check(!posting_seek(&c, id_of(MANY)));
    }
    buf_free(&b);
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
    /* no byte of a list with blocks, set to anything, leads outside of it or backwards */
    struct buf b = buf_new(1 << 20);
    l = build(&b, POSTING_BLOCK * 2 + 3, 30);
    size_t len = (size_t)(l.end - l.skip);
    unsigned char *bytes = (unsigned char *)b.p;
    for (size_t at = 0; at < len; at++)
        for (unsigned value = 0; value < 256; value += at < 26 ? 1 : 85) {
            unsigned char was = bytes[at];
            uint32_t before = 0, n = 0;
            bytes[at] = (unsigned char)value;
            for (posting_open(&c, &l); posting_next(&c); n++, before = c.id)
                check(c.id >= before && n < POSTING_BLOCK * 2 + 3);
            posting_open(&c, &l);
            if (posting_seek(&c, 3000))
                check(c.id >= 3000);
            bytes[at] = was;
        }
    buf_free(&b);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_what_was_written),
                                       cmocka_unit_test(runs_up_to_a_bound),
                                       cmocka_unit_test(seeks),
                                       cmocka_unit_test(bad_bytes_end_a_list),
                                       cmocka_unit_test(encodes_extremes),
                                       cmocka_unit_test(shares_in_a_byte)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
