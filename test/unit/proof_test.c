#include "ledger/proof.h"

#include <string.h>

#include "test.h"

enum { LEAVES = 20, CHOSEN = 13 };
#define PAYLOAD "{\"title\":{\"vi\":\"móng nổi\"}}"

static _Alignas(16) unsigned char space[2 * PROOF_BYTES_MAX];
static struct arena arena;
static struct key_pair log_pair, witness_pair, org_pair;
static struct note_key key[2]; /* log, witness */
static struct digest hash[LEAVES], r;
static struct buf leaf, note, extra, file;

static enum cau_err tile(void *with, unsigned level, uint64_t n, unsigned width,
                         struct digest out[TREE_TILE_HASHES])
{
    (void)with;
    check(level == 0 && n == 0 && width <= LEAVES);
    memcpy(out, hash, width * sizeof *out);
    return CAU_OK;
}

static const struct tree_reader reader = {tile, NULL};

static struct proof prove(void)
{
    struct leaf x = {.op = LEAF_PUT,
                     .node = STR("vn.example"),
                     .aud = STR("public"),
                     .t = 1795219200000,
                     .kind = STR("offer/1"),
                     .n = 1,
                     .has_commit = true,
                     .plen = strlen(PAYLOAD)};
    x.commit = leaf_commit(&r, STR(PAYLOAD));
    buf_reset(&leaf);
    check(leaf_sign(&x, &org_pair, &leaf) == CAU_OK);
    for (size_t i = 0; i < LEAVES; i++)
        hash[i] = tree_leaf_hash((struct str){(const char *)&i, sizeof i});
    hash[CHOSEN] = leaf_hash(buf_str(&leaf));

    struct checkpoint c = {.origin = STR("vn.example/log/public"), .size = LEAVES};
    check(tree_root_again(&reader, 0, LEAVES, &c.root) == CAU_OK);
    struct buf text = buf_new(1024);
    checkpoint_write(&c, &text);
    buf_reset(&note);
    buf_add(&note, buf_str(&text));
    buf_add_char(&note, '\n');
    note_sign(buf_str(&text), &key[0], &log_pair, &note);
    note_cosign(buf_str(&text), &key[1], &witness_pair, 1795219205, &note);
    buf_free(&text);

    buf_reset(&extra);
    proof_write_extra(&(struct proof_extra){buf_str(&leaf), true, r, STR(PAYLOAD)}, &extra);
    struct proof p = {true, buf_str(&extra), CHOSEN, {.n = 0}, buf_str(&note)};
    check(tree_inclusion(&reader, CHOSEN, LEAVES, &p.path) == CAU_OK);
    return p;
}

static int open_all(void **state)
{
    (void)state;
    arena = (struct arena){space, sizeof space, 0};
    r = digest_of(STR("random"));
    check(key_make(&log_pair) == CAU_OK && key_make(&witness_pair) == CAU_OK &&
          key_make(&org_pair) == CAU_OK);
    check(note_key_of(STR("vn.example/log/public"), NOTE_SIGNATURE, &log_pair.public_key,
                      &key[0]) == CAU_OK);
    check(note_key_of(STR("ru.example/witness"), NOTE_COSIGNATURE, &witness_pair.public_key,
                      &key[1]) == CAU_OK);
    leaf = buf_new(LEAF_BYTES_MAX);
    note = buf_new(NOTE_BYTES_MAX);
    extra = buf_new(PROOF_EXTRA_MAX);
    file = buf_new(PROOF_BYTES_MAX);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    key_drop(&log_pair);
    key_drop(&witness_pair);
    key_drop(&org_pair);
    buf_free(&leaf);
    buf_free(&note);
    buf_free(&extra);
    buf_free(&file);
    return 0;
}

static enum proof_fault verify(const struct proof *p, struct proof_result *out)
{
    struct note_seal seal[2];
    return proof_verify(p, key, 2, seal, out);
}

static void proves_without_a_network(void **state)
{
    (void)state;
    struct proof p = prove(), q;
    struct proof_result result;
    struct note_seal seal[2];
    buf_reset(&file);
    proof_write(&p, &file);
    arena.used = 0;
    check(proof_read(&arena, buf_str(&file), &q) == CAU_OK);
    check(proof_verify(&q, key, 2, seal, &result) == PROOF_GOOD);
    check(seal[0].present && seal[1].present && seal[1].time_s == 1795219205);
    check(result.checkpoint.size == LEAVES && str_is(result.leaf.kind, "offer/1"));
    check(result.extra.has_payload && str_is(result.extra.payload, PAYLOAD));
    check(leaf_verify(&result.leaf, &org_pair.public_key) == CAU_OK);
    struct buf again = buf_new(PROOF_BYTES_MAX);
    proof_write(&q, &again);
    check(str_equal(buf_str(&again), buf_str(&file)));
    buf_free(&again);
}

static void every_changed_byte_is_found(void **state)
{
    (void)state;
    struct proof p = prove(), q;
    struct proof_result result;
    struct note_seal seal[2];
    buf_reset(&file);
    proof_write(&p, &file);
    for (size_t i = 0; i < file.len; i++) {
        file.p[i] = (char)(file.p[i] ^ 1);
        arena.used = 0;
        bool same = proof_read(&arena, buf_str(&file), &q) == CAU_OK &&
                    proof_verify(&q, key, 2, seal, &result) == PROOF_GOOD && seal[0].present &&
                    seal[1].present &&
                    leaf_verify(&result.leaf, &org_pair.public_key) == CAU_OK;
        check(!same);
        file.p[i] = (char)(file.p[i] ^ 1);
    }
}

