/* Sunlight: cosigned checkpoints, a mirror's tiles, and a split view that must become evidence. */
#include "base/number.h"
#include "ledger/checkpoint.h"
#include "ledger/evidence.h"
#include "ledger/note.h"
#include "ledger/tile.h"
#include "vectors.h"

#define SET    "sunlight-log"
#define DATA   "cmd/skylight/testdata/"
#define ROME   "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706"
#define MILAN  "88ad7a28caeb0b2aa890fdf0304c2fcaf59fca2ee140134ff8c1300bac493482"
#define MIRROR DATA "witness/mirror/" ROME
#define CT     "testdata/navigli2025h2/tile/"

static struct note_key key_of(const char *config)
{
    struct value v = vectors_json(SET, config);
    struct note_key key;
    check(note_read_key(value_get(&v, "verifier_keys")->item[0].string, &key) == CAU_OK);
    check(key.type == NOTE_COSIGNATURE);
    return key;
}

/* Verifies the checkpoint in folder/hash and that the folder is named by its origin. */
static struct checkpoint cosigned(const char *folder, const char *hash, const char *config,
                                  size_t lines)
{
    char name[512], hex[CHECKPOINT_HASH_CHARS];
    struct note_key key = key_of(config);
    struct note note;
    struct note_seal seal;
    struct checkpoint c;
    snprintf(name, sizeof name, "%s%s/checkpoint", folder, hash);
    check(note_read(vectors_read(SET, name), &note) == CAU_OK && note.n == lines);
    check(note_verify(&note, &key, 1, &seal) == CAU_OK && seal.present);
    assert_int_equal(seal.time_s, 1767139200); /* 31 December 2025 */
    check(checkpoint_read(note.text, &c) == CAU_OK && c.size == 300);
    checkpoint_origin_hash(c.origin, hex);
    assert_memory_equal(hex, hash, sizeof hex);
    return c;
}

static struct checkpoint witness(void) /* its first line is of type 0x05: ignored */
{
    return cosigned(DATA "witness/", ROME, DATA "witness/witness.v0.json", 2);
}

static struct checkpoint mirror(void)
{
    return cosigned(DATA "witness/mirror/", ROME, DATA "witness/mirror/mirror.v0.json", 1);
}

static void three_cosignatures_verify(void **state)
{
    (void)state;
    struct checkpoint a = witness(), b = mirror();
    struct checkpoint c = cosigned(DATA "witness2/", MILAN, DATA "witness2/witness.v0.json", 1);
    check(str_is(a.origin, "rome2026h1.example.org") && str_equal(a.origin, b.origin));
    check(str_is(c.origin, "milan2026h1.example.org"));
    struct note note; /* the files beside the folders are no notes at all */
    check(note_read(vectors_read(SET, DATA "witness/checkpoint"), &note) == CAU_ERR_SYNTAX);
    printf("vectors/" SET ": 3 of 3 cosignatures\n");
}

static enum cau_err tile(void *with, unsigned level, uint64_t n, unsigned width,
                         struct digest out[TREE_TILE_HASHES])
{
    (void)with;
    char name[512];
    struct buf b = buf_new(200);
    tile_write_name(&(struct tile_name){false, level, n, width}, &b);
    snprintf(name, sizeof name, MIRROR "/%.*s", STR_ARG(buf_str(&b)));
    buf_free(&b);
    struct str bytes = vectors_read(SET, name);
    check(bytes.len == width * sizeof *out);
    memcpy(out, bytes.p, bytes.len);
    return CAU_OK;
}

static void the_mirrors_tiles_give_its_root(void **state)
{
    (void)state;
    const struct tree_reader reader = {tile, NULL};
    struct checkpoint c = mirror();
    struct digest root;
    check(tree_root_again(&reader, 0, c.size, &root) == CAU_OK);
    check(digest_equal(&root, &c.root));
    struct str entry[TREE_TILE_HASHES]; /* placeholders: no bundle, no hash of a leaf */
    check(tile_read_entries(vectors_read(SET, MIRROR "/tile/entries/000"), 256, entry) ==
          CAU_ERR_SYNTAX);
    check(vectors_read(SET, DATA "tree/tile/0/000").len != TREE_TILE_BYTES);
    printf("vectors/" SET ": the mirror's root from its 3 tiles\n");
}

