/* Proof files, evidence files, and the checks of Merkle proofs with any sizes and hashes. */
#include <string.h>

#include "base/number.h"
#include "ledger/evidence.h"
#include "ledger/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Alignas(16) unsigned char space[2 * PROOF_BYTES_MAX];
static struct note_key known;

static void open_key(void)
{
    static struct key_pair pair;
    static const unsigned char seed[KEY_BYTES] = {1};
    if (pair.secret == NULL)
        must(key_from_seed(seed, &pair) == CAU_OK);
    must(note_key_of(STR("vn.example/log/public"), NOTE_SIGNATURE, &pair.public_key, &known) ==
         CAU_OK);
}

static void check_proof(struct str bytes)
{
    struct arena a = {space, sizeof space, 0};
    static struct proof p;
    static struct proof_result result;
    struct proof_extra x;
    struct note_seal seal;
    if (proof_read(&a, bytes, &p) != CAU_OK) {
        must(a.used == 0);
        return;
    }
    struct buf b = buf_new(PROOF_BYTES_MAX);
    proof_write(&p, &b);
    must(str_equal(buf_str(&b), bytes));
    if (p.has_extra && proof_read_extra(p.extra, &x) == CAU_OK) {
        buf_reset(&b);
        proof_write_extra(&x, &b);
        must(str_equal(buf_str(&b), p.extra));
    }
    buf_free(&b);
    if (proof_verify(&p, &known, 1, &seal, &result) == PROOF_GOOD)
        must(seal.present && p.index < result.checkpoint.size);
}

static void check_evidence(struct str bytes)
{
    struct arena a = {space, sizeof space, 0};
    static struct evidence e;
    if (evidence_read(&a, bytes, &e) != CAU_OK) {
        must(a.used == 0);
        return;
    }
    struct buf b = buf_new(EVIDENCE_BYTES_MAX);
    evidence_write(&e, &b);
    must(str_equal(buf_str(&b), bytes));
    buf_free(&b);
    (void)evidence_verify(&e, &known, 1);
}

/* Two sizes and then hashes: nothing that random bytes are can prove anything. */
static void check_hashes(const uint8_t *data, size_t size)
{
    if (size < 16)
        return;
    uint64_t x = number_be64(data), y = number_be64(data + 8);
    size_t n = (size - 16) / 32 < 80 ? (size - 16) / 32 : 80;
    struct digest hash[80], leaf = digest_of(STR("leaf")), root = digest_of(STR("root")), z;
    memcpy(hash, data + 16, n * 32);
    must(tree_check_inclusion(&leaf, x, y, hash, n, &root) == CAU_ERR_CORRUPT);
    must(tree_check_consistency(x, &leaf, y, &root, hash, n) == CAU_ERR_CORRUPT);
    (void)tree_implied_roots(x, y, hash, n, &z, &root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    open_key();
    check_proof(bytes);
    check_evidence(bytes);
    check_hashes(data, size);
    return 0;
}