static void names_the_first_fault(void **state)
{
    (void)state;
    struct proof_result result;
    struct proof good = prove(), p = good;
    check(verify(&p, &result) == PROOF_GOOD);
    p.has_extra = false;
    check(verify(&p, &result) == PROOF_EXTRA);
    p = good;
    p.extra.len = 1;
    check(verify(&p, &result) == PROOF_EXTRA);
    p = good;
    p.extra.p = "\0\1x{";
    p.extra.len = 3;
    check(verify(&p, &result) == PROOF_LEAF);
    p = good;
    p.note = STR("text\n\n— a AAAAAAAAAAAA\n");
    check(verify(&p, &result) == PROOF_NOTE);
    p = good;
    p.index++;
    check(verify(&p, &result) == PROOF_PATH);
    p = good;
    extra.p[extra.len - 1] = ' ';
    check(verify(&p, &result) == PROOF_PAYLOAD);
    extra.p[extra.len - 1] = '}';
    struct note_seal seal[2];
    check(proof_verify(&p, key + 1, 1, seal, &result) ==
          PROOF_LOG); /* only the witness known */
    struct note_key forged = key[0];
    forged.key = witness_pair.public_key;
    check(proof_verify(&p, &forged, 1, seal, &result) == PROOF_SEAL);
}

static void a_leaf_of_another_log_is_refused(void **state)
{
    (void)state;
    struct proof_result result;
    struct leaf x = {
        .op = LEAF_ORG, .node = STR("vn.example"), .aud = STR("private"), .t = 1795219200000};
    struct proof p = prove();
    buf_reset(&leaf);
    check(leaf_sign(&x, &org_pair, &leaf) == CAU_OK);
    buf_reset(&extra);
    proof_write_extra(&(struct proof_extra){.leaf = buf_str(&leaf)}, &extra);
    p.extra = buf_str(&extra);
    check(verify(&p, &result) == PROOF_ORIGIN);
}

static enum cau_err read_text(const char *text)
{
    struct proof p;
    arena.used = 0;
    enum cau_err err = proof_read(&arena, str_of(text), &p);
    check(err == CAU_OK || arena.used == 0);
    return err;
}

static void refuses_other_forms(void **state)
{
    (void)state;
    check(read_text("c2sp.org/tlog-proof@v1\nindex 0\n\nnote") == CAU_OK);
    check(read_text("c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n") == CAU_OK);
    static const char *const bad[] = {
        "",
        "c2sp.org/tlog-proof@v2\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1\nindex\n\n",
        "c2sp.org/tlog-proof@v1\nindex 00\n\n",
        "c2sp.org/tlog-proof@v1\nindex -1\n\n",
        "c2sp.org/tlog-proof@v1\nindex 0",
        "c2sp.org/tlog-proof@v1\nindex 0\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n",
        "c2sp.org/tlog-proof@v1\nextra AAA\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra\nindex 0\n\n",
        "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 0\n\n",
    };
    for (size_t i = 0; i < countof(bad); i++)
        check(read_text(bad[i]) == CAU_ERR_SYNTAX);
}

static void proofs_have_limits(void **state)
{
    (void)state;
    static char many[PROOF_BYTES_MAX + 1];
    struct proof p;
    arena.used = 0;
    check(proof_read(&arena, (struct str){many, PROOF_BYTES_MAX}, &p) == CAU_ERR_SYNTAX);
    check(proof_read(&arena, (struct str){many, PROOF_BYTES_MAX + 1}, &p) == CAU_ERR_RANGE);
    buf_reset(&file);
    buf_add_word(&file, "c2sp.org/tlog-proof@v1\nindex 0\n");
    for (size_t i = 0; i < PROOF_HASHES_MAX; i++)
        buf_add_word(&file, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
    size_t full = file.len;
    buf_add_word(&file, "\n");
    check(proof_read(&arena, buf_str(&file), &p) == CAU_OK && p.path.n == PROOF_HASHES_MAX);
    file.len = full;
    buf_add_word(&file, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n");
    check(proof_read(&arena, buf_str(&file), &p) == CAU_ERR_RANGE);

    buf_reset(&file);
    buf_add_word(&file, "c2sp.org/tlog-proof@v1\nextra ");
    for (size_t i = 0; i < DIGEST_BASE64(PROOF_EXTRA_MAX) + 4; i += 4)
        buf_add_word(&file, "AAAA");
    buf_add_word(&file, "\nindex 0\n\n");
    check(!file.failed && proof_read(&arena, buf_str(&file), &p) == CAU_ERR_RANGE);
    struct arena small = {space, 64, 0};
    check(proof_read(&small,
                     STR("c2sp.org/tlog-proof@v1\nextra AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                         "AAA\nindex 0\n\n"),
                     &p) == CAU_ERR_MEMORY);
    struct proof_extra x;
    many[0] = 0x10;
    many[1] = 1; /* a leaf of 4,097 bytes */
    check(proof_read_extra((struct str){many, 2 + 4097}, &x) == CAU_ERR_RANGE);
    many[0] = many[1] = 0;
    check(proof_read_extra((struct str){many, 2 + 32 + PAYLOAD_BYTES_MAX}, &x) == CAU_OK);
    check(proof_read_extra((struct str){many, 2 + 32 + PAYLOAD_BYTES_MAX + 1}, &x) ==
          CAU_ERR_RANGE);
    check(proof_read_extra((struct str){many, 2 + 32}, &x) == CAU_ERR_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(proves_without_a_network),
                                       cmocka_unit_test(every_changed_byte_is_found),
                                       cmocka_unit_test(names_the_first_fault),
                                       cmocka_unit_test(a_leaf_of_another_log_is_refused),
                                       cmocka_unit_test(refuses_other_forms),
                                       cmocka_unit_test(proofs_have_limits)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
