/* Tile addresses and bundles: one text for each name, one name for each text. */
#include "ledger/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(struct str path)
{
    struct tile_name name;
    if (tile_read_name(path, &name) != CAU_OK)
        return;
    struct buf b = buf_new(256);
    tile_write_name(&name, &b);
    must(str_equal(buf_str(&b), path));
    must(tree_tile_width(TREE_SIZE_MAX, name.level, name.n) <= TREE_TILE_HASHES);
    buf_free(&b);
}

static void check_bundle(struct str bundle, unsigned width)
{
    struct str entry[TREE_TILE_HASHES];
    if (tile_read_entries(bundle, width, entry) != CAU_OK)
        return;
    struct buf b = buf_new(bundle.len + 1);
    for (unsigned i = 0; i < width; i++)
        must(tile_add_entry(entry[i], &b) == CAU_OK);
    must(str_equal(buf_str(&b), bundle));
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    check_name(bytes);
    if (size > 0) /* the first byte is the width */
        check_bundle(str_from(bytes, 1), data[0] + 1u);
    return 0;
}