static void the_split_view_is_evidence(void **state)
{
    (void)state;
    struct note_key key[] = {key_of(DATA "witness/witness.v0.json"),
                             key_of(DATA "witness/mirror/mirror.v0.json")};
    struct evidence e = {.reason = EVIDENCE_ROOT,
                         .a = vectors_read(SET, DATA "witness/" ROME "/checkpoint"),
                         .b = vectors_read(SET, MIRROR "/checkpoint")},
                    back;
    struct buf b = buf_new(EVIDENCE_BYTES_MAX);
    evidence_write(&e, &b);
    check(evidence_read(&vectors_arena, buf_str(&b), &back) == CAU_OK);
    check(evidence_verify(&back, key, 2) == CAU_OK);
    check(evidence_verify(&back, key, 1) == CAU_ERR_REFUSED); /* the mirror unknown: no proof */
    buf_free(&b);
    printf("vectors/" SET ": the split view is evidence\n");
}

/* One entry of a static-ct data tile; *leaf is what the log hashes, without its two first bytes. */
static void next_ct_entry(struct str *rest, struct str *leaf)
{
    const unsigned char *p = (const unsigned char *)rest->p;
    must(rest->len > 10);
    bool pre = p[9] == 1;
    size_t at = 10 + (pre ? 32 : 0);
    at += 3 + ((size_t)p[at] << 16 | (size_t)p[at + 1] << 8 | p[at + 2]);
    at += 2 + ((size_t)p[at] << 8 | p[at + 1]);
    *leaf = str_to(*rest, at);
    if (pre)
        at += 3 + ((size_t)p[at] << 16 | (size_t)p[at + 1] << 8 | p[at + 2]);
    at += 2 + ((size_t)p[at] << 8 | p[at + 1]);
    *rest = str_from(*rest, at);
}

static size_t ct_hashes(const char *name)
{
    char file[256];
    snprintf(file, sizeof file, CT "data/%s", name);
    struct str rest = vectors_read(SET, file);
    snprintf(file, sizeof file, CT "0/%s", name);
    struct str hashes = vectors_read(SET, file);
    size_t n = 0;
    for (; rest.len > 0; n++) {
        struct str leaf;
        next_ct_entry(&rest, &leaf);
        struct buf b = buf_new(1 << 20); /* version 1, timestamped entry: two zero bytes */
        buf_add_zeros(&b, 2);
        buf_add(&b, leaf);
        struct digest d = tree_leaf_hash(buf_str(&b));
        buf_free(&b);
        check((n + 1) * sizeof d <= hashes.len);
        assert_memory_equal(d.b, hashes.p + n * sizeof d, sizeof d);
    }
    check(n * sizeof(struct digest) == hashes.len);
    return n;
}

static void a_partial_tile_begins_its_full_one(void **state)
{
    (void)state;
    struct str full = vectors_read(SET, CT "0/003"), part = vectors_read(SET, CT "0/003.p/10");
    check(full.len == TREE_TILE_BYTES && part.len == 320 && str_starts(full, part));
    size_t n = ct_hashes("000") + ct_hashes("001") + ct_hashes("002") + ct_hashes("003") +
               ct_hashes("003.p/10");
    printf("vectors/" SET ": %zu of 1034 leaf hashes\n", n);
    check(n == 1034);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(three_cosignatures_verify),
                                       cmocka_unit_test(the_mirrors_tiles_give_its_root),
                                       cmocka_unit_test(the_split_view_is_evidence),
                                       cmocka_unit_test(a_partial_tile_begins_its_full_one)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
