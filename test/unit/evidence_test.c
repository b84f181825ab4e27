#include "ledger/evidence.h"

#include <string.h>

#include "ledger/checkpoint.h"
#include "test.h"

enum { LEAVES = 30 };

static _Alignas(16) unsigned char space[1 << 20];
static struct arena arena;
static struct key_pair pair;
static struct note_key key;
static struct digest leaf[LEAVES];

static enum cau_err tile(void *with, unsigned level, uint64_t n, unsigned width,
                         struct digest hash[TREE_TILE_HASHES])
{
    (void)with;
    check(level == 0 && n == 0 && width <= LEAVES);
    memcpy(hash, leaf, width * sizeof *hash);
    return CAU_OK;
}

static const struct tree_reader reader = {tile, NULL};

static struct digest root_of(uint64_t size)
{
    struct digest d;
    check(tree_root_again(&reader, 0, size, &d) == CAU_OK);
    return d;
}

static int open_all(void **state)
{
    (void)state;
    arena = (struct arena){space, sizeof space, 0};
    for (size_t i = 0; i < LEAVES; i++)
        leaf[i] = tree_leaf_hash((struct str){(const char *)&i, sizeof i});
    check(key_make(&pair) == CAU_OK);
    return note_key_of(STR("o"), NOTE_SIGNATURE, &pair.public_key, &key) == CAU_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    key_drop(&pair);
    return 0;
}

static struct str sign(const char *origin, uint64_t size, struct digest root)
{
    struct buf text = buf_new(1024), note = buf_new(4096);
    struct str out;
    checkpoint_write(&(struct checkpoint){.origin = str_of(origin), .size = size, .root = root},
                     &text);
    buf_add(&note, buf_str(&text));
    buf_add_char(&note, '\n');
    note_sign(buf_str(&text), &key, &pair, &note);
    check(arena_copy(&arena, buf_str(&note), &out) == CAU_OK);
    buf_free(&text);
    buf_free(&note);
    return out;
}

/* Writes, reads, writes again, and verifies what was read. */
static enum cau_err carry(const struct evidence *e)
{
    struct buf b = buf_new(EVIDENCE_BYTES_MAX), again = buf_new(EVIDENCE_BYTES_MAX);
    static struct evidence back;
    evidence_write(e, &b);
    check(evidence_read(&arena, buf_str(&b), &back) == CAU_OK);
    evidence_write(&back, &again);
    check(str_equal(buf_str(&b), buf_str(&again)));
    enum cau_err err = evidence_verify(&back, &key, 1);
    buf_free(&b);
    buf_free(&again);
    return err;
}

static void two_roots_of_one_size(void **state)
{
    (void)state;
    arena.used = 0;
    struct evidence e = {
        .reason = EVIDENCE_ROOT, .a = sign("o", 7, root_of(7)), .b = sign("o", 7, root_of(8))};
    check(carry(&e) == CAU_OK);
    check(evidence_verify(&e, &key, 0) == CAU_ERR_REFUSED); /* nobody we know signed */
    struct note_key forged = key;
    forged.key.b[1] ^= 1;
    check(evidence_verify(&e, &forged, 1) == CAU_ERR_CORRUPT);
    e.b = sign("o", 7, root_of(7));
    check(carry(&e) == CAU_ERR_REFUSED);
    e.b = sign("o", 8, root_of(8));
    check(carry(&e) == CAU_ERR_REFUSED);
    e.b = sign("p", 7, root_of(8));
    check(carry(&e) == CAU_ERR_REFUSED);
    e.b = STR("text\n\n— a AAAAAAAAAAAA\n");
    check(carry(&e) == CAU_ERR_SYNTAX);
}

static void a_tree_that_does_not_continue(void **state)
{
    (void)state;
    for (uint64_t size = 1; size < LEAVES; size++) {
        arena.used = 0;
        struct evidence e = {.a = sign("o", size, root_of(size + 1)),
                             .b = sign("o", LEAVES, root_of(LEAVES))};
        check(evidence_hashes(&reader, size, LEAVES, &e) == CAU_OK);
        check(carry(&e) == CAU_OK);
        e.hash[e.n - 1].b[0] ^= 1;
        check(carry(&e) == CAU_ERR_CORRUPT);
        e.hash[e.n - 1].b[0] ^= 1;
        e.a = sign("o", size, root_of(size)); /* an honest log cannot be accused */
        check(carry(&e) == CAU_ERR_REFUSED);
        e.n--;
        check(carry(&e) == CAU_ERR_CORRUPT);
    }
    struct evidence e;
    check(evidence_hashes(&reader, 5, 5, &e) == CAU_ERR_RANGE);
    check(evidence_hashes(&reader, 0, 5, &e) == CAU_ERR_RANGE);
}

static enum cau_err read_text(const char *text)
{
    static struct evidence e;
    arena.used = 0;
    enum cau_err err = evidence_read(&arena, str_of(text), &e);
    check(err == CAU_OK || arena.used == 0);
    return err;
}

static void refuses_other_forms(void **state)
{
    (void)state;
    check(read_text("cau/evidence/v1\nroot\nAAAA\nAAAA\n") == CAU_OK);
    static const char *const bad[] = {
        "",
        "cau/evidence/v2\nroot\nAAAA\nAAAA\n",
        "cau/evidence/v1\nleaf\nAAAA\nAAAA\n",
        "cau/evidence/v1\nroot\nAAAA\n",
        "cau/evidence/v1\nroot\nAAAA\n\n",
        "cau/evidence/v1\nroot\nAAAA\nAAAA",
        "cau/evidence/v1\nroot\nAAAA\nAAA\n",
        "cau/evidence/v1\nroot\nAAAA\nAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "cau/evidence/v1\nprefix\nAAAA\nAAAA\nAAAA\n",
        "cau/evidence/v1\nprefix\nAAAA\nAAAA\n\n",
    };
    for (size_t i = 0; i < countof(bad); i++)
        check(read_text(bad[i]) == CAU_ERR_SYNTAX);

    static struct evidence e;
    static char large[EVIDENCE_BYTES_MAX + 1];
    check(evidence_read(&arena, (struct str){large, sizeof large}, &e) == CAU_ERR_RANGE);
    struct buf b = buf_new(EVIDENCE_BYTES_MAX);
    buf_add_word(&b, "cau/evidence/v1\nprefix\nAAAA\nAAAA\n");
    for (size_t i = 0; i < EVIDENCE_HASHES_MAX; i++)
        buf_add_word(&b, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    check(evidence_read(&arena, buf_str(&b), &e) == CAU_OK && e.n == EVIDENCE_HASHES_MAX);
    buf_add_word(&b, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    check(evidence_read(&arena, buf_str(&b), &e) == CAU_ERR_RANGE);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(two_roots_of_one_size),
                                       cmocka_unit_test(a_tree_that_does_not_continue),
                                       cmocka_unit_test(refuses_other_forms)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
