#include "ledger/tree.h"

#include <stdlib.h>
#include <string.h>

#include "test.h"

enum { LEAVES = 70000, LEVEL0 = LEAVES / 256 + 1 };

/* A whole tree in memory: all leaf hashes, and the tiles that the sink was given. */
static struct digest leaf[LEAVES];
static struct digest tile[3][LEVEL0][TREE_TILE_HASHES];
static size_t tiles[3];
static struct tree grown;
static size_t reads;

static enum cau_err keep(void *with, unsigned level, uint64_t n,
                         const struct digest hash[TREE_TILE_HASHES])
{
    (void)with;
    check(level < 3 && n == tiles[level]); /* each tile once, in order */
    memcpy(tile[level][n], hash, TREE_TILE_BYTES);
    tiles[level]++;
    return CAU_OK;
}

/* Full tiles from the sink, partial ones from the edge: as the store does it. */
static enum cau_err give(void *with, unsigned level, uint64_t n, unsigned width,
                         struct digest hash[TREE_TILE_HASHES])
{
    const struct tree *t = with;
    reads++;
    check(level < 3 && width >= 1 && width <= TREE_TILE_HASHES);
    const void *from = n < tiles[level] ? (const void *)tile[level][n] : t->edge[level];
    memcpy(hash, from, width * sizeof hash[0]);
    return CAU_OK;
}

static const struct tree_sink sink = {keep, NULL};
static const struct tree_reader reader = {give, &grown};

/* RFC 6962, 2.1, word for word. */
static struct digest plain_root(size_t lo, size_t hi)
{
    if (lo == hi)
        return digest_of((struct str){NULL, 0});
    if (hi - lo == 1)
        return leaf[lo];
    size_t k = 1;
    while (k * 2 < hi - lo)
        k *= 2;
    struct digest l = plain_root(lo, lo + k), r = plain_root(lo + k, hi);
    return tree_node_hash(&l, &r);
}

static int grow(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEAVES; i++)
        leaf[i] = tree_leaf_hash((struct str){(const char *)&i, sizeof i});
    tree_clear(&grown);
    for (size_t i = 0; i < LEAVES;) { /* batches of every length */
        size_t n = i % 701 + 1 < LEAVES - i ? i % 701 + 1 : LEAVES - i;
        check(tree_append(&grown, leaf + i, n, &sink) == CAU_OK);
        i += n;
    }
    return 0;
}

static void hashes_as_rfc_6962(void **state)
{
    (void)state;
    char hex[64];
    struct digest d = tree_empty_root();
    digest_to_hex(d.b, 32, hex);
    assert_memory_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                        64);
    d = tree_leaf_hash((struct str){NULL, 0});
    digest_to_hex(d.b, 32, hex);
    assert_memory_equal(hex, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                        64);
}

static void grows_the_tiles_of_the_example(void **state)
{
    (void)state;
    check(grown.size == LEAVES);
    check(tiles[0] == 273 && tiles[1] == 1 && tiles[2] == 0);
    check(tree_edge(&grown, 0).len == 112 * 32 && tree_edge(&grown, 1).len == 17 * 32);
    check(tree_edge(&grown, 2).len == 32 && tree_edge(&grown, 3).len == 0);
    struct digest fast = tree_root(&grown), plain = plain_root(0, LEAVES), again;
    check(digest_equal(&fast, &plain));
    check(tree_root_again(&reader, 0, LEAVES, &again) == CAU_OK && digest_equal(&fast, &again));
}

static void every_size_has_the_plain_root(void **state)
{
    (void)state;
    static struct tree t, loaded;
    tree_clear(&t);
    for (size_t n = 0; n <= 1100; n++) {
        struct digest want = plain_root(0, n), got = tree_root(&t), again;
        check(digest_equal(&want, &got));
        check(tree_root_again(&reader, n - n / 3, n, &again) == CAU_OK);
        check(digest_equal(&want, &again));

        struct str edge[TREE_LEVELS_MAX];
        for (unsigned level = 0; level < TREE_LEVELS_MAX; level++)
            edge[level] = tree_edge(&t, level);
        check(tree_load(&loaded, n, edge) == CAU_OK);
        got = tree_root(&loaded);
        check(digest_equal(&want, &got));
        if (n % 7 == 0)
            t = loaded; /* and go on from what was loaded */
        check(tree_append(&t, &leaf[n], 1, NULL) == CAU_OK);
    }
}

static void loading_is_strict(void **state)
{
    (void)state;
    static struct tree t;
    struct str edge[TREE_LEVELS_MAX] = {{(const char *)leaf, 32}};
    check(tree_load(&t, 1, edge) == CAU_OK);
    check(tree_load(&t, 2, edge) == CAU_ERR_CORRUPT);
    check(tree_load(&t, 257, edge) == CAU_ERR_CORRUPT);
    edge[0].len = 31;
    check(tree_load(&t, 1, edge) == CAU_ERR_CORRUPT);
    check(tree_load(&t, TREE_SIZE_MAX + 1, edge) == CAU_ERR_RANGE);
    check(t.size == 1);
}

