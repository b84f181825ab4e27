#include "ledger/tile.h"

#include <string.h>

#include "test.h"

static const struct {
    const char *path;
    struct tile_name name;
} good[] = {
    {"tile/0/000", {false, 0, 0, 256}},
    {"tile/0/001.p/44", {false, 0, 1, 44}},
    {"tile/63/999.p/255", {false, 63, 999, 255}},
    {"tile/entries/x001/x234/067", {true, 0, 1234067, 256}},
    {"tile/entries/x001/000.p/1", {true, 0, 1000, 1}},
    {"tile/7/x018/x014/x398/x509/x481/984", {false, 7, TILE_INDEX_MAX, 256}},
};

static const char *const bad[] = {
    "",
    "tile",
    "tile/",
    "tile/0",
    "tile/0/",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/0/000/",
    "tile/0/000.p",
    "tile/0/000.p/",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/1/",
    "tile/0/000.p/-1",
    "tile/0/000 ",
    "tile/0/x000/001",
    "tile/0/x001",
    "tile/0/x001/",
    "tile/0/001/002",
    "tile/0/x001/x002",
    "tile/0/x001/2",
    "tile/0/+01",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile//000",
    "tile/entries",
    "tile/entries/",
    "tile/Entries/000",
    "/tile/0/000",
    "tiles/0/000",
    "tile/0/x018/x014/x398/x509/x481/985",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
};

static void reads_and_writes_addresses(void **state)
{
    (void)state;
    struct buf b = buf_new(256);
    for (size_t i = 0; i < countof(good); i++) {
        struct tile_name x;
        check(tile_read_name(str_of(good[i].path), &x) == CAU_OK);
        check(x.entries == good[i].name.entries && x.level == good[i].name.level);
        check(x.n == good[i].name.n && x.width == good[i].name.width);
        buf_reset(&b);
        tile_write_name(&x, &b);
        check(str_is(buf_str(&b), good[i].path));
    }
    buf_free(&b);
}

static void refuses_other_addresses(void **state)
{
    (void)state;
    struct tile_name x = {.n = 7};
    for (size_t i = 0; i < countof(bad); i++)
        check(tile_read_name(str_of(bad[i]), &x) == CAU_ERR_SYNTAX);
    check(tile_read_name((struct str){"tile/0/000\0", 11}, &x) == CAU_ERR_SYNTAX);
    check(x.n == 7);
}

static void knows_widths(void **state)
{
    (void)state;
    check(tree_tile_width(70000, 0, 272) == 256 && tree_tile_width(70000, 0, 273) == 112);
    check(tree_tile_width(70000, 0, 274) == 0 && tree_tile_width(70000, 1, 1) == 17);
    check(tree_tile_width(70000, 2, 0) == 1 && tree_tile_width(70000, 3, 0) == 0);
    check(tree_tile_width(0, 0, 0) == 0 && tree_tile_width(256, 0, 1) == 0);
    check(tree_tile_width(256, 1, 0) == 1 && tree_tile_width(UINT64_MAX, 8, 0) == 0);
    check(tree_tile_width(300, 0, UINT64_MAX) == 0);
}

static void bundles_entries(void **state)
{
    (void)state;
    static char large[TILE_ENTRY_BYTES_MAX + 1];
    struct buf b = buf_new(TILE_BUNDLE_BYTES_MAX);
    struct str entry[TREE_TILE_HASHES];
    check(tile_add_entry(STR("một"), &b) == CAU_OK);
    check(tile_add_entry((struct str){NULL, 0}, &b) == CAU_OK);
    check(tile_add_entry((struct str){large, TILE_ENTRY_BYTES_MAX}, &b) == CAU_OK);
    check(tile_add_entry((struct str){large, TILE_ENTRY_BYTES_MAX + 1}, &b) == CAU_ERR_RANGE);
    check(tile_read_entries(buf_str(&b), 3, entry) == CAU_OK);
    check(str_is(entry[0], "một") && entry[1].len == 0 && entry[2].len == TILE_ENTRY_BYTES_MAX);
    check(tile_read_entries(buf_str(&b), 2, entry) == CAU_ERR_SYNTAX);
    check(tile_read_entries(buf_str(&b), 4, entry) == CAU_ERR_SYNTAX);
    check(tile_read_entries(str_to(buf_str(&b), b.len - 1), 3, entry) == CAU_ERR_SYNTAX);
    check(tile_read_entries(STR("\0"), 1, entry) == CAU_ERR_SYNTAX);
    check(tile_read_entries((struct str){NULL, 0}, 1, entry) == CAU_ERR_SYNTAX);
    buf_reset(&b);
    for (unsigned i = 0; i < TREE_TILE_HASHES; i++) /* the largest bundle there is */
        check(tile_add_entry((struct str){large, TILE_ENTRY_BYTES_MAX}, &b) == CAU_OK);
    check(!b.failed && b.len == TILE_BUNDLE_BYTES_MAX);
    check(tile_read_entries(buf_str(&b), TREE_TILE_HASHES, entry) == CAU_OK);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_addresses), cmocka_unit_test(refuses_other_addresses),
        cmocka_unit_test(knows_widths), cmocka_unit_test(bundles_entries)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
