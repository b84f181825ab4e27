#include "ledger/witness.h"

#include <string.h>

#include "test.h"

enum { LEAVES = 600 };

static struct key_pair pair;
static struct note_key key;
static struct digest leaf[LEAVES];

/* Small trees: a tile of any level is computed from the leaves. */
static enum cau_err tile(void *with, unsigned level, uint64_t n, unsigned width,
                         struct digest hash[TREE_TILE_HASHES])
{
    static struct tree t;
    (void)with;
    for (unsigned i = 0; i < width; i++) {
        if (level == 0) {
            hash[i] = leaf[n * 256 + i];
            continue;
        }
        check(level == 1);
        tree_clear(&t);
        check(tree_append(&t, leaf + i * 256, 256, NULL) == CAU_OK);
        hash[i] = tree_root(&t);
    }
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
    static const unsigned char seed[KEY_BYTES] = {5};
    for (size_t i = 0; i < LEAVES; i++)
        leaf[i] = tree_leaf_hash((struct str){(const char *)&i, sizeof i});
    check(key_from_seed(seed, &pair) == CAU_OK);
    return note_key_of(STR("o"), NOTE_SIGNATURE, &pair.public_key, &key) == CAU_OK ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    key_drop(&pair);
    return 0;
}

/* A request from old to size with this root and proof, signed by the log. */
static struct buf request(uint64_t old, uint64_t size, struct digest root,
                          const struct tree_proof *proof)
{
    struct buf text = buf_new(1024), note = buf_new(4096), body = buf_new(WITNESS_BODY_MAX);
    checkpoint_write(&(struct checkpoint){.origin = STR("o"), .size = size, .root = root},
                     &text);
    buf_add(&note, buf_str(&text));
    buf_add_char(&note, '\n');
    note_sign(buf_str(&text), &key, &pair, &note);
    witness_write(old, proof, buf_str(&note), &body);
    buf_free(&text);
    buf_free(&note);
    check(!body.failed);
    return body;
}

static enum witness_status ask(uint64_t old, uint64_t size, struct digest root,
                               const struct tree_proof *proof, const struct witness_log *log)
{
    static struct witness_request r;
    struct buf body = request(old, size, root, proof);
    check(witness_read(buf_str(&body), &r) == CAU_OK);
    check(r.old_size == old && r.checkpoint.size == size && r.proof.n == proof->n);
    enum witness_status status = witness_decide(&r, log);
    buf_free(&body);
    return status;
}

static void decides_as_the_table_says(void **state)
{
    (void)state;
    const struct tree_proof none = {.n = 0};
    struct tree_proof p;
    struct witness_log never = {&key, 1, 0, {{0}}};
    struct witness_log at300 = {&key, 1, 300, root_of(300)};
    struct note_key stranger = key;
    stranger.id ^= 1;
    struct witness_log untrusted = {&stranger, 1, 300, root_of(300)};
    struct note_key forged = key;
    forged.key.b[0] ^= 1;
    struct witness_log liar = {&forged, 1, 300, root_of(300)};
    check(tree_consistency(&reader, 300, 600, &p) == CAU_OK);

    check(ask(300, 600, root_of(600), &p, NULL) == WITNESS_UNKNOWN);
    check(ask(300, 600, root_of(600), &p, &untrusted) == WITNESS_UNTRUSTED);
    check(ask(300, 600, root_of(600), &p, &liar) == WITNESS_UNTRUSTED);
    check(ask(601, 600, root_of(600), &p, &at300) == WITNESS_MALFORMED);
    check(ask(299, 600, root_of(600), &p, &at300) == WITNESS_CONFLICT);
    check(ask(0, 600, root_of(600), &none, &at300) == WITNESS_CONFLICT);
    check(ask(300, 600, root_of(600), &p, &at300) == WITNESS_COSIGN);
    check(ask(300, 600, root_of(599), &p, &at300) == WITNESS_REFUSED);
    check(ask(300, 600, root_of(600), &none, &at300) == WITNESS_REFUSED);
    check(ask(300, 300, root_of(300), &none, &at300) == WITNESS_COSIGN);
    check(ask(300, 300, root_of(299), &none, &at300) == WITNESS_REFUSED);
    check(ask(300, 300, root_of(300), &p, &at300) == WITNESS_REFUSED);
    check(ask(0, 600, root_of(600), &none, &never) == WITNESS_COSIGN);
    check(ask(0, 600, root_of(600), &p, &never) == WITNESS_REFUSED);
    check(ask(0, 0, tree_empty_root(), &none, &never) == WITNESS_COSIGN);
    check(ask(0, 0, root_of(1), &none, &never) == WITNESS_REFUSED);
}

static enum cau_err read_text(const char *text)
{
    static struct witness_request r;
    return witness_read(str_of(text), &r);
}

static void refuses_malformed_bodies(void **state)
{
    (void)state;
    static struct witness_request r;
    static char body[WITNESS_BODY_MAX + 1];
    struct tree_proof full = {.n = TREE_PROOF_MAX};
    struct buf b = request(1, 2, leaf[0], &full);
    check(witness_read(buf_str(&b), &r) == CAU_OK && r.proof.n == TREE_PROOF_MAX);
    struct buf more = buf_new(WITNESS_BODY_MAX);
    struct str rest = buf_str(&b), first = str_next(&rest, '\n');
    buf_add(&more, first);
    buf_add_word(&more, "\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    buf_add(&more, rest);
    check(witness_read(buf_str(&more), &r) == CAU_ERR_RANGE); /* 64 lines */
    buf_free(&b);
    buf_free(&more);
    check(witness_read((struct str){body, sizeof body}, &r) == CAU_ERR_RANGE);
    check(witness_read((struct str){NULL, 0}, &r) == CAU_ERR_SYNTAX);
    check(read_text("old 1") == CAU_ERR_SYNTAX);
    check(read_text("old 01\n\n") == CAU_ERR_SYNTAX);
    check(read_text("new 1\n\n") == CAU_ERR_SYNTAX);
    check(read_text("old 1\n") == CAU_ERR_SYNTAX);
    check(read_text("old 1\nAAAA\n\n") == CAU_ERR_SYNTAX);
    check(read_text("old 1\n\n") == CAU_ERR_SYNTAX);
    check(read_text("old 1\n\ntext\n\n— a AAAAAAAAAAAA\n") == CAU_ERR_SYNTAX);
    check(read_text("old 9223372036854775808\n\n") == CAU_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(decides_as_the_table_says),
                                       cmocka_unit_test(refuses_malformed_bodies)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