static void size_has_a_limit(void **state)
{
    (void)state;
    static struct tree t;
    static const struct digest zero[256];
    struct str edge[TREE_LEVELS_MAX];
    for (unsigned level = 0; level < TREE_LEVELS_MAX; level++)
        edge[level] = (struct str){(const char *)zero, level < 7 ? 255 * 32 : 63 * 32};
    check(tree_load(&t, TREE_SIZE_MAX - 1, edge) == CAU_OK);
    check(tree_append(&t, zero, 2, NULL) == CAU_ERR_RANGE && t.size == TREE_SIZE_MAX - 1);
    check(tree_append(&t, zero, 1, NULL) == CAU_OK && t.size == TREE_SIZE_MAX);
    check(tree_append(&t, zero, 1, NULL) == CAU_ERR_RANGE);
    struct digest d;
    struct tree_proof p;
    check(tree_root_again(&reader, 0, TREE_SIZE_MAX + 1, &d) == CAU_ERR_RANGE);
    check(tree_root_again(&reader, 6, 5, &d) == CAU_ERR_RANGE);
    check(tree_inclusion(&reader, 0, TREE_SIZE_MAX + 1, &p) == CAU_ERR_RANGE);
    check(tree_inclusion(&reader, 5, 5, &p) == CAU_ERR_RANGE);
    check(tree_consistency(&reader, 1, TREE_SIZE_MAX + 1, &p) == CAU_ERR_RANGE);
    check(tree_consistency(&reader, 0, 5, &p) == CAU_ERR_RANGE);
    check(tree_consistency(&reader, 6, 5, &p) == CAU_ERR_RANGE);
}

static enum cau_err refuse(void *with, unsigned level, uint64_t n,
                           const struct digest hash[TREE_TILE_HASHES])
{
    (void)with, (void)level, (void)n, (void)hash;
    return CAU_ERR_FULL;
}

static enum cau_err refuse_read(void *with, unsigned level, uint64_t n, unsigned width,
                                struct digest hash[TREE_TILE_HASHES])
{
    (void)with, (void)level, (void)n, (void)width, (void)hash;
    return CAU_ERR_IO;
}

static void errors_pass_through(void **state)
{
    (void)state;
    static struct tree t;
    const struct tree_sink bad = {refuse, NULL};
    const struct tree_reader mute = {refuse_read, NULL};
    tree_clear(&t);
    check(tree_append(&t, leaf, 255, &bad) == CAU_OK);
    check(tree_append(&t, leaf, 1, &bad) == CAU_ERR_FULL);
    struct digest d;
    struct tree_proof p;
    check(tree_root_again(&mute, 0, 300, &d) == CAU_ERR_IO);
    check(tree_root_again(&mute, 512, 513, &d) == CAU_ERR_IO);
    check(tree_inclusion(&mute, 0, 300, &p) == CAU_ERR_IO);
    check(tree_consistency(&mute, 3, 300, &p) == CAU_ERR_IO);
    check(tree_consistency(&mute, 300, 300, &p) == CAU_OK && p.n == 0);
}

static void second_root_finds_damage(void **state)
{
    (void)state;
    struct digest want = tree_root(&grown), got;
    check(tree_root_again(&reader, LEAVES, LEAVES, &got) == CAU_OK &&
          digest_equal(&want, &got));
    reads = 0;
    check(tree_root_again(&reader, LEAVES - 500, LEAVES, &got) == CAU_OK);
    check(digest_equal(&want, &got) && reads < 12); /* only the tail is read */

    tile[0][5][77].b[3] ^= 4; /* a leaf hash: not what the tile above says */
    check(tree_root_again(&reader, 0, LEAVES, &got) == CAU_ERR_CORRUPT);
    tile[0][5][77].b[3] ^= 4;
    tile[1][0][5].b[3] ^= 4;
    check(tree_root_again(&reader, 0, LEAVES, &got) == CAU_ERR_CORRUPT);
    tile[1][0][5].b[3] ^= 4;
    grown.edge[0][111].b[0] ^= 1; /* in a partial tile: another root */
    check(tree_root_again(&reader, 0, LEAVES, &got) == CAU_OK && !digest_equal(&want, &got));
    grown.edge[0][111].b[0] ^= 1;
}

