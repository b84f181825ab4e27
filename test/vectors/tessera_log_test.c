/* A log of 15 entries written by Tessera: we read it, and write the same bytes. */
#include "ledger/checkpoint.h"
#include "ledger/note.h"
#include "ledger/tile.h"
#include "vectors.h"

#define SET  "tessera-log"
#define VKEY "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"

enum { ENTRIES = 15 };

static struct str entry[TREE_TILE_HASHES];
static struct digest hash[ENTRIES], root[ENTRIES + 1];

static const char *name_of(bool entries, unsigned width)
{
    static char name[256];
    struct buf b = buf_new(200);
    tile_write_name(&(struct tile_name){entries, 0, 0, width}, &b);
    snprintf(name, sizeof name, "testdata/log/%.*s", STR_ARG(buf_str(&b)));
    buf_free(&b);
    return name;
}

static enum cau_err tile(void *with, unsigned level, uint64_t n, unsigned width,
                         struct digest out[TREE_TILE_HASHES])
{
    (void)with;
    check(level == 0 && n == 0);
    struct str bytes = vectors_read(SET, name_of(false, width));
    check(bytes.len == width * sizeof *out);
    memcpy(out, bytes.p, bytes.len);
    return CAU_OK;
}

static const struct tree_reader reader = {tile, NULL};

static void every_note_and_root_verifies(void **state)
{
    (void)state;
    struct note_key key;
    check(note_read_key(STR(VKEY), &key) == CAU_OK);
    for (uint64_t size = 0; size <= ENTRIES; size++) {
        char name[64];
        struct note note;
        struct note_seal seal;
        struct checkpoint c;
        struct digest again;
        struct buf b = buf_new(1024);
        snprintf(name, sizeof name, "testdata/log/checkpoint.%u", (unsigned)size);
        check(note_read(vectors_read(SET, name), &note) == CAU_OK);
        check(note_verify(&note, &key, 1, &seal) == CAU_OK && seal.present);
        check(checkpoint_read(note.text, &c) == CAU_OK && c.size == size);
        check(str_equal(c.origin, key.name));
        checkpoint_write(&c, &b);
        check(str_equal(buf_str(&b), note.text));
        check(tree_root_again(&reader, 0, size, &again) == CAU_OK);
        check(digest_equal(&again, &c.root));
        root[size] = c.root;
        buf_free(&b);
    }
    printf("vectors/" SET ": 16 of 16 notes and roots\n");
}

static void every_pair_is_consistent(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (uint64_t size = 1; size <= ENTRIES; size++)
        for (uint64_t old = 1; old <= size; old++, pairs++) {
            struct tree_proof p;
            check(tree_consistency(&reader, old, size, &p) == CAU_OK);
            check(tree_check_consistency(old, &root[old], size, &root[size], p.hash, p.n) ==
                  CAU_OK);
        }
    for (uint64_t i = 0; i < ENTRIES; i++) {
        struct tree_proof p;
        check(tree_inclusion(&reader, i, ENTRIES, &p) == CAU_OK);
        check(tree_check_inclusion(&hash[i], i, ENTRIES, p.hash, p.n, &root[ENTRIES]) ==
              CAU_OK);
    }
    printf("vectors/" SET ": %zu pairs of sizes consistent\n", pairs);
}

static void we_write_the_same_bytes(void **state)
{
    (void)state;
    static struct tree t;
    struct buf bundle = buf_new(TILE_BUNDLE_BYTES_MAX);
    check(tile_read_entries(vectors_read(SET, name_of(true, ENTRIES)), ENTRIES, entry) ==
          CAU_OK);
    tree_clear(&t);
    for (unsigned i = 0; i < ENTRIES; i++) {
        hash[i] = tree_leaf_hash(entry[i]);
        check(tree_append(&t, &hash[i], 1, NULL) == CAU_OK);
        check(tile_add_entry(entry[i], &bundle) == CAU_OK);
        struct digest d = tree_root(&t);
        check(digest_equal(&d, &root[i + 1]));
        check(str_equal(tree_edge(&t, 0), vectors_read(SET, name_of(false, i + 1))));
        check(str_equal(buf_str(&bundle), vectors_read(SET, name_of(true, i + 1))));
    }
    buf_free(&bundle);
    printf("vectors/" SET ": 15 tiles and 15 bundles the same\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_note_and_root_verifies),
                                       cmocka_unit_test(we_write_the_same_bytes),
                                       cmocka_unit_test(every_pair_is_consistent)};
    return vectors_present(SET) ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