static void check_one_inclusion(uint64_t index, uint64_t size)
{
    struct digest root = plain_root(0, size);
    struct tree_proof p;
    check(tree_inclusion(&reader, index, size, &p) == CAU_OK);
    check(tree_check_inclusion(&leaf[index], index, size, p.hash, p.n, &root) == CAU_OK);
    check(tree_check_inclusion(&leaf[index], index, size + size, p.hash, p.n, &root) ==
          CAU_ERR_CORRUPT);
    check(tree_check_inclusion(&leaf[index + 1], index, size, p.hash, p.n, &root) ==
          CAU_ERR_CORRUPT);
    check(tree_check_inclusion(&leaf[index], size, size, p.hash, p.n, &root) ==
          CAU_ERR_CORRUPT);
    if (p.n > 0)
        check(tree_check_inclusion(&leaf[index], index, size, p.hash, p.n - 1, &root) ==
              CAU_ERR_CORRUPT);
    p.hash[p.n] = root;
    check(tree_check_inclusion(&leaf[index], index, size, p.hash, p.n + 1, &root) ==
          CAU_ERR_CORRUPT);
    for (size_t i = 0; i < p.n; i++) {
        p.hash[i].b[i % 32] ^= 1;
        check(tree_check_inclusion(&leaf[index], index, size, p.hash, p.n, &root) ==
              CAU_ERR_CORRUPT);
        p.hash[i].b[i % 32] ^= 1;
    }
}

static void proves_inclusion(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= 40; size++)
        for (uint64_t index = 0; index < size; index++)
            check_one_inclusion(index, size);
    static const uint64_t size[] = {255, 256, 257, 512, 700, 65535, 65536, 65537, LEAVES};
    for (size_t i = 0; i < countof(size); i++)
        for (uint64_t index = 0; index + 1 < size[i]; index += size[i] / 5 + 1)
            check_one_inclusion(index, size[i]);
}

static void check_one_consistency(uint64_t old, uint64_t size)
{
    struct digest before = plain_root(0, old), root = plain_root(0, size), x, y;
    struct tree_proof p;
    check(tree_consistency(&reader, old, size, &p) == CAU_OK);
    check(tree_check_consistency(old, &before, size, &root, p.hash, p.n) == CAU_OK);
    check(tree_check_consistency(0, &before, size, &root, p.hash, p.n) == CAU_ERR_CORRUPT);
    check(tree_check_consistency(old, &before, size, &before, p.hash, p.n) ==
          (old == size ? CAU_OK : CAU_ERR_CORRUPT));
    check(tree_check_consistency(size + 1, &before, size, &root, p.hash, p.n) ==
          CAU_ERR_CORRUPT);
    p.hash[p.n] = root;
    check(tree_check_consistency(old, &before, size, &root, p.hash, p.n + 1) ==
          CAU_ERR_CORRUPT);
    for (size_t i = 0; i < p.n; i++) {
        p.hash[i].b[i % 32] ^= 1;
        check(tree_check_consistency(old, &before, size, &root, p.hash, p.n) ==
              CAU_ERR_CORRUPT);
        p.hash[i].b[i % 32] ^= 1;
    }
    if (old == size)
        return;
    struct digest seeded[TREE_PROOF_MAX + 1];
    size_t seed = (old & (old - 1)) == 0;
    seeded[0] = before;
    memcpy(seeded + seed, p.hash, p.n * sizeof *seeded);
    check(tree_implied_roots(old, size, seeded, p.n + seed, &x, &y) == CAU_OK);
    check(digest_equal(&x, &before) && digest_equal(&y, &root));
    check(tree_implied_roots(old, size, seeded, p.n + seed - 1, &x, &y) == CAU_ERR_CORRUPT);
}

static void proves_consistency(void **state)
{
    (void)state;
    for (uint64_t size = 1; size <= 40; size++)
        for (uint64_t old = 1; old <= size; old++)
            check_one_consistency(old, size);
    static const uint64_t size[] = {255, 256, 257, 512, 700, 65535, 65536, 65537, LEAVES};
    for (size_t i = 0; i < countof(size); i++)
        for (size_t k = 0; k <= i; k++)
            check_one_consistency(size[k], size[i]);
    struct digest x, y;
    check(tree_implied_roots(5, 5, leaf, 1, &x, &y) == CAU_ERR_CORRUPT);
    check(tree_implied_roots(0, 5, leaf, 1, &x, &y) == CAU_ERR_CORRUPT);
    check(tree_implied_roots(1, 5, leaf, 0, &x, &y) == CAU_ERR_CORRUPT);
}

static void proofs_have_a_limit(void **state)
{
    (void)state;
    struct digest d = leaf[0];
    check(tree_check_consistency(3, &d, UINT64_MAX, &d, leaf, TREE_PROOF_MAX + 1) ==
          CAU_ERR_CORRUPT);
    check(tree_check_inclusion(&d, 0, UINT64_MAX, leaf, 1000, &d) == CAU_ERR_CORRUPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hashes_as_rfc_6962),
                                       cmocka_unit_test(grows_the_tiles_of_the_example),
                                       cmocka_unit_test(every_size_has_the_plain_root),
                                       cmocka_unit_test(loading_is_strict),
                                       cmocka_unit_test(size_has_a_limit),
                                       cmocka_unit_test(errors_pass_through),
                                       cmocka_unit_test(second_root_finds_damage),
                                       cmocka_unit_test(proves_inclusion),
                                       cmocka_unit_test(proves_consistency),
                                       cmocka_unit_test(proofs_have_a_limit)};
    return cmocka_run_group_tests(tests, grow, NULL);
}
